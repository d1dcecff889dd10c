"""Finishing a meeting: actions live, deadlines closed, the next dates set; and without quorum."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import session
from core.errors import Conflict, Refused
from meetings.models.incidents import Judgement
from meetings.models.tasks import Task
from meetings.record_terms import Came, DecisionKind, ReviewOutcome, ReviewWords
from meetings.service import attendance, deciding, reviewing, standing, tasks
from meetings.terms import AttendanceState, InvitationState, JudgementStatus, MeetingStatus
from notifications.models import OutboxMessage
from notifications.terms import LetterKind
from people.models.relations import RelationRow
from people.terms import RelationKind
from plans.models import Action
from plans.queries.plans import open_plan_of
from plans.terms import ActionKind, ActionStatus
from tests.factories.meetings import london, make_known_child, make_world
from tests.factories.people import make_account, make_relation
from tests.factories.records import (
    Room,
    agree,
    decide,
    everybody_came,
    finish,
    held,
    make_room,
    room_after,
)

pytestmark = pytest.mark.usefixtures("database")


def test_finishing_gives_the_actions_and_tells_their_owners_without_waiting_for_release() -> None:
    room = make_room()
    everybody_came(room)
    decide(room)
    agree(room, "Arrange a mentor")

    done = finish(room)

    action = session.scalars(select(Action)).one()
    letters = session.scalars(
        select(OutboxMessage.to_address).where(OutboxMessage.kind == LetterKind.ACTION_GIVEN)
    ).all()
    assert room.meeting.status is MeetingStatus.HELD
    assert done.action_refs == (action.ref,)
    assert (action.what, action.status) == ("Arrange a mentor", ActionStatus.OPEN)
    assert letters == ["ms.ali@school.example"]
    assert room.record.released_at is None


def test_the_first_decision_opens_the_childs_one_plan_and_later_ones_use_it() -> None:
    room = make_room()
    everybody_came(room)
    decide(room)
    finish(room)
    plan = open_plan_of(room.child.id)
    assert plan is not None

    again = room_after(room, days=3)
    held(again)

    assert open_plan_of(room.child.id).id == plan.id  # type: ignore[union-attr]


def test_a_quorate_meeting_in_time_closes_its_judgement_as_held() -> None:
    room = held(make_room())

    judgement = session.get_one(Judgement, room.meeting.judgement_id)

    assert room.record.is_quorate is True
    assert judgement.status is JudgementStatus.HELD
    assert judgement.meeting_id == room.meeting.id


def test_finishing_twice_gives_nothing_twice() -> None:
    room = held(make_room())

    with pytest.raises(Conflict):
        finish(room)

    assert len(session.scalars(select(Action)).all()) == 1


def test_the_record_is_due_one_working_day_after_a_strategy_meeting() -> None:
    # Held on Thursday 24 December 2026: 25 and 28 December are holidays.
    now = datetime(2026, 12, 23, 21, 0, tzinfo=london(date(2026, 12, 23), 21).tzinfo)
    room = make_room(now=now, starts_at=london(date(2026, 12, 24), 10))
    everybody_came(room)
    decide(room, DecisionKind.ENQUIRY_BEGINS)

    done = finish(room)

    conference = next(one for one in done.follow_ons if one.meeting_type == "initial_conference")
    assert done.record_due_on == date(2026, 12, 29)
    assert conference.deadline.on == date(2027, 1, 19)
    assert conference.if_held_on is None
    core_group = next(one for one in done.follow_ons if one.meeting_type == "core_group")
    assert core_group.if_held_on == date(2027, 1, 19)
    assert core_group.deadline.on == date(2027, 2, 2)


def test_a_conference_that_surely_follows_stands_on_the_teams_list_with_its_date() -> None:
    room = held(make_room())

    task = session.scalars(select(Task).where(Task.kind == tasks.FOLLOW_UP)).one()

    assert "Initial child protection conference" in task.words
    assert task.for_team_id == room.world.team.id


def test_no_conference_is_asked_for_when_no_enquiry_begins() -> None:
    room = make_room()
    everybody_came(room)
    decide(room, DecisionKind.ENQUIRY_NOT_NEEDED)

    done = finish(room)

    assert all(one.meeting_type != "initial_conference" for one in done.follow_ons)


def test_without_quorum_the_meeting_needs_a_reason_and_a_safety_action_today() -> None:
    room = _police_did_not_come()
    decide(room)

    with pytest.raises(Refused, match="went ahead without it"):
        finish(room)
    with pytest.raises(Refused, match="safety action due today"):
        finish(room, inquorate_reason="Police were called away.")

    assert room.meeting.status is MeetingStatus.IN_PROGRESS


def test_without_quorum_the_deadline_is_not_met_and_a_meeting_follows_next_working_day() -> None:
    # Scenario S5: Friday 27 August 2027, 16:00; Monday 30 August is a bank holiday.
    room = _police_did_not_come()
    decide(room, DecisionKind.ENQUIRY_BEGINS)
    agree(room, "Stay with an aunt tonight", due_on=date(2027, 8, 27), kind=ActionKind.SAFETY)

    done = finish(room, inquorate_reason="Police were called away.")

    first = session.get_one(Judgement, room.meeting.judgement_id)
    again = session.scalars(select(Judgement).where(Judgement.status == JudgementStatus.OPEN)).one()
    conference = next(one for one in done.follow_ons if one.meeting_type == "initial_conference")
    assert not done.is_quorate
    assert first.status is JudgementStatus.SUPERSEDED
    assert again.replaces_id == first.id
    assert again.deadline_on == date(2027, 8, 31) == done.follow_up_on
    assert conference.deadline.on == date(2027, 9, 20)
    task = session.scalars(select(Task).where(Task.subject_id == again.id)).one()
    assert task.due_at == again.deadline_at


def test_what_is_missing_needs_a_reason_to_finish() -> None:
    room = make_room()
    everybody_came(room)
    decide(room)

    with pytest.raises(Refused, match="Say why you finish"):
        finish(room, reason="")


def test_an_action_goes_live_only_with_an_agency_and_a_date() -> None:
    room = make_room()
    everybody_came(room)
    decide(room)
    agree(room)
    row = standing.standing_of(room.record, room.meeting, now=room.now).actions[0]
    row.due_on = None

    with pytest.raises(Refused, match="by when"):
        finish(room)


def test_previous_actions_hear_at_the_finish_what_the_meeting_heard() -> None:
    room = held(make_room())
    first = session.scalars(select(Action)).one()
    again = room_after(room, days=2)
    listed = standing.previous_actions(again.meeting)

    reviewing.review(
        again.record,
        again.meeting,
        listed[0],
        ReviewWords(ReviewOutcome.DONE, "The mentor met Jordan on Tuesday."),
        seen_version=0,
        actor=again.writer,
        now=again.now,
    )
    assert first.status is ActionStatus.OPEN
    held(again)

    assert [one.action.ref for one in listed] == [first.ref]
    assert first.status is ActionStatus.DONE
    assert first.evidence == "The mentor met Jordan on Tuesday."


def test_a_new_date_agreed_by_the_meeting_moves_the_action_and_keeps_its_first_date() -> None:
    room = held(make_room())
    action = session.scalars(select(Action)).one()
    original = action.due_on
    again = room_after(room, days=2)
    new_date = original + timedelta(days=7)

    reviewing.review(
        again.record,
        again.meeting,
        standing.previous_actions(again.meeting)[0],
        ReviewWords(ReviewOutcome.CHANGED, "School is closed.", new_date),
        seen_version=0,
        actor=again.writer,
        now=again.now,
    )
    held(again)

    assert (action.due_on, action.original_due_on) == (new_date, original)


def test_what_an_invitation_opened_closes_four_weeks_after_the_meeting() -> None:
    room = make_room()
    guest = make_account(name="Jo Marsh")
    relation = make_relation(
        account=guest, child=room.child, kind=RelationKind.INVITED, meeting_id=room.meeting.id
    )

    held(room)

    row = session.get_one(RelationRow, relation.id)
    assert room.meeting.ended_at is not None
    assert row.valid_to_at == room.meeting.ended_at + timedelta(days=28)


def test_everybody_who_accepted_is_marked_in_one_press_and_nobody_else() -> None:
    room = make_room()
    accepted, declined, informed, silent, marked = room.invited[:5]
    accepted.state = InvitationState.ACCEPTED
    declined.state = InvitationState.DECLINED
    informed.state = InvitationState.INFORMATION
    silent.state = InvitationState.NO_ANSWER
    marked.state = InvitationState.ACCEPTED
    attendance.mark(
        room.record,
        room.meeting,
        marked,
        Came(AttendanceState.ABSENT),
        actor=room.writer,
        now=room.now,
    )

    attendance.everyone_who_accepted(room.record, room.meeting, actor=room.chair, now=room.now)

    states = {key: row.state for key, row in standing.attended_of(room.meeting.id).items()}
    assert states[accepted.id] is AttendanceState.PRESENT
    assert states[declined.id] is AttendanceState.APOLOGIES
    assert states[informed.id] is AttendanceState.REPORT_ONLY
    assert states[marked.id] is AttendanceState.ABSENT
    assert silent.id not in states


def test_the_chair_who_says_that_everybody_is_here_is_here_without_having_answered() -> None:
    room = make_room()
    seat = next(row for row in room.invited if row.account_id == room.chair.account_id)
    assert seat.state is InvitationState.NO_ANSWER

    attendance.everyone_who_accepted(room.record, room.meeting, actor=room.chair, now=room.now)

    states = {key: row.state for key, row in standing.attended_of(room.meeting.id).items()}
    assert states == {seat.id: AttendanceState.PRESENT}


def test_decisions_and_actions_cannot_be_changed_once_they_are_live() -> None:
    room = held(make_room())

    with pytest.raises(Refused, match="its decisions are live"):
        decide(room)
    with pytest.raises(Refused, match="its decisions are live"):
        deciding.remove(
            room.record,
            room.meeting,
            1,
            deciding.ActionWords,
            actor=room.writer,
            now=room.now,
        )


def _police_did_not_come() -> Room:
    now = london(date(2027, 8, 27), 15, 30)
    world = make_world(now=now)
    room = make_room(
        now=now, world=world, child=make_known_child(world), starts_at=london(date(2027, 8, 27), 16)
    )
    everybody_came(room, without=("police",))
    return room
