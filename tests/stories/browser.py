"""A person at a browser: reads a page, follows its links, fills its forms and presses buttons.

Nothing is posted that stands in no form of a page the person was shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from webtest import TestApp, TestResponse

from tests.stories.said import TurnedDown

_SPACE = re.compile(r"\s+")
_FIRST_ERROR = 400


def text_of(piece: Tag | None) -> str:
    """Return what a person reads there, spaces folded."""
    return _SPACE.sub(" ", piece.get_text(" ")).strip() if piece is not None else ""


def soup_of(page: TestResponse) -> BeautifulSoup:
    """Return the page, parsed."""
    return BeautifulSoup(page.text, "html.parser")


def main_of(page: TestResponse) -> str:
    """Return the words of a page without its frame."""
    soup = soup_of(page)
    return text_of(soup.find("main") or soup.find("body"))


class Browser:
    """One browser with its page."""

    def __init__(self, app: TestApp) -> None:
        self.app = app
        self.page: TestResponse = None

    def open(self, path: str) -> TestResponse:
        """Open an address that stands in a mail, on paper or in the person's memory."""
        return self._arrived(self.app.get(path, expect_errors=True))

    def follow(self, words: str) -> TestResponse:
        """Follow the first link that reads so."""
        for link in soup_of(self.page).find_all("a", href=True):
            if words in text_of(link):
                return self.open(str(link["href"]).partition("#")[0])
        raise LookupError(f"no link reads {words!r}")

    def form(self, words: str, within: str = "") -> tuple[Any, str | None, str | None]:
        """Return the form with a button that reads so, and the button's name and value.

        Args:
            within: words of the form's action, where several buttons read the same.
        """
        for index, form in enumerate(soup_of(self.page).find_all("form")):
            if within not in str(form.get("action", "")):
                continue
            for button in form.find_all("button"):
                if text_of(button).startswith(words):
                    name, value = button.get("name"), button.get("value")
                    return (
                        self.page.forms[index],
                        str(name) if name else None,
                        str(value) if value else None,
                    )
        raise LookupError(f"no button reads {words!r} on {self.page.request.path}")

    def press(
        self, words: str, boxes: Mapping[str, Any] | None = None, *, within: str = ""
    ) -> TestResponse:
        """Fill the boxes of a form and press its button."""
        form, name, value = self.form(words, within)
        for box, typed in (boxes or {}).items():
            self.fill(form, box, typed)
        return self.send(form, name, value)

    def send(self, form: Any, name: str | None = None, value: str | None = None) -> TestResponse:
        """Submit a form by one of its buttons."""
        given = {"value": value} if name else {}
        return self._arrived(form.submit(name, expect_errors=True, **given))

    @staticmethod
    def fill(form: Any, box: str, typed: Any) -> None:
        """Type into a box, choose an option or set a tick; the box must stand on the page."""
        if typed is True:
            form[box].checked = True
        else:
            form[box] = typed

    def _arrived(self, answer: TestResponse) -> TestResponse:
        while answer.status_int in (301, 302, 303):
            answer = answer.follow(expect_errors=True)
        self.page = answer
        if answer.status_int >= _FIRST_ERROR:
            raise TurnedDown(answer.status_int, list(_messages(answer)), answer.text)
        return answer


def _messages(page: TestResponse) -> Iterator[str]:
    soup = soup_of(page)
    summary = soup.select_one(".govuk-error-summary")
    if summary is not None:
        for entry in summary.select("li"):
            yield text_of(entry)
        return
    yield text_of(soup.find("main"))


def on_page(page: TestResponse, selector: str) -> list[Tag]:
    """Return the pieces of a page a selector names."""
    return list(soup_of(page).select(selector))
