"""Whether a condition holds for the facts, and why, in words; unknown is never read as no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedures.terms import (
    UNKNOWN,
    AllOf,
    Condition,
    Explanation,
    FactKind,
    Facts,
    FactValue,
    Not,
    Operator,
    Test,
    Truth,
    Unknown,
    Vocabulary,
)

_OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}


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


def explain(condition: Condition, facts: Facts, vocabulary: Vocabulary) -> Explanation:
    """Return whether the condition holds, the sentence that says why, and the facts behind it.

    For "yes" and "no" the sentence names only the parts that decided; for "unknown" it names what
    is not known, and ``unknown`` lists those facts. A fact that the pack defines is followed by
    what it rests on.

    Source: field guide 3, "deadline and why in words".
    """
    answer = truth(condition, facts)
    tests = list(_deciding(condition, facts, answer))
    behind = [
        explain(vocabulary.definitions[test.fact], facts, vocabulary)
        if test.fact in vocabulary.definitions
        else None
        for test in tests
    ]
    words = [_words(test, facts, vocabulary, why) for test, why in zip(tests, behind, strict=True)]
    named = [test.fact for test in tests]
    unknown = [fact for fact in named if facts.get(fact, UNKNOWN) is UNKNOWN]
    for why in behind:
        named += why.facts if why else ()
        unknown += why.unknown if why else ()
    return Explanation(
        answer, _join(words), tuple(dict.fromkeys(named)), tuple(dict.fromkeys(unknown))
    )


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


def _deciding(condition: Condition, facts: Facts, answer: Truth) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
        return
    if isinstance(condition, Not):
        yield from _deciding(condition.part, facts, _OPPOSITE[answer])
        return
    parts = [part for part in condition.parts if truth(part, facts) is answer]
    one_is_enough = answer is (Truth.NO if isinstance(condition, AllOf) else Truth.YES)
    for part in parts[:1] if one_is_enough else parts:
        yield from _deciding(part, facts, answer)


def _words(test: Test, facts: Facts, vocabulary: Vocabulary, why: Explanation | None) -> str:
    fact = vocabulary.facts.get(test.fact)
    value = facts.get(test.fact, UNKNOWN)
    if fact is None:
        return f"{test.fact} is {_shown(value, {})}"
    if fact.kind is not FactKind.YES_NO:
        if value is None:
            return fact.no
        return f"{fact.yes} {_shown(value, vocabulary.names.get(test.fact, {}))}"
    if value is UNKNOWN:
        return f"it is not known whether {fact.yes}" + (f" ({why.words})" if why else "")
    words = fact.yes if value is True else fact.no
    return f"{words} ({why.words})" if why and value is True else words


def _shown(value: FactValue, names: Mapping[str, str]) -> str:
    if isinstance(value, Unknown):
        return "not known"
    if isinstance(value, frozenset):
        return ", ".join(sorted(names.get(one, one) for one in value)) or "none"
    return names.get(str(value), str(value)).replace("_", " ")


def _join(parts: list[str]) -> str:
    said = list(dict.fromkeys(part for part in parts if part))
    if not said:
        return "it always applies"
    return " and ".join([", ".join(said[:-1]), said[-1]]) if said[:-1] else said[0]
