"""Tables of the mail room: what is to go out, what came in, how far a mailbox was read."""

import uuid
from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json
from notifications.terms import (
    Channel,
    DeliveryState,
    InboundKind,
    InboundOutcome,
    Lane,
)


class OutboxMessage(Base):
    """One finished mail to one addressee, written in the transaction that caused it."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_due",
            "lane",
            "next_try_at",
            postgresql_where=text("state IN ('queued', 'claimed')"),
            sqlite_where=text("state IN ('queued', 'claimed')"),
        ),
        Index("ix_outbox_messages_subject_id_created_at", "subject_id", "created_at"),
        Index("ix_outbox_messages_state_settled_at", "state", "settled_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    kind: Mapped[str] = mapped_column(String(40), comment="kind of letter")
    lane: Mapped[Lane] = mapped_column(comment="urgent, normal or bulk")
    purpose_key: Mapped[str] = mapped_column(
        String(200), unique=True, comment="what this mail is for; a second one is not made"
    )
    subject_id: Mapped[uuid.UUID] = mapped_column(
        comment="the invitation, action or account it concerns; no foreign key, rooms above own it"
    )
    reference: Mapped[str] = mapped_column(String(20), comment="M- or A- reference people see")
    to_address: Mapped[str] = mapped_column(String(254), comment="the one addressee")
    token: Mapped[str] = mapped_column(
        String(48), index=True, comment="reply token in Reply-To and envelope sender"
    )
    envelope_sender: Mapped[str] = mapped_column(String(254), comment="where bounces go")
    message_id: Mapped[str] = mapped_column(
        String(254), unique=True, comment="made from the row id, the same on every try"
    )
    is_entry: Mapped[bool] = mapped_column(comment="carries a calendar part")
    method: Mapped[str] = mapped_column(
        String(20), default="", comment="REQUEST, CANCEL or DECLINECOUNTER, or empty"
    )
    sequence: Mapped[int | None] = mapped_column(Integer, comment="SEQUENCE of the calendar part")
    starts_at: Mapped[datetime | None] = mapped_column(comment="start of the meeting it states")
    ends_at: Mapped[datetime | None] = mapped_column(comment="end of the meeting it states")
    state: Mapped[DeliveryState] = mapped_column(comment="how far it has come")
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="tries begun")
    next_try_at: Mapped[datetime] = mapped_column(comment="not before this instant")
    leased_until: Mapped[datetime | None] = mapped_column(comment="end of a sender's claim")
    lease_holder: Mapped[uuid.UUID | None] = mapped_column(comment="the claim, to fence a late one")
    handed_at: Mapped[datetime | None] = mapped_column(comment="when the next server took it")
    settled_at: Mapped[datetime | None] = mapped_column(
        comment="when it was handed, failed, bounced or suppressed"
    )
    last_error: Mapped[str] = mapped_column(Text, default="", comment="code and kind of fault")
    created_at: Mapped[datetime] = mapped_column(comment="when it was written")
    expires_at: Mapped[datetime] = mapped_column(comment="no try after this instant")
    body: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="sent as it is on every try; emptied once there is none"
    )


class InboundMessage(Base):
    """One message that reached us, kept before anything else was done with it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (Index("ix_inbound_messages_outcome_received_at", "outcome", "received_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    received_at: Mapped[datetime] = mapped_column(comment="when we took it in")
    channel: Mapped[Channel] = mapped_column(comment="imap, stdin or webhook")
    raw: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="the message; only its beginning when too large"
    )
    size: Mapped[int] = mapped_column(Integer, comment="bytes of the whole message")
    sha256: Mapped[str] = mapped_column(
        String(64), unique=True, comment="of the whole message; the same one is taken once"
    )
    mailbox_uid: Mapped[str | None] = mapped_column(
        String(60), comment="UIDVALIDITY and UID in the mailbox"
    )
    token: Mapped[str | None] = mapped_column(
        String(48), index=True, comment="reply token it came to"
    )
    message_id: Mapped[str] = mapped_column(String(254), default="", comment="its Message-ID")
    kind: Mapped[InboundKind | None] = mapped_column(comment="what it is; empty until read")
    parsed: Mapped[Json | None] = mapped_column(comment="what was read from it")
    outcome: Mapped[InboundOutcome] = mapped_column(comment="what became of it")
    why: Mapped[str] = mapped_column(Text, default="", comment="the outcome in one sentence")
    handled_by_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="account that settled it in the review queue"
    )
    handled_at: Mapped[datetime | None] = mapped_column(comment="when it was settled")


class MailboxCursor(Base):
    """How far a mailbox was read, for servers that cannot move a message."""

    __tablename__ = "mailbox_cursors"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    mailbox: Mapped[str] = mapped_column(String(254), unique=True, comment="host, user and folder")
    uid_validity: Mapped[str] = mapped_column(String(20), comment="changes when UIDs start anew")
    last_uid: Mapped[int] = mapped_column(Integer, comment="highest UID taken in")
    read_at: Mapped[datetime] = mapped_column(comment="when the mailbox was last looked at")
