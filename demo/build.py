"""Fills an empty database with the fictional partnership, by the services the doors use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core import marks, migrating
from core.cli import Installation
from core.db import db, reading, session, unit_of_work
from core.scheduler import Job
from core.settings import Settings
from demo import children, coming, held, letters_in, partnership, plans, waiting
from demo.catcher import REFUSED_PREFIX
from demo.folder import DemoFolder, drop_database
from demo.stage import set_up
from notifications import service as mail

_KNOWN_FOR = timedelta(days=400)
_CAUGHT_UP = ("replies.", "records.", "audit.")


def fill(settings: Settings, *, now: datetime) -> None:
    """Write everything the demo begins with, in the caller's transaction.

    The procedure pack it is judged by must be recorded.

    Args:
        now: the instant at which the demo begins; everything it holds lies around it.
    """
    marks.write(marks.DEMO, now.isoformat())
    staffed = partnership.build(now - _KNOWN_FOR)
    stage = set_up(settings, staffed, children.build(staffed, now=now), now=now)
    for story in (held, coming, waiting, plans, letters_in):
        story.tell(stage)


def catch_up(jobs: Sequence[Job], *, now: datetime) -> None:
    """Do what the worker would have done by now, and let its mail count as sent.

    The ladder is left out: the stories climbed it morning by morning, and at night its next
    morning has not come.
    """
    for job in jobs:
        if job.name.startswith(_CAUGHT_UP):
            job.run(now)
    with unit_of_work():
        mail.mark_all_handed(now=now, refused_prefix=REFUSED_PREFIX)


def ensure_database(
    installation: Installation, folder: DemoFolder, *, port: int, now: datetime
) -> bool:
    """Build the demo's database unless it is there; return whether it was built.

    It is built under another name and renamed when it is whole, so that a stop half-way
    leaves nothing that looks finished.
    """
    if folder.database.exists():
        return False
    drop_database(folder.unfinished)
    settings = folder.settings(folder.unfinished, port=port, smtp_url=None)
    app = installation.make_app(settings)
    with app.app_context():
        migrating.upgrade(db.engine)
        with unit_of_work():
            installation.furnish(now)
            fill(settings, now=now)
        catch_up(installation.jobs(app), now=now)
        session.remove()
        # The last connection to close folds the write-ahead log into the file.
        db.engine.dispose()
    folder.unfinished.rename(folder.database)
    return True


def built_at(installation: Installation, folder: DemoFolder) -> datetime | None:
    """Return when the folder's database was built, and bring it to this version.

    Returns:
        None when it is no demo's; it is then left as it is.
    """
    app = installation.make_app(folder.settings(folder.database, port=0, smtp_url=None))
    with app.app_context():
        with reading():
            mark = marks.read(marks.DEMO)
        if mark is not None:
            migrating.upgrade(db.engine)
        session.remove()
        db.engine.dispose()
    return datetime.fromisoformat(mark) if mark else None
