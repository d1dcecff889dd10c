"""From a file of facts to the situation that the rules of one pack can judge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from marshmallow import ValidationError

from meetings.evaluation_terms import GivenAction, HeldMeeting, Situation
from meetings.rules import known_facts
from meetings.rules.catalogue import CATALOGUE
from meetings.rules.facts import score_problem
from meetings.rules.rulebook import Rulebook, rulebook
from meetings.schemas.evaluation import told
from meetings.schemas.fact_fields import dates_only
from meetings.terms import (
    BookedMeeting,
    Closure,
    Connected,
    Contact,
    MeetingFacts,
    MeetingStatus,
    Score,
)
from people.terms import ConnectionKind, ConnectionStatus, TriState
from procedures.terms import (
    UNKNOWN,
    Fact,
    FactKind,
    Facts,
    FactValue,
    Item,
    Pack,
    Part,
    Timescale,
    Unit,
)

_ONE_CHILD = "child"
_UNANSWERED = frozenset({ConnectionStatus.NOT_KNOWN, ConnectionStatus.ENQUIRY_MADE})
_Faults = list[tuple[str, str]]


def situation_of(raw: object, *, pack: Pack, at: datetime) -> Situation:
    """Return what a program told, by the words of the pack that will judge it.

    Args:
        at: the moment of asking, where the program does not say one.

    Raises:
        ValidationError: with each place that is wrong and what to write there.
    """
    data = told(raw)
    book = rulebook(pack)
    found = Situation(
        at=data.get("at", at),
        facts=_values(data["facts"]),
        moments=data["moments"],
        scores=tuple(Score(**one) for one in data["scores"]),
        is_incident=data["is_incident"],
        returned_on=None if data["returned_on"] is None else tuple(data["returned_on"]),
        other_parts=None if data["other_parts"] is None else tuple(data["other_parts"]),
        network=tuple(_connected(one, place) for place, one in enumerate(data["network"])),
        directory=tuple(_directory(data, book)),
        booked=tuple(_booked(one) for one in data["booked"]),
        held=tuple(_held(one) for one in data["held"]),
        actions=tuple(GivenAction(**one) for one in data["actions"]),
        school_shut=frozenset(_school_shut(data["network"])),
        meeting_type=data["meeting"].get("type"),
        starts_at=data["meeting"].get("starts_at"),
    )
    faults = [*_unknown_ids(data, book), *_sums(raw, found, book)]
    if not faults:
        faults += _contradictions(found, book)
    if faults:
        raise ValidationError({where: [words] for where, words in faults})
    return found


def _values(told_facts: Mapping[str, FactValue]) -> Facts:
    """A state of the network that means nobody knows is unknown, as in the record."""
    return {
        name: UNKNOWN if _is_state(CATALOGUE[name]) and value in _UNANSWERED else value
        for name, value in told_facts.items()
    }


def _is_state(fact: Fact) -> bool:
    return fact.kind is FactKind.CHOICE and not fact.section


def _connected(one: Mapping[str, Any], place: int) -> Connected:
    agency = one.get("agency", "")
    return Connected(
        kind=one["kind"].value,
        status=one["status"].value,
        agency_id=(agency or f"{one['kind'].value} {place + 1}")
        if one["status"] is ConnectionStatus.KNOWN
        else None,
        agency_name=agency,
        agency_kind=one.get("agency_kind", ""),
        is_male_carer=one["is_male_carer"],
    )


def _directory(data: Mapping[str, Any], book: Rulebook) -> Iterator[Contact]:
    """The contacts of the child's network come first: they work with this child."""
    shut = {
        one["agency"]: _closures(one["shut"])
        for one in (*data["network"], *data["directory"])
        if one.get("agency") and one["shut"]
    }
    position = 0
    for place, connection in enumerate(data["network"]):
        agency = connection.get("agency") or f"{connection['kind'].value} {place + 1}"
        for one in connection["contacts"]:
            given = {"is_for_child": True, **one}
            yield _contact(given, agency, shut.get(agency, ()), position, book)
            position += 1
    for one in data["directory"]:
        yield _contact(one, one["agency"], shut.get(one["agency"], ()), position, book)
        position += 1


def _contact(
    one: Mapping[str, Any], agency: str, shut: tuple[Closure, ...], position: int, book: Rulebook
) -> Contact:
    role = book.roles.get(one["role"])
    return Contact(
        agency_id=agency,
        agency_name=agency,
        agency_kind=role.text("agency_kind") if role else "",
        role=one["role"],
        name=one.get("name") or (role.words if role else one["role"]),
        email=one.get("email"),
        telephone=one.get("telephone"),
        opens=one.get("opens"),
        closes=one.get("closes"),
        is_person=one["is_person"],
        is_for_child=one.get("is_for_child", False),
        is_out_of_hours=one["is_out_of_hours"],
        is_out_of_term=one["is_out_of_term"],
        position=position,
        agency_closures=shut,
    )


def _school_shut(network: Sequence[Mapping[str, Any]]) -> Iterator[date]:
    for one in network:
        if one["kind"] is ConnectionKind.SCHOOL:
            for shut in one["shut"]:
                days = (shut["to_on"] - shut["from_on"]).days
                yield from (shut["from_on"] + timedelta(days=n) for n in range(days + 1))


def _closures(shut: Sequence[Mapping[str, Any]]) -> tuple[Closure, ...]:
    return tuple(Closure(**one) for one in shut)


def _booked(one: Mapping[str, Any]) -> BookedMeeting:
    return BookedMeeting(
        ref=one["ref"],
        child_id=_ONE_CHILD,
        meeting_type=one["type"],
        starts_at=one["starts_at"],
        status=MeetingStatus.ARRANGED,
        agency_kinds=tuple(one["agency_kinds"]),
    )


def _held(one: Mapping[str, Any]) -> HeldMeeting:
    facts = _values(one["facts"])
    quorate = facts.get("is_quorate")
    return HeldMeeting(
        meeting_type=one["type"],
        held_on=one["on"],
        decided=MeetingFacts(
            began_enquiry=_tri(facts.get("began_enquiry")),
            is_quorate=quorate if isinstance(quorate, bool) else None,
            plan_made=_tri(facts.get("plan_made")),
        ),
        facts={name: value for name, value in facts.items() if value is not UNKNOWN},
    )


def _tri(value: FactValue) -> TriState:
    if not isinstance(value, bool):
        return TriState.NOT_KNOWN
    return TriState.YES if value else TriState.NO


def _unknown_ids(data: Mapping[str, Any], book: Rulebook) -> Iterator[tuple[str, str]]:
    """Words of a pack that this pack has not: a misspelt id would silently mean nothing."""
    for where, one in _ids_told(data):
        section, value = one
        known = [item.id for item in book.pack.items(section)]
        if value not in known:
            yield where, _no_such(section, value, known)


def _ids_told(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, value in data["facts"].items():
        section = CATALOGUE[name].section
        values = value if isinstance(value, frozenset) else (value,)
        for one in values if section else ():
            if isinstance(one, str):
                yield f"facts.{name}", (section, one)
    for place, part in enumerate(data["other_parts"] or ()):
        yield f"other_parts.{place}", ("part", part)
    if "type" in data["meeting"]:
        yield "meeting.type", ("meeting_type", data["meeting"]["type"])
    lists = [("held", "type", "meeting_type", data["held"])]
    lists += [("booked", "type", "meeting_type", data["booked"])]
    lists += [("directory", "role", "role", data["directory"])]
    for place, one in enumerate(data["network"]):
        if "agency_kind" in one:
            yield f"network.{place}.agency_kind", ("agency_kind", one["agency_kind"])
    lists += [
        (f"network.{place}.contacts", "role", "role", one["contacts"])
        for place, one in enumerate(data["network"])
    ]
    for where, key, section, entries in lists:
        for place, one in enumerate(entries):
            yield f"{where}.{place}.{key}", (section, one[key])


def _no_such(section: str, value: str, known: Sequence[str]) -> str:
    near = get_close_matches(value, known, n=1)
    said = f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(sorted(known)[:20])}."
    return f"The pack has no {section.replace('_', ' ')} {value!r}. {said}"


def _sums(raw: object, found: Situation, book: Rulebook) -> _Faults:
    faults: _Faults = []
    for place, score in enumerate(found.scores):
        problem = score_problem(score, book)
        if problem is not None:
            faults.append((f"scores.{place}", problem))
    moments = raw.get("moments", {}) if isinstance(raw, dict) else {}
    faults += (
        (f"moments.{name}", "Hours are counted from it: give the hour too, as 2026-12-23T20:40.")
        for name in sorted(dates_only(moments) & _counted_in_hours(book))
    )
    if not found.is_incident and {"part", "kind"} & set(found.facts):
        faults.append(("is_incident", "There is no incident, and yet its part or kind is told."))
    known_at, happened_at = found.moments.get("known_at"), found.moments.get("happened_at")
    if known_at is not None and known_at > found.at:
        faults.append(("moments.known_at", "This is after the moment of asking (at)."))
    if known_at and happened_at and happened_at > known_at:
        faults.append(("moments.happened_at", "This is after it was known (known_at)."))
    if found.starts_at is not None and found.meeting_type is None and found.starts_at < found.at:
        faults.append(("meeting.starts_at", "This is before the moment of asking (at)."))
    return faults


def _contradictions(found: Situation, book: Rulebook) -> Iterator[tuple[str, str]]:
    for name, value in known_facts.contradictions(found, book).items():
        said = json.dumps(value, default=str)
        yield (
            f"facts.{name}",
            f"What else is told here says {said}. Tell it once, or mend one of them.",
        )


def _counted_in_hours(book: Rulebook) -> frozenset[str]:
    items: tuple[Item, ...] = (*book.triggers, *book.tasks.values(), *book.follow_ons)
    parts: list[Part] = [*items, *(part for item in items for part in item.parts("outcome"))]
    scales = (value for part in parts for value in part.fields.values())
    return frozenset(
        value.event for value in scales if isinstance(value, Timescale) and value.unit is Unit.HOURS
    )
