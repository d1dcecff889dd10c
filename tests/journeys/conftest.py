"""A demo that is served, a browser to walk it with, and a person who counts presses."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from waitress import create_server

from app import create_app, jobs
from core import marks, scheduler
from core.cli import Installation
from core.db import db, session
from demo import build, install
from demo.catcher import Catcher
from demo.folder import MAIL_DOMAIN, DemoFolder
from procedures.service import packs
from tests.conftest import FRIDAY, SetClock
from tests.journeys.person import Person

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Site:
    """The demo, served."""

    app: Flask
    folder: DemoFolder
    url: str
    clock: SetClock

    def work(self, *names: str) -> None:
        """Let the worker do these jobs once, in this order."""
        found = {each.name: each for each in (*jobs(self.app), *install.jobs(self.folder))}
        for name in names:
            with self.app.app_context():
                session.remove()
                found[name].run(self.clock.at)

    def move_to(self, instant: datetime) -> None:
        """Let time pass; the worker lives on."""
        self.clock.at = instant
        self.beat()

    def beat(self) -> None:
        """Show that a worker lives, as a running one does."""
        with self.app.app_context():
            session.remove()
            scheduler.beat("journeys", now=self.clock.at)
            session.remove()

    def bring_mail(self) -> None:
        """Deliver what waits, take in what was answered, and apply it."""
        self.work("mail.deliver", "demo.take_in", "mail.read", "replies.apply")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser, where there is one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """The demo's folder with a finished database; nobody writes to it."""
    folder = DemoFolder(tmp_path_factory.mktemp("journeys") / "demo")
    folder.make()
    build.ensure_database(_installation(lambda: FRIDAY), folder, port=0, now=FRIDAY)
    return folder


def _installation(now: Callable[[], datetime]) -> Installation:
    return Installation(
        make_app=lambda settings: create_app(settings, now=now),
        jobs=jobs,
        refuse=lambda _app: marks.refuse_demo(),
        furnish=packs.ensure_default,
    )


@pytest.fixture
def site(built: DemoFolder, tmp_path: Path) -> Iterator[Site]:
    """The demo on a free port, on a copy of its data, with a clock the test sets."""
    clock = SetClock()
    folder = DemoFolder(tmp_path / "demo")
    shutil.copytree(built.root, folder.root)
    with Catcher(
        MAIL_DOMAIN, sent=folder.sent, incoming=folder.incoming, now=lambda: clock.at
    ) as catcher:
        listener = create_server(lambda *_: [b""], host="127.0.0.1", port=0)
        port = listener.effective_port
        settings = folder.settings(folder.database, port=port, smtp_url=catcher.url)
        app = _installation(clock).make_app(settings)
        install.install(app, folder, catcher)
        listener.application = app
        running = threading.Thread(target=listener.run, daemon=True)
        running.start()
        found = Site(app, folder, settings.base_url, clock)
        found.beat()
        yield found
        listener.close()
        running.join(timeout=5)
        with app.app_context():
            session.remove()
            db.engine.dispose()


_WIDE, _NARROW = (1280, 900), (360, 740)
Come = Callable[..., Person]


@pytest.fixture(params=["wide", "narrow"])
def person(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Come]:
    """Return somebody at a browser of their own, on a desk's screen and on a telephone's."""
    size = {"wide": _WIDE, "narrow": _NARROW}[request.param]
    yield from _people(chromium, site, size, has_script=True)


@pytest.fixture
def at_a_desk(chromium: Browser, site: Site) -> Iterator[Come]:
    """Return somebody before a desk's screen."""
    yield from _people(chromium, site, _WIDE, has_script=True)


@pytest.fixture
def on_a_telephone(chromium: Browser, site: Site) -> Iterator[Come]:
    """Return somebody with a telephone's screen."""
    yield from _people(chromium, site, _NARROW, has_script=True)


@pytest.fixture
def without_script(chromium: Browser, site: Site) -> Iterator[Come]:
    """Return somebody whose browser runs no script."""
    yield from _people(chromium, site, _NARROW, has_script=False)


def _people(
    chromium: Browser, site: Site, size: tuple[int, int], *, has_script: bool
) -> Iterator[Come]:
    contexts: list[BrowserContext] = []

    def come(name: str | None = None, *, is_passing: bool = False) -> Person:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=has_script,
            # axe is put into the page by the test, which the page's own policy forbids.
            bypass_csp=True,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        found = Person(context.new_page(), site.url, has_script, is_passing=is_passing)
        if name is not None:
            found.sign_in(name)
        return found

    yield come
    for context in contexts:
        context.close()
