"""Pages of children: the list, finding one, adding one, and what is known of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock, doors
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, Refused
from people import wording
from people.details import ChildDetails
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.children import Child
from people.queries import accounts, directory
from people.queries import children as read
from people.queries.search import LikelyDuplicate, find_children, likely_duplicates
from people.schemas import AllocationSchema, ChildSchema
from people.service import children as service
from people.terms import Action, Asked, Outcome
from people.vocabulary import vocabulary

blueprint = Blueprint("children", __name__)
_MOST = 10
# The box beside which a refusal of the service is shown.
_BESIDE = {
    "child.born_later": "born_on",
    "child.too_old": "born_on",
    "child.same_nhs_number": "nhs_number",
    "child.same_upn": "upn",
    "child.no_team": "team_id",
    "child.no_worker": "worker_id",
}
_NEEDS = (
    ("disability", "Disability"),
    ("sen", "Special educational needs"),
    ("ehc_plan", "Education, health and care plan"),
    ("interpreter", "Needs an interpreter"),
)


@blueprint.get("/children")
@page(Action.CHILD_VIEW)
def index() -> ResponseReturnValue:
    """List the children this person may open."""
    number = max(1, request.args.get("page", 1, type=int))
    only_own = request.args.get("mine") == "yes"
    rows = read.seen_by(actor(), now(), page=number, only_own=only_own)
    return render_template(
        "people/children.html",
        rows=rows[: read.PAGE],
        only_own=only_own,
        page=number,
        next_page=number + 1 if len(rows) > read.PAGE else None,
        may_find=doors.may(Action.CHILD_SEARCH),
        may_add=doors.may(Action.CHILD_CREATE),
        values={},
        found=None,
        message=None,
    )


@blueprint.post("/children/find")
@act(Action.CHILD_SEARCH)
def find() -> ResponseReturnValue:
    """Find children by what was typed: JSON for the type-ahead, a page without JavaScript."""
    text = request.form.get("q", "")
    hits = find_children(actor(), text, now(), limit=_MOST)
    message = _how_many(len(hits))
    if request.accept_mimetypes.best == "application/json":
        results = [{"value": hit.ref, "text": hit.text, "hint": hit.hint} for hit in hits[:_MOST]]
        return jsonify(results=results, message=message)
    return render_template(
        "people/children.html",
        rows=[],
        only_own=False,
        page=1,
        next_page=None,
        may_find=True,
        may_add=doors.may(Action.CHILD_CREATE),
        values={"q": text},
        found=hits[:_MOST],
        message=message,
    )


@blueprint.get("/children/new")
@page(Action.CHILD_CREATE)
def new() -> ResponseReturnValue:
    """Ask who the child is."""
    return render_template("people/child_form.html", **_form({}))


@blueprint.post("/children/new")
@act(Action.CHILD_CREATE)
def create() -> ResponseReturnValue:
    """Record a child, once somebody said that it is none of the likely duplicates."""
    details = _load_child(None)
    duplicates = likely_duplicates(actor(), details, now())
    if duplicates and request.form.get("same") != "none":
        raise Rerender("people/child_form.html", **_form(_typed(), duplicates=duplicates))
    try:
        child = service.record(details, actor=actor(), now=now())
    except Refused as refused:
        raise Rerender("people/child_form.html", **_form(_typed(), _beside(refused))) from refused
    return redirect(f"/children/{child.ref}/people")


@blueprint.get("/children/<ref>/details")
@page(Action.CHILD_VIEW, of=read.resource)
def details(ref: str) -> ResponseReturnValue:
    """Show what is known of a child and what nobody asked yet."""
    child = _child(ref)
    if is_redacted():
        identity = read.identity_of(child, now(), is_redacted=True)
        return render_template("people/limited.html", identity=identity)
    return render_template("people/details.html", **_details(child))


@blueprint.get("/children/<ref>/details/change")
@page(Action.CHILD_EDIT, of=read.resource)
def change(ref: str) -> ResponseReturnValue:
    """Show the form with what is known."""
    child = _child(ref)
    return render_template(
        "people/child_form.html", **_form(boxes(child, ChildSchema()), child=child)
    )


@blueprint.post("/children/<ref>/details/change")
@act(Action.CHILD_EDIT, of=read.resource)
def save(ref: str) -> ResponseReturnValue:
    """Correct what is known; a second editor is shown both texts."""
    child = _child(ref)
    given = _load_child(child)
    version = request.form.get("version", 0, type=int)
    try:
        service.edit(child, given, version=version, actor=actor(), now=now())
    except Refused as refused:
        again = _form(_typed(), _beside(refused), child=child)
        raise Rerender("people/child_form.html", **again) from refused
    except Conflict as clash:
        again = _form(_typed(), {"form": [clash.why]}, child=child) | {"clash": _clash(clash)}
        raise Rerender("people/child_form.html", status=409, **again) from clash
    return redirect(f"/children/{ref}/details")


@blueprint.post("/children/<ref>/allocation")
@act(Action.CHILD_EDIT, of=read.resource)
def allocate(ref: str) -> ResponseReturnValue:
    """Allocate a child to a team and a worker."""
    child = _child(ref)
    try:
        given = load_form(AllocationSchema(), request.form)
        service.allocate(child, **given, actor=actor(), now=now())
    except ValidationError as fault:
        again = _details(child, errors_of(fault), _typed())
        raise Rerender("people/details.html", **again) from fault
    except Refused as refused:
        again = _details(child, _beside(refused), _typed())
        raise Rerender("people/details.html", **again) from refused
    return redirect(f"/children/{ref}/details" if _still_mine(ref) else "/children")


def is_redacted() -> bool:
    """Say whether the policy let this person see only part of the record."""
    return bool(g.confer_answer.outcome == Outcome.REDACT)


def _still_mine(ref: str) -> bool:
    return doors.may(Action.CHILD_VIEW, read.resource(ref))


def _child(ref: str) -> Child:
    child = read.by_ref(ref)
    assert child is not None  # noqa: S101 - the door's loader found it
    return child


def _load_child(child: Child | None) -> ChildDetails:
    try:
        loaded: ChildDetails = load_form(ChildSchema(), request.form)
    except ValidationError as fault:
        again = _form(_typed(), errors_of(fault), child=child)
        raise Rerender("people/child_form.html", **again) from fault
    return loaded


def _typed() -> dict[str, Any]:
    return typed(request.form)


def _beside(refused: Refused) -> dict[str, list[str]]:
    return {_BESIDE.get(refused.rule, "form"): [refused.why]}


def _clash(clash: Conflict) -> list[list[str]]:
    """Both texts of each field, as the rows of a table."""
    return [
        [name.replace("_", " ").capitalize(), text or "Nothing", clash.yours[name] or "Nothing"]
        for name, text in sorted(clash.theirs.items())
    ]


def _how_many(number: int) -> str:
    if number == 0:
        return "No child matches. Check the spelling, or search by date of birth."
    if number > _MOST:
        return f"The first {_MOST} children are shown. Type more to find fewer."
    return "1 child found" if number == 1 else f"{number} children found"


def _form(
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    child: Child | None = None,
    duplicates: list[LikelyDuplicate] | None = None,
) -> dict[str, Any]:
    statuses = vocabulary(clock.today(now())).legal_statuses
    where = f"/children/{child.ref}/details/change" if child else "/children/new"
    return {
        "action": where,
        "child_ref": child.ref if child else None,
        # The version now: saving again after a clash keeps what stands on the screen.
        "version": child.version if child else None,
        "values": values,
        "errors": errors or {},
        "duplicates": duplicates or [],
        "needs": [{"name": name, "words": words} for name, words in _NEEDS],
        "asked": wording.options(wording.ASKED),
        "legal_statuses": wording.options(statuses),
    }


def _details(
    child: Child,
    errors: dict[str, list[str]] | None = None,
    values: dict[str, Any] | None = None,
) -> dict[str, Any]:
    statuses = vocabulary(clock.today(now())).legal_statuses
    may_edit = doors.may(Action.CHILD_EDIT, read.resource(child.ref))
    return {
        "identity": read.identity_of(child, now()),
        "child": child,
        "born": read.birth_words(child, clock.today(now())),
        "legal_status": statuses.get(child.legal_status, child.legal_status),
        "needs": [_need(child, name, words) for name, words in _NEEDS],
        "missing": _missing(child),
        "may_edit": may_edit,
        "teams": _teams() if may_edit else [],
        "workers": _workers() if may_edit else [],
        "errors": errors or {},
        "values": values
        or {"team_id": str(child.team_id or ""), "worker_id": str(child.allocated_to_id or "")},
    }


def _teams() -> list[dict[str, str]]:
    return [
        {"value": str(team.id), "text": f"{team.name}, {agency.name}"}
        for team, agency in directory.teams()
    ]


def _workers() -> list[dict[str, str]]:
    workers = accounts.with_role(*accounts.ALLOCATABLE)
    return [{"value": str(account.id), "text": account.name} for account in workers]


def _need(child: Child, name: str, words: str) -> dict[str, Any]:
    answer: Asked = getattr(child, name)
    return {
        "key": words,
        "value": wording.ASKED[answer],
        "since": getattr(child, f"{name}_awaiting_since_on", None),
        "is_missing": answer is Asked.NOT_ASKED,
    }


def _missing(child: Child) -> list[str]:
    found = [words.lower() for name, words in _NEEDS if getattr(child, name) is Asked.NOT_ASKED]
    if not child.ethnicity:
        found.insert(0, "ethnicity")
    if not child.first_language:
        found.append("first language")
    return found
