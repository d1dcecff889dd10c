"""Meetings that were left open: past their time and never begun, or begun and never finished.

Neither has a record that could be late, so no other list would ever name them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import load_only

from core.db import session
from meetings.models.meetings import Meeting
from meetings.queries.home import works_on
from meetings.terms import MeetingStatus
from people.models.children import Child
from people.terms import Actor

LONGEST_SITTING = timedelta(hours=12)
# Of a wide row only what a line shows.
_NAME = load_only(
    Child.ref, Child.given_name, Child.family_name, Child.preferred_name, raiseload=True
)


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A meeting that somebody must start, finish or stand down."""

    ref: str
    type_name: str
    status: MeetingStatus
    starts_at: datetime
    started_at: datetime | None
    child_ref: str
    child_name: str


def left_open(actor: Actor, now: datetime, *, limit: int | None) -> tuple[list[LeftOpen], int]:
    """Return the meetings left open that the actor answers for, and how many there are in all.

    Those never begun stand first, then the longest ago. A discussion held at once is left open
    when its half hour is over, any other meeting twelve hours after it began. One statement.

    Args:
        limit: how many to return; None for all.
    """
    never_begun = and_(Meeting.status == MeetingStatus.ARRANGED, Meeting.ends_at < now)
    never_finished = and_(
        Meeting.status == MeetingStatus.IN_PROGRESS,
        or_(
            Meeting.started_at < now - LONGEST_SITTING,
            and_(Meeting.is_immediate.is_(True), Meeting.ends_at < now),
        ),
    )
    rows = session.execute(
        select(
            Meeting.ref,
            Meeting.type_name,
            Meeting.status,
            Meeting.starts_at,
            Meeting.started_at,
            Child,
            func.count().over(),
        )
        .options(_NAME)
        .join(Child, Child.id == Meeting.child_id)
        .where(or_(never_begun, never_finished), works_on(actor))
        # "Arranged" comes before "in progress".
        .order_by(Meeting.status, Meeting.starts_at, Meeting.ref)
        .limit(limit)
    ).all()
    found = [
        LeftOpen(ref, type_name, status, starts_at, started_at, child.ref, child.name)
        for ref, type_name, status, starts_at, started_at, child, _ in rows
    ]
    return found, rows[0][-1] if rows else 0
