"""Which working copy is open, and how each version of the rules came to be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import session
from procedures.models import PackDraft, PackVersion

_KEY = 12


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, with the working copy it came from; a shipped version came from none."""

    version: PackVersion
    draft: PackDraft | None

    @property
    def key(self) -> str:
        """What names the version in a URL: the beginning of its digest."""
        return self.version.sha256[:_KEY]


def open_draft() -> PackDraft | None:
    """Return the working copy, if one is open. One statement."""
    return session.scalar(select(PackDraft).where(PackDraft.is_open))


def last_published() -> PackDraft | None:
    """Return the working copy that was published last. One statement."""
    return session.scalar(
        select(PackDraft)
        .where(PackDraft.version_id.is_not(None))
        .order_by(PackDraft.agreed_at.desc())
        .limit(1)
    )


def newest() -> PackVersion | None:
    """Return the version that starts last: what a further change must rest on. One statement."""
    return session.scalar(
        select(PackVersion)
        .order_by(PackVersion.effective_from_on.desc(), PackVersion.recorded_at.desc())
        .limit(1)
    )


def versions() -> list[VersionRow]:
    """Return every version, the one that starts last first. One statement."""
    rows = session.execute(
        select(PackVersion, PackDraft)
        .outerjoin(PackDraft, PackDraft.version_id == PackVersion.id)
        .order_by(PackVersion.effective_from_on.desc(), PackVersion.recorded_at.desc())
    )
    return [VersionRow(version, draft) for version, draft in rows]


def version_by_key(key: str) -> VersionRow | None:
    """Return the version a URL names, if there is one. One statement."""
    return next((row for row in versions() if row.key == key), None)


def highest_number(name: str) -> int:
    """Return the highest number of a pack's versions, 0 before the first. One statement."""
    found = session.scalar(select(func.max(PackVersion.number)).where(PackVersion.name == name))
    return found or 0
