"""Make accounts, give them roles and passwords, and end them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, select, update

from core import audit
from core.db import session
from core.errors import Refused
from core.ids import new_reference
from people.details import AccountDetails
from people.models.accounts import Account, AccountRole, ApiToken, SignInSession
from people.passwords import NO_PASSWORD, fault, hash_password, is_right
from people.service.agencies import check_version, write
from people.terms import Actor, Role


def create(
    details: AccountDetails, *, actor: Actor, now: datetime, password: str | None = None
) -> Account:
    """Make an account; without a password nobody can sign in to it yet.

    Raises:
        Refused: the address has an account already, no role is given, or the password is weak.
    """
    email = plain_email(details.email)
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Refused("account.same_email", "There is an account with this email address already.")
    _check_roles(details.roles)
    account = Account(
        ref=new_reference("U"),
        email=email,
        name=details.name,
        password_hash=NO_PASSWORD,
        agency_id=details.agency_id,
        telephone=details.telephone,
        is_duty=details.is_duty,
        created_at=now,
    )
    if password is not None:
        account.password_hash = _checked_hash(account, password)
    session.add(account)
    session.flush()
    _write_roles(account, details.roles)
    audit.record(actor, "account.created", "account", account.id, now=now)
    return account


def edit(
    account: Account, details: AccountDetails, *, version: int, actor: Actor, now: datetime
) -> Account:
    """Change an account's name, agency, duty and roles; its address stays.

    Raises:
        Conflict: somebody changed it since.
        Refused: it is the actor's own account and roles or duty would change, or no role is left.
    """
    check_version(account, version)
    _check_roles(details.roles)
    held = frozenset(session.scalars(_roles_of(account)))
    gives_power = held != details.roles or account.is_duty != details.is_duty
    if gives_power and account.id == actor.account_id:
        raise Refused("account.own_roles", "Ask another administrator to change your own roles.")
    fields = write(
        account,
        {
            "name": details.name,
            "agency_id": details.agency_id,
            "telephone": details.telephone,
            "is_duty": details.is_duty,
        },
    )
    if held != details.roles:
        _write_roles(account, details.roles)
        fields = f"{fields}, roles".removeprefix(", ")
    audit.record(actor, "account.edited", "account", account.id, now=now, detail=fields)
    return account


def set_password(account: Account, password: str, *, actor: Actor, now: datetime) -> None:
    """Give an account a new password and end every session it has.

    Raises:
        Refused: the password is weak.
    """
    account.password_hash = _checked_hash(account, password)
    _end_sessions(account, now)
    session.flush()
    audit.record(actor, "account.password_set", "account", account.id, now=now)


def change_password(
    account: Account, *, current: str, new: str, actor: Actor, now: datetime
) -> None:
    """Change one's own password; every other session ends, this one stays.

    Raises:
        Refused: the present password is wrong or the new one is weak.
    """
    if not is_right(account.password_hash, current):
        raise Refused("password.wrong", "The present password is not right.")
    account.password_hash = _checked_hash(account, new)
    _end_sessions(account, now, but=actor.session_hash)
    session.flush()
    audit.record(actor, "account.password_changed", "account", account.id, now=now)


def disable(account: Account, *, actor: Actor, now: datetime) -> None:
    """End an account: its sessions and API tokens stop in the same transaction.

    Raises:
        Refused: it is the actor's own account.
    """
    if account.id == actor.account_id:
        raise Refused("account.own", "Ask another administrator to end your own account.")
    account.is_disabled = True
    _end_sessions(account, now)
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.flush()
    audit.record(actor, "account.disabled", "account", account.id, now=now)


def enable(account: Account, *, actor: Actor, now: datetime) -> None:
    """Let an account sign in again; its old sessions and tokens stay ended."""
    account.is_disabled = False
    session.flush()
    audit.record(actor, "account.enabled", "account", account.id, now=now)


def plain_email(email: str) -> str:
    """Return the address as accounts keep it."""
    return email.strip().lower()


def _checked_hash(account: Account, password: str) -> str:
    wrong = fault(password, account.name, account.email)
    if wrong is not None:
        raise Refused("password.weak", wrong)
    return hash_password(password)


def _check_roles(roles: frozenset[Role]) -> None:
    if not roles:
        raise Refused("account.no_role", "Choose at least one role.")


def _roles_of(account: Account) -> Select[Role]:
    return select(AccountRole.role).where(AccountRole.account_id == account.id)


def _write_roles(account: Account, roles: frozenset[Role]) -> None:
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    session.add_all(AccountRole(account_id=account.id, role=role) for role in sorted(roles))
    session.flush()


def _end_sessions(account: Account, now: datetime, *, but: str | None = None) -> None:
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account.id,
            SignInSession.ended_at.is_(None),
            SignInSession.token_hash != (but or ""),
        )
        .values(ended_at=now)
    )
