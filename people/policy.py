"""The policy with its facts: what ``app`` hands to the doors, the same for every room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from people.models.children import Child
from people.models.relations import RelationRow
from people.rules import access
from people.terms import AccessVerdict, Action, Actor, Relation, Resource, ResourceFacts


def authorise(actor: Actor, action: str, resource: Resource | None, now: datetime) -> AccessVerdict:
    """Answer a door: load the actor's relations to the child and ask the policy.

    Two statements when a child is meant, none otherwise.
    """
    if resource is None:
        return access.decide(actor, Action(action), None, now)
    relations = _relations(actor, resource.child_id, now)
    return access.decide(actor, Action(action), ResourceFacts(resource, relations), now)


def _relations(actor: Actor, child_id: UUID | None, now: datetime) -> tuple[Relation, ...]:
    if child_id is None or actor.account_id is None:
        return ()
    team_id = session.scalar(select(Child.team_id).where(Child.id == child_id))
    rows = session.scalars(
        select(RelationRow).where(
            RelationRow.account_id == actor.account_id, RelationRow.child_id == child_id
        )
    )
    return (
        *(row.facts() for row in rows),
        *access.standing_relations(actor, team_id, now),
    )
