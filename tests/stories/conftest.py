"""The place of a story, its doors, and what every story begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.mailserver import MailServer
from tests.stories.links import Holder
from tests.stories.pages import Pages
from tests.stories.place import Clock, Mail, Place, open_place
from tests.stories.programs import Api


@pytest.fixture(scope="session")
def _server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def server(_server: MailServer) -> MailServer:
    """A real mail server that has taken nothing and misbehaves in no way."""
    _server.taken.clear()
    _server.faults.recipients.clear()
    _server.faults.data.clear()
    return _server


@pytest.fixture
def place(app: Flask, the_clock: Clock, server: MailServer) -> Place:
    """The fictional partnership."""
    return open_place(app, the_clock, server)


_DOORS: dict[str, type[Pages] | type[Api]] = {"pages": Pages, "api": Api}


@pytest.fixture(params=list(_DOORS))
def door(request: pytest.FixtureRequest, place: Place) -> Pages | Api:
    """The door by which staff come in this run of a story."""
    return _DOORS[request.param](place)


@pytest.fixture
def holder(app: Flask) -> Callable[[Mail | str], Holder]:
    """Return somebody with the link of a mail: ``holder(mail)``."""

    def with_link(mail: Mail | str) -> Holder:
        return Holder(app, mail)

    return with_link
