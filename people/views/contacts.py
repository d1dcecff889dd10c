"""Pages of an agency's contacts: role mailboxes and named people; and the secure domains."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError

from core import clock
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound, Refused
from people import wording
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.agencies import Agency, Professional, RoleMailbox
from people.queries import directory as read
from people.schemas import MailboxSchema, ProfessionalSchema
from people.service import agencies as service
from people.terms import Action
from people.views.agencies import agency_of, resource, row_id
from people.vocabulary import vocabulary

blueprint = Blueprint("contacts", __name__)
_FORM = "people/contact_form.html"
_MAILBOX, _PERSON = "mailboxes", "people"


@blueprint.get("/admin/agencies/<ref>/mailboxes/new")
@page(Action.DIRECTORY_EDIT, of=resource)
def new_mailbox(ref: str) -> ResponseReturnValue:
    """Ask about a role mailbox."""
    return render_template(_FORM, **_form(agency_of(ref), _MAILBOX, {"position": "1"}))


@blueprint.post("/admin/agencies/<ref>/mailboxes/new")
@act(Action.DIRECTORY_EDIT, of=resource)
def add_mailbox(ref: str) -> ResponseReturnValue:
    """Add a role mailbox."""
    agency = agency_of(ref)
    details = _load(agency, _MAILBOX, MailboxSchema(), None)
    try:
        service.record_mailbox(agency, details, actor=actor(), now=now())
    except Refused as refused:
        raise _refused(agency, _MAILBOX, refused, None) from refused
    return redirect(f"/admin/agencies/{ref}")


@blueprint.post("/admin/agencies/<ref>/mailboxes/change")
@act(Action.DIRECTORY_EDIT, of=resource)
def change_mailbox(ref: str) -> ResponseReturnValue:
    """Show the form of a role mailbox, then save it."""
    agency = agency_of(ref)
    box = read.mailbox(agency.id, row_id("row"))
    if box is None:
        raise NotFound("role mailbox")
    if request.form.get("press") != "save":
        return render_template(_FORM, **_form(agency, _MAILBOX, boxes(box, MailboxSchema()), box))
    details = _load(agency, _MAILBOX, MailboxSchema(), box)
    try:
        service.edit_mailbox(box, details, version=_version(), actor=actor(), now=now())
    except (Refused, Conflict) as refused:
        raise _refused(agency, _MAILBOX, refused, box) from refused
    return redirect(f"/admin/agencies/{ref}")


@blueprint.get("/admin/agencies/<ref>/people/new")
@page(Action.DIRECTORY_EDIT, of=resource)
def new_person(ref: str) -> ResponseReturnValue:
    """Ask about a named person."""
    return render_template(_FORM, **_form(agency_of(ref), _PERSON, {}))


@blueprint.post("/admin/agencies/<ref>/people/new")
@act(Action.DIRECTORY_EDIT, of=resource)
def add_person(ref: str) -> ResponseReturnValue:
    """Add a named person."""
    agency = agency_of(ref)
    details = _load(agency, _PERSON, ProfessionalSchema(), None)
    service.record_professional(agency, details, actor=actor(), now=now())
    return redirect(f"/admin/agencies/{ref}")


@blueprint.post("/admin/agencies/<ref>/people/change")
@act(Action.DIRECTORY_EDIT, of=resource)
def change_person(ref: str) -> ResponseReturnValue:
    """Show the form of a named person, then save it."""
    agency = agency_of(ref)
    person = read.professional(agency.id, row_id("row"))
    if person is None:
        raise NotFound("professional")
    if request.form.get("press") != "save":
        values = boxes(person, ProfessionalSchema())
        return render_template(_FORM, **_form(agency, _PERSON, values, person))
    details = _load(agency, _PERSON, ProfessionalSchema(), person)
    try:
        service.edit_professional(person, details, version=_version(), actor=actor(), now=now())
    except Conflict as clash:
        raise _refused(agency, _PERSON, clash, person) from clash
    return redirect(f"/admin/agencies/{ref}")


@blueprint.get("/admin/secure-domains")
@page(Action.ACCOUNT_EDIT)
def domains() -> ResponseReturnValue:
    """List the domains to which codes go by mail."""
    return render_template("people/domains.html", rows=read.secure_domains(), values={}, errors={})


@blueprint.post("/admin/secure-domains")
@act(Action.ACCOUNT_EDIT)
def mark_domain() -> ResponseReturnValue:
    """Mark a domain as secure."""
    try:
        service.mark_secure(request.form.get("domain", ""), actor=actor(), now=now())
    except Refused as refused:
        raise Rerender(
            "people/domains.html",
            rows=read.secure_domains(),
            values=typed(request.form),
            errors={"domain": [refused.why]},
        ) from refused
    return redirect("/admin/secure-domains")


@blueprint.post("/admin/secure-domains/remove")
@act(Action.ACCOUNT_EDIT)
def unmark_domain() -> ResponseReturnValue:
    """Stop mailing codes to a domain."""
    found = read.secure_domain(request.form.get("domain", ""))
    if found is None:
        raise NotFound("domain")
    service.unmark_secure(found, actor=actor(), now=now())
    return redirect("/admin/secure-domains")


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _load(agency: Agency, what: str, schema: Schema, row: RoleMailbox | Professional | None) -> Any:  # noqa: ANN401 - what the schema builds
    try:
        return load_form(schema, request.form)
    except ValidationError as fault:
        again = _form(agency, what, typed(request.form), row, errors_of(fault))
        raise Rerender(_FORM, **again) from fault


def _refused(
    agency: Agency,
    what: str,
    refused: Refused | Conflict,
    row: RoleMailbox | Professional | None,
) -> Rerender:
    beside = "form" if isinstance(refused, Conflict) else "email"
    again = _form(agency, what, typed(request.form), row, {beside: [refused.why]})
    return Rerender(_FORM, **again)


def _form(
    agency: Agency,
    what: str,
    values: dict[str, Any],
    row: RoleMailbox | Professional | None = None,
    errors: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    known = vocabulary(clock.today(now()))
    own = {
        role: words
        for role, words in known.roles.items()
        if known.role_kinds.get(role) == agency.kind
    }
    return {
        "agency_name": agency.name,
        "back": f"/admin/agencies/{agency.ref}",
        "action": f"/admin/agencies/{agency.ref}/{what}/{'change' if row else 'new'}",
        "is_mailbox": what == _MAILBOX,
        "row": str(row.id) if row else None,
        "version": row.version if row else None,
        "roles": wording.options(own or known.roles),
        "values": values,
        "errors": errors or {},
    }
