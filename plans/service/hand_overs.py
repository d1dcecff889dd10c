"""Handing an action over: offered, then accepted or refused; until then it stays its owner's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Conflict, Refused
from notifications.terms import Letterhead, LetterKind
from people.models.accounts import Account
from people.models.agencies import Agency, Professional, RoleMailbox
from people.terms import Actor
from plans.models import Action, HandOver, Plan
from plans.queries.actions import open_offer
from plans.rules.colleagues import is_colleague
from plans.service import actions, history, letters, links, plans, versions
from plans.service.letters import Contact, Post
from plans.terms import EventKind, HandOverReason, LinkHolder, OwnerTo, PlanStatus, words_for


def offer(
    action: Action,
    to: OwnerTo,
    *,
    why: HandOverReason,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> HandOver:
    """Ask somebody to take the action over.

    Raises:
        Refused: the address is not of that agency, is the owner's own, cannot be written to,
            or somebody is being asked already.
        Conflict: the action was closed in the meantime.
    """
    actions.lock_open(action)
    email = to.email.strip().lower()
    _require_usable(action, to, email)
    account_id = to.account_id or session.scalar(
        select(Account.id).where(Account.email == email, Account.is_disabled.is_(False))
    )
    offered = HandOver(
        action_id=action.id,
        to_name=to.name.strip(),
        to_email=email,
        to_agency_id=to.agency_id,
        to_account_id=account_id,
        why=words_for(why),
        offered_by_name=actor.name[:260],
        offered_at=now,
    )
    session.add(offered)
    session.flush()
    history.add(
        action,
        EventKind.HAND_OVER_OFFERED,
        actor=actor,
        now=now,
        note=f"To {offered.to_name}: {offered.why}",
    )
    audit.record(
        actor, "action.hand_over_offered", "action", action.id, child_id=action.child_id, now=now
    )
    letters.write_to_holder(
        LetterKind.HAND_OVER_OFFERED,
        action,
        Contact(offered.to_name, email, LinkHolder.OFFERED),
        key=f"hand-over:{offered.id}",
        post=Post(letterhead, now),
        offer=offered,
    )
    return offered


def accept(
    action: Action, offered: HandOver, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Make the person asked the owner; the due date stays.

    Raises:
        Conflict: the offer was answered, or the action closed, in the meantime.
    """
    _lock_offer(action, offered)
    before, before_account = letters.owner_of(action), action.owner_account_id
    offered.accepted_at = now
    action.owner_name = offered.to_name
    action.owner_email = offered.to_email
    action.owner_account_id = offered.to_account_id
    action.agency_id = offered.to_agency_id
    action.owner_left_on = None
    action.version += 1
    links.end_for(action.id, LinkHolder.OWNER, LinkHolder.OFFERED, now=now)
    actions.disown(action, before_account, actor=actor, now=now)
    actions.own(action, offered.to_account_id, actor=actor, now=now)
    history.add(action, EventKind.HAND_OVER_ACCEPTED, actor=actor, now=now, note=offered.to_name)
    audit.record(
        actor, "action.hand_over_accepted", "action", action.id, child_id=action.child_id, now=now
    )
    plan = session.get_one(Plan, action.plan_id)
    if plan.status is PlanStatus.OPEN:
        plans.lock(plan)
        versions.record(plan, f"Action {action.ref} handed over", actor=actor, now=now)
    post = Post(letterhead, now)
    letters.write_to_holder(
        LetterKind.ACTION_GIVEN, action, letters.owner_of(action),
        key=f"hand-over-taken:{offered.id}", post=post,
    )  # fmt: skip
    if before is not None and before.email != offered.to_email:
        letters.write_to_former_owner(
            LetterKind.HAND_OVER_ACCEPTED, action, before,
            key=f"hand-over-accepted:{offered.id}", post=post,
        )  # fmt: skip


def refuse(
    action: Action, offered: HandOver, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Leave the action with its owner and tell them.

    Raises:
        Conflict: the offer was answered, or the action closed, in the meantime.
    """
    _lock_offer(action, offered)
    offered.refused_at = now
    links.end_for(action.id, LinkHolder.OFFERED, now=now)
    history.add(action, EventKind.HAND_OVER_REFUSED, actor=actor, now=now, note=offered.to_name)
    audit.record(
        actor, "action.hand_over_refused", "action", action.id, child_id=action.child_id, now=now
    )
    letters.write_to_holder(
        LetterKind.HAND_OVER_REFUSED,
        action,
        letters.owner_of(action),
        key=f"hand-over-refused:{offered.id}",
        post=Post(letterhead, now),
    )


def addresses_of(agency_id: UUID) -> frozenset[str]:
    """Return the addresses the directory holds for an agency, in lower case."""
    agency = session.get_one(Agency, agency_id)
    found = {agency.manager_email, agency.lead_email}
    found |= set(
        session.scalars(select(RoleMailbox.email).where(RoleMailbox.agency_id == agency_id))
    )
    found |= set(
        session.scalars(
            select(Professional.email).where(
                Professional.agency_id == agency_id, Professional.left_on.is_(None)
            )
        )
    )
    return frozenset(email.lower() for email in found if email)


def _require_usable(action: Action, to: OwnerTo, email: str) -> None:
    if not letters.can_be_written_to(email):
        raise Refused(
            "hand_over.address",
            "Enter an email address in the right form, such as office@school.example.",
        )
    if email == (action.owner_email or "").lower() and action.owner_left_on is None:
        raise Refused("hand_over.address", "This person owns the action already.")
    known = addresses_of(to.agency_id)
    if to.agency_id == action.agency_id and action.owner_email:
        known |= {action.owner_email.lower()}
    if not is_colleague(email, known):
        raise Refused(
            "hand_over.address",
            "This address is not of the organisation that owns the action. "
            "Enter a colleague's work address, or ring the team.",
        )
    if open_offer(action.id) is not None:
        raise Refused(
            "hand_over.open", "Somebody was asked to take this over and has not answered."
        )


def _lock_offer(action: Action, offered: HandOver) -> None:
    actions.lock_open(action)
    session.refresh(offered, with_for_update=True)
    if offered.accepted_at is not None or offered.refused_at is not None:
        raise Conflict("This hand-over was answered already. Nothing was changed.")
