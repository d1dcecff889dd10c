"""The ladder: which step is due when, and who is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules.escalation import (
    climb,
    latest_due_date_reached,
    next_step,
    owner_gets_own_mail,
    read_ladder,
    step_date,
)
from plans.terms import ActionClock, Listener
from procedures.terms import Item
from tests.rules.plans.ladders import CALENDAR, LADDER

DUE = date(2027, 3, 25)
GIVEN = date(2027, 3, 1)
STEPS = {step.id: step for step in LADDER.steps}


def clock(*, is_safety: bool = False, taken: tuple[str, ...] = (), due_on: date = DUE,
          dated_on: date = GIVEN) -> ActionClock:  # fmt: skip
    return ActionClock(due_on, dated_on, is_safety, frozenset(taken))


@pytest.mark.parametrize(
    ("step", "on"),
    [
        ("T-5", date(2027, 3, 18)),
        ("T-1", date(2027, 3, 24)),
        ("T+1", date(2027, 3, 30)),
        ("T+3", date(2027, 4, 1)),
        ("T+5", date(2027, 4, 5)),
        ("T+10", date(2027, 4, 12)),
        ("T+15", date(2027, 4, 19)),
    ],
)
def test_drift_over_easter_climbs_on_the_dates_of_scenario_s6(step: str, on: date) -> None:
    assert step_date(LADDER, STEPS[step], clock(), calendar=CALENDAR) == on


@pytest.mark.parametrize(
    ("step", "on"),
    [
        ("T-5", date(2027, 3, 18)),
        ("T-1", date(2027, 3, 24)),
        ("T+1", date(2027, 3, 30)),
        ("T+3", date(2027, 3, 30)),
        ("T+5", date(2027, 3, 31)),
        ("T+10", date(2027, 4, 5)),
        ("T+15", date(2027, 4, 7)),
    ],
)
def test_a_safety_action_climbs_in_half_the_days(step: str, on: date) -> None:
    assert step_date(LADDER, STEPS[step], clock(is_safety=True), calendar=CALENDAR) == on


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("T-5", {Listener.OWNER}),
        ("T-1", {Listener.OWNER}),
        ("T+1", {Listener.OWNER, Listener.MANAGER}),
        ("T+3", {Listener.LEAD_PRACTITIONER}),
        ("T+5", {Listener.AGENCY_LEAD, Listener.CHAIR}),
        ("T+10", {Listener.HEAD_OF_SERVICE}),
        ("T+15", {Listener.PARTNERSHIP}),
    ],
)
def test_each_step_taken_on_its_day_tells_only_its_own(step: str, told: set[Listener]) -> None:
    ids = list(STEPS)
    before = tuple(ids[: ids.index(step)])
    today = step_date(LADDER, STEPS[step], clock(), calendar=CALENDAR)

    found = climb(LADDER, clock(taken=before), today, calendar=CALENDAR)

    assert [each.id for each in found.due] == [step]
    assert set(found.tell) == told


def test_nothing_is_due_on_the_due_date_once_the_reminders_are_sent() -> None:
    found = climb(LADDER, clock(taken=("T-5", "T-1")), DUE, calendar=CALENDAR)

    assert found.due == ()
    assert found.overdue_working_days == 0


def test_two_safety_steps_of_one_day_are_one_message() -> None:
    today = date(2027, 3, 30)

    found = climb(LADDER, clock(is_safety=True, taken=("T-5", "T-1")), today, calendar=CALENDAR)

    assert [step.id for step in found.due] == ["T+1", "T+3"]
    assert found.tell == (Listener.OWNER, Listener.MANAGER, Listener.LEAD_PRACTITIONER)


def test_steps_missed_while_nothing_ran_are_all_due_at_once() -> None:
    today = date(2027, 4, 6)

    found = climb(LADDER, clock(taken=("T-5", "T-1")), today, calendar=CALENDAR)

    assert [step.id for step in found.due] == ["T+1", "T+3", "T+5"]
    assert found.overdue_working_days == 6


def test_a_reminder_whose_day_was_over_when_the_date_was_given_is_passed() -> None:
    given = clock(dated_on=date(2027, 3, 22))

    found = climb(LADDER, given, date(2027, 3, 24), calendar=CALENDAR)

    assert [step.id for step in found.passed] == ["T-5"]
    assert [step.id for step in found.due] == ["T-1"]


def test_an_action_given_with_its_date_over_still_climbs() -> None:
    given = clock(dated_on=date(2027, 3, 30))

    found = climb(LADDER, given, date(2027, 3, 30), calendar=CALENDAR)

    assert [step.id for step in found.passed] == ["T-5", "T-1"]
    assert [step.id for step in found.due] == ["T+1"]


def test_the_owner_gets_a_mail_of_their_own_only_before_the_date_is_over() -> None:
    reminder = climb(LADDER, clock(), date(2027, 3, 18), calendar=CALENDAR)
    overdue = climb(LADDER, clock(taken=("T-5", "T-1")), date(2027, 3, 30), calendar=CALENDAR)

    assert owner_gets_own_mail(reminder)
    assert not owner_gets_own_mail(overdue)


def test_the_next_step_names_its_day_and_everybody_told_then() -> None:
    taken = clock(is_safety=True, taken=("T-5", "T-1"))

    assert next_step(LADDER, taken, DUE, calendar=CALENDAR) == (
        date(2027, 3, 30),
        (Listener.OWNER, Listener.MANAGER, Listener.LEAD_PRACTITIONER),
    )


def test_there_is_no_next_step_at_the_top_of_the_ladder() -> None:
    taken = clock(taken=tuple(STEPS))

    assert next_step(LADDER, taken, date(2027, 4, 20), calendar=CALENDAR) is None


@given(
    today=st.dates(date(2026, 6, 1), date(2028, 6, 30)),
    step=st.sampled_from(LADDER.steps),
    is_safety=st.booleans(),
)
def test_the_latest_due_date_reached_is_the_border_of_the_step(
    today: date, step: object, is_safety: bool
) -> None:
    border = latest_due_date_reached(
        LADDER,
        step,
        today,
        is_safety=is_safety,
        calendar=CALENDAR,  # type: ignore[arg-type]
    )

    reached = clock(is_safety=is_safety, due_on=border)
    beyond = clock(is_safety=is_safety, due_on=border + timedelta(days=1))
    assert step_date(LADDER, step, reached, calendar=CALENDAR) <= today  # type: ignore[arg-type]
    assert step_date(LADDER, step, beyond, calendar=CALENDAR) > today  # type: ignore[arg-type]


@given(
    due_on=st.dates(date(2026, 6, 1), date(2028, 3, 1)),
    is_safety=st.booleans(),
    days=st.lists(st.integers(0, 60), min_size=1, max_size=20),
)
def test_each_step_is_taken_exactly_once_however_often_the_sweep_runs(
    due_on: date, is_safety: bool, days: list[int]
) -> None:
    taken: list[str] = []
    given_on = due_on - timedelta(days=30)

    for offset in sorted(days):
        asked = clock(is_safety=is_safety, taken=tuple(taken), due_on=due_on, dated_on=given_on)
        found = climb(LADDER, asked, given_on + timedelta(days=offset), calendar=CALENDAR)
        taken += [step.id for step in (*found.due, *found.passed)]

    assert len(taken) == len(set(taken))


def test_the_ladder_is_read_from_the_pack_in_the_order_of_the_days() -> None:
    late = Item(1, {"offset_working_days": 3, "tells": ("lead_practitioner",)}, "ladder", "T+3")
    early = Item(2, {"offset_working_days": -5, "tells": ("owner",)}, "ladder", "T-5")

    ladder = read_ladder((late, early), safety_divisor=3)

    assert [step.id for step in ladder.steps] == ["T-5", "T+3"]
    assert ladder.safety_divisor == 3


def test_a_step_that_tells_somebody_unknown_is_refused() -> None:
    odd = Item(1, {"offset_working_days": 3, "tells": ("mayor",)}, "ladder", "T+3")

    with pytest.raises(ValueError, match="mayor"):
        read_ladder((odd,), safety_divisor=2)
