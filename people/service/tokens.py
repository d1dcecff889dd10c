"""Bearer tokens for the API: scoped, expiring, revocable."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core import audit, clock
from core.db import session
from core.errors import Refused
from core.ids import hash_token, new_token
from people.models.accounts import Account, ApiToken
from people.passwords import is_right
from people.queries.accounts import actor_for
from people.terms import Action, Actor

MOST_DAYS = 90
WIDE_SCOPES = ("read", "write")


def require_password(account: Account, password: str) -> None:
    """Ask whoever makes a token for the account's password: it replaces asking on every use.

    Raises:
        Refused: the password is not right.
    """
    if not is_right(account.password_hash, password):
        raise Refused("token.password", "The password of this account is not right. Try again.")


def create(
    account: Account,
    *,
    label: str,
    scopes: Collection[str],
    days: int,
    actor: Actor,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token that acts for an account, within its scopes and what the account may do.

    Args:
        scopes: permission names, or "read" and "write" for all reads or writes.
        days: how long it works, at most 90.

    Returns:
        The row, and the token itself, which is never shown again.

    Raises:
        Refused: the account has ended, a scope is unknown, or the days are too many.
    """
    if account.is_disabled:
        raise Refused("token.account_ended", "This account has ended. Choose another.")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("token.days", f"A token works from 1 to {MOST_DAYS} days.")
    known = {*WIDE_SCOPES, *(action.value for action in Action)}
    unknown = sorted(set(scopes) - known)
    if unknown or not scopes:
        what = f"These scopes are not known: {', '.join(unknown)}." if unknown else "Give a scope."
        raise Refused("token.scopes", what)
    token = new_token()
    row = ApiToken(
        token_hash=hash_token(token),
        account_id=account.id,
        label=label,
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    audit.record(actor, "token.created", "api_token", row.id, now=now)
    return row, token


def revoke(token_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Stop a token at once; revoking it again changes nothing."""
    row = session.get_one(ApiToken, token_id)
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        audit.record(actor, "token.revoked", "api_token", row.id, now=now)


def actor_of(token: str, now: datetime) -> tuple[Actor, frozenset[str]] | None:
    """Return for whom a token acts and its scopes, or None when it no longer works."""
    row = session.scalar(
        select(ApiToken).where(
            ApiToken.token_hash == hash_token(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
    )
    if row is None:
        return None
    actor = actor_for(row.account_id, session_hash=None, confirmed_at=None)
    if actor is None:
        return None
    today = clock.today(now)
    if row.last_used_on != today:
        row.last_used_on = today
    return actor, frozenset(row.scopes)
