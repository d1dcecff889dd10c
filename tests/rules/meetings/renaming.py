"""Every id of a pack under another name: the file's own text, parsed, renamed and written anew."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from meetings.rules.catalogue import CATALOGUE
from meetings.terms import ChildFacts, Contact, IncidentFacts
from procedures.rules.shapes import SECTIONS, Field, FieldKind
from procedures.terms import Plain

PREFIX = "zz-"


def renamed_text(text: str) -> str:
    """Return the pack's text with a prefix before each id, wherever the id is named."""
    raw = tomllib.loads(text)
    defined = {item["id"] for item in raw.get("definition", ())}
    for section, shape in SECTIONS.items():
        for item in raw.get(section, ()):
            item["id"] = PREFIX + item["id"]
            _rename(item, shape, defined)
    return "\n".join(_tables(raw))


def renamed_incident(incident: IncidentFacts) -> IncidentFacts:
    """Return the same incident in the renamed pack's words."""
    return replace(
        incident,
        part=None if incident.part is None else PREFIX + incident.part,
        kind=PREFIX + incident.kind,
        other_parts=tuple(PREFIX + part for part in incident.other_parts),
        scores=tuple(replace(one, scale=PREFIX + one.scale) for one in incident.scores),
    )


def renamed_child(child: ChildFacts) -> ChildFacts:
    """Return the same child in the renamed pack's words."""
    status = child.legal_status
    return replace(
        child,
        legal_status=None if status is None else PREFIX + status,
        connections=tuple(
            replace(one, agency_kind=PREFIX + one.agency_kind) if one.agency_kind else one
            for one in child.connections
        ),
    )


def renamed_contact(one: Contact) -> Contact:
    """Return the same entry of the directory in the renamed pack's words."""
    return replace(one, role=PREFIX + one.role, agency_kind=PREFIX + one.agency_kind)


def plain(*verdicts: Plain) -> str:
    """Return verdicts as JSON with every id under its first name again."""
    told = json.dumps([one.to_dict() for one in verdicts])
    # The prefix stands before ids only, and in no sentence.
    return told.replace(PREFIX, "")


def _rename(part: dict[str, Any], shape: Mapping[str, Field], defined: set[str]) -> None:
    for name, field in shape.items():
        if name not in part:
            continue
        if field.refers_to:
            part[name] = _prefixed(part[name])
        elif field.kind is FieldKind.CONDITION:
            _rename_condition(part[name], defined)
        elif field.kind is FieldKind.PARTS:
            for inner in part[name]:
                _rename(inner, field.parts, defined)


def _rename_condition(condition: dict[str, Any], defined: set[str]) -> None:
    for word in ("all", "any"):
        for inner in condition.get(word, ()):
            _rename_condition(inner, defined)
    if "not" in condition:
        _rename_condition(condition["not"], defined)
    fact = condition.get("fact")
    if fact in defined:
        condition["fact"] = PREFIX + fact
    elif fact is not None and CATALOGUE[fact].section:
        for operator in set(condition) - {"fact", "is_known"}:
            condition[operator] = _prefixed(condition[operator])


def _prefixed(given: str | list[str]) -> str | list[str]:
    return PREFIX + given if isinstance(given, str) else [PREFIX + one for one in given]


def _tables(raw: dict[str, Any]) -> list[str]:
    lines = []
    for name, table in raw.items():
        for one in table if isinstance(table, list) else (table,):
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines += [f"{key} = {_value(value)}" for key, value in one.items()]
    return lines


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
