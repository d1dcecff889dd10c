"""The code of an answer link: ask for it, enter it, and have it read out by staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import (
    Rerender,
    act,
    actor,
    keep,
    link_act,
    link_page,
    now,
    page,
)
from core.errors import NotFound, Refused
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy
from meetings.queries import meetings as read
from meetings.queries.replies import HeldLink
from meetings.service import codes, post
from meetings.views.held_link import (
    ended,
    frame,
    give_pass,
    gone,
    held,
    layout,
    letterhead,
    link_actor,
    pass_holder,
)
from people.terms import Action

blueprint = Blueprint("answer_codes", __name__)
_CODE = "meetings/answers/code.html"
_READ_OUT = "meetings/meeting/read_out.html"
_ASK = {
    "person_name": "Enter your name.",
    "person_role": "Enter your role.",
    "code": "Enter the 6-digit code.",
}
_LONGEST = 120


@blueprint.get("/r/<token>/code")
@link_page()
def ask(token: str) -> ResponseReturnValue:
    """Say how the code comes, and ask for it."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    if pass_holder(found) is not None:
        return redirect(f"/r/{token}/child")
    return render_template(_CODE, **_shown(found, token, {}, asked=request.args.get("asked")))


@blueprint.post("/r/<token>/code/send")
@link_act()
def send(token: str) -> ResponseReturnValue:
    """Send a code by mail where that is safe; otherwise ask the team to ring."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    invitation, deputy = found.invitation, found.deputy
    try:
        if codes.way_of(invitation, deputy).address is not None:
            codes.send(
                invitation, deputy, letterhead=letterhead(), actor=link_actor(found), now=now()
            )
            return redirect(f"/r/{token}/code?asked=mail", code=303)
        codes.ask_for_call(invitation, deputy, actor=link_actor(found), now=now())
    except Refused as fault:
        raise Rerender(_CODE, **_shown(found, token, {}, errors={"form": [fault.why]})) from fault
    return redirect(f"/r/{token}/code?asked=call", code=303)


@blueprint.post("/r/<token>/code")
@link_act()
def enter(token: str) -> ResponseReturnValue:
    """Take the code with a name and a role; a wrong one is counted."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return closed or gone()
    given = {name: request.form.get(name, "").strip()[:_LONGEST] for name in _ASK}
    errors = {name: [words] for name, words in _ASK.items() if not given[name]}
    if errors:
        raise Rerender(_CODE, **_shown(found, token, given, errors=errors))
    try:
        pass_token = codes.enter(found.invitation, found.deputy, now=now(), **given)
    except Refused as fault:
        keep()
        shown = _shown(found, token, given | {"code": ""}, errors={"code": [fault.why]})
        return render_template(_CODE, **shown), 422
    return give_pass(token, pass_token)


@blueprint.get("/meetings/<ref>/codes/<key>")
@page(Action.CODE_READ_OUT, of=read.resource)
def show(ref: str, key: str) -> ResponseReturnValue:
    """Show which number to ring before a code is made; nobody who rings in gets one."""
    meeting, invitation = _named(ref, key)
    return render_template(_READ_OUT, **_ring(meeting, invitation, who=key))


@blueprint.post("/meetings/<ref>/codes/<key>")
@act(Action.CODE_READ_OUT, of=read.resource)
def read_out(ref: str, key: str) -> ResponseReturnValue:
    """Make a code and show it once, to be read out on the call."""
    meeting, invitation = _named(ref, key)
    deputy = _deputy(invitation, request.form.get("who", ""))
    shown = _ring(meeting, invitation, who=request.form.get("who", ""))
    try:
        code = codes.read_out(invitation, deputy, actor=actor(), now=now())
    except Refused as fault:
        raise Rerender(_READ_OUT, **{**shown, "errors": {"form": [fault.why]}}) from fault
    number = codes.directory_number(invitation, deputy)
    return render_template(
        _READ_OUT, **{**shown, "code": f"{code[:3]} {code[3:]}", "number": number}
    )


def _named(ref: str, key: str) -> tuple[Meeting, Invitation]:
    """Return the meeting, and the invitation of the invitee or the deputy a key stands for."""
    meeting = read.by_ref(ref)
    invitation = (
        read.invitation(meeting, key) or _invitation_of_deputy(meeting, key) if meeting else None
    )
    if meeting is None or invitation is None:
        raise NotFound(ref)
    return meeting, invitation


def _invitation_of_deputy(meeting: Meeting, key: str) -> Invitation | None:
    rows = read.invitees_of(meeting.id)
    return next((row for row in rows if _deputy(row, key) is not None), None)


def _deputy(invitation: Invitation, who: str) -> Deputy | None:
    for deputy in post.confirmed_deputies(invitation.id):
        if who == read.invitation_key(deputy.id):
            return deputy
    return None


def _ring(meeting: Meeting, invitation: Invitation, *, who: str) -> dict[str, Any]:
    """Return the page's values; ``who`` is the key of the deputy who waits, if one does."""
    deputy = _deputy(invitation, who)
    seat = invitation.name or invitation.role_name
    people = [{"value": "", "text": f"{seat}: {codes.directory_number(invitation) or 'no number'}"}]
    people += [
        {
            "value": read.invitation_key(deputy.id),
            "text": f"{deputy.name}, who comes instead: "
            f"{codes.directory_number(invitation, deputy) or 'no number'}",
        }
        for deputy in post.confirmed_deputies(invitation.id)
    ]
    return {
        "meeting": meeting,
        "invitation": invitation,
        "action": f"/meetings/{meeting.ref}/codes/{read.invitation_key(invitation.id)}",
        "who": people,
        "number": codes.directory_number(invitation, deputy),
        "code": None,
        "errors": {},
        "values": {"who": who if deputy else ""},
    }


def _shown(
    found: HeldLink,
    token: str,
    values: dict[str, str],
    *,
    errors: dict[str, list[str]] | None = None,
    asked: str | None = None,
) -> dict[str, Any]:
    way = codes.way_of(found.invitation, found.deputy)
    return {
        "frame": frame(found, token),
        "by_mail": way.address is not None,
        "number": way.telephone,
        "asked": asked if asked in ("mail", "call") else None,
        "values": values,
        "errors": errors or {},
        **layout(found),
    }
