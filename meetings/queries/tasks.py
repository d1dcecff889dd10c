"""Tasks one by one: whose they are, and what stands for them in a URL."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import and_, or_, select

from core.db import session
from meetings.models.tasks import Task
from people.models.accounts import Account
from people.terms import Actor


def key_of(task_id: UUID) -> str:
    """Return what stands for a task in a URL; its row id stands in none."""
    return hashlib.sha256(task_id.bytes).hexdigest()[:12]


def open_one(key: str, actor: Actor) -> Task | None:
    """Return the open task of a key that waits for this person or a team they manage.

    At most two statements.
    """
    gone = select(Account.id).where(Account.is_disabled.is_(True))
    mine = or_(
        Task.for_account_id == actor.account_id,
        and_(
            # As on Home: who cannot sign in any more does nothing, the task falls to the team.
            or_(Task.for_account_id.is_(None), Task.for_account_id.in_(gone)),
            Task.for_team_id.in_(actor.managed_team_ids),
        ),
    )
    ids = session.scalars(select(Task.id).where(Task.done_at.is_(None), mine))
    found = next((each for each in ids if key_of(each) == key), None)
    return session.get(Task, found) if found else None


def open_of_anybody(key: str) -> Task | None:
    """Return the open task of a key, whosever it is. At most two statements."""
    ids = session.scalars(select(Task.id).where(Task.done_at.is_(None)))
    found = next((each for each in ids if key_of(each) == key), None)
    return session.get(Task, found) if found else None
