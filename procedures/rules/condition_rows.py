"""A condition as rows of a form, and back; what rows cannot say stays whole."""

from __future__ import annotations

from procedures.draft_terms import Laid
from procedures.terms import (
    ALWAYS,
    AllOf,
    AnyOf,
    Catalogue,
    Condition,
    FactKind,
    Not,
    Operator,
    Test,
)

_IN_A_ROW = {
    FactKind.YES_NO: frozenset({Operator.IS, Operator.MAY_BE, Operator.IS_KNOWN}),
    FactKind.NUMBER: frozenset(
        {Operator.IS, Operator.AT_LEAST, Operator.AT_MOST, Operator.IS_KNOWN}
    ),
    FactKind.CHOICE: frozenset(
        {Operator.IS, Operator.IS_NOT, Operator.ONE_OF, Operator.NONE_OF, Operator.IS_KNOWN}
    ),
    FactKind.CHOICES: frozenset({Operator.HAS, Operator.IS_KNOWN}),
    FactKind.MOMENT: frozenset({Operator.IS_KNOWN}),
}


def laid_out(
    condition: Condition, *, catalogue: Catalogue, locked: Condition | None = None
) -> Laid:
    """Return a condition as rows; a part that no row can say is kept whole.

    Args:
        locked: the condition of a rule that may only be widened. It is kept whole, and a row
            beside it is one more case in which the rule fires.

    Source: decision 7 (a statutory item can be tightened, never loosened).
    """
    if locked is not None and locked != ALWAYS:
        return _widened(condition, locked, catalogue)
    if condition == ALWAYS:
        return Laid()
    if isinstance(condition, AllOf | AnyOf):
        tests = tuple(part for part in condition.parts if _is_row(part, catalogue))
        others = [part for part in condition.parts if not _is_row(part, catalogue)]
        is_any = isinstance(condition, AnyOf)
        if not others:
            return Laid(_tests(tests), is_any)
        if len(others) == 1 and tests:
            return Laid(_tests(tests), is_any, others[0])
        return Laid(kept=condition)
    if _is_row(condition, catalogue):
        return Laid(_tests((condition,)))
    return Laid(kept=condition)


def joined(laid: Laid) -> Condition:
    """Return the condition that the rows of a form make.

    Source: field guide 12, data shape of a rule.
    """
    kept = () if laid.kept is None else (laid.kept,)
    parts: tuple[Condition, ...] = (*kept, *laid.tests)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return ALWAYS
    return AnyOf(parts) if laid.is_any else AllOf(parts)


def as_table(condition: Condition) -> dict[str, object]:
    """Return a condition as the tables of a pack file say it.

    Source: field guide 12, data shape of a rule.
    """
    if isinstance(condition, Test):
        value = condition.value
        plain = sorted(value) if isinstance(value, frozenset) else value
        return {"fact": condition.fact, condition.operator.value: plain}
    if isinstance(condition, Not):
        return {"not": as_table(condition.part)}
    if condition == ALWAYS:
        return {"always": True}
    word = "all" if isinstance(condition, AllOf) else "any"
    return {word: [as_table(part) for part in condition.parts]}


def _widened(condition: Condition, locked: Condition, catalogue: Catalogue) -> Laid:
    if isinstance(condition, AnyOf) and locked in condition.parts:
        others = tuple(part for part in condition.parts if part != locked)
        if all(_is_row(part, catalogue) for part in others):
            return Laid(_tests(others), is_any=True, kept=locked)
    return Laid(is_any=True, kept=condition)


def _is_row(part: Condition, catalogue: Catalogue) -> bool:
    if not isinstance(part, Test):
        return False
    fact = catalogue.get(part.fact)
    return fact is not None and part.operator in _IN_A_ROW[fact.kind]


def _tests(parts: tuple[Condition, ...]) -> tuple[Test, ...]:
    return tuple(part for part in parts if isinstance(part, Test))
