"""Who would be asked to a meeting: the rules' seats filled from the directory."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import clock
from core.db import session
from meetings.models.incidents import Incident, Involvement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.rules import contacts, invitees
from meetings.service import answering
from meetings.service.facts import facts_for
from meetings.terms import (
    ChildFacts,
    Closure,
    Contact,
    InvitationState,
    Invitee,
    MeetingStatus,
    Required,
    Slot,
)
from people.models.agencies import Agency, Team, TeamMember
from people.models.children import Child
from people.queries.contacts import DirectoryEntry, directory
from procedures.service import packs
from procedures.terms import Pack

_LIVE = (MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Seats:
    """What the rules ask for at one meeting, and who fills it at that time."""

    required: Required
    invitees: tuple[Invitee, ...]


def for_meeting(
    involvement: Involvement,
    meeting_type: str,
    *,
    pack: Pack,
    starts_at: datetime,
    now: datetime,
) -> Seats:
    """Return the seats of a meeting about a child's part in an incident, filled for that time."""
    incident, child = facts_for(involvement, now)
    calendar = packs.calendar_of(pack)
    required = invitees.required(meeting_type, child, incident, pack=pack, calendar=calendar)
    roles = {role for slot in required.slots for role in (slot.role, *slot.fallback)}
    filled = contacts.fill(
        required.slots,
        directory_for(involvement, roles, child, now=now),
        sent_at=now,
        starts_at=max(starts_at, now),
        pack=pack,
        calendar=calendar,
    )
    return Seats(required, filled)


def directory_for(
    involvement: Involvement, roles: Collection[str], child: ChildFacts, *, now: datetime
) -> tuple[Contact, ...]:
    """Return whom to reach for these roles: the child's own agencies, and those of its area.

    A partnership may span several authorities: their police desks and education teams are not
    the child's, and would be the wrong recipient. Nor is a colleague who works for another team.
    """
    entries = directory(clock.today(now), child_id=involvement.child_id, roles=roles)
    own = {one.agency_id for one in child.connections}
    others = {entry.agency_id for entry in entries if str(entry.agency_id) not in own}
    area = _area_of(involvement)
    elsewhere = _elsewhere(area, others) if area else set()
    strangers = _of_other_teams(involvement)
    return tuple(
        contact_of(entry)
        for entry in entries
        if entry.agency_id not in elsewhere
        and (entry.is_for_child or entry.account_id not in strangers)
    )


def contact_of(entry: DirectoryEntry) -> Contact:
    """Return an entry of the directory as the rules see it."""
    return Contact(
        agency_id=str(entry.agency_id),
        agency_name=entry.agency_name,
        agency_kind=entry.agency_kind,
        role=entry.role,
        name=entry.name,
        email=entry.email,
        telephone=entry.telephone,
        opens=entry.opens,
        closes=entry.closes,
        is_person=entry.is_person,
        is_for_child=entry.is_for_child,
        is_out_of_hours=entry.is_out_of_hours,
        is_out_of_term=entry.is_out_of_term,
        position=entry.position,
        professional_id=str(entry.professional_id) if entry.professional_id else None,
        account_id=str(entry.account_id) if entry.account_id else None,
        agency_closures=tuple(
            Closure(closed.from_on, closed.to_on) for closed in entry.agency_closures
        ),
    )


def entry_key(entry: DirectoryEntry) -> str:
    """Return what names an entry of the directory in a form."""
    return f"{entry.agency_id}|{entry.role}|{entry.professional_id or entry.name}"


def entry_by_key(key: str, *, now: datetime) -> DirectoryEntry | None:
    """Return the entry of the directory that a form named, if it is still there."""
    role = key.split("|")[1] if key.count("|") > 1 else ""
    entries = directory(clock.today(now), roles=[role])
    return next((entry for entry in entries if entry_key(entry) == key), None)


def seat_key(slot: Slot) -> str:
    """Return what names a seat in a form: its role and, where one is meant, the agency."""
    return f"{slot.role}|{slot.agency_id or ''}"


def invited_elsewhere(involvement: Involvement, addresses: Sequence[str | None]) -> frozenset[str]:
    """Return which of these addresses are invited to a meeting about another child of it.

    The other child is not named, here or anywhere: whoever is asked twice is warned.
    """
    wanted = {address.lower() for address in addresses if address}
    others = (
        select(Invitation.email)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Involvement, Involvement.child_id == Meeting.child_id)
        .where(
            Involvement.incident_id == involvement.incident_id,
            Meeting.child_id != involvement.child_id,
            Meeting.status.in_(_LIVE),
            Invitation.email.is_not(None),
            Invitation.state != InvitationState.WITHDRAWN,
        )
    )
    found = {(email or "").lower() for email in session.scalars(others)}
    return frozenset(wanted & found)


def invited_to_other_side(meeting: Meeting, addresses: Sequence[str | None]) -> frozenset[str]:
    """Return which addresses are invited about another child of an incident of this meeting."""
    found: frozenset[str] = frozenset()
    for involvement in answering.involvements_of(meeting):
        found |= invited_elsewhere(involvement, addresses)
    return found


def _area_of(involvement: Involvement) -> str | None:
    recording = select(Incident.team_id).where(Incident.id == involvement.incident_id)
    own = select(Child.team_id).where(Child.id == involvement.child_id)
    for team in (own, recording):
        area = session.scalar(
            select(Agency.local_authority)
            .join(Team, Team.agency_id == Agency.id)
            .where(Team.id == team.scalar_subquery())
        )
        if area:
            return area
    return None


def _of_other_teams(involvement: Involvement) -> set[uuid.UUID | None]:
    """Accounts that work for teams only which have nothing to do with the child."""
    recording = select(Incident.team_id).where(Incident.id == involvement.incident_id)
    own = select(Child.team_id).where(Child.id == involvement.child_id)
    near = {team_id for team_id in (session.scalar(own), session.scalar(recording)) if team_id}
    if not near:
        return set()
    rows = session.execute(select(TeamMember.account_id, TeamMember.team_id)).all()
    close = {account_id for account_id, team_id in rows if team_id in near}
    return {account_id for account_id, _ in rows if account_id not in close}


def _elsewhere(area: str, agency_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    return set(
        session.scalars(
            select(Agency.id).where(
                Agency.id.in_(agency_ids),
                Agency.local_authority.is_not(None),
                Agency.local_authority != area,
            )
        )
    )
