"""Decide about one child's part in an incident: invite, use a meeting, hold it now, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound, Refused
from meetings.choices import Answers, Choice
from meetings.models.incidents import Involvement, Judgement
from meetings.queries import incidents as read
from meetings.schemas import decision as schemas
from meetings.service import (
    asking,
    convening,
    folding,
    holding_now,
    incidents,
    judging,
    none_needed,
)
from meetings.terms import JudgementStatus
from meetings.views import decision_page, hold_page
from notifications.service import letterhead
from notifications.terms import Letterhead
from people.terms import Action, TriState

blueprint = Blueprint("decision", __name__)
_PAGE = "meetings/decision/decision.html"
_HOLD = "meetings/decision/hold_now.html"
_JUDGED_AGAIN = (
    "Something became known and this was judged again just now. Look at the decision, then send."
)


@blueprint.get("/incidents/<ref>/decision")
@page(Action.JUDGEMENT_VIEW, of=read.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show what is needed by when and why, and the usual choice, ready to be sent."""
    involvement, judgement = _found(ref)
    values = {k: str(v) for k, v in (judgement.choice or {}).items() if isinstance(v, str)}
    extras = list((judgement.choice or {}).get("extra", []))
    return render_template(
        _PAGE, **decision_page.shown(involvement, judgement, values, extras=extras)
    )


@blueprint.post("/incidents/<ref>/decision")
@act(Action.MEETING_CREATE, of=read.resource)
def choose(ref: str) -> ResponseReturnValue:
    """Send the invitations, ask the manager to, or look somebody up to invite too."""
    involvement, judgement = _found(ref)
    press = request.form.get("press", "send")
    extras = request.form.getlist("extra")
    if press == "look":
        return render_template(
            _PAGE, **decision_page.shown(involvement, judgement, request.form, extras=extras)
        )
    judged = _judged_now(involvement, judgement)
    if judged.id != judgement.id:
        # Not an error page: the new judgement is to be kept.
        again = {"form": [_JUDGED_AGAIN]}
        return render_template(
            _PAGE,
            **decision_page.shown(involvement, judged, request.form, errors=again, extras=extras),
        )
    choice = _choice(involvement, judgement, extras)
    try:
        if press == "ask":
            typed = request.form.to_dict() | {"extra": extras}
            typed.pop("csrf_token", None)
            asking.ask_manager(judgement, typed, actor=actor(), letterhead=_mail(), now=now())
            return redirect(f"/incidents/{involvement.ref}/decision", code=303)
        meeting = convening.convene(judgement, choice, actor=actor(), letterhead=_mail(), now=now())
    except (Refused, Conflict) as fault:
        raise _again(involvement, judgement, _beside(fault), extras) from fault
    return redirect(f"/meetings/{meeting.ref}/sent", code=303)


@blueprint.post("/incidents/<ref>/use/<meeting_ref>")
@act(Action.MEETING_CREATE, of=lambda ref, meeting_ref: read.resource(ref))  # noqa: ARG005
def use(ref: str, meeting_ref: str) -> ResponseReturnValue:
    """Let a meeting that is booked already answer this."""
    involvement, judgement = _found(ref)
    try:
        meeting = folding.use_existing(
            judgement, meeting_ref, actor=actor(), letterhead=_mail(), now=now()
        )
    except (Refused, Conflict) as fault:
        raise _again(involvement, judgement, _beside(fault), ()) from fault
    return redirect(f"/meetings/{meeting.ref}/sent", code=303)


@blueprint.get("/incidents/<ref>/hold-now")
@page(Action.MEETING_CREATE, of=read.resource)
def hold(ref: str) -> ResponseReturnValue:
    """Ask who takes part in a discussion by telephone, and since when."""
    involvement, judgement = _found(ref)
    return render_template(_HOLD, **hold_page.shown(involvement, judgement, {}))


@blueprint.post("/incidents/<ref>/hold-now")
@act(Action.MEETING_CREATE, of=read.resource)
def hold_now(ref: str) -> ResponseReturnValue:
    """Start the discussion, or write down one of the last day, and go to its record."""
    involvement, judgement = _found(ref)
    errors: Mapping[str, Sequence[str]]
    try:
        held = schemas.HeldNowSchema().load(schemas.held_from_form(request.form, now()))
        meeting = holding_now.hold_now(
            judgement, held, actor=actor(), letterhead=_mail(), now=now()
        )
    except ValidationError as fault:
        errors = schemas.form_errors(fault)
    except (Refused, Conflict) as fault:
        errors = _beside(fault)
    else:
        return redirect(f"/meetings/{meeting.ref}/run", code=303)
    raise Rerender(
        _HOLD, status=422, **hold_page.shown(involvement, judgement, request.form, errors=errors)
    )


@blueprint.post("/incidents/<ref>/no-meeting")
@act(Action.JUDGEMENT_NO_MEETING, of=read.resource)
def no_meeting(ref: str) -> ResponseReturnValue:
    """Propose that no meeting is held, with the reason."""
    involvement, judgement = _found(ref)
    reason = request.form.get("reason", "")
    try:
        none_needed.no_meeting(judgement, reason, actor=actor(), letterhead=_mail(), now=now())
    except (Refused, Conflict) as fault:
        raise _again(involvement, judgement, _beside(fault), ()) from fault
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


@blueprint.post("/incidents/<ref>/confirm-none")
@act(Action.JUDGEMENT_CONFIRM_NONE, of=read.resource)
def confirm_none(ref: str) -> ResponseReturnValue:
    """Confirm, as the manager, that no meeting is held."""
    involvement, judgement = _found(ref)
    none_needed.confirm_none(judgement, actor=actor(), now=now())
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


@blueprint.post("/incidents/<ref>/refuse-none")
@act(Action.JUDGEMENT_NO_MEETING, of=read.resource)
def refuse_none(ref: str) -> ResponseReturnValue:
    """Say, as the manager, that a meeting is to be held."""
    involvement, judgement = _found(ref)
    try:
        none_needed.refuse_none(judgement, request.form.get("why", ""), actor=actor(), now=now())
    except (Refused, Conflict) as fault:
        raise _again(involvement, judgement, _beside(fault), ()) from fault
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


@blueprint.post("/incidents/<ref>/answers")
@act(Action.INCIDENT_RECORD, of=read.resource)
def answer(ref: str) -> ResponseReturnValue:
    """Take answers to what was not known, and judge again."""
    involvement, _ = _found(ref)
    incidents.answer(
        involvement, _answers(involvement), actor=actor(), letterhead=_mail(), now=now()
    )
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


@blueprint.post("/incidents/<ref>/judge-again")
@act(Action.INCIDENT_RECORD, of=read.resource)
def judge_again(ref: str) -> ResponseReturnValue:
    """Judge again by what is recorded now."""
    involvement, _ = _found(ref)
    judging.judge(involvement, actor=actor(), letterhead=_mail(), now=now(), because="facts")
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


@blueprint.post("/incidents/<ref>/clear")
@act(Action.JUDGEMENT_NO_MEETING, of=read.resource)
def clear(ref: str) -> ResponseReturnValue:
    """Record, as a manager, that neither harm nor exploitation is suspected."""
    involvement, judgement = _found(ref)
    why = request.form.get("clear_why", "")
    try:
        incidents.clear(involvement, why=why, actor=actor(), letterhead=_mail(), now=now())
    except Refused as fault:
        raise _again(involvement, judgement, _beside(fault), ()) from fault
    return redirect(f"/incidents/{involvement.ref}/decision", code=303)


def _choice(involvement: Involvement, judgement: Judgement, extras: Sequence[str]) -> Choice:
    try:
        choice: Choice = schemas.ChoiceSchema().load(schemas.choice_from_form(request.form, extras))
    except ValidationError as fault:
        raise _again(involvement, judgement, schemas.form_errors(fault), extras) from fault
    return choice


def _judged_now(involvement: Involvement, judgement: Judgement) -> Judgement:
    """Nobody sends by an old answer: what became known meanwhile is looked at first."""
    is_follow_up = (judgement.change or {}).get("because") == "inquorate"
    if judgement.status is not JudgementStatus.OPEN or is_follow_up:
        return judgement
    return judging.judge(involvement, actor=actor(), letterhead=_mail(), now=now(), because="facts")


def _again(
    involvement: Involvement,
    judgement: Judgement,
    errors: Mapping[str, Sequence[str]],
    extras: Sequence[str],
) -> Rerender:
    shown = decision_page.shown(involvement, judgement, request.form, errors=errors, extras=extras)
    return Rerender(_PAGE, status=422, **shown)


def _beside(fault: Refused | Conflict) -> dict[str, list[str]]:
    if isinstance(fault, Refused):
        return {schemas.BESIDE.get(fault.rule, "form"): [fault.why]}
    return {"form": [fault.why]}


def _answers(involvement: Involvement) -> Answers:
    known = Answers(**{each.name: getattr(involvement, each.name) for each in fields(Answers)})
    given = {
        each.name: TriState(request.form[each.name])
        for each in fields(Answers)
        if request.form.get(each.name) in set(TriState)
    }
    return replace(known, **given)


def _found(ref: str) -> tuple[Involvement, Judgement]:
    involvement = read.by_ref(ref)
    judgement = read.standing(involvement.id) if involvement else None
    if involvement is None or judgement is None:
        raise NotFound(ref)
    return involvement, judgement


def _mail() -> Letterhead:
    return letterhead(current_app.extensions["settings"])
