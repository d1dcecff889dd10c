"""Keep teams and who is in them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.db import session
from core.ids import new_reference
from people.details import TeamDetails
from people.models.agencies import Agency, Team, TeamMember
from people.service.agencies import check_version, write
from people.terms import Actor


def record_team(agency: Agency, details: TeamDetails, *, actor: Actor, now: datetime) -> Team:
    """Add a team to an agency."""
    team = Team(ref=new_reference("T"), agency_id=agency.id, **asdict(details))
    session.add(team)
    session.flush()
    audit.record(actor, "team.recorded", "team", team.id, now=now)
    return team


def edit_team(
    team: Team, details: TeamDetails, *, version: int, actor: Actor, now: datetime
) -> Team:
    """Change a team.

    Raises:
        Conflict: somebody changed it since.
    """
    check_version(team, version)
    fields = write(team, asdict(details))
    audit.record(actor, "team.edited", "team", team.id, now=now, detail=fields)
    return team


def add_member(
    team_id: UUID, account_id: UUID, *, actor: Actor, now: datetime, is_manager: bool = False
) -> TeamMember:
    """Put an account into a team, or change whether it manages the team."""
    member = _member(team_id, account_id)
    if member is None:
        member = TeamMember(team_id=team_id, account_id=account_id)
        session.add(member)
    member.is_manager = is_manager
    session.flush()
    audit.record(actor, "team.member_added", "team", team_id, now=now)
    return member


def remove_member(team_id: UUID, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take an account out of a team; what the team opened is closed to it at once."""
    member = _member(team_id, account_id)
    if member is None:
        return
    session.delete(member)
    session.flush()
    audit.record(actor, "team.member_removed", "team", team_id, now=now)


def _member(team_id: UUID, account_id: UUID) -> TeamMember | None:
    return session.scalar(
        select(TeamMember).where(TeamMember.team_id == team_id, TeamMember.account_id == account_id)
    )
