"""Reads of reviews: the plans whose next review falls due, for the people who see to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, or_, select

from core.db import session
from people.models.children import Child
from people.terms import Actor
from plans.models import Plan
from plans.terms import PlanStatus


@dataclass(frozen=True, slots=True)
class ReviewWaiting:
    """The review of an open plan that falls due, and whose plan it is."""

    review_on: date
    child_ref: str
    child_name: str


def reviews_waiting(actor: Actor, until: date, *, limit: int) -> list[ReviewWaiting]:
    """Return the reviews due that the actor sees to: as lead, worker or manager. One statement."""
    values = {"me": actor.account_id, "until": until}
    rows = session.execute(_waiting(actor.managed_team_ids, limit), values)
    return [
        ReviewWaiting(review_on, child_ref, child_name)
        for review_on, child_ref, child_name in rows
        if review_on is not None
    ]


@lru_cache(maxsize=256)
def _waiting(managed: frozenset[UUID], limit: int) -> Select[*tuple[Any, ...]]:
    """Build the statement once per set of teams: building costs more than running."""
    me: BindParameter[UUID] = bindparam("me")
    children = select(Child.id).where(or_(Child.allocated_to_id == me, Child.team_id.in_(managed)))
    mine = or_(Plan.lead_account_id == me, Plan.child_id.in_(children.correlate(None)))
    return (
        select(Plan.review_on, Child.ref, Child.name)
        .join(Child, Child.id == Plan.child_id)
        .where(Plan.status == PlanStatus.OPEN, Plan.review_on <= bindparam("until"), mine)
        .order_by(Plan.review_on, Child.ref)
        .limit(limit)
    )
