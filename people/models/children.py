"""Tables of children: who a child is, and the pieces of names by which one is found."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, func, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from people.terms import Asked


class Child(Base):
    """A child known to the partnership; needs are never blank-as-no."""

    __tablename__ = "children"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="reference people read out")
    given_name: Mapped[str] = mapped_column(String(80), comment="given names")
    family_name: Mapped[str] = mapped_column(String(80), comment="family name")
    preferred_name: Mapped[str | None] = mapped_column(String(80), comment="name the child uses")
    pronouns: Mapped[str | None] = mapped_column(String(40), comment="pronouns the child uses")
    born_on: Mapped[date] = mapped_column(index=True, comment="date of birth, London date")
    is_birth_estimated: Mapped[bool] = mapped_column(
        default=False, comment="the date of birth is a best guess"
    )
    nhs_number: Mapped[str | None] = mapped_column(
        String(10), unique=True, comment="ten digits, checked"
    )
    upn: Mapped[str | None] = mapped_column(
        String(13), unique=True, comment="unique pupil number, thirteen characters"
    )
    sex: Mapped[str | None] = mapped_column(String(20), comment="sex as recorded by social care")
    ethnicity: Mapped[str | None] = mapped_column(
        String(80), comment="census code or own words; empty means not asked"
    )
    disability: Mapped[Asked] = mapped_column(default=Asked.NOT_ASKED, comment="has a disability")
    disability_awaiting_since_on: Mapped[date | None] = mapped_column(
        comment="awaiting assessment since, London date"
    )
    sen: Mapped[Asked] = mapped_column(default=Asked.NOT_ASKED, comment="special educational needs")
    sen_awaiting_since_on: Mapped[date | None] = mapped_column(
        comment="awaiting assessment since, London date"
    )
    ehc_plan: Mapped[Asked] = mapped_column(
        default=Asked.NOT_ASKED, comment="education, health and care plan"
    )
    ehc_plan_awaiting_since_on: Mapped[date | None] = mapped_column(
        comment="awaiting the plan since, London date"
    )
    first_language: Mapped[str | None] = mapped_column(String(60), comment="first language")
    interpreter: Mapped[Asked] = mapped_column(
        default=Asked.NOT_ASKED, comment="needs an interpreter"
    )
    legal_status: Mapped[str] = mapped_column(
        String(40), default="none", comment="legal status id of the pack"
    )
    team_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teams.id"), index=True, comment="the team the child is allocated to"
    )
    allocated_to_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="the allocated worker"
    )
    search_key: Mapped[str] = mapped_column(
        String(260), index=True, comment="names in plain small letters, sorted"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when the record was made")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @hybrid_property
    def name(self) -> str:
        """The name the child uses, with the family name."""
        return f"{self.preferred_name or self.given_name} {self.family_name}"

    @name.inplace.expression
    @classmethod
    def _name(cls) -> ColumnElement[str]:
        return func.coalesce(func.nullif(cls.preferred_name, ""), cls.given_name).concat(
            literal(" ").concat(cls.family_name)
        )


class NamePiece(Base):
    """Three letters in a row of one of a child's names: a misspelt name still shares most."""

    __tablename__ = "name_pieces"
    __table_args__ = (Index("ix_name_pieces_piece_child_id", "piece", "child_id"),)

    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), primary_key=True, comment="whose name"
    )
    piece: Mapped[str] = mapped_column(String(3), primary_key=True, comment="three letters")
