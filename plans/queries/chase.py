"""Reads of the chase: which actions have a step due, whose owner left, whose digest waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import session
from people.models.accounts import Account
from people.models.agencies import Professional
from plans.models import Action, LadderStepTaken
from plans.rules.escalation import latest_due_date_reached
from plans.terms import ActionKind, ActionStatus, Ladder, LadderStep
from procedures.rules.working_days import WorkingCalendar


def with_a_step_due(ladder: Ladder, today: date, *, calendar: WorkingCalendar) -> Sequence[UUID]:
    """Return the open actions with a step of the ladder due and not taken. One statement.

    Found by due date alone, so its cost follows what is due and not the history; no row
    remembers when to look again, so a changed ladder or a missed day needs no repair.
    """
    has_come = [
        _has_come(ladder, step, today, is_safety=is_safety, calendar=calendar)
        for step in ladder.steps
        for is_safety in (False, True)
    ]
    return session.scalars(
        select(Action.id)
        .where(Action.status == ActionStatus.OPEN, or_(*has_come))
        .order_by(Action.due_on, Action.id)
    ).all()


def steps_taken(action: Action) -> frozenset[str]:
    """Return the steps taken for an action's present due date. One statement."""
    return frozenset(
        session.scalars(
            select(LadderStepTaken.step).where(
                LadderStepTaken.action_id == action.id,
                LadderStepTaken.date_version == action.date_version,
            )
        )
    )


def without_owner(today: date) -> Sequence[UUID]:
    """Return the open actions whose owner left and was not found gone before. One statement.

    An owner left when their account was disabled, or when the directory says that everybody
    with their address left by today.
    """
    same_address = func.lower(Professional.email) == func.lower(Action.owner_email)
    has_left = and_(Professional.left_on.is_not(None), Professional.left_on <= today)
    gone = select(Professional.id).where(same_address, has_left).exists()
    still_there = select(Professional.id).where(same_address, ~has_left).exists()
    disabled = (
        select(Account.id)
        .where(Account.id == Action.owner_account_id, Account.is_disabled.is_(True))
        .exists()
    )
    return session.scalars(
        select(Action.id)
        .where(
            Action.status == ActionStatus.OPEN,
            Action.owner_left_on.is_(None),
            or_(disabled, and_(gone, ~still_there)),
        )
        .order_by(Action.due_on, Action.id)
    ).all()


def owners_with_a_digest() -> Sequence[str]:
    """Return the addresses for which a digest waits. One statement."""
    return session.scalars(
        select(LadderStepTaken.digest_to)
        .where(LadderStepTaken.digest_to.is_not(None))
        .distinct()
        .order_by(LadderStepTaken.digest_to)
    ).all()  # type: ignore[return-value]  # the condition leaves no None


def waiting_for_digest(address: str) -> Sequence[tuple[LadderStepTaken, Action]]:
    """Return the steps that wait for one address's digest, with their actions. One statement."""
    rows = session.execute(
        select(LadderStepTaken, Action)
        .join(Action, Action.id == LadderStepTaken.action_id)
        .where(LadderStepTaken.digest_to == address)
        .order_by(Action.due_on, Action.ref)
        .with_for_update()
    )
    return [(step, action) for step, action in rows]


def _has_come(
    ladder: Ladder,
    step: LadderStep,
    today: date,
    *,
    is_safety: bool,
    calendar: WorkingCalendar,
) -> ColumnElement[bool]:
    border = latest_due_date_reached(ladder, step, today, is_safety=is_safety, calendar=calendar)
    is_kind = Action.kind == ActionKind.SAFETY if is_safety else Action.kind != ActionKind.SAFETY
    taken = (
        select(LadderStepTaken.id)
        .where(
            LadderStepTaken.action_id == Action.id,
            LadderStepTaken.date_version == Action.date_version,
            LadderStepTaken.step == step.id,
        )
        .exists()
    )
    return and_(is_kind, Action.due_on <= border, ~taken)
