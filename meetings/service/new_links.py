"""Somebody with a link that ran out asks for a new one: a person sends it or rings."""

from __future__ import annotations

from datetime import datetime

from core import audit, clock
from meetings.queries.replies import HeldLink
from meetings.service import tasks
from people.terms import Actor

NEW_LINK = "new_link"


def ask_for_new_link(held: HeldLink | None, *, now: datetime) -> None:
    """Put it on the convenor's list, once a day; a link nobody was given asks nothing."""
    if held is None or held.ended_at is None:
        return
    invitation, meeting = held.invitation, held.meeting
    number = invitation.telephone or "no number recorded"
    tasks.ask(
        NEW_LINK,
        ref=meeting.ref,
        words=f"{invitation.role_name}, {invitation.agency_name}, asks for a new link to "
        f"{meeting.ref}: theirs ran out. Ring them ({number}).",
        key=f"{NEW_LINK}:{invitation.id}:{clock.today(now)}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        now=now,
    )
    audit.record(
        Actor(account_id=None, name="somebody with an old link"),
        "link.asked_for",
        "invitation",
        invitation.id,
        child_id=meeting.child_id,
        now=now,
    )
