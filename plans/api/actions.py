"""The JSON doors of actions: the services and schemas of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from core.api import entity_tag, once
from core.doors import actor, endpoint, now
from core.errors import Conflict, NotAllowed
from people.terms import Action as Permission
from plans import answers
from plans.api.shown import answered
from plans.models import Action, DateRequest, HandOver
from plans.queries import actions as read
from plans.schemas import (
    AnswerOfferSchema,
    DecideSchema,
    DoneSchema,
    HandOverSchema,
    NewDateSchema,
    NotNeededSchema,
)
from plans.service import actions, dates, hand_overs
from plans.terms import OwnerTo
from plans.views.actions import DONE_SHOWN
from plans.views.frame import action_of, action_resource, letterhead, today

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("actions_api", __name__, url_prefix="/api/v1/actions")


@blueprint.route("", methods=["GET"])
@endpoint(Permission.HOME_VIEW)
@blueprint.response(200, answers.ActionListSchema)
def mine() -> dict[str, Any]:
    """List one's own actions: open ones, then those closed in the last 30 days."""
    rows = read.my_actions(actor().account_id, done_since=now() - DONE_SHOWN)
    return {"items": [answered(row) for row in rows]}


@blueprint.route("/to-decide", methods=["GET"])
@endpoint(Permission.HOME_VIEW)
@blueprint.response(200, answers.ActionListSchema)
def to_decide() -> dict[str, Any]:
    """List the actions whose new date waits for one's decision."""
    return {"items": [answered(row) for row in read.waiting_for_decision(actor(), now())]}


@blueprint.route("/overdue", methods=["GET"])
@endpoint(Permission.ACTION_LIST)
@blueprint.response(200, answers.OverdueListSchema)
def overdue() -> dict[str, Any]:
    """Count the overdue actions one may see, by agency."""
    return {"items": read.overdue_by_agency(actor(), today=today(), now=now())}


@blueprint.route("/<ref>", methods=["GET"])
@endpoint(Permission.ACTION_LIST, of=action_resource)
@blueprint.response(200, answers.WholeActionSchema)
def show(ref: str) -> Tagged:
    """Read an action with its history."""
    return _answer(action_of(ref))


@blueprint.route("/<ref>/done", methods=["POST"])
@endpoint(Permission.ACTION_UPDATE, of=action_resource, writes=True)
@once
@blueprint.arguments(DoneSchema)
@blueprint.response(200, answers.WholeActionSchema)
def done(data: dict[str, str], ref: str) -> Tagged:
    """Close the action with a line of evidence."""
    action = action_of(ref)
    actions.done(action, evidence=data["evidence"], actor=actor(), now=now())
    return _answer(action)


@blueprint.route("/<ref>/new-date", methods=["POST"])
@endpoint(Permission.ACTION_UPDATE, of=action_resource, writes=True)
@once
@blueprint.arguments(NewDateSchema)
@blueprint.response(201, answers.WholeActionSchema)
def ask_new_date(data: dict[str, Any], ref: str) -> Tagged:
    """Ask chair and lead for a new date."""
    action = action_of(ref)
    dates.ask_new_date(
        action,
        data["new_due_on"],
        reason=data["reason"],
        letterhead=letterhead(),
        actor=actor(),
        now=now(),
    )
    return _answer(action)


@blueprint.route("/<ref>/date", methods=["POST"])
@endpoint(Permission.ACTION_DECIDE_DATE, of=action_resource, writes=True)
@once
@blueprint.arguments(DecideSchema)
@blueprint.response(200, answers.WholeActionSchema)
def decide_date(data: dict[str, Any], ref: str) -> Tagged:
    """Agree or refuse the date asked for."""
    action = action_of(ref)
    dates.decide_date(
        action, _waiting(action), letterhead=letterhead(), actor=actor(), now=now(), **data
    )
    return _answer(action)


@blueprint.route("/<ref>/hand-over", methods=["POST"])
@endpoint(Permission.ACTION_UPDATE, of=action_resource, writes=True)
@once
@blueprint.arguments(HandOverSchema)
@blueprint.response(201, answers.WholeActionSchema)
def hand_over(data: dict[str, Any], ref: str) -> Tagged:
    """Offer the action to a colleague of its agency; until they accept it stays where it is."""
    action = action_of(ref)
    hand_overs.offer(
        action,
        OwnerTo(data["name"], data["email"], action.agency_id),
        why=data["why"],
        letterhead=letterhead(),
        actor=actor(),
        now=now(),
    )
    return _answer(action)


@blueprint.route("/<ref>/hand-over/answer", methods=["POST"])
@endpoint(Permission.ACTION_LIST, of=action_resource, writes=True)
@once
@blueprint.arguments(AnswerOfferSchema)
@blueprint.response(200, answers.WholeActionSchema)
def answer_offer(data: dict[str, str], ref: str) -> Tagged:
    """Take over an action one was asked to take, or refuse it."""
    action = action_of(ref)
    verb = hand_overs.accept if data["answer"] == "accept" else hand_overs.refuse
    verb(action, _my_offer(action), letterhead=letterhead(), actor=actor(), now=now())
    return _answer(action)


@blueprint.route("/<ref>/not-needed", methods=["POST"])
@endpoint(Permission.ACTION_DECIDE_DATE, of=action_resource, writes=True)
@once
@blueprint.arguments(NotNeededSchema)
@blueprint.response(200, answers.WholeActionSchema)
def not_needed(data: dict[str, str], ref: str) -> Tagged:
    """Close an action nobody needs any more."""
    action = action_of(ref)
    actions.no_longer_needed(action, reason=data["why"], actor=actor(), now=now())
    return _answer(action)


def _answer(action: Action) -> Tagged:
    events = [
        {
            "kind": event.kind.value,
            "at": event.at,
            "by": event.by_name,
            "note": event.note,
            "old_due_on": event.old_due_on,
            "new_due_on": event.new_due_on,
        }
        for event in read.action_page(action).events
    ]
    body = {**answered(read.listed(action)), "events": events}
    return body, {"ETag": entity_tag(action.version)}


def _waiting(action: Action) -> DateRequest:
    found = read.waiting_request(action.id)
    if found is None:
        raise Conflict("This request was decided already. Nothing was changed.")
    return found


def _my_offer(action: Action) -> HandOver:
    found = read.open_offer(action.id)
    if found is None:
        raise Conflict("This hand-over was answered already. Nothing was changed.")
    if found.to_account_id != actor().account_id:
        raise NotAllowed("Only the person who was asked can answer this.")
    return found
