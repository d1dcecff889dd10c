"""When a meeting could be: free times within the deadline and the working day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from procedures.rules.timescales import wall
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import PackSettings

_STEP = timedelta(minutes=30)
_LEAD = timedelta(minutes=30)
_APART = timedelta(hours=2)
_MOST_DAYS = 10


@dataclass(frozen=True, slots=True)
class Busy:
    """A time that is taken, and by what, in words for the page."""

    starts_at: datetime
    ends_at: datetime
    words: str

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether the two share any time.

        Source: product default, issue step 3 (free of clashes that are known).
        """
        return self.starts_at < ends_at and starts_at < self.ends_at


def free_times(
    *,
    now: datetime,
    deadline_at: datetime | None,
    minutes: int,
    busy: Sequence[Busy],
    settings: PackSettings,
    calendar: WorkingCalendar,
    count: int = 3,
) -> tuple[datetime, ...]:
    """Return starts from soonest to latest, on half hours, within hours and free of clashes.

    A meeting begins by the deadline and ends within the working day where it can; times some
    hours apart come first, so that there is a choice. None of them is after the deadline.

    Source: decision 15 (it starts by the end of the working day); issue step 3.
    """
    length = timedelta(minutes=minutes)
    free = [
        start
        for start in _starts(now, deadline_at, length, settings, calendar)
        if not any(taken.overlaps(start, start + length) for taken in busy)
    ]
    chosen: list[datetime] = []
    for start in free:
        if all(abs(start - other) >= _APART for other in chosen):
            chosen.append(start)
    chosen = chosen[:count]
    chosen += [start for start in free if start not in chosen][: count - len(chosen)]
    return tuple(sorted(chosen))


def clashes(starts_at: datetime, minutes: int, busy: Sequence[Busy]) -> tuple[str, ...]:
    """Return what stands in the way of a time, in words; empty when it is free.

    Source: product default, issue step 3 (free of clashes that are known).
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    found = [taken.words for taken in busy if taken.overlaps(starts_at, ends_at)]
    return tuple(dict.fromkeys(found))


def _starts(
    now: datetime,
    deadline_at: datetime | None,
    length: timedelta,
    settings: PackSettings,
    calendar: WorkingCalendar,
) -> Iterator[datetime]:
    on = now.astimezone(LONDON).date()
    for _ in range(_MOST_DAYS):
        if calendar.is_working_day(on):
            start, last = wall(on, settings.day_start), wall(on, settings.day_end) - length
            while start <= last:
                if deadline_at is not None and start > deadline_at:
                    return
                if start >= now + _LEAD:
                    yield start
                start += _STEP
        on += timedelta(days=1)


def is_working_time(
    starts_at: datetime, *, settings: PackSettings, calendar: WorkingCalendar
) -> bool:
    """Say whether a time lies on a working day, within its hours.

    Source: decision 15 and field guide DT-1.
    """
    here = starts_at.astimezone(LONDON)
    at = time(here.hour, here.minute)
    is_open = settings.day_start <= at <= settings.day_end
    return calendar.is_working_day(here.date()) and is_open
