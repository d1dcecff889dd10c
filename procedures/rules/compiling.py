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
    Reasons,
    Test,
    Truth,
)

_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
_PAIR = 2
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


def reasons_of(condition: Condition) -> Reasons:
    """Return the function that gives a condition's answer with the tests that decided it.

    For an answer that one part decides, these are the first such part's; else those of every
    part with this answer.

    Source: field guide 3, "deadline and why in words".
    """
    kept = condition.reasons
    if kept is None:
        kept = _explained(condition)
        object.__setattr__(condition, "reasons", kept)
    return kept


def _explained(condition: Condition) -> Reasons:
    if isinstance(condition, Test):
        check = check_of(condition)
        answers = {answer: (answer, (condition,)) for answer in Truth}
        return lambda facts: answers[check(facts)]
    if isinstance(condition, Not):
        return _opposed(reasons_of(condition.part))
    reasons = tuple(reasons_of(part) for part in condition.parts)
    decisive = _NO if isinstance(condition, AllOf) else _YES
    return _gathered(reasons, decisive, _OPPOSITE[decisive])


def _opposed(reasons: Reasons) -> Reasons:
    def opposed(facts: Facts) -> tuple[Truth, tuple[Test, ...]]:
        answer, tests = reasons(facts)
        return _OPPOSITE[answer], tests

    return opposed


def _gathered(reasons: tuple[Reasons, ...], decisive: Truth, otherwise: Truth) -> Reasons:
    unknown = _UNKNOWN

    def gathered(facts: Facts) -> tuple[Truth, tuple[Test, ...]]:
        agreeing: tuple[Test, ...] = ()
        open_tests: tuple[Test, ...] = ()
        is_open = False
        for reason in reasons:
            found = reason(facts)
            answer = found[0]
            if answer is decisive:
                return found
            if answer is unknown:
                is_open = True
                open_tests += found[1]
            else:
                agreeing += found[1]
        return (unknown, open_tests) if is_open else (otherwise, agreeing)

    return gathered


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
    if not checks:
        return lambda _: otherwise
    if len(checks) == _PAIR:
        return _paired(checks[0], checks[1], decisive)

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


def _paired(first: Check, second: Check, decisive: Truth) -> Check:
    """Most conditions have two parts, and a loop costs more than they do."""
    unknown = _UNKNOWN

    def paired(facts: Facts) -> Truth:
        one = first(facts)
        if one is decisive:
            return decisive
        other = second(facts)
        return unknown if one is unknown and other is not decisive else other

    return paired


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
