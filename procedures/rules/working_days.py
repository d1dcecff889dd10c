"""Working days of England: which they are, the next, the one before, and so many on or back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Set
from datetime import date, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_FIRST_WEEKEND_DAY = 5


class OutsideCalendar(ValueError):
    """The date lies beyond the years whose bank holidays are known."""


class WorkingCalendar:
    """Monday to Friday without the holidays given, between two years.

    Working days are held as one sorted array, so that counting is a place in it and not a walk
    from day to day. ``closures`` are local days on which people are away: they warn and never
    move a limit.
    """

    __slots__ = ("_days", "_weekday_holidays", "closures", "first", "holidays", "last")

    def __init__(
        self,
        holidays: Set[date],
        *,
        first_year: int,
        last_year: int,
        closures: Set[date] = frozenset(),
    ) -> None:
        self.holidays = frozenset(holidays)
        self.closures = frozenset(closures)
        self._weekday_holidays = tuple(
            sorted(day for day in self.holidays if day.weekday() < _FIRST_WEEKEND_DAY)
        )
        self.first = date(first_year, 1, 1)
        self.last = date(last_year, 12, 31)
        span = (self.last - self.first).days + 1
        everyday = (self.first + timedelta(days=n) for n in range(span))
        self._days = tuple(
            day
            for day in everyday
            if day.weekday() < _FIRST_WEEKEND_DAY and day not in self.holidays
        )

    def is_working_day(self, on: date) -> bool:
        """Say whether a date is Monday to Friday and no bank holiday.

        Source: field guide DT-1.
        """
        self._check(on)
        return on.weekday() < _FIRST_WEEKEND_DAY and on not in self.holidays

    def add(self, on: date, days: int) -> date:
        """Return the n-th working day after a date, which is day 0 whatever day it is.

        A negative number counts back. Zero returns the date itself.

        Raises:
            OutsideCalendar: the answer lies beyond the years known.

        Source: field guide DT-2 and DT-10.
        """
        self._check(on)
        if days == 0:
            return on
        place = bisect_right(self._days, on) - 1 if days > 0 else bisect_left(self._days, on)
        place += days
        if not 0 <= place < len(self._days):
            raise OutsideCalendar(f"{days} working days from {on} lie beyond {self.last.year}")
        return self._days[place]

    def on_or_before(self, on: date) -> date:
        """Return the date itself if it is a working day, else the working day before.

        Source: field guide DT-3 and DT-10.
        """
        return on if self.is_working_day(on) else self.add(on, -1)

    def on_or_after(self, on: date) -> date:
        """Return the date itself if it is a working day, else the next working day.

        Source: field guide DT-1.
        """
        return on if self.is_working_day(on) else self.add(on, 1)

    def between(self, first: date, last: date) -> int:
        """Return the working days after ``first`` up to and with ``last``; negative backwards.

        Source: field guide DT-2.
        """
        self._check(first)
        self._check(last)
        if last < first:
            return -self.between(last, first)
        return bisect_right(self._days, last) - bisect_right(self._days, first)

    def holidays_between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the weekday holidays after ``first`` up to ``last``: why a limit is longer.

        Source: field guide DT-1.
        """
        named = self._weekday_holidays
        return named[bisect_right(named, first) : bisect_right(named, last)]

    def without(self, shut: Set[date]) -> WorkingCalendar:
        """Return the calendar of a place that is also shut on these days, such as a school.

        Source: field guide DT-6.
        """
        return WorkingCalendar(
            self.holidays | shut,
            first_year=self.first.year,
            last_year=self.last.year,
            closures=self.closures,
        )

    def _check(self, on: date) -> None:
        if not self.first <= on <= self.last:
            raise OutsideCalendar(
                f"the bank holidays of {on.year} are not known: "
                f"the calendar covers {self.first.year} to {self.last.year}"
            )
