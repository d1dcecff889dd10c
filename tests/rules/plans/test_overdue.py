"""How late an action is."""

from datetime import date

import pytest

from plans.rules.overdue import days_overdue, working_days_overdue
from tests.rules.plans.ladders import CALENDAR


@pytest.mark.parametrize(
    ("due_on", "today", "days"),
    [
        (date(2027, 3, 25), date(2027, 3, 24), 0),
        (date(2027, 3, 25), date(2027, 3, 25), 0),
        (date(2027, 3, 25), date(2027, 3, 26), 1),
        (date(2027, 3, 25), date(2027, 4, 1), 7),
    ],
)
def test_an_action_is_not_overdue_on_its_due_date(due_on: date, today: date, days: int) -> None:
    assert days_overdue(due_on, today) == days


@pytest.mark.parametrize(
    ("due_on", "today", "days"),
    [
        (date(2027, 3, 25), date(2027, 3, 25), 0),
        (date(2027, 3, 25), date(2027, 3, 29), 0),
        (date(2027, 3, 25), date(2027, 3, 30), 1),
        (date(2027, 3, 27), date(2027, 3, 30), 1),
        (date(2027, 3, 25), date(2027, 4, 19), 15),
        (date(2027, 3, 25), date(2027, 3, 1), 0),
    ],
)
def test_working_days_overdue_leave_out_weekends_and_bank_holidays(
    due_on: date, today: date, days: int
) -> None:
    assert working_days_overdue(due_on, today, calendar=CALENDAR) == days
