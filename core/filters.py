"""How times, dates and numbers read: London, in words, as the field writes them."""

from __future__ import annotations

from datetime import date, datetime, time

from flask import Flask

from core import clock


def plain_time(at: time | datetime) -> str:
    """Return "9:30am", "2pm", "midday" or "midnight"."""
    if isinstance(at, datetime):
        at = clock.london(at).time()
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    half = "am" if at.hour < 12 else "pm"  # noqa: PLR2004 - the hour noon is
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02d}{half}" if at.minute else f"{hour}{half}"


def plain_date(on: date | datetime) -> str:
    """Return "Monday 10 March 2025", by London's calendar."""
    on = _date(on)
    return f"{on:%A} {on.day} {on:%B} {on.year}"


def short_date(on: date | datetime) -> str:
    """Return "Mon 10 Mar" for tables."""
    on = _date(on)
    return f"{on:%a} {on.day} {on:%b}"


def birth_date(on: date) -> str:
    """Return "27 March 2009"."""
    return f"{on.day} {on:%B} {on.year}"


def plain_instant(instant: datetime) -> str:
    """Return "Monday 10 March 2025 at 9:30am"."""
    return f"{plain_date(instant)} at {plain_time(instant)}"


def short_instant(instant: datetime) -> str:
    """Return "Mon 10 Mar, 9:30am"."""
    return f"{short_date(instant)}, {plain_time(instant)}"


def nhs_number(digits: str | None) -> str:
    """Return an NHS number as 3-3-4."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if digits else ""


def years_old(born_on: date, today: date) -> int:
    """Return completed years of age."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _date(on: date | datetime) -> date:
    return clock.today(on) if isinstance(on, datetime) else on


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        london=plain_instant,
        london_short=short_instant,
        london_date=plain_date,
        london_time=plain_time,
        short_date=short_date,
        birth_date=birth_date,
        nhs=nhs_number,
    )
