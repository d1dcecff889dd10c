"""What staff decide about a meeting on its page: a new time, how to join, who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from core.fields import LondonDateTime, parts
from meetings.given import MOVE_REASONS, STAND_DOWN_REASONS, NewTime
from meetings.terms import MeetingHow
from notifications.terms import Reason


class MoveSchema(Schema):
    """A new time for a meeting, with a reason from the fixed list."""

    class Meta:
        """A page may send boxes that only it knows."""

        unknown = EXCLUDE

    starts_at = LondonDateTime(required=True)
    minutes = fields.Integer(
        required=True,
        validate=validate.Range(
            min=10, max=480, error="Enter a length between 10 and 480 minutes."
        ),
        error_messages={
            "required": "Enter how long, in minutes.",
            "invalid": "Enter how long, in minutes, such as 60.",
        },
    )
    reason = fields.Enum(
        Reason,
        by_value=True,
        required=True,
        validate=validate.OneOf(MOVE_REASONS, error="Choose why the meeting is moved."),
        error_messages={
            "required": "Choose why the meeting is moved.",
            "unknown": "Choose why the meeting is moved.",
        },
    )
    late_reason = fields.String(load_default="", validate=validate.Length(max=2000))
    despite_clash = fields.Boolean(
        load_default=False,
        metadata={"description": "move although the child, the chair or an invitee is taken"},
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> NewTime:  # noqa: ANN401
        return NewTime(must_be_free=not data.pop("despite_clash"), **data)


class StandDownSchema(Schema):
    """Why a meeting is stood down, and which is held instead if one is."""

    class Meta:
        """A page may send boxes that only it knows."""

        unknown = EXCLUDE

    reason = fields.Enum(
        Reason,
        by_value=True,
        required=True,
        validate=validate.OneOf(STAND_DOWN_REASONS, error="Choose why it is stood down."),
        error_messages={
            "required": "Choose why it is stood down.",
            "unknown": "Choose why it is stood down.",
        },
    )
    instead = fields.String(load_default="", validate=validate.Length(max=12))


class JoiningSchema(Schema):
    """How people meet, and the link, number or room."""

    class Meta:
        """A page may send boxes that only it knows."""

        unknown = EXCLUDE

    how = fields.Enum(
        MeetingHow,
        by_value=True,
        required=True,
        error_messages={
            "required": "Select how people meet.",
            "unknown": "Select how people meet.",
        },
    )
    joining = fields.String(
        required=True,
        validate=validate.Length(
            min=1, max=400, error="Enter the link, number or room, in 400 characters or fewer."
        ),
        error_messages={"required": "Enter the link, number or room."},
    )


def from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the boxes of a form with dates gathered; empty ones are left out."""
    return {name: value for name, value in parts(form).items() if value not in (None, "")}
