"""One transaction per door: the lock first, nothing lost, nothing half done."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from core import drafts
from core.db import reading, session, unit_of_work


def test_a_unit_of_work_refuses_a_session_that_has_already_read(database: Flask) -> None:
    session.scalar(select(drafts.Draft))

    with pytest.raises(RuntimeError, match="before anything is read"), unit_of_work():
        pass

    session.rollback()


def test_a_failure_leaves_nothing_of_the_unit(database: Flask, now: datetime) -> None:
    who = uuid.uuid4()

    with pytest.raises(ZeroDivisionError), unit_of_work():
        drafts.save(who, "incident", {"text": "typed"}, now)
        _ = 1 / 0

    with reading():
        assert drafts.load(who, "incident") is None


def test_twenty_people_writing_the_same_row_lose_nothing(app: Flask, now: datetime) -> None:
    who, tries = uuid.uuid4(), 20
    with app.app_context(), unit_of_work():
        drafts.save(who, "count", {"seen": 0}, now)
    faults: list[BaseException] = []

    def add_one() -> None:
        try:
            with app.app_context(), unit_of_work():
                row = session.scalars(
                    select(drafts.Draft).where(drafts.Draft.account_id == who).with_for_update()
                ).one()
                row.data = {"seen": row.data["seen"] + 1}
        except BaseException as fault:  # noqa: BLE001 - the thread's fault is the finding
            faults.append(fault)

    threads = [threading.Thread(target=add_one) for _ in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with app.app_context(), reading():
        kept = drafts.load(who, "count")
        assert kept is not None
        assert kept.data == {"seen": tries}
