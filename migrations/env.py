"""How Alembic runs here: on a connection it is given, SQLite with foreign keys off and checked.

SQLite cannot alter most things in place: a table is built anew and its rows are
copied, which must not set off the foreign keys that point at it. They are
switched off for the run and checked, all of them, before it is committed.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from core.db import Base


def run(connection: Connection) -> None:
    """Run the migrations on an open connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
