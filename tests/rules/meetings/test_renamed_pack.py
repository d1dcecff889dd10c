"""A pack with every id renamed gives every verdict of the shipped one, up to the names."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.contacts import fill
from meetings.rules.deadlines import follow_ons
from meetings.rules.invitees import required
from meetings.rules.quorum import forecast
from meetings.rules.triggers import decide
from meetings.terms import (
    ChildFacts,
    Connected,
    IncidentFacts,
    InvitationState,
    MeetingFacts,
    Party,
)
from people.terms import TriState
from procedures.rules.check import faults
from procedures.rules.shapes import SECTIONS
from procedures.shipped import default_text, pack_of
from tests.rules.meetings import test_every_trigger as triggers
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
from tests.rules.meetings.renaming import (
    PREFIX,
    plain,
    renamed_child,
    renamed_contact,
    renamed_incident,
    renamed_text,
)

RENAMED = pack_of(renamed_text(default_text()))
YES = TriState.YES
SCENARIOS = {
    "S1": (
        incident(
            "harmed", "knife", at("2026-12-23", "20:40"), weapon_used=YES, hospital_attended=YES
        ),
        child(15, NORTHMERE, PARK_ROAD, legal_status="cin", ever_had_social_worker=YES),
    ),
    "S2 harmed": (
        incident(
            "harmed",
            "assault",
            at("2027-03-24"),
            other_parts=("suspected",),
            serious_injury=YES,
        ),
        child(14, NORTHMERE),
    ),
    "S2 suspected": (
        incident(
            "suspected",
            "assault",
            at("2027-03-24"),
            other_parts=("harmed",),
            serious_injury=YES,
        ),
        child(14, NORTHMERE),
    ),
    "S4": (
        incident("suspected", "robbery", at("2027-05-27")),
        child(15, NORTHMERE, Connected("gp", "not_registered")),
    ),
    "S8": (
        incident(
            "present", "other", at("2027-04-29"), left_school_roll=YES, excluded_at=at("2027-04-29")
        ),
        child(14, NORTHMERE, ehc_plan=YES, ever_had_social_worker=YES),
    ),
}
EVERY_CASE = {
    **SCENARIOS,
    **{
        f"{rule} {word}": (
            incident(told.part, told.kind, triggers.KNOWN, **told.incident),
            child(told.age, *told.network, **told.child),
        )
        for rule, both in triggers.CASES.items()
        for word, told in zip(("fires", "does not"), both, strict=True)
    },
}


def test_every_id_of_the_pack_has_another_name() -> None:
    for section in SECTIONS:
        ids = [item.id for item in PACK.items(section)]

        assert [item.id for item in RENAMED.items(section)] == [PREFIX + one for one in ids]


def test_the_renamed_pack_has_no_fault_of_its_own() -> None:
    assert faults(RENAMED, catalogue=CATALOGUE, events=EVENTS) == ()


@pytest.mark.parametrize("case", EVERY_CASE.values(), ids=EVERY_CASE)
def test_the_same_rules_fire_with_the_same_words_and_days(
    case: tuple[IncidentFacts, ChildFacts],
) -> None:
    what, who = case

    before = decide(what, who, pack=PACK, calendar=CALENDAR)
    after = decide(renamed_incident(what), renamed_child(who), pack=RENAMED, calendar=CALENDAR)

    assert plain(after) == plain(before)


@pytest.mark.parametrize("meeting", [item.id for item in PACK.items("meeting_type")])
@pytest.mark.parametrize("case", SCENARIOS.values(), ids=SCENARIOS)
def test_the_same_people_are_asked(case: tuple[IncidentFacts, ChildFacts], meeting: str) -> None:
    what, who = case
    starts = at("2027-05-28", "10:00")
    entries = directory(school_closures=CHRISTMAS)

    before = required(meeting, who, what, pack=PACK, calendar=CALENDAR)
    after = required(
        PREFIX + meeting,
        renamed_child(who),
        renamed_incident(what),
        pack=RENAMED,
        calendar=CALENDAR,
    )
    found = fill(
        before.slots, entries, sent_at=what.known_at, starts_at=starts, pack=PACK, calendar=CALENDAR
    )
    again = fill(
        after.slots,
        [renamed_contact(one) for one in entries],
        sent_at=what.known_at,
        starts_at=starts,
        pack=RENAMED,
        calendar=CALENDAR,
    )

    assert plain(after) == plain(before)
    assert plain(*again) == plain(*found)


@pytest.mark.parametrize("meeting", [item.id for item in PACK.items("meeting_type")])
def test_the_same_dates_follow(meeting: str) -> None:
    decided = MeetingFacts(began_enquiry=YES, is_quorate=False, plan_made=YES)
    held_on = date(2026, 12, 24)

    before = follow_ons(meeting, held_on, facts=decided, pack=PACK, calendar=CALENDAR)
    after = follow_ons(PREFIX + meeting, held_on, facts=decided, pack=RENAMED, calendar=CALENDAR)

    assert plain(*after) == plain(*before)


@pytest.mark.parametrize("meeting", [item.id for item in PACK.items("meeting_type")])
def test_the_same_quorum_is_forecast(meeting: str) -> None:
    what, who = SCENARIOS["S4"]
    parties = [
        Party(kind, kind, kind, answer=InvitationState.ACCEPTED)
        for kind in ("social_care", "police", "health")
    ]
    renamed = [
        Party(PREFIX + kind, kind, kind, answer=InvitationState.ACCEPTED)
        for kind in ("social_care", "police", "health")
    ]

    before = forecast(meeting, parties, child=who, incident=what, pack=PACK, calendar=CALENDAR)
    after = forecast(
        PREFIX + meeting,
        renamed,
        child=renamed_child(who),
        incident=renamed_incident(what),
        pack=RENAMED,
        calendar=CALENDAR,
    )

    assert plain(after) == plain(before)
