"""A record and its finish check as plain values, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from meetings.models.meetings import Meeting
from meetings.models.records import Record, RecordSection
from meetings.queries import records as read
from meetings.queries.meetings import invitation_key
from meetings.record_terms import settled
from meetings.service import following, standing
from meetings.terms import FollowOn, Heading
from procedures.service import packs

Answer = dict[str, Any]


def whole_answer(record: Record, meeting: Meeting, *, now: datetime) -> Answer:
    """Return everything that stands in a record."""
    whole = read.whole_record(record, meeting)
    invited = standing.invited_to(meeting.id)
    return {
        "meeting_ref": meeting.ref,
        "meeting_status": meeting.status.value,
        "status": record.status.value,
        "due_on": record.due_on,
        "version": record.version,
        "is_quorate": record.is_quorate,
        "finish_reason": record.finish_reason,
        "inquorate_reason": record.inquorate_reason,
        "approved_at": record.approved_at,
        "released_at": record.released_at,
        "sections": [
            section_answer(place, heading, whole.sections.get(heading.key))
            for place, heading in standing.places(meeting, invited, whole.sections, now=now).items()
        ],
        "attendance": _attendance(whole, meeting),
        "attendance_version": read.version_of_attendance(whole.attendances),
        "previous": _previous(whole, meeting),
        "decisions": [
            {
                "number": row.position,
                "kind": row.kind,
                "text": row.text,
                "reason": row.reason,
                "version": row.version,
            }
            for row in whole.decisions
        ],
        "actions": [_action(agreed) for agreed in whole.actions],
        "dissents": [
            {
                "number": row.position,
                "agency": row.agency_name,
                "what": row.what,
                "why": row.why,
                "version": row.version,
            }
            for row in whole.dissents
        ],
        "corrections": [
            {"text": row.text, "reason": row.reason, "by": row.by_name, "at": row.at}
            for row in whole.corrections
        ],
    }


def section_answer(place: str, heading: Heading, row: RecordSection | None) -> Answer:
    """Return one heading with what stands under it."""
    return {
        "place": place,
        "heading": heading.heading,
        "words": heading.words,
        "is_required": heading.is_required,
        "text": row.text if row else "",
        "reason": row.reason if row else None,
        "date": row.dated_on if row else None,
        "version": row.version if row else 0,
    }


def finish_check(record: Record, meeting: Meeting, *, now: datetime) -> Answer:
    """Return what is missing and what will follow."""
    stands = standing.standing_of(record, meeting, now=now)
    _, pack = packs.of(meeting.pack_version_id)
    follow_ons = following.follow_ons_of(
        meeting, stands.quorum, settled(stands.decided_kinds), pack
    )
    return {
        "quorum": {
            "is_quorate": stands.quorum.is_quorate,
            "words": stands.quorum.words,
            "complete_words": stands.quorum.complete_words,
        },
        "gaps": [{"id": gap.id, "words": gap.words, "is_firm": gap.is_firm} for gap in stands.gaps],
        "follow_ons": dates(follow_ons),
    }


def dates(follow_ons: Iterable[FollowOn]) -> list[Answer]:
    """Return the dates that follow, each with the sum behind it."""
    return [
        {
            "words": one.words,
            "by": one.deadline.by,
            "on": one.deadline.on,
            "working": one.deadline.working,
            "meeting_type": one.meeting_type,
            "if_held_on": one.if_held_on,
            "given": one.given,
        }
        for one in follow_ons
    ]


def _attendance(whole: read.WholeRecord, meeting: Meeting) -> list[Answer]:
    marked = {row.invitation_id: row for row in whole.attendances if row.invitation_id}
    found = []
    for one in standing.invited_to(meeting.id):
        row = marked.get(one.id)
        found.append(
            {
                "invitee": invitation_key(one.id),
                "agency": one.agency_name,
                "role": one.role_name,
                "name": row.name if row else one.name,
                "answer": one.state.value,
                "state": row.state.value if row else None,
                "note": row.note if row else None,
            }
        )
    found += [
        {
            "invitee": None,
            "agency": row.agency_name,
            "role": row.role_name,
            "name": row.name,
            "answer": None,
            "state": row.state.value,
            "note": row.note,
        }
        for row in whole.attendances
        if row.invitation_id is None
    ]
    return found


def _previous(whole: read.WholeRecord, meeting: Meeting) -> list[Answer]:
    heard = {row.action_id: row for row in whole.reviewed}
    found = []
    for listed in standing.previous_actions(meeting):
        row = heard.get(listed.action.id)
        found.append(
            {
                "ref": listed.action.ref,
                "what": listed.action.what,
                "owner": ", ".join(filter(None, (listed.action.owner_name, listed.agency_name))),
                "due_on": row.due_on if row else listed.action.due_on,
                "outcome": row.outcome if row else None,
                "note": row.note if row else None,
                "date": row.new_due_on if row else None,
                "version": row.version if row else 0,
            }
        )
    return found


def _action(agreed: read.Agreed) -> Answer:
    row = agreed.row
    return {
        "number": row.position,
        "what": row.what,
        "kind": row.kind.value,
        "agency": agreed.agency_ref,
        "agency_name": agreed.agency_name,
        "name": row.owner_name,
        "email": row.owner_email,
        "due": row.due_on,
        "how": row.how_known,
        "version": row.version,
    }
