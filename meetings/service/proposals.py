"""Another time that an invitee suggests: a person accepts it or keeps the meeting's time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import Refused
from core.filters import plain_instant
from meetings.given import NewTime
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Proposal
from meetings.service import post, replies, scheduling, tasks
from meetings.service.scheduling import PROPOSAL
from meetings.terms import AnswerChannel, ProposalStatus
from notifications.terms import Letterhead, LetterKind, Reason
from people.terms import Actor

MOST_A_DAY = 10


def suggest(
    invitation: Invitation,
    *,
    starts_at: datetime,
    ends_at: datetime,
    channel: AnswerChannel,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    note: str = "",
    inbound_id: uuid.UUID | None = None,
) -> Proposal:
    """Write another time down; the meeting does not move by it.

    Raises:
        Refused: the invitation or the meeting has ended, the time is past or no time, or too
            many were suggested within a day.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    replies.require_open(invitation, meeting, now=now)
    if starts_at <= now or ends_at <= starts_at:
        raise Refused("proposal.past", "Suggest a time in the future.")
    if starts_at == meeting.starts_at:
        raise Refused("proposal.same", "This is the time the meeting has already.")
    _require_few(invitation, now)
    proposal = Proposal(
        invitation_id=invitation.id,
        starts_at=starts_at,
        ends_at=ends_at,
        instead_of_at=meeting.starts_at,
        note=note,
        channel=channel,
        is_by_calendar=channel is AnswerChannel.MAIL,
        inbound_id=inbound_id,
        at=now,
        status=ProposalStatus.OPEN,
    )
    session.add(proposal)
    session.flush()
    tasks.ask(
        PROPOSAL,
        ref=meeting.ref,
        words=f"{invitation.role_name}, {invitation.agency_name}, suggests "
        f"{plain_instant(starts_at)} for {meeting.ref}. Accept it, or keep the time.",
        key=f"{PROPOSAL}:{proposal.id}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=proposal.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        due_at=meeting.starts_at,
        now=now,
    )
    post.tell_convenor(
        meeting,
        kind=LetterKind.TASK_WAITING,
        key=f"{PROPOSAL}:{proposal.id}",
        letterhead=letterhead,
        now=now,
    )
    _audit("proposal.made", invitation, meeting, actor, now)
    return proposal


def accept(
    proposal: Proposal,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    late_reason: str = "",
    seen_version: int | None = None,
) -> int:
    """Move the meeting to the suggested time and ask everybody again.

    Returns:
        How many were told by mail.

    Raises:
        Refused: it was decided already, or the meeting cannot be moved there.
    """
    invitation = _waiting(proposal)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    proposal.status = ProposalStatus.ACCEPTED
    proposal.decided_by_id, proposal.decided_at = actor.account_id, now
    session.flush()
    told = scheduling.move(
        meeting,
        NewTime(
            starts_at=proposal.starts_at,
            minutes=int((proposal.ends_at - proposal.starts_at) / timedelta(minutes=1)),
            reason=Reason.TIME_SUGGESTED,
            late_reason=late_reason,
        ),
        letterhead=letterhead,
        actor=actor,
        now=now,
        seen_version=seen_version,
    )
    tasks.finish_about(proposal.id, PROPOSAL, actor=actor, now=now, outcome="Accepted.")
    _audit("proposal.accepted", invitation, meeting, actor, now)
    return told


def refuse(proposal: Proposal, *, letterhead: Letterhead, actor: Actor, now: datetime) -> None:
    """Keep the meeting's time and say so; a calendar client gets the answer it waits for.

    Raises:
        Refused: it was decided already.
    """
    invitation = _waiting(proposal)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    proposal.status = ProposalStatus.REFUSED
    proposal.decided_by_id, proposal.decided_at = actor.account_id, now
    key = f"{PROPOSAL}:{proposal.id}:refused"
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is not None:
            continue
        if proposal.is_by_calendar:
            post.refuse_time(meeting, addressee, key=key, letterhead=letterhead, now=now)
        else:
            post.send_letter(
                meeting,
                addressee,
                kind=LetterKind.TIME_REFUSED,
                key=key,
                letterhead=letterhead,
                now=now,
            )
    tasks.finish_about(proposal.id, PROPOSAL, actor=actor, now=now, outcome="The time was kept.")
    _audit("proposal.refused", invitation, meeting, actor, now)
    session.flush()


def _waiting(proposal: Proposal) -> Invitation:
    session.refresh(proposal, with_for_update=True)
    if proposal.status is not ProposalStatus.OPEN:
        raise Refused("proposal.decided", "This suggestion was decided already. Look again.")
    return session.get_one(Invitation, proposal.invitation_id)


def _require_few(invitation: Invitation, now: datetime) -> None:
    made = session.scalar(
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.invitation_id == invitation.id, Proposal.at > now - timedelta(days=1))
    )
    if (made or 0) >= MOST_A_DAY:
        raise Refused(
            "proposal.many", "Many times were suggested already. Ring the team that asked you."
        )


def _audit(
    verb: str, invitation: Invitation, meeting: Meeting, actor: Actor, now: datetime
) -> None:
    audit.record(actor, verb, "invitation", invitation.id, child_id=meeting.child_id, now=now)
