"""The working copy of the rules: what differs, what trials said, and a colleague's consent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate

from core import clock, doors
from core.db import Json
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.fields import PlainDate
from core.filters import plain_instant
from meetings.rules import trial
from meetings.rules.case import vocabulary_of
from meetings.rules.trial import Tried
from meetings.service import trials
from meetings.service.trials import Bench
from meetings.views import rule_words, rules
from meetings.views.rule_changes import KNOWN
from people.form_fields import errors_of, load_form, typed
from people.queries import accounts
from people.terms import Action
from procedures import draft_queries
from procedures.draft_terms import Difference, DraftStatus
from procedures.models import PackDraft
from procedures.rules.conditions import facts_of
from procedures.service import drafting
from procedures.shipped import pack_of
from procedures.terms import Pack, PackUnreadable, Test

blueprint = Blueprint("rule_draft", __name__)
_PAGE = "meetings/rules/draft.html"
_HERE = "/admin/rules/draft"
_SEE_OTHER = 303
_INCIDENT = "incident"


class OfferSchema(Schema):
    """From which date the rules are to hold, and why they change."""

    starts_on = PlainDate(
        required=True, error_messages={"required": "Give the date from which the rules hold."}
    )
    note = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        error_messages={"required": "Say why the rules change, for your colleague and for later."},
    )


@blueprint.get("/admin/rules/draft")
@page(Action.PROCEDURES_VIEW)
def show() -> ResponseReturnValue:
    """Show what the working copy changes, and what its trials said."""
    draft = draft_queries.open_draft()
    if draft is None:
        return render_template("meetings/rules/no_draft.html")
    return render_template(_PAGE, **_shown(draft, {}, {}))


@blueprint.post("/admin/rules/draft/put-back")
@act(Action.PROCEDURES_EDIT)
def put_back() -> ResponseReturnValue:
    """Take back what was changed in one rule."""
    draft = _draft()
    section, rule_id = request.form.get("section", ""), request.form.get("rule", "")
    if (section, rule_id) not in {(one.section, one.item_id) for one in _differences(draft)}:
        raise NotFound("rule")
    try:
        drafting.put_back(draft, section, rule_id, version=_version(), known=KNOWN,
                          actor=actor(), now=now())  # fmt: skip
    except PackUnreadable as fault:
        words = f"Another changed rule needs it: {fault.faults[0].words}."
        raise _again(draft, {"form": [words]}) from fault
    except Conflict as fault:
        raise _again(draft, {"form": [fault.why]}) from fault
    return redirect(_HERE, code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/try")
@act(Action.PROCEDURES_EDIT)
def try_incident() -> ResponseReturnValue:
    """Say what would be answered on one past incident, without naming anybody."""
    draft, ref = _draft(), request.form.get("ref", "").strip().upper()
    suppose = _supposed(draft)
    found = trials.on_incident(ref, _bench(draft), suppose=suppose, actor=actor(), now=now())
    if found is None:
        words = "No incident has this reference. It begins with I- and six more characters."
        raise _again(draft, {"ref": [words]})
    said = {"tried": found.to_dict(), "suppose": sorted(suppose), "at": plain_instant(now())}
    drafting.keep_trial(draft, _INCIDENT, said)
    return redirect(f"{_HERE}#tried", code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/try-year")
@act(Action.PROCEDURES_EDIT)
def try_year() -> ResponseReturnValue:
    """Write down that it is tried; the page it leads to only reads, and holds nobody up."""
    _draft()
    trials.begin_year(actor=actor(), now=now())
    return redirect(f"{_HERE}/year", code=_SEE_OTHER)


@blueprint.get("/admin/rules/draft/year")
@page(Action.PROCEDURES_EDIT)
def year() -> ResponseReturnValue:
    """Count what would have differed over the last twelve months."""
    total = trials.on_last_year(_bench(_draft()), now=now())
    return render_template(
        "meetings/rules/year.html",
        lines=rule_words.tally(total),
        shown=[rule_words.tried(one) for one in total.shown],
        rest=total.differ - len(total.shown),
        since=trials.since(now()),
    )


@blueprint.post("/admin/rules/draft/examples")
@act(Action.PROCEDURES_EDIT)
def keep_example() -> ResponseReturnValue:
    """Keep the last trial as an example that must come out the same before publishing."""
    draft = _draft()
    last = draft.trials.get(_INCIDENT)
    if last is None:
        raise _again(draft, {"ref": ["Try an incident first: its answer becomes the example."]})
    found = Tried.from_dict(last["tried"])
    facts = trials.facts_of(found.ref, pack_of(draft.text), frozenset(last["suppose"]))
    if facts is None:
        raise NotFound("incident")
    drafting.keep_example(draft, trials.example(found, facts), actor=actor(), now=now())
    return redirect(f"{_HERE}#examples", code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/examples/drop")
@act(Action.PROCEDURES_EDIT)
def drop_example() -> ResponseReturnValue:
    """Take an example away."""
    place = request.form.get("place", -1, type=int)
    drafting.drop_example(_draft(), place, actor=actor(), now=now())
    return redirect(f"{_HERE}#examples", code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/offer")
@act(Action.PROCEDURES_EDIT)
def offer() -> ResponseReturnValue:
    """Ask a colleague to agree."""
    draft = _draft()
    try:
        given = load_form(OfferSchema(), request.form)
        drafting.offer(draft, given["starts_on"], given["note"], examples_hold=_failing(draft),
                       known=KNOWN, actor=actor(), now=now())  # fmt: skip
    except ValidationError as fault:
        raise _again(draft, errors_of(fault)) from fault
    except Refused as fault:
        place = "starts_on" if fault.rule == "rules.start" else "form"
        raise _again(draft, {place: [fault.why]}) from fault
    except Conflict as fault:
        raise _again(draft, {"form": [fault.why]}) from fault
    return redirect(_HERE, code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/send-back")
@act(Action.PROCEDURES_EDIT)
def send_back() -> ResponseReturnValue:
    """Do not agree, and say why."""
    draft = _draft()
    try:
        drafting.send_back(draft, request.form.get("why", ""), actor=actor(), now=now())
    except Refused as fault:
        raise _again(draft, {"why": [fault.why]}) from fault
    return redirect(_HERE, code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/publish")
@act(Action.PROCEDURES_PUBLISH)
def publish() -> ResponseReturnValue:
    """Agree: the working copy becomes a version of the rules."""
    draft = _draft()
    try:
        drafting.publish(draft, version=_version(), examples_hold=_failing(draft), known=KNOWN,
                         actor=actor(), now=now())  # fmt: skip
    except (Refused, Conflict, NotAllowed) as fault:
        raise _again(draft, {"form": [fault.why]}) from fault
    return redirect("/admin/rules/versions", code=_SEE_OTHER)


@blueprint.post("/admin/rules/draft/drop")
@act(Action.PROCEDURES_EDIT)
def drop() -> ResponseReturnValue:
    """Give the working copy up."""
    drafting.drop(_draft(), actor=actor(), now=now())
    return redirect("/admin/rules", code=_SEE_OTHER)


def _draft() -> PackDraft:
    draft = draft_queries.open_draft()
    if draft is None:
        raise NotFound("working copy")
    return draft


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _differences(draft: PackDraft) -> tuple[Difference, ...]:
    return drafting.differences(draft)


def _bench(draft: PackDraft) -> Bench:
    _, before = drafting.base_of(draft)
    today = clock.today(now())
    return trials.bench(before, pack_of(draft.text), today=today, starts_on=draft.starts_on)


def _failing(draft: PackDraft) -> drafting.ExamplesHold:
    on = draft.starts_on or clock.today(now())

    def check(pack: Pack, examples: Any) -> list[str]:  # noqa: ANN401 - as kept
        return trials.failing(pack, examples, on=on)

    return check


def _again(draft: PackDraft, errors: Mapping[str, list[str]]) -> Rerender:
    return Rerender(_PAGE, **_shown(draft, typed(request.form, "suppose"), errors))


def _shown(
    draft: PackDraft, values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> dict[str, Any]:
    version, was = drafting.base_of(draft)
    pack = pack_of(draft.text)
    hands = {draft.made_by_id} if draft.made_by_id else set()
    names = accounts.names_of(hands)
    found = _differences(draft)
    return {
        "version": draft.version,
        "based_on": f"{version.name}, version {version.number}",
        "made_by": names.get(draft.made_by_id, "Not known") if draft.made_by_id else "Not known",
        "made": plain_instant(draft.made_at),
        "is_waiting": draft.status is DraftStatus.WAITING,
        "is_second": drafting.may_publish(draft, actor()),
        "starts_on": draft.starts_on,
        "note": draft.note,
        "refused_why": draft.refused_why,
        "differences": [_difference(one, was, pack) for one in found],
        "suppose_options": _supposable(found, pack),
        "incident": _incident(draft.trials.get(_INCIDENT), pack),
        "examples": _examples(draft, pack),
        "may_edit": doors.may(Action.PROCEDURES_EDIT),
        "may_publish": doors.may(Action.PROCEDURES_PUBLISH),
        "values": {**_start(draft.starts_on), "note": draft.note, **values},
        "errors": dict(errors),
    }


def _start(on: date | None) -> dict[str, str]:
    if on is None:
        return {}
    return {
        "starts_on-day": str(on.day),
        "starts_on-month": str(on.month),
        "starts_on-year": str(on.year),
    }


def _difference(one: Difference, was: Pack, pack: Pack) -> dict[str, Any]:
    shown = one.now or one.was
    assert shown is not None  # noqa: S101 - a difference has one side at least
    return {
        "id": one.item_id,
        "section": one.section,
        "words": shown.words,
        "href": f"/admin/rules/{one.section}/{one.item_id}/change",
        "may_change": one.section in rules.CHANGEABLE and one.now is not None,
        "was": rules.line(one.was, was) if one.was else None,
        "now": rules.line(one.now, pack) if one.now else None,
    }


def _supposable(found: tuple[Difference, ...], pack: Pack) -> list[dict[str, str]]:
    """The facts of the changed rules that a trial can suppose to be so."""
    facts = vocabulary_of(pack).facts
    named = [test.fact for one in found if one.now for test in _tests(one.now.condition())]
    return [
        {"value": name, "text": facts[name].yes[:1].upper() + facts[name].yes[1:]}
        for name in dict.fromkeys(named)
        if name in facts and trial.may_suppose(name)
    ]


def _tests(condition: Any) -> list[Test]:  # noqa: ANN401 - a condition of any shape
    return list(facts_of(condition))


def _supposed(draft: PackDraft) -> frozenset[str]:
    offered = {one["value"] for one in _supposable(_differences(draft), pack_of(draft.text))}
    return frozenset(request.form.getlist("suppose")) & offered


def _incident(said: Json | None, pack: Pack) -> dict[str, Any] | None:
    if said is None:
        return None
    facts = vocabulary_of(pack).facts
    supposed = [facts[name].yes for name in said["suppose"] if name in facts]
    return {
        **rule_words.tried(Tried.from_dict(said["tried"])),
        "supposing": ", ".join(supposed),
        "at": said["at"],
    }


def _examples(draft: PackDraft, pack: Pack) -> list[dict[str, Any]]:
    on = draft.starts_on or clock.today(now())
    return [
        {
            "place": place,
            "ref": one["ref"],
            "about": one["about"],
            "wanted": _wanted(one["expected"], pack),
            "is_failing": bool(trials.failing(pack, [one], on=on)),
        }
        for place, one in enumerate(draft.examples)
    ]


def _wanted(kept: Json, pack: Pack) -> str:
    meeting = kept["meeting_type"]
    said = [pack.words_of("meeting_type", meeting) if meeting else "no meeting"]
    said += [
        f"{pack.words_of('role', role)} ({rule_words.requirement(how)})"
        for role, how in kept["invited"]
    ]
    said += [f"{pack.words_of('role', role)} not invited" for role in kept["not_invited"]]
    return "; ".join(said)
