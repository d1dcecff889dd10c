"""What is kept for a while only: answers to creates, and forms that wait for signing in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app import jobs
from core import idempotency, waiting_forms
from core.db import reading, session, unit_of_work
from core.drafts import Draft
from core.idempotency import KeptAnswer

_ACCOUNT, _KEY, _ASKED = uuid.UUID(int=7), "a-key", "0" * 64
_DAY = timedelta(hours=24)


def _keep(now: datetime) -> None:
    with unit_of_work():
        idempotency.keep(
            _ACCOUNT, _KEY, _ASKED, status=201, body='{"ref": "C-7F3K9Q"}', location=None, now=now
        )


def _forget(app: Flask, now: datetime) -> int:
    job = next(job for job in jobs(app) if job.name == "core.forget")
    return job.run(now)


def test_the_answer_to_a_create_is_forgotten_after_a_day(database: Flask, now: datetime) -> None:
    _keep(now)

    early = _forget(database, now + _DAY - timedelta(seconds=1))
    due = _forget(database, now + _DAY)

    assert (early, due) == (0, 1)
    with reading():
        assert session.scalars(select(KeptAnswer)).all() == []


def test_a_key_is_free_again_after_a_day_also_before_the_worker_came(
    database: Flask, now: datetime
) -> None:
    _keep(now)

    with unit_of_work():
        within = idempotency.find(_ACCOUNT, _KEY, _ASKED, now=now + timedelta(hours=23))
        after = idempotency.find(_ACCOUNT, _KEY, _ASKED, now=now + _DAY)
    _keep(now + _DAY)

    assert within is not None
    assert after is None


def test_a_waiting_form_is_forgotten_after_a_day_and_no_other_draft(
    database: Flask, now: datetime
) -> None:
    with unit_of_work():
        waiting_forms.keep(_ACCOUNT, "/x", [("words", "typed")], now)
        session.add(Draft(account_id=_ACCOUNT, key="incident", data={"a": "b"}, saved_at=now))

    assert _forget(database, now + _DAY) == 1

    with reading():
        assert [draft.key for draft in session.scalars(select(Draft))] == ["incident"]
