"""When a plan is reviewed next, and what falls on the next days."""

from datetime import date

from plans.rules.review_dates import next_review, next_seven_days, overdue
from plans.terms import DayItem, DayKind

TODAY = date(2027, 3, 25)


def day(on: date, kind: DayKind = DayKind.ACTION, words: str = "Visit") -> DayItem:
    return DayItem(on, kind, words)


def test_the_next_review_is_the_earliest_of_plan_and_strands() -> None:
    days = [
        day(date(2027, 4, 20), DayKind.PLAN_REVIEW),
        day(date(2027, 4, 1), DayKind.STRAND_REVIEW),
        day(date(2027, 3, 1), DayKind.STRAND_REVIEW),
        day(date(2027, 3, 26)),
    ]

    assert next_review(days, TODAY) == days[1]


def test_there_may_be_no_next_review() -> None:
    assert next_review([day(date(2027, 3, 26))], TODAY) is None


def test_the_next_seven_days_begin_today_and_end_before_the_same_weekday() -> None:
    days = [day(date(2027, 4, n)) for n in (1, 2)] + [day(date(2027, 3, n)) for n in (24, 25, 31)]

    found = [each.on for each in next_seven_days(days, TODAY)]

    assert found == [date(2027, 3, 25), date(2027, 3, 31)]


def test_what_is_overdue_stands_oldest_first_and_leaves_out_orders_that_ended() -> None:
    days = [
        day(date(2027, 3, 24)),
        day(date(2027, 3, 2)),
        day(TODAY),
        day(date(2027, 3, 1), DayKind.ORDER),
    ]

    assert [each.on for each in overdue(days, TODAY)] == [date(2027, 3, 2), date(2027, 3, 24)]
