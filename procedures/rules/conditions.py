"""Whether a condition holds for the facts, and why, in words; unknown is never read as no."""

from __future__ import annotations

from collections.abc import Iterator

from procedures.terms import (
    UNKNOWN,
    AllOf,
    AnyOf,
    Catalogue,
    Condition,
    Explanation,
    Fact,
    FactKind,
    Facts,
    FactValue,
    Not,
    Operator,
    Test,
    Truth,
    Unknown,
)

_OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
_PHRASES = {
    Operator.IS_NOT: "is not",
    Operator.ONE_OF: "is one of",
    Operator.NONE_OF: "is none of",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.HAS: "includes",
}


def truth(condition: Condition, facts: Facts) -> Truth:
    """Return whether the condition holds: yes, no, or unknown.

    A fact that is missing from ``facts`` counts as unknown.

    Source: decision "not scored yet never lowers a verdict"; field guide 11b, unknown answers.
    """
    if isinstance(condition, Test):
        return _test(condition, facts.get(condition.fact, UNKNOWN))
    if isinstance(condition, Not):
        return _OPPOSITE[truth(condition.part, facts)]
    decisive = Truth.NO if isinstance(condition, AllOf) else Truth.YES
    result = _OPPOSITE[decisive]
    for part in condition.parts:
        answer = truth(part, facts)
        if answer is decisive:
            return decisive
        if answer is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def explain(condition: Condition, facts: Facts, catalogue: Catalogue) -> Explanation:
    """Return whether the condition holds, the sentence that says why, and the facts behind it.

    For "yes" and "no" the sentence names only the parts that decided; for "unknown" it names what
    is not known, and ``unknown`` lists those facts.

    Source: field guide 3, "deadline and why in words".
    """
    answer = truth(condition, facts)
    tests = list(_deciding(condition, facts, answer))
    words = _join([_words(test, facts, catalogue, wanted) for test, wanted in tests])
    unknown = tuple(
        dict.fromkeys(test.fact for test, _ in tests if facts.get(test.fact, UNKNOWN) is UNKNOWN)
    )
    return Explanation(answer, words, tuple(dict.fromkeys(t.fact for t, _ in tests)), unknown)


def facts_of(condition: Condition) -> Iterator[Test]:
    """Yield every test inside a condition.

    Source: field guide 12, data shape of a rule.
    """
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from facts_of(condition.part)
    else:
        for part in condition.parts:
            yield from facts_of(part)


def _test(test: Test, value: FactValue) -> Truth:
    operator, wanted = test.operator, test.value
    if operator is Operator.IS_KNOWN:
        return _truth((value is not UNKNOWN) == wanted)
    if value is UNKNOWN:
        return Truth.YES if operator is Operator.MAY_BE else Truth.UNKNOWN
    return _truth(_holds(operator, value, wanted))


def _holds(operator: Operator, value: FactValue, wanted: object) -> bool:
    if operator in (Operator.IS, Operator.MAY_BE):
        return value == wanted
    if operator is Operator.IS_NOT:
        return value != wanted
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        assert isinstance(wanted, frozenset)  # noqa: S101 - the parser gave it this shape
        return (value in wanted) is (operator is Operator.ONE_OF)
    if operator is Operator.HAS:
        return isinstance(value, frozenset) and wanted in value
    if not isinstance(value, int) or not isinstance(wanted, int):
        return False
    return value >= wanted if operator is Operator.AT_LEAST else value <= wanted


def _truth(holds: bool) -> Truth:  # noqa: FBT001 - it is the whole argument
    return Truth.YES if holds else Truth.NO


def _deciding(condition: Condition, facts: Facts, answer: Truth) -> Iterator[tuple[Test, Truth]]:
    if isinstance(condition, Test):
        yield condition, answer
        return
    if isinstance(condition, Not):
        yield from _deciding(condition.part, facts, _OPPOSITE[answer])
        return
    parts = [part for part in condition.parts if truth(part, facts) is answer]
    one_is_enough = answer is (Truth.NO if isinstance(condition, AllOf) else Truth.YES)
    for part in parts[:1] if one_is_enough else parts:
        yield from _deciding(part, facts, answer)


def _words(test: Test, facts: Facts, catalogue: Catalogue, answer: Truth) -> str:
    fact = catalogue.get(test.fact)
    value = facts.get(test.fact, UNKNOWN)
    if fact is None:
        return f"{test.fact} is {_shown(value)}"
    if isinstance(value, Unknown):
        return f"it is not known whether {fact.yes}" if _is_plain(fact) else f"{fact.yes} unknown"
    if _is_plain(fact):
        return fact.yes if value is True else fact.no
    if value is None:
        return fact.no
    if answer is Truth.NO and test.operator in _PHRASES and fact.kind is FactKind.NUMBER:
        return f"{fact.yes} {_shown(value)}"
    return f"{fact.yes} {_shown(value)}"


def _is_plain(fact: Fact) -> bool:
    return fact.kind is FactKind.YES_NO


def _shown(value: FactValue) -> str:
    if isinstance(value, Unknown):
        return "not known"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)).replace("_", " ") or "none"
    return str(value).replace("_", " ")


def _join(parts: list[str]) -> str:
    said = list(dict.fromkeys(part for part in parts if part))
    if len(said) < 2:  # noqa: PLR2004 - one part needs no "and"
        return said[0] if said else "it always applies"
    return f"{', '.join(said[:-1])} and {said[-1]}"
