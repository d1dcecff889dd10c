"""Table of tasks: what waits for a person or a team, and by when."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Task(Base):
    """One thing a person must do; it stands on their home page until it is done."""

    __tablename__ = "tasks"
    __table_args__ = (
        # What waits for somebody: whose, not done, the first due first.
        Index("ix_tasks_for_account_id_done_at_due_at", "for_account_id", "done_at", "due_at"),
        Index("ix_tasks_for_team_id_done_at_due_at", "for_team_id", "done_at", "due_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    kind: Mapped[str] = mapped_column(String(40), index=True, comment="what sort of task")
    key: Mapped[str | None] = mapped_column(
        String(120), unique=True, comment="makes the same task once only"
    )
    ref: Mapped[str] = mapped_column(
        String(12), index=True, comment="reference of the thing it is about (I-, M-, A-, C-)"
    )
    child_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("children.id"), index=True, comment="the child, if it is about one"
    )
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting, if it is about one"
    )
    subject_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="row id of the judgement or invitation it is about"
    )
    for_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="for this person"
    )
    for_team_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("teams.id"), comment="for the manager of this team"
    )
    words: Mapped[str] = mapped_column(Text, comment="what to do, as a sentence")
    due_at: Mapped[datetime | None] = mapped_column(index=True, comment="by when")
    made_at: Mapped[datetime] = mapped_column(comment="when it came up")
    done_at: Mapped[datetime | None] = mapped_column(comment="when it was done")
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who did it"
    )
    outcome: Mapped[str | None] = mapped_column(Text, comment="what came of it")
