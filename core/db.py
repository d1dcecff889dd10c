"""The database: one base, one session, one place that commits.

SQLite runs with the driver's own transaction handling off, so that a writing
transaction takes its lock before it reads anything (BEGIN IMMEDIATE) and two
people can never both read the old value. PostgreSQL uses REPEATABLE READ-free
defaults and row versions for the same end.
"""

from __future__ import annotations

import enum
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Uuid,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A JSON value as it comes out of the database: the reader gives it its shape at once.
Json = dict[str, Any]
JsonList = list[Any]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, aware UTC coming out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value: it would be an hour wrong half the year."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give SQLite's zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base of every room's tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        date: Date(),
        uuid.UUID: Uuid(),
        Json: JSON(),
        JsonList: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
session = cast("scoped_session[Session]", db.session)


@contextmanager
def unit_of_work() -> Iterator[scoped_session[Session]]:
    """Run one writing transaction: the lock first, then reads and writes, then the commit.

    Raises:
        RuntimeError: the session has already read something; what it read may
            be old by the time the lock is held, so it is a bug in the door.
    """
    _begin(writing=True)
    try:
        yield session
        session.flush()
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading() -> Iterator[scoped_session[Session]]:
    """Run one reading transaction and leave nothing behind."""
    _begin(writing=False)
    try:
        yield session
    finally:
        session.rollback()


def _begin(*, writing: bool) -> None:
    if session().in_transaction():
        raise RuntimeError("a transaction must open before anything is read in its session")
    session.connection(execution_options={"confer_writing": writing})


def prepare(engine: Engine) -> None:
    """Attach the rules of the connection to an engine, once."""
    if event.contains(engine, "begin", _on_begin):
        return
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_begin)


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    writing = connection.get_execution_options().get("confer_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
