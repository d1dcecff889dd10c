"""Answers: from the link's page, from a call, and from mail once it was matched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Refused
from meetings.given import AnswerGiven
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer
from meetings.rules import reply_order
from meetings.rules.reply_order import Place, Stamp
from meetings.service import deputies, post, tasks
from meetings.service.undelivered import BOUNCED
from meetings.terms import AnswerChannel, InvitationState, MeetingStatus, Requirement
from notifications.terms import Letterhead, LetterKind
from people.terms import Actor

DECLINED = "declined"
MAIL_NOTE = "mail_note"
ANSWERS = frozenset(
    {
        InvitationState.ACCEPTED,
        InvitationState.ACCEPTED_PART,
        InvitationState.TENTATIVE,
        InvitationState.DECLINED,
        InvitationState.DEPUTY,
    }
)
_NOT_COMING = (InvitationState.DECLINED, InvitationState.INFORMATION)


def answer(
    invitation: Invitation,
    given: AnswerGiven,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Answer:
    """Write an answer down and let it count; it may be changed until the meeting begins.

    Raises:
        Refused: the invitation or the meeting has ended, the meeting has begun, it was moved
            since the person looked, or a later answer is there already. ``rule`` tells which.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    session.refresh(meeting)
    require_open(invitation, meeting, now=now)
    stamp = Stamp(
        invitation.sequence if given.sequence is None else given.sequence,
        reply_order.given_at(given.dtstamp, received_at=now),
    )
    _require_counts(invitation, stamp)
    row = _kept(invitation, meeting, given, stamp, actor=actor, now=now)
    # Before a deputy is named: a call that asks for must stay on the list.
    tasks.finish_about(
        invitation.id, tasks.RING, BOUNCED, actor=actor, now=now, outcome="They answered."
    )
    if given.state is InvitationState.DEPUTY and given.deputy is not None:
        deputies.name_deputy(
            invitation,
            given.deputy,
            channel=given.channel,
            letterhead=letterhead,
            actor=actor,
            now=now,
        )
    else:
        deputies.end_deputies(invitation, letterhead=letterhead, actor=actor, now=now)
    _follow_up(invitation, meeting, letterhead=letterhead, actor=actor, now=now)
    audit.record(
        actor,
        "invitation.answered",
        "invitation",
        invitation.id,
        child_id=meeting.child_id,
        now=now,
        detail=f"{given.state} by {given.channel}",
    )
    session.flush()
    return row


def require_open(invitation: Invitation, meeting: Meeting, *, now: datetime) -> None:
    """Refuse what comes too late.

    Raises:
        Refused: the invitation was withdrawn, the meeting stood down, begun or over.
    """
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("reply.withdrawn", "You are no longer asked to come to this meeting.")
    if meeting.status is MeetingStatus.STOOD_DOWN:
        raise Refused("reply.stood_down", "This meeting will not take place.")
    if meeting.status is not MeetingStatus.ARRANGED or meeting.starts_at <= now:
        raise Refused(
            "reply.begun",
            "The meeting has begun, so your answer cannot be changed here. "
            "Ring the team that asked you.",
        )


def forget(invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    """Let an answer no longer count, because it was for another time; its row stays.

    A deputy stays named: they are told the new time and answer for themselves.
    """
    if invitation.state in (InvitationState.UNDELIVERABLE, InvitationState.NOT_SENT):
        return
    if invitation.state is not InvitationState.NO_ANSWER:
        invitation.is_stale = True
    invitation.state = InvitationState.NO_ANSWER
    invitation.part_note = None
    tasks.finish_about(
        invitation.id, DECLINED, actor=actor, now=now, outcome="The meeting was moved."
    )


def _require_counts(invitation: Invitation, stamp: Stamp) -> None:
    last = None
    if invitation.answer_sequence is not None and invitation.answer_dtstamp is not None:
        last = Stamp(invitation.answer_sequence, invitation.answer_dtstamp)
    place = reply_order.place(stamp, sent=invitation.sequence, last=last)
    if place is Place.OTHER_TIME:
        raise Refused(
            "reply.other_time",
            "The time of this meeting has changed since. Look at the new time and answer again.",
        )
    if place is Place.OLDER:
        raise Refused("reply.older", "A later answer is there already, so this one does not count.")
    if place is Place.AHEAD:
        raise Refused("reply.ahead", "This answers a version of the meeting that was never sent.")


def _kept(
    invitation: Invitation,
    meeting: Meeting,
    given: AnswerGiven,
    stamp: Stamp,
    *,
    actor: Actor,
    now: datetime,
) -> Answer:
    row = Answer(
        invitation_id=invitation.id,
        state=given.state,
        channel=given.channel,
        at=now,
        sequence=stamp.sequence,
        dtstamp=stamp.at,
        part=given.part,
        person_name=given.person_name,
        person_role=given.person_role,
        by_id=actor.account_id,
        inbound_id=given.inbound_id,
        meeting_starts_at=meeting.starts_at,
    )
    session.add(row)
    invitation.state = given.state
    invitation.part_note = given.part if given.state is InvitationState.ACCEPTED_PART else None
    invitation.answered_at = now
    invitation.answer_sequence = stamp.sequence
    invitation.answer_dtstamp = stamp.at
    invitation.answer_channel = given.channel
    invitation.is_stale = False
    session.flush()
    return row


def _follow_up(
    invitation: Invitation,
    meeting: Meeting,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """A needed agency that does not come needs somebody."""
    if invitation.state not in _NOT_COMING:
        tasks.finish_about(invitation.id, DECLINED, actor=actor, now=now, outcome="They now come.")
        return
    if invitation.is_statutory or invitation.requirement is Requirement.QUORUM:
        _alert(invitation, meeting, letterhead=letterhead, now=now)
    if invitation.answer_channel is AnswerChannel.MAIL:
        _ask_for_information(invitation, meeting, letterhead=letterhead, now=now)


def _alert(
    invitation: Invitation, meeting: Meeting, *, letterhead: Letterhead, now: datetime
) -> None:
    key = f"{DECLINED}:{invitation.id}:{invitation.sequence}:{invitation.answer_dtstamp}"
    tasks.ask(
        DECLINED,
        ref=meeting.ref,
        words=f"{invitation.role_name}, {invitation.agency_name}, cannot come to {meeting.ref}. "
        "The meeting needs this agency: ring and ask for somebody else, or move the meeting.",
        key=key,
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        due_at=meeting.starts_at,
        now=now,
    )
    post.tell_convenor(
        meeting, kind=LetterKind.TASK_WAITING, key=key, letterhead=letterhead, now=now
    )


def _ask_for_information(
    invitation: Invitation, meeting: Meeting, *, letterhead: Letterhead, now: datetime
) -> None:
    """A calendar client asks nothing after a "no", so a mail does."""
    for addressee in post.addressees(invitation):
        post.send_letter(
            meeting,
            addressee,
            kind=LetterKind.INFORMATION_REQUEST,
            key=f"information:{addressee.subject_id}:{invitation.sequence}",
            answer_by_at=post.answer_by(meeting, now=now) or meeting.starts_at,
            letterhead=letterhead,
            now=now,
        )


def last_answer(invitation: Invitation) -> Answer | None:
    """Return the answer that came last, for this time or an earlier one. One statement."""
    return session.scalar(
        select(Answer)
        .where(Answer.invitation_id == invitation.id)
        .order_by(Answer.at.desc(), Answer.id)
        .limit(1)
    )
