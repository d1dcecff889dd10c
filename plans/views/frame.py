"""What the pages of plans share: who is asked about, the child's bar, dates in words, the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app, g

from core import clock
from core.doors import now
from core.errors import NotFound
from core.filters import plain_date
from notifications.service import letterhead as letterhead_of
from notifications.terms import Letterhead
from people.models.children import Child
from people.queries import children
from people.terms import Resource
from plans.models import Action, Plan
from plans.queries import actions as action_reads
from plans.queries import plans as plan_reads

_SOON_DAYS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A date in words: "3 days overdue", the date itself, and how it is coloured."""

    relative: str
    absolute: str
    kind: str


def plan_resource(ref: str, **_: object) -> Resource | None:
    """Return what the policy is asked about for a child's plan. Two statements."""
    child = children.by_ref(ref)
    if child is None:
        return None
    plan = plan_reads.present_plan_of(child.id)
    return Resource(
        kind="plan", id=plan.id if plan else None, child_id=child.id, team_id=child.team_id
    )


def action_resource(ref: str, **_: object) -> Resource | None:
    """Return what the policy is asked about for an action. One statement."""
    action = action_reads.by_ref(ref)
    if action is None:
        return None
    return Resource(
        kind="action",
        id=action.id,
        child_id=action.child_id,
        owner_account_id=action.owner_account_id,
    )


def child_of(ref: str) -> Child:
    """Return the child of a reference the door has already found."""
    child = children.by_ref(ref)
    if child is None:
        raise NotFound(ref)
    return child


def open_plan(child: Child) -> Plan:
    """Return the child's open plan.

    Raises:
        NotFound: there is none.
    """
    plan = plan_reads.open_plan_of(child.id)
    if plan is None:
        raise NotFound("an open plan")
    return plan


def action_of(ref: str) -> Action:
    """Return the action of a reference the door has already found."""
    action = action_reads.by_ref(ref)
    if action is None:
        raise NotFound(ref)
    return action


def child_frame(child: Child, *, here: str) -> dict[str, object]:
    """Return the bar on top of every page of a child. Two statements."""
    identity = children.identity_of(child, now(), is_redacted=is_redacted())
    return {
        "child": {"name": child.name, "ref": child.ref},
        "identity": identity,
        "active": here.lower(),
    }


def is_redacted() -> bool:
    """Say whether the policy lets this person in with parts left out."""
    return g.get("confer_answer") is not None and g.confer_answer.outcome == "redact"


def letterhead() -> Letterhead:
    """Return what all mail of this installation shares."""
    return letterhead_of(current_app.extensions["settings"])


def today() -> date:
    """Return the London date of this request."""
    return clock.today(now())


def due_words(on: date, *, is_open: bool = True) -> Due:
    """Return how far a London date is away; kind is alert when it is over."""
    days = (on - today()).days
    if not is_open:
        return Due("Due", plain_date(on), "done")
    if days < 0:
        return Due(f"{_days(-days)} overdue", plain_date(on), "alert")
    if days == 0:
        return Due("Due today", plain_date(on), "soon")
    words = "Due tomorrow" if days == 1 else f"Due in {_days(days)}"
    return Due(words, plain_date(on), "soon" if days <= _SOON_DAYS else "plain")


def day_words(on: date) -> str:
    """Return "Today", "Tomorrow" or the weekday with its date."""
    days = (on - today()).days
    return {0: "Today", 1: "Tomorrow"}.get(days, plain_date(on))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
