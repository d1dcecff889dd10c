"""Opening the one plan of a child, and changing who leads it and when it is reviewed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.audit import Who
from core.db import session
from core.errors import Conflict, NotAllowed, Refused
from people.models.accounts import Account
from people.models.agencies import Agency
from people.models.children import Child
from people.service import relations
from people.terms import Actor, RelationKind
from plans.models import Plan, PlanVersion
from plans.queries.plans import open_plan_of
from plans.service import versions
from plans.terms import AgreedAt, Lead, PlanStatus

REVIEWED_WITHIN = timedelta(days=366)


def open_plan(
    child_id: UUID,
    *,
    lead: Lead | None = None,
    actor: Actor,
    now: datetime,
) -> Plan:
    """Open the child's plan, with its first version.

    Without a lead the child's allocated worker leads.

    Raises:
        Conflict: a plan is open already, or somebody opened one in the same moment.
    """
    plan = begin(child_id, lead=lead, agreed_at=None, actor=actor, now=now)
    versions.record(plan, "Opened", actor=actor, now=now)
    return plan


def begin(
    child_id: UUID, *, lead: Lead | None, agreed_at: AgreedAt | None, actor: Actor, now: datetime
) -> Plan:
    """Open the plan and leave its first version to the caller.

    Raises:
        Conflict: as ``open_plan``.
    """
    if open_plan_of(child_id) is not None:
        raise Conflict("This child has an open plan already. Open that plan and change it.")
    plan = Plan(
        child_id=child_id,
        status=PlanStatus.OPEN,
        opened_at=now,
        opened_from_meeting_id=agreed_at.meeting_id if agreed_at else None,
        version=0,
    )
    try:
        with session.begin_nested():
            session.add(plan)
            session.flush()
    except IntegrityError as lost:
        raise Conflict(
            "Somebody opened this child's plan in the same moment. Open that plan and change it."
        ) from lost
    _take_lead(plan, lead or allocated_lead(child_id), actor=actor, now=now)
    audit.record(actor, "plan.opened", "plan", plan.id, child_id=child_id, now=now)
    session.flush()
    return plan


def require_lead_or_chair(plan: Plan, actor: Actor) -> None:
    """Let only the plan's chair or lead practitioner decide; without either, whoever may edit.

    Raises:
        NotAllowed: somebody else leads and chairs; the sentence names them.
    """
    if is_lead_or_chair(plan, actor):
        return
    names = " or ".join(name for name in (plan.lead_name, plan.chair_name) if name)
    raise NotAllowed(f"The chair or the lead practitioner decides this. Ask {names}.")


def is_lead_or_chair(plan: Plan, actor: Actor) -> bool:
    """Say whether the actor decides for the plan; where it has neither, everybody who may edit."""
    deciders = {plan.lead_account_id, plan.chair_account_id} - {None}
    return not deciders or actor.account_id in deciders


def lock(plan: Plan) -> Plan:
    """Hold the plan until the end of the transaction, so that its versions come one by one."""
    session.refresh(plan, with_for_update=True)
    if plan.status is not PlanStatus.OPEN:
        raise Refused("plan.closed", "This plan is closed. Open a new plan to change anything.")
    return plan


def set_lead(plan: Plan, lead: Lead, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Name who leads the plan.

    Raises:
        Conflict: lead or review date were changed since the person opened the form.
    """
    lock(plan)
    _require_header_as_seen(plan, seen_version, yours={"name": lead.name})
    _take_lead(plan, lead, actor=actor, now=now)
    audit.record(actor, "plan.lead_set", "plan", plan.id, child_id=plan.child_id, now=now)
    versions.record(plan, f"{lead.name} leads the plan", actor=actor, now=now)


def set_review(
    plan: Plan, review_on: date, *, seen_version: int, today: date, actor: Actor, now: datetime
) -> None:
    """Set the date of the next review.

    Raises:
        Refused: the date is over, or more than a year away.
        Conflict: lead or review date were changed since the person opened the form.
    """
    if not today <= review_on <= today + REVIEWED_WITHIN:
        raise Refused("plan.review_on", "The review date must be today or later, within a year.")
    lock(plan)
    _require_header_as_seen(plan, seen_version, yours={"review_on": review_on.isoformat()})
    plan.review_on = review_on
    audit.record(actor, "plan.review_set", "plan", plan.id, child_id=plan.child_id, now=now)
    versions.record(plan, f"Next review {versions.in_words(review_on)}", actor=actor, now=now)


def close(plan: Plan, *, why: str, actor: Actor, now: datetime) -> None:
    """Close the plan; it stays readable, and its open actions stay open and chased."""
    lock(plan)
    versions.record(plan, f"Closed: {why}", actor=actor, now=now)
    plan.status = PlanStatus.CLOSED
    plan.closed_at = now
    audit.record(actor, "plan.closed", "plan", plan.id, child_id=plan.child_id, now=now)
    session.flush()


def allocated_lead(child_id: UUID) -> Lead | None:
    """Return the child's allocated worker as lead, or None when nobody is allocated."""
    found = session.execute(
        select(Account, Agency.telephone)
        .join(Child, Child.allocated_to_id == Account.id)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .where(Child.id == child_id)
    ).first()
    if found is None:
        return None
    account, agency_telephone = found
    return Lead(
        name=account.name,
        agency_id=account.agency_id,
        account_id=account.id,
        telephone=account.telephone or agency_telephone,
        email=account.email,
    )


def _take_lead(plan: Plan, lead: Lead | None, *, actor: Actor, now: datetime) -> None:
    if lead is None:
        return
    kind = RelationKind.LEAD_PRACTITIONER
    if plan.lead_account_id is not None and plan.lead_account_id != lead.account_id:
        relations.close(plan.lead_account_id, plan.child_id, kind, actor=actor, now=now)
    if lead.account_id is not None and lead.account_id != plan.lead_account_id:
        relations.grant(
            lead.account_id,
            plan.child_id,
            kind,
            why="Leads the child's plan",
            actor=actor,
            now=now,
        )
    plan.lead_account_id = lead.account_id
    plan.lead_name = lead.name
    plan.lead_agency_id = lead.agency_id
    plan.lead_telephone = lead.telephone
    plan.lead_email = lead.email


def _require_header_as_seen(plan: Plan, seen_version: int, *, yours: dict[str, str]) -> None:
    if seen_version == plan.version:
        return
    seen = session.scalar(
        select(PlanVersion).where(
            PlanVersion.plan_id == plan.id, PlanVersion.number == seen_version
        )
    )
    stands = versions.header(plan)
    if seen is not None and stands in versions.from_content(seen.content):
        return
    last = session.scalar(
        select(PlanVersion).where(
            PlanVersion.plan_id == plan.id, PlanVersion.number == plan.version
        )
    )
    by_name = last.by_name if last else "Somebody"
    raise Conflict(
        f"{by_name} changed this since you opened it. Compare and choose which to keep.",
        theirs={
            "name": plan.lead_name or "",
            "telephone": plan.lead_telephone or "",
            "review_on": plan.review_on.isoformat() if plan.review_on else "",
            "version": str(plan.version),
            "by": by_name,
            "at": last.agreed_at.isoformat() if last else "",
        },
        yours=yours,
    )


def note_chair(plan: Plan, agreed_at: AgreedAt) -> None:
    """Remember who chaired the last meeting that agreed something: the ladder tells them."""
    plan.chair_account_id = agreed_at.chair_account_id
    plan.chair_name = agreed_at.chair_name
    plan.chair_email = agreed_at.chair_email
    if agreed_at.review_on is not None:
        plan.review_on = agreed_at.review_on


def changed_by(actor: Who) -> str:
    """Return the name kept on a changed row."""
    return actor.name[:200]
