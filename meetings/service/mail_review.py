"""The review queue: what the service could not apply by itself, decided by a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core import audit
from core.errors import NotFound, Refused
from meetings.models.invitations import Invitation
from meetings.service import mail_answers, replies
from meetings.service.whose import note, of
from meetings.terms import NoteKind
from notifications import queries as mail_queries
from notifications import service as mail
from notifications.queries import Unapplied
from notifications.terms import InboundOutcome, Letterhead
from people.terms import Actor


def match(
    message: Unapplied,
    invitation: Invitation,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> InboundOutcome:
    """Take a message as this invitee's: its answer if it holds one, else its words as a note.

    The person vouches for who it is from; order and state still hold.

    Raises:
        NotFound: it does not wait for a person any more.
        Refused: its answer does not count, or cannot be read.
    """
    _require_waiting(message.id)
    whose = of(invitation)
    reply = message.intake.reply
    if reply is None or reply.method == "REFRESH":
        words = message.intake.text or message.intake.why
        note(whose, NoteKind.FREE_TEXT, words, inbound_id=message.id, now=now)
        outcome = InboundOutcome.NOTED
    else:
        said = reply.answer_of(whose.address)
        given = mail_answers.given_by_mail(reply, said, message) if said else None
        if given is None:
            raise Refused(
                "review.unreadable",
                "This mail holds no answer that can be read. Ring the invitee, then discard it.",
            )
        replies.answer(invitation, given, letterhead=letterhead, actor=actor, now=now)
        outcome = InboundOutcome.APPLIED
    why = f"Matched to {invitation.role_name}, {invitation.agency_name}, by a person"
    mail.settle(message.id, outcome, why=why, now=now, by_id=actor.account_id)
    audit.record(
        actor,
        "mail.matched",
        "inbound_message",
        message.id,
        child_id=whose.meeting.child_id,
        now=now,
        detail=outcome,
    )
    return outcome


def set_aside(
    inbound_id: UUID, why: str, *, is_forward: bool, actor: Actor, now: datetime
) -> InboundOutcome:
    """Take a message off the queue without applying it; it is kept, and so is the reason.

    Raises:
        NotFound: it does not wait for a person any more.
        Refused: no reason was given, and it is no forward.
    """
    _require_waiting(inbound_id)
    if not is_forward and not why.strip():
        raise Refused("review.reason", "Say why this mail is discarded.")
    words = why.strip() or "A forward: nobody is invited by it"
    outcome = InboundOutcome.NOTED if is_forward else InboundOutcome.IGNORED
    mail.settle(inbound_id, outcome, why=words, now=now, by_id=actor.account_id)
    audit.record(actor, "mail.set_aside", "inbound_message", inbound_id, now=now, detail=outcome)
    return outcome


def _require_waiting(inbound_id: UUID) -> None:
    row = mail_queries.inbound(inbound_id)
    if row is None or row.outcome is not InboundOutcome.REVIEW:
        raise NotFound("inbound message")
