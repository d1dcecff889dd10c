"""After sending: who was mailed, whom to ring now, and one press to log each call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import act, actor, now, page
from core.errors import NotFound, Refused
from core.filters import plain_instant, plain_time
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries import meetings as read
from meetings.queries import sent
from meetings.queries.sent import LoggedCall, Sent
from meetings.service import calls
from meetings.terms import CallOutcome
from notifications import queries as mail
from notifications.service import letterhead
from notifications.terms import URGENT_WITHIN, DeliveryState
from people.queries import children
from people.terms import Action

blueprint = Blueprint("sent", __name__)
OUTCOMES = {
    CallOutcome.WILL_ATTEND: "Will attend",
    CallOutcome.CANNOT_ATTEND: "Cannot attend",
    CallOutcome.REACHED: "Reached, no answer yet",
    CallOutcome.MESSAGE_LEFT: "Message left",
    CallOutcome.NO_ANSWER: "Nobody answered",
}

_STATES = {
    DeliveryState.QUEUED: "Waiting to be sent",
    DeliveryState.CLAIMED: "Being sent",
    DeliveryState.HANDED: "Sent",
    DeliveryState.FAILED: "Not delivered: ring",
    DeliveryState.BOUNCED: "Not delivered: ring",
    DeliveryState.SUPPRESSED: "Taken back",
}


@blueprint.get("/meetings/<ref>/sent")
@page(Action.MEETING_LOG_CALL, of=read.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show who was mailed and whom to ring now; it prints as a call list."""
    meeting = _found(ref)
    found = sent.of_meeting(meeting, now())
    child = children.by_id(meeting.child_id)
    assert child is not None  # noqa: S101 - a foreign key holds it
    return render_template(
        "meetings/decision/sent.html",
        ref=meeting.ref,
        child_ref=child.ref,
        child_name=child.name,
        type_name=meeting.type_name,
        when=plain_instant(meeting.starts_at),
        is_soon=timedelta() < meeting.starts_at - now() < URGENT_WITHIN,
        is_immediate=meeting.is_immediate,
        to_ring=[_to_ring(row, found) for row in found.to_ring],
        rung=_rung(found),
        mailed=_mailed(found.invitations),
        outcomes=[{"value": each.value, "text": words} for each, words in OUTCOMES.items()],
    )


@blueprint.post("/meetings/<ref>/calls/<key>")
@act(Action.MEETING_LOG_CALL, of=read.resource)
def log_call(ref: str, key: str) -> ResponseReturnValue:
    """Log a call to one invitee, and come back to where the button stood."""
    meeting = _found(ref)
    invitation = read.invitation(meeting, key)
    if invitation is None:
        raise NotFound(key)
    try:
        outcome = CallOutcome(request.form.get("outcome", ""))
    except ValueError:
        raise Refused("call.outcome", "Say what came of the call.") from None
    calls.log_call(
        invitation,
        outcome,
        actor=actor(),
        letterhead=letterhead(current_app.extensions["settings"]),
        now=now(),
        note=request.form.get("note"),
    )
    where = "" if request.form.get("from") == "meeting" else "/sent"
    return redirect(f"/meetings/{meeting.ref}{where}", code=303)


def _to_ring(row: Invitation, found: Sent) -> dict[str, object]:
    return {
        "key": read.invitation_key(row.id),
        "agency": row.agency_name,
        "who": ", ".join(part for part in (row.role_name, row.name) if part),
        "telephone": found.numbers[row.id],
        "why": row.ring or "",
        "last": _last(found.last_calls.get(row.id)),
    }


def _rung(found: Sent) -> list[list[str]]:
    """Whom a call has settled: the row that leaves the list above is seen to arrive here."""
    waiting = {row.id for row in found.to_ring}
    return [
        [row.agency_name, row.role_name, _last(found.last_calls[row.id])]
        for row in found.invitations
        if row.id in found.last_calls and row.id not in waiting
    ]


def _last(logged: LoggedCall | None) -> str:
    if logged is None:
        return ""
    return f"{OUTCOMES[logged.call.outcome]}, {plain_time(logged.call.at)}, {logged.by}"


def _mailed(invitations: Sequence[Invitation]) -> list[list[str]]:
    latest = mail.latest_of(row.id for row in invitations)
    return [
        [row.agency_name, row.role_name, row.email or "", _STATES[latest[row.id].state]]
        for row in invitations
        if row.id in latest
    ]


def _found(ref: str) -> Meeting:
    meeting = read.by_ref(ref)
    if meeting is None:
        raise NotFound(ref)
    return meeting
