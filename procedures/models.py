"""The tables of pack versions and of the working copies from which they are published."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, JsonList
from procedures.draft_terms import DraftStatus


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


class PackDraft(Base):
    """A working copy of the rules: changed, tried and, by a second person, published."""

    __tablename__ = "pack_drafts"
    __table_args__ = (
        Index(
            "uq_pack_drafts_one_open",
            "is_open",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    status: Mapped[DraftStatus] = mapped_column(comment="working, waiting, published or dropped")
    is_open: Mapped[bool] = mapped_column(comment="working or waiting: there is one at most")
    text: Mapped[str] = mapped_column(Text, comment="the TOML text as changed so far")
    based_on_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("pack_versions.id"), index=True, comment="the version it was copied from"
    )
    version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("pack_versions.id"), index=True, comment="the version it became"
    )
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(comment="account that began it")
    made_at: Mapped[datetime] = mapped_column(comment="when it was begun")
    editor_ids: Mapped[JsonList] = mapped_column(
        comment="accounts that changed it: none of them may publish it"
    )
    starts_on: Mapped[date | None] = mapped_column(comment="London date from which it is to judge")
    note: Mapped[str] = mapped_column(Text, default="", comment="why the rules change")
    examples: Mapped[JsonList] = mapped_column(
        comment="facts of past incidents without names, with what must come out"
    )
    trials: Mapped[Json] = mapped_column(comment="what the last trials said, without names")
    offered_at: Mapped[datetime | None] = mapped_column(comment="when consent was asked for")
    refused_why: Mapped[str] = mapped_column(
        Text, default="", comment="why the second person sent it back"
    )
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(comment="account that published it")
    agreed_at: Mapped[datetime | None] = mapped_column(comment="when it was published")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, so none is lost")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
