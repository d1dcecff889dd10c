"""Timed doors of replies: apply what came, notice what did not arrive, chase silence.

Each item is a transaction of its own, so one that fails holds nothing up; each selects what is
due up to now, so a run that was missed is made good by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.db import reading, session, unit_of_work
from core.logs import log
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.service import chasing, mail_replies, undelivered
from meetings.terms import InvitationState, MeetingStatus
from notifications import queries as mail
from notifications import service as mail_service
from notifications.terms import InboundOutcome, Letterhead
from people.terms import Actor

_READER = Actor.system("replies by mail")
# Longer than any mail is retried, so a failure is seen even after a long stop.
_LOOK_BACK = timedelta(days=14)
_FIRST_HOUR, _LAST_HOUR = 8, 18


def apply_replies(now: datetime, letterhead: Letterhead) -> int:
    """Apply every message that was read; return how many were settled.

    A message that cannot be applied for a fault of ours goes to review, never round and round.
    """
    with reading():
        waiting = mail.unapplied_ids()
    for inbound_id in waiting:
        apply_one(inbound_id, now, letterhead)
    return len(waiting)


def apply_one(inbound_id: UUID, now: datetime, letterhead: Letterhead) -> InboundOutcome:
    """Apply one message and return what became of it; it is settled whatever happens."""
    try:
        with unit_of_work():
            message = mail.message_read(inbound_id)
            outcome = _outcome(inbound_id)
            if message is None or outcome is not InboundOutcome.WAITING:
                return outcome
            return mail_replies.apply(message, letterhead=letterhead, actor=_READER, now=now)
    except Exception:  # noqa: BLE001 - whatever the fault, a person gets the message
        log("replies").exception("mail.not_applied")
        with unit_of_work():
            why = "The service could not apply it: a person has to"
            mail_service.settle(inbound_id, InboundOutcome.REVIEW, why=why, now=now)
        return InboundOutcome.REVIEW


def note_failures(now: datetime, letterhead: Letterhead) -> int:
    """Ask somebody to ring for each mail that did not arrive; return how many were new."""
    with reading():
        failures = mail.failures_since(now - _LOOK_BACK)
    found = [
        undelivered.Undelivered(
            cause_id=failure.id,
            subject_id=failure.subject_id,
            reference=failure.reference,
            address=failure.to_address,
        )
        for failure in failures
    ]
    return sum(_note_one(each, now, letterhead) for each in found)


def _note_one(failure: undelivered.Undelivered, now: datetime, letterhead: Letterhead) -> bool:
    try:
        with unit_of_work():
            return undelivered.note(failure, letterhead=letterhead, actor=_READER, now=now)
    except Exception:  # noqa: BLE001 - one fault must not keep the later ones from being rung
        log("replies").exception("mail.failure_not_noted")
        return False


def chase_silence(now: datetime, letterhead: Letterhead) -> int:
    """Remind who has not answered and who comes tomorrow; ask somebody to ring in time.

    Letters go out between 8am and 6pm London time only; tasks at any hour.

    Returns:
        How many letters were queued and tasks made.
    """
    with reading():
        ids = _coming(now)
    may_write = _FIRST_HOUR <= clock.london(now).hour < _LAST_HOUR
    return sum(
        (_remind_one(*each, letterhead, now) if may_write else 0) + _ask_one(*each, now)
        for each in ids
    )


def _remind_one(
    meeting_id: UUID, invitation_id: UUID, letterhead: Letterhead, now: datetime
) -> int:
    try:
        with unit_of_work():
            meeting = session.get_one(Meeting, meeting_id)
            invitation = session.get_one(Invitation, invitation_id)
            return chasing.remind(meeting, invitation, letterhead=letterhead, now=now)
    except Exception:  # noqa: BLE001 - a mail that cannot be written must not stop the ringing
        log("replies").exception("silence.not_reminded")
        return 0


def _ask_one(meeting_id: UUID, invitation_id: UUID, now: datetime) -> int:
    try:
        with unit_of_work():
            meeting = session.get_one(Meeting, meeting_id)
            invitation = session.get_one(Invitation, invitation_id)
            return chasing.ask_to_ring(meeting, invitation, now=now)
    except Exception:  # noqa: BLE001 - one invitee must not hold up the others
        log("replies").exception("silence.not_rung")
        return 0


def _coming(now: datetime) -> Iterable[tuple[UUID, UUID]]:
    rows = session.execute(
        select(Meeting.id, Invitation.id)
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .where(
            Meeting.status == MeetingStatus.ARRANGED,
            Meeting.starts_at > now,
            Meeting.starts_at <= now + chasing.FARTHEST,
            Invitation.state != InvitationState.WITHDRAWN,
        )
        .order_by(Meeting.starts_at, Invitation.position)
    )
    return list(rows)


def _outcome(inbound_id: UUID) -> InboundOutcome:
    row = mail.inbound(inbound_id)
    return row.outcome if row is not None else InboundOutcome.IGNORED
