"""Which pack version judges on a date, and which judged a meeting."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from core.db import session
from procedures.models import PackVersion


def in_force(on: date) -> PackVersion | None:
    """Return the version that judges on a London date, or None before one is recorded.

    The latest to take effect counts, and of these the latest recorded. Before the first took
    effect the first one counts: an incident is never judged by nothing. At most two statements.
    """
    latest = session.scalar(
        select(PackVersion)
        .where(PackVersion.effective_from_on <= on)
        .order_by(PackVersion.effective_from_on.desc(), PackVersion.recorded_at.desc())
        .limit(1)
    )
    return latest or session.scalar(
        select(PackVersion)
        .order_by(PackVersion.effective_from_on, PackVersion.recorded_at.desc())
        .limit(1)
    )


def by_digest(sha256: str) -> PackVersion | None:
    """Return the version with this text, if it was recorded. One statement."""
    return session.scalar(select(PackVersion).where(PackVersion.sha256 == sha256))


def by_id(version_id: uuid.UUID) -> PackVersion | None:
    """Return one version, if it exists. At most one statement."""
    return session.get(PackVersion, version_id)


def any_other_than(name: str) -> bool:
    """Say whether the partnership has a pack of its own. One statement."""
    other = select(PackVersion.id).where(PackVersion.name != name).limit(1)
    return session.scalar(other) is not None
