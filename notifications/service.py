"""Writes of the mail room: queue a mail, take back one not yet sent, keep and settle what came in.

Every function runs in the caller's transaction and never commits. A mail is a row; a job of
this room sends it.
"""

import base64
import hashlib
import secrets
import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from core.db import session
from core.settings import Settings
from notifications import calendar, composing, mime, queries, stored
from notifications.models import InboundMessage, OutboxMessage
from notifications.rules.retry import update_not_before
from notifications.terms import (
    ABOUT_A_TIME,
    CANCEL_KINDS,
    CalendarCancel,
    CalendarRefusal,
    CalendarRequest,
    Channel,
    DeliveryState,
    InboundKind,
    InboundOutcome,
    Intake,
    Letter,
    Letterhead,
    LetterKind,
)

# What left needs no copy here: it holds a link and perhaps a code, of which elsewhere only
# hashes are kept.
WIPED = b""
LARGEST_INBOUND = 1_000_000
KEPT_OF_TOO_LARGE = 64_000
_GONE_WITH_THE_MEETING = ABOUT_A_TIME | {LetterKind.INFORMATION_REQUEST, LetterKind.TIME_REFUSED}


def letterhead(settings: Settings) -> Letterhead:
    """Return what all mail of this installation shares.

    Raises:
        ValueError: a setting cannot stand in a mail header.
    """
    return Letterhead(
        domain=settings.mail_domain,
        from_name=settings.mail_from_name,
        partnership=settings.partnership_name,
        base_url=settings.base_url.rstrip("/"),
    )


def new_reply_token() -> str:
    """Return an addressee's reply token: 130 random bits that survive a change of case.

    It stands in the local part of an address, which mail servers may lower.
    """
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()[:26]


def new_uid(domain: str) -> str:
    """Return a calendar identity: random, and nothing of ours in it."""
    return f"{uuid.uuid4()}@{domain}"


def send_letter(
    letter: Letter,
    *,
    letterhead: Letterhead,
    subject_id: uuid.UUID,
    key: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> OutboxMessage | None:
    """Queue a mail without a calendar part.

    Args:
        subject_id: the invitation, action or account it concerns.
        key: what it is for, for example ``reminder:<invitation>:<sequence>``. A second mail
            with the same key is not made; the first is returned.
        expires_at: after this it is of no use; by default the end of the meeting it speaks
            of, ten minutes for a code, else 72 hours.

    Returns:
        The row, or None when there is nothing to send: the meeting is over, or new joining
        details will already stand on the page of an invitation that has not left yet.
    """
    known = queries.message_for_key(key)
    if known is not None:
        return known
    if _is_over(letter, now):
        return None
    if letter.kind is LetterKind.JOINING_CHANGED and queries.has_waiting_entry(subject_id):
        return None
    return composing.queue(
        letter,
        None,
        letterhead=letterhead,
        subject_id=subject_id,
        key=key,
        token=letter.reply_token or new_reply_token(),
        now=now,
        expires_at=expires_at,
    )


def send_calendar(
    request: CalendarRequest,
    *,
    letterhead: Letterhead,
    subject_id: uuid.UUID,
    key: str,
    now: datetime,
) -> OutboxMessage | None:
    """Queue an invitation or an update, in place of any of this addressee not yet sent.

    An addressee who was never told of the meeting gets an invitation, whatever the letter's
    kind; one who was gets as "it was" the time they were last told.

    Returns:
        The row, or None when the meeting is over.
    """
    known = queries.message_for_key(key)
    if known is not None:
        return known
    if _is_over(request.letter, now):
        return None
    address = request.letter.recipient.address
    told = queries.last_told(subject_id, address)
    letter = _as_told(request.letter, told)
    request = replace(request, letter=letter)
    suppress(subject_id, kinds=ABOUT_A_TIME, why="A newer message replaced it", now=now)
    row = composing.queue(
        letter,
        composing.Entry(
            part=mime.CalendarPart(
                method="REQUEST", body=calendar.request(request, letterhead, now=now)
            ),
            sequence=request.sequence,
        ),
        letterhead=letterhead,
        subject_id=subject_id,
        key=key,
        token=letter.reply_token or new_reply_token(),
        now=now,
    )
    if letter.kind is LetterKind.UPDATE:
        row.next_try_at = update_not_before(queries.entries_handed(subject_id), now=now)
    return row


def cancel_calendar(
    cancel: CalendarCancel,
    *,
    letterhead: Letterhead,
    subject_id: uuid.UUID,
    key: str,
    now: datetime,
) -> OutboxMessage | None:
    """Queue a cancellation, and take back everything about the meeting not yet sent.

    Returns:
        The row, or None when the meeting is over or this address was never told of it.
    """
    known = queries.message_for_key(key)
    if known is not None:
        return known
    told = queries.last_told(subject_id, cancel.letter.recipient.address)
    suppress(subject_id, kinds=_GONE_WITH_THE_MEETING, why="The meeting was called off", now=now)
    if told is None or _is_over(cancel.letter, now):
        return None
    part = mime.CalendarPart(method="CANCEL", body=calendar.cancel(cancel, letterhead, now=now))
    return composing.queue(
        cancel.letter,
        composing.Entry(part=part, sequence=cancel.sequence),
        letterhead=letterhead,
        subject_id=subject_id,
        key=key,
        token=cancel.letter.reply_token or new_reply_token(),
        now=now,
    )


def refuse_time(
    refusal: CalendarRefusal,
    *,
    letterhead: Letterhead,
    subject_id: uuid.UUID,
    key: str,
    now: datetime,
) -> OutboxMessage | None:
    """Queue the answer that a suggested time was not taken."""
    known = queries.message_for_key(key)
    if known is not None:
        return known
    if _is_over(refusal.letter, now):
        return None
    part = mime.CalendarPart(
        method="DECLINECOUNTER", body=calendar.decline_counter(refusal, letterhead, now=now)
    )
    return composing.queue(
        refusal.letter,
        composing.Entry(part=part, sequence=None),
        letterhead=letterhead,
        subject_id=subject_id,
        key=key,
        token=refusal.letter.reply_token or new_reply_token(),
        now=now,
    )


def suppress(
    subject_id: uuid.UUID,
    *,
    kinds: frozenset[LetterKind] | None = None,
    why: str,
    now: datetime,
) -> int:
    """Take back mails about a subject that wait and are not being sent this moment.

    Args:
        kinds: only these kinds; every kind but cancellations when left out.

    Returns:
        How many were taken back.
    """
    kinds = (kinds or frozenset(LetterKind)) - CANCEL_KINDS
    rows = session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.subject_id == subject_id,
            OutboxMessage.state == DeliveryState.QUEUED,
            OutboxMessage.kind.in_([kind.value for kind in kinds]),
        )
    ).all()
    for row in rows:
        row.state = DeliveryState.SUPPRESSED
        row.settled_at = now
        row.last_error = why
        row.body = WIPED
    session.flush()
    return len(rows)


def mark_all_handed(*, now: datetime, refused_prefix: str) -> int:
    """Write down that everything waiting was handed on, although nobody sent it: for demo data.

    Args:
        refused_prefix: a mail to an address that begins so was refused for good instead.

    Returns:
        How many were refused.
    """
    waiting = update(OutboxMessage).where(OutboxMessage.state == DeliveryState.QUEUED)
    is_refused = OutboxMessage.to_address.startswith(refused_prefix, autoescape=True)
    tried = {"attempts": 1, "settled_at": now}
    refused = session.execute(
        waiting.where(is_refused).values(
            state=DeliveryState.FAILED, last_error="RCPT 550 5.1.1", **tried
        )
    )
    session.execute(waiting.values(state=DeliveryState.HANDED, handed_at=now, **tried))
    return int(getattr(refused, "rowcount", 0))


def store_inbound(
    raw: bytes, *, channel: Channel, now: datetime, mailbox_uid: str | None = None
) -> InboundMessage:
    """Keep a message before anything is done with it; the same bytes are kept once.

    Of a message over 1 MB only the beginning is kept, and it goes to review.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = session.scalar(select(InboundMessage).where(InboundMessage.sha256 == digest))
    if known is not None:
        return known
    row = InboundMessage(
        received_at=now,
        channel=channel,
        raw=raw,
        size=len(raw),
        sha256=digest,
        mailbox_uid=mailbox_uid,
        outcome=InboundOutcome.WAITING,
    )
    if len(raw) > LARGEST_INBOUND:
        row.raw = raw[:KEPT_OF_TOO_LARGE]
        row.kind = InboundKind.ODD
        row.parsed = stored.to_json(Intake(kind=InboundKind.ODD))
        row.outcome = InboundOutcome.REVIEW
        row.why = "The message is larger than 1 MB, so it was not opened"
    session.add(row)
    session.flush()
    return row


def record_reading(inbound_id: uuid.UUID, intake: Intake, *, now: datetime) -> None:
    """Write down what a message is, and settle what needs nobody above.

    Other methods than an answer are ignored, unreadable messages go to review, and a mail
    that a report calls undeliverable is marked bounced. Reading twice changes nothing.
    """
    row = session.scalars(
        select(InboundMessage).where(InboundMessage.id == inbound_id).with_for_update()
    ).one()
    if row.kind is not None:
        return
    if intake.token is None and intake.answers_to:
        intake = replace(intake, token=queries.token_for_message_ids(intake.answers_to))
    row.kind = intake.kind
    row.token = intake.token
    row.message_id = intake.message_id
    row.parsed = stored.to_json(intake)
    if intake.kind is InboundKind.FOREIGN_METHOD:
        _settle(row, InboundOutcome.IGNORED, why=intake.why, now=now)
    elif intake.kind is InboundKind.ODD:
        _settle(row, InboundOutcome.REVIEW, why=intake.why, now=now)
    elif intake.report is not None:
        if intake.report.is_failure:
            _mark_bounced(intake, now=now)
        else:
            _settle(row, InboundOutcome.NOTED, why=f"Report: {intake.report.action}", now=now)
    session.flush()


def settle(
    inbound_id: uuid.UUID,
    outcome: InboundOutcome,
    *,
    why: str,
    now: datetime,
    by_id: uuid.UUID | None = None,
) -> None:
    """Write down what became of a message; ``by_id`` when a person decided in the queue."""
    row = session.scalars(select(InboundMessage).where(InboundMessage.id == inbound_id)).one()
    _settle(row, outcome, why=why, now=now)
    row.handled_by_id = by_id
    session.flush()


def _settle(row: InboundMessage, outcome: InboundOutcome, *, why: str, now: datetime) -> None:
    row.outcome = outcome
    row.why = why
    row.handled_at = now


def _mark_bounced(intake: Intake, *, now: datetime) -> None:
    """Mark the mail a delivery report is about; by its id, else the last to that token."""
    if intake.token is None or intake.report is None:
        return
    wanted = [OutboxMessage.token == intake.token, OutboxMessage.state == DeliveryState.HANDED]
    newest = select(OutboxMessage).where(*wanted).order_by(OutboxMessage.handed_at.desc()).limit(1)
    named = newest.where(OutboxMessage.message_id == intake.report.original_message_id)
    row = session.scalar(named) or session.scalar(newest)
    if row is None:
        return
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row.id)
        .values(
            state=DeliveryState.BOUNCED,
            settled_at=now,
            last_error=f"Bounced: {intake.report.status or 'no code'}",
        )
    )


def _as_told(letter: Letter, told: OutboxMessage | None) -> Letter:
    """Return the letter as it reads to somebody who was last told this, or nothing."""
    if letter.kind is not LetterKind.UPDATE:
        return letter
    if told is None:
        return replace(letter, kind=LetterKind.INVITATION)
    if told.starts_at is None or told.ends_at is None:
        return letter
    return replace(letter, was_starts_at=told.starts_at, was_ends_at=told.ends_at)


def _is_over(letter: Letter, now: datetime) -> bool:
    """Say whether the meeting the letter is about lies wholly in the past."""
    if letter.kind not in _GONE_WITH_THE_MEETING:
        return False
    end = letter.ends_at or letter.starts_at
    return end is not None and end <= now
