"""The commands that hold no word of the field: serve, worker, db."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click
from flask import Flask

from core import audit, clock, logs, migrating, serving
from core.db import db, reading, unit_of_work
from core.scheduler import Job
from core.settings import Settings, SettingsFault

FAILED, MISUSED = 1, 2


@dataclass(frozen=True, slots=True)
class Installation:
    """What a command needs of the place it runs in; ``app.py`` makes it.

    Attributes:
        make_app: settings to the web app.
        jobs: an app to the jobs of its worker.
        refuse: an app to a reason why it must not be served, or None.
        furnish: writes what a database needs before its first use, in the caller's transaction.
    """

    make_app: Callable[[Settings], Flask]
    jobs: Callable[[Flask], tuple[Job, ...]]
    refuse: Callable[[Flask], str | None]
    furnish: Callable[[datetime], object]

    def settings(self) -> Settings:
        """Read the environment, or end the command naming every fault."""
        try:
            found = Settings.from_env(os.environ)
        except SettingsFault as fault:
            click.echo(str(fault), err=True)
            click.echo("Every setting is described in .env.example.", err=True)
            sys.exit(MISUSED)
        logs.install(found.log_level)
        return found

    def app(self) -> Flask:
        """Build the app of this environment."""
        return self.make_app(self.settings())

    def app_to_run(self) -> Flask:
        """Build the app, or end the command when its database must not be run or is behind."""
        app = self.app()
        with app.app_context():
            behind = migrating.current(db.engine) != migrating.head()
        if behind:
            click.echo("The database is not at this version. Run: confer db upgrade", err=True)
            sys.exit(FAILED)
        with app.app_context():
            reason = self.refuse(app)
            db.engine.dispose()
        if reason:
            click.echo(reason, err=True)
            sys.exit(FAILED)
        return app


def in_app(command: click.Command) -> click.Command:
    """Let a room's command, and those below it, run with the app of this environment."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            in_app(below)
        return command
    inner = command.callback
    if inner is not None:

        @functools.wraps(inner)
        def wrapped(*args: object, **kwargs: object) -> object:
            installation: Installation = click.get_current_context().find_root().obj
            with installation.app().app_context():
                return inner(*args, **kwargs)

        command.callback = wrapped
    return command


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=2, show_default=True, help="Web processes.")
@click.option("--with-worker", is_flag=True, help="Run the worker's jobs in the same process.")
@click.pass_obj
def serve(
    installation: Installation, host: str, port: int, processes: int, *, with_worker: bool
) -> None:
    """Answer requests with the settings of the environment."""
    app = installation.app_to_run()
    click.echo(f"Confer listens on http://{host}:{port}", err=True)
    if with_worker:
        serving.serve_with_worker(app, installation.jobs(app), host=host, port=port)
    else:
        serving.serve(installation.app, host=host, port=port, processes=processes)


@click.command()
@click.pass_obj
def worker(installation: Installation) -> None:
    """Send and fetch mail, chase actions, seal the audit, until stopped."""
    app = installation.app_to_run()
    serving.work(app, installation.jobs(app))


@click.group("db")
def database() -> None:
    """Bring the database to this version, or check it."""


@database.command()
@click.pass_obj
def upgrade(installation: Installation) -> None:
    """Run the migrations this version needs; all of them or none."""
    app = installation.app()
    with app.app_context():
        before = migrating.current(db.engine)
        migrating.upgrade(db.engine)
        after = migrating.current(db.engine)
        with unit_of_work():
            installation.furnish(clock.now())
    click.echo(
        "The database is already at this version." if before == after else f"Now at {after}."
    )


@database.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.pass_obj
def check(installation: Installation, *, as_json: bool) -> None:
    """Check the schema's version and the audit's chain; exit code 1 when either is wrong."""
    app = installation.app()
    with app.app_context():
        revision, head = migrating.current(db.engine), migrating.head()
        broken = waiting = None
        if revision == head:
            with reading():
                broken, waiting = audit.first_broken_seal(), audit.unsealed()
    found = {
        "revision": revision,
        "expected": head,
        "first_broken_seal": broken,
        "unsealed": waiting,
    }
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo(f"Schema: {revision or 'empty'}" + ("" if revision == head else f", not {head}"))
        click.echo(
            "Audit: the chain is whole" if broken is None else f"Audit: broken at row {broken}"
        )
    if revision != head or broken is not None:
        sys.exit(FAILED)
