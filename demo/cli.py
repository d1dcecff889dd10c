"""``confer demo``: the whole service with invented people, in one process, for one computer."""

from __future__ import annotations

import os
import signal
import socket
import sys
from datetime import timedelta
from pathlib import Path

import click

from core import clock, logs, serving
from core.cli import FAILED, Installation
from core.settings import PREFIX
from demo import build, install
from demo.catcher import HOST, Catcher
from demo.folder import MAIL_DOMAIN, DemoFolder
from demo.partnership import PASSWORD

_OLD = timedelta(days=1)


@click.command("demo")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("confer-data/demo"),
    show_default=True,
    help="Folder for the demo's key, database and mails.",
)
@click.option("--fresh", is_flag=True, help="Forget what was done and build the demo anew.")
@click.pass_obj
def demo(installation: Installation, port: int, data: Path, *, fresh: bool) -> None:
    """Run the service with invented people on this computer only.

    Makes its own data folder at first start. No mail leaves the computer: a post room shows
    each mail as its recipient sees it. CONFER_ settings of the environment are not read.
    """
    logs.install("WARNING")
    _say_what_is_ignored()
    port = _free_port(port)
    folder = DemoFolder(data)
    folder.make()
    _prepare(installation, folder, port=port, fresh=fresh)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Catcher(MAIL_DOMAIN, sent=folder.sent, incoming=folder.incoming, now=clock.now) as catcher:
        settings = folder.settings(folder.database, port=port, smtp_url=catcher.url)
        app = installation.make_app(settings)
        install.install(app, folder, catcher)
        click.echo(f"Confer demo: {settings.base_url}  (Ctrl+C stops it)")
        click.echo(f"Sign in with an account named there; the password is {PASSWORD}")
        jobs = (*installation.jobs(app), *install.jobs(folder))
        serving.serve_with_worker(app, jobs, host=HOST, port=port)


def _say_what_is_ignored() -> None:
    ignored = sorted(name for name in os.environ if name.startswith(PREFIX))
    if ignored:
        click.echo(
            f"The demo does not use {', '.join(ignored)}: it works with its own database and "
            "its own post room only.",
            err=True,
        )


def _free_port(port: int) -> int:
    """Return the port, or one that is free for 0; end the command when it is taken."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            click.echo(f"Port {port} is in use. Choose another with --port.", err=True)
            sys.exit(FAILED)
        return int(tried.getsockname()[1])


def _prepare(installation: Installation, folder: DemoFolder, *, port: int, fresh: bool) -> None:
    """Leave a demo's database in the folder, or end the command."""
    now = clock.now()
    if folder.database.exists():
        built_at = build.built_at(installation, folder)
        if built_at is None:
            click.echo(
                f"{folder.database} does not hold demo data, so it is left alone. "
                "Choose another folder with --data.",
                err=True,
            )
            sys.exit(FAILED)
        if fresh:
            folder.forget()
        elif now - built_at > _OLD:
            click.echo(
                f"This demo was built on {clock.london(built_at):%d %B %Y}, and its dates lie "
                "around that day. --fresh builds it for today."
            )
    if not folder.database.exists():
        click.echo("Building the demo's data ...")
        build.ensure_database(installation, folder, port=port, now=now)
