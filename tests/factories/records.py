"""A meeting that runs, with its record and everything needed to write into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.record_terms import (
    ActionWords,
    Came,
    DecisionKind,
    DecisionWords,
    Finished,
    FinishWords,
    SectionWords,
)
from meetings.service import attendance, concluding, deciding, records, standing
from meetings.terms import AttendanceState, Heading
from people.models.children import Child
from people.terms import Actor
from plans.terms import ActionKind
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    World,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
)
from tests.factories.people import FRIDAY, actor_of


@dataclass(slots=True)
class Room:
    """A running meeting: its world, its record, and the instant at which it began."""

    world: World
    child: Child
    meeting: Meeting
    record: Record
    now: datetime

    @property
    def chair(self) -> Actor:
        """The chair."""
        return actor_of(self.world.chair)

    @property
    def writer(self) -> Actor:
        """The duty worker who convened it and takes the notes."""
        return self.world.actor

    @property
    def manager(self) -> Actor:
        """The team manager."""
        return actor_of(self.world.manager)

    @property
    def worker(self) -> Actor:
        """The child's allocated worker."""
        return actor_of(self.world.worker)

    @property
    def invited(self) -> list[Invitation]:
        """The invitations that stand."""
        return standing.invited_to(self.meeting.id)

    @property
    def headings(self) -> dict[str, Heading]:
        """The record's headings by key."""
        found = standing.headings_of(self.meeting, self.invited, now=self.now)
        return {heading.key: heading for heading in found}


def make_room(
    *,
    now: datetime = FRIDAY,
    starts_at: datetime | None = None,
    world: World | None = None,
    child: Child | None = None,
) -> Room:
    """Convene a meeting and start it on its time."""
    world = world or make_world(now=now)
    child = child or make_known_child(world)
    meeting = make_meeting(world, child, now=now, starts_at=starts_at)
    record = records.start(meeting, actor=world.actor, now=meeting.starts_at)
    return Room(world, child, meeting, record, meeting.starts_at)


def write(room: Room, key: str, text: str, *, by: Actor | None = None, seen: int = 0) -> None:
    """Write under one heading."""
    records.save_section(
        room.record,
        room.headings[key],
        SectionWords(key, text),
        seen_version=seen,
        actor=by or room.writer,
        now=room.now,
    )


def everybody_came(room: Room, *, without: tuple[str, ...] = ()) -> None:
    """Mark everybody present; kinds of agency in ``without`` as absent."""
    for invitation in room.invited:
        is_away = invitation.agency_kind in without
        state = AttendanceState.ABSENT if is_away else AttendanceState.PRESENT
        attendance.mark(
            room.record, room.meeting, invitation, Came(state), actor=room.writer, now=room.now
        )


def agree(
    room: Room,
    what: str = "Arrange a mentor",
    *,
    due_on: date | None = None,
    kind: ActionKind = ActionKind.SUPPORT,
) -> None:
    """Agree an action of the school, due in a week."""
    deciding.add(
        room.record,
        room.meeting,
        ActionWords(
            what=what,
            kind=kind,
            agency_ref=room.world.school.ref,
            owner_name="Ms Ali",
            owner_email="ms.ali@school.example",
            due_on=due_on or room.now.date() + timedelta(days=7),
            how_known="The first talk took place",
        ),
        actor=room.writer,
        now=room.now,
    )


def decide(room: Room, kind: DecisionKind = DecisionKind.ENQUIRY_BEGINS) -> None:
    """Decide something with a reason."""
    deciding.add(
        room.record,
        room.meeting,
        DecisionWords(kind, "It is decided.", "Because of what was heard."),
        actor=room.writer,
        now=room.now,
    )


def finish(room: Room, *, by: Actor | None = None, **given: str) -> Finished:
    """Finish the meeting half an hour after it began."""
    words = {"reason": "The family waits."} | given
    return concluding.finish(
        room.record,
        room.meeting,
        FinishWords(**words),
        letterhead=LETTERHEAD,
        actor=by or room.writer,
        now=room.now + timedelta(minutes=30),
    )


def held(room: Room) -> Room:
    """Hold the meeting to its end with everybody there, a decision and an action."""
    everybody_came(room)
    decide(room)
    agree(room)
    finish(room)
    session.flush()
    return room


def room_after(room: Room, *, days: int) -> Room:
    """Start a second meeting about the same child, after a new incident some days later."""
    later = room.now + timedelta(days=days)
    meeting = make_meeting(
        room.world,
        room.child,
        now=later,
        involvement=make_involvement(room.world, room.child, now=later),
        overlap_reason="A new incident.",
    )
    record = records.start(meeting, actor=room.writer, now=meeting.starts_at)
    return Room(room.world, room.child, meeting, record, meeting.starts_at)
