"""Puts an outbox row together: words, calendar part and identities as finished bytes."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.db import session
from core.ids import new_id
from notifications import letters, mime, queries
from notifications.models import OutboxMessage
from notifications.rules.retry import GIVE_UP_AFTER
from notifications.terms import (
    ABOUT_A_TIME,
    DeliveryState,
    Lane,
    Letter,
    Letterhead,
    LetterKind,
)

CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The calendar part of a mail to be queued."""

    part: mime.CalendarPart
    sequence: int | None


def queue(
    letter: Letter,
    entry: Entry | None,
    *,
    letterhead: Letterhead,
    subject_id: uuid.UUID,
    key: str,
    token: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> OutboxMessage:
    """Write the row with its finished bytes."""
    row_id = new_id()
    message_id = mime.message_id(row_id, letterhead.domain)
    body = mime.assemble(
        letters.render(letter, letterhead, now=now),
        mime.Addressing(
            to_address=letter.recipient.address,
            token=token,
            message_id=message_id,
            thread=queries.thread_of(subject_id, letter.recipient.address),
        ),
        letterhead=letterhead,
        calendar=entry.part if entry else None,
        now=now,
    )
    row = OutboxMessage(
        id=row_id,
        kind=letter.kind.value,
        lane=_lane(letter, now),
        purpose_key=key,
        subject_id=subject_id,
        reference=letter.reference,
        to_address=letter.recipient.address,
        token=token,
        envelope_sender=letterhead.bounce_address(token),
        message_id=message_id,
        is_entry=entry is not None,
        method=entry.part.method if entry else "",
        sequence=entry.sequence if entry else None,
        starts_at=letter.starts_at,
        ends_at=letter.ends_at,
        state=DeliveryState.QUEUED,
        next_try_at=now,
        created_at=now,
        expires_at=expires_at or _expiry(letter, now),
        body=body,
    )
    session.add(row)
    session.flush()
    return row


def _lane(letter: Letter, now: datetime) -> Lane:
    """Codes and short notice go first."""
    if letter.kind is LetterKind.ACCESS_CODE or letter.is_urgent(now):
        return Lane.URGENT
    return Lane.NORMAL


def _expiry(letter: Letter, now: datetime) -> datetime:
    """Return after which instant the letter is of no use."""
    if letter.kind is LetterKind.ACCESS_CODE:
        return now + CODE_LIFE
    end = letter.ends_at or letter.starts_at
    if letter.kind in ABOUT_A_TIME and end is not None:
        return min(end, now + GIVE_UP_AFTER) if end > now else now + GIVE_UP_AFTER
    return now + GIVE_UP_AFTER
