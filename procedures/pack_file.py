"""Read a pack from its TOML text; every fault is named with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import TypeVar, cast

from procedures.pack_conditions import FaultInText, read_condition, read_timescale
from procedures.rules.contradictions import overlap
from procedures.rules.shapes import DATED, HEADER, SECTIONS, Field, FieldKind
from procedures.terms import (
    Confidence,
    FieldValue,
    Force,
    Item,
    Pack,
    PackFault,
    PackSettings,
    PackUnreadable,
    Part,
    Source,
)

_HEADER_LINE = re.compile(r"^\s*\[\[?\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY_LINE = re.compile(r"^\s*([\w\-]+)\s*=")
_TOML_LINE = re.compile(r"line (\d+)")
_OTHER_TABLES = frozenset({"pack", "settings", "calendar", "defaults"})
_SETTINGS: Mapping[str, type] = {
    "day_start": time,
    "day_end": time,
    "hold_now_from": time,
    "manager_press_first": bool,
    "mail_label": str,
    "counts_day_of_event": bool,
    "written_counts_for_quorum": bool,
    "part_counts_for_quorum": bool,
    "safety_action_divisor": int,
}
_SINGLE: Mapping[FieldKind, type] = {
    FieldKind.TEXT: str,
    FieldKind.NUMBER: int,
    FieldKind.FLAG: bool,
}
Raw = Mapping[str, object]
T = TypeVar("T")
Choice = TypeVar("Choice", Force, Confidence)


def read_pack(text: str) -> Pack:
    """Return the pack that the text describes.

    Raises:
        PackUnreadable: with every fault of form found, each with its line.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _TOML_LINE.search(str(fault))
        line = int(found.group(1)) if found else 1
        raise PackUnreadable((PackFault(line, "file", f"this is not TOML: {fault}"),)) from fault
    return _Reader(raw, _lines(text)).pack()


class _Reader:
    """Walks the tables once and gathers faults instead of stopping at the first."""

    def __init__(self, raw: Raw, lines: Mapping[str, int]) -> None:
        self._raw = raw
        self._lines = lines
        self._faults: list[PackFault] = []

    def pack(self) -> Pack:
        head = self._table("pack")
        name = self._value(head, "pack", "name", str, "")
        number = self._value(head, "pack", "number", int, 0)
        words = self._value(head, "pack", "words", str, "")
        effective_from = self._value(head, "pack", "effective_from", date, date.min)
        settings = self._settings()
        calendar = self._table("calendar")
        holidays = self._dates(calendar, "one_off_holidays")
        closures = self._dates(calendar, "closure_days")
        for table in self._raw:
            if table not in SECTIONS and table not in _OTHER_TABLES:
                self._fault(table, f"there is no section {table!r} in a pack")
        sections = {name: self._section(name, effective_from) for name in SECTIONS}
        if self._faults:
            raise PackUnreadable(tuple(sorted(self._faults, key=lambda fault: fault.line)))
        return Pack(
            name=name,
            number=number,
            words=words,
            effective_from=effective_from,
            settings=settings,
            one_off_holidays=holidays,
            closure_days=closures,
            sections=MappingProxyType(sections),
        )

    def _settings(self) -> PackSettings:
        table = self._table("settings")
        for name in table:
            if name not in _SETTINGS:
                self._fault(f"settings.{name}", f"there is no setting {name!r}")
        defaults = {time: time.min, bool: False, str: "", int: 0}
        values = {
            name: self._value(table, "settings", name, kind, defaults[kind])
            for name, kind in _SETTINGS.items()
        }
        return PackSettings(**values)  # type: ignore[arg-type]  # each was checked by its kind

    def _section(self, name: str, effective_from: date) -> tuple[Item, ...]:
        tables = self._raw.get(name, [])
        if not isinstance(tables, list):
            self._fault(name, f"write each {name} as [[{name}]]")
            return ()
        defaults = self._table("defaults").get(name, {})
        items: list[Item] = []
        for place, table in enumerate(tables):
            where = f"{name}[{place}]"
            given = {**cast("Raw", defaults), **cast("Raw", table)}
            item = self._item(name, where, given, effective_from)
            for other in (one for one in items if one.id == item.id):
                self._twice(item, other, where)
            items.append(item)
        return tuple(items)

    def _twice(self, item: Item, other: Item, where: str) -> None:
        """A rule may stand twice only to change on a date: the dates then meet, never overlap."""
        if item.section not in DATED:
            words = f"already in line {other.line}: give one of them another id"
            self._fault(where, f"{item.section} {item.id!r} stands here twice, {words}")
        elif overlap(item, other):
            words = (
                f"{item.section} {item.id!r} stands here twice, and its dates overlap those in "
                f"line {other.line}: end one with effective_to where the other has effective_from"
            )
            self._fault(where, words)

    def _item(self, section: str, where: str, given: Raw, effective_from: date) -> Item:
        own = {key: value for key, value in given.items() if key not in HEADER}
        ends = given.get("effective_to")
        if ends is not None and not isinstance(ends, date):
            self._fault(f"{where}.effective_to", "effective_to must be a date")
        begins = given.get("effective_from", effective_from)
        if isinstance(ends, date) and isinstance(begins, date) and ends <= begins:
            words = f"it ends on {ends} before it begins on {begins}: no day is left"
            self._fault(f"{where}.effective_to", words)
        return Item(
            line=self._line(where),
            fields=MappingProxyType(self._fields(SECTIONS[section], where, own)),
            section=section,
            id=self._value(given, where, "id", str, ""),
            words=self._value(given, where, "words", str, ""),
            source=Source(
                self._value(given, where, "source", str, ""),
                self._value(given, where, "source_date", date, date.min),
                self._choice(given, where, "force", Force),
                self._choice(given, where, "confidence", Confidence),
            ),
            effective_from=self._value(
                {"effective_from": effective_from, **given}, where, "effective_from", date, date.min
            ),
            effective_to=ends if isinstance(ends, date) else None,
            is_locked=bool(given.get("locked", False)),
        )

    def _fields(self, shape: Mapping[str, Field], where: str, own: Raw) -> dict[str, FieldValue]:
        values: dict[str, FieldValue] = {}
        for name, value in own.items():
            if name not in shape:
                self._fault(f"{where}.{name}", f"the field {name!r} means nothing here")
                continue
            try:
                values[name] = self._field(shape[name], f"{where}.{name}", value)
            except FaultInText as fault:
                self._fault(f"{where}.{name}", f"{name}: {fault}")
        for name, wanted in shape.items():
            if wanted.is_required and name not in own:
                self._fault(where, f"the field {name!r} is missing: it must be {wanted.kind}")
        return values

    def _field(self, shape: Field, where: str, value: object) -> FieldValue:
        match shape.kind:
            case FieldKind.CONDITION:
                return read_condition(value)
            case FieldKind.TIMESCALE:
                return read_timescale(value)
            case FieldKind.PARTS:
                return self._parts(shape, where, value)
            case FieldKind.TEXTS:
                return _texts(value)
            case _:
                return _single(shape, value)

    def _parts(self, shape: Field, where: str, value: object) -> tuple[Part, ...]:
        if not isinstance(value, list):
            raise FaultInText("this must be a list of tables")
        parts = []
        for place, table in enumerate(value):
            spot = f"{where}[{place}]"
            if not isinstance(table, dict):
                raise FaultInText("every entry must be a table")
            fields = self._fields(shape.parts, spot, table)
            parts.append(Part(line=self._line(spot), fields=MappingProxyType(fields)))
        return tuple(parts)

    def _table(self, name: str) -> Raw:
        table = self._raw.get(name, {})
        if isinstance(table, dict):
            return table
        self._fault(name, f"write {name} as [{name}]")
        return {}

    def _dates(self, table: Raw, name: str) -> frozenset[date]:
        given = table.get(name, [])
        if isinstance(given, list) and all(type(one) is date for one in given):
            return frozenset(cast("list[date]", given))
        self._fault(f"calendar.{name}", f"{name} must be a list of dates such as 2027-05-08")
        return frozenset()

    def _value(self, table: Raw, where: str, name: str, kind: type[T], empty: T) -> T:
        value = table.get(name)
        if type(value) is kind and not isinstance(value, datetime) and value != "":
            return value
        kinds = {str: "a text", int: "a whole number", bool: "true or false"}
        wanted = kinds.get(kind, f"a {kind.__name__}")
        missing = "" if name in table else " is missing: it"
        because = " (where does it come from?)" if name == "source" else ""
        self._fault(f"{where}.{name}", f"{name}{missing} must be {wanted}{because}")
        return empty

    def _choice(self, table: Raw, where: str, name: str, kind: type[Choice]) -> Choice:
        try:
            return kind(str(table.get(name, "")))
        except ValueError:
            allowed = ", ".join(kind)
            self._fault(f"{where}.{name}", f"{name} must be one of {allowed}")
            return next(iter(kind))

    def _fault(self, where: str, words: str) -> None:
        self._faults.append(PackFault(self._line(where), where, words))

    def _line(self, where: str) -> int:
        spot = where
        while spot and spot not in self._lines:
            spot = re.sub(r"(\.[\w\-]+|\[\d+\])$", "", spot) if re.search(r"[.\[]", spot) else ""
        return self._lines.get(spot, 1)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FaultInText("this must be a list of texts")
    return tuple(value)


def _single(shape: Field, value: object) -> bool | int | str:
    # Not isinstance: true is no number here, though Python says it is.
    if type(value) is not _SINGLE[shape.kind]:
        raise FaultInText(f"this must be {shape.kind}, not {value!r}")
    if shape.one_of and value not in shape.one_of:
        raise FaultInText(f"{value!r} is not one of {', '.join(shape.one_of)}")
    return cast("bool | int | str", value)


def _lines(text: str) -> dict[str, int]:
    """Return the line on which each table and each of its keys stands."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    where = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER_LINE.match(line)
        if header:
            where = _place(header.group(1), counts, is_list=line.lstrip().startswith("[["))
            found.setdefault(where, number)
        elif key := _KEY_LINE.match(line):
            spot = f"{where}.{key.group(1)}" if where else key.group(1)
            found.setdefault(spot, number)
    return found


def _place(dotted: str, counts: dict[str, int], *, is_list: bool) -> str:
    first, _, rest = dotted.partition(".")
    if not rest:
        if not is_list:
            return first
        counts[first] = counts.get(first, -1) + 1
        return f"{first}[{counts[first]}]"
    outer = f"{first}[{counts[first]}]" if first in counts else first
    if not is_list:
        return f"{outer}.{rest}"
    spot = f"{outer}.{rest}"
    counts[spot] = counts.get(spot, -1) + 1
    return f"{spot}[{counts[spot]}]"
