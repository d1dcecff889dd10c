"""The frozen catalogue of facts that rules may look at, and how they are read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from meetings.rules.rulebook import Rulebook
from meetings.terms import ChildFacts, Connected, IncidentFacts, MeetingFacts, Score
from people.terms import TriState
from procedures.rules.conditions import truth
from procedures.rules.working_days import LONDON
from procedures.terms import UNKNOWN, Fact, FactKind, Facts, FactValue, Truth, Unknown

_INCIDENT = "incident page"
_NETWORK = "the child's people page"
_MEETING = "the meeting's page"


def _yes_no(name: str, yes: str, no: str, question: str, recorded: str) -> Fact:
    return Fact(name, FactKind.YES_NO, yes, no, question, recorded)


def _number(name: str, yes: str, no: str, question: str, recorded: str) -> Fact:
    return Fact(name, FactKind.NUMBER, yes, no, question, recorded)


def _choice(name: str, yes: str, question: str, recorded: str, section: str = "") -> Fact:
    return Fact(name, FactKind.CHOICE, yes, f"{yes} none", question, recorded, section)


_FACTS = (
    _choice("part", "the child's part is", "What was the child's part?", _INCIDENT, "part"),
    _yes_no(
        "is_harmed",
        "the child was harmed",
        "the child was not the one harmed",
        "Was the child harmed?",
        _INCIDENT,
    ),
    _yes_no(
        "is_suspected",
        "the child is suspected",
        "the child is not suspected",
        "Is the child suspected?",
        _INCIDENT,
    ),
    _choice(
        "kind",
        "the kind of incident is",
        "What kind of incident was it?",
        _INCIDENT,
        "incident_kind",
    ),
    _choice(
        "offence_group",
        "the offence group is",
        "Which offence group does it belong to?",
        "the pack's kinds of incident",
        "offence_group",
    ),
    _yes_no(
        "is_weapon_kind",
        "the incident is about a weapon",
        "the incident is not about a weapon",
        "Was it about a weapon?",
        "the pack's kinds of incident",
    ),
    _yes_no(
        "weapon_used",
        "a weapon was used",
        "no weapon was used",
        "Was a weapon used?",
        _INCIDENT,
    ),
    _yes_no(
        "serious_injury",
        "somebody was seriously injured",
        "nobody was seriously injured",
        "Was there a serious injury?",
        _INCIDENT,
    ),
    _yes_no(
        "threat_to_life",
        "there is a credible threat to life",
        "there is no credible threat to life",
        "Is there a credible threat to life?",
        _INCIDENT,
    ),
    _yes_no(
        "class_a_supply",
        "supply of a class A drug is suspected",
        "supply of a class A drug is not suspected",
        "Is supply of a class A drug suspected?",
        _INCIDENT,
    ),
    _yes_no(
        "retaliation_risk",
        "there is a risk of retaliation",
        "there is no risk of retaliation",
        "Is there a risk of retaliation?",
        _INCIDENT,
    ),
    _yes_no(
        "exploitation_suspected",
        "exploitation is suspected",
        "exploitation is not suspected",
        "Is exploitation suspected?",
        _INCIDENT,
    ),
    _yes_no(
        "harm_suspected",
        "the child is suspected to be suffering harm",
        "a manager recorded that harm is not suspected",
        "Is the child suspected to be suffering significant harm?",
        _INCIDENT,
    ),
    _yes_no(
        "hospital_attended",
        "the child was taken to hospital",
        "the child was not taken to hospital",
        "Was the child seen in hospital?",
        _INCIDENT,
    ),
    _yes_no(
        "ambulance_attended",
        "an ambulance was called",
        "no ambulance was called",
        "Was an ambulance called?",
        _INCIDENT,
    ),
    _yes_no(
        "at_school",
        "it happened at or around school",
        "it did not happen at school",
        "Did it happen at or around school?",
        _INCIDENT,
    ),
    _yes_no(
        "safe_now",
        "the child is safe now",
        "the child is not safe now",
        "Is the child safe now?",
        _INCIDENT,
    ),
    _yes_no("has_died", "a child died", "no child died", "Did a child die?", _INCIDENT),
    _yes_no(
        "is_scored",
        "it was scored on a scale of seriousness",
        "it has not been scored yet",
        "Has the offence been scored?",
        _INCIDENT,
    ),
    _yes_no(
        "is_score_serious",
        "its score counts as serious",
        "its score is below serious",
        "What is its score of seriousness?",
        _INCIDENT,
    ),
    _yes_no(
        "is_scored_up",
        "a later score made it serious",
        "no later score made it serious",
        "Did a later score make it serious?",
        _INCIDENT,
    ),
    _yes_no(
        "met_since",
        "a meeting about it has been held",
        "no meeting about it has been held",
        "Has a meeting about it been held?",
        _MEETING,
    ),
    _yes_no(
        "both_sides_children",
        "children stand on both sides of it",
        "children do not stand on both sides of it",
        "Are children on both sides?",
        _INCIDENT,
    ),
    _yes_no(
        "logged_after_day_end",
        "it was logged after the end of the day",
        "it was logged before the end of the day",
        "When was it logged?",
        "the service's clock",
    ),
    _number(
        "days_since_last_serious",
        "days since the child's last serious incident:",
        "the child had no serious incident before",
        "When was the child's last serious incident?",
        "the child's incidents",
    ),
    _number(
        "age", "the child's age is", "the child has no age", "How old is the child?", "details"
    ),
    _number(
        "age_months",
        "the child's age in months is",
        "the child has no age",
        "When was the child born?",
        "details",
    ),
    _choice(
        "legal_status",
        "the child's legal status is",
        "What is the child's legal status?",
        "details",
        "legal_status",
    ),
    _yes_no(
        "is_looked_after",
        "the child is looked after",
        "the child is not looked after",
        "Is the child looked after?",
        "details",
    ),
    _yes_no(
        "has_protection_plan",
        "the child has a child protection plan",
        "the child has no child protection plan",
        "Does the child have a child protection plan?",
        "details",
    ),
    _yes_no(
        "ever_had_social_worker",
        "the child has, or had, a social worker",
        "the child never had a social worker",
        "Has the child ever had a social worker?",
        "details",
    ),
    _yes_no(
        "ehc_plan",
        "the child has an EHC plan",
        "the child has no EHC plan",
        "Does the child have an EHC plan?",
        "details",
    ),
    _yes_no(
        "sen",
        "the child has special educational needs",
        "the child has no special educational needs",
        "Does the child have special educational needs?",
        "details",
    ),
    _yes_no(
        "hospital_within_30_days",
        "the child was in hospital in the last 30 days",
        "the child was not in hospital in the last 30 days",
        "Was the child in hospital in the last 30 days?",
        _NETWORK,
    ),
    _yes_no(
        "exploitation_flag",
        "the child is flagged as exploited",
        "the child is not flagged as exploited",
        "Is the child flagged as exploited?",
        "details",
    ),
    _yes_no(
        "missing_flag",
        "the child goes missing",
        "the child does not go missing",
        "Does the child go missing?",
        "details",
    ),
    _yes_no(
        "on_roll",
        "the child is on roll at a school",
        "the child is on roll at no school",
        "Which school is the child on roll at?",
        _NETWORK,
    ),
    _number(
        "schools",
        "schools the child is on roll at:",
        "the child is on roll at no school",
        "Which schools is the child on roll at?",
        _NETWORK,
    ),
    _choice("gp", "the GP is", "Which GP is the child registered with?", _NETWORK),
    _choice(
        "youth_justice",
        "youth justice is",
        "Is the child open to youth justice?",
        _NETWORK,
    ),
    _yes_no(
        "male_carer_known",
        "the father or a male carer is known",
        "the father and male carers are not known",
        "Who are the father and male carers?",
        _NETWORK,
    ),
    _yes_no(
        "began_enquiry",
        "this meeting began a section 47 enquiry",
        "this meeting began no section 47 enquiry",
        "Does this meeting begin a section 47 enquiry?",
        _MEETING,
    ),
    _yes_no(
        "is_quorate",
        "the legal quorum took part",
        "the legal quorum did not take part",
        "Did the legal quorum take part?",
        _MEETING,
    ),
    _yes_no(
        "plan_made",
        "a child protection plan was made",
        "no child protection plan was made",
        "Was a child protection plan made?",
        _MEETING,
    ),
)
CATALOGUE: Mapping[str, Fact] = MappingProxyType({fact.name: fact for fact in _FACTS})

# Moments that limits may be counted from.
EVENTS = frozenset(
    {
        "known_at",
        "recorded_at",
        "happened_at",
        "scored_up_at",
        "serious_incident_notified_at",
        "held_on",
    }
)

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
)
_ASKED_OF_CHILD = (
    "ever_had_social_worker",
    "ehc_plan",
    "sen",
    "hospital_within_30_days",
    "exploitation_flag",
    "missing_flag",
)
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
        "male_carer_known": _male_carer(child.connections),
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


def moments(incident: IncidentFacts) -> Mapping[str, datetime | None]:
    """Return the instants that limits may count from.

    Source: field guide 11b, "day 0 of a trigger".
    """
    return {
        "known_at": incident.known_at,
        "recorded_at": incident.recorded_at,
        "happened_at": incident.happened_at,
        "scored_up_at": incident.scored_up_at,
        "serious_incident_notified_at": incident.serious_incident_notified_at,
    }


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
