"""Conditions as functions: each is written out once, and then only called."""

from __future__ import annotations

from collections.abc import Callable

from procedures.terms import (
    UNKNOWN,
    AllOf,
    Check,
    Condition,
    Facts,
    FactValue,
    Not,
    Operator,
    Test,
    Truth,
)

_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
_OPPOSITE = {_YES: _NO, _NO: _YES, _UNKNOWN: _UNKNOWN}


def check_of(condition: Condition) -> Check:
    """Return the function that says whether a condition holds for facts; a missing one is unknown.

    It is kept on the condition, which never changes.

    Source: performance guide W1 (rules as data, compiled once per version).
    """
    kept = condition.check
    if kept is None:
        kept = _written(condition)
        object.__setattr__(condition, "check", kept)
    return kept


def _written(condition: Condition) -> Check:
    if isinstance(condition, Test):
        return _test(condition)
    if isinstance(condition, Not):
        return _opposite(check_of(condition.part))
    checks = tuple(check_of(part) for part in condition.parts)
    if len(checks) == 1:
        return checks[0]
    decisive = _NO if isinstance(condition, AllOf) else _YES
    return _joined(checks, decisive, _OPPOSITE[decisive])


def _opposite(check: Check) -> Check:
    return lambda facts: _OPPOSITE[check(facts)]


def _joined(checks: tuple[Check, ...], decisive: Truth, otherwise: Truth) -> Check:
    unknown = _UNKNOWN

    def joined(facts: Facts) -> Truth:
        result = otherwise
        for check in checks:
            answer = check(facts)
            if answer is decisive:
                return decisive
            if answer is unknown:
                result = unknown
        return result

    return joined


def _test(test: Test) -> Check:
    fact, wanted = test.fact, test.value
    match test.operator:
        case Operator.IS_KNOWN:
            return _known(fact, yes=_YES if wanted else _NO, no=_NO if wanted else _YES)
        case Operator.IS:
            return _equal(fact, wanted, same=_YES, other=_NO, unknown=_UNKNOWN)
        case Operator.MAY_BE:
            return _equal(fact, wanted, same=_YES, other=_NO, unknown=_YES)
        case Operator.IS_NOT:
            return _equal(fact, wanted, same=_NO, other=_YES, unknown=_UNKNOWN)
        case Operator.ONE_OF:
            return _compared(fact, lambda value: value in wanted)  # type: ignore[operator]  # the parser gave it this shape
        case Operator.NONE_OF:
            return _compared(fact, lambda value: value not in wanted)  # type: ignore[operator]  # and here
        case Operator.HAS:
            return _compared(fact, lambda value: isinstance(value, frozenset) and wanted in value)
        case Operator.AT_LEAST:
            return _compared(fact, lambda value: isinstance(value, int) and value >= wanted)  # type: ignore[operator]  # and here
        case Operator.AT_MOST:
            return _compared(fact, lambda value: isinstance(value, int) and value <= wanted)  # type: ignore[operator]  # and here


def _known(fact: str, *, yes: Truth, no: Truth) -> Check:
    return lambda facts: no if facts.get(fact, UNKNOWN) is UNKNOWN else yes


def _equal(fact: str, wanted: object, *, same: Truth, other: Truth, unknown: Truth) -> Check:
    def equal(facts: Facts) -> Truth:
        value = facts.get(fact, UNKNOWN)
        if value is UNKNOWN:
            return unknown
        return same if value == wanted else other

    return equal


def _compared(fact: str, holds: Callable[[FactValue], bool]) -> Check:
    def compared(facts: Facts) -> Truth:
        value = facts.get(fact, UNKNOWN)
        if value is UNKNOWN:
            return _UNKNOWN
        return _YES if holds(value) else _NO

    return compared
