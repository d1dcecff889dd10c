"""What is written on a database as a whole, so that a command can tell one kind from another."""

from __future__ import annotations

from sqlalchemy import String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, reading, session

DEMO = "demo"


class Mark(Base):
    """One word about this database."""

    __tablename__ = "marks"

    key: Mapped[str] = mapped_column(String(40), primary_key=True, comment="what is said")
    value: Mapped[str] = mapped_column(String(200), comment="what it is")


def write(key: str, value: str) -> None:
    """Write a mark in the caller's transaction, in place of an earlier one."""
    session.merge(Mark(key=key, value=value))
    session.flush()


def read(key: str) -> str | None:
    """Return a mark, or None; a database from before there were marks has none."""
    if not inspect(session.connection()).has_table(Mark.__tablename__):
        return None
    mark = session.get(Mark, key)
    return mark.value if mark is not None else None


def refuse_demo() -> str | None:
    """Return why this database must not be served or worked on, or None when it may be."""
    with reading():
        if read(DEMO) is None:
            return None
    return (
        "This database holds the demo's invented people. Run it with: confer demo. "
        "For real work set CONFER_DATABASE_URL to a database of your own."
    )
