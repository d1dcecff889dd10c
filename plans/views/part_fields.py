"""The parts of a plan as forms: which fields each has, what was typed, and how a clash is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from core.errors import NotFound
from core.fields import parts as gather
from core.filters import plain_date
from plans.models import Order, Plan, PlanEntry, Strand, Voice
from plans.queries.plans import row_of
from plans.schemas import EntrySchema, OrderSchema, StrandSchema, VoiceSchema
from plans.service.versions import Row
from plans.terms import (
    FIELD_WORDS,
    EntryWords,
    OrderKind,
    PartWords,
    Section,
    StrandKind,
    Whose,
    words_for,
)

LONG_FIELDS = frozenset(
    {"text", "words", "missing_reason", "conditions", "conflict_note", "note", "told_to",
     "person_name", "watched_by"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the plan: its place in the URL, its form, its schema."""

    name: str
    title: str
    template: str
    schema: Schema
    names: tuple[str, ...]
    section: Section | None = None

    def words(self, loaded: Mapping[str, Any]) -> PartWords:
        """Return the words a form or a body held."""
        if self.section is not None:
            return EntryWords(self.section, loaded["text"])
        words: PartWords = loaded["words"]
        return words

    def options(self) -> list[dict[str, str]]:
        """Return the choices of the part's kind, if it has one."""
        kinds: dict[str, type[StrEnum]] = {
            "voice": Whose,
            "order": OrderKind,
            "strand": StrandKind,
        }
        found = kinds.get(self.name)
        return [{"value": each.value, "text": _capital(words_for(each))} for each in found or ()]


_SECTION_TITLES = {
    Section.MATTERS: "What matters to the child",
    Section.WORRY: "A worry",
    Section.STRENGTH: "A strength",
    Section.GOAL: "A goal",
    Section.CONTINGENCY: "If things change",
}
PARTS: dict[str, Part] = {
    section.value: Part(
        section.value, title, "plans/part_entry.html", EntrySchema(), ("text",), section
    )
    for section, title in _SECTION_TITLES.items()
} | {
    "voice": Part(
        "voice",
        "A voice",
        "plans/part_voice.html",
        VoiceSchema(),
        ("whose", "person_name", "words", "said_on", "told_to", "missing_reason"),
    ),
    "order": Part(
        "order",
        "Bail or an order",
        "plans/part_order.html",
        OrderSchema(),
        ("kind", "conditions", "starts_on", "expires_on", "watched_by", "conflict_note"),
    ),
    "strand": Part(
        "strand",
        "Another plan",
        "plans/part_strand.html",
        StrandSchema(),
        ("kind", "review_on", "note"),
    ),
}


def part_of(name: str) -> Part:
    """Return the part of this name in the URL.

    Raises:
        NotFound: plans have no such part.
    """
    if name not in PARTS:
        raise NotFound(name)
    return PARTS[name]


def stored_row(plan: Plan, part: Part, position: int, *, or_ended: bool = False) -> Row:
    """Return the row at a place of the plan.

    Args:
        or_ended: for a form that was typed before somebody took the row off: its text is
            shown again with the reason instead of vanishing behind a missing page.

    Raises:
        NotFound: there is none, or it left the plan.
    """
    row: Row | None
    if part.section is not None:
        row = row_of(PlanEntry, plan.id, position, part.section)
    elif part.name == "voice":
        row = row_of(Voice, plan.id, position)
    elif part.name == "order":
        row = row_of(Order, plan.id, position)
    else:
        row = row_of(Strand, plan.id, position)
    if row is None or (row.ended_at is not None and not or_ended):
        raise NotFound(f"{part.name} {position}")
    return row


def typed(form: Mapping[str, str], part: Part, theirs: Mapping[str, str]) -> dict[str, Any]:
    """Return the form's fields; after a clash each takes the text that was chosen for it."""
    given = gather(form)
    for name in part.names:
        keep = form.get(f"{name}-keep")
        if keep == "theirs":
            given[name] = theirs.get(name, "")
        elif keep == "both":
            both = (theirs.get(name, ""), str(given.get(name) or ""))
            given[name] = "\n\n".join(text for text in both if text)
    return given


def unchosen(form: MultiDict[str, str]) -> dict[str, str]:
    """Return an error for each field of a clash page that nobody chose for."""
    return {
        f"{name}-keep": "Choose which to keep."
        for name in form.getlist("clash")
        if not form.get(f"{name}-keep")
    }


def clash_fields(
    part: Part, theirs: Mapping[str, str], yours: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return every field of a clash: those that differ to be chosen, the others carried along."""
    return [
        {
            "name": name,
            "label": FIELD_WORDS[name],
            "theirs": _shown(name, theirs.get(name, "")),
            "yours": _shown(name, yours.get(name, "")),
            "value": yours.get(name, ""),
            "is_text": name in LONG_FIELDS,
            "differs": theirs.get(name, "") != yours.get(name, ""),
        }
        for name in part.names
    ]


def _shown(name: str, text: str) -> str:
    if not text:
        return "nothing"
    if name.endswith("_on"):
        return plain_date(date.fromisoformat(text))
    kinds: dict[str, tuple[type[StrEnum], ...]] = {
        "whose": (Whose,),
        "kind": (OrderKind, StrandKind),
    }
    for kind in kinds.get(name, ()):
        if text in [each.value for each in kind]:
            return _capital(words_for(kind(text)))
    return text


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
