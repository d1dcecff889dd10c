"""Search over meetings and actions, within what one may see; children are searched in people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from core.ids import is_reference
from meetings.models.meetings import Meeting
from people.models.children import Child
from people.queries.access import may_see_thing
from people.terms import Action, Actor
from plans.models import Action as PlanAction

MOST = 10


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting found, with the child it is about."""

    meeting: Meeting
    child_name: str
    child_ref: str


@dataclass(frozen=True, slots=True)
class FoundAction:
    """An action found, with the child it is for."""

    action: PlanAction
    child_name: str
    child_ref: str


def find_meetings(
    actor: Actor, text: str, child_ids: list[UUID], now: datetime
) -> list[FoundMeeting]:
    """Return the meeting of a reference, or the latest meetings of children found. One statement.

    Only meetings the actor may open.
    """
    wanted = text.strip().upper()
    if is_reference(wanted, "M"):
        condition = Meeting.ref == wanted
    elif child_ids:
        condition = Meeting.child_id.in_(child_ids)
    else:
        return []
    rows = session.execute(
        select(Meeting, Child)
        .join(Child, Child.id == Meeting.child_id)
        .where(
            condition,
            may_see_thing(
                actor,
                Action.MEETING_VIEW,
                now,
                kind="meeting",
                child_id=Meeting.child_id,
                meeting_id=Meeting.id,
                team_id=Meeting.team_id,
            ),
        )
        .order_by(Meeting.starts_at.desc())
        .limit(MOST)
    )
    return [FoundMeeting(meeting, child.name, child.ref) for meeting, child in rows]


def find_actions(
    actor: Actor, text: str, child_ids: list[UUID], now: datetime
) -> list[FoundAction]:
    """Return the action of a reference, or open actions of children found. One statement.

    Only actions the actor may list.
    """
    wanted = text.strip().upper()
    if is_reference(wanted, "A"):
        condition = PlanAction.ref == wanted
    elif child_ids:
        condition = PlanAction.child_id.in_(child_ids)
    else:
        return []
    rows = session.execute(
        select(PlanAction, Child)
        .join(Child, Child.id == PlanAction.child_id)
        .where(
            condition,
            may_see_thing(
                actor, Action.ACTION_LIST, now, kind="action", child_id=PlanAction.child_id
            ),
        )
        .order_by(PlanAction.status.desc(), PlanAction.due_on)
        .limit(MOST)
    )
    return [FoundAction(action, child.name, child.ref) for action, child in rows]
