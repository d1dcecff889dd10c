"""Adding, changing and ending the single rows of a plan: entries, voices, orders, strands."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import Conflict, Refused
from people.terms import Actor
from plans.models import Order, Plan, PlanEntry, Strand, Voice
from plans.service import plans, versions
from plans.service.versions import Row
from plans.terms import (
    EntryWords,
    OrderWords,
    PartWords,
    StrandWords,
    VoiceWords,
    words_for,
)

_TABLES: dict[type[PartWords], type[Row]] = {
    EntryWords: PlanEntry,
    VoiceWords: Voice,
    OrderWords: Order,
    StrandWords: Strand,
}


def add(plan: Plan, words: PartWords, *, why: str = "", actor: Actor, now: datetime) -> Row:
    """Put a new row on the plan and keep the version that follows.

    Raises:
        Refused: the words do not hold together, such as an order that ends before it begins.
    """
    _require_sense(words)
    plans.lock(plan)
    table = _TABLES[type(words)]
    row = table(
        plan_id=plan.id,
        position=_next_position(plan, words, table),
        version=1,
        changed_at=now,
        changed_by_name=plans.changed_by(actor),
        **_columns(words),
    )
    session.add(row)
    session.flush()
    _keep(plan, row, "added", why, actor=actor, now=now)
    return row


def change(
    plan: Plan,
    row: Row,
    words: PartWords,
    *,
    seen_version: int,
    why: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Change a row and keep the version that follows.

    Raises:
        Refused: the words do not hold together, or the row left the plan.
        Conflict: somebody changed the row since; it carries both texts.
    """
    _require_sense(words)
    _require_as_seen(plan, row, seen_version, yours=as_text(words))
    for name, value in _columns(words).items():
        setattr(row, name, value)
    _touch(row, actor=actor, now=now)
    _keep(plan, row, "changed", why, actor=actor, now=now)


def end(plan: Plan, row: Row, *, seen_version: int, why: str, actor: Actor, now: datetime) -> None:
    """Take a row off the plan; it stays in every version that had it.

    Raises:
        Refused: no reason was given.
        Conflict: somebody changed the row since.
    """
    if not why.strip():
        raise Refused("plan.end", "Give a reason for taking this off the plan.")
    _require_as_seen(plan, row, seen_version, yours={})
    row.ended_at = now
    _touch(row, actor=actor, now=now)
    _keep(plan, row, "ended", why, actor=actor, now=now)


def as_text(words: PartWords) -> dict[str, str]:
    """Return the words as the form's fields hold them."""
    return {each.name: _text(getattr(words, each.name)) for each in fields(words)}


def _require_as_seen(plan: Plan, row: Row, seen_version: int, *, yours: dict[str, str]) -> None:
    plans.lock(plan)
    session.refresh(row)
    if row.ended_at is not None:
        raise Refused(
            "plan.ended", f"{row.changed_by_name} took this off the plan. Add it again if needed."
        )
    if row.version == seen_version:
        return
    raise Conflict(
        f"{row.changed_by_name} changed this since you opened it. "
        "Compare and choose which to keep.",
        theirs={
            **as_text(versions.words_of(row)),
            "version": str(row.version),
            "by": row.changed_by_name,
            "at": row.changed_at.isoformat(),
        },
        yours=yours,
    )


def _require_sense(words: PartWords) -> None:
    if isinstance(words, OrderWords):
        _require_order_of_days(words)
    if isinstance(words, VoiceWords) and not (words.words or words.missing_reason):
        raise Refused("plan.voice", "Write what was said, or why nobody could be heard.")


def _require_order_of_days(words: OrderWords) -> None:
    if words.starts_on and words.expires_on and words.expires_on < words.starts_on:
        raise Refused("plan.order", "The last day must be on or after the first day.")


def _touch(row: Row, *, actor: Actor, now: datetime) -> None:
    row.version += 1
    row.changed_at = now
    row.changed_by_name = plans.changed_by(actor)
    session.flush()


def _keep(plan: Plan, row: Row, verb: str, why: str, *, actor: Actor, now: datetime) -> None:
    audit.record(actor, f"plan.{verb}", row.__tablename__, row.id, child_id=plan.child_id, now=now)
    said = f"{_name(row)} {verb}"
    versions.record(plan, f"{said}: {why.strip()}" if why.strip() else said, actor=actor, now=now)


def _name(row: Row) -> str:
    if isinstance(row, Voice):
        return f"Voice of {words_for(row.whose)}"
    if isinstance(row, PlanEntry):
        return words_for(row.section)
    return words_for(row.kind)


def _next_position(plan: Plan, words: PartWords, table: type[Row]) -> int:
    query = select(func.coalesce(func.max(table.position), 0)).where(table.plan_id == plan.id)
    if isinstance(words, EntryWords):
        query = query.where(PlanEntry.section == words.section)
    return int(session.scalar(query) or 0) + 1


def _columns(words: PartWords) -> dict[str, object]:
    return {each.name: getattr(words, each.name) for each in fields(words)}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
