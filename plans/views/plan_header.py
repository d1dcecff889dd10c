"""Who leads a plan, when it is reviewed next, and actions given outside a meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, Refused
from core.fields import parts as gather
from people.form_fields import errors_of
from people.models.children import Child
from people.queries import accounts, directory
from people.terms import Action as Permission
from plans.models import Plan
from plans.schemas import GiveSchema, LeadSchema, ReviewDateSchema
from plans.service import actions, plans
from plans.terms import ActionKind, Lead, ProposedAction, words_for
from plans.views.frame import (
    child_frame,
    child_of,
    letterhead,
    open_plan,
    plan_resource,
    today,
)

blueprint = Blueprint("plan_header", __name__)


@blueprint.get("/children/<ref>/plan/lead")
@page(Permission.PLAN_EDIT, of=plan_resource)
def ask_lead(ref: str) -> ResponseReturnValue:
    """Ask who leads the plan."""
    child = child_of(ref)
    plan = open_plan(child)
    agency = directory.agency(plan.lead_agency_id) if plan.lead_agency_id else None
    values = {
        "name": plan.lead_name or "",
        "email": plan.lead_email or "",
        "telephone": plan.lead_telephone or "",
        "agency": agency.ref if agency else "",
    }
    return render_template("plans/lead.html", **_header_form(child, plan, values))


@blueprint.post("/children/<ref>/plan/lead")
@act(Permission.PLAN_EDIT, of=plan_resource)
def set_lead(ref: str) -> ResponseReturnValue:
    """Name who leads the plan."""
    child = child_of(ref)
    plan = open_plan(child)

    def write() -> None:
        lead = lead_from(LeadSchema().load(request.form))
        plans.set_lead(plan, lead, seen_version=_seen(), actor=actor(), now=now())

    return _take_header(child, plan, "plans/lead.html", write)


@blueprint.get("/children/<ref>/plan/review")
@page(Permission.PLAN_EDIT, of=plan_resource)
def ask_review(ref: str) -> ResponseReturnValue:
    """Ask when the plan is reviewed next."""
    child = child_of(ref)
    plan = open_plan(child)
    values = {"review_on": plan.review_on}
    return render_template("plans/review.html", **_header_form(child, plan, values))


@blueprint.post("/children/<ref>/plan/review")
@act(Permission.PLAN_EDIT, of=plan_resource)
def set_review(ref: str) -> ResponseReturnValue:
    """Set the date of the next review."""
    child = child_of(ref)
    plan = open_plan(child)

    def write() -> None:
        review_on = ReviewDateSchema().load(gather(request.form))["review_on"]
        plans.set_review(
            plan, review_on, seen_version=_seen(), today=today(), actor=actor(), now=now()
        )

    return _take_header(child, plan, "plans/review.html", write)


@blueprint.get("/children/<ref>/actions/new")
@page(Permission.PLAN_EDIT, of=plan_resource)
def ask_action(ref: str) -> ResponseReturnValue:
    """Ask for an action outside a meeting."""
    child = child_of(ref)
    open_plan(child)
    return render_template("plans/give.html", **_give_form(child, {}))


@blueprint.post("/children/<ref>/actions/new")
@act(Permission.PLAN_EDIT, of=plan_resource)
def give(ref: str) -> ResponseReturnValue:
    """Give an action to an agency and tell its owner."""
    child = child_of(ref)
    try:
        proposed = proposed_from(GiveSchema().load(gather(request.form)))
        action = actions.give(
            open_plan(child), proposed, letterhead=letterhead(), actor=actor(), now=now()
        )
    except ValidationError as fault:
        errors = errors_of(fault)
        raise Rerender(
            "plans/give.html", **_give_form(child, request.form, errors=errors)
        ) from fault
    return redirect(f"/actions/{action.ref}", code=303)


def lead_from(given: Mapping[str, Any]) -> Lead:
    """Return the lead a form or a body names; an address of an account brings the account."""
    account = accounts.by_email(given["email"]) if given["email"] else None
    agency = directory.agency_by_ref(given["agency"]) if given["agency"] else None
    return Lead(
        name=given["name"],
        agency_id=agency.id if agency else (account.agency_id if account else None),
        account_id=account.id if account and not account.is_disabled else None,
        telephone=given["telephone"],
        email=given["email"],
    )


def proposed_from(given: Mapping[str, Any]) -> ProposedAction:
    """Return the action a form or a body describes.

    Raises:
        ValidationError: the agency is not in the directory, or the date is over.
    """
    agency = directory.agency_by_ref(given["agency"])
    if agency is None:
        raise ValidationError("Choose which agency will do it.", "agency")
    if given["due_on"] < today():
        raise ValidationError("The date must be today or later.", "due_on")
    account = accounts.by_email(given["owner_email"]) if given["owner_email"] else None
    return ProposedAction(
        what=given["what"],
        kind=given["kind"],
        agency_id=agency.id,
        due_on=given["due_on"],
        owner_name=given["owner_name"],
        owner_email=given["owner_email"],
        owner_account_id=account.id if account and not account.is_disabled else None,
        deputy_name=given["deputy_name"],
        deputy_email=given["deputy_email"],
        how_known=given["how_known"],
    )


def _take_header(
    child: Child, plan: Plan, template: str, write: Callable[[], None]
) -> ResponseReturnValue:
    try:
        write()
    except ValidationError as fault:
        errors: dict[str, Any] = errors_of(fault)
        raise Rerender(
            template, **_header_form(child, plan, request.form, errors=errors)
        ) from fault
    except Refused as fault:
        shown = _header_form(child, plan, request.form, errors={"review_on": [fault.why]})
        raise Rerender(template, **shown) from fault
    except Conflict as fault:
        # The form keeps what was typed, above it stands what the other wrote; sending it again
        # with the version now seen is the choice.
        shown = _header_form(child, plan, request.form, errors={"form": [fault.why]})
        raise Rerender(template, status=409, **{**shown, "theirs": fault.theirs}) from fault
    return _back(child)


def _header_form(
    child: Child,
    plan: Plan,
    values: Mapping[str, Any],
    *,
    errors: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "root": f"/children/{child.ref}/plan",
        "version": plan.version,
        "values": values,
        "errors": errors or {},
        "theirs": None,
        "agencies": _agencies(),
        **child_frame(child, here="Plan"),
    }


def _give_form(
    child: Child, values: Mapping[str, Any], *, errors: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "action": f"/children/{child.ref}/actions/new",
        "agencies": _agencies(),
        "kinds": [{"value": each.value, "text": words_for(each)} for each in ActionKind],
        "values": values,
        "errors": errors or {},
        **child_frame(child, here="Actions"),
    }


def _agencies() -> list[dict[str, str]]:
    return [{"value": each.ref, "text": each.name} for each in directory.open_agencies(today())]


def _seen() -> int:
    return request.form.get("version", default=0, type=int)


def _back(child: Child) -> ResponseReturnValue:
    return redirect(f"/children/{child.ref}", code=303)
