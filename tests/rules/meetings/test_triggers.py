"""Which rules fire, which wait for an answer, and by when."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from meetings.rules.facts import score_problem
from meetings.rules.rulebook import rulebook
from meetings.rules.triggers import decide, hold_now, is_late
from meetings.terms import Decision, IncidentFacts, Score
from people.terms import TriState
from tests.rules.meetings.cases import CALENDAR, PACK, at, child, incident

YES, NO, NOT_KNOWN = TriState.YES, TriState.NO, TriState.NOT_KNOWN
WEDNESDAY = at("2027-03-10")
AGED_15 = child(15)
NEITHER = {"harm_suspected": NO, "exploitation_suspected": NO}


def _decide(one: IncidentFacts) -> Decision:
    return decide(one, AGED_15, pack=PACK, calendar=CALENDAR)


def _fired(decision: Decision) -> set[str]:
    return {rule.rule_id for rule in decision.fired}


def _due_on(decision: Decision) -> date:
    assert decision.deadline is not None
    return decision.deadline.on


def _score(value: int, scale: str = "yjb_seriousness", version: str = "1") -> Score:
    return Score(scale, version, value, "S Officer", date(2027, 3, 11))


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "robbery"},
        {"kind": "assault", "serious_injury": YES},
        {"kind": "assault", "weapon_used": YES},
        {"kind": "drugs_supply", "class_a_supply": YES},
        {"kind": "drugs_supply"},
    ],
)
def test_what_is_not_scored_yet_is_judged_as_serious(facts: dict[str, object]) -> None:
    decision = _decide(incident("suspected", known=WEDNESDAY, **facts))  # type: ignore[arg-type]

    assert "TR-02" in _fired(decision)
    assert decision.meeting_type == "strategy"


def test_a_low_score_re_judges_what_was_presumed_serious() -> None:
    decision = _decide(incident("suspected", "robbery", WEDNESDAY, scores=(_score(3),)))

    assert "TR-02" not in _fired(decision)


def test_a_police_matrix_score_is_another_scale_and_never_lowers_the_verdict() -> None:
    low = _score(1, "npcc_child_gravity")

    decision = _decide(incident("suspected", "robbery", WEDNESDAY, scores=(low,)))

    assert "TR-02" in _fired(decision)


def test_a_serious_score_of_an_offence_in_no_group_is_still_serious() -> None:
    decision = _decide(incident("suspected", "other", WEDNESDAY, scores=(_score(6),)))

    assert "TR-02" in _fired(decision)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (_score(6, ""), "on which scale"),
        (_score(6, version=""), "which version"),
        (_score(9), "runs from 1 to 8"),
        (_score(0), "runs from 1 to 8"),
    ],
)
def test_a_bare_or_impossible_score_is_refused_in_words(score: Score, words: str) -> None:
    assert words in (score_problem(score, rulebook(PACK)) or "")


def test_a_score_on_a_scale_is_taken() -> None:
    assert score_problem(_score(6), rulebook(PACK)) is None


def test_a_suspect_needs_a_strategy_meeting_until_a_manager_rules_harm_out() -> None:
    unknown = _decide(incident("suspected", "robbery", WEDNESDAY))
    ruled_out = _decide(incident("suspected", "robbery", WEDNESDAY, **NEITHER))

    assert (unknown.meeting_type, _due_on(unknown)) == ("strategy", date(2027, 3, 11))
    assert ruled_out.meeting_type == "professional_discussion"
    assert _due_on(ruled_out) == date(2027, 3, 15)


def test_one_of_two_ruled_out_is_not_enough() -> None:
    decision = _decide(incident("suspected", "robbery", WEDNESDAY, harm_suspected=NO))

    assert decision.meeting_type == "strategy"
    assert {question.fact for question in decision.questions} >= {"exploitation_suspected"}


def test_unknown_retaliation_is_one_working_day_and_asked_at_once() -> None:
    decision = _decide(incident("harmed", "knife", WEDNESDAY, weapon_used=YES))

    assert _due_on(decision) == date(2027, 3, 11)
    assert "retaliation_risk" in {question.fact for question in decision.questions}
    (sooner,) = [one for one in decision.alternatives if one.is_sooner]
    assert sooner.deadline.on == date(2027, 3, 10)


def test_no_retaliation_is_not_said_of_what_nobody_knows() -> None:
    unknown = _decide(incident("harmed", "knife", WEDNESDAY, weapon_used=YES))

    assert "no risk of retaliation" not in json.dumps(unknown.to_dict())


def test_retaliation_risk_makes_it_the_same_day_until_midnight() -> None:
    decision = _decide(
        incident("harmed", "knife", WEDNESDAY, weapon_used=YES, retaliation_risk=YES)
    )

    assert decision.is_same_day
    assert decision.deadline is not None
    assert decision.deadline.at == at("2027-03-11", "00:00")


@pytest.mark.parametrize("clock", ["17:00", "20:40", "23:59"])
def test_retaliation_logged_after_the_days_end_rings_tonight_and_meets_next_working_day(
    clock: str,
) -> None:
    late = at("2027-03-12", clock)

    decision = _decide(incident("harmed", "knife", late, weapon_used=YES, retaliation_risk=YES))

    assert _due_on(decision) == date(2027, 3, 15)
    assert any("this evening" in words for words in decision.warnings)


def test_same_day_on_a_saturday_ends_at_midnight_of_that_saturday() -> None:
    saturday = at("2027-03-13", "10:00")

    decision = _decide(incident("harmed", "knife", saturday, weapon_used=YES, retaliation_risk=YES))

    assert _due_on(decision) == date(2027, 3, 13)
    assert hold_now(decision, now=saturday, pack=PACK, calendar=CALENDAR) is not None


@pytest.mark.parametrize(("clock", "first"), [("15:59", False), ("16:00", True), ("23:00", True)])
def test_from_four_oclock_what_is_due_today_is_held_now(clock: str, first: bool) -> None:
    decision = _decide(
        incident("harmed", "knife", WEDNESDAY, weapon_used=YES, retaliation_risk=YES)
    )

    said = hold_now(decision, now=at("2027-03-10", clock), pack=PACK, calendar=CALENDAR)

    assert (said is not None) is first


def test_what_is_past_its_deadline_is_held_now() -> None:
    decision = _decide(incident("suspected", "robbery", WEDNESDAY))

    before = hold_now(decision, now=at("2027-03-11", "16:30"), pack=PACK, calendar=CALENDAR)
    after = hold_now(decision, now=at("2027-03-11", "17:00"), pack=PACK, calendar=CALENDAR)

    assert before is None
    assert after is not None


def test_a_meeting_at_the_days_end_is_in_time_and_a_minute_later_is_late() -> None:
    decision = _decide(incident("suspected", "robbery", WEDNESDAY))

    assert not is_late(decision, at("2027-03-11", "17:00"))
    assert is_late(decision, at("2027-03-11", "17:01"))


def test_no_meeting_needs_no_holding() -> None:
    decision = _decide(incident("present", "assault", WEDNESDAY, serious_injury=NO, **NEITHER))

    assert decision.meeting_type is None
    assert decision.why == "No rule asks for a meeting."
    assert hold_now(decision, now=WEDNESDAY, pack=PACK, calendar=CALENDAR) is None
    assert not is_late(decision, WEDNESDAY)


def test_an_unknown_that_decides_is_said_not_known_and_never_no() -> None:
    decision = _decide(incident("suspected", "assault", WEDNESDAY))

    assert decision.meeting_type is None
    assert "not known yet" in decision.why
    assert decision.alternatives[0].deadline.on == date(2027, 3, 11)
    assert {"serious_injury", "weapon_used"} <= {one.fact for one in decision.questions}


def test_a_part_nobody_knows_asks_for_it() -> None:
    decision = _decide(incident(None, "knife", WEDNESDAY, weapon_used=YES))

    assert decision.meeting_type is None
    assert "is_harmed" in {question.fact for question in decision.questions}
    assert any(rule.rule_id == "TR-01" and rule.is_open for rule in decision.not_fired)


def test_a_child_both_harmed_and_suspected_fires_both_rules_in_one_decision() -> None:
    decision = _decide(incident("both", "knife", WEDNESDAY, weapon_used=YES, **NEITHER))

    assert {"TR-01", "TR-02"} <= _fired(decision)
    assert decision.meeting_type == "strategy"
    assert _due_on(decision) == date(2027, 3, 11)


def test_the_rule_with_the_earliest_deadline_is_named_first() -> None:
    decision = _decide(incident("suspected", "knife", WEDNESDAY, weapon_used=YES))

    deadlines = [rule.deadline.at for rule in decision.fired if rule.deadline]
    assert deadlines == sorted(deadlines)
    assert decision.fired[0].rule_id == "TR-02"


def test_possession_needs_a_discussion_in_5_days_or_a_meeting_within_10() -> None:
    decision = _decide(
        incident(
            "suspected", "knife", WEDNESDAY, weapon_used=NO, serious_injury=NO, class_a_supply=NO
        )
    )

    assert _fired(decision) == {"TR-07"}
    assert _due_on(decision) == date(2027, 3, 17)
    assert decision.fold_until == date(2027, 3, 24)


def test_a_weapon_used_may_not_wait_for_a_later_meeting() -> None:
    decision = _decide(incident("suspected", "knife", WEDNESDAY, weapon_used=YES))

    assert decision.fold_until is None


def test_a_threat_whose_weight_nobody_knows_is_taken_seriously() -> None:
    unknown = _decide(incident("harmed", "threat", WEDNESDAY))
    empty = _decide(
        incident(
            "harmed", "threat", WEDNESDAY, threat_to_life=NO, serious_injury=NO, weapon_used=NO
        )
    )

    assert "TR-01" in _fired(unknown)
    assert "TR-01" not in _fired(empty)


def test_a_later_score_counts_from_the_day_of_the_score() -> None:
    scored = at("2027-04-06", "11:00")
    one = incident("suspected", "assault", WEDNESDAY, scores=(_score(6),), scored_up_at=scored)

    strict = _decide(one)
    ruled_out = _decide(
        incident(
            "suspected", "assault", WEDNESDAY, scores=(_score(6),), scored_up_at=scored, **NEITHER
        )
    )

    assert (strict.meeting_type, _due_on(strict)) == ("strategy", date(2027, 4, 7))
    assert ruled_out.meeting_type == "professional_discussion"
    assert _fired(ruled_out) == {"TR-04"}
    assert _due_on(ruled_out) == date(2027, 4, 13)


def test_a_meeting_held_since_settles_a_later_score() -> None:
    decision = _decide(
        incident(
            "suspected",
            "assault",
            WEDNESDAY,
            scores=(_score(6),),
            met_since=YES,
            scored_up_at=at("2027-04-06"),
            **NEITHER,
        )
    )

    assert "TR-04" not in _fired(decision)


@pytest.mark.parametrize(("days", "fires"), [(0, True), (84, True), (85, False), (None, False)])
def test_a_second_serious_incident_within_12_weeks_is_reviewed(
    days: int | None, fires: bool
) -> None:
    decision = _decide(incident("suspected", "robbery", WEDNESDAY, days_since_last_serious=days))

    assert ("TR-20" in _fired(decision)) is fires
    assert ("chair_review" in {task.task_id for task in decision.tasks}) is fires


def test_a_rapid_review_is_due_only_once_the_panel_was_notified() -> None:
    grave = {"serious_injury": YES, "exploitation_suspected": YES}
    before = _decide(incident("harmed", "assault", WEDNESDAY, **grave))
    after = _decide(
        incident(
            "harmed", "assault", WEDNESDAY, **grave, serious_incident_notified_at=at("2027-03-12")
        )
    )

    assert "rapid_review" not in {task.task_id for task in before.tasks}
    (review,) = [task for task in after.tasks if task.task_id == "rapid_review"]
    assert review.due is not None
    assert review.due.on == date(2027, 4, 6)


def test_suspected_significant_harm_alone_needs_a_strategy_meeting() -> None:
    decision = _decide(incident("at_risk", "other", WEDNESDAY, harm_suspected=YES))

    assert decision.meeting_type == "strategy"


def test_day_0_is_the_day_it_was_known_and_both_days_are_shown() -> None:
    one = incident("suspected", "robbery", WEDNESDAY, happened_at=WEDNESDAY - timedelta(days=3))

    decision = _decide(one)

    assert _due_on(decision) == date(2027, 3, 11)
    assert any("Sunday 7 March 2027" in words for words in decision.warnings)


def test_it_happened_in_bst_and_was_known_just_after_london_midnight() -> None:
    known = at("2027-05-27", "00:30")

    decision = _decide(incident("suspected", "robbery", known))

    assert decision.deadline is not None
    assert decision.deadline.counted_from == date(2027, 5, 27)


@pytest.mark.parametrize(
    ("logged", "out_of_hours"),
    [
        (at("2027-03-10", "08:59"), True),
        (at("2027-03-10", "09:00"), False),
        (at("2027-03-10", "16:59"), False),
        (at("2027-03-10", "17:00"), True),
        (at("2027-03-13", "12:00"), True),
        (at("2027-03-26", "12:00"), True),
    ],
)
def test_a_decision_is_due_that_working_day_or_at_once_out_of_hours(
    logged: datetime, out_of_hours: bool
) -> None:
    decision = _decide(incident("suspected", "robbery", logged))

    assert decision.out_of_hours is out_of_hours
    assert (decision.decide_by.at == logged) is out_of_hours


def test_children_on_both_sides_are_kept_apart_without_a_meeting_of_the_rules_own() -> None:
    decision = _decide(incident("present", "assault", WEDNESDAY, other_parts=("harmed",)))
    apart = _decide(incident("harmed", "assault", WEDNESDAY, other_parts=("both",)))

    assert not decision.keep_apart
    assert apart.keep_apart


def test_a_decision_is_stored_as_json_and_read_back_the_same() -> None:
    decision = _decide(incident("both", "knife", WEDNESDAY, hospital_attended=YES))

    stored = json.loads(json.dumps(decision.to_dict()))

    assert Decision.from_dict(stored) == decision
