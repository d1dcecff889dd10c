"""Whether a condition holds for the facts, and why, in words; unknown is never read as no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedures.rules.compiling import check_of
from procedures.terms import (
    UNKNOWN,
    AllOf,
    Condition,
    Explanation,
    Fact,
    FactKind,
    Facts,
    FactValue,
    Not,
    Test,
    Truth,
    Unknown,
    Vocabulary,
)

OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}


def truth(condition: Condition, facts: Facts) -> Truth:
    """Return whether the condition holds: yes, no, or unknown.

    A fact that is missing from ``facts`` counts as unknown.

    Source: decision "not scored yet never lowers a verdict"; field guide 11b, unknown answers.
    """
    return (condition.check or check_of(condition))(facts)


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


def _deciding(condition: Condition, facts: Facts, answer: Truth) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
        return
    if isinstance(condition, Not):
        yield from _deciding(condition.part, facts, OPPOSITE[answer])
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
    if value is UNKNOWN and not fact.is_recorded:
        return f"it is not recorded yet {_asking(fact)}"
    if fact.kind is not FactKind.YES_NO:
        if value is None:
            return fact.no
        return f"{fact.yes} {_shown(value, vocabulary.names.get(test.fact, {}))}"
    if value is UNKNOWN:
        return f"it is not known whether {fact.yes}" + (f" ({why.words})" if why else "")
    words = fact.yes if value is True else fact.no
    return f"{words} ({why.words})" if why and value is True else words


def _asking(fact: Fact) -> str:
    return f"whether {fact.yes}" if fact.kind is FactKind.YES_NO else f"({fact.question})"


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
