"""Reads of incidents: one child's part, its scores and judgement; never another child's words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from core.db import session
from meetings.models.incidents import Incident, Involvement, Judgement, Score
from meetings.models.meetings import Meeting
from meetings.terms import JudgementStatus
from people.models.accounts import Account
from people.models.agencies import Team
from people.models.children import Child
from people.terms import Resource


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One child's part in an incident with what belongs to it."""

    involvement: Involvement
    child: Child
    recorded_at: datetime
    recorded_by: str
    team: str
    judgement: Judgement | None
    scores: tuple[Score, ...]
    cleared_by: str


def by_ref(ref: str) -> Involvement | None:
    """Return one child's part in an incident by its reference. One statement."""
    return session.scalar(select(Involvement).where(Involvement.ref == ref.upper()))


def resource(ref: str) -> Resource | None:
    """Return what the policy is asked about for a child's part in an incident. Two statements."""
    involvement = by_ref(ref)
    if involvement is None:
        return None
    incident = session.get_one(Incident, involvement.incident_id)
    return Resource(
        kind="incident",
        id=involvement.id,
        child_id=involvement.child_id,
        team_id=incident.team_id,
        owner_account_id=incident.recorded_by_id,
    )


def page_of(involvement: Involvement) -> IncidentRow:
    """Return all that one child's incident page shows. Five statements."""
    incident, recorder, team = session.execute(
        select(Incident, Account.name, Team.name)
        .outerjoin(Account, Account.id == Incident.recorded_by_id)
        .outerjoin(Team, Team.id == Incident.team_id)
        .where(Incident.id == involvement.incident_id)
    ).one()
    return IncidentRow(
        involvement=involvement,
        child=session.get_one(Child, involvement.child_id),
        recorded_at=incident.recorded_at,
        recorded_by=recorder or "Confer",
        team=team or "",
        judgement=standing(involvement.id),
        scores=scores_of(involvement.id),
        cleared_by=_name(involvement.cleared_by_id),
    )


def scores_of(involvement_id: uuid.UUID) -> tuple[Score, ...]:
    """Return the scores of a child's part, the first recorded first. One statement."""
    return tuple(
        session.scalars(
            select(Score)
            .where(Score.involvement_id == involvement_id)
            .order_by(Score.recorded_at, Score.id)
        )
    )


def standing(involvement_id: uuid.UUID) -> Judgement | None:
    """Return the judgement that counts: the one that none replaced. One statement."""
    return session.scalar(
        select(Judgement).where(
            Judgement.involvement_id == involvement_id,
            Judgement.status != JudgementStatus.SUPERSEDED,
        )
    )


def meeting_of(judgement: Judgement | None) -> Meeting | None:
    """Return the meeting that answers a judgement. At most one statement."""
    if judgement is None or judgement.meeting_id is None:
        return None
    return session.get(Meeting, judgement.meeting_id)


def other_parts(involvement: Involvement) -> tuple[str, ...]:
    """Return the references of the other children's parts, and nothing else. One statement.

    Only for people whom the policy lets see the link.
    """
    return tuple(
        session.scalars(
            select(Involvement.ref)
            .where(
                Involvement.incident_id == involvement.incident_id,
                Involvement.id != involvement.id,
            )
            .order_by(Involvement.ref)
        )
    )


def of_child(child_id: uuid.UUID) -> tuple[tuple[Involvement, Judgement | None], ...]:
    """Return a child's parts in incidents with their judgements, the latest first.

    One statement.
    """
    rows = session.execute(
        select(Involvement, Judgement)
        .outerjoin(
            Judgement,
            (Judgement.involvement_id == Involvement.id)
            & (Judgement.status != JudgementStatus.SUPERSEDED),
        )
        .where(Involvement.child_id == child_id)
        .order_by(Involvement.happened_at.desc(), Involvement.ref)
    )
    return tuple((involvement, judgement) for involvement, judgement in rows)


def _name(account_id: uuid.UUID | None) -> str:
    if account_id is None:
        return ""
    return session.scalar(select(Account.name).where(Account.id == account_id)) or ""


def incident_of(involvement: Involvement) -> Incident:
    """Return the incident a child's part belongs to. At most one statement."""
    return session.get_one(Incident, involvement.incident_id)


def undecided() -> list[uuid.UUID]:
    """Return the parts whose decision is open, the earliest deadline first. One statement.

    The status stands in the statement itself: SQLite uses the index of open ones only then.
    """
    is_open = bindparam(None, JudgementStatus.OPEN, Judgement.status.type, literal_execute=True)
    return list(
        session.scalars(
            select(Judgement.involvement_id)
            .where(Judgement.status == is_open)
            .order_by(Judgement.deadline_at, Judgement.made_at)
        )
    )
