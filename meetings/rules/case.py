"""One child's part in an incident, laid beside the pack: what judging each trigger needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from meetings.rules import facts as facts_of
from meetings.rules.catalogue import CATALOGUE
from meetings.rules.rulebook import Rulebook, defined_facts, rulebook
from meetings.terms import ChildFacts, IncidentFacts, TaskDue
from procedures.rules.conditions import explain, in_words, truth
from procedures.rules.timescales import deadline
from procedures.rules.working_days import WorkingCalendar
from procedures.terms import (
    Condition,
    Deadline,
    Explanation,
    Facts,
    Item,
    Pack,
    Part,
    Timescale,
    Truth,
    Vocabulary,
)


@dataclass(frozen=True, slots=True)
class Case:
    """Facts, moments, calendar and rulebook of one judgement.

    Attributes:
        behind: what the pack defines, explained once for these facts.
    """

    book: Rulebook
    facts: Facts
    moments: Mapping[str, datetime | None]
    calendar: WorkingCalendar
    vocabulary: Vocabulary
    school_shut: frozenset[date] = frozenset()
    behind: dict[str, Explanation] = field(default_factory=dict)


def case_of(
    incident: IncidentFacts | None,
    child: ChildFacts,
    *,
    pack: Pack,
    calendar: WorkingCalendar,
) -> Case:
    """Return the case of a child, with or without an incident.

    Source: field guide 3 and 4.
    """
    book = rulebook(pack)
    facts = dict(facts_of.of_child(child, rulebook=book))
    if incident is not None:
        facts |= facts_of.of_incident(incident, rulebook=book)
    return Case(
        book=book,
        facts=facts_of.defined(facts, book),
        moments=facts_of.moments(incident, child) if incident else {},
        calendar=calendar,
        vocabulary=vocabulary_of(pack),
        school_shut=facts_of.school_shut(child),
    )


@lru_cache(maxsize=16)
def vocabulary_of(pack: Pack) -> Vocabulary:
    """Return the words of all facts: the catalogue's and the pack's own.

    Source: field guide 3, "why in words".
    """
    book = rulebook(pack)
    return Vocabulary(
        facts={**CATALOGUE, **defined_facts(pack)},
        definitions={item.id: item.condition() for item in book.definitions.values()},
        names={
            fact.name: {item.id: item.words.lower() for item in pack.items(fact.section)}
            for fact in CATALOGUE.values()
            if fact.section
        },
    )


def reason_for(condition: Condition, case: Case) -> Explanation:
    """Return whether a condition holds in a case, and why in words.

    Source: field guide 3, "why in words".
    """
    return explain(condition, case.facts, case.vocabulary, behind=case.behind)


def words_for(condition: Condition, case: Case) -> str:
    """Return only the sentence of ``reason_for``.

    Source: field guide 3, "why in words".
    """
    return in_words(condition, case.facts, case.vocabulary, behind=case.behind)


def outcome_of(item: Item, facts: Facts) -> Part | None:
    """Return the first outcome that surely applies; an unsure one waits as an alternative.

    Source: field guide 11b, unknown answers.
    """
    for outcome in item.parts("outcome"):
        if truth(outcome.condition(), facts) is Truth.YES:
            return outcome
    return None


def due(
    timescale: Timescale | None, rule_id: str, case: Case, *, is_meeting: bool
) -> Deadline | None:
    """Return the deadline of a timescale, or None while its event has not happened.

    Source: field guide DT-1 to DT-10.
    """
    moment = case.moments.get(timescale.event) if timescale else None
    if timescale is None or moment is None:
        return None
    return deadline(
        timescale,
        moment,
        rule_id=rule_id,
        calendar=case.calendar,
        settings=case.book.pack.settings,
        rolls_back=is_meeting,
        school_shut=case.school_shut,
    )


def tasks_of(items: list[Item], case: Case) -> tuple[TaskDue, ...]:
    """Return the tasks these items ask for, each once, with every rule that asks.

    A task whose event has not happened yet is not due and is left out.

    Source: field guide 3.2 (the rule opens a task).
    """
    wanted: dict[str, list[str]] = {}
    for item in items:
        for task_id in item.texts("tasks"):
            wanted.setdefault(task_id, []).append(item.id)
    found = []
    for task_id, rule_ids in wanted.items():
        task = case.book.tasks[task_id]
        timescale = task.timescale("due")
        by = due(timescale, task_id, case, is_meeting=False)
        if timescale is not None and by is None and case.moments:
            continue
        role = task.text("role")
        found.append(
            TaskDue(task.id, task.words, role, case.book.role_name(role), by, tuple(rule_ids))
        )
    return tuple(found)


def said(items: list[Item], field: str) -> tuple[str, ...]:
    """Return what these items say in a field, each sentence once.

    Source: field guide 3.2 (prompts).
    """
    return tuple(dict.fromkeys(words for item in items for words in item.texts(field)))
