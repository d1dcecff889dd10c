"""Numbered versions: what stands on a plan at one moment, kept for good."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import select

from core.audit import Who
from core.db import Json, session
from people.models.agencies import Agency
from plans.models import Action, Order, Plan, PlanEntry, PlanVersion, Strand, Voice
from plans.rules.compare import compare
from plans.terms import (
    FIELD_WORDS,
    ActionStatus,
    Comparison,
    EntryWords,
    Item,
    OrderWords,
    PartWords,
    Section,
    StrandWords,
    VoiceWords,
    words_for,
)

HEADER = "header"
Row: TypeAlias = PlanEntry | Voice | Order | Strand
Part = TypeVar("Part", PlanEntry, Voice, Order, Strand)


def record(plan: Plan, why: str, *, actor: Who, now: datetime) -> PlanVersion:
    """Keep the plan as it stands now as its next version."""
    plan.version += 1
    session.flush()
    version = PlanVersion(
        plan_id=plan.id,
        number=plan.version,
        content=to_content(snapshot(plan)),
        why=why[:400],
        agreed_at=now,
        by_id=actor.account_id,
        by_name=actor.name[:200],
    )
    session.add(version)
    session.flush()
    return version


def snapshot(plan: Plan) -> tuple[Item, ...]:
    """Return everything that stands on the plan, in words, in the order pages show it."""
    entries = _standing(PlanEntry, plan.id)
    return (
        header(plan),
        *(item(entry) for section in Section for entry in entries if entry.section is section),
        *(item(voice) for voice in _standing(Voice, plan.id)),
        *(item(order) for order in _standing(Order, plan.id)),
        *(item(strand) for strand in _standing(Strand, plan.id)),
        *_actions(plan.id),
    )


def header(plan: Plan) -> Item:
    """Return lead and review date as one item."""
    return Item(
        HEADER,
        "Lead and review",
        (
            (FIELD_WORDS["lead"], plan.lead_name or ""),
            ("Telephone", plan.lead_telephone or ""),
            (FIELD_WORDS["review_on"], in_words(plan.review_on)),
        ),
    )


def words_of(row: Row) -> PartWords:
    """Return what a row says, as the forms and the interface write it."""
    if isinstance(row, PlanEntry):
        return EntryWords(row.section, row.text)
    kind = (
        VoiceWords
        if isinstance(row, Voice)
        else (OrderWords if isinstance(row, Order) else StrandWords)
    )
    return kind(**{each.name: getattr(row, each.name) for each in fields(kind)})


def item(row: Row) -> Item:
    """Return one row as a version keeps it."""
    said = words_of(row)
    shown = tuple(
        (FIELD_WORDS[each.name], in_words(getattr(said, each.name)))
        for each in fields(said)
        if each.name != "section" and getattr(said, each.name) is not None
    )
    return Item(str(row.id), section_words(row), shown)


def section_words(row: Row) -> str:
    """Return the heading under which a row stands."""
    if isinstance(row, PlanEntry):
        return words_for(row.section)
    if isinstance(row, Voice):
        return "Voices"
    return "Bail and orders" if isinstance(row, Order) else "Other plans"


def in_words(value: object) -> str:
    """Return a stored value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return words_for(value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def to_content(items: tuple[Item, ...]) -> Json:
    """Return the JSON form of a version."""
    return {
        "items": [
            {"key": one.key, "section": one.section, "fields": [list(pair) for pair in one.fields]}
            for one in items
        ]
    }


def from_content(content: Json) -> tuple[Item, ...]:
    """Read a stored version."""
    return tuple(
        Item(one["key"], one["section"], tuple((name, value) for name, value in one["fields"]))
        for one in content["items"]
    )


def difference(before: PlanVersion, after: PlanVersion) -> Comparison:
    """Return what two versions of one plan differ in."""
    return compare(from_content(before.content), from_content(after.content))


def _standing(kind: type[Part], plan_id: UUID) -> list[Part]:
    found = session.scalars(
        select(kind).where(kind.plan_id == plan_id, kind.ended_at.is_(None)).order_by(kind.position)
    )
    return list(found)


def _actions(plan_id: UUID) -> list[Item]:
    rows = session.execute(
        select(Action, Agency.name)
        .join(Agency, Agency.id == Action.agency_id)
        .where(Action.plan_id == plan_id, Action.status != ActionStatus.NO_LONGER_NEEDED)
        .order_by(Action.created_at, Action.ref)
    )
    return [
        Item(
            str(action.id),
            "Actions",
            (
                (FIELD_WORDS["what"], action.what),
                (FIELD_WORDS["owner"], action.owner_name or ""),
                (FIELD_WORDS["agency"], agency_name),
                (FIELD_WORDS["due_on"], in_words(action.due_on)),
                (FIELD_WORDS["status"], in_words(action.status)),
            ),
        )
        for action, agency_name in rows
    ]
