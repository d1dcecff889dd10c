"""A child's history in order, and the meetings about a child; nothing of any other child."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from core import clock
from core.doors import now, page
from core.errors import NotFound
from core.filters import plain_date, plain_instant
from meetings.queries import history as read
from meetings.terms import MeetingStatus, RecordStatus
from meetings.views.child_bar import child_bar
from people.models.children import Child
from people.queries import children
from people.terms import Action
from plans.terms import ActionStatus
from procedures.service import packs
from procedures.terms import Pack

blueprint = Blueprint("history", __name__)
Line = dict[str, Any]
_MEETING = {
    MeetingStatus.ARRANGED: ("Arranged", "neutral"),
    MeetingStatus.IN_PROGRESS: ("Running now", "info"),
    MeetingStatus.HELD: ("Held", "neutral"),
    MeetingStatus.STOOD_DOWN: ("Stood down", "neutral"),
}


@blueprint.get("/children/<ref>/timeline")
@page(Action.CHILD_HISTORY, of=children.resource)
def timeline(ref: str) -> ResponseReturnValue:
    """Show what happened to this child, the latest first."""
    child = _child(ref)
    return render_template(
        "meetings/history/timeline.html",
        child=child,
        bar=child_bar(child, "Timeline", now=now()),
        lines=timeline_lines(child),
    )


@blueprint.get("/children/<ref>/meetings")
@page(Action.CHILD_HISTORY, of=children.resource)
def meetings(ref: str) -> ResponseReturnValue:
    """Show every meeting about this child, the latest first."""
    child = _child(ref)
    return render_template(
        "meetings/history/meetings.html",
        child=child,
        bar=child_bar(child, "Meetings", now=now()),
        rows=[_meeting_row(one) for one in read.meetings_of(child.id)],
    )


def timeline_lines(child: Child) -> list[Line]:
    """Return what happened to a child, the latest first; some may not read the words of it."""
    history = read.history_of(child.id)
    _, pack = packs.in_force(clock.today(now()))
    has_words = g.confer_answer.outcome != "redact"
    lines = [
        *_incidents(history, pack, has_words=has_words),
        *_no_meetings(history, has_words=has_words),
        *(_meeting_line(one) for one in history.meetings),
        *_decisions(history, has_words=has_words),
        *_versions(history),
        *_actions(history),
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def _incidents(history: read.History, pack: Pack, *, has_words: bool) -> list[Line]:
    return [
        {
            "at": row.happened_at,
            "kind": "incident",
            "when": plain_instant(row.happened_at),
            "title": f"Incident {row.ref}: {pack.words_of('incident_kind', row.kind)}, "
            f"{pack.words_of('part', row.part).lower()}",
            "text": row.narrative if has_words else None,
            "by": _known(row.happened_at, row.known_at),
            "href": f"/incidents/{row.ref}" if has_words else None,
        }
        for row in history.involvements
    ]


def _known(happened_at: datetime, known_at: datetime) -> str | None:
    if clock.today(happened_at) == clock.today(known_at):
        return None
    return f"Known to the partnership on {plain_date(known_at)}"


def _no_meetings(history: read.History, *, has_words: bool) -> list[Line]:
    return [
        {
            "at": row.confirmed_at or row.made_at,
            "kind": "decision",
            "when": plain_instant(row.confirmed_at or row.made_at),
            "title": "No meeting is held: confirmed by a manager",
            "text": row.reason if has_words else None,
        }
        for row in history.none_confirmed
    ]


def _meeting_line(one: read.HeldMeeting) -> Line:
    meeting = one.meeting
    words, _ = _MEETING[meeting.status]
    at = meeting.started_at or meeting.starts_at
    return {
        "at": at,
        "kind": "meeting",
        "when": plain_instant(at),
        "title": f"{meeting.type_name} {meeting.ref}: {words.lower()}",
        "text": _quorum_words(one),
        "href": f"/meetings/{meeting.ref}",
    }


def _quorum_words(one: read.HeldMeeting) -> str | None:
    if one.record is None or one.record.is_quorate is None:
        return None
    return "With its quorum." if one.record.is_quorate else "Without its quorum."


def _decisions(history: read.History, *, has_words: bool) -> list[Line]:
    return [
        {
            "at": row.decision.made_at,
            "kind": "decision",
            "when": plain_instant(row.decision.made_at),
            "title": f"Decision at {row.meeting_ref}: {row.decision.kind_name}",
            "text": row.decision.text if has_words else None,
            "href": f"/meetings/{row.meeting_ref}/record",
        }
        for row in history.decisions
    ]


def _versions(history: read.History) -> list[Line]:
    return [
        {
            "at": row.agreed_at,
            "kind": "plan",
            "when": plain_instant(row.agreed_at),
            "title": f"Plan, version {row.number}",
            "text": row.why,
            "by": row.by_name,
        }
        for row in history.versions
    ]


def _actions(history: read.History) -> list[Line]:
    found: list[Line] = []
    for listed in history.actions:
        action = listed.action
        found.append(
            {
                "at": action.created_at,
                "kind": "action",
                "when": plain_instant(action.created_at),
                "title": f"Action {action.ref} given to {listed.agency_name}",
                "text": f"{action.what}, by {plain_date(action.due_on)}",
                "href": f"/actions/{action.ref}",
            }
        )
        if action.done_at is not None:
            is_done = action.status is ActionStatus.DONE
            found.append(
                {
                    "at": action.done_at,
                    "kind": "action",
                    "when": plain_instant(action.done_at),
                    "title": f"Action {action.ref} {'done' if is_done else 'no longer needed'}",
                    "text": action.evidence,
                    "href": f"/actions/{action.ref}",
                }
            )
    return found


def _meeting_row(one: read.HeldMeeting) -> Line:
    meeting = one.meeting
    words, kind = _MEETING[meeting.status]
    released = one.record is not None and one.record.status is RecordStatus.RELEASED
    return {
        "ref": meeting.ref,
        "href": f"/meetings/{meeting.ref}",
        "type": meeting.type_name,
        "when": plain_instant(meeting.starts_at),
        "status": words,
        "status_kind": kind,
        "quorum": _quorum_words(one),
        "record_href": f"/meetings/{meeting.ref}/record" if one.record else None,
        "record": "Record" if released else "Record, not released yet",
    }


def _child(ref: str) -> Child:
    child = children.by_ref(ref)
    if child is None:
        raise NotFound("child")
    return child
