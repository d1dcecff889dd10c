"""Timed doors of replies: each message once, failures noticed, silence chased in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import reading, session, unit_of_work
from meetings.jobs.replies import apply_replies, chase_silence
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.service import replies
from meetings.terms import InvitationState, Requirement
from notifications import intake, service
from notifications.models import InboundMessage, OutboxMessage
from notifications.terms import Channel, InboundOutcome
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, make_meeting, make_world
from tests.factories.replies import a_reply, deliver_all, given, seat_of


@pytest.fixture
def meeting(app: Flask, now: datetime) -> Meeting:
    with app.app_context(), unit_of_work():
        made = make_meeting(_world())
        deliver_all(now=now)
        return made


def _world() -> World:
    return make_world()


def _store(app: Flask, *mails: bytes, now: datetime) -> None:
    with app.app_context(), unit_of_work():
        for raw in mails:
            row = service.store_inbound(raw, channel=Channel.IMAP, now=now)
            service.record_reading(row.id, intake.read(raw), now=now)


def _count(app: Flask, kind: str) -> int:
    with app.app_context(), reading():
        return (
            session.scalar(
                select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == kind)
            )
            or 0
        )


def _run(app: Flask, job: object, at: datetime) -> int:
    assert callable(job)
    with app.app_context():
        return int(job(at, LETTERHEAD))


def test_every_waiting_answer_is_applied_once(app: Flask, meeting: Meeting, now: datetime) -> None:
    with app.app_context(), reading():
        mails = [a_reply(meeting, seat_of(meeting, kind)) for kind in ("school", "police")]
    _store(app, *mails, now=now)

    counts = [_run(app, apply_replies, now) for _ in range(2)]

    with app.app_context(), reading():
        states = {seat_of(meeting, kind).state for kind in ("school", "police")}
    assert counts == [2, 0]
    assert states == {InvitationState.ACCEPTED}


def test_one_that_makes_the_service_fail_goes_to_a_person_and_holds_nothing_up(
    app: Flask, meeting: Meeting, now: datetime
) -> None:
    with app.app_context(), reading():
        mails = [a_reply(meeting, seat_of(meeting, kind)) for kind in ("school", "police")]
    _store(app, *mails, now=now)
    with app.app_context(), unit_of_work():
        first = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).first()
        assert first is not None
        assert first.parsed is not None
        first.parsed = {**first.parsed, "reply": {**first.parsed["reply"], "answers": "broken"}}

    counts = [_run(app, apply_replies, now) for _ in range(2)]

    with app.app_context(), reading():
        outcomes = session.scalars(select(InboundMessage.outcome)).all()
    assert counts == [2, 0]
    assert sorted(outcomes) == [InboundOutcome.APPLIED, InboundOutcome.REVIEW]


def test_silence_is_reminded_once_by_day(app: Flask, meeting: Meeting) -> None:
    morning = meeting.starts_at.replace(hour=9) - timedelta(days=2)

    first = _run(app, chase_silence, morning)
    again = _run(app, chase_silence, morning + timedelta(hours=1))

    assert first > 0
    assert again == 0
    assert _count(app, "answer_reminder") == first


def test_nobody_is_reminded_at_night(app: Flask, meeting: Meeting) -> None:
    night = meeting.starts_at.replace(hour=3) - timedelta(days=2)

    _run(app, chase_silence, night)

    assert _count(app, "answer_reminder") == 0


def test_who_comes_is_reminded_the_day_before(app: Flask, meeting: Meeting, now: datetime) -> None:
    with app.app_context(), unit_of_work():
        school = seat_of(meeting, "school")
        answer = given.answer(InvitationState.ACCEPTED)
        replies.answer(school, answer, letterhead=LETTERHEAD, actor=given.by_link, now=now)
        wanted = school.email
    day_before = meeting.starts_at - timedelta(days=1)

    _run(app, chase_silence, day_before)

    with app.app_context(), reading():
        told = session.scalars(
            select(OutboxMessage.to_address).where(OutboxMessage.kind == "day_before")
        ).all()
    assert told == [wanted]


def test_a_day_before_somebody_rings_who_is_needed_and_silent(app: Flask, meeting: Meeting) -> None:
    with app.app_context(), reading():
        needed = session.scalars(
            select(Invitation.id).where(
                Invitation.requirement.in_([Requirement.QUORUM, Requirement.EXPECTED]),
                Invitation.state == InvitationState.NO_ANSWER,
            )
        ).all()

    _run(app, chase_silence, meeting.starts_at - timedelta(hours=20))

    with app.app_context(), reading():
        asked = session.scalars(select(Task.subject_id).where(Task.key.contains(":silent:"))).all()
    assert set(asked) == set(needed)


def test_who_has_just_been_asked_is_not_reminded(app: Flask, meeting: Meeting) -> None:
    with app.app_context(), unit_of_work():
        for row in session.scalars(select(OutboxMessage)):
            row.handed_at = meeting.starts_at - timedelta(days=1, hours=1)

    _run(app, chase_silence, meeting.starts_at - timedelta(days=1))

    assert _count(app, "answer_reminder") == 0


def test_an_answer_ends_the_chase(app: Flask, meeting: Meeting, now: datetime) -> None:
    with app.app_context(), reading():
        mail = a_reply(meeting, seat_of(meeting, "school"), partstat="DECLINED")
    _store(app, mail, now=now)
    _run(app, apply_replies, now)

    _run(app, chase_silence, meeting.starts_at - timedelta(hours=20))

    with app.app_context(), reading():
        school = seat_of(meeting, "school")
        asked = session.scalars(
            select(Task).where(Task.subject_id == school.id, Task.key.contains(":silent:"))
        ).all()
        row = session.scalars(select(InboundMessage)).one()
        assert row.outcome is InboundOutcome.APPLIED
    assert not asked
