"""What lists may show: the policy's answer as a condition of SQL."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from people.models.children import Child
from people.models.relations import RelationRow
from people.rules import access
from people.terms import Action, Actor

_ACTOR, _NOW = "asking_account_id", "asking_now"
Column = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


def may_see_child(
    actor: Actor, now: datetime, *, action: Action = Action.CHILD_VIEW
) -> ColumnElement[bool]:
    """Return the condition on ``Child`` under which the policy would allow the action.

    Only the actor's own relations are read, so its cost does not grow with other people's.
    """
    return may_see_thing(actor, action, now, kind="child", child_id=Child.id)


def may_see_thing(
    actor: Actor,
    action: Action,
    now: datetime,
    *,
    kind: str,
    child_id: Column,
    meeting_id: Column | None = None,
    team_id: Column | None = None,
) -> ColumnElement[bool]:
    """Return the condition under which the policy allows the action on things of a table.

    Args:
        kind: the resource kind its door uses.
        child_id: the table's column of the child.
        meeting_id: its column of the meeting; relations of other meetings then do not count.
        team_id: its column of the team that recorded or convened it.
    """
    scope = access.scope(actor, action, now, kind=kind)
    if actor.account_id is None and not scope.is_everything:
        return false()
    return _within(scope, actor.account_id, now, child_id, meeting_id, team_id)


def asking(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the values to run a statement with that was built with ``within``."""
    return {_ACTOR: actor.account_id, _NOW: now}


@lru_cache(maxsize=256)
def within(
    scope: access.Scope,
    *,
    child_id: Column,
    meeting_id: Column | None = None,
    team_id: Column | None = None,
) -> ColumnElement[bool]:
    """Return a scope's condition for whoever asks, for a statement that is kept and run again.

    Building a long statement costs more than running it. It is run with ``asking``, by somebody
    with an account.
    """
    return _within(scope, bindparam(_ACTOR), bindparam(_NOW), child_id, meeting_id, team_id)


def _within(
    scope: access.Scope,
    account_id: UUID | BindParameter[Any] | None,
    now: datetime | BindParameter[Any],
    child_id: Column,
    meeting_id: Column | None,
    team_id: Column | None,
) -> ColumnElement[bool]:
    if scope.is_everything:
        return true()
    own = select(RelationRow.child_id).where(
        RelationRow.account_id == account_id,
        RelationRow.kind.in_(scope.kinds),
        RelationRow.valid_from_at <= now,
        or_(RelationRow.valid_to_at.is_(None), RelationRow.valid_to_at > now),
    )
    if meeting_id is not None:
        own = own.where(_of_meeting(meeting_id, scope)).correlate_except(RelationRow)
    # "In", not "exists": both databases then start from the actor's few relations.
    conditions: list[ColumnElement[bool]] = [child_id.in_(own)]
    if scope.team_ids:
        conditions.append(_of_teams(child_id, scope))
    if team_id is not None and scope.thing_team_ids:
        conditions.append(team_id.in_(scope.thing_team_ids))
    return or_(*conditions)


def _of_meeting(meeting_id: Column, scope: access.Scope) -> ColumnElement[bool]:
    return or_(
        RelationRow.meeting_id.is_(None),
        RelationRow.meeting_id == meeting_id,
        meeting_id.is_(None),
        RelationRow.kind.in_(scope.kinds_elsewhere),
    )


def _of_teams(child_id: Column, scope: access.Scope) -> ColumnElement[bool]:
    if child_id is Child.id:
        return Child.team_id.in_(scope.team_ids)
    return child_id.in_(select(Child.id).where(Child.team_id.in_(scope.team_ids)))
