"""The list of meetings, one meeting, and whom to ring about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import act, actor, may, now, page
from core.errors import NotFound, Refused
from core.filters import plain_instant
from meetings.models.meetings import Meeting
from meetings.queries import meetings as read
from meetings.queries import replies as replies_read
from meetings.schemas.replies import flat
from meetings.service import calls, standing
from meetings.terms import CallOutcome, MeetingStatus
from meetings.views.held_link import letterhead, when
from meetings.views.meeting_page import meeting_values
from meetings.views.record_words import information_lines
from people.terms import Action, Resource

blueprint = Blueprint("meetings", __name__)
_LAST_PAGE = 1000
_FILTERS = {
    "coming": "Coming",
    "mine": "Mine",
    "week": "Next 7 days",
    "silent": "Waiting for answers",
    "past": "Held",
    "stood_down": "Stood down",
}
_EMPTY = {
    "coming": "No meetings are arranged.",
    "mine": "You have no meetings.",
    "week": "No meetings in the next 7 days.",
    "silent": "Everybody has answered.",
    "past": "No meeting was held yet.",
    "stood_down": "No meeting was stood down.",
}
_STATUS = {
    MeetingStatus.ARRANGED: ("Arranged", "info"),
    MeetingStatus.IN_PROGRESS: ("In progress", "good"),
    MeetingStatus.HELD: ("Held", "neutral"),
    MeetingStatus.STOOD_DOWN: ("Stood down", "alert"),
}


@blueprint.get("/meetings")
@page(Action.MEETING_VIEW)
def index() -> ResponseReturnValue:
    """List the meetings one may see; the filter stands in the address, never a name."""
    wanted = request.args.get("show", "coming")
    wanted = wanted if wanted in _FILTERS else "coming"
    number = request.args.get("page", "1")
    at = min(max(int(number), 1), _LAST_PAGE) if number.isdigit() else 1
    rows = read.listed(actor(), now(), wanted=wanted, page=at)
    return render_template(
        "meetings/meeting/list.html",
        filters=[
            {"text": text, "href": f"/meetings?show={name}", "active": name == wanted}
            for name, text in _FILTERS.items()
        ],
        shown=_FILTERS[wanted],
        rows=[_row(row) for row in rows[: read.PAGE]],
        empty=_EMPTY[wanted],
        next_href=f"/meetings?show={wanted}&page={at + 1}" if len(rows) > read.PAGE else None,
        previous_href=f"/meetings?show={wanted}&page={at - 1}" if at > 1 else None,
    )


@blueprint.get("/meetings/<ref>")
@page(Action.MEETING_VIEW, of=read.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show one meeting: who is coming, what is missing, whom to ring."""
    meeting = named(ref)
    return render_template("meetings/meeting/meeting.html", **shown(meeting))


@blueprint.get("/meetings/<ref>/calls")
@page(Action.MEETING_LOG_CALL, of=read.resource)
def call_list(ref: str) -> ResponseReturnValue:
    """Show for paper whom to ring: agency, role, number."""
    meeting = named(ref)
    values = shown(meeting)
    return render_template(
        "meetings/meeting/call_list.html",
        **values,
        reference=meeting.ref,
        back_href=f"/meetings/{meeting.ref}",
        printed_by=actor().name,
        printed_at=plain_instant(now()),
    )


@blueprint.post("/meetings/<ref>/invitees/<key>/call")
@act(Action.MEETING_LOG_CALL, of=read.resource)
def log_call(ref: str, key: str) -> ResponseReturnValue:
    """Write a call down in one press."""
    meeting = named(ref)
    invitation = read.invitation(meeting, key)
    outcome = request.form.get("outcome", "")
    if invitation is None or outcome not in set(CallOutcome):
        raise NotFound(key)
    calls.log_call(
        invitation,
        CallOutcome(outcome),
        note=request.form.get("note", ""),
        letterhead=letterhead(),
        actor=actor(),
        now=now(),
    )
    return redirect(f"/meetings/{meeting.ref}#i-{key}")


@blueprint.get("/meetings/<ref>/information")
@page(Action.INFORMATION_READ, of=read.resource)
def information(ref: str) -> ResponseReturnValue:
    """Show what the agencies sent, each under its own name."""
    meeting = named(ref)
    sent = replies_read.contributions_for(meeting.id)
    invited = standing.invited_to(meeting.id)
    return render_template(
        "meetings/meeting/information.html",
        meeting=meeting,
        received=[
            {
                "agency": f"{row.agency_name}, {row.role_name}",
                "lines": information_lines(sent[row.id]),
                "by": f"{sent[row.id].person_name} ({sent[row.id].person_role}), "
                f"{plain_instant(sent[row.id].sent_at)}",
                "version": sent[row.id].version,
            }
            for row in invited
            if row.id in sent
        ],
        missing=[row.agency_name for row in invited if row.id not in sent],
    )


def named(ref: str) -> Meeting:
    """Return the meeting of a reference.

    Raises:
        NotFound: there is none.
    """
    meeting = read.by_ref(ref)
    if meeting is None:
        raise NotFound(ref)
    return meeting


def shown(meeting: Meeting, errors: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the meeting's page shows to whoever looks."""
    thing = read.resource_of(meeting)
    child = Resource(kind="child", id=meeting.child_id, child_id=meeting.child_id)
    values = meeting_values(
        read.meeting_page(meeting), replies_read.came_back(meeting.id), now=now()
    )
    is_open = meeting.status is MeetingStatus.ARRANGED
    is_live = is_open or meeting.status is MeetingStatus.IN_PROGRESS
    return values | {
        "errors": flat(errors) if errors else {},
        "may_run": is_live and may(Action.MEETING_RUN, thing),
        "may_move": is_open and may(Action.MEETING_MOVE, thing),
        "may_stand_down": is_open and may(Action.MEETING_STAND_DOWN, thing),
        "may_invite": is_open and may(Action.MEETING_INVITE, thing),
        "may_ring": may(Action.MEETING_LOG_CALL, thing),
        "may_read_information": may(Action.INFORMATION_READ, thing),
        "may_open_child": may(Action.CHILD_VIEW, child),
        "has_record": meeting.status in (MeetingStatus.HELD, MeetingStatus.IN_PROGRESS),
    }


def refused(meeting: Meeting, fault: Refused) -> dict[str, Any]:
    """Return the meeting's page with why something could not be done."""
    return shown(meeting, {"form": [fault.why]})


def _row(row: read.ListedMeeting) -> dict[str, Any]:
    meeting = row.meeting
    status, kind = _STATUS[meeting.status]
    is_late = meeting.deadline_at is not None and meeting.starts_at > meeting.deadline_at
    return {
        "href": f"/meetings/{meeting.ref}",
        "ref": meeting.ref,
        "title": meeting.type_name,
        "child": f"{row.child_name}, {row.child_ref}",
        "when": when(meeting),
        "status": status,
        "kind": kind,
        "is_late": is_late,
    }
