"""My actions, overdue actions by agency, and one action with everything that can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import doors
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.fields import parts as gather
from people.form_fields import errors_of
from people.queries import directory
from people.terms import Action as Permission
from plans.models import Action, ActionLink, DateRequest, HandOver
from plans.queries import actions as read
from plans.schemas import (
    AnswerOfferSchema,
    DecideSchema,
    DoneSchema,
    HandOverSchema,
    NewDateSchema,
    NotNeededSchema,
)
from plans.service import actions, codes, dates, hand_overs, plans
from plans.terms import OwnerTo
from plans.views.action_shown import (
    action_shown,
    hand_over_reasons,
    link_row,
    listed_rows,
    reasons,
    this_week,
)
from plans.views.frame import action_of, action_resource, letterhead, today

blueprint = Blueprint("actions", __name__)
_PAGE = "plans/action.html"
DONE_SHOWN = timedelta(days=30)
_MOST_DAYS = 3650


@blueprint.get("/actions")
@page(Permission.HOME_VIEW)
def mine() -> ResponseReturnValue:
    """List one's own actions: overdue, due this week, later, done; and dates to decide."""
    if request.args.get("show") == "overdue":
        return redirect("/actions/overdue?over=14")
    found = read.my_actions(actor().account_id, done_since=now() - DONE_SHOWN)
    rows = [(row.action, line) for row, line in zip(found, listed_rows(found), strict=True)]
    groups = (
        ("Overdue", [row for _, row in rows if row["days_overdue"]]),
        ("Due this week", [row for a, row in rows if row["is_open"] and this_week(a)]),
        ("Later", [row for a, row in rows if row["is_open"] and _is_later(a)]),
        ("Done", [row for _, row in rows if not row["is_open"]]),
    )
    return render_template(
        "plans/my_actions.html",
        groups=[{"title": title, "rows": shown} for title, shown in groups if shown],
        to_decide=listed_rows(read.waiting_for_decision(actor(), now())),
        may_see_overdue=doors.may(Permission.ACTION_LIST),
    )


@blueprint.get("/actions/overdue")
@page(Permission.ACTION_LIST)
def overdue() -> ResponseReturnValue:
    """Count overdue actions by agency, and list those of one; ``over`` leaves out younger ones."""
    agency = directory.agency_by_ref(request.args.get("agency", ""))
    over = max(0, request.args.get("over", default=0, type=int))
    before = today() - timedelta(days=min(over, _MOST_DAYS))
    rows = read.overdue_of_agency(agency.id, actor(), today=before, now=now()) if agency else []
    return render_template(
        "plans/overdue.html",
        agencies=[
            {
                "name": each.agency_name,
                "count": each.overdue,
                "days": (today() - each.oldest_due_on).days,
                "href": f"/actions/overdue?agency={each.agency_ref}&over={over}",
            }
            for each in read.overdue_by_agency(actor(), today=before, now=now())
        ],
        agency=agency.name if agency else None,
        over=over,
        rows=listed_rows(rows),
        exceptions=listed_rows(read.exceptions(actor(), now())),
    )


@blueprint.get("/actions/<ref>")
@page(Permission.ACTION_LIST, of=action_resource)
def show(ref: str) -> ResponseReturnValue:
    """Show one action with its history and what can be done to it."""
    return render_template(_PAGE, **_shown(action_of(ref)))


@blueprint.post("/actions/<ref>/done")
@act(Permission.ACTION_UPDATE, of=action_resource)
def done(ref: str) -> ResponseReturnValue:
    """Close the action with a line of evidence."""

    def write(action: Action) -> None:
        evidence = DoneSchema().load(request.form)["evidence"]
        actions.done(action, evidence=evidence, actor=actor(), now=now())

    return _take(ref, write)


@blueprint.post("/actions/<ref>/new-date")
@act(Permission.ACTION_UPDATE, of=action_resource)
def ask_new_date(ref: str) -> ResponseReturnValue:
    """Ask chair and lead for a new date."""

    def write(action: Action) -> None:
        given = NewDateSchema().load(gather(request.form))
        dates.ask_new_date(
            action,
            given["new_due_on"],
            reason=given["reason"],
            letterhead=letterhead(),
            actor=actor(),
            now=now(),
        )

    return _take(ref, write, beside="new_due_on")


@blueprint.post("/actions/<ref>/date")
@act(Permission.ACTION_DECIDE_DATE, of=action_resource)
def decide_date(ref: str) -> ResponseReturnValue:
    """Agree or refuse the date asked for."""

    def write(action: Action) -> None:
        given = DecideSchema().load(request.form)
        dates.decide_date(
            action, _waiting(action), letterhead=letterhead(), actor=actor(), now=now(), **given
        )

    return _take(ref, write, beside="note")


@blueprint.get("/actions/<ref>/hand-over")
@page(Permission.ACTION_UPDATE, of=action_resource)
def ask_hand_over(ref: str) -> ResponseReturnValue:
    """Ask to whom the action goes."""
    return render_template("plans/hand_over.html", **_hand_over_form(action_of(ref), {}))


@blueprint.post("/actions/<ref>/hand-over")
@act(Permission.ACTION_UPDATE, of=action_resource)
def hand_over(ref: str) -> ResponseReturnValue:
    """Offer the action to somebody; until they accept it stays where it is."""
    action = action_of(ref)
    try:
        given = HandOverSchema().load(request.form)
        agency = directory.agency_by_ref(request.form.get("agency", ""))
        to = OwnerTo(given["name"], given["email"], agency.id if agency else action.agency_id)
        hand_overs.offer(
            action, to, why=given["why"], letterhead=letterhead(), actor=actor(), now=now()
        )
    except (ValidationError, Refused, Conflict) as fault:
        errors = faults(fault, beside="email")
        shown = _hand_over_form(action, request.form, errors=errors)
        raise Rerender("plans/hand_over.html", **shown) from fault
    return redirect(f"/actions/{action.ref}", code=303)


@blueprint.post("/actions/<ref>/hand-over/answer")
@act(Permission.ACTION_LIST, of=action_resource)
def answer_offer(ref: str) -> ResponseReturnValue:
    """Take over an action one was asked to take, or refuse it."""

    def write(action: Action) -> None:
        offered = _my_offer(action)
        is_accepted = AnswerOfferSchema().load(request.form)["answer"] == "accept"
        verb = hand_overs.accept if is_accepted else hand_overs.refuse
        verb(action, offered, letterhead=letterhead(), actor=actor(), now=now())

    return _take(ref, write)


@blueprint.post("/actions/<ref>/not-needed")
@act(Permission.ACTION_DECIDE_DATE, of=action_resource)
def not_needed(ref: str) -> ResponseReturnValue:
    """Close an action nobody needs any more."""

    def write(action: Action) -> None:
        reason = NotNeededSchema().load(request.form)["why"]
        actions.no_longer_needed(action, reason=reason, actor=actor(), now=now())

    return _take(ref, write, beside="why")


@blueprint.get("/actions/<ref>/codes/<key>")
@page(Permission.CODE_READ_OUT, of=action_resource)
def show_code(ref: str, key: str) -> ResponseReturnValue:
    """Show which number to ring before a code is made; nobody who rings in gets one."""
    action = action_of(ref)
    return render_template("plans/read_out.html", **_ring(action, _link(action, key)))


@blueprint.post("/actions/<ref>/codes/<key>")
@act(Permission.CODE_READ_OUT, of=action_resource)
def read_code_out(ref: str, key: str) -> ResponseReturnValue:
    """Make a code and show it once, to be read out on the call."""
    action = action_of(ref)
    link = _link(action, key)
    try:
        code = codes.read_out(link, action, actor=actor(), now=now())
    except Refused as fault:
        shown = {**_ring(action, link), "errors": {"form": [fault.why]}}
        raise Rerender("plans/read_out.html", **shown) from fault
    shown = {**_ring(action, link), "code": f"{code[:3]} {code[3:]}"}
    return render_template("plans/read_out.html", **shown)


def faults(fault: Exception, *, beside: str = "form") -> dict[str, Any]:
    """Return what is wrong as the page shows it, each beside what was typed."""
    if isinstance(fault, ValidationError):
        return dict(errors_of(fault))
    if isinstance(fault, (Refused, Conflict, NotAllowed)):
        return {beside: [fault.why]}
    raise fault


def _take(
    ref: str, write: Callable[[Action], None], *, beside: str = "form"
) -> ResponseReturnValue:
    action = action_of(ref)
    try:
        write(action)
    except (ValidationError, Refused, Conflict, NotAllowed) as fault:
        status = 409 if isinstance(fault, Conflict) else 422
        shown = _shown(action, request.form, errors=faults(fault, beside=beside))
        raise Rerender(_PAGE, status=status, **shown) from fault
    return redirect(f"/actions/{action.ref}", code=303)


def _shown(
    action: Action,
    values: Mapping[str, Any] | None = None,
    *,
    errors: dict[str, Any] | None = None,
) -> dict[str, Any]:
    found = read.action_page(action)
    resource = action_resource(action.ref)
    may_decide = doors.may(Permission.ACTION_DECIDE_DATE, resource) and plans.is_lead_or_chair(
        found.plan, actor()
    )
    may_read_codes = doors.may(Permission.CODE_READ_OUT, resource)
    return {
        "action": action_shown(found, may_decide=may_decide),
        "child": {"ref": found.child.ref, "name": found.child.name},
        "may_update": doors.may(Permission.ACTION_UPDATE, resource),
        "may_decide": may_decide,
        "is_my_offer": _is_mine(found.offer),
        "links": [link_row(each, action) for each in read.live_links(action.id)]
        if may_read_codes
        else [],
        "reasons": reasons(),
        "values": values or {},
        "errors": errors or {},
    }


def _hand_over_form(
    action: Action, values: Mapping[str, Any], *, errors: dict[str, Any] | None = None
) -> dict[str, Any]:
    own = directory.agency(action.agency_id)
    return {
        "ref": action.ref,
        "what": action.what,
        "agencies": [
            {"value": each.ref, "text": each.name} for each in directory.open_agencies(today())
        ],
        "reasons": hand_over_reasons(),
        "values": {"agency": own.ref if own else "", **values},
        "errors": errors or {},
    }


def _ring(action: Action, link: ActionLink) -> dict[str, Any]:
    return {
        "ref": action.ref,
        "link": link_row(link, action),
        "code": None,
        "errors": {},
    }


def _link(action: Action, key: str) -> ActionLink:
    for link in read.live_links(action.id):
        if read.link_key(link) == key:
            return link
    raise NotFound(key)


def _waiting(action: Action) -> DateRequest:
    found = read.waiting_request(action.id)
    if found is None:
        raise Conflict("This request was decided already. Nothing was changed.")
    return found


def _my_offer(action: Action) -> HandOver:
    found = read.open_offer(action.id)
    if found is None:
        raise Conflict("This hand-over was answered already. Nothing was changed.")
    if not _is_mine(found):
        raise NotAllowed("Only the person who was asked can answer this.")
    return found


def _is_mine(offer: HandOver | None) -> bool:
    return offer is not None and offer.to_account_id == actor().account_id


def _is_later(action: Action) -> bool:
    return action.due_on >= today() and not this_week(action)
