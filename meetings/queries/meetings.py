"""The meeting's page, the list of meetings, and who is to be rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from core import clock
from core.db import session
from core.ids import url_key
from meetings.models.invitations import Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.terms import InvitationState, MeetingStatus, Requirement
from notifications.terms import URGENT_WITHIN
from people.models.accounts import Account
from people.models.agencies import Team
from people.models.children import Child
from people.queries.access import may_see_thing
from people.terms import Action, Actor, Resource

PAGE = 50
FILTERS = ("coming", "mine", "week", "silent", "past", "stood_down")
_WEEK = timedelta(days=7)
SILENT = (
    InvitationState.NO_ANSWER,
    InvitationState.NOT_SENT,
    InvitationState.UNDELIVERABLE,
    InvitationState.TENTATIVE,
)


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """A meeting as a line of the list."""

    meeting: Meeting
    child_ref: str
    child_name: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with the names its page shows."""

    meeting: Meeting
    child: Child
    team: Team | None
    chair: Account | None
    convenor: Account | None
    invitations: Sequence[Invitation]
    withdrawn: Sequence[Invitation]
    dropped: Sequence[Dropped]
    tasks: Sequence[Task]


def by_ref(ref: str) -> Meeting | None:
    """Return the meeting of a reference. One statement."""
    return session.scalar(select(Meeting).where(Meeting.ref == ref))


def resource(ref: str, **_: object) -> Resource | None:
    """Return what the policy needs to know of a meeting. One statement."""
    meeting = by_ref(ref)
    return resource_of(meeting) if meeting else None


def resource_of(meeting: Meeting) -> Resource:
    """Return a meeting as the policy sees it."""
    return Resource(
        kind="meeting",
        id=meeting.id,
        child_id=meeting.child_id,
        team_id=meeting.team_id,
        meeting_id=meeting.id,
    )


def invitation_key(invitation_id: UUID) -> str:
    """Return what stands for an invitation in a URL of its meeting; the row id stands in none."""
    return url_key(invitation_id)


def invitation(meeting: Meeting, key: str) -> Invitation | None:
    """Return the invitation of a meeting that a key stands for. One statement."""
    rows = session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id))
    return next((row for row in rows if invitation_key(row.id) == key), None)


def invitees_of(meeting_id: UUID) -> Sequence[Invitation]:
    """Return the invitations of a meeting that stand, in their order. One statement."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting_id, Invitation.state != InvitationState.WITHDRAWN)
        .order_by(Invitation.position)
    ).all()


def meeting_page(meeting: Meeting) -> MeetingPage:
    """Return a meeting with the names its page shows. Seven statements."""
    invitations = session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting.id)
        .order_by(Invitation.position, Invitation.agency_name)
    ).all()
    return MeetingPage(
        meeting=meeting,
        child=session.get_one(Child, meeting.child_id),
        team=session.get(Team, meeting.team_id) if meeting.team_id else None,
        chair=session.get(Account, meeting.chair_id) if meeting.chair_id else None,
        convenor=session.get(Account, meeting.convenor_id) if meeting.convenor_id else None,
        invitations=[row for row in invitations if row.state is not InvitationState.WITHDRAWN],
        withdrawn=[row for row in invitations if row.state is InvitationState.WITHDRAWN],
        dropped=session.scalars(
            select(Dropped).where(Dropped.meeting_id == meeting.id).order_by(Dropped.at)
        ).all(),
        tasks=session.scalars(
            select(Task)
            .where(Task.meeting_id == meeting.id)
            .order_by(Task.done_at.is_not(None), Task.due_at, Task.made_at)
        ).all(),
    )


def others_of_child(meeting: Meeting, now: datetime) -> Sequence[Meeting]:
    """Return the child's other meetings that could be held instead. One statement."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.child_id == meeting.child_id,
            Meeting.id != meeting.id,
            Meeting.status != MeetingStatus.STOOD_DOWN,
            Meeting.starts_at > now - timedelta(days=28),
        )
        .order_by(Meeting.starts_at)
    ).all()


def to_ring(invitations: Sequence[Invitation], meeting: Meeting, now: datetime) -> list[Invitation]:
    """Return whom somebody should ring, the most needed first: silent soon, or never reached."""
    is_soon = meeting.starts_at - now < URGENT_WITHIN
    order = list(Requirement)
    wanted = [
        row
        for row in invitations
        if row.state in SILENT
        and (
            is_soon
            or row.state in (InvitationState.UNDELIVERABLE, InvitationState.NOT_SENT)
            or row.ring
        )
    ]
    return sorted(wanted, key=lambda row: (order.index(row.requirement), row.position))


def listed(
    actor: Actor, now: datetime, *, wanted: str = "coming", page: int = 1
) -> list[ListedMeeting]:
    """Return one page of the meetings a person may see, and one more if there are more.

    One statement.
    """
    statement = (
        select(Meeting, Child)
        .join(Child, Child.id == Meeting.child_id)
        .where(
            may_see_thing(
                actor,
                Action.MEETING_VIEW,
                now,
                kind="meeting",
                child_id=Meeting.child_id,
                meeting_id=Meeting.id,
                team_id=Meeting.team_id,
            ),
            *_filter(wanted, actor, now),
        )
    )
    newest_first = wanted in ("past", "stood_down")
    order = Meeting.starts_at.desc() if newest_first else Meeting.starts_at
    rows = session.execute(
        statement.order_by(order, Meeting.ref).offset((page - 1) * PAGE).limit(PAGE + 1)
    )
    return [ListedMeeting(meeting, child.ref, child.name) for meeting, child in rows]


def _filter(wanted: str, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    # A meeting of this morning that nobody has begun is still to come.
    start_of_day = clock.wall(clock.today(now), clock.london(now).time().min)
    live = Meeting.status.in_((MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS))
    if wanted == "past":
        return [Meeting.status == MeetingStatus.HELD]
    if wanted == "stood_down":
        return [Meeting.status == MeetingStatus.STOOD_DOWN]
    if wanted == "mine":
        invited = exists().where(
            Invitation.meeting_id == Meeting.id,
            Invitation.account_id == actor.account_id,
            Invitation.state != InvitationState.WITHDRAWN,
        )
        mine = (
            (Meeting.chair_id == actor.account_id)
            | (Meeting.convenor_id == actor.account_id)
            | invited
        )
        return [live, mine]
    if wanted == "week":
        return [live, Meeting.starts_at >= start_of_day, Meeting.starts_at < start_of_day + _WEEK]
    if wanted == "silent":
        silent = exists().where(Invitation.meeting_id == Meeting.id, Invitation.state.in_(SILENT))
        return [live, silent]
    return [live]
