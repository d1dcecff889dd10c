"""The demo as its command makes it, built once at Friday 16:40; every test gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from webtest import TestApp

from app import create_app, jobs
from core import marks
from core.cli import Installation
from core.db import db, session
from demo import build, install
from demo.catcher import Catcher
from demo.folder import MAIL_DOMAIN, DemoFolder
from procedures.service import packs
from tests.conftest import FRIDAY

PORT = 8765


@dataclass(frozen=True)
class Demo:
    """A demo that is ready to be served."""

    app: Flask
    folder: DemoFolder
    catcher: Catcher

    @property
    def guest(self) -> TestApp:
        return TestApp(self.app, extra_environ={"HTTP_HOST": f"127.0.0.1:{PORT}"})

    def work(self, *names: str) -> None:
        """Run jobs of the worker once, by name and in this order."""
        found = {each.name: each for each in (*jobs(self.app), *install.jobs(self.folder))}
        for name in names:
            with self.app.app_context():
                session.remove()
                found[name].run(FRIDAY)


INSTALLATION = Installation(
    make_app=lambda settings: create_app(settings, now=lambda: FRIDAY),
    jobs=jobs,
    refuse=lambda _app: marks.refuse_demo(),
    furnish=packs.ensure_default,
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    """A folder with the finished database; nobody writes to it."""
    folder = DemoFolder(tmp_path_factory.mktemp("built") / "demo")
    folder.make()
    build.ensure_database(INSTALLATION, folder, port=PORT, now=FRIDAY)
    return folder


@pytest.fixture
def demo(built: DemoFolder, tmp_path: Path) -> Iterator[Demo]:
    folder = DemoFolder(tmp_path / "demo")
    shutil.copytree(built.root, folder.root)
    with Catcher(
        MAIL_DOMAIN, sent=folder.sent, incoming=folder.incoming, now=lambda: FRIDAY
    ) as catcher:
        settings = folder.settings(folder.database, port=PORT, smtp_url=catcher.url)
        app = INSTALLATION.make_app(settings)
        install.install(app, folder, catcher)
        yield Demo(app, folder, catcher)
        with app.app_context():
            session.remove()
            db.engine.dispose()
