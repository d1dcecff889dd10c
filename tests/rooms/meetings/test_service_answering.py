"""A meeting answers the judgements that stand when it is held, not the one it was made for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import session
from core.errors import Refused
from meetings.given import NewTime
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.queries import home
from meetings.service import folding, incidents, records, scheduling, tasks
from meetings.service.facts import facts_for
from meetings.terms import JudgementStatus
from people.models.children import Child
from people.terms import TriState
from plans.terms import ActionKind
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    World,
    answers,
    judgement_of,
    london,
    make_held_now,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
    part_of,
)
from tests.factories.people import FRIDAY, actor_of
from tests.factories.records import Room, agree, decide, everybody_came, finish, held
from tests.factories.replies import given

pytestmark = pytest.mark.usefixtures("database")

_MONDAY, _TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_a_judgement_that_replaced_the_first_is_closed_by_the_meeting_it_kept() -> None:
    world, involvement, meeting = _convened()
    now_stands = _judged_again(world, involvement)
    assert now_stands.id != meeting.judgement_id

    held(_room(world, meeting))

    assert now_stands.status is JudgementStatus.HELD
    assert judgement_of(involvement).id == now_stands.id


def test_without_quorum_the_follow_up_of_a_replaced_judgement_stands_on_home() -> None:
    world, involvement, meeting = _convened()
    before = _judged_again(world, involvement)

    _held_without_police(_room(world, meeting))

    after = judgement_of(involvement)
    lines, _ = home.deadlines_at_risk(world.actor, world.now)
    asked = session.scalars(select(Task).where(Task.subject_id == after.id)).one()
    assert (before.status, after.status) == (JudgementStatus.SUPERSEDED, JudgementStatus.OPEN)
    assert (after.deadline_on, after.meeting_id) == (_TUESDAY, None)
    assert [(line.involvement_ref, line.deadline_at) for line in lines] == [
        (involvement.ref, after.deadline_at)
    ]
    assert (asked.kind, asked.due_at) == (tasks.DECIDE, after.deadline_at)


def test_the_follow_up_of_a_replaced_judgement_can_be_convened() -> None:
    world, involvement, meeting = _convened()
    _judged_again(world, involvement)
    room = _room(world, meeting)
    _held_without_police(room)

    again = make_meeting(
        world, now=room.now + timedelta(hours=1), involvement=involvement,
        starts_at=london(_TUESDAY, 9, 30),
    )  # fmt: skip

    assert again.id != meeting.id
    assert judgement_of(involvement).meeting_id == again.id


def test_a_follow_up_by_telephone_is_a_discussion_of_its_own() -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))
    first = make_held_now(world, involvement, kinds=("social_care",), why="It cannot wait.")
    _judged_again(world, involvement)
    room = _room(world, first)
    decide(room)
    agree(room, "Stay with an aunt", due_on=FRIDAY.date(), kind=ActionKind.SAFETY)
    finish(room, inquorate_reason="Police were called away.")

    second = make_held_now(world, involvement, now=room.now + timedelta(hours=1))

    waiting = session.scalars(
        select(Task.words).where(
            Task.kind == tasks.FOLLOW_UP, Task.ref == first.ref, Task.done_at.is_(None)
        )
    ).all()
    assert second.id != first.id
    assert judgement_of(involvement).meeting_id == second.id
    assert not [words for words in waiting if "had no quorum" in words]


def test_a_judgement_folded_in_is_closed_with_the_meeting_and_counts_as_met() -> None:
    world, first, meeting = _convened()
    other = _folded_into(world, meeting)

    held(_room(world, meeting))

    assert judgement_of(first).status is JudgementStatus.HELD
    assert judgement_of(other).status is JudgementStatus.HELD
    assert facts_for(other, world.now)[0].met_since is TriState.YES


def test_what_was_put_on_the_agenda_is_off_the_chairs_list_once_the_meeting_was_held() -> None:
    world, _, meeting = _convened()
    _folded_into(world, meeting)
    agenda = select(Task).where(Task.kind == tasks.AGENDA)
    before = session.scalars(agenda).one().done_at

    held(_room(world, meeting))

    assert before is None
    assert session.scalars(agenda).one().done_at is not None


def test_a_judgement_that_may_wait_for_another_meeting_keeps_it_when_judged_again() -> None:
    world = make_world()
    first = make_involvement(world, make_known_child(world))
    meeting = make_meeting(
        world, involvement=first, starts_at=london(date(2026, 11, 30), 9, 30),
        late_reason="The family is away.",
    )  # fmt: skip
    possession = answers(
        weapon_used=TriState.NO, serious_injury=TriState.NO, class_a_supply=TriState.NO
    )
    part = part_of(_child_of(meeting), part="suspected", answers=possession)
    other = incidents.report([part], actor=world.actor, letterhead=LETTERHEAD, now=world.now)[0]
    folding.use_existing(
        judgement_of(other), meeting.ref, actor=world.actor, letterhead=LETTERHEAD, now=world.now
    )
    before = judgement_of(other)

    after = incidents.answer(
        other, replace(possession, exploitation_suspected=TriState.YES),
        actor=world.actor, letterhead=LETTERHEAD, now=world.now,
    )  # fmt: skip

    assert before.deadline_at is not None
    assert before.deadline_at < meeting.starts_at
    assert after.id != before.id
    assert (after.status, after.meeting_id) == (JudgementStatus.ARRANGED, meeting.id)


def test_the_agenda_of_a_chair_who_left_falls_to_the_managers_of_the_team() -> None:
    world, _, meeting = _convened()
    other = _folded_into(world, meeting)
    world.chair.is_disabled = True
    session.flush()

    waiting = [line.task.words for line in home.my_tasks(actor_of(world.manager))]

    assert f"{other.ref} is to be discussed at {meeting.ref}: put it on the agenda." in waiting


def test_without_quorum_each_judgement_of_the_meeting_gets_its_follow_up() -> None:
    world, first, meeting = _convened()
    other = _folded_into(world, meeting)

    _held_without_police(_room(world, meeting))

    for involvement in (first, other):
        after = judgement_of(involvement)
        asked = session.scalars(select(Task).where(Task.subject_id == after.id)).all()
        assert (after.status, after.deadline_on) == (JudgementStatus.OPEN, _TUESDAY)
        assert [(task.kind, task.ref) for task in asked] == [(tasks.DECIDE, involvement.ref)]
        assert facts_for(involvement, world.now)[0].met_since is TriState.NO


def test_a_move_past_the_deadline_that_counts_now_needs_a_reason_and_is_late() -> None:
    world, _, meeting = _convened()
    other = _folded_into(world, meeting)
    counts = judgement_of(other).deadline_at
    assert counts is not None
    meeting.deadline_on, meeting.deadline_at = date(2026, 12, 4), counts + timedelta(days=11)
    late = given.new_time(meeting, days=1)

    with pytest.raises(Refused) as refused:
        _move(world, meeting, late)
    _move(world, meeting, given.new_time(meeting, days=1), late_reason="The family is away.")

    assert refused.value.rule == "meeting.late"
    assert "23 November 2026" in refused.value.why
    assert meeting.late_reason == "The family is away."
    assert meeting.deadline_at == counts < meeting.starts_at


def test_a_move_keeps_apart_from_the_other_children_of_every_incident_of_the_meeting() -> None:
    world, _, meeting = _convened()
    other = _folded_into(world, meeting)
    incident = session.get_one(Incident, other.incident_id)
    marcus = make_known_child(world)
    suspected = incidents.add_child(
        incident, part_of(marcus, part="suspected", kind="robbery"),
        actor=world.actor, letterhead=LETTERHEAD, now=world.now,
    )  # fmt: skip
    make_meeting(
        world, involvement=suspected, starts_at=london(_MONDAY, 14),
        overlap_reason="Nothing else is free.",
    )  # fmt: skip

    with pytest.raises(Refused) as refused:
        _move(world, meeting, given.new_time(meeting, hours=4))

    assert refused.value.rule == "meeting.kept_apart"


def _convened() -> tuple[World, Involvement, Meeting]:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))
    return world, involvement, make_meeting(world, involvement=involvement)


def _judged_again(world: World, involvement: Involvement) -> Judgement:
    return incidents.answer(
        involvement, answers(hospital_attended=TriState.YES),
        actor=world.actor, letterhead=LETTERHEAD, now=world.now,
    )  # fmt: skip


def _folded_into(world: World, meeting: Meeting) -> Involvement:
    part = part_of(_child_of(meeting), happened_at=world.now - timedelta(hours=2))
    other = incidents.report([part], actor=world.actor, letterhead=LETTERHEAD, now=world.now)[0]
    folding.use_existing(
        judgement_of(other), meeting.ref, actor=world.actor, letterhead=LETTERHEAD, now=world.now
    )
    return other


def _room(world: World, meeting: Meeting) -> Room:
    at: datetime = meeting.starts_at
    record = records.start(meeting, actor=world.actor, now=at)
    return Room(world, _child_of(meeting), meeting, record, at)


def _held_without_police(room: Room) -> None:
    everybody_came(room, without=("police",))
    decide(room)
    agree(room, "Stay with an aunt", due_on=room.now.date(), kind=ActionKind.SAFETY)
    finish(room, inquorate_reason="Police were called away.")


def _move(world: World, meeting: Meeting, to: NewTime, *, late_reason: str = "") -> None:
    if late_reason:
        to = replace(to, late_reason=late_reason)
    scheduling.move(meeting, to, letterhead=LETTERHEAD, actor=world.actor, now=world.now)


def _child_of(meeting: Meeting) -> Child:
    return session.get_one(Child, meeting.child_id)
