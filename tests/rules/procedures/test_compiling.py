"""Conditions as functions say what the plain reading of the condition says, for any facts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from procedures.rules.compiling import check_of, reasons_of
from procedures.terms import (
    UNKNOWN,
    AllOf,
    AnyOf,
    Condition,
    Facts,
    FactValue,
    Not,
    Operator,
    Test,
    Truth,
)

NAMES = ("one", "two", "three")
OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
WORDS = st.sampled_from(["a", "b"])
PLAIN: st.SearchStrategy[bool | int | str] = st.booleans() | st.integers(0, 3) | WORDS
VALUES: st.SearchStrategy[FactValue] = PLAIN | st.frozensets(WORDS) | st.just(UNKNOWN) | st.none()
FACTS = st.dictionaries(st.sampled_from(NAMES), VALUES)


@st.composite
def comparisons(draw: st.DrawFn) -> Test:
    operator = draw(st.sampled_from(Operator))
    wanted: st.SearchStrategy[bool | int | str | frozenset[str]] = PLAIN
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        wanted = st.frozensets(WORDS)
    elif operator in (Operator.AT_LEAST, Operator.AT_MOST):
        wanted = st.integers(0, 3)
    elif operator is Operator.IS_KNOWN:
        wanted = st.booleans()
    return Test(draw(st.sampled_from(NAMES)), operator, draw(wanted))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    comparisons(),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=8,
)


def read_plainly(condition: Condition, facts: Facts) -> Truth:
    if isinstance(condition, Test):
        return read_test(condition, facts.get(condition.fact, UNKNOWN))
    if isinstance(condition, Not):
        return OPPOSITE[read_plainly(condition.part, facts)]
    answers = [read_plainly(part, facts) for part in condition.parts]
    decisive = Truth.NO if isinstance(condition, AllOf) else Truth.YES
    if decisive in answers:
        return decisive
    return Truth.UNKNOWN if Truth.UNKNOWN in answers else OPPOSITE[decisive]


def read_test(test: Test, value: FactValue) -> Truth:
    wanted = test.value
    if test.operator is Operator.IS_KNOWN:
        return Truth.YES if (value is not UNKNOWN) == wanted else Truth.NO
    if value is UNKNOWN:
        return Truth.YES if test.operator is Operator.MAY_BE else Truth.UNKNOWN
    is_number = isinstance(value, int)
    holds = {
        Operator.IS: lambda: value == wanted,
        Operator.MAY_BE: lambda: value == wanted,
        Operator.IS_NOT: lambda: value != wanted,
        Operator.ONE_OF: lambda: value in wanted,
        Operator.NONE_OF: lambda: value not in wanted,
        Operator.HAS: lambda: isinstance(value, frozenset) and wanted in value,
        Operator.AT_LEAST: lambda: is_number and value >= wanted,
        Operator.AT_MOST: lambda: is_number and value <= wanted,
    }[test.operator]()
    return Truth.YES if holds else Truth.NO


@given(CONDITIONS, FACTS)
def test_the_function_answers_as_the_condition_reads(condition: Condition, facts: Facts) -> None:
    assert check_of(condition)(facts) is read_plainly(condition, facts)


@given(CONDITIONS, FACTS)
def test_the_reasons_come_with_the_same_answer(condition: Condition, facts: Facts) -> None:
    answer, _ = reasons_of(condition)(facts)

    assert answer is read_plainly(condition, facts)


@given(CONDITIONS, FACTS)
def test_the_facts_named_as_reasons_are_enough_for_the_answer(
    condition: Condition, facts: Facts
) -> None:
    answer, deciding = reasons_of(condition)(facts)

    named = {test.fact for test in deciding}
    left = {name: value for name, value in facts.items() if name in named}
    assert check_of(condition)(left) is answer or answer is Truth.UNKNOWN


@given(CONDITIONS)
def test_a_condition_with_its_functions_is_still_the_same_condition(condition: Condition) -> None:
    before = hash(condition)

    check_of(condition)
    reasons_of(condition)

    assert hash(condition) == before
