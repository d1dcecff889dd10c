"""Where the rooms are joined; nobody imports this module."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

import core.api
import core.web
from core import clock, doors, filters, signing_in
from core.db import db, prepare
from core.doors import csrf
from core.settings import Settings
from meetings.views import layout
from people import policy
from people.service import sessions, tokens

HERE = Path(__file__).resolve().parent

_PAGES = (
    "people.views.sign_in",
    "people.views.children",
    "people.views.network",
    "people.views.agencies",
    "people.views.teams",
    "people.views.accounts",
    "plans.views.plans",
    "plans.views.actions",
    "plans.views.action_links",
    "meetings.views.about",
    "meetings.views.health",
    "meetings.views.home",
    "meetings.views.search",
    "meetings.views.history",
    "meetings.views.incidents",
    "meetings.views.decision",
    "meetings.views.meetings",
    "meetings.views.answers",
    "meetings.views.mail_queue",
    "meetings.views.chairing",
    "meetings.views.records",
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
    core.api.install(app, ())
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
    for name in _PAGES:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as fault:
            if fault.name and name.startswith(fault.name):
                continue
            raise
        app.register_blueprint(module.blueprint)
