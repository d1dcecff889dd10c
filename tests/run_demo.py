"""Start the demo as README says, sign in to it, and look at Home; for CI and for anybody.

python -m tests.run_demo
"""

from __future__ import annotations

import html
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

LONGEST_SECONDS = 90
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_ADDRESS = re.compile(r"[a-z.]+@northshire\.example")
_PASSWORD = re.compile(r"password is <strong>([^<]+)</strong>")


class NotAsPromised(Exception):
    """The demo did not do what README says."""


class Browser:
    """A browser without scripts: it keeps cookies and follows redirects."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        return self._read(urllib.request.Request(self._base_url + path))  # noqa: S310 - http

    def post(self, path: str, **fields: str) -> str:
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self._base_url + path, data=body)  # noqa: S310 - http
        return self._read(request)

    def _read(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())


def main() -> int:
    """Run the demo from an empty folder; 0 when everything is there."""
    script = Path(sys.executable).with_name("confer")
    if not script.exists():
        print(f"{script} is not there: install the project first (pip install -e .)")
        return 1
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="confer-demo-") as folder:
        environment = {key: value for key, value in os.environ.items() if "CONFER" not in key}
        running = subprocess.Popen(
            [str(script), "demo", "--port", str(port), "--data", str(Path(folder) / "demo")],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _look(Browser(f"http://127.0.0.1:{port}"), running)
        except (NotAsPromised, urllib.error.URLError) as fault:
            running.kill()
            print(f"The demo did not start as promised: {fault}")
            print(running.communicate()[0])
            return 1
        running.terminate()
        said = running.communicate(timeout=20)[0]
        print(said.strip())
        print(f"It ended with exit code {running.returncode}.")
        return 0 if running.returncode == 0 else 1


def _look(browser: Browser, running: subprocess.Popen[str]) -> None:
    started = time.monotonic()
    page = _first_page(browser, running, until=started + LONGEST_SECONDS)
    print(f"The sign-in page came after {time.monotonic() - started:.0f} seconds.")
    addresses = _ADDRESS.findall(page)
    token, password = _TOKEN.search(page), _PASSWORD.search(page)
    if len(addresses) < 7 or token is None or password is None:
        raise NotAsPromised("the sign-in page does not name the demo's accounts and password")
    print("It names: " + ", ".join(addresses))
    for address in addresses:
        home = _signed_in(browser, address, password.group(1))
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", home, re.DOTALL)
        print(f"{address} sees: {html.unescape(heading.group(1)).strip() if heading else '?'}")
    if "Post room" not in browser.get("/post-room"):
        raise NotAsPromised("there is no post room")


def _first_page(browser: Browser, running: subprocess.Popen[str], *, until: float) -> str:
    while time.monotonic() < until:
        if running.poll() is not None:
            raise NotAsPromised(f"it ended by itself with exit code {running.returncode}")
        try:
            return browser.get("/sign-in")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise NotAsPromised(f"no sign-in page within {LONGEST_SECONDS} seconds")


def _signed_in(browser: Browser, address: str, password: str) -> str:
    """Sign in with the page's own form, read Home and sign out again."""
    token = _TOKEN.search(browser.get("/sign-in"))
    if token is None:
        raise NotAsPromised("the sign-in page has no form")
    browser.post("/sign-in", csrf_token=token.group(1), email=address, password=password)
    home = browser.get("/")
    out = _TOKEN.search(home)
    if "Sign out" not in home or out is None:
        raise NotAsPromised(f"{address} could not sign in")
    browser.post("/sign-out", csrf_token=out.group(1))
    return home


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
