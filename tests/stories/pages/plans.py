"""The plan and its actions in the browser."""

from __future__ import annotations

from typing import Any

from people.models.accounts import Account
from tests.stories.browser import Browser, main_of, on_page, text_of
from tests.stories.pages.desk import Desk
from tests.stories.said import Clash, Plan, TurnedDown

_CONFLICT = 409


class PlanPages(Desk):
    """Read the plan, change it, compare versions; actions and their dates."""

    def plan(self, who: Account, child: str) -> Plan:
        """Read the plan's page."""
        page = self.browser(who).open(f"/children/{child}")
        words = main_of(page)
        version = words.partition("Version ")[2].partition(",")[0].partition(" ")[0]
        links = [
            str(link["href"]).rpartition("/")[2]
            for link in on_page(page, "#actions a[href*='/A-']")
        ]
        return Plan(
            version=int(version) if version.isdigit() else 0,
            open_actions=tuple(dict.fromkeys(links)),
            words=words,
        )

    def open_plan(self, who: Account, child: str) -> None:
        """Press the button that opens the plan."""
        browser = self.browser(who)
        browser.open(f"/children/{child}")
        browser.press("Open the plan")

    def add_to_plan(self, who: Account, child: str, part: str, text: str) -> None:
        """Add a sentence to a section: matters, worry, strength, goal, contingency."""
        browser = self.browser(who)
        browser.open(f"/children/{child}")
        for link in on_page(browser.page, "main a"):
            if str(link.get("href", "")).endswith(f"/plan/add/{part}"):
                browser.open(str(link["href"]))
        browser.press("Save", {"text": text})

    def open_part(self, who: Account, child: str, text: str) -> OpenPart:
        """Open the form of the sentence that reads so."""
        browser = self.second_browser(who)
        browser.open(f"/children/{child}")
        for link in on_page(browser.page, "main a"):
            if text in text_of(link) and "/plan/" in str(link["href"]):
                browser.open(str(link["href"]))
                return OpenPart(browser)
        raise LookupError(f"nothing on the plan reads {text!r}")

    def compare(self, who: Account, child: str, earlier: int, later: int) -> str:
        """Read what two versions differ in."""
        browser = self.browser(who)
        browser.open(f"/children/{child}/plan/compare")
        browser.press("Compare", {"from": str(earlier), "to": str(later)})
        return main_of(browser.page)

    def action(self, who: Account, action: str) -> str:
        """Read an action's page."""
        return main_of(self.browser(who).open(f"/actions/{action}"))

    def done(self, who: Account, action: str, evidence: str) -> None:
        """Mark an action as done."""
        browser = self.browser(who)
        browser.open(f"/actions/{action}")
        browser.press("Mark as done", {"evidence": evidence})

    def decide_date(self, who: Account, action: str, *, agree: bool, note: str = "") -> None:
        """Agree or refuse the new date that was asked for."""
        browser = self.browser(who)
        browser.open(f"/actions/{action}")
        browser.press("Agree the new date" if agree else "Refuse", {"note": note})


class OpenPart:
    """A sentence of the plan in a form that is open."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def save(self, text: str, why: str) -> None:
        """Type and save.

        Raises:
            Clash: somebody else changed it since the form was opened.
        """
        try:
            self._browser.press("Save", {"text": text, "why": why})
        except TurnedDown as turned:
            if turned.status != _CONFLICT:
                raise
            page = self._browser.page
            theirs = text_of(on_page(page, ".confer-clash__theirs .confer-typed")[0])
            form = self._form()
            raise Clash(theirs=theirs, yours=str(form["text"].value).strip()) from turned

    def keep(self, which: str) -> None:
        """Choose after a clash: mine, theirs or both."""
        self._browser.press("Save what I chose", {"text-keep": which})

    def _form(self) -> Any:
        return self._browser.form("Save what I chose")[0]
