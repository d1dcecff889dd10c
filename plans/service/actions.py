"""Giving actions to their owners, and closing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from core import audit
from core.clock import today
from core.db import session
from core.errors import Conflict, Refused
from core.ids import new_reference
from notifications import service as mail_room
from notifications.terms import Letterhead, LetterKind
from people.service import relations
from people.terms import Actor, RelationKind
from plans.models import Action, DateRequest, HandOver, Plan
from plans.queries.plans import open_plan_of
from plans.service import history, letters, links, plans, versions
from plans.service.letters import Post
from plans.terms import (
    ActionStatus,
    AgreedAt,
    EventKind,
    Lead,
    ProposedAction,
    RequestStatus,
)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a meeting's decisions became; no plan when nothing was worth one.

    Attributes:
        untold: the new actions nobody could be written to about: somebody has to ring.
    """

    plan: Plan | None
    actions: tuple[Action, ...]
    untold: tuple[Action, ...] = ()


def adopt(
    child_id: UUID,
    proposed: Sequence[ProposedAction],
    *,
    agreed_at: AgreedAt,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    opens_plan: bool = False,
    lead: Lead | None = None,
) -> Adoption:
    """Put what a meeting agreed on the child's plan and tell each owner.

    The first action, or a decision worth a plan, opens the plan if none is open. What was
    adopted before (by ``source_id``) is left alone, so finishing twice gives nothing twice.

    Args:
        opens_plan: a decision of the meeting is worth a plan though no action came of it.
        lead: who leads a plan opened now; without it the child's allocated worker.
    """
    known = _adopted(proposed)
    fresh = [each for each in proposed if each.source_id not in known]
    plan = open_plan_of(child_id)
    if plan is None and not fresh and not opens_plan:
        return Adoption(None, tuple(known.values()))
    is_new = plan is None
    if plan is None:
        plan = plans.begin(child_id, lead=lead, agreed_at=agreed_at, actor=actor, now=now)
    plans.lock(plan)
    plans.note_chair(plan, agreed_at)
    post = Post(letterhead, now)
    given = [_give(plan, each, agreed_at, actor=actor, post=post) for each in fresh]
    made = tuple(action for action, _ in given)
    if made or is_new:
        versions.record(plan, f"Agreed at meeting {agreed_at.meeting_ref}", actor=actor, now=now)
    untold = tuple(action for action, is_told in given if not is_told)
    return Adoption(plan, (*known.values(), *made), untold)


def give(
    plan: Plan, proposed: ProposedAction, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> Action:
    """Add one action to an open plan outside a meeting and tell its owner."""
    plans.lock(plan)
    action, _ = _give(plan, proposed, None, actor=actor, post=Post(letterhead, now))
    versions.record(plan, f"Action {action.ref} given", actor=actor, now=now)
    return action


def done(action: Action, *, evidence: str, actor: Actor, now: datetime) -> None:
    """Close an action as done.

    Raises:
        Refused: nothing says what was done.
        Conflict: it was closed in the meantime.
    """
    if not evidence.strip():
        raise Refused("action.evidence", "Write what was done, in one line.")
    lock_open(action)
    action.status = ActionStatus.DONE
    action.evidence = evidence.strip()
    _close(action, actor=actor, now=now)
    history.add(action, EventKind.DONE, actor=actor, now=now, note=action.evidence)
    audit.record(actor, "action.done", "action", action.id, child_id=action.child_id, now=now)


def no_longer_needed(action: Action, *, reason: str, actor: Actor, now: datetime) -> None:
    """Close an action that nobody needs any more.

    Raises:
        NotAllowed: the actor is neither chair nor lead practitioner of the plan.
        Refused: no reason was given.
        Conflict: it was closed in the meantime.
    """
    plans.require_lead_or_chair(session.get_one(Plan, action.plan_id), actor)
    if not reason.strip():
        raise Refused("action.reason", "Give a reason why this is no longer needed.")
    lock_open(action)
    action.status = ActionStatus.NO_LONGER_NEEDED
    _close(action, actor=actor, now=now)
    history.add(action, EventKind.NO_LONGER_NEEDED, actor=actor, now=now, note=reason.strip())
    audit.record(
        actor, "action.no_longer_needed", "action", action.id, child_id=action.child_id, now=now
    )
    plan = session.get_one(Plan, action.plan_id)
    if plan.closed_at is None:
        plans.lock(plan)
        versions.record(plan, f"Action {action.ref} no longer needed", actor=actor, now=now)


def lock_open(action: Action) -> None:
    """Hold an action until the end of the transaction.

    Raises:
        Conflict: it is closed already.
    """
    session.refresh(action, with_for_update=True)
    if action.status is ActionStatus.OPEN:
        return
    closed_on = versions.in_words(today(action.done_at)) if action.done_at else ""
    word = "marked as done" if action.status is ActionStatus.DONE else "taken off the plan"
    raise Conflict(f"This action was {word} on {closed_on}. Nothing more is needed.")


def own(action: Action, account_id: UUID | None, *, actor: Actor, now: datetime) -> None:
    """Let an owner with an account open the child's record for as long as they own an action."""
    if account_id is not None:
        relations.grant(
            account_id,
            action.child_id,
            RelationKind.ACTION_OWNER,
            why=f"Owns action {action.ref}",
            actor=actor,
            now=now,
        )


def disown(action: Action, account_id: UUID | None, *, actor: Actor, now: datetime) -> None:
    """Close that window, unless they own another open action of the same child."""
    if account_id is None:
        return
    others = session.scalar(
        select(func.count()).where(
            Action.owner_account_id == account_id,
            Action.child_id == action.child_id,
            Action.status == ActionStatus.OPEN,
            Action.id != action.id,
        )
    )
    if not others:
        relations.close(
            account_id, action.child_id, RelationKind.ACTION_OWNER, actor=actor, now=now
        )


def _adopted(proposed: Sequence[ProposedAction]) -> dict[UUID | None, Action]:
    sources = [each.source_id for each in proposed if each.source_id is not None]
    if not sources:
        return {}
    found = session.scalars(select(Action).where(Action.source_id.in_(sources)))
    return {action.source_id: action for action in found}


def _give(
    plan: Plan, proposed: ProposedAction, agreed_at: AgreedAt | None, *, actor: Actor, post: Post
) -> tuple[Action, bool]:
    """Return the action, and whether anybody was written to about it."""
    if not proposed.what.strip():
        raise Refused("action.what", "Write what is to be done.")
    action = Action(
        ref=_free_reference(),
        plan_id=plan.id,
        child_id=plan.child_id,
        what=proposed.what.strip(),
        kind=proposed.kind,
        agency_id=proposed.agency_id,
        owner_name=proposed.owner_name,
        owner_email=proposed.owner_email,
        owner_account_id=proposed.owner_account_id,
        deputy_name=proposed.deputy_name,
        deputy_email=proposed.deputy_email,
        due_on=proposed.due_on,
        original_due_on=proposed.due_on,
        dated_on=today(post.now),
        how_known=proposed.how_known,
        status=ActionStatus.OPEN,
        meeting_id=agreed_at.meeting_id if agreed_at else None,
        meeting_ref=agreed_at.meeting_ref if agreed_at else None,
        decision_id=proposed.decision_id,
        source_id=proposed.source_id,
        date_version=1,
        created_at=post.now,
        version=1,
    )
    session.add(action)
    session.flush()
    own(action, action.owner_account_id, actor=actor, now=post.now)
    is_told = letters.write_to_holder(
        LetterKind.ACTION_GIVEN,
        action,
        letters.owner_of(action),
        key=f"action-given:{action.id}",
        post=post,
    )
    note = None if is_told else "No address: nobody was written to"
    history.add(
        action, EventKind.GIVEN, actor=actor, now=post.now, note=note, new_due_on=action.due_on
    )
    audit.record(actor, "action.given", "action", action.id, child_id=action.child_id, now=post.now)
    return action, is_told


def _close(action: Action, *, actor: Actor, now: datetime) -> None:
    action.done_at = now
    action.version += 1
    session.execute(
        update(DateRequest)
        .where(DateRequest.action_id == action.id, DateRequest.status == RequestStatus.WAITING)
        .values(status=RequestStatus.REFUSED, decided_at=now, decision_note="The action was closed")
    )
    session.execute(
        update(HandOver)
        .where(
            HandOver.action_id == action.id,
            HandOver.accepted_at.is_(None),
            HandOver.refused_at.is_(None),
        )
        .values(refused_at=now)
    )
    links.end_all(action.id, now=now)
    mail_room.suppress(action.id, why="The action was closed", now=now)
    session.flush()
    disown(action, action.owner_account_id, actor=actor, now=now)


def _free_reference() -> str:
    while True:
        ref = new_reference("A")
        if session.scalar(select(Action.id).where(Action.ref == ref)) is None:
            return ref
