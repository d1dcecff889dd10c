"""W1: one incident against the shipped rules, beside the rule-engine library on the same rules.

Both start from the same facts by name, and must give the same answer: which triggers fire, by which
outcome, and which seats the invitation rules ask for. Ours is timed twice: the answer alone, and
with every reason in words and every deadline counted in working days. The whole verdict of the
product, with what did not fire, what is not known and what could still come, is shown beside it.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import rule_engine

from benchmarks.timing import Times, in_turns
from meetings.evaluation_terms import Situation
from meetings.rules import invitees, known_facts, triggers
from meetings.rules.case import Case
from meetings.rules.facts import defined
from meetings.rules.rulebook import Choice, Rulebook, rulebook
from meetings.schemas.evaluation import moment_of
from meetings.schemas.situations import situation_of
from procedures.bank_holidays import calendar_for
from procedures.shipped import default_pack
from procedures.terms import (
    UNKNOWN,
    AllOf,
    AnyOf,
    Condition,
    Facts,
    Item,
    Not,
    Operator,
    Part,
    Test,
    Unknown,
)

LEAST_PLAIN, LEAST_EXPLAINED = 15.0, 4.0
MEETING = "strategy"
ROUNDS, QUICK_ROUNDS, RUNS = 60, 15, 5
_SCENARIOS = Path(__file__).parents[1] / "tests" / "data" / "scenarios"
# One of each kind: harmed, suspected, no incident, a great deal unknown.
_INCIDENTS = (
    ("s1-stabbing-before-christmas", "2026-12-23T20:45"),
    ("s2-suspected-in-one-class", "2027-03-24T13:00"),
    ("s4-no-gp", "2027-05-27T10:05"),
    ("s10-outside-the-home", "2027-05-26T10:00"),
)
Answer = frozenset[tuple[str, int]]
_NOTHING = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """One incident: the facts by name, and the case of our own rules."""

    situation: Situation
    case: Case
    told: Facts
    facts: dict[str, object]


class Peer:
    """The same rules as expressions of the library, compiled once."""

    def __init__(self, book: Rulebook) -> None:
        self._definitions = [
            (item.id, _rule(item.condition(), holds=True), _rule(item.condition(), holds=False))
            for item in book.definitions.values()
        ]
        self._triggers = [
            (item.id, _rule(item.condition(), holds=True), _parts(item, "outcome"))
            for item in book.triggers
        ]
        self._invitations = [
            (item.id, _rule(item.condition(), holds=True), _parts(item, "slot"))
            for item in book.invitations
            if MEETING in item.texts("meetings")
        ]

    def answer(self, told: dict[str, object]) -> Answer:
        """Return the outcomes and seats that apply."""
        facts = dict(told)
        for name, yes, no in self._definitions:
            facts[name] = True if yes.matches(facts) else (False if no.matches(facts) else None)
        found = set()
        for name, rule, outcomes in self._triggers:
            if rule.matches(facts):
                place = next(
                    (n for n, outcome in enumerate(outcomes) if outcome.matches(facts)), _NOTHING
                )
                if place != _NOTHING or not outcomes:
                    found.add((name, place))
        for name, rule, slots in self._invitations:
            if rule.matches(facts):
                found |= {(name, n) for n, slot in enumerate(slots) if slot.matches(facts)}
        return frozenset(found)


def run(*, quick: bool = False, **_: object) -> bool:
    """Time both; return whether ours is as much faster as the goal asks. A wrong answer raises."""
    pack = default_pack()
    book, calendar = rulebook(pack), calendar_for(pack)
    asked = [_asked(name, at, book) for name, at in _INCIDENTS]
    peer = Peer(book)
    for one in asked:
        ours, theirs = _answer(_fresh(one, book)), peer.answer(one.facts)
        assert ours == theirs, ours ^ theirs
    times = in_turns(
        {
            "rule-engine": _each(asked, lambda one: peer.answer(one.facts)),
            "ours, the answer": _each(asked, lambda one: _found(_fresh(one, book))),
            "ours, explained": _each(asked, lambda one: _explained(_fresh(one, book), one)),
            "ours, whole verdict": _each(asked, lambda one: _verdict(_fresh(one, book), one)),
        },
        rounds=QUICK_ROUNDS if quick else ROUNDS,
        runs=RUNS,
        clock=time.process_time,
    )
    per = {name: each.p50 * 1000 / len(asked) for name, each in times.items()}
    rules = len(book.triggers) + len(peer._invitations)
    print(f"  {rules} rules, {len(asked)} incidents, {calendar.last.year} is the last year known")
    for name, each in times.items():
        print(f"  {name:20} {per[name]:8.1f} µs an incident, spread {each.spread:.0%}")
    plain, explained = (_ratio(times, name) for name in ("ours, the answer", "ours, explained"))
    print(f"  without reasons and dates {plain:.1f} times as fast (goal {LEAST_PLAIN:.0f})")
    print(f"  with reasons and dates {explained:.1f} times as fast (goal {LEAST_EXPLAINED:.0f})")
    return plain >= LEAST_PLAIN and explained >= LEAST_EXPLAINED


def _ratio(times: dict[str, Times], name: str) -> float:
    """The middle of the rounds' ratios: what else the machine does weighs on both of a round."""
    return statistics.median(
        statistics.median(theirs) / statistics.median(ours)
        for theirs, ours in zip(times["rule-engine"].rounds, times[name].rounds, strict=True)
    )


def _each(asked: Sequence[Asked], answer: Callable[[Asked], object]) -> Callable[[], None]:
    def all_of_them() -> None:
        for one in asked:
            answer(one)

    return all_of_them


def _asked(name: str, at: str, book: Rulebook) -> Asked:
    raw = json.loads((_SCENARIOS / f"{name}.json").read_text(encoding="utf-8"))
    situation = situation_of(raw, pack=book.pack, at=moment_of(at))
    case = known_facts.lay_out(situation, pack=book.pack, calendar=calendar_for(book.pack))
    names = {test.fact for item in _items(book) for test in _tests(item)} - set(book.definitions)
    told = {one: case.facts.get(one, UNKNOWN) for one in names}
    return Asked(situation, case, told, {name: _plain(value) for name, value in told.items()})


def _fresh(one: Asked, book: Rulebook) -> Case:
    """Ours works out what the pack defines each time, as the peer does."""
    return Case(
        book=book,
        facts=defined(one.told, book),
        moments=one.case.moments,
        calendar=one.case.calendar,
        vocabulary=one.case.vocabulary,
        school_shut=one.case.school_shut,
    )


def _found(case: Case) -> tuple[list[tuple[Item, Part | None]], list[tuple[Item, Choice]]]:
    return triggers.outcomes_in(case), invitees.seats_in(MEETING, case)


def _answer(case: Case) -> Answer:
    found = set()
    outcomes_found, seats_found = _found(case)
    for item, outcome in outcomes_found:
        outcomes = item.parts("outcome")
        found.add((item.id, outcomes.index(outcome) if outcome else _NOTHING))
    for item, seat in seats_found:
        found.add((item.id, item.parts("slot").index(seat.part)))
    return frozenset(found)


def _explained(case: Case, one: Asked) -> object:
    return triggers.fired_in(case), invitees.slots_in(MEETING, case, one.situation.network)


def _verdict(case: Case, one: Asked) -> object:
    return triggers.decide_case(case), invitees.required_in(MEETING, case, one.situation.network)


def _items(book: Rulebook) -> Iterator[Item]:
    yield from book.definitions.values()
    yield from book.triggers
    yield from book.invitations


def _tests(item: Item) -> Iterator[Test]:
    parts: tuple[Part, ...] = (item, *item.parts("outcome"), *item.parts("slot"))
    for part in parts:
        yield from _inside(part.condition())


def _inside(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from _inside(condition.part)
    else:
        for part in condition.parts:
            yield from _inside(part)


def _parts(item: Item, name: str) -> list[rule_engine.Rule]:
    return [_rule(part.condition(), holds=True) for part in item.parts(name)]


def _rule(condition: Condition, *, holds: bool) -> rule_engine.Rule:
    return rule_engine.Rule(_said(condition, holds=holds))


def _said(condition: Condition, *, holds: bool) -> str:
    """Write when a condition surely holds, or surely does not: null is "not known"."""
    if isinstance(condition, Test):
        return _test(condition, holds=holds)
    if isinstance(condition, Not):
        return _said(condition.part, holds=not holds)
    word = "and" if isinstance(condition, AllOf) is holds else "or"
    if not condition.parts:
        return "true" if isinstance(condition, AllOf) is holds else "false"
    assert isinstance(condition, AllOf | AnyOf)
    return "(" + f" {word} ".join(_said(part, holds=holds) for part in condition.parts) + ")"


def _test(test: Test, *, holds: bool) -> str:
    fact, value = test.fact, _literal(test.value)
    known = f"{fact} != null"
    match test.operator:
        case Operator.IS_KNOWN:
            return known if bool(test.value) is holds else f"{fact} == null"
        case Operator.MAY_BE:
            said = (f"({fact} == null or {fact} == {value})", f"({known} and {fact} != {value})")
        case Operator.IS:
            said = (f"{fact} == {value}", f"({known} and {fact} != {value})")
        case Operator.IS_NOT:
            said = (f"({known} and {fact} != {value})", f"{fact} == {value}")
        case Operator.ONE_OF | Operator.NONE_OF:
            inside, outside = (
                f"({known} and {fact} in {value})",
                f"({known} and not ({fact} in {value}))",
            )
            said = (inside, outside) if test.operator is Operator.ONE_OF else (outside, inside)
        case Operator.HAS:
            said = (f"({known} and {value} in {fact})", f"({known} and not ({value} in {fact}))")
        case Operator.AT_LEAST:
            said = (f"({known} and {fact} >= {value})", f"({known} and {fact} < {value})")
        case Operator.AT_MOST:
            said = (f"({known} and {fact} <= {value})", f"({known} and {fact} > {value})")
    return said[0] if holds else said[1]


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return "[" + ", ".join(_literal(one) for one in sorted(value)) + "]"
    return json.dumps(value)


def _plain(value: object) -> object:
    if isinstance(value, Unknown):
        return None
    return tuple(sorted(value)) if isinstance(value, frozenset) else value
