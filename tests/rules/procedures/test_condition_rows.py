"""A condition as rows of a form, and back."""

from __future__ import annotations

import pytest

from meetings.rules.case import vocabulary_of
from procedures.draft_terms import Laid
from procedures.pack_conditions import read_condition
from procedures.rules.condition_rows import as_table, joined, laid_out
from procedures.shipped import default_pack
from procedures.terms import ALWAYS, AllOf, AnyOf, Condition, Not, Operator, Test

FACTS = vocabulary_of(default_pack()).facts
HARMED = Test("is_harmed", Operator.IS, True)
TEN = Test("age", Operator.AT_LEAST, 10)
MAYBE = Test("age", Operator.MAY_BE, 10)


@pytest.mark.parametrize(
    ("condition", "laid"),
    [
        (ALWAYS, Laid()),
        (HARMED, Laid((HARMED,))),
        (AllOf((HARMED, TEN)), Laid((HARMED, TEN))),
        (AnyOf((HARMED, TEN)), Laid((HARMED, TEN), is_any=True)),
        (AnyOf((Not(TEN), HARMED)), Laid((HARMED,), is_any=True, kept=Not(TEN))),
        (Not(HARMED), Laid(kept=Not(HARMED))),
        (AllOf((Not(TEN), Not(HARMED))), Laid(kept=AllOf((Not(TEN), Not(HARMED))))),
        (MAYBE, Laid(kept=MAYBE)),
        (Test("nothing", Operator.IS, True), Laid(kept=Test("nothing", Operator.IS, True))),
    ],
)
def test_what_rows_cannot_say_is_kept_whole(condition: Condition, laid: Laid) -> None:
    assert laid_out(condition, catalogue=FACTS) == laid


def test_a_locked_condition_is_kept_and_rows_widen_it() -> None:
    locked = AllOf((HARMED, TEN))

    assert laid_out(locked, catalogue=FACTS, locked=locked) == Laid(is_any=True, kept=locked)
    wider = AnyOf((locked, TEN))
    assert laid_out(wider, catalogue=FACTS, locked=locked) == Laid((TEN,), True, locked)
    odd = AnyOf((locked, Not(TEN)))
    assert laid_out(odd, catalogue=FACTS, locked=locked) == Laid(is_any=True, kept=odd)


def test_a_locked_rule_that_always_applies_has_nothing_to_keep() -> None:
    assert laid_out(ALWAYS, catalogue=FACTS, locked=ALWAYS) == Laid()


@pytest.mark.parametrize(
    ("laid", "condition"),
    [
        (Laid(), ALWAYS),
        (Laid((HARMED,)), HARMED),
        (Laid((HARMED,), is_any=True, kept=TEN), AnyOf((TEN, HARMED))),
        (Laid((HARMED, TEN)), AllOf((HARMED, TEN))),
        (Laid(kept=TEN), TEN),
    ],
)
def test_rows_make_a_condition(laid: Laid, condition: Condition) -> None:
    assert joined(laid) == condition


@pytest.mark.parametrize(
    ("section", "item"),
    [
        (section, item.id)
        for section in ("trigger", "invitation")
        for item in default_pack().items(section)
    ],
)
def test_every_shipped_condition_comes_back_from_its_rows_and_its_table(
    section: str, item: str
) -> None:
    condition = default_pack().item(section, item).condition()

    assert set(_parts(joined(laid_out(condition, catalogue=FACTS)))) == set(_parts(condition))
    assert read_condition(as_table(condition)) == condition


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf | AnyOf) else (condition,)
