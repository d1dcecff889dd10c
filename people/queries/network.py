"""Reads of a child's network: who is connected today, and who was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from core.db import session
from people.models.agencies import Agency, Professional
from people.models.network import Connection
from people.terms import ConnectionKind, ConnectionStatus, TriState


@dataclass(frozen=True, slots=True)
class NetworkEntry:
    """One connection of a child with the agency's and the professional's names."""

    id: UUID
    kind: ConnectionKind
    status: ConnectionStatus
    agency_id: UUID | None
    agency_name: str
    agency_kind: str
    professional_id: UUID | None
    professional_name: str
    person_name: str | None
    relationship: str | None
    is_male_carer: bool
    has_parental_responsibility: TriState
    telephone: str | None
    why: str | None
    from_on: date
    to_on: date | None
    version: int


def network_of(child_id: UUID, on: date) -> tuple[NetworkEntry, ...]:
    """Return who the child is connected to on a London date; a kind without a row is not known.

    One statement.
    """
    return _entries(Connection.child_id == child_id, true_on(on))


def past_of(child_id: UUID, on: date) -> tuple[NetworkEntry, ...]:
    """Return the connections that had ended by a London date, the latest first. One statement."""
    ended = _entries(Connection.child_id == child_id, Connection.to_on <= on)
    return tuple(sorted(ended, key=lambda entry: entry.to_on or on, reverse=True))


def connection(child_id: UUID, connection_id: UUID) -> Connection | None:
    """Return one connection of a child. One statement."""
    return session.scalar(
        select(Connection).where(Connection.id == connection_id, Connection.child_id == child_id)
    )


def true_on(on: date) -> ColumnElement[bool]:
    """Return the condition under which a connection was true on a London date."""
    return (Connection.from_on <= on) & or_(Connection.to_on.is_(None), Connection.to_on > on)


def _entries(*conditions: ColumnElement[bool]) -> tuple[NetworkEntry, ...]:
    rows = session.execute(
        select(Connection, Agency, Professional.name)
        .outerjoin(Agency, Agency.id == Connection.agency_id)
        .outerjoin(Professional, Professional.id == Connection.professional_id)
        .where(*conditions)
        .order_by(
            Connection.kind,
            Connection.from_on,
            Connection.recorded_at,
            Agency.name,
            Connection.person_name,
            Connection.id,
        )
    )
    return tuple(_entry(row, agency, name) for row, agency, name in rows)


def _entry(row: Connection, agency: Agency | None, professional_name: str | None) -> NetworkEntry:
    return NetworkEntry(
        id=row.id,
        kind=row.kind,
        status=row.status,
        agency_id=row.agency_id,
        agency_name=agency.name if agency else "",
        agency_kind=agency.kind if agency else "",
        professional_id=row.professional_id,
        professional_name=professional_name or "",
        person_name=row.person_name,
        relationship=row.relationship,
        is_male_carer=row.is_male_carer,
        has_parental_responsibility=row.has_parental_responsibility,
        telephone=row.telephone,
        why=row.why,
        from_on=row.from_on,
        to_on=row.to_on,
        version=row.version,
    )
