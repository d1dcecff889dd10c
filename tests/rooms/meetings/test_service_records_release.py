"""Approving and releasing: two people, known from the saved edits; corrections beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import session
from core.errors import Conflict, NotAllowed, Refused
from meetings.models.records import RecordCorrection
from meetings.models.tasks import Task
from meetings.queries import home
from meetings.queries import records as queries
from meetings.service import releasing
from meetings.terms import RecordStatus
from notifications.models import OutboxMessage
from notifications.terms import LetterKind
from people.terms import Actor
from tests.factories.mail import LETTERHEAD
from tests.factories.records import Room, held, make_room, write

pytestmark = pytest.mark.usefixtures("database")


def _approve(room: Room) -> None:
    releasing.approve(
        room.record,
        room.meeting,
        seen_version=room.record.version,
        actor=room.chair,
        now=room.now + timedelta(hours=1),
    )


def _release(room: Room, by: Actor) -> int:
    return releasing.release(
        room.record,
        room.meeting,
        letterhead=LETTERHEAD,
        actor=by,
        now=room.now + timedelta(hours=2),
    )


def test_only_the_chair_approves() -> None:
    room = held(make_room())

    with pytest.raises(NotAllowed, match="Only the chair"):
        releasing.approve(
            room.record,
            room.meeting,
            seen_version=room.record.version,
            actor=room.manager,
            now=room.now,
        )


def test_what_waits_for_a_chair_who_left_falls_to_the_managers_of_the_team() -> None:
    room = held(make_room())
    approve = f"Approve the record of {room.meeting.ref}"
    before = [line.task.words for line in home.my_tasks(room.manager)]

    room.world.chair.is_disabled = True
    session.flush()

    assert approve not in before
    assert approve in [line.task.words for line in home.my_tasks(room.manager)]


def test_the_chair_approves_what_was_shown_and_not_what_came_after() -> None:
    room = held(make_room())
    seen = room.record.version
    write(room, "purpose", "A late word.")

    with pytest.raises(Conflict, match="Read it again"):
        releasing.approve(
            room.record, room.meeting, seen_version=seen, actor=room.chair, now=room.now
        )


def test_whoever_wrote_a_word_cannot_release_and_is_told_who_may() -> None:
    room = make_room()
    write(room, "history", "The manager's own words.", by=room.manager)
    held(room)
    _approve(room)

    with pytest.raises(NotAllowed) as refusal:
        _release(room, room.manager)

    assert "You wrote part of this record" in refusal.value.why
    assert room.world.worker.name in refusal.value.why
    assert room.world.manager.name not in refusal.value.why
    assert room.record.status is RecordStatus.APPROVED


def test_a_chair_who_wrote_nothing_may_release() -> None:
    room = held(make_room())
    _approve(room)

    _release(room, room.chair)

    assert room.record.released_by_id == room.world.chair.id


def test_somebody_who_only_marked_who_was_there_wrote_no_text() -> None:
    room = held(make_room())

    writers = queries.writers_of(room.record.id)

    assert room.world.duty.id in writers
    assert room.world.manager.id not in writers


def test_a_person_of_another_team_cannot_release() -> None:
    room = held(make_room())
    _approve(room)

    with pytest.raises(NotAllowed, match="releases a record"):
        _release(room, room.writer.system("somebody"))


def test_a_record_is_released_only_once_approved() -> None:
    room = held(make_room())

    with pytest.raises(Refused, match="not approved"):
        _release(room, room.manager)


def test_on_release_each_invitee_gets_a_letter_with_a_link_and_no_attachment() -> None:
    room = held(make_room())
    _approve(room)

    sent = _release(room, room.manager)

    letters = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == LetterKind.RECORD_READY)
    ).all()
    addresses = [letter.to_address for letter in letters]
    assert sent == len(letters) == len(set(addresses))
    assert set(addresses) == {row.email for row in room.invited if row.email}
    assert not any(letter.is_entry for letter in letters)


def test_release_takes_the_task_off_everybodys_list() -> None:
    room = held(make_room())
    _approve(room)
    waiting = session.scalars(select(Task).where(Task.kind == releasing.RELEASE)).all()
    assert {task.for_account_id for task in waiting} == {
        room.world.chair.id,
        room.world.manager.id,
        room.world.worker.id,
    }

    _release(room, room.manager)

    assert all(task.done_at for task in waiting)


def test_the_link_leads_to_the_record_only_once_it_is_released() -> None:
    room = held(make_room())
    invitation = room.invited[0]
    assert queries.released_for(invitation) is None
    _approve(room)

    _release(room, room.manager)

    assert queries.released_for(invitation) is room.record


def test_a_correction_stands_beside_the_record_and_changes_nothing_in_it() -> None:
    room = held(make_room())
    _approve(room)
    _release(room, room.manager)
    version = room.record.version

    releasing.correct(
        room.record,
        room.meeting,
        text="The practice was told on Monday, not Friday.",
        reason="Wrong day.",
        by_name="Dr Lin, GP",
        actor=Actor.system("link"),
        now=room.now + timedelta(days=1),
        invitation_id=room.invited[0].id,
    )

    row = session.scalars(select(RecordCorrection)).one()
    task = session.scalars(
        select(Task).where(Task.subject_id == room.record.id, Task.done_at.is_(None))
    ).one()
    assert (row.by_name, room.record.version) == ("Dr Lin, GP", version)
    assert task.for_account_id == room.world.chair.id


def test_a_record_not_released_takes_no_correction() -> None:
    room = held(make_room())

    with pytest.raises(Refused, match="not released"):
        releasing.correct(
            room.record,
            room.meeting,
            text="x",
            reason="y",
            by_name="Dr Lin, GP",
            actor=Actor.system("link"),
            now=room.now,
        )
