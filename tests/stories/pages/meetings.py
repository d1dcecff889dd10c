"""A meeting before it is held, in the browser."""

from __future__ import annotations

from datetime import datetime

from core import clock
from people.models.accounts import Account
from tests.stories.browser import main_of, on_page, soup_of, text_of
from tests.stories.pages.desk import Desk
from tests.stories.said import Coming


class MeetingPages(Desk):
    """Who comes, calls, move, stand down."""

    def coming(self, who: Account, meeting: str) -> Coming:
        """Read who comes."""
        page = self.browser(who).open(f"/meetings/{meeting}")
        answers = {}
        for row in on_page(page, "li.confer-call[id^=i-]"):
            head = row.select_one(".confer-call__agency")
            answer = text_of(head.find("strong")) if head else ""
            agency = text_of(head).removesuffix(answer).strip()
            answers[f"{agency}: {text_of(row.select('p')[1])}"] = answer
        ring = on_page(page, "section[aria-labelledby=ring] .confer-call__agency")
        return Coming(
            status=text_of(soup_of(page).select_one("h1 + p strong")).lower(),
            when=text_of(soup_of(page).select_one("dd.govuk-summary-list__value")),
            quorum=text_of(soup_of(page).select_one(".confer-quorum__sentence")),
            answers=answers,
            to_ring=tuple(text_of(each) for each in ring),
            words=main_of(page),
        )

    def to_ring_after_sending(self, who: Account, meeting: str) -> list[str]:
        """Return the agencies that the page after sending says to ring now."""
        page = self.browser(who).open(f"/meetings/{meeting}/sent")
        return [text_of(each) for each in on_page(page, ".confer-call__agency")]

    def log_call(self, who: Account, meeting: str, agency: str, outcome: str) -> None:
        """Log a call in one press of the page after sending.

        Args:
            outcome: as the button reads, such as "Will attend".
        """
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}/sent")
        for row in on_page(browser.page, "li.confer-call"):
            form = row.find("form")
            if agency in text_of(row.select_one(".confer-call__agency")) and form is not None:
                browser.press(outcome, within=str(form["action"]))
                return
        raise LookupError(f"{agency} is not to be rung")

    def move(
        self,
        who: Account,
        meeting: str,
        starts_at: datetime,
        *,
        reason: str = "more_can_attend",
        late_reason: str = "",
    ) -> None:
        """Move the meeting."""
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}")
        browser.follow("Move")
        here = clock.london(starts_at)
        browser.press(
            "Move and tell everybody",
            {
                "starts_at-day": str(here.day),
                "starts_at-month": str(here.month),
                "starts_at-year": str(here.year),
                "starts_at-time": f"{here:%H:%M}",
                "reason": reason,
                "late_reason": late_reason,
            },
        )

    def stand_down(self, who: Account, meeting: str, reason: str = "no_longer_needed") -> None:
        """Stand the meeting down."""
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}")
        browser.follow("Stand down")
        browser.press("Stand down and tell everybody", {"reason": reason})

    def information(self, who: Account, meeting: str) -> str:
        """Read what the agencies sent."""
        return main_of(self.browser(who).open(f"/meetings/{meeting}/information"))

    def accept_time(self, who: Account, meeting: str) -> None:
        """Move the meeting to the time somebody suggested."""
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}")
        browser.press("Move the meeting to this time")

    def read_out_code(self, who: Account, meeting: str, agency: str) -> str:
        """Ring the number of the directory, and return the code that is read out."""
        browser = self.browser(who)
        browser.open(f"/meetings/{meeting}")
        for row in on_page(browser.page, "li.confer-call[id^=i-]"):
            link = row.select_one("a[href*='/invitees/']")
            if agency in text_of(row.select_one(".confer-call__agency")) and link is not None:
                browser.open(str(link["href"]))
                browser.follow("Ring them and read out a code")
                browser.press("They are on the line: show the code")
                code = on_page(browser.page, ".govuk-panel__title")
                return text_of(code[0]).replace(" ", "")
        raise LookupError(f"{agency} is not invited")
