"""Table of a child's network: everyone and everything the child is connected to."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from people.terms import ConnectionKind, ConnectionStatus, TriState


class Connection(Base):
    """One connection of a child and what is known of it; ended rows stay as history."""

    __tablename__ = "connections"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), index=True, comment="the child"
    )
    kind: Mapped[ConnectionKind] = mapped_column(comment="what sort of connection")
    status: Mapped[ConnectionStatus] = mapped_column(comment="what is known of it")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency, if it is one"
    )
    professional_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("professionals.id"), comment="the professional, if named in the directory"
    )
    person_name: Mapped[str | None] = mapped_column(String(120), comment="the person's name")
    relationship: Mapped[str | None] = mapped_column(
        String(80), comment="what they are to the child, such as mother"
    )
    is_male_carer: Mapped[bool] = mapped_column(
        default=False, comment="father or male carer, asked for by name"
    )
    has_parental_responsibility: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="parental responsibility"
    )
    telephone: Mapped[str | None] = mapped_column(String(40), comment="their telephone")
    why: Mapped[str | None] = mapped_column(
        String(400), comment="why it is unsafe, who was asked, or how it was checked"
    )
    from_on: Mapped[date] = mapped_column(comment="true from, London date, included")
    to_on: Mapped[date | None] = mapped_column(comment="true until, London date, not included")
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who wrote it down"
    )
    recorded_at: Mapped[datetime] = mapped_column(comment="when it was written down")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
