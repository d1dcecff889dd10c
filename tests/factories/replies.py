"""Mails as invitees' calendars send them, written out by hand, and the way in for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

from sqlalchemy import select

from core.db import session
from meetings.given import AnswerGiven, DeputyGiven, NewTime
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.service import mail_replies
from meetings.terms import AnswerChannel, InvitationState
from notifications import intake, queries, service
from notifications.models import OutboxMessage
from notifications.queries import Unapplied
from notifications.terms import Channel, DeliveryState, InboundOutcome, Reason
from people.terms import Actor
from tests.factories.mail import LETTERHEAD

READER = Actor.system("replies by mail")
_SAME: Any = object()


def seat_of(meeting: Meeting, agency_kind: str) -> Invitation:
    """Return the first invitation of a kind of agency."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting.id, Invitation.agency_kind == agency_kind)
        .order_by(Invitation.position)
        .limit(1)
    ).one()


def a_reply(
    meeting: Meeting,
    invitation: Invitation,
    *,
    method: str = "REPLY",
    partstat: str | None = "ACCEPTED",
    attendee: str | None = _SAME,
    token: str | None = _SAME,
    uid: str | None = None,
    sequence: int | None = None,
    dtstamp: datetime | None = None,
    organiser: str | None = "",
    comment: str = "",
    delegated_to: str = "",
    starts_at: datetime | None = None,
) -> bytes:
    """Return a reply as Outlook or Thunderbird would send it, unlike our own builder's."""
    attendee = invitation.email if attendee is _SAME else attendee
    token = invitation.reply_token if token is _SAME else token
    stamp = dtstamp or datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
    start = starts_at or meeting.starts_at
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:Microsoft Exchange Server 2010",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid or meeting.uid}",
        f"SEQUENCE:{meeting.sequence if sequence is None else sequence}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(start + timedelta(hours=1))}",
        "SUMMARY;LANGUAGE=en-GB:Answer",
    ]
    if organiser is not None:
        lines.append(f"ORGANIZER:mailto:{organiser or f'reply+{token}@meetings.confer.example'}")
    if attendee is not None:
        stated = f";PARTSTAT={partstat}" if partstat else ""
        moved = f';DELEGATED-TO="mailto:{delegated_to}"' if delegated_to else ""
        lines.append(f"ATTENDEE{stated}{moved}:mailto:{attendee}")
    if comment:
        lines.append(f"COMMENT:{comment}")
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    head = _head(token, attendee or "somebody@school.example", "Answer")
    return (
        "\r\n".join(
            [
                *head,
                "MIME-Version: 1.0",
                f"Content-Type: text/calendar; charset=utf-8; method={method}",
                "Content-Transfer-Encoding: 8bit",
                "",
                *lines,
            ]
        )
    ).encode()


def receive(raw: bytes, *, now: datetime) -> InboundOutcome:
    """Take a mail in, read it and apply it, all in the test's transaction."""
    row = service.store_inbound(raw, channel=Channel.IMAP, now=now)
    service.record_reading(row.id, intake.read(raw), now=now)
    if row.outcome is InboundOutcome.WAITING:
        message = next(each for each in queries.unapplied() if each.id == row.id)
        mail_replies.apply(message, letterhead=LETTERHEAD, actor=READER, now=now)
        session.refresh(row)
    return row.outcome


def link_of(invitation: Invitation) -> str:
    """Return the path of the answer link in the last mail to an invitee."""
    body = session.scalars(
        select(OutboxMessage.body)
        .where(OutboxMessage.to_address == invitation.email, OutboxMessage.kind != "access_code")
        .order_by(OutboxMessage.created_at.desc())
        .limit(1)
    ).one()
    return _link_in(_text_of(body))


def code_of(invitation: Invitation) -> str:
    """Return the code in the last mail that carries one."""
    body = session.scalars(
        select(OutboxMessage.body)
        .where(OutboxMessage.to_address == invitation.email, OutboxMessage.kind == "access_code")
        .order_by(OutboxMessage.created_at.desc())
        .limit(1)
    ).one()
    found = re.search(r"Your code is (\d{3}) (\d{3})", _text_of(body))
    assert found is not None
    return found[1] + found[2]


def _text_of(body: bytes) -> str:
    for part in message_from_bytes(body).walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError("the mail has no plain part")


def _link_in(text: str) -> str:
    found = re.search(r"https?://confer\.example(/r/\S+)", text)
    assert found is not None
    return found[1]


def deliver_all(*, now: datetime) -> None:
    """Mark every mail as taken by the next server."""
    for row in session.scalars(
        select(OutboxMessage).where(OutboxMessage.state == DeliveryState.QUEUED)
    ):
        row.state, row.handed_at, row.settled_at = DeliveryState.HANDED, now, now
    session.flush()


def report_failure(invitation: Invitation) -> bytes:
    """Return another server's report that a mail to this invitee did not arrive."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.school.example",
            f"To: bounce+{invitation.reply_token}@meetings.confer.example",
            "Subject: Undelivered Mail Returned to Sender",
            "Message-ID: <report@mx.school.example>",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "The mail could not be delivered.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.school.example",
            "",
            f"Final-Recipient: rfc822; {invitation.email}",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--b--",
            "",
        ]
    ).encode()


class MAILBOX:
    """What waits in the review queue."""

    @staticmethod
    def waiting_for_a_person() -> Unapplied:
        """Return the one message in the queue, as the room above reads it."""
        row = queries.review_queue()[0]
        found = queries.message_read(row.id)
        assert found is not None
        return found


class given:  # noqa: N801 - reads as a word in the tests
    """Answers and times as people give them."""

    by_link = Actor(account_id=None, name="Head teacher, by link")

    @staticmethod
    def answer(state: InvitationState, *, deputy_email: str | None = None) -> AnswerGiven:
        """Return an answer from the link's page."""
        deputy = None
        if state is InvitationState.DEPUTY:
            deputy = DeputyGiven(name="Jo Lund", role="Deputy head", email=deputy_email)
        return AnswerGiven(state=state, channel=AnswerChannel.LINK, deputy=deputy)

    @staticmethod
    def new_time(meeting: Meeting, **later: float) -> NewTime:
        """Return a time later than the meeting's own."""
        return NewTime(
            starts_at=meeting.starts_at + timedelta(**later),
            minutes=60,
            reason=Reason.MORE_CAN_ATTEND,
        )

    @staticmethod
    def words(invitation: Invitation, text: str) -> bytes:
        """Return a mail somebody typed instead of pressing a button."""
        return _plain(invitation, "Re: invitation", text)

    @staticmethod
    def out_of_office(invitation: Invitation) -> bytes:
        """Return an automatic answer."""
        return _plain(
            invitation, "Out of office", "I am away.", extra=["Auto-Submitted: auto-replied"]
        )


def _plain(
    invitation: Invitation, subject: str, text: str, *, extra: list[str] | None = None
) -> bytes:
    head = _head(invitation.reply_token, invitation.email or "", subject)
    lines = [
        *head,
        *(extra or []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


_COUNT = iter(range(1, 10_000))
_new_id: Callable[[], str] = lambda: f"<{next(_COUNT)}@mail.school.example>"  # noqa: E731


def _head(token: str | None, sender: str, subject: str) -> list[str]:
    to = f"reply+{token}@meetings.confer.example" if token else "confer@meetings.confer.example"
    return [
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-ID: {_new_id()}",
        "Date: Fri, 20 Nov 2026 16:45:00 +0000",
    ]


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
