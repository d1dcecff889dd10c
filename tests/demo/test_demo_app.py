"""What exists in an app of ``confer demo`` and in no other, and what keeps the two apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from webtest import TestApp

import app as joined
from core import marks, migrating
from core.db import db, session, unit_of_work
from demo import build
from demo.folder import DemoFolder
from demo.partnership import ACCOUNTS, PASSWORD
from tests.conftest import FRIDAY
from tests.demo.conftest import INSTALLATION, PORT, Demo


def test_the_sign_in_page_names_every_demo_account(demo: Demo) -> None:
    page = demo.guest.get("/sign-in")

    assert PASSWORD in page.text
    assert all(account.email in page.text for account in ACCOUNTS)


def test_every_demo_account_signs_in_and_sees_home(demo: Demo) -> None:
    for account in ACCOUNTS:
        browser = demo.guest
        form = browser.get("/sign-in").forms[0]
        form["email"], form["password"] = account.email, PASSWORD

        home = form.submit().follow()

        assert "Sign out" in home.text
        assert "This is a demo" in home.text


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_an_app_of_another_command_has_no_post_room_and_no_hints(guest: TestApp) -> None:
    page = guest.get("/sign-in")

    guest.get("/post-room", status=404)
    assert PASSWORD not in page.text
    assert "demo" not in page.text.lower()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_demo_database_is_served_by_no_other_command(
    built: DemoFolder, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFER_DATABASE_URL", f"sqlite:///{built.database}")
    monkeypatch.setenv("CONFER_BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("CONFER_SECRET_KEY", "k" * 40)

    result = CliRunner().invoke(joined.main, [command])

    assert result.exit_code == 1
    assert "confer demo" in result.output


def test_the_demo_leaves_a_database_alone_that_is_not_its_own(
    tmp_path: Path,
) -> None:
    folder = DemoFolder(tmp_path)
    app = INSTALLATION.make_app(folder.settings(folder.database, port=PORT, smtp_url=None))
    with app.app_context():
        migrating.upgrade(db.engine)
        session.remove()
        db.engine.dispose()
    before = folder.database.read_bytes()

    result = CliRunner().invoke(
        joined.main, ["demo", "--port", "0", "--data", str(tmp_path), "--fresh"]
    )

    assert result.exit_code == 1
    assert "left alone" in result.output
    assert folder.database.read_bytes() == before


def test_a_taken_port_is_said_before_anything_is_built(demo: Demo, tmp_path: Path) -> None:
    taken = str(demo.catcher.port)

    result = CliRunner().invoke(
        joined.main, ["demo", "--port", taken, "--data", str(tmp_path / "new")]
    )

    assert result.exit_code == 1
    assert f"Port {taken} is in use" in result.output
    assert not (tmp_path / "new").exists()


def test_settings_of_the_environment_are_said_to_be_ignored(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFER_SMTP_URL", "smtp://mail.northshire.example")

    result = CliRunner().invoke(
        joined.main, ["demo", "--port", str(demo.catcher.port), "--data", str(tmp_path / "new")]
    )

    said = next(line for line in result.output.splitlines() if "does not use" in line)
    assert "CONFER_SMTP_URL" in said


def test_the_demo_mails_only_to_its_own_post_room(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFER_SMTP_URL", "smtp://mail.northshire.example")

    settings = demo.app.extensions["settings"]

    assert settings.smtp_url == f"smtp://127.0.0.1:{demo.catcher.port}"
    assert settings.imap_url is None
    assert str(demo.folder.database.resolve()) in settings.database_url


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path)

    first = folder.key()

    assert folder.key() == first
    assert len(first) >= 32
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_build_that_stops_half_way_leaves_nothing_that_looks_finished(
    tmp_path: Path,
) -> None:
    folder = DemoFolder(tmp_path)
    folder.make()

    with pytest.raises(RuntimeError, match="stopped"):
        build.ensure_database(
            replace(INSTALLATION, furnish=_stop),
            folder,
            port=PORT,
            now=FRIDAY,
        )

    assert folder.unfinished.exists()
    assert not folder.database.exists()


def _stop(_now: datetime) -> None:
    raise RuntimeError("stopped")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_database_without_the_mark_may_be_served(database: Flask) -> None:
    assert marks.refuse_demo() is None


def test_a_mark_is_replaced_not_repeated(database: Flask) -> None:
    with unit_of_work():
        marks.write("colour", "green")
        marks.write("colour", "blue")

    assert marks.read("colour") == "blue"
