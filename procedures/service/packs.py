"""Record the shipped pack, and find the pack that judges now or judged then."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import lru_cache

from core import audit, clock
from core.db import session
from core.errors import NotFound
from procedures import queries
from procedures.bank_holidays import calendar_for
from procedures.models import PackVersion
from procedures.rules.working_days import WorkingCalendar
from procedures.shipped import default_text, digest, pack_of
from procedures.terms import Pack

_KEPT = 64


class _Shipped:
    """Who records the shipped pack: the product itself."""

    account_id: uuid.UUID | None = None
    name = "shipped defaults"


def ensure_default(now: datetime) -> PackVersion:
    """Record the shipped pack if this text is not recorded yet, and return the one in force.

    A partnership that has a pack of its own keeps it: a new shipped text is then not recorded.
    """
    text = default_text()
    pack = pack_of(text)
    if queries.by_digest(digest(text)) is None and not queries.any_other_than(pack.name):
        version = PackVersion(
            name=pack.name,
            number=pack.number,
            text=text,
            sha256=digest(text),
            effective_from_on=pack.effective_from,
            recorded_at=now,
        )
        session.add(version)
        session.flush()
        audit.record(_Shipped(), "pack.recorded", "pack_version", version.id, now=now)
    found = queries.in_force(clock.today(now))
    if found is None:
        raise NotFound("no procedure pack is recorded")
    return found


def in_force(on: date) -> tuple[PackVersion, Pack]:
    """Return the version that judges on a London date, with its pack.

    Raises:
        NotFound: no pack is recorded; ``ensure_default`` records the shipped one.
    """
    version = queries.in_force(on)
    if version is None:
        raise NotFound("no procedure pack is recorded")
    return version, pack_of(version.text)


def of(version_id: uuid.UUID) -> tuple[PackVersion, Pack]:
    """Return the version that judged something, with its pack as it was then.

    Raises:
        NotFound: there is no such version.
    """
    version = queries.by_id(version_id)
    if version is None:
        raise NotFound("this procedure pack version is not recorded")
    return version, pack_of(version.text)


@lru_cache(maxsize=_KEPT)
def pack_by(version_id: uuid.UUID) -> Pack:
    """Return the pack of a version for reading; a version never changes, so each is read once.

    Raises:
        NotFound: there is no such version.
    """
    return of(version_id)[1]


def calendar_of(pack: Pack) -> WorkingCalendar:
    """Return the working days of England with the pack's own dates."""
    return calendar_for(pack)
