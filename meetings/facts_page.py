"""``docs/facts.md``: the frozen set of facts that rules may look at, printed from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.known_facts import DERIVED
from meetings.rules.moments import MOMENTS
from procedures.terms import Fact, FactKind

_WRITTEN = {
    FactKind.YES_NO: "yes or no",
    FactKind.NUMBER: "whole number",
    FactKind.CHOICE: "one of",
    FactKind.CHOICES: "list of",
    FactKind.MOMENT: "moment",
}
_HEAD = """# Facts

<!-- Written by `confer pack facts > docs/facts.md`. Do not edit. -->

What the rules of a procedure pack may look at, and nothing else. The set is frozen: a name keeps
its type and meaning; new names may be added. `confer pack check` refuses a pack that names another.

*Unknown* is a value of its own and is never read as no: a fact that nobody recorded, or that a file
of facts leaves out, is unknown, and a rule that rests on it says so.

A fact that is *worked out* follows from others, so that a file of facts need not tell it. One that
is *not recorded yet* stands on no page of this version: only a program that tells it makes its
rules fire, and elsewhere they say that they were not judged.

| fact | type | meaning | where it is recorded |
| --- | --- | --- | --- |"""
_MOMENTS_HEAD = """
## Moments

What limits are counted from. A file of facts tells them under `moments`, each as
`2026-12-23T20:40` on London's clock, with an offset, or as a mere date where no hours are counted.

| moment | meaning |
| --- | --- |"""


def lines() -> Iterator[str]:
    """Yield the page, line by line."""
    yield _HEAD
    for fact in CATALOGUE.values():
        where = f"{fact.recorded}; worked out" if fact.name in DERIVED else fact.recorded
        yield f"| `{fact.name}` | {_type(fact)} | {fact.question} | {where} |"
    yield _MOMENTS_HEAD
    for name in sorted(EVENTS):
        yield f"| `{name}` | {MOMENTS[name]} |"


def _type(fact: Fact) -> str:
    words = _WRITTEN[fact.kind]
    if fact.section:
        return f"{words} the pack's `{fact.section}` ids"
    if fact.kind is FactKind.CHOICE:
        return "known, not known, none, ... (a state of the network)"
    return words
