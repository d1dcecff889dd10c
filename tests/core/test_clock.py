"""London's clock: hours that do not exist, hours that come twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from core import clock


@pytest.mark.parametrize(
    ("on", "at", "utc"),
    [
        (date(2026, 3, 27), time(10), datetime(2026, 3, 27, 10, tzinfo=UTC)),
        (date(2026, 3, 30), time(10), datetime(2026, 3, 30, 9, tzinfo=UTC)),
        (date(2026, 10, 26), time(9), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (date(2028, 2, 29), time(16, 40), datetime(2028, 2, 29, 16, 40, tzinfo=UTC)),
    ],
)
def test_a_wall_time_has_one_instant(on: date, at: time, utc: datetime) -> None:
    assert clock.wall(on, at) == utc


def test_the_hour_that_is_skipped_is_refused() -> None:
    with pytest.raises(clock.MissingHour, match="does not exist"):
        clock.wall(date(2026, 3, 29), time(1, 30))


def test_the_hour_that_comes_twice_is_asked() -> None:
    with pytest.raises(clock.AmbiguousHour, match="happens twice"):
        clock.wall(date(2026, 10, 25), time(1, 30))

    first = clock.wall(date(2026, 10, 25), time(1, 30), fold=0)
    second = clock.wall(date(2026, 10, 25), time(1, 30), fold=1)
    assert (second - first).total_seconds() == 3600


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.london(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
