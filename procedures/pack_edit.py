"""Change one rule in a pack's text and leave every other byte as it stands.

The text is the partnership's own: its comments, its order and its layout are kept. What was
written is read back and compared, so that a change never touches a rule it was not meant for.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Item, Table

from procedures.draft_terms import Written
from procedures.rules.shapes import SECTIONS

_LONG = 3
_BESIDE = "defaults"


def change(text: str, section: str, item_id: str, fields: Written) -> str:
    """Return the text with these fields of one rule written anew; None leaves a field out.

    Raises:
        KeyError: the text has no such rule.
    """
    document = tomlkit.parse(text)
    _write(_found(_listed(document, section), item_id), fields)
    expected = tomllib.loads(text)
    _apply(_found(expected.get(section, []), item_id), fields)
    return _checked(tomlkit.dumps(document), expected)


def add(text: str, section: str, fields: Written) -> str:
    """Return the text with one more rule at the end of its section."""
    document = tomlkit.parse(text)
    table = tomlkit.table()
    _write(table, fields)
    if section not in document:
        document.append(section, tomlkit.aot())
    _listed(document, section).append(table)
    expected = tomllib.loads(text)
    fresh: dict[str, Any] = {}
    _apply(fresh, fields)
    expected.setdefault(section, []).append(fresh)
    return _checked(tomlkit.dumps(document), expected)


def remove(text: str, section: str, item_id: str) -> str:
    """Return the text without one rule.

    Raises:
        KeyError: the text has no such rule.
    """
    document = tomlkit.parse(text)
    rules = _listed(document, section)
    rules.remove(_found(rules, item_id))
    expected = tomllib.loads(text)
    listed = expected[section]
    listed.remove(_found(listed, item_id))
    if not listed:
        del expected[section]
        document.remove(section)
    return _checked(tomlkit.dumps(document), expected)


def raw(text: str, section: str, item_id: str) -> dict[str, Any]:
    """Return one rule as plain values.

    Raises:
        KeyError: the text has no such rule.
    """
    return dict(_found(tomllib.loads(text).get(section, []), item_id))


def named(text: str, *, name: str, words: str, number: int, starts_on: date) -> str:
    """Return the text as a version of its own: its name and number, and from when it judges.

    A rule that says no date of its own keeps the date it had: an incident from before the new
    version must not fall between the two.
    """
    document = tomlkit.parse(text)
    expected = tomllib.loads(text)
    before = expected["pack"]["effective_from"]
    head = {"name": name, "words": words, "number": number, "effective_from": starts_on}
    _write(cast("Table", document["pack"]), head)
    expected["pack"] |= head
    for section in SECTIONS:
        if section not in expected or "effective_from" in _beside(expected, section):
            continue
        if _BESIDE not in document:
            document.append(_BESIDE, tomlkit.table(is_super_table=True))
        beside = cast("Table", document[_BESIDE])
        if section not in beside:
            beside.append(section, tomlkit.table())
        cast("Table", beside[section])["effective_from"] = before
        expected.setdefault(_BESIDE, {}).setdefault(section, {})["effective_from"] = before
    return _checked(tomlkit.dumps(document), expected)


def differing(was: str, now: str) -> tuple[tuple[str, str], ...]:
    """Return section and id of every rule that two texts say differently, in the order of now."""
    before, after = tomllib.loads(was), tomllib.loads(now)
    found: list[tuple[str, str]] = []
    for section in SECTIONS:
        mine = {rule["id"]: rule for rule in before.get(section, [])}
        yours = {rule["id"]: rule for rule in after.get(section, [])}
        found += [(section, one) for one, rule in yours.items() if mine.get(one) != rule]
        found += [(section, one) for one in mine if one not in yours]
    return tuple(found)


def _beside(expected: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", expected.get(_BESIDE, {}).get(section, {}))


def _listed(document: tomlkit.TOMLDocument, section: str) -> AoT:
    found = document.get(section)
    if not isinstance(found, AoT):
        raise KeyError(section)
    return found


def _found(rules: Any, item_id: str) -> Any:  # noqa: ANN401 - tables of tomlkit and of tomllib
    for rule in rules:
        if rule.get("id") == item_id:
            return rule
    raise KeyError(item_id)


def _write(table: Table, fields: Written) -> None:
    for name, value in fields.items():
        if value is None:
            if name in table:
                table.remove(name)
        elif _is_parts(value):
            _write_parts(table, name, cast("list[dict[str, object]]", value))
        elif name in table and table[name] == value:
            continue
        else:
            _put(table, name, _item(value))


def _put(table: Table, name: str, item: Item) -> None:
    """A plain field stands before the tables inside the rule, or it would belong to them."""
    if name in table:
        table[name] = item
        return
    inner = [(key, part) for key, part in table.items() if isinstance(part, AoT)]
    for key, _ in inner:
        table.remove(key)
    table.append(name, item)
    for key, part in inner:
        table.append(key, part)


def _write_parts(table: Table, name: str, parts: list[dict[str, object]]) -> None:
    if name in table and table[name] == parts:
        return
    listed = tomlkit.aot()
    for part in parts:
        inner = tomlkit.table()
        for key, value in part.items():
            inner.append(key, _item(value))
        listed.append(inner)
    inner.add(tomlkit.nl())
    if name in table:
        table.remove(name)
    table.append(name, listed)


def _item(value: object) -> Item:
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list):
        return _array(value)
    return cast("Item", tomlkit.item(cast("Any", value)))


def _inline(value: Mapping[str, object]) -> InlineTable:
    made = tomlkit.inline_table()
    for key, inner in value.items():
        made.append(key, _item(inner))
    return made


def _array(values: list[object]) -> Array:
    made = tomlkit.array()
    for value in values:
        made.append(_item(value))
    is_tables = any(isinstance(value, Mapping) for value in values)
    return made.multiline(is_tables and len(values) >= _LONG)


def _is_parts(value: object) -> bool:
    """A list of tables that a rule holds; the tables of a condition stand inside braces."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _apply(table: dict[str, Any], fields: Written) -> None:
    for name, value in fields.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = copy.deepcopy(value)


def _checked(text: str, expected: Mapping[str, Any]) -> str:
    """Never hand on a text that says anything but what was meant."""
    if tomllib.loads(text) != expected:
        raise RuntimeError("the changed pack would not say what was meant; nothing was written")
    return text
