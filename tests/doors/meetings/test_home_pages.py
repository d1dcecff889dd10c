"""Home: what is at risk stands first, and each person sees only what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import session, unit_of_work
from meetings.models.invitations import Invitation
from meetings.terms import InvitationState
from people.models.accounts import Account
from people.terms import Role
from tests.factories.meetings import (
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
)
from tests.factories.people import make_account
from tests.factories.records import agree, decide, everybody_came, finish, make_room
from tests.factories.seen_rooms import seen
from tests.rooms.plans.statements import counted

# The page's own, with sign-in, the policy and what every page carries.
MOST_STATEMENTS = 30
Browse = Callable[[Account], TestApp]


def words(page: Any) -> str:
    return " ".join(page.html.select_one("main").get_text(" ").split())


def test_a_judgement_nothing_answers_stands_first_with_its_deadline(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
        ref = make_involvement(world, child).ref
        manager, child_ref = world.manager, child.ref

    page = browse(manager).get("/")

    first = page.html.select_one("main section")
    assert first.select_one("h2").get_text() == "At risk"
    assert "Strategy meeting needed" in first.get_text()
    assert "Monday 23 November 2026" in first.get_text()
    assert child_ref in first.get_text()
    assert first.select_one(f'a[href="/incidents/{ref}/decision"]') is not None


def test_another_teams_deadline_is_not_shown(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        make_involvement(world, make_known_child(world))
        stranger = make_account()

    page = browse(stranger).get("/")

    assert "Nothing is waiting for you." in page
    assert "Strategy meeting needed" not in page


def test_an_invitation_that_did_not_arrive_stands_with_the_number_to_ring(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        make_meeting(world)
        row = session.scalars(select(Invitation).where(Invitation.agency_kind == "gp")).first()
        assert row is not None
        row.state = InvitationState.UNDELIVERABLE
        duty = world.duty

    text = words(browse(duty).get("/"))

    assert "Park Road Surgery" in text
    assert "has not got the invitation" in text
    assert "Ring 01632 960200" in text


def test_a_meeting_soon_whose_quorum_is_not_known_is_at_risk(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        ref = make_meeting(world).ref
        chair = world.chair

    text = words(browse(chair).get("/"))

    assert f"Quorum not known yet Strategy meeting {ref}" in text
    assert "See who to ring" in text


def test_the_chair_finds_the_record_to_approve_and_the_second_person_the_release(
    app: Flask, browse: Browse, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        here = seen(make_room())
        room = here.room
        everybody_came(room)
        decide(room)
        agree(room)
        finish(room)
    the_clock.at = room.now + timedelta(hours=1)

    page = browse(here.chair).get("/")
    assert f"Approve the record of {here.ref}" in page
    record = page.click(f"Approve the record of {here.ref}")
    next(form for form in record.forms.values() if form.action.endswith("/approve")).submit()

    assert f"Release the record of {here.ref}" in browse(here.manager).get("/")
    assert f"Release the record of {here.ref}" not in browse(here.duty).get("/")


def test_a_manager_sees_exceptions_as_sentences(app: Flask, browse: Browse, the_clock: Any) -> None:
    with app.app_context(), unit_of_work():
        here = seen(make_room())
        room = here.room
        everybody_came(room)
        decide(room)
        agree(room)
        finish(room)
    the_clock.at = room.now + timedelta(days=30)

    text = words(browse(here.manager).get("/"))

    assert "1 action is more than 14 days overdue; 1 of Northmere Academy." in text
    assert f"The record of {here.ref} is late" in text


def test_somebody_who_manages_nothing_sees_no_exceptions(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        stranger = make_account()

    assert "In your teams" not in browse(stranger).get("/")


def test_an_administrator_has_a_home_without_any_child(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        make_involvement(world, make_known_child(world))
        administrator = make_account(roles=(Role.ADMINISTRATOR,))

    page = browse(administrator).get("/")

    assert "Jordan" not in page


def test_without_sign_in_home_leads_to_the_sign_in_page(app: Flask, guest: TestApp) -> None:
    answer = guest.get("/", status=302)

    assert answer.location.endswith("/sign-in")


def test_home_takes_the_same_number_of_statements_at_ten_times_the_data(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        _fill(world, 2)
        manager = world.manager
    browser = browse(manager)
    # Whoever comes first has the procedure pack read, once for everybody.
    browser.get("/")
    few = _statements(app, lambda: browser.get("/"))
    with app.app_context(), unit_of_work():
        _fill(world, 18)

    many = _statements(app, lambda: browser.get("/"))

    assert many == few <= MOST_STATEMENTS


def _fill(world: Any, count: int) -> None:
    for number in range(count):
        child = make_known_child(world, given_name=f"Kim{number}")
        make_involvement(world, child)
        other = make_known_child(world, given_name=f"Lou{number}")
        make_meeting(world, other, overlap_reason="Both must be held.")


def _statements(app: Flask, run: Callable[[], object]) -> int:
    with app.app_context():
        with counted() as sent:
            run()
        return len(sent)
