"""One invitee's own mail: sent, cancelled, sent again, or sent to the right address instead."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import Refused
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import ReplyNote
from meetings.service import post, tasks, telling
from meetings.service.addresses import is_known_address
from meetings.service.undelivered import BOUNCED
from meetings.terms import InvitationState, MeetingStatus, NoteKind
from notifications import service as mail
from notifications.terms import ADDRESS, Letterhead, LetterKind, Reason
from people.terms import Actor

MOST_RESENDS_AN_HOUR = 3


def correct_address(
    invitation: Invitation,
    email: str,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a mistyped address right: the old one is cancelled and its links and token die.

    Raises:
        Refused: the address is not one the agency is known by, it is the same, or the meeting
            has begun.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_arranged(meeting)
    email = email.strip()
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("invitee.withdrawn", "This invitation was withdrawn. Invite them again.")
    if email.lower() == (invitation.email or "").lower():
        raise Refused("invitee.same", "This is the address it went to already.")
    if not ADDRESS.fullmatch(email) or not is_known_address(invitation, email):
        raise Refused(
            "invitee.unknown_address",
            f"{invitation.agency_name} is not known by this address. Add it to the agency in the "
            "directory first, so that two people have seen it.",
        )
    invitation.sequence += 1
    if invitation.email:
        cancel(meeting, invitation, Reason.ADDRESS_CORRECTED, letterhead=letterhead, now=now)
    post.end_links(invitation, now=now)
    invitation.email = email
    invitation.reply_token = mail.new_reply_token()
    invitation.state = InvitationState.NO_ANSWER
    forget_answer(invitation)
    session.flush()
    send(meeting, invitation, letterhead=letterhead, now=now)
    tasks.finish_about(
        invitation.id, BOUNCED, actor=actor, now=now, outcome="The address was put right."
    )
    record("invitation.address_corrected", meeting, invitation, actor, now)


def resend(invitation: Invitation, *, letterhead: Letterhead, actor: Actor, now: datetime) -> None:
    """Send the same invitation again, to one invitee: same SEQUENCE, the answer stays.

    Raises:
        Refused: there is no address, the meeting has begun, or it was sent again too often.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_arranged(meeting)
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("invitee.withdrawn", "This invitation was withdrawn. Invite them again.")
    if not invitation.email:
        raise Refused("invitee.no_address", "No address is recorded. Ring them instead.")
    if resends_since(invitation, now - timedelta(hours=1)) >= MOST_RESENDS_AN_HOUR:
        raise Refused("invitee.resends", "It was sent three times within the hour. Ring them.")
    session.add(
        ReplyNote(invitation_id=invitation.id, kind=NoteKind.RESENT, words="Sent again.", at=now)
    )
    session.flush()
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=invitation.sequence,
                key=f"invitation:{invitation.id}:resend:{now.isoformat()}",
                letterhead=letterhead,
                now=now,
            )
    if invitation.state in (InvitationState.UNDELIVERABLE, InvitationState.NOT_SENT):
        invitation.state = InvitationState.NO_ANSWER
    record("invitation.resent", meeting, invitation, actor, now)


def resends_since(invitation: Invitation, since: datetime) -> int:
    """Return how often an invitation was sent again since. One statement."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ReplyNote)
            .where(
                ReplyNote.invitation_id == invitation.id,
                ReplyNote.kind == NoteKind.RESENT,
                ReplyNote.at > since,
            )
        )
        or 0
    )


def send(
    meeting: Meeting, invitation: Invitation, *, letterhead: Letterhead, now: datetime
) -> None:
    """Queue the invitation, and have whoever mail does not reach in time rung."""
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=invitation.sequence,
                key=f"invitation:{invitation.id}:{invitation.sequence}:request",
                letterhead=letterhead,
                now=now,
            )
    if telling.cannot_be_told(invitation, meeting, now=now):
        words = f"they are asked to {meeting.ref}"
        key = f"asked:{invitation.sequence}"
        telling.ask_to_ring(meeting, invitation, words, key=key, now=now)


def cancel(
    meeting: Meeting,
    invitation: Invitation,
    reason: Reason,
    *,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    """Take the meeting out of this invitee's calendar; deputies are not told by this."""
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_cancel(
                meeting,
                addressee,
                kind=LetterKind.UNINVITED,
                sequence=invitation.sequence,
                reason=reason,
                letterhead=letterhead,
                now=now,
            )


def forget_answer(invitation: Invitation) -> None:
    """Let the invitee count as never having answered; the history stays."""
    invitation.answered_at = invitation.answer_dtstamp = None
    invitation.answer_sequence = invitation.answer_channel = None
    invitation.part_note = None
    invitation.is_stale = False


def require_arranged(meeting: Meeting) -> None:
    """Refuse changes once the meeting has begun.

    Raises:
        Refused: it has begun, is over or was stood down.
    """
    if meeting.status is not MeetingStatus.ARRANGED:
        raise Refused("meeting.begun", "Invitations can be changed until the meeting begins.")


def record(
    verb: str, meeting: Meeting, invitation: Invitation, actor: Actor, now: datetime
) -> None:
    """Write down what was done to an invitation."""
    audit.record(actor, verb, "invitation", invitation.id, child_id=meeting.child_id, now=now)
