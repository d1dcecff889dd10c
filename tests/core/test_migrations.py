"""Migrations: up, down and up again on both databases; what they make is what the code expects."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from core import migrating
from core.db import Base, db
from tests.conftest import settings_for


@pytest.fixture
def bare(app: Flask, tmp_path: Path) -> Flask:
    """An app on a database with nothing in it."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return create_app(settings_for(f"sqlite:///{tmp_path}/bare.db", tmp_path))
    with app.app_context(), db.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("DROP DATABASE IF EXISTS bare"))
        connection.execute(text("CREATE DATABASE bare"))
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("/postgres?", "/bare?")
    return create_app(settings_for(url, tmp_path))


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(bare: Flask) -> None:
    with bare.app_context():
        migrating.upgrade(db.engine)
        migrating.downgrade(db.engine, "base")
        emptied = _tables(db.engine)
        migrating.upgrade(db.engine)
        filled = _tables(db.engine)
        db.engine.dispose()

    assert emptied == set()
    assert filled == set(Base.metadata.tables)


def test_the_migrated_schema_is_the_models_schema(bare: Flask) -> None:
    with bare.app_context():
        migrating.upgrade(db.engine)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, Base.metadata)
        db.engine.dispose()

    assert differences == []


def test_partial_indexes_survive_the_migration(app: Flask, bare: Flask) -> None:
    def partial(engine: Engine) -> set[tuple[str, str]]:
        if engine.dialect.name == "sqlite":
            asked = "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql LIKE '%WHERE%'"
        else:
            asked = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
        with engine.connect() as connection:
            rows = connection.execute(text(asked)).all()
        return {(row[0], row[1].split("WHERE")[1].strip()) for row in rows}

    with app.app_context():
        expected = partial(db.engine)
    with bare.app_context():
        migrating.upgrade(db.engine)
        found = partial(db.engine)
        db.engine.dispose()

    assert found == expected
    assert any("plans" in name for name, _ in found)


def test_migrated_append_only_tables_have_their_triggers(bare: Flask) -> None:
    with bare.app_context():
        migrating.upgrade(db.engine)
        with db.engine.connect() as connection:
            asked = (
                "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type='trigger'"
                if connection.dialect.name == "sqlite"
                else "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c "
                "ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
            )
            protected = set(connection.execute(text(asked)).scalars())
        db.engine.dispose()

    assert protected == {
        "audit_entries",
        "audit_seals",
        "action_events",
        "answers",
        "plan_versions",
        "record_edits",
    }


def test_a_migration_that_leaves_rows_pointing_at_nothing_is_taken_back(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path}/broken.db", tmp_path))
    with app.app_context():
        migrating.upgrade(db.engine)
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute(
                "INSERT INTO team_members (id, team_id, account_id, is_manager) "
                "VALUES ('a', 'nowhere', 'nobody', 0)"
            )
        with pytest.raises((migrating.BrokenLinks, DBAPIError)):
            migrating.upgrade(db.engine)
        db.engine.dispose()
