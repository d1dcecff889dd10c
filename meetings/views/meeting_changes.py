"""Move a meeting, stand it down, change how to join, and decide about suggested times."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound, Refused
from core.filters import plain_date
from meetings.given import MOVE_REASONS, STAND_DOWN_REASONS
from meetings.models.meetings import Meeting
from meetings.models.replies import Proposal
from meetings.queries import meetings as read
from meetings.queries import replies as replies_read
from meetings.schemas.meetings import JoiningSchema, MoveSchema, StandDownSchema, from_form
from meetings.schemas.replies import flat
from meetings.service import proposals, scheduling
from meetings.terms import ProposalStatus
from meetings.views.held_link import HOW, letterhead, when
from meetings.views.meetings import named, refused
from notifications.letters import REASONS
from people.terms import Action

blueprint = Blueprint("meeting_changes", __name__)
_MOVE = "meetings/meeting/move.html"
_STAND_DOWN = "meetings/meeting/stand_down.html"
_JOINING = "meetings/meeting/joining.html"
_PAGE = "meetings/meeting/meeting.html"
# Beside which box a refusal of the service is shown.
_BESIDE = {
    "meeting.late": "late_reason",
    "meeting.past": "starts_at",
    "meeting.kept_apart": "starts_at",
    "meeting.clash": "despite_clash",
    "meeting.minutes": "minutes",
    "meeting.reason": "reason",
    "meeting.instead": "instead",
}
Errors = dict[str, list[str]]


@blueprint.get("/meetings/<ref>/move")
@page(Action.MEETING_MOVE, of=read.resource)
def ask_when(ref: str) -> ResponseReturnValue:
    """Ask for the new time."""
    meeting = named(ref)
    wall = clock.london(meeting.starts_at)
    values = {
        "starts_at-day": str(wall.day),
        "starts_at-month": str(wall.month),
        "starts_at-year": str(wall.year),
        "starts_at-time": f"{wall:%H:%M}",
        "minutes": str(meeting.minutes),
    }
    return render_template(_MOVE, **_move_shown(meeting, values))


@blueprint.post("/meetings/<ref>/move")
@act(Action.MEETING_MOVE, of=read.resource)
def move(ref: str) -> ResponseReturnValue:
    """Move the meeting; everybody is told and asked again."""
    meeting = named(ref)
    try:
        scheduling.move(
            meeting,
            MoveSchema().load(from_form(request.form)),
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
            seen_version=_seen(),
        )
    except (ValidationError, Refused, Conflict) as fault:
        shown = _move_shown(meeting, request.form.to_dict(), _errors(fault))
        raise Rerender(_MOVE, **shown) from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


@blueprint.get("/meetings/<ref>/stand-down")
@page(Action.MEETING_STAND_DOWN, of=read.resource)
def ask_why(ref: str) -> ResponseReturnValue:
    """Ask why the meeting is stood down."""
    return render_template(_STAND_DOWN, **_stand_down_shown(named(ref), {}))


@blueprint.post("/meetings/<ref>/stand-down")
@act(Action.MEETING_STAND_DOWN, of=read.resource)
def stand_down(ref: str) -> ResponseReturnValue:
    """Stand the meeting down; everybody is told, those who declined too."""
    meeting = named(ref)
    try:
        given = StandDownSchema().load(from_form(request.form))
        scheduling.stand_down(
            meeting,
            given["reason"],
            instead=_instead(meeting, given["instead"]),
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
            seen_version=_seen(),
        )
    except (ValidationError, Refused, Conflict) as fault:
        shown = _stand_down_shown(meeting, request.form.to_dict(), _errors(fault))
        raise Rerender(_STAND_DOWN, **shown) from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


@blueprint.get("/meetings/<ref>/joining")
@page(Action.MEETING_MOVE, of=read.resource)
def ask_how(ref: str) -> ResponseReturnValue:
    """Ask how people join."""
    meeting = named(ref)
    values = {"how": meeting.how.value, "joining": meeting.joining or ""}
    return render_template(_JOINING, **_joining_shown(meeting, values))


@blueprint.post("/meetings/<ref>/joining")
@act(Action.MEETING_MOVE, of=read.resource)
def change_joining(ref: str) -> ResponseReturnValue:
    """Change how people join; answers stay, a letter says that the page has changed."""
    meeting = named(ref)
    try:
        given = JoiningSchema().load(from_form(request.form))
        scheduling.change_joining(
            meeting,
            given["how"],
            given["joining"],
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
            seen_version=_seen(),
        )
    except (ValidationError, Refused, Conflict) as fault:
        shown = _joining_shown(meeting, request.form.to_dict(), _errors(fault))
        raise Rerender(_JOINING, **shown) from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


@blueprint.post("/meetings/<ref>/proposals/<int:number>/accept")
@act(Action.MEETING_MOVE, of=read.resource)
def accept(ref: str, number: int) -> ResponseReturnValue:
    """Move the meeting to a suggested time; after the deadline the move page asks why."""
    meeting = named(ref)
    proposal = _open(meeting, number)
    try:
        proposals.accept(proposal, letterhead=letterhead(), actor=actor(), now=now())
    except Refused as fault:
        if fault.rule == "meeting.late":
            shown = _move_shown(meeting, _as_typed(proposal), _errors(fault))
            raise Rerender(_MOVE, **shown) from fault
        raise Rerender(_PAGE, **refused(meeting, fault)) from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


@blueprint.post("/meetings/<ref>/proposals/<int:number>/refuse")
@act(Action.MEETING_MOVE, of=read.resource)
def refuse(ref: str, number: int) -> ResponseReturnValue:
    """Keep the meeting's time and say so to whoever suggested another."""
    meeting = named(ref)
    proposals.refuse(_open(meeting, number), letterhead=letterhead(), actor=actor(), now=now())
    return redirect(f"/meetings/{meeting.ref}", code=303)


def _open(meeting: Meeting, number: int) -> Proposal:
    proposal = replies_read.proposal(meeting.id, number)
    if proposal is None or proposal.status is not ProposalStatus.OPEN:
        raise NotFound("proposal")
    return proposal


def _as_typed(proposal: Proposal) -> dict[str, str]:
    wall = clock.london(proposal.starts_at)
    return {
        "starts_at-day": str(wall.day),
        "starts_at-month": str(wall.month),
        "starts_at-year": str(wall.year),
        "starts_at-time": f"{wall:%H:%M}",
        "minutes": str(int((proposal.ends_at - proposal.starts_at).total_seconds() // 60)),
        "reason": "time_suggested",
    }


def _instead(meeting: Meeting, ref: str) -> Meeting | None:
    others = read.others_of_child(meeting, now())
    return next((other for other in others if other.ref == ref), None)


def _seen() -> int | None:
    seen = request.form.get("version", "")
    return int(seen) if seen.isdigit() else None


def _errors(fault: ValidationError | Refused | Conflict) -> Errors:
    if isinstance(fault, ValidationError):
        return flat(fault.messages_dict)
    if isinstance(fault, Conflict):
        return {"form": [fault.why]}
    return {_BESIDE.get(fault.rule, "form"): [fault.why]}


def _move_shown(
    meeting: Meeting, values: dict[str, str], errors: Errors | None = None
) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "when": when(meeting),
        "deadline": plain_date(meeting.deadline_on) if meeting.deadline_on else None,
        "reasons": [
            {"value": reason.value, "text": REASONS[reason].capitalize()} for reason in MOVE_REASONS
        ],
        "has_clash": "despite_clash" in (errors or {}) or "despite_clash" in values,
        "version": values.get("version", meeting.version),
        "values": values,
        "errors": errors or {},
    }


def _stand_down_shown(
    meeting: Meeting, values: dict[str, str], errors: Errors | None = None
) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "when": when(meeting),
        "deadline": plain_date(meeting.deadline_on) if meeting.deadline_on else None,
        "reasons": [
            {"value": reason.value, "text": REASONS[reason].capitalize()}
            for reason in STAND_DOWN_REASONS
        ],
        "others": [
            {"value": other.ref, "text": f"{other.ref}, {other.type_name}, {when(other)}"}
            for other in read.others_of_child(meeting, now())
        ],
        "version": values.get("version", meeting.version),
        "values": values,
        "errors": errors or {},
    }


def _joining_shown(
    meeting: Meeting, values: dict[str, str], errors: Errors | None = None
) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "hows": [{"value": how.value, "text": text.capitalize()} for how, text in HOW.items()],
        "version": values.get("version", meeting.version),
        "values": values,
        "errors": errors or {},
    }
