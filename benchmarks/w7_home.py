"""W7: the home page at two sizes: the same statements, the same words, and what it takes.

The person's own cases are the same at both sizes; only everybody else's grow tenfold.
"""

from __future__ import annotations

import io
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks import partnership
from benchmarks.databases import KINDS, loading, new_place
from benchmarks.partnership import AT, Partnership
from benchmarks.rows import reference, row_id, token_of
from benchmarks.timing import Times, in_turns, statements
from core.db import db
from core.signing_in import cookie_name
from procedures.shipped import default_pack, default_text, digest

SIZES, QUICK_SIZES = (5_000, 50_000), (500, 5_000)
PEOPLE = ("worker", "manager", "chair", "support")
TIMED = ("worker", "manager")
MOST_OF_TEMPLATE, MOST_GROWTH, MOST_OF_P50 = 4.0, 1.5, 1.5
_SHOWN, _ACTIONS_SHOWN = 20, 10
_CHANGES_EACH_TIME = re.compile(
    r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"|/tasks/[0-9a-f]{12}'
)


@dataclass(slots=True)
class Home:
    """The home page of the first worker, manager, chair and support worker of one partnership."""

    app: Flask
    environs: dict[str, dict[str, Any]]

    def page(self, who: str) -> str:
        """Ask for a person's home page through WSGI."""
        environ = self.environs[who].copy()
        environ["wsgi.input"] = io.BytesIO()
        answer, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        assert status == "200 OK", status
        return b"".join(answer).decode()

    def statements(self, who: str) -> int:
        """Count the statements of one request."""
        self.page(who)
        with self.app.app_context():
            engine = db.engine
        with statements(engine) as seen:
            self.page(who)
        return len(seen)

    def template(self, who: str) -> Callable[[], str]:
        """Return what renders the page's template alone, with the values the page gave it."""
        caught: list[tuple[Any, dict[str, Any]]] = []

        def note(_: Flask, template: object, context: dict[str, Any], **__: object) -> None:
            caught.append((template, context))

        with template_rendered.connected_to(note, self.app):
            self.page(who)
        (template, context), *rest = caught
        assert not rest

        def render() -> str:
            with self.app.test_request_context("/", base_url="http://confer.example"):
                return str(template.render(context))

        return render


def run(*, quick: bool, kinds: tuple[str, ...] = KINDS) -> bool:
    """Print the workload's figures; return whether every goal was met."""
    met = True
    sizes = QUICK_SIZES if quick else SIZES
    with tempfile.TemporaryDirectory(prefix="confer-w7-") as folder:
        for kind in kinds:
            homes = {size: _home(kind, size, Path(folder)) for size in sizes}
            _assert_right(kind, homes)
            met &= _measure(kind, homes, rounds=3 if quick else 7, runs=20 if quick else 40)
            for home in homes.values():
                with home.app.app_context():
                    db.engine.dispose()
    return met


def _home(kind: str, size: int, folder: Path) -> Home:
    started = time.perf_counter()

    def now() -> datetime:
        return AT + timedelta(seconds=time.perf_counter() - started)

    place = new_place(kind, folder)
    app = place.app(now)
    text, pack = default_text(), default_pack()
    with app.app_context(), loading(db.engine) as connection:
        pack_id = partnership.write_pack(connection, text, digest(text), pack)
        wanted = Partnership(size, pack_id, pack.items("meeting_type")[0].id)
        count = partnership.load(connection, wanted)
    print(f"  {kind}, {size:,} children: {count:,} rows in {time.perf_counter() - started:.0f} s",
          flush=True)  # fmt: skip
    started = time.perf_counter()
    cookie = cookie_name(app.extensions["settings"])
    environs = {
        who: EnvironBuilder(
            path="/",
            base_url="http://confer.example",
            headers=[("Cookie", f"{cookie}={token_of(row_id(who, 0))}")],
        ).get_environ()
        for who in PEOPLE
    }
    return Home(app, environs)


def _assert_right(kind: str, homes: dict[int, Home]) -> None:
    """The pages must show what a plain reading of the rows says, and not change with the size."""
    for who in PEOPLE:
        pages = {_CHANGES_EACH_TIME.sub("", home.page(who)) for home in homes.values()}
        assert len(pages) == 1, f"{kind}: the {who}'s page differs between the sizes"
        counts = {size: home.statements(who) for size, home in homes.items()}
        assert len(set(counts.values())) == 1, f"{kind}: the {who}'s statements grow: {counts}"
        print(f"  {kind}, {who}: {next(iter(counts.values()))} statements at every size")
    page = next(iter(homes.values())).page("worker")
    _assert_worker(page)


def _assert_worker(page: str) -> None:
    mine = range(partnership.CASELOAD)
    team = range(partnership.CASELOAD * partnership.WORKERS_OF_A_TEAM)
    at_risk = _between(page, 'id="at-risk"', 'id="waiting"')
    my_meetings = _between(page, 'id="my-meetings"', 'id="my-actions"')
    my_actions = page.split('id="my-actions"', 1)[1]
    children = [n for n in team if partnership.has_open_deadline(n)]
    children.sort(key=partnership.deadline_of)
    wanted = [reference("C", n) for n in children[:_SHOWN]]
    assert re.findall(r'href="/children/(C-\w{6})"', at_risk)[: len(wanted)] == wanted
    soon = [n for n in mine if partnership.next_meeting_at(n) <= AT + timedelta(days=14)]
    soon.sort(key=lambda n: (partnership.next_meeting_at(n), reference("M", n * 2 + 1)))
    wanted = [reference("M", n * 2 + 1) for n in soon[:_SHOWN]]
    assert re.findall(r'href="/meetings/(M-\w{6})"', my_meetings) == wanted
    due = sorted(
        (partnership.due_on(n, k), partnership.action_ref(n, k))
        for n in mine
        for k in range(partnership.OPEN_ACTIONS)
    )
    wanted = [ref for _, ref in due[:_ACTIONS_SHOWN]]
    assert re.findall(r'href="/actions/(A-\w{6})"', my_actions) == wanted
    assert f"See all {len(due)}" in my_actions


def _between(page: str, start: str, end: str) -> str:
    return page.split(start, 1)[1].split(end, 1)[0]


def _measure(kind: str, homes: dict[int, Home], *, rounds: int, runs: int) -> bool:
    things: dict[str, Callable[[], object]] = {}
    for size, home in homes.items():
        for who in TIMED:
            things[f"{who} {size} page"] = partial(home.page, who)
            things[f"{who} {size} template"] = home.template(who)
    times = in_turns(things, rounds=rounds, runs=runs)
    met = [_report(kind, who, list(homes), times) for who in TIMED]
    return all(met)


def _report(kind: str, who: str, sizes: list[int], times: dict[str, Times]) -> bool:
    met = True
    for size in sizes:
        page, template = times[f"{who} {size} page"], times[f"{who} {size} template"]
        ratio, tail = page.p50 / template.p50, page.p95 / page.p50
        met &= ratio <= MOST_OF_TEMPLATE and tail <= MOST_OF_P50
        print(
            f"  {kind}, {who}, {size:,}: page p50 {page.p50:.2f} ms, p95 {page.p95:.2f} ms "
            f"({tail:.2f}x); template {template.p50:.2f} ms; page/template {ratio:.2f}x "
            f"(goal {MOST_OF_TEMPLATE:g}x){'' if ratio <= MOST_OF_TEMPLATE else ' MISSED'}; "
            f"spread {page.spread:.0%}"
        )
    small, large = (times[f"{who} {size} page"].p50 for size in sizes)
    growth = large / small
    missed = "" if growth <= MOST_GROWTH else " MISSED"
    print(f"  {kind}, {who}: growth {growth:.2f}x (goal {MOST_GROWTH:g}x){missed}")
    return met and growth <= MOST_GROWTH
