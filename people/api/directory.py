"""The JSON doors of the directory: agencies with their contacts, and teams."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from core.api import PageQuery, entity_tag, once, page_of, required_version
from core.doors import actor, endpoint, now
from core.errors import NotFound
from people import answers
from people.details import (
    AgencyDetails,
    ClosureDetails,
    MailboxDetails,
    ProfessionalDetails,
    TeamDetails,
)
from people.models.agencies import Agency, Closure, Professional, RoleMailbox, Team
from people.queries import directory as read
from people.schemas import (
    AgencySchema,
    ClosureSchema,
    MailboxSchema,
    ProfessionalSchema,
    TeamSchema,
)
from people.service import agencies as service
from people.service import teams
from people.terms import Action, Resource

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("directory_api", __name__, url_prefix="/api/v1")


class AgencyQuery(PageQuery):
    """Which agencies."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    kind = fields.String(load_default="", validate=validate.Length(max=40))


class ChangedMailboxSchema(Schema):
    """A role mailbox as it shall be."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    mailbox = fields.Nested(MailboxSchema, required=True)


def agency_resource(ref: str) -> Resource | None:
    """Return what an agency's doors ask the policy about."""
    agency = read.agency_by_ref(ref)
    return Resource(kind="agency", id=agency.id) if agency else None


def team_resource(ref: str) -> Resource | None:
    """Return what a team's doors ask the policy about."""
    team = read.team_by_ref(ref)
    return Resource(kind="team", id=team.id) if team else None


@blueprint.route("/agencies", methods=["GET"])
@endpoint(Action.DIRECTORY_VIEW)
@blueprint.arguments(AgencyQuery, location="query")
@blueprint.response(200, answers.AgencyListSchema)
def agencies(query: dict[str, Any]) -> dict[str, Any]:
    """List agencies."""
    rows = read.agencies(kind=query["kind"] or None, words=query["q"], page=query["page"])
    return page_of(rows, query["page"], read.PAGE)


@blueprint.route("/agencies", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, writes=True)
@once
@blueprint.arguments(AgencySchema)
@blueprint.response(201, answers.AgencyAnswerSchema)
def add_agency(details: AgencyDetails) -> Tagged:
    """Add an agency."""
    agency = service.record_agency(details, actor=actor(), now=now())
    headers = {"ETag": entity_tag(agency.version), "Location": f"/api/v1/agencies/{agency.ref}"}
    return agency, headers


@blueprint.route("/agencies/<ref>", methods=["GET"])
@endpoint(Action.DIRECTORY_VIEW, of=agency_resource)
@blueprint.response(200, answers.AgencyPageSchema)
def agency(ref: str) -> Tagged:
    """Read an agency with whom to reach there."""
    row = _agency(ref)
    shown = {
        "agency": row,
        "mailboxes": read.mailboxes_of(row.id),
        "professionals": read.professionals_of(row.id),
        "closures": read.closures_of(row.id),
    }
    return shown, {"ETag": entity_tag(row.version)}


@blueprint.route("/agencies/<ref>", methods=["PUT"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@blueprint.arguments(AgencySchema)
@blueprint.response(200, answers.AgencyAnswerSchema)
def save_agency(details: AgencyDetails, ref: str) -> Tagged:
    """Change an agency; send the ETag back in If-Match."""
    row = _agency(ref)
    service.edit_agency(row, details, version=required_version(), actor=actor(), now=now())
    return row, {"ETag": entity_tag(row.version)}


@blueprint.route("/agencies/<ref>/closures", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@once
@blueprint.arguments(ClosureSchema)
@blueprint.response(201, answers.ClosureAnswerSchema)
def close_weeks(details: ClosureDetails, ref: str) -> Closure:
    """Write down days on which an agency is closed."""
    return service.close_weeks(_agency(ref), details, actor=actor(), now=now())


@blueprint.route("/agencies/<ref>/mailboxes", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@once
@blueprint.arguments(MailboxSchema)
@blueprint.response(201, answers.MailboxAnswerSchema)
def add_mailbox(details: MailboxDetails, ref: str) -> RoleMailbox:
    """Add whom to reach at an agency for a role."""
    return service.record_mailbox(_agency(ref), details, actor=actor(), now=now())


@blueprint.route("/agencies/<ref>/mailboxes/changes", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@once
@blueprint.arguments(ChangedMailboxSchema)
@blueprint.response(200, answers.MailboxAnswerSchema)
def change_mailbox(data: dict[str, Any], ref: str) -> RoleMailbox:
    """Change a role mailbox."""
    box = read.mailbox(_agency(ref).id, data["id"])
    if box is None:
        raise NotFound("role mailbox")
    return service.edit_mailbox(
        box, data["mailbox"], version=data["version"], actor=actor(), now=now()
    )


@blueprint.route("/agencies/<ref>/people", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@once
@blueprint.arguments(ProfessionalSchema)
@blueprint.response(201, answers.ProfessionalAnswerSchema)
def add_person(details: ProfessionalDetails, ref: str) -> Professional:
    """Add a named person at an agency."""
    return service.record_professional(_agency(ref), details, actor=actor(), now=now())


@blueprint.route("/teams", methods=["GET"])
@endpoint(Action.DIRECTORY_VIEW)
@blueprint.response(200, answers.TeamListSchema)
def list_teams() -> dict[str, Any]:
    """List the teams."""
    return {"items": [team for team, _ in read.teams()]}


@blueprint.route("/agencies/<ref>/teams", methods=["POST"])
@endpoint(Action.DIRECTORY_EDIT, of=agency_resource, writes=True)
@once
@blueprint.arguments(TeamSchema)
@blueprint.response(201, answers.TeamAnswerSchema)
def add_team(details: TeamDetails, ref: str) -> Team:
    """Add a team to an agency."""
    return teams.record_team(_agency(ref), details, actor=actor(), now=now())


@blueprint.route("/teams/<ref>", methods=["PUT"])
@endpoint(Action.DIRECTORY_EDIT, of=team_resource, writes=True)
@blueprint.arguments(TeamSchema)
@blueprint.response(200, answers.TeamAnswerSchema)
def save_team(details: TeamDetails, ref: str) -> Tagged:
    """Change a team; send its version in If-Match."""
    team = read.team_by_ref(ref)
    assert team is not None  # noqa: S101 - the door's loader found it
    teams.edit_team(team, details, version=required_version(), actor=actor(), now=now())
    return team, {"ETag": entity_tag(team.version)}


def _agency(ref: str) -> Agency:
    agency = read.agency_by_ref(ref)
    assert agency is not None  # noqa: S101 - the door's loader found it
    return agency
