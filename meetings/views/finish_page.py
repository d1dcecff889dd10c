"""Puts the finish page together: gaps with links to their places, and what will follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import clock
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries import records as read
from meetings.record_terms import settled
from meetings.service import following, standing
from meetings.terms import FollowOn, Gap
from meetings.views.record_words import quorum_box
from plans.terms import ActionKind
from procedures.service import packs

# Where a refusal of the service stands on the page.
BESIDE = {"finish.reason": "reason", "finish.inquorate": "inquorate_reason"}
_PLACES = {
    "chair": "main-content",
    "attendance": "who",
    "quorum": "who",
    "decisions": "decisions",
    "reasons": "decisions",
    "actions": "actions",
}


def finish_page(
    record: Record,
    meeting: Meeting,
    *,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """Return everything the finish page shows."""
    stands = standing.standing_of(record, meeting, now=now)
    _, pack = packs.of(meeting.pack_version_id)
    whole = read.whole_record(record, meeting)
    today = clock.today(now)
    has_safety_today = any(
        row.kind is ActionKind.SAFETY and row.due_on is not None and row.due_on <= today
        for row in stands.actions
    )
    return {
        "meeting": meeting,
        "child": whole.child,
        "quorum": quorum_box(stands.quorum),
        "is_quorate": stands.quorum.is_quorate,
        "needs_safety_today": not stands.quorum.is_quorate and not has_safety_today,
        "gaps": [_gap(gap, meeting.ref) for gap in stands.gaps],
        "needs_reason": any(gap.is_firm for gap in stands.gaps if gap.id != "quorum"),
        "actions": whole.actions,
        "decisions": whole.decisions,
        "follow_ons": [
            follow_on(one)
            for one in following.follow_ons_of(
                meeting, stands.quorum, settled(stands.decided_kinds), pack
            )
        ],
        "values": dict(typed or {}),
        "errors": dict(errors or {}),
    }


def follow_on(one: FollowOn) -> dict[str, Any]:
    """Return a date that follows, with the sum behind it and what it hangs on."""
    conditions = []
    if one.if_held_on is not None:
        held = one.if_held_on
        conditions.append(f"if held on {held:%A} {held.day} {held:%B %Y}")
    if one.given:
        conditions.append(f"if {one.given}")
    return {
        "words": one.words,
        "by": one.deadline.by,
        "working": one.deadline.working,
        "condition": " and ".join(conditions),
        "is_later": one.if_held_on is not None,
    }


def _gap(gap: Gap, ref: str) -> dict[str, str]:
    kind, _, rest = gap.id.partition(":")
    if kind == "heading":
        place = f"section.{standing.place_of(rest)}.text"
    else:
        place = _PLACES.get(kind, "actions")
    return {"words": gap.words, "href": f"/meetings/{ref}/run#{place}"}
