"""Working days of England: known dates, properties, and the library of holidays as oracle."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.bank_holidays import calendar_for
from procedures.rules.working_days import OutsideCalendar, WorkingCalendar
from procedures.shipped import default_pack, default_text, pack_of

CALENDAR = calendar_for(default_pack())
ORACLE = holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2041), expand=False)
DATES = st.dates(min_value=date(2021, 1, 1), max_value=date(2039, 1, 1))
COUNTS = st.integers(min_value=1, max_value=60)


def _is_working(on: date) -> bool:
    return on.weekday() < 5 and on not in ORACLE


@pytest.mark.parametrize(
    ("day_0", "days", "expected"),
    [
        (date(2027, 3, 24), 15, date(2027, 4, 16)),
        (date(2026, 12, 23), 15, date(2027, 1, 18)),
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 24), 15, date(2027, 1, 19)),
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
        (date(2027, 5, 27), 3, date(2027, 6, 2)),
        (date(2027, 8, 27), 1, date(2027, 8, 31)),
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
        (date(2027, 3, 13), 1, date(2027, 3, 15)),
        (date(2027, 3, 25), -5, date(2027, 3, 18)),
        (date(2027, 3, 25), -1, date(2027, 3, 24)),
        (date(2027, 3, 14), -1, date(2027, 3, 12)),
        (date(2027, 3, 14), 0, date(2027, 3, 14)),
    ],
)
def test_so_many_working_days_on_or_back(day_0: date, days: int, expected: date) -> None:
    assert CALENDAR.add(day_0, days) == expected


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 12, 28),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 12, 27),
        date(2027, 12, 28),
        date(2028, 1, 3),
        date(2028, 4, 14),
        date(2028, 4, 17),
    ],
)
def test_bank_holidays_and_their_substitutes_are_no_working_days(holiday: date) -> None:
    assert not CALENDAR.is_working_day(holiday)


def test_scottish_holidays_are_working_days_in_england() -> None:
    assert CALENDAR.is_working_day(date(2026, 11, 30))
    assert CALENDAR.is_working_day(date(2027, 1, 4))


def test_a_one_off_holiday_of_the_pack_is_no_working_day() -> None:
    text = default_text().replace("one_off_holidays = []", "one_off_holidays = [2027-05-10]")

    calendar = calendar_for(pack_of(text))

    assert not calendar.is_working_day(date(2027, 5, 10))
    assert CALENDAR.is_working_day(date(2027, 5, 10))


def test_a_closure_day_of_the_pack_stays_a_working_day() -> None:
    text = default_text().replace("closure_days = []", "closure_days = [2027-05-10]")

    calendar = calendar_for(pack_of(text))

    assert calendar.is_working_day(date(2027, 5, 10))
    assert date(2027, 5, 10) in calendar.closures


@given(DATES)
def test_a_day_is_a_working_day_as_the_library_says(on: date) -> None:
    assert CALENDAR.is_working_day(on) is _is_working(on)


@given(DATES, COUNTS)
def test_counting_on_agrees_with_walking_day_by_day(on: date, count: int) -> None:
    walked, left = on, count
    while left:
        walked += timedelta(days=1)
        left -= _is_working(walked)

    assert CALENDAR.add(on, count) == walked


@given(DATES, COUNTS)
def test_counting_back_agrees_with_walking_day_by_day(on: date, count: int) -> None:
    walked, left = on, count
    while left:
        walked -= timedelta(days=1)
        left -= _is_working(walked)

    assert CALENDAR.add(on, -count) == walked


@given(DATES, COUNTS)
def test_there_and_back_from_a_working_day_is_the_same_day(on: date, count: int) -> None:
    start = CALENDAR.on_or_after(on)

    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(DATES, COUNTS)
def test_between_undoes_add(on: date, count: int) -> None:
    later = CALENDAR.add(on, count)

    assert CALENDAR.between(on, later) == count
    assert CALENDAR.between(later, on) == -count


@given(DATES)
def test_rolling_back_and_on_land_on_the_nearest_working_day(on: date) -> None:
    before, after = CALENDAR.on_or_before(on), CALENDAR.on_or_after(on)

    assert before <= on <= after
    assert _is_working(before)
    assert _is_working(after)
    assert CALENDAR.between(before, after) <= 1


def test_beyond_the_years_known_is_an_error_and_not_a_guess() -> None:
    small = WorkingCalendar(frozenset(), first_year=2026, last_year=2026)

    with pytest.raises(OutsideCalendar, match="2027 are not known"):
        small.is_working_day(date(2027, 1, 1))
    with pytest.raises(OutsideCalendar, match="lie beyond 2026"):
        small.add(date(2026, 12, 30), 5)


def test_a_school_is_also_shut_in_its_holidays() -> None:
    school = CALENDAR.without({date(2027, 3, 30), date(2027, 3, 31)})

    assert school.add(date(2027, 3, 25), 1) == date(2027, 4, 1)


def test_the_holidays_that_made_a_limit_longer_are_named() -> None:
    assert CALENDAR.holidays_between(date(2026, 12, 23), date(2027, 1, 4)) == (
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
    )
