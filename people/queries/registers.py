"""Reads for register imports: what is known already, past imports, who points at what closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from core.db import session
from people.models.agencies import Agency
from people.models.children import Child
from people.models.network import Connection
from people.models.registers import Import, RegisterEntry
from people.queries.directory import is_open
from people.queries.network import true_on
from people.terms import ConnectionStatus, ImportState, Register

PAGE = 50


def digests(register: Register) -> dict[str, str]:
    """Return the digest of every establishment a register spoke of before. One statement."""
    rows = session.connection().execute(
        select(RegisterEntry.code, RegisterEntry.digest).where(RegisterEntry.register == register)
    )
    return {code: digest for code, digest in rows}  # noqa: C416 - a Row is not typed as a pair


def typed_codes(kind: str, register: Register) -> set[str]:
    """Return the register codes people typed, of agencies no import has met. One statement."""
    rows = session.scalars(
        select(Agency.register_code)
        .outerjoin(RegisterEntry, RegisterEntry.agency_id == Agency.id)
        .where(
            Agency.kind == kind,
            Agency.register_code.is_not(None),
            or_(RegisterEntry.agency_id.is_(None), RegisterEntry.register != register),
        )
    )
    return {code for code in rows if code}


def without_code(kind: str) -> dict[str, tuple[str, str | None]]:
    """Return reference and authority of open agencies without a code, by folded name.

    One statement.
    """
    rows = session.execute(
        select(Agency.name, Agency.ref, Agency.local_authority).where(
            Agency.kind == kind, Agency.register_code.is_(None), Agency.closed_on.is_(None)
        )
    )
    return {name.casefold(): (ref, authority) for name, ref, authority in rows}


def entries(
    register: Register, kind: str, codes: Collection[str]
) -> dict[str, tuple[Agency, RegisterEntry | None]]:
    """Return agencies by code with what the register last said of them. One statement."""
    rows = session.execute(
        select(Agency, RegisterEntry)
        .outerjoin(
            RegisterEntry,
            (RegisterEntry.agency_id == Agency.id) & (RegisterEntry.register == register),
        )
        .where(
            or_(
                RegisterEntry.code.in_(codes),
                RegisterEntry.agency_id.is_(None)
                & (Agency.kind == kind)
                & Agency.register_code.in_(codes),
            )
        )
    )
    return {
        (entry.code if entry else agency.register_code or ""): (agency, entry)
        for agency, entry in rows
    }


def open_codes(register: Register, codes: Collection[str]) -> Sequence[str]:
    """Return which of these codes a register spoke of as open. One statement."""
    rows = session.execute(
        select(RegisterEntry.code, RegisterEntry.is_closed).where(
            RegisterEntry.register == register
        )
    )
    return [code for code, is_closed in rows if code in codes and not is_closed]


def references() -> set[str]:
    """Return the references of all agencies. One statement."""
    return set(session.connection().execute(select(Agency.ref)).scalars())


def children_of(agency_ids: Collection[UUID], on: date) -> dict[UUID, list[str]]:
    """Return the references of the children connected to agencies on a date. One statement."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Connection.agency_id, Child.ref)
        .join(Child, Child.id == Connection.child_id)
        .where(
            Connection.agency_id.in_(agency_ids),
            Connection.status == ConnectionStatus.KNOWN,
            true_on(on),
        )
        .order_by(Child.ref)
        .distinct()
    )
    for agency_id, ref in rows:
        if agency_id is not None:
            found[agency_id].append(ref)
    return dict(found)


def closed_yet_connected(on: date) -> list[Agency]:
    """Return closed agencies that children are still connected to, by name. One statement."""
    connected = select(Connection.agency_id).where(
        Connection.status == ConnectionStatus.KNOWN, true_on(on)
    )
    return list(
        session.scalars(
            select(Agency)
            .where(~is_open(on), Agency.id.in_(connected))
            .order_by(Agency.name)
            .limit(PAGE)
        )
    )


def areas_of_last(register: Register) -> tuple[str, ...] | None:
    """Return the areas of the last import that was written, None before it. One statement."""
    areas = session.scalar(
        select(Import.areas)
        .where(Import.register == register, Import.state == ImportState.APPLIED)
        .order_by(Import.applied_at.desc())
        .limit(1)
    )
    return tuple(areas) if areas is not None else None


def imports() -> Sequence[Import]:
    """Return the last imports, the newest first. One statement."""
    return session.scalars(select(Import).order_by(Import.checked_at.desc()).limit(PAGE)).all()


def import_by_ref(ref: str) -> Import | None:
    """Return the import of a reference. One statement."""
    return session.scalar(select(Import).where(Import.ref == ref.upper()))
