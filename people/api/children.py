"""The JSON doors of children and their networks: the services and schemas of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from core import clock
from core.api import PageQuery, entity_tag, once, page_of, require_version, required_version
from core.doors import actor, endpoint, now
from core.errors import NotFound, Refused
from people import answers
from people.details import ChildDetails, ConnectionDetails
from people.models.children import Child
from people.models.network import Connection
from people.queries import children as read
from people.queries import network as read_network
from people.queries.search import find_children, likely_duplicates
from people.schemas import AllocationSchema, ChildSchema, ConnectionSchema
from people.service import children as service
from people.service import network
from people.terms import Action, Outcome

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("children_api", __name__, url_prefix="/api/v1/children")
_MOST = 10


class FindSchema(Schema):
    """What to look for; it stands in the body so that no log keeps it."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "names in any order, date of birth, reference or NHS number"},
    )


class NewChildSchema(Schema):
    """A child to record."""

    child = fields.Nested(ChildSchema, required=True)
    is_none_of_the_duplicates = fields.Boolean(load_default=False)


class ChangedConnectionSchema(Schema):
    """A connection replaced from today."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    connection = fields.Nested(ConnectionSchema, required=True)


class EndedConnectionSchema(Schema):
    """A connection that is no longer true."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    on = fields.Date(load_default=None, allow_none=True)


@blueprint.route("/find", methods=["POST"])
@endpoint(Action.CHILD_SEARCH)
@blueprint.arguments(FindSchema)
@blueprint.response(200, answers.FoundListSchema)
def find(data: dict[str, str]) -> dict[str, Any]:
    """Find children by what somebody typed."""
    found = find_children(actor(), data["q"], now(), limit=_MOST)
    return {"items": found[:_MOST], "has_more": len(found) > _MOST}


@blueprint.route("", methods=["GET"])
@endpoint(Action.CHILD_VIEW)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, answers.ChildListSchema)
def index(query: dict[str, int]) -> dict[str, Any]:
    """List the children this account may open."""
    rows = read.seen_by(actor(), now(), page=query["page"])
    items = [
        {
            "ref": row.child.ref,
            "name": row.child.name,
            "age": row.age,
            "school": row.school,
            "may_open": True,
        }
        for row in rows
    ]
    return page_of(items, query["page"], read.PAGE)


@blueprint.route("", methods=["POST"])
@endpoint(Action.CHILD_CREATE, writes=True)
@once
@blueprint.arguments(NewChildSchema)
@blueprint.response(201, answers.ChildAnswerSchema)
def create(data: dict[str, Any]) -> Tagged:
    """Record a child; likely duplicates are refused until the caller says it is none of them."""
    details: ChildDetails = data["child"]
    if not data["is_none_of_the_duplicates"]:
        same = likely_duplicates(actor(), details, now())
        if same:
            refs = ", ".join(f"{each.found.ref} ({each.why})" for each in same)
            raise Refused("child.likely_duplicate", f"This may be a child on record: {refs}")
    child = service.record(details, actor=actor(), now=now())
    headers = {"ETag": entity_tag(child.version), "Location": f"/api/v1/children/{child.ref}"}
    return _answer(child), headers


@blueprint.route("/<ref>", methods=["GET"])
@endpoint(Action.CHILD_VIEW, of=read.resource)
@blueprint.response(200, answers.ChildAnswerSchema)
def show(ref: str) -> Tagged:
    """Read what is known of a child."""
    child = _child(ref)
    is_redacted = g.confer_answer.outcome == Outcome.REDACT
    return _answer(child, is_redacted=is_redacted), {"ETag": entity_tag(child.version)}


@blueprint.route("/<ref>", methods=["PUT"])
@endpoint(Action.CHILD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(ChildSchema)
@blueprint.response(200, answers.ChildAnswerSchema)
def save(details: ChildDetails, ref: str) -> Tagged:
    """Correct what is known of a child; send the ETag back in If-Match."""
    child = _child(ref)
    service.edit(child, details, version=required_version(), actor=actor(), now=now())
    return _answer(child), {"ETag": entity_tag(child.version)}


@blueprint.route("/<ref>/allocation", methods=["PUT"])
@endpoint(Action.CHILD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(AllocationSchema)
@blueprint.response(200, answers.ChildAnswerSchema)
def allocate(data: dict[str, UUID | None], ref: str) -> Tagged:
    """Allocate a child to a team and a worker; send the child's ETag back in If-Match."""
    child = _child(ref)
    require_version(child.version)
    team_id, worker_id = data["team_id"], data["worker_id"]
    assert team_id is not None  # noqa: S101 - the schema requires it
    service.allocate(child, team_id=team_id, worker_id=worker_id, actor=actor(), now=now())
    return _answer(child), {"ETag": entity_tag(child.version)}


@blueprint.route("/<ref>/people", methods=["GET"])
@endpoint(Action.CHILD_VIEW, of=read.resource)
@blueprint.response(200, answers.NetworkSchema)
def people(ref: str) -> dict[str, Any]:
    """Read a child's network; it is empty for people who may not read the record."""
    if g.confer_answer.outcome == Outcome.REDACT:
        return {"items": []}
    return {"items": read_network.network_of(_child(ref).id, clock.today(now()))}


@blueprint.route("/<ref>/people", methods=["POST"])
@endpoint(Action.CHILD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(ConnectionSchema)
@blueprint.response(201, answers.ConnectionAnswerSchema)
def connect(details: ConnectionDetails, ref: str) -> Connection:
    """Write a connection down, or that it is not known."""
    return network.connect(_child(ref).id, details, actor=actor(), now=now())


@blueprint.route("/<ref>/people/changes", methods=["POST"])
@endpoint(Action.CHILD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(ChangedConnectionSchema)
@blueprint.response(200, answers.ConnectionAnswerSchema)
def change(data: dict[str, Any], ref: str) -> Connection:
    """Replace a connection from today; the old one stays as history."""
    row = _connection(ref, data["id"])
    return network.change(
        row, data["connection"], version=data["version"], actor=actor(), now=now()
    )


@blueprint.route("/<ref>/people/ends", methods=["POST"])
@endpoint(Action.CHILD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(EndedConnectionSchema)
@blueprint.response(200, answers.ConnectionAnswerSchema)
def end(data: dict[str, Any], ref: str) -> Connection:
    """End a connection; it stays as history."""
    row = _connection(ref, data["id"])
    on: date | None = data["on"]
    return network.end(row, version=data["version"], actor=actor(), now=now(), on=on)


def _child(ref: str) -> Child:
    child = read.by_ref(ref)
    assert child is not None  # noqa: S101 - the door's loader found it
    return child


def _connection(ref: str, connection_id: UUID) -> Connection:
    row = read_network.connection(_child(ref).id, connection_id)
    if row is None:
        raise NotFound("connection")
    return row


def _answer(child: Child, *, is_redacted: bool = False) -> dict[str, Any]:
    today = clock.today(now())
    worker, team = (None, None) if is_redacted else read.allocation_of(child)
    return {
        "ref": child.ref,
        "name": child.name,
        "age": read.age_words(child, today),
        "school": read.schools_of({child.id}, today).get(child.id),
        "team": team,
        "worker": worker,
        "version": child.version,
        "details": None if is_redacted else child,
    }
