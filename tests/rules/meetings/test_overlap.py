"""A booked meeting may serve only where the rules let it."""

from __future__ import annotations

from datetime import datetime

import pytest

from meetings.rules.invitees import required
from meetings.rules.overlap import candidates, invited_to_both, may_join, may_share
from meetings.rules.triggers import decide
from meetings.terms import BookedMeeting, MeetingStatus, Overlap
from people.terms import TriState
from tests.rules.meetings.cases import CALENDAR, PACK, at, child, incident

NO = TriState.NO
KNOWN = at("2027-03-10")
POSSESSION = incident(
    "suspected",
    "knife",
    KNOWN,
    weapon_used=NO,
    serious_injury=NO,
    class_a_supply=NO,
)
ROBBERY = incident("suspected", "robbery", KNOWN)


def _booked(kind: str, starts_at: datetime, **facts: object) -> BookedMeeting:
    given = {"child_id": "rio", "status": MeetingStatus.ARRANGED, **facts}
    return BookedMeeting("M-7F3K9Q", meeting_type=kind, starts_at=starts_at, **given)  # type: ignore[arg-type]


def _found(what: object, *booked: BookedMeeting) -> tuple[Overlap, ...]:
    decision = decide(what, child(15), pack=PACK, calendar=CALENDAR)  # type: ignore[arg-type]
    slots = required(
        str(decision.meeting_type), child(15), None, pack=PACK, calendar=CALENDAR
    ).slots
    return candidates(decision, slots, booked, child_id="rio", pack=PACK)


@pytest.mark.parametrize(
    ("needed", "host", "may"),
    [
        ("strategy", "strategy", True),
        ("professional_discussion", "strategy", True),
        ("professional_discussion", "professional_discussion", True),
        ("strategy", "professional_discussion", False),
        ("strategy", "core_group", False),
        ("strategy", "initial_conference", False),
        ("strategy", "child_in_need_review", False),
        ("professional_discussion", "core_group", False),
        ("core_group", "strategy", False),
        ("core_group", "review_conference", False),
    ],
)
def test_what_may_be_held_as_part_of_what(needed: str, host: str, may: bool) -> None:
    assert may_join(needed, host, pack=PACK) is may


def test_a_strategy_meeting_is_never_folded_into_one_with_the_family() -> None:
    (found,) = _found(ROBBERY, _booked("core_group", at("2027-03-11", "10:00")))

    assert not found.may_use
    assert "family" in found.why


def test_a_booked_strategy_meeting_before_the_deadline_may_be_used() -> None:
    (found,) = _found(ROBBERY, _booked("strategy", at("2027-03-11", "10:00")))

    assert found.may_use
    assert "Police" in found.add_invitees_of


def test_agencies_already_asked_are_not_named_again() -> None:
    kinds = ("social_care", "police", "health", "education", "icb", "youth_justice")

    (found,) = _found(ROBBERY, _booked("strategy", at("2027-03-11", "10:00"), agency_kinds=kinds))

    assert found.add_invitees_of == ()


def test_one_that_starts_after_the_deadline_may_not() -> None:
    (found,) = _found(ROBBERY, _booked("strategy", at("2027-03-11", "17:01")))

    assert not found.may_use
    assert found.why == "It starts after the deadline."


@pytest.mark.parametrize(("day", "may"), [("2027-03-24", True), ("2027-03-25", False)])
def test_possession_may_wait_for_a_meeting_up_to_10_working_days_away(day: str, may: bool) -> None:
    (found,) = _found(POSSESSION, _booked("professional_discussion", at(day, "10:00")))

    assert found.may_use is may


@pytest.mark.parametrize(
    "facts",
    [{"child_id": "marcus"}, {"status": MeetingStatus.STOOD_DOWN}, {"meeting_type": "gone"}],
)
def test_another_childs_or_a_dead_meeting_is_not_even_named(facts: dict[str, object]) -> None:
    kind = str(facts.pop("meeting_type", "strategy"))

    assert _found(ROBBERY, _booked(kind, at("2027-03-11", "10:00"), **facts)) == ()


def test_without_a_meeting_needed_there_is_nothing_to_use() -> None:
    quiet = decide(
        incident("present", "other", KNOWN, harm_suspected=NO),
        child(15),
        pack=PACK,
        calendar=CALENDAR,
    )

    assert candidates(quiet, (), [], child_id="rio", pack=PACK) == ()


def test_two_children_never_share() -> None:
    assert not may_share("ade", "marcus")
    assert may_share("ade", "ade")


def test_nobody_is_named_as_asked_to_both_when_nobody_is() -> None:
    assert invited_to_both([], []) == ()
