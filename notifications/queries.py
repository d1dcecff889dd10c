"""Reads of the mail room; each says how many statements it needs."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from core.db import session
from notifications import stored
from notifications.models import InboundMessage, MailboxCursor, OutboxMessage
from notifications.terms import DeliveryState, InboundOutcome, Intake

UNSENT = (DeliveryState.QUEUED, DeliveryState.CLAIMED)
UNDELIVERED = (DeliveryState.FAILED, DeliveryState.BOUNCED)


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A message that was read and waits for the room whose answer it is."""

    id: uuid.UUID
    received_at: datetime
    channel: str
    intake: Intake


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that nobody tries any more: a person must ring."""

    id: uuid.UUID
    subject_id: uuid.UUID
    kind: str
    reference: str
    to_address: str
    state: DeliveryState
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """What a reply token was last used for."""

    subject_id: uuid.UUID
    kind: str
    reference: str
    to_address: str


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many incoming messages wait to be applied, or for a person."""

    waiting: int
    review: int
    oldest_waiting_at: datetime | None


def message_for_key(key: str) -> OutboxMessage | None:
    """Return the mail made for a purpose. One statement."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.purpose_key == key))


def last_told(subject_id: uuid.UUID, address: str) -> OutboxMessage | None:
    """Return the last invitation or update that this address may have in its calendar.

    A mail counts that was handed on, is being sent, or was tried: a server may have taken it
    before the line broke. One that was cancelled since does not. One statement.
    """
    row = session.scalar(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject_id == subject_id,
            OutboxMessage.to_address == address,
            OutboxMessage.method.in_(["REQUEST", "CANCEL"]),
            or_(
                OutboxMessage.state.in_([DeliveryState.HANDED, DeliveryState.CLAIMED]),
                and_(
                    OutboxMessage.state.in_([DeliveryState.QUEUED, DeliveryState.SUPPRESSED]),
                    or_(OutboxMessage.attempts > 0, OutboxMessage.method == "CANCEL"),
                ),
            ),
        )
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.sequence.desc())
        .limit(1)
    )
    return None if row is None or row.method == "CANCEL" else row


def has_waiting_entry(subject_id: uuid.UUID) -> bool:
    """Say whether a calendar entry about a subject waits and was never tried. One statement."""
    return (
        session.scalar(
            select(OutboxMessage.id)
            .where(
                OutboxMessage.subject_id == subject_id,
                OutboxMessage.method == "REQUEST",
                OutboxMessage.state == DeliveryState.QUEUED,
                OutboxMessage.attempts == 0,
            )
            .limit(1)
        )
        is not None
    )


def entries_handed(subject_id: uuid.UUID) -> list[datetime]:
    """Return when calendar entries about a subject were written that left. One statement."""
    rows = session.scalars(
        select(OutboxMessage.created_at).where(
            OutboxMessage.subject_id == subject_id,
            OutboxMessage.method == "REQUEST",
            OutboxMessage.state.in_([DeliveryState.HANDED, DeliveryState.CLAIMED]),
        )
    )
    return list(rows)


def thread_of(subject_id: uuid.UUID, address: str) -> tuple[str, ...]:
    """Return the message id of the first mail on a matter to an address. One statement."""
    first = session.scalar(
        select(OutboxMessage.message_id)
        .where(OutboxMessage.subject_id == subject_id, OutboxMessage.to_address == address)
        .order_by(OutboxMessage.created_at)
        .limit(1)
    )
    return (first,) if first else ()


def token_for_message_ids(message_ids: Iterable[str]) -> str | None:
    """Return the token of a mail of ours that is answered; None when they differ. One statement."""
    tokens = set(
        session.scalars(
            select(OutboxMessage.token).where(OutboxMessage.message_id.in_(list(message_ids)))
        )
    )
    return tokens.pop() if len(tokens) == 1 else None


def owner_of_token(token: str) -> TokenOwner | None:
    """Return what a token was last used for. One statement."""
    row = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.token == token)
        .order_by(OutboxMessage.created_at.desc())
        .limit(1)
    )
    if row is None:
        return None
    return TokenOwner(row.subject_id, row.kind, row.reference, row.to_address)


def unapplied(limit: int = 100) -> list[Unapplied]:
    """Return read messages that wait for the room above, oldest first. One statement."""
    rows = session.scalars(
        select(InboundMessage)
        .where(InboundMessage.outcome == InboundOutcome.WAITING, InboundMessage.parsed.is_not(None))
        .order_by(InboundMessage.received_at, InboundMessage.id)
        .limit(limit)
    )
    return [
        Unapplied(row.id, row.received_at, row.channel, stored.from_json(row.parsed))
        for row in rows
        if row.parsed is not None
    ]


def unapplied_ids(limit: int = 100) -> list[uuid.UUID]:
    """Return which read messages wait for the room above, oldest first. One statement."""
    return list(
        session.scalars(
            select(InboundMessage.id)
            .where(
                InboundMessage.outcome == InboundOutcome.WAITING,
                InboundMessage.parsed.is_not(None),
            )
            .order_by(InboundMessage.received_at, InboundMessage.id)
            .limit(limit)
        )
    )


def message_read(inbound_id: uuid.UUID) -> Unapplied | None:
    """Return one message that was read, whatever became of it. One statement."""
    row = inbound(inbound_id)
    if row is None or row.parsed is None:
        return None
    return Unapplied(row.id, row.received_at, row.channel, stored.from_json(row.parsed))


def unread_ids(limit: int = 100) -> list[uuid.UUID]:
    """Return messages kept and not yet read, oldest first. One statement."""
    return list(
        session.scalars(
            select(InboundMessage.id)
            .where(InboundMessage.kind.is_(None))
            .order_by(InboundMessage.received_at, InboundMessage.id)
            .limit(limit)
        )
    )


def raw_of(inbound_id: uuid.UUID) -> bytes:
    """Return the bytes of an incoming message. One statement."""
    return session.scalars(select(InboundMessage.raw).where(InboundMessage.id == inbound_id)).one()


def inbound(inbound_id: uuid.UUID) -> InboundMessage | None:
    """Return one incoming message. One statement."""
    return session.get(InboundMessage, inbound_id)


def review_queue(limit: int = 100) -> Sequence[InboundMessage]:
    """Return messages that wait for a person, oldest first. One statement."""
    return session.scalars(
        select(InboundMessage)
        .where(InboundMessage.outcome == InboundOutcome.REVIEW)
        .order_by(InboundMessage.received_at)
        .limit(limit)
    ).all()


def failures_since(since: datetime) -> list[Failure]:
    """Return mails given up or bounced at or after an instant, oldest first. One statement."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state.in_(UNDELIVERED), OutboxMessage.settled_at >= since)
        .order_by(OutboxMessage.settled_at)
    )
    return [_failure(row) for row in rows]


def undeliverable(subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Failure]:
    """Return the subjects whose latest mail did not arrive. One statement."""
    return {
        subject_id: _failure(row)
        for subject_id, row in latest_of(subject_ids).items()
        if row.state in UNDELIVERED
    }


def latest_of(subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, OutboxMessage]:
    """Return the latest mail about each subject that was not taken back. One statement."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject_id.in_(list(subject_ids)),
            OutboxMessage.state != DeliveryState.SUPPRESSED,
        )
        .order_by(OutboxMessage.created_at)
    )
    return {row.subject_id: row for row in rows}


def delivery_log(
    *,
    limit: int = 50,
    before: datetime | None = None,
    subject_ids: Iterable[uuid.UUID] | None = None,
) -> Sequence[OutboxMessage]:
    """Return mails, newest first, without their bytes. One statement."""
    wanted = select(OutboxMessage).order_by(OutboxMessage.created_at.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(OutboxMessage.created_at < before)
    if subject_ids is not None:
        wanted = wanted.where(OutboxMessage.subject_id.in_(list(subject_ids)))
    return session.scalars(wanted).all()


def entries_written_since(subject_id: uuid.UUID, since: datetime) -> int:
    """Return how many calendar entries about a subject were written since. One statement."""
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(
                OutboxMessage.subject_id == subject_id,
                OutboxMessage.method == "REQUEST",
                OutboxMessage.created_at >= since,
            )
        )
        or 0
    )


def oldest_unsent_at() -> datetime | None:
    """Return when the oldest mail that still waits was written. One statement."""
    return session.scalar(
        select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state.in_(UNSENT))
    )


def inbox_counts() -> InboxCounts:
    """Return how many incoming messages wait. Two statements."""
    counted = session.execute(
        select(InboundMessage.outcome, func.count())
        .where(InboundMessage.outcome.in_([InboundOutcome.WAITING, InboundOutcome.REVIEW]))
        .group_by(InboundMessage.outcome)
    )
    counts = {outcome: count for outcome, count in counted}  # noqa: C416 - typed rows, not pairs
    oldest = session.scalar(
        select(func.min(InboundMessage.received_at)).where(
            InboundMessage.outcome == InboundOutcome.WAITING
        )
    )
    return InboxCounts(
        counts.get(InboundOutcome.WAITING, 0), counts.get(InboundOutcome.REVIEW, 0), oldest
    )


def mailbox_read_at() -> datetime | None:
    """Return when a mailbox was last looked at. One statement."""
    return session.scalar(select(func.max(MailboxCursor.read_at)))


def _failure(row: OutboxMessage) -> Failure:
    return Failure(
        id=row.id,
        subject_id=row.subject_id,
        kind=row.kind,
        reference=row.reference,
        to_address=row.to_address,
        state=row.state,
        at=row.settled_at or row.created_at,
        error=row.last_error,
    )
