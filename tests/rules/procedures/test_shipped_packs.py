"""Every pack that ships is sound, and the illustrations show what they say they show."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.deadlines import follow_ons
from meetings.rules.invitees import required
from meetings.terms import FollowOn, MeetingFacts
from people.terms import TriState
from procedures.rules.check import faults
from procedures.shipped import default_pack, pack_of, shipped_texts
from procedures.terms import Pack
from tests.rules.meetings.cases import CALENDAR, NORTHMERE, PARK_ROAD, at, child, incident

PACKS = {name: pack_of(text) for name, text in shipped_texts().items()}
PANELS = PACKS["illustration-panels"]
OUTSIDE_HOME = PACKS["illustration-outside-home"]
ILLUSTRATIONS = [PANELS, OUTSIDE_HOME]
EXPLOITED = incident(
    "harmed", "knife", at("2027-05-26"), exploitation_suspected=TriState.YES,
    weapon_used=TriState.YES,
)  # fmt: skip


def test_three_packs_ship() -> None:
    assert set(PACKS) == {"default", "illustration-panels", "illustration-outside-home"}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_shipped_pack_has_no_fault(pack: Pack) -> None:
    found = faults(pack, catalogue=CATALOGUE, events=EVENTS, default=default_pack())

    assert found == ()


@pytest.mark.parametrize("pack", ILLUSTRATIONS, ids=lambda pack: pack.name)
def test_an_illustration_says_so_in_its_own_words(pack: Pack) -> None:
    assert "illustration" in pack.words.lower()
    assert "no area" in pack.words


@pytest.mark.parametrize("pack", ILLUSTRATIONS, ids=lambda pack: pack.name)
def test_an_illustration_leaves_nothing_of_the_shipped_rules_out(pack: Pack) -> None:
    for section, items in default_pack().sections.items():
        assert {item.id for item in items} <= {item.id for item in pack.items(section)}


def test_core_groups_follow_each_other_every_4_weeks_in_one_and_every_6_in_the_shipped_one() -> (
    None
):
    held = date(2027, 5, 6)

    def next_one(pack: Pack) -> date:
        return _follow(pack, "core_group", held)["FO-CORE-N"].deadline.on

    assert (next_one(PANELS), next_one(default_pack())) == (date(2027, 6, 3), date(2027, 6, 17))


def test_a_service_sends_one_person_to_a_panel_and_all_it_is_asked_for_elsewhere() -> None:
    asked = {
        meeting: required(
            meeting, child(15, NORTHMERE, PARK_ROAD), EXPLOITED, pack=PANELS, calendar=CALENDAR
        ).slots
        for meeting in ("exploitation_panel", "professional_discussion")
    }

    kinds = {meeting: [slot.agency_kind for slot in slots] for meeting, slots in asked.items()}
    panel = [slot for slot in asked["exploitation_panel"] if not slot.is_statutory]
    assert len({slot.agency_kind for slot in panel}) == len(panel)
    assert kinds["professional_discussion"].count("police") > 1
    assert set(kinds["exploitation_panel"]) >= {"social_care", "police", "health", "school"}


def test_disagreements_climb_in_2_5_and_2_working_days() -> None:
    days = [_days(item.timescale("within")) for item in PANELS.items("escalation_stage")]

    assert days[:3] == [2, 5, 2]
    assert [_days(one.timescale("within")) for one in default_pack().items("escalation_stage")] == [
        1, 2, 5, 5,
    ]  # fmt: skip


def test_s10_a_conference_on_harm_outside_the_home_has_the_clock_of_an_initial_one() -> None:
    found = _follow(OUTSIDE_HOME, "strategy", date(2027, 5, 26), began_enquiry=TriState.YES)

    assert found["FO-OUTSIDE"].meeting_type == "outside_home_conference"
    assert found["FO-OUTSIDE"].deadline.on == date(2027, 6, 17)
    assert found["FO-LETTER"].deadline.on == date(2027, 6, 18)
    assert found["FO-CORE"].deadline.on == date(2027, 7, 1)
    assert found["FO-RCPC-1"].deadline.on == date(2027, 9, 17)


def test_s10_without_such_conferences_the_dates_are_those_of_the_initial_one() -> None:
    held, began = date(2027, 5, 26), TriState.YES

    shipped = _follow(default_pack(), "strategy", held, began_enquiry=began)
    outside = _follow(OUTSIDE_HOME, "strategy", held, began_enquiry=began)

    for item_id in ("FO-ICPC", "FO-LETTER", "FO-REPORT", "FO-CORE", "FO-RCPC-1"):
        assert shipped[item_id].deadline.on == outside[item_id].deadline.on


@pytest.mark.parametrize(
    "role",
    [
        "community_safety_officer",
        "transport_operator",
        "detached_youth_worker",
        "police_neighbourhood",
        "police_safeguarding",
        "exploitation_lead",
        "designated_safeguarding_lead",
    ],
)
def test_s10_those_who_know_the_places_are_asked(role: str) -> None:
    asked = required(
        "outside_home_conference",
        child(16, NORTHMERE),
        EXPLOITED,
        pack=OUTSIDE_HOME,
        calendar=CALENDAR,
    )

    assert role in {slot.role for slot in asked.slots}


def test_looked_after_reviews_follow_conferences_in_one_pack_and_join_them_in_the_other() -> None:
    may = {
        pack.name: pack.item("combination", "CB-02").text("may")
        for pack in (OUTSIDE_HOME, default_pack())
    }

    assert may == {"illustration-outside-home": "back_to_back", "default": "one_sitting"}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_strategy_meeting_is_never_combined_with_one_with_the_family(pack: Pack) -> None:
    item = pack.item("combination", "CB-20")

    assert item.is_locked
    assert (item.texts("of"), item.text("may")) == (("strategy",), "no")


def _follow(pack: Pack, kind: str, held_on: date, **decided: TriState) -> dict[str, FollowOn]:
    found = follow_ons(kind, held_on, facts=MeetingFacts(**decided), pack=pack, calendar=CALENDAR)
    return {one.item_id: one for one in found}


def _days(timescale: object) -> int:
    return getattr(timescale, "n", 0)
