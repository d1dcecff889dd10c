"""Count the statements a read costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.db import db, session


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather what is sent to the database inside the block; what is pending goes first."""
    session.flush()
    sent: list[str] = []

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
