"""The JSON doors of invitees and of incoming mail that waits for a person."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE

from core.api import entity_tag, once, require_version
from core.doors import actor, endpoint, now
from core.errors import NotFound, Refused
from meetings.api.meetings import contribution, invitee, mail, named
from meetings.given import AnswerGiven, Information
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries import meetings as read
from meetings.queries import replies as replies_read
from meetings.schemas.meeting_answers import (
    AddInviteeSchema,
    CandidateListSchema,
    CodeSchema,
    ContributionSchema,
    CorrectAddressSchema,
    DeputyDecisionSchema,
    InviteeDetailSchema,
    LoggedCallSchema,
    MailMatchSchema,
    SettledSchema,
    WaitingMailListSchema,
    WithdrawalSchema,
)
from meetings.schemas.replies import AnswerSchema, InformationSchema
from meetings.service import (
    calls,
    codes,
    contributions,
    deputies,
    invitee_mail,
    invitees,
    mail_review,
    replies,
    seats,
)
from meetings.terms import AnswerChannel, CallOutcome, DeputyStatus
from meetings.views.invitees import candidates
from meetings.views.mail_queue import meeting_to_match, message_resource, waiting, waiting_row
from notifications import queries as mail_queries
from people.terms import Action

blueprint = Blueprint("replies_api", __name__, url_prefix="/api/v1")
_PATH = "/meetings/<ref>/invitees/<key>"
Tagged = tuple[Any, dict[str, str]]


@blueprint.route("/meetings/<ref>/candidates", methods=["GET"])
@endpoint(Action.MEETING_INVITE, of=read.resource)
@blueprint.response(200, CandidateListSchema)
def who_can_be_asked(ref: str) -> dict[str, Any]:
    """List whom of the directory can be invited to a meeting."""
    meeting = named(ref)
    found = candidates(meeting)
    both = seats.invited_to_other_side(meeting, [entry.email for entry in found.values()])
    return {
        "items": [
            {
                "key": key,
                "agency": entry.agency_name,
                "role": entry.role,
                "name": entry.name,
                "email": entry.email,
                "telephone": entry.telephone,
                "is_asked_to_both": (entry.email or "").lower() in both,
            }
            for key, entry in found.items()
        ]
    }


@blueprint.route("/meetings/<ref>/invitees", methods=["POST"])
@endpoint(Action.MEETING_INVITE, of=read.resource, writes=True)
@once
@blueprint.arguments(AddInviteeSchema)
@blueprint.response(201, InviteeDetailSchema)
def add(given: dict[str, str], ref: str) -> dict[str, Any]:
    """Invite somebody of the directory; the others hear nothing."""
    meeting = named(ref)
    entry = candidates(meeting).get(given["who"])
    if entry is None:
        raise Refused("invitee.unknown", "Choose whom to invite from the candidates.")
    invitation = invitees.add_invitee(
        meeting, entry, given["why"], letterhead=mail(), actor=actor(), now=now()
    )
    return _detail(meeting, invitation)


@blueprint.route(_PATH, methods=["GET"])
@endpoint(Action.MEETING_LOG_CALL, of=read.resource)
@blueprint.response(200, InviteeDetailSchema)
def show(ref: str, key: str) -> Tagged:
    """Read one invitee with every answer."""
    meeting, invitation = _named(ref, key)
    return _detail(meeting, invitation), {"ETag": entity_tag(invitation.version)}


@blueprint.route(f"{_PATH}/answer", methods=["POST"])
@endpoint(Action.MEETING_LOG_CALL, of=read.resource, writes=True)
@once
@blueprint.arguments(AnswerSchema(channel=AnswerChannel.TELEPHONE, unknown=RAISE))
@blueprint.response(200, InviteeDetailSchema)
def answer(given: AnswerGiven, ref: str, key: str) -> dict[str, Any]:
    """Write an answer down that was given by telephone, with who gave it."""
    meeting, invitation = _named(ref, key)
    if given.person_name is None:
        raise Refused("reply.who", "Say in person_name who gave the answer.")
    replies.answer(invitation, given, letterhead=mail(), actor=actor(), now=now())
    return _detail(meeting, invitation)


@blueprint.route(f"{_PATH}/calls", methods=["POST"])
@endpoint(Action.MEETING_LOG_CALL, of=read.resource, writes=True)
@once
@blueprint.arguments(LoggedCallSchema)
@blueprint.response(201, InviteeDetailSchema)
def log_call(given: dict[str, str], ref: str, key: str) -> dict[str, Any]:
    """Write a telephone call down."""
    meeting, invitation = _named(ref, key)
    calls.log_call(
        invitation,
        CallOutcome(given["outcome"]),
        note=given["note"],
        letterhead=mail(),
        actor=actor(),
        now=now(),
    )
    return _detail(meeting, invitation)


@blueprint.route(f"{_PATH}/information", methods=["POST"])
@endpoint(Action.MEETING_LOG_CALL, of=read.resource, writes=True)
@once
@blueprint.arguments(InformationSchema(unknown=RAISE))
@blueprint.response(201, ContributionSchema)
def information(given: Information, ref: str, key: str) -> dict[str, Any]:
    """Write down what an agency said, under the caller's own name."""
    _, invitation = _named(ref, key)
    row = contributions.send(
        invitation,
        given,
        person_name=actor().name,
        person_role="written down by staff",
        actor=actor(),
        now=now(),
    )
    return contribution(invitation, row)


@blueprint.route(f"{_PATH}/resend", methods=["POST"])
@endpoint(Action.MEETING_INVITE, of=read.resource, writes=True)
@once
@blueprint.response(200, InviteeDetailSchema)
def resend(ref: str, key: str) -> dict[str, Any]:
    """Send the same invitation again."""
    meeting, invitation = _named(ref, key)
    invitee_mail.resend(invitation, letterhead=mail(), actor=actor(), now=now())
    return _detail(meeting, invitation)


@blueprint.route(f"{_PATH}/address", methods=["PUT"])
@endpoint(Action.MEETING_INVITE, of=read.resource, writes=True)
@blueprint.arguments(CorrectAddressSchema)
@blueprint.response(200, InviteeDetailSchema)
def correct_address(given: dict[str, str], ref: str, key: str) -> Tagged:
    """Put the address right: the old one is cancelled and its link dies.

    Send the invitee's ETag back in If-Match.
    """
    meeting, invitation = _named(ref, key)
    require_version(invitation.version)
    invitee_mail.correct_address(
        invitation, given["email"], letterhead=mail(), actor=actor(), now=now()
    )
    return _detail(meeting, invitation), {"ETag": entity_tag(invitation.version)}


@blueprint.route(f"{_PATH}/withdrawal", methods=["POST"])
@endpoint(Action.MEETING_INVITE, of=read.resource, writes=True)
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, InviteeDetailSchema)
def withdraw(given: dict[str, str], ref: str, key: str) -> dict[str, Any]:
    """Take somebody off the meeting, with a reason; never a statutory role."""
    meeting, invitation = _named(ref, key)
    invitees.withdraw_invitee(
        invitation, given["reason"], letterhead=mail(), actor=actor(), now=now()
    )
    return _detail(meeting, invitation)


@blueprint.route(f"{_PATH}/deputy", methods=["POST"])
@endpoint(Action.MEETING_INVITE, of=read.resource, writes=True)
@blueprint.arguments(DeputyDecisionSchema)
@blueprint.response(200, InviteeDetailSchema)
def decide_deputy(given: dict[str, str], ref: str, key: str) -> dict[str, Any]:
    """Confirm or refuse who was named to come instead."""
    meeting, invitation = _named(ref, key)
    deputy = replies_read.came_back(meeting.id).deputies.get(invitation.id)
    if deputy is None or deputy.status is not DeputyStatus.PENDING:
        raise NotFound("deputy")
    if given["decision"] == "confirm":
        deputies.confirm(invitation, deputy.id, letterhead=mail(), actor=actor(), now=now())
    else:
        deputies.refuse(invitation, deputy.id, actor=actor(), now=now())
    return _detail(meeting, invitation)


@blueprint.route(f"{_PATH}/code", methods=["POST"])
@endpoint(Action.CODE_READ_OUT, of=read.resource, writes=True)
@blueprint.response(201, CodeSchema)
def read_out(ref: str, key: str) -> dict[str, Any]:
    """Make a code to read out to the number of the directory; it is shown once."""
    _, invitation = _named(ref, key)
    code = codes.read_out(invitation, None, actor=actor(), now=now())
    return {"code": code, "telephone": codes.directory_number(invitation)}


@blueprint.route("/mail/review", methods=["GET"])
@endpoint(Action.MAIL_REVIEW)
@blueprint.response(200, WaitingMailListSchema)
def queue() -> dict[str, Any]:
    """List the mails that wait for a person."""
    return {"items": [waiting(row) for row in mail_queries.review_queue()]}


@blueprint.route("/mail/review/<key>/match", methods=["POST"])
@endpoint(Action.MAIL_REVIEW, of=message_resource, writes=True)
@blueprint.arguments(MailMatchSchema)
@blueprint.response(200, SettledSchema)
def match(given: dict[str, str], key: str) -> dict[str, str]:
    """Take a mail as this invitee's: its answer if it holds one, else as a note."""
    message = mail_queries.message_read(waiting_row(key).id)
    meeting = meeting_to_match(given["reference"])
    invitation = read.invitation(meeting, given["invitee"]) if meeting else None
    if message is None or invitation is None:
        raise Refused("review.invitee", "Choose an invitee of this meeting.")
    outcome = mail_review.match(message, invitation, letterhead=mail(), actor=actor(), now=now())
    return {"outcome": outcome.value}


@blueprint.route("/mail/review/<key>/forward", methods=["POST"])
@endpoint(Action.MAIL_REVIEW, of=message_resource, writes=True)
@blueprint.response(200, SettledSchema)
def forward(key: str) -> dict[str, str]:
    """Take a forward off the queue: nobody is invited by it."""
    outcome = mail_review.set_aside(
        waiting_row(key).id, "", is_forward=True, actor=actor(), now=now()
    )
    return {"outcome": outcome.value}


@blueprint.route("/mail/review/<key>/discard", methods=["POST"])
@endpoint(Action.MAIL_REVIEW, of=message_resource, writes=True)
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, SettledSchema)
def discard(given: dict[str, str], key: str) -> dict[str, str]:
    """Take a mail off the queue with a reason; it is kept."""
    outcome = mail_review.set_aside(
        waiting_row(key).id, given["reason"], is_forward=False, actor=actor(), now=now()
    )
    return {"outcome": outcome.value}


def _named(ref: str, key: str) -> tuple[Meeting, Invitation]:
    meeting = named(ref)
    invitation = read.invitation(meeting, key)
    if invitation is None:
        raise NotFound(key)
    return meeting, invitation


def _detail(meeting: Meeting, invitation: Invitation) -> dict[str, Any]:
    back = replies_read.came_back(meeting.id)
    answers = [
        {
            "state": row.state.value,
            "channel": row.channel.value,
            "at": row.at,
            "part": row.part,
            "person_name": row.person_name,
            "person_role": row.person_role,
            "meeting_starts_at": row.meeting_starts_at,
        }
        for row in replies_read.answers_of(invitation.id)
    ]
    return invitee(invitation, back, may_ring=True) | {"why": invitation.why, "answers": answers}
