"""Table of relations: which account may open which child's record, why, and for how long."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from people.terms import Relation, RelationKind


class RelationRow(Base):
    """One reason to open a child's record, with its window; closing sets its end."""

    __tablename__ = "relations"
    __table_args__ = (Index("ix_relations_account_id_child_id", "account_id", "child_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), comment="who may open")
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), index=True, comment="whose record"
    )
    kind: Mapped[RelationKind] = mapped_column(comment="the reason as a word")
    valid_from_at: Mapped[datetime] = mapped_column(comment="open from, included")
    valid_to_at: Mapped[datetime | None] = mapped_column(comment="open until, not included")
    why: Mapped[str] = mapped_column(String(200), comment="the reason as a sentence")
    given_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who gave it; empty when the service did"
    )
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="the meeting it came with; it opens no other"
    )

    def facts(self) -> Relation:
        """Return what the policy needs."""
        return Relation(
            kind=self.kind,
            valid_from_at=self.valid_from_at,
            valid_to_at=self.valid_to_at,
            meeting_id=self.meeting_id,
        )
