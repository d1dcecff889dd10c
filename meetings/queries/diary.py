"""What stands in the diary: meetings of a child, and times at which people are taken."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, true

from core.db import session
from core.filters import short_instant
from meetings.models.incidents import Involvement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.rules.slots import Busy
from meetings.terms import BookedMeeting, InvitationState, MeetingStatus

_LIVE = (MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS)
_BUFFER = timedelta(minutes=60)
_COMING = (
    InvitationState.NO_ANSWER,
    InvitationState.ACCEPTED,
    InvitationState.ACCEPTED_PART,
    InvitationState.DEPUTY,
)


def booked(child_id: uuid.UUID, now: datetime) -> tuple[BookedMeeting, ...]:
    """Return the child's meetings still to come, with the kinds of agency invited.

    Two statements.
    """
    meetings = session.scalars(
        select(Meeting)
        .where(
            Meeting.child_id == child_id,
            Meeting.status == MeetingStatus.ARRANGED,
            Meeting.starts_at > now,
        )
        .order_by(Meeting.starts_at)
    ).all()
    kinds: dict[uuid.UUID, set[str]] = {meeting.id: set() for meeting in meetings}
    for meeting_id, kind in session.execute(
        select(Invitation.meeting_id, Invitation.agency_kind).where(
            Invitation.meeting_id.in_(kinds), Invitation.state != InvitationState.WITHDRAWN
        )
    ):
        kinds[meeting_id].add(kind)
    return tuple(
        BookedMeeting(
            ref=meeting.ref,
            child_id=str(meeting.child_id),
            meeting_type=meeting.type,
            starts_at=meeting.starts_at,
            status=meeting.status,
            agency_kinds=tuple(sorted(kinds[meeting.id])),
        )
        for meeting in meetings
    )


def taken(
    child_id: uuid.UUID,
    *,
    chair_id: uuid.UUID | None,
    addresses: Collection[str],
    since: datetime,
    until: datetime,
    besides: uuid.UUID | None = None,
) -> tuple[Busy, ...]:
    """Return when the child, the chair or an invitee is taken by another meeting.

    Meetings of other children are told as times only. Two statements.

    Args:
        besides: the meeting that is to be moved; it stands in nobody's way.
    """
    wanted = {address.lower() for address in addresses if address}
    invited = select(Invitation.meeting_id).where(
        func.lower(Invitation.email).in_(wanted), Invitation.state.in_(_COMING)
    )
    rows = session.execute(
        select(Meeting, Meeting.id.in_(invited)).where(
            Meeting.status.in_(_LIVE),
            Meeting.starts_at < until,
            Meeting.ends_at > since,
            Meeting.id != besides if besides else true(),
            or_(
                Meeting.child_id == child_id,
                Meeting.chair_id == chair_id,
                Meeting.id.in_(invited),
            ),
        )
    )
    return tuple(
        Busy(
            meeting.starts_at,
            meeting.ends_at,
            _words(meeting, child_id, chair_id, is_invitees=bool(is_invitees)),
        )
        for meeting, is_invitees in rows
    )


def kept_apart(incident_id: uuid.UUID, child_id: uuid.UUID) -> tuple[Busy, ...]:
    """Return the times around meetings of the other children of an incident.

    An hour lies between them, so that nobody meets in a waiting room or on one line.
    One statement.
    """
    rows = session.scalars(
        select(Meeting)
        .join(Involvement, Involvement.child_id == Meeting.child_id)
        .where(
            Involvement.incident_id == incident_id,
            Meeting.child_id != child_id,
            Meeting.status.in_(_LIVE),
        )
    )
    return tuple(
        Busy(
            meeting.starts_at - _BUFFER,
            meeting.ends_at + _BUFFER,
            "A meeting that must be kept apart from this one is less than an hour away.",
        )
        for meeting in rows
    )


def _words(
    meeting: Meeting,
    child_id: uuid.UUID,
    chair_id: uuid.UUID | None,
    *,
    is_invitees: bool,
) -> str:
    when = short_instant(meeting.starts_at)
    if meeting.child_id == child_id:
        return f"{meeting.ref}, a meeting about this child, is at {when}."
    if chair_id is not None and meeting.chair_id == chair_id:
        return f"The chair has another meeting at {when}."
    if is_invitees:
        return f"Somebody to be invited has another meeting at {when}."
    return f"Another meeting is at {when}."
