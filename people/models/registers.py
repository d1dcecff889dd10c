"""Tables of register imports: what a register last said of an agency, and each import."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Json, JsonList
from people.terms import Establishment, ImportState, Register


class RegisterEntry(Base):
    """What a national register last said of an agency.

    It is kept beside the agency so that the next import can tell what people typed, which stays,
    from what the register said, which follows it.
    """

    __tablename__ = "register_entries"
    __table_args__ = (UniqueConstraint("register", "code"),)

    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), primary_key=True, comment="the agency"
    )
    register: Mapped[Register] = mapped_column(comment="which register")
    code: Mapped[str] = mapped_column(String(20), comment="URN or ODS code")
    name: Mapped[str] = mapped_column(String(200), comment="name in the register")
    area: Mapped[str] = mapped_column(
        String(20), comment="code of the local authority, or of the commissioner"
    )
    authority: Mapped[str | None] = mapped_column(String(80), comment="name of the local authority")
    telephone: Mapped[str | None] = mapped_column(String(40), comment="telephone in the register")
    town: Mapped[str | None] = mapped_column(String(80), comment="town, to tell namesakes apart")
    postcode: Mapped[str | None] = mapped_column(String(10), comment="postcode")
    is_closed: Mapped[bool] = mapped_column(comment="the register says it is closed")
    closed_on: Mapped[date | None] = mapped_column(
        comment="London date of closing, empty when the register does not say"
    )
    digest: Mapped[str] = mapped_column(
        String(32), comment="of the row as read; the same digest means nothing changed"
    )

    def said(self) -> Establishment:
        """Return it as the rules compare it."""
        return Establishment(
            code=self.code,
            name=self.name,
            area=self.area,
            authority=self.authority,
            telephone=self.telephone,
            town=self.town,
            postcode=self.postcode,
            is_closed=self.is_closed,
            closed_on=self.closed_on,
        )


class Import(Base):
    """One register file that was checked in the browser or written to the directory."""

    __tablename__ = "imports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="what stands in its URL")
    register: Mapped[Register] = mapped_column(comment="which register")
    state: Mapped[ImportState] = mapped_column(comment="how far it has come")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the file")
    areas: Mapped[JsonList] = mapped_column(comment="codes of the areas asked for, empty for all")
    report: Mapped[Json] = mapped_column(comment="counts, remarks by line, what closes")
    content: Mapped[bytes | None] = deferred(
        mapped_column(LargeBinary, comment="the file, until it is written to the directory")
    )
    by_name: Mapped[str] = mapped_column(String(200), comment="who brought the file")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="their account; empty for a command"
    )
    checked_at: Mapped[datetime] = mapped_column(comment="when the file was read")
    applied_at: Mapped[datetime | None] = mapped_column(comment="when it was written")
