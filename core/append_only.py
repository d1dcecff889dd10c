"""Tables the database itself refuses to change: rows are added, never updated or deleted."""

from __future__ import annotations

from sqlalchemy import Connection, Table, event

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION rows_are_only_added() RETURNS trigger AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
)


def protect(table: Table) -> None:
    """Let every creation of this table bring its triggers with it."""
    event.listen(table, "after_create", _after_create)


def refuse_changes(connection: Connection, *names: str) -> None:
    """Make the triggers of tables that exist; for migrations."""
    for name in names:
        for statement in _statements(name, connection.dialect.name):
            connection.exec_driver_sql(statement)


def _after_create(table: Table, connection: Connection, **_: object) -> None:
    refuse_changes(connection, table.name)


def _statements(name: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        # psycopg reads a percent sign as a place for a value.
        _FUNCTION.replace("%", "%%") if dialect == "postgresql" else _FUNCTION,
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION rows_are_only_added()",
    ]
