"""The JSON door of the rules: what they say to facts that a program tells; nothing is kept."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import ValidationError

from core import clock
from core.doors import endpoint, now
from core.web import problem
from meetings.evaluation_terms import Evaluation
from meetings.rules.evaluation import evaluate as ask_rules
from meetings.schemas.evaluation import SituationSchema, faults_in, read_json
from meetings.schemas.evaluation_answers import EvaluationSchema
from meetings.schemas.evaluation_example import ANSWER, FACTS
from meetings.schemas.situations import situation_of
from people.terms import Action
from procedures.rules.working_days import OutsideCalendar
from procedures.service import packs

blueprint = Blueprint("procedures_api", __name__, url_prefix="/api/v1/procedures")
_UNUSABLE = "These facts cannot be judged"


@blueprint.route("/evaluate", methods=["POST"])
@endpoint(Action.PROCEDURES_EVALUATE)
@blueprint.arguments(SituationSchema, example=FACTS)
@blueprint.response(200, EvaluationSchema, example=ANSWER)
@blueprint.alt_response(422, description="`errors` says which fact, moment or id, and what to do")
def evaluate(data: dict[str, Any]) -> Evaluation | Response:
    """Say what the rules answer to these facts; nothing is written down.

    The pack in force on the day asked about judges. What the body does not say is not known,
    which is never read as no.
    """
    at = data.get("at", now())
    _, pack = packs.in_force(clock.today(at))
    try:
        # Read anew: what stands twice in an object is lost in the first reading.
        raw = read_json(request.get_data(as_text=True))
        situation = situation_of(raw, pack=pack, at=at)
        return ask_rules(situation, pack=pack, calendar=packs.calendar_of(pack))
    except ValidationError as fault:
        errors = {where: [words] for where, words in faults_in(fault.messages)}
        return problem(422, _UNUSABLE, errors={"json": errors})
    except OutsideCalendar as fault:
        return problem(422, _UNUSABLE, errors={"json": {"moments": [str(fault)]}})
