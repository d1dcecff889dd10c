"""Tables of incidents: what happened, each child's own part in it, scores, and the rules' answer.

An incident joins children without naming any: every word about a child stands in that
child's involvement, so a page of one child can never read another's.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json
from meetings.terms import JudgementStatus
from people.terms import TriState


class Incident(Base):
    """The bare fact that involvements belong together."""

    __tablename__ = "incidents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    opaque_ref: Mapped[str] = mapped_column(
        String(12), unique=True, comment="joins the children; shown to few, says nothing"
    )
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="who recorded it"
    )
    team_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teams.id"), index=True, comment="the team that recorded it"
    )
    recorded_at: Mapped[datetime] = mapped_column(index=True, comment="when it was recorded")


class Involvement(Base):
    """One child's part in an incident, in words written for this child alone."""

    __tablename__ = "involvements"
    __table_args__ = (UniqueConstraint("incident_id", "child_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="reference people read out")
    incident_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("incidents.id"), index=True, comment="the incident"
    )
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), index=True, comment="the child"
    )
    part: Mapped[str] = mapped_column(
        String(20), comment="harmed, suspected, both, present or at_risk"
    )
    kind: Mapped[str] = mapped_column(String(40), comment="kind of incident")
    happened_at: Mapped[datetime] = mapped_column(comment="when it happened")
    known_at: Mapped[datetime] = mapped_column(
        index=True, comment="when the partnership knew: day 0 of every limit"
    )
    narrative: Mapped[str] = mapped_column(Text, comment="what happened, for this child")
    safe_now: Mapped[TriState] = mapped_column(
        comment="whether the child is safe now; not known puts 999 first too"
    )
    weapon_used: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="a weapon was used"
    )
    serious_injury: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="somebody was seriously hurt"
    )
    class_a_supply: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="supply of a class A drug"
    )
    retaliation_risk: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="risk that somebody will retaliate"
    )
    exploitation_suspected: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="exploitation of this child is suspected"
    )
    harm_suspected: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="significant harm to this child is suspected"
    )
    hospital_attended: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="the child was seen in hospital"
    )
    at_school: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="it happened at or on the way to school"
    )
    threat_to_life: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="a credible threat to this child's life"
    )
    ambulance_attended: Mapped[TriState] = mapped_column(
        default=TriState.NOT_KNOWN, comment="an ambulance was called"
    )
    has_died: Mapped[TriState] = mapped_column(default=TriState.NO, comment="the child has died")
    notified_at: Mapped[datetime | None] = mapped_column(
        comment="when the national Panel was notified, if it was"
    )
    cleared_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"),
        comment="the manager who recorded that neither harm nor exploitation is suspected",
    )
    cleared_at: Mapped[datetime | None] = mapped_column(comment="when the manager recorded it")
    cleared_why: Mapped[str | None] = mapped_column(Text, comment="the manager's reason")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class Score(Base):
    """A gravity score; without its scale and version a number says nothing."""

    __tablename__ = "scores"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    involvement_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("involvements.id"), index=True, comment="the child's part that was scored"
    )
    scale: Mapped[str] = mapped_column(String(40), comment="scale id of the pack")
    scale_version: Mapped[str] = mapped_column(String(40), comment="version of the scale")
    value: Mapped[int] = mapped_column(comment="the score on that scale")
    scored_by: Mapped[str] = mapped_column(String(120), comment="who scored it")
    scored_on: Mapped[date] = mapped_column(comment="London date it was scored")
    recorded_at: Mapped[datetime] = mapped_column(comment="when it was written down")
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who wrote it down"
    )


class Judgement(Base):
    """The rules' answer about one involvement, and what people decided on it."""

    __tablename__ = "judgements"
    __table_args__ = (
        Index(
            "uq_judgements_standing",
            "involvement_id",
            unique=True,
            sqlite_where=text("status != 'superseded'"),
            postgresql_where=text("status != 'superseded'"),
        ),
        Index("ix_judgements_child_id_status", "child_id", "status"),
        Index(
            "ix_judgements_open",
            "deadline_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    involvement_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("involvements.id"), index=True, comment="the child's part that was judged"
    )
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("children.id"), comment="the child")
    pack_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("pack_versions.id"), comment="the procedure pack it was judged by"
    )
    verdict: Mapped[Json] = mapped_column(comment="the explained verdict, as the rules gave it")
    change: Mapped[Json | None] = mapped_column(
        comment="what differs from the judgement it replaces, and why it was judged again"
    )
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("judgements.id"), comment="the judgement it replaces"
    )
    meeting_type: Mapped[str | None] = mapped_column(
        String(40), comment="meeting type id of the pack; empty when no rule asks for one"
    )
    deadline_on: Mapped[date | None] = mapped_column(comment="latest London date of the meeting")
    deadline_at: Mapped[datetime | None] = mapped_column(
        index=True, comment="latest instant at which the meeting may start"
    )
    status: Mapped[JudgementStatus] = mapped_column(
        default=JudgementStatus.OPEN, comment="how far the decision is"
    )
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="the meeting that answers it"
    )
    choice: Mapped[Json | None] = mapped_column(
        comment="what the worker asked the manager to agree to"
    )
    reason: Mapped[str | None] = mapped_column(Text, comment="why no meeting, in words")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who decided"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="when it was decided")
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the manager who confirmed that no meeting is held"
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="when it was confirmed")
    made_at: Mapped[datetime] = mapped_column(comment="when the rules answered")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
