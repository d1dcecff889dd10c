"""What the holder of a link may see, and what came back for a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.db import session
from core.ids import hash_token
from core.link_codes import LinkPass
from meetings.given import LINK_LIFE
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import (
    Answer,
    AnswerLink,
    Contribution,
    Deputy,
    Proposal,
    ReplyNote,
)
from meetings.terms import DeputyStatus, InvitationState, ProposalStatus
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries import latest_of
from notifications.terms import InboundOutcome
from people.models.agencies import Agency, Team
from people.models.children import Child


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link that opened: whose it is, and which meeting it is for.

    Attributes:
        ended_at: when it stopped working; None while it works.
        team_name, telephone: whom to ring.
    """

    invitation: Invitation
    meeting: Meeting
    deputy: Deputy | None
    team_name: str
    telephone: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Who else is asked: the agency and the role, never a name or an address."""

    agency_name: str
    role_name: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """Everything that came back for one meeting, by invitation."""

    answers: dict[UUID, Answer]
    contributions: dict[UUID, Contribution]
    calls: dict[UUID, Sequence[Call]]
    notes: dict[UUID, Sequence[ReplyNote]]
    deputies: dict[UUID, Deputy]
    proposals: Sequence[Proposal]
    mails: dict[UUID, OutboxMessage]
    opened: dict[UUID, LinkPass]
    unread: dict[UUID, int]


def link(token: str, now: datetime) -> HeldLink | None:
    """Return what a link's token opens; None for a token nobody ever got. At most six statements.

    A link whose address was put right since is as unknown as one never given out.
    """
    wanted = hash_token(token)
    given = session.scalar(select(AnswerLink).where(AnswerLink.token_hash == wanted))
    if given is not None and given.ended_at is None:
        invitation = session.get(Invitation, given.invitation_id)
    else:
        invitation = session.scalar(select(Invitation).where(Invitation.link_token_hash == wanted))
    if invitation is None:
        return None
    meeting = session.get_one(Meeting, invitation.meeting_id)
    deputy = session.get(Deputy, given.deputy_id) if given and given.deputy_id else None
    team = session.get(Team, meeting.team_id) if meeting.team_id else None
    agency = session.get(Agency, team.agency_id) if team else None
    ends_at = meeting.ends_at + LINK_LIFE
    return HeldLink(
        invitation=invitation,
        meeting=meeting,
        deputy=deputy,
        team_name=team.mail_name if team else "",
        telephone=(team.telephone if team else None) or (agency.telephone if agency else None),
        ended_at=ends_at if ends_at <= now else None,
    )


def child_of(meeting: Meeting) -> Child:
    """Return the child a meeting is about. One statement."""
    return session.get_one(Child, meeting.child_id)


def roster(meeting_id: UUID) -> list[RosterLine]:
    """Return who is asked to a meeting, by agency and role. One statement."""
    rows = session.execute(
        select(Invitation.agency_name, Invitation.role_name)
        .where(Invitation.meeting_id == meeting_id, Invitation.state != InvitationState.WITHDRAWN)
        .order_by(Invitation.position)
    )
    return [RosterLine(agency, role) for agency, role in rows]


def contribution_of(invitation_id: UUID) -> Contribution | None:
    """Return the latest version of what an invitee sent. One statement."""
    return session.scalar(
        select(Contribution)
        .where(Contribution.invitation_id == invitation_id)
        .order_by(Contribution.version.desc())
        .limit(1)
    )


def contributions_for(meeting_id: UUID) -> dict[UUID, Contribution]:
    """Return the latest version of what each invitee sent. One statement."""
    rows = session.scalars(
        select(Contribution)
        .where(Contribution.meeting_id == meeting_id)
        .order_by(Contribution.version)
    )
    return {row.invitation_id: row for row in rows}


def last_stale_answer(invitation: Invitation) -> Answer | None:
    """Return the answer that was for an earlier time, when the present one is missing."""
    if not invitation.is_stale:
        return None
    return session.scalar(
        select(Answer)
        .where(Answer.invitation_id == invitation.id)
        .order_by(Answer.at.desc())
        .limit(1)
    )


def deputy_of(invitation_id: UUID) -> Deputy | None:
    """Return who was named to come instead, if nobody refused them. One statement."""
    return session.scalar(
        select(Deputy)
        .where(Deputy.invitation_id == invitation_id, Deputy.status != DeputyStatus.REFUSED)
        .order_by(Deputy.named_at.desc())
        .limit(1)
    )


def answers_of(invitation_id: UUID) -> Sequence[Answer]:
    """Return every answer of an invitee, the last first. One statement."""
    return session.scalars(
        select(Answer).where(Answer.invitation_id == invitation_id).order_by(Answer.at.desc())
    ).all()


def proposal(meeting_id: UUID, number: int) -> Proposal | None:
    """Return one suggestion of a meeting by its place in the list of all. One statement."""
    rows = _proposals(meeting_id)
    return rows[number - 1] if 1 <= number <= len(rows) else None


def came_back(meeting_id: UUID) -> CameBack:
    """Return everything that came back for a meeting. Ten statements, whatever its size."""
    mine = select(Invitation.id).where(Invitation.meeting_id == meeting_id)
    answers = session.scalars(
        select(Answer).where(Answer.invitation_id.in_(mine)).order_by(Answer.at)
    )
    calls: dict[UUID, list[Call]] = {}
    for call in session.scalars(select(Call).where(Call.invitation_id.in_(mine)).order_by(Call.at)):
        calls.setdefault(call.invitation_id, []).append(call)
    notes: dict[UUID, list[ReplyNote]] = {}
    for each in session.scalars(
        select(ReplyNote).where(ReplyNote.invitation_id.in_(mine)).order_by(ReplyNote.at)
    ):
        notes.setdefault(each.invitation_id, []).append(each)
    deputies = session.scalars(
        select(Deputy)
        .where(Deputy.invitation_id.in_(mine), Deputy.status != DeputyStatus.REFUSED)
        .order_by(Deputy.named_at)
    )
    return CameBack(
        answers={row.invitation_id: row for row in answers},
        contributions=contributions_for(meeting_id),
        calls=dict(calls),
        notes=dict(notes),
        deputies={row.invitation_id: row for row in deputies},
        proposals=_proposals(meeting_id),
        mails=latest_of(session.scalars(mine).all()),
        opened=_opened(meeting_id),
        unread=_unread(meeting_id),
    )


def open_proposals(meeting_id: UUID) -> list[tuple[int, Proposal]]:
    """Return the suggestions that wait for a decision, with their number. One statement."""
    return [
        (number, row)
        for number, row in enumerate(_proposals(meeting_id), start=1)
        if row.status is ProposalStatus.OPEN
    ]


def _proposals(meeting_id: UUID) -> Sequence[Proposal]:
    return session.scalars(
        select(Proposal)
        .join(Invitation, Invitation.id == Proposal.invitation_id)
        .where(Invitation.meeting_id == meeting_id)
        .order_by(Proposal.at, Proposal.id)
    ).all()


def _opened(meeting_id: UUID) -> dict[UUID, LinkPass]:
    """Who entered a code last, by invitation: the only reading that is sure to be a person's."""
    rows = session.scalars(
        select(LinkPass)
        .join(Invitation, Invitation.id == LinkPass.link_id)
        .where(Invitation.meeting_id == meeting_id, LinkPass.kind == "invitation")
        .order_by(LinkPass.given_at)
    )
    return {row.link_id: row for row in rows}


def _unread(meeting_id: UUID) -> dict[UUID, int]:
    """How many mails from each invitee's address wait for a person in the review queue."""
    rows = session.execute(
        select(Invitation.id, func.count())
        .join(InboundMessage, InboundMessage.token == Invitation.reply_token)
        .where(
            Invitation.meeting_id == meeting_id,
            InboundMessage.outcome == InboundOutcome.REVIEW,
        )
        .group_by(Invitation.id)
    )
    return dict(rows.all())
