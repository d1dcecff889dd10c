"""The run page's one form, taken apart: each place of the record is a part with its own version.

A part posts what is typed, the version it was shown with, and a mark of what it looked like
then. What was not touched is skipped, so that a page left open changes nothing; what was is
saved by itself, whether the script posts one part or the button posts them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.fields import parts as gather
from meetings.schemas.records import given

NEW = "new"
_OUTSIDE = frozenset({"version", "seen", "clash", "keep", "text-keep"})
_DUE_IN_DAYS = {"today": 0, "three": 3, "seven": 7}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form as posted.

    Attributes:
        kind: section, who, else, previous, decision, action or dissent.
        key: which of its kind; "new" for one not saved yet.
        fields: what was typed, trimmed, with line ends as Unix has them.
    """

    kind: str
    key: str
    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        """The part's place in field names and fragments."""
        return f"{self.kind}.{self.key}"

    @property
    def version(self) -> int:
        """The version the part was shown with; 0 when nothing stood there."""
        text = self.fields.get("version", "")
        return int(text) if text.isdigit() else 0

    @property
    def keep(self) -> str:
        """Which text to keep after a clash: mine, theirs or both; empty when none was asked."""
        return self.fields.get("keep", "") or self.fields.get("text-keep", "")

    @property
    def has_clashed(self) -> bool:
        """Say whether the form asked which text to keep."""
        return self.fields.get("clash") == "yes"

    @property
    def is_touched(self) -> bool:
        """Say whether anything differs from what was shown."""
        return mark(self.fields) != self.fields.get("seen", "")

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed at all."""
        return not any(value for name, value in self.fields.items() if _is_typed(name))

    def values(self, *, today: date) -> dict[str, object]:
        """Return what the schema loads; a relative date is counted from today."""
        found = given(gather(dict(self.fields)))
        choice = found.pop("when", None)
        if choice in _DUE_IN_DAYS:
            found["due"] = (today + timedelta(days=_DUE_IN_DAYS[str(choice)])).isoformat()
        return found


@dataclass(slots=True)
class Faults:
    """What could not be saved: messages by field name, and clashes by part."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    clashes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.errors or self.clashes)

    def add(self, part: Part, messages: Mapping[str, Iterable[str]]) -> None:
        """Keep a schema's messages under the names of the part's own fields."""
        for name, told in messages.items():
            place = "text" if name == "_schema" else name
            self.errors[f"{part.name}.{place}"] = list(told)


def parts_of(form: Mapping[str, str]) -> list[Part]:
    """Return the parts of a posted form, in the order of the page."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, text in form.items():
        pieces = name.split(".")
        if len(pieces) < 3:  # noqa: PLR2004 - kind, key and field
            continue
        kind, key, last = pieces[0], ".".join(pieces[1:-1]), pieces[-1]
        found.setdefault((kind, key), {})[last] = _plain(text)
    return [Part(kind, key, fields) for (kind, key), fields in found.items()]


def mark(fields: Mapping[str, str]) -> str:
    """Return a short mark of what a part shows: the same typed text gives the same mark."""
    shown = sorted(
        (name, _plain(value)) for name, value in fields.items() if _is_typed(name) and _plain(value)
    )
    joined = "\x1e".join(f"{name}\x1f{value}" for name, value in shown)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def shown(part: str, values: Mapping[str, str | None], *, version: int = 0) -> dict[str, str]:
    """Return a saved part's values under their field names, with its version and mark."""
    fields = {name: value or "" for name, value in values.items()}
    named = {f"{part}.{name}": value for name, value in fields.items()}
    named[f"{part}.version"] = str(version)
    named[f"{part}.seen"] = mark(fields)
    return named


def date_parts(name: str, on: date | None) -> dict[str, str | None]:
    """Return a date as the three boxes show it."""
    return {
        f"{name}-day": str(on.day) if on else None,
        f"{name}-month": str(on.month) if on else None,
        f"{name}-year": str(on.year) if on else None,
    }


def _is_typed(name: str) -> bool:
    return name not in _OUTSIDE and not name.startswith("theirs-")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
