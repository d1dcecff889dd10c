"""How far away a date is, in the words pages use, with the date itself beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.filters import plain_date, plain_time

_SOON = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A date in words: "3 days overdue", "Tuesday 4 March 2025", and how it is coloured."""

    relative: str
    absolute: str
    kind: str


def due_date(on: date, today: date) -> Due:
    """Return how far a London date is away; kind is alert when it is over."""
    days = (on - today).days
    if days < 0:
        return Due(f"{_days(-days)} overdue", plain_date(on), "alert")
    if days == 0:
        return Due("Due today", plain_date(on), "soon")
    words = "Due tomorrow" if days == 1 else f"Due in {_days(days)}"
    return Due(words, plain_date(on), "soon" if days <= _SOON else "plain")


def due_instant(at: datetime | None, now: datetime) -> Due | None:
    """Return how far an instant is away; within the day its time is said too."""
    if at is None:
        return None
    if at < now and clock.today(at) == clock.today(now):
        return Due("Overdue since today", f"{plain_date(at)} at {plain_time(at)}", "alert")
    return due_date(clock.today(at), clock.today(now))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
