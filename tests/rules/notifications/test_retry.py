"""When a mail is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rules.retry import GIVE_UP_AFTER, next_try, update_not_before

FIRST = datetime(2026, 3, 26, 10, 0, tzinfo=UTC)
NEVER = FIRST + timedelta(days=30)


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(0, 1), (1, 1), (2, 2), (3, 5), (4, 10), (5, 20), (6, 40), (7, 60), (10, 240), (99, 240)],
)
def test_the_delay_grows_with_each_try(attempts: int, minutes: int) -> None:
    at = next_try(attempts, first_at=FIRST, expires_at=NEVER, now=FIRST, jitter=0.5)

    assert at == FIRST + timedelta(minutes=minutes)


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 45), (1.0, 75)])
def test_tries_are_spread_by_a_quarter_to_both_sides(jitter: float, seconds: int) -> None:
    at = next_try(1, first_at=FIRST, expires_at=NEVER, now=FIRST, jitter=jitter)

    assert at == FIRST + timedelta(seconds=seconds)


def test_there_is_one_last_try_when_the_time_runs_out() -> None:
    now = FIRST + GIVE_UP_AFTER - timedelta(minutes=30)

    at = next_try(10, first_at=FIRST, expires_at=NEVER, now=now, jitter=0.5)
    assert at == FIRST + GIVE_UP_AFTER


def test_the_last_try_comes_before_the_meeting() -> None:
    starts_at = FIRST + timedelta(minutes=15)

    at = next_try(6, first_at=FIRST, expires_at=starts_at, now=FIRST, jitter=0.5)
    assert at == starts_at


@pytest.mark.parametrize("left", [timedelta(seconds=30), timedelta(0), timedelta(minutes=-5)])
def test_nobody_tries_when_no_minute_is_left(left: timedelta) -> None:
    now = FIRST + GIVE_UP_AFTER - left

    assert next_try(10, first_at=FIRST, expires_at=NEVER, now=now, jitter=0.5) is None


def test_the_last_minute_is_long_enough_for_a_try() -> None:
    now = FIRST + GIVE_UP_AFTER - timedelta(minutes=1)

    assert next_try(10, first_at=FIRST, expires_at=NEVER, now=now, jitter=0.5) is not None


@given(
    attempts=st.integers(1, 200),
    waited=st.integers(0, 80 * 60),
    useful=st.integers(0, 80 * 60),
    jitter=st.floats(0, 1),
)
def test_a_next_try_lies_ahead_and_never_after_the_end(
    attempts: int, waited: int, useful: int, jitter: float
) -> None:
    now = FIRST + timedelta(minutes=waited)
    expires_at = FIRST + timedelta(minutes=useful)

    at = next_try(attempts, first_at=FIRST, expires_at=expires_at, now=now, jitter=jitter)
    assert at is None or now < at <= min(expires_at, FIRST + GIVE_UP_AFTER)


def test_two_updates_leave_at_once() -> None:
    assert update_not_before([], now=FIRST) == FIRST
    assert update_not_before([FIRST - timedelta(minutes=1)], now=FIRST) == FIRST


def test_a_third_update_waits_until_ten_minutes_after_the_last_but_one() -> None:
    earlier = [FIRST - timedelta(minutes=4), FIRST - timedelta(minutes=1)]

    assert update_not_before(earlier, now=FIRST) == FIRST + timedelta(minutes=6)


def test_what_was_sent_ten_minutes_ago_no_longer_counts() -> None:
    earlier = [FIRST - timedelta(minutes=10), FIRST - timedelta(minutes=1)]

    assert update_not_before(earlier, now=FIRST) == FIRST
