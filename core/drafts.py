"""Autosaved forms: what a person typed follows them to another device and survives a time-out."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, session


class Draft(Base):
    """One person's unfinished form."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    account_id: Mapped[uuid.UUID] = mapped_column(comment="whose draft")
    key: Mapped[str] = mapped_column(String(100), comment="which form, for which thing")
    data: Mapped[Json] = mapped_column(comment="field names and what was typed")
    saved_at: Mapped[datetime] = mapped_column(comment="when it was last saved")


def save(account_id: uuid.UUID, key: str, data: Json, now: datetime) -> Draft:
    """Keep what was typed, replacing what was kept before."""
    draft = load(account_id, key)
    if draft is None:
        draft = Draft(account_id=account_id, key=key)
        session.add(draft)
    draft.data = data
    draft.saved_at = now
    session.flush()
    return draft


def load(account_id: uuid.UUID, key: str) -> Draft | None:
    """Return the draft, if there is one."""
    return session.scalar(select(Draft).where(Draft.account_id == account_id, Draft.key == key))


def drop(account_id: uuid.UUID, key: str) -> None:
    """Forget the draft: the form was sent."""
    session.execute(delete(Draft).where(Draft.account_id == account_id, Draft.key == key))
