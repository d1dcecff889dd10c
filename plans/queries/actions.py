"""Reads of actions: one, mine, a child's, overdue by agency, and those waiting for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from core.db import session
from core.ids import hash_token
from people.models.agencies import Agency
from people.models.children import Child
from people.queries.access import asking, may_see_child, may_see_thing, within
from people.rules import access
from people.terms import Action as Permission
from people.terms import Actor
from plans.models import (
    Action,
    ActionEvent,
    ActionLink,
    DateRequest,
    HandOver,
    LadderStepTaken,
    Plan,
)
from plans.terms import ActionStatus, Listener, RequestStatus


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action as a list shows it."""

    action: Action
    child_ref: str
    agency_name: str
    asked_for: date | None


@dataclass(frozen=True, slots=True)
class NextAction:
    """An open action as its owner's home page shows it."""

    ref: str
    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Everything the page of one action shows."""

    action: Action
    plan: Plan
    child: Child
    agency: Agency
    events: Sequence[ActionEvent]
    request: DateRequest | None
    offer: HandOver | None


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link somebody holds, and the action it is for; ``ended_at`` says it no longer works."""

    link: ActionLink
    action: Action

    @property
    def is_live(self) -> bool:
        """Say whether the link still answers."""
        return self.link.ended_at is None and self.action.status is ActionStatus.OPEN


@dataclass(frozen=True, slots=True)
class AgencyOverdue:
    """How many actions of one agency are overdue, and the oldest of them."""

    agency_ref: str
    agency_name: str
    overdue: int
    oldest_due_on: date


def by_ref(ref: str) -> Action | None:
    """Return the action with this reference, if there is one. One statement."""
    return session.scalar(select(Action).where(Action.ref == ref))


def by_token(token: str) -> HeldLink | None:
    """Return the link with this token and its action, ended or not. One statement."""
    row = session.execute(
        select(ActionLink, Action)
        .join(Action, Action.id == ActionLink.action_id)
        .where(ActionLink.token_hash == hash_token(token))
    ).first()
    return HeldLink(*row) if row else None


def live_links(action_id: UUID) -> Sequence[ActionLink]:
    """Return the links of an action that still work, those that wait for a code first.

    One statement.
    """
    return session.scalars(
        select(ActionLink)
        .where(ActionLink.action_id == action_id, ActionLink.ended_at.is_(None))
        .order_by(ActionLink.code_asked_at.is_(None), ActionLink.made_at.desc(), ActionLink.id)
    ).all()


def link_key(link: ActionLink) -> str:
    """Return what a link is called in the URL of staff pages: a piece of its token's hash."""
    return link.token_hash[:12]


def action_page(action: Action) -> ActionPage:
    """Return the whole page of an action. Four statements."""
    plan, child, agency = session.execute(
        select(Plan, Child, Agency)
        .join(Child, Child.id == Plan.child_id)
        .join(Agency, Agency.id == action.agency_id)
        .where(Plan.id == action.plan_id)
    ).one()
    events = session.scalars(
        select(ActionEvent)
        .where(ActionEvent.action_id == action.id)
        .order_by(ActionEvent.at.desc(), ActionEvent.kind)
    ).all()
    return ActionPage(
        action, plan, child, agency, events, waiting_request(action.id), open_offer(action.id)
    )


def waiting_request(action_id: UUID) -> DateRequest | None:
    """Return the request for a new date that waits for a decision. One statement."""
    return session.scalar(
        select(DateRequest).where(
            DateRequest.action_id == action_id, DateRequest.status == RequestStatus.WAITING
        )
    )


def last_request(action_id: UUID) -> DateRequest | None:
    """Return the request for a new date that was made last. One statement."""
    return session.scalar(
        select(DateRequest)
        .where(DateRequest.action_id == action_id)
        .order_by(DateRequest.asked_at.desc())
        .limit(1)
    )


def open_offer(action_id: UUID) -> HandOver | None:
    """Return the hand-over that waits for an answer. One statement."""
    return session.scalar(
        select(HandOver).where(
            HandOver.action_id == action_id,
            HandOver.accepted_at.is_(None),
            HandOver.refused_at.is_(None),
        )
    )


def my_actions(account_id: UUID, *, done_since: datetime) -> list[ListedAction]:
    """Return an account's open actions, then those closed since. One statement."""
    return _listed(
        Action.owner_account_id == account_id,
        or_(Action.status == ActionStatus.OPEN, Action.done_at >= done_since),
    )


def next_actions(account_id: UUID, *, limit: int) -> tuple[list[NextAction], int]:
    """Return an account's open actions that are due first, and how many are open. One statement."""
    rows = session.execute(_next(limit), {"owner": account_id}).all()
    return [NextAction(*row[:3]) for row in rows], rows[0][3] if rows else 0


@lru_cache(maxsize=16)
def _next(limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Action.ref, Action.what, Action.due_on, func.count().over())
        .where(Action.owner_account_id == bindparam("owner"), Action.status == ActionStatus.OPEN)
        .order_by(Action.due_on, Action.ref)
        .limit(limit)
    )


def actions_of_child(child_id: UUID) -> list[ListedAction]:
    """Return every action of a child, open ones first. One statement."""
    return _listed(Action.child_id == child_id)


def listed(action: Action) -> ListedAction:
    """Return one action as a list shows it. One statement."""
    return _listed(Action.id == action.id)[0]


def children_to_open(rows: Iterable[ListedAction], actor: Actor, now: datetime) -> frozenset[UUID]:
    """Return those of the listed children whose plan the actor may open. One statement."""
    ids = {row.action.child_id for row in rows}
    opens = may_see_child(actor, now, action=Permission.PLAN_VIEW)
    return frozenset(session.scalars(select(Child.id).where(Child.id.in_(ids), opens)))


def overdue_of_agency(
    agency_id: UUID, actor: Actor, *, today: date, now: datetime
) -> list[ListedAction]:
    """Return the overdue actions of an agency that the actor may see. One statement."""
    return _listed(Action.agency_id == agency_id, _overdue(today), _visible(actor, now))


def overdue_by_agency(actor: Actor, *, today: date, now: datetime) -> list[AgencyOverdue]:
    """Count the overdue actions the actor may see, agency by agency, most first. One statement."""
    scope = access.scope(actor, Permission.ACTION_LIST, now, kind="action")
    rows = session.execute(_by_agency(scope), {"today": today, **asking(actor, now)})
    return [AgencyOverdue(*row) for row in rows]


@lru_cache(maxsize=256)
def _by_agency(scope: access.Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(Agency.ref, Agency.name, func.count(), func.min(Action.due_on))
        .join(Action, Action.agency_id == Agency.id)
        .where(
            Action.status == ActionStatus.OPEN,
            Action.due_on < bindparam("today"),
            within(scope, child_id=Action.child_id),
        )
        .group_by(Agency.ref, Agency.name)
        .order_by(func.count().desc(), Agency.name)
    )


def waiting_for_decision(actor: Actor, now: datetime) -> list[ListedAction]:
    """Return the actions whose new date the actor may decide, first asked first. One statement.

    The chair and the lead practitioner of the plan decide; where a plan has neither with an
    account, whoever may change it does.
    """
    scope = access.scope(actor, Permission.ACTION_DECIDE_DATE, now, kind="action")
    values = {"me": actor.account_id, **asking(actor, now)}
    return [ListedAction(*row) for row in session.execute(_to_decide(scope), values)]


@lru_cache(maxsize=256)
def _to_decide(scope: access.Scope) -> Select[*tuple[Any, ...]]:
    """Build the statement once per scope: building costs more than running."""
    me: BindParameter[UUID] = bindparam("me")
    mine = or_(
        Plan.lead_account_id == me,
        Plan.chair_account_id == me,
        and_(Plan.lead_account_id.is_(None), Plan.chair_account_id.is_(None)),
    )
    return (
        _listing()
        .join(Plan, Plan.id == Action.plan_id)
        .where(
            DateRequest.status == RequestStatus.WAITING,
            mine,
            within(scope, child_id=Action.child_id),
        )
    )


def exceptions(actor: Actor, now: datetime) -> list[ListedAction]:
    """Return the open actions whose ladder reached the partnership's list. One statement."""
    reached = (
        select(LadderStepTaken.id)
        .where(
            LadderStepTaken.action_id == Action.id,
            LadderStepTaken.date_version == Action.date_version,
            LadderStepTaken.told.contains(Listener.PARTNERSHIP.value),
        )
        .exists()
    )
    return _listed(Action.status == ActionStatus.OPEN, reached, _visible(actor, now))


def _overdue(today: date) -> ColumnElement[bool]:
    return and_(Action.status == ActionStatus.OPEN, Action.due_on < today)


def _visible(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return may_see_thing(
        actor, Permission.ACTION_LIST, now, kind="action", child_id=Action.child_id
    )


def _listed(*conditions: ColumnElement[bool]) -> list[ListedAction]:
    return [ListedAction(*row) for row in session.execute(_listing().where(*conditions))]


def _listing() -> Select[*tuple[Any, ...]]:
    is_closed = case((Action.status == ActionStatus.OPEN, 0), else_=1)
    return (
        select(Action, Child.ref, Agency.name, DateRequest.new_due_on)
        .join(Child, Child.id == Action.child_id)
        .join(Agency, Agency.id == Action.agency_id)
        .outerjoin(
            DateRequest,
            (DateRequest.action_id == Action.id) & (DateRequest.status == RequestStatus.WAITING),
        )
        .order_by(is_closed, Action.due_on, Action.ref)
    )
