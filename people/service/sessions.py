"""Sign in, be recognised, sign out; every session is a row that can be ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from core import audit
from core.db import session
from core.ids import hash_token, new_token
from people.models.accounts import Account, SignInAttempt, SignInSession
from people.passwords import hash_password, is_old, is_right
from people.queries.accounts import actor_for
from people.service.accounts import plain_email
from people.terms import Actor

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
MOST_SESSIONS = 3
TRIES_EACH = 5
TRIES_OF_AN_ADDRESS = 60
TRIES_WITHIN = timedelta(minutes=15)
_SEEN_EVERY = timedelta(seconds=60)
_LIVE = select(SignInSession).where(
    SignInSession.token_hash == bindparam("token_hash"),
    SignInSession.ended_at.is_(None),
    SignInSession.expires_at > bindparam("now"),
    SignInSession.seen_at > bindparam("idle_since"),
)
WRONG = "The email address or the password is not right. Check both and try again."
THROTTLED = "Too many tries. Wait 15 minutes, then try again, or ask an administrator."


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """What came of a try: a token for the cookie, or a sentence that gives nothing away."""

    token: str | None
    why: str = ""
    is_throttled: bool = False
    account_id: UUID | None = None


def sign_in(
    email: str, password: str, *, network_address: str, browser: str, now: datetime
) -> SignInAnswer:
    """Open a session when the password is right.

    The caller commits in every case: a wrong try must count. The answer and the time it takes
    are the same for an unknown address, a wrong password and an ended account.
    """
    email = plain_email(email)
    keys = _keys(email, network_address)
    if _is_throttled(keys, now):
        return SignInAnswer(None, THROTTLED, is_throttled=True)
    account = session.scalar(select(Account).where(Account.email == email))
    is_usable = account is not None and not account.is_disabled
    right = is_right(account.password_hash if account and is_usable else None, password)
    _note(keys, now, succeeded=right)
    if account is None or not right:
        session.flush()
        return SignInAnswer(None, WRONG)
    if is_old(account.password_hash):
        account.password_hash = hash_password(password)
    token = _open(account.id, browser=browser, now=now)
    audit.record(Actor(account.id, account.name), "session.opened", "account", account.id, now=now)
    return SignInAnswer(token, account_id=account.id)


def open_for(account: Account, *, browser: str, now: datetime) -> str:
    """Open a session without a password, for the demo's builder and the tests.

    Returns:
        The token for the cookie.
    """
    return _open(account.id, browser=browser, now=now)


def actor_of(token: str, now: datetime) -> Actor | None:
    """Return who holds this session token, or None when it is unknown, ended, idle or old.

    Notes that the session is in use, once a minute.
    """
    row = session.scalar(
        _LIVE, {"token_hash": hash_token(token), "now": now, "idle_since": now - IDLE}
    )
    if row is None:
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        row.seen_at = now
    return actor_for(row.account_id, session_hash=row.token_hash, confirmed_at=row.confirmed_at)


def sign_out(*, actor: Actor, now: datetime) -> None:
    """End the session the actor is using."""
    if actor.session_hash is None:
        return
    session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == actor.session_hash, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    audit.record(actor, "session.ended", "account", actor.account_id, now=now)


def end_one(session_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End one of the actor's own sessions, such as one on a lost telephone."""
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.account_id == actor.account_id,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    audit.record(actor, "session.ended", "account", actor.account_id, now=now)


def confirm_password(
    password: str, *, network_address: str, actor: Actor, now: datetime
) -> SignInAnswer:
    """Note that the password was asked again, and give the session a new token.

    The caller commits in every case, as for ``sign_in``.
    """
    account = session.get_one(Account, actor.account_id)
    row = session.scalar(
        select(SignInSession).where(SignInSession.token_hash == (actor.session_hash or ""))
    )
    keys = _keys(account.email, network_address)
    if _is_throttled(keys, now):
        return SignInAnswer(None, THROTTLED, is_throttled=True)
    right = is_right(account.password_hash, password)
    _note(keys, now, succeeded=right)
    if not right or row is None:
        session.flush()
        return SignInAnswer(None, "The password is not right. Try again.")
    token = new_token()
    row.token_hash = hash_token(token)
    row.confirmed_at = now
    session.flush()
    audit.record(actor, "session.confirmed", "account", account.id, now=now)
    return SignInAnswer(token)


def _open(account_id: UUID, *, browser: str, now: datetime) -> str:
    token = new_token()
    held = session.scalars(
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.seen_at > now - IDLE,
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.created_at.desc())
    ).all()
    for old in held[MOST_SESSIONS - 1 :]:
        old.ended_at = now
    session.add(
        SignInSession(
            token_hash=hash_token(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
            browser=browser[:120] or None,
        )
    )
    session.flush()
    return token


def _keys(email: str, network_address: str) -> dict[str, int]:
    """Return what is counted (account and place, account, place) and how many tries it has."""
    return {
        hash_token(f"both:{email}|{network_address}"): TRIES_EACH,
        hash_token(f"email:{email}"): TRIES_OF_AN_ADDRESS,
        hash_token(f"place:{network_address}"): TRIES_OF_AN_ADDRESS,
    }


def _is_throttled(keys: dict[str, int], now: datetime) -> bool:
    counted = session.execute(
        select(SignInAttempt.key_hash, func.count())
        .where(
            SignInAttempt.key_hash.in_(keys),
            SignInAttempt.at > now - TRIES_WITHIN,
            SignInAttempt.succeeded.is_(False),
        )
        .group_by(SignInAttempt.key_hash)
    ).all()
    return any(count >= keys[key] for key, count in counted)


def _note(keys: dict[str, int], now: datetime, *, succeeded: bool) -> None:
    session.add_all(SignInAttempt(key_hash=key, at=now, succeeded=succeeded) for key in keys)
