"""Log a telephone call about an invitation, in one press."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.db import session
from core.errors import Refused
from meetings.given import AnswerGiven
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.service import replies, tasks
from meetings.terms import AnswerChannel, CallOutcome, InvitationState
from notifications.terms import Letterhead
from people.terms import Actor

_TOLD = (CallOutcome.REACHED, CallOutcome.WILL_ATTEND, CallOutcome.CANNOT_ATTEND)
_ANSWERS = {
    CallOutcome.WILL_ATTEND: InvitationState.ACCEPTED,
    CallOutcome.CANNOT_ATTEND: InvitationState.DECLINED,
}


def log_call(
    invitation: Invitation,
    outcome: CallOutcome,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
    note: str | None = None,
) -> Call:
    """Write a call down; "will attend" and "cannot attend" are answers by telephone.

    Somebody who was spoken to is off the list of people to ring; a message left is not enough.
    A call after the meeting began is kept, and no longer counts as an answer.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    call = Call(
        invitation_id=invitation.id,
        at=now,
        by_id=actor.account_id,
        outcome=outcome,
        note=(note or "").strip() or None,
    )
    session.add(call)
    audit.record(
        actor,
        "invitation.called",
        "invitation",
        invitation.id,
        child_id=meeting.child_id,
        now=now,
        detail=outcome,
    )
    session.flush()
    if outcome in _ANSWERS:
        given = AnswerGiven(state=_ANSWERS[outcome], channel=AnswerChannel.TELEPHONE)
        try:
            replies.answer(invitation, given, letterhead=letterhead, actor=actor, now=now)
        except Refused as fault:
            if fault.rule != "reply.begun":
                raise
    if outcome in _TOLD:
        tasks.finish_about(invitation.id, tasks.RING, actor=actor, now=now, outcome=outcome)
    return call
