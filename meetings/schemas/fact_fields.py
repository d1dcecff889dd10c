"""Fields of a file of facts: yes, no or unknown; London moments; a value of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import fields

from core import clock
from procedures.terms import UNKNOWN, Fact, FactKind, FactValue

_YES_NO: Mapping[object, FactValue] = {"yes": True, "no": False}
_NOBODY_KNOWS = (None, "unknown", "not_known")
_FIRST_YEAR, _LAST_YEAR = 2011, 2044
_LARGEST = 10_000
_MIDDAY = time(12)


class KnownOrNot(fields.Field[FactValue]):
    """A fact's value; null, "unknown" and "not_known" say that nobody knows."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(
            allow_none=True,
            metadata={"description": _meaning(fact), **_OPENAPI[fact.kind]},
            error_messages={"invalid": _WANTED[fact.kind]},
        )
        self._fact = fact

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> FactValue:
        """Read a value; null is "nobody knows" and not "none"."""
        if value is None:
            return UNKNOWN
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> FactValue:
        if isinstance(value, str) and value in _NOBODY_KNOWS:
            return UNKNOWN
        found = _READ[self._fact.kind](value)
        if found is UNKNOWN:
            raise self.make_error("invalid")
        return found


class Moment(fields.Field[datetime]):
    """An instant: ISO, with an offset or on London's clock; or a date, which has no hour."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges it from the class
        "invalid": "This is no time: write it as 2026-12-23T20:40, on London's clock.",
        "date": "Give the hour too: 2026-12-23T20:40, on London's clock.",
        "years": f"The calendar of bank holidays covers {_FIRST_YEAR} to {_LAST_YEAR}.",
        "missing_hour": "This hour does not exist: the clocks go forward that night. "
        "Give a time before 1am or from 2am.",
        "twice": "This hour happens twice: the clocks go back that night. "
        "Add the offset: +01:00 for the first, +00:00 for the second.",
    }

    def __init__(self, *, takes_date: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._takes_date = takes_date

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise self.make_error("years")
        if _is_date(value):
            if not self._takes_date:
                raise self.make_error("date")
            return clock.wall(found.date(), _MIDDAY)
        return found.astimezone(UTC) if found.tzinfo else self._on_the_wall(found)

    def _on_the_wall(self, found: datetime) -> datetime:
        try:
            return clock.wall(found.date(), found.time())
        except clock.MissingHour:
            raise self.make_error("missing_hour") from None
        except clock.AmbiguousHour:
            raise self.make_error("twice") from None

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return value.isoformat() if value else None


def dates_only(moments: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the moments that were told as a mere date."""
    return frozenset(
        name for name, value in moments.items() if isinstance(value, str) and _is_date(value)
    )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _meaning(fact: Fact) -> str:
    return f"{fact.question} Recorded: {fact.recorded}."


def _yes_or_no(value: object) -> FactValue:
    if isinstance(value, bool):
        return value
    return _YES_NO.get(value, UNKNOWN) if isinstance(value, str) else UNKNOWN


def _number(value: object) -> FactValue:
    if value == "none":
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _LARGEST else UNKNOWN  # type: ignore[operator, return-value]  # an int by now


def _choice(value: object) -> FactValue:
    return value if isinstance(value, str) and value else UNKNOWN


def _choices(value: object) -> FactValue:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return UNKNOWN
    return frozenset(value)


def _moment(value: object) -> FactValue:
    found: datetime = Moment().deserialize(value)
    return found


_READ = {
    FactKind.YES_NO: _yes_or_no,
    FactKind.NUMBER: _number,
    FactKind.CHOICE: _choice,
    FactKind.CHOICES: _choices,
    FactKind.MOMENT: _moment,
}
_WANTED = {
    FactKind.YES_NO: 'Write true, false, or "unknown".',
    FactKind.NUMBER: 'Write a whole number, "none" where there is none, or "unknown".',
    FactKind.CHOICE: 'Write one of the pack\'s ids as a text, or "unknown".',
    FactKind.CHOICES: 'Write a list of the pack\'s ids, or "unknown".',
    FactKind.MOMENT: "Write a time such as 2026-12-23T20:40.",
}
_OPENAPI: Mapping[FactKind, Mapping[str, object]] = {
    FactKind.YES_NO: {"enum": [True, False, "unknown", None]},
    FactKind.NUMBER: {"oneOf": [{"type": "integer"}, {"enum": ["none", "unknown", None]}]},
    FactKind.CHOICE: {"type": ["string", "null"]},
    FactKind.CHOICES: {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"enum": [None]}]},
    FactKind.MOMENT: {"type": ["string", "null"]},
}
