"""Meetings left open: whoever answers for one finds it, however long ago it should have ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db import session
from meetings.queries import home
from meetings.queries.unfinished import left_open
from meetings.service import records
from meetings.terms import MeetingStatus
from tests.factories.meetings import (
    make_held_now,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
)
from tests.factories.people import actor_of, make_account, make_agency, make_team
from tests.factories.records import agree, decide, everybody_came, finish, make_room
from tests.rooms.plans.statements import counted

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


def test_a_meeting_never_begun_is_left_open_once_its_time_is_over() -> None:
    world = make_world()
    meeting = make_meeting(world)
    chair = actor_of(world.chair)

    before = left_open(chair, meeting.ends_at, limit=None)
    after, count = left_open(chair, meeting.ends_at + MINUTE, limit=None)

    assert before == ([], 0)
    assert [(row.ref, row.status) for row in after] == [(meeting.ref, MeetingStatus.ARRANGED)]
    assert count == 1


def test_a_long_meeting_is_among_those_soon_until_its_time_is_over_and_then_left_open() -> None:
    world = make_world()
    meeting = make_meeting(world)
    meeting.ends_at = meeting.starts_at + timedelta(hours=7)
    session.flush()
    chair = actor_of(world.chair)
    late, over = meeting.ends_at - MINUTE, meeting.ends_at + MINUTE

    soon = [home.meetings_soon(chair, at)[1] for at in (late, over)]
    unfinished = [left_open(chair, at, limit=None)[1] for at in (late, over)]

    assert (soon, unfinished) == ([1, 0], [0, 1])


def test_chair_convenor_team_and_manager_find_it_a_month_later_and_nobody_else_does() -> None:
    world = make_world()
    meeting = make_meeting(world)
    long_after = meeting.ends_at + timedelta(days=30)
    elsewhere = make_account(team=make_team(agency=make_agency()), is_manager=True)

    found = {
        who.name: left_open(actor_of(who), long_after, limit=None)[1]
        for who in (world.chair, world.duty, world.worker, world.manager)
    }

    assert found == {"Ruth Bell": 1, "Sam Okoro": 1, "Leila Haddad": 1, "Priya Shah": 1}
    assert left_open(actor_of(elsewhere), long_after, limit=None) == ([], 0)


def test_a_meeting_that_runs_is_left_open_after_twelve_hours_until_it_is_finished() -> None:
    room = make_room()
    began = room.now

    during = left_open(room.manager, began + timedelta(hours=12), limit=None)
    after, _ = left_open(room.manager, began + timedelta(hours=12) + MINUTE, limit=None)
    everybody_came(room)
    decide(room)
    agree(room)
    finish(room)
    finished = left_open(room.manager, began + timedelta(days=2), limit=None)

    assert [row.status for row in after] == [MeetingStatus.IN_PROGRESS]
    assert during == finished == ([], 0)


def test_a_discussion_held_at_once_is_left_open_when_its_half_hour_is_over() -> None:
    world = make_world()
    meeting = make_held_now(world, make_involvement(world, make_known_child(world)))
    manager = actor_of(world.manager)

    during = left_open(manager, world.now + 29 * MINUTE, limit=None)
    after, _ = left_open(manager, world.now + 31 * MINUTE, limit=None)

    assert during == ([], 0)
    assert [row.ref for row in after] == [meeting.ref]


def test_those_never_begun_stand_before_those_never_finished_and_all_are_counted() -> None:
    world = make_world()
    running = make_meeting(world)
    records.start(running, actor=world.actor, now=running.starts_at)
    waiting = make_meeting(
        world,
        make_known_child(world, given_name="Lou"),
        starts_at=running.starts_at + timedelta(hours=2),
        overlap_reason="Both must be held.",
    )
    later = waiting.ends_at + timedelta(days=1)
    chair = actor_of(world.chair)

    first, count = left_open(chair, later, limit=1)
    with counted() as sent:
        both, _ = left_open(chair, later, limit=None)

    assert ([row.ref for row in first], count) == ([waiting.ref], 2)
    assert [row.ref for row in both] == [waiting.ref, running.ref]
    assert len(sent) == 1


def test_a_meeting_stood_down_is_not_left_open() -> None:
    world = make_world()
    meeting = make_meeting(world)
    meeting.status = MeetingStatus.STOOD_DOWN
    session.flush()

    assert left_open(actor_of(world.chair), meeting.ends_at + MINUTE, limit=None) == ([], 0)
