"""Which of two answers counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.rules.reply_order import Place, Stamp, given_at, place

AT = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("answer", "sent", "last", "found"),
    [
        (Stamp(2, AT), 2, None, Place.CURRENT),
        (Stamp(1, LATER), 2, None, Place.OTHER_TIME),
        (Stamp(3, AT), 2, None, Place.AHEAD),
        (Stamp(2, LATER), 2, Stamp(2, AT), Place.CURRENT),
        (Stamp(2, AT), 2, Stamp(2, LATER), Place.OLDER),
        (Stamp(2, AT), 2, Stamp(2, AT), Place.CURRENT),
        (Stamp(2, AT), 2, Stamp(1, LATER), Place.CURRENT),
    ],
)
def test_sequence_orders_before_the_time_of_the_answer(
    answer: Stamp, sent: int, last: Stamp | None, found: Place
) -> None:
    assert place(answer, sent=sent, last=last) is found


@pytest.mark.parametrize(
    ("dtstamp", "found"), [(None, LATER), (AT, AT), (LATER + timedelta(days=9), LATER)]
)
def test_an_answer_was_given_no_later_than_it_came(
    dtstamp: datetime | None, found: datetime
) -> None:
    assert given_at(dtstamp, received_at=LATER) == found
