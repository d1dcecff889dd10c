"""The table of pack versions: every text that ever judged a meeting, kept as it was."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class PackVersion(Base):
    """One version of a procedure pack; its text is never changed."""

    __tablename__ = "pack_versions"
    __table_args__ = (UniqueConstraint("sha256", name="uq_pack_versions_sha256"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    name: Mapped[str] = mapped_column(String(80), comment="the pack's name")
    number: Mapped[int] = mapped_column(comment="its number, as the text says it")
    text: Mapped[str] = mapped_column(Text, comment="the TOML text, byte for byte")
    sha256: Mapped[str] = mapped_column(String(64), comment="digest of the text")
    effective_from_on: Mapped[date] = mapped_column(comment="London date from which it judges")
    recorded_at: Mapped[datetime] = mapped_column(comment="when it was recorded here")
