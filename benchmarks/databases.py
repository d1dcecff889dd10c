"""Empty databases at this version's schema, on SQLite and on a PostgreSQL cluster of our own."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, make_url

from app import create_app
from core import clock, migrating
from core.db import db
from core.settings import Settings
from tests.databases import postgresql_url

KINDS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
    "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workload runs: one new database, and the folder its mail would go to."""

    kind: str
    url: str
    folder: Path

    def settings(self, base_url: str = "http://confer.example") -> Settings:
        """Return the settings of an installation on this database."""
        return Settings(
            database_url=self.url,
            base_url=base_url,
            secret_key="benchmark-" * 4,
            mail_domain="meetings.confer.example",
            mail_folder=self.folder / "mail",
            partnership_name="Northshire Safeguarding Children Partnership",
            partnership_telephone="01632 960000",
            emergency_team_telephone="01632 960999",
        )

    def app(self, now: Callable[[], datetime] = clock.now) -> Flask:
        """Return an app on this database, brought to this version's schema by the migrations."""
        app = create_app(self.settings(), now=now)
        with app.app_context():
            migrating.upgrade(db.engine)
        return app


def new_place(kind: str, folder: Path) -> Place:
    """Make an empty database of a kind."""
    name = f"confer_bench_{next(_NUMBERS)}"
    if kind == "sqlite":
        return Place(kind, f"sqlite:///{folder}/{name}.db", folder)
    engine = create_engine(_cluster(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    url = make_url(_cluster()).set(database=name)
    return Place(kind, url.render_as_string(hide_password=False), folder)


@contextmanager
def loading(engine: Engine) -> Iterator[Connection]:
    """Hold one transaction for a bulk load; indexes and links between rows come at its end."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            raw = cast(Any, connection.connection.dbapi_connection)
            for pragma in ("foreign_keys=OFF", "cache_size=-400000"):
                raw.execute(f"PRAGMA {pragma}")
        with connection.execution_options(confer_writing=True).begin():
            if not is_sqlite:  # the same rows are checked on the other database
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            indexes = connection.exec_driver_sql(_INDEXES[engine.dialect.name]).all()
            for name, _ in indexes:
                connection.exec_driver_sql(f"DROP INDEX {name}")
            yield connection
            for _, made_by in indexes:
                connection.exec_driver_sql(made_by)
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                assert broken is None, broken
    engine.dispose()
    if not is_sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Its own housekeeping does this some minutes after such a load.
            connection.exec_driver_sql("VACUUM ANALYZE")


@functools.cache
def _cluster() -> str:
    """Start the cluster once; it ends with this process."""
    return postgresql_url()
