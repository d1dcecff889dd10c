"""Incidents and decisions in the browser."""

from __future__ import annotations

from typing import Any

from bs4 import Tag
from webtest import TestResponse

from core import clock
from people.models.accounts import Account
from tests.stories.browser import Browser, main_of, on_page, soup_of, text_of
from tests.stories.pages.desk import Desk
from tests.stories.said import Decision, Seat, Told


class IncidentPages(Desk):
    """Record, decide, convene, hold now, no meeting."""

    def search(self, who: Account, text: str) -> list[str]:
        """Return what the search page lists, as words."""
        browser = self.browser(who)
        browser.open("/search")
        browser.press("Search", {"q": text})
        return [text_of(row) for row in on_page(browser.page, "main li")]

    def record(self, who: Account, told: Told) -> str:
        """Record an incident and return the part's reference."""
        browser = self.browser(who)
        browser.open("/incidents/new")
        return self._told(browser, told)

    def record_another(self, who: Account, first: str, told: Told) -> str:
        """Add another child to an incident."""
        browser = self.browser(who)
        browser.open(f"/incidents/{first}")
        browser.follow("Add another child in this incident")
        return self._told(browser, told)

    def decision(self, who: Account, incident: str) -> Decision:
        """Read the decision."""
        browser = self.browser(who)
        page = browser.open(f"/incidents/{incident}/decision")
        rules = [text_of(head).partition(":")[0] for head in on_page(page, "details h3")]
        return Decision(
            title=text_of(soup_of(page).find("h1")),
            words=main_of(page),
            rules=tuple(rule for rule in rules if rule.startswith("TR-")),
            seats=tuple(_seat(row) for row in _invitees(page)),
            overlaps=tuple(
                text_of(card)
                for card in on_page(page, ".confer-card--plain")
                if "M-" in text_of(card) and card.name == "section"
            ),
            tasks=tuple(
                text_of(each) for each in on_page(page, "h2:-soup-contains('What else') + ul li")
            ),
            status=_status(page),
        )

    def answer(self, who: Account, incident: str, **answers: str) -> None:
        """Answer what was not known; it is judged at once."""
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}/decision")
        browser.press("Save answers and judge again", answers)

    def add_score(self, who: Account, incident: str, score: tuple[str, str, int, str]) -> None:
        """Add a score with its scale and version."""
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}")
        browser.press("Add score and judge again", self._score(score))

    def convene(
        self,
        who: Account,
        incident: str,
        *,
        at: Any = None,
        late_reason: str = "",
        overlap_reason: str = "",
        leave_out: dict[str, str] | None = None,
    ) -> str:
        """Send the invitations and return the meeting's reference.

        Args:
            at: the start; None for the first time the page offers.
            leave_out: role in words to the reason.
        """
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}/decision")
        form, name, value = browser.form("Send")
        if at is not None:
            here = clock.london(at)
            typed = {
                "when": "other", "on-day": str(here.day), "on-month": str(here.month),
                "on-year": str(here.year), "clock": f"{here:%H:%M}",
            }  # fmt: skip
            for box, text in typed.items():
                browser.fill(form, box, text)
        browser.fill(form, "late_reason", late_reason)
        browser.fill(form, "overlap_reason", overlap_reason)
        browser.fill(form, "chair", str(self.place.world.chair.id))
        for role, reason in (leave_out or {}).items():
            key = _key_of(browser, role)
            browser.fill(form, f"drop-{key}", True)
            browser.fill(form, f"reason-{key}", reason)
        browser.send(form, name, value)
        return _named_in(browser)

    def use_booked(self, who: Account, incident: str, meeting: str) -> str:
        """Let a meeting that is booked already answer this."""
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}/decision")
        browser.press("Use this meeting", within=meeting)
        return _named_in(browser)

    def hold_now(
        self, who: Account, incident: str, took_part: dict[str, str], *, why: str = ""
    ) -> str:
        """Hold it now by telephone with these agencies, and return the meeting's reference.

        Args:
            took_part: agency or role in words to who speaks.
        """
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}/decision")
        browser.follow("Hold it now by telephone")
        form, name, value = browser.form("Go to the record")
        for card in on_page(browser.page, "fieldset .confer-call"):
            for agency, person in took_part.items():
                if agency in text_of(card.find("strong")):
                    box = card.select_one("input[type=checkbox]")
                    assert box is not None
                    browser.fill(form, str(box["name"]), True)
                    browser.fill(form, f"name-{str(box['name'])[5:]}", person)
        browser.fill(form, "chair", str(self.place.world.chair.id))
        browser.fill(form, "why", why)
        browser.send(form, name, value)
        return _named_in(browser)

    def propose_none(self, who: Account, incident: str, reason: str) -> None:
        """Propose that no meeting is held."""
        browser = self.browser(who)
        browser.open(f"/incidents/{incident}/decision")
        browser.press("Propose no meeting", {"reason": reason})

    def confirm_none(self, who: Account, incident: str) -> None:
        """Confirm, as the manager with the password, that no meeting is held."""
        with self.confirmed(who) as browser:
            browser.open(f"/incidents/{incident}/decision")
            browser.press("Confirm: no meeting")

    def linked(self, who: Account, incident: str) -> list[str]:
        """Return the references of the other children's parts, for the few who may see them."""
        page = self.browser(who).open(f"/incidents/{incident}")
        found = [text_of(link) for link in on_page(page, "main a")]
        return [words for words in found if words.startswith("I-") and words != incident]

    def _told(self, browser: Browser, told: Told) -> str:
        browser.press("Find", {"child-search": told.child})
        form, name, value = browser.form("Continue")
        for box, text in self._boxes(told).items():
            browser.fill(form, box, text)
        browser.send(form, name, value)
        if "Ring first" in main_of(browser.page):
            browser.press("I have done this, continue")
        return _named_in(browser)

    def _boxes(self, told: Told) -> dict[str, str]:
        boxes = {
            "child": told.child,
            "part": told.part,
            "kind": told.kind,
            "safe_now": told.safe_now,
            "narrative": told.narrative,
            "when": "now",
            **told.more,
        }
        if told.happened_at is not None:
            here = clock.london(told.happened_at)
            boxes |= {
                "when": "other",
                "happened-day": str(here.day),
                "happened-month": str(here.month),
                "happened-year": str(here.year),
                "happened-clock": f"{here:%H:%M}",
            }
        return boxes | (self._score(told.score) if told.score else {})

    def _score(self, score: tuple[str, str, int, str]) -> dict[str, str]:
        scale, version, number, by = score
        today = clock.today(self.place.clock.at)
        return {
            "score-scale": f"{scale}|{version}",
            "score-value": str(number),
            "score-scored_by": by,
            "scored-day": str(today.day),
            "scored-month": str(today.month),
            "scored-year": str(today.year),
        }


def _named_in(browser: Browser) -> str:
    """Return the reference in the address one came to."""
    return str(browser.page.request.path.split("/")[2])


def _invitees(page: TestResponse) -> list[Tag]:
    """The rows of who is asked: those whose reason names a rule."""
    return [row for row in on_page(page, "li.confer-call") if row.find("h3") is not None]


def _seat(row: Tag) -> Seat:
    head = row.find("h3")
    assert head is not None
    tag = text_of(head.find("strong"))
    roles, _, agency = text_of(head).removesuffix(tag).strip().rpartition(", ")
    lines = [text_of(line) for line in row.select("div.confer-call__who > p")]
    pieces = text_of(row.select_one("p.confer-call__who")).split(", ")
    rules = text_of(row.select_one(".confer-why summary")).removeprefix("Why: ")
    fallback = [line for line in lines if not line.startswith(("Ring", "Invited twice"))]
    return Seat(
        roles=roles,
        agency=agency,
        name=pieces[0],
        email=next((piece for piece in pieces if "@" in piece), ""),
        telephone=next((piece for piece in pieces[1:] if "@" not in piece), ""),
        fallback=fallback[0] if fallback else "",
        rules=rules,
        is_fixed=tag == "Needed for quorum",
        is_twice=any(line.startswith("Invited twice") for line in lines),
        ring=next((line for line in lines if line.startswith("Ring")), ""),
    )


def _key_of(browser: Browser, role: str) -> str:
    for row in _invitees(browser.page):
        box = row.select_one("input[name^=drop-]")
        if role in text_of(row.find("h3")) and box is not None:
            return str(box["name"])[5:]
    raise LookupError(f"{role} cannot be left out on this page")


def _status(page: TestResponse) -> str:
    decided = " ".join(text_of(card) for card in on_page(page, ".confer-card--good"))
    if "confirmed by" in decided:
        return "none_confirmed"
    if "Open meeting" in decided:
        return "arranged"
    return "none_proposed" if "No meeting is proposed" in main_of(page) else "open"
