"""The file of facts that a program gives: its form, and what it says by the pack in use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NoReturn, cast

from marshmallow import Schema, ValidationError, fields, validate
from marshmallow.decorators import validates_schema

from core.fields import PlainDate
from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.moments import MOMENTS
from meetings.schemas.fact_fields import KnownOrNot, Moment
from people.terms import ConnectionKind, ConnectionStatus

_LONGEST = 200
_MOST = 500
_A_YEAR = 366


class _Told(Schema):
    """Names that mean nothing are refused by name."""

    error_messages = {  # noqa: RUF012 - marshmallow reads it from the class
        "unknown": "Nothing of this name is known here. Check its spelling; "
        "docs/evaluate.md and docs/facts.md list the names.",
        "type": "This must be an object: { ... }.",
    }


def _facts_schema() -> type[Schema]:
    told: dict[str, fields.Field[Any]] = {
        name: KnownOrNot(fact) for name, fact in CATALOGUE.items()
    }
    return cast("type[Schema]", type("FactsToldSchema", (_Told,), told))


def _moments_schema() -> type[Schema]:
    names = sorted(EVENTS - {"recorded_at", "held_on"})
    told = {
        name: Moment(
            takes_date=True,
            metadata={"format": "date-time", "description": MOMENTS.get(name, name)},
        )
        for name in names
    }
    return cast("type[Schema]", type("MomentsToldSchema", (_Told,), told))


FactsToldSchema = _facts_schema()
MomentsToldSchema = _moments_schema()


def _text(means: str = "", *, required: bool = False) -> fields.String:
    metadata = {"description": means} if means else None
    length = validate.Length(1, _LONGEST)
    return fields.String(required=required, validate=length, metadata=metadata)


class ScoreToldSchema(_Told):
    """A score with its scale and version; a bare number is refused."""

    scale = _text(required=True)
    scale_version = _text(required=True)
    value = fields.Integer(required=True, strict=True)
    scored_by = fields.String(load_default="not said", validate=validate.Length(1, _LONGEST))
    scored_on = PlainDate(required=True)


class ShutToldSchema(_Told):
    """Dates on which an agency is closed, both included."""

    from_on = PlainDate(required=True)
    to_on = PlainDate(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if not 0 <= (data["to_on"] - data["from_on"]).days <= _A_YEAR:
            raise ValidationError("to_on must lie within the year after from_on.", "to_on")


class ContactToldSchema(_Told):
    """A person or a mailbox who answers for a role."""

    role = _text("role id of the pack", required=True)
    name = _text()
    email = fields.Email()
    telephone = _text()
    opens = fields.Time(format="%H:%M")
    closes = fields.Time(format="%H:%M")
    is_person = fields.Boolean(load_default=False)
    is_for_child = fields.Boolean(
        metadata={"description": "works with this child; true inside the child's network"}
    )
    is_out_of_hours = fields.Boolean(load_default=False)
    is_out_of_term = fields.Boolean(load_default=False)


class DirectoryToldSchema(ContactToldSchema):
    """A contact of the directory, with the agency it belongs to."""

    agency = _text(required=True)
    shut = fields.List(fields.Nested(ShutToldSchema), load_default=list)


class ConnectionToldSchema(_Told):
    """Who the child is connected to: the school, the practice, the parents."""

    kind = fields.Enum(ConnectionKind, by_value=True, required=True)
    status = fields.Enum(ConnectionStatus, by_value=True, required=True)
    agency = _text()
    agency_kind = _text("agency kind id of the pack")
    is_male_carer = fields.Boolean(load_default=False)
    shut = fields.List(fields.Nested(ShutToldSchema), load_default=list)
    contacts = fields.List(
        fields.Nested(ContactToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )


class BookedToldSchema(_Told):
    """A meeting about this child that is in the diary."""

    ref = _text(required=True)
    type = _text("meeting type id of the pack", required=True)
    starts_at = Moment(required=True, metadata={"format": "date-time"})
    agency_kinds = fields.List(_text(), load_default=list)


class HeldToldSchema(_Told):
    """A meeting that was held, and what it decided; what is left out is not known."""

    type = _text("meeting type id of the pack", required=True)
    on = PlainDate(required=True)
    facts = fields.Nested(FactsToldSchema, load_default=dict)


class ActionToldSchema(_Told):
    """An action of the child's plan, for the dates of its ladder."""

    ref = _text(required=True)
    due_on = PlainDate(required=True)
    is_safety = fields.Boolean(load_default=False)
    owner_left_on = PlainDate(load_default=None)


class MeetingToldSchema(_Told):
    """The meeting whose seats are wanted; without it, the one the rules ask for."""

    type = _text("meeting type id of the pack")
    starts_at = Moment(metadata={"format": "date-time"})


class SituationSchema(_Told):
    """What is known. What is left out is not known, which is never "no"."""

    at = Moment(
        metadata={
            "format": "date-time",
            "description": "the moment of asking; without it, now. Without an offset, London's.",
        }
    )
    facts = fields.Nested(FactsToldSchema, load_default=dict)
    moments = fields.Nested(
        MomentsToldSchema,
        load_default=dict,
        metadata={"description": "what limits are counted from; a mere date has no hour"},
    )
    scores = fields.List(fields.Nested(ScoreToldSchema), load_default=list)
    is_incident = fields.Boolean(
        load_default=True,
        metadata={"description": "false when there is no incident behind it, which is then known"},
    )
    returned_on = fields.List(
        PlainDate(),
        load_default=None,
        metadata={"description": "each day on which the child returned from being missing"},
    )
    other_parts = fields.List(
        _text(),
        load_default=None,
        metadata={"description": "the parts of other children in it; [] for no other child"},
    )
    network = fields.List(
        fields.Nested(ConnectionToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )
    directory = fields.List(
        fields.Nested(DirectoryToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )
    booked = fields.List(
        fields.Nested(BookedToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )
    held = fields.List(
        fields.Nested(HeldToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )
    actions = fields.List(
        fields.Nested(ActionToldSchema), load_default=list, validate=validate.Length(max=_MOST)
    )
    meeting = fields.Nested(MeetingToldSchema, load_default=dict)


def read_json(text: str) -> object:
    """Return what a JSON text says.

    Raises:
        ValidationError: a name stands twice in one object, so that one of the two would be lost,
            or a number is none.
        json.JSONDecodeError: it is no JSON.
    """
    return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValidationError({name: ["This name stands here twice: say it once."]})
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ValidationError({"file": [f"{text} is no number that a fact can have."]})


def told(raw: object) -> dict[str, Any]:
    """Return what a program sent in the form the rules need.

    Raises:
        ValidationError: with each place that is wrong and what to write there.
    """
    if not isinstance(raw, dict):
        raise ValidationError({"file": ["This must be a JSON object: { ... }."]})
    return cast("dict[str, Any]", SituationSchema().load(raw))


def faults_in(messages: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield each place that is wrong, such as ``facts.age``, with what to do about it."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            here = f"{where}.{name}" if where and name != "_schema" else str(name)
            yield from faults_in(inner, where if name == "_schema" else here)
    elif isinstance(messages, list):
        for one in messages:
            yield from faults_in(one, where)
    else:
        yield where or "file", str(messages)


def moment_of(text: str) -> datetime:
    """Return a moment that a person typed, London's clock unless it has an offset.

    Raises:
        ValidationError: it is no moment, or the hour is missing or happens twice that night.
    """
    found: datetime = Moment().deserialize(text)
    return found
