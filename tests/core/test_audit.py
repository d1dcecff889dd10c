"""The audit cannot be changed, and what is changed behind its back is found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.db import db, session, unit_of_work
from core.doors import Anonymous


def _write(count: int, now: datetime) -> None:
    with unit_of_work():
        for number in range(count):
            audit.record(
                Anonymous(), "meeting.view", "meeting", str(number), now=now, detail="test"
            )
            session.flush()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET who='x'", "DELETE FROM audit_entries"]
)
def test_the_database_refuses_to_change_the_audit(
    database: Flask, now: datetime, statement: str
) -> None:
    _write(1, now)

    with pytest.raises(DBAPIError, match="append-only"), unit_of_work():
        session.execute(text(statement))


def test_sealed_rows_make_a_whole_chain(database: Flask, now: datetime) -> None:
    _write(5, now)
    with unit_of_work():
        sealed, head = audit.seal(now=now)

    assert sealed == 5
    assert len(head) == 64
    assert audit.first_broken_seal() is None
    assert audit.unsealed() == 0


def test_a_row_changed_behind_the_back_of_the_triggers_is_named(
    database: Flask, now: datetime
) -> None:
    _write(3, now)
    with unit_of_work():
        audit.seal(now=now + timedelta(minutes=1))
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_entries_no_update"))
        else:
            connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_entries SET who='nobody' WHERE subject_id='1'"))
        if connection.dialect.name == "sqlite":
            connection.execute(
                text(
                    "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
                    "BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"
                )
            )
        else:
            connection.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER ALL"))

    broken = audit.first_broken_seal()

    row = session.execute(text("SELECT seq FROM audit_entries WHERE subject_id='1'")).scalar_one()
    assert broken == row
