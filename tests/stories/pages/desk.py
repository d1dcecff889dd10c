"""A desk with a browser for each person, signed in as long as a session lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from webtest import TestApp

from people.models.accounts import Account
from tests.factories.people import PASSWORD
from tests.signed_in import cookie_for
from tests.stories.browser import Browser
from tests.stories.place import BASE_URL, Place
from tests.stories.said import TurnedDown

_A_SITTING = timedelta(minutes=10)


class Desk:
    """Where people sit at browsers."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._browsers: dict[str, tuple[Browser, datetime]] = {}

    def browser(self, who: Account) -> Browser:
        """Return this person's browser, signed in."""
        now = self.place.clock.at
        held = self._browsers.get(str(who.id))
        if held is None or not timedelta() <= now - held[1] <= _A_SITTING:
            held = self._new(who), now
            self._browsers[str(who.id)] = held
        return held[0]

    def second_browser(self, who: Account) -> Browser:
        """Return another browser of the same person, with its own page."""
        return self._new(who)

    @contextmanager
    def confirmed(self, who: Account) -> Iterator[Browser]:
        """Let this person enter the password again first, as the page asks."""
        browser = self.browser(who)
        browser.open("/confirm-password")
        browser.press("Continue", {"password": PASSWORD})
        yield browser

    def _new(self, who: Account) -> Browser:
        app = TestApp(
            self.place.app,
            extra_environ={
                "HTTP_HOST": BASE_URL.partition("//")[2],
                "REMOTE_ADDR": "192.0.2.11",
            },
        )
        app.set_cookie(*cookie_for(self.place.app, who, self.place.clock.at))
        return Browser(app)


def told_off(turned: TurnedDown) -> str:
    """Return the messages as one text."""
    return " ".join(turned.messages)
