"""Who has not answered is reminded once by mail, then somebody rings; who comes is reminded too."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import session
from core.filters import plain_instant
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.service import post, tasks
from meetings.terms import CallOutcome, InvitationState, Requirement
from notifications.queries import message_for_key
from notifications.terms import Letterhead, LetterKind

FARTHEST = timedelta(days=3)
_RING_WITHIN = timedelta(hours=24)
# Nobody is reminded of a mail that has only just come.
_LEAST_SILENCE = timedelta(hours=4)
_SILENT = (InvitationState.NO_ANSWER, InvitationState.TENTATIVE)
_COMING = (
    InvitationState.ACCEPTED,
    InvitationState.ACCEPTED_PART,
    InvitationState.DEPUTY,
)
_NEEDED = (Requirement.QUORUM, Requirement.EXPECTED)
_SPOKEN = (CallOutcome.REACHED, CallOutcome.WILL_ATTEND, CallOutcome.CANNOT_ATTEND)


def remind(
    meeting: Meeting, invitation: Invitation, *, letterhead: Letterhead, now: datetime
) -> int:
    """Queue the one reminder to answer, or the one of the day before; never to both.

    Returns:
        How many letters were queued.
    """
    if invitation.state in _SILENT and post.is_asked_to_come(invitation):
        kind, key = LetterKind.ANSWER_REMINDER, "remind"
        told = message_for_key(f"invitation:{invitation.id}:{invitation.sequence}:request")
        if told is None or told.handed_at is None or now - told.handed_at < _LEAST_SILENCE:
            return 0
    elif invitation.state in _COMING and _is_the_day_before(meeting, now):
        kind, key = LetterKind.DAY_BEFORE, "day-before"
    else:
        return 0
    queued = 0
    for addressee in post.addressees(invitation):
        purpose = f"{key}:{addressee.subject_id}:{invitation.sequence}"
        if message_for_key(purpose) is None:
            queued += post.send_letter(
                meeting,
                addressee,
                kind=kind,
                key=purpose,
                answer_by_at=post.answer_by(meeting, now=now),
                letterhead=letterhead,
                now=now,
            )
    return queued


def ask_to_ring(meeting: Meeting, invitation: Invitation, *, now: datetime) -> int:
    """Put a needed invitee who is silent a day before the meeting on somebody's list, once.

    Returns:
        1 when it is new there.
    """
    is_due = meeting.starts_at - now <= _RING_WITHIN and invitation.requirement in _NEEDED
    if not is_due or invitation.state not in _SILENT or _was_spoken_to(invitation):
        return 0
    key = f"{tasks.RING}:{invitation.id}:silent:{invitation.sequence}"
    if session.scalar(select(Task.id).where(Task.key == key)) is not None:
        return 0
    number = invitation.telephone or "no number recorded"
    tasks.ask(
        tasks.RING,
        ref=meeting.ref,
        words=f"Ring {invitation.role_name}, {invitation.agency_name} ({number}): no answer yet, "
        f"and {meeting.ref} starts {plain_instant(meeting.starts_at)}.",
        key=key,
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        due_at=meeting.starts_at,
        now=now,
    )
    return 1


def _is_the_day_before(meeting: Meeting, now: datetime) -> bool:
    return (clock.today(meeting.starts_at) - clock.today(now)).days == 1


def _was_spoken_to(invitation: Invitation) -> bool:
    spoken = select(Call.id).where(Call.invitation_id == invitation.id, Call.outcome.in_(_SPOKEN))
    return session.scalar(spoken.limit(1)) is not None
