"""What came by mail, matched to an invitation and applied: a mail may change attendance only.

Nothing is ever lost: what cannot be applied without doubt goes to the review queue, where a
person decides. Whoever holds a reply token holds the invitation, which a forward carries too,
so an answer from another domain waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import Refused
from meetings.given import AnswerGiven
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer, Proposal, ReplyNote
from meetings.service import mail_answers, post, proposals, replies, tasks, undelivered
from meetings.service.whose import Whose, by_token, note
from meetings.terms import AnswerChannel, InvitationState, NoteKind
from notifications import queries as mail_queries
from notifications import service as mail
from notifications.queries import Unapplied
from notifications.terms import (
    AttendeeAnswer,
    CalendarReply,
    InboundKind,
    InboundOutcome,
    Letterhead,
    LetterKind,
)
from people.terms import Actor

RESENDS_AN_HOUR = 3
_TOO_LATE = ("reply.withdrawn", "reply.stood_down", "reply.begun", "reply.other_time")


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a message, in one word and one sentence."""

    outcome: InboundOutcome
    why: str


def apply(
    message: Unapplied, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> InboundOutcome:
    """Apply one incoming message and write down what became of it; never raises for its content.

    Applied twice it changes nothing more.
    """
    whose = by_token(message.intake.token)
    settled = _settled(message, whose, letterhead=letterhead, actor=actor, now=now)
    mail.settle(message.id, settled.outcome, why=settled.why, now=now)
    _audit(message.id, settled.outcome, whose, actor=actor, now=now)
    return settled.outcome


def _settled(
    message: Unapplied,
    whose: Whose | None,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Settled:
    intake = message.intake
    if intake.kind is InboundKind.DELIVERY_REPORT:
        return _report(message, whose, letterhead=letterhead, actor=actor, now=now)
    if whose is None:
        return _stranger(message)
    if intake.kind is InboundKind.AUTO_REPLY:
        note(whose, NoteKind.OUT_OF_OFFICE, intake.text, inbound_id=message.id, now=now)
        return Settled(InboundOutcome.NOTED, "An automatic answer; it changes nothing")
    if intake.kind is InboundKind.FREE_TEXT:
        return _free_text(message, whose, letterhead=letterhead, now=now)
    if intake.reply is None:
        return Settled(InboundOutcome.REVIEW, intake.why or "It could not be read as an answer")
    if intake.reply.uid != whose.meeting.uid:
        return Settled(
            InboundOutcome.REVIEW, "It names another meeting than the one its address is for"
        )
    if intake.reply.method == "REFRESH":
        return _refresh(message, whose, letterhead=letterhead, now=now)
    return _reply(message, intake.reply, whose, letterhead=letterhead, actor=actor, now=now)


def _stranger(message: Unapplied) -> Settled:
    """Nobody is ever invited by answering; a person looks at whoever answers unasked."""
    intake = message.intake
    owner = mail_queries.owner_of_token(intake.token) if intake.token else None
    if owner is not None:
        return Settled(
            InboundOutcome.REVIEW,
            f"It answers a message about {owner.reference} at an address no longer in use",
        )
    if intake.reply is None:
        return Settled(InboundOutcome.REVIEW, "It came to no invitee's reply address")
    is_known = session.scalar(select(Meeting.id).where(Meeting.uid == intake.reply.uid))
    if is_known is None:
        return Settled(InboundOutcome.IGNORED, "It names no meeting of ours and nobody we invited")
    return Settled(
        InboundOutcome.REVIEW,
        "It answers for a meeting of ours, but not from an address we gave to anybody",
    )


def _reply(
    message: Unapplied,
    reply: CalendarReply,
    whose: Whose,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Settled:
    said = reply.answer_of(whose.address)
    if said is None:
        note(whose, NoteKind.UNREADABLE, "No answer stands in it.", inbound_id=message.id, now=now)
        return Settled(InboundOutcome.REVIEW, "It does not say who answers")
    if not mail_answers.is_theirs(said.address, whose.address):
        return Settled(
            InboundOutcome.REVIEW,
            "It came from another organisation than the one invited: forwarded?",
        )
    take = _counter if reply.method == "COUNTER" else _answered
    try:
        with session.begin_nested():
            return take(message, reply, said, whose, letterhead=letterhead, actor=actor, now=now)
    except Refused as refusal:
        return _refused(refusal)


def _answered(
    message: Unapplied,
    reply: CalendarReply,
    said: AttendeeAnswer,
    whose: Whose,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Settled:
    given = mail_answers.given_by_mail(reply, said, message)
    if given is None:
        return Settled(InboundOutcome.REVIEW, "It says neither yes nor no")
    if whose.deputy is not None:
        given = mail_answers.of_deputy(given, whose.deputy)
    if mail_answers.is_repeated(whose.invitation, given):
        return Settled(InboundOutcome.IGNORED, "The same answer came before")
    replies.answer(whose.invitation, given, letterhead=letterhead, actor=actor, now=now)
    _keep_notes(message, reply, said, whose, now=now)
    return Settled(InboundOutcome.APPLIED, "The answer was taken in")


def _counter(
    message: Unapplied,
    reply: CalendarReply,
    said: AttendeeAnswer,
    whose: Whose,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Settled:
    starts_at, ends_at = reply.proposed_starts_at, reply.proposed_ends_at
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return Settled(
            InboundOutcome.REVIEW, "It suggests another time that cannot be read without doubt"
        )
    if _is_suggested(whose.invitation, message.id):
        return Settled(InboundOutcome.IGNORED, "The same suggestion came before")
    given = AnswerGiven(
        state=InvitationState.TENTATIVE,
        channel=AnswerChannel.MAIL,
        sequence=reply.sequence,
        dtstamp=mail_answers.dtstamp(reply, message),
        inbound_id=message.id,
    )
    replies.answer(whose.invitation, given, letterhead=letterhead, actor=actor, now=now)
    proposals.suggest(
        whose.invitation,
        starts_at=starts_at,
        ends_at=ends_at,
        channel=AnswerChannel.MAIL,
        note=reply.comment,
        inbound_id=message.id,
        letterhead=letterhead,
        actor=actor,
        now=now,
    )
    _keep_notes(message, reply, said, whose, now=now)
    return Settled(InboundOutcome.APPLIED, "Another time was suggested; the meeting has not moved")


def _refresh(message: Unapplied, whose: Whose, *, letterhead: Letterhead, now: datetime) -> Settled:
    try:
        replies.require_open(whose.invitation, whose.meeting, now=now)
    except Refused as refusal:
        return _refused(refusal)
    sent = session.scalar(
        select(func.count())
        .select_from(ReplyNote)
        .where(
            ReplyNote.invitation_id == whose.invitation.id,
            ReplyNote.kind == NoteKind.RESENT,
            ReplyNote.at > now - timedelta(hours=1),
        )
    )
    if (sent or 0) >= RESENDS_AN_HOUR:
        return Settled(InboundOutcome.IGNORED, "It was sent again three times within the hour")
    for addressee in post.addressees(whose.invitation):
        if addressee.subject_id == whose.subject_id:
            post.send_entry(
                whose.meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=whose.deputy.sequence if whose.deputy else whose.invitation.sequence,
                key=f"invitation:{whose.subject_id}:resend:{message.id}",
                letterhead=letterhead,
                now=now,
            )
    note(whose, NoteKind.RESENT, "They asked for it again.", inbound_id=message.id, now=now)
    return Settled(InboundOutcome.APPLIED, "The invitation was sent again")


def _free_text(
    message: Unapplied, whose: Whose, *, letterhead: Letterhead, now: datetime
) -> Settled:
    """Somebody wrote instead of pressing a button: the words are kept and the convenor told."""
    note(whose, NoteKind.FREE_TEXT, message.intake.text, inbound_id=message.id, now=now)
    invitation, meeting = whose.invitation, whose.meeting
    tasks.ask(
        replies.MAIL_NOTE,
        ref=meeting.ref,
        words=f"{invitation.role_name}, {invitation.agency_name}, wrote about {meeting.ref}. "
        "Read it on the meeting's page, and ring if an answer is meant.",
        key=f"{replies.MAIL_NOTE}:{message.id}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        now=now,
    )
    post.tell_convenor(
        meeting,
        kind=LetterKind.TASK_WAITING,
        key=f"{replies.MAIL_NOTE}:{message.id}",
        letterhead=letterhead,
        now=now,
    )
    return Settled(InboundOutcome.NOTED, "Words without an answer; the convenor was told")


def _report(
    message: Unapplied,
    whose: Whose | None,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Settled:
    token = message.intake.token
    owner = mail_queries.owner_of_token(token) if token else None
    if owner is None:
        return Settled(InboundOutcome.REVIEW, "It reports on a message we cannot find")
    if whose is None and session.get(Invitation, owner.subject_id) is not None:
        return Settled(InboundOutcome.NOTED, "It is about an address that was put right since")
    failed = mail_queries.undeliverable([owner.subject_id]).get(owner.subject_id)
    undelivered.note(
        undelivered.Undelivered(
            cause_id=failed.id if failed else message.id,
            subject_id=owner.subject_id,
            reference=owner.reference,
            address=owner.to_address,
        ),
        letterhead=letterhead,
        actor=actor,
        now=now,
    )
    return Settled(InboundOutcome.ALERT, "A message did not arrive; a person is asked to ring")


def _refused(refusal: Refused) -> Settled:
    if refusal.rule in _TOO_LATE or refusal.rule == "reply.older":
        return Settled(InboundOutcome.STALE, refusal.why)
    return Settled(InboundOutcome.REVIEW, refusal.why)


def _is_suggested(invitation: Invitation, inbound_id: UUID) -> bool:
    answered = select(Answer.id).where(
        Answer.invitation_id == invitation.id, Answer.inbound_id == inbound_id
    )
    kept = select(Proposal.id).where(Proposal.inbound_id == inbound_id)
    return session.scalar(answered) is not None or session.scalar(kept) is not None


def _keep_notes(
    message: Unapplied,
    reply: CalendarReply,
    said: AttendeeAnswer,
    whose: Whose,
    *,
    now: datetime,
) -> None:
    """Keep what stood beside the answer; shown to staff, never sent on."""
    comment = reply.comment or said.comment
    if comment:
        note(whose, NoteKind.COMMENT, comment, inbound_id=message.id, now=now)
    if said.address != whose.address:
        note(whose, NoteKind.OTHER_ADDRESS, said.address, inbound_id=message.id, now=now)
    faults = [code for code in reply.request_status if code.startswith("3")]
    if faults:
        note(whose, NoteKind.REQUEST_STATUS, ", ".join(faults), inbound_id=message.id, now=now)


def _audit(
    inbound_id: UUID, outcome: InboundOutcome, whose: Whose | None, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        actor,
        "mail.settled",
        "inbound_message",
        inbound_id,
        child_id=whose.meeting.child_id if whose else None,
        now=now,
        detail=outcome,
    )
