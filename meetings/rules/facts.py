"""How the facts of the catalogue are read from a child, an incident and a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from meetings.rules import not_recorded
from meetings.rules.rulebook import Rulebook
from meetings.terms import ChildFacts, Connected, IncidentFacts, MeetingFacts, Score
from people.terms import TriState
from procedures.rules.conditions import truth
from procedures.rules.timescales import add_months, wall
from procedures.rules.working_days import LONDON
from procedures.terms import UNKNOWN, Facts, FactValue, Truth, Unknown

_TRI: Mapping[TriState, FactValue] = MappingProxyType(
    {TriState.YES: True, TriState.NO: False, TriState.NOT_KNOWN: UNKNOWN}
)
_ASKED = (
    "weapon_used",
    "serious_injury",
    "threat_to_life",
    "class_a_supply",
    "retaliation_risk",
    "exploitation_suspected",
    "harm_suspected",
    "hospital_attended",
    "ambulance_attended",
    "at_school",
    "safe_now",
    "has_died",
    "met_since",
    *(fact.name for fact in not_recorded.OF_INCIDENT),
)
_ASKED_OF_CHILD = (
    "ever_had_social_worker",
    "ehc_plan",
    "sen",
    "hospital_within_30_days",
    "exploitation_flag",
    "missing_flag",
    "disability",
    "interpreter_needed",
    *(fact.name for fact in not_recorded.OF_CHILD),
)
_BIRTHDAYS = {"turned_17": 17 * 12, "turned_17_and_a_half": 17 * 12 + 6}
# People's own words for the state of a connection (people.terms.ConnectionStatus). A status that
# means "nobody knows yet" is unknown, and so never counts as no.
_KNOWN = "known"
_NONE = "none"
_NOBODY_KNOWS = frozenset({"not_known", "enquiry_made"})


def of_incident(incident: IncidentFacts, *, rulebook: Rulebook) -> Facts:
    """Return the facts of one child's part in an incident.

    Source: field guide 3.1 and decision 14.
    """
    part = rulebook.parts.get(incident.part) if incident.part else None
    kind = rulebook.kinds.get(incident.kind)
    facts: dict[str, FactValue] = {name: _TRI[getattr(incident, name)] for name in _ASKED}
    facts |= {
        "part": incident.part or UNKNOWN,
        "is_harmed": part.flag("is_harmed") if part else UNKNOWN,
        "is_suspected": part.flag("is_suspected") if part else UNKNOWN,
        "kind": incident.kind,
        "offence_group": (kind.text("offence_group") or UNKNOWN) if kind else UNKNOWN,
        "is_weapon_kind": kind.flag("is_weapon") if kind else UNKNOWN,
        "is_scored_up": incident.scored_up_at is not None,
        "both_sides_children": _on_both_sides(incident, rulebook),
        "logged_after_day_end": _is_after_day_end(incident, rulebook),
        "days_since_last_serious": incident.days_since_last_serious,
        "has_returned": UNKNOWN if incident.returned_at is None else True,
    }
    return facts | _scored(incident.scores, facts["offence_group"], rulebook)


def of_child(child: ChildFacts, *, rulebook: Rulebook) -> Facts:
    """Return the facts of a child and its network.

    Source: field guide 4.1.
    """
    status = rulebook.legal_statuses.get(child.legal_status or "")
    school = _connection(child.connections, "school")
    schools = [one for one in child.connections if one.kind == "school" and one.agency_id]
    facts: dict[str, FactValue] = {name: _TRI[getattr(child, name)] for name in _ASKED_OF_CHILD}
    return facts | {
        "age": UNKNOWN if child.age is None else child.age,
        "age_months": _months(child),
        "legal_status": child.legal_status or UNKNOWN,
        "is_looked_after": status.flag("is_looked_after") if status else UNKNOWN,
        "has_protection_plan": status.flag("has_protection_plan") if status else UNKNOWN,
        "on_roll": _known(school),
        "schools": len(schools) if schools or school == _NONE else UNKNOWN,
        "gp": _connection(child.connections, "gp"),
        "youth_justice": _connection(child.connections, "youth_justice"),
        "trusted_adult": _connection(child.connections, "trusted_adult"),
        "services": _services(child.connections),
        "male_carer_known": _male_carer(child.connections),
        **{
            fact.name: UNKNOWN if given is None else given
            for fact in not_recorded.NUMBERS_OF_CHILD
            for given in (getattr(child, fact.name),)
        },
    }


def of_meeting(meeting: MeetingFacts) -> Facts:
    """Return the facts of a held meeting that later dates hang on.

    Source: field guide 2.1.
    """
    return {
        "began_enquiry": _TRI[meeting.began_enquiry],
        "is_quorate": UNKNOWN if meeting.is_quorate is None else meeting.is_quorate,
        "plan_made": _TRI[meeting.plan_made],
    }


def moments(incident: IncidentFacts, child: ChildFacts) -> Mapping[str, datetime | None]:
    """Return the instants that limits may count from.

    Source: field guide 11b, "day 0 of a trigger" and "age triggers".
    """
    found = {
        "known_at": incident.known_at,
        "recorded_at": incident.recorded_at,
        "happened_at": incident.happened_at,
        "scored_up_at": incident.scored_up_at,
        "serious_incident_notified_at": incident.serious_incident_notified_at,
        **{name: getattr(incident, name) for name in not_recorded.MOMENTS},
    }
    return found | {name: _birthday(child, months) for name, months in _BIRTHDAYS.items()}


def school_shut(child: ChildFacts) -> frozenset[date]:
    """Return the dates on which the child's school is shut, so that no school day is counted.

    Source: field guide DT-6.
    """
    return frozenset(
        closure.from_on + timedelta(days=days)
        for closure in child.school_closures
        for days in range((closure.to_on - closure.from_on).days + 1)
    )


def defined(facts: Mapping[str, FactValue], rulebook: Rulebook) -> Facts:
    """Return the facts with those that the pack defines from them.

    Source: field guide 3.1.
    """
    known = dict(facts)
    answers: Mapping[Truth, FactValue] = {Truth.YES: True, Truth.NO: False}
    for item in rulebook.definitions.values():
        known[item.id] = answers.get(truth(item.condition(), known), UNKNOWN)
    return known


def score_problem(score: Score, rulebook: Rulebook) -> str | None:
    """Say what is wrong with a score, or None; a number without its scale is refused.

    Source: decision 14 and field guide 0, fact 4.
    """
    scale = rulebook.scales.get(score.scale)
    if scale is None:
        named = ", ".join(item.words for item in rulebook.scales.values())
        return f"Say on which scale the score was given: {named}."
    if not score.scale_version:
        return f"Say which version of {scale.words} was used."
    lowest, highest = scale.number("lowest"), scale.number("highest")
    if not lowest <= score.value <= highest:
        return f"{scale.words} runs from {lowest} to {highest}: {score.value} is not on it."
    return None


def _months(child: ChildFacts) -> FactValue:
    if child.age_months is not None:
        return child.age_months
    # Whole years settle every question of months but those inside the turning year.
    return UNKNOWN if child.age in (None, 17) else (child.age or 0) * 12


def _birthday(child: ChildFacts, months: int) -> datetime | None:
    return wall(add_months(child.born_on, months), time(0)) if child.born_on else None


def _services(connections: tuple[Connected, ...]) -> FactValue:
    """It says what is recorded, so that an empty list means that nothing is, and no more."""
    kinds = {one.agency_kind for one in connections if one.status == _KNOWN and one.agency_kind}
    return frozenset(kinds)


def _scored(
    scores: tuple[Score, ...], group: FactValue, rulebook: Rulebook
) -> dict[str, FactValue]:
    """Only a scale with a serious threshold counts; any serious score is enough."""
    counted = [
        (score, rulebook.scales[score.scale])
        for score in scores
        if score.scale in rulebook.scales
        and rulebook.scales[score.scale].number("serious_from")
        and score_problem(score, rulebook) is None
    ]
    if not counted:
        return {"is_scored": False, "is_score_serious": UNKNOWN}
    high = [scale for score, scale in counted if score.value >= scale.number("serious_from")]
    if not high:
        return {"is_scored": True, "is_score_serious": False}
    if isinstance(group, Unknown):
        return {"is_scored": True, "is_score_serious": UNKNOWN}
    serious = any(group in scale.texts("serious_groups") for scale in high)
    return {"is_scored": True, "is_score_serious": serious}


def _on_both_sides(incident: IncidentFacts, rulebook: Rulebook) -> bool:
    mine = rulebook.parts.get(incident.part or "")
    others = [rulebook.parts[one] for one in incident.other_parts if one in rulebook.parts]
    if mine is None:
        return False
    return (mine.flag("is_harmed") and any(one.flag("is_suspected") for one in others)) or (
        mine.flag("is_suspected") and any(one.flag("is_harmed") for one in others)
    )


def _is_after_day_end(incident: IncidentFacts, rulebook: Rulebook) -> bool:
    known_on = incident.known_at.astimezone(LONDON).date()
    logged = incident.recorded_at.astimezone(LONDON)
    return logged.date() > known_on or logged.time() >= rulebook.pack.settings.day_end


def _connection(connections: tuple[Connected, ...], kind: str) -> FactValue:
    found = [one.status for one in connections if one.kind == kind]
    if _KNOWN in found:
        return _KNOWN
    settled = [status for status in found if status not in _NOBODY_KNOWS]
    return settled[0] if settled else UNKNOWN


def _known(status: FactValue) -> FactValue:
    if isinstance(status, Unknown):
        return UNKNOWN
    return True if status == _KNOWN else (False if status == _NONE else UNKNOWN)


def _male_carer(connections: tuple[Connected, ...]) -> FactValue:
    found = [one.status for one in connections if one.is_male_carer]
    return True if any(status not in _NOBODY_KNOWS for status in found) else UNKNOWN
