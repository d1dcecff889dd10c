"""What somebody decides about a meeting, as a form or a program sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from core import clock
from core.fields import LondonDateTime, PlainDate, parse_time, parts
from meetings.choices import Choice, Drop, Extra, HeldNow, TookPart
from meetings.terms import MeetingHow

_LONGEST_REASON = 2000
_A_TIME = "Enter a time, such as 9:30am or 14:30."
_FOLDS = {"before": 0, "after": 1}
# The box beside which a refusal of the service is shown.
BESIDE = {
    "meeting.missing_hour": "clock",
    "meeting.twice": "clock",
    "meeting.past": "when",
    "meeting.late": "late_reason",
    "meeting.no_working_day": "late_reason",
    "meeting.minutes": "minutes",
    "meeting.chair": "chair",
    "meeting.type": "type",
    "meeting.weaker": "type",
    "meeting.duplicate": "overlap_reason",
    "meeting.clash": "overlap_reason",
    "meeting.kept_apart": "overlap_reason",
    "invitation.entry": "look",
    "invitee.why": "extra-why",
    "invitee.there": "look",
    "held.future": "started",
    "held.too_old": "started",
    "held.nobody": "took",
    "held.no_quorum": "why",
    "judgement.reason": "reason",
    "judgement.refuse_reason": "why",
    "incident.clear_reason": "clear_why",
}


class DropSchema(Schema):
    """A seat that is left out, and why."""

    seat = fields.String(required=True)
    reason = fields.String(load_default="")

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> Drop:
        return Drop(**data)


class ExtraSchema(Schema):
    """Somebody of the directory who is asked too, and why."""

    entry = fields.String(required=True)
    why = fields.String(load_default="")

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> Extra:
        return Extra(**data)


class ChoiceSchema(Schema):
    """One meeting to be convened."""

    on = PlainDate(required=True, error_messages={"required": "Choose when the meeting is to be."})
    at = fields.String(required=True, error_messages={"required": _A_TIME})
    fold = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf((0, 1)))
    minutes = fields.Integer(
        required=True, error_messages={"invalid": "Enter the length in minutes, such as 60."}
    )
    chair_id = fields.UUID(
        required=True,
        error_messages={
            "required": "Choose who will chair.",
            "invalid_uuid": "Choose who will chair.",
        },
    )
    type = fields.String(load_default="")
    how = fields.Enum(MeetingHow, by_value=True, load_default=MeetingHow.ONLINE)
    joining = fields.String(
        load_default="",
        validate=validate.Length(
            max=400, error="The joining details must be 400 characters or fewer."
        ),
    )
    late_reason = fields.String(load_default="", validate=validate.Length(max=_LONGEST_REASON))
    overlap_reason = fields.String(load_default="", validate=validate.Length(max=_LONGEST_REASON))
    drops = fields.List(fields.Nested(DropSchema), load_default=list)
    extras = fields.List(fields.Nested(ExtraSchema), load_default=list)

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> Choice:
        at = parse_time(data["at"])
        if at is None:
            raise ValidationError(_A_TIME, "at")
        lists = {name: tuple(data.pop(name)) for name in ("drops", "extras")}
        return Choice(**data | lists | {"at": at})


class TookPartSchema(Schema):
    """A seat that was filled, and who spoke."""

    seat = fields.String(required=True)
    name = fields.String(load_default="", validate=validate.Length(max=160))

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> TookPart:
        return TookPart(**data)


class HeldNowSchema(Schema):
    """A discussion by telephone, held now or within the last day."""

    chair_id = fields.UUID(
        required=True,
        error_messages={
            "required": "Choose who will chair.",
            "invalid_uuid": "Choose who will chair.",
        },
    )
    started_at = LondonDateTime(load_default=None, allow_none=True)
    took_part = fields.List(fields.Nested(TookPartSchema), load_default=list)
    type = fields.String(load_default="")
    why = fields.String(load_default="", validate=validate.Length(max=_LONGEST_REASON))

    @post_load
    def _build(self, data: dict[str, Any], **_: object) -> HeldNow:
        return HeldNow(**data | {"took_part": tuple(data["took_part"])})


def choice_from_form(form: Mapping[str, str], extras: Sequence[str]) -> dict[str, Any]:
    """Return the boxes of the decision form as the schema takes them.

    A time is either one of the page's slots (an instant) or a date and a time as typed.
    """
    data: dict[str, Any] = {
        "minutes": form.get("minutes", ""),
        "type": form.get("type", ""),
        "how": form.get("how") or MeetingHow.ONLINE.value,
        "joining": form.get("joining", ""),
        "late_reason": form.get("late_reason", ""),
        "overlap_reason": form.get("overlap_reason", ""),
        "drops": [
            {"seat": name[5:], "reason": form.get(f"reason-{name[5:]}", "")}
            for name in form
            if name.startswith("drop-")
        ],
        "extras": [{"entry": key, "why": form.get("extra-why", "")} for key in extras],
    }
    if form.get("chair"):
        data["chair_id"] = form["chair"]
    return data | _time_from_form(form)


def held_from_form(form: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return the boxes of the "hold now" form as the schema takes them."""
    data: dict[str, Any] = {
        "type": form.get("type", ""),
        "why": form.get("why", ""),
        "took_part": [
            {"seat": name[5:], "name": form.get(f"name-{name[5:]}", "")}
            for name in form
            if name.startswith("took-")
        ],
    }
    if form.get("chair"):
        data["chair_id"] = form["chair"]
    if form.get("started") == "earlier":
        day = parts(form).get("on") or {}
        data["started_at"] = day | {
            "time": form.get("clock", ""),
            "fold": form.get("fold", ""),
        }
    else:
        data["started_at"] = now.isoformat()
    return data


def form_errors(fault: ValidationError) -> dict[str, list[str]]:
    """Return the schema's faults under the names of the form's boxes."""
    boxes = {"chair_id": "chair", "on": "on", "at": "clock", "started_at": "clock"}
    return {
        boxes.get(name, name): list(words) if isinstance(words, list) else ["Check this answer."]
        for name, words in fault.messages_dict.items()
    }


def _time_from_form(form: Mapping[str, str]) -> dict[str, Any]:
    when = form.get("when", "")
    if when and when != "other":
        try:
            here = clock.london(datetime.fromisoformat(when))
        except ValueError:
            return {}
        return {"on": here.date().isoformat(), "at": f"{here:%H:%M}", "fold": here.fold}
    if when != "other":
        return {}
    found = {
        "at": form.get("clock", ""),
        "fold": _FOLDS.get(form.get("fold", "")),
    }
    on = parts(form).get("on")
    return found | ({"on": on} if on else {})
