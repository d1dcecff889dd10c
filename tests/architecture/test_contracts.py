"""The rooms and the belt: the contracts hold, and each one catches a deliberate violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "notifications", "procedures", "people", "plans", "meetings", "demo")


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": ""},
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms, to spoil."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def test_the_contracts_hold() -> None:
    found = _lint(ROOT)

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("spoiled", "line", "contract"),
    [
        ("people/queries/spoiled.py", "import plans.models\n", "the belt runs one way"),
        ("notifications/spoiled.py", "import people.terms\n", "the belt runs one way"),
        ("people/views/spoiled.py", "import plans.service\n", "the belt runs one way"),
        ("plans/rules/spoiled.py", "import sqlalchemy\n", "Rules are pure"),
        ("meetings/rules/spoiled.py", "from core import clock\n", "Rules are pure"),
        ("meetings/service/spoiled.py", "import flask\n", "Flask stays at the doors"),
        ("people/service/spoiled.py", "from core import doors\n", "Flask stays at the doors"),
        ("meetings/service/spoiled.py", "import smtplib\n", "Only the mail room"),
        ("plans/spoiled.py", "import icalendar\n", "Only the mail room"),
    ],
)
def test_a_violation_is_caught(house: Path, spoiled: str, line: str, contract: str) -> None:
    place = house / spoiled
    place.write_text(line)

    found = _lint(house)

    place.unlink()
    assert found.returncode != 0
    broken = [row for row in found.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), found.stdout
