"""Whose reply address a token is, and what is kept beside an answer that came by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy, ReplyNote
from meetings.terms import NoteKind


@dataclass(frozen=True, slots=True)
class Whose:
    """The invitation a reply address belongs to, and the deputy if it is theirs.

    Attributes:
        address: the address that was invited, in lower case.
    """

    invitation: Invitation
    meeting: Meeting
    address: str
    deputy: Deputy | None = None

    @property
    def subject_id(self) -> UUID:
        """What the mail room keeps this addressee's mail under."""
        return self.deputy.id if self.deputy else self.invitation.id


def by_token(token: str | None) -> Whose | None:
    """Return whose reply address a token is; a token ended by a correction is nobody's."""
    if token is None:
        return None
    invitation = session.scalar(select(Invitation).where(Invitation.reply_token == token))
    if invitation is not None:
        return of(invitation)
    deputy = session.scalar(select(Deputy).where(Deputy.reply_token == token))
    if deputy is None:
        return None
    invitation = session.get_one(Invitation, deputy.invitation_id)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    return Whose(invitation, meeting, (deputy.email or "").lower(), deputy)


def of(invitation: Invitation) -> Whose:
    """Return an invitee as the addressee of their own invitation."""
    meeting = session.get_one(Meeting, invitation.meeting_id)
    return Whose(invitation, meeting, (invitation.email or "").lower())


def note(whose: Whose, kind: NoteKind, words: str, *, inbound_id: UUID, now: datetime) -> None:
    """Keep words that came with a message; of one message once."""
    known = select(ReplyNote.id).where(ReplyNote.inbound_id == inbound_id, ReplyNote.kind == kind)
    if session.scalar(known) is not None:
        return
    session.add(
        ReplyNote(
            invitation_id=whose.invitation.id,
            kind=kind,
            words=words,
            at=now,
            inbound_id=inbound_id,
        )
    )
    session.flush()
