"""The link somebody holds: what it opens, how it reads when it has ended, and the pass."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import link_codes
from core.doors import now
from core.filters import plain_date, plain_instant, plain_time
from core.link_codes import PASS_LIFE, PassHolder
from core.settings import Settings
from meetings.models.meetings import Meeting
from meetings.queries import replies as read
from meetings.queries.replies import HeldLink
from meetings.service import codes
from meetings.terms import InvitationState, MeetingHow, MeetingStatus
from notifications.service import letterhead as letterhead_of
from notifications.terms import Letterhead
from people.terms import Actor

COOKIE = "confer-pass"
HOW = {
    MeetingHow.ONLINE: "online",
    MeetingHow.TELEPHONE: "by telephone",
    MeetingHow.IN_PERSON: "in person",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a link shows before the code."""

    reference: str
    label: str
    when: str
    how: str
    joining: str | None
    team_name: str
    telephone: str
    token: str


def held(token: str) -> HeldLink | None:
    """Return what the link opens, or None when it opens nothing any more.

    A link that ran out reads like one that never was: nobody learns anything by trying.
    """
    found = read.link(token, now())
    return None if found is None or found.ended_at is not None else found


def ended(found: HeldLink | None) -> ResponseReturnValue | None:
    """Return the page that says why there is nothing to answer, or None while there is."""
    if found is None:
        return gone()
    if found.invitation.state is InvitationState.WITHDRAWN:
        return _closing("meetings/answers/withdrawn.html", found)
    if found.meeting.status is MeetingStatus.STOOD_DOWN:
        return _closing("meetings/answers/stood_down.html", found)
    return None


def gone() -> ResponseReturnValue:
    """Say that the link does not work; the same for one that ran out and one never given out."""
    token = str((request.view_args or {}).get("token", ""))
    page = render_template("meetings/answers/gone.html", token=token, telephone=_telephone(None))
    return page, 404


def frame(found: HeldLink, token: str) -> Frame:
    """Return what every page of a link shows before the code: logistics and whom to ring."""
    meeting = found.meeting
    return Frame(
        reference=meeting.ref,
        label=letterhead().label,
        when=when(meeting),
        how=HOW[meeting.how],
        joining=meeting.joining,
        team_name=found.team_name,
        telephone=_telephone(found),
        token=token,
    )


def when(meeting: Meeting) -> str:
    """Return "Monday 10 March 2025, 9:30am to 10:30am"."""
    day, start = plain_date(meeting.starts_at), plain_time(meeting.starts_at)
    end = (
        plain_time(meeting.ends_at)
        if plain_date(meeting.ends_at) == day
        else plain_instant(meeting.ends_at)
    )
    return f"{day}, {start} to {end}"


def letterhead() -> Letterhead:
    """Return what all mail of this installation shares."""
    return letterhead_of(current_app.extensions["settings"])


def link_actor(found: HeldLink) -> Actor:
    """Return who acts before the code: a seat, not a person."""
    seat = f"{found.invitation.role_name}, {found.invitation.agency_name}"
    who = f"deputy of {seat}" if found.deputy else seat
    return Actor(account_id=None, name=f"{who}, by link")


def pass_holder(found: HeldLink) -> PassHolder | None:
    """Return who entered a code for this link in this browser within the hour."""
    wanted = codes.pass_id(found.invitation, found.deputy)
    return link_codes.holder(codes.KIND, wanted, request.cookies.get(COOKIE), now())


def let_in(
    token: str,
) -> tuple[HeldLink | None, PassHolder | None, ResponseReturnValue | None]:
    """Return the link and who entered its code, or the page to show instead."""
    found = held(token)
    closed = ended(found)
    if found is None or closed is not None:
        return found, None, closed or gone()
    holder = pass_holder(found)
    if holder is None:
        return found, None, redirect(f"/r/{token}/code")
    return found, holder, None


def by_code(holder: PassHolder) -> Actor:
    """Return the actor of somebody who entered a code, by the name they gave; audited as such."""
    return Actor(account_id=None, name=holder.name)


def give_pass(token: str, pass_token: str) -> ResponseReturnValue:
    """Keep the pass in a cookie of this link's pages only, and show what it opens."""
    settings: Settings = current_app.extensions["settings"]
    answer = make_response(redirect(f"/r/{token}/child", code=303))
    answer.set_cookie(
        COOKIE,
        pass_token,
        max_age=int(PASS_LIFE.total_seconds()),
        path=f"/r/{token}",
        secure=settings.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _closing(template: str, found: HeldLink) -> ResponseReturnValue:
    token = str((request.view_args or {}).get("token", ""))
    return render_template(template, frame=frame(found, token), **layout(found)), 410


def layout(found: HeldLink) -> dict[str, object]:
    """Return what the guests' layout shows at top and foot."""
    return {
        "reference": found.meeting.ref,
        "team_name": found.team_name,
        "telephone": _telephone(found),
    }


def _telephone(found: HeldLink | None) -> str:
    settings: Settings = current_app.extensions["settings"]
    return (found.telephone if found else None) or settings.partnership_telephone
