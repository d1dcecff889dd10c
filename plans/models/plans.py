"""The plan, what stands on it, and its numbered versions."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core import append_only
from core.db import Base, Json
from plans.models.parts import PlanPart
from plans.terms import OrderKind, PlanStatus, Section, StrandKind, Whose


class Plan(Base):
    """One child's plan; the database refuses a second open one."""

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "uq_plans_one_open_per_child",
            "child_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), index=True, comment="whose plan"
    )
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.OPEN, comment="open or closed")
    lead_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"),
        index=True,
        comment="lead practitioner, if they have an account",
    )
    lead_name: Mapped[str | None] = mapped_column(String(120), comment="lead practitioner")
    lead_agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), comment="agency of the lead practitioner"
    )
    lead_telephone: Mapped[str | None] = mapped_column(String(40), comment="their telephone")
    lead_email: Mapped[str | None] = mapped_column(String(254), comment="where they are written to")
    chair_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"),
        index=True,
        comment="chair of the last meeting that agreed something",
    )
    chair_name: Mapped[str | None] = mapped_column(String(120), comment="that chair")
    chair_email: Mapped[str | None] = mapped_column(String(254), comment="where they are written")
    opened_at: Mapped[datetime] = mapped_column(comment="when it was opened")
    opened_from_meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="meeting whose decision opened it; a plain id"
    )
    review_on: Mapped[date | None] = mapped_column(comment="London date of the next review")
    closed_at: Mapped[datetime | None] = mapped_column(comment="when it was closed")
    version: Mapped[int] = mapped_column(
        Integer, default=0, comment="number of the present version; each agreed change adds one"
    )


class PlanVersion(Base):
    """A numbered version as it was agreed; it is never changed."""

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plans.id"), comment="which plan")
    number: Mapped[int] = mapped_column(Integer, comment="1 for the first")
    content: Mapped[Json] = mapped_column(comment="items with key, section and fields")
    why: Mapped[str] = mapped_column(String(400), comment="what was agreed, in words")
    agreed_at: Mapped[datetime] = mapped_column(comment="when")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who, if an account"
    )
    by_name: Mapped[str] = mapped_column(String(200), comment="who, in words")


class PlanEntry(PlanPart, Base):
    """One sentence of the plan: what matters, a worry, a strength, a goal, a contingency."""

    __tablename__ = "plan_entries"
    __table_args__ = (UniqueConstraint("plan_id", "section", "position"),)

    section: Mapped[Section] = mapped_column(comment="which part of the plan")
    text: Mapped[str] = mapped_column(Text, comment="the sentence")


class Voice(PlanPart, Base):
    """What the child or somebody of the family said, or why they were not heard."""

    __tablename__ = "voices"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    whose: Mapped[Whose] = mapped_column(comment="child, mother, father or male carer ...")
    person_name: Mapped[str | None] = mapped_column(String(120), comment="who it is")
    words: Mapped[str | None] = mapped_column(Text, comment="their own words")
    said_on: Mapped[date | None] = mapped_column(comment="London date on which it was said")
    told_to: Mapped[str | None] = mapped_column(String(120), comment="who heard it")
    missing_reason: Mapped[str | None] = mapped_column(Text, comment="why nobody was heard")


class Order(PlanPart, Base):
    """Bail or an order, with its conditions and its end."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    kind: Mapped[OrderKind] = mapped_column(comment="kind of order")
    conditions: Mapped[str] = mapped_column(Text, comment="what it asks or forbids")
    starts_on: Mapped[date | None] = mapped_column(comment="London date it began")
    expires_on: Mapped[date | None] = mapped_column(comment="last London date it holds")
    watched_by: Mapped[str | None] = mapped_column(String(200), comment="who checks it")
    conflict_note: Mapped[str | None] = mapped_column(
        Text, comment="where it collides with the plan, such as a curfew with travel to school"
    )


class Strand(PlanPart, Base):
    """Another plan the child has, with a review date of its own."""

    __tablename__ = "strands"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    kind: Mapped[StrandKind] = mapped_column(comment="kind of plan")
    review_on: Mapped[date | None] = mapped_column(comment="London date of its next review")
    note: Mapped[str | None] = mapped_column(Text, comment="who keeps it and where")


@event.listens_for(PlanVersion, "before_update")
@event.listens_for(PlanVersion, "before_delete")
def _refuse_to_change_a_version(
    _mapper: Mapper[PlanVersion], _connection: Connection, version: PlanVersion
) -> None:
    raise RuntimeError(f"version {version.number} of a plan is never changed")


append_only.protect(Base.metadata.tables["plan_versions"])
