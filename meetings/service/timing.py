"""Whether a meeting may be at a time: a real hour, in the future, by its deadline, and free."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from core import clock
from core.clock import AmbiguousHour, MissingHour
from core.errors import Refused
from core.filters import plain_date
from meetings.choices import Choice
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.queries import diary
from meetings.rules import overlap, slots
from meetings.rules.slots import Busy
from procedures.service import packs
from procedures.terms import Pack

LONGEST_MINUTES, SHORTEST_MINUTES = 8 * 60, 10
_SAME_PURPOSE_WITHIN_DAYS = 10
_LOOK_AROUND = timedelta(hours=12)


def instant(choice: Choice) -> datetime:
    """Return the instant of the chosen London date and time.

    Raises:
        Refused: the hour is skipped that night, or happens twice and nobody said which.
    """
    try:
        return clock.wall(choice.on, choice.at, fold=choice.fold)
    except MissingHour:
        raise Refused(
            "meeting.missing_hour",
            "This time does not exist: the clocks go forward that night. "
            "Enter a time before 1am or from 2am.",
        ) from None
    except AmbiguousHour:
        raise Refused(
            "meeting.twice",
            "This time happens twice: the clocks go back that night. "
            "Say whether it is before or after the clocks change.",
        ) from None


def require(
    judgement: Judgement, choice: Choice, starts_at: datetime, *, pack: Pack, now: datetime
) -> None:
    """Refuse a time that cannot be, or that needs a reason.

    Raises:
        Refused: it is past, of a strange length, or late or on no working day without a reason.
    """
    if starts_at <= now:
        raise Refused(
            "meeting.past",
            "The meeting must start in the future. To write down a discussion that took place, "
            "use “Hold it now by telephone”.",
        )
    if not SHORTEST_MINUTES <= choice.minutes <= LONGEST_MINUTES:
        raise Refused("meeting.minutes", "A meeting takes between 10 minutes and 8 hours.")
    if choice.late_reason.strip():
        return
    if judgement.deadline_at is not None and starts_at > judgement.deadline_at:
        by = plain_date(judgement.deadline_on) if judgement.deadline_on else "its date"
        raise Refused(
            "meeting.late",
            f"This time is after the deadline, {by}. Choose an earlier time or give a reason.",
        )
    if not packs.calendar_of(pack).is_working_day(choice.on):
        day = plain_date(choice.on)
        raise Refused(
            "meeting.no_working_day",
            f"{day} is not a working day. Choose a working day or give a reason.",
        )


def busy(
    involvement: Involvement,
    *,
    chair_id: uuid.UUID | None,
    addresses: Collection[str],
    since: datetime,
    until: datetime,
) -> tuple[Busy, ...]:
    """Return the times at which child, chair or an invitee is taken, as far as Confer knows."""
    around = (since - _LOOK_AROUND, until + _LOOK_AROUND)
    known = diary.taken(
        involvement.child_id,
        chair_id=chair_id,
        addresses=addresses,
        since=around[0],
        until=around[1],
    )
    return known + apart(involvement)


def taken_at(
    meeting: Meeting, starts_at: datetime, minutes: int, addresses: Collection[str]
) -> tuple[str, ...]:
    """Return in words who is taken at a time to which a meeting is to be moved."""
    known = diary.taken(
        meeting.child_id,
        chair_id=meeting.chair_id,
        addresses=addresses,
        since=starts_at - _LOOK_AROUND,
        until=starts_at + timedelta(minutes=minutes) + _LOOK_AROUND,
        besides=meeting.id,
    )
    return clashes(starts_at, minutes, known)


def apart(involvement: Involvement) -> tuple[Busy, ...]:
    """Return the times kept free around meetings of the other children of the incident."""
    return diary.kept_apart(involvement.incident_id, involvement.child_id)


def same_purpose(
    involvement: Involvement, kind: str, starts_at: datetime, *, pack: Pack, now: datetime
) -> tuple[str, ...]:
    """Return the child's booked meetings within ten working days that could be this one.

    Source: never-event N8, two meetings where one would do.
    """
    calendar = packs.calendar_of(pack)
    on = clock.today(starts_at)
    return tuple(
        meeting.ref
        for meeting in diary.booked(involvement.child_id, now)
        if abs(calendar.between(on, clock.today(meeting.starts_at))) <= _SAME_PURPOSE_WITHIN_DAYS
        and overlap.may_join(kind, meeting.meeting_type, pack=pack)
    )


def clashes(starts_at: datetime, minutes: int, taken: tuple[Busy, ...]) -> tuple[str, ...]:
    """Return what stands in the way of a time, in words."""
    return slots.clashes(starts_at, minutes, taken)
