"""The only clock. Doors read it; everything below takes the instant as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class MissingHour(ValueError):
    """This wall time does not exist: the clocks go forward over it."""


class AmbiguousHour(ValueError):
    """This wall time happens twice: the clocks go back over it."""


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def london(instant: datetime) -> datetime:
    """Return the instant on London's clock.

    Raises:
        ValueError: ``instant`` is naive.
    """
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return instant.astimezone(LONDON)


def today(instant: datetime) -> date:
    """Return the London calendar date of an instant."""
    return london(instant).date()


def wall(on: date, at: time, *, fold: int | None = None) -> datetime:
    """Return the UTC instant at which London's clock shows this date and time.

    Args:
        fold: for the hour that happens twice, 0 for the first and 1 for the second.

    Raises:
        MissingHour: the hour is skipped that night.
        AmbiguousHour: the hour happens twice and ``fold`` was not given.
    """
    first = datetime.combine(on, at.replace(fold=0), tzinfo=LONDON)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    back = first.astimezone(UTC).astimezone(LONDON)
    if back.replace(tzinfo=None) != first.replace(tzinfo=None, fold=0):
        raise MissingHour(
            f"{at:%H:%M} on {on:%d %B %Y} does not exist: the clocks go forward that night"
        )
    if fold is None:
        raise AmbiguousHour(
            f"{at:%H:%M} on {on:%d %B %Y} happens twice: the clocks go back that night"
        )
    return (first if fold == 0 else second).astimezone(UTC)
