"""W10: import 52,000 schools of 139 columns: beside reading the file, and beside raw COPY.

The file is made from the header of the register's extract with invented schools; a quarter of its
rows hold quoted cells, as the register's do. Results are checked before anything is timed.
"""

from __future__ import annotations

import csv
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import func, select, text

from benchmarks.databases import KINDS, Place, new_place
from benchmarks.partnership import AT
from core.audit import AuditEntry
from core.db import db, reading, session, unit_of_work
from people.models.agencies import Agency
from people.register_report import Report
from people.service import registers
from people.terms import Actor, Register
from procedures.service import packs

SCHOOLS, QUICK_SCHOOLS = 52_000, 8_000
LEAST_OF_READING, LEAST_OF_COPY, MOST_MEMORY = 0.70, 0.50, 200
EXTRACT = Path(__file__).parents[1] / "tests/data/registers/gias-sample-2025.csv"
_ACTOR = Actor.system("benchmark")
_AUTHORITIES = 150


def run(*, quick: bool, kinds: tuple[str, ...] = KINDS) -> bool:
    """Print the workload's figures; return whether every goal was met."""
    met = True
    schools, rounds = (QUICK_SCHOOLS, 3) if quick else (SCHOOLS, 5)
    with tempfile.TemporaryDirectory(prefix="confer-w10-") as name:
        folder = Path(name)
        file = folder / "edubasealldata.csv"
        write_schools(file, schools)
        print(f"  {schools:,} schools, {file.stat().st_size / 1e6:.1f} MB")
        for kind in kinds:
            met &= _measure(kind, folder, file, schools, rounds)
            met &= _memory(kind, folder, file)
    return met


def write_schools(file: Path, count: int) -> None:
    """Write a register of invented schools: the extract's columns, every cell as long as there."""
    with EXTRACT.open(newline="", encoding="utf-8-sig") as extract:
        header, *rows = csv.reader(extract)
    at = {name: place for place, name in enumerate(header)}
    with file.open("w", newline="", encoding="cp1252") as out:
        write = csv.writer(out).writerow
        write(header)
        for number in range(count):
            row = list(rows[number % len(rows)])
            place = number % _AUTHORITIES
            row[at["URN"]] = str(100_000 + number)
            row[at["EstablishmentName"]] = f"Invented School Number {number}"
            row[at["LA (code)"]], row[at["LA (name)"]] = str(200 + place), f"Authority {place}"
            row[at["TelephoneNum"]] = f"01632{number:06d}"
            row[at["PropsName"]] = f"Owners\N{RIGHT SINGLE QUOTATION MARK} Board {number}"
            is_closed = number % 2 == 1
            row[at["EstablishmentStatus (name)"]] = "Closed" if is_closed else "Open"
            row[at["CloseDate"]] = "31-08-2019" if is_closed else ""
            if number % 4 == 0:
                row[at["Street"]] = f"{number} Long Street, The Green"
            write(row)


def _measure(kind: str, folder: Path, file: Path, schools: int, rounds: int) -> bool:
    taken: dict[str, list[float]] = {}
    for each in range(rounds + 1):
        place = new_place(kind, folder)
        app = _app(place)
        with app.app_context():
            things = _things(file, schools)
            if kind == "postgresql":
                things["COPY"] = lambda: _copy(file, schools)
            for name, work in things.items():
                gc.collect()
                started = time.perf_counter()
                work()
                if each:  # the first round warms up
                    taken.setdefault(name, []).append(time.perf_counter() - started)
            session.remove()
            db.engine.dispose()
    return _report(kind, taken, schools)


def _things(file: Path, schools: int) -> dict[str, Callable[[], object]]:
    """Return what is timed, in the order of doing: a new directory, then an unchanged file."""
    return {
        "csv.reader": lambda: _read(file, schools),
        "dry run": lambda: _check(file, new=schools),
        "import": lambda: _bring(file, new=schools),
        "dry run, unchanged": lambda: _check(file, new=0),
        "import, unchanged": lambda: _unchanged(file, schools),
    }


def _read(file: Path, schools: int) -> None:
    with file.open(newline="", encoding="cp1252") as opened:
        count = sum(1 for _ in csv.reader(opened))
    assert count == schools + 1


def _check(file: Path, *, new: int) -> None:
    with file.open("rb") as opened, reading():
        report = registers.check(opened, Register.SCHOOLS, areas=(), now=AT)
    _assert_right(report, new=new)


def _bring(file: Path, *, new: int) -> None:
    with file.open("rb") as opened, unit_of_work():
        report = registers.bring(
            opened,
            Register.SCHOOLS,
            areas=(),
            leaves_faults_out=False,
            actor=_ACTOR,
            now=AT + timedelta(minutes=1),
        )
    _assert_right(report, new=new)


def _unchanged(file: Path, schools: int) -> None:
    _bring(file, new=0)
    with reading():
        agencies = session.scalar(select(func.count()).select_from(Agency))
        versions = session.scalar(select(func.max(Agency.version)))
        lines = session.scalar(
            select(func.count()).where(AuditEntry.verb.in_(("register.imported", "agency.edited")))
        )
    assert (agencies, versions, lines) == (schools, 1, 1), "an unchanged file wrote something"


def _assert_right(report: Report, *, new: int) -> None:
    counts = report.counts
    assert (counts["new"], counts["faults"], counts["changed"]) == (new, 0, 0), counts
    assert counts["new"] + counts["unchanged"] == counts["rows"], counts


def _copy(file: Path, schools: int) -> None:
    """Copy the file with all its columns into a table of texts: the least PostgreSQL can do."""
    with EXTRACT.open(newline="", encoding="utf-8-sig") as extract:
        width = len(next(csv.reader(extract)))
    columns = ", ".join(f"c{number} text" for number in range(width))
    with unit_of_work():
        connection = session.connection()
        connection.execute(text("DROP TABLE IF EXISTS raw_schools"))
        connection.execute(text(f"CREATE TABLE raw_schools ({columns})"))
        driver = cast(Any, connection.connection.dbapi_connection)
        options = "FORMAT csv, HEADER true, ENCODING 'WIN1252'"
        with (
            driver.cursor() as cursor,
            file.open("rb") as opened,
            cursor.copy(f"COPY raw_schools FROM STDIN ({options})") as copy,
        ):
            for chunk in iter(lambda: opened.read(1 << 16), b""):
                copy.write(chunk)
        count = connection.scalar(text("SELECT count(*) FROM raw_schools"))
        connection.execute(text("DROP TABLE raw_schools"))
    assert count == schools


def _report(kind: str, taken: dict[str, list[float]], schools: int) -> bool:
    middle = {name: statistics.median(times) for name, times in taken.items()}
    read, met = middle["csv.reader"], True
    for name, seconds in middle.items():
        spread = (max(taken[name]) - min(taken[name])) / seconds
        line = f"  {kind}, {name}: {seconds / schools * 1e6:.1f} us a row, spread {spread:.0%}"
        if name not in ("csv.reader", "COPY"):
            share = read / seconds
            met &= share >= LEAST_OF_READING or "COPY" in middle
            line += f"; {share:.0%} of csv.reader (goal {LEAST_OF_READING:.0%})"
            line += "" if share >= LEAST_OF_READING else " MISSED"
        print(line, flush=True)
    if "COPY" in middle:
        share = middle["COPY"] / middle["import"]
        met &= share >= LEAST_OF_COPY
        missed = "" if share >= LEAST_OF_COPY else " MISSED"
        print(f"  {kind}, import: {share:.0%} of raw COPY (goal {LEAST_OF_COPY:.0%}){missed}")
    return met


def _memory(kind: str, folder: Path, file: Path) -> bool:
    """Import in a process of its own and ask what it needed at most, the whole program with it."""
    place = new_place(kind, folder)
    words = (place.kind, place.url, str(folder), str(file))
    found = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "benchmarks.w10_import", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    before, peak = (int(each) / 1024 for each in found.stdout.split()[-2:])
    missed = "" if peak < MOST_MEMORY else " MISSED"
    print(
        f"  {kind}, memory: {peak:.0f} MiB at most, {before:.0f} of them before the import "
        f"(goal under {MOST_MEMORY}){missed}",
        flush=True,
    )
    return peak < MOST_MEMORY


def _app(place: Place) -> Flask:
    app = place.app(lambda: AT)
    with app.app_context(), unit_of_work():
        packs.ensure_default(AT)
    return app


def _import_once(kind: str, url: str, folder: str, file: str) -> None:
    app = _app(Place(kind, url, Path(folder)))
    before = _peak()
    with app.app_context(), Path(file).open("rb") as opened, unit_of_work():
        registers.bring(
            opened, Register.SCHOOLS, areas=(), leaves_faults_out=False, actor=_ACTOR, now=AT
        )
    print(before, _peak())


def _peak() -> int:
    """Return the most memory this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    _import_once(*sys.argv[1:])
