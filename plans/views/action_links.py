"""The action's page without an account: done, a new date, hand over; and the code for its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import audit
from core.doors import Rerender, keep, link_act, link_page, link_read, now
from core.errors import Conflict, NotAllowed, Refused
from core.fields import parts as gather
from plans.queries import actions as read
from plans.queries.actions import HeldLink
from plans.schemas import (
    AnswerOfferSchema,
    CodeSchema,
    DoneSchema,
    HandOverSchema,
    NewDateSchema,
)
from plans.service import actions, codes, dates, hand_overs
from plans.terms import LinkHolder, OwnerTo
from plans.views.action_shown import hand_over_reasons, reasons
from plans.views.actions import faults
from plans.views.frame import letterhead
from plans.views.held_link import (
    actor_of,
    closed,
    front,
    give_pass,
    held,
    holder_of,
    inside,
    layout,
)

blueprint = Blueprint("action_links", __name__)
_FRONT = "plans/link.html"
_DATE = "plans/link_new_date.html"
_HAND_OVER = "plans/link_hand_over.html"
_CODE = "plans/link_code.html"
_DONE = "plans/link_thanks.html"
_THANKS = {
    "done": "You marked this action as done. The lead practitioner sees what you wrote.",
    "date": "You asked for a new date. Until it is agreed, the date it has now stands. "
    "You will get a mail with the answer.",
    "offer": "You asked your colleague to take this over. Until they accept, it stays with you.",
    "accepted": "You took this action over. You will get a mail with a link of your own.",
    "refused": "You did not take this action over. It stays with your colleague, who is told.",
}


@blueprint.get("/a/<token>")
@link_page()
def show(token: str) -> ResponseReturnValue:
    """Show reference and due date with what can be done; a scanner that comes changes nothing."""
    return _ask(token, _FRONT)


@blueprint.get("/a/<token>/words")
@link_read()
def words(token: str) -> ResponseReturnValue:
    """Show the action's words to whoever entered a code; the reading is recorded."""
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    if holder_of(found) is None:
        return redirect(f"/a/{token}/code")
    action = found.action
    audit.record(
        actor_of(found),
        "action.read",
        "action",
        action.id,
        child_id=action.child_id,
        now=now(),
        decision="read",
    )
    shown = {**front(found, token), "inside": inside(found)}
    return render_template(_FRONT, **shown, values={}, errors={})


@blueprint.post("/a/<token>/done")
@link_act()
def done(token: str) -> ResponseReturnValue:
    """Close the action with a line of evidence."""

    def write(found: HeldLink) -> str:
        _require_seat(found, is_offer=False)
        if holder_of(found) is None:
            # A link travels: whoever closes an action has entered a code and said who they are.
            raise Refused("code.first", "Enter a code first, on the page that shows the action.")
        evidence = DoneSchema().load(request.form)["evidence"]
        actions.done(found.action, evidence=evidence, actor=actor_of(found), now=now())
        return "done"

    return _take(token, _FRONT, write)


@blueprint.get("/a/<token>/new-date")
@link_page()
def ask_new_date(token: str) -> ResponseReturnValue:
    """Ask for the new date and the reason."""
    return _ask(token, _DATE, reasons=reasons())


@blueprint.post("/a/<token>/new-date")
@link_act()
def new_date(token: str) -> ResponseReturnValue:
    """Ask chair and lead for a new date."""

    def write(found: HeldLink) -> str:
        _require_seat(found, is_offer=False)
        given = NewDateSchema().load(gather(request.form))
        dates.ask_new_date(
            found.action,
            given["new_due_on"],
            reason=given["reason"],
            letterhead=letterhead(),
            actor=actor_of(found),
            now=now(),
        )
        return "date"

    return _take(token, _DATE, write, beside="new_due_on", reasons=reasons())


@blueprint.get("/a/<token>/hand-over")
@link_page()
def ask_hand_over(token: str) -> ResponseReturnValue:
    """Ask which colleague takes it over."""
    return _ask(token, _HAND_OVER, reasons=hand_over_reasons())


@blueprint.post("/a/<token>/hand-over")
@link_act()
def hand_over(token: str) -> ResponseReturnValue:
    """Offer the action to a colleague of the same agency."""

    def write(found: HeldLink) -> str:
        _require_seat(found, is_offer=False)
        given = HandOverSchema().load(request.form)
        hand_overs.offer(
            found.action,
            OwnerTo(given["name"], given["email"], found.action.agency_id),
            why=given["why"],
            letterhead=letterhead(),
            actor=actor_of(found),
            now=now(),
        )
        return "offer"

    return _take(token, _HAND_OVER, write, beside="email", reasons=hand_over_reasons())


@blueprint.post("/a/<token>/answer")
@link_act()
def answer_offer(token: str) -> ResponseReturnValue:
    """Take the action over, or leave it where it is."""

    def write(found: HeldLink) -> str:
        _require_seat(found, is_offer=True)
        is_accepted = AnswerOfferSchema().load(request.form)["answer"] == "accept"
        offered = read.open_offer(found.action.id)
        if offered is None or offered.id != found.link.hand_over_id:
            raise Conflict("This hand-over was answered already. Nothing was changed.")
        verb = hand_overs.accept if is_accepted else hand_overs.refuse
        verb(found.action, offered, letterhead=letterhead(), actor=actor_of(found), now=now())
        return "accepted" if is_accepted else "refused"

    return _take(token, _FRONT, write)


@blueprint.get("/a/<token>/code")
@link_page()
def ask_code(token: str) -> ResponseReturnValue:
    """Say how the code comes, and ask for it."""
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    return render_template(_CODE, **_code_form(found, token, {}, asked=request.args.get("asked")))


@blueprint.post("/a/<token>/code/send")
@link_act()
def send_code(token: str) -> ResponseReturnValue:
    """Send a code by mail where that is safe; otherwise ask to be rung."""
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    is_by_mail = codes.way_of(found.link, found.action).is_by_mail
    who, at = actor_of(found), now()
    try:
        if is_by_mail:
            codes.send(found.link, found.action, letterhead=letterhead(), actor=who, now=at)
        else:
            codes.ask_for_call(found.link, found.action, letterhead=letterhead(), actor=who, now=at)
    except Refused as fault:
        shown = _code_form(found, token, {}, errors={"form": [fault.why]})
        raise Rerender(_CODE, **shown) from fault
    return redirect(f"/a/{token}/code?asked={'mail' if is_by_mail else 'call'}", code=303)


@blueprint.post("/a/<token>/code")
@link_act()
def enter_code(token: str) -> ResponseReturnValue:
    """Take the code with a name and a role; a wrong one is counted."""
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    try:
        given = CodeSchema().load(request.form)
    except ValidationError as fault:
        shown = _code_form(found, token, request.form, errors=faults(fault))
        raise Rerender(_CODE, **shown) from fault
    try:
        pass_token = codes.enter(found.link, found.action, now=now(), **given)
    except Refused as fault:
        keep()
        values = {**request.form, "code": ""}
        shown = _code_form(found, token, values, errors={"code": [fault.why]})
        return render_template(_CODE, **shown), 422
    return give_pass(token, pass_token)


def _ask(token: str, template: str, **more: object) -> ResponseReturnValue:
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    return render_template(template, **front(found, token), values={}, errors={}, **more)


def _take(
    token: str,
    template: str,
    write: Callable[[HeldLink], str],
    *,
    beside: str = "form",
    **more: object,
) -> ResponseReturnValue:
    found = held(token)
    ended = closed(found)
    if found is None or ended is not None:
        return ended or ("", 404)
    try:
        outcome = write(found)
    except (ValidationError, Refused, Conflict, NotAllowed) as fault:
        status = 409 if isinstance(fault, Conflict) else 422
        raise Rerender(
            template,
            status=status,
            **{
                **front(found, token),
                # Somebody past the code stays past it when a line is missing.
                "inside": inside(found) if holder_of(found) is not None else None,
                "values": request.form,
                "errors": faults(fault, beside=beside),
                **more,
            },
        ) from fault
    return render_template(_DONE, words=_THANKS[outcome], **layout(found))


def _require_seat(found: HeldLink, *, is_offer: bool) -> None:
    """Somebody who was only asked may answer; whoever owns it may do everything else."""
    if (found.link.holder is LinkHolder.OFFERED) is not is_offer:
        raise NotAllowed("This link is not for that. Use the link in your own mail.")


def _code_form(
    found: HeldLink,
    token: str,
    values: Mapping[str, Any],
    *,
    errors: dict[str, Any] | None = None,
    asked: str | None = None,
) -> dict[str, Any]:
    way = codes.way_of(found.link, found.action)
    return {
        "token": token,
        "is_by_mail": way.is_by_mail,
        "number": way.telephone,
        "is_call_heard": way.is_by_mail or codes.is_call_heard(found.action),
        "asked": asked if asked in ("mail", "call") else None,
        "values": values,
        "errors": errors or {},
        **layout(found),
    }
