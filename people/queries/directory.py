"""Reads of the directory's pages: agencies, teams, role mailboxes, people, secure domains."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from core.db import session
from people.models.accounts import Account
from people.models.agencies import (
    Agency,
    Closure,
    Professional,
    RoleMailbox,
    SecureDomain,
    Team,
    TeamMember,
)

PAGE = 50


def agencies(
    *, kind: str | None = None, words: str = "", page: int = 1, size: int = PAGE
) -> list[Agency]:
    """Return one page of agencies by name and one more. One statement."""
    statement = select(Agency).order_by(Agency.closed_on.is_not(None), Agency.name)
    if kind:
        statement = statement.where(Agency.kind == kind)
    if words.strip():
        like = f"%{_escaped(words.strip().lower())}%"
        statement = statement.where(
            or_(
                func.lower(Agency.name).like(like, escape="\\"),
                Agency.register_code == words.strip(),
            )
        )
    return list(session.scalars(statement.limit(size + 1).offset((page - 1) * size)))


def open_agencies(on: date, *, kinds: Collection[str] | None = None) -> list[Agency]:
    """Return the agencies that are open on a date, by name. One statement."""
    statement = select(Agency).where(is_open(on)).order_by(Agency.name)
    if kinds is not None:
        statement = statement.where(Agency.kind.in_(kinds))
    return list(session.scalars(statement))


def agency(agency_id: UUID) -> Agency | None:
    """Return an agency. At most one statement."""
    return session.get(Agency, agency_id)


def agency_by_ref(ref: str) -> Agency | None:
    """Return the agency of a reference. One statement."""
    return session.scalar(select(Agency).where(Agency.ref == ref.upper()))


def kinds_in_use() -> list[str]:
    """Return the agency kinds that occur. One statement."""
    return list(session.scalars(select(Agency.kind).distinct().order_by(Agency.kind)))


def closures_of(agency_id: UUID) -> list[Closure]:
    """Return an agency's closed days, the earliest first. One statement."""
    return list(
        session.scalars(
            select(Closure).where(Closure.agency_id == agency_id).order_by(Closure.from_on)
        )
    )


def mailboxes_of(agency_id: UUID) -> list[RoleMailbox]:
    """Return an agency's role mailboxes in the order of trying. One statement."""
    return list(
        session.scalars(
            select(RoleMailbox)
            .where(RoleMailbox.agency_id == agency_id)
            .order_by(RoleMailbox.role, RoleMailbox.position, RoleMailbox.label)
        )
    )


def professionals_of(agency_id: UUID) -> list[Professional]:
    """Return an agency's people, those who left last. One statement."""
    return list(
        session.scalars(
            select(Professional)
            .where(Professional.agency_id == agency_id)
            .order_by(Professional.left_on.is_not(None), Professional.name)
        )
    )


def closure(agency_id: UUID, closure_id: UUID) -> Closure | None:
    """Return closed days of an agency. One statement."""
    return session.scalar(
        select(Closure).where(Closure.id == closure_id, Closure.agency_id == agency_id)
    )


def mailbox(agency_id: UUID, mailbox_id: UUID) -> RoleMailbox | None:
    """Return a role mailbox of an agency. One statement."""
    return session.scalar(
        select(RoleMailbox).where(RoleMailbox.id == mailbox_id, RoleMailbox.agency_id == agency_id)
    )


def professional(agency_id: UUID, professional_id: UUID) -> Professional | None:
    """Return a named person of an agency. One statement."""
    return session.scalar(
        select(Professional).where(
            Professional.id == professional_id, Professional.agency_id == agency_id
        )
    )


def secure_domain(domain: str) -> SecureDomain | None:
    """Return a marked domain. One statement."""
    return session.scalar(select(SecureDomain).where(SecureDomain.domain == domain))


def teams(*, agency_id: UUID | None = None) -> list[tuple[Team, Agency]]:
    """Return teams with their agency, by name. One statement."""
    statement = select(Team, Agency).join(Agency, Agency.id == Team.agency_id).order_by(Team.name)
    if agency_id is not None:
        statement = statement.where(Team.agency_id == agency_id)
    return [(team, agency) for team, agency in session.execute(statement)]


def team(team_id: UUID) -> Team | None:
    """Return a team. At most one statement."""
    return session.get(Team, team_id)


def team_by_ref(ref: str) -> Team | None:
    """Return the team of a reference. One statement."""
    return session.scalar(select(Team).where(Team.ref == ref.upper()))


def emergency_teams() -> list[Team]:
    """Return the teams that answer when the others are closed. One statement."""
    return list(session.scalars(select(Team).where(Team.is_out_of_hours).order_by(Team.name)))


def members_of(team_id: UUID) -> list[tuple[Account, bool]]:
    """Return a team's members who can sign in, managers first, each with "manages".

    One statement.
    """
    rows = session.execute(
        select(Account, TeamMember.is_manager)
        .join(TeamMember, TeamMember.account_id == Account.id)
        .where(TeamMember.team_id == team_id, Account.is_disabled.is_(False))
        .order_by(TeamMember.is_manager.desc(), Account.name)
    )
    return [(account, is_manager) for account, is_manager in rows]


def managers_of(team_id: UUID) -> list[Account]:
    """Return the accounts that manage a team. One statement."""
    return [account for account, is_manager in members_of(team_id) if is_manager]


def secure_domains() -> list[SecureDomain]:
    """Return the domains to which codes may go by mail. One statement."""
    return list(session.scalars(select(SecureDomain).order_by(SecureDomain.domain)))


def is_secure_address(email: str) -> bool:
    """Say whether a code may go to this address: its domain or one above it is marked.

    One statement.
    """
    _, _, domain = email.strip().lower().rpartition("@")
    labels = domain.split(".")
    above = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    if not domain or not above:
        return False
    found = session.scalar(select(SecureDomain.id).where(SecureDomain.domain.in_(above)).limit(1))
    return found is not None


def is_open(on: date) -> ColumnElement[bool]:
    """Return the condition under which an agency has not closed by a date."""
    return or_(Agency.closed_on.is_(None), Agency.closed_on > on)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
