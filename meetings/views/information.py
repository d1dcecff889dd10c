"""After the code: which child it is about, why you, who else is asked, and the information form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import audit, clock, drafts
from core.doors import Rerender, link_act, link_page, link_read, now
from core.errors import Refused
from core.filters import nhs_number, plain_date, plain_instant, plain_time
from core.link_codes import PassHolder
from meetings.models.replies import Contribution
from meetings.queries import records as record_queries
from meetings.queries import replies as read
from meetings.queries.replies import HeldLink
from meetings.schemas.replies import (
    BOXES,
    NOTHING,
    QUESTIONS,
    InformationSchema,
    flat,
    information_from_form,
)
from meetings.service import codes, contributions
from meetings.terms import KnownAnswer
from meetings.views.held_link import (
    by_code,
    ended,
    frame,
    gone,
    held,
    layout,
    let_in,
)
from people.queries import children

blueprint = Blueprint("information", __name__)
_FORM = "meetings/answers/information.html"
_DRAFT = "information"
_ANSWERS = {
    KnownAnswer.YES: "Yes",
    KnownAnswer.NO: "No",
    KnownAnswer.NOTHING_KNOWN: "Nothing known",
}


@dataclass(frozen=True, slots=True)
class ChildShown:
    """Enough of a child that an agency finds its own record; no more."""

    name: str
    born: str
    nhs_number: str


@blueprint.get("/r/<token>/child")
@link_read()
def child(token: str) -> ResponseReturnValue:
    """Show which child it is about; the reading is written down with the name given."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return instead or gone()
    _record_reading(found, holder, "meeting.read")
    sent = read.contribution_of(found.invitation.id)
    return render_template(
        "meetings/answers/child.html",
        frame=frame(found, token),
        type_name=found.meeting.type_name,
        why=found.invitation.why,
        identity=_identity(found),
        roster=read.roster(found.meeting.id),
        sent=_sent_words(sent) if sent else None,
        may_send=contributions.may_send(found.invitation, found.meeting, now=now()),
        has_record=record_queries.released_for(found.invitation) is not None,
        person=holder.person_name,
        until=plain_time(holder.until_at),
        **layout(found),
    )


@blueprint.get("/r/<token>/information")
@link_read()
def form(token: str) -> ResponseReturnValue:
    """Ask what the agency knows; what was sent or typed before stands in the boxes."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return instead or gone()
    _record_reading(found, holder, "information.read")
    sent = read.contribution_of(found.invitation.id)
    draft = drafts.load(codes.pass_id(found.invitation, found.deputy), _DRAFT)
    values = _values(sent) if sent else {}
    if draft is not None:
        values = dict(draft.data)
    saved_at = plain_time(draft.saved_at) if draft else None
    return render_template(_FORM, **_shown(found, token, values, saved_at=saved_at))


@blueprint.post("/r/<token>/information")
@link_act()
def send(token: str) -> ResponseReturnValue:
    """Keep what the agency knows as a new version."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return instead or gone()
    try:
        information = InformationSchema().load(information_from_form(request.form))
        contributions.send(
            found.invitation,
            information,
            person_name=holder.person_name,
            person_role=holder.person_role,
            actor=by_code(holder),
            now=now(),
        )
    except ValidationError as fault:
        raise _again(found, token, flat(fault.messages_dict)) from fault
    except Refused as fault:
        raise _again(found, token, {"form": [fault.why]}, status=409) from fault
    drafts.drop(codes.pass_id(found.invitation, found.deputy), _DRAFT)
    return redirect(f"/r/{token}/information/sent", code=303)


@blueprint.post("/r/<token>/information/draft")
@link_act()
def save_draft(token: str) -> ResponseReturnValue:
    """Keep what is being typed, so that a lost line loses nothing."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return jsonify(message="The code has run out. Enter a new one in another tab."), 401
    draft = drafts.save(
        codes.pass_id(found.invitation, found.deputy), _DRAFT, request.form.to_dict(), now()
    )
    return jsonify(saved_at=plain_time(draft.saved_at))


@blueprint.get("/r/<token>/information/sent")
@link_page()
def sent(token: str) -> ResponseReturnValue:
    """Say that it arrived, and until when it can be corrected; nothing of its content."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    last = read.contribution_of(found.invitation.id)
    return render_template(
        "meetings/answers/sent.html",
        frame=frame(found, token),
        sent_at=plain_instant(last.sent_at) if last else None,
        starts_at=plain_instant(found.meeting.starts_at),
        **layout(found),
    )


def _record_reading(found: HeldLink, holder: PassHolder, verb: str) -> None:
    audit.record(
        by_code(holder),
        verb,
        "invitation",
        found.invitation.id,
        child_id=found.meeting.child_id,
        now=now(),
        decision="read",
    )


def _identity(found: HeldLink) -> ChildShown:
    child_row = read.child_of(found.meeting)
    return ChildShown(
        name=child_row.name,
        born=children.birth_words(child_row, clock.today(now())),
        nhs_number=nhs_number(child_row.nhs_number),
    )


def _sent_words(sent: Contribution) -> str:
    version = f", version {sent.version}" if sent.version > 1 else ""
    return f"{sent.person_name} ({sent.person_role}), {plain_instant(sent.sent_at)}{version}"


def _values(sent: Contribution) -> dict[str, Any]:
    """Return the boxes as they were sent."""
    values: dict[str, Any] = {
        "share_with_family": sent.share_with_family,
        "share_why": sent.share_why,
    }
    for name in QUESTIONS:
        values[name] = getattr(sent, name).value
        values[f"{name}_text"] = getattr(sent, f"{name}_text")
    for name in BOXES:
        text = getattr(sent, name)
        values[name] = text or ""
        if text is None:
            values[f"{name}_nothing"] = NOTHING
    return values


def _shown(
    found: HeldLink,
    token: str,
    values: dict[str, Any],
    *,
    errors: dict[str, list[str]] | None = None,
    saved_at: str | None = None,
) -> dict[str, Any]:
    since = contributions.last_met_on(found.meeting)
    return {
        "frame": frame(found, token),
        "identity": _identity(found),
        "since": f"since {plain_date(since)}, the last meeting" if since else "in the last year",
        "questions": [{"value": each.value, "text": _ANSWERS[each]} for each in KnownAnswer],
        "values": values,
        "errors": errors or {},
        "saved_at": saved_at,
        "draft_url": f"/r/{token}/information/draft",
        **layout(found),
    }


def _again(
    found: HeldLink, token: str, errors: dict[str, list[str]], *, status: int = 422
) -> Rerender:
    shown = _shown(found, token, request.form.to_dict(), errors=errors)
    return Rerender(_FORM, status=status, **shown)
