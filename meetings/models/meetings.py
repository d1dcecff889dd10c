"""Table of meetings: one row per meeting about one child."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from meetings.terms import MeetingHow, MeetingStatus


class Meeting(Base):
    """One meeting; the instant and London's wall time are both kept, so no clock change moves it.

    ``uid`` never changes and ``sequence`` only rises: calendars know the entry by them.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        Index(
            "uq_meetings_judgement_live",
            "judgement_id",
            unique=True,
            sqlite_where=text("status IN ('arranged', 'in_progress')"),
            postgresql_where=text("status IN ('arranged', 'in_progress')"),
        ),
        # Somebody's meetings of some days. None on the status alone: it picks out half the table,
        # and a planner without statistics takes it for the best.
        Index("ix_meetings_chair_id_status_starts_at", "chair_id", "status", "starts_at"),
        Index("ix_meetings_convenor_id_status_starts_at", "convenor_id", "status", "starts_at"),
        Index("ix_meetings_team_id_status_starts_at", "team_id", "status", "starts_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="reference people read out")
    uid: Mapped[str] = mapped_column(
        String(255), unique=True, comment="identity of the calendar entry"
    )
    sequence: Mapped[int] = mapped_column(default=0, comment="SEQUENCE last sent; only rises")
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), index=True, comment="the one child it is about"
    )
    type: Mapped[str] = mapped_column(String(40), comment="meeting type id of the pack")
    type_name: Mapped[str] = mapped_column(String(120), comment="the type in words")
    pack_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("pack_versions.id"), comment="the procedure pack it was judged by"
    )
    judgement_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("judgements.id"), index=True, comment="the judgement it answers"
    )
    follows_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("meetings.id"), comment="the meeting it follows or replaces"
    )
    starts_at: Mapped[datetime] = mapped_column(index=True, comment="start, as an instant")
    ends_at: Mapped[datetime] = mapped_column(comment="end, as an instant")
    wall_date: Mapped[date] = mapped_column(comment="London date of the start")
    wall_time: Mapped[time] = mapped_column(Time(), comment="London wall time of the start")
    minutes: Mapped[int] = mapped_column(comment="length in minutes")
    status: Mapped[MeetingStatus] = mapped_column(
        default=MeetingStatus.ARRANGED, comment="how far it is"
    )
    how: Mapped[MeetingHow] = mapped_column(default=MeetingHow.ONLINE, comment="how people meet")
    joining: Mapped[str | None] = mapped_column(
        String(400), comment="link, number or room; shown on pages, never in mail"
    )
    chair_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the chair"
    )
    convenor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who convened it"
    )
    team_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teams.id"), comment="the convening team"
    )
    deadline_on: Mapped[date | None] = mapped_column(comment="latest London date, if it has one")
    deadline_at: Mapped[datetime | None] = mapped_column(
        comment="latest instant at which it may start, if it has one"
    )
    late_reason: Mapped[str | None] = mapped_column(
        Text, comment="why it starts after its deadline"
    )
    overlap_reason: Mapped[str | None] = mapped_column(
        Text, comment="why it is held beside a meeting that looks like the same one"
    )
    stood_down_reason: Mapped[str | None] = mapped_column(Text, comment="why it was stood down")
    started_at: Mapped[datetime | None] = mapped_column(comment="when it really started")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it really ended")
    is_immediate: Mapped[bool] = mapped_column(
        default=False, comment="a discussion held at once by telephone"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when it was arranged")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
