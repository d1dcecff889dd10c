"""Whether a condition holds for the facts, and why, in words; unknown is never read as no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedures.rules.compiling import check_of, reasons_of
from procedures.terms import (
    UNKNOWN,
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

# Values of which there are few; lists and moments are put into words each time.
_SPOKEN_ONCE = (int, str, Unknown)
OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}

_ALWAYS = Explanation(Truth.YES, "it always applies")


def truth(condition: Condition, facts: Facts) -> Truth:
    """Return whether the condition holds: yes, no, or unknown.

    A fact that is missing from ``facts`` counts as unknown.

    Source: decision "not scored yet never lowers a verdict"; field guide 11b, unknown answers.
    """
    return (condition.check or check_of(condition))(facts)


def explain(
    condition: Condition,
    facts: Facts,
    vocabulary: Vocabulary,
    *,
    behind: dict[str, Explanation] | None = None,
) -> Explanation:
    """Return whether the condition holds, the sentence that says why, and the facts behind it.

    For "yes" and "no" the sentence names only the parts that decided; for "unknown" it names what
    is not known, and ``unknown`` lists those facts. A fact that the pack defines is followed by
    what it rests on.

    Args:
        behind: what the pack defines and was explained before from the very same facts.

    Source: field guide 3, "deadline and why in words".
    """
    answer, tests = (condition.reasons or reasons_of(condition))(facts)
    if not tests:
        return _ALWAYS if answer is Truth.YES else Explanation(answer, _ALWAYS.words)
    if len(tests) == 1 and tests[0].fact not in vocabulary.definitions:
        return _of_one(answer, tests[0], facts, vocabulary)
    words: list[str] = []
    named: list[str] = []
    unknown: list[str] = []
    resting: list[Explanation] = []
    for test in tests:
        name = test.fact
        why = _behind(name, facts, vocabulary, behind)
        words.append(_words(test, facts, vocabulary, why))
        named.append(name)
        if facts.get(name, UNKNOWN) is UNKNOWN:
            unknown.append(name)
        if why is not None:
            resting.append(why)
    for why in resting:
        named += why.facts
        unknown += why.unknown
    return Explanation(answer, _join(words), _once(named), _once(unknown))


def in_words(
    condition: Condition,
    facts: Facts,
    vocabulary: Vocabulary,
    *,
    behind: dict[str, Explanation] | None = None,
) -> str:
    """Return only the sentence of ``explain``.

    Source: field guide 3, "deadline and why in words".
    """
    _, tests = (condition.reasons or reasons_of(condition))(facts)
    if not tests:
        return _ALWAYS.words
    definitions = vocabulary.definitions
    words = []
    for test in tests:
        name = test.fact
        why = _behind(name, facts, vocabulary, behind) if name in definitions else None
        words.append(_words(test, facts, vocabulary, why))
    return _join(words)


def _of_one(answer: Truth, test: Test, facts: Facts, vocabulary: Vocabulary) -> Explanation:
    named = (test.fact,)
    unknown = named if facts.get(test.fact, UNKNOWN) is UNKNOWN else ()
    return Explanation(answer, _words(test, facts, vocabulary, None), named, unknown)


def _behind(
    name: str, facts: Facts, vocabulary: Vocabulary, before: dict[str, Explanation] | None
) -> Explanation | None:
    """What the pack defines is explained by what it rests on, once for the same facts."""
    definition = vocabulary.definitions.get(name)
    if definition is None:
        return None
    why = before.get(name) if before is not None else None
    if why is None:
        why = explain(definition, facts, vocabulary, behind=before)
        if before is not None:
            before[name] = why
    return why


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


def _words(test: Test, facts: Facts, vocabulary: Vocabulary, why: Explanation | None) -> str:
    """What never changes for a fact and its value is put into words once."""
    value = facts.get(test.fact, UNKNOWN)
    if why is not None or not isinstance(value, _SPOKEN_ONCE):
        return _put(test, value, vocabulary, why)
    key = (test.fact, value)
    words = vocabulary.spoken.get(key)
    if words is None:
        words = vocabulary.spoken[key] = _put(test, value, vocabulary, None)
    return words


def _put(test: Test, value: FactValue, vocabulary: Vocabulary, why: Explanation | None) -> str:
    fact = vocabulary.facts.get(test.fact)
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


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names)) if len(names) > 1 else tuple(names)


def _join(parts: list[str]) -> str:
    if len(parts) == 1 and parts[0]:
        return parts[0]
    said = list(dict.fromkeys(filter(None, parts)))
    if not said:
        return _ALWAYS.words
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
