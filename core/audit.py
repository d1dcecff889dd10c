"""Who did, read or was refused what: rows that the database itself refuses to change.

Rows are written in the same transaction as the thing they record. A job seals
committed rows into a hash chain, so that a change made behind the database's
back is found by ``confer db check``.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, Identity, Integer, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import append_only
from core.db import Base, session


class Who(Protocol):
    """The part of an actor that the audit needs."""

    @property
    def account_id(self) -> uuid.UUID | None:
        """The account, or None for the service itself and people with a link."""

    @property
    def name(self) -> str:
        """A name people can read."""


class AuditEntry(Base):
    """One line of the audit."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        Identity(),
        primary_key=True,
        comment="order of writing",
    )
    at: Mapped[datetime] = mapped_column(comment="when")
    account_id: Mapped[uuid.UUID | None] = mapped_column(comment="who, if an account")
    who: Mapped[str] = mapped_column(String(200), comment="who, in words")
    verb: Mapped[str] = mapped_column(String(80), comment="what was done, as noun.verb")
    subject: Mapped[str] = mapped_column(String(60), comment="kind of thing")
    subject_id: Mapped[str] = mapped_column(String(64), comment="row id of the thing")
    child_id: Mapped[uuid.UUID | None] = mapped_column(index=True, comment="whose record")
    decision: Mapped[str] = mapped_column(String(10), comment="done, read or refused")
    detail: Mapped[str | None] = mapped_column(
        String(400), comment="names of fields or the rule; never content"
    )
    request_id: Mapped[str | None] = mapped_column(String(40), comment="request it came with")


class AuditSeal(Base):
    """One link of the chain over the audit's rows."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="place in the chain",
    )
    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), unique=True, comment="the audit row sealed"
    )
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the last digest and row")
    sealed_at: Mapped[datetime] = mapped_column(comment="when it was sealed")


append_only.protect(Base.metadata.tables["audit_entries"])
append_only.protect(Base.metadata.tables["audit_seals"])


def record(
    actor: Who,
    verb: str,
    subject: str,
    subject_id: uuid.UUID | str | None,
    *,
    now: datetime,
    child_id: uuid.UUID | None = None,
    decision: str = "done",
    detail: str | None = None,
    request_id: str | None = None,
) -> None:
    """Add one line in the caller's transaction; ``detail`` holds names, never content."""
    session.add(
        AuditEntry(
            at=now,
            account_id=actor.account_id,
            who=actor.name[:200],
            verb=verb,
            subject=subject,
            subject_id=str(subject_id or ""),
            child_id=child_id,
            decision=decision,
            detail=detail[:400] if detail else None,
            request_id=request_id,
        )
    )


def seal(*, now: datetime, limit: int = 5000) -> tuple[int, str]:
    """Chain the rows not sealed yet.

    Returns:
        How many were sealed, and the head of the chain (empty before the first).
    """
    last = session.execute(
        select(AuditSeal.number, AuditSeal.digest).order_by(AuditSeal.number.desc()).limit(1)
    ).first()
    number, head = (last.number, last.digest) if last else (0, "")
    # By what is unsealed, not by "after the last": a slow transaction may commit a
    # lower number after a higher one was sealed.
    rows = session.scalars(_unsealed().order_by(AuditEntry.seq).limit(limit)).all()
    for row in rows:
        number, head = number + 1, _digest(head, row)
        session.add(AuditSeal(number=number, seq=row.seq, digest=head, sealed_at=now))
    session.flush()
    return len(rows), head


def _unsealed() -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.seq == AuditEntry.seq)
        .where(AuditSeal.number.is_(None))
    )


def first_broken_seal() -> int | None:
    """Return the number of the first row that no longer fits the chain, or None."""
    head = ""
    statement = (
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.seq == AuditSeal.seq)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=1000)
    )
    with session.execute(statement) as found:
        for sealed, row in found:
            if row is None or _digest(head, row) != sealed.digest:
                return int(sealed.seq)
            head = sealed.digest
    return None


def unsealed() -> int:
    """Count rows waiting for the seal."""
    return int(session.scalar(select(func.count()).select_from(_unsealed().subquery())) or 0)


def _digest(head: str, row: AuditEntry) -> str:
    line = json.dumps(
        [
            row.seq,
            row.at.isoformat(),
            str(row.account_id or ""),
            row.who,
            row.verb,
            row.subject,
            row.subject_id,
            str(row.child_id or ""),
            row.decision,
            row.detail,
            row.request_id,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256((head + line).encode()).hexdigest()
