"""Commands for the directory: import the national registers, dry run first."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, NoReturn
from uuid import UUID

import click

from core import clock
from core.db import reading, unit_of_work
from core.errors import Refused
from people import wording
from people.register_report import Report
from people.rules.registers import FileFault
from people.service import registers as service
from people.service.registers import FaultyRows
from people.terms import Actor, Register

FAILED = 1
_SHOWN = 50
_ACTOR = Actor.system("command line")
# The coming meetings to which agencies are invited: the room above knows them.
Coming = Callable[[Collection[UUID], datetime], Mapping[UUID, Sequence[str]]]


def directory_group(coming: Coming) -> click.Group:
    """Return the commands; ``coming`` finds the meetings that a closed establishment touches."""

    @click.group()
    def directory() -> None:
        """Keep the directory of agencies."""

    @directory.group("import")
    def import_() -> None:
        """Import a national register: without --apply nothing is written."""

    import_.add_command(_command(Register.SCHOOLS, coming))
    import_.add_command(_command(Register.PRACTICES, coming))
    return directory


def _command(register: Register, coming: Coming) -> click.Command:
    is_schools = register is Register.SCHOOLS

    @click.command(
        register.value,
        help=(
            "Import schools from FILE, edubasealldata*.csv of Get Information About Schools."
            if is_schools
            else "Import GP practices from FILE, epraccur.csv of the NHS. Only prescribing "
            "setting 4 is a GP practice."
        )
        + "\n\nNothing is written without --apply. What people typed in the directory is kept.",
    )
    @click.argument("file", type=click.File("rb"))
    @click.option(
        "--authority" if is_schools else "--commissioner",
        "areas",
        multiple=True,
        metavar="CODE",
        help="Only "
        + (
            "this local authority, such as 384"
            if is_schools
            else "this ICB or sub-ICB, such as QWO"
        )
        + "; give it again for more. Without it, those of the last import.",
    )
    @click.option("--all", "everywhere", is_flag=True, help="The whole of England.")
    @click.option("--apply", "applies", is_flag=True, help="Write it, all in one transaction.")
    @click.option("--skip-bad-rows", is_flag=True, help="Leave out rows that cannot be used.")
    @click.option("--json", "as_json", is_flag=True, help="Print the report as one line of JSON.")
    def run(
        file: BinaryIO,
        areas: tuple[str, ...],
        *,
        everywhere: bool,
        applies: bool,
        skip_bad_rows: bool,
        as_json: bool,
    ) -> None:
        """Check or import one file."""
        now = clock.now()
        try:
            report = _report(
                file,
                register,
                areas=areas,
                everywhere=everywhere,
                applies=applies,
                leaves_faults_out=skip_bad_rows,
                is_quiet=as_json,
                now=now,
            )
        except FaultyRows as faulty:
            _print(faulty.report, {}, as_json=as_json)
            _fail(faulty.why, as_json=as_json)
        except FileFault as fault:
            where = f"Line {fault.line}: " if fault.line else ""
            _fail(f"{where}{fault.why} Nothing was imported.", as_json=as_json)
        except Refused as refused:
            _fail(refused.why, as_json=as_json)
        with reading():
            meetings = coming([UUID(each.agency_id) for each in report.closings], now)
        _print(report, meetings, as_json=as_json)
        if report.counts["faults"] and not applies:
            sys.exit(FAILED)

    return run


def _report(
    file: BinaryIO,
    register: Register,
    *,
    areas: tuple[str, ...],
    everywhere: bool,
    applies: bool,
    leaves_faults_out: bool,
    is_quiet: bool,
    now: datetime,
) -> Report:
    with _bar(file, is_quiet=is_quiet) as progress:
        if not applies:
            with reading():
                chosen = service.areas_or_last(register, areas, everywhere=everywhere)
                return service.check(file, register, areas=chosen, now=now, progress=progress)
        with unit_of_work():
            chosen = service.areas_or_last(register, areas, everywhere=everywhere)
            return service.bring(
                file,
                register,
                areas=chosen,
                leaves_faults_out=leaves_faults_out,
                actor=_ACTOR,
                now=now,
                progress=progress,
            )


@contextmanager
def _bar(file: BinaryIO, *, is_quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how far the reading is, on a terminal only."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    hidden = is_quiet or not sys.stderr.isatty()
    with click.progressbar(length=size, label="Reading", file=sys.stderr, hidden=hidden) as bar:
        yield lambda read: bar.update(read - bar.pos)
        bar.update(size - bar.pos)


def _print(report: Report, meetings: Mapping[UUID, Sequence[str]], *, as_json: bool) -> None:
    if as_json:
        values = report.to_json()
        for each in values["closings"]:
            each["meetings"] = list(meetings.get(UUID(each.pop("agency_id")), ()))
        click.echo(json.dumps(values))
        return
    click.echo(f"Encoding: {report.encoding}. Areas: {', '.join(report.areas) or 'all'}.")
    for name, words in wording.IMPORT_COUNTS.items():
        if report.counts[name] or name in ("rows", "new", "changed", "closed", "faults"):
            click.echo(f"{report.counts[name]:>7}  {words}")
    for remark in report.remarks[:_SHOWN]:
        where = f"Line {remark.line}: " if remark.line else ""
        kind = "" if remark.is_fault else "Warning. "
        click.echo(f"{where}{kind}{remark.what}", err=True)
    hidden = report.counts["faults"] + report.counts["warnings"] - _SHOWN
    if hidden > 0:
        click.echo(f"And {hidden} more.", err=True)
    for change in report.changes[:_SHOWN]:
        fields = ", ".join(change.fields) or "nothing here: what people typed is kept"
        click.echo(f"Changes {change.ref} {change.name} ({change.code}): {fields}")
    for closing in report.closings:
        found = meetings.get(UUID(closing.agency_id), ())
        click.echo(
            f"Closed: {closing.ref} {closing.name} ({closing.code}) on {closing.closed_on}. "
            f"Children: {', '.join(closing.children) or 'none'}. "
            f"Coming meetings: {', '.join(found) or 'none'}."
        )
    click.echo(_last_word(report))


def _last_word(report: Report) -> str:
    if not report.differs:
        return "Nothing differs from the directory; nothing was written."
    if report.is_applied:
        return "Imported." if not report.counts["faults"] else "Imported without the rows named."
    return "This was a dry run. Add --apply to write it."


def _fail(why: str, *, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"error": why}) if as_json else why, err=not as_json)
    sys.exit(FAILED)
