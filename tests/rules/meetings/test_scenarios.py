"""The field guide's worked scenarios, with their exact dates and invitees."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules import deadlines, overlap, quorum
from meetings.rules.contacts import fill
from meetings.rules.invitees import required
from meetings.rules.triggers import decide
from meetings.terms import (
    AttendanceState,
    BookedMeeting,
    Connected,
    FollowOn,
    Invitee,
    MeetingFacts,
    MeetingStatus,
    Party,
    Standing,
)
from people.terms import TriState
from tests.rules.meetings.cases import (
    CALENDAR,
    CHRISTMAS,
    NORTHMERE,
    PACK,
    PARK_ROAD,
    at,
    child,
    directory,
    incident,
)

KOFI = child(15, NORTHMERE, PARK_ROAD, legal_status="cin", ever_had_social_worker=TriState.YES)
STABBING = incident(
    "harmed",
    "knife",
    at("2026-12-23", "20:40"),
    weapon_used=TriState.YES,
    hospital_attended=TriState.YES,
)
RIO = child(15, NORTHMERE, Connected("gp", "not_registered"))
ROBBERY = incident("suspected", "robbery", at("2027-05-27"))


def _follow_ons(held_on: date, **facts: object) -> dict[str, FollowOn]:
    found = deadlines.follow_ons(
        "strategy",
        held_on,
        facts=MeetingFacts(began_enquiry=TriState.YES, **facts),  # type: ignore[arg-type]
        pack=PACK,
        calendar=CALENDAR,
    )
    return {one.item_id: one for one in found}


def _asked_for_kofi() -> dict[str, Invitee]:
    slots = required("strategy", KOFI, STABBING, pack=PACK, calendar=CALENDAR).slots
    invitees = fill(
        slots,
        directory(school_closures=CHRISTMAS),
        sent_at=STABBING.known_at,
        starts_at=at("2026-12-24", "14:00"),
        pack=PACK,
        calendar=CALENDAR,
    )
    return {slot.role: one for one in invitees for slot in (one.slot, *one.also)}


def test_s1_a_stabbing_on_the_evening_before_christmas_eve_needs_a_strategy_meeting_next_day() -> (
    None
):
    decision = decide(STABBING, KOFI, pack=PACK, calendar=CALENDAR)

    assert decision.meeting_type == "strategy"
    assert decision.deadline is not None
    assert decision.deadline.on == date(2026, 12, 24)
    assert decision.deadline.counted_from == date(2026, 12, 23)
    assert {"TR-01", "TR-05"} <= {rule.rule_id for rule in decision.fired}
    assert decision.out_of_hours
    assert any("emergency duty team now" in words for words in decision.warnings)


def test_s1_the_notification_to_the_panel_is_to_be_considered_by_4_january() -> None:
    tasks = {
        task.task_id: task for task in decide(STABBING, KOFI, pack=PACK, calendar=CALENDAR).tasks
    }

    due = tasks["consider_notification"].due

    assert due is not None
    assert due.on == date(2027, 1, 4)
    assert set(tasks["consider_notification"].rule_ids) == {"TR-01", "TR-22"}


@pytest.mark.parametrize(
    "role",
    [
        "allocated_social_worker",
        "team_manager",
        "police_safeguarding",
        "police_investigating",
        "safeguarding_nurse",
        "hospital_safeguarding_lead",
        "violence_navigator",
        "gp_safeguarding_lead",
        "youth_justice_duty",
        "designated_safeguarding_lead",
    ],
)
def test_s1_everybody_the_rules_name_has_a_seat(role: str) -> None:
    assert _asked_for_kofi()[role].email


def test_s1_the_practice_mailbox_is_asked_and_no_other_practice() -> None:
    practice = _asked_for_kofi()["gp_safeguarding_lead"]

    assert practice.agency_id == "park-road"
    assert practice.role == "practice_safeguarding_mailbox"


def test_s1_education_safeguarding_stands_in_for_the_closed_school() -> None:
    school = _asked_for_kofi()["designated_safeguarding_lead"]

    assert school.role == "education_safeguarding"
    assert school.school_closed
    assert school.fallback is not None
    assert "school is closed" in school.fallback


@pytest.mark.parametrize(
    ("item", "on"),
    [
        ("strategy", date(2026, 12, 29)),
        ("FO-ICPC", date(2027, 1, 19)),
        ("FO-LETTER", date(2027, 1, 20)),
        ("initial_conference", date(2027, 2, 9)),
        ("FO-CORE", date(2027, 2, 2)),
        ("FO-RCPC-1", date(2027, 4, 19)),
    ],
)
def test_s1_dates_that_follow_a_section_47_enquiry_begun_on_christmas_eve(
    item: str, on: date
) -> None:
    assert _follow_ons(date(2026, 12, 24))[item].deadline.on == on


def test_s1_dates_after_the_conference_say_if_held_on_its_last_date() -> None:
    found = _follow_ons(date(2026, 12, 24))

    assert found["FO-ICPC"].if_held_on is None
    assert found["FO-CORE"].if_held_on == date(2027, 1, 19)


def test_s2_victim_and_suspect_each_need_a_strategy_meeting_of_their_own_next_day() -> None:
    known = at("2027-03-24")
    fight = {"serious_injury": TriState.YES}
    ade = incident("harmed", "assault", known, other_parts=("suspected",), **fight)
    marcus = incident("suspected", "assault", known, other_parts=("harmed",), **fight)

    for one in (ade, marcus):
        decision = decide(one, child(14, NORTHMERE), pack=PACK, calendar=CALENDAR)

        assert decision.meeting_type == "strategy"
        assert decision.deadline is not None
        assert decision.deadline.on == date(2027, 3, 25)
        assert decision.keep_apart


def test_s2_a_discussion_is_due_on_31_march_only_if_neither_is_suspected() -> None:
    marcus = incident("suspected", "assault", at("2027-03-24"), serious_injury=TriState.YES)

    decision = decide(marcus, child(14), pack=PACK, calendar=CALENDAR)

    (other,) = [one for one in decision.alternatives if one.rule_id == "TR-02"]
    assert other.meeting_type == "professional_discussion"
    assert other.deadline.on == date(2027, 3, 31)
    assert "neither harm nor exploitation" in other.only_if


def test_s2_the_conference_for_ade_is_due_on_19_april_past_easter() -> None:
    assert _follow_ons(date(2027, 3, 25))["FO-ICPC"].deadline.on == date(2027, 4, 19)


def test_s2_the_same_safeguarding_lead_is_named_as_asked_to_both() -> None:
    entries = directory()
    seats = [
        required(
            "strategy",
            child(14, NORTHMERE),
            incident(part, "assault", at("2027-03-24"), serious_injury=TriState.YES),
            pack=PACK,
            calendar=CALENDAR,
        ).slots
        for part in ("harmed", "suspected")
    ]
    ade, marcus = (
        fill(
            slots,
            entries,
            sent_at=at("2027-03-24"),
            starts_at=at("2027-03-25"),
            pack=PACK,
            calendar=CALENDAR,
        )
        for slots in seats
    )

    both = overlap.invited_to_both(ade, marcus)

    assert "Designated safeguarding lead, Northmere" in both


def test_s2_the_two_meetings_are_never_put_together() -> None:
    marcus = incident("suspected", "assault", at("2027-03-24"), serious_injury=TriState.YES)
    decision = decide(marcus, child(14), pack=PACK, calendar=CALENDAR)
    for_ade = BookedMeeting(
        "M-ADEADE", "ade", "strategy", at("2027-03-25", "10:00"), MeetingStatus.ARRANGED
    )

    found = overlap.candidates(decision, (), [for_ade], child_id="marcus", pack=PACK)

    assert found == ()
    assert not overlap.may_share("marcus", "ade")


def test_s4_a_robbery_suspect_without_a_gp() -> None:
    decision = decide(ROBBERY, RIO, pack=PACK, calendar=CALENDAR)

    assert decision.deadline is not None
    assert decision.deadline.on == date(2027, 5, 28)
    assert [one.deadline.on for one in decision.alternatives] == [date(2027, 6, 2)]


def test_s4_the_named_gp_is_asked_and_registration_and_father_become_tasks() -> None:
    asked = required("strategy", RIO, ROBBERY, pack=PACK, calendar=CALENDAR)

    roles = {slot.role for slot in asked.slots}
    tasks = {task.task_id: task for task in asked.tasks}
    assert {"named_gp", "youth_justice_duty", "safer_schools_officer"} <= roles
    assert "gp_safeguarding_lead" not in roles
    assert tasks["support_registration"].role == "school_nurse"
    assert "find_father" in tasks


@pytest.mark.parametrize(
    ("item", "on"), [("FO-STRAT-AGAIN", date(2027, 8, 31)), ("FO-ICPC", date(2027, 9, 20))]
)
def test_s5_without_police_a_second_meeting_follows_and_the_enquiry_clock_runs(
    item: str, on: date
) -> None:
    assert _follow_ons(date(2027, 8, 27), is_quorate=False)[item].deadline.on == on


def test_s5_a_strategy_meeting_without_police_is_not_quorate() -> None:
    came = [
        Party(kind, kind, kind.title(), attendance=AttendanceState.PRESENT)
        for kind in ("social_care", "health", "school")
    ]
    police = Party("police", "police", "Police", attendance=AttendanceState.APOLOGIES)

    found = quorum.actual(
        "strategy", [*came, police], child=RIO, incident=ROBBERY, pack=PACK, calendar=CALENDAR
    )

    assert found.legal is Standing.NOT_MET
    assert not found.is_quorate
    assert "Police" in found.words
