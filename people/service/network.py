"""Write down who a child is connected to; what was true before stays as history."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from core import audit, clock
from core.db import session
from core.errors import Conflict, Refused
from people.details import ConnectionDetails
from people.models.agencies import Agency
from people.models.network import Connection
from people.terms import Actor, ConnectionKind, ConnectionStatus

# Of these a child has one at a time; a new answer replaces the last.
_ONE_AT_A_TIME = frozenset(
    {ConnectionKind.GP, ConnectionKind.YOUTH_JUSTICE, ConnectionKind.SOCIAL_WORKER}
)
_AGENCIES = frozenset({ConnectionKind.SCHOOL, ConnectionKind.GP, ConnectionKind.OTHER_SERVICE})
_NAMED = (ConnectionStatus.KNOWN, ConnectionStatus.UNSAFE_TO_INVOLVE)


def connect(
    child_id: UUID, details: ConnectionDetails, *, actor: Actor, now: datetime
) -> Connection:
    """Write down a connection, or that it is not known; an answer it replaces ends.

    A new practice ends the last one. A new school ends "not known" but no other school, since
    a child may be on two rolls; "not known" or "none" ends every row of its kind that it
    contradicts.

    Raises:
        Refused: nobody is named, a reason is missing, or the agency has closed.
    """
    _check(details, now)
    from_on = details.from_on or clock.today(now)
    for old in _contradicted(child_id, details, from_on):
        old.to_on = max(from_on, old.from_on)
    row = Connection(
        child_id=child_id,
        kind=details.kind,
        status=details.status,
        agency_id=details.agency_id,
        professional_id=details.professional_id,
        person_name=details.person_name,
        relationship=details.relationship,
        is_male_carer=details.is_male_carer,
        has_parental_responsibility=details.has_parental_responsibility,
        telephone=details.telephone,
        why=details.why,
        from_on=from_on,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    _record(actor, "connection.added", row, now)
    return row


def change(
    connection: Connection,
    details: ConnectionDetails,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Connection:
    """Replace what is known of a connection from today; the old row ends and stays.

    Raises:
        Conflict: somebody changed or ended it since it was opened.
        Refused: as for ``connect``.
    """
    _check_version(connection, version)
    connection.to_on = max(clock.today(now), connection.from_on)
    session.flush()
    return connect(connection.child_id, details, actor=actor, now=now)


def end(
    connection: Connection, *, version: int, actor: Actor, now: datetime, on: date | None = None
) -> Connection:
    """End a connection on a date (today unless given); it stays in the history.

    Raises:
        Conflict: somebody changed or ended it since it was opened.
        Refused: the date is before it began.
    """
    _check_version(connection, version)
    last = on or clock.today(now)
    if last < connection.from_on:
        raise Refused("connection.ends_early", "The end must not be before the beginning.")
    connection.to_on = last
    session.flush()
    _record(actor, "connection.ended", connection, now)
    return connection


def _check_version(connection: Connection, version: int) -> None:
    if connection.to_on is not None or connection.version != version:
        raise Conflict("Somebody changed this since you opened it. Look at what stands there now.")


def _check(details: ConnectionDetails, now: datetime) -> None:
    is_named = details.agency_id or details.professional_id or details.person_name
    if details.status in _NAMED and not is_named:
        what = "agency" if details.kind in _AGENCIES else "person"
        raise Refused("connection.nobody_named", f"Name the {what}, or say that it is not known.")
    if details.status is ConnectionStatus.UNSAFE_TO_INVOLVE and not details.why:
        raise Refused("connection.unsafe_why", "Say why it is unsafe to involve this person.")
    if details.agency_id is None:
        return
    agency = session.get_one(Agency, details.agency_id)
    if agency.closed_on is not None and agency.closed_on <= clock.today(now):
        day = f"{agency.closed_on.day} {agency.closed_on:%B %Y}"
        raise Refused(
            "agency.closed", f"{agency.name} closed on {day}. Choose where the child goes now."
        )


def _contradicted(child_id: UUID, details: ConnectionDetails, on: date) -> list[Connection]:
    rows = session.scalars(
        select(Connection).where(
            Connection.child_id == child_id,
            Connection.kind == details.kind,
            or_(Connection.to_on.is_(None), Connection.to_on > on),
        )
    ).all()
    if details.kind in _ONE_AT_A_TIME:
        return list(rows)
    if details.kind is ConnectionKind.SCHOOL:
        is_named = details.status in _NAMED
        return [
            row
            for row in rows
            if not is_named or row.status not in _NAMED or row.agency_id == details.agency_id
        ]
    return [row for row in rows if _is_the_same_answer(row, details)]


def _is_the_same_answer(row: Connection, details: ConnectionDetails) -> bool:
    """An unnamed father is answered by naming him; "none" is answered by anybody."""
    if row.is_male_carer != details.is_male_carer:
        return False
    if row.status is ConnectionStatus.NONE or details.status is ConnectionStatus.NONE:
        return True
    if row.person_name is None:
        return row.relationship == details.relationship or row.relationship is None
    return row.person_name == details.person_name


def _record(actor: Actor, verb: str, row: Connection, now: datetime) -> None:
    audit.record(actor, verb, "connection", row.id, child_id=row.child_id, now=now, detail=row.kind)
