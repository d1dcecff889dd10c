"""A child's plan on one page, its versions, and what two of them differ in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import doors
from core.doors import act, actor, now, page
from core.errors import Conflict, NotFound
from people.models.children import Child
from people.terms import Action as Permission
from plans.models import Plan, PlanVersion
from plans.queries import actions as action_reads
from plans.queries import plans as read
from plans.service import plans as service
from plans.service import versions
from plans.terms import Comparison, Item
from plans.views import plan_shown
from plans.views.action_shown import listed_row
from plans.views.frame import child_frame, child_of, is_redacted, plan_resource

blueprint = Blueprint("plans", __name__)


@blueprint.get("/children/<ref>")
@page(Permission.PLAN_VIEW, of=plan_resource)
def show(ref: str) -> ResponseReturnValue:
    """Show the plan on one page; without one, what to do."""
    child = child_of(ref)
    may_edit = _may_edit(ref)
    values = child_frame(child, here="Plan")
    plan = read.present_plan_of(child.id)
    if plan is None:
        return render_template("plans/no_plan.html", may_edit=may_edit, **values)
    shown = plan_shown.shown(
        read.plan_page(plan),
        child,
        is_redacted=is_redacted(),
        may_edit=may_edit and plan.closed_at is None,
    )
    return render_template("plans/plan.html", **values, **shown)


@blueprint.post("/children/<ref>/plan")
@act(Permission.PLAN_EDIT, of=plan_resource)
def open_one(ref: str) -> ResponseReturnValue:
    """Open the child's plan; if somebody was quicker, theirs is shown."""
    child = child_of(ref)
    try:
        service.open_plan(child.id, actor=actor(), now=now())
    except Conflict:
        return redirect(f"/children/{child.ref}", code=303)
    return redirect(f"/children/{child.ref}", code=303)


@blueprint.get("/children/<ref>/plan/versions")
@page(Permission.PLAN_COMPARE, of=plan_resource)
def list_versions(ref: str) -> ResponseReturnValue:
    """List the versions, the newest first, each with what it changed."""
    child, plan = _plan_of(ref)
    root = f"/children/{child.ref}/plan"
    return render_template(
        "plans/versions.html",
        versions=[plan_shown.version_row(each, root) for each in read.versions_of(plan.id)],
        root=root,
        **child_frame(child, here="Plan"),
    )


@blueprint.get("/children/<ref>/plan/versions/<int:number>")
@page(Permission.PLAN_COMPARE, of=plan_resource)
def show_version(ref: str, number: int) -> ResponseReturnValue:
    """Show one version as it was agreed."""
    child, plan = _plan_of(ref)
    version = _version(plan, number)
    return render_template(
        "plans/version.html",
        version=plan_shown.version_row(version, f"/children/{child.ref}/plan"),
        sections=_by_section(versions.from_content(version.content)),
        is_present=number == plan.version,
        **child_frame(child, here="Plan"),
    )


@blueprint.get("/children/<ref>/plan/compare")
@page(Permission.PLAN_COMPARE, of=plan_resource)
def compare(ref: str) -> ResponseReturnValue:
    """Show what was added, removed and changed between two versions."""
    child, plan = _plan_of(ref)
    last = max(plan.version, 1)
    later = request.args.get("to", default=last, type=int)
    earlier = request.args.get("from", default=max(later - 1, 1), type=int)
    before, after = _version(plan, earlier), _version(plan, later)
    root = f"/children/{child.ref}/plan"
    return render_template(
        "plans/compare.html",
        before=plan_shown.version_row(before, root),
        after=plan_shown.version_row(after, root),
        choices=[{"value": n, "text": f"Version {n}"} for n in range(plan.version, 0, -1)],
        values={"from": earlier, "to": later},
        action=f"{root}/compare",
        **_differences(versions.difference(before, after)),
        **child_frame(child, here="Plan"),
    )


@blueprint.get("/children/<ref>/actions")
@page(Permission.ACTION_LIST, of=plan_resource)
def list_actions(ref: str) -> ResponseReturnValue:
    """List every action of the child; with parts left out, only one's own."""
    child = child_of(ref)
    rows = action_reads.actions_of_child(child.id)
    if is_redacted():
        rows = [row for row in rows if row.action.owner_account_id == actor().account_id]
    shown = [listed_row(row) for row in rows]
    plan = read.open_plan_of(child.id)
    return render_template(
        "plans/child_actions.html",
        open_actions=[row for row in shown if row["is_open"]],
        closed_actions=[row for row in shown if not row["is_open"]],
        may_give=plan is not None and _may_edit(ref),
        **child_frame(child, here="Actions"),
    )


def _may_edit(ref: str) -> bool:
    return doors.may(Permission.PLAN_EDIT, plan_resource(ref))


def _plan_of(ref: str) -> tuple[Child, Plan]:
    child = child_of(ref)
    plan = read.present_plan_of(child.id)
    if plan is None:
        raise NotFound("a plan")
    return child, plan


def _version(plan: Plan, number: int) -> PlanVersion:
    found = read.version_of(plan.id, number)
    if found is None:
        raise NotFound(f"version {number}")
    return found


def _by_section(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        fields = [{"name": name, "value": value} for name, value in item.fields if value]
        sections.setdefault(item.section, []).append({"fields": fields})
    return [{"title": title, "items": rows} for title, rows in sections.items()]


def _differences(found: Comparison) -> dict[str, Any]:
    return {
        "added": [_whole(item) for item in found.added],
        "removed": [_whole(item) for item in found.removed],
        "changed": [
            {
                "section": change.item.section,
                "first": change.item.fields[0][1] if change.item.fields else "",
                "fields": [
                    {"name": each.name, "before": each.before, "after": each.after}
                    for each in change.fields
                ],
            }
            for change in found.changed
        ],
        "is_same": found.is_same,
    }


def _whole(item: Item) -> dict[str, Any]:
    words = [f"{name}: {value}" for name, value in item.fields[1:] if value]
    return {
        "section": item.section,
        "first": item.fields[0][1] if item.fields else "",
        "more": "; ".join(words),
    }
