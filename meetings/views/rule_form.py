"""The form of one rule: its boxes from the pack, and what was typed as fields of the pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from core.fields import PlainDate
from meetings.rules.case import vocabulary_of
from meetings.rules.catalogue import EVENTS
from meetings.terms import Requirement
from meetings.views import rule_rows, rule_words
from meetings.views.rule_rows import Form
from people.form_fields import errors_of, load_form, typed
from procedures.draft_terms import Laid
from procedures.rules.condition_rows import as_table, joined, laid_out
from procedures.shipped import default_pack
from procedures.terms import Condition, Confidence, Force, Item, Pack, PackFault, Timescale, Unit

_CHAIN = 3
_PLACES = (
    ("when", "add-fact"),
    ("seat", "seat-0-role"),
    ("role", "seat-0-role"),
    ("fallback", "seat-0-role"),
    ("slot", "seat-0-role"),
    ("within", "outcome-0-n"),
    ("meeting", "meetings"),
    ("source", "source"),
)


class RuleSchema(Schema):
    """The boxes every rule has."""

    words = fields.String(
        required=True,
        validate=validate.Length(max=200),
        error_messages={"required": "Say the rule in a few words."},
    )
    source = fields.String(
        required=True,
        validate=validate.Length(max=300),
        error_messages={"required": "Say where the rule comes from, such as a decision."},
    )
    source_date = PlainDate(required=True)
    force = fields.Enum(Force, by_value=True, required=True)
    confidence = fields.Enum(Confidence, by_value=True, required=True)
    meetings = fields.List(fields.String())


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role that the pack does not know yet, for one seat."""

    seat: int
    words: str
    agency_kind: str


@dataclass(slots=True)
class Read:
    """What was typed: fields to write, roles to add first, and what is wrong, by box."""

    fields: dict[str, Any] = field(default_factory=dict)
    new_roles: list[NewRole] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)


def laid_of(item: Item, pack: Pack, *, is_new: bool) -> Laid:
    """Return a rule's condition laid out; that of a locked rule is kept whole."""
    locked = None if is_new else _locked(item)
    return laid_out(item.condition(), catalogue=rule_rows.facts_of(pack), locked=locked)


def boxes(item: Item, raw: Mapping[str, Any], pack: Pack, *, is_new: bool) -> dict[str, Any]:
    """Return the boxes of a rule; a rule like it begins without words and source of its own."""
    values = rule_rows.boxes(laid_of(item, pack, is_new=is_new))
    values |= {"meetings": list(item.texts("meetings"))}
    if is_new:
        values |= {"force": Force.LOCAL.value, "confidence": Confidence.VERIFIED.value}
    else:
        values |= {
            "words": item.words,
            "source": item.source.text,
            "force": item.source.force.value,
            "confidence": item.source.confidence.value,
            **_date_boxes("source_date", item.source.on),
        }
    for number, slot in enumerate(raw.get("slot", ())):
        values |= _seat_boxes(number, slot)
    for number, within in enumerate(part.timescale("within") for part in item.parts("outcome")):
        values |= _outcome_boxes(number, item.parts("outcome")[number].text("meeting"), within)
    return values


def typed_values(form: Form) -> dict[str, Any]:
    """Return what was typed, to show it again."""
    lists = [name for name in form if name.endswith("-values") or name == "meetings"]
    return typed(form, *lists)


def shown(
    item: Item, raw: Mapping[str, Any], values: Mapping[str, Any], pack: Pack, *, is_new: bool
) -> dict[str, Any]:
    """Return the rows, seats and choices that the template shows."""
    laid = laid_of(item, pack, is_new=is_new)
    kept = laid.kept
    vocabulary = vocabulary_of(pack)
    return {
        "kept": rule_words.condition(kept, vocabulary) if kept is not None else None,
        "is_locked": _locked(item) is not None and not is_new,
        "rows": rule_rows.shown(values, pack),
        "fact_options": rule_rows.fact_options(pack),
        "seats": [_seat(number, values, raw, pack) for number in _seats(item, values)],
        "outcomes": [
            {"number": number, "was": values.get(f"outcome-{number}-was", "")}
            for number in rule_rows.numbers(values, "outcome")
        ],
        "role_options": _options(pack, "role"),
        "agency_options": _options(pack, "agency_kind"),
        "meeting_options": _options(pack, "meeting_type"),
        "requirement_options": [
            {"value": one.value, "text": words[:1].upper() + words[1:]}
            for one, words in rule_words.REQUIREMENT.items()
        ],
        "unit_options": [
            {"value": one.value, "text": words} for one, words in rule_words.UNIT.items()
        ],
        "event_options": [{"value": one, "text": rule_words.event(one)} for one in sorted(EVENTS)],
        "force_options": [
            {"value": one.value, "text": words.capitalize()}
            for one, words in rule_words.FORCE.items()
        ],
        "confidence_options": [
            {"value": one.value, "text": words[:1].upper() + words[1:]}
            for one, words in rule_words.CONFIDENCE.items()
        ],
        "chain": list(range(_CHAIN)),
        "is_invitation": item.section == "invitation",
    }


def read(form: Form, item: Item, raw: Mapping[str, Any], pack: Pack, *, is_new: bool) -> Read:
    """Return what was typed as fields of the pack; only what differs, unless the rule is new."""
    found = Read()
    try:
        head = load_form(RuleSchema(), form)
    except ValidationError as fault:
        found.errors |= errors_of(fault)
        head = {}
    laid = laid_of(item, pack, is_new=is_new)
    rows = rule_rows.read(form, laid, pack)
    found.errors |= rows.errors
    if head:
        found.fields |= _head(head, item, is_new=is_new)
    condition = joined(rows.laid)
    if is_new or condition != item.condition():
        found.fields["when"] = as_table(condition)
    if item.section == "invitation":
        _read_invitation(found, form, raw, head, is_new=is_new)
    else:
        _read_trigger(found, form, raw, is_new=is_new)
    return found


def errors_from(faults: tuple[PackFault, ...]) -> dict[str, list[str]]:
    """Return the checker's faults beside the boxes they are about."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        words = fault.words.lower()
        place = next((box for word, box in _PLACES if words.startswith(word)), None)
        if place is None:
            place = next((box for word, box in _PLACES if word in words), "form")
        found.setdefault(place, []).append(_plain(fault.words))
    return found


def _plain(words: str) -> str:
    """The checker speaks to who writes the file; the form says it without brackets."""
    if words.startswith("when is locked"):
        return (
            "This rule is law or locked. You may add cases in which it applies (any of these), "
            "never take one away."
        )
    return f"{words[:1].upper()}{words[1:]}."


def _locked(item: Item) -> Condition | None:
    """The shipped condition of a rule that may be widened and never narrowed."""
    for shipped in default_pack().items(item.section):
        is_locked = shipped.is_locked or shipped.source.force is Force.STATUTE
        if shipped.id == item.id and is_locked:
            return shipped.condition()
    return None


def _head(head: Mapping[str, Any], item: Item, *, is_new: bool) -> dict[str, Any]:
    written = {
        "words": head["words"],
        "source": head["source"],
        "source_date": head["source_date"],
        "force": head["force"].value,
        "confidence": head["confidence"].value,
    }
    if is_new:
        return written
    now: dict[str, Any] = {
        "words": item.words,
        "source": item.source.text,
        "source_date": item.source.on,
        "force": item.source.force.value,
        "confidence": item.source.confidence.value,
    }
    return {name: value for name, value in written.items() if now[name] != value}


def _read_invitation(
    found: Read, form: Form, raw: Mapping[str, Any], head: Mapping[str, Any], *, is_new: bool
) -> None:
    meetings = _in_their_order(head.get("meetings", ()), raw.get("meetings", ()))
    if head and not meetings:
        found.errors["meetings"] = ["Choose at least one meeting."]
    if is_new or meetings != raw.get("meetings"):
        found.fields["meetings"] = meetings
    slots = [
        _read_seat(found, form, raw, number, is_new=is_new)
        for number in rule_rows.numbers(form, "seat")
    ]
    if not slots:
        found.errors["add-seat"] = ["Say at least one role that is asked."]
    if is_new or slots != raw.get("slot", []):
        found.fields["slot"] = slots


def _in_their_order(ticked: Sequence[str], before: Sequence[str]) -> list[str]:
    """Ticking a box more does not shuffle what stands in the file."""
    there = [one for one in before if one in ticked]
    return [*there, *(one for one in ticked if one not in there)]


def _read_seat(
    found: Read, form: Form, raw: Mapping[str, Any], number: int, *, is_new: bool
) -> dict[str, Any]:
    lead = f"seat-{number}"
    slot = _was(raw.get("slot", []), form.get(f"{lead}-was", ""))
    new_role = form.get(f"{lead}-new_role", "").strip()
    kind = form.get(f"{lead}-new_kind", "")
    if new_role and not kind:
        found.errors[f"{lead}-new_kind"] = ["Say which kind of agency the new role belongs to."]
    elif new_role:
        found.new_roles.append(NewRole(number, new_role, kind))
    role = form.get(f"{lead}-role", "")
    if not role and not new_role:
        found.errors[f"{lead}-role"] = ["Choose who is asked."]
    requirement = form.get(f"{lead}-requirement", "")
    if requirement not in set(Requirement):
        found.errors[f"{lead}-requirement"] = ["Choose how firmly they are asked."]
    if slot.get("role") != role:
        slot.pop("connection", None)
    slot |= {"role": role, "requirement": requirement}
    if is_new:
        slot.pop("is_statutory", None)
    chain = [form.get(f"{lead}-fallback-{place}", "") for place in range(_CHAIN)]
    rest = list(slot.get("fallback", ()))[_CHAIN:]
    fallback = [*dict.fromkeys(one for one in (*chain, *rest) if one and one != role)]
    slot.pop("fallback", None)
    return slot | ({"fallback": fallback} if fallback else {})


def _read_trigger(found: Read, form: Form, raw: Mapping[str, Any], *, is_new: bool) -> None:
    outcomes = []
    for number in rule_rows.numbers(form, "outcome"):
        lead = f"outcome-{number}"
        outcome = _was(raw.get("outcome", []), form.get(f"{lead}-was", ""))
        meeting = form.get(f"{lead}-meeting", "")
        if not meeting:
            found.errors[f"{lead}-meeting"] = ["Choose the meeting that is needed."]
        outcome |= {"meeting": meeting, "within": _read_within(found, form, lead, outcome)}
        outcomes.append(outcome)
    if is_new or outcomes != raw.get("outcome", []):
        found.fields["outcome"] = outcomes


def _read_within(
    found: Read, form: Form, lead: str, outcome: Mapping[str, Any]
) -> dict[str, object]:
    number, unit = form.get(f"{lead}-n", "").strip(), form.get(f"{lead}-unit", "")
    event = form.get(f"{lead}-event", "")
    side = "before" if "before" in outcome.get("within", {}) else "after"
    if unit not in set(Unit):
        found.errors[f"{lead}-unit"] = ["Choose what is counted."]
    if event not in EVENTS:
        found.errors[f"{lead}-event"] = ["Choose from when it is counted."]
    if unit == Unit.SAME_DAY:
        return {"unit": unit, side: event}
    if not number.isdecimal() or int(number) < 1:
        found.errors[f"{lead}-n"] = ["Give a whole number above 0."]
        return {"n": 1, "unit": unit, side: event}
    return {"n": int(number), "unit": unit, side: event}


def _was(parts: list[dict[str, Any]], place: str) -> dict[str, Any]:
    """What the form does not show of a seat or a meeting stays as it was."""
    if place.isdecimal() and int(place) < len(parts):
        return dict(parts[int(place)])
    return {}


def _seat_boxes(number: int, slot: Mapping[str, Any]) -> dict[str, Any]:
    lead = f"seat-{number}"
    values: dict[str, Any] = {
        f"{lead}-was": str(number),
        f"{lead}-role": slot.get("role", ""),
        f"{lead}-requirement": slot.get("requirement", ""),
    }
    for place, role in enumerate(slot.get("fallback", ())[:_CHAIN]):
        values[f"{lead}-fallback-{place}"] = role
    return values


def _outcome_boxes(number: int, meeting: str, within: Timescale | None) -> dict[str, Any]:
    lead = f"outcome-{number}"
    assert within is not None  # noqa: S101 - the shape of the pack requires it
    return {
        f"{lead}-was": str(number),
        f"{lead}-meeting": meeting,
        f"{lead}-n": str(within.n or ""),
        f"{lead}-unit": within.unit.value,
        f"{lead}-event": within.event,
    }


def _date_boxes(name: str, on: date) -> dict[str, str]:
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def _seats(item: Item, values: Mapping[str, Any]) -> list[int]:
    return rule_rows.numbers(values, "seat") if item.section == "invitation" else []


def _seat(
    number: int, values: Mapping[str, Any], raw: Mapping[str, Any], pack: Pack
) -> dict[str, Any]:
    slot = _was(raw.get("slot", []), str(values.get(f"seat-{number}-was", "")))
    role = str(slot.get("role", ""))
    return {
        "number": number,
        "was": values.get(f"seat-{number}-was", ""),
        "title": pack.words_of("role", role) if role else "A further role",
        "has_condition": "when" in slot,
        "is_statutory": bool(slot.get("is_statutory")),
    }


def _options(pack: Pack, section: str) -> list[dict[str, str]]:
    return [
        {"value": item.id, "text": item.words}
        for item in sorted(pack.items(section), key=lambda item: item.words)
    ]
