"""Pages of register imports: bring a file, see what it would do, then let it be written."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from core.doors import Rerender, act, actor, now, page
from core.errors import NotFound, Refused
from meetings.queries import by_agency
from people import wording
from people.models.registers import Import
from people.queries import registers as read
from people.register_report import Closing, Remark, Report
from people.rules.registers import FileFault
from people.service import registers as service
from people.terms import Action, ImportState, Register

blueprint = Blueprint("imports", __name__)
MOST_BYTES = 10 * 1024 * 1024
# What a browser adds around a file: the parts' heads and the other boxes.
_AROUND = 64 * 1024
_SHOWN = 100
_INDEX, _SHOW = "people/imports.html", "people/import.html"


@blueprint.before_request
def let_a_file_in() -> None:
    """Raise the limit of a request's size for the one form that carries a file."""
    if request.endpoint == "imports.upload":
        request.max_content_length = MOST_BYTES + _AROUND


@blueprint.get("/admin/imports")
@page(Action.DIRECTORY_EDIT)
def index() -> ResponseReturnValue:
    """Ask for a file, list past imports, and who still points at what has closed."""
    return render_template(_INDEX, **_index({}))


@blueprint.post("/admin/imports")
@act(Action.DIRECTORY_EDIT)
def upload() -> ResponseReturnValue:
    """Check a file; nothing of the directory changes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise _again({"file": ["Choose the register's CSV file."]})
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _again({"file": ["The file is larger than 10 MB. Import it by command instead."]})
    try:
        register = Register(request.form.get("register", ""))
    except ValueError:
        raise _again({"register": ["Say which register the file is."]}) from None
    codes = tuple(request.form.get("areas", "").replace(",", " ").split())
    everywhere = request.form.get("everywhere") == "yes"
    try:
        areas = service.areas_or_last(register, codes, everywhere=everywhere)
        report = service.check(io.BytesIO(content), register, areas=areas, now=now())
    except FileFault as fault:
        where = f"Line {fault.line}: " if fault.line else ""
        raise _again({"file": [f"{where}{fault.why} Nothing was imported."]}) from fault
    except Refused as refused:
        box = "areas" if refused.rule == "import.areas" else "file"
        raise _again({box: [refused.why]}) from refused
    row = service.keep_checked(content, register, report, actor=actor(), now=now())
    return redirect(f"/admin/imports/{row.ref}")


@blueprint.get("/admin/imports/<ref>")
@page(Action.DIRECTORY_EDIT)
def show(ref: str) -> ResponseReturnValue:
    """Show what an import would do, or did."""
    return render_template(_SHOW, **_shown(_import(ref)))


@blueprint.post("/admin/imports/<ref>/apply")
@act(Action.DIRECTORY_EDIT)
def apply(ref: str) -> ResponseReturnValue:
    """Write a checked file to the directory, all of it or nothing."""
    row = _import(ref)
    if row.content is None:
        raise Rerender(
            _SHOW, **_shown(row, "This file was imported already, or a newer one was checked.")
        )
    leaves_out = request.form.get("leaves_faults_out") == "yes"
    try:
        service.apply_checked(
            row,
            io.BytesIO(row.content),
            leaves_faults_out=leaves_out,
            actor=actor(),
            now=now(),
        )
    except (FileFault, Refused) as refused:
        raise Rerender(_SHOW, **_shown(row, refused.why)) from refused
    return redirect(f"/admin/imports/{ref}")


def _import(ref: str) -> Import:
    row = read.import_by_ref(ref)
    if row is None:
        raise NotFound("import")
    return row


def _again(errors: dict[str, list[str]]) -> Rerender:
    return Rerender(_INDEX, **_index(errors))


def _index(errors: dict[str, list[str]]) -> dict[str, Any]:
    closed = read.closed_yet_connected(clock.today(now()))
    ids = [each.id for each in closed]
    children = read.children_of(ids, clock.today(now()))
    coming = by_agency.coming(ids, now())
    return {
        "registers": wording.options(wording.REGISTERS),
        "values": request.form.to_dict(),
        "errors": errors,
        "imports": [_line(each) for each in read.imports()],
        "closed": [
            [
                {"text": each.name, "href": f"/admin/agencies/{each.ref}"},
                _or_none(children.get(each.id, ())),
                _or_none(coming.get(each.id, ())),
            ]
            for each in closed
        ],
    }


def _line(row: Import) -> list[Any]:
    counts = row.report["counts"]
    return [
        {"text": row.ref, "href": f"/admin/imports/{row.ref}"},
        wording.REGISTERS[row.register],
        wording.IMPORT_STATES[row.state],
        row.by_name,
        str(counts.get("new", 0)),
        str(counts.get("changed", 0)),
    ]


def _shown(row: Import, error: str | None = None) -> dict[str, Any]:
    report = Report.from_json(row.report)
    coming = by_agency.coming([UUID(each.agency_id) for each in report.closings], now())
    faults = [each for each in report.remarks if each.is_fault]
    warnings = [each for each in report.remarks if not each.is_fault]
    return {
        "ref": row.ref,
        "register": wording.REGISTERS[row.register],
        "is_applied": row.state is ImportState.APPLIED,
        "may_apply": row.content is not None and report.differs,
        "has_faults": bool(faults),
        "differs": report.differs,
        "at": row.applied_at or row.checked_at,
        "by_name": row.by_name,
        "encoding": report.encoding,
        "areas": ", ".join(report.areas) or "The whole register",
        "sha256": report.sha256,
        "counts": [
            {"key": words, "value": report.counts[name]}
            for name, words in wording.IMPORT_COUNTS.items()
            if report.counts[name] or name in ("rows", "new", "changed", "closed", "faults")
        ],
        "faults": [_remark(each) for each in faults[:_SHOWN]],
        "more_faults": max(0, report.counts["faults"] - _SHOWN),
        "warnings": [_remark(each) for each in warnings[:_SHOWN]],
        "more_warnings": max(0, report.counts["warnings"] - _SHOWN),
        "changes": [
            [
                {"text": each.name, "href": f"/admin/agencies/{each.ref}"},
                each.code,
                ", ".join(wording.IMPORTED_FIELDS[name] for name in each.fields)
                or "Nothing: what people typed is kept",
            ]
            for each in report.changes[:_SHOWN]
        ],
        "closings": [
            _closing(each, coming.get(UUID(each.agency_id), ())) for each in report.closings
        ],
        "errors": {"form": [error]} if error else {},
    }


def _remark(remark: Remark) -> list[Any]:
    return [str(remark.line or "Whole file"), remark.code or "None", remark.what]


def _closing(closing: Closing, meetings: Iterable[str]) -> list[Any]:
    return [
        {"text": closing.name, "href": f"/admin/agencies/{closing.ref}"},
        closing.closed_on,
        _or_none(closing.children),
        _or_none(meetings),
    ]


def _or_none(refs: Iterable[str]) -> str:
    return ", ".join(refs) or "None"
