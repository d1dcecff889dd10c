"""A record not released by its time climbs, each step once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import session
from meetings.jobs import records as job
from meetings.models.records import RecordChase
from meetings.models.tasks import Task
from meetings.service import late_records, releasing
from notifications.models import OutboxMessage
from notifications.terms import LetterKind
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import london
from tests.factories.records import Room, held, make_room

pytestmark = pytest.mark.usefixtures("database")


def climb(room: Room, at: datetime) -> int:
    return late_records.climb(room.record, room.meeting, letterhead=LETTERHEAD, now=at)


@pytest.mark.parametrize(
    ("on", "steps"),
    [
        # Held on Monday 23 November 2026, due on Tuesday 24 at 5pm.
        (date(2026, 11, 24), []),
        (date(2026, 11, 25), ["chair"]),
        (date(2026, 11, 26), ["chair", "manager"]),
        (date(2026, 11, 30), ["chair", "manager"]),
        (date(2026, 12, 1), ["chair", "manager", "agency_lead"]),
    ],
)
def test_the_climb_counts_working_days_from_the_due_date(on: date, steps: list[str]) -> None:
    room = held(make_room())

    climb(room, london(on, 9))

    assert list(session.scalars(select(RecordChase.step).order_by(RecordChase.at))) == steps


def test_each_step_is_taken_once() -> None:
    room = held(make_room())
    at = london(date(2026, 12, 1), 9)

    first, second = climb(room, at), climb(room, at + timedelta(hours=1))

    letters = session.scalars(
        select(OutboxMessage.to_address).where(OutboxMessage.kind == LetterKind.RECORD_LATE)
    ).all()
    assert (first, second) == (3, 0)
    assert sorted(letters) == sorted(
        [room.world.chair.email, room.world.manager.email, room.world.social_care.lead_email]
    )


def test_a_late_record_stands_on_the_chairs_list_until_it_is_released() -> None:
    room = held(make_room())
    at = london(date(2026, 11, 25), 9)
    climb(room, at)
    task = session.scalars(select(Task).where(Task.kind == releasing.LATE)).one()
    assert task.for_account_id == room.world.chair.id

    releasing.approve(
        room.record, room.meeting, seen_version=room.record.version, actor=room.chair, now=at
    )
    releasing.release(room.record, room.meeting, letterhead=LETTERHEAD, actor=room.manager, now=at)

    assert task.done_at is not None
    assert climb(room, at + timedelta(days=7)) == 0


def test_the_job_finds_what_is_late_and_commits_each(app: Flask) -> None:
    room = held(make_room())
    session.commit()
    at = london(date(2026, 11, 25), 9)

    assert job.climb(at, LETTERHEAD) == 1
    assert job.climb(at, LETTERHEAD) == 0
    assert room.record.due_at is not None
