"""Somebody with a link from a mail and no account: the same pages whichever door staff use."""

from __future__ import annotations

from datetime import date

from flask import Flask
from webtest import TestApp

from tests.stories.browser import Browser, main_of
from tests.stories.place import BASE_URL, Mail


class Holder:
    """Somebody at a browser with the link of one mail."""

    def __init__(self, app: Flask, mail: Mail | str) -> None:
        self.link = mail if isinstance(mail, str) else mail.link
        self.browser = Browser(
            TestApp(
                app,
                extra_environ={
                    "HTTP_HOST": BASE_URL.partition("//")[2],
                    "HTTP_ORIGIN": BASE_URL,
                    "HTTP_SEC_FETCH_SITE": "same-origin",
                    "REMOTE_ADDR": "192.0.2.10",
                },
            )
        )

    def read(self) -> str:
        """Open the link."""
        return main_of(self.browser.open(self.link))

    def answer(self, answer: str, **boxes: str) -> str:
        """Answer an invitation: accept, part, deputy or decline."""
        self.browser.open(self.link)
        if answer == "accept" and "If not, or not the whole time" in main_of(self.browser.page):
            # "Yes, I will attend" is a button of its own until something was answered.
            self.browser.press("Yes, I will attend")
        else:
            self.browser.press("Send answer", {"answer": answer, **boxes})
        return main_of(self.browser.page)

    def suggest(self, on: date, time: str, minutes: int = 60) -> str:
        """Suggest another time."""
        self.browser.open(f"{self.link}/time")
        self.browser.press(
            "Suggest this time",
            {
                "starts_at-day": str(on.day), "starts_at-month": str(on.month),
                "starts_at-year": str(on.year), "starts_at-time": time,
                "minutes": str(minutes),
            },
        )  # fmt: skip
        return main_of(self.browser.page)

    def ask_for_code(self) -> str:
        """Ask for a code."""
        self.browser.open(f"{self.link}/code")
        for words in ("Send me a code", "Ask to be rung", "Send the code"):
            try:
                self.browser.press(words)
                return main_of(self.browser.page)
            except LookupError:
                continue
        raise LookupError("no button asks for a code")

    def enter_code(self, code: str, name: str = "Dr Ola Finn", role: str = "GP") -> str:
        """Enter the code with name and role."""
        self.browser.open(f"{self.link}/code")
        self.browser.press("Continue", {"code": code, "person_name": name, "person_role": role})
        return main_of(self.browser.page)

    def send_information(self, **said: str) -> str:
        """Send the information form; every question that is not answered reads "nothing known"."""
        self.browser.open(f"{self.link}/information")
        form, name, value = self.browser.form("Send information")
        for question in ("injury", "weapon", "emergency"):
            form[question] = "yes" if question in said else "nothing_known"
            form[f"{question}_text"] = said.get(question, "")
        for box in ("health", "last_seen", "worries", "strengths", "parents"):
            if box in said:
                form[box] = said[box]
            else:
                form[f"{box}_nothing"].checked = True
        form["share_with_family"] = "yes"
        self.browser.send(form, name, value)
        return main_of(self.browser.page)

    def done(self, evidence: str) -> str:
        """Mark an action as done, on the page that a code opened."""
        self.browser.open(f"{self.link}/words")
        self.browser.press("Mark as done", {"evidence": evidence})
        return main_of(self.browser.page)

    def ask_new_date(self, on: date, reason: str = "waiting_list") -> str:
        """Ask for a new date of an action."""
        self.browser.open(self.link)
        self.browser.follow("Ask for a new date")
        self.browser.press(
            "Ask for the new date",
            {
                "new_due_on-day": str(on.day), "new_due_on-month": str(on.month),
                "new_due_on-year": str(on.year), "reason": reason,
            },
        )  # fmt: skip
        return main_of(self.browser.page)

    def hand_over(self, name: str, email: str, why: str) -> str:
        """Offer an action to a colleague."""
        self.browser.open(self.link)
        self.browser.follow("Hand it over")
        self.browser.press("Ask your colleague", {"name": name, "email": email, "why": why})
        return main_of(self.browser.page)

    def take_over(self) -> str:
        """Take an offered action over."""
        self.browser.open(self.link)
        self.browser.press("I take it over")
        return main_of(self.browser.page)
