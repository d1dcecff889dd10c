"""What the single rows of a plan have in common: place, version, who changed them, their end."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column


class PlanPart:
    """The columns of every row that stands on a plan; ``position`` never names another row."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    plan_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("plans.id"), index=True, comment="which plan"
    )
    position: Mapped[int] = mapped_column(Integer, comment="number within its part of the plan")
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")
    changed_at: Mapped[datetime] = mapped_column(comment="when it was last changed")
    changed_by_name: Mapped[str] = mapped_column(String(200), comment="by whom")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it left the plan")
