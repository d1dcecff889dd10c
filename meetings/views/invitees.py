"""One invitee of a meeting, and what staff do about them; somebody added from the directory."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock
from core.doors import Rerender, act, actor, may, now, page
from core.errors import NotFound, Refused
from core.filters import short_instant
from meetings.given import PART_WORDS, PartOfMeeting
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries import meetings as read
from meetings.queries import replies as replies_read
from meetings.schemas.replies import AnswerSchema, answer_from_form, flat
from meetings.service import deputies, invitee_mail, invitees, replies, seats
from meetings.terms import AnswerChannel, DeputyStatus, InvitationState, MeetingStatus
from meetings.views.held_link import letterhead
from meetings.views.meeting_page import CHANNELS, NOTES, call_words, line
from meetings.views.meetings import named
from meetings.views.record_words import ANSWERS
from people.queries.contacts import DirectoryEntry, directory
from people.terms import Action

blueprint = Blueprint("invitees", __name__)
_INVITEE = "meetings/meeting/invitee.html"
_ADD = "meetings/meeting/add_invitee.html"
_TWICE = (
    "Invited twice: also to a meeting about another child of this incident. Send each set of "
    "papers for itself, and warn them not to share one with the other."
)
Errors = dict[str, list[str]]


@blueprint.get("/meetings/<ref>/invitees/<key>")
@page(Action.MEETING_LOG_CALL, of=read.resource)
def show(ref: str, key: str) -> ResponseReturnValue:
    """Show one invitee: every answer, call, mail and note, and what can be done."""
    meeting, invitation = _named(ref, key)
    return render_template(_INVITEE, **_shown(meeting, invitation))


@blueprint.post("/meetings/<ref>/invitees/<key>/answer")
@act(Action.MEETING_LOG_CALL, of=read.resource)
def answer(ref: str, key: str) -> ResponseReturnValue:
    """Write an answer down after a call, with who gave it."""
    meeting, invitation = _named(ref, key)
    try:
        given = AnswerSchema(channel=AnswerChannel.TELEPHONE).load(answer_from_form(request.form))
        if given.person_name is None:
            raise ValidationError({"person_name": ["Enter who told you."]})
        replies.answer(invitation, given, letterhead=letterhead(), actor=actor(), now=now())
    except (ValidationError, Refused) as fault:
        raise _again(meeting, invitation, fault) from fault
    return _back(meeting, key)


@blueprint.post("/meetings/<ref>/invitees/<key>/resend")
@act(Action.MEETING_INVITE, of=read.resource)
def resend(ref: str, key: str) -> ResponseReturnValue:
    """Send the same invitation again."""
    meeting, invitation = _named(ref, key)
    try:
        invitee_mail.resend(invitation, letterhead=letterhead(), actor=actor(), now=now())
    except Refused as fault:
        raise _again(meeting, invitation, fault) from fault
    return _back(meeting, key)


@blueprint.post("/meetings/<ref>/invitees/<key>/address")
@act(Action.MEETING_INVITE, of=read.resource)
def correct_address(ref: str, key: str) -> ResponseReturnValue:
    """Put the address right: the old one is cancelled and its link dies."""
    meeting, invitation = _named(ref, key)
    try:
        invitee_mail.correct_address(
            invitation,
            request.form.get("email", ""),
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
        )
    except Refused as fault:
        raise _again(meeting, invitation, fault, beside="email") from fault
    return _back(meeting, key)


@blueprint.post("/meetings/<ref>/invitees/<key>/withdraw")
@act(Action.MEETING_INVITE, of=read.resource)
def withdraw(ref: str, key: str) -> ResponseReturnValue:
    """Take somebody off the meeting, with a reason; never a statutory role."""
    meeting, invitation = _named(ref, key)
    try:
        invitees.withdraw_invitee(
            invitation,
            request.form.get("reason", ""),
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
        )
    except Refused as fault:
        raise _again(meeting, invitation, fault, beside="reason") from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


@blueprint.post("/meetings/<ref>/invitees/<key>/deputy")
@act(Action.MEETING_INVITE, of=read.resource)
def decide_deputy(ref: str, key: str) -> ResponseReturnValue:
    """Confirm or refuse who was named to come instead."""
    meeting, invitation = _named(ref, key)
    deputy = replies_read.came_back(meeting.id).deputies.get(invitation.id)
    if deputy is None or deputy.status is not DeputyStatus.PENDING:
        raise NotFound("deputy")
    try:
        if request.form.get("decision") == "confirm":
            deputies.confirm(
                invitation, deputy.id, letterhead=letterhead(), actor=actor(), now=now()
            )
        else:
            deputies.refuse(invitation, deputy.id, actor=actor(), now=now())
    except Refused as fault:
        raise _again(meeting, invitation, fault) from fault
    return _back(meeting, key)


@blueprint.get("/meetings/<ref>/invitees/add")
@page(Action.MEETING_INVITE, of=read.resource)
def ask_whom(ref: str) -> ResponseReturnValue:
    """Ask whom of the directory to invite, and why."""
    return render_template(_ADD, **_add_shown(named(ref), {}))


@blueprint.post("/meetings/<ref>/invitees/add")
@act(Action.MEETING_INVITE, of=read.resource)
def add(ref: str) -> ResponseReturnValue:
    """Invite somebody of the directory; the others hear nothing."""
    meeting = named(ref)
    if request.form.get("press") == "find":
        return render_template(_ADD, **_add_shown(meeting, request.form.to_dict()))
    chosen = candidates(meeting).get(request.form.get("who", ""))
    if chosen is None:
        shown = _add_shown(meeting, request.form.to_dict(), {"who": ["Choose whom to invite."]})
        raise Rerender(_ADD, **shown)
    try:
        invitees.add_invitee(
            meeting,
            chosen,
            request.form.get("why", ""),
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
        )
    except Refused as fault:
        beside = "why" if fault.rule == "invitee.why" else "who"
        shown = _add_shown(meeting, request.form.to_dict(), {beside: [fault.why]})
        raise Rerender(_ADD, **shown) from fault
    return redirect(f"/meetings/{meeting.ref}", code=303)


def _named(ref: str, key: str) -> tuple[Meeting, Invitation]:
    meeting = named(ref)
    invitation = read.invitation(meeting, key)
    if invitation is None:
        raise NotFound(key)
    return meeting, invitation


def _back(meeting: Meeting, key: str) -> ResponseReturnValue:
    return redirect(f"/meetings/{meeting.ref}/invitees/{key}", code=303)


def _again(
    meeting: Meeting,
    invitation: Invitation,
    fault: ValidationError | Refused,
    *,
    beside: str = "form",
) -> Rerender:
    if isinstance(fault, ValidationError):
        errors = flat(fault.messages_dict)
    else:
        errors = {beside: [fault.why]}
    shown = _shown(meeting, invitation, request.form.to_dict(), errors)
    return Rerender(_INVITEE, **shown)


def _shown(
    meeting: Meeting,
    invitation: Invitation,
    values: dict[str, str] | None = None,
    errors: Errors | None = None,
) -> dict[str, Any]:
    thing = read.resource_of(meeting)
    back = replies_read.came_back(meeting.id)
    is_open = (
        meeting.status is MeetingStatus.ARRANGED
        and invitation.state is not InvitationState.WITHDRAWN
    )
    deputy = back.deputies.get(invitation.id)
    return {
        "meeting": meeting,
        "invitation": invitation,
        "line": line(invitation, back, is_to_ring=False),
        "deputy": deputy,
        "is_deputy_pending": deputy is not None and deputy.status is DeputyStatus.PENDING,
        "history": history(invitation),
        "calls": [call_words(call) for call in back.calls.get(invitation.id, ())],
        "notes": [
            {"what": NOTES[note.kind], "words": note.words, "when": short_instant(note.at)}
            for note in back.notes.get(invitation.id, ())
        ],
        "parts": [{"value": part.value, "text": PART_WORDS[part]} for part in PartOfMeeting],
        "may_answer": is_open and meeting.starts_at > now(),
        "may_invite": is_open and may(Action.MEETING_INVITE, thing),
        "may_read_out": may(Action.CODE_READ_OUT, thing),
        "values": values or {},
        "errors": errors or {},
    }


def history(invitation: Invitation) -> list[dict[str, str]]:
    """Return every answer as it came, the last first, with the time it was for."""
    return [
        {
            "what": ANSWERS[row.state] + (f", {row.part}" if row.part else ""),
            "how": f"{CHANNELS[row.channel].capitalize()}, {short_instant(row.at)}",
            "who": ", ".join(filter(None, (row.person_name, row.person_role))),
            "for_time": short_instant(row.meeting_starts_at),
        }
        for row in replies_read.answers_of(invitation.id)
    ]


def candidates(meeting: Meeting) -> dict[str, DirectoryEntry]:
    """Return whom of the directory can be invited, by what stands for them in a form."""
    entries = directory(clock.today(now()), child_id=meeting.child_id)
    return {_entry_key(entry): entry for entry in entries}


def _entry_key(entry: DirectoryEntry) -> str:
    words = f"{entry.agency_id}|{entry.role}|{entry.name}|{entry.email}"
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _hint(entry: DirectoryEntry, *, is_twice: bool) -> str:
    hint = entry.email or f"No address: ring {entry.telephone or 'them'}"
    return f"{hint}. {_TWICE}" if is_twice else hint


def _add_shown(
    meeting: Meeting, values: dict[str, str], errors: Errors | None = None
) -> dict[str, Any]:
    looked_for = values.get("find", "").strip().lower()
    found = [
        entry
        for entry in candidates(meeting).values()
        if looked_for in f"{entry.agency_name} {entry.name} {entry.role}".lower()
    ]
    found.sort(key=lambda entry: (not entry.is_for_child, entry.agency_name, entry.name))
    both = seats.invited_to_other_side(meeting, [entry.email for entry in found])
    return {
        "meeting": meeting,
        "people": [
            {
                "value": _entry_key(entry),
                "text": f"{entry.agency_name}: {entry.name}",
                "hint": _hint(entry, is_twice=(entry.email or "").lower() in both),
            }
            for entry in found
        ],
        "values": values,
        "errors": errors or {},
    }
