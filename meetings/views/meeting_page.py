"""Puts the meeting's page together: who is coming, who is to be rung, what is still to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.filters import plain_date, plain_instant, short_instant
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy, Proposal
from meetings.models.tasks import Task
from meetings.queries.meetings import MeetingPage, invitation_key, to_ring
from meetings.queries.replies import CameBack
from meetings.service import standing
from meetings.terms import (
    AnswerChannel,
    CallOutcome,
    DeputyStatus,
    InvitationState,
    MeetingStatus,
    NoteKind,
    ProposalStatus,
    Requirement,
)
from meetings.views.due import due_instant
from meetings.views.held_link import HOW, when
from meetings.views.record_words import ANSWERS, quorum_box
from notifications.letters import REASONS
from notifications.models import OutboxMessage
from notifications.terms import DeliveryState, Reason

KINDS = {
    InvitationState.ACCEPTED: "good",
    InvitationState.ACCEPTED_PART: "good",
    InvitationState.DEPUTY: "good",
    InvitationState.TENTATIVE: "warn",
    InvitationState.NO_ANSWER: "warn",
    InvitationState.NOT_SENT: "alert",
    InvitationState.UNDELIVERABLE: "alert",
    InvitationState.DECLINED: "alert",
    InvitationState.INFORMATION: "info",
    InvitationState.WITHDRAWN: "neutral",
}
CHANNELS = {
    AnswerChannel.LINK: "on the link’s page",
    AnswerChannel.MAIL: "by mail",
    AnswerChannel.TELEPHONE: "by telephone",
    AnswerChannel.PAGE: "written down by staff",
}
NEEDED = {
    Requirement.QUORUM: "Needed by law",
    Requirement.EXPECTED: "Expected",
    Requirement.OPTIONAL: "Optional",
    Requirement.REPORT_ONLY: "Asked for information only",
    Requirement.INFORM: "To be told",
}
CALLS = {
    CallOutcome.REACHED: "Reached",
    CallOutcome.WILL_ATTEND: "Will attend",
    CallOutcome.CANNOT_ATTEND: "Cannot attend",
    CallOutcome.MESSAGE_LEFT: "Message left",
    CallOutcome.NO_ANSWER: "No answer",
}
NOTES = {
    NoteKind.COMMENT: "Wrote with the answer",
    NoteKind.FREE_TEXT: "Wrote by mail",
    NoteKind.OUT_OF_OFFICE: "Automatic answer",
    NoteKind.OTHER_ADDRESS: "Answered from another address",
    NoteKind.UNREADABLE: "Sent an answer that could not be read",
    NoteKind.REQUEST_STATUS: "The calendar reported a problem",
    NoteKind.RESENT: "The invitation was sent again",
    NoteKind.NEW_LINK: "Asked for a new link",
}
_DELIVERED = {
    DeliveryState.QUEUED: ("Waiting to be sent", "neutral"),
    DeliveryState.CLAIMED: ("Being sent", "neutral"),
    DeliveryState.HANDED: ("Handed to their mail server", "neutral"),
    DeliveryState.FAILED: ("Not delivered", "alert"),
    DeliveryState.BOUNCED: ("Came back", "alert"),
}
_STATUS = {
    MeetingStatus.ARRANGED: ("Arranged", "info"),
    MeetingStatus.IN_PROGRESS: ("In progress", "good"),
    MeetingStatus.HELD: ("Held", "neutral"),
    MeetingStatus.STOOD_DOWN: ("Stood down", "alert"),
}
_ANSWERED = (
    InvitationState.ACCEPTED,
    InvitationState.ACCEPTED_PART,
    InvitationState.DECLINED,
    InvitationState.DEPUTY,
    InvitationState.INFORMATION,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One invitee as the page shows it."""

    key: str
    agency: str
    role: str
    name: str | None
    needed: str
    answer: str
    kind: str
    answered: str | None
    delivered: str
    delivered_kind: str
    opened: str | None
    has_written: bool
    telephone: str | None
    notes: tuple[str, ...]
    is_to_ring: bool
    ring_why: str | None
    last_call: str | None


def meeting_values(page: MeetingPage, back: CameBack, *, now: datetime) -> dict[str, Any]:
    """Return what the meeting's page shows, before anything depends on who looks."""
    meeting = page.meeting
    ring = {row.id for row in to_ring(page.invitations, meeting, now)}
    is_open = meeting.status is MeetingStatus.ARRANGED
    lines = [line(row, back, is_to_ring=is_open and row.id in ring) for row in page.invitations]
    status, kind = _STATUS[meeting.status]
    asked = [row for row in page.invitations if row.requirement is not Requirement.INFORM]
    return {
        "meeting": meeting,
        "child": page.child,
        "status": status,
        "status_kind": kind,
        "when": when(meeting),
        "how": HOW[meeting.how].capitalize(),
        "chair": page.chair,
        "convenor": page.convenor,
        "team": page.team,
        "deadline": _deadline(meeting),
        "lines": lines,
        "to_ring": [each for each in lines if each.is_to_ring],
        "answered": sum(row.state in _ANSWERED for row in asked),
        "asked": len(asked),
        "sent": sum(row.id in back.mails for row in asked),
        "written": len({row.id for row in asked} & back.contributions.keys()),
        "quorum": _quorum(meeting, page, now) if meeting.status is not MeetingStatus.HELD else None,
        "proposals": [
            proposal_line(number, row, page.invitations)
            for number, row in enumerate(back.proposals, start=1)
            if row.status is ProposalStatus.OPEN
        ],
        "tasks": [task_line(task, now) for task in page.tasks if task.done_at is None],
        "withdrawn": page.withdrawn,
        "dropped": page.dropped,
        "stood_down_why": _stood_down_why(meeting),
        "calls": [{"value": outcome.value, "text": text} for outcome, text in CALLS.items()],
    }


def line(row: Invitation, back: CameBack, *, is_to_ring: bool) -> Line:
    """Return one invitee as the page shows it."""
    mail = back.mails.get(row.id)
    delivered, kind = _delivery(row, mail)
    opened = back.opened.get(row.id)
    calls = back.calls.get(row.id, ())
    return Line(
        key=invitation_key(row.id),
        agency=row.agency_name,
        role=row.role_name,
        name=row.name,
        needed=NEEDED[row.requirement],
        answer=answer_words(row, back.deputies.get(row.id)),
        kind=KINDS[row.state],
        answered=_answered(row),
        delivered=delivered,
        delivered_kind=kind,
        opened=f"Opened with a code by {opened.person_name}, {short_instant(opened.given_at)}"
        if opened
        else None,
        has_written=row.id in back.contributions,
        telephone=row.telephone,
        notes=_notes(row, back),
        is_to_ring=is_to_ring,
        ring_why=row.ring,
        last_call=call_words(calls[-1]) if calls else None,
    )


def answer_words(row: Invitation, deputy: Deputy | None) -> str:
    """Return the answer in words, with which part or who comes instead."""
    words = ANSWERS[row.state]
    if row.state is InvitationState.ACCEPTED_PART and row.part_note:
        return f"Accepted for {row.part_note}"
    if deputy is not None and row.state is not InvitationState.DECLINED:
        if deputy.status is DeputyStatus.PENDING:
            return f"Names {deputy.name} instead, to be confirmed"
        if row.state is InvitationState.DEPUTY:
            return f"{deputy.name} comes instead"
    return words


def call_words(call: Call) -> str:
    """Return what a call brought: "No answer, Fri 20 Nov, 4:52pm"."""
    note = f": {call.note}" if call.note else ""
    return f"{CALLS[call.outcome]}, {short_instant(call.at)}{note}"


def task_line(task: Task, now: datetime) -> dict[str, Any]:
    """Return an open task with how far its date is away."""
    return {"words": task.words, "due": due_instant(task.due_at, now), "kind": task.kind}


def proposal_line(number: int, row: Proposal, invitations: Sequence[Invitation]) -> dict[str, Any]:
    """Return a suggested time with who suggests it."""
    by = next((each for each in invitations if each.id == row.invitation_id), None)
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    return {
        "number": number,
        "by": f"{by.role_name}, {by.agency_name}" if by else "Somebody no longer invited",
        "when": f"{plain_instant(row.starts_at)}, {minutes} minutes",
        "note": row.note,
        "starts_at": row.starts_at,
    }


def _answered(row: Invitation) -> str | None:
    if row.answered_at is None or row.answer_channel is None:
        return None
    if row.is_stale:
        return f"Answered for the earlier time, {short_instant(row.answered_at)}: asked again"
    return f"{CHANNELS[row.answer_channel].capitalize()}, {short_instant(row.answered_at)}"


def _delivery(row: Invitation, mail: OutboxMessage | None) -> tuple[str, str]:
    if mail is None and not row.email:
        return "No mail goes to them: ring", "alert"
    if mail is None:
        return "Not sent yet", "warn"
    words, kind = _DELIVERED.get(mail.state, ("Not sent", "warn"))
    at = mail.handed_at if mail.state is DeliveryState.HANDED else None
    return f"{words}, {short_instant(at)}" if at else words, kind


def _notes(row: Invitation, back: CameBack) -> tuple[str, ...]:
    found = []
    if row.fallback:
        found.append(row.fallback)
    if row.is_excused:
        found.append("The school is closed that day, so its absence is not counted.")
    if row.id in back.unread:
        found.append("A mail from them waits in the review queue: the answer is not readable.")
    kept = [note for note in back.notes.get(row.id, ()) if note.kind is not NoteKind.RESENT]
    if kept:
        found.append(f"{NOTES[kept[-1].kind]}: {kept[-1].words}")
    return tuple(found)


def _deadline(meeting: Meeting) -> dict[str, Any] | None:
    """Say by when it had to start and whether it does; how far away that is says nothing here."""
    if meeting.deadline_on is None:
        return None
    is_late = meeting.deadline_at is not None and meeting.starts_at > meeting.deadline_at
    return {
        "by": plain_date(meeting.deadline_on),
        "is_late": is_late,
        "why": meeting.late_reason,
    }


def _quorum(meeting: Meeting, page: MeetingPage, now: datetime) -> dict[str, Any]:
    attended = standing.attended_of(meeting.id)
    return quorum_box(standing.quorum_of(meeting, page.invitations, attended, now=now))


def _stood_down_why(meeting: Meeting) -> str | None:
    reason = meeting.stood_down_reason
    if reason is None:
        return None
    return REASONS[Reason(reason)] if reason in set(Reason) else reason
