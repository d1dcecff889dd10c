"""How a form's boxes become what a schema loads, and back into boxes."""

# ruff: noqa: ANN401, ARG002 - the shapes of marshmallow's own hooks

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Protocol

from marshmallow import Schema, ValidationError, fields
from stdnum.gb import upn

from core.fields import parse_time, parts

_UPN = re.compile(r"^[A-Z]\d{11}[A-Z\d]$")


class Form(Protocol):
    """The part of a request's form that is read."""

    def to_dict(self) -> dict[str, str]:
        """Return the first value of each name."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a name."""


class ClockTime(fields.Field[time]):
    """A London time of day: "9:30am" or "09:30"."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges it from the class
        "invalid": "The time must be a real time, such as 9:30am or 14:30.",
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> time:
        found = parse_time(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid")
        return found

    def _serialize(
        self, value: time | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return f"{value:%H:%M}" if value is not None else None


class PupilNumber(fields.String):
    """A unique pupil number: thirteen characters, the first a check letter."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = upn.compact(str(super()._deserialize(value, attr, data, **kwargs)))
        # The library's list of authorities is old, so only form and check letter are asked.
        try:
            is_right = _UPN.match(text) and upn.calc_check_digit(text[1:]) == text[0]
        except ValueError:
            is_right = False
        if not is_right:
            raise ValidationError(
                "The unique pupil number must be 13 characters, starting with a letter. "
                "Check each character."
            )
        return text


def load_form(schema: Schema, form: Form) -> Any:
    """Load a form: empty boxes are left out, boxes that are not the schema's are ignored.

    Raises:
        ValidationError: with one message list per field.
    """
    given = parts({name: text.strip() for name, text in form.to_dict().items()})
    wanted: dict[str, Any] = {}
    for name, field in schema.fields.items():
        value = form.getlist(name) if isinstance(field, fields.List) else given.get(name)
        if value not in (None, "", []):
            wanted[name] = value
    return schema.load(wanted)


def errors_of(fault: ValidationError) -> dict[str, list[str]]:
    """Return the messages of each field, flat: a list's messages stand at the list."""
    found: dict[str, list[str]] = {}
    for name, messages in fault.messages_dict.items():
        if isinstance(messages, Mapping):
            found[name] = sorted({text for texts in messages.values() for text in texts})
        else:
            found[name] = [str(message) for message in messages]
    return found


def boxes(row: object, schema: Schema) -> dict[str, Any]:
    """Return a row as the boxes of its form show it."""
    shown: dict[str, Any] = {}
    for name in schema.fields:
        value = getattr(row, name, None)
        if isinstance(value, bool):
            shown[name] = "yes" if value else ""
        elif isinstance(value, date):
            shown[f"{name}-day"] = str(value.day)
            shown[f"{name}-month"] = str(value.month)
            shown[f"{name}-year"] = str(value.year)
        elif isinstance(value, time):
            shown[name] = f"{value:%H:%M}"
        elif value is not None:
            shown[name] = value if isinstance(value, list) else str(value)
    return shown


def typed(form: Form, *lists: str) -> dict[str, Any]:
    """Return what was typed, to show it again; ``lists`` are the names with several values."""
    return {**form.to_dict(), **{name: form.getlist(name) for name in lists}}
