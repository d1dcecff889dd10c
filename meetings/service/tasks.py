"""Tasks: what waits for a person or a team until somebody does it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import session
from meetings.models.tasks import Task
from people.terms import Actor

DECIDE = "decide"
AGREE = "agree"
CONFIRM_NONE = "confirm_none"
AGENDA = "agenda"
RING = "ring"
FOLLOW_UP = "follow_up"
CHANGED = "changed"
TELL_FAMILY = "tell_family"
READ_CODE = "read_code"


def ask(
    kind: str,
    *,
    ref: str,
    words: str,
    now: datetime,
    key: str | None = None,
    child_id: uuid.UUID | None = None,
    meeting_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    for_account_id: uuid.UUID | None = None,
    for_team_id: uuid.UUID | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Put a task on somebody's home page; asked again with the same key it is the same task.

    Args:
        ref: the reference of what it is about; the page it leads to follows from it.
        for_team_id: for whoever manages this team, when no person is meant.
        due_at: None means at once.
    """
    if key is not None:
        there = session.scalar(select(Task).where(Task.key == key))
        if there is not None:
            there.words, there.due_at = words, due_at
            return there
    task = Task(
        kind=kind,
        key=key,
        ref=ref,
        child_id=child_id,
        meeting_id=meeting_id,
        subject_id=subject_id,
        for_account_id=for_account_id,
        for_team_id=for_team_id,
        words=words,
        due_at=due_at,
        made_at=now,
    )
    session.add(task)
    session.flush()
    return task


def finish(task: Task, *, actor: Actor, now: datetime, outcome: str | None = None) -> None:
    """Take a task off the list; done twice it stays as it was done first."""
    if task.done_at is not None:
        return
    task.done_at, task.done_by_id, task.outcome = now, actor.account_id, outcome
    audit.record(actor, "task.done", "task", task.id, child_id=task.child_id, now=now)
    session.flush()


def is_open_about(subject_id: uuid.UUID, kind: str) -> bool:
    """Say whether a task of this kind about one thing waits already. One statement."""
    return (
        session.scalar(
            select(Task.id)
            .where(Task.subject_id == subject_id, Task.kind == kind, Task.done_at.is_(None))
            .limit(1)
        )
        is not None
    )


def finish_about(
    subject_id: uuid.UUID,
    *kinds: str,
    actor: Actor,
    now: datetime,
    outcome: str | None = None,
) -> None:
    """Take every open task of these kinds about one thing off the list."""
    open_ones = session.scalars(
        select(Task).where(
            Task.subject_id == subject_id, Task.kind.in_(kinds), Task.done_at.is_(None)
        )
    ).all()
    for task in open_ones:
        finish(task, actor=actor, now=now, outcome=outcome)


def finish_of_meeting(
    meeting_id: uuid.UUID, *kinds: str, actor: Actor, now: datetime, outcome: str
) -> None:
    """Take every open task of these kinds about one meeting off the list."""
    open_ones = session.scalars(
        select(Task).where(
            Task.meeting_id == meeting_id, Task.kind.in_(kinds), Task.done_at.is_(None)
        )
    ).all()
    for task in open_ones:
        finish(task, actor=actor, now=now, outcome=outcome)
