"""The JSON doors of incidents and decisions: the services and schemas of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from core.api import entity_tag, once, require_version
from core.doors import actor, endpoint, may, now
from core.errors import NotFound
from meetings.choices import Answers, Choice, HeldNow, PartGiven, ScoreGiven
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.queries import incidents as read
from meetings.schemas.decision import ChoiceSchema, HeldNowSchema
from meetings.schemas.incident_answers import (
    ConvenedSchema,
    InvolvementListSchema,
    InvolvementSchema,
    JudgementSchema,
    ProposalSchema,
    ReasonSchema,
    ReportSchema,
    UsedMeetingSchema,
)
from meetings.schemas.incidents import AnswersSchema, PartSchema, ScoreSchema
from meetings.service import (
    convening,
    folding,
    holding_now,
    incidents,
    none_needed,
    proposing,
    seats,
)
from meetings.terms import Decision, Invitee
from meetings.views import decision_choice, decision_page
from meetings.views.incident_form import telephones
from notifications.service import letterhead
from notifications.terms import Letterhead
from people.terms import Action
from procedures.service import packs

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("incidents_api", __name__, url_prefix="/api/v1/incidents")


@blueprint.route("", methods=["POST"])
@endpoint(Action.INCIDENT_RECORD, writes=True)
@once
@blueprint.arguments(ReportSchema)
@blueprint.response(201, InvolvementListSchema)
def report(data: dict[str, list[PartGiven]]) -> Tagged:
    """Record an incident with one or several children; each part is judged at once."""
    made = incidents.report(data["parts"], actor=actor(), letterhead=_mail(), now=now())
    where = {"Location": f"/api/v1/incidents/{made[0].ref}"}
    return {"items": [_part(each) for each in made]}, where


@blueprint.route("/<ref>", methods=["GET"])
@endpoint(Action.INCIDENT_VIEW, of=read.resource)
@blueprint.response(200, InvolvementSchema)
def show(ref: str) -> Tagged:
    """Read one child's part in an incident."""
    involvement = _involvement(ref)
    return _part(involvement), {"ETag": entity_tag(involvement.version)}


@blueprint.route("/<ref>/parts", methods=["POST"])
@endpoint(Action.INCIDENT_LINK, of=read.resource, writes=True)
@once
@blueprint.arguments(PartSchema)
@blueprint.response(201, InvolvementSchema)
def add_child(part: PartGiven, ref: str) -> Tagged:
    """Add another child's own part in the same incident."""
    incident = read.incident_of(_involvement(ref))
    made = incidents.add_child(incident, part, actor=actor(), letterhead=_mail(), now=now())
    return _part(made), {"Location": f"/api/v1/incidents/{made.ref}"}


@blueprint.route("/<ref>/scores", methods=["POST"])
@endpoint(Action.INCIDENT_RECORD, of=read.resource, writes=True)
@once
@blueprint.arguments(ScoreSchema)
@blueprint.response(201, JudgementSchema)
def score(given: ScoreGiven, ref: str) -> dict[str, Any]:
    """Write a score down, with its scale and version, and judge again."""
    judgement = incidents.record_score(
        _involvement(ref), given, actor=actor(), letterhead=_mail(), now=now()
    )
    return _judgement(ref, judgement)


@blueprint.route("/<ref>/answers", methods=["PUT"])
@endpoint(Action.INCIDENT_RECORD, of=read.resource, writes=True)
@blueprint.arguments(AnswersSchema)
@blueprint.response(200, JudgementSchema)
def answer(given: Answers, ref: str) -> dict[str, Any]:
    """Write down what is known, all of it at once, and judge again; send the ETag in If-Match."""
    involvement = _involvement(ref)
    require_version(involvement.version)
    judgement = incidents.answer(involvement, given, actor=actor(), letterhead=_mail(), now=now())
    return _judgement(ref, judgement)


@blueprint.route("/<ref>/clearance", methods=["POST"])
@endpoint(Action.JUDGEMENT_NO_MEETING, of=read.resource, writes=True)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, JudgementSchema)
def clear(data: dict[str, str], ref: str) -> dict[str, Any]:
    """Record, as a manager, that neither harm nor exploitation is suspected."""
    judgement = incidents.clear(
        _involvement(ref), why=data["reason"], actor=actor(), letterhead=_mail(), now=now()
    )
    return _judgement(ref, judgement)


@blueprint.route("/<ref>/judgement", methods=["GET"])
@endpoint(Action.JUDGEMENT_VIEW, of=read.resource)
@blueprint.response(200, JudgementSchema)
def judgement(ref: str) -> dict[str, Any]:
    """Read what the rules say, why, and what was decided."""
    return _judgement(ref, _standing(ref))


@blueprint.route("/<ref>/proposal", methods=["GET"])
@endpoint(Action.JUDGEMENT_VIEW, of=read.resource)
@blueprint.response(200, ProposalSchema)
def propose(ref: str) -> dict[str, Any]:
    """Read who would be asked and which times are free, as far as this service knows."""
    involvement, standing = _involvement(ref), _standing(ref)
    _, pack = packs.of(standing.pack_version_id)
    kind = proposing.usual_type(standing, pack)
    chairs = proposing.chairs_for(involvement)
    found, starts = proposing.proposal(
        involvement,
        standing,
        kind=kind,
        chair_id=chairs[0].id if chairs else None,
        minutes=proposing.usual_minutes(kind, pack),
        now=now(),
    )
    decision = Decision.from_dict(standing.verdict)
    both = seats.invited_elsewhere(involvement, [each.email for each in found.invitees])
    return {
        "booked": decision_choice.booked_meetings(
            involvement, decision, found.required.slots, pack=pack, now=now()
        ),
        "tasks": decision_choice.asked_besides(decision, found.required),
        "hold_now": (decision_choice.hold_reason(decision, pack, now()) or {}).get("words"),
        "telephones": telephones(),
        "invitees": [_seat(each, both) for each in found.invitees],
        "chairs": [{"id": each.id, "name": each.name} for each in chairs],
        "starts": starts,
    }


@blueprint.route("/<ref>/meetings", methods=["POST"])
@endpoint(Action.MEETING_CREATE, of=read.resource, writes=True)
@once
@blueprint.arguments(ChoiceSchema)
@blueprint.response(201, ConvenedSchema)
def convene(choice: Choice, ref: str) -> Tagged:
    """Arrange the meeting and send the invitations."""
    meeting = convening.convene(
        _standing(ref), choice, actor=actor(), letterhead=_mail(), now=now()
    )
    return _meeting(meeting)


@blueprint.route("/<ref>/discussions", methods=["POST"])
@endpoint(Action.MEETING_CREATE, of=read.resource, writes=True)
@once
@blueprint.arguments(HeldNowSchema)
@blueprint.response(201, ConvenedSchema)
def hold_now(held: HeldNow, ref: str) -> Tagged:
    """Write down a discussion by telephone that starts now or took place within the last day."""
    meeting = holding_now.hold_now(
        _standing(ref), held, actor=actor(), letterhead=_mail(), now=now()
    )
    return _meeting(meeting)


@blueprint.route("/<ref>/used-meeting", methods=["POST"])
@endpoint(Action.MEETING_CREATE, of=read.resource, writes=True)
@blueprint.arguments(UsedMeetingSchema)
@blueprint.response(200, ConvenedSchema)
def use(data: dict[str, str], ref: str) -> Tagged:
    """Let a meeting that is booked already answer this."""
    meeting = folding.use_existing(
        _standing(ref), data["meeting_ref"], actor=actor(), letterhead=_mail(), now=now()
    )
    return _meeting(meeting)


@blueprint.route("/<ref>/no-meeting", methods=["POST"])
@endpoint(Action.JUDGEMENT_NO_MEETING, of=read.resource, writes=True)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, JudgementSchema)
def no_meeting(data: dict[str, str], ref: str) -> dict[str, Any]:
    """Propose that no meeting is held; the deadline runs until the manager confirms."""
    standing = _standing(ref)
    none_needed.no_meeting(standing, data["reason"], actor=actor(), letterhead=_mail(), now=now())
    return _judgement(ref, standing)


@blueprint.route("/<ref>/no-meeting/confirmation", methods=["POST"])
@endpoint(Action.JUDGEMENT_CONFIRM_NONE, of=read.resource, writes=True)
@blueprint.response(200, JudgementSchema)
def confirm_none(ref: str) -> dict[str, Any]:
    """Confirm, as the manager, that no meeting is held."""
    standing = _standing(ref)
    none_needed.confirm_none(standing, actor=actor(), now=now())
    return _judgement(ref, standing)


@blueprint.route("/<ref>/no-meeting/refusal", methods=["POST"])
@endpoint(Action.JUDGEMENT_NO_MEETING, of=read.resource, writes=True)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, JudgementSchema)
def refuse_none(data: dict[str, str], ref: str) -> dict[str, Any]:
    """Say, as the manager, that a meeting is to be held all the same."""
    standing = _standing(ref)
    none_needed.refuse_none(standing, data["reason"], actor=actor(), now=now())
    return _judgement(ref, standing)


def _part(involvement: Involvement) -> dict[str, Any]:
    row = read.page_of(involvement)
    sees_link = may(Action.INCIDENT_LINK, read.resource(involvement.ref))
    names = ("ref", "part", "kind", "happened_at", "known_at", "narrative", "safe_now")
    return {name: getattr(involvement, name) for name in names} | {
        "child_ref": row.child.ref,
        "recorded_at": row.recorded_at,
        "answers": involvement,
        "scores": row.scores,
        "other_parts": read.other_parts(involvement) if sees_link else (),
    }


def _judgement(ref: str, found: Judgement) -> dict[str, Any]:
    meeting = read.meeting_of(found)
    change = found.change
    if change is not None:
        change = change | {"because": decision_page.said_because(_involvement(ref), change)}
    names = (
        "status", "meeting_type", "deadline_on", "deadline_at", "reason", "verdict", "made_at",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names} | {
        "change": change,
        "ref": ref.upper(),
        "meeting_ref": meeting.ref if meeting else None,
    }


def _seat(invitee: Invitee, both: Collection[str]) -> dict[str, Any]:
    slots = (invitee.slot, *invitee.also)
    return {
        "seat": seats.seat_key(invitee.slot),
        "role": ", ".join(dict.fromkeys(slot.role_name for slot in slots)),
        "agency": invitee.agency_name,
        "name": invitee.name,
        "email": invitee.email,
        "telephone": invitee.telephone,
        "requirement": invitee.slot.requirement.value,
        "is_statutory": any(slot.is_statutory for slot in slots),
        "rules": list(dict.fromkeys(slot.rule_id for slot in slots)),
        "why": [slot.why for slot in slots],
        "fallback": invitee.fallback,
        "ring": invitee.ring,
        "is_asked_to_both": (invitee.email or "").lower() in both,
    }


def _meeting(meeting: Meeting) -> Tagged:
    where = f"/api/v1/meetings/{meeting.ref}"
    return meeting, {"Location": where, "ETag": entity_tag(meeting.version)}


def _involvement(ref: str) -> Involvement:
    found = read.by_ref(ref)
    if found is None:
        raise NotFound(ref)
    return found


def _standing(ref: str) -> Judgement:
    found = read.standing(_involvement(ref).id)
    if found is None:
        raise NotFound(ref)
    return found


def _mail() -> Letterhead:
    return letterhead(current_app.extensions["settings"])
