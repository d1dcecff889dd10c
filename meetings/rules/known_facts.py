"""The case of a situation that a program tells: what it says, and what surely follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from meetings.evaluation_terms import Counted, Situation
from meetings.rules import facts as facts_of
from meetings.rules.case import Case, vocabulary_of
from meetings.rules.rulebook import Rulebook, rulebook
from meetings.terms import ChildFacts, IncidentFacts
from people.terms import TriState
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import UNKNOWN, Facts, FactValue, Pack

_EPISODES, _EPISODE_DAYS = "missing_episodes_90_days", timedelta(days=90)
# What is surely so when a program says that there is no incident.
_NO_INCIDENT = (
    "is_harmed",
    "is_suspected",
    "is_weapon_kind",
    "weapon_used",
    "serious_injury",
    "threat_to_life",
    "class_a_supply",
    "both_sides_children",
    "has_died",
)
# Facts that follow from others: every other fact must be told, or is not known.
DERIVED = frozenset(
    {
        "age_months",
        "both_sides_children",
        "gp",
        "has_protection_plan",
        "has_returned",
        "is_harmed",
        "is_looked_after",
        "is_score_serious",
        "is_scored",
        "is_scored_up",
        "is_suspected",
        "is_weapon_kind",
        "logged_after_day_end",
        "male_carer_known",
        _EPISODES,
        "offence_group",
        "on_roll",
        "schools",
        "services",
        "trusted_adult",
        "youth_justice",
    }
)


def lay_out(situation: Situation, *, pack: Pack, calendar: WorkingCalendar) -> Case:
    """Return the case of a situation.

    Source: decision 14 (not scored yet is the default); field guide 11b, unknown answers.
    """
    book = rulebook(pack)
    known = {**following(situation, book), **_told(situation)}
    moments = {"known_at": situation.at, **situation.moments, "recorded_at": situation.at}
    return Case(
        book=book,
        facts=facts_of.defined(known, book),
        moments=moments,
        calendar=calendar,
        vocabulary=vocabulary_of(pack),
        school_shut=situation.school_shut,
    )


def following(situation: Situation, book: Rulebook) -> Facts:
    """Return the facts that follow from those told, without the ones that stay unknown.

    Source: field guide 3.1 and 4.1.
    """
    told = situation.facts
    months = _number(told.get("age_months"))
    age = _number(told.get("age"))
    child = ChildFacts(
        age=months // 12 if age is None and months is not None else age,
        age_months=months,
        legal_status=_text(told.get("legal_status")),
        connections=situation.network,
    )
    known_at = situation.moments.get("known_at", situation.at)
    incident = IncidentFacts(
        part=_text(told.get("part")),
        kind=_text(told.get("kind")) or "",
        happened_at=situation.moments.get("happened_at", known_at),
        known_at=known_at,
        recorded_at=situation.at,
        has_died=TriState.NOT_KNOWN,
        met_since=TriState.NOT_KNOWN,
        scores=situation.scores,
        other_parts=situation.other_parts or (),
        scored_up_at=situation.moments.get("scored_up_at"),
        returned_at=situation.moments.get("returned_at"),
    )
    found: dict[str, FactValue] = {
        **facts_of.of_child(child, rulebook=book),
        **facts_of.of_incident(incident, rulebook=book),
    }
    if situation.other_parts is None or incident.part is None:
        found["both_sides_children"] = UNKNOWN
    if situation.scores and incident.scored_up_at is None:
        found["is_scored_up"] = UNKNOWN
    if not found["services"]:
        # An empty network may be one that nobody told.
        found["services"] = UNKNOWN
    if child.age is not None:
        found["age"] = child.age
    if not situation.is_incident:
        found |= dict.fromkeys(_NO_INCIDENT, False)
    names = {*DERIVED, "age", *(() if situation.is_incident else _NO_INCIDENT)}
    found |= {one.fact: one.value for one in counted(situation)}
    return {name: value for name, value in found.items() if name in names and value is not UNKNOWN}


def counted(situation: Situation) -> tuple[Counted, ...]:
    """Return the episodes of missing by date of return; the first day of the window counts.

    Source: field guide 11b, "missing episodes in 90 days".
    """
    if situation.returned_on is None:
        return ()
    last = situation.at.astimezone(LONDON).date()
    if "returned_at" in situation.moments:
        last = situation.moments["returned_at"].astimezone(LONDON).date()
    first = last - _EPISODE_DAYS
    inside = [on for on in situation.returned_on if first <= on <= last]
    return (Counted(_EPISODES, len(inside), first, last),)


def contradictions(situation: Situation, book: Rulebook) -> Mapping[str, FactValue]:
    """Return the facts told that contradict what follows from the others, with that value.

    Source: bad input is named, never guessed.
    """
    follows = following(situation, book)
    return {
        name: follows[name]
        for name, value in _told(situation).items()
        if name in follows and follows[name] != value and not _sharpens(name, follows[name])
    }


def _sharpens(name: str, value: FactValue) -> bool:
    """Not scored is only presumed while no score is given; months presume whole years."""
    return name == "age_months" or (name in {"is_scored", "is_scored_up"} and value is False)


def _told(situation: Situation) -> Facts:
    return {name: value for name, value in situation.facts.items() if value is not UNKNOWN}


def _text(value: FactValue) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: FactValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
