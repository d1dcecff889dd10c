"""Whom to reach for a role: people, role mailboxes and teams of the directory, with their hours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import Select, or_, select

from core.db import session
from people.models.agencies import Agency, Closure, Professional, RoleMailbox, Team, TeamMember
from people.models.children import Child
from people.models.network import Connection
from people.queries.directory import is_open
from people.queries.network import true_on


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which an agency is closed, both included."""

    from_on: date
    to_on: date
    why: str


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """Whom to reach for a role: a named person, a role mailbox or a team.

    Attributes:
        name: the person's name, the mailbox's label or the team's name.
        is_for_child: this person works with the child that was asked about: is allocated to
            it, manages its team or is named in its network.
        account_id: set for people who can sign in.
    """

    agency_id: UUID
    agency_name: str
    agency_kind: str
    role: str
    name: str
    email: str | None
    telephone: str | None
    opens: time | None
    closes: time | None
    is_person: bool
    is_for_child: bool
    is_out_of_hours: bool
    is_out_of_term: bool
    position: int
    professional_id: UUID | None
    account_id: UUID | None
    agency_closures: tuple[ClosedDays, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    """Who works with a child."""

    professional_ids: frozenset[UUID]
    account_ids: frozenset[UUID]


def directory(
    on: date, *, child_id: UUID | None = None, roles: Collection[str] | None = None
) -> tuple[DirectoryEntry, ...]:
    """Return whom to reach for each role on a London date, in the order of trying.

    Agencies that have closed and people who have left are not in it. Seven statements, whatever
    the size of the directory.

    Args:
        child_id: marks who works with this child.
        roles: only these roles of the pack; None for all.
    """
    closures = _closures(on)
    near = _near(child_id, on)
    entries = [
        *_people(on, roles, closures, near),
        *_mailboxes(on, roles, closures),
        *_teams(on, roles, closures),
    ]
    entries.sort(
        key=lambda each: (
            each.role,
            not each.is_for_child,
            not each.is_person,
            each.position,
            each.agency_name,
            each.name,
        )
    )
    return tuple(entries)


def _people(
    on: date,
    roles: Collection[str] | None,
    closures: dict[UUID, tuple[ClosedDays, ...]],
    near: _Near,
) -> list[DirectoryEntry]:
    statement = (
        select(Professional, Agency)
        .join(Agency, Agency.id == Professional.agency_id)
        .where(is_open(on), or_(Professional.left_on.is_(None), Professional.left_on > on))
    )
    if roles is not None:
        statement = statement.where(Professional.role.in_(roles))
    return [
        DirectoryEntry(
            agency_id=agency.id,
            agency_name=agency.name,
            agency_kind=agency.kind,
            role=person.role,
            name=person.name,
            email=person.email,
            telephone=person.telephone,
            opens=None,
            closes=None,
            is_person=True,
            is_for_child=person.id in near.professional_ids
            or person.account_id in near.account_ids,
            is_out_of_hours=False,
            is_out_of_term=False,
            position=0,
            professional_id=person.id,
            account_id=person.account_id,
            agency_closures=closures.get(agency.id, ()),
        )
        for person, agency in session.execute(statement)
    ]


def _mailboxes(
    on: date, roles: Collection[str] | None, closures: dict[UUID, tuple[ClosedDays, ...]]
) -> list[DirectoryEntry]:
    statement = (
        select(RoleMailbox, Agency)
        .join(Agency, Agency.id == RoleMailbox.agency_id)
        .where(is_open(on))
    )
    if roles is not None:
        statement = statement.where(RoleMailbox.role.in_(roles))
    return [
        _box(
            agency,
            closures,
            role=box.role,
            name=box.label,
            email=box.email,
            telephone=box.telephone,
            opens=box.opens,
            closes=box.closes,
            is_out_of_hours=box.is_out_of_hours,
            is_out_of_term=box.is_out_of_term,
            position=box.position,
        )
        for box, agency in session.execute(statement)
    ]


def _teams(
    on: date, roles: Collection[str] | None, closures: dict[UUID, tuple[ClosedDays, ...]]
) -> list[DirectoryEntry]:
    statement = (
        select(Team, Agency)
        .join(Agency, Agency.id == Team.agency_id)
        .where(is_open(on), Team.role.is_not(None))
    )
    if roles is not None:
        statement = statement.where(Team.role.in_(roles))
    return [
        _box(
            agency,
            closures,
            role=each.role or "",
            name=each.name,
            email=each.mailbox,
            telephone=each.telephone,
            opens=each.opens,
            closes=each.closes,
            is_out_of_hours=each.is_out_of_hours,
            is_out_of_term=False,
            position=1,
        )
        for each, agency in session.execute(statement)
    ]


def _box(
    agency: Agency,
    closures: dict[UUID, tuple[ClosedDays, ...]],
    *,
    role: str,
    name: str,
    email: str | None,
    telephone: str | None,
    opens: time | None,
    closes: time | None,
    is_out_of_hours: bool,
    is_out_of_term: bool,
    position: int,
) -> DirectoryEntry:
    return DirectoryEntry(
        agency_id=agency.id,
        agency_name=agency.name,
        agency_kind=agency.kind,
        role=role,
        name=name,
        email=email,
        telephone=telephone,
        opens=opens,
        closes=closes,
        is_person=False,
        is_for_child=False,
        is_out_of_hours=is_out_of_hours,
        is_out_of_term=is_out_of_term,
        position=position,
        professional_id=None,
        account_id=None,
        agency_closures=closures.get(agency.id, ()),
    )


def _near(child_id: UUID | None, on: date) -> _Near:
    if child_id is None:
        return _Near(frozenset(), frozenset())
    named = session.scalars(
        select(Connection.professional_id).where(
            Connection.child_id == child_id, Connection.professional_id.is_not(None), true_on(on)
        )
    ).all()
    worker = select(Child.allocated_to_id).where(Child.id == child_id)
    managers = (
        select(TeamMember.account_id)
        .join(Child, Child.team_id == TeamMember.team_id)
        .where(Child.id == child_id, TeamMember.is_manager)
    )
    accounts = {*session.scalars(worker).all(), *session.scalars(managers).all()}
    return _Near(
        frozenset(each for each in named if each is not None),
        frozenset(each for each in accounts if each is not None),
    )


def _closures(on: date) -> dict[UUID, tuple[ClosedDays, ...]]:
    found: dict[UUID, tuple[ClosedDays, ...]] = {}
    for row in session.scalars(_coming_closures(on)):
        found[row.agency_id] = (
            *found.get(row.agency_id, ()),
            ClosedDays(row.from_on, row.to_on, row.why),
        )
    return found


def _coming_closures(on: date) -> Select[Closure]:
    return select(Closure).where(Closure.to_on >= on).order_by(Closure.from_on)
