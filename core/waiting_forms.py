"""Forms that were sent after the session had ended: kept until their writer has signed in again.

What was typed stays on the server, under the account whose session had ended; the sign-in page
carries a token only. Whoever sits at the browser reads nothing before signing in, and nobody
reads it who signs in as somebody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core import drafts
from core.db import session
from core.drafts import Draft
from core.ids import hash_token, new_token

LONGEST = 256 * 1024
"""How much is kept of one form, in characters; the longest record's section is far below it."""
MOST_EACH = 5
KEPT_FOR = timedelta(hours=24)
_PREFIX = "waiting:"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form to be sent again: where to, and what it held."""

    path: str
    fields: Fields


def keep(
    account_id: uuid.UUID, path: str, fields: Sequence[tuple[str, str]], now: datetime
) -> str | None:
    """Keep a form for an account, which holds at most five: the oldest gives way.

    Returns:
        The token under which it is found again, or None when it is too long to keep.
    """
    if sum(len(name) + len(text) for name, text in fields) > LONGEST:
        return None
    held = session.scalars(
        select(Draft.id)
        .where(Draft.account_id == account_id, Draft.key.startswith(_PREFIX))
        .order_by(Draft.saved_at.desc())
    ).all()
    session.execute(delete(Draft).where(Draft.id.in_(held[MOST_EACH - 1 :])))
    token = new_token()
    data = {"path": path, "fields": [list(field) for field in fields]}
    drafts.save(account_id, _PREFIX + hash_token(token), data, now)
    return token


def find(account_id: uuid.UUID, token: str, now: datetime) -> WaitingForm | None:
    """Return the account's own form of this token, or None: another's is not found."""
    draft = drafts.load(account_id, _PREFIX + hash_token(token))
    if draft is None or draft.saved_at <= now - KEPT_FOR:
        return None
    fields = tuple((name, text) for name, text in draft.data["fields"])
    return WaitingForm(draft.data["path"], fields)


def forget_old(now: datetime) -> int:
    """Forget what was kept a day ago and return how many forms that were."""
    old = session.scalars(
        select(Draft.id).where(Draft.key.startswith(_PREFIX), Draft.saved_at <= now - KEPT_FOR)
    ).all()
    session.execute(delete(Draft).where(Draft.id.in_(old)))
    return len(old)
