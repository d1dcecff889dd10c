"""The JSON doors of a meeting: read it, move it, stand it down, decide about suggested times."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import RAISE

from core.api import PAGE_SIZE, entity_tag, page_of, required_version
from core.doors import actor, endpoint, may, now
from core.errors import NotFound, Refused
from meetings.given import NewTime
from meetings.models.invitations import Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Contribution, Proposal
from meetings.queries import meetings as read
from meetings.queries import replies as replies_read
from meetings.queries.replies import CameBack
from meetings.schemas.meeting_answers import (
    AcceptTimeSchema,
    ContributionListSchema,
    ListQuerySchema,
    MeetingListSchema,
    MeetingSchema,
)
from meetings.schemas.meetings import JoiningSchema, MoveSchema, StandDownSchema
from meetings.schemas.replies import BOXES, QUESTIONS
from meetings.service import proposals, scheduling, standing
from meetings.terms import MeetingStatus
from meetings.views.meeting_page import line, proposal_line
from notifications.service import letterhead
from notifications.terms import Letterhead
from people.terms import Action

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("meetings_api", __name__, url_prefix="/api/v1/meetings")


@blueprint.route("", methods=["GET"])
@endpoint(Action.MEETING_VIEW)
@blueprint.arguments(ListQuerySchema, location="query")
@blueprint.response(200, MeetingListSchema)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """List the meetings this caller may see."""
    rows = read.listed(actor(), now(), wanted=query["show"], page=query["page"])
    found = [_summary(row.meeting, row.child_ref) for row in rows]
    return page_of(found, query["page"], PAGE_SIZE)


@blueprint.route("/<ref>", methods=["GET"])
@endpoint(Action.MEETING_VIEW, of=read.resource)
@blueprint.response(200, MeetingSchema)
def show(ref: str) -> Tagged:
    """Read one meeting: who is coming, whether that is enough, what is suggested."""
    return shown(named(ref))


@blueprint.route("/<ref>/move", methods=["POST"])
@endpoint(Action.MEETING_MOVE, of=read.resource, writes=True)
@blueprint.arguments(MoveSchema(unknown=RAISE))
@blueprint.response(200, MeetingSchema)
def move(to: NewTime, ref: str) -> Tagged:
    """Move the meeting and ask everybody again; send the ETag in If-Match."""
    meeting = named(ref)
    scheduling.move(
        meeting, to, letterhead=mail(), actor=actor(), now=now(), seen_version=required_version()
    )
    return shown(meeting)


@blueprint.route("/<ref>/stand-down", methods=["POST"])
@endpoint(Action.MEETING_STAND_DOWN, of=read.resource, writes=True)
@blueprint.arguments(StandDownSchema(unknown=RAISE))
@blueprint.response(200, MeetingSchema)
def stand_down(given: dict[str, Any], ref: str) -> Tagged:
    """Stand the meeting down and tell everybody; send the ETag in If-Match."""
    meeting = named(ref)
    scheduling.stand_down(
        meeting,
        given["reason"],
        instead=_instead(given["instead"]),
        letterhead=mail(),
        actor=actor(),
        now=now(),
        seen_version=required_version(),
    )
    return shown(meeting)


@blueprint.route("/<ref>/joining", methods=["PUT"])
@endpoint(Action.MEETING_MOVE, of=read.resource, writes=True)
@blueprint.arguments(JoiningSchema(unknown=RAISE))
@blueprint.response(200, MeetingSchema)
def change_joining(given: dict[str, Any], ref: str) -> Tagged:
    """Change how people join; answers stay. Send the ETag in If-Match."""
    meeting = named(ref)
    scheduling.change_joining(
        meeting,
        given["how"],
        given["joining"],
        letterhead=mail(),
        actor=actor(),
        now=now(),
        seen_version=required_version(),
    )
    return shown(meeting)


@blueprint.route("/<ref>/suggested-times/<int:number>/accept", methods=["POST"])
@endpoint(Action.MEETING_MOVE, of=read.resource, writes=True)
@blueprint.arguments(AcceptTimeSchema)
@blueprint.response(200, MeetingSchema)
def accept(given: dict[str, str], ref: str, number: int) -> Tagged:
    """Move the meeting to a suggested time."""
    meeting = named(ref)
    proposals.accept(
        _suggested(meeting, number),
        late_reason=given["late_reason"],
        letterhead=mail(),
        actor=actor(),
        now=now(),
    )
    return shown(meeting)


@blueprint.route("/<ref>/suggested-times/<int:number>/refuse", methods=["POST"])
@endpoint(Action.MEETING_MOVE, of=read.resource, writes=True)
@blueprint.response(200, MeetingSchema)
def refuse(ref: str, number: int) -> Tagged:
    """Keep the meeting's time and say so to whoever suggested another."""
    meeting = named(ref)
    proposals.refuse(_suggested(meeting, number), letterhead=mail(), actor=actor(), now=now())
    return shown(meeting)


@blueprint.route("/<ref>/information", methods=["GET"])
@endpoint(Action.INFORMATION_READ, of=read.resource)
@blueprint.response(200, ContributionListSchema)
def information(ref: str) -> dict[str, Any]:
    """Read what the agencies sent for a meeting."""
    meeting = named(ref)
    sent = replies_read.contributions_for(meeting.id)
    invited = standing.invited_to(meeting.id)
    return {"items": [contribution(row, sent[row.id]) for row in invited if row.id in sent]}


def named(ref: str) -> Meeting:
    """Return the meeting of a reference.

    Raises:
        NotFound: there is none.
    """
    meeting = read.by_ref(ref)
    if meeting is None:
        raise NotFound(ref)
    return meeting


def mail() -> Letterhead:
    """Return what all mail of this installation shares."""
    return letterhead(current_app.extensions["settings"])


def shown(meeting: Meeting) -> Tagged:
    """Return a meeting as the API shows it to this caller, with its tag."""
    page = read.meeting_page(meeting)
    back = replies_read.came_back(meeting.id)
    may_ring = may(Action.MEETING_LOG_CALL, read.resource_of(meeting))
    body = _summary(meeting, page.child.ref) | {
        "how": meeting.how.value,
        "joining": meeting.joining,
        "sequence": meeting.sequence,
        "chair": page.chair.name if page.chair else None,
        "convenor": page.convenor.name if page.convenor else None,
        "late_reason": meeting.late_reason,
        "stood_down_reason": meeting.stood_down_reason,
        "quorum": _quorum(meeting, page),
        "invitees": [invitee(row, back, may_ring=may_ring) for row in page.invitations],
        "suggested_times": [
            proposal_line(number, row, page.invitations)
            for number, row in replies_read.open_proposals(meeting.id)
        ],
        "not_invited": [
            *(_not_invited(row, row.withdrawn_reason) for row in page.withdrawn),
            *(_not_invited(row, row.reason) for row in page.dropped),
        ],
        "tasks": [
            {"words": task.words, "due_at": task.due_at}
            for task in page.tasks
            if may_ring and task.done_at is None
        ],
    }
    return body, {"ETag": entity_tag(meeting.version)}


def _not_invited(row: Invitation | Dropped, reason: str | None) -> dict[str, Any]:
    return {"agency": row.agency_name, "role": row.role_name, "reason": reason or ""}


def invitee(row: Invitation, back: CameBack, *, may_ring: bool) -> dict[str, Any]:
    """Return an invitee; numbers, addresses and delivery only for those who ring."""
    words = line(row, back, is_to_ring=False)
    return {
        "key": words.key,
        "agency": words.agency,
        "role": words.role,
        "name": words.name,
        "needed": row.requirement.value,
        "is_statutory": row.is_statutory,
        "state": row.state.value,
        "answer": words.answer,
        "channel": row.answer_channel.value if row.answer_channel else None,
        "answered_at": row.answered_at,
        "is_for_earlier_time": row.is_stale,
        "delivery": words.delivered if may_ring else "",
        "telephone": row.telephone if may_ring else None,
        "email": row.email if may_ring else None,
        "has_sent_information": words.has_written,
        "is_to_ring": row.state in read.SILENT,
    }


def contribution(row: Invitation, sent: Contribution) -> dict[str, Any]:
    """Return what an agency sent as the API shows it."""
    asked = {
        name: {"answer": getattr(sent, name).value, "text": getattr(sent, f"{name}_text")}
        for name in QUESTIONS
    }
    told = {name: getattr(sent, name) for name in BOXES}
    return {
        "agency": row.agency_name,
        "role": row.role_name,
        "since_on": sent.since_on,
        **asked,
        **told,
        "share_with_family": sent.share_with_family,
        "share_why": sent.share_why,
        "person_name": sent.person_name,
        "person_role": sent.person_role,
        "sent_at": sent.sent_at,
        "version": sent.version,
    }


def _summary(meeting: Meeting, child_ref: str) -> dict[str, Any]:
    return {
        "ref": meeting.ref,
        "type_name": meeting.type_name,
        "child_ref": child_ref,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "status": meeting.status.value,
        "deadline_on": meeting.deadline_on,
    }


def _quorum(meeting: Meeting, page: read.MeetingPage) -> dict[str, str] | None:
    if meeting.status is MeetingStatus.STOOD_DOWN:
        return None
    attended = standing.attended_of(meeting.id)
    found = standing.quorum_of(meeting, page.invitations, attended, now=now())
    return {
        "legal": found.legal.value,
        "legal_words": found.words,
        "complete": found.complete.value,
        "complete_words": found.complete_words,
    }


def _suggested(meeting: Meeting, number: int) -> Proposal:
    proposal = replies_read.proposal(meeting.id, number)
    if proposal is None:
        raise NotFound("suggested time")
    return proposal


def _instead(ref: str) -> Meeting | None:
    if not ref:
        return None
    found = read.by_ref(ref)
    # One this caller may not see reads like one that is not there.
    if found is None or not may(Action.MEETING_VIEW, read.resource_of(found)):
        raise Refused("meeting.instead", "Choose another meeting about the same child.")
    return found
