"""When a plan is reviewed next, and what falls within the next days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from plans.terms import DayItem, DayKind

WEEK = timedelta(days=7)
_REVIEWS = (DayKind.PLAN_REVIEW, DayKind.STRAND_REVIEW)


def next_review(days: Iterable[DayItem], today: date) -> DayItem | None:
    """Return the earliest review of plan or strand from today on, or None.

    Source: local standard: one place says when anything of this child's is reviewed next.
    """
    coming = [day for day in days if day.kind in _REVIEWS and day.on >= today]
    return min(coming, key=lambda day: day.on, default=None)


def next_seven_days(days: Iterable[DayItem], today: date) -> tuple[DayItem, ...]:
    """Return what falls on today and the six days after, the earliest first.

    Source: local standard: the first screen of a plan shows the week that begins today.
    """
    return tuple(
        sorted(
            (day for day in days if today <= day.on < today + WEEK),
            key=lambda day: (day.on, day.kind, day.words),
        )
    )


def overdue(days: Iterable[DayItem], today: date) -> tuple[DayItem, ...]:
    """Return the actions and reviews whose date is over, the oldest first.

    An order that has run out is not overdue: it has ended.

    Source: local standard: an action is done in time until the end of its due date.
    """
    return tuple(
        sorted(
            (day for day in days if day.on < today and day.kind is not DayKind.ORDER),
            key=lambda day: (day.on, day.words),
        )
    )
