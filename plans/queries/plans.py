"""Reads of one child's plan: the open one, the whole page, one row, the versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from core.db import session
from people.models.agencies import Agency
from people.models.children import Child
from people.terms import Asked
from plans.models import Action, DateRequest, Order, Plan, PlanEntry, PlanVersion, Strand, Voice
from plans.rules.readiness import gaps
from plans.terms import (
    ActionStatus,
    DayItem,
    DayKind,
    Gap,
    OpenAction,
    PlanFacts,
    PlanStatus,
    RequestStatus,
    Section,
    VoiceFacts,
    words_for,
)

Row = TypeVar("Row", PlanEntry, Voice, Order, Strand)


@dataclass(frozen=True, slots=True)
class ActionOnPlan:
    """An action with its agency and whether somebody asked for a new date."""

    action: Action
    agency_name: str
    asked_for: date | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything the page of a plan shows."""

    plan: Plan
    lead_agency_name: str | None
    agreed_last: PlanVersion | None
    entries: dict[Section, list[PlanEntry]]
    voices: list[Voice]
    orders: list[Order]
    strands: list[Strand]
    actions: list[ActionOnPlan]

    def days(self) -> list[DayItem]:
        """Return every dated thing of the plan that is still to come or overdue."""
        return [*self._action_days(), *self._order_days(), *self._review_days()]

    def facts(self, child: Child) -> PlanFacts:
        """Return what the readiness check needs."""
        asked = (
            ("disability", child.disability),
            ("special educational needs", child.sen),
            ("education, health and care (EHC) plan", child.ehc_plan),
        )
        return PlanFacts(
            has_lead=self.plan.lead_name is not None,
            review_on=self.plan.review_on,
            sections=frozenset(section for section, rows in self.entries.items() if rows),
            voices=tuple(
                VoiceFacts(each.whose, bool(each.words), each.missing_reason)
                for each in self.voices
            ),
            actions=tuple(
                OpenAction(each.action.ref, bool(each.action.owner_name), has_date=True)
                for each in self.actions
            ),
            unwatched_orders=tuple(
                words_for(order.kind) for order in self.orders if not order.watched_by
            ),
            unasked=tuple(name for name, answer in asked if answer is Asked.NOT_ASKED),
        )

    def gaps(self, child: Child) -> tuple[Gap, ...]:
        """Return what the plan lacks."""
        return gaps(self.facts(child))

    def _action_days(self) -> list[DayItem]:
        return [
            DayItem(
                each.action.due_on,
                DayKind.ACTION,
                each.action.what,
                who=each.action.owner_name or each.agency_name,
                ref=each.action.ref,
            )
            for each in self.actions
        ]

    def _order_days(self) -> list[DayItem]:
        return [
            DayItem(
                order.expires_on,
                DayKind.ORDER,
                f"{words_for(order.kind)} ends",
                who=order.watched_by or "",
            )
            for order in self.orders
            if order.expires_on is not None
        ]

    def _review_days(self) -> list[DayItem]:
        found = [
            DayItem(strand.review_on, DayKind.STRAND_REVIEW, f"{words_for(strand.kind)} review")
            for strand in self.strands
            if strand.review_on is not None
        ]
        if self.plan.review_on is not None:
            found.append(
                DayItem(
                    self.plan.review_on,
                    DayKind.PLAN_REVIEW,
                    "Review of this plan",
                    who=self.plan.lead_name or "",
                )
            )
        return found


def open_plan_of(child_id: UUID) -> Plan | None:
    """Return the child's open plan, if there is one. One statement."""
    return session.scalar(
        select(Plan).where(Plan.child_id == child_id, Plan.status == PlanStatus.OPEN)
    )


def present_plan_of(child_id: UUID) -> Plan | None:
    """Return the open plan, or the one closed last. One statement."""
    return session.scalar(
        select(Plan)
        .where(Plan.child_id == child_id)
        .order_by(Plan.closed_at.is_not(None), Plan.closed_at.desc(), Plan.opened_at.desc())
        .limit(1)
    )


def plan_page(plan: Plan) -> PlanPage:
    """Return the whole page of a plan. Six statements, whatever stands on it."""
    header = session.execute(
        select(PlanVersion, Agency.name)
        .select_from(Plan)
        .outerjoin(
            PlanVersion,
            (PlanVersion.plan_id == Plan.id) & (PlanVersion.number == Plan.version),
        )
        .outerjoin(Agency, Agency.id == Plan.lead_agency_id)
        .where(Plan.id == plan.id)
    ).one()
    entries: dict[Section, list[PlanEntry]] = {section: [] for section in Section}
    for entry in session.scalars(_standing(PlanEntry, plan.id)):
        entries[entry.section].append(entry)
    return PlanPage(
        plan=plan,
        lead_agency_name=header[1],
        agreed_last=header[0],
        entries=entries,
        voices=list(session.scalars(_standing(Voice, plan.id))),
        orders=list(session.scalars(_standing(Order, plan.id))),
        strands=list(session.scalars(_standing(Strand, plan.id))),
        actions=open_actions(plan.id),
    )


def open_actions(plan_id: UUID) -> list[ActionOnPlan]:
    """Return the open actions of a plan, the earliest due first. One statement."""
    rows = session.execute(
        select(Action, Agency.name, DateRequest.new_due_on)
        .join(Agency, Agency.id == Action.agency_id)
        .outerjoin(
            DateRequest,
            (DateRequest.action_id == Action.id) & (DateRequest.status == RequestStatus.WAITING),
        )
        .where(Action.plan_id == plan_id, Action.status == ActionStatus.OPEN)
        .order_by(Action.due_on, Action.ref)
    )
    return [ActionOnPlan(*row) for row in rows]


def row_of(
    kind: type[Row], plan_id: UUID, position: int, section: Section | None = None
) -> Row | None:
    """Return one row of a plan by its place. One statement."""
    query = select(kind).where(kind.plan_id == plan_id, kind.position == position)
    if kind is PlanEntry:
        query = query.where(PlanEntry.section == section)
    return session.scalar(query)


def versions_of(plan_id: UUID) -> Sequence[PlanVersion]:
    """Return the versions of a plan, the newest first. One statement."""
    return session.scalars(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id)
        .order_by(PlanVersion.number.desc())
    ).all()


def version_of(plan_id: UUID, number: int) -> PlanVersion | None:
    """Return one version by its number. One statement."""
    return session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    )


def _standing(kind: type[Row], plan_id: UUID) -> Select[Row]:
    # The newest stands first: the first screen shows few of each.
    return (
        select(kind)
        .where(kind.plan_id == plan_id, kind.ended_at.is_(None))
        .order_by(kind.position.desc())
    )
