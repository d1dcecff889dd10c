"""What happened to one child, in order: only this child's own text, never another's name.

An incident joins children; here only the child's own involvement is read, so no page built on
these rows can show who else stood in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.db import session
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.models.records import Decision, Record
from meetings.terms import JudgementStatus, MeetingStatus
from plans.models import Plan, PlanVersion
from plans.queries.actions import ListedAction, actions_of_child


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting with what is known of its quorum and record."""

    meeting: Meeting
    record: Record | None


@dataclass(frozen=True, slots=True)
class DecidedAt:
    """A decision with the reference of its meeting."""

    decision: Decision
    meeting_ref: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything of one child's history, each list newest first."""

    involvements: Sequence[Involvement]
    none_confirmed: Sequence[Judgement]
    meetings: Sequence[HeldMeeting]
    decisions: Sequence[DecidedAt]
    versions: Sequence[PlanVersion]
    actions: Sequence[ListedAction]


def history_of(child_id: UUID) -> History:
    """Return a child's history. Six statements, however long it is."""
    return History(
        involvements=session.scalars(
            select(Involvement)
            .where(Involvement.child_id == child_id)
            .order_by(Involvement.happened_at.desc())
        ).all(),
        none_confirmed=session.scalars(
            select(Judgement)
            .where(
                Judgement.child_id == child_id,
                Judgement.status == JudgementStatus.NONE_CONFIRMED,
            )
            .order_by(Judgement.confirmed_at.desc())
        ).all(),
        meetings=meetings_of(child_id),
        decisions=_decisions_of(child_id),
        versions=session.scalars(
            select(PlanVersion)
            .join(Plan, Plan.id == PlanVersion.plan_id)
            .where(Plan.child_id == child_id)
            .order_by(PlanVersion.agreed_at.desc(), PlanVersion.number.desc())
        ).all(),
        actions=actions_of_child(child_id),
    )


def meetings_of(child_id: UUID) -> list[HeldMeeting]:
    """Return every meeting about a child, the latest first. One statement."""
    rows = session.execute(
        select(Meeting, Record)
        .outerjoin(Record, Record.meeting_id == Meeting.id)
        .where(Meeting.child_id == child_id)
        .order_by(Meeting.starts_at.desc(), Meeting.ref)
    )
    return [HeldMeeting(meeting, record) for meeting, record in rows]


def _decisions_of(child_id: UUID) -> list[DecidedAt]:
    # What is still being written in a running meeting is not history yet.
    rows = session.execute(
        select(Decision, Meeting.ref)
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .where(
            Meeting.child_id == child_id,
            Meeting.status == MeetingStatus.HELD,
            Decision.removed_at.is_(None),
        )
        .order_by(Decision.made_at.desc(), Decision.position)
    )
    return [DecidedAt(decision, ref) for decision, ref in rows]
