"""The page of a child's people: who is connected, what is not known, and mending it."""

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
from people.details import ConnectionDetails
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.children import Child
from people.models.network import Connection
from people.queries import children, directory
from people.queries import network as read
from people.queries.network import NetworkEntry
from people.schemas import ConnectionSchema, EndSchema
from people.service import network as service
from people.terms import Action, ConnectionKind, ConnectionStatus
from people.views.children import is_redacted
from people.vocabulary import vocabulary

blueprint = Blueprint("network", __name__)
_FORM = "people/connection_form.html"
_BESIDE = {
    "connection.nobody_named": "agency_id",
    "connection.unsafe_why": "why",
    "agency.closed": "agency_id",
}
# What the page asks for even when nothing is written down, with the advice if nothing is.
_ASKED_FOR = (
    (ConnectionKind.SCHOOL, "Add the school, or say that it is not known."),
    (ConnectionKind.GP, "Add the practice, or say not known or not registered."),
    (ConnectionKind.YOUTH_JUSTICE, "Add the service, or say that there is none."),
    (ConnectionKind.SOCIAL_WORKER, "Add who works with the child, or say that there is nobody."),
    (ConnectionKind.PARENT, "Add each parent, with father or male carer, or say why you cannot."),
    (ConnectionKind.CARER, "Add each carer, or say that there is none."),
    (ConnectionKind.SIBLING, "Add brothers and sisters, or say that there are none."),
    (ConnectionKind.TRUSTED_ADULT, "Ask the child who the trusted adult is."),
    (ConnectionKind.OTHER_SERVICE, "Add any other service that knows the child."),
)
_OF_AGENCIES = frozenset(
    {
        ConnectionKind.SCHOOL,
        ConnectionKind.GP,
        ConnectionKind.YOUTH_JUSTICE,
        ConnectionKind.OTHER_SERVICE,
    }
)


@blueprint.get("/children/<ref>/people")
@page(Action.CHILD_VIEW, of=children.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show the network, unknown kept apart from no."""
    child = _child(ref)
    if is_redacted():
        identity = children.identity_of(child, now(), is_redacted=True)
        return render_template("people/limited.html", identity=identity)
    return render_template("people/network.html", **_page(child))


@blueprint.get("/children/<ref>/people/add/<kind>")
@page(Action.CHILD_EDIT, of=children.resource)
def ask(ref: str, kind: str) -> ResponseReturnValue:
    """Ask who it is, or what is not known."""
    values = {"status": ConnectionStatus.KNOWN.value}
    return render_template(_FORM, **_form(_child(ref), _kind(kind), values))


@blueprint.post("/children/<ref>/people/add/<kind>")
@act(Action.CHILD_EDIT, of=children.resource)
def add(ref: str, kind: str) -> ResponseReturnValue:
    """Write a connection down."""
    child = _child(ref)
    details = _load(child, _kind(kind), None)
    try:
        service.connect(child.id, details, actor=actor(), now=now())
    except Refused as refused:
        raise _refused(child, _kind(kind), refused, None) from refused
    return redirect(f"/children/{ref}/people")


@blueprint.post("/children/<ref>/people/change")
@act(Action.CHILD_EDIT, of=children.resource)
def change(ref: str) -> ResponseReturnValue:
    """Show the form of one connection (a row id stands in no URL), then save it."""
    child = _child(ref)
    row = _connection(child)
    if request.form.get("press") != "save":
        # A change is true from today unless somebody says otherwise.
        kept = boxes(row, ConnectionSchema()).items()
        values = {name: text for name, text in kept if not name.startswith("from_on")}
        return render_template(_FORM, **_form(child, row.kind, values, row=row))
    details = _load(child, row.kind, row)
    version = request.form.get("version", 0, type=int)
    try:
        service.change(row, details, version=version, actor=actor(), now=now())
    except Refused as refused:
        raise _refused(child, row.kind, refused, row) from refused
    return redirect(f"/children/{ref}/people")


@blueprint.post("/children/<ref>/people/end")
@act(Action.CHILD_EDIT, of=children.resource)
def end(ref: str) -> ResponseReturnValue:
    """End a connection; it stays under "Before"."""
    child = _child(ref)
    row = _connection(child)
    version = request.form.get("version", 0, type=int)
    try:
        on = load_form(EndSchema(), request.form)["on"]
        service.end(row, version=version, actor=actor(), now=now(), on=on)
    except ValidationError as fault:
        again = _page(child) | {"errors": errors_of(fault)}
        raise Rerender("people/network.html", **again) from fault
    except (Refused, Conflict) as fault:
        again = _page(child) | {"errors": {"form": [fault.why]}}
        raise Rerender("people/network.html", **again) from fault
    return redirect(f"/children/{ref}/people")


def _child(ref: str) -> Child:
    child = children.by_ref(ref)
    assert child is not None  # noqa: S101 - the door's loader found it
    return child


def _kind(text: str) -> ConnectionKind:
    try:
        return ConnectionKind(text)
    except ValueError:
        raise NotFound("connection kind") from None


def _connection(child: Child) -> Connection:
    try:
        row = read.connection(child.id, UUID(request.form.get("connection", "")))
    except ValueError:
        row = None
    if row is None:
        raise NotFound("connection")
    return row


def _load(child: Child, kind: ConnectionKind, row: Connection | None) -> ConnectionDetails:
    form = request.form.copy()
    form["kind"] = kind.value
    try:
        details: ConnectionDetails = load_form(ConnectionSchema(), form)
    except ValidationError as fault:
        again = _form(child, kind, typed(request.form), errors_of(fault), row=row)
        raise Rerender(_FORM, **again) from fault
    return details


def _refused(
    child: Child, kind: ConnectionKind, refused: Refused, row: Connection | None
) -> Rerender:
    beside = _BESIDE.get(refused.rule, "form")
    if beside == "agency_id" and kind not in _OF_AGENCIES:
        beside = "person_name"
    return Rerender(
        _FORM, **_form(child, kind, typed(request.form), {beside: [refused.why]}, row=row)
    )


def _page(child: Child) -> dict[str, Any]:
    today = clock.today(now())
    entries = read.network_of(child.id, today)
    may_edit = doors.may(Action.CHILD_EDIT, children.resource(child.ref))
    groups = [
        {
            "kind": kind.value,
            "title": wording.KINDS[kind],
            "entries": [_entry(each) for each in entries if each.kind is kind],
            "advice": advice,
        }
        for kind, advice in _ASKED_FOR
    ]
    return {
        "identity": children.identity_of(child, now()),
        "child_ref": child.ref,
        "groups": groups,
        "asks_for_father": not any(each.is_male_carer for each in entries),
        "past": [_entry(each) for each in read.past_of(child.id, today)],
        "may_edit": may_edit,
        "errors": {},
    }


def _entry(entry: NetworkEntry) -> dict[str, Any]:
    names = (entry.person_name, entry.professional_name, entry.agency_name)
    name = next((each for each in names if each), "")
    is_known = entry.status is ConnectionStatus.KNOWN
    return {
        "id": str(entry.id),
        "version": entry.version,
        "name": name or wording.STATUSES[entry.status],
        "role": entry.relationship or wording.KINDS[entry.kind],
        "agency": entry.agency_name if entry.agency_name != name else None,
        "telephone": entry.telephone,
        "note": entry.why,
        "status": None if is_known or not name else wording.STATUSES[entry.status],
        "is_missing": not name and entry.status is not ConnectionStatus.NONE,
        "is_male_carer": entry.is_male_carer,
        "responsibility": wording.TRI_STATE[entry.has_parental_responsibility]
        if entry.kind in (ConnectionKind.PARENT, ConnectionKind.CARER)
        else None,
        "from_on": entry.from_on,
        "to_on": entry.to_on,
    }


def _form(
    child: Child,
    kind: ConnectionKind,
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    row: Connection | None = None,
) -> dict[str, Any]:
    today = clock.today(now())
    is_agency = kind in _OF_AGENCIES
    kinds = vocabulary(today).kinds_for(kind)
    agencies = directory.open_agencies(today, kinds=kinds) if is_agency else []
    where = f"/children/{child.ref}/people"
    return {
        "identity": children.identity_of(child, now()),
        "action": f"{where}/change" if row else f"{where}/add/{kind.value}",
        "back": where,
        "connection": str(row.id) if row else None,
        "version": row.version if row else None,
        "title": wording.KINDS[kind],
        "statuses": _statuses(kind),
        "agencies": [{"value": str(each.id), "text": each.name} for each in agencies],
        "asks_agency": is_agency,
        "asks_person": not is_agency or kind is ConnectionKind.YOUTH_JUSTICE,
        "asks_family": kind in (ConnectionKind.PARENT, ConnectionKind.CARER),
        "tri_state": wording.options(wording.TRI_STATE),
        "values": values,
        "errors": errors or {},
    }


def _statuses(kind: ConnectionKind) -> list[dict[str, str]]:
    left_out = {ConnectionStatus.UNSAFE_TO_INVOLVE} if kind in _OF_AGENCIES else set()
    if kind is not ConnectionKind.GP:
        left_out.add(ConnectionStatus.NOT_REGISTERED)
    return [each for each in wording.options(wording.STATUSES) if each["value"] not in left_out]
