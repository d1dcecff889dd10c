"""What is not known: the questions to put at once, and what each answer would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meetings.rules.case import Case, due, outcome_of, reason_for
from meetings.terms import Alternative, Question, UnfiredRule
from procedures.rules.conditions import OPPOSITE, explain, truth
from procedures.terms import (
    UNKNOWN,
    AllOf,
    Condition,
    Deadline,
    Explanation,
    Item,
    Not,
    Operator,
    Part,
    Test,
    Truth,
)


def alternatives(
    items: Sequence[Item],
    outcomes: Mapping[str, Part | None],
    case: Case,
    *,
    first: Deadline | None,
    rank: int,
) -> tuple[Alternative, ...]:
    """Return the meetings and deadlines that an unknown fact could still bring.

    Both answers of a rule that fired are shown; of a rule that did not, only what would be
    sooner or weightier than the decision.

    Source: field guide 11b (both deadlines shown; the answer re-judges).
    """
    found: list[Alternative] = []
    for item in items:
        rule = truth(item.condition(), case.facts)
        if not can_hold(item.condition(), case):
            continue
        for outcome in item.parts("outcome"):
            if not _is_waiting(outcome, item, outcomes.get(item.id), rule, case):
                continue
            by = due(outcome.timescale("within"), item.id, case, is_meeting=True)
            if by is None:
                continue
            one = _alternative(item, outcome, by, first, case)
            weight = case.book.meeting_types[one.meeting_type].number("rank")
            is_same = first is not None and by.at == first.at and weight == rank
            matters = item.id in outcomes or one.is_sooner or weight > rank
            if matters and not is_same:
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.deadline.at))


def questions(items: Sequence[Item], case: Case) -> tuple[Question, ...]:
    """Return the facts to ask for: those that leave a rule open or only presumed.

    Source: field guide 11b (the question is put at once, and the answer re-judges).
    """
    asked: dict[str, list[str]] = {}
    for item in items:
        if not can_hold(item.condition(), case):
            continue
        parts = [*item.parts("outcome"), *item.parts("slot")]
        for condition in (item.condition(), *(part.condition() for part in parts)):
            for fact in open_facts(condition, case) if can_hold(condition, case) else ():
                asked.setdefault(fact, []).append(item.id)
    return tuple(
        Question(fact, case.vocabulary.facts[fact].question, tuple(dict.fromkeys(rules)))
        for fact, rules in asked.items()
        if fact in case.vocabulary.facts
    )


def unfired(
    item: Item, reason: Explanation, case: Case, *, condition: Condition | None = None
) -> UnfiredRule:
    """Return a rule that did not fire, and why; one that nobody can answer is "not judged".

    Args:
        condition: what the reason speaks of, where it is not the rule's own condition.

    Source: field guide 3 (why in words) and 11b (unknown is never explained as no).
    """
    words = reason.words
    if reason.truth is Truth.YES:
        words = "it applies, but none of its meetings does"
    can_be_answered = can_hold(condition or item.condition(), case)
    is_judged = reason.truth is not Truth.UNKNOWN or can_be_answered
    return UnfiredRule(
        rule_id=item.id,
        words=item.words,
        why=words if is_judged else f"not judged, because {words}",
        is_open=reason.truth is Truth.UNKNOWN and is_judged,
        is_judged=is_judged,
    )


def can_hold(condition: Condition, case: Case) -> bool:
    """Say whether a condition holds, or could once people answered what they can answer today.

    What rests on a fact that no page records yet cannot: it is not judged, and is neither asked
    about nor shown as a meeting that may still come.

    Source: field guide 11b (unknown is never read as no).
    """
    return _can_be(condition, Truth.YES, case)


def open_facts(condition: Condition, case: Case) -> tuple[str, ...]:
    """Return the recorded facts nobody knows that leave a condition open or only presumed.

    A fact that the pack defines is followed to the recorded facts behind it; one that no page
    records yet is left out, because nobody could answer.

    Source: decision 14 (not scored yet never lowers a verdict).
    """
    return tuple(dict.fromkeys(_open(condition, case)))


def _is_waiting(outcome: Part, item: Item, chosen: Part | None, rule: Truth, case: Case) -> bool:
    """Say whether answering an unknown fact could make this outcome the one."""
    answer = truth(outcome.condition(), case.facts)
    if outcome is chosen or not can_hold(outcome.condition(), case):
        return False
    if answer is Truth.UNKNOWN:
        return True
    return rule is Truth.UNKNOWN and outcome is outcome_of(item, case.facts)


def _alternative(
    item: Item, outcome: Part, by: Deadline, first: Deadline | None, case: Case
) -> Alternative:
    meeting = case.book.meeting_types[outcome.text("meeting")]
    only_if = (
        outcome.text("only_if")
        or explain(
            AllOf((item.condition(), outcome.condition())), case.facts, case.vocabulary
        ).words
    )
    if outcome.text("only_if") and truth(item.condition(), case.facts) is Truth.UNKNOWN:
        why = reason_for(item.condition(), case).words
        only_if = f"{only_if}; {why}"
    return Alternative(
        rule_id=item.id,
        meeting_type=meeting.id,
        meeting_name=meeting.words,
        deadline=by,
        only_if=only_if,
        is_sooner=first is None or by.at < first.at,
    )


def _open(condition: Condition, case: Case) -> list[str]:
    if isinstance(condition, Test):
        definition = case.book.definitions.get(condition.fact)
        if definition is not None:
            return _open(definition.condition(), case)
        is_open = case.facts.get(condition.fact, UNKNOWN) is UNKNOWN
        return [condition.fact] if is_open and _can_be_asked(condition.fact, case) else []
    if isinstance(condition, Not):
        return _open(condition.part, case)
    if isinstance(condition, AllOf):
        if truth(condition, case.facts) is Truth.NO:
            return []
    elif any(_is_sure(part, case) for part in condition.parts):
        return []
    return [fact for part in condition.parts for fact in _open(part, case)]


def _can_be(condition: Condition, wanted: Truth, case: Case) -> bool:
    answer = truth(condition, case.facts)
    if answer is not Truth.UNKNOWN:
        return answer is wanted
    if isinstance(condition, Test):
        definition = case.book.definitions.get(condition.fact)
        if definition is None:
            return _can_be_asked(condition.fact, case)
        is_same = (condition.operator is Operator.IS) is (condition.value is True)
        inner = wanted if is_same else OPPOSITE[wanted]
        return _can_be(definition.condition(), inner, case)
    if isinstance(condition, Not):
        return _can_be(condition.part, OPPOSITE[wanted], case)
    each = (_can_be(part, wanted, case) for part in condition.parts)
    return all(each) if isinstance(condition, AllOf) is (wanted is Truth.YES) else any(each)


def _can_be_asked(name: str, case: Case) -> bool:
    fact = case.vocabulary.facts.get(name)
    return fact is None or fact.is_recorded


def _is_sure(condition: Condition, case: Case) -> bool:
    """Say whether a condition holds by what is known, not by what is only presumed."""
    return truth(condition, case.facts) is Truth.YES and not _open(condition, case)
