"""The same create sent twice makes one thing: the answer is kept under the caller's key."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, session
from core.errors import Refused

KEPT_FOR = timedelta(hours=24)
"""How long a repeated create finds its answer; the answer may hold a child's name."""


class KeptAnswer(Base):
    """What was answered to a create."""

    __tablename__ = "kept_answers"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    account_id: Mapped[uuid.UUID] = mapped_column(comment="whose key")
    key: Mapped[str] = mapped_column(String(100), comment="the Idempotency-Key")
    request_hash: Mapped[str] = mapped_column(String(64), comment="path and body it came with")
    status: Mapped[int] = mapped_column(Integer, comment="status answered")
    body: Mapped[str] = mapped_column(Text, comment="body answered")
    location: Mapped[str | None] = mapped_column(String(200), comment="Location answered")
    at: Mapped[datetime] = mapped_column(comment="when")


def fingerprint(path: str, body: bytes) -> str:
    """Return a digest of what was asked."""
    return hashlib.sha256(path.encode() + b"\0" + body).hexdigest()


def find(account_id: uuid.UUID, key: str, request_hash: str, *, now: datetime) -> KeptAnswer | None:
    """Return the kept answer of the last day; an older one is forgotten, its key is free again.

    Raises:
        Refused: the key was used for something else.
    """
    kept = session.scalar(
        select(KeptAnswer).where(KeptAnswer.account_id == account_id, KeptAnswer.key == key)
    )
    if kept is not None and kept.at <= now - KEPT_FOR:
        session.delete(kept)
        session.flush()
        return None
    if kept is not None and kept.request_hash != request_hash:
        raise Refused("idempotency.other", "This Idempotency-Key was used for another request.")
    return kept


def keep(
    account_id: uuid.UUID,
    key: str,
    request_hash: str,
    *,
    status: int,
    body: str,
    location: str | None,
    now: datetime,
) -> None:
    """Keep an answer in the transaction that made it."""
    session.add(
        KeptAnswer(
            account_id=account_id,
            key=key,
            request_hash=request_hash,
            status=status,
            body=body,
            location=location,
            at=now,
        )
    )
    session.flush()


def forget_old(now: datetime) -> int:
    """Forget the answers that were kept for a day and return how many that were."""
    old = session.scalars(select(KeptAnswer.id).where(KeptAnswer.at <= now - KEPT_FOR)).all()
    session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(old)))
    return len(old)
