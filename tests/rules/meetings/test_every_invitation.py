"""Every invitation rule of the shipped pack: a case in which it asks, one in which it does not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from meetings.rules.contacts import fill
from meetings.rules.invitees import required
from meetings.terms import Connected, Contact, Required, Slot
from people.terms import TriState
from procedures.shipped import default_pack
from tests.rules.meetings.cases import (
    CALENDAR,
    NORTHMERE,
    PACK,
    PARK_ROAD,
    at,
    child,
    contact,
    incident,
)

YES, NO = TriState.YES, TriState.NO
KNOWN = at("2027-03-10")
COLLEGE = Connected("school", "known", "college", "Northmere College", "school")
MIND = Connected("other_service", "known", "mind", "Northmere Mind", "mental_health")
HOMES = Connected("other_service", "known", "homes", "Northmere Homes", "housing")
YOUTH = Connected("youth_justice", "known", "youth", "Youth justice", "youth_justice")


@dataclass(frozen=True)
class Told:
    """A meeting, an incident and a child, as far as the rule in question looks at them."""

    network: tuple[Connected, ...] = ()
    meeting: str = "strategy"
    part: str = "present"
    kind: str = "other"
    age: int | None = 15
    incident: dict[str, Any] = field(default_factory=dict)
    child: dict[str, Any] = field(default_factory=dict)

    def asked(self) -> Required:
        return required(
            self.meeting,
            child(self.age, *self.network, **self.child),
            incident(self.part, self.kind, KNOWN, **self.incident),
            pack=PACK,
            calendar=CALENDAR,
        )


def _child(meeting: str = "strategy", **facts: Any) -> Told:
    return Told(meeting=meeting, child=facts)


def _happened(**facts: Any) -> Told:
    return Told(incident=facts)


# The rule, whom it asks for (a role, or what begins with "task" or "prompt"), and the two cases.
CASES: dict[str, tuple[str, Told, Told]] = {
    "IN-01": ("team_manager", Told(), Told(meeting="")),
    "IN-02": ("designated_safeguarding_lead", Told((NORTHMERE,)), Told()),
    "IN-02-T": ("task find_school", Told(), Told((NORTHMERE,))),
    "IN-03": ("prompt on roll at two places", Told((NORTHMERE, COLLEGE)), Told((NORTHMERE,))),
    "IN-04": ("home_education_officer", Told((Connected("school", "none"),)), Told((NORTHMERE,))),
    "IN-05": (
        "virtual_school_head",
        _child(ever_had_social_worker=YES),
        _child(ever_had_social_worker=NO, legal_status="none"),
    ),
    "IN-06": ("special_needs_officer", _child(sen=YES), _child(sen=NO, ehc_plan=NO)),
    "IN-07": ("school_nurse", Told(age=19), Told(age=20)),
    "IN-08": ("gp_safeguarding_lead", Told((PARK_ROAD,)), Told()),
    "IN-08-R": (
        "task support_registration",
        Told((Connected("gp", "not_registered"),)),
        Told((PARK_ROAD,)),
    ),
    "IN-08-T": ("task trace_practice", Told(), Told((PARK_ROAD,))),
    "IN-09": ("safeguarding_nurse", Told(), Told(meeting="core_group")),
    "IN-10": (
        "violence_navigator",
        _happened(hospital_attended=YES),
        Told(incident={"hospital_attended": NO}, child={"hospital_within_30_days": NO}),
    ),
    "IN-11": (
        "ambulance_safeguarding",
        _happened(ambulance_attended=YES),
        _happened(ambulance_attended=NO),
    ),
    "IN-12": (
        "mental_health_practitioner",
        Told((MIND,)),
        _child(mental_health_need=NO),
    ),
    "IN-13": ("paediatrician", _child(paediatrics_open=YES), _child(paediatrics_open=NO)),
    "IN-14": ("youth_justice_duty", Told(part="suspected"), Told(part="suspected", age=9)),
    "IN-15": (
        "probation_practitioner",
        Told(age=17, child={"age_months": 210}),
        Told(
            age=17,
            incident={"adult_co_defendant": NO},
            child={"age_months": 209, "on_licence": NO},
        ),
    ),
    "IN-15-A": ("adult_social_care", Told(meeting="transition_meeting"), Told()),
    "IN-16": ("police_safeguarding", Told(), Told(meeting="core_group")),
    "IN-16-I": ("police_investigating", Told(), Told(meeting="core_group")),
    "IN-16-S": (
        "safer_schools_officer",
        Told((NORTHMERE,), incident={"at_school": YES}),
        Told((Connected("school", "none"),), incident={"at_school": YES}),
    ),
    "IN-16-C": (
        "police_safeguarding",
        Told(meeting="initial_conference"),
        Told(meeting="core_group"),
    ),
    "IN-16-M": (
        "police_missing",
        _child(missing_flag=YES),
        Told(
            incident={"missing_over_24_hours": NO},
            child={"missing_flag": NO, "missing_episodes_90_days": 0},
        ),
    ),
    "IN-16-G": ("police_gangs", _child(gang_concern=YES), _child(gang_concern=NO)),
    "IN-16-N": ("police_neighbourhood", _happened(place_concern=YES), _happened(place_concern=NO)),
    "IN-17": (
        "exploitation_team",
        _happened(exploitation_suspected=YES),
        Told(
            incident={"exploitation_suspected": NO},
            child={"exploitation_flag": NO, "missing_flag": NO},
        ),
    ),
    "IN-18": (
        "independent_reviewing_officer",
        _child(legal_status="looked_after"),
        _child(legal_status="cp"),
    ),
    "IN-19": ("conference_chair", _child(legal_status="cp"), _child(legal_status="cin")),
    "IN-20": (
        "housing_officer",
        _child(eviction_risk=YES),
        _child(eviction_risk=NO, council_or_temporary_housing=NO),
    ),
    "IN-21": ("early_help_lead", _child(legal_status="early_help"), _child(legal_status="cin")),
    "IN-22": (
        "substance_worker",
        _child(substance_concern=YES, substance_support_agreed=YES),
        _child(substance_concern=YES, substance_support_agreed=NO, substance_evidence=NO),
    ),
    "IN-23": (
        "adult_service_lead",
        _child(adult_services_involved=YES),
        _child(adult_services_involved=NO),
    ),
    "IN-24": (
        "allegations_officer",
        _happened(allegation_against_professional=YES),
        _happened(allegation_against_professional=NO),
    ),
    "IN-25": (
        "other_area_social_care",
        _child(out_of_area=YES),
        Told(incident={"moved_area": NO}, child={"out_of_area": NO}),
    ),
    "IN-26": (
        "trafficking_guardian",
        _happened(nrm_referral=YES),
        Told(incident={"nrm_referral": NO}, child={"immigration_concern": NO}),
    ),
    "IN-27": (
        "chosen_adult",
        Told((Connected("trusted_adult", "known"),), "core_group"),
        Told((Connected("trusted_adult", "none"),), "core_group"),
    ),
    "IN-27-T": (
        "task ask_trusted_adult",
        Told(meeting="core_group"),
        Told((Connected("trusted_adult", "known"),), "core_group"),
    ),
    "IN-28": (
        "task find_father",
        Told(),
        Told((Connected("parent", "known", is_male_carer=True),)),
    ),
    "IN-29": (
        "interpreting_service",
        _child("core_group", interpreter_needed=YES),
        _child("core_group", interpreter_needed=NO, communication_need=NO),
    ),
    "IN-30": (
        "community_safety_officer",
        _happened(place_concern=YES),
        _happened(place_concern=NO),
    ),
    "FAMILY": ("task tell_family", Told(), Told(meeting="")),
}
_BY_RULE = [pytest.param(rule, *told, id=rule) for rule, told in CASES.items()]


def _asks(rule: str, what: str, asked: Required) -> bool:
    word, _, rest = what.partition(" ")
    if word == "task":
        return any(one.task_id == rest and rule in one.rule_ids for one in asked.tasks)
    if word == "prompt":
        return any(rest in words for words in asked.prompts)
    return any(one.rule_id == rule and one.role == what for one in asked.slots)


def test_every_invitation_rule_of_the_shipped_pack_has_its_two_cases() -> None:
    assert set(CASES) == {item.id for item in default_pack().items("invitation")}


@pytest.mark.parametrize(("rule", "what", "asks", "_"), _BY_RULE)
def test_the_rule_asks(rule: str, what: str, asks: Told, _: Told) -> None:
    assert _asks(rule, what, asks.asked())


@pytest.mark.parametrize(("rule", "what", "_", "quiet"), _BY_RULE)
def test_the_rule_does_not_ask(rule: str, what: str, _: Told, quiet: Told) -> None:
    assert not _asks(rule, what, quiet.asked())


@pytest.mark.parametrize(
    ("rule", "because"),
    [
        ("IN-20", "not recorded yet whether the family"),
        ("IN-24", "not recorded yet whether there is an allegation"),
    ],
)
def test_a_seat_that_hangs_on_what_nobody_can_record_is_not_asked_and_says_why(
    rule: str, because: str
) -> None:
    asked = Told().asked()

    (found,) = [one for one in asked.not_asked if one.rule_id == rule]
    assert not found.is_judged
    assert because in found.why
    assert all(rule not in question.rule_ids for question in asked.questions)


def test_a_service_recorded_in_the_childs_network_is_asked_without_any_other_fact() -> None:
    asked = Told((MIND, HOMES)).asked()

    roles = {slot.role: slot.why for slot in asked.slots}
    assert {"mental_health_practitioner", "housing_officer"} <= set(roles)
    assert "agencies recorded as working with the child" in roles["housing_officer"]


def test_a_school_that_is_not_asked_says_why_not() -> None:
    asked = Told((Connected("school", "none"),)).asked()

    (found,) = [one for one in asked.not_asked if one.rule_id == "IN-16-S"]
    assert "on roll at no school" in found.why


@pytest.mark.parametrize(
    ("rule", "role"),
    [
        (rule, slot.text("role"))
        for item in default_pack().items("invitation")
        for rule in (item.id,)
        for slot in item.parts("slot")
        if slot.texts("fallback")
    ],
)
def test_where_nobody_fills_a_role_each_stand_in_of_its_chain_is_tried_in_order(
    rule: str, role: str
) -> None:
    item = PACK.item("invitation", rule)
    part = next(one for one in item.parts("slot") if one.text("role") == role)
    chain = part.texts("fallback")
    asked = _slot_of(rule, role)

    for place, stand_in in enumerate(chain):
        entries = [_entry(one) for one in chain[place:]]
        (found,) = fill(
            (asked,),
            entries,
            sent_at=KNOWN,
            starts_at=at("2027-03-11", "10:00"),
            pack=PACK,
            calendar=CALENDAR,
        )

        assert found.role == stand_in
        assert "stands in for" in (found.fallback or "")


def _slot_of(rule: str, role: str) -> Slot:
    """The seat as some case of the rule asks for it, taken away from any one agency."""
    for told in _tries(rule):
        for slot in told.asked().slots:
            if slot.rule_id == rule and slot.role == role:
                return replace(slot, is_own_agency=False, agency_id=None)
    raise AssertionError(f"no case asks for {role} by {rule}")


def _tries(rule: str) -> list[Told]:
    _, asks, _ = CASES[rule]
    return [
        asks,
        Told((Connected("gp", "not_registered"),)),
        Told(),
        Told((NORTHMERE,), child={"sen": YES}),
        Told((YOUTH,), part="suspected", incident={"moved_area": YES}),
        Told(incident={"hospital_attended": YES, "is_inpatient": YES}),
        Told((MIND,), part="suspected", kind="robbery"),
        Told((MIND,), "transition_meeting"),
        Told(child={"legal_status": "looked_after"}),
    ]


def _entry(role: str) -> Contact:
    return contact("desk", PACK.item("role", role).text("agency_kind"), role, is_for_child=True)
