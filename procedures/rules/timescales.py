"""A deadline from a timescale and the event it counts from, with the sum in words."""

from __future__ import annotations

import calendar as months_of
from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import Deadline, PackSettings, Timescale, Unit

_MONTHS_IN_YEAR = 12
_DAYS_KEPT = 4096
_NAMES = {
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.CALENDAR_DAYS: ("day", "days"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.MONTHS: ("month", "months"),
    Unit.HOURS: ("hour", "hours"),
    Unit.SCHOOL_DAYS: ("school day", "school days"),
}


def deadline(
    timescale: Timescale,
    counted_from: datetime | date,
    *,
    rule_id: str,
    calendar: WorkingCalendar,
    settings: PackSettings,
    rolls_back: bool = True,
    school_shut: Set[date] = frozenset(),
) -> Deadline:
    """Return by when something must be done.

    Args:
        counted_from: the event; an aware instant, or a London date where only that is known.
        rolls_back: a limit in days, weeks or months that ends on a non-working day moves to the
            working day before, because a meeting cannot be held then. A document's does not.
        school_shut: for school days, the dates on which the school is shut.

    Raises:
        ValueError: the instant is naive.
        TypeError: hours are counted from a mere date.
        OutsideCalendar: bank holidays of that year are not known.

    Source: field guide DT-1 to DT-10 and decision 15.
    """
    start = _london_date(counted_from)
    if timescale.unit is Unit.HOURS:
        return _elapsed(timescale, counted_from, start, rule_id)
    days = calendar.without(school_shut) if timescale.unit is Unit.SCHOOL_DAYS else calendar
    legal_on = _legal_date(timescale, start, days, settings)
    moves = rolls_back or timescale.is_before
    on = calendar.on_or_before(legal_on) if moves and _may_land_anywhere(timescale) else legal_on
    same_day = timescale.unit is Unit.SAME_DAY
    return Deadline(
        on=on,
        at=midnight_after(on) if same_day else wall(on, settings.day_end),
        legal_on=legal_on,
        counted_from=start,
        rule_id=rule_id,
        by=spoken(on),
        working=_sum(timescale, start, legal_on, on, days),
        warnings=_closure_warnings(on, calendar),
    )


@lru_cache(maxsize=_DAYS_KEPT)
def wall(on: date, at: time) -> datetime:
    """Return the UTC instant at which London's clock shows a time of a working day.

    Meant for hours of the day that are never skipped or doubled: clocks change at 1am.

    Source: decision 15 (the end of the working day in London).
    """
    return datetime.combine(on, at, tzinfo=LONDON).astimezone(UTC)


def midnight_after(on: date) -> datetime:
    """Return the UTC instant at which a London date ends.

    Source: decision 15 ("same day" ends at midnight of that calendar day).
    """
    return wall(on + timedelta(days=1), time(0))


def add_months(on: date, count: int) -> date:
    """Return the same day number so many months on, clamped to the month's end.

    Source: field guide DT-3.
    """
    place = on.year * _MONTHS_IN_YEAR + on.month - 1 + count
    year, month = divmod(place, _MONTHS_IN_YEAR)
    last = months_of.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))


@lru_cache(maxsize=_DAYS_KEPT)
def spoken(on: date) -> str:
    """Return a date as people say it: "Monday 10 March 2025".

    Source: experience guide 4.2.
    """
    return f"{on:%A} {on.day} {on:%B %Y}"


def spoken_time(at: time) -> str:
    """Return a time as people say it: "9:30am", "5pm", "midday", "midnight".

    Source: experience guide 4.2.
    """
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < _MONTHS_IN_YEAR else 'pm'}"


def said(timescale: Timescale) -> str:
    """Return a timescale in words, without its event: "1 working day".

    Source: field guide DT-2.
    """
    if timescale.unit is Unit.SAME_DAY:
        return "the same day"
    one, many = _NAMES[timescale.unit]
    return f"{timescale.n} {one if timescale.n == 1 else many}"


def _london_date(event: datetime | date) -> date:
    if not isinstance(event, datetime):
        return event
    if event.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return event.astimezone(LONDON).date()


def _elapsed(
    timescale: Timescale, counted_from: datetime | date, start: date, rule_id: str
) -> Deadline:
    if not isinstance(counted_from, datetime):
        raise TypeError("a limit in hours counts from an instant, not from a date")
    hours = -timescale.n if timescale.is_before else timescale.n
    at = counted_from.astimezone(UTC) + timedelta(hours=hours)
    shown = at.astimezone(LONDON)
    by = f"{spoken(shown.date())} at {spoken_time(shown.time())}"
    since = counted_from.astimezone(LONDON)
    side = "before" if timescale.is_before else "after"
    return Deadline(
        on=shown.date(),
        at=at,
        legal_on=shown.date(),
        counted_from=start,
        rule_id=rule_id,
        by=by,
        working=f"{said(timescale)} {side} {spoken(since.date())} at {spoken_time(since.time())}, "
        "weekends and holidays included",
        is_elapsed=True,
    )


def _legal_date(
    timescale: Timescale, start: date, days: WorkingCalendar, settings: PackSettings
) -> date:
    n = -timescale.n if timescale.is_before else timescale.n
    match timescale.unit:
        case Unit.SAME_DAY:
            return start
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=n)
        case Unit.WEEKS:
            return start + timedelta(weeks=n)
        case Unit.MONTHS:
            return add_months(start, n)
        case _:
            if settings.counts_day_of_event and n > 0 and days.is_working_day(start):
                n -= 1
            return days.add(start, n)


def _may_land_anywhere(timescale: Timescale) -> bool:
    return timescale.unit in (Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS)


def _sum(timescale: Timescale, start: date, legal_on: date, on: date, days: WorkingCalendar) -> str:
    if timescale.unit is Unit.SAME_DAY:
        return f"the same day, {spoken(start)}, until 11:59pm"
    side = "before" if timescale.is_before else "after"
    words = f"{said(timescale)} {side} {spoken(start)}"
    if timescale.unit in (Unit.WORKING_DAYS, Unit.SCHOOL_DAYS):
        skipped = days.holidays_between(min(start, legal_on), max(start, legal_on))
        if skipped:
            named = ", ".join(f"{day:%a} {day.day} {day:%b}" for day in skipped)
            word = "school closed or holiday" if timescale.unit is Unit.SCHOOL_DAYS else "holiday"
            words += f" (not counted: weekends, and {word} on {named})"
    if on != legal_on:
        words += (
            f", which is {spoken(legal_on)}; that is no working day, "
            f"so the last day is {spoken(on)}"
        )
    return words


def _closure_warnings(on: date, calendar: WorkingCalendar) -> tuple[str, ...]:
    if on not in calendar.closures:
        return ()
    return (f"{spoken(on)} is a local closure day. The deadline stands: arrange it earlier.",)
