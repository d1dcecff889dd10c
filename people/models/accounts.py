"""Tables of sign-in: accounts, their roles, sessions, attempts and API tokens."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, JsonList
from people.terms import Role


class Account(Base):
    """Somebody who can sign in."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="what stands in its URL")
    email: Mapped[str] = mapped_column(String(254), unique=True, comment="lower-case address")
    name: Mapped[str] = mapped_column(String(120), comment="name as others see it")
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id hash")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency they work for"
    )
    telephone: Mapped[str | None] = mapped_column(String(40), comment="work telephone")
    is_duty: Mapped[bool] = mapped_column(default=False, comment="may find every child")
    is_disabled: Mapped[bool] = mapped_column(default=False, comment="cannot sign in any more")
    created_at: Mapped[datetime] = mapped_column(comment="when it was made")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class AccountRole(Base):
    """A role an account holds."""

    __tablename__ = "account_roles"
    __table_args__ = (UniqueConstraint("account_id", "role"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="the account"
    )
    role: Mapped[Role] = mapped_column(comment="the role")


class SignInSession(Base):
    """A browser that is signed in; the cookie holds the token, the row only its hash."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token")
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="who is signed in"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when they signed in")
    seen_at: Mapped[datetime] = mapped_column(comment="when the browser last asked for a page")
    expires_at: Mapped[datetime] = mapped_column(comment="latest end, whatever happens")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it was ended")
    confirmed_at: Mapped[datetime | None] = mapped_column(
        comment="when the password was last asked again"
    )
    browser: Mapped[str | None] = mapped_column(
        String(120), comment="what the browser calls itself, for the list of own sessions"
    )


class SignInAttempt(Base):
    """One try to sign in, kept as a hash of address and network address."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    key_hash: Mapped[str] = mapped_column(
        String(64), index=True, comment="keyed hash of what is throttled"
    )
    at: Mapped[datetime] = mapped_column(index=True, comment="when")
    succeeded: Mapped[bool] = mapped_column(comment="whether the password was right")


class ApiToken(Base):
    """A bearer token for the API: an account's, scoped and expiring."""

    __tablename__ = "api_tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token")
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="on whose behalf it acts"
    )
    label: Mapped[str] = mapped_column(String(120), comment="what it is for")
    scopes: Mapped[JsonList] = mapped_column(comment="permission names it may use")
    created_at: Mapped[datetime] = mapped_column(comment="when it was made")
    expires_at: Mapped[datetime] = mapped_column(comment="when it stops working")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="when it was revoked")
    last_used_on: Mapped[date | None] = mapped_column(comment="London date of the last use")
