"""What one person's home page shows: what is at risk first, then what waits, then what is theirs.

Every list is cut at a length a person can read, and counted where it may be longer, so the page
takes the same number of statements however many children there are: at most eleven of this
module's, one of ``unfinished`` and four of plans'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    bindparam,
    func,
    or_,
    select,
)

from core.db import session
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.models.tasks import Task
from meetings.queries.tasks import waits_for
from meetings.terms import InvitationState, JudgementStatus, MeetingStatus, RecordStatus
from notifications import queries as mail
from people.models.children import Child
from people.queries.access import asking, within
from people.rules import access
from people.terms import Action, Actor

SHOWN = 20
AHEAD = timedelta(days=14)
AT_RISK_AHEAD = timedelta(days=3)
LOOK_BACK = timedelta(days=28)
_DEADLINE_RUNS = (
    JudgementStatus.OPEN,
    JudgementStatus.NONE_PROPOSED,
)
_TO_COME = (MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS)
_NOT_OUT = tuple(each for each in RecordStatus if each is not RecordStatus.RELEASED)
# Building a long statement costs several times what running it does: each is built once per shape
# (the teams and relations that open things to somebody) and run with who asks, and when.
_built_once: Final = lru_cache(maxsize=256)
_ME: Final[BindParameter[UUID]] = bindparam("me")


@dataclass(frozen=True, slots=True)
class DeadlineAtRisk:
    """A judgement that nothing answers yet: its deadline runs."""

    status: JudgementStatus
    deadline_at: datetime | None
    meeting_name: str
    involvement_ref: str
    child_ref: str
    child_name: str


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """Of a meeting what a line shows: reading the whole wide row costs more than finding it."""

    id: UUID
    ref: str
    type: str
    type_name: str
    starts_at: datetime
    status: MeetingStatus
    pack_version_id: UUID


@dataclass(frozen=True, slots=True)
class HomeMeeting:
    """A meeting to come, or just held, as a line."""

    meeting: MeetingLine
    child_ref: str
    child_name: str


@dataclass(frozen=True, slots=True)
class HomeTask:
    """Something that waits, and the child it is about."""

    task: Task
    child: str | None


@dataclass(frozen=True, slots=True)
class NotReached:
    """An invitation that did not arrive: somebody must ring."""

    meeting_ref: str
    starts_at: datetime
    agency_name: str
    role_name: str
    telephone: str | None


@dataclass(frozen=True, slots=True)
class LateRecord:
    """A record past its time that nobody has released."""

    due_on: date | None
    meeting_ref: str
    child_ref: str


@dataclass(frozen=True, slots=True)
class Inquorate:
    """A meeting held without its legal quorum."""

    meeting_ref: str
    type_name: str
    child_ref: str
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class MailWaiting:
    """How many incoming messages wait for a person, and since when."""

    count: int
    oldest_at: datetime | None


def deadlines_at_risk(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[DeadlineAtRisk], int]:
    """Return the judgements whose deadline runs, the nearest first, and how many there are in all.

    One statement. Of the verdict, which is long, only the meeting's name is read, and only of
    what is shown.

    Args:
        limit: how many to return; None for all.
    """
    scope = access.scope(actor, Action.JUDGEMENT_VIEW, now, kind="judgement")
    rows = session.execute(_deadlines(scope, limit), asking(actor, now)).all()
    found = [
        DeadlineAtRisk(status, deadline_at, meeting or "Meeting", ref, child_ref, name)
        for status, deadline_at, meeting, ref, child_ref, name, _ in rows
    ]
    return found, in_all(rows)


@_built_once
def _deadlines(scope: access.Scope, limit: int | None) -> Select[*tuple[Any, ...]]:
    nearest = (
        select(Judgement.id, func.count().over().label("in_all"))
        .where(
            Judgement.status.in_(_DEADLINE_RUNS),
            Judgement.meeting_type.is_not(None),
            within(scope, child_id=Judgement.child_id),
        )
        .order_by(Judgement.deadline_at, Judgement.made_at)
        .limit(limit)
        .subquery()
    )
    return (
        select(
            Judgement.status,
            Judgement.deadline_at,
            Judgement.verdict["meeting_name"].as_string(),
            Involvement.ref,
            Child.ref,
            Child.name,
            nearest.c.in_all,
        )
        .join(nearest, nearest.c.id == Judgement.id)
        .join(Involvement, Involvement.id == Judgement.involvement_id)
        .join(Child, Child.id == Judgement.child_id)
        .order_by(Judgement.deadline_at, Judgement.made_at)
    )


def not_reached(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[NotReached], int]:
    """Return invitations to coming meetings that did not arrive, and how many. One statement.

    Args:
        limit: how many to return; None for all. The same for every list below.
    """
    values = {"me": actor.account_id, "since": now - timedelta(days=1)}
    rows = session.execute(_not_reached(teams_of(actor), limit), values).all()
    return [NotReached(*row[:-1]) for row in rows], in_all(rows)


@_built_once
def _not_reached(teams: frozenset[UUID], limit: int | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.ref,
            Meeting.starts_at,
            Invitation.agency_name,
            Invitation.role_name,
            Invitation.telephone,
            func.count().over(),
        )
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.state == InvitationState.UNDELIVERABLE,
            Meeting.status == MeetingStatus.ARRANGED,
            Meeting.starts_at > bindparam("since"),
            answered_for(teams),
        )
        .order_by(Meeting.starts_at, Invitation.position)
        .limit(limit)
    )


def meetings_soon(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[HomeMeeting], int]:
    """Return the meetings of the next days that the actor answers for, and how many. One statement.

    Of today's, those whose time is not over; after that they are left open (``unfinished``).
    """
    values = {"me": actor.account_id, "now": now, "until": now + AT_RISK_AHEAD}
    return _listed(_soon(teams_of(actor), limit), values)


@_built_once
def _soon(teams: frozenset[UUID], limit: int | None) -> Select[*tuple[Any, ...]]:
    return _meetings(
        limit,
        Meeting.status == MeetingStatus.ARRANGED,
        Meeting.starts_at <= bindparam("until"),
        Meeting.ends_at >= bindparam("now"),
        answered_for(teams),
    )


def my_meetings(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[HomeMeeting], int]:
    """Return the meetings I chair, convened or am invited to in the next fortnight, and how many.

    One statement. Meetings that still run stand first, whenever they started.
    """
    values = {
        "me": actor.account_id,
        "since": now - timedelta(hours=12),
        "until": now + AHEAD,
    }
    return _listed(_mine(limit), values)


@_built_once
def _mine(limit: int | None) -> Select[*tuple[Any, ...]]:
    invited = select(Invitation.meeting_id).where(
        Invitation.account_id == _ME,
        Invitation.state != InvitationState.WITHDRAWN,
    )
    return _meetings(
        limit,
        Meeting.status.in_(_TO_COME),
        or_(
            Meeting.starts_at.between(bindparam("since"), bindparam("until")),
            Meeting.status == MeetingStatus.IN_PROGRESS,
        ),
        or_(Meeting.chair_id == _ME, Meeting.convenor_id == _ME, Meeting.id.in_(invited)),
    )


def my_tasks(actor: Actor) -> list[HomeTask]:
    """Return what waits for me or for the teams I manage, the most pressing first. One statement.

    A task without a time is due at once. One row more than is shown says that there are more.
    """
    rows = session.execute(_tasks(actor.managed_team_ids), {"me": actor.account_id})
    return [HomeTask(task, f"{name}, {ref}" if ref else None) for task, ref, name in rows]


@_built_once
def _tasks(managed: frozenset[UUID]) -> Select[*tuple[Any, ...]]:
    return (
        select(Task, Child.ref, Child.name)
        .outerjoin(Child, Child.id == Task.child_id)
        .where(Task.done_at.is_(None), waits_for(managed))
        .order_by(Task.due_at.is_not(None), Task.due_at, Task.made_at)
        .limit(SHOWN + 1)
    )


def late_records(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[LateRecord], int]:
    """Return the late records that the actor answers for, and how many. One statement."""
    values = {"me": actor.account_id, "now": now}
    rows = session.execute(_late(teams_of(actor), limit), values).all()
    return [LateRecord(*row[:-1]) for row in rows], in_all(rows)


@_built_once
def _late(teams: frozenset[UUID], limit: int | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Record.due_on, Meeting.ref, Child.ref, func.count().over())
        .join(Meeting, Meeting.id == Record.meeting_id)
        .join(Child, Child.id == Meeting.child_id)
        .where(Record.status.in_(_NOT_OUT), Record.due_at < bindparam("now"), answered_for(teams))
        .order_by(Record.due_at)
        .limit(limit)
    )


def held_without_quorum(
    actor: Actor, now: datetime, *, limit: int | None = SHOWN
) -> tuple[list[Inquorate], int]:
    """Return the meetings held without their quorum in four weeks, and how many. One statement."""
    values = {"me": actor.account_id, "since": now - LOOK_BACK}
    rows = session.execute(_inquorate(teams_of(actor), limit), values).all()
    return [Inquorate(*row[:-1]) for row in rows], in_all(rows)


@_built_once
def _inquorate(teams: frozenset[UUID], limit: int | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.ref,
            Meeting.type_name,
            Child.ref,
            Meeting.ended_at,
            Record.inquorate_reason,
            func.count().over(),
        )
        .join(Record, Record.meeting_id == Meeting.id)
        .join(Child, Child.id == Meeting.child_id)
        .where(
            Record.is_quorate.is_(False),
            Meeting.ended_at >= bindparam("since"),
            answered_for(teams),
        )
        .order_by(Meeting.ended_at.desc())
        .limit(limit)
    )


def none_proposed(actor: Actor) -> int:
    """Count the decisions not to meet that wait for a manager of the actor's. One statement."""
    if not actor.managed_team_ids:
        return 0
    return int(
        session.scalar(
            select(func.count())
            .select_from(Judgement)
            .join(Child, Child.id == Judgement.child_id)
            .where(
                Judgement.status == JudgementStatus.NONE_PROPOSED,
                Child.team_id.in_(actor.managed_team_ids),
            )
        )
        or 0
    )


def mail_waiting() -> MailWaiting:
    """Return what waits in the mail room's review queue. Three statements."""
    counts = mail.inbox_counts()
    oldest = next(iter(mail.review_queue(limit=1)), None)
    return MailWaiting(counts.review, oldest.received_at if oldest else None)


def _meetings(limit: int | None, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.id,
            Meeting.ref,
            Meeting.type,
            Meeting.type_name,
            Meeting.starts_at,
            Meeting.status,
            Meeting.pack_version_id,
            Child.ref,
            Child.name,
            func.count().over(),
        )
        .join(Child, Child.id == Meeting.child_id)
        .where(*conditions)
        .order_by(Meeting.starts_at, Meeting.ref)
        .limit(limit)
    )


def _listed(
    statement: Select[*tuple[Any, ...]], values: dict[str, Any]
) -> tuple[list[HomeMeeting], int]:
    rows = session.execute(statement, values).all()
    return [HomeMeeting(MeetingLine(*row[:7]), *row[7:-1]) for row in rows], in_all(rows)


def in_all(rows: Sequence[Row[*tuple[Any, ...]]]) -> int:
    """Return how many there are, listed or not: each row of these statements ends with it."""
    return int(rows[0][-1]) if rows else 0


def teams_of(actor: Actor) -> frozenset[UUID]:
    """Return the teams for whose meetings somebody answers: as member or as manager."""
    return actor.team_ids | actor.managed_team_ids


def answered_for(teams: frozenset[UUID]) -> ColumnElement[bool]:
    """Say which meetings somebody answers for: as chair, convenor, or manager or member of team.

    For a statement that is built once; it is run with ``me``, the account that asks.
    """
    mine = or_(Meeting.chair_id == _ME, Meeting.convenor_id == _ME)
    return or_(mine, Meeting.team_id.in_(teams)) if teams else mine
