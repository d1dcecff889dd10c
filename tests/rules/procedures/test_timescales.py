"""Deadlines DT-1 to DT-10, with the sum in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from procedures.bank_holidays import calendar_for
from procedures.rules.timescales import add_months, deadline, said, spoken, spoken_time
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.shipped import default_pack, default_text, pack_of
from procedures.terms import Deadline, PackSettings, Timescale, Unit

PACK = default_pack()
CALENDAR = calendar_for(PACK)


def _due(
    unit: Unit,
    n: int,
    start: datetime | date,
    *,
    is_before: bool = False,
    rolls_back: bool = True,
    school_shut: frozenset[date] = frozenset(),
    settings: PackSettings = PACK.settings,
    calendar: WorkingCalendar = CALENDAR,
) -> Deadline:
    return deadline(
        Timescale(n, unit, "known_at", is_before),
        start,
        rule_id="R",
        calendar=calendar,
        settings=settings,
        rolls_back=rolls_back,
        school_shut=school_shut,
    )


@pytest.mark.parametrize(
    ("unit", "n", "start", "on"),
    [
        (Unit.SAME_DAY, 0, date(2027, 3, 13), date(2027, 3, 13)),
        (Unit.WORKING_DAYS, 15, date(2027, 3, 24), date(2027, 4, 16)),
        (Unit.CALENDAR_DAYS, 28, date(2027, 3, 1), date(2027, 3, 25)),
        (Unit.WEEKS, 6, date(2027, 4, 19), date(2027, 5, 28)),
        (Unit.MONTHS, 3, date(2027, 1, 19), date(2027, 4, 19)),
        (Unit.MONTHS, 3, date(2026, 11, 30), date(2027, 2, 26)),
        (Unit.MONTHS, 6, date(2027, 8, 31), date(2028, 2, 29)),
        (Unit.MONTHS, 1, date(2027, 1, 31), date(2027, 2, 26)),
    ],
)
def test_a_meetings_last_day(unit: Unit, n: int, start: date, on: date) -> None:
    assert _due(unit, n, start).on == on


def test_a_meeting_rolls_back_and_shows_both_dates() -> None:
    due = _due(Unit.MONTHS, 3, date(2026, 12, 28))

    assert due.legal_on == date(2027, 3, 28)
    assert due.on == date(2027, 3, 25)
    assert "Sunday 28 March 2027" in due.working
    assert due.by == "Thursday 25 March 2027"


def test_a_document_does_not_roll_back() -> None:
    due = _due(Unit.CALENDAR_DAYS, 10, date(2027, 3, 17), rolls_back=False)

    assert due.on == due.legal_on == date(2027, 3, 27)


def test_papers_counted_back_in_weeks_roll_to_the_working_day_before() -> None:
    due = _due(Unit.WEEKS, 2, date(2027, 4, 12), is_before=True, rolls_back=False)

    assert due.on == date(2027, 3, 25)


def test_working_days_before_a_non_working_day_count_from_the_real_date() -> None:
    assert _due(Unit.WORKING_DAYS, 1, date(2027, 3, 14), is_before=True).on == date(2027, 3, 12)


def test_a_working_day_ends_at_five_in_london_summer_and_winter() -> None:
    winter = _due(Unit.WORKING_DAYS, 1, date(2027, 1, 5))
    summer = _due(Unit.WORKING_DAYS, 1, date(2027, 7, 5))

    assert winter.at == datetime(2027, 1, 6, 17, tzinfo=UTC)
    assert summer.at == datetime(2027, 7, 6, 16, tzinfo=UTC)


def test_the_end_of_the_day_is_the_packs() -> None:
    settings = replace(PACK.settings, day_end=time(16, 30))

    due = _due(Unit.WORKING_DAYS, 1, date(2027, 1, 5), settings=settings)

    assert due.at == datetime(2027, 1, 6, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize("night", [date(2027, 3, 27), date(2027, 10, 30)])
def test_the_same_day_ends_at_london_midnight_across_clock_changes(night: date) -> None:
    due = _due(Unit.SAME_DAY, 0, night)

    assert due.at.astimezone(LONDON).time() == time(0)
    assert due.at.astimezone(LONDON).date() > night


def test_hours_are_elapsed_over_weekends_holidays_and_clock_changes() -> None:
    returned = datetime(2027, 5, 1, 23, 30, tzinfo=LONDON)
    spring = datetime(2027, 3, 27, 12, 0, tzinfo=LONDON)

    over_the_holiday = _due(Unit.HOURS, 72, returned)
    over_the_change = _due(Unit.HOURS, 24, spring)

    assert over_the_holiday.at == datetime(2027, 5, 4, 23, 30, tzinfo=LONDON)
    assert over_the_holiday.by == "Tuesday 4 May 2027 at 11:30pm"
    assert over_the_change.at == datetime(2027, 3, 28, 13, 0, tzinfo=LONDON)
    assert over_the_change.is_elapsed


def test_hours_before_count_back() -> None:
    due = _due(Unit.HOURS, 24, datetime(2027, 5, 4, 12, tzinfo=UTC), is_before=True)

    assert due.at == datetime(2027, 5, 3, 12, tzinfo=UTC)


def test_school_days_leave_out_the_schools_own_closures() -> None:
    shut = frozenset({date(2027, 3, 30), date(2027, 3, 31)})

    due = _due(Unit.SCHOOL_DAYS, 1, date(2027, 3, 25), school_shut=shut)

    assert due.on == date(2027, 4, 1)
    assert "school closed or holiday" in due.working


@pytest.mark.parametrize(("start", "on"), [(date(2027, 3, 10), 10), (date(2027, 3, 13), 15)])
def test_a_pack_may_count_the_day_of_the_event_as_the_first(start: date, on: int) -> None:
    settings = replace(PACK.settings, counts_day_of_event=True)

    assert _due(Unit.WORKING_DAYS, 1, start, settings=settings).on == date(2027, 3, on)


def test_an_event_late_in_the_evening_has_its_own_london_day_as_day_0() -> None:
    just_after_midnight = datetime(2027, 7, 5, 23, 30, tzinfo=UTC)

    due = _due(Unit.WORKING_DAYS, 1, just_after_midnight)

    assert due.counted_from == date(2027, 7, 6)
    assert due.on == date(2027, 7, 7)


def test_the_sum_names_the_holidays_it_left_out() -> None:
    due = _due(Unit.WORKING_DAYS, 15, date(2026, 12, 24))

    assert due.working == (
        "15 working days after Thursday 24 December 2026 "
        "(not counted: weekends, and holiday on Fri 25 Dec, Mon 28 Dec, Fri 1 Jan)"
    )


def test_a_local_closure_day_warns_and_moves_nothing() -> None:
    text = default_text().replace("closure_days = []", "closure_days = [2027-03-11]")
    calendar = calendar_for(pack_of(text))

    due = _due(Unit.WORKING_DAYS, 1, date(2027, 3, 10), calendar=calendar)

    assert due.on == date(2027, 3, 11)
    assert "local closure day" in due.warnings[0]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        _due(Unit.WORKING_DAYS, 1, datetime(2027, 3, 10, 12))  # noqa: DTZ001


def test_hours_from_a_mere_date_are_refused() -> None:
    with pytest.raises(TypeError, match="instant"):
        _due(Unit.HOURS, 24, date(2027, 3, 10))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 12, 31), 1, date(2028, 1, 31)),
    ],
)
def test_months_keep_the_day_number_and_clamp_to_the_months_end(
    start: date, count: int, expected: date
) -> None:
    assert add_months(start, count) == expected


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (time(9, 30), "9:30am"),
        (time(17), "5pm"),
        (time(0), "midnight"),
        (time(12), "midday"),
        (time(0, 5), "12:05am"),
        (time(12, 30), "12:30pm"),
    ],
)
def test_times_are_said_as_people_say_them(clock: time, words: str) -> None:
    assert spoken_time(clock) == words


@pytest.mark.parametrize(
    ("timescale", "words"),
    [
        (Timescale(1, Unit.WORKING_DAYS, "x"), "1 working day"),
        (Timescale(3, Unit.MONTHS, "x"), "3 months"),
        (Timescale(0, Unit.SAME_DAY, "x"), "the same day"),
    ],
)
def test_timescales_are_said_as_people_say_them(timescale: Timescale, words: str) -> None:
    assert said(timescale) == words


def test_dates_are_said_as_people_say_them() -> None:
    assert spoken(date(2025, 3, 10)) == "Monday 10 March 2025"


def test_a_deadline_is_stored_and_read_back() -> None:
    due = _due(Unit.MONTHS, 3, date(2026, 12, 28))

    assert Deadline.from_dict(due.to_dict()) == due
