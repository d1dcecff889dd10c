"""Who was mailed about a meeting, whom to ring now, and what the calls brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.queries.meetings import to_ring
from meetings.terms import InvitationState
from people.models.accounts import Account
from people.models.agencies import Agency


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call with who made it."""

    call: Call
    by: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page after sending shows."""

    invitations: Sequence[Invitation]
    to_ring: Sequence[Invitation]
    last_calls: dict[UUID, LoggedCall]
    numbers: dict[UUID, str]


def of_meeting(meeting: Meeting, now: datetime) -> Sent:
    """Return who was mailed and whom to ring, the most needed first. Three statements.

    A number that the invitation lacks is the agency's main one.
    """
    invitations = session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting.id, Invitation.state != InvitationState.WITHDRAWN)
        .order_by(Invitation.position, Invitation.agency_name)
    ).all()
    ids = [row.id for row in invitations]
    calls: dict[UUID, LoggedCall] = {}
    for call, name in session.execute(
        select(Call, Account.name)
        .outerjoin(Account, Account.id == Call.by_id)
        .where(Call.invitation_id.in_(ids))
        .order_by(Call.at)
    ):
        calls[call.invitation_id] = LoggedCall(call, name or "Confer")
    agencies = select(Agency.id, Agency.telephone).where(
        Agency.id.in_({row.agency_id for row in invitations if row.agency_id})
    )
    main = dict(session.execute(agencies).all())
    numbers = {
        row.id: row.telephone or (main.get(row.agency_id) if row.agency_id else None) or ""
        for row in invitations
    }
    return Sent(invitations, to_ring(invitations, meeting, now), calls, numbers)
