"""Six-digit codes for the holder of a link, and the pass that entering one gives.

A link proves that somebody holds the mail; the code proves that they are
reached by a second way. Whoever enters it says name and role, and both are
kept with what they then do.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, session
from core.errors import Refused
from core.ids import hash_token, new_code, new_token

LIFE = timedelta(minutes=10)
TRIES = 5
PASS_LIFE = timedelta(minutes=60)


class LinkCode(Base):
    """A code given out for one link."""

    __tablename__ = "link_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    kind: Mapped[str] = mapped_column(String(20), comment="kind of link")
    link_id: Mapped[uuid.UUID] = mapped_column(index=True, comment="row the link is for")
    code_hash: Mapped[str] = mapped_column(String(64), comment="keyed hash of the code")
    salt: Mapped[str] = mapped_column(String(64), comment="random, per code")
    issued_at: Mapped[datetime] = mapped_column(comment="when it was given out")
    expires_at: Mapped[datetime] = mapped_column(comment="when it stops working")
    tries: Mapped[int] = mapped_column(Integer, default=0, comment="wrong tries so far")
    used_at: Mapped[datetime | None] = mapped_column(comment="when it was used; once only")
    sent_by: Mapped[str] = mapped_column(String(20), comment="mail, telephone or text")


class LinkPass(Base):
    """What a right code gives: an hour on this link, in somebody's name."""

    __tablename__ = "link_passes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    kind: Mapped[str] = mapped_column(String(20), comment="kind of link")
    link_id: Mapped[uuid.UUID] = mapped_column(comment="row the link is for")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="hash of the cookie")
    person_name: Mapped[str] = mapped_column(String(120), comment="who entered the code")
    person_role: Mapped[str] = mapped_column(String(120), comment="their role")
    given_at: Mapped[datetime] = mapped_column(comment="when")
    until_at: Mapped[datetime] = mapped_column(comment="when the code is asked again")


@dataclass(frozen=True, slots=True)
class PassHolder:
    """Somebody who entered a code, with an audit name of their own."""

    person_name: str
    person_role: str
    until_at: datetime
    account_id: uuid.UUID | None = None

    @property
    def name(self) -> str:
        """Name and role, as they gave them."""
        return f"{self.person_name} ({self.person_role}), by link"


def issue(kind: str, link_id: uuid.UUID, *, now: datetime, sent_by: str) -> str:
    """Give out a code; an earlier one for the same link stops working."""
    session.execute(
        update(LinkCode)
        .where(LinkCode.kind == kind, LinkCode.link_id == link_id, LinkCode.used_at.is_(None))
        .values(expires_at=now)
    )
    code, salt = new_code(), new_token()
    session.add(
        LinkCode(
            kind=kind,
            link_id=link_id,
            code_hash=_hash(salt, code),
            salt=salt,
            issued_at=now,
            expires_at=now + LIFE,
            tries=0,
            sent_by=sent_by,
        )
    )
    session.flush()
    return code


def enter(
    kind: str, link_id: uuid.UUID, code: str, person_name: str, person_role: str, now: datetime
) -> str:
    """Use a code and return the pass, to be kept in a cookie.

    Raises:
        Refused: the code is wrong, old, used or was tried too often. The try is
            counted, so the door must keep the transaction.
    """
    row = session.scalar(
        select(LinkCode)
        .where(LinkCode.kind == kind, LinkCode.link_id == link_id)
        .order_by(LinkCode.issued_at.desc(), LinkCode.expires_at.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None or row.expires_at <= now or row.used_at is not None:
        raise Refused("code.old", "The code has run out. Ask for a new code.")
    if row.tries >= TRIES:
        raise Refused("code.tries", "The code was wrong five times. Ask for a new code.")
    if not hmac.compare_digest(row.code_hash, _hash(row.salt, "".join(code.split()))):
        row.tries += 1
        session.flush()
        left = TRIES - row.tries
        if left == 0:
            raise Refused("code.tries", "The code was wrong five times. Ask for a new code.")
        tries = "try" if left == 1 else "tries"
        raise Refused("code.wrong", f"The code is not right. You have {left} {tries} left.")
    row.used_at = now
    token = new_token()
    session.add(
        LinkPass(
            kind=kind,
            link_id=link_id,
            token_hash=hash_token(token),
            person_name=person_name,
            person_role=person_role,
            given_at=now,
            until_at=now + PASS_LIFE,
        )
    )
    session.flush()
    return token


def holder(
    kind: str, link_id: uuid.UUID, pass_token: str | None, now: datetime
) -> PassHolder | None:
    """Return who holds this pass for this link, or None when the code is to be asked."""
    if not pass_token:
        return None
    row = session.scalar(
        select(LinkPass).where(
            LinkPass.token_hash == hash_token(pass_token),
            LinkPass.kind == kind,
            LinkPass.link_id == link_id,
            LinkPass.until_at > now,
        )
    )
    return PassHolder(row.person_name, row.person_role, row.until_at) if row else None


def _hash(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
