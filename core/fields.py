"""Form and JSON fields of our own: dates in parts, London times, numbers with check digits.

One schema serves the page's form and the API's body. A form sends a date as
three boxes (``name-day``, ``name-month``, ``name-year``) and a time as a fourth
(``name-time``); ``parts`` gathers them before the schema loads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields
from stdnum.gb import nhs

from core import clock

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parts(form: Mapping[str, str]) -> dict[str, Any]:
    """Gather the boxes of each date and time of a form into one value per field."""
    gathered: dict[str, Any] = {}
    for key, text in form.items():
        name, _, part = key.rpartition("-")
        if name and part in ("day", "month", "year", "time", "fold"):
            box = gathered.setdefault(name, {})
            if isinstance(box, dict):
                box[part] = text.strip()
        else:
            gathered.setdefault(key, text)
    for name, value in list(gathered.items()):
        if isinstance(value, dict) and not any(value.values()):
            gathered[name] = None
    return gathered


class PlainDate(fields.Field[date]):
    """A calendar date: ISO in JSON, three boxes in a form."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges it from the class
        "required": "Enter the date.",
        "null": "Enter the date.",
        "invalid": "The date must be a real date, such as 27 3 2026.",
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        try:
            found = _date_of(value)
        except (ValueError, TypeError, AttributeError):
            raise self.make_error("invalid") from None
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise self.make_error("invalid")
        return found

    def _serialize(
        self, value: date | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return value.isoformat() if value else None


class LondonDateTime(fields.Field[datetime]):
    """An instant: ISO with an offset in JSON, London's wall clock in a form."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges it from the class
        "required": "Enter the date and time.",
        "null": "Enter the date and time.",
        "invalid": "The date must be a real date, such as 27 3 2026.",
        "time": "The time must be a real time, such as 4:40pm or 16:40.",
        "naive": "Give the time with its offset, such as 2026-03-27T16:40:00+00:00.",
        "missing_hour": "This time does not exist: the clocks go forward that night. "
        "Enter a time before 1am or from 2am.",
        "twice": "This time happens twice: the clocks go back that night. "
        "Say whether it was before or after the clocks changed.",
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if isinstance(value, str):
            return self._from_iso(value)
        try:
            on = _date_of(value)
        except (ValueError, TypeError, AttributeError):
            raise self.make_error("invalid") from None
        if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
            raise self.make_error("invalid")
        at = parse_time(value.get("time", ""))
        if at is None:
            raise self.make_error("time")
        fold = {"before": 0, "after": 1}.get(value.get("fold", ""))
        try:
            return clock.wall(on, at, fold=fold)
        except clock.MissingHour:
            raise self.make_error("missing_hour") from None
        except clock.AmbiguousHour:
            raise self.make_error("twice") from None

    def _from_iso(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise self.make_error("invalid") from None
        if found.tzinfo is None:
            raise self.make_error("naive")
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise self.make_error("invalid")
        return found.astimezone(UTC)

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return value.isoformat() if value else None


class NhsNumber(fields.String):
    """Ten digits with a right check digit; spaces are forgiven."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            return str(nhs.validate(text))
        except Exception:  # noqa: BLE001 - the library raises its own family
            raise ValidationError(
                "The NHS number must be 10 digits, such as 999 123 4560. Check each digit."
            ) from None


class EmailAddress(fields.String):
    """An address a mail can be sent to; its syntax is checked, nobody is asked.

    The mail room sends to plain addresses only, so one with other letters is refused here,
    where somebody can still ask for another.
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        try:
            found = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(
                "Enter an email address in the right form, such as office@school.example."
            ) from None
        if not text.isascii() or found.ascii_email is None:
            raise ValidationError(
                "This email address has letters our mail cannot be sent to, such as é. "
                "Enter one with the letters a to z only, or ask for a telephone number."
            )
        return found.ascii_email


def parse_time(text: str) -> time | None:
    """Read "16:40", "4.40pm", "4pm" or "midday"; None when it is no time."""
    text = text.strip().lower()
    if text in ("midday", "noon"):
        return time(12)
    found = _TIME.match(text)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of half a day
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found[2] is None:
        return None
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _date_of(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    month = value.get("month", "").lower()
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month)
    return date(int(value.get("year", "")), number, int(value.get("day", "")))
