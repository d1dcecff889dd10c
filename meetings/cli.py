"""``confer doctor`` and ``confer mail``: what is wrong here, and a message that comes by a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from core import clock, migrating, scheduler
from core.db import db, reading
from core.settings import Settings
from meetings.jobs import replies
from notifications import queries
from notifications.cli import mail_commands
from notifications.mailbox import Mailbox
from notifications.mailer import SmtpSender
from notifications.service import letterhead
from procedures import queries as packs

_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    said: str
    is_right: bool = True
    mend: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def doctor(*, as_json: bool) -> None:
    """Say what is right and wrong here, each with the mend; exit code 1 when something is wrong."""
    findings = list(_findings(_settings()))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings]))
    else:
        for each in findings:
            click.echo(f"{'right' if each.is_right else 'WRONG'}  {each.what}: {each.said}")
            if not each.is_right:
                click.echo(f"       {each.mend}")
    if not all(each.is_right for each in findings):
        sys.exit(1)


def _apply_replies(now: datetime) -> int:
    return replies.apply_replies(now, letterhead(_settings()))


mail = mail_commands(_apply_replies)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _findings(settings: Settings) -> Iterator[Finding]:
    now = clock.now()
    try:
        revision, head = migrating.current(db.engine), migrating.head()
    except SQLAlchemyError as fault:
        yield Finding(
            what="database",
            said=type(fault).__name__,
            is_right=False,
            mend="Check CONFER_DATABASE_URL.",
        )
        return
    yield Finding(what="database", said=f"{db.engine.dialect.name} answers; encrypt its disk")
    yield Finding(
        what="schema",
        said=str(revision or "empty"),
        is_right=revision == head,
        mend="Run: confer db upgrade",
    )
    if revision == head:
        yield from _at_work(now)
    yield Finding(
        what="address",
        said=settings.base_url,
        is_right=settings.is_secure or settings.host in ("127.0.0.1", "localhost"),
        mend="CONFER_BASE_URL must start with https:// for anybody but this machine.",
    )
    yield Finding(
        what="emergency duty team",
        said=settings.emergency_team_telephone or "no telephone number",
        is_right=bool(settings.emergency_team_telephone),
        mend="Set CONFER_EMERGENCY_TEAM_TELEPHONE: it stands first when a child is not safe.",
    )
    yield _relay(settings)
    yield _mailbox(settings)


def _at_work(now: datetime) -> Iterator[Finding]:
    with reading():
        beat, oldest = scheduler.last_beat(), queries.oldest_unsent_at()
        pack = packs.in_force(clock.today(now))
    yield Finding(
        what="rules",
        said=f"{pack.name}, version {pack.number}" if pack else "no pack is in force",
        is_right=pack is not None,
        mend="Run: confer db upgrade",
    )
    yield Finding(
        what="worker",
        said=f"last seen {clock.london(beat):%d %B %Y %H:%M}" if beat else "never seen",
        is_right=beat is not None and now - beat <= scheduler.STALE_AFTER,
        mend="Start it: confer worker (or serve --with-worker on a small site).",
    )
    yield Finding(
        what="outgoing mail",
        said=f"waiting since {clock.london(oldest):%d %B %H:%M}" if oldest else "nothing waits",
        is_right=oldest is None or now - oldest < _LONGEST_WAIT,
        mend="Look at the relay, and at the worker's log.",
    )


def _relay(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        said = "none is set; mails become files nobody gets"
        return Finding(what="relay", said=said, is_right=False, mend="Set CONFER_SMTP_URL.")
    fault = SmtpSender(settings.smtp_url, helo=settings.mail_domain).fault()
    mend = "Check CONFER_SMTP_URL, the relay's TLS and the sign-in."
    return Finding(what="relay", said=fault or "answers", is_right=fault is None, mend=mend)


def _mailbox(settings: Settings) -> Finding:
    if settings.imap_url is None:
        said = "none is set; answers by calendar are not read"
        return Finding(what="mailbox", said=said, is_right=False, mend="Set CONFER_IMAP_URL.")
    fault = Mailbox(settings.imap_url).fault()
    mend = "Check CONFER_IMAP_URL, the server's TLS and the sign-in."
    return Finding(what="mailbox", said=fault or "answers", is_right=fault is None, mend=mend)
