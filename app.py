"""Where the rooms are joined; nobody imports this module."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, g, request
from govuk_frontend_jinja.flask_ext import init_govuk_frontend
from jinja2 import ChoiceLoader, PackageLoader

import core.api
import core.web
from core import clock, doors, filters
from core.db import db, prepare
from core.settings import Settings

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
    _bind_database(app, settings)
    _dress_templates(app, settings)
    _let_people_in(app)
    _register_pages(app)
    _register_api(app)
    return app


def _bind_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def _dress_templates(app: Flask, settings: Settings) -> None:
    app.jinja_loader = ChoiceLoader(
        [app.jinja_loader, PackageLoader("govuk_frontend_jinja")]  # type: ignore[list-item]
    )
    init_govuk_frontend(app)
    filters.install(app)


def _register_pages(app: Flask) -> None:
    for name in _PAGES:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as fault:
            if fault.name and name.startswith(fault.name):
                continue
            raise
        app.register_blueprint(module.blueprint)
