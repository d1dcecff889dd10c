"""Dates that follow a meeting of each type."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.deadlines import follow_ons, record_due
from meetings.terms import FollowOn, MeetingFacts
from people.terms import TriState
from tests.rules.meetings.cases import CALENDAR, PACK

YES, NO = TriState.YES, TriState.NO


def _found(
    kind: str, on: date, facts: MeetingFacts | None = None, *, is_held: bool = True
) -> dict[str, FollowOn]:
    found = follow_ons(
        kind,
        on,
        facts=facts or MeetingFacts(),
        pack=PACK,
        calendar=CALENDAR,
        is_held=is_held,
    )
    return {one.item_id: one for one in found}


@pytest.mark.parametrize(
    ("kind", "held_on", "due_on"),
    [
        ("strategy", date(2026, 12, 24), date(2026, 12, 29)),
        ("initial_conference", date(2027, 1, 19), date(2027, 2, 9)),
        ("core_group", date(2027, 3, 24), date(2027, 4, 2)),
        ("child_in_need_review", date(2027, 3, 24), date(2027, 4, 9)),
        ("professional_discussion", date(2027, 3, 24), date(2027, 4, 2)),
    ],
)
def test_a_record_is_due_in_working_days_after_the_meeting(
    kind: str, held_on: date, due_on: date
) -> None:
    assert record_due(kind, held_on, pack=PACK, calendar=CALENDAR).on == due_on


def test_a_type_the_pack_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="no meeting_type"):
        record_due("gone", date(2027, 1, 4), pack=PACK, calendar=CALENDAR)


def test_no_enquiry_means_no_conference() -> None:
    assert "FO-ICPC" not in _found("strategy", date(2027, 3, 25), MeetingFacts(NO))


def test_an_enquiry_not_decided_yet_shows_the_conference_as_depending_on_it() -> None:
    conference = _found("strategy", date(2027, 3, 25))["FO-ICPC"]

    assert "section 47" in conference.given


def test_an_enquiry_begun_depends_on_nothing() -> None:
    assert _found("strategy", date(2027, 3, 25), MeetingFacts(YES))["FO-ICPC"].given == ""


def test_a_meeting_still_to_come_says_if_held_on() -> None:
    found = _found("core_group", date(2027, 3, 24), is_held=False)

    assert found["core_group"].if_held_on == date(2027, 3, 24)
    assert found["FO-CORE-N"].if_held_on == date(2027, 3, 24)


def test_the_next_core_group_rolls_back_from_the_holiday_to_the_working_day_before() -> None:
    found = _found("core_group", date(2027, 4, 19))["FO-CORE-N"]

    assert found.deadline.legal_on == date(2027, 5, 31)
    assert found.deadline.on == date(2027, 5, 28)
    assert "no working day" in found.deadline.working


def test_the_next_review_conference_counts_from_the_day_the_last_was_held() -> None:
    found = _found("review_conference", date(2027, 4, 12), MeetingFacts(plan_made=YES))

    assert found["FO-RCPC-N"].deadline.on == date(2027, 10, 12)


@pytest.mark.parametrize(
    ("plan_made", "present", "absent"),
    [(YES, "FO-CORE", "FO-CIN-STEP"), (NO, "FO-CIN-STEP", "FO-CORE")],
)
def test_what_follows_a_conference_depends_on_whether_it_made_a_plan(
    plan_made: TriState, present: str, absent: str
) -> None:
    found = _found("initial_conference", date(2027, 1, 19), MeetingFacts(plan_made=plan_made))

    assert present in found
    assert absent not in found
    assert found[present].given == ""


def test_dates_come_in_their_order() -> None:
    dates = [one.deadline.on for one in _found("strategy", date(2027, 3, 25)).values()]

    assert dates == sorted(dates)


def test_the_report_to_the_family_is_counted_back_from_the_conference() -> None:
    found = _found("initial_conference", date(2027, 4, 1))["FO-REPORT"]

    assert found.deadline.on == date(2027, 3, 25)


def test_a_follow_on_is_stored_and_read_back() -> None:
    for one in _found("strategy", date(2027, 3, 25)).values():
        assert FollowOn.from_dict(one.to_dict()) == one
