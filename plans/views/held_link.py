"""The link to an action somebody holds: what it opens, how it reads when it ended, and the pass."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import link_codes
from core.doors import now
from core.filters import plain_date
from core.link_codes import PASS_LIFE, PassHolder
from core.settings import Settings
from people.models.agencies import Agency
from people.queries import children, directory
from people.terms import Actor
from plans.models import Action
from plans.queries import actions as read
from plans.queries.actions import HeldLink
from plans.service import codes, letters
from plans.terms import ActionStatus, LinkHolder, words_for
from plans.views.action_shown import closed_on
from plans.views.frame import due_words

COOKIE = "confer-action-pass"
_SEATS = {
    LinkHolder.OWNER: "owner",
    LinkHolder.OFFERED: "asked to take it over",
    LinkHolder.MANAGER: "manager's contact",
    LinkHolder.AGENCY_LEAD: "safeguarding lead",
}


def held(token: str) -> HeldLink | None:
    """Return what the link opens, ended or not; None when it never was."""
    return read.by_token(token)


def closed(found: HeldLink | None) -> ResponseReturnValue | None:
    """Return the page that says why nothing is asked any more, or None while the link works."""
    if found is None:
        page = render_template("plans/link_gone.html", telephone=_partnership_telephone())
        return page, 404
    if found.is_live:
        return None
    action = found.action
    if action.status is ActionStatus.OPEN:
        words = "This action was handed over, or your offer was answered. You do not need to do "
        words += "anything."
    elif action.status is ActionStatus.DONE:
        words = f"This action was marked as done on {closed_on(action)}. Nothing more is needed."
    else:
        words = f"This action is no longer needed, since {closed_on(action)}."
    return render_template("plans/link_closed.html", words=words, **layout(found)), 410


def layout(found: HeldLink) -> dict[str, Any]:
    """Return what the guests' layout shows: the reference and whom to ring."""
    team = letters.team_of(found.action.child_id)
    return {
        "reference": found.action.ref,
        "team_name": team.mail_name if team else None,
        "telephone": team.telephone if team else _partnership_telephone(),
    }


def front(found: HeldLink, token: str) -> dict[str, Any]:
    """Return what is shown before the code: reference, due date, and nothing of the case."""
    action = found.action
    waiting = read.waiting_request(action.id)
    last = waiting or read.last_request(action.id)
    offer = read.open_offer(action.id)
    return {
        "token": token,
        "due_on": due_words(action.due_on),
        "is_offer": found.link.holder is LinkHolder.OFFERED,
        "asked_for": plain_date(waiting.new_due_on) if waiting else None,
        "last_answer": _last_answer(last.status, last.new_due_on) if last and not waiting else None,
        "is_offered": offer is not None,
        "inside": None,
        **layout(found),
    }


def actor_of(found: HeldLink) -> Actor:
    """Return who acts: the name given with a code, else the seat the link was made for."""
    holder = holder_of(found)
    if holder is not None:
        return Actor(account_id=None, name=holder.name)
    seat = _SEATS[found.link.holder]
    return Actor(account_id=None, name=f"{found.link.holder_name or seat} ({seat}), by link")


def holder_of(found: HeldLink) -> PassHolder | None:
    """Return who entered a code for this link in this browser within the hour."""
    return link_codes.holder(codes.KIND, found.link.id, request.cookies.get(COOKIE), now())


def give_pass(token: str, pass_token: str) -> ResponseReturnValue:
    """Keep the pass in a cookie of this link's pages only, and show what it opens."""
    settings: Settings = current_app.extensions["settings"]
    answer = make_response(redirect(f"/a/{token}/words", code=303))
    answer.set_cookie(
        COOKIE,
        pass_token,
        max_age=int(PASS_LIFE.total_seconds()),
        path=f"/a/{token}",
        secure=settings.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def inside(found: HeldLink) -> dict[str, Any]:
    """Return what is shown after the code: the action's words, the child, the meeting."""
    action = found.action
    child = children.by_id(action.child_id)
    return {
        "what": action.what,
        "kind": words_for(action.kind),
        "how_known": action.how_known,
        "child": child.name if child else "",
        "owner": action.owner_name,
        "agency": _agency_name(action),
        "meeting_ref": action.meeting_ref,
    }


def _agency_name(action: Action) -> str:
    agency: Agency | None = directory.agency(action.agency_id)
    return agency.name if agency else ""


def _last_answer(status: str, on: Any) -> str:  # noqa: ANN401 - a London date
    verb = "was agreed" if status == "agreed" else "was not agreed"
    return f"The new date you asked for, {plain_date(on)}, {verb}."


def _partnership_telephone() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.partnership_telephone
