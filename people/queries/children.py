"""Reads of children: the record, the list, the identity bar and the school of today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from core import clock
from core.db import session
from core.filters import birth_date, years_old
from people.models.accounts import Account
from people.models.agencies import Agency, Team
from people.models.children import Child
from people.models.network import Connection
from people.queries.access import may_see_child
from people.queries.network import true_on
from people.terms import Action, Actor, ConnectionKind, ConnectionStatus, Resource

PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedChild:
    """A child as the list shows it."""

    child: Child
    age: str
    school: str | None
    worker: str | None
    team: str | None


@dataclass(frozen=True, slots=True)
class Identity:
    """The bar on top of every page of a child; ``facts`` are finished words."""

    ref: str
    name: str
    facts: tuple[str, ...]


def by_ref(ref: str) -> Child | None:
    """Return the child of a reference. One statement."""
    return session.scalar(select(Child).where(Child.ref == ref.upper()))


def resource(ref: str, **_: str) -> Resource | None:
    """Return what a child's doors ask the policy about; None when there is no such child.

    One statement.
    """
    child = by_ref(ref)
    if child is None:
        return None
    return Resource(kind="child", id=child.id, child_id=child.id, team_id=child.team_id)


def by_id(child_id: UUID) -> Child | None:
    """Return a child. At most one statement."""
    return session.get(Child, child_id)


def seen_by(
    actor: Actor, now: datetime, *, page: int = 1, only_own: bool = False, size: int = PAGE
) -> list[ListedChild]:
    """Return one page of the children the actor may open, by family name, and one row more.

    Opening means the child's plan: the owner of one action, who may know a child by first name
    and reference only, finds that child on the action. Two statements, whatever the number of
    children.
    """
    statement = (
        select(Child, Account.name, Team.name)
        .outerjoin(Account, Account.id == Child.allocated_to_id)
        .outerjoin(Team, Team.id == Child.team_id)
        .where(may_see_child(actor, now, action=Action.PLAN_VIEW))
        .order_by(func.lower(Child.family_name), func.lower(Child.given_name), Child.ref)
        .limit(size + 1)
        .offset((page - 1) * size)
    )
    if only_own:
        statement = statement.where(Child.allocated_to_id == actor.account_id)
    rows = session.execute(statement).all()
    today = clock.today(now)
    schools = schools_of({child.id for child, _, _ in rows}, today)
    return [
        ListedChild(child, age_words(child, today), schools.get(child.id), worker, team)
        for child, worker, team in rows
    ]


def schools_of(child_ids: Collection[UUID], on: date) -> dict[UUID, str]:
    """Return the name of the school (two, if on two rolls) of each child that has one.

    One statement, none for no children.
    """
    if not child_ids:
        return {}
    rows = session.execute(
        select(Connection.child_id, Agency.name)
        .join(Agency, Agency.id == Connection.agency_id)
        .where(
            Connection.child_id.in_(child_ids),
            Connection.kind == ConnectionKind.SCHOOL,
            Connection.status == ConnectionStatus.KNOWN,
            true_on(on),
        )
        .order_by(Agency.name)
    )
    found: dict[UUID, str] = {}
    for child_id, name in rows:
        found[child_id] = f"{found[child_id]} and {name}" if child_id in found else name
    return found


def identity_of(child: Child, now: datetime, *, is_redacted: bool = False) -> Identity:
    """Return the bar of a child's pages. Two statements.

    Args:
        is_redacted: for people who may not read the record: age and school only.
    """
    today = clock.today(now)
    school = schools_of({child.id}, today).get(child.id)
    if is_redacted:
        facts = [f"Aged {age_words(child, today)}", school]
        return Identity(child.ref, child.name, tuple(fact for fact in facts if fact))
    worker, team = allocation_of(child)
    formal = f"{child.given_name} {child.family_name}"
    facts = [
        f"Recorded as {formal}" if formal != child.name else None,
        birth_words(child, today),
        school or "School not known",
        ", ".join(part for part in (worker, team) if part) or "Not allocated",
    ]
    return Identity(child.ref, child.name, tuple(fact for fact in facts if fact))


def allocation_of(child: Child) -> tuple[str | None, str | None]:
    """Return the names of the allocated worker and of the team. One statement."""
    worker, team = session.execute(
        select(Account.name, Team.name)
        .select_from(Child)
        .outerjoin(Account, Account.id == Child.allocated_to_id)
        .outerjoin(Team, Team.id == Child.team_id)
        .where(Child.id == child.id)
    ).one()
    return worker, team


def age_words(child: Child, today: date) -> str:
    """Return the age in years as words: "15", or "about 15" for an estimated date of birth."""
    years = years_old(child.born_on, today)
    return f"about {years}" if child.is_birth_estimated else str(years)


def birth_words(child: Child, today: date) -> str:
    """Return the date of birth with the age: "27 March 2009 (15)", "about" when estimated."""
    about = "About " if child.is_birth_estimated else ""
    return f"{about}{birth_date(child.born_on)} ({years_old(child.born_on, today)})"
