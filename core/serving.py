"""Running the web app and the worker, each as a process that ends when told to."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from gunicorn.app.base import BaseApplication
from waitress import create_server

from core import scheduler
from core.logs import log
from core.scheduler import Job

THREADS = 8


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # the library is not typed
    """Gunicorn told by arguments; each of its workers builds an app of its own."""

    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the app, after the fork: a database connection must not cross it."""
        return self._make_app()


def serve(make_app: Callable[[], Flask], *, host: str, port: int, processes: int) -> None:
    """Answer requests until told to stop, with several processes."""
    _Gunicorn(
        make_app,
        {
            "bind": f"{host}:{port}",
            "workers": processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 20,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
        },
    ).run()


def serve_with_worker(app: Flask, jobs: tuple[Job, ...], *, host: str, port: int) -> None:
    """Answer requests and run the jobs in one process, for a small site and the demo."""
    clock = scheduler.start(app, jobs, worker_name())
    server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    try:
        server.run()
    finally:
        clock.shutdown(wait=False)


def work(app: Flask, jobs: tuple[Job, ...]) -> None:
    """Run the jobs until told to stop; what is running then is finished first."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    running: BackgroundScheduler = scheduler.start(app, jobs, worker_name())
    log("worker").info("worker.started", extra={"count": len(jobs)})
    scheduler.wait_for_end(running, stopped)


def worker_name() -> str:
    """Return a name for this worker that two workers do not share."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
