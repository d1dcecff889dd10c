"""Tasks one by one: whose they are, and what stands for them in a URL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select

from core.db import session
from core.ids import url_key
from meetings.models.tasks import Task
from people.models.accounts import Account
from people.terms import Actor

_ME: Final[BindParameter[UUID]] = bindparam("me")


def key_of(task_id: UUID) -> str:
    """Return what stands for a task in a URL; its row id stands in none."""
    return url_key(task_id)


def waits_for(managed: frozenset[UUID]) -> ColumnElement[bool]:
    """Say which tasks wait for somebody: their own, and those of the teams they manage.

    For a statement that is built once; it is run with ``me``, the account that asks.
    """
    mine = Task.for_account_id == _ME
    if not managed:
        return mine
    gone = select(Account.id).where(Account.is_disabled.is_(True))
    return or_(
        mine,
        and_(
            # Who cannot sign in any more does nothing: the task falls to the team.
            or_(Task.for_account_id.is_(None), Task.for_account_id.in_(gone)),
            Task.for_team_id.in_(managed),
        ),
    )


def open_one(key: str, actor: Actor) -> Task | None:
    """Return the open task of a key that waits for this person or a team they manage.

    At most two statements.
    """
    mine = select(Task.id).where(Task.done_at.is_(None), waits_for(actor.managed_team_ids))
    return _of_key(key, session.scalars(mine, {"me": actor.account_id}))


def open_of_anybody(key: str) -> Task | None:
    """Return the open task of a key, whosever it is. At most two statements."""
    return _of_key(key, session.scalars(select(Task.id).where(Task.done_at.is_(None))))


def _of_key(key: str, ids: Iterable[UUID]) -> Task | None:
    found = next((each for each in ids if key_of(each) == key), None)
    return session.get(Task, found) if found else None
