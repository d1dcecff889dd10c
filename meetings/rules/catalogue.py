"""The frozen catalogue of facts that rules may look at: type, meaning, question, where recorded."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from meetings.rules import not_recorded
from procedures.terms import NOT_RECORDED, Fact, FactKind

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
        "disability",
        "the child has a disability",
        "the child has no disability",
        "Does the child have a disability?",
        "details",
    ),
    _yes_no(
        "interpreter_needed",
        "the child or family needs an interpreter",
        "nobody needs an interpreter",
        "Does the child or family need an interpreter?",
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
        NOT_RECORDED,
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
    _choice(
        "trusted_adult",
        "the child's trusted adult is",
        "Whom does the child trust?",
        _NETWORK,
    ),
    Fact(
        "services",
        FactKind.CHOICES,
        "agencies recorded as working with the child:",
        "no agency is recorded as working with the child",
        "Which agencies work with the child?",
        _NETWORK,
        "agency_kind",
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
CATALOGUE: Mapping[str, Fact] = MappingProxyType(
    {fact.name: fact for fact in (*_FACTS, *not_recorded.ALL)}
)

# Moments that limits may be counted from.
EVENTS = frozenset(
    {
        "known_at",
        "recorded_at",
        "happened_at",
        "scored_up_at",
        "serious_incident_notified_at",
        "held_on",
        "turned_17",
        "turned_17_and_a_half",
        "stage_opened_at",
        *not_recorded.MOMENTS,
    }
)
