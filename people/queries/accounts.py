"""Reads of accounts: who somebody is, whom the pages of accounts list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from core.db import session
from people.models.accounts import Account, AccountRole, ApiToken, SignInSession
from people.models.agencies import Agency, TeamMember
from people.terms import Actor, Role

# Who a child can be allocated to.
ALLOCATABLE = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
# Built once: every page asks it. A person has few roles and few teams, so their product is small.
_WHO = (
    select(Account, AccountRole.role, TeamMember.team_id, TeamMember.is_manager)
    .outerjoin(AccountRole, AccountRole.account_id == Account.id)
    .outerjoin(TeamMember, TeamMember.account_id == Account.id)
    .where(Account.id == bindparam("account_id"))
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the list of accounts shows it."""

    account: Account
    agency_name: str | None
    roles: tuple[Role, ...]
    last_seen_at: datetime | None


def actor_for(
    account_id: UUID, *, session_hash: str | None = None, confirmed_at: datetime | None = None
) -> Actor | None:
    """Return the actor of an account, or None when it has ended. One statement."""
    found = session.execute(_WHO, {"account_id": account_id}).all()
    if not found or found[0].Account.is_disabled:
        return None
    account: Account = found[0].Account
    return Actor(
        account_id=account.id,
        name=account.name,
        roles=frozenset(row.role for row in found if row.role is not None),
        team_ids=frozenset(row.team_id for row in found if row.team_id is not None),
        managed_team_ids=frozenset(row.team_id for row in found if row.is_manager),
        agency_id=account.agency_id,
        is_duty=account.is_duty,
        session_hash=session_hash,
        confirmed_at=confirmed_at,
    )


def by_id(account_id: UUID) -> Account | None:
    """Return an account. One statement."""
    return session.get(Account, account_id)


def by_ref(ref: str) -> Account | None:
    """Return the account of a reference. One statement."""
    return session.scalar(select(Account).where(Account.ref == ref.upper()))


def by_email(email: str) -> Account | None:
    """Return the account of an address, however it is written. One statement."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def roles_of(account_id: UUID) -> frozenset[Role]:
    """Return the roles of an account. One statement."""
    return frozenset(
        session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id))
    )


def all_accounts() -> list[AccountRow]:
    """Return every account by name. Three statements, whatever their number."""
    roles: dict[UUID, list[Role]] = {}
    for account_id, role in session.execute(select(AccountRole.account_id, AccountRole.role)):
        roles.setdefault(account_id, []).append(role)
    last_seen = select(SignInSession.account_id, func.max(SignInSession.seen_at)).group_by(
        SignInSession.account_id
    )
    seen = dict(session.execute(last_seen).all())
    rows = session.execute(
        select(Account, Agency.name)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .order_by(Account.is_disabled, Account.name)
    )
    return [
        AccountRow(
            account=account,
            agency_name=agency_name,
            roles=tuple(sorted(roles.get(account.id, []))),
            last_seen_at=seen.get(account.id),
        )
        for account, agency_name in rows
    ]


def with_role(*wanted: Role) -> list[Account]:
    """Return the accounts that can sign in and hold any of these roles, by name. One statement."""
    holders = select(AccountRole.account_id).where(AccountRole.role.in_(wanted))
    return list(
        session.scalars(
            select(Account)
            .where(Account.id.in_(holders), Account.is_disabled.is_(False))
            .order_by(Account.name)
        )
    )


def names_of(account_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of accounts. One statement, none for an empty set."""
    if not account_ids:
        return {}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return dict(found.all())


def sessions_of(account_id: UUID, now: datetime) -> list[SignInSession]:
    """Return the sessions an account has open, the latest first. One statement."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.ended_at.is_(None),
                SignInSession.expires_at > now,
            )
            .order_by(SignInSession.seen_at.desc())
        )
    )


def tokens_of(account_id: UUID) -> list[ApiToken]:
    """Return the tokens of an account that were not revoked. One statement."""
    return list(
        session.scalars(
            select(ApiToken)
            .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.expires_at)
        )
    )
