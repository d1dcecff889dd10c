"""Whom mail does not reach: somebody is always asked to ring, and one fault hides no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import session
from meetings.jobs.replies import chase_silence, note_failures
from meetings.models.meetings import Meeting
from meetings.models.records import ProposedAction
from meetings.models.replies import Deputy
from meetings.models.tasks import Task
from meetings.service import deputies, post, releasing, replies, tasks, undelivered
from meetings.service.undelivered import BOUNCED, Undelivered
from meetings.terms import DeputyStatus, InvitationState
from notifications.models import OutboxMessage
from notifications.terms import DeliveryState, LetterKind
from people.models.accounts import Account
from people.terms import Actor
from plans.models import Action, Plan
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import make_known_child, make_meeting, make_world
from tests.factories.people import make_team
from tests.factories.records import Room, agree, decide, everybody_came, finish, held, make_room
from tests.factories.replies import deliver_all, given, seat_of

pytestmark = pytest.mark.usefixtures("database")

READER = Actor.system("replies by mail")
# The mail room cannot send to it, though a calendar or an import may bring it.
BAD = "josé@school.example"


def _rings() -> list[Task]:
    found = select(Task).where(Task.kind == tasks.RING, Task.done_at.is_(None))
    return list(session.scalars(found.order_by(Task.words)))


def _bounce(room: Room, action: Action) -> Task:
    fault = Undelivered(action.id, action.id, action.ref, "ms.ali@school.example")
    assert undelivered.note(fault, letterhead=LETTERHEAD, actor=READER, now=room.now)
    return session.scalars(select(Task).where(Task.kind == BOUNCED)).one()


def test_a_bounced_mail_about_an_action_without_a_lead_is_the_chairs_to_ring() -> None:
    room = held(make_room())
    action = session.scalars(select(Action)).one()
    session.get_one(Plan, action.plan_id).lead_account_id = None

    task = _bounce(room, action)

    assert task.for_account_id == room.world.chair.id
    assert task.for_team_id == room.child.team_id


def test_with_neither_lead_nor_chair_the_childs_team_is_asked() -> None:
    room = held(make_room())
    action = session.scalars(select(Action)).one()
    plan = session.get_one(Plan, action.plan_id)
    plan.lead_account_id = plan.chair_account_id = None

    task = _bounce(room, action)

    assert (task.for_account_id, task.for_team_id) == (None, room.child.team_id)


def test_an_owner_whom_no_mail_reaches_is_rung_after_the_meeting() -> None:
    room = make_room()
    school = room.world.school
    school.manager_email = school.lead_email = None
    everybody_came(room)
    decide(room)
    agree(room)
    session.scalars(select(ProposedAction)).one().owner_email = None

    finish(room)

    action = session.scalars(select(Action)).one()
    task = next(task for task in _rings() if task.subject_id == action.id)
    assert action.ref in task.words
    assert school.name in task.words
    assert room.child.family_name not in task.words
    assert task.for_account_id == room.meeting.convenor_id


def test_an_owner_who_was_written_to_is_not_rung() -> None:
    held(make_room())

    assert not _rings()


def test_one_failure_that_cannot_be_noted_keeps_no_later_one_from_being_rung(
    now: datetime,
) -> None:
    bad, good = _two_meetings()
    for at, meeting in enumerate((bad, good)):
        subject = seat_of(meeting, "school").id
        row = session.scalars(
            select(OutboxMessage).where(OutboxMessage.subject_id == subject)
        ).one()
        row.state, row.settled_at = DeliveryState.FAILED, now + timedelta(seconds=at)
    _break_letters_of(bad)
    session.commit()

    noted = note_failures(now + timedelta(minutes=1), LETTERHEAD)

    assert noted == 1
    assert seat_of(good, "school").state is InvitationState.UNDELIVERABLE


def test_a_reminder_that_cannot_be_written_stops_neither_the_others_nor_the_ringing(
    now: datetime,
) -> None:
    bad, good = _two_meetings()
    deliver_all(now=now)
    _break_letters_of(bad)
    session.commit()

    for hours in (44, 20, 1):
        chase_silence(good.starts_at - timedelta(hours=hours), LETTERHEAD)

    reminded = session.scalars(
        select(OutboxMessage.subject_id).where(OutboxMessage.kind == LetterKind.ANSWER_REMINDER)
    ).all()
    asked = session.scalars(select(Task.subject_id).where(Task.key.contains(":silent:"))).all()
    assert seat_of(good, "police").id in reminded
    assert seat_of(bad, "police").id not in reminded
    assert {seat_of(bad, "police").id, seat_of(good, "police").id} <= set(asked)


def test_a_convenor_whose_address_takes_no_mail_is_told_by_the_team(now: datetime) -> None:
    meeting = make_meeting()
    session.get_one(Account, meeting.convenor_id).email = BAD

    is_told = post.tell_convenor(
        meeting, kind=LetterKind.ADDRESS_BOUNCED, key="news", letterhead=LETTERHEAD, now=now
    )

    task = next(task for task in _rings() if task.key == f"{tasks.RING}:news")
    assert not is_told
    assert (task.for_account_id, task.for_team_id) == (None, meeting.team_id)


def test_a_deputy_whose_address_takes_no_mail_is_rung_and_the_answer_counts(now: datetime) -> None:
    meeting = make_meeting()
    school = seat_of(meeting, "school")
    school.email = f"head@{BAD.partition('@')[2]}"
    answer = given.answer(InvitationState.DEPUTY, deputy_email=BAD)

    replies.answer(school, answer, letterhead=LETTERHEAD, actor=given.by_link, now=now)

    deputy = session.scalars(select(Deputy)).one()
    if deputy.status is DeputyStatus.PENDING:
        deputies.confirm(school, deputy.id, letterhead=LETTERHEAD, actor=given.by_link, now=now)
    rung = [task for task in _rings() if task.subject_id == school.id]
    assert deputy.status is DeputyStatus.CONFIRMED
    assert ["Jo Lund" in task.words for task in rung] == [True]

    back = given.answer(InvitationState.ACCEPTED)
    later = now + timedelta(minutes=5)
    replies.answer(school, back, letterhead=LETTERHEAD, actor=given.by_link, now=later)

    rung = [task for task in _rings() if task.subject_id == school.id]
    assert ["not to come" in task.words for task in rung] == [True]


def test_on_release_whoever_mail_does_not_reach_is_rung() -> None:
    room = held(make_room())
    without, bounced = room.invited[0], room.invited[1]
    without.email, bounced.state = None, InvitationState.UNDELIVERABLE
    version = room.record.version
    releasing.approve(
        room.record, room.meeting, seen_version=version, actor=room.chair, now=room.now
    )

    releasing.release(
        room.record,
        room.meeting,
        letterhead=LETTERHEAD,
        actor=room.manager,
        now=room.now + timedelta(hours=2),
    )

    rung = _rings()
    assert {task.subject_id for task in rung} == {without.id, bounced.id}
    assert all("is ready" in task.words and task.due_at is None for task in rung)


def _two_meetings() -> tuple[Meeting, Meeting]:
    world = make_world()
    first = make_meeting(world, make_known_child(world))
    later = first.starts_at + timedelta(hours=4)
    return first, make_meeting(world, make_known_child(world), starts_at=later)


def _break_letters_of(meeting: Meeting) -> None:
    """Give the meeting a team whose name cannot stand in a mail."""
    meeting.team_id = make_team(name="Broken", mail_name="Team\n4").id
    session.flush()
