"""The page an invitation's link opens: answer, change the answer, suggest another time.

Opening the link changes nothing, whoever or whatever opens it; only a press does. Before the
code it shows when, where and whom to ring, and takes no words.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.doors import Rerender, link_act, link_page, now
from core.errors import Refused
from core.filters import plain_instant
from meetings.given import PART_WORDS, AnswerGiven, DeputyGiven, PartOfMeeting
from meetings.queries import replies as read
from meetings.queries.replies import HeldLink
from meetings.schemas.replies import (
    AnswerSchema,
    TimeSchema,
    answer_from_form,
    flat,
    time_from_form,
)
from meetings.service import contributions, new_links, proposals
from meetings.service import replies as service
from meetings.terms import AnswerChannel, InvitationState, MeetingStatus
from meetings.views.held_link import (
    ended,
    frame,
    gone,
    held,
    layout,
    letterhead,
    link_actor,
)

blueprint = Blueprint("answers", __name__)
_FORM = "meetings/answers/answer.html"
_TIME = "meetings/answers/time.html"
_CHOSEN = {
    InvitationState.ACCEPTED: "accept",
    InvitationState.ACCEPTED_PART: "part",
    InvitationState.DEPUTY: "deputy",
    InvitationState.DECLINED: "decline",
    InvitationState.INFORMATION: "decline",
}
_SAID = {
    InvitationState.ACCEPTED: "You will attend.",
    InvitationState.TENTATIVE: "You may attend.",
    InvitationState.DECLINED: "You cannot attend.",
    InvitationState.INFORMATION: "You cannot attend, and you have sent information.",
}


@blueprint.get("/r/<token>")
@link_page()
def answer(token: str) -> ResponseReturnValue:
    """Ask for the answer; the one given before is chosen already."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    values = _given_before(found)
    return render_template(_FORM, **_shown(found, token, values))


@blueprint.post("/r/<token>")
@link_act()
def give(token: str) -> ResponseReturnValue:
    """Take the answer; pressed again it is changed."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    try:
        given = AnswerSchema(channel=AnswerChannel.LINK).load(answer_from_form(request.form))
        service.answer(
            found.invitation,
            _of_deputy(given, found),
            letterhead=letterhead(),
            actor=link_actor(found),
            now=now(),
        )
    except ValidationError as fault:
        raise _again(found, token, flat(fault.messages_dict)) from fault
    except Refused as fault:
        raise _again(found, token, {"form": [fault.why]}, status=409) from fault
    return redirect(f"/r/{token}/answered", code=303)


@blueprint.get("/r/<token>/answered")
@link_page()
def answered(token: str) -> ResponseReturnValue:
    """Say what was answered and what can be done next."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    invitation = found.invitation
    return render_template(
        "meetings/answers/answered.html",
        frame=frame(found, token),
        said=said(found),
        is_coming=invitation.state in (InvitationState.ACCEPTED, InvitationState.ACCEPTED_PART),
        is_not_coming=invitation.state in (InvitationState.DECLINED, InvitationState.INFORMATION),
        may_change=_may_answer(found),
        **layout(found),
    )


@blueprint.get("/r/<token>/time")
@link_page()
def another_time(token: str) -> ResponseReturnValue:
    """Ask for another time."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    values = {"minutes": str(found.meeting.minutes)}
    return render_template(_TIME, **_time_shown(found, token, values))


@blueprint.post("/r/<token>/time")
@link_act()
def suggest(token: str) -> ResponseReturnValue:
    """Pass a suggested time on; the meeting does not move by it."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    try:
        time = TimeSchema().load(time_from_form(request.form))
        proposals.suggest(
            found.invitation,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            channel=AnswerChannel.LINK,
            letterhead=letterhead(),
            actor=link_actor(found),
            now=now(),
        )
    except ValidationError as fault:
        raise _time_again(found, token, flat(fault.messages_dict)) from fault
    except Refused as fault:
        raise _time_again(found, token, {"starts_at": [fault.why]}) from fault
    return redirect(f"/r/{token}/time/sent", code=303)


@blueprint.get("/r/<token>/time/sent")
@link_page()
def suggested(token: str) -> ResponseReturnValue:
    """Say that the suggestion was passed on, and that the time stays until somebody decides."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    return render_template(
        "meetings/answers/time_sent.html", frame=frame(found, token), **layout(found)
    )


@blueprint.post("/r/<token>/new-link")
@link_act()
def new_link(token: str) -> ResponseReturnValue:
    """Pass on that somebody asks for a new link; it reads the same for a link never given out."""
    new_links.ask_for_new_link(read.link(token, now()), now=now())
    return render_template("meetings/answers/new_link.html")


def said(found: HeldLink) -> str:
    """Return the answer that counts, as a sentence; empty while there is none."""
    invitation = found.invitation
    if invitation.state is InvitationState.ACCEPTED_PART:
        return f"You will attend for part of it: {invitation.part_note}."
    if invitation.deputy_name and invitation.state in (
        InvitationState.DEPUTY,
        InvitationState.TENTATIVE,
    ):
        waits = (
            ""
            if invitation.state is InvitationState.DEPUTY
            else (" We will ring to check who it is before they get the invitation.")
        )
        return f"{invitation.deputy_name} will attend instead of you.{waits}"
    return _SAID.get(invitation.state, "")


def _given_before(found: HeldLink) -> dict[str, Any]:
    """Return the form filled with the answer so far, so that sending it again changes nothing."""
    invitation = found.invitation
    parts = {words: part.value for part, words in PART_WORDS.items()}
    values: dict[str, Any] = {
        "answer": _CHOSEN.get(invitation.state),
        "part": parts.get(invitation.part_note or ""),
    }
    named = read.deputy_of(invitation.id)
    if named is not None and found.deputy is None:
        values |= {
            "answer": "deputy",
            "deputy_name": named.name,
            "deputy_role": named.role,
            "deputy_email": named.email or "",
        }
    elif found.deputy is not None and invitation.state is InvitationState.DEPUTY:
        values["answer"] = "accept"
    return values


def _of_deputy(given: AnswerGiven, found: HeldLink) -> AnswerGiven:
    """A deputy's "yes" is the agency's deputy, not the invitee."""
    deputy = found.deputy
    if deputy is None or given.state is InvitationState.DECLINED:
        return given
    return AnswerGiven(
        state=InvitationState.DEPUTY,
        channel=given.channel,
        deputy=DeputyGiven(name=deputy.name, role=deputy.role, email=deputy.email),
        person_name=deputy.name,
        person_role=deputy.role,
        sequence=given.sequence,
    )


def _may_answer(found: HeldLink) -> bool:
    meeting = found.meeting
    return meeting.status is MeetingStatus.ARRANGED and meeting.starts_at > now()


def _shown(
    found: HeldLink, token: str, values: dict[str, Any], errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    stale = read.last_stale_answer(found.invitation)
    return {
        "frame": frame(found, token),
        "values": values,
        "errors": errors or {},
        "said": said(found),
        "stale": plain_instant(stale.meeting_starts_at) if stale else None,
        "sequence": found.invitation.sequence,
        "may_answer": _may_answer(found),
        "may_send": contributions.may_send(found.invitation, found.meeting, now=now()),
        "is_deputy": found.deputy is not None,
        "parts": [{"value": part.value, "text": PART_WORDS[part]} for part in PartOfMeeting],
        **layout(found),
    }


def _again(
    found: HeldLink, token: str, errors: dict[str, list[str]], *, status: int = 422
) -> Rerender:
    return Rerender(_FORM, status=status, **_shown(found, token, request.form.to_dict(), errors))


def _time_shown(
    found: HeldLink, token: str, values: dict[str, Any], errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    return {
        "frame": frame(found, token),
        "values": values,
        "errors": errors or {},
        **layout(found),
    }


def _time_again(found: HeldLink, token: str, errors: dict[str, list[str]]) -> Rerender:
    return Rerender(_TIME, **_time_shown(found, token, request.form.to_dict(), errors))
