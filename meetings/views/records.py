"""The record of a meeting: read and printed, approved by the chair, released by a second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.db import session
from core.doors import Rerender, act, actor, may, now, page
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.filters import plain_instant
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries import records as read
from meetings.record_terms import settled
from meetings.schemas.records import CorrectionWordsSchema, given
from meetings.service import following, releasing, standing
from meetings.terms import MeetingStatus, Quorum, RecordStatus
from meetings.views.due import due_instant
from meetings.views.finish_page import follow_on
from meetings.views.record_page import record_page
from notifications.service import letterhead
from people.terms import Action
from procedures.service import packs

blueprint = Blueprint("records", __name__)
_PAGE = "meetings/record/record.html"
_PRINT = "meetings/record/print.html"


@blueprint.get("/meetings/<ref>/record")
@page(Action.RECORD_READ, of=read.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show the record, and what is to be done with it next."""
    meeting, record = _record(ref)
    if record is None:
        return render_template(_PAGE, **_not_yet(meeting))
    return render_template(_PAGE, **_context(record, meeting))


@blueprint.get("/meetings/<ref>/record/print")
@page(Action.RECORD_READ, of=read.resource)
def paper(ref: str) -> ResponseReturnValue:
    """Show the record for paper: marking, reference, who printed it and when."""
    meeting, record = _record(ref)
    context = _context(record, meeting) if record is not None else None
    if context is None or context["is_hidden"]:
        raise NotFound("record")
    return render_template(
        _PRINT,
        **context,
        reference=meeting.ref,
        back_href=f"/meetings/{meeting.ref}/record",
        printed_by=actor().name,
        printed_at=plain_instant(now()),
    )


@blueprint.post("/meetings/<ref>/record/approve")
@act(Action.RECORD_APPROVE, of=read.resource)
def approve(ref: str) -> ResponseReturnValue:
    """Let the chair approve the record as it was shown."""
    meeting, record = _existing(ref)
    seen = request.form.get("version", "")
    try:
        releasing.approve(
            record,
            meeting,
            seen_version=int(seen) if seen.isdigit() else 0,
            actor=actor(),
            now=now(),
        )
    except (Refused, Conflict, NotAllowed) as fault:
        raise _again(record, meeting, fault.why) from fault
    return redirect(f"/meetings/{meeting.ref}/record")


@blueprint.post("/meetings/<ref>/record/take-back")
@act(Action.RECORD_APPROVE, of=read.resource)
def take_back(ref: str) -> ResponseReturnValue:
    """Let the chair make an approved record a draft again."""
    meeting, record = _existing(ref)
    try:
        releasing.take_back_approval(record, meeting, actor=actor(), now=now())
    except (Refused, NotAllowed) as fault:
        raise _again(record, meeting, fault.why) from fault
    return redirect(f"/meetings/{meeting.ref}/record")


@blueprint.post("/meetings/<ref>/record/release")
@act(Action.RECORD_RELEASE, of=read.resource)
def release(ref: str) -> ResponseReturnValue:
    """Release the record: everybody invited gets a letter with a link of their own."""
    meeting, record = _existing(ref)
    try:
        releasing.release(
            record,
            meeting,
            letterhead=letterhead(current_app.extensions["settings"]),
            actor=actor(),
            now=now(),
        )
    except NotAllowed as fault:
        raise _again(record, meeting, fault.why, status=403) from fault
    except Refused as fault:
        raise _again(record, meeting, fault.why) from fault
    return redirect(f"/meetings/{meeting.ref}/record")


@blueprint.post("/meetings/<ref>/record/corrections")
@act(Action.RECORD_READ, of=read.resource)
def correct(ref: str) -> ResponseReturnValue:
    """Put a correction beside the released record."""
    meeting, record = _existing(ref)
    typed = request.form.to_dict()
    try:
        words = CorrectionWordsSchema().load(given(typed))
        releasing.correct(
            record,
            meeting,
            text=words["text"],
            reason=words["reason"],
            by_name=actor().name,
            actor=actor(),
            now=now(),
        )
    except ValidationError as fault:
        raise Rerender(
            _PAGE, **_context(record, meeting, typed=typed, errors=fault.messages_dict)
        ) from fault
    except Refused as fault:
        raise _again(record, meeting, fault.why) from fault
    return redirect(f"/meetings/{meeting.ref}/record#corrections")


def _again(record: Record, meeting: Meeting, why: str, *, status: int = 422) -> Rerender:
    session.expire_all()
    context = _context(record, meeting, errors={"form": [why]})
    return Rerender(_PAGE, status=status, **context)


def _context(
    record: Record,
    meeting: Meeting,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    thing = read.resource(meeting.ref)
    whole = read.whole_record(record, meeting)
    is_redacted = g.confer_answer.outcome == "redact"
    may_release = read.who_may_release(record, meeting)
    is_held = meeting.status is MeetingStatus.HELD
    mine = actor().account_id
    is_chair = meeting.chair_id == mine
    return {
        "view": record_page(whole, standing.invited_to(meeting.id), now=now()),
        "meeting": meeting,
        "record": record,
        "follow_ons": _follow_ons(record, meeting, whole) if is_held and not is_redacted else [],
        "due": due_instant(record.due_at, now()),
        "is_late": bool(record.due_at and record.due_at < now() and not record.released_at),
        "is_held": is_held,
        "may_write": record.status is RecordStatus.DRAFT and may(Action.RECORD_EDIT, thing),
        "may_approve": record.status is RecordStatus.DRAFT and is_held and is_chair,
        "may_take_back": record.status is RecordStatus.APPROVED and is_chair,
        "may_release": record.status is RecordStatus.APPROVED
        and mine in {account.id for account in may_release},
        "who_may_release": " or ".join(account.name for account in may_release),
        "may_correct": record.status is RecordStatus.RELEASED and not is_redacted,
        "is_hidden": is_redacted and record.status is not RecordStatus.RELEASED,
        "values": typed or {},
        "errors": errors or {},
    }


def _follow_ons(record: Record, meeting: Meeting, whole: read.WholeRecord) -> list[dict[str, Any]]:
    if record.quorum is None:
        return []
    _, pack = packs.of(meeting.pack_version_id)
    kinds = frozenset(decision.kind for decision in whole.decisions)
    found = following.follow_ons_of(meeting, Quorum.from_dict(record.quorum), settled(kinds), pack)
    return [follow_on(one) for one in found]


def _not_yet(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "record": None, "errors": {}, "values": {}}


def _record(ref: str) -> tuple[Meeting, Record | None]:
    meeting = read.meeting_by_ref(ref)
    if meeting is None:
        raise NotFound("meeting")
    return meeting, read.record_of(meeting.id)


def _existing(ref: str) -> tuple[Meeting, Record]:
    meeting, record = _record(ref)
    if record is None:
        raise NotFound("record")
    return meeting, record
