"""Settings: every fault at once, and all of them documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import PREFIX, Settings, SettingsFault

GOOD = {
    "CONFER_DATABASE_URL": "sqlite:///confer.db",
    "CONFER_BASE_URL": "https://confer.example",
    "CONFER_SECRET_KEY": "k" * 32,
}


def test_every_fault_is_reported_at_once() -> None:
    environ = {"CONFER_SMTP_URL": "http://x", "CONFER_SECRET_KEY": "short"}

    with pytest.raises(SettingsFault) as fault:
        Settings.from_env(environ)

    said = str(fault.value)
    for name in ("DATABASE_URL", "BASE_URL", "SECRET_KEY", "SMTP_URL"):
        assert f"CONFER_{name}" in said


def test_a_secret_is_never_shown() -> None:
    assert "kkkk" not in repr(Settings.from_env(GOOD))


def test_the_short_name_of_postgresql_means_the_driver_we_ship() -> None:
    settings = Settings.from_env(GOOD | {"CONFER_DATABASE_URL": "postgresql://h/confer"})

    assert settings.database_url == "postgresql+psycopg://h/confer"


def test_every_setting_stands_in_the_example() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()

    for name in Settings.__dataclass_fields__:
        assert f"{PREFIX}{name.upper()}=" in example
