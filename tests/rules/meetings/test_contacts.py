"""Who is asked for a seat: the first choice, the chain behind it, and never a stranger."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from meetings.rules.contacts import fill, is_reachable
from meetings.rules.invitees import may_drop, required
from meetings.terms import (
    ChildFacts,
    Closure,
    Connected,
    Contact,
    IncidentFacts,
    Invitee,
    Required,
    Requirement,
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
    contact,
    directory,
    incident,
    without,
)

YES = TriState.YES
SENT = at("2027-03-10", "11:00")
STARTS = at("2027-03-11", "10:00")
ROBBERY = incident("suspected", "robbery", SENT)
AT_SCHOOL = child(15, NORTHMERE, PARK_ROAD)


def _required(
    one: ChildFacts = AT_SCHOOL, what: IncidentFacts | None = ROBBERY, kind: str = "strategy"
) -> Required:
    return required(kind, one, what, pack=PACK, calendar=CALENDAR)


def _fill(
    entries: list[Contact],
    one: ChildFacts = AT_SCHOOL,
    *,
    sent_at: datetime = SENT,
    starts_at: datetime = STARTS,
) -> tuple[Invitee, ...]:
    return fill(
        _required(one).slots,
        entries,
        sent_at=sent_at,
        starts_at=starts_at,
        pack=PACK,
        calendar=CALENDAR,
    )


def _seat(invitees: tuple[Invitee, ...], role: str) -> Invitee:
    return next(one for one in invitees if role in {slot.role for slot in (one.slot, *one.also)})


def test_the_named_person_is_asked_first() -> None:
    lead = _seat(_fill(directory()), "designated_safeguarding_lead")

    assert lead.email == "designated_safeguarding_lead@northmere.example"
    assert lead.fallback is None
    assert lead.ring is None


def test_with_nobody_named_the_next_role_in_the_chain_stands_in() -> None:
    mailbox = contact("northmere", "school", "school_safeguarding_mailbox")
    entries = [*without(directory(), "designated_safeguarding_lead"), mailbox]

    lead = _seat(_fill(entries), "designated_safeguarding_lead")

    assert lead.role == "school_safeguarding_mailbox"
    assert lead.fallback == (
        "School safeguarding mailbox stands in for designated safeguarding lead"
    )


def test_another_childs_school_is_never_asked() -> None:
    entries = [one for one in directory() if one.agency_id != "northmere"]

    lead = _seat(_fill(entries), "designated_safeguarding_lead")

    assert lead.agency_id == "learning"


def test_a_practice_known_but_not_in_the_directory_is_never_replaced_by_another_practice() -> None:
    nameless = Connected("gp", "known", None, "", "gp")

    practice = _seat(_fill(directory(), child(15, nameless)), "gp_safeguarding_lead")

    assert practice.agency_id == "icb"
    assert practice.role == "named_gp"


@pytest.mark.parametrize(
    ("connections", "role", "task"),
    [
        ((PARK_ROAD,), "gp_safeguarding_lead", None),
        ((Connected("gp", "not_registered"),), "named_gp", "support_registration"),
        ((Connected("gp", "not_known"),), "icb_safeguarding_team", "trace_practice"),
        ((Connected("gp", "enquiry_made"),), "icb_safeguarding_team", "trace_practice"),
        ((), "icb_safeguarding_team", "trace_practice"),
    ],
)
def test_the_gp_seat_follows_what_is_known_of_the_practice(
    connections: tuple[Connected, ...], role: str, task: str | None
) -> None:
    asked = _required(child(15, *connections))

    doctors = [slot.role for slot in asked.slots if slot.rule_id.startswith("IN-08")]
    tasks = {one.task_id for one in asked.tasks}
    assert doctors == [role]
    assert tasks & {"support_registration", "trace_practice"} == ({task} if task else set())


def test_a_school_nobody_knows_is_looked_for_and_asked_about() -> None:
    asked = _required(child(15))

    assert "education_safeguarding" in {slot.role for slot in asked.slots}
    assert "find_school" in {task.task_id for task in asked.tasks}


def test_a_child_on_no_roll_brings_the_home_education_officer_and_no_school() -> None:
    roles = {slot.role for slot in _required(child(15, Connected("school", "none"))).slots}

    assert "home_education_officer" in roles
    assert "designated_safeguarding_lead" not in roles


def test_a_child_on_two_rolls_brings_both_safeguarding_leads() -> None:
    other = Connected("school", "known", "other-school", "Other School", "school")

    invitees = _fill(directory(), child(15, NORTHMERE, other))

    asked = {one.agency_id for one in invitees if one.agency_kind == "school"}
    assert asked == {"northmere", "other-school"}


def test_the_out_of_term_contact_is_asked_before_the_authority_when_the_school_is_closed() -> None:
    holiday = contact(
        "northmere",
        "school",
        "school_safeguarding_mailbox",
        is_out_of_term=True,
        agency_closures=CHRISTMAS,
    )
    entries = [*directory(school_closures=CHRISTMAS), holiday]

    lead = _seat(
        _fill(entries, sent_at=at("2026-12-23"), starts_at=at("2026-12-24", "14:00")),
        "designated_safeguarding_lead",
    )

    assert lead.email == holiday.email
    assert lead.school_closed
    assert lead.fallback == "The school is closed: its out-of-term contact is asked"


def test_the_out_of_term_contact_is_left_alone_in_term() -> None:
    holiday = contact("northmere", "school", "school_safeguarding_mailbox", is_out_of_term=True)

    lead = _seat(
        _fill([*without(directory(), "designated_safeguarding_lead"), holiday]),
        "designated_safeguarding_lead",
    )

    assert lead.agency_id == "learning"
    assert not lead.school_closed


def test_at_night_the_emergency_duty_team_is_asked_and_rung() -> None:
    night = at("2027-03-10", "21:00")

    care = _seat(_fill(directory(), sent_at=night, starts_at=night), "allocated_social_worker")

    assert care.role == "emergency_duty_team"
    assert care.ring is not None


def test_the_emergency_duty_team_is_not_asked_while_the_worker_is_at_work() -> None:
    care = _seat(_fill(directory()), "allocated_social_worker")

    assert care.role == "allocated_social_worker"


def test_another_childs_worker_is_never_asked() -> None:
    stranger = contact("care", "social_care", "allocated_social_worker", is_person=True)
    entries = [stranger, *without(directory(), "allocated_social_worker")]

    care = _seat(_fill(entries), "allocated_social_worker")

    assert care.role == "duty_team"


def test_when_nobody_can_be_reached_in_time_the_first_contact_is_asked_and_must_be_rung() -> None:
    night = at("2027-03-10", "21:00")

    nurse = _seat(_fill(directory(), sent_at=night, starts_at=night), "safeguarding_nurse")

    assert nurse.email == "safeguarding_nurse@nurses.example"
    assert nurse.ring is not None


def test_a_seat_with_no_contact_at_all_is_kept_and_says_ring() -> None:
    police = ("police_safeguarding", "police_investigating", "police_referral_unit")

    empty = _seat(_fill(without(directory(), *police)), "police_safeguarding")

    assert empty.email is None
    assert empty.slot.requirement is Requirement.QUORUM
    assert empty.ring is not None
    assert "No contact is recorded" in empty.ring
    assert empty.agency_name == "Police"


def test_two_empty_seats_stay_two() -> None:
    invitees = _fill([])

    assert len(invitees) == len(_required().slots)


def test_a_contact_without_an_address_is_rung() -> None:
    entries = [
        *without(directory(), "safeguarding_nurse"),
        contact("nurses", "health", "safeguarding_nurse", email=None),
    ]

    nurse = _seat(_fill(entries), "safeguarding_nurse")

    assert nurse.ring == "No e-mail address is recorded: ring."


def test_one_person_in_two_seats_gets_one_invitation_that_names_both() -> None:
    entries = [
        *without(directory(), "team_manager", "allocated_social_worker"),
        contact("care", "social_care", "team_manager", email="M.Smith@care.example"),
        contact(
            "care",
            "social_care",
            "allocated_social_worker",
            email="m.smith@care.example",
            is_for_child=True,
        ),
    ]

    care = _seat(_fill(entries), "team_manager")

    assert care.slot.role == "allocated_social_worker"
    assert [slot.role for slot in care.also] == ["team_manager"]


def test_every_address_is_asked_once() -> None:
    addresses = [one.email for one in _fill(directory()) if one.email]

    assert len(addresses) == len(set(addresses))


def test_an_invitee_says_rule_role_and_reason() -> None:
    police = _seat(_fill(directory()), "police_safeguarding")

    assert police.slot.rule_id == "IN-16"
    assert police.slot.source
    assert police.slot.why.startswith("Police: the safeguarding decision-maker")


@pytest.mark.parametrize(
    "role", ["allocated_social_worker", "police_safeguarding", "safeguarding_nurse"]
)
def test_the_three_statutory_seats_may_not_be_dropped(role: str) -> None:
    (slot,) = [slot for slot in _required().slots if slot.role == role]

    assert slot.is_statutory
    assert not may_drop(slot)


def test_a_school_seat_may_be_dropped_with_a_reason() -> None:
    (slot,) = [one for one in _required().slots if one.role == "designated_safeguarding_lead"]

    assert may_drop(slot)


@pytest.mark.parametrize(
    ("facts", "role", "is_asked"),
    [
        ({"hospital_within_30_days": YES}, "violence_navigator", True),
        ({}, "violence_navigator", False),
        ({"ehc_plan": YES}, "special_needs_coordinator", True),
        ({"sen": YES}, "special_needs_officer", True),
        ({"ever_had_social_worker": YES}, "virtual_school_head", True),
        ({"legal_status": "looked_after"}, "virtual_school_head", True),
        ({"exploitation_flag": YES}, "exploitation_team", True),
        ({"missing_flag": YES}, "return_interview_provider", True),
        ({"exploitation_flag": YES}, "return_interview_provider", False),
        ({"age_months": 210}, "probation_practitioner", True),
        ({"age_months": 209}, "probation_practitioner", False),
    ],
)
def test_facts_on_record_bring_their_roles(
    facts: dict[str, Any], role: str, is_asked: bool
) -> None:
    roles = {slot.role for slot in _required(child(15, NORTHMERE, **facts)).slots}

    assert (role in roles) is is_asked


def test_youth_justice_is_asked_from_the_age_of_ten() -> None:
    nine = {slot.agency_kind for slot in _required(child(9)).slots}
    ten = {slot.agency_kind for slot in _required(child(10)).slots}

    assert "youth_justice" not in nine
    assert "youth_justice" in ten


def test_a_known_case_manager_is_asked_by_name() -> None:
    known = Connected("youth_justice", "known", "youth", "Youth", "youth_justice")
    manager = contact(
        "youth", "youth_justice", "youth_justice_case_manager", is_person=True, is_for_child=True
    )

    justice = _seat(_fill([*directory(), manager], child(15, known)), "youth_justice_case_manager")

    assert justice.email == manager.email


def test_a_discussion_without_an_incident_asks_only_what_it_can_know() -> None:
    asked = _required(what=None, kind="child_in_need_review")

    roles = {slot.role for slot in asked.slots}
    assert {"allocated_social_worker", "designated_safeguarding_lead"} <= roles
    assert "police_safeguarding" not in roles
    assert all(task.due is None for task in asked.tasks)


def test_an_unknown_fact_that_would_bring_somebody_is_asked() -> None:
    facts = {question.fact for question in _required(child(15)).questions}

    assert {"ehc_plan", "hospital_within_30_days", "exploitation_flag"} <= facts


@pytest.mark.parametrize(
    ("opens", "closes", "sent", "starts", "reached"),
    [
        (None, None, "08:00", "09:00", True),
        (None, None, "17:00", "17:30", False),
        (time(8), time(10), "10:00", "12:00", False),
        (time(8), time(10), "09:59", "12:00", True),
        (time(0), time(0), "03:00", "03:00", True),
    ],
)
def test_a_contact_is_reached_when_its_hours_open_before_the_start(
    opens: time | None, closes: time | None, sent: str, starts: str, reached: bool
) -> None:
    entry = contact("nurses", "health", "named_nurse", opens=opens, closes=closes)

    assert (
        is_reachable(
            entry,
            sent_at=at("2027-03-10", sent),
            starts_at=at("2027-03-10", starts),
            pack=PACK,
            calendar=CALENDAR,
        )
        is reached
    )


def test_a_weekend_opens_nobodys_hours() -> None:
    entry = contact("nurses", "health", "named_nurse")

    reached = is_reachable(
        entry,
        sent_at=at("2027-03-13", "10:00"),
        starts_at=at("2027-03-14", "16:00"),
        pack=PACK,
        calendar=CALENDAR,
    )

    assert not reached


def test_a_closed_agency_is_not_reached_on_its_closed_days() -> None:
    shut = (Closure(date(2027, 3, 10), date(2027, 3, 10)),)
    entry = contact("northmere", "school", "named_nurse", agency_closures=shut)

    def reached(starts_at: datetime) -> bool:
        return is_reachable(entry, sent_at=SENT, starts_at=starts_at, pack=PACK, calendar=CALENDAR)

    assert not reached(at("2027-03-10", "16:00"))
    assert reached(at("2027-03-11", "10:00"))
