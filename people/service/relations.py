"""Give and close the reasons for which an account may open a child's record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from core import audit
from core.db import session
from people.models.relations import RelationRow
from people.terms import Actor, RelationKind


def grant(
    account_id: UUID,
    child_id: UUID,
    kind: RelationKind,
    *,
    why: str,
    actor: Actor,
    now: datetime,
    until: datetime | None = None,
    meeting_id: UUID | None = None,
) -> RelationRow:
    """Let an account open a child's record from now; giving it twice moves the end only.

    Args:
        until: when the window closes by itself; None means until it is closed.
        meeting_id: the meeting it comes with; it opens no other meeting.
    """
    held = session.scalars(_open_ones(account_id, child_id, kind, meeting_id, now)).first()
    if held is not None:
        held.valid_to_at = until
        held.why = why
    else:
        held = RelationRow(
            account_id=account_id,
            child_id=child_id,
            kind=kind,
            valid_from_at=now,
            valid_to_at=until,
            why=why,
            given_by_id=actor.account_id,
            meeting_id=meeting_id,
        )
        session.add(held)
    session.flush()
    audit.record(
        actor, "relation.given", "relation", held.id, child_id=child_id, now=now, detail=kind
    )
    return held


def close(
    account_id: UUID,
    child_id: UUID,
    kind: RelationKind,
    *,
    actor: Actor,
    now: datetime,
    meeting_id: UUID | None = None,
) -> int:
    """Close the open relations of this kind at once.

    Returns:
        How many were open.
    """
    return _close_all(_open_ones(account_id, child_id, kind, meeting_id, now), actor, now)


def close_of_meeting(
    meeting_id: UUID, *, actor: Actor, now: datetime, at: datetime | None = None
) -> int:
    """Let every relation that came with a meeting end, at once or at a later instant.

    Returns:
        How many were open.
    """
    return _close_all(
        select(RelationRow).where(RelationRow.meeting_id == meeting_id, _is_open(now)),
        actor,
        now,
        at=at,
    )


def _close_all(
    statement: Select[RelationRow],
    actor: Actor,
    now: datetime,
    *,
    at: datetime | None = None,
) -> int:
    rows = session.scalars(statement).all()
    for row in rows:
        end = at or now
        row.valid_to_at = end if row.valid_to_at is None else min(end, row.valid_to_at)
        audit.record(
            actor,
            "relation.closed",
            "relation",
            row.id,
            child_id=row.child_id,
            now=now,
            detail=row.kind,
        )
    session.flush()
    return len(rows)


def _open_ones(
    account_id: UUID, child_id: UUID, kind: RelationKind, meeting_id: UUID | None, now: datetime
) -> Select[RelationRow]:
    return select(RelationRow).where(
        RelationRow.account_id == account_id,
        RelationRow.child_id == child_id,
        RelationRow.kind == kind,
        RelationRow.meeting_id.is_(None)
        if meeting_id is None
        else RelationRow.meeting_id == meeting_id,
        _is_open(now),
    )


def _is_open(now: datetime) -> ColumnElement[bool]:
    return or_(RelationRow.valid_to_at.is_(None), RelationRow.valid_to_at > now)
