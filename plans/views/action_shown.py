"""The finished values of the pages about actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.clock import today as london_date
from core.doors import actor, now
from core.filters import plain_date, plain_instant
from plans.models import Action, ActionEvent, ActionLink
from plans.queries.actions import ActionPage, ListedAction, children_to_open, link_key
from plans.rules.overdue import days_overdue
from plans.service import codes
from plans.terms import ActionStatus, DelayReason, HandOverReason, LinkHolder, words_for
from plans.views.frame import due_words, today

_HOLDERS = {
    LinkHolder.OWNER: "owner",
    LinkHolder.OFFERED: "asked to take it over",
    LinkHolder.MANAGER: "manager's contact",
    LinkHolder.AGENCY_LEAD: "safeguarding lead of the agency",
}


def listed_rows(rows: Sequence[ListedAction]) -> list[dict[str, Any]]:
    """Return actions as a list of several children's shows them.

    The link leads to the plan; for an owner who may not open it, to what little they may know.
    """
    opens = children_to_open(rows, actor(), now())
    return [
        listed_row(row)
        | {
            "child_href": f"/children/{row.child_ref}"
            + ("" if row.action.child_id in opens else "/details")
        }
        for row in rows
    ]


def listed_row(row: ListedAction) -> dict[str, Any]:
    """Return an action as the list of its own child shows it."""
    action = row.action
    is_open = action.status is ActionStatus.OPEN
    return {
        "ref": action.ref,
        "href": f"/actions/{action.ref}",
        "what": action.what,
        "child_ref": row.child_ref,
        "agency": row.agency_name,
        "owner": action.owner_name or "No named owner",
        "kind": words_for(action.kind),
        "due": due_words(action.due_on, is_open=is_open),
        "was_due": was_due(action),
        "days_overdue": days_overdue(action.due_on, today()) if is_open else 0,
        "asked_for": plain_date(row.asked_for) if row.asked_for else None,
        "is_open": is_open,
        "mark": action.mark.capitalize() if action.mark and is_open else None,
        "state": words_for(action.status),
        "closed": plain_date(action.done_at) if action.done_at else None,
        "evidence": action.evidence,
    }


def was_due(action: Action) -> str | None:
    """Return the first due date where it has moved since."""
    moved = action.original_due_on != action.due_on
    return plain_date(action.original_due_on) if moved else None


def action_shown(page: ActionPage, *, may_decide: bool) -> dict[str, Any]:
    """Return everything the page of one action shows."""
    action, request = page.action, page.request
    is_open = action.status is ActionStatus.OPEN
    return {
        "ref": action.ref,
        "what": action.what,
        "kind": words_for(action.kind),
        "owner": action.owner_name,
        "owner_has_left": action.owner_left_on is not None,
        "owner_email": action.owner_email,
        "deputy": action.deputy_name,
        "agency": page.agency.name,
        "agency_telephone": page.agency.telephone,
        "due": due_words(action.due_on, is_open=is_open),
        "was_due": was_due(action),
        "how_known": action.how_known,
        "state": words_for(action.status),
        "is_open": is_open,
        "closed": plain_instant(action.done_at) if action.done_at else None,
        "evidence": action.evidence,
        "meeting_ref": action.meeting_ref,
        "deciders": " or ".join(
            name for name in (page.plan.lead_name, page.plan.chair_name) if name
        ),
        "request": {
            "on": plain_date(request.new_due_on),
            "reason": words_for(request.reason),
            "by": request.asked_by_name,
            "may_decide": may_decide,
        }
        if request
        else None,
        "offer": {"to": page.offer.to_name, "on": plain_date(page.offer.offered_at)}
        if page.offer
        else None,
        "events": [_event(event) for event in page.events],
    }


def reasons() -> list[dict[str, str]]:
    """Return why an action may need more time."""
    return [{"value": each.value, "text": words_for(each)} for each in DelayReason]


def hand_over_reasons() -> list[dict[str, str]]:
    """Return why an action may be handed over."""
    return [{"value": each.value, "text": words_for(each)} for each in HandOverReason]


def link_row(link: ActionLink, action: Action) -> dict[str, Any]:
    """Return a link as staff see it before they ring its holder."""
    return {
        "name": link.holder_name,
        "holder": _HOLDERS[link.holder],
        "number": codes.directory_number(link, action),
        "asked": plain_instant(link.code_asked_at) if link.code_asked_at else None,
        "href": f"/actions/{action.ref}/codes/{link_key(link)}",
    }


def _event(event: ActionEvent) -> dict[str, Any]:
    parts = [event.note]
    if event.new_due_on is not None and event.old_due_on is not None:
        parts.append(f"{plain_date(event.old_due_on)} to {plain_date(event.new_due_on)}")
    elif event.new_due_on is not None:
        parts.append(f"Due {plain_date(event.new_due_on)}")
    return {
        "when": plain_instant(event.at),
        "title": words_for(event.kind),
        "text": ". ".join(part for part in parts if part),
        "by": event.by_name,
        "kind": "action",
    }


def this_week(action: Action) -> bool:
    """Say whether an action falls due today or within the six days after."""
    days = (action.due_on - today()).days
    return 0 <= days < 7  # noqa: PLR2004 - the days of a week


def closed_on(action: Action) -> str:
    """Return the London date on which an action was closed."""
    return plain_date(london_date(action.done_at)) if action.done_at else ""
