"""Puts a record together as it is read: by its staff, on paper, and from an invitee's link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance
from meetings.queries import records as read
from meetings.queries.records import WholeRecord
from meetings.record_terms import ReviewOutcome
from meetings.service import standing
from meetings.terms import MeetingHow, Quorum, RecordStatus
from meetings.views.record_words import ANSWERS, ATTENDED, quorum_box
from plans.terms import words_for

_HOW = {
    MeetingHow.ONLINE: "Online",
    MeetingHow.TELEPHONE: "By telephone",
    MeetingHow.IN_PERSON: "In person",
}
_OUTCOME = {
    ReviewOutcome.DONE.value: "Done",
    ReviewOutcome.NOT_DONE.value: "Not done",
    ReviewOutcome.CHANGED.value: "Changed",
}
_STATUS = {
    RecordStatus.DRAFT: ("Draft, not approved yet", "warn"),
    RecordStatus.APPROVED: ("Approved, not released yet", "warn"),
    RecordStatus.RELEASED: ("Released", "good"),
}


def record_page(
    whole: WholeRecord, invited: Sequence[Invitation], *, now: datetime
) -> dict[str, Any]:
    """Return the record in words, in the order it is read."""
    record, meeting = whole.record, whole.meeting
    status, kind = _STATUS[record.status]
    names = whole.names
    return {
        "record": record,
        "meeting": meeting,
        "child": whole.child,
        "status": status,
        "status_kind": kind,
        "quorum": quorum_box(Quorum.from_dict(record.quorum)) if record.quorum else None,
        "how": _HOW[meeting.how],
        "chair": names.get(meeting.chair_id) if meeting.chair_id else None,
        "approved_by": names.get(record.approved_by_id) if record.approved_by_id else None,
        "released_by": names.get(record.released_by_id) if record.released_by_id else None,
        "people": _people(whole.attendances, invited),
        "reviewed": [
            {"row": row, "outcome": _OUTCOME.get(row.outcome, row.outcome)}
            for row in whole.reviewed
        ],
        "sections": _sections(whole, invited, now),
        "decisions": whole.decisions,
        "actions": [
            {
                "what": agreed.row.what,
                "owner": agreed.row.owner_name or "No named owner",
                "agency": agreed.agency_name,
                "due_on": agreed.row.due_on,
                "how_known": agreed.row.how_known,
                "kind": words_for(agreed.row.kind),
            }
            for agreed in whole.actions
        ],
        "dissents": whole.dissents,
        "corrections": whole.corrections,
    }


def released_page(
    invitation: Invitation, meeting: Meeting, *, now: datetime
) -> dict[str, Any] | None:
    """Return the record as an invitee's link shows it, or None while it is not released."""
    record = read.released_for(invitation)
    if record is None:
        return None
    whole = read.whole_record(record, meeting)
    return record_page(whole, standing.invited_to(meeting.id), now=now)


def _people(attendances: Sequence[Attendance], invited: Sequence[Invitation]) -> list[list[str]]:
    """Return everybody invited or there: an invitee nobody marked stands by the answer given."""
    marked = {row.invitation_id: row for row in attendances if row.invitation_id}
    rows = []
    for one in invited:
        row = marked.get(one.id)
        came = ATTENDED[row.state] if row else f"Not marked ({ANSWERS[one.state].lower()})"
        name = (row.name if row else one.name) or ""
        rows.append([one.agency_name, one.role_name, name, came, (row.note or "") if row else ""])
    rows += [
        [row.agency_name, row.role_name, row.name or "", ATTENDED[row.state], "Not invited"]
        for row in attendances
        if row.invitation_id is None
    ]
    return rows


def _sections(
    whole: WholeRecord, invited: Sequence[Invitation], now: datetime
) -> list[dict[str, Any]]:
    found = []
    for heading in standing.places(whole.meeting, invited, whole.sections, now=now).values():
        row = whole.sections.get(heading.key)
        if row is None or not (row.text or row.reason or row.dated_on):
            continue
        found.append(
            {
                "words": row.label,
                "text": row.text,
                "reason": row.reason,
                "dated_on": row.dated_on,
            }
        )
    return found
