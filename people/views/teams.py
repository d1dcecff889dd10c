"""Pages of teams and their members."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock, doors
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound
from people import wording
from people.details import TeamDetails
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.agencies import Team
from people.queries import accounts, directory
from people.schemas import TeamSchema
from people.service import teams as service
from people.terms import Action, Resource, Role
from people.views.agencies import row_id
from people.vocabulary import vocabulary

blueprint = Blueprint("teams", __name__)
_FORM = "people/team_form.html"


def resource(ref: str) -> Resource | None:
    """Return what a team's doors ask the policy about; it is about no child."""
    team = directory.team_by_ref(ref)
    return Resource(kind="team", id=team.id, team_id=team.id) if team else None


@blueprint.get("/admin/teams")
@page(Action.DIRECTORY_VIEW)
def index() -> ResponseReturnValue:
    """List the teams."""
    rows = [
        [
            {"text": team.name, "href": f"/admin/teams/{team.ref}"},
            agency.name,
            team.telephone or "Not recorded",
        ]
        for team, agency in directory.teams()
    ]
    return render_template(
        "people/teams.html", rows=rows, may_edit=doors.may(Action.DIRECTORY_EDIT)
    )


@blueprint.get("/admin/teams/new")
@page(Action.DIRECTORY_EDIT)
def new() -> ResponseReturnValue:
    """Ask about a new team."""
    return render_template(_FORM, **_form({}))


@blueprint.post("/admin/teams/new")
@act(Action.DIRECTORY_EDIT)
def create() -> ResponseReturnValue:
    """Add a team to an agency."""
    details = _load(None)
    agency = directory.agency_by_ref(request.form.get("agency", ""))
    if agency is None:
        errors = {"agency": ["Choose the agency."]}
        raise Rerender(_FORM, **_form(typed(request.form), errors))
    team = service.record_team(agency, details, actor=actor(), now=now())
    return redirect(f"/admin/teams/{team.ref}")


@blueprint.get("/admin/teams/<ref>")
@page(Action.DIRECTORY_VIEW, of=resource)
def show(ref: str) -> ResponseReturnValue:
    """Show a team and who is in it."""
    return render_template("people/team.html", **_shown(_team(ref)))


@blueprint.get("/admin/teams/<ref>/change")
@page(Action.DIRECTORY_EDIT, of=resource)
def change(ref: str) -> ResponseReturnValue:
    """Show the form with what is known."""
    team = _team(ref)
    return render_template(_FORM, **_form(boxes(team, TeamSchema()), team=team))


@blueprint.post("/admin/teams/<ref>/change")
@act(Action.DIRECTORY_EDIT, of=resource)
def save(ref: str) -> ResponseReturnValue:
    """Change a team."""
    team = _team(ref)
    details = _load(team)
    version = request.form.get("version", 0, type=int)
    try:
        service.edit_team(team, details, version=version, actor=actor(), now=now())
    except Conflict as clash:
        again = _form(typed(request.form), {"form": [clash.why]}, team=team)
        raise Rerender(_FORM, status=409, **again) from clash
    return redirect(f"/admin/teams/{ref}")


@blueprint.post("/admin/teams/<ref>/members")
@act(Action.ACCOUNT_EDIT, of=resource)
def add_member(ref: str) -> ResponseReturnValue:
    """Put an account into the team, which opens the team's children to it."""
    team = _team(ref)
    account = accounts.by_ref(request.form.get("account", ""))
    if account is None:
        errors = {"account": ["Choose who joins the team."]}
        raise Rerender("people/team.html", **_shown(team, errors))
    service.add_member(
        team.id,
        account.id,
        actor=actor(),
        now=now(),
        is_manager=request.form.get("is_manager") == "yes",
    )
    return redirect(f"/admin/teams/{ref}")


@blueprint.post("/admin/teams/<ref>/members/remove")
@act(Action.ACCOUNT_EDIT, of=resource)
def remove_member(ref: str) -> ResponseReturnValue:
    """Take an account out of the team."""
    service.remove_member(_team(ref).id, row_id("account"), actor=actor(), now=now())
    return redirect(f"/admin/teams/{ref}")


def _team(ref: str) -> Team:
    team = directory.team_by_ref(ref)
    if team is None:
        raise NotFound("team")
    return team


def _load(team: Team | None) -> TeamDetails:
    try:
        details: TeamDetails = load_form(TeamSchema(), request.form)
    except ValidationError as fault:
        again = _form(typed(request.form), errors_of(fault), team=team)
        raise Rerender(_FORM, **again) from fault
    return details


def _shown(team: Team, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    roles = vocabulary(clock.today(now())).roles
    agency = directory.agency(team.agency_id)
    return {
        "team": team,
        "agency": agency,
        "role": roles.get(team.role or "", team.role),
        "members": directory.members_of(team.id),
        "accounts": [
            {"value": account.ref, "text": account.name} for account in accounts.with_role(*Role)
        ],
        "may_edit": doors.may(Action.DIRECTORY_EDIT),
        "may_edit_members": doors.may(Action.ACCOUNT_EDIT),
        "errors": errors or {},
        "values": typed(request.form),
    }


def _form(
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    team: Team | None = None,
) -> dict[str, Any]:
    today = clock.today(now())
    agencies = [] if team else directory.open_agencies(today)
    return {
        "action": f"/admin/teams/{team.ref}/change" if team else "/admin/teams/new",
        "team_name": team.name if team else None,
        "version": team.version if team else None,
        "agencies": [{"value": each.ref, "text": each.name} for each in agencies],
        "roles": wording.options(vocabulary(today).roles),
        "values": values,
        "errors": errors or {},
    }
