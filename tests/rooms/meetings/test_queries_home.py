"""What Home reads: the right rows for the right person, one statement each whatever the size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import session
from meetings.models.invitations import Invitation
from meetings.queries import home
from meetings.queries.unfinished import left_open
from meetings.service import forecasts, records, tasks
from meetings.terms import InvitationState, Standing
from meetings.views.home import exceptions
from people.terms import Actor
from tests.factories.meetings import (
    World,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
)
from tests.factories.people import actor_of, make_account, make_agency, make_team
from tests.rooms.plans.statements import counted

pytestmark = pytest.mark.usefixtures("database")

READS: dict[str, Callable[[Actor, World], object]] = {
    "deadlines": lambda me, world: home.deadlines_at_risk(me, world.now),
    "not reached": lambda me, world: home.not_reached(me, world.now),
    "left open": lambda me, world: left_open(me, world.now + timedelta(days=9), limit=None),
    "soon": lambda me, world: home.meetings_soon(me, world.now),
    "mine": lambda me, world: home.my_meetings(me, world.now),
    "tasks": lambda me, _world: home.my_tasks(me),
    "late": lambda me, world: home.late_records(me, world.now),
    "inquorate": lambda me, world: home.held_without_quorum(me, world.now),
    "none proposed": lambda me, _world: home.none_proposed(me),
}


def fill(world: World, count: int) -> None:
    for number in range(count):
        make_involvement(world, make_known_child(world, given_name=f"Kim{number}"))
        other = make_known_child(world, given_name=f"Lou{number}")
        make_meeting(world, other, overlap_reason="Both must be held.")


@pytest.mark.parametrize("name", sorted(READS))
def test_each_list_is_one_statement_at_ten_times_the_data(name: str) -> None:
    world = make_world()
    manager = actor_of(world.manager)
    fill(world, 1)
    with counted() as few:
        READS[name](manager, world)

    fill(world, 9)
    session.expunge_all()
    with counted() as many:
        READS[name](manager, world)

    assert len(few) == len(many) == 1


@pytest.mark.parametrize("name", ["not_reached", "meetings_soon", "my_meetings"])
def test_a_list_that_is_cut_says_how_many_there_are(name: str) -> None:
    world = make_world()
    fill(world, 3)
    for row in session.scalars(select(Invitation).where(Invitation.agency_kind == "gp")):
        row.state = InvitationState.UNDELIVERABLE
    session.flush()
    read = getattr(home, name)

    few, in_all = read(world.actor, world.now, limit=1)
    every, counted_too = read(world.actor, world.now, limit=None)

    assert (len(few), in_all) == (1, 3)
    assert (len(every), counted_too) == (3, 3)


def test_a_manager_is_told_how_many_more_meetings_and_records_are_out_of_line() -> None:
    world = make_world()
    for name in ("Kim", "Lou", "Max"):
        child = make_known_child(world, given_name=name)
        meeting = make_meeting(world, child, overlap_reason="Both must be held.")
        record = records.start(meeting, actor=world.actor, now=meeting.starts_at)
        record.is_quorate, meeting.ended_at = False, world.now
        record.due_on, record.due_at = world.now.date(), world.now
    session.flush()
    manager, later = actor_of(world.manager), world.now + timedelta(days=9)

    few = [line["words"] for line in exceptions(manager, later, limit=1)]
    every = [line["words"] for line in exceptions(manager, later, limit=None)]

    assert "2 more meetings went ahead without their quorum." in few
    assert "2 more records are late." in few
    assert len(few) == 4
    assert len(every) == 6
    assert not [words for words in every if "more" in words]


def test_the_nearest_deadline_stands_first() -> None:
    world = make_world()
    early = make_involvement(world, make_known_child(world, given_name="Early"))
    late = make_involvement(
        world,
        make_known_child(world, given_name="Late"),
        now=world.now + timedelta(days=3),
    )

    found, _ = home.deadlines_at_risk(actor_of(world.manager), world.now)

    assert [line.involvement_ref for line in found] == [early.ref, late.ref]


def test_a_teams_task_is_its_managers_and_no_other_teams() -> None:
    world = make_world()
    other = make_team(agency=make_agency())
    elsewhere = make_account(team=other, is_manager=True)
    tasks.ask(
        tasks.FOLLOW_UP,
        ref="M-7F3K9Q",
        words="Arrange the conference",
        now=world.now,
        for_team_id=world.team.id,
    )

    assert len(home.my_tasks(actor_of(world.manager))) == 1
    assert home.my_tasks(actor_of(world.duty)) == []
    assert home.my_tasks(actor_of(elsewhere)) == []


def test_the_task_of_somebody_who_left_falls_to_the_managers_of_its_team() -> None:
    world = make_world()
    tasks.ask(
        tasks.RING,
        ref="M-7F3K9Q",
        words="Ring the school",
        now=world.now,
        for_account_id=world.duty.id,
        for_team_id=world.team.id,
    )
    elsewhere = make_account(team=make_team(agency=make_agency()), is_manager=True)
    before = home.my_tasks(actor_of(world.manager))

    world.duty.is_disabled = True
    session.flush()

    assert before == []
    assert len(home.my_tasks(actor_of(world.manager))) == 1
    assert home.my_tasks(actor_of(world.worker)) == []
    assert home.my_tasks(actor_of(elsewhere)) == []


def test_a_task_without_a_time_is_due_at_once_and_stands_first() -> None:
    world = make_world()
    for words, due_at in (("Later", world.now + timedelta(days=1)), ("At once", None)):
        tasks.ask(
            tasks.RING,
            ref="M-7F3K9Q",
            words=words,
            now=world.now,
            for_account_id=world.duty.id,
            due_at=due_at,
        )

    found = home.my_tasks(actor_of(world.duty))

    assert [line.task.words for line in found] == ["At once", "Later"]


def test_the_forecast_follows_the_answers_of_the_agencies_the_quorum_asks_for() -> None:
    world = make_world()
    meeting = make_meeting(world)
    invited = session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)).all()
    before = forecasts.of_meetings([meeting])[meeting.id]
    for row in invited:
        row.state = InvitationState.ACCEPTED
    session.flush()
    after = forecasts.of_meetings([meeting])[meeting.id]
    for row in invited:
        if row.agency_kind == "police":
            row.state = InvitationState.DECLINED
    session.flush()

    without_police = forecasts.of_meetings([meeting])[meeting.id]

    assert (before, after, without_police) == (
        Standing.NOT_KNOWN,
        Standing.LIKELY,
        Standing.NOT_MET,
    )
