"""The JSON doors of a meeting held and its record: the services and schemas of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, g
from flask_smorest import Blueprint

from core.api import entity_tag, once, require_version, required_version
from core.doors import actor, endpoint, now
from core.errors import NotFound
from meetings.api.record_answers import dates, finish_check, section_answer, whole_answer
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries import records as read
from meetings.queries.meetings import invitation_key
from meetings.record_terms import (
    ActionWords,
    Came,
    DecisionWords,
    DissentWords,
    Finished,
    FinishWords,
    ReviewWords,
    SectionWords,
    SomebodyElse,
)
from meetings.schemas.record_answers import (
    AttendanceMarksSchema,
    FinishCheckSchema,
    MeetingFinishedSchema,
    RecordCountSchema,
    RecordSectionSchema,
    WholeRecordSchema,
)
from meetings.schemas.records import (
    ActionWordsSchema,
    CorrectionWordsSchema,
    DecisionWordsSchema,
    DissentWordsSchema,
    FinishWordsSchema,
    ReviewWordsSchema,
    SectionWordsSchema,
    SomebodyElseSchema,
)
from meetings.service import (
    attendance,
    concluding,
    deciding,
    records,
    releasing,
    reviewing,
    standing,
)
from meetings.terms import RecordStatus
from notifications.service import letterhead
from notifications.terms import Letterhead
from people.terms import Action

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("records_api", __name__, url_prefix="/api/v1/meetings/<ref>")
_ROWS: dict[str, type[DecisionWords | ActionWords | DissentWords]] = {
    "decisions": DecisionWords,
    "actions": ActionWords,
    "dissents": DissentWords,
}


@blueprint.route("/start", methods=["POST"])
@endpoint(Action.MEETING_RUN, of=read.resource, writes=True)
@blueprint.response(200, WholeRecordSchema)
def start(ref: str) -> Tagged:
    """Start the meeting; started twice it is started once."""
    meeting = _meeting(ref)
    return _whole(meeting, records.start(meeting, actor=actor(), now=now()))


@blueprint.route("/record", methods=["GET"])
@endpoint(Action.RECORD_READ, of=read.resource)
@blueprint.response(200, WholeRecordSchema)
def show(ref: str) -> Tagged:
    """Read the record; somebody invited reads it once it is released."""
    meeting, record = _running(ref)
    is_hidden = g.confer_answer.outcome == "redact" and record.status is not RecordStatus.RELEASED
    if is_hidden:
        raise NotFound("record")
    return _whole(meeting, record)


@blueprint.route("/record/sections/<place>", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(SectionWordsSchema)
@blueprint.response(200, RecordSectionSchema)
def save_section(words: SectionWords, ref: str, place: str) -> Tagged:
    """Write under one heading; send its version in If-Match, 0 when nothing stands there."""
    meeting, record = _running(ref)
    whole = read.whole_record(record, meeting)
    named = standing.places(meeting, standing.invited_to(meeting.id), whole.sections, now=now())
    heading = named.get(place)
    if heading is None:
        raise NotFound("heading")
    row = records.save_section(
        record,
        heading,
        replace(words, key=heading.key),
        seen_version=required_version(),
        actor=actor(),
        now=now(),
    )
    return section_answer(place, heading, row), {"ETag": entity_tag(row.version)}


@blueprint.route("/record/attendance", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(AttendanceMarksSchema)
@blueprint.response(200, RecordCountSchema)
def mark(data: dict[str, Any], ref: str) -> Tagged:
    """Mark how invitees took part; who is not named is not changed.

    Send the record's ``attendance_version`` in If-Match; the one that stands after is the ETag.
    """
    meeting, record = _running(ref)
    records.hold(record)
    require_version(read.attendance_version(meeting.id))
    invited = {invitation_key(row.id): row for row in standing.invited_to(meeting.id)}
    for one in data["marks"]:
        came: Came = one["came"]
        invitation = invited.get(one["invitee"])
        if invitation is None:
            raise NotFound("invitee")
        attendance.mark(record, meeting, invitation, came, actor=actor(), now=now())
    tag = {"ETag": entity_tag(read.attendance_version(meeting.id))}
    return {"count": len(data["marks"])}, tag


@blueprint.route("/record/attendance/accepted", methods=["POST"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.response(200, RecordCountSchema)
def everyone_who_accepted(ref: str) -> dict[str, int]:
    """Mark everybody by their answer; nobody already marked is changed."""
    meeting, record = _running(ref)
    count = attendance.everyone_who_accepted(record, meeting, actor=actor(), now=now())
    return {"count": count}


@blueprint.route("/record/attendance/others", methods=["POST"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(SomebodyElseSchema)
@blueprint.response(201, WholeRecordSchema)
def somebody_else(who: SomebodyElse, ref: str) -> Tagged:
    """Write down somebody who came without an invitation."""
    meeting, record = _running(ref)
    attendance.somebody_else(record, meeting, who, actor=actor(), now=now())
    return _whole(meeting, record)


@blueprint.route("/record/previous/<action_ref>", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(ReviewWordsSchema)
@blueprint.response(200, WholeRecordSchema)
def review(words: ReviewWords, ref: str, action_ref: str) -> Tagged:
    """Write what was heard about an earlier action; If-Match is 0 when nothing was yet."""
    meeting, record = _running(ref)
    listed = next(
        (one for one in standing.previous_actions(meeting) if one.action.ref == action_ref), None
    )
    if listed is None:
        raise NotFound("action")
    reviewing.review(
        record,
        meeting,
        listed,
        words,
        seen_version=required_version(),
        actor=actor(),
        now=now(),
    )
    return _whole(meeting, record)


@blueprint.route("/record/decisions", methods=["POST"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(DecisionWordsSchema)
@blueprint.response(201, WholeRecordSchema)
def decide(words: DecisionWords, ref: str) -> Tagged:
    """Write down a decision."""
    return _add(ref, words)


@blueprint.route("/record/decisions/<int:number>", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(DecisionWordsSchema)
@blueprint.response(200, WholeRecordSchema)
def change_decision(words: DecisionWords, ref: str, number: int) -> Tagged:
    """Change a decision; send its version in If-Match."""
    return _change(ref, number, words)


@blueprint.route("/record/actions", methods=["POST"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(ActionWordsSchema)
@blueprint.response(201, WholeRecordSchema)
def propose(words: ActionWords, ref: str) -> Tagged:
    """Write down an action; it goes live when the meeting is finished."""
    return _add(ref, words)


@blueprint.route("/record/actions/<int:number>", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(ActionWordsSchema)
@blueprint.response(200, WholeRecordSchema)
def change_action(words: ActionWords, ref: str, number: int) -> Tagged:
    """Change an action that is not live yet; send its version in If-Match."""
    return _change(ref, number, words)


@blueprint.route("/record/dissents", methods=["POST"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@once
@blueprint.arguments(DissentWordsSchema)
@blueprint.response(201, WholeRecordSchema)
def dissent(words: DissentWords, ref: str) -> Tagged:
    """Write down who did not agree."""
    return _add(ref, words)


@blueprint.route("/record/dissents/<int:number>", methods=["PUT"])
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.arguments(DissentWordsSchema)
@blueprint.response(200, WholeRecordSchema)
def change_dissent(words: DissentWords, ref: str, number: int) -> Tagged:
    """Change a dissent; send its version in If-Match."""
    return _change(ref, number, words)


@blueprint.route(
    "/record/<any(decisions, actions, dissents):rows>/<int:number>", methods=["DELETE"]
)
@endpoint(Action.RECORD_EDIT, of=read.resource, writes=True)
@blueprint.response(200, WholeRecordSchema)
def take_out(ref: str, rows: str, number: int) -> Tagged:
    """Take a row out of the draft; it is kept with the time."""
    meeting, record = _running(ref)
    deciding.remove(record, meeting, number, _ROWS[rows], actor=actor(), now=now())
    return _whole(meeting, record)


@blueprint.route("/finish", methods=["GET"])
@endpoint(Action.MEETING_RUN, of=read.resource)
@blueprint.response(200, FinishCheckSchema)
def check(ref: str) -> dict[str, Any]:
    """Read what is missing before the meeting is finished, and what will follow."""
    meeting, record = _running(ref)
    return finish_check(record, meeting, now=now())


@blueprint.route("/finish", methods=["POST"])
@endpoint(Action.MEETING_RUN, of=read.resource, writes=True)
@once
@blueprint.arguments(FinishWordsSchema)
@blueprint.response(200, MeetingFinishedSchema)
def finish(words: FinishWords, ref: str) -> dict[str, Any]:
    """End the meeting: actions go live and their owners are told."""
    meeting, record = _running(ref)
    done: Finished = concluding.finish(
        record, meeting, words, letterhead=_mail(), actor=actor(), now=now()
    )
    return {
        "is_quorate": done.is_quorate,
        "action_refs": list(done.action_refs),
        "record_due_on": done.record_due_on,
        "follow_up_on": done.follow_up_on,
        "follow_ons": dates(done.follow_ons),
    }


@blueprint.route("/record/approval", methods=["PUT"])
@endpoint(Action.RECORD_APPROVE, of=read.resource, writes=True)
@blueprint.response(200, WholeRecordSchema)
def approve(ref: str) -> Tagged:
    """Approve the record as it was read; send its version in If-Match."""
    meeting, record = _running(ref)
    releasing.approve(record, meeting, seen_version=required_version(), actor=actor(), now=now())
    return _whole(meeting, record)


@blueprint.route("/record/approval", methods=["DELETE"])
@endpoint(Action.RECORD_APPROVE, of=read.resource, writes=True)
@blueprint.response(200, WholeRecordSchema)
def take_back(ref: str) -> Tagged:
    """Make an approved record a draft again."""
    meeting, record = _running(ref)
    releasing.take_back_approval(record, meeting, actor=actor(), now=now())
    return _whole(meeting, record)


@blueprint.route("/record/release", methods=["POST"])
@endpoint(Action.RECORD_RELEASE, of=read.resource, writes=True)
@once
@blueprint.response(200, RecordCountSchema)
def release(ref: str) -> dict[str, int]:
    """Release the record, as a second person who wrote none of it; returns the letters queued."""
    meeting, record = _running(ref)
    count = releasing.release(record, meeting, letterhead=_mail(), actor=actor(), now=now())
    return {"count": count}


@blueprint.route("/record/corrections", methods=["POST"])
@endpoint(Action.RECORD_READ, of=read.resource, writes=True)
@once
@blueprint.arguments(CorrectionWordsSchema)
@blueprint.response(201, WholeRecordSchema)
def correct(data: dict[str, str], ref: str) -> Tagged:
    """Put a correction beside the released record."""
    meeting, record = _running(ref)
    releasing.correct(
        record,
        meeting,
        text=data["text"],
        reason=data["reason"],
        by_name=actor().name,
        actor=actor(),
        now=now(),
    )
    return _whole(meeting, record)


def _add(ref: str, words: DecisionWords | ActionWords | DissentWords) -> Tagged:
    meeting, record = _running(ref)
    deciding.add(record, meeting, words, actor=actor(), now=now())
    return _whole(meeting, record)


def _change(ref: str, number: int, words: DecisionWords | ActionWords | DissentWords) -> Tagged:
    meeting, record = _running(ref)
    deciding.change(
        record,
        meeting,
        number,
        words,
        seen_version=required_version(),
        actor=actor(),
        now=now(),
    )
    return _whole(meeting, record)


def _whole(meeting: Meeting, record: Record) -> Tagged:
    tag = {"ETag": entity_tag(record.version)}
    return whole_answer(record, meeting, now=now()), tag


def _meeting(ref: str) -> Meeting:
    meeting = read.meeting_by_ref(ref)
    if meeting is None:
        raise NotFound("meeting")
    return meeting


def _running(ref: str) -> tuple[Meeting, Record]:
    meeting = _meeting(ref)
    record = read.record_of(meeting.id)
    if record is None:
        raise NotFound("record")
    return meeting, record


def _mail() -> Letterhead:
    return letterhead(current_app.extensions["settings"])
