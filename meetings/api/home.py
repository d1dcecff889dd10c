"""The JSON doors of Home, a child's history and search: the reads of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from core.doors import actor, endpoint, now
from core.errors import NotFound
from meetings.queries import found
from meetings.queries import history as read_history
from meetings.queries import home as read
from meetings.queries.tasks import key_of
from meetings.queries.unfinished import left_open
from meetings.schemas.home_answers import (
    ChildMeetingsSchema,
    HomeQuerySchema,
    HomeSchema,
    SearchResultsSchema,
    SearchWordsSchema,
    TaskDoneSchema,
    TimelineSchema,
)
from meetings.service import forecasts, ticking
from meetings.views.history import timeline_lines
from meetings.views.home import date_request, exceptions, mail_waiting
from meetings.views.left_open import what_to_do
from meetings.views.tasks import named, own_task
from people.models.children import Child
from people.queries import children
from people.queries.search import find_children
from people.terms import Action
from plans.queries import actions as plan_actions
from plans.terms import ActionStatus

blueprint = Blueprint("home_api", __name__, url_prefix="/api/v1")
_LONGEST, _MOST = 200, 10


@blueprint.route("/home", methods=["GET"])
@endpoint(Action.HOME_VIEW)
@blueprint.arguments(HomeQuerySchema, location="query")
@blueprint.response(200, HomeSchema)
def home(query: dict[str, bool]) -> dict[str, Any]:
    """Read what needs this account now."""
    me, at = actor(), now()
    limit = None if query["is_all"] else read.SHOWN
    unfinished, unfinished_count = left_open(me, at, limit=limit)
    deadlines, deadlines_count = read.deadlines_at_risk(me, at, limit=limit)
    mine, mine_count = read.my_meetings(me, at, limit=limit)
    not_reached, not_reached_count = read.not_reached(me, at, limit=limit)
    quorums = forecasts.of_meetings([line.meeting for line in mine])
    return {
        "unfinished": [
            {
                "ref": row.ref,
                "type_name": row.type_name,
                "child_ref": row.child_ref,
                "starts_at": row.starts_at,
                "status": row.status.value,
                "words": what_to_do(row),
            }
            for row in unfinished
        ],
        "unfinished_count": unfinished_count,
        "deadlines_count": deadlines_count,
        "deadlines": [
            {
                "incident_ref": line.involvement_ref,
                "child_ref": line.child_ref,
                "meeting": line.meeting_name,
                "status": line.status.value,
                "deadline_at": line.deadline_at,
            }
            for line in deadlines
        ],
        "waiting": [
            {
                "ref": line.task.ref,
                "words": line.task.words,
                "due_at": line.task.due_at,
                "key": key_of(line.task.id) if ticking.is_offered(line.task, at) else None,
            }
            for line in read.my_tasks(me)
        ],
        "meetings": [
            {
                "ref": line.meeting.ref,
                "type_name": line.meeting.type_name,
                "child_ref": line.child_ref,
                "starts_at": line.meeting.starts_at,
                "status": line.meeting.status.value,
                "quorum": quorums[line.meeting.id].value,
            }
            for line in mine
        ],
        "meetings_count": mine_count,
        "actions": [
            {"ref": row.action.ref, "what": row.action.what, "due_on": row.action.due_on}
            for row in plan_actions.my_actions(me.account_id, done_since=at)
            if row.action.status is ActionStatus.OPEN
        ],
        "to_decide": [
            {"ref": row.action.ref, "words": date_request(row)["words"], "due_at": None}
            for row in plan_actions.waiting_for_decision(me, at)
        ],
        "not_reached": [
            {
                "ref": line.meeting_ref,
                "agency": line.agency_name,
                "role": line.role_name,
                "telephone": line.telephone,
            }
            for line in not_reached
        ],
        "not_reached_count": not_reached_count,
        "exceptions": [line["words"] for line in exceptions(me, at, limit=limit)]
        if me.managed_team_ids
        else [],
        "mail": mail_waiting(me),
    }


@blueprint.route("/tasks/<key>/done", methods=["POST"])
@endpoint(Action.HOME_VIEW, of=own_task, writes=True)
@blueprint.arguments(TaskDoneSchema)
@blueprint.response(200, TaskDoneSchema)
def tick_off(given: dict[str, str], key: str) -> dict[str, str]:
    """Tick off a task that no other act finishes, with what came of it."""
    ticking.tick_off(named(key), given["note"], actor=actor(), now=now())
    return given


@blueprint.route("/children/<ref>/timeline", methods=["GET"])
@endpoint(Action.CHILD_HISTORY, of=children.resource)
@blueprint.response(200, TimelineSchema)
def timeline(ref: str) -> dict[str, Any]:
    """Read what happened to a child, the latest first."""
    return {"items": timeline_lines(_child(ref))}


@blueprint.route("/children/<ref>/meetings", methods=["GET"])
@endpoint(Action.CHILD_HISTORY, of=children.resource)
@blueprint.response(200, ChildMeetingsSchema)
def meetings(ref: str) -> dict[str, Any]:
    """Read every meeting about a child, the latest first."""
    return {
        "items": [
            {
                "ref": one.meeting.ref,
                "type": one.meeting.type,
                "starts_at": one.meeting.starts_at,
                "status": one.meeting.status.value,
                "is_quorate": one.record.is_quorate if one.record else None,
                "record_status": one.record.status.value if one.record else None,
            }
            for one in read_history.meetings_of(_child(ref).id)
        ]
    }


@blueprint.route("/search", methods=["POST"])
@endpoint(Action.SEARCH)
@blueprint.arguments(SearchWordsSchema)
@blueprint.response(200, SearchResultsSchema)
def search(data: dict[str, str]) -> dict[str, Any]:
    """Find children, meetings and actions, within what this account may see."""
    me, at = actor(), now()
    text = data["q"].strip()[:_LONGEST]
    hits = find_children(me, text, at, limit=_MOST)[:_MOST] if text else []
    ids = [hit.child_id for hit in hits if hit.may_open]
    return {
        "children": [{"ref": hit.ref, "text": hit.text} for hit in hits],
        "meetings": [
            {"ref": row.meeting.ref, "text": row.meeting.type_name}
            for row in found.find_meetings(me, text, ids, at)
        ],
        "actions": [
            {"ref": row.action.ref, "text": row.action.what}
            for row in found.find_actions(me, text, ids, at)
        ],
    }


def _child(ref: str) -> Child:
    child = children.by_ref(ref)
    if child is None:
        raise NotFound("child")
    return child
