"""The chase: every step of the ladder once, owners who left, and the owner's digest."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core import audit
from core.clock import today
from core.db import session
from notifications import service as mail_room
from notifications.terms import (
    DigestLine,
    Letter,
    Letterhead,
    LetterKind,
    Recipient,
    ToldNext,
)
from people.models.accounts import Account
from people.terms import Actor
from plans.models import Action, LadderStepTaken, Plan
from plans.queries import chase as chase_queries
from plans.rules.escalation import climb, next_step, owner_gets_own_mail
from plans.service import actions, history, letters, links
from plans.service.letters import Chase, Contact, Post
from plans.terms import (
    ActionStatus,
    Climb,
    EventKind,
    Ladder,
    LinkHolder,
    Listener,
)
from procedures.rules.working_days import WorkingCalendar

DIGESTS = uuid.UUID("5a0d5b1e-7a7c-4f0e-9a59-0f8e2a6f7c11")
_LISTENER_WORDS = {
    Listener.OWNER: "owner",
    Listener.MANAGER: "manager",
    Listener.LEAD_PRACTITIONER: "lead practitioner",
    Listener.AGENCY_LEAD: "agency safeguarding lead",
    Listener.CHAIR: "chair",
    Listener.HEAD_OF_SERVICE: "head of service",
    Listener.PARTNERSHIP: "partnership exception report",
}
_TOLD_NEXT = {
    Listener.MANAGER: ToldNext.MANAGER,
    Listener.LEAD_PRACTITIONER: ToldNext.LEAD_PRACTITIONER,
    Listener.AGENCY_LEAD: ToldNext.AGENCY_LEAD,
    Listener.CHAIR: ToldNext.CHAIR,
    Listener.HEAD_OF_SERVICE: ToldNext.HEAD_OF_SERVICE,
    Listener.PARTNERSHIP: ToldNext.PARTNERSHIP,
}


@dataclass(frozen=True, slots=True)
class Standard:
    """What the pack in force says about chasing, and its working days."""

    ladder: Ladder
    calendar: WorkingCalendar


def take_steps(
    action: Action, standard: Standard, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> int:
    """Take every step due for an action, each once, and return how many were taken.

    The action is held first, so that of two sweeps at once the second finds nothing due.
    """
    session.refresh(action, with_for_update=True)
    if action.status is not ActionStatus.OPEN:
        return 0
    on = today(now)
    taken = chase_queries.steps_taken(action)
    clock = action.clock(taken)
    climbed = climb(standard.ladder, clock, on, calendar=standard.calendar)
    _record_steps(action, climbed, now=now)
    action.mark = next((each.marks for each in climbed.due[::-1] if each.marks), action.mark)
    if not climbed.due:
        return 0
    words = _what_to_say(action, standard, climbed, taken, on)
    told = _tell(action, climbed, words, post=Post(letterhead, now))
    names = ", ".join(_LISTENER_WORDS[listener] for listener in climbed.tell)
    note = names if told else f"{names}: nobody could be written to"
    history.add(action, EventKind.CHASED, actor=actor, now=now, note=note)
    audit.record(actor, "action.chased", "action", action.id, child_id=action.child_id, now=now)
    return len(climbed.due)


def replace_owner_who_left(
    action: Action, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Make the deputy the owner, or let the agency's manager stand in; the due date stays.

    Manager and lead practitioner are told the same day.
    """
    session.refresh(action, with_for_update=True)
    if action.status is not ActionStatus.OPEN or action.owner_left_on is not None:
        return
    post = Post(letterhead, now)
    history.add(action, EventKind.OWNER_LEFT, actor=actor, now=now, note=action.owner_name)
    links.end_for(action.id, LinkHolder.OWNER, now=now)
    actions.disown(action, action.owner_account_id, actor=actor, now=now)
    if action.deputy_name and action.deputy_email:
        _put_deputy_in(action, actor=actor, now=now)
    else:
        action.owner_left_on = today(now)
    action.version += 1
    session.flush()
    audit.record(actor, "action.owner_left", "action", action.id, child_id=action.child_id, now=now)
    key = f"owner-left:{action.id}:{action.version}"
    letters.write_to_holder(
        LetterKind.ACTION_GIVEN, action, letters.owner_of(action), key=key, post=post
    )
    _alert(action, key=key, post=post)


def send_digest(address: str, *, letterhead: Letterhead, now: datetime) -> int:
    """Send one mail that names everything waiting for this address; return how many lines."""
    waiting = chase_queries.waiting_for_digest(address)
    live = [action for _, action in waiting if action.status is ActionStatus.OPEN]
    for step, _ in waiting:
        step.digest_to = None
    session.flush()
    found = {action.id: action for action in live}
    team = letters.team_of(live[0].child_id) if live else None
    if team is None or not letters.can_be_written_to(address):
        return 0
    lines = tuple(_line(action, address, now=now) for action in found.values())
    mail_room.send_letter(
        Letter(
            kind=LetterKind.DIGEST,
            reference=lines[0].reference,
            recipient=Recipient(address),
            team=team,
            lines=lines,
        ),
        letterhead=letterhead,
        subject_id=uuid.uuid5(DIGESTS, address),
        key=f"digest:{hashlib.sha256(address.encode()).hexdigest()[:32]}:{now:%Y%m%dT%H%M%S}",
        now=now,
    )
    return len(lines)


def _record_steps(action: Action, climbed: Climb, *, now: datetime) -> None:
    digest_to = _digest_address(action, climbed)
    for step in (*climbed.passed, *climbed.due):
        is_due = step in climbed.due
        session.add(
            LadderStepTaken(
                action_id=action.id,
                date_version=action.date_version,
                step=step.id,
                sent_at=now,
                told=" ".join(step.tell) if is_due else "",
                digest_to=digest_to if is_due and Listener.OWNER in step.tell else None,
            )
        )
    session.flush()


def _digest_address(action: Action, climbed: Climb) -> str | None:
    if Listener.OWNER not in climbed.tell or owner_gets_own_mail(climbed):
        return None
    owner = letters.owner_of(action)
    # A manager who stands in gets the manager's mail and needs no digest beside it.
    is_owner = owner is not None and owner.holder is LinkHolder.OWNER
    return owner.email.lower() if owner is not None and is_owner else None


def _what_to_say(
    action: Action, standard: Standard, climbed: Climb, taken: frozenset[str], on: date
) -> Chase:
    ahead = action.clock(taken | {step.id for step in (*climbed.due, *climbed.passed)})
    coming = next_step(standard.ladder, ahead, on, calendar=standard.calendar)
    told = [_TOLD_NEXT[each] for each in coming[1] if each in _TOLD_NEXT] if coming else []
    return Chase(
        days=climbed.overdue_working_days,
        next_step_on=coming[0] if coming and told else None,
        told_next=told[-1] if told else None,
    )


def _tell(action: Action, climbed: Climb, words: Chase, *, post: Post) -> bool:
    """Write to everybody the due steps tell, once to each address."""
    plan = session.get_one(Plan, action.plan_id)
    key = f"ladder:{action.id}:{action.date_version}:{climbed.due[-1].id}"
    written: set[str] = set()
    if owner_gets_own_mail(climbed):
        owner = letters.owner_of(action)
        if letters.write_to_holder(
            LetterKind.ACTION_REMINDER, action, owner, key=f"{key}:owner", post=post, chase=words
        ):
            return True
    for listener in climbed.tell:
        contact = _at_the_agency(action, listener)
        if contact is not None and contact.email not in written:
            is_sent = letters.write_to_holder(
                LetterKind.ESCALATION, action, contact,
                key=f"{key}:{listener}", post=post, chase=words,
            )  # fmt: skip
            written |= {contact.email} if is_sent else set()
    for listener in climbed.tell:
        email = _at_the_plan(plan, listener)
        if email is not None and email not in written:
            is_sent = letters.write_to_account(
                LetterKind.PLAN_ESCALATION, action, email,
                key=f"{key}:{listener}", post=post, chase=words,
            )  # fmt: skip
            written |= {email} if is_sent else set()
    return bool(written) or climbed.tell == (Listener.PARTNERSHIP,)


def _at_the_agency(action: Action, listener: Listener) -> Contact | None:
    manager, lead = letters.manager_of(action), letters.agency_lead_of(action)
    if listener is Listener.MANAGER:
        return manager or lead
    return (lead or manager) if listener is Listener.AGENCY_LEAD else None


def _at_the_plan(plan: Plan, listener: Listener) -> str | None:
    by_listener = {
        Listener.LEAD_PRACTITIONER: plan.lead_email or plan.chair_email,
        Listener.CHAIR: plan.chair_email or plan.lead_email,
    }
    if listener is Listener.HEAD_OF_SERVICE:
        return letters.head_of_service_of(plan) or plan.lead_email
    return by_listener.get(listener)


def _put_deputy_in(action: Action, *, actor: Actor, now: datetime) -> None:
    action.owner_name, action.owner_email = action.deputy_name, action.deputy_email
    action.owner_account_id = session.scalar(
        select(Account.id).where(
            Account.email == func.lower(action.deputy_email), Account.is_disabled.is_(False)
        )
    )
    action.deputy_name = action.deputy_email = None
    actions.own(action, action.owner_account_id, actor=actor, now=now)
    history.add(action, EventKind.DEPUTY_TOOK_OVER, actor=actor, now=now, note=action.owner_name)


def _alert(action: Action, *, key: str, post: Post) -> None:
    plan = session.get_one(Plan, action.plan_id)
    manager = letters.manager_of(action) or letters.agency_lead_of(action)
    owner = letters.owner_of(action)
    if manager is not None and (owner is None or owner.email != manager.email):
        letters.write_to_holder(
            LetterKind.TASK_WAITING, action, manager, key=f"{key}:manager", post=post
        )
    letters.write_to_account(
        LetterKind.TASK_WAITING,
        action,
        plan.lead_email or plan.chair_email,
        key=f"{key}:lead",
        post=post,
    )


def _line(action: Action, address: str, *, now: datetime) -> DigestLine:
    path = links.make(
        action, LinkHolder.OWNER, name=action.owner_name or "", email=address, now=now
    )
    return DigestLine(reference=action.ref, due_on=action.due_on, link=path)


def due_today(standard: Standard, on: date) -> Sequence[uuid.UUID]:
    """Return the actions with a step due, for the job to take one by one."""
    return chase_queries.with_a_step_due(standard.ladder, on, calendar=standard.calendar)
