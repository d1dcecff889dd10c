"""Somebody else comes instead: named by the invitee, confirmed by the rule or by a person."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import NotFound, Refused
from meetings.given import DeputyGiven
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy
from meetings.service import post, tasks, telling
from meetings.service.addresses import is_known_address
from meetings.terms import AnswerChannel, DeputyStatus, InvitationState
from notifications import service as mail
from notifications.terms import Letterhead, LetterKind, Reason
from people.terms import Actor
from plans.service.letters import can_be_written_to

CONFIRM_DEPUTY = "confirm_deputy"
# After a move the answer is forgotten, while whoever was named stays named.
_WAITING = (InvitationState.TENTATIVE, InvitationState.NO_ANSWER)


def name_deputy(
    invitation: Invitation,
    given: DeputyGiven,
    *,
    channel: AnswerChannel,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Deputy:
    """Write down who comes instead; an address of the same agency gets the invitation at once.

    Any other address waits for a person, and so does a deputy named by a calendar client: a
    forward must not bring somebody into a meeting about a child.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    known = _live(invitation.id, given.email)
    if known is not None:
        known.name, known.role = given.name, given.role
        invitation.deputy_name = given.name
        if known.status is DeputyStatus.PENDING:
            invitation.state = InvitationState.TENTATIVE
        return known
    end_deputies(invitation, letterhead=letterhead, actor=actor, now=now)
    is_ours = (
        channel is not AnswerChannel.MAIL
        and given.email is not None
        and is_known_address(invitation, given.email)
    )
    deputy = Deputy(
        invitation_id=invitation.id,
        name=given.name,
        role=given.role,
        email=given.email,
        status=DeputyStatus.PENDING,
        named_at=now,
        named_by=channel,
    )
    session.add(deputy)
    session.flush()
    invitation.deputy_name, invitation.deputy_email = given.name, given.email
    if is_ours or channel in (AnswerChannel.PAGE, AnswerChannel.TELEPHONE):
        _invite(deputy, invitation, meeting, letterhead=letterhead, actor=actor, now=now)
    else:
        # Nobody sure comes yet, and the forecast of the quorum must not say so.
        invitation.state = InvitationState.TENTATIVE
        tasks.ask(
            CONFIRM_DEPUTY,
            ref=meeting.ref,
            words=f"{invitation.role_name}, {invitation.agency_name}: somebody else is named to "
            "come. Ring to check who it is, then confirm or refuse.",
            key=f"{CONFIRM_DEPUTY}:{deputy.id}",
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=invitation.id,
            for_account_id=meeting.convenor_id,
            for_team_id=meeting.team_id,
            due_at=meeting.starts_at,
            now=now,
        )
    audit.record(
        actor, "deputy.named", "invitation", invitation.id, child_id=meeting.child_id, now=now
    )
    return deputy


def confirm(
    invitation: Invitation, deputy_id: uuid.UUID, *, letterhead: Letterhead, actor: Actor,
    now: datetime,
) -> Deputy:  # fmt: skip
    """Let a named deputy come: they get an entry of their own.

    Raises:
        NotFound: no such deputy was named for this invitation.
        Refused: the invitee answered differently meanwhile.
    """
    deputy = _named(invitation, deputy_id)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    if deputy.status is DeputyStatus.CONFIRMED:
        return deputy
    if deputy.status is DeputyStatus.REFUSED or invitation.state not in _WAITING:
        raise Refused("deputy.gone", "The invitee has answered differently since. Look again.")
    _invite(deputy, invitation, meeting, letterhead=letterhead, actor=actor, now=now)
    if invitation.state is InvitationState.TENTATIVE:
        invitation.state = InvitationState.DEPUTY
    tasks.finish_about(
        invitation.id, CONFIRM_DEPUTY, actor=actor, now=now, outcome="The deputy was confirmed."
    )
    audit.record(
        actor, "deputy.confirmed", "invitation", invitation.id, child_id=meeting.child_id, now=now
    )
    return deputy


def refuse(invitation: Invitation, deputy_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """Turn a named deputy down; the invitee then counts as not having answered.

    Raises:
        NotFound: no such deputy was named for this invitation.
        Refused: they were confirmed already; withdraw the invitation instead.
    """
    deputy = _named(invitation, deputy_id)
    if deputy.status is DeputyStatus.CONFIRMED:
        raise Refused("deputy.confirmed", "This deputy was confirmed and has the invitation.")
    meeting = session.get_one(Meeting, invitation.meeting_id)
    deputy.status = DeputyStatus.REFUSED
    deputy.decided_by_id, deputy.decided_at = actor.account_id, now
    if invitation.state is InvitationState.TENTATIVE:
        invitation.state = InvitationState.NO_ANSWER
    invitation.deputy_name = invitation.deputy_email = None
    tasks.finish_about(
        invitation.id, CONFIRM_DEPUTY, actor=actor, now=now, outcome="The deputy was refused."
    )
    audit.record(
        actor, "deputy.refused", "invitation", invitation.id, child_id=meeting.child_id, now=now
    )
    session.flush()


def end_deputies(
    invitation: Invitation, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Take every deputy of an invitee off again; one who has the entry gets its removal."""
    meeting = session.get_one(Meeting, invitation.meeting_id)
    deputies = session.scalars(
        select(Deputy).where(
            Deputy.invitation_id == invitation.id, Deputy.status != DeputyStatus.REFUSED
        )
    ).all()
    for deputy in deputies:
        was_invited = deputy.status is DeputyStatus.CONFIRMED and deputy.email is not None
        if was_invited and not can_be_written_to(deputy.email or ""):
            words = f"{deputy.name} is not to come to {meeting.ref} any more and was not written to"
            telling.ask_to_ring(meeting, invitation, words, key=f"off:{deputy.id}", now=now)
        elif was_invited and deputy.email and deputy.reply_token:
            deputy.sequence += 1
            post.send_cancel(
                meeting,
                post.Addressee(
                    deputy.id, invitation.id, deputy.email, deputy.reply_token, deputy.id
                ),
                kind=LetterKind.UNINVITED,
                sequence=deputy.sequence,
                reason=Reason.NOT_ASKED_ANY_MORE,
                letterhead=letterhead,
                now=now,
            )
        deputy.status, deputy.decided_at = DeputyStatus.REFUSED, now
        post.end_links(invitation, now=now, deputy_id=deputy.id)
    if deputies:
        invitation.deputy_name = invitation.deputy_email = None
        tasks.finish_about(
            invitation.id, CONFIRM_DEPUTY, actor=actor, now=now, outcome="The answer changed."
        )
    session.flush()


def _invite(
    deputy: Deputy,
    invitation: Invitation,
    meeting: Meeting,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    deputy.status, deputy.decided_at = DeputyStatus.CONFIRMED, now
    deputy.decided_by_id = actor.account_id
    deputy.sequence = max(deputy.sequence, meeting.sequence)
    if deputy.email is None:
        return
    if not can_be_written_to(deputy.email):
        session.flush()
        words = f"no mail can be sent to {deputy.name}, who comes to {meeting.ref} for them"
        telling.ask_to_ring(meeting, invitation, words, key=f"deputy:{deputy.id}", now=now)
        return
    deputy.reply_token = deputy.reply_token or mail.new_reply_token()
    session.flush()
    post.send_entry(
        meeting,
        post.Addressee(deputy.id, invitation.id, deputy.email, deputy.reply_token, deputy.id),
        kind=LetterKind.INVITATION,
        sequence=deputy.sequence,
        key=f"invitation:{deputy.id}:{deputy.sequence}:request",
        letterhead=letterhead,
        now=now,
    )


def _named(invitation: Invitation, deputy_id: uuid.UUID) -> Deputy:
    deputy = session.get(Deputy, deputy_id)
    if deputy is None or deputy.invitation_id != invitation.id:
        raise NotFound("deputy")
    return deputy


def _live(invitation_id: uuid.UUID, email: str | None) -> Deputy | None:
    if email is None:
        return None
    return session.scalar(
        select(Deputy).where(
            Deputy.invitation_id == invitation_id,
            func.lower(Deputy.email) == email.lower(),
            Deputy.status != DeputyStatus.REFUSED,
        )
    )
