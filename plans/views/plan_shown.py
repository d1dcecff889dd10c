"""The finished values of a plan's page: what its first screen must answer, and what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.doors import actor, now
from core.filters import plain_date
from people.models.children import Child
from plans.models import Order, PlanEntry, Strand, Voice
from plans.queries.plans import ActionOnPlan, PlanPage
from plans.rules.review_dates import next_review, next_seven_days, overdue
from plans.terms import DayItem, DayKind, Gap, GapKind, Section, Whose, words_for
from plans.views.frame import day_words, due_words, today

_ADD = {
    Section.MATTERS: "Add what matters",
    Section.WORRY: "Add a worry",
    Section.STRENGTH: "Add a strength",
    Section.GOAL: "Add a goal",
    Section.CONTINGENCY: "Add what to do if things change",
}


_NOT_FOR_ALL = (Section.WORRY, Section.CONTINGENCY)


def shown(page: PlanPage, child: Child, *, is_redacted: bool, may_edit: bool) -> dict[str, Any]:
    """Return every value the template shows; parts a redacted reader may not see are left out."""
    root = f"/children/{child.ref}/plan"
    days = _days_of(page, is_redacted=is_redacted)
    return {
        "header": _header(page),
        "gaps": [] if is_redacted else [_gap(gap, child) for gap in page.gaps(child)],
        "own_words": _own_words(page),
        "sections": [
            _section(section, page, root)
            for section in Section
            if not (is_redacted and section in _NOT_FOR_ALL)
        ],
        "week": [_day(day) for day in next_seven_days(days, today())],
        "overdue": [_day(day) for day in overdue(days, today())],
        "next_review": _next_review(days),
        "in_force": [] if is_redacted else _in_force(page),
        "orders": [] if is_redacted else [_order(order, root) for order in page.orders],
        "voices": [
            _voice(voice, root)
            for voice in page.voices
            if voice.whose is Whose.CHILD or not is_redacted
        ],
        "strands": [_strand(strand, root) for strand in page.strands],
        "actions": [action_row(each) for each in _actions(page, is_redacted=is_redacted)],
        "root": root,
        "may_edit": may_edit,
        "is_redacted": is_redacted,
    }


def action_row(each: ActionOnPlan) -> dict[str, Any]:
    """Return one open action as the plan lists it."""
    action = each.action
    return {
        "ref": action.ref,
        "href": f"/actions/{action.ref}",
        "what": action.what,
        "kind": words_for(action.kind),
        "owner": action.owner_name or "No named owner",
        "agency": each.agency_name,
        "due": due_words(action.due_on),
        "was_due": _was_due(action.original_due_on, action.due_on),
        "asked_for": plain_date(each.asked_for) if each.asked_for else None,
        "meeting_ref": action.meeting_ref,
    }


def _was_due(original: date, present: date) -> str | None:
    return plain_date(original) if original != present else None


def _header(page: PlanPage) -> dict[str, Any]:
    plan, last = page.plan, page.agreed_last
    return {
        "lead": plan.lead_name,
        "lead_agency": page.lead_agency_name,
        "telephone": plan.lead_telephone,
        "chair": plan.chair_name,
        "version": plan.version,
        "agreed": f"{plain_date(last.agreed_at)} by {last.by_name}" if last else "",
        "why": last.why if last else "",
        "review": due_words(plan.review_on) if plan.review_on else None,
        "is_closed": plan.closed_at is not None,
        "closed": plain_date(plan.closed_at) if plan.closed_at else "",
    }


def _own_words(page: PlanPage) -> dict[str, Any] | None:
    for voice in page.voices:
        if voice.whose is Whose.CHILD and voice.words:
            return {"words": voice.words, "heard": _heard(voice)}
    return None


def _heard(voice: Voice) -> str:
    told = f"told to {voice.told_to}" if voice.told_to else ""
    on = plain_date(voice.said_on) if voice.said_on else ""
    return ", ".join(part for part in (told, on) if part)


def _section(section: Section, page: PlanPage, root: str) -> dict[str, Any]:
    return {
        "id": section.value,
        "title": words_for(section),
        "add": _ADD[section],
        "add_href": f"{root}/add/{section}",
        "entries": [_entry(entry, root) for entry in page.entries[section]],
    }


def _entry(entry: PlanEntry, root: str) -> dict[str, Any]:
    return {
        "text": entry.text,
        "by": f"{entry.changed_by_name}, {plain_date(entry.changed_at)}",
        "href": f"{root}/{entry.section}/{entry.position}",
    }


def _days_of(page: PlanPage, *, is_redacted: bool) -> list[DayItem]:
    if not is_redacted:
        return page.days()
    mine = {each.action.ref for each in _actions(page, is_redacted=True)}
    return [
        day
        for day in page.days()
        if day.kind is DayKind.PLAN_REVIEW or (day.kind is DayKind.ACTION and day.ref in mine)
    ]


def _actions(page: PlanPage, *, is_redacted: bool) -> list[ActionOnPlan]:
    if not is_redacted:
        return page.actions
    me = actor().account_id
    return [each for each in page.actions if each.action.owner_account_id == me]


def _day(day: DayItem) -> dict[str, Any]:
    return {
        "when": day_words(day.on),
        "due": due_words(day.on),
        "words": day.words,
        "who": day.who,
        "href": f"/actions/{day.ref}" if day.ref else None,
    }


def _next_review(days: list[DayItem]) -> dict[str, Any] | None:
    found = next_review(days, today())
    return {"words": found.words, "on": plain_date(found.on)} if found else None


def _order(order: Order, root: str) -> dict[str, Any]:
    is_over = order.expires_on is not None and order.expires_on < today()
    return {
        "kind": words_for(order.kind),
        "conditions": order.conditions,
        "to": plain_date(order.expires_on) if order.expires_on else None,
        "is_over": is_over,
        "watched_by": order.watched_by,
        "conflict_note": order.conflict_note,
        "href": f"{root}/order/{order.position}",
    }


def _in_force(page: PlanPage) -> list[str]:
    """Say in one line each what holds today: the first screen must not hide it."""
    found = []
    for order in page.orders:
        if order.expires_on is not None and order.expires_on < today():
            continue
        until = f" to {plain_date(order.expires_on)}" if order.expires_on else ""
        watch = f", watched by {order.watched_by}" if order.watched_by else ", nobody watches it"
        found.append(f"{words_for(order.kind)}{until}{watch}")
    return found


def _voice(voice: Voice, root: str) -> dict[str, Any]:
    whose = words_for(voice.whose)
    return {
        "whose": whose[:1].upper() + whose[1:],
        "name": voice.person_name,
        "words": voice.words,
        "heard": _heard(voice),
        "missing_reason": voice.missing_reason,
        "href": f"{root}/voice/{voice.position}",
    }


def _strand(strand: Strand, root: str) -> dict[str, Any]:
    return {
        "kind": words_for(strand.kind),
        "review": due_words(strand.review_on) if strand.review_on else None,
        "note": strand.note,
        "href": f"{root}/strand/{strand.position}",
    }


def _gap(gap: Gap, child: Child) -> dict[str, str]:
    root = f"/children/{child.ref}"
    where = {
        GapKind.LEAD: (f"{root}/plan/lead", "Name the lead"),
        GapKind.REVIEW_DATE: (f"{root}/plan/review", "Set a date"),
        GapKind.VOICE: (f"{root}/plan/add/voice?whose={gap.about}", "Add"),
        GapKind.CONTINGENCY: (f"{root}/plan/add/contingency", "Add"),
        GapKind.MATTERS: (f"{root}/plan/add/matters", "Add"),
        GapKind.OWNER: (f"/actions/{gap.about}/hand-over", "Name an owner"),
        GapKind.DUE_DATE: (f"/actions/{gap.about}", "Set a date"),
        GapKind.ORDER_WATCH: (f"{root}#orders", "Name who watches it"),
        GapKind.CHILD_FACT: (f"{root}/details", "Ask and record"),
    }
    href, text = where[gap.kind]
    return {"words": gap.words, "href": href, "text": text}


def version_row(version: Any, root: str) -> dict[str, Any]:  # noqa: ANN401 - a row of the list
    """Return one version as the list shows it."""
    return {
        "number": version.number,
        "why": version.why,
        "when": plain_date(version.agreed_at),
        "by": version.by_name,
        "href": f"{root}/versions/{version.number}",
        "compare_href": f"{root}/compare?from={version.number - 1}&to={version.number}"
        if version.number > 1
        else None,
        "is_new": (now() - version.agreed_at).days < 1,
    }
