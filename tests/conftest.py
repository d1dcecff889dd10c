"""Fixtures every test may use: an app on each database, a clock to set, browsers to hold."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from webtest import TestApp

from app import create_app
from core.db import Base, db, session
from core.settings import Settings
from tests.databases import postgresql_or_skip

BASE_URL = "http://confer.example"
# A Friday at 16:40 in London: the hour at which this product is needed most.
FRIDAY = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)


class SetClock:
    """A clock a test sets."""

    def __init__(self) -> None:
        self.at = FRIDAY

    def __call__(self) -> datetime:
        return self.at


_CLOCK = SetClock()
_APPS: dict[str, Flask] = {}
_TEMPLATE: dict[str, Path] = {}


def settings_for(url: str, folder: Path) -> Settings:
    """Return the settings of a test installation."""
    return Settings(
        database_url=url,
        base_url=BASE_URL,
        secret_key="test-" * 10,
        mail_domain="meetings.confer.example",
        mail_folder=folder / "mail",
        partnership_name="Northshire Safeguarding Children Partnership",
        partnership_telephone="01632 960000",
        emergency_team_telephone="01632 960999",
    )


def _app_on(kind: str, folder: Path) -> Flask:
    if kind not in _APPS:
        url = postgresql_or_skip() if kind == "postgresql" else f"sqlite:///{folder}/confer.db"
        app = create_app(settings_for(url, folder), now=_CLOCK)
        app.config["TESTING"] = False
        with app.app_context():
            Base.metadata.create_all(db.engine)
            if kind == "sqlite":
                db.engine.dispose()
                _TEMPLATE[kind] = folder / "template.db"
                shutil.copy(folder / "confer.db", _TEMPLATE[kind])
        _APPS[kind] = app
    return _APPS[kind]


def _empty(kind: str, app: Flask, folder: Path) -> None:
    with app.app_context():
        session.remove()
        if kind == "sqlite":
            db.engine.dispose()
            for tail in ("-wal", "-shm"):
                (folder / f"confer.db{tail}").unlink(missing_ok=True)
            shutil.copy(_TEMPLATE[kind], folder / "confer.db")
            return
        names = [table.name for table in Base.metadata.sorted_tables]
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names
        )
        with db.engine.begin() as connection:
            filled = connection.execute(text(asked)).scalars().all()
            if filled:
                connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("confer")


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Flask]:
    """An app on an empty database; every test that takes it runs on both."""
    made = _app_on(request.param, _folder)
    _CLOCK.at = FRIDAY
    _empty(request.param, made, _folder)
    yield made
    with made.app_context():
        session.remove()


@pytest.fixture
def database(app: Flask) -> Iterator[Flask]:
    """An app context on an empty database, for services and queries."""
    with app.app_context():
        yield app
        session.rollback()


@pytest.fixture
def the_clock(app: Flask) -> SetClock:
    """The app's clock: ``the_clock.at = ...`` moves it."""
    return _CLOCK


@pytest.fixture
def now() -> datetime:
    """The instant at which tests begin."""
    return FRIDAY


@pytest.fixture
def guest(app: Flask) -> TestApp:
    """A browser without an account, which says which page its forms come from."""
    return TestApp(
        app,
        extra_environ={
            "HTTP_HOST": "confer.example",
            "HTTP_ORIGIN": BASE_URL,
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "REMOTE_ADDR": "192.0.2.10",
        },
    )


@pytest.fixture
def browse(app: Flask) -> Callable[..., TestApp]:
    """Return a browser signed in as an account: ``browse(account)``."""
    from tests.signed_in import cookie_for  # noqa: PLC0415 - the people room may not be loaded

    def open_browser(account: Any) -> TestApp:
        browser = TestApp(
            app, extra_environ={"HTTP_HOST": "confer.example", "REMOTE_ADDR": "192.0.2.11"}
        )
        name, value = cookie_for(app, account, _CLOCK())
        browser.set_cookie(name, value)
        return browser

    return open_browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Turn a skip into a failure where everything must be present."""
    report = yield
    if report.skipped and os.environ.get("CONFER_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr}"
    return report
