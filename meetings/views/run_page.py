"""Puts the run page together: every place of the record with its words, version and faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.filters import short_date
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance, Record, RecordSection
from meetings.queries import records as read
from meetings.queries.meetings import invitation_key
from meetings.record_terms import DECISION_WORDS, ReviewOutcome
from meetings.service import standing
from meetings.terms import Heading, MeetingStatus
from meetings.views.due import due_date
from meetings.views.record_words import ANSWERS, MARKS, information_lines, quorum_box
from meetings.views.run_form import NEW, Faults, date_parts, shown
from plans.terms import ActionKind, words_for

Page = dict[str, Any]
_OUTCOMES = {
    ReviewOutcome.DONE: "Done",
    ReviewOutcome.NOT_DONE: "Not done",
    ReviewOutcome.CHANGED: "Changed",
}
_SOON = (("today", "Today", 0), ("three", "In 3 days", 3), ("seven", "In 7 days", 7))


def run_page(
    record: Record,
    meeting: Meeting,
    *,
    may_read_information: bool,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    faults: Faults | None = None,
) -> Page:
    """Return everything the run page shows; what was typed stands before what is saved."""
    whole = read.whole_record(record, meeting)
    invited = standing.invited_to(meeting.id)
    attended = standing.attended_of(meeting.id)
    named = standing.places(meeting, invited, whole.sections, now=now)
    today = clock.today(now)
    values: dict[str, str] = {}
    page: Page = {
        "meeting": meeting,
        "child": whole.child,
        "is_running": meeting.status is MeetingStatus.IN_PROGRESS,
        "quorum": quorum_box(standing.quorum_of(meeting, invited, attended, now=now)),
        **_people(invited, attended, values, faults or Faults()),
        "others": [row for row in whole.attendances if row.invitation_id is None],
        "states": [{"value": state.value, "text": text} for state, text in MARKS.items()],
        "previous": _previous(whole, meeting, values, today),
        "outcomes": [{"value": one.value, "text": text} for one, text in _OUTCOMES.items()],
        "information": _information(meeting) if may_read_information else None,
        "sections": _sections(named, whole.sections, values),
        "decisions": _decisions(whole, values),
        "actions": _actions(whole, values),
        "dissents": _dissents(whole, values),
        **_choices(whole, meeting, invited, today),
    }
    for kind in ("else", "decision", "action", "dissent"):
        values |= shown(f"{kind}.{NEW}", {})
    faults = faults or Faults()
    values |= {name: text for name, text in (typed or {}).items() if name != "csrf_token"}
    page["clashes"] = _clashes(faults, values)
    page["values"], page["errors"] = values, faults.errors
    return page


def _invitee(row: Invitation, marked: Any, values: dict[str, str]) -> Page:  # noqa: ANN401
    part = f"who.{invitation_key(row.id)}"
    values |= shown(
        part,
        {
            "state": marked.state.value if marked else None,
            "name": marked.name if marked and marked.name != row.name else None,
            "note": marked.note if marked else None,
        },
        version=marked.version if marked else 0,
    )
    return {
        "part": part,
        "who": ", ".join(dict.fromkeys(filter(None, (row.agency_name, row.role_name, row.name)))),
        "answer": ANSWERS[row.state] if marked else f"{ANSWERS[row.state]}, not marked yet",
    }


def _people(
    invited: Sequence[Invitation],
    attended: Mapping[UUID | None, Attendance],
    values: dict[str, str],
    faults: Faults,
) -> Page:
    """Return those still to be marked, and apart from them those who are: these are folded away.

    A fold with something at fault in it stands open.
    """
    marked = [_invitee(row, attended[row.id], values) for row in invited if row.id in attended]
    at_fault = {name for name in (*faults.errors, *faults.clashes) if name.startswith("who.")}
    return {
        "unmarked": [_invitee(row, None, values) for row in invited if row.id not in attended],
        "marked": marked,
        "marked_words": f"{len(marked)} of {len(invited)} marked",
        "is_marked_open": any(
            name.startswith(person["part"]) for person in marked for name in at_fault
        ),
    }


def _previous(
    whole: read.WholeRecord, meeting: Meeting, values: dict[str, str], today: date
) -> list[Page]:
    heard = {row.action_id: row for row in whole.reviewed}
    found = []
    for listed in standing.previous_actions(meeting):
        action = listed.action
        row = heard.get(action.id)
        part = f"previous.{action.ref}"
        values |= shown(
            part,
            {
                "outcome": row.outcome if row else None,
                "note": row.note if row else None,
                **date_parts("date", row.new_due_on if row else None),
            },
            version=row.version if row else 0,
        )
        found.append(
            {
                "part": part,
                "ref": action.ref,
                "what": action.what,
                "owner": ", ".join(filter(None, (action.owner_name, listed.agency_name))),
                "due": due_date(action.due_on, today),
            }
        )
    return found


def _sections(
    named: Mapping[str, Heading], written: Mapping[str, RecordSection], values: dict[str, str]
) -> list[Page]:
    found, last = [], ""
    for place, heading in named.items():
        is_first = heading.heading != last
        last = heading.heading
        row = written.get(heading.key)
        found.append(_section(place, heading, row, values, is_first=is_first))
    return found


def _section(
    place: str,
    heading: Heading,
    row: RecordSection | None,
    values: dict[str, str],
    *,
    is_first: bool,
) -> Page:
    part = f"section.{place}"
    is_next = heading.heading == standing.NEXT_MEETING
    values |= shown(
        part,
        {
            "text": row.text if row else None,
            "reason": row.reason if row else None,
            **(date_parts("date", row.dated_on if row else None) if is_next else {}),
        },
        version=row.version if row else 0,
    )
    return {
        "part": part,
        "words": heading.words,
        # Asked of each agency, the question stands once.
        "prompt": heading.prompt if is_first else "",
        "has_date": is_next,
        # An agency that knows nothing has that written as its information.
        "may_explain": heading.is_required and heading.agency_id is None,
        "has_reason": bool(row and row.reason),
        "is_previous": heading.heading == standing.PREVIOUS_ACTIONS,
    }


def _decisions(whole: read.WholeRecord, values: dict[str, str]) -> list[Page]:
    for row in whole.decisions:
        values |= shown(
            f"decision.{row.position}",
            {"kind": row.kind, "text": row.text, "reason": row.reason},
            version=row.version,
        )
    return [
        {"part": f"decision.{row.position}", "number": number, "row": row}
        for number, row in enumerate(whole.decisions, start=1)
    ]


def _actions(whole: read.WholeRecord, values: dict[str, str]) -> list[Page]:
    positions = {row.id: str(row.position) for row in whole.decisions}
    for agreed in whole.actions:
        row = agreed.row
        values |= shown(
            f"action.{row.position}",
            {
                "what": row.what,
                "kind": row.kind.value,
                "agency": agreed.agency_ref,
                "name": row.owner_name,
                "email": row.owner_email,
                "how": row.how_known,
                "decision": positions.get(row.decision_id) if row.decision_id else None,
                **date_parts("due", row.due_on),
            },
            version=row.version,
        )
    return [
        {
            "part": f"action.{agreed.row.position}",
            "number": number,
            "row": agreed.row,
            "agency": agreed.agency_name,
        }
        for number, agreed in enumerate(whole.actions, start=1)
    ]


def _dissents(whole: read.WholeRecord, values: dict[str, str]) -> list[Page]:
    for row in whole.dissents:
        values |= shown(
            f"dissent.{row.position}",
            {"agency": row.agency_name, "what": row.what, "why": row.why},
            version=row.version,
        )
    return [
        {"part": f"dissent.{row.position}", "number": number, "row": row}
        for number, row in enumerate(whole.dissents, start=1)
    ]


def _choices(
    whole: read.WholeRecord, meeting: Meeting, invited: Sequence[Invitation], today: date
) -> Page:
    return {
        "decision_kinds": [{"value": k.value, "text": text} for k, text in DECISION_WORDS.items()],
        "action_kinds": [{"value": k.value, "text": words_for(k)} for k in ActionKind],
        "decision_options": [
            {"value": str(row.position), "text": f"{number}. {row.kind_name}"}
            for number, row in enumerate(whole.decisions, start=1)
        ],
        "owners": [
            {
                "value": invitation_key(row.id),
                "text": f"{row.name or row.role_name}, {row.agency_name}",
            }
            for row in invited
        ],
        "agencies": [
            {"value": row.ref, "text": row.name} for row in read.agencies_to_choose(meeting, today)
        ],
        "soon": [
            {
                "value": value,
                "text": f"{text} ({short_date(today + timedelta(days=days))})",
            }
            for value, text, days in _SOON
        ],
    }


def _information(meeting: Meeting) -> list[Page]:
    return [
        {
            "agency": one.agency_name,
            "role": one.role_name,
            "lines": information_lines(one.sent),
            "by": f"{one.sent.person_name}, {one.sent.person_role}",
            "at": one.sent.sent_at,
        }
        for one in read.information_for(meeting.id)
    ]


def _clashes(faults: Faults, values: dict[str, str]) -> dict[str, Page]:
    """Say for each clash what stands there now; what was typed is kept beside it."""
    found: dict[str, Page] = {}
    for part, theirs in faults.clashes.items():
        values[f"{part}.version"] = theirs.get("version", "0")
        values[f"{part}.seen"] = ""
        values[f"{part}.clash"] = "yes"
        at = theirs.get("at", "")
        found[part] = {
            "by": theirs.get("by") or "Somebody else",
            "at": datetime.fromisoformat(at) if at else None,
            "lines": [
                text
                for name, text in theirs.items()
                if name not in ("version", "by", "at", "key") and text
            ],
            "hidden": {f"{part}.theirs-{name}": text for name, text in theirs.items()},
        }
    return found
