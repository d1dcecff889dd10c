"""Read one condition or timescale from the plain tables of a pack file."""

from __future__ import annotations

from typing import cast

from procedures.terms import ALWAYS, AllOf, AnyOf, Condition, Not, Operator, Test, Timescale, Unit

_LISTS = (Operator.ONE_OF, Operator.NONE_OF)
_NUMBERS = (Operator.AT_LEAST, Operator.AT_MOST)


class FaultInText(ValueError):
    """What is written here cannot be read; the words say what it should be."""


def read_condition(raw: object) -> Condition:
    """Return the condition a table describes.

    A condition is ``{ fact = "...", is = ... }`` with one operator, ``{ all = [...] }``,
    ``{ any = [...] }``, ``{ not = {...} }``, or ``{ always = true }``.

    Raises:
        FaultInText: it is none of these.
    """
    if not isinstance(raw, dict):
        raise FaultInText('a condition is a table such as { fact = "part", is = "harmed" }')
    if raw == {"always": True}:
        return ALWAYS
    if "fact" in raw:
        return _read_test(cast("dict[str, object]", raw))
    if len(raw) != 1 or next(iter(raw)) not in ("all", "any", "not"):
        raise FaultInText("a condition has a fact, or exactly one of all, any, not, always")
    word, inner = next(iter(raw.items()))
    if word == "not":
        return Not(read_condition(inner))
    if not isinstance(inner, list) or not inner:
        raise FaultInText(f"{word} needs a list of conditions")
    parts = tuple(read_condition(one) for one in inner)
    return AllOf(parts) if word == "all" else AnyOf(parts)


def read_timescale(raw: object) -> Timescale:
    """Return the timescale a table describes.

    Such as ``{ n = 1, unit = "working_days", after = "known_at" }``, with ``before`` instead of
    ``after`` to count back.

    Raises:
        FaultInText: a part is missing or cannot be.
    """
    if not isinstance(raw, dict):
        raise FaultInText("a timescale is a table with n, unit, and after or before")
    unknown = set(raw) - {"n", "unit", "after", "before"}
    if unknown:
        raise FaultInText(f"a timescale has no {', '.join(sorted(unknown))}")
    if ("after" in raw) == ("before" in raw):
        raise FaultInText("a timescale has either after or before, with the name of an event")
    try:
        unit = Unit(str(raw.get("unit")))
    except ValueError:
        raise FaultInText(f"unit must be one of {', '.join(Unit)}") from None
    n = raw.get("n", 0)
    if type(n) is not int or n < 0 or (n == 0) != (unit is Unit.SAME_DAY):
        raise FaultInText("n must be a whole number above 0, and is left out for same_day")
    event = raw.get("after", raw.get("before"))
    if not isinstance(event, str) or not event:
        raise FaultInText("after and before need the name of an event")
    return Timescale(n, unit, event, is_before="before" in raw)


def _read_test(raw: dict[str, object]) -> Test:
    fact = raw["fact"]
    if not isinstance(fact, str):
        raise FaultInText("fact must be the name of a fact")
    rest = {key: value for key, value in raw.items() if key != "fact"}
    if len(rest) != 1:
        raise FaultInText(f"a test of {fact!r} needs exactly one operator")
    word, value = next(iter(rest.items()))
    try:
        operator = Operator(word)
    except ValueError:
        raise FaultInText(f"{word!r} is none of the operators {', '.join(Operator)}") from None
    return Test(fact, operator, _value(operator, value))


def _value(operator: Operator, value: object) -> bool | int | str | frozenset[str]:
    if operator in _LISTS:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise FaultInText(f"{operator} needs a list of texts")
        return frozenset(value)
    if operator in _NUMBERS and type(value) is not int:
        raise FaultInText(f"{operator} needs a whole number")
    if operator is Operator.IS_KNOWN and type(value) is not bool:
        raise FaultInText("is_known needs true or false")
    if not isinstance(value, bool | int | str):
        raise FaultInText(f"{operator} needs a text, a whole number, true or false")
    return value
