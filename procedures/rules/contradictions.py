"""Rules of one pack that cannot all stand: each names the line and which of the two to change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from procedures.terms import (
    ALWAYS,
    AllOf,
    Condition,
    Item,
    Operator,
    Pack,
    PackFault,
    Part,
    Test,
)


def contradictions(pack: Pack) -> Iterator[PackFault]:
    """Yield the rules of a pack that contradict themselves or each other.

    Source: issue "Procedures", bad input: a rule that contradicts another, a loop of fallbacks.
    """
    for section in pack.sections:
        for item in pack.items(section):
            yield from _never(item, item)
            for part in (*item.parts("slot"), *item.parts("outcome")):
                yield from _never(item, part)
    for item in pack.items("invitation"):
        for slot in item.parts("slot"):
            yield from _loop(item, slot)
    for item in pack.items("trigger"):
        yield from _unreached(item)
    yield from _joins(pack)
    yield from _seats(pack)
    yield from _combinations(pack)


def overlap(first: Item, second: Item) -> bool:
    """Say whether two items are in force on one and the same date.

    Source: issue "Procedures", bad input: a date range that overlaps.
    """
    return _begins_before(first, second.effective_to) and _begins_before(second, first.effective_to)


def _begins_before(item: Item, end: date | None) -> bool:
    return end is None or item.effective_from < end


def _never(item: Item, part: Part) -> Iterator[PackFault]:
    """A condition whose parts ask for two values of one fact at once never holds."""
    condition = part.condition()
    if not isinstance(condition, AllOf):
        return
    wanted: dict[str, object] = {}
    for test in _asked_for(condition):
        first = wanted.setdefault(test.fact, test.value)
        if first != test.value:
            words = f"it never holds: {test.fact} cannot be {first} and {test.value}. Use any"
            yield _fault(item, part, words)


def _asked_for(condition: AllOf) -> Iterator[Test]:
    for part in condition.parts:
        if isinstance(part, Test) and part.operator is Operator.IS:
            yield part
        elif isinstance(part, AllOf):
            yield from _asked_for(part)


def _loop(item: Item, slot: Part) -> Iterator[PackFault]:
    """A chain of stand-ins that comes back to a role already asked goes round for ever."""
    asked = {slot.text("role")}
    for role in slot.texts("fallback"):
        if role in asked:
            words = f"fallback: the chain comes back to {role!r}; each role stands in it once"
            yield _fault(item, slot, words)
        asked.add(role)


def _unreached(item: Item) -> Iterator[PackFault]:
    outcomes = item.parts("outcome")
    for place, outcome in enumerate(outcomes[:-1]):
        if outcome.condition() == ALWAYS:
            words = "it always applies, so that none after it is reached: put it last"
            yield _fault(item, outcomes[place], words)
            return


def _joins(pack: Pack) -> Iterator[PackFault]:
    """A meeting may be held as part of another only where both are of one family mode."""
    modes = {item.id: item.text("family_mode") for item in pack.items("meeting_type")}
    for item in pack.items("meeting_type"):
        for other in item.texts("joins"):
            if modes.get(other, modes[item.id]) != modes[item.id]:
                words = (
                    f"joins: the family takes part in one of {item.id!r} and {other!r} and not in "
                    "the other, so that neither is held as part of the other; leave it out"
                )
                yield _fault(item, item, words)


def _seats(pack: Pack) -> Iterator[PackFault]:
    """Two rules that ask for one role in one case must ask for it in the same way."""
    seats = [
        (item, slot, (item.condition(), slot.condition()))
        for item in pack.items("invitation")
        for slot in item.parts("slot")
    ]
    by_role: dict[tuple[str, str], list[tuple[Item, Part, tuple[Condition, Condition]]]] = {}
    for item, slot, when in seats:
        for meeting in item.texts("meetings"):
            by_role.setdefault((slot.text("role"), meeting), []).append((item, slot, when))
    found: set[tuple[str, str, str]] = set()
    for (role, _), same in by_role.items():
        for (one, seat, when), (other, again, then) in combinations(same, 2):
            key = (one.id, other.id, role)
            differs = seat.text("requirement") != again.text("requirement")
            if differs and when == then and overlap(one, other) and key not in found:
                found.add(key)
                words = (
                    f"it asks for {role!r} as {again.text('requirement')}, and {one.id!r} in line "
                    f"{seat.line} as {seat.text('requirement')}, in the same case: keep one"
                )
                yield _fault(other, again, words)


def _combinations(pack: Pack) -> Iterator[PackFault]:
    """One pair of sittings has one answer at a time."""
    for one, other in combinations(pack.items("combination"), 2):
        shared = _pairs(one) & _pairs(other)
        if shared and one.text("may") != other.text("may") and overlap(one, other):
            names = " and ".join(sorted(min(shared, key=sorted)))
            words = (
                f"it says {other.text('may')!r} of {names}, and {one.id!r} in line {one.line} "
                f"says {one.text('may')!r}: keep one"
            )
            yield _fault(other, other, words)


def _pairs(item: Item) -> set[frozenset[str]]:
    return {frozenset({a, b}) for a in item.texts("of") for b in item.texts("with")}


def _fault(item: Item, part: Part, words: str) -> PackFault:
    return PackFault(part.line or item.line, f"{item.section} {item.id}", words)
