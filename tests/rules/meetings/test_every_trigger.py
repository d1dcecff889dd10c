"""Every trigger of the shipped pack: one case in which it fires, and one in which it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from meetings.rules.triggers import decide
from meetings.terms import Closure, Connected, Decision
from people.terms import TriState
from procedures.shipped import default_pack
from tests.rules.meetings.cases import CALENDAR, PACK, at, child, incident

YES, NO = TriState.YES, TriState.NO
KNOWN = at("2027-03-10")
OPEN_TO_YOUTH_JUSTICE = Connected("youth_justice", "known", "youth", "Youth", "youth_justice")


@dataclass(frozen=True)
class Told:
    """An incident and a child, as far as the rule in question looks at them."""

    part: str | None = "present"
    kind: str = "other"
    age: int | None = 15
    network: tuple[Connected, ...] = ()
    incident: dict[str, Any] = field(default_factory=dict)
    child: dict[str, Any] = field(default_factory=dict)

    def judged(self) -> Decision:
        return decide(
            incident(self.part, self.kind, KNOWN, **self.incident),
            child(self.age, *self.network, **self.child),
            pack=PACK,
            calendar=CALENDAR,
        )


def _happened(**facts: Any) -> Told:
    return Told(incident=facts)


_CALM = {"serious_injury": NO, "weapon_used": NO, "threat_to_life": NO, "class_a_supply": NO}
_CUT = {"weapon_used": YES, "hospital_attended": YES}
_SCORED_UP = {"scored_up_at": at("2027-03-16")}
_LEFT = {"left_school_roll": YES, "excluded_at": KNOWN}
_WITH_WORKER = {"ever_had_social_worker": YES}

CASES: dict[str, tuple[Told, Told]] = {
    "TR-S47": (_happened(harm_suspected=YES), _happened(harm_suspected=NO)),
    "TR-01": (
        Told("harmed", "assault", incident={"serious_injury": YES}),
        Told("harmed", "assault", incident=_CALM),
    ),
    "TR-02": (Told("suspected", "robbery"), Told("suspected", "assault", incident=_CALM)),
    "TR-03": (
        Told("harmed", incident={"other_parts": ("suspected",)}),
        Told("harmed", incident={"other_parts": ("present",)}),
    ),
    "TR-04": (
        Told("suspected", "assault", incident=_SCORED_UP),
        Told("suspected", "assault", incident=_SCORED_UP | {"met_since": YES}),
    ),
    "TR-05": (
        Told("harmed", "knife", 17, incident=_CUT),
        Told("harmed", "knife", 18, incident=_CUT),
    ),
    "TR-06": (
        Told(incident={"hospital_attended": YES}, child={"legal_status": "cp"}),
        Told(
            incident={"hospital_attended": YES, "cpis_alert": NO},
            child={"legal_status": "cin"},
        ),
    ),
    "TR-07": (Told("suspected", "knife"), Told("suspected", "assault")),
    "TR-08": (_happened(returned_at=KNOWN), _happened()),
    "TR-09": (
        Told(child={"missing_episodes_90_days": 3}),
        Told(
            incident={"missing_over_24_hours": NO, "exploitation_suspected": NO},
            child={"missing_episodes_90_days": 2, "exploitation_flag": NO},
        ),
    ),
    "TR-10": (_happened(is_arrested=YES), _happened(is_arrested=NO)),
    "TR-10-B": (_happened(bail_refused=YES), _happened(bail_refused=NO)),
    "TR-11": (_happened(bail_changed=YES), _happened(bail_changed=NO)),
    "TR-12": (
        _happened(nrm_referral=YES),
        _happened(nrm_referral=YES, strategy_in_20_working_days=YES),
    ),
    "TR-13": (
        Told(incident=_LEFT, child=_WITH_WORKER),
        Told(
            network=(Connected("youth_justice", "none"),),
            incident=_LEFT,
            child={"ever_had_social_worker": NO, "legal_status": "none"},
        ),
    ),
    "TR-14": (Told(child={"attendance_percent": 89}), Told(child={"attendance_percent": 90})),
    "TR-15": (
        _happened(plan_has_begun=YES, plan_changed_at=KNOWN),
        _happened(plan_has_begun=NO),
    ),
    "TR-16": (
        _happened(plan_has_ended=YES, plan_changed_at=KNOWN),
        _happened(plan_has_ended=NO),
    ),
    "TR-17": (
        _happened(became_looked_after=YES, looked_after_at=KNOWN),
        _happened(became_looked_after=NO),
    ),
    "TR-18": (
        Told(
            age=17,
            child={"age_months": 210, "born_on": date(2009, 9, 1), "transition_arranged": NO},
        ),
        Told(age=17, child={"age_months": 209, "ehc_plan": NO, "transition_arranged": NO}),
    ),
    "TR-19": (_happened(moved_area=YES), _happened(moved_area=NO)),
    "TR-19-C": (
        Told(incident={"moved_area": YES}, child={"legal_status": "cp"}),
        Told(incident={"moved_area": YES}, child={"legal_status": "cin"}),
    ),
    "TR-20": (
        Told("suspected", "robbery", incident={"days_since_last_serious": 84}),
        Told("suspected", "robbery", incident={"days_since_last_serious": 85}),
    ),
    "TR-21": (_happened(flag_closure_proposed=YES), _happened(flag_closure_proposed=NO)),
    "TR-22": (
        Told("harmed", incident={"serious_injury": YES}),
        Told(
            "harmed",
            incident={"serious_injury": YES, "harm_suspected": NO, "exploitation_suspected": NO},
        ),
    ),
    "TR-23": (
        Told(network=(OPEN_TO_YOUTH_JUSTICE,), incident={"is_charged": YES}),
        Told(network=(Connected("youth_justice", "none"),), incident={"is_charged": YES}),
    ),
    "TR-24": (_happened(others_at_risk=YES), _happened(others_at_risk=NO)),
}
_BY_RULE = [pytest.param(rule, *told, id=rule) for rule, told in CASES.items()]
# Their facts have no page yet: for every incident recorded today they must stay silent.
_NOT_JUDGED = (
    "TR-08", "TR-09", "TR-10", "TR-10-B", "TR-11", "TR-12", "TR-14", "TR-15", "TR-16", "TR-17",
    "TR-19", "TR-19-C", "TR-21", "TR-24",
)  # fmt: skip


def test_every_trigger_of_the_shipped_pack_has_its_two_cases() -> None:
    assert set(CASES) == {item.id for item in default_pack().items("trigger")}


@pytest.mark.parametrize(("rule", "fires", "_"), _BY_RULE)
def test_the_trigger_fires(rule: str, fires: Told, _: Told) -> None:
    assert rule in {one.rule_id for one in fires.judged().fired}


@pytest.mark.parametrize(("rule", "_", "quiet"), _BY_RULE)
def test_the_trigger_does_not_fire(rule: str, _: Told, quiet: Told) -> None:
    decision = quiet.judged()

    assert rule not in {one.rule_id for one in decision.fired}
    (why,) = [one for one in decision.not_fired if one.rule_id == rule]
    # A return that nobody told of is not a return that did not happen.
    assert why.is_judged is (rule != "TR-08")
    assert not why.is_open


@pytest.mark.parametrize("rule", _NOT_JUDGED)
def test_a_rule_whose_fact_nobody_can_record_says_that_it_was_not_judged(rule: str) -> None:
    decision = Told("suspected", "robbery").judged()

    (found,) = [one for one in decision.not_fired if one.rule_id == rule]
    assert not found.is_judged
    assert "not judged, because" in found.why
    assert "not recorded yet" in found.why


@pytest.mark.parametrize("rule", _NOT_JUDGED)
def test_a_rule_that_was_not_judged_asks_nothing_and_proposes_no_meeting(rule: str) -> None:
    decision = Told("suspected", "robbery").judged()

    assert rule not in {one.rule_id for one in decision.alternatives}
    assert all(rule not in question.rule_ids for question in decision.questions)


@pytest.mark.parametrize(
    ("rule", "meeting", "on"),
    [
        ("TR-09", "missing_meeting", date(2027, 3, 17)),
        ("TR-12", "strategy", date(2027, 3, 15)),
        ("TR-13", "professional_discussion", date(2027, 3, 15)),
        ("TR-15", "core_group", date(2027, 3, 24)),
        ("TR-16", "child_in_need_review", date(2027, 3, 24)),
        ("TR-17", "looked_after_review", date(2027, 4, 9)),
        ("TR-18", "transition_meeting", date(2027, 3, 31)),
        ("TR-19-C", "transfer_conference", date(2027, 4, 2)),
    ],
)
def test_the_trigger_asks_for_its_meeting_by_its_day(rule: str, meeting: str, on: date) -> None:
    decision = CASES[rule][0].judged()

    (found,) = [one for one in decision.fired if one.rule_id == rule]
    assert found.meeting_type == meeting
    assert found.deadline is not None
    assert found.deadline.on == on


@pytest.mark.parametrize(
    ("rule", "task", "on"),
    [
        ("TR-06", "check_attendance", date(2027, 3, 11)),
        ("TR-08", "return_interview", date(2027, 3, 13)),
        ("TR-10", "custody_notice", date(2027, 3, 10)),
        ("TR-13", "sixth_day_education", date(2027, 3, 18)),
        ("TR-15", "close_lower_cycle", date(2027, 3, 11)),
        ("TR-17", "personal_education_plan", date(2027, 3, 24)),
        ("TR-17", "health_assessment", date(2027, 4, 9)),
        ("TR-19", "notify_receiving_area", date(2027, 3, 11)),
        ("TR-23", "youth_justice_return", date(2027, 3, 11)),
        ("TR-24", "own_record", date(2027, 3, 11)),
    ],
)
def test_the_trigger_opens_its_task_with_its_day(rule: str, task: str, on: date) -> None:
    tasks = {one.task_id: one for one in CASES[rule][0].judged().tasks}

    assert rule in tasks[task].rule_ids
    due = tasks[task].due
    assert due is not None
    assert due.on == on


def test_a_return_interview_is_due_72_hours_later_to_the_minute_holiday_or_not() -> None:
    returned = at("2027-05-01", "23:30")

    decision = Told(incident={"returned_at": returned}).judged()

    (interview,) = [one for one in decision.tasks if one.task_id == "return_interview"]
    assert interview.due is not None
    assert interview.due.at == at("2027-05-04", "23:30")


def test_school_days_stop_while_the_childs_own_school_is_shut() -> None:
    from_on, to_on = date(2027, 3, 11), date(2027, 3, 12)

    decision = Told(
        incident=_LEFT,
        child=_WITH_WORKER | {"school_closures": (Closure(from_on, to_on),)},
    ).judged()

    (education,) = [one for one in decision.tasks if one.task_id == "sixth_day_education"]
    assert education.due is not None
    assert education.due.on == date(2027, 3, 22)


def test_a_meeting_whose_first_day_nobody_recorded_is_named_without_a_date() -> None:
    decision = _happened(became_looked_after=YES).judged()

    assert decision.meeting_type == "looked_after_review"
    assert decision.deadline is None
    assert "the day it counts from is not recorded" in decision.why
