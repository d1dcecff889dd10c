"""Holding a meeting: the run page, saved as it is typed, and the check before it is finished."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import drafts
from core.db import session
from core.doors import Rerender, act, actor, may, now, page
from core.errors import Conflict, NotFound, Refused
from core.fields import parts as gather
from core.filters import plain_time
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries import records as read
from meetings.schemas.records import FinishWordsSchema, given
from meetings.service import attendance, concluding, records, standing
from meetings.terms import MeetingStatus, RecordStatus
from meetings.views import finish_page
from meetings.views.run_form import NEW, Faults, Part, parts_of
from meetings.views.run_page import Page, run_page
from meetings.views.run_saving import Saving
from notifications.service import letterhead
from people.terms import Action

blueprint = Blueprint("chairing", __name__)
_RUN = "meetings/run/run.html"
_START = "meetings/run/start.html"
_FINISH = "meetings/run/finish.html"
_UNPROCESSABLE, _CONFLICT = 422, 409


@blueprint.get("/meetings/<ref>/run")
@page(Action.MEETING_RUN, of=read.resource)
def run(ref: str) -> ResponseReturnValue:
    """Show the meeting as it is held; before it starts, the button that starts it."""
    meeting = _meeting(ref)
    record = read.record_of(meeting.id)
    if record is None or meeting.status is MeetingStatus.ARRANGED:
        return render_template(_START, meeting=meeting, is_over=_is_stood_down(meeting))
    if record.status is not RecordStatus.DRAFT:
        return redirect(f"/meetings/{meeting.ref}/record")
    draft = drafts.load(actor().account_id, _key(meeting))
    return render_template(_RUN, **_page(record, meeting, typed=draft.data if draft else None))


@blueprint.post("/meetings/<ref>/run/start")
@act(Action.MEETING_RUN, of=read.resource)
def start(ref: str) -> ResponseReturnValue:
    """Start the meeting: one press, then the page to write on."""
    meeting = _meeting(ref)
    try:
        records.start(meeting, actor=actor(), now=now())
    except Refused as fault:
        raise Rerender(
            _START, meeting=meeting, is_over=True, errors={"form": [fault.why]}
        ) from fault
    return redirect(f"/meetings/{meeting.ref}/run")


@blueprint.post("/meetings/<ref>/run")
@act(Action.MEETING_RUN, of=read.resource)
def save(ref: str) -> ResponseReturnValue:
    """Save every part that was touched; all of it, or nothing and the page as it was typed."""
    meeting, record = _running(ref)
    form = request.form.to_dict()
    press = form.get("press", "save")
    parts = parts_of(form)
    saving = _saving(record, meeting)
    _save_all_or_nothing(saving, parts, press)
    if saving.faults:
        status = _CONFLICT if saving.faults.clashes else _UNPROCESSABLE
        context = _page(record, meeting, typed=form, faults=saving.faults)
        raise Rerender(_RUN, status=status, **context)
    _keep_unfinished(meeting, parts, press)
    if press == "finish":
        return redirect(f"/meetings/{meeting.ref}/finish")
    return redirect(f"/meetings/{meeting.ref}/run#{_anchor(press)}")


@blueprint.post("/meetings/<ref>/run/autosave")
@act(Action.MEETING_RUN, of=read.resource)
def autosave(ref: str) -> ResponseReturnValue:
    """Save one part while somebody types; a row not added yet is kept as a draft."""
    meeting, record = _running(ref)
    parts = parts_of(request.form.to_dict())
    saving = _saving(record, meeting)
    for part in parts:
        if part.key == NEW:
            _keep_unfinished(meeting, [part], "", is_whole=False)
        elif part.is_touched and not part.has_clashed:
            saving.save(part)
    if saving.faults.clashes:
        return jsonify(message=_first(saving.faults)), _CONFLICT
    if saving.faults:
        return jsonify(message=_first(saving.faults)), _UNPROCESSABLE
    return jsonify(saved_at=plain_time(now()), fields=_saved_marks(record, meeting, parts))


@blueprint.get("/meetings/<ref>/finish")
@page(Action.MEETING_RUN, of=read.resource)
def check(ref: str) -> ResponseReturnValue:
    """Show what is missing, with a link to each place, and what finishing sets going."""
    meeting = _meeting(ref)
    record = read.record_of(meeting.id)
    if record is None or meeting.status is not MeetingStatus.IN_PROGRESS:
        return redirect(f"/meetings/{meeting.ref}/run")
    return render_template(_FINISH, **finish_page.finish_page(record, meeting, now=now()))


@blueprint.post("/meetings/<ref>/finish")
@act(Action.MEETING_RUN, of=read.resource)
def finish(ref: str) -> ResponseReturnValue:
    """End the meeting: actions go live and their owners are told."""
    meeting = _meeting(ref)
    record = read.record_of(meeting.id)
    if record is None:
        raise NotFound("record")
    typed = request.form.to_dict()
    errors: dict[str, list[str]] = {}
    try:
        with session.begin_nested():
            concluding.finish(
                record,
                meeting,
                FinishWordsSchema().load(given(gather(typed))),
                letterhead=letterhead(current_app.extensions["settings"]),
                actor=actor(),
                now=now(),
            )
    except ValidationError as fault:
        errors = fault.messages_dict
    except Refused as fault:
        errors = {finish_page.BESIDE.get(fault.rule, "form"): [fault.why]}
    except Conflict:
        return redirect(f"/meetings/{meeting.ref}/record")
    if errors:
        context = finish_page.finish_page(record, meeting, now=now(), typed=typed, errors=errors)
        raise Rerender(_FINISH, **context)
    return redirect(f"/meetings/{meeting.ref}/record")


def _saving(record: Record, meeting: Meeting) -> Saving:
    whole = read.whole_record(record, meeting)
    invited = standing.invited_to(meeting.id)
    return Saving(
        record=record,
        meeting=meeting,
        headings=standing.places(meeting, invited, whole.sections, now=now()),
        actor=actor(),
        now=now(),
        faults=Faults(),
    )


class _Undo(Exception):
    """A part could not be saved: the others are not saved either."""


def _save_all_or_nothing(saving: Saving, parts: list[Part], press: str) -> None:
    """Save what was touched and do what was pressed, so that the page shown again is true."""
    try:
        with session.begin_nested():
            _save_touched(saving, parts, press)
            if not saving.faults:
                _do_press(saving, press)
            if saving.faults:
                raise _Undo
    except _Undo:
        return


def _save_touched(saving: Saving, parts: list[Part], press: str) -> None:
    for part in parts:
        is_asked_for = part.key != NEW or press == f"add_{part.kind}"
        if is_asked_for and (part.is_touched or part.has_clashed or part.key == NEW):
            saving.save(part)


def _do_press(saving: Saving, press: str) -> None:
    if press == "all_here":
        attendance.everyone_who_accepted(
            saving.record, saving.meeting, actor=saving.actor, now=saving.now
        )
    elif press.startswith("remove."):
        saving.remove(press.removeprefix("remove."))


def _keep_unfinished(
    meeting: Meeting, parts: list[Part], press: str, *, is_whole: bool = True
) -> None:
    """Keep rows typed and not added yet, so that neither a press elsewhere nor a lost line costs.

    Args:
        is_whole: the whole page was posted: a row that is blank in it is forgotten.
    """
    draft = drafts.load(actor().account_id, _key(meeting))
    data: dict[str, str] = dict(draft.data) if draft else {}
    for part in parts:
        if part.key != NEW:
            continue
        data = {name: text for name, text in data.items() if not name.startswith(f"{part.name}.")}
        is_kept = not part.is_blank and press != f"add_{part.kind}"
        if is_kept:
            data |= {f"{part.name}.{name}": text for name, text in part.fields.items()}
    if data:
        drafts.save(actor().account_id, _key(meeting), data, now())
    elif is_whole or draft is not None:
        drafts.drop(actor().account_id, _key(meeting))


def _saved_marks(record: Record, meeting: Meeting, parts: list[Part]) -> dict[str, str]:
    """Return version and mark of what was saved, for the page that goes on typing."""
    names = {part.name for part in parts if part.key != NEW}
    if not names:
        return {}
    fresh: dict[str, str] = _page(record, meeting)["values"]
    return {
        name: text
        for name, text in fresh.items()
        if name.endswith((".version", ".seen")) and name.rpartition(".")[0] in names
    }


def _page(
    record: Record,
    meeting: Meeting,
    *,
    typed: dict[str, str] | None = None,
    faults: Faults | None = None,
) -> Page:
    return run_page(
        record,
        meeting,
        may_read_information=may(Action.INFORMATION_READ, read.resource(meeting.ref)),
        now=now(),
        typed=typed,
        faults=faults,
    )


def _meeting(ref: str) -> Meeting:
    meeting = read.meeting_by_ref(ref)
    if meeting is None:
        raise NotFound("meeting")
    return meeting


def _running(ref: str) -> tuple[Meeting, Record]:
    meeting = _meeting(ref)
    record = read.record_of(meeting.id)
    if record is None:
        raise NotFound("record")
    return meeting, record


def _is_stood_down(meeting: Meeting) -> bool:
    return meeting.status is MeetingStatus.STOOD_DOWN


def _key(meeting: Meeting) -> str:
    return f"run:{meeting.id}"


def _anchor(press: str) -> str:
    """Return where the page opens again: at what was pressed."""
    if press.startswith(("add_", "remove.")):
        kind = press.removeprefix("add_").removeprefix("remove.").partition(".")[0]
        return {"decision": "decisions", "action": "actions", "dissent": "dissent"}.get(kind, "who")
    return "who" if press == "all_here" else press.removeprefix("save.") or "who"


def _first(faults: Faults) -> str:
    return next(iter(faults.errors.values()))[0]
