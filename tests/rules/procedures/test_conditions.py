"""Conditions answer yes, no or unknown, and say why."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.rules.conditions import explain, facts_of, truth
from procedures.terms import (
    ALWAYS,
    UNKNOWN,
    AllOf,
    AnyOf,
    Condition,
    Explanation,
    Fact,
    FactKind,
    FactValue,
    Not,
    Operator,
    Test,
    Truth,
    Vocabulary,
)

YES, NO, NOT_KNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
OP = Operator


def _fact(name: str, kind: FactKind, yes: str, no: str) -> Fact:
    return Fact(name, kind, yes, no, f"{name}?", "a page")


WORDS = Vocabulary(
    facts={
        "wet": _fact("wet", FactKind.YES_NO, "it rains", "it is dry"),
        "cold": _fact("cold", FactKind.YES_NO, "it is cold", "it is warm"),
        "bad": _fact("bad", FactKind.YES_NO, "the weather is bad", "the weather is good"),
        "age": _fact("age", FactKind.NUMBER, "the age is", "there is no age"),
        "kind": _fact("kind", FactKind.CHOICE, "the kind is", "there is no kind"),
        "seen": _fact("seen", FactKind.CHOICES, "seen were", "nothing was seen"),
    },
    definitions={"bad": AnyOf((Test("wet", OP.IS, True), Test("cold", OP.IS, True)))},
    names={"kind": {"k1": "first kind"}},
)
WET, COLD = Test("wet", OP.IS, True), Test("cold", OP.IS, True)


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "answer"),
    [
        (OP.IS, True, True, YES),
        (OP.IS, True, False, NO),
        (OP.IS, False, UNKNOWN, NOT_KNOWN),
        (OP.IS_NOT, "a", "b", YES),
        (OP.IS_NOT, "a", UNKNOWN, NOT_KNOWN),
        (OP.ONE_OF, frozenset({"a", "b"}), "a", YES),
        (OP.ONE_OF, frozenset({"a"}), "c", NO),
        (OP.NONE_OF, frozenset({"a"}), "c", YES),
        (OP.NONE_OF, frozenset({"a"}), "a", NO),
        (OP.NONE_OF, frozenset({"a"}), UNKNOWN, NOT_KNOWN),
        (OP.AT_LEAST, 5, 5, YES),
        (OP.AT_LEAST, 5, 4, NO),
        (OP.AT_LEAST, 5, None, NO),
        (OP.AT_MOST, 5, 5, YES),
        (OP.AT_MOST, 5, 6, NO),
        (OP.AT_MOST, 84, None, NO),
        (OP.HAS, "a", frozenset({"a", "b"}), YES),
        (OP.HAS, "c", frozenset({"a"}), NO),
        (OP.MAY_BE, True, True, YES),
        (OP.MAY_BE, True, False, NO),
        (OP.MAY_BE, True, UNKNOWN, YES),
        (OP.MAY_BE, False, UNKNOWN, YES),
        (OP.IS_KNOWN, True, False, YES),
        (OP.IS_KNOWN, True, UNKNOWN, NO),
        (OP.IS_KNOWN, False, UNKNOWN, YES),
        (OP.IS_KNOWN, True, None, YES),
    ],
)
def test_each_operator(
    operator: Operator, wanted: bool | int | str | frozenset[str], value: FactValue, answer: Truth
) -> None:
    assert truth(Test("x", operator, wanted), {"x": value}) is answer


def test_a_fact_that_is_missing_is_unknown_and_not_no() -> None:
    assert truth(WET, {}) is NOT_KNOWN
    assert truth(Not(WET), {}) is NOT_KNOWN


@pytest.mark.parametrize(
    ("wet", "cold", "both", "either"),
    [
        (True, True, YES, YES),
        (True, False, NO, YES),
        (True, UNKNOWN, NOT_KNOWN, YES),
        (False, UNKNOWN, NO, NOT_KNOWN),
        (UNKNOWN, UNKNOWN, NOT_KNOWN, NOT_KNOWN),
        (False, False, NO, NO),
    ],
)
def test_unknown_spreads_only_where_it_matters(
    wet: FactValue, cold: FactValue, both: Truth, either: Truth
) -> None:
    facts = {"wet": wet, "cold": cold}

    assert truth(AllOf((WET, COLD)), facts) is both
    assert truth(AnyOf((WET, COLD)), facts) is either


def test_nothing_asked_always_holds() -> None:
    assert truth(ALWAYS, {}) is YES
    assert explain(ALWAYS, {}, WORDS).words == "it always applies"


def test_unknown_refuses_to_be_read_as_yes_or_no() -> None:
    with pytest.raises(TypeError, match="neither yes nor no"):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    ("condition", "facts", "words"),
    [
        (AllOf((WET, COLD)), {"wet": True, "cold": True}, "it rains and it is cold"),
        (AllOf((WET, COLD)), {"wet": True, "cold": False}, "it is warm"),
        (AnyOf((WET, COLD)), {"wet": False, "cold": True}, "it is cold"),
        (AnyOf((WET, COLD)), {"wet": False, "cold": False}, "it is dry and it is warm"),
        (Not(WET), {"wet": False}, "it is dry"),
        (WET, {}, "it is not known whether it rains"),
        (Test("age", OP.AT_LEAST, 10), {"age": 15}, "the age is 15"),
        (Test("age", OP.AT_MOST, 10), {"age": None}, "there is no age"),
        (Test("kind", OP.IS, "k1"), {"kind": "k1"}, "the kind is first kind"),
        (Test("kind", OP.IS, "k1"), {}, "the kind is not known"),
        (Test("seen", OP.HAS, "b"), {"seen": frozenset({"b", "a"})}, "seen were a, b"),
        (Test("seen", OP.HAS, "b"), {"seen": frozenset()}, "seen were none"),
        (Test("odd", OP.IS, 1), {"odd": 1}, "odd is 1"),
        (Test("bad", OP.IS, True), {"bad": True, "wet": True}, "the weather is bad (it rains)"),
        (
            Test("bad", OP.IS, True),
            {"bad": UNKNOWN, "wet": False},
            "it is not known whether the weather is bad (it is not known whether it is cold)",
        ),
    ],
)
def test_why_in_words(condition: Condition, facts: Mapping[str, FactValue], words: str) -> None:
    assert explain(condition, facts, WORDS).words == words


def test_the_facts_behind_a_definition_are_named_too() -> None:
    found = explain(Test("bad", OP.IS, True), {"bad": UNKNOWN, "wet": False}, WORDS)

    assert found.facts == ("bad", "cold")
    assert found.unknown == ("bad", "cold")
    assert Explanation.from_dict(found.to_dict()) == found


def test_every_fact_inside_is_found() -> None:
    condition = AllOf((WET, Not(AnyOf((COLD, Test("age", OP.AT_LEAST, 1))))))

    assert [test.fact for test in facts_of(condition)] == ["wet", "cold", "age"]


_LEAF = st.sampled_from([WET, COLD, Test("age", OP.AT_LEAST, 10)])
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)
_ANSWERS = st.fixed_dictionaries(
    {"wet": st.booleans(), "cold": st.booleans(), "age": st.integers(0, 20)}
)


@given(_CONDITIONS, _ANSWERS, st.sets(st.sampled_from(["wet", "cold", "age"])))
def test_an_answer_given_without_a_fact_is_never_overturned_by_it(
    condition: Condition, facts: dict[str, FactValue], hidden: set[str]
) -> None:
    known = {name: UNKNOWN if name in hidden else value for name, value in facts.items()}

    before, after = truth(condition, known), truth(condition, facts)

    assert before in (NOT_KNOWN, after)


@given(_CONDITIONS, _ANSWERS)
def test_every_answer_has_a_reason(condition: Condition, facts: dict[str, FactValue]) -> None:
    found = explain(condition, facts, WORDS)

    assert found.truth is truth(condition, facts)
    assert found.words
    assert set(found.facts) <= {"wet", "cold", "age"}
