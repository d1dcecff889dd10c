"""What Home says of meetings that were left open, and of what it does not show at once."""

from __future__ import annotations

from typing import Any

from core.filters import short_instant
from meetings.queries.unfinished import LeftOpen
from meetings.terms import MeetingStatus


def what_to_do(row: LeftOpen) -> str:
    """Return what is missing, and why it matters, as sentences."""
    if row.status is MeetingStatus.ARRANGED:
        return "Was it held? Start it or stand it down."
    return "Not finished: actions are not live and owners not told."


def line(row: LeftOpen) -> dict[str, Any]:
    """Return a meeting left open as Home lists it at risk."""
    is_arranged = row.status is MeetingStatus.ARRANGED
    when = (
        f"It was to start {short_instant(row.starts_at)}."
        if is_arranged
        else f"It started {short_instant(row.started_at or row.starts_at)}."
    )
    return {
        "tag": "Never started" if is_arranged else "Not finished",
        "kind": "alert",
        "title": f"{row.type_name} {row.ref}",
        "child": f"{row.child_name}, {row.child_ref}",
        "child_href": f"/children/{row.child_ref}",
        "text": f"{when} {what_to_do(row)}",
        "href": f"/meetings/{row.ref}",
        "button": "Start or stand down" if is_arranged else "Open the meeting",
        "hidden_text": row.ref,
    }


def not_shown(*, meetings: int, deadlines: int, soon: int = 0, not_reached: int = 0) -> str | None:
    """Return how many more are at risk than are listed; None if there are no more."""
    parts = [
        f"{number} more {one if number == 1 else many}"
        for number, one, many in (
            (meetings, "meeting that was left open", "meetings that were left open"),
            (deadlines, "deadline", "deadlines"),
            (soon, "meeting that starts soon", "meetings that start soon"),
            (not_reached, "invitation that did not arrive", "invitations that did not arrive"),
        )
        if number > 0
    ]
    if not parts:
        return None
    *first, last = parts
    return f"Not shown here: {', '.join(first) + ' and ' if first else ''}{last}."
