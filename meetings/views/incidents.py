"""Record a serious incident: one child at a time, kept as it is typed, judged as it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import drafts
from core.doors import Rerender, act, actor, now, page
from core.errors import NotFound, Refused
from core.filters import plain_time
from meetings.models.incidents import Involvement
from meetings.queries import incidents as read
from meetings.service import incidents as service
from meetings.views.incident_form import (
    BESIDE,
    Taken,
    as_it_was,
    same_time,
    shown,
    take,
    telephones,
)
from notifications.service import letterhead
from people.terms import Action

blueprint = Blueprint("incidents", __name__)
_FORM = "meetings/incidents/new.html"
_NEW = "incident:new"
# Boxes that say what was pressed and not what was typed.
_NOT_KEPT = frozenset({"csrf_token", "press", "rung"})


@blueprint.get("/incidents/new")
@page(Action.INCIDENT_RECORD)
def new() -> ResponseReturnValue:
    """Ask what happened; a draft comes back as it was left."""
    draft = drafts.load(actor().account_id, _NEW)
    values: dict[str, str] = {"when": "now"}
    if draft is not None:
        # "Just now" was then: it comes back as the time it was.
        values |= as_it_was(draft.data, draft.saved_at)
    if request.args.get("child"):
        values["child"] = request.args["child"]
    return render_template(_FORM, **shown(values, saved_at=draft.saved_at if draft else None))


@blueprint.post("/incidents/new")
@act(Action.INCIDENT_RECORD)
def record() -> ResponseReturnValue:
    """Take the form: find a child, keep a draft, or record the incident and judge it."""
    return _take(None)


@blueprint.post("/incidents/draft")
@act(Action.INCIDENT_RECORD)
def save_draft() -> ResponseReturnValue:
    """Keep what is being typed."""
    return _keep(_NEW)


@blueprint.get("/incidents/<ref>/another")
@page(Action.INCIDENT_LINK, of=read.resource)
def another(ref: str) -> ResponseReturnValue:
    """Ask for another child's own part; nothing of the first child's words is shown."""
    first = _first(ref)
    draft = drafts.load(actor().account_id, _key(first))
    values = draft.data if draft is not None else same_time(first)
    saved_at = draft.saved_at if draft else None
    return render_template(_FORM, **shown(values, first=first, saved_at=saved_at))


@blueprint.post("/incidents/<ref>/another")
@act(Action.INCIDENT_LINK, of=read.resource)
def record_another(ref: str) -> ResponseReturnValue:
    """Record another child's part in the same incident."""
    return _take(_first(ref))


@blueprint.post("/incidents/<ref>/another/draft")
@act(Action.INCIDENT_LINK, of=read.resource)
def save_another_draft(ref: str) -> ResponseReturnValue:
    """Keep what is being typed about another child."""
    return _keep(_key(_first(ref)))


def _take(first: Involvement | None) -> ResponseReturnValue:
    form = request.form
    press = form.get("press", "continue")
    if press == "find":
        return render_template(_FORM, **shown(form, first=first, is_looking=True))
    if press == "save":
        drafts.save(actor().account_id, _key(first), _typed(form), now())
        return redirect("/", code=303)
    if form.get("safe_now") in ("no", "not_known") and form.get("rung") != "yes":
        drafts.save(actor().account_id, _key(first), _typed(form), now())
        return _ring_first(first, press)
    taken = Taken(None, {})
    try:
        taken = take(form)
        if taken.part is None:
            raise _again(taken, first)
        involvement = _write(taken, first)
    except Refused as fault:
        wrong = {BESIDE.get(fault.rule, "form"): [fault.why]}
        raise _again(Taken(None, wrong, taken.duplicates), first) from fault
    drafts.drop(actor().account_id, _key(first))
    where = "another" if press == "another" else "decision"
    return redirect(f"/incidents/{involvement.ref}/{where}", code=303)


def _write(taken: Taken, first: Involvement | None) -> Involvement:
    assert taken.part is not None  # noqa: S101 - the caller looked
    mail = letterhead(current_app.extensions["settings"])
    if first is None:
        return service.report([taken.part], actor=actor(), letterhead=mail, now=now())[0]
    incident = read.incident_of(first)
    return service.add_child(incident, taken.part, actor=actor(), letterhead=mail, now=now())


def _again(taken: Taken, first: Involvement | None) -> Rerender:
    values = request.form.to_dict()
    return Rerender(
        _FORM,
        status=422,
        **shown(values, first=first, errors=taken.errors, duplicates=taken.duplicates),
    )


def _ring_first(first: Involvement | None, press: str) -> ResponseReturnValue:
    kept = [(name, text) for name, text in request.form.items() if name not in _NOT_KEPT]
    where = f"/incidents/{first.ref}/another" if first else "/incidents/new"
    return render_template(
        "meetings/incidents/not_safe.html",
        telephones=telephones(),
        action=where,
        kept=kept,
        press=press,
    )


def _keep(key: str) -> ResponseReturnValue:
    draft = drafts.save(actor().account_id, key, _typed(request.form), now())
    return jsonify(saved_at=plain_time(draft.saved_at))


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in form.items() if name not in _NOT_KEPT}


def _key(first: Involvement | None) -> str:
    return f"incident:{first.ref}" if first else _NEW


def _first(ref: str) -> Involvement:
    found = read.by_ref(ref)
    if found is None:
        raise NotFound(ref)
    return found
