"""One child's part in an incident: what was recorded, its scores, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.doors import Rerender, act, actor, may, now, page
from core.errors import NotFound, Refused
from core.filters import birth_date, plain_instant
from meetings.models.incidents import Involvement, Score
from meetings.queries import incidents as read
from meetings.queries.incidents import IncidentRow
from meetings.rules.catalogue import CATALOGUE
from meetings.rules.rulebook import Rulebook
from meetings.schemas.incidents import ANSWER_NAMES, ScoreSchema, score_errors, score_from_form
from meetings.service import incidents as service
from meetings.terms import Decision
from meetings.views.incident_form import book, scale_options
from notifications.service import letterhead
from people.queries import children
from people.terms import Action, TriState

blueprint = Blueprint("incident_page", __name__)
_PAGE = "meetings/incidents/incident.html"
_ANSWERS = {TriState.YES: "Yes", TriState.NO: "No", TriState.NOT_KNOWN: "Not known"}


@blueprint.get("/incidents/<ref>")
@page(Action.INCIDENT_VIEW, of=read.resource)
def show(ref: str) -> ResponseReturnValue:
    """Show one child's part; of the other children only that there are any, and to few."""
    return render_template(_PAGE, **_shown(_found(ref), {}, {}))


@blueprint.post("/incidents/<ref>/score")
@act(Action.INCIDENT_RECORD, of=read.resource)
def score(ref: str) -> ResponseReturnValue:
    """Write down a score and judge again."""
    involvement = _found(ref)
    given = score_from_form(request.form)
    errors: Mapping[str, Sequence[str]] = {"score-scale": ["Select the scale of the score."]}
    if given is not None:
        try:
            service.record_score(
                involvement,
                ScoreSchema().load(given),
                actor=actor(),
                letterhead=letterhead(current_app.extensions["settings"]),
                now=now(),
            )
        except ValidationError as fault:
            errors = score_errors(fault.messages_dict)
        except Refused as fault:
            errors = {"score-scale": [fault.why]}
        else:
            return redirect(f"/incidents/{involvement.ref}/decision", code=303)
    raise Rerender(_PAGE, status=422, **_shown(involvement, request.form, errors))


def _shown(
    involvement: Involvement, values: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> dict[str, object]:
    row = read.page_of(involvement)
    rules = book(now())
    thing = read.resource(involvement.ref)
    sees_link = may(Action.INCIDENT_LINK, thing)
    return {
        "ref": involvement.ref,
        "child_ref": row.child.ref,
        "identity": children.identity_of(row.child, now()),
        "facts": _facts(row, rules),
        "answers": [
            {
                "key": CATALOGUE[name].question,
                # Not known is said in plain ink: a dozen of them in red would hide what is.
                "value": _ANSWERS[getattr(involvement, name)],
            }
            for name in ANSWER_NAMES
        ],
        "narrative": involvement.narrative,
        "scores": [_score(each, rules) for each in row.scores],
        "scales": scale_options(rules)[1:],
        "decision": Decision.from_dict(row.judgement.verdict).why if row.judgement else "",
        "others": read.other_parts(involvement) if sees_link else (),
        "may_add": sees_link,
        "may_score": may(Action.INCIDENT_RECORD, thing),
        "values": dict(values),
        "errors": dict(errors),
    }


def _facts(row: IncidentRow, rules: Rulebook) -> list[dict[str, object]]:
    involvement = row.involvement
    part = rules.parts.get(involvement.part)
    kind = rules.kinds.get(involvement.kind)
    safe = involvement.safe_now
    facts: list[dict[str, object]] = [
        {"key": "This child’s part", "value": part.words if part else involvement.part},
        {"key": "Kind of incident", "value": kind.words if kind else involvement.kind},
        {"key": "Happened", "value": plain_instant(involvement.happened_at)},
        {"key": "Known to the partnership", "value": plain_instant(involvement.known_at)},
        {"key": "Safe when it was recorded", "value": _ANSWERS[safe],
         "is_missing": safe is not TriState.YES},
        {"key": "Recorded", "value": f"{plain_instant(row.recorded_at)} by {row.recorded_by}"},
    ]  # fmt: skip
    if row.cleared_by:
        words = f"Recorded by {row.cleared_by}: {involvement.cleared_why}"
        facts.append({"key": "Neither harm nor exploitation suspected", "value": words})
    return facts


def _score(score: Score, rules: Rulebook) -> str:
    item = rules.scales.get(score.scale)
    name = item.words if item else score.scale
    return (
        f"{score.value} on {name}, version {score.scale_version}, "
        f"by {score.scored_by} on {birth_date(score.scored_on)}"
    )


def _found(ref: str) -> Involvement:
    involvement = read.by_ref(ref)
    if involvement is None:
        raise NotFound(ref)
    return involvement
