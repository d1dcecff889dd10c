"""Fictional children, agencies, teams and accounts, made by the real services."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from uuid import UUID

from people.details import (
    AccountDetails,
    AgencyDetails,
    ChildDetails,
    ConnectionDetails,
    MailboxDetails,
    ProfessionalDetails,
    TeamDetails,
)
from people.models.accounts import Account
from people.models.agencies import Agency, Professional, RoleMailbox, Team
from people.models.children import Child
from people.models.network import Connection
from people.models.relations import RelationRow
from people.queries.accounts import actor_for
from people.service import accounts, agencies, children, network, relations, teams
from people.terms import (
    Actor,
    Asked,
    ConnectionKind,
    ConnectionStatus,
    RelationKind,
    Role,
)

FRIDAY = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_COUNT = itertools.count(1)
_SYSTEM = Actor.system("tests")


def make_agency(
    *,
    name: str | None = None,
    kind: str = "social_care",
    telephone: str | None = "01632 960100",
    manager_name: str | None = "Priya Shah",
    manager_email: str | None = "priya.shah@northshire.example",
    lead_name: str | None = "Tom Adeyemi",
    lead_email: str | None = "tom.adeyemi@northshire.example",
    register_code: str | None = None,
    closed_on: date | None = None,
    now: datetime = FRIDAY,
) -> Agency:
    """Make an agency of the directory."""
    return agencies.record_agency(
        AgencyDetails(
            name=name or f"Agency {next(_COUNT)}",
            kind=kind,
            telephone=telephone,
            manager_name=manager_name,
            manager_email=manager_email,
            lead_name=lead_name,
            lead_email=lead_email,
            register_code=register_code,
            local_authority="Northshire",
            closed_on=closed_on,
        ),
        actor=_SYSTEM,
        now=now,
    )


def make_mailbox(
    *,
    agency: Agency,
    role: str,
    label: str | None = None,
    email: str | None = "",
    telephone: str | None = "01632 960200",
    opens: time | None = time(9),
    closes: time | None = time(17),
    is_out_of_term: bool = False,
    is_out_of_hours: bool = False,
    position: int = 1,
    now: datetime = FRIDAY,
) -> RoleMailbox:
    """Make a role mailbox; its address is made up unless given, None for none."""
    return agencies.record_mailbox(
        agency,
        MailboxDetails(
            role=role,
            label=label or role.replace("_", " ").capitalize(),
            email=f"{role}.{next(_COUNT)}@agency.example" if email == "" else email,
            telephone=telephone,
            opens=opens,
            closes=closes,
            is_out_of_term=is_out_of_term,
            is_out_of_hours=is_out_of_hours,
            position=position,
        ),
        actor=_SYSTEM,
        now=now,
    )


def make_professional(
    *,
    agency: Agency,
    role: str,
    name: str | None = None,
    email: str | None = "",
    telephone: str | None = "01632 960300",
    account: Account | None = None,
    left_on: date | None = None,
    now: datetime = FRIDAY,
) -> Professional:
    """Make a named person at an agency."""
    number = next(_COUNT)
    return agencies.record_professional(
        agency,
        ProfessionalDetails(
            name=name or f"Professional {number}",
            role=role,
            email=f"person.{number}@agency.example" if email == "" else email,
            telephone=telephone,
            account_id=account.id if account else None,
            left_on=left_on,
        ),
        actor=_SYSTEM,
        now=now,
    )


def make_team(
    *,
    agency: Agency | None = None,
    name: str | None = None,
    mail_name: str = "Northshire meetings team",
    mailbox: str | None = "team@northshire.example",
    telephone: str | None = "01632 960400",
    is_out_of_hours: bool = False,
    role: str | None = None,
    joining: str | None = "https://meet.northshire.example/room",
    now: datetime = FRIDAY,
) -> Team:
    """Make a team with office hours."""
    return teams.record_team(
        agency or make_agency(now=now),
        TeamDetails(
            name=name or f"Team {next(_COUNT)}",
            mail_name=mail_name,
            mailbox=mailbox,
            telephone=telephone,
            opens=time(9),
            closes=time(17),
            is_out_of_hours=is_out_of_hours,
            role=role,
            joining=joining,
        ),
        actor=_SYSTEM,
        now=now,
    )


def make_account(
    *,
    roles: Collection[Role] = (Role.SOCIAL_WORKER,),
    name: str | None = None,
    email: str | None = None,
    team: Team | None = None,
    is_manager: bool = False,
    agency: Agency | None = None,
    is_duty: bool = False,
    password: str | None = None,
    now: datetime = FRIDAY,
) -> Account:
    """Make an account, in a team when one is given; without a password (hashing is slow)."""
    number = next(_COUNT)
    account = accounts.create(
        AccountDetails(
            email=email or f"account.{number}@northshire.example",
            name=name or f"Account {number}",
            roles=frozenset(roles),
            agency_id=agency.id if agency else None,
            is_duty=is_duty,
        ),
        actor=_SYSTEM,
        now=now,
        password=password,
    )
    if team is not None:
        teams.add_member(team.id, account.id, actor=_SYSTEM, now=now, is_manager=is_manager)
    return account


def actor_of(account: Account, *, confirmed_at: datetime | None = None) -> Actor:
    """Return the actor of an account, as a session of it would."""
    found = actor_for(account.id, confirmed_at=confirmed_at)
    assert found is not None
    return found


def make_child(
    *,
    given_name: str = "Jordan",
    family_name: str = "Ellis",
    preferred_name: str | None = None,
    born_on: date = date(2011, 3, 27),
    is_birth_estimated: bool = False,
    nhs_number: str | None = None,
    upn: str | None = None,
    ehc_plan: Asked = Asked.NOT_ASKED,
    sen: Asked = Asked.NOT_ASKED,
    legal_status: str = "none",
    team: Team | None = None,
    worker: Account | None = None,
    actor: Actor = _SYSTEM,
    now: datetime = FRIDAY,
) -> Child:
    """Make a child, allocated to a team and a worker when given."""
    return children.record(
        ChildDetails(
            given_name=given_name,
            family_name=family_name,
            preferred_name=preferred_name,
            born_on=born_on,
            is_birth_estimated=is_birth_estimated,
            nhs_number=nhs_number,
            upn=upn,
            ehc_plan=ehc_plan,
            sen=sen,
            legal_status=legal_status,
        ),
        actor=actor,
        now=now,
        team_id=team.id if team else None,
        allocated_to_id=worker.id if worker else None,
    )


def make_connection(
    *,
    child: Child,
    kind: ConnectionKind = ConnectionKind.SCHOOL,
    status: ConnectionStatus = ConnectionStatus.KNOWN,
    agency: Agency | None = None,
    professional: Professional | None = None,
    person_name: str | None = None,
    relationship: str | None = None,
    is_male_carer: bool = False,
    why: str | None = None,
    from_on: date | None = None,
    actor: Actor = _SYSTEM,
    now: datetime = FRIDAY,
) -> Connection:
    """Connect a child."""
    return network.connect(
        child.id,
        ConnectionDetails(
            kind=kind,
            status=status,
            agency_id=agency.id if agency else None,
            professional_id=professional.id if professional else None,
            person_name=person_name,
            relationship=relationship,
            is_male_carer=is_male_carer,
            why=why,
            from_on=from_on,
        ),
        actor=actor,
        now=now,
    )


def make_relation(
    *,
    account: Account,
    child: Child,
    kind: RelationKind = RelationKind.INVITED,
    until: datetime | None = None,
    meeting_id: UUID | None = None,
    now: datetime = FRIDAY,
) -> RelationRow:
    """Let an account open a child's record."""
    return relations.grant(
        account.id,
        child.id,
        kind,
        why="Made for a test.",
        actor=_SYSTEM,
        now=now,
        until=until,
        meeting_id=meeting_id,
    )
