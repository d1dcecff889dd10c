"""Search: by POST, within what one may see, and nothing typed in an address or a log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import session, unit_of_work
from people.models.accounts import Account
from people.terms import Role
from plans.models import Action
from tests.factories.people import make_account
from tests.factories.records import held, make_room
from tests.factories.seen_rooms import Seen, seen

Browse = Callable[[Account], TestApp]


@pytest.fixture
def here(app: Flask, the_clock: Any) -> Seen:
    with app.app_context(), unit_of_work():
        found = seen(held(make_room()))
    the_clock.at = found.room.now
    return found


def search(browser: TestApp, text: str) -> Any:
    page = browser.get("/")
    form = next(form for form in page.forms.values() if form.action == "/search")
    form["q"] = text
    return form.submit()


def test_a_name_finds_the_child_its_meetings_and_its_actions(browse: Browse, here: Seen) -> None:
    page = search(browse(here.worker), "ellis jordan")

    links = {link["href"] for link in page.html.select("main a")}
    assert f"/children/{here.child_ref}" in links
    assert f"/meetings/{here.ref}" in links
    assert any(link.startswith("/actions/A-") for link in links)


def test_a_reference_finds_the_meeting_however_it_is_typed(browse: Browse, here: Seen) -> None:
    page = search(browse(here.chair), f"  {here.ref.lower()} ")

    assert f'href="/meetings/{here.ref}"' in page


def test_a_reference_finds_the_action(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        ref = session.scalars(select(Action.ref)).one()

    assert f'href="/actions/{ref}"' in search(browse(here.worker), ref)


def test_a_stranger_finds_neither_child_nor_meeting(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        stranger = make_account()
    browser = browse(stranger)

    by_name, by_reference = search(browser, "Jordan Ellis"), search(browser, here.ref)

    assert "Nothing found." in by_name
    assert f"/meetings/{here.ref}" not in by_reference
    assert "Nothing found." in by_reference


def test_a_duty_account_finds_a_child_it_may_not_open_and_no_meeting_of_it(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        duty = make_account(is_duty=True)

    page = search(browse(duty), "Jordan Ellis")

    assert "Jordan Ellis" in page
    assert f'href="/children/{here.child_ref}"' not in page
    assert here.ref not in page


def test_an_invited_professional_cannot_search(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        guest = make_account(roles=(Role.PROFESSIONAL,))

    browse(guest).get("/search", status=403)


def test_what_is_typed_stands_in_the_box_and_in_no_address_or_log(
    browse: Browse, here: Seen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    page = search(browse(here.worker), "Ellis")

    form = [form for form in page.forms.values() if form.action == "/search"][-1]
    assert form["q"].value == "Ellis"
    assert "Ellis" not in page.request.url
    assert not any("ellis" in str(vars(line)).lower() for line in caplog.records)


def test_an_empty_search_says_what_to_type(browse: Browse, here: Seen) -> None:
    assert "Type a name" in search(browse(here.worker), "  ")
