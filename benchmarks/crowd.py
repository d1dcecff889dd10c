"""Many clients at once: a barrier lets them go together, and each answer's time is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, page, and how long it took in milliseconds."""

    status: int
    page: str
    took: float


@dataclass(slots=True)
class Browser:
    """One client of a server on this machine: every request on a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    taken: list[Answer] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form, saying as a browser does which page it comes from."""
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={held}" for name, held in self.cookies.items())
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
                "Sec-Fetch-Site": "same-origin",
            }
        started = time.perf_counter()
        line = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            line.request(method, path, body, headers)
            got = line.getresponse()
            page = got.read().decode()
        finally:
            line.close()
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        answer = Answer(got.status, page, (time.perf_counter() - started) * 1000)
        self.taken.append(answer)
        return answer


def together(doings: Sequence[Callable[[], None]], *, at_once: int | None = None) -> float:
    """Do all of these, starting together; return the seconds until the last is done.

    Args:
        at_once: how many run at the same time; all of them unless given.
    """
    size = at_once or len(doings)
    gate = threading.Barrier(size + 1)

    def take_turns(first: int) -> None:
        gate.wait()
        for doing in doings[first::size]:
            doing()

    with ThreadPoolExecutor(max_workers=size) as pool:
        running = [pool.submit(take_turns, first) for first in range(size)]
        gate.wait()
        started = time.perf_counter()
        for each in running:
            each.result()
        return time.perf_counter() - started
