"""The rows of a condition on the form of a rule: what may be chosen, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from meetings.rules.case import vocabulary_of
from people.terms import ConnectionStatus
from procedures.draft_terms import Laid
from procedures.terms import Catalogue, Fact, FactKind, Operator, Pack, Test

_NUMBER = (
    ("at_least", "is at least"),
    ("at_most", "is at most"),
    ("is", "is exactly"),
    ("not_known", "is not known"),
)
_CHOICE = (
    ("one_of", "is one of"),
    ("none_of", "is none of"),
    ("known", "is known"),
    ("not_known", "is not known"),
)
_CHOICES = (("has", "includes"), ("known", "is known"), ("not_known", "is not known"))
_MOMENT = (("known", "has happened"), ("not_known", "is not known"))
_SAYS = {
    FactKind.NUMBER: _NUMBER,
    FactKind.CHOICE: _CHOICE,
    FactKind.CHOICES: _CHOICES,
    FactKind.MOMENT: _MOMENT,
}
_YES_NO = {
    "yes": (Operator.IS, True),
    "no": (Operator.IS, False),
    "maybe": (Operator.MAY_BE, True),
    "not_known": (Operator.IS_KNOWN, False),
    "known": (Operator.IS_KNOWN, True),
}
Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of a form came to: the condition laid out, and what is wrong, by field."""

    laid: Laid
    errors: Mapping[str, list[str]]


def facts_of(pack: Pack) -> Catalogue:
    """Return every fact a rule may look at: the service's own and the pack's."""
    return vocabulary_of(pack).facts


def fact_options(pack: Pack) -> list[dict[str, str]]:
    """Return the facts to choose from, by their questions."""
    facts = sorted(facts_of(pack).values(), key=lambda fact: fact.question)
    return [
        {"value": fact.name, "text": _question(fact)}
        for fact in facts
        if fact.kind is not FactKind.MOMENT
    ]


def boxes(laid: Laid) -> dict[str, Any]:
    """Return a condition as the form's boxes hold it."""
    values: dict[str, Any] = {"join": "any" if laid.is_any else "all"}
    if laid.kept is not None:
        values["keep"] = "yes"
    for number, test in enumerate(laid.tests):
        values |= _box(number, test)
    return values


def shown(values: Mapping[str, Any], pack: Pack) -> list[dict[str, Any]]:
    """Return the rows as the template shows them."""
    facts = facts_of(pack)
    rows = []
    for number in _numbers(values, "row", "fact"):
        fact = facts.get(str(values[f"row-{number}-fact"]))
        if fact is not None:
            rows.append(_row(number, fact, pack))
    return rows


def read(form: Form, before: Laid, pack: Pack) -> Rows:
    """Return the condition that the boxes say; a row that says nothing is an error."""
    facts = facts_of(pack)
    tests, errors = [], {}
    for number in _numbers(form, "row", "fact"):
        fact = facts.get(form[f"row-{number}-fact"])
        if fact is None:
            continue
        test = _test(form, number, fact)
        if isinstance(test, str):
            errors[f"row-{number}"] = [test]
        else:
            tests.append(test)
    kept = before.kept if form.get("keep") == "yes" else None
    return Rows(Laid(tuple(tests), form.get("join") == "any", kept), errors)


def press(form: Form) -> Form | None:
    """Return the form with a row added or removed, or None when another button was pressed."""
    pressed = form.get("press", "")
    changed = form.copy()
    if pressed == "add-row":
        if fact := form.get("add-fact"):
            number = max(_numbers(form, "row", "fact"), default=-1) + 1
            changed[f"row-{number}-fact"] = fact
        changed["add-fact"] = ""
        return changed
    for what in ("row", "seat", "outcome"):
        if pressed.startswith(f"remove-{what}-"):
            _without(changed, pressed.removeprefix("remove-"))
            return changed
        if pressed == f"add-{what}":
            number = max(_numbers(form, what, "was"), default=-1) + 1
            changed[f"{what}-{number}-was"] = ""
            return changed
    return None


def numbers(values: Mapping[str, Any], what: str) -> list[int]:
    """Return the numbers of the form's seats or outcomes, in order."""
    return _numbers(values, what, "was")


def _numbers(values: Mapping[str, Any], what: str, last: str) -> list[int]:
    found = []
    for name in values:
        first, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if first == what and field == last and number.isdecimal():
            found.append(int(number))
    return sorted(found)


def _without(form: Form, lead: str) -> None:
    for name in [name for name in form if name == lead or name.startswith(f"{lead}-")]:
        form.poplist(name)


def _box(number: int, test: Test) -> dict[str, Any]:
    lead, value = f"row-{number}", test.value
    box: dict[str, Any] = {f"{lead}-fact": test.fact}
    says = test.operator.value
    if test.operator is Operator.IS_KNOWN:
        says = "known" if value is True else "not_known"
    elif isinstance(value, bool):
        pairs = {pair: name for name, pair in _YES_NO.items()}
        says = pairs.get((test.operator, value), "yes")
    elif isinstance(value, str):
        says = {Operator.IS: "one_of", Operator.IS_NOT: "none_of"}.get(test.operator, says)
        box[f"{lead}-values"] = [value]
        box[f"{lead}-value"] = value
    elif isinstance(value, frozenset):
        box[f"{lead}-values"] = sorted(value)
    else:
        box[f"{lead}-value"] = str(value)
    return box | {f"{lead}-says": says}


def _row(number: int, fact: Fact, pack: Pack) -> dict[str, Any]:
    says = _SAYS.get(fact.kind)
    if says is None:
        says = (
            ("yes", f"Yes: {fact.yes}"),
            ("no", f"No: {fact.no}"),
            ("maybe", "Yes, or not known"),
            ("not_known", "It is not known"),
            ("known", "It is known, yes or no"),
        )
    return {
        "number": number,
        "fact": fact.name,
        "question": _question(fact),
        "says": [{"value": value, "text": text} for value, text in says],
        "blank": "Choose one" if fact.kind is FactKind.YES_NO else None,
        "is_number": fact.kind is FactKind.NUMBER,
        "is_one": fact.kind is FactKind.CHOICES,
        "choices": _values(fact, pack) if fact.kind in (FactKind.CHOICE, FactKind.CHOICES) else [],
    }


def _values(fact: Fact, pack: Pack) -> list[dict[str, str]]:
    if fact.section:
        return [{"value": item.id, "text": item.words} for item in pack.items(fact.section)]
    # A choice without a section of the pack is the state of a connection.
    return [
        {"value": one.value, "text": one.value.replace("_", " ").capitalize()}
        for one in ConnectionStatus
        if one is not ConnectionStatus.NOT_KNOWN and one is not ConnectionStatus.ENQUIRY_MADE
    ]


def _question(fact: Fact) -> str:
    return fact.question if fact.is_recorded else f"{fact.question} (no page asks this yet)"


def _test(form: Form, number: int, fact: Fact) -> Test | str:
    says, value = form.get(f"row-{number}-says", ""), form.get(f"row-{number}-value", "").strip()
    if fact.kind is FactKind.YES_NO:
        if says not in _YES_NO:
            return f"Choose an answer: {fact.question}"
        return Test(fact.name, *_YES_NO[says])
    if says in ("known", "not_known"):
        return Test(fact.name, Operator.IS_KNOWN, says == "known")
    if fact.kind is FactKind.NUMBER:
        if not value.isdecimal() or says not in dict(_NUMBER):
            return f"Choose how to compare and give a whole number: {fact.question}"
        return Test(fact.name, Operator(says), int(value))
    if fact.kind is FactKind.CHOICES and value:
        return Test(fact.name, Operator.HAS, value)
    ticked = form.getlist(f"row-{number}-values")
    if says not in ("one_of", "none_of") or not ticked:
        return f"Choose at least one answer: {fact.question}"
    if len(ticked) == 1:
        return Test(fact.name, Operator.IS if says == "one_of" else Operator.IS_NOT, ticked[0])
    return Test(fact.name, Operator(says), frozenset(ticked))
