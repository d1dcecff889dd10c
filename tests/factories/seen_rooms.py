"""A running meeting as a browser's tests need it: plain references, kept outside any session."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask

from core.db import session, unit_of_work
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from people.models.accounts import Account
from people.models.children import Child
from tests.factories.records import Room, make_room


@dataclass(slots=True)
class Seen:
    """References and accounts of a running meeting."""

    room: Room
    ref: str
    child_ref: str
    chair: Account
    writer: Account
    manager: Account
    worker: Account
    duty: Account


def seen_room(app: Flask) -> Seen:
    """Commit a running meeting."""
    with app.app_context(), unit_of_work():
        return seen(make_room())


def seen(room: Room) -> Seen:
    """Return what browsers' tests need of a meeting."""
    world = room.world
    return Seen(
        room=room,
        ref=room.meeting.ref,
        child_ref=room.child.ref,
        chair=world.chair,
        writer=world.duty,
        manager=world.manager,
        worker=world.worker,
        duty=world.duty,
    )


def again(here: Seen) -> Room:
    """Return the meeting's room with its rows loaded in this session."""
    room = here.room
    return replace(
        room,
        meeting=session.get_one(Meeting, room.meeting.id),
        record=session.get_one(Record, room.record.id),
        child=session.get_one(Child, room.child.id),
    )
