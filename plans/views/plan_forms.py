"""The forms of a plan, a section at a time; a lost race shows both texts and asks which to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, Refused
from core.fields import parts as gather
from core.filters import plain_date, plain_time
from people.form_fields import errors_of
from people.models.children import Child
from people.terms import Action as Permission
from plans.schemas import EndPartSchema
from plans.service import parts
from plans.service.versions import Row, words_of
from plans.views.frame import (
    child_frame,
    child_of,
    open_plan,
    plan_resource,
)
from plans.views.part_fields import Part, clash_fields, part_of, stored_row, typed, unchosen

blueprint = Blueprint("plan_forms", __name__)


@blueprint.get("/children/<ref>/plan/add/<name>")
@page(Permission.PLAN_EDIT, of=plan_resource)
def ask_new(ref: str, name: str) -> ResponseReturnValue:
    """Ask for a new row of a part."""
    child, part = child_of(ref), part_of(name)
    open_plan(child)
    values = {"whose": request.args.get("whose", "")}
    return render_template(part.template, **_form(child, part, values))


@blueprint.post("/children/<ref>/plan/add/<name>")
@act(Permission.PLAN_EDIT, of=plan_resource)
def add(ref: str, name: str) -> ResponseReturnValue:
    """Put a new row on the plan."""
    child, part = child_of(ref), part_of(name)

    def write(loaded: dict[str, Any]) -> None:
        parts.add(open_plan(child), part.words(loaded), why=loaded["why"], actor=actor(), now=now())

    return _take(child, part, None, gather(request.form), write)


@blueprint.get("/children/<ref>/plan/<name>/<int:position>")
@page(Permission.PLAN_EDIT, of=plan_resource)
def ask_change(ref: str, name: str, position: int) -> ResponseReturnValue:
    """Ask for the change of a row; the form remembers which version it shows."""
    child, part = child_of(ref), part_of(name)
    row = stored_row(open_plan(child), part, position)
    return render_template(part.template, **_form(child, part, _stored(row), row=row))


@blueprint.post("/children/<ref>/plan/<name>/<int:position>")
@act(Permission.PLAN_EDIT, of=plan_resource)
def change(ref: str, name: str, position: int) -> ResponseReturnValue:
    """Change a row, or show both texts when somebody else was quicker."""
    child, part = child_of(ref), part_of(name)
    plan = open_plan(child)
    row = stored_row(plan, part, position, or_ended=True)
    theirs = parts.as_text(words_of(row))
    given = typed(request.form, part, theirs)
    missing = unchosen(request.form)
    if missing:
        raise _clash(child, part, row, given, errors=missing)

    def write(loaded: dict[str, Any]) -> None:
        parts.change(
            plan,
            row,
            part.words(loaded),
            seen_version=_seen(),
            why=loaded["why"],
            actor=actor(),
            now=now(),
        )

    return _take(child, part, row, given, write)


@blueprint.post("/children/<ref>/plan/<name>/<int:position>/end")
@act(Permission.PLAN_EDIT, of=plan_resource)
def end(ref: str, name: str, position: int) -> ResponseReturnValue:
    """Take a row off the plan with a reason."""
    child, part = child_of(ref), part_of(name)
    plan = open_plan(child)
    row = stored_row(plan, part, position)
    try:
        loaded = EndPartSchema().load({"why": request.form.get("end_why", "")})
        parts.end(plan, row, seen_version=_seen(), why=loaded["why"], actor=actor(), now=now())
    except ValidationError as fault:
        errors = {"end_why": errors_of(fault).get("why", [])}
        shown = _form(child, part, _stored(row), row=row, errors=errors)
        raise Rerender(part.template, **shown) from fault
    except Conflict as fault:
        shown = _form(child, part, _stored(row), row=row, errors={"form": [fault.why]})
        raise Rerender(part.template, status=409, **shown) from fault
    return _back(child)


def _take(
    child: Child,
    part: Part,
    row: Row | None,
    given: dict[str, Any],
    write: Callable[[dict[str, Any]], None],
) -> ResponseReturnValue:
    try:
        write(_loaded(part, given))
    except ValidationError as fault:
        errors = errors_of(fault)
        shown = _form(child, part, request.form, row=row, errors=errors)
        raise Rerender(part.template, **shown) from fault
    except Refused as fault:
        shown = _form(child, part, request.form, row=row, errors={"form": [fault.why]})
        raise Rerender(part.template, **shown) from fault
    except Conflict as fault:
        if row is None:
            raise
        raise _clash(child, part, row, fault.yours, theirs=fault.theirs) from fault
    return _back(child)


def _loaded(part: Part, given: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = part.schema.load(given)
    return loaded


def _clash(
    child: Child,
    part: Part,
    row: Row,
    yours: Mapping[str, Any],
    *,
    theirs: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Rerender:
    stands = theirs or {
        **parts.as_text(words_of(row)),
        "by": row.changed_by_name,
        "at": row.changed_at.isoformat(),
        "version": str(row.version),
    }
    mine = {name: str(value or "") for name, value in yours.items()}
    at = datetime.fromisoformat(stands["at"])
    return Rerender(
        "plans/clash.html",
        status=409,
        action=f"/children/{child.ref}/plan/{part.name}/{row.position}",
        title=part.title,
        fields=clash_fields(part, stands, mine),
        theirs_by=stands["by"],
        theirs_when=f"{plain_time(at)} on {plain_date(at)}",
        version=stands["version"],
        why=request.form.get("why", ""),
        values=mine,
        errors=errors or {},
        **child_frame(child, here="Plan"),
    )


def _form(
    child: Child,
    part: Part,
    values: Mapping[str, Any],
    *,
    row: Row | None = None,
    errors: dict[str, Any] | None = None,
) -> dict[str, Any]:
    root = f"/children/{child.ref}/plan"
    action = f"{root}/{part.name}/{row.position}" if row else f"{root}/add/{part.name}"
    return {
        "action": action,
        "title": part.title,
        "part": part.name,
        "is_new": row is None,
        "version": request.form.get("version", row.version) if row else None,
        "last_change": f"{row.changed_by_name}, {plain_date(row.changed_at)}" if row else None,
        "end_action": f"{action}/end" if row else None,
        "options": part.options(),
        "values": values,
        "errors": errors or {},
        **child_frame(child, here="Plan"),
    }


def _stored(row: Row) -> dict[str, Any]:
    said = words_of(row)
    return {
        name: getattr(said, name) if name.endswith("_on") else text
        for name, text in parts.as_text(said).items()
    }


def _seen() -> int:
    return request.form.get("version", default=0, type=int)


def _back(child: Child) -> ResponseReturnValue:
    return redirect(f"/children/{child.ref}", code=303)
