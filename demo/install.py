"""Makes an app the demo's: hints on the sign-in page, a banner on every page, the post room.

Only ``confer demo`` calls this; no setting does.
"""

from __future__ import annotations

from datetime import datetime

from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from markupsafe import Markup

from core.db import unit_of_work
from core.scheduler import Job
from demo import views
from demo.catcher import Catcher
from demo.folder import DemoFolder
from demo.mail_folder import MailFolder
from demo.partnership import ACCOUNTS, PASSWORD
from notifications import service
from notifications.terms import Channel

NOTICE = Markup(
    "This is a demo: everybody in it is invented, and no mail leaves this computer. "
    '<a href="/post-room">Read and answer it in the post room</a>.'
)


def install(app: Flask, folder: DemoFolder, catcher: Catcher) -> None:
    """Add what only a demo has to an app."""
    app.extensions["confer_notices"] = [{"kind": "demo", "text": NOTICE}]
    app.extensions["confer_post_room"] = views.PostRoom(folder.sent, catcher)
    app.context_processor(_hints)
    app.register_blueprint(views.blueprint)


def jobs(folder: DemoFolder) -> tuple[Job, ...]:
    """Return the job that brings answers from the post room to the service."""

    def run(now: datetime) -> int:
        return take_in(folder.incoming, now)

    return (Job("demo.take_in", IntervalTrigger(seconds=2), run),)


def take_in(incoming: MailFolder, now: datetime) -> int:
    """Hand every waiting answer to the mail room, the oldest first; return how many."""
    waiting = incoming.newest_first()[::-1]
    for mail in waiting:
        with unit_of_work():
            service.store_inbound(mail.raw, channel=Channel.STDIN, now=now)
        incoming.drop(mail.name)
    return len(waiting)


def _hints() -> dict[str, object]:
    return {
        "demo_accounts": [
            {"name": each.name, "what": each.what, "email": each.email} for each in ACCOUNTS
        ],
        "demo_password": PASSWORD,
    }
