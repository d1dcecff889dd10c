"""Which coming meetings an agency is asked to: what its closing touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.terms import MeetingStatus


def coming(agency_ids: Collection[UUID], now: datetime) -> Mapping[UUID, Sequence[str]]:
    """Return the references of arranged meetings to come, the next first, by invited agency.

    One statement, none without agencies.
    """
    found: dict[UUID, list[str]] = defaultdict(list)
    if not agency_ids:
        return found
    rows = session.execute(
        select(Invitation.agency_id, Meeting.ref, Meeting.starts_at)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.agency_id.in_(agency_ids),
            Invitation.withdrawn_at.is_(None),
            Meeting.status == MeetingStatus.ARRANGED,
            Meeting.starts_at > now,
        )
        .distinct()
        .order_by(Meeting.starts_at, Meeting.ref)
    )
    for agency_id, ref, _ in rows:
        if agency_id is not None:
            found[agency_id].append(ref)
    return found
