"""Meetings that were left open: past their time and never begun, or begun and never finished.

Neither has a record that could be late, so no other list would ever name them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select

from core.db import session
from meetings.models.meetings import Meeting
from meetings.queries.home import answered_for, in_all, teams_of
from meetings.terms import MeetingStatus
from people.models.children import Child
from people.terms import Actor

LONGEST_SITTING = timedelta(hours=12)


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
    values = {"me": actor.account_id, "now": now, "long_ago": now - LONGEST_SITTING}
    rows = session.execute(_left_open(teams_of(actor), limit), values).all()
    found = [LeftOpen(*row[:-1]) for row in rows]
    return found, in_all(rows)


@lru_cache(maxsize=256)
def _left_open(teams: frozenset[UUID], limit: int | None) -> Select[*tuple[Any, ...]]:
    now: BindParameter[datetime] = bindparam("now")
    never_begun = and_(Meeting.status == MeetingStatus.ARRANGED, Meeting.ends_at < now)
    never_finished = and_(
        Meeting.status == MeetingStatus.IN_PROGRESS,
        or_(
            Meeting.started_at < bindparam("long_ago"),
            and_(Meeting.is_immediate.is_(True), Meeting.ends_at < now),
        ),
    )
    return (
        select(
            Meeting.ref,
            Meeting.type_name,
            Meeting.status,
            Meeting.starts_at,
            Meeting.started_at,
            Child.ref,
            Child.name,
            func.count().over(),
        )
        .join(Child, Child.id == Meeting.child_id)
        .where(or_(never_begun, never_finished), answered_for(teams))
        # "Arranged" comes before "in progress".
        .order_by(Meeting.status, Meeting.starts_at, Meeting.ref)
        .limit(limit)
    )
