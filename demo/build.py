"""Fills an empty database with the fictional partnership, by the services the doors use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from core import marks, migrating
from core.db import db, reading, unit_of_work
from core.settings import Settings
from demo import children, coming, held, letters_in, partnership, plans, waiting
from demo.folder import DemoFolder, drop_database
from demo.stage import set_up
from procedures.service import packs

_KNOWN_FOR = timedelta(days=400)
MakeApp = Callable[[Settings], Flask]


def fill(settings: Settings, *, now: datetime) -> None:
    """Write everything the demo begins with, in the caller's transaction.

    Args:
        now: the instant at which the demo begins; everything it holds lies around it.
    """
    marks.write(marks.DEMO, now.isoformat())
    packs.ensure_default(now)
    staffed = partnership.build(now - _KNOWN_FOR)
    stage = set_up(settings, staffed, children.build(staffed, now=now), now=now)
    for story in (held, coming, waiting, plans, letters_in):
        story.tell(stage)


def ensure_database(make_app: MakeApp, folder: DemoFolder, *, port: int, now: datetime) -> bool:
    """Build the demo's database unless it is there; return whether it was built.

    It is built under another name and renamed when it is whole, so that a stop half-way
    leaves nothing that looks finished.
    """
    if folder.database.exists():
        return False
    drop_database(folder.unfinished)
    settings = folder.settings(folder.unfinished, port=port, smtp_url=None)
    app = make_app(settings)
    with app.app_context():
        migrating.upgrade(db.engine)
        with unit_of_work():
            fill(settings, now=now)
        # The last connection to close folds the write-ahead log into the file.
        db.engine.dispose()
    folder.unfinished.rename(folder.database)
    return True


def built_at(make_app: MakeApp, folder: DemoFolder) -> datetime | None:
    """Return when the folder's database was built, and bring it to this version.

    Returns:
        None when it is no demo's; it is then left as it is.
    """
    app = make_app(folder.settings(folder.database, port=0, smtp_url=None))
    with app.app_context():
        with reading():
            mark = marks.read(marks.DEMO)
        if mark is not None:
            migrating.upgrade(db.engine)
        db.engine.dispose()
    return datetime.fromisoformat(mark) if mark else None
