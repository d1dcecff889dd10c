"""Timed doors of the mail room: hand the outbox on, fetch the mailbox, read what came.

Each item is its own transaction, no transaction is open while another server is waited for,
and a job that dies half-way is made good by the next run: a claimed mail comes back when
its lease ends and leaves again with the same bytes and the same Message-ID.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased, undefer

from core.db import reading, session, unit_of_work
from core.logs import log
from notifications import mailbox, queries, service
from notifications.mailer import Attempt, Handing, Sender
from notifications.models import MailboxCursor, OutboxMessage
from notifications.reader import Reader
from notifications.rules.retry import next_try
from notifications.terms import Channel, DeliveryState, Envelope, InboundKind, Intake, Lane

BATCH = 20
LEASE = timedelta(minutes=10)
STOP_BEFORE_LEASE_ENDS_SECONDS = 120.0
_ORDER = case({Lane.URGENT.value: 0, Lane.NORMAL.value: 1}, value=OutboxMessage.lane, else_=2)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A mail this run may send."""

    id: uuid.UUID
    envelope: Envelope


def deliver_outbox(now: datetime, sender: Sender, *, limit: int = 1000) -> int:
    """Hand on every mail that is due, urgent ones first, and return how many were handed on.

    A server that cannot be reached ends the run; what was claimed goes back with a delay.
    """
    handed = done = 0
    try:
        while done < limit:
            holder = uuid.uuid4()
            until = monotonic() + LEASE.total_seconds() - STOP_BEFORE_LEASE_ENDS_SECONDS
            claimed = _claim(holder, now=now, count=min(BATCH, limit - done))
            if not claimed:
                break
            sent, is_reachable = _send_all(claimed, holder, sender, now=now, until=until)
            handed += sent
            done += len(claimed)
            if not is_reachable:
                break
    finally:
        sender.close()
    return handed


def fetch_inbox(now: datetime, box: "mailbox.Mailbox") -> int:
    """Keep every new message of a mailbox, then mark and move it; return how many were kept.

    A message is in the database before the mailbox learns that it was seen, so a stop at any
    point loses nothing; kept twice, it is one row.
    """
    with reading():
        cursor = session.scalar(select(MailboxCursor).where(MailboxCursor.mailbox == box.name))
        position = (cursor.uid_validity, cursor.last_uid) if cursor else None
    kept = 0
    with box.opened() as opened:
        for message in opened.new_messages(position):
            with unit_of_work():
                service.store_inbound(
                    message.raw,
                    channel=Channel.IMAP,
                    now=now,
                    mailbox_uid=f"{opened.uid_validity}/{message.uid}",
                )
                _move_cursor(box.name, opened.uid_validity, message.uid, now=now)
            opened.set_aside(message.uid)
            kept += 1
        if not kept:
            with unit_of_work():
                _move_cursor(box.name, opened.uid_validity, 0, now=now)
    return kept


def read_inbox(now: datetime, *, limit: int = 500) -> int:
    """Read every kept message that was not read yet, and return how many were."""
    with reading():
        ids = queries.unread_ids(limit)
    if not ids:
        return 0
    with Reader() as reader:
        for inbound_id in ids:
            with reading():
                raw = queries.raw_of(inbound_id)
            intake = reader.read(raw)
            _record(inbound_id, intake, now=now)
    return len(ids)


def _record(inbound_id: uuid.UUID, intake: Intake, *, now: datetime) -> None:
    """Write down what a message is; one that cannot be written down goes to review."""
    try:
        with unit_of_work():
            service.record_reading(inbound_id, intake, now=now)
    except (SQLAlchemyError, ValueError) as fault:
        log("mail").warning("mail.unstorable", extra={"error": type(fault).__name__})
        why = f"What was read could not be stored ({type(fault).__name__})"
        with unit_of_work():
            service.record_reading(inbound_id, Intake(kind=InboundKind.ODD, why=why), now=now)


def _claim(holder: uuid.UUID, *, now: datetime, count: int) -> list[_Claimed]:
    """Take due mails under a lease; of one addressee's matter only one is under way at a time."""
    other = aliased(OutboxMessage)
    is_free = or_(
        OutboxMessage.state == DeliveryState.QUEUED,
        and_(OutboxMessage.state == DeliveryState.CLAIMED, OutboxMessage.leased_until <= now),
    )
    is_alone = ~(
        select(other.id)
        .where(
            other.subject_id == OutboxMessage.subject_id,
            other.state == DeliveryState.CLAIMED,
            other.leased_until > now,
        )
        .exists()
    )
    with unit_of_work():
        rows = session.scalars(
            select(OutboxMessage)
            .where(is_free, OutboxMessage.next_try_at <= now, is_alone)
            .order_by(_ORDER, OutboxMessage.created_at, OutboxMessage.sequence)
            .limit(count)
            .options(undefer(OutboxMessage.body))
            .with_for_update(skip_locked=True, of=OutboxMessage)
        ).all()
        claimed = []
        for row in rows:
            if row.expires_at <= now:
                _fail(row, "There was no time left to send it", now=now)
                continue
            row.state = DeliveryState.CLAIMED
            row.lease_holder = holder
            row.leased_until = now + LEASE
            row.attempts += 1
            claimed.append(_Claimed(row.id, _envelope(row)))
    return claimed


def _send_all(
    claimed: list[_Claimed], holder: uuid.UUID, sender: Sender, *, now: datetime, until: float
) -> tuple[int, bool]:
    """Send what was claimed; return how many were handed on and whether the server answers."""
    handed = 0
    for place, item in enumerate(claimed):
        if monotonic() > until:
            _release(claimed[place:], holder, now=now)
            return handed, True
        attempt = sender.send(item.envelope)
        _mark(item.id, holder, attempt, now=now)
        handed += attempt.handing is Handing.HANDED
        if attempt.handing is Handing.UNREACHABLE:
            log("mail").warning("mail.unreachable", extra={"error": attempt.error})
            _release(claimed[place + 1 :], holder, now=now)
            return handed, False
    return handed, True


def _mark(row_id: uuid.UUID, holder: uuid.UUID, attempt: Attempt, *, now: datetime) -> None:
    """Write down what became of a try, unless the lease went to somebody else meanwhile."""
    with unit_of_work():
        row = _held(row_id, holder)
        if row is None:
            return
        row.last_error = attempt.error
        if attempt.handing is Handing.HANDED:
            row.state, row.handed_at, row.settled_at = DeliveryState.HANDED, now, now
            row.leased_until = row.lease_holder = None
            row.body = service.WIPED
        elif attempt.handing is Handing.REFUSED:
            _fail(row, attempt.error, now=now)
        else:
            _put_back(row, now=now)


def _put_back(row: OutboxMessage, *, now: datetime) -> None:
    """Queue a mail for another try; give up when there is none, or a newer entry replaced it."""
    row.leased_until = row.lease_holder = None
    if row.is_entry and _is_replaced(row):
        row.state, row.settled_at, row.body = DeliveryState.SUPPRESSED, now, service.WIPED
        row.last_error = "A newer message replaced it"
        return
    at = next_try(
        row.attempts,
        first_at=row.created_at,
        expires_at=row.expires_at,
        now=now,
        jitter=random.random(),  # noqa: S311 - spreads tries, guards nothing
    )
    if at is None:
        _fail(row, row.last_error, now=now)
        return
    row.state, row.next_try_at = DeliveryState.QUEUED, at


def _is_replaced(row: OutboxMessage) -> bool:
    """Say whether a newer calendar entry about the same matter was written meanwhile."""
    newer = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.subject_id == row.subject_id,
            OutboxMessage.to_address == row.to_address,
            OutboxMessage.is_entry.is_(True),
            OutboxMessage.id != row.id,
            OutboxMessage.created_at > row.created_at,
            OutboxMessage.state != DeliveryState.SUPPRESSED,
        )
        .limit(1)
    )
    return session.scalar(newer) is not None


def _release(items: list[_Claimed], holder: uuid.UUID, *, now: datetime) -> None:
    """Give back mails that were claimed and not tried; they wait one step like the tried one."""
    if not items:
        return
    with unit_of_work():
        session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.id.in_([item.id for item in items]),
                OutboxMessage.lease_holder == holder,
            )
            .values(
                state=DeliveryState.QUEUED,
                attempts=OutboxMessage.attempts - 1,
                leased_until=None,
                lease_holder=None,
                next_try_at=now + timedelta(minutes=1),
            )
        )


def _held(row_id: uuid.UUID, holder: uuid.UUID) -> OutboxMessage | None:
    """Return the mail if this run still holds it."""
    return session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == row_id, OutboxMessage.lease_holder == holder)
        .with_for_update()
    )


def _fail(row: OutboxMessage, error: str, *, now: datetime) -> None:
    """Give a mail up: from here on a person must ring."""
    row.state, row.settled_at, row.body = DeliveryState.FAILED, now, service.WIPED
    row.leased_until = row.lease_holder = None
    row.last_error = error


def _envelope(row: OutboxMessage) -> Envelope:
    """Return what a sender needs of a row."""
    return Envelope(
        message_id=row.message_id,
        sender=row.envelope_sender,
        recipient=row.to_address,
        body=row.body,
    )


def _move_cursor(name: str, uid_validity: str, uid: int, *, now: datetime) -> None:
    """Write down how far a mailbox was read."""
    cursor = session.scalar(select(MailboxCursor).where(MailboxCursor.mailbox == name))
    if cursor is None:
        cursor = MailboxCursor(mailbox=name, uid_validity=uid_validity, last_uid=0, read_at=now)
        session.add(cursor)
    if cursor.uid_validity != uid_validity:
        cursor.uid_validity, cursor.last_uid = uid_validity, 0
    cursor.last_uid = max(cursor.last_uid, uid)
    cursor.read_at = now
