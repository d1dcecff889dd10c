"""Where the rooms are joined; nobody imports this module."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

import core.api
import core.cli
import core.web
import demo.cli
import meetings.cli
import meetings.evaluating
import meetings.jobs
import people.cli
import people.directory_cli
import plans.jobs
import procedures.cli
from core import audit, clock, doors, filters, idempotency, marks, signing_in, waiting_forms
from core.cli import Installation
from core.db import db, prepare, unit_of_work
from core.doors import csrf
from core.scheduler import Job
from core.settings import Settings
from meetings.queries import by_agency
from meetings.rules import catalogue
from meetings.views import layout
from notifications import jobs as mail_jobs
from notifications import mailbox, mailer
from people import policy
from people.service import sessions, tokens
from procedures.service import packs

HERE = Path(__file__).resolve().parent

_PAGES = (
    "people.views.sign_in",
    "people.views.children",
    "people.views.network",
    "people.views.agencies",
    "people.views.contacts",
    "people.views.imports",
    "people.views.teams",
    "people.views.accounts",
    "plans.views.plans",
    "plans.views.plan_forms",
    "plans.views.plan_header",
    "plans.views.actions",
    "plans.views.action_links",
    "meetings.views.about",
    "meetings.views.health",
    "meetings.views.home",
    "meetings.views.tasks",
    "meetings.views.search",
    "meetings.views.history",
    "meetings.views.incidents",
    "meetings.views.incident_page",
    "meetings.views.decision",
    "meetings.views.sent",
    "meetings.views.meetings",
    "meetings.views.meeting_changes",
    "meetings.views.invitees",
    "meetings.views.answers",
    "meetings.views.answer_codes",
    "meetings.views.information",
    "meetings.views.link_record",
    "meetings.views.mail_queue",
    "meetings.views.rules",
    "meetings.views.rule_changes",
    "meetings.views.rule_draft",
    "meetings.views.chairing",
    "meetings.views.records",
)

_APIS = (
    "people.api.children",
    "people.api.directory",
    "plans.api.plans",
    "plans.api.actions",
    "meetings.api.incidents",
    "meetings.api.meetings",
    "meetings.api.replies",
    "meetings.api.records",
    "meetings.api.home",
    "meetings.api.evaluation",
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = clock.now) -> Flask:
    """Build the web app of one installation.

    Args:
        now: the clock; tests and the demo's builder pass their own.
    """
    app = Flask("confer", root_path=str(HERE), static_folder=str(HERE / "static"))
    app.extensions["settings"] = settings
    app.extensions["confer_clock"] = now
    core.web.install(app, settings)
    csrf.init_app(app)
    _bind_database(app, settings)
    _dress_templates(app)
    _let_people_in(app)
    _register_pages(app)
    core.api.install(app, [module.blueprint for module in _modules(_APIS)])
    layout.install(app)
    return app


def _bind_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def _dress_templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    filters.install(app)


def _let_people_in(app: Flask) -> None:
    doors.use_policy(app, policy.authorise)
    signing_in.install(app, by_session=sessions.actor_of, by_bearer=tokens.actor_of)


def _register_pages(app: Flask) -> None:
    for module in _modules(_PAGES):
        app.register_blueprint(module.blueprint)


def _modules(names: tuple[str, ...]) -> list[Any]:
    return [importlib.import_module(name) for name in names]


def jobs(app: Flask) -> tuple[Job, ...]:
    """Return everything the worker of an app does by the clock."""
    settings: Settings = app.extensions["settings"]
    found = [
        Job("mail.deliver", IntervalTrigger(seconds=5), functools.partial(_deliver, settings)),
        Job("mail.read", IntervalTrigger(seconds=5), mail_jobs.read_inbox),
        Job("audit.seal", IntervalTrigger(minutes=1), _seal),
        Job("core.forget", IntervalTrigger(hours=1), _forget),
    ]
    if settings.imap_url is not None:
        found.append(
            Job("mail.fetch", IntervalTrigger(seconds=30), functools.partial(_fetch, settings))
        )
    return (*found, *meetings.jobs.jobs(settings), *plans.jobs.jobs(settings))


def _deliver(settings: Settings, now: datetime) -> int:
    sender = mailer.sender_for(settings.smtp_url, settings.mail_folder, settings.mail_domain)
    return mail_jobs.deliver_outbox(now, sender)


def _fetch(settings: Settings, now: datetime) -> int:
    return mail_jobs.fetch_inbox(now, mailbox.Mailbox(settings.imap_url or ""))


def _forget(now: datetime) -> int:
    with unit_of_work():
        return idempotency.forget_old(now) + waiting_forms.forget_old(now)


def _seal(now: datetime) -> int:
    with unit_of_work():
        return audit.seal(now=now)[0]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="confer", message="%(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Confer: multi-agency safeguarding meetings, and one plan per child."""
    context.obj = Installation(
        make_app=create_app,
        jobs=jobs,
        refuse=lambda _app: marks.refuse_demo(),
        furnish=packs.ensure_default,
    )


for _command in (core.cli.serve, core.cli.worker, core.cli.database, demo.cli.demo):
    main.add_command(_command)
for _command in (people.cli.account, people.cli.token, meetings.cli.doctor, meetings.cli.mail):
    main.add_command(core.cli.in_app(_command))
main.add_command(core.cli.in_app(people.directory_cli.directory_group(by_agency.coming)))
# Reads files only: it needs no settings and no database.
_pack = procedures.cli.pack_group(catalogue.CATALOGUE, catalogue.EVENTS)
_pack.add_command(meetings.evaluating.evaluate)
_pack.add_command(meetings.evaluating.facts)
main.add_command(_pack)
