"""A real ``confer serve``: its own processes, its own settings, this machine only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.databases import Place

PROCESSES = 2
_PATIENCE = 60


@contextmanager
def served(place: Place) -> Iterator[int]:
    """Run the server on a free port of this machine until the block ends; give the port."""
    port = _free_port()
    settings = place.settings(f"http://127.0.0.1:{port}")
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "CONFER_DATABASE_URL": settings.database_url,
        "CONFER_BASE_URL": settings.base_url,
        "CONFER_SECRET_KEY": settings.secret_key,
        "CONFER_MAIL_DOMAIN": settings.mail_domain,
        "CONFER_MAIL_FOLDER": str(settings.mail_folder),
        "CONFER_PARTNERSHIP_NAME": settings.partnership_name,
    }
    command = [sys.executable, "-c", "from app import main; main()", "serve",
               "--port", str(port), "--processes", str(PROCESSES)]  # fmt: skip
    log = place.folder / f"serve-{port}.log"
    with log.open("wb") as written:
        server = subprocess.Popen(command, env=environment, stderr=written)  # noqa: S603
        try:
            _wait_for(port, server, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=_PATIENCE)


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()[-2000:]}")
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            line.close()
    raise RuntimeError("the server did not answer in a minute")
