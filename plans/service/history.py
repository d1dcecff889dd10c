"""The lines of an action's history."""

from __future__ import annotations

from datetime import date, datetime

from core.db import session
from people.terms import Actor
from plans.models import Action, ActionEvent
from plans.terms import EventKind


def add(
    action: Action,
    kind: EventKind,
    *,
    actor: Actor,
    now: datetime,
    note: str | None = None,
    old_due_on: date | None = None,
    new_due_on: date | None = None,
) -> None:
    """Add one line."""
    session.add(
        ActionEvent(
            action_id=action.id,
            kind=kind,
            at=now,
            by_id=actor.account_id,
            by_name=actor.name[:260],
            note=note,
            old_due_on=old_due_on,
            new_due_on=new_due_on,
        )
    )
    session.flush()
