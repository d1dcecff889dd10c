"""Keep the directory: agencies, closed weeks, role mailboxes, professionals, secure domains."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.db import Base, session
from core.errors import Conflict, Refused
from core.ids import new_reference
from people.details import AgencyDetails, ClosureDetails, MailboxDetails, ProfessionalDetails
from people.models.agencies import Agency, Closure, Professional, RoleMailbox, SecureDomain
from people.terms import Actor


class _Versioned(Protocol):
    id: UUID
    version: int


Row = TypeVar("Row", bound=_Versioned)


def record_agency(details: AgencyDetails, *, actor: Actor, now: datetime) -> Agency:
    """Add an agency.

    Raises:
        Refused: an agency of this kind has the same name or register code.
    """
    _check_agency(details, except_id=None)
    agency = Agency(ref=new_reference("G"), **asdict(details))
    _add(agency)
    audit.record(actor, "agency.recorded", "agency", agency.id, now=now)
    return agency


def edit_agency(
    agency: Agency, details: AgencyDetails, *, version: int, actor: Actor, now: datetime
) -> Agency:
    """Change an agency; ``closed_on`` closes it for new connections.

    Raises:
        Conflict: somebody changed it since.
        Refused: as for ``record_agency``.
    """
    check_version(agency, version)
    _check_agency(details, except_id=agency.id)
    fields = write(agency, asdict(details))
    audit.record(actor, "agency.edited", "agency", agency.id, now=now, detail=fields)
    return agency


def close_weeks(agency: Agency, details: ClosureDetails, *, actor: Actor, now: datetime) -> Closure:
    """Write down days on which an agency is closed.

    Raises:
        Refused: the last day is before the first.
    """
    if details.to_on < details.from_on:
        raise Refused("closure.order", "The last closed day must not be before the first.")
    closure = Closure(agency_id=agency.id, **asdict(details))
    _add(closure)
    audit.record(actor, "agency.weeks_closed", "agency", agency.id, now=now)
    return closure


def reopen(closure: Closure, *, from_on: date, actor: Actor, now: datetime) -> Closure | None:
    """End closed days early: the agency is open from this date.

    Returns:
        The shortened days, or None when none are left.
    """
    audit.record(actor, "agency.reopened", "agency", closure.agency_id, now=now)
    if from_on <= closure.from_on:
        session.delete(closure)
        session.flush()
        return None
    closure.to_on = min(closure.to_on, date.fromordinal(from_on.toordinal() - 1))
    session.flush()
    return closure


def record_mailbox(
    agency: Agency, details: MailboxDetails, *, actor: Actor, now: datetime
) -> RoleMailbox:
    """Add whom to reach at an agency for a role.

    Raises:
        Refused: neither an address nor a telephone is given.
    """
    _check_mailbox(details)
    mailbox = RoleMailbox(agency_id=agency.id, **asdict(details))
    _add(mailbox)
    audit.record(actor, "mailbox.recorded", "role_mailbox", mailbox.id, now=now)
    return mailbox


def edit_mailbox(
    mailbox: RoleMailbox, details: MailboxDetails, *, version: int, actor: Actor, now: datetime
) -> RoleMailbox:
    """Change a role mailbox.

    Raises:
        Conflict: somebody changed it since.
        Refused: as for ``record_mailbox``.
    """
    check_version(mailbox, version)
    _check_mailbox(details)
    fields = write(mailbox, asdict(details))
    audit.record(actor, "mailbox.edited", "role_mailbox", mailbox.id, now=now, detail=fields)
    return mailbox


def record_professional(
    agency: Agency, details: ProfessionalDetails, *, actor: Actor, now: datetime
) -> Professional:
    """Add a named person at an agency."""
    professional = Professional(agency_id=agency.id, **asdict(details))
    _add(professional)
    audit.record(actor, "professional.recorded", "professional", professional.id, now=now)
    return professional


def edit_professional(
    professional: Professional,
    details: ProfessionalDetails,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Professional:
    """Change a named person; ``left_on`` takes them out of new invitations.

    Raises:
        Conflict: somebody changed it since.
    """
    check_version(professional, version)
    fields = write(professional, asdict(details))
    audit.record(
        actor, "professional.edited", "professional", professional.id, now=now, detail=fields
    )
    return professional


def mark_secure(domain: str, *, actor: Actor, now: datetime) -> SecureDomain:
    """Say that codes may be mailed to a domain; subdomains are then secure too."""
    plain = domain.strip().lower().removeprefix("@").strip(".")
    if "." not in plain or "@" in plain or " " in plain:
        raise Refused("domain.form", "Enter a domain such as police.example.")
    found = session.scalar(select(SecureDomain).where(SecureDomain.domain == plain))
    if found is None:
        found = SecureDomain(domain=plain, marked_by=actor.name, marked_at=now)
        _add(found)
        audit.record(actor, "domain.marked_secure", "secure_domain", found.id, now=now)
    return found


def unmark_secure(domain: SecureDomain, *, actor: Actor, now: datetime) -> None:
    """Stop mailing codes to a domain."""
    audit.record(actor, "domain.unmarked", "secure_domain", domain.id, now=now)
    session.delete(domain)
    session.flush()


def check_version(row: _Versioned, version: int) -> None:
    """Refuse to write over what somebody else changed.

    Raises:
        Conflict: the row's version is not the one that was on the screen.
    """
    if row.version != version:
        raise Conflict("Somebody changed this since you opened it. Look at what stands there now.")


def write(row: Base, values: dict[str, object]) -> str:
    """Set what differs and return the names of what was set."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    session.flush()
    return ", ".join(sorted(changed))


def _add(row: Base) -> None:
    session.add(row)
    session.flush()


def _check_agency(details: AgencyDetails, *, except_id: UUID | None) -> None:
    same = select(Agency.id).where(Agency.id != except_id, Agency.kind == details.kind)
    namesakes = same.where(Agency.name == details.name)
    if details.register_code:  # a register tells its many namesakes apart by their codes
        namesakes = namesakes.where(Agency.register_code.is_(None))
    if session.scalar(namesakes.limit(1)) is not None:
        raise Refused("agency.same_name", f"{details.name} is in the directory already.")
    code = details.register_code
    if code and session.scalar(same.where(Agency.register_code == code).limit(1)) is not None:
        raise Refused("agency.same_code", f"An agency with the code {code} is there already.")


def _check_mailbox(details: MailboxDetails) -> None:
    if not details.email and not details.telephone:
        raise Refused("mailbox.no_contact", "Enter an email address or a telephone number.")
