"""A meeting as it is held, and its record, in the browser."""

from __future__ import annotations

from typing import Any

from people.models.accounts import Account
from tests.stories.browser import Browser, main_of, on_page, soup_of, text_of
from tests.stories.pages.desk import Desk
from tests.stories.said import Agreed, Clash, TurnedDown

_CONFLICT = 409


class RecordPages(Desk):
    """Start, attendance, sections, decisions, actions, finish, approve, release."""

    def start(self, who: Account, meeting: str) -> None:
        """Start the meeting."""
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}/run")
        browser.press("Start meeting")

    def all_here(self, who: Account, meeting: str) -> None:
        """Mark everybody who accepted as here."""
        browser = self._running(who, meeting)
        browser.press("Everyone who accepted is here")

    def mark(self, who: Account, meeting: str, states: dict[str, str]) -> None:
        """Mark who is here: agency or role in words to the state."""
        browser = self._running(who, meeting)
        form, name, value = browser.form("Save everything typed")
        for part in on_page(browser.page, ".confer-part[id^=who]"):
            line = text_of(part.find("legend"))
            for agency, state in states.items():
                if agency in line:
                    form[f"{part['id']}.state"] = state
        browser.send(form, name, value)

    def section(self, who: Account, meeting: str, heading: str) -> str:
        """Read what stands under a heading."""
        return self.open_section(who, meeting, heading).text

    def previous_actions(self, who: Account, meeting: str) -> str:
        """Read the actions of earlier meetings where the meeting is held."""
        return self._part(who, meeting, "previous")

    def information_there(self, who: Account, meeting: str) -> str:
        """Read what agencies sent where the meeting is held."""
        return self._part(who, meeting, "information")

    def _part(self, who: Account, meeting: str, name: str) -> str:
        browser = self._running(who, meeting)
        return text_of(soup_of(browser.page).find(id=name))

    def headings(self, who: Account, meeting: str) -> list[str]:
        """Return the headings of the record in order."""
        browser = self._running(who, meeting)
        return [text_of(part.find("label")) for part in _sections(browser)]

    def open_section(self, who: Account, meeting: str, heading: str) -> OpenSection:
        """Open the page at one heading; what is typed later knows what stood there now."""
        browser = self.second_browser(who)
        browser.open(f"/meetings/{meeting}/run")
        return OpenSection(browser, heading)

    def write(self, who: Account, meeting: str, heading: str, text: str) -> None:
        """Write under a heading."""
        self.open_section(who, meeting, heading).save(text)

    def write_all(self, who: Account, meeting: str, text: str) -> None:
        """Write the same under every heading that is empty."""
        browser = self._running(who, meeting)
        form, _name, _value = browser.form("Save everything typed", within="/run")
        for part in _sections(browser):
            box = part.find("textarea")
            assert box is not None
            if not form[str(box["name"])].value.strip():
                form[str(box["name"])] = text
        browser.send(form, "press", "save.discussion")

    def decide(self, who: Account, meeting: str, kind: str, text: str, reason: str) -> None:
        """Write a decision down."""
        browser = self._running(who, meeting)
        browser.press(
            "Add decision",
            {
                "decision.new.kind": kind,
                "decision.new.text": text,
                "decision.new.reason": reason,
            },
        )

    def agree(self, who: Account, meeting: str, agreed: Agreed) -> None:
        """Write an agreed action down."""
        browser = self._running(who, meeting)
        form, name, value = browser.form("Add action")
        agencies = {
            text_of(each): str(each["value"])
            for each in on_page(browser.page, "select[name='action.new.agency'] option")
        }
        year, month, day = agreed.due_on.split("-")
        boxes: dict[str, Any] = {
            "what": agreed.what, "kind": agreed.kind, "agency": agencies[agreed.agency],
            "name": agreed.name, "email": agreed.email, "how": agreed.how, "when": "date",
            "due-day": day, "due-month": month, "due-year": year,
        }  # fmt: skip
        for box, typed in boxes.items():
            browser.fill(form, f"action.new.{box}", typed)
        browser.send(form, name, value)

    def dissent(self, who: Account, meeting: str, agency: str, what: str) -> None:
        """Write a disagreement down."""
        browser = self._running(who, meeting)
        browser.press("Add disagreement", {"dissent.new.agency": agency, "dissent.new.what": what})

    def finish_page(self, who: Account, meeting: str) -> str:
        """Check what is missing before the end."""
        browser = self._running(who, meeting)
        browser.press("Save and check what is missing")
        return main_of(browser.page)

    def finish(self, who: Account, meeting: str, **reasons: str) -> None:
        """Finish the meeting, with reasons for what the page says is missing."""
        self.finish_page(who, meeting)
        browser = self.browser(who)
        form, name, value = browser.form("Finish the meeting")
        for box, reason in reasons.items():
            if box in form.fields:
                browser.fill(form, box, reason)
        browser.send(form, name, value)

    def record_words(self, who: Account, meeting: str) -> str:
        """Read the record."""
        return main_of(self.browser(who).open(f"/meetings/{meeting}/record"))

    def record_status(self, who: Account, meeting: str) -> str:
        """Return draft, approved or released."""
        page = self.browser(who).open(f"/meetings/{meeting}/record")
        return text_of(soup_of(page).select_one("h1 + p strong")).split()[0].strip(",").lower()

    def approve(self, who: Account, meeting: str) -> None:
        """Approve the record."""
        self._on_record(who, meeting).press("Approve the record")

    def release(self, who: Account, meeting: str) -> None:
        """Release the record."""
        self._on_record(who, meeting).press("Release the record")

    def _on_record(self, who: Account, meeting: str) -> Browser:
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}/record")
        return browser

    def _running(self, who: Account, meeting: str) -> Browser:
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}")
        browser.follow("Open the meeting")
        return browser


class OpenSection:
    """One heading on a page that is open: saved later than it was shown."""

    def __init__(self, browser: Browser, heading: str) -> None:
        self._browser = browser
        self._heading = heading

    @property
    def text(self) -> str:
        """What stands there on this page."""
        form, box = self._box()
        return str(form[box].value).strip()

    def save(self, text: str) -> None:
        """Type and save.

        Raises:
            Clash: somebody else wrote there since the page was opened.
        """
        form, box = self._box()
        form[box] = text
        try:
            self._browser.send(form, "press", "save.discussion")
        except TurnedDown as turned:
            if turned.status != _CONFLICT:
                raise
            soup = soup_of(self._browser.page)
            theirs = text_of(soup.select_one(".confer-clash__theirs .confer-typed"))
            form, box = self._box()
            raise Clash(theirs=theirs, yours=str(form[box].value).strip()) from turned

    def keep(self, which: str) -> None:
        """Choose after a clash: mine, theirs or both."""
        form, box = self._box()
        form[f"{box}-keep"] = which
        self._browser.send(form, "press", "save.discussion")

    def _box(self) -> tuple[Any, str]:
        form, _, _ = self._browser.form("Save everything typed")
        for part in _sections(self._browser):
            if self._heading in text_of(part.find("label", class_="govuk-label--s")):
                box = part.find("textarea")
                assert box is not None
                return form, str(box["name"])
        raise LookupError(f"no heading reads {self._heading!r}")


def _sections(browser: Browser) -> list[Any]:
    return on_page(browser.page, ".confer-part[id^=section]")
