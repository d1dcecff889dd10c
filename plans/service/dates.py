"""New dates for actions: asked for by the owner, decided by the chair or the lead."""

from __future__ import annotations

from datetime import date, datetime

from core import audit
from core.clock import today
from core.db import session
from core.errors import Conflict, Refused
from notifications.terms import Letterhead, LetterKind
from people.terms import Actor
from plans.models import Action, DateRequest, Plan
from plans.queries.actions import waiting_request
from plans.service import actions, history, letters, plans, versions
from plans.service.letters import Post
from plans.terms import DelayReason, EventKind, PlanStatus, RequestStatus, words_for


def ask_new_date(
    action: Action,
    new_due_on: date,
    *,
    reason: DelayReason,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> DateRequest:
    """Ask for a new date; until it is agreed the present one stands and is chased.

    Raises:
        Refused: the date is over, is the present one, or a request waits already.
        Conflict: the action was closed in the meantime.
    """
    actions.lock_open(action)
    if new_due_on < today(now):
        raise Refused("action.new_date", "The date must be today or later.")
    if new_due_on == action.due_on:
        raise Refused("action.new_date", "This is the date it has now. Enter another date.")
    if waiting_request(action.id) is not None:
        raise Refused(
            "action.new_date", "A new date was asked for already. It waits for a decision."
        )
    request = DateRequest(
        action_id=action.id,
        new_due_on=new_due_on,
        reason=reason,
        asked_by_name=actor.name[:260],
        asked_at=now,
        status=RequestStatus.WAITING,
    )
    session.add(request)
    session.flush()
    history.add(
        action,
        EventKind.DATE_ASKED,
        actor=actor,
        now=now,
        note=words_for(reason),
        old_due_on=action.due_on,
        new_due_on=new_due_on,
    )
    audit.record(actor, "action.date_asked", "action", action.id, child_id=action.child_id, now=now)
    _tell_deciders(action, request, post=Post(letterhead, now))
    return request


def decide_date(
    action: Action,
    request: DateRequest,
    *,
    agrees: bool,
    note: str,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Agree or refuse the date asked for; the first due date stays on record.

    Raises:
        NotAllowed: the actor is neither chair nor lead practitioner of the plan.
        Refused: a refusal without a reason, or the date asked for is over by now.
        Conflict: it was decided, or the action was closed, in the meantime.
    """
    plan = session.get_one(Plan, action.plan_id)
    plans.require_lead_or_chair(plan, actor)
    actions.lock_open(action)
    session.refresh(request, with_for_update=True)
    if request.status is not RequestStatus.WAITING:
        raise Conflict(f"This request was {request.status} already. Nothing was changed.")
    if not agrees and not note.strip():
        raise Refused("action.refusal", "Give a reason why the date stays.")
    if agrees and request.new_due_on < today(now):
        raise Refused("action.new_date", "The date asked for is over. Refuse it and say why.")
    request.status = RequestStatus.AGREED if agrees else RequestStatus.REFUSED
    request.decided_by_id = actor.account_id
    request.decided_at = now
    request.decision_note = note.strip() or None
    old_due_on = action.due_on
    if agrees:
        _move(action, request.new_due_on, now=now)
    history.add(
        action,
        EventKind.DATE_AGREED if agrees else EventKind.DATE_REFUSED,
        actor=actor,
        now=now,
        note=request.decision_note,
        old_due_on=old_due_on,
        new_due_on=request.new_due_on,
    )
    audit.record(
        actor, f"action.date_{request.status}", "action", action.id,
        child_id=action.child_id, now=now,
    )  # fmt: skip
    if agrees:
        _keep_version(action, actor=actor, now=now)
    letters.write_to_holder(
        LetterKind.DATE_AGREED if agrees else LetterKind.DATE_REFUSED,
        action,
        letters.owner_of(action),
        key=f"date-decided:{request.id}",
        post=Post(letterhead, now),
    )


def agree_at_meeting(
    action: Action,
    new_due_on: date,
    *,
    note: str,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Move the date as a meeting agreed it under its chair; a request that waits is settled.

    The caller answers for the meeting: whoever writes the record down need not be the chair.

    Raises:
        Refused: the date is over.
        Conflict: the action was closed in the meantime.
    """
    actions.lock_open(action)
    if new_due_on < today(now):
        raise Refused("action.new_date", "The date must be today or later.")
    if new_due_on == action.due_on:
        return
    request = waiting_request(action.id)
    if request is not None:
        is_same = request.new_due_on == new_due_on
        request.status = RequestStatus.AGREED if is_same else RequestStatus.REFUSED
        request.decided_by_id, request.decided_at = actor.account_id, now
        request.decision_note = note
    old_due_on = action.due_on
    _move(action, new_due_on, now=now)
    history.add(
        action,
        EventKind.DATE_AGREED,
        actor=actor,
        now=now,
        note=note,
        old_due_on=old_due_on,
        new_due_on=new_due_on,
    )
    audit.record(
        actor, "action.date_agreed", "action", action.id, child_id=action.child_id, now=now
    )
    _keep_version(action, actor=actor, now=now)
    letters.write_to_holder(
        LetterKind.DATE_AGREED,
        action,
        letters.owner_of(action),
        key=f"date-at-meeting:{action.id}:{action.date_version}",
        post=Post(letterhead, now),
    )


def _keep_version(action: Action, *, actor: Actor, now: datetime) -> None:
    plan = session.get_one(Plan, action.plan_id)
    if plan.status is PlanStatus.OPEN:
        plans.lock(plan)
        versions.record(plan, f"New date for action {action.ref}", actor=actor, now=now)


def _move(action: Action, new_due_on: date, *, now: datetime) -> None:
    action.due_on = new_due_on
    # A new version climbs the ladder afresh; the steps taken for the old date stay on record.
    action.date_version += 1
    action.dated_on = today(now)
    action.mark = None
    action.version += 1
    session.flush()


def _tell_deciders(action: Action, request: DateRequest, *, post: Post) -> None:
    plan = session.get_one(Plan, action.plan_id)
    for email in dict.fromkeys((plan.lead_email, plan.chair_email)):
        letters.write_to_account(
            LetterKind.DATE_ASKED,
            action,
            email,
            key=f"date-asked:{request.id}:{email}",
            post=post,
            new_due_on=request.new_due_on,
        )
