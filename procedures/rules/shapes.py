"""The shape of a pack file: which sections there are, and which fields an item may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class FieldKind(StrEnum):
    """What may stand in a field."""

    TEXT = "text"
    TEXTS = "a list of texts"
    NUMBER = "a whole number"
    FLAG = "true or false"
    CONDITION = "a condition"
    TIMESCALE = "a timescale"
    PARTS = "a list of tables"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its kind, whether it must stand there, and what its texts must be.

    Attributes:
        refers_to: the section whose ids the text, or each of the texts, must name.
        one_of: the words allowed, where the product itself knows the meaning.
        parts: the fields of each table in the list.
    """

    kind: FieldKind
    is_required: bool = False
    refers_to: str = ""
    one_of: tuple[str, ...] = ()
    parts: Mapping[str, Field] = field(default_factory=dict)


def _must(given: Field) -> Field:
    return Field(given.kind, True, given.refers_to, given.one_of, given.parts)  # noqa: FBT003


def _ref(section: str) -> Field:
    return Field(FieldKind.TEXT, refers_to=section)


def _refs(section: str) -> Field:
    return Field(FieldKind.TEXTS, refers_to=section)


def _parts(**fields: Field) -> Field:
    return Field(FieldKind.PARTS, parts=fields)


_TEXT = Field(FieldKind.TEXT)
_TEXTS = Field(FieldKind.TEXTS)
_NUMBER = Field(FieldKind.NUMBER)
_FLAG = Field(FieldKind.FLAG)
_WHEN = Field(FieldKind.CONDITION)
_TIMESCALE = Field(FieldKind.TIMESCALE)

# How two sittings may be combined; the last is the only answer that a lock holds.
COMBINING = ("one_sitting", "back_to_back", "absorbs", "end_one", "no")

_GROUP = {
    "words": _must(_TEXT),
    "any_of": _must(_refs("agency_kind")),
    "at_least": _NUMBER,
    "when": _WHEN,
}

SECTIONS: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "agency_kind": {},
        "role": {"agency_kind": _must(_ref("agency_kind")), "is_per_child": _FLAG},
        "offence_group": {},
        "incident_kind": {"offence_group": _ref("offence_group"), "is_weapon": _FLAG},
        "part": {"is_harmed": _FLAG, "is_suspected": _FLAG},
        "legal_status": {
            "rank": _NUMBER,
            "is_looked_after": _FLAG,
            "has_protection_plan": _FLAG,
        },
        "scale": {
            "version": _must(_TEXT),
            "lowest": _must(_NUMBER),
            "highest": _must(_NUMBER),
            "serious_from": _NUMBER,
            "serious_groups": _refs("offence_group"),
        },
        "definition": {
            "when": _must(_WHEN),
            "yes": _must(_TEXT),
            "no": _must(_TEXT),
            "question": _must(_TEXT),
        },
        "reason": {"use": _must(Field(FieldKind.TEXT, one_of=("move", "stand_down", "withdraw")))},
        "task": {"role": _must(_ref("role")), "due": _TIMESCALE},
        "meeting_type": {
            "purpose": _must(_TEXT),
            "convened_by": _must(_ref("role")),
            "chaired_by": _must(_refs("role")),
            "family_mode": _must(Field(FieldKind.TEXT, one_of=("none", "part", "full"))),
            "rank": _must(_NUMBER),
            "minutes": _must(_NUMBER),
            "notice_working_days": _NUMBER,
            "joins": _refs("meeting_type"),
            "opens_plan": _FLAG,
            "one_per_service": _FLAG,
            "record_due": _must(_TIMESCALE),
            "prompts": _TEXTS,
            "quorum": _must(_parts(**_GROUP)),
            "complete": _parts(**_GROUP),
            "agenda": _must(
                _parts(
                    id=_must(_TEXT),
                    words=_must(_TEXT),
                    prompt=_TEXT,
                    per=Field(
                        FieldKind.TEXT,
                        one_of=("meeting", "agency", "child", "parent", "male_carer"),
                    ),
                    is_optional=_FLAG,
                )
            ),
        },
        "trigger": {
            "when": _must(_WHEN),
            "outcome": _parts(
                when=_WHEN,
                only_if=_TEXT,
                meeting=_must(_ref("meeting_type")),
                within=_must(_TIMESCALE),
                warnings=_TEXTS,
            ),
            "tasks": _refs("task"),
            "prompts": _TEXTS,
            "warnings": _TEXTS,
            "fold_within": _TIMESCALE,
            "keep_apart": _FLAG,
        },
        "invitation": {
            "meetings": _must(_refs("meeting_type")),
            "when": _WHEN,
            "slot": _parts(
                role=_must(_ref("role")),
                requirement=_must(
                    Field(
                        FieldKind.TEXT,
                        one_of=("quorum", "expected", "optional", "report_only", "inform"),
                    )
                ),
                is_statutory=_FLAG,
                when=_WHEN,
                connection=_TEXT,
                fallback=_refs("role"),
            ),
            "tasks": _refs("task"),
            "prompts": _TEXTS,
        },
        "follow_on": {
            "after": _must(_refs("meeting_type")),
            "when": _WHEN,
            "given": _TEXT,
            "meeting": _ref("meeting_type"),
            "within": _must(_TIMESCALE),
        },
        "sitting": {"meeting": _ref("meeting_type")},
        "combination": {
            "of": _must(_refs("sitting")),
            "with": _must(_refs("sitting")),
            "may": _must(Field(FieldKind.TEXT, one_of=COMBINING)),
            "conditions": _TEXTS,
        },
        "escalation_stage": {
            "decided_by": _must(_TEXTS),
            "within": _must(_TIMESCALE),
        },
        "ladder_step": {
            "offset_working_days": _must(_NUMBER),
            "tells": _must(_TEXTS),
            "puts_on_agenda": _FLAG,
            "marks": _TEXT,
        },
    }
)

# Sections whose items are looked up by date: one may stand twice, to change on a day.
DATED = ("trigger", "invitation", "follow_on")

# Fields every item has, beside those of its section.
HEADER = (
    "id",
    "words",
    "source",
    "source_date",
    "force",
    "confidence",
    "effective_from",
    "effective_to",
    "locked",
)
