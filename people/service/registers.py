"""Import a national register into the directory: read as a stream, compared, written in batches.

The caller's transaction is the only one, so that a file that fails in its last line leaves nothing
behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from core import audit
from core.db import session
from core.errors import Refused
from core.ids import new_id, new_references
from people.models.registers import Import
from people.queries import registers as read
from people.register_report import Report
from people.service.register_run import Progress, Run
from people.terms import Actor, ImportState, Register


class FaultyRows(Refused):
    """The file holds rows that cannot be used, and nobody said to leave them out."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            "import.faults",
            f"Rows that cannot be used: {report.counts['faults']}. Nothing was imported. Put them "
            "right in the file, or import the rest without them.",
        )
        self.report = report


def check(
    file: BinaryIO,
    register: Register,
    *,
    areas: tuple[str, ...],
    now: datetime,
    progress: Progress | None = None,
) -> Report:
    """Say what an import would do, without writing anything.

    Args:
        areas: codes of local authorities, or of commissioners; none for the whole register.
            What the directory knows already is followed wherever it lies.
        progress: told how many bytes were read, now and then.

    Raises:
        FileFault: the file cannot be used at all.
        Refused: the rules in force name no kind of agency for such establishments.
    """
    return Run.of(file, register, areas=areas, actor=None, now=now).report_of(file, progress)


def bring(
    file: BinaryIO,
    register: Register,
    *,
    areas: tuple[str, ...],
    leaves_faults_out: bool,
    actor: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> Report:
    """Import a file; when nothing differs, nothing is written.

    Raises:
        FaultyRows: a row cannot be used and ``leaves_faults_out`` was not said; the caller's
            transaction must be given up, since rows before it are in it.
        FileFault, Refused: as for ``check``; the same holds.
    """
    report = _write(
        file,
        register,
        areas=areas,
        leaves_faults_out=leaves_faults_out,
        actor=actor,
        now=now,
        progress=progress,
    )
    if report.differs:
        row = _import(report, register, ImportState.APPLIED, actor=actor, now=now)
        row.applied_at = now
        _record("register.imported", row, report, actor=actor, now=now)
    return report


def keep_checked(
    content: bytes, register: Register, report: Report, *, actor: Actor, now: datetime
) -> Import:
    """Keep a file that was checked until a person says to import it; an earlier one is let go."""
    for other in read.imports():
        if other.register is register and other.state is ImportState.CHECKED:
            other.content = None
    row = _import(report, register, ImportState.CHECKED, actor=actor, now=now)
    row.content = content
    _record("register.checked", row, report, actor=actor, now=now)
    return row


def apply_checked(
    row: Import, file: BinaryIO, *, leaves_faults_out: bool, actor: Actor, now: datetime
) -> Report:
    """Write a kept file to the directory; the file is let go, its report stays.

    Raises:
        FaultyRows, FileFault, Refused: as for ``bring``.
    """
    report = _write(
        file,
        row.register,
        areas=tuple(row.areas),
        leaves_faults_out=leaves_faults_out,
        actor=actor,
        now=now,
        progress=None,
    )
    row.report, row.content = report.to_json(), None
    row.state, row.applied_at = ImportState.APPLIED, now
    _record("register.imported", row, report, actor=actor, now=now)
    return report


def areas_or_last(
    register: Register, areas: tuple[str, ...], *, everywhere: bool
) -> tuple[str, ...]:
    """Return the areas to import: those named, or those of the last import, or all when asked.

    Raises:
        Refused: none were named and nothing was imported before.
    """
    if everywhere or areas:
        return () if everywhere else tuple(sorted(set(areas)))
    last = read.areas_of_last(register)
    if last is None:
        raise Refused(
            "import.areas",
            "Say which areas to import: the codes of your local authorities (schools) or of your "
            "commissioners (practices), or the whole register.",
        )
    return last


def _write(
    file: BinaryIO,
    register: Register,
    *,
    areas: tuple[str, ...],
    leaves_faults_out: bool,
    actor: Actor,
    now: datetime,
    progress: Progress | None,
) -> Report:
    run = Run.of(file, register, areas=areas, actor=actor, now=now)
    report = run.report_of(file, progress)
    if report.counts["faults"] and not leaves_faults_out:
        raise FaultyRows(report)
    return report


def _import(
    report: Report, register: Register, state: ImportState, *, actor: Actor, now: datetime
) -> Import:
    row = Import(
        id=new_id(),
        ref=new_references("R", 1).pop(),
        register=register,
        state=state,
        sha256=report.sha256,
        areas=list(report.areas),
        report=report.to_json(),
        by_name=actor.name[:200],
        by_id=actor.account_id,
        checked_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _record(verb: str, row: Import, report: Report, *, actor: Actor, now: datetime) -> None:
    session.flush()
    counts = ", ".join(
        f"{name} {report.counts[name]}" for name in ("new", "changed", "closed", "faults")
    )
    audit.record(actor, verb, "import", row.id, now=now, detail=f"{row.register}: {counts}")
