"""Whether the legal quorum of several meetings is likely, without reading each child's facts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.db import session
from meetings.models.meetings import Meeting
from meetings.models.replies import Contribution
from meetings.queries.home import invited_to
from meetings.rules import quorum
from meetings.terms import ChildFacts, Party, Requirement, Standing
from procedures.service import packs

# The legal quorum asks for agencies and nothing else; only completeness looks at the child.
_NOBODY = ChildFacts(age=None)


def of_meetings(meetings: Sequence[Meeting]) -> dict[UUID, Standing]:
    """Return each meeting's forecast. Two statements, and one for each pack version not loaded."""
    ids = [meeting.id for meeting in meetings]
    if not ids:
        return {}
    invited = invited_to(ids)
    wrote = set(
        session.scalars(select(Contribution.invitation_id).where(Contribution.meeting_id.in_(ids)))
    )
    found: dict[UUID, Standing] = {}
    for meeting in meetings:
        _, pack = packs.of(meeting.pack_version_id)
        parties = [
            Party(
                agency_kind=row.agency_kind,
                agency_id=str(row.agency_id) if row.agency_id else None,
                agency_name=row.agency_name,
                answer=row.state,
                has_written=row.id in wrote,
            )
            for row in invited[meeting.id]
            if row.requirement is not Requirement.INFORM
        ]
        found[meeting.id] = quorum.forecast(
            meeting.type,
            parties,
            child=_NOBODY,
            incident=None,
            pack=pack,
            calendar=packs.calendar_of(pack),
        ).legal
    return found
