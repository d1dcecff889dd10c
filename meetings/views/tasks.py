"""A task that no other act finishes: read it, and tick it off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import NotTheirs, Rerender, act, actor, now, page
from core.errors import NotFound, Refused
from meetings.models.tasks import Task
from meetings.queries.tasks import open_of_anybody, open_one
from meetings.service import tasks, ticking
from meetings.service.undelivered import BOUNCED
from meetings.views.due import due_instant
from people.models.children import Child
from people.queries import children
from people.terms import Action, Resource

blueprint = Blueprint("tasks", __name__)
_PAGE = "meetings/home/task.html"
_CALLS = (tasks.RING, BOUNCED)


def own_task(key: str) -> Resource | None:
    """Return what the policy needs to know of a task that waits for the person asking.

    Raises:
        NotTheirs: it waits for somebody else.
    """
    mine = open_one(key, actor())
    task = mine or open_of_anybody(key)
    if task is None:
        return None
    thing = Resource(kind="task", id=task.id, child_id=task.child_id, meeting_id=task.meeting_id)
    if mine is None:
        raise NotTheirs(thing, "task.of_somebody_else")
    return thing


@blueprint.get("/tasks/<key>")
@page(Action.HOME_VIEW, of=own_task)
def show(key: str) -> ResponseReturnValue:
    """Show one task with the press that ticks it off."""
    return render_template(_PAGE, **_shown(key, {}, {}))


@blueprint.post("/tasks/<key>")
@act(Action.HOME_VIEW, of=own_task)
def tick_off(key: str) -> ResponseReturnValue:
    """Take the task off the list, with what came of it."""
    note = request.form.get("note", "")
    try:
        ticking.tick_off(named(key), note, actor=actor(), now=now())
    except Refused as fault:
        where = "note" if fault.rule == "task.note" else "form"
        raise Rerender(_PAGE, **_shown(key, {"note": note}, {where: [fault.why]})) from fault
    return redirect("/", code=303)


def named(key: str) -> Task:
    """Return the task of a key that waits for the person asking.

    Raises:
        NotFound: none does, or it was done meanwhile.
    """
    task = open_one(key, actor())
    if task is None:
        raise NotFound("task")
    return task


def _shown(key: str, values: dict[str, str], errors: dict[str, list[str]]) -> dict[str, Any]:
    task = named(key)
    child = children.by_id(task.child_id) if task.child_id else None
    return {
        "action": f"/tasks/{key}",
        "ref": task.ref,
        "key": key,
        "words": task.words,
        "child": _named(child) if child else None,
        "due": due_instant(task.due_at, now()),
        "may_tick": ticking.may_be_ticked_off(task),
        "button_text": "I have rung: done" if task.kind in _CALLS else "It is done",
        "values": values,
        "errors": errors,
    }


def _named(child: Child) -> str:
    return f"{child.name}, {child.ref}"
