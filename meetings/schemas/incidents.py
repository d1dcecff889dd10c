"""One child's part in an incident, as a form or a program sends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate
from marshmallow.decorators import validates_schema

from core import clock
from core.fields import LondonDateTime, PlainDate, parts
from meetings import terms
from meetings.choices import Answers, PartGiven, ScoreGiven
from meetings.rules.facts import score_problem
from meetings.rules.rulebook import Rulebook
from people.details import ChildDetails
from people.terms import TriState

_LONGEST = 20_000
_TOLERANCE = timedelta(minutes=2)
ANSWER_NAMES = tuple(Answers.__dataclass_fields__)
# Which box of the form a fault of the schema belongs beside.
_BESIDE = {"child_ref": "child"}


class ScoreSchema(Schema):
    """A score with its scale and version; a bare number is refused."""

    scale = fields.String(required=True, metadata={"description": "scale id of the pack"})
    scale_version = fields.String(required=True, validate=validate.Length(max=40))
    value = fields.Integer(required=True)
    scored_by = fields.String(required=True, validate=validate.Length(min=1, max=120))
    scored_on = PlainDate(required=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> ScoreGiven:
        return ScoreGiven(**data)


class AnswersSchema(Schema):
    """What the rules ask; what is left out is not known."""

    weapon_used = fields.Enum(TriState, by_value=True)
    serious_injury = fields.Enum(TriState, by_value=True)
    class_a_supply = fields.Enum(TriState, by_value=True)
    retaliation_risk = fields.Enum(TriState, by_value=True)
    exploitation_suspected = fields.Enum(TriState, by_value=True)
    harm_suspected = fields.Enum(TriState, by_value=True)
    hospital_attended = fields.Enum(TriState, by_value=True)
    at_school = fields.Enum(TriState, by_value=True)
    threat_to_life = fields.Enum(TriState, by_value=True)
    ambulance_attended = fields.Enum(TriState, by_value=True)
    has_died = fields.Enum(TriState, by_value=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> Answers:
        return Answers(**data)


class NewChildSchema(Schema):
    """A child added on the way; more is asked on the child's own page."""

    given_name = fields.String(
        required=True, validate=validate.Length(1, 80, error="Enter the child's given names.")
    )
    family_name = fields.String(
        required=True, validate=validate.Length(1, 80, error="Enter the child's family name.")
    )
    born_on = PlainDate(
        required=True,
        error_messages={
            "required": "Enter the date of birth, or your best estimate.",
            "null": "Enter the date of birth, or your best estimate.",
        },
    )
    is_birth_estimated = fields.Boolean(load_default=False)

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> ChildDetails:
        return ChildDetails(**data)


class PartSchema(Schema):
    """One child's part in an incident.

    Args:
        now: the instant of the request; nothing happens after it.
        book: the procedure pack, which names the parts, kinds and scales there are. Without
            the two only the shape is checked here, and the service checks the rest.
    """

    child_ref = fields.String(
        required=True,
        validate=validate.Length(min=1, error="Select the child this is about."),
        error_messages={"required": "Select the child this is about."},
    )
    part = fields.String(
        required=True, error_messages={"required": "Select the child's part in what happened."}
    )
    kind = fields.String(
        required=True, error_messages={"required": "Select what kind of incident it was."}
    )
    happened_at = LondonDateTime(
        required=True, error_messages={"required": "Enter when it happened."}
    )
    known_at = LondonDateTime(load_default=None, allow_none=True)
    narrative = fields.String(
        required=True,
        validate=validate.Length(
            max=_LONGEST, error="What happened must be 20,000 characters or fewer."
        ),
        error_messages={"required": "Write what happened, in a sentence or two."},
    )
    safe_now = fields.Enum(
        TriState,
        by_value=True,
        required=True,
        error_messages={
            "required": "Select whether the child is safe now.",
            "unknown": "Select whether the child is safe now.",
        },
    )
    answers = fields.Nested(AnswersSchema, load_default=Answers)
    score = fields.Nested(ScoreSchema, load_default=None, allow_none=True)

    def __init__(
        self,
        *,
        now: datetime | None = None,
        book: Rulebook | None = None,
        **more: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**more)
        self.now = now
        self.book = book

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_: object) -> None:
        if self.now is None or self.book is None:
            return
        faults: dict[str, list[str]] = {}
        if "part" in data and data["part"] not in self.book.parts:
            faults["part"] = ["Select the child's part in what happened."]
        if "kind" in data and data["kind"] not in self.book.kinds:
            faults["kind"] = ["Select what kind of incident it was."]
        if "narrative" in data and not data["narrative"].strip():
            faults["narrative"] = ["Write what happened, in a sentence or two."]
        faults |= _time_faults(data.get("happened_at"), data.get("known_at"), self.now)
        score = data.get("score")
        if isinstance(score, ScoreGiven):
            faults |= score_faults(score, now=self.now, book=self.book)
        if faults:
            raise ValidationError(faults)

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> PartGiven:
        return PartGiven(**data)


def _time_faults(
    happened_at: datetime | None, known_at: datetime | None, now: datetime
) -> dict[str, list[str]]:
    latest = now + _TOLERANCE
    if happened_at is not None and happened_at > latest:
        return {"happened_at": ["The incident time must be now or in the past."]}
    if known_at is not None and known_at > latest:
        return {"known_at": ["The time you heard of it must be now or earlier."]}
    if known_at and happened_at and known_at < happened_at - _TOLERANCE:
        return {"known_at": ["The time you heard of it must be after it happened."]}
    return {}


def score_faults(score: ScoreGiven, *, now: datetime, book: Rulebook) -> dict[str, list[str]]:
    """Return what is wrong with a score, by field; empty when it can be written down."""
    said = terms.Score(
        score.scale, score.scale_version, score.value, score.scored_by, score.scored_on
    )
    problem = score_problem(said, book)
    if problem:
        return {"score": [problem]}
    if score.scored_on > clock.today(now):
        return {"score": ["The date of the score must be today or earlier."]}
    return {}


def from_form(form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return the boxes of the incident form as the schema takes them.

    "When" is one question with three answers, "the score" is one that is left out by default.
    """
    given = parts(form)
    data: dict[str, Any] = {
        name: given[name]
        for name in ("part", "kind", "narrative", "safe_now")
        if given.get(name) not in (None, "")
    }
    if given.get("child"):
        data["child_ref"] = given["child"]
    happened = _happened(form, given, now)
    if happened is not None:
        data["happened_at"] = happened
    if isinstance(given.get("known"), dict):
        data["known_at"] = given["known"] | {"time": form.get("known-clock", "")}
    data["answers"] = {name: form[name] for name in ANSWER_NAMES if form.get(name)}
    data["score"] = score_from_form(form)
    return data


def score_from_form(form: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the score's boxes, or None when it has not been scored.

    A number without a scale is passed on, so that it is refused and not lost.
    """
    value = form.get("score-value", "").strip()
    scale, _, version = form.get("score-scale", "").partition("|")
    if not scale and not value:
        return None
    boxes = {
        "scale": scale,
        "scale_version": version,
        "value": value,
        "scored_by": form.get("score-scored_by", "").strip(),
        "scored_on": parts(form).get("scored"),
    }
    return {name: typed for name, typed in boxes.items() if typed}


def form_errors(messages: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the schema's faults under the names of the form's boxes."""
    found: dict[str, list[str]] = {}
    for name, fault in messages.items():
        if name == "happened_at":
            found |= _beside_time(fault, form)
        elif name == "known_at":
            found["known"] = list(fault)
        elif name == "score":
            found |= score_errors(fault)
        else:
            found[_BESIDE.get(name, name)] = (
                list(fault) if isinstance(fault, list) else ["Select one of the answers."]
            )
    return found


def _happened(form: Mapping[str, str], given: Mapping[str, Any], now: datetime) -> Any:  # noqa: ANN401
    today = clock.today(now)
    match form.get("when"):
        case "now":
            return now.isoformat()
        case "earlier":
            day = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
            return day | {"time": form.get("earlier-clock", ""), "fold": form.get("fold", "")}
        case "other":
            boxes = given.get("happened") or {}
            clock_time = form.get("happened-clock", "")
            return boxes | {"time": clock_time, "fold": form.get("fold", "")}
        case _:
            return None


def _beside_time(fault: Any, form: Mapping[str, str]) -> dict[str, list[str]]:  # noqa: ANN401
    messages = list(fault)
    match form.get("when"):
        case "earlier":
            return {"earlier-clock": messages}
        case "other":
            is_clock = any("time" in message.lower() for message in messages)
            return {"happened-clock" if is_clock else "happened": messages}
        case _:
            return {"when": messages}


def score_errors(fault: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """Return the score's faults under the names of the form's boxes."""
    if isinstance(fault, list):
        return {"score-scale": fault}
    boxes = {"scored_on": "scored", "scale_version": "score-scale"}
    words = {
        "scale": "Select the scale the score was given on: a number alone says nothing.",
        "scale_version": "Select the scale the score was given on, with its version.",
        "value": "Enter the score as a whole number.",
        "scored_by": "Enter who gave the score.",
        "scored_on": "Enter the date the score was given.",
    }
    found = {boxes.get(name, f"score-{name}"): [words[name]] for name in fault if name in words}
    if "scale" in fault:
        found["score-scale"] = [words["scale"]]
    return found
