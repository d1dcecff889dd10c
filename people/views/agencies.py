"""Pages of the directory: agencies, their closed weeks, role mailboxes and people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock, doors
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound, Refused
from people import wording
from people.details import AgencyDetails
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.agencies import Agency
from people.queries import directory as read
from people.schemas import AgencySchema, ClosureSchema
from people.service import agencies as service
from people.terms import Action, Resource
from people.vocabulary import vocabulary

blueprint = Blueprint("agencies", __name__)
_FORM = "people/agency_form.html"
_BESIDE = {"agency.same_name": "name", "agency.same_code": "register_code"}


def resource(ref: str) -> Resource | None:
    """Return what an agency's doors ask the policy about; it is about no child."""
    agency = read.agency_by_ref(ref)
    return Resource(kind="agency", id=agency.id) if agency else None


@blueprint.get("/admin/agencies")
@page(Action.DIRECTORY_VIEW)
def index() -> ResponseReturnValue:
    """List agencies; part of a name or a register code narrows the list."""
    number = max(1, request.args.get("page", 1, type=int))
    words, kind = request.args.get("q", ""), request.args.get("kind", "")
    rows = read.agencies(kind=kind or None, words=words, page=number)
    known = vocabulary(clock.today(now()))
    return render_template(
        "people/agencies.html",
        rows=[_row(each, known.agency_kinds) for each in rows[: read.PAGE]],
        kinds=wording.options(known.agency_kinds),
        values={"q": words, "kind": kind},
        page=number,
        next_page=number + 1 if len(rows) > read.PAGE else None,
        may_edit=doors.may(Action.DIRECTORY_EDIT),
    )


@blueprint.get("/admin/agencies/new")
@page(Action.DIRECTORY_EDIT)
def new() -> ResponseReturnValue:
    """Ask about a new agency."""
    return render_template(_FORM, **_form({}))


@blueprint.post("/admin/agencies/new")
@act(Action.DIRECTORY_EDIT)
def create() -> ResponseReturnValue:
    """Add an agency."""
    details = _load(None)
    try:
        agency = service.record_agency(details, actor=actor(), now=now())
    except Refused as refused:
        raise Rerender(_FORM, **_form(typed(request.form), _beside(refused))) from refused
    return redirect(f"/admin/agencies/{agency.ref}")


@blueprint.get("/admin/agencies/<ref>")
@page(Action.DIRECTORY_VIEW, of=resource)
def show(ref: str) -> ResponseReturnValue:
    """Show an agency with whom to reach there."""
    return render_template("people/agency.html", **shown(agency_of(ref)))


@blueprint.get("/admin/agencies/<ref>/change")
@page(Action.DIRECTORY_EDIT, of=resource)
def change(ref: str) -> ResponseReturnValue:
    """Show the form with what is known."""
    agency = agency_of(ref)
    return render_template(_FORM, **_form(boxes(agency, AgencySchema()), agency=agency))


@blueprint.post("/admin/agencies/<ref>/change")
@act(Action.DIRECTORY_EDIT, of=resource)
def save(ref: str) -> ResponseReturnValue:
    """Change an agency."""
    agency = agency_of(ref)
    details = _load(agency)
    version = request.form.get("version", 0, type=int)
    try:
        service.edit_agency(agency, details, version=version, actor=actor(), now=now())
    except Refused as refused:
        again = _form(typed(request.form), _beside(refused), agency=agency)
        raise Rerender(_FORM, **again) from refused
    except Conflict as clash:
        again = _form(typed(request.form), {"form": [clash.why]}, agency=agency)
        raise Rerender(_FORM, status=409, **again) from clash
    return redirect(f"/admin/agencies/{ref}")


@blueprint.post("/admin/agencies/<ref>/closures")
@act(Action.DIRECTORY_EDIT, of=resource)
def close_weeks(ref: str) -> ResponseReturnValue:
    """Write down days on which the agency is closed."""
    agency = agency_of(ref)
    try:
        details = load_form(ClosureSchema(), request.form)
        service.close_weeks(agency, details, actor=actor(), now=now())
    except ValidationError as fault:
        again = shown(agency, errors_of(fault), typed(request.form))
        raise Rerender("people/agency.html", **again) from fault
    except Refused as refused:
        again = shown(agency, {"to_on": [refused.why]}, typed(request.form))
        raise Rerender("people/agency.html", **again) from refused
    return redirect(f"/admin/agencies/{ref}")


@blueprint.post("/admin/agencies/<ref>/closures/end")
@act(Action.DIRECTORY_EDIT, of=resource)
def reopen(ref: str) -> ResponseReturnValue:
    """Take closed days back: the agency is open from today, or was never closed."""
    closure = read.closure(agency_of(ref).id, row_id("closure"))
    if closure is None:
        raise NotFound("closed days")
    service.reopen(closure, from_on=clock.today(now()), actor=actor(), now=now())
    return redirect(f"/admin/agencies/{ref}")


def agency_of(ref: str) -> Agency:
    """Return the agency that the door's loader found."""
    agency = read.agency_by_ref(ref)
    assert agency is not None  # noqa: S101 - the door's loader found it
    return agency


def row_id(name: str) -> UUID:
    """Return the row id a form names, which stands in no URL.

    Raises:
        NotFound: it is no id.
    """
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise NotFound(name) from None


def shown(
    agency: Agency,
    errors: dict[str, list[str]] | None = None,
    values: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return all that an agency's page shows."""
    known = vocabulary(clock.today(now()))
    return {
        "agency": agency,
        "kind": known.agency_kinds.get(agency.kind, agency.kind),
        "closures": read.closures_of(agency.id),
        "mailboxes": [
            {"box": box, "role": known.roles.get(box.role, box.role)}
            for box in read.mailboxes_of(agency.id)
        ],
        "professionals": [
            {"person": person, "role": known.roles.get(person.role, person.role)}
            for person in read.professionals_of(agency.id)
        ],
        "teams": [team for team, _ in read.teams(agency_id=agency.id)],
        "may_edit": doors.may(Action.DIRECTORY_EDIT),
        "errors": errors or {},
        "values": values or {},
    }


def _row(agency: Agency, kinds: dict[str, str]) -> list[Any]:
    return [
        {"text": agency.name, "href": f"/admin/agencies/{agency.ref}"},
        kinds.get(agency.kind, agency.kind),
        agency.telephone or "Not recorded",
        "Closed" if agency.closed_on else "Open",
    ]


def _load(agency: Agency | None) -> AgencyDetails:
    try:
        details: AgencyDetails = load_form(AgencySchema(), request.form)
    except ValidationError as fault:
        again = _form(typed(request.form), errors_of(fault), agency=agency)
        raise Rerender(_FORM, **again) from fault
    return details


def _beside(refused: Refused) -> dict[str, list[str]]:
    return {_BESIDE.get(refused.rule, "form"): [refused.why]}


def _form(
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    agency: Agency | None = None,
) -> dict[str, Any]:
    kinds = vocabulary(clock.today(now())).agency_kinds
    return {
        "action": f"/admin/agencies/{agency.ref}/change" if agency else "/admin/agencies/new",
        "agency_name": agency.name if agency else None,
        "version": agency.version if agency else None,
        "kinds": wording.options(kinds),
        "values": values,
        "errors": errors or {},
    }
