"""Mails that came in: answers of calendar programs, and what a person must look at."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select

from core.db import session
from demo import client, reading
from demo.client import Press, Told
from demo.mail_folder import CaughtMail
from demo.stage import Stage
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.service import mail_replies
from meetings.terms import InvitationState, MeetingStatus
from notifications import intake, queries, service
from notifications.models import OutboxMessage
from notifications.terms import Channel
from people.terms import Actor

_MAIL = Actor.system("answers by mail")


def tell(stage: Stage) -> None:
    """Let calendar programs answer, and odd mails arrive."""
    waiting = _unanswered(stage)
    presses = (Told(Press.ACCEPT), Told(Press.TENTATIVE, note="If my court case ends in time."))
    for (invitation, sent), told in zip(waiting, presses, strict=False):
        _arrives(stage, _calendar_answer(stage, invitation, sent, told), minutes=25)
    invitation, sent = waiting[len(presses)]
    token_address = stage.letterhead.reply_address(invitation.reply_token or "")
    theirs = invitation.email or "somebody@northshire.example"
    foreign = _calendar_answer(stage, invitation, sent, Told(Press.ACCEPT))
    odd = (
        _words(stage, theirs, token_address, "Re: Multi-agency meeting",
               "Can somebody tell me whether parking is possible at the back?"),
        _words(stage, "colleague@elsewhere.example", stage.letterhead.from_address,
               "Fwd: Multi-agency meeting", "I was forwarded this. Am I meant to come?"),
        foreign.replace(f"UID:{_uid(sent)}".encode(), b"UID:another-entry-1@calendar.example"),
        foreign.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nATTENDEE;PARTSTAT=:mailto:"),
        foreign.replace(b"From: " + theirs.encode(), b"From: a.stranger@elsewhere.example")
        .replace(theirs.encode(), b"a.stranger@elsewhere.example"),
        _absence(stage, theirs, token_address),
        b"Subject: large\r\n\r\n" + b"x" * 1_000_100,
    )  # fmt: skip
    for place, raw in enumerate(odd):
        _arrives(stage, raw, minutes=20 - place)


def _unanswered(stage: Stage) -> list[tuple[Invitation, OutboxMessage]]:
    """Return invitations to coming meetings that were sent and not answered, with their mail."""
    rows = session.execute(
        select(Invitation, OutboxMessage)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(OutboxMessage, OutboxMessage.subject_id == Invitation.id)
        .where(
            Meeting.status == MeetingStatus.ARRANGED,
            Meeting.starts_at > stage.now,
            Invitation.state == InvitationState.NO_ANSWER,
            Invitation.sequence == 0,
            OutboxMessage.method == "REQUEST",
        )
        .order_by(Meeting.starts_at, Invitation.position)
    )
    return [(invitation, sent) for invitation, sent in rows]


def _calendar_answer(
    stage: Stage, invitation: Invitation, sent: OutboxMessage, told: Told
) -> bytes:
    entry = _opened(sent).calendar
    if entry is None:
        raise LookupError("an invitation has a calendar part")
    reply_to = stage.letterhead.reply_address(invitation.reply_token or "")
    return client.answer(entry, told, reply_to=reply_to, now=stage.ago(minutes=26))


def _opened(sent: OutboxMessage) -> reading.ReadMail:
    return reading.read(
        CaughtMail("", sent.created_at, sent.envelope_sender, sent.to_address, sent.body)
    )


def _uid(sent: OutboxMessage) -> str:
    entry = _opened(sent).calendar
    return entry.uid if entry else ""


def _words(stage: Stage, sender: str, to: str, subject: str, text: str) -> bytes:
    return _mail(stage, sender, to, subject, text).as_bytes()


def _absence(stage: Stage, sender: str, to: str) -> bytes:
    mail = _mail(stage, sender, to, "Automatic reply", "I am away until Monday.")
    mail["Auto-Submitted"] = "auto-replied"
    return mail.as_bytes()


def _mail(stage: Stage, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(stage.ago(minutes=21))
    mail.set_content(text)
    return mail


def _arrives(stage: Stage, raw: bytes, *, minutes: float) -> None:
    """Take a mail in, read it and apply it, as the worker does."""
    at: datetime = stage.ago(minutes=minutes)
    row = service.store_inbound(raw, channel=Channel.IMAP, now=at)
    if row.kind is None:
        service.record_reading(row.id, intake.read(raw), now=at)
    for message in queries.unapplied():
        mail_replies.apply(message, letterhead=stage.letterhead, actor=_MAIL, now=at)
    stage.post_leaves(at)
