"""Whether the process lives, and whether the service can do its work."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from core import doors, migrating, scheduler
from core.db import db
from core.doors import open_page
from notifications import queries as mail

blueprint = Blueprint("health", __name__)
UNSENT_LIMIT = timedelta(minutes=15)
NOT_READY = 503


@blueprint.get("/healthz")
@open_page()
def alive() -> ResponseReturnValue:
    """Answer while the process runs."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@open_page()
def ready() -> ResponseReturnValue:
    """Answer 200 when database, migrations, worker and mail are well, else 503 with their names."""
    now = doors.now()
    try:
        oldest = mail.oldest_unsent_at()
        found = {
            "database": True,
            "migrations": migrating.current(db.engine) == migrating.head(),
            "worker": scheduler.is_alive(now),
            "mail": oldest is None or now - oldest < UNSENT_LIMIT,
        }
    except SQLAlchemyError:
        found = {"database": False}
    is_ready = all(found.values())
    words = {name: "ok" if is_well else "failing" for name, is_well in found.items()}
    return {"status": "ok" if is_ready else "failing", **words}, 200 if is_ready else NOT_READY
