"""The store of pack versions, on both databases."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import session
from core.errors import NotFound
from procedures import queries
from procedures.models import PackVersion
from procedures.service import packs
from procedures.shipped import default_text, digest


def _own(now: datetime, *, effective_from_on: date, name: str = "northshire") -> PackVersion:
    text = default_text().replace('name = "default"', f'name = "{name}"') + f"\n# {uuid.uuid4()}\n"
    version = PackVersion(
        name=name,
        number=1,
        text=text,
        sha256=digest(text),
        effective_from_on=effective_from_on,
        recorded_at=now,
    )
    session.add(version)
    session.flush()
    return version


def _count() -> int:
    return session.scalar(select(func.count()).select_from(PackVersion)) or 0


def test_the_shipped_pack_is_recorded_once(database: Flask, now: datetime) -> None:
    first = packs.ensure_default(now)
    again = packs.ensure_default(now + timedelta(days=1))

    assert first.id == again.id
    assert _count() == 1
    verbs = session.scalars(select(AuditEntry.verb)).all()
    assert verbs == ["pack.recorded"]


def test_the_pack_in_force_is_read_from_its_own_text(database: Flask, now: datetime) -> None:
    recorded = packs.ensure_default(now)

    version, pack = packs.in_force(now.date())

    assert version.id == recorded.id
    assert pack.name == "default"
    assert packs.of(version.id)[1] is pack
    assert packs.calendar_of(pack).is_working_day(date(2027, 3, 24))


def test_without_a_pack_nothing_is_judged(database: Flask, now: datetime) -> None:
    with pytest.raises(NotFound):
        packs.in_force(now.date())
    with pytest.raises(NotFound):
        packs.of(uuid.uuid4())


def test_a_partnerships_own_pack_is_not_replaced_by_the_shipped_one(
    database: Flask, now: datetime
) -> None:
    own = _own(now, effective_from_on=date(2024, 1, 1))

    found = packs.ensure_default(now)

    assert found.id == own.id
    assert _count() == 1


def test_a_pack_judges_from_the_day_it_takes_effect(database: Flask, now: datetime) -> None:
    shipped = packs.ensure_default(now)
    own = _own(now, effective_from_on=date(2027, 1, 4))

    assert packs.in_force(date(2027, 1, 3))[0].id == shipped.id
    assert packs.in_force(date(2027, 1, 4))[0].id == own.id


def test_of_two_of_one_day_the_later_recorded_judges(database: Flask, now: datetime) -> None:
    _own(now, effective_from_on=date(2025, 1, 1))
    later = _own(now + timedelta(minutes=1), effective_from_on=date(2025, 1, 1))

    assert packs.in_force(now.date())[0].id == later.id


def test_a_day_before_the_first_pack_is_judged_by_the_first(database: Flask, now: datetime) -> None:
    shipped = packs.ensure_default(now)

    found = queries.in_force(date(2019, 1, 1))

    assert found is not None
    assert found.id == shipped.id


def test_an_old_meeting_keeps_the_pack_that_judged_it(database: Flask, now: datetime) -> None:
    shipped = packs.ensure_default(now)
    _own(now, effective_from_on=now.date())

    version, pack = packs.of(shipped.id)

    assert version.text == default_text()
    assert pack.name == "default"
