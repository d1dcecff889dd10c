"""Whether the legal quorum of several meetings is likely, without reading each child's facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import String, bindparam, select, type_coerce

from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Contribution
from meetings.queries.home import MeetingLine
from meetings.rules import quorum
from meetings.terms import InvitationState, Party, Requirement, Standing
from procedures.service import packs
from procedures.terms import Pack

_HAS_WRITTEN: Final = (
    select(Contribution.id).where(Contribution.invitation_id == Invitation.id).exists()
)
_ASKED: Final = select(
    Invitation.meeting_id,
    Invitation.agency_kind,
    type_coerce(Invitation.agency_id, String),
    Invitation.agency_name,
    Invitation.state,
    _HAS_WRITTEN,
).where(
    Invitation.meeting_id.in_(bindparam("meetings", expanding=True)),
    Invitation.state != InvitationState.WITHDRAWN,
    Invitation.requirement != Requirement.INFORM,
)


def of_meetings(meetings: Sequence[Meeting | MeetingLine]) -> dict[UUID, Standing]:
    """Return each meeting's forecast. One statement, and one for a pack version not read before."""
    if not meetings:
        return {}
    parties = _parties([meeting.id for meeting in meetings])
    judged_by = {meeting.pack_version_id for meeting in meetings}
    found: dict[UUID, Pack] = {each: packs.pack_by(each) for each in judged_by}
    return {
        meeting.id: quorum.legal_forecast(
            meeting.type, parties[meeting.id], pack=found[meeting.pack_version_id]
        )
        for meeting in meetings
    }


def _parties(meeting_ids: Sequence[UUID]) -> dict[UUID, list[Party]]:
    """Who was asked and what they answered: of each invitation no more than the quorum reads."""
    rows = session.execute(_ASKED, {"meetings": meeting_ids})
    found: dict[UUID, list[Party]] = {each: [] for each in meeting_ids}
    for meeting_id, kind, agency_id, name, state, wrote in rows:
        found[meeting_id].append(
            Party(
                agency_kind=kind,
                agency_id=str(agency_id) if agency_id else None,
                agency_name=name,
                answer=state,
                has_written=wrote,
            )
        )
    return found
