"""The two databases the tests run on: a SQLite file, and a PostgreSQL cluster of the tests' own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


class MissingServer(Exception):
    """There is no PostgreSQL server on this machine."""


def postgresql_url() -> str:
    """Return the URL of an empty PostgreSQL database, starting a cluster when none is named.

    Raises:
        MissingServer: no URL was given and no server is installed.
    """
    given = os.environ.get("CONFER_TEST_DATABASE_URL")
    if given:
        return given
    binaries = _binaries()
    root = Path(tempfile.mkdtemp(prefix="confer-pg-"))
    data, sockets = root / "data", root / "s"
    sockets.mkdir()
    root.chmod(0o755)
    before: list[str] = []
    if os.geteuid() == 0:  # initdb refuses to run as root
        subprocess.run(["chown", "-R", "postgres", str(root)], check=True)
        before = ["runuser", "-u", "postgres", "--"]
    _run(
        [*before, str(binaries / "initdb"), "-D", str(data), "-U", "confer", "-A", "trust",
         "-E", "UTF8", "--locale=C", "--no-sync"]
    )  # fmt: skip
    options = f"-k {sockets} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    _run(
        [*before, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l",
         str(root / "log"), "start"]
    )  # fmt: skip

    _stop_after_us([*before, str(binaries / "pg_ctl"), "-D", str(data)], root)
    return f"postgresql+psycopg://confer@/postgres?host={sockets}"


def postgresql_or_skip() -> str:
    """Return the URL, or skip the test naming what to install."""
    try:
        return postgresql_url()
    except MissingServer:
        pytest.skip("PostgreSQL is not here: apt-get install postgresql")


def _stop_after_us(control: list[str], root: Path) -> None:
    """Let a process of its own stop the cluster once this one is gone, however it ended.

    A run that is killed does nothing at its end, and its cluster would stay for good.
    """
    ours = os.getpid()
    script = (
        f"(while kill -0 {ours} 2>/dev/null; do sleep 1; done; "
        f"{shlex.join(control)} -m immediate stop; rm -rf {shlex.quote(str(root))}) &"
    )
    subprocess.run(
        ["sh", "-c", script],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
    )  # fmt: skip


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise MissingServer
