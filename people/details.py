"""What the forms and the API say about children, networks, agencies and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from people.terms import Asked, ConnectionKind, ConnectionStatus, Role, TriState


@dataclass(frozen=True, slots=True)
class ChildDetails:
    """A child as somebody wrote it down; needs not asked about stay "not asked"."""

    given_name: str
    family_name: str
    born_on: date
    is_birth_estimated: bool = False
    preferred_name: str | None = None
    pronouns: str | None = None
    nhs_number: str | None = None
    upn: str | None = None
    sex: str | None = None
    ethnicity: str | None = None
    disability: Asked = Asked.NOT_ASKED
    disability_awaiting_since_on: date | None = None
    sen: Asked = Asked.NOT_ASKED
    sen_awaiting_since_on: date | None = None
    ehc_plan: Asked = Asked.NOT_ASKED
    ehc_plan_awaiting_since_on: date | None = None
    first_language: str | None = None
    interpreter: Asked = Asked.NOT_ASKED
    legal_status: str = "none"


@dataclass(frozen=True, slots=True)
class ConnectionDetails:
    """One connection of a child; ``from_on`` is None for "from today"."""

    kind: ConnectionKind
    status: ConnectionStatus
    agency_id: UUID | None = None
    professional_id: UUID | None = None
    person_name: str | None = None
    relationship: str | None = None
    is_male_carer: bool = False
    has_parental_responsibility: TriState = TriState.NOT_KNOWN
    telephone: str | None = None
    why: str | None = None
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgencyDetails:
    """An agency of the directory; ``kind`` is an agency kind of the pack."""

    name: str
    kind: str
    telephone: str | None = None
    mail_name: str | None = None
    manager_name: str | None = None
    manager_email: str | None = None
    lead_name: str | None = None
    lead_email: str | None = None
    register_code: str | None = None
    local_authority: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClosureDetails:
    """Days on which an agency is closed, both ends included."""

    from_on: date
    to_on: date
    why: str


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """A team; opening times are London times."""

    name: str
    mail_name: str
    mailbox: str | None = None
    telephone: str | None = None
    opens: time | None = None
    closes: time | None = None
    is_out_of_hours: bool = False
    role: str | None = None
    joining: str | None = None


@dataclass(frozen=True, slots=True)
class MailboxDetails:
    """Whom to reach for a role; ``role`` is a role of the pack."""

    role: str
    label: str
    email: str | None = None
    telephone: str | None = None
    opens: time | None = None
    closes: time | None = None
    is_out_of_term: bool = False
    is_out_of_hours: bool = False
    position: int = 1


@dataclass(frozen=True, slots=True)
class ProfessionalDetails:
    """A named person at an agency; ``role`` is a role of the pack."""

    name: str
    role: str
    email: str | None = None
    telephone: str | None = None
    account_id: UUID | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """Somebody who may sign in."""

    email: str
    name: str
    roles: frozenset[Role]
    agency_id: UUID | None = None
    telephone: str | None = None
    is_duty: bool = False
