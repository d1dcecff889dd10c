"""A pack in words, for a terminal and for ``docs/rules.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procedures.rules.shapes import COMBINING, SECTIONS, Field
from procedures.rules.timescales import said
from procedures.terms import (
    ALWAYS,
    AllOf,
    AnyOf,
    Catalogue,
    Condition,
    Confidence,
    Fact,
    FactKind,
    FieldValue,
    Force,
    Item,
    Not,
    Operator,
    Pack,
    Part,
    Test,
    Timescale,
)

_CONFIDENCE = {
    Confidence.VERIFIED: "read in the source",
    Confidence.AUDIT: "from a published audit",
    Confidence.RECALLED: "settled practice, to be confirmed",
    Confidence.PRODUCT: "product default",
}
_FORCE = {
    Force.STATUTE: "law",
    Force.GUIDANCE: "statutory guidance",
    Force.LOCAL: "local",
    Force.PRACTICE: "good practice",
    Force.DEFAULT: "default",
}
_COMBINING = dict(
    zip(
        COMBINING,
        (
            "in one sitting",
            "one straight after the other",
            "the first takes the other in",
            "one of the two ends",
            "no",
        ),
        strict=True,
    )
)
_OPERATORS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.ONE_OF: "is one of",
    Operator.NONE_OF: "is none of",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.HAS: "includes",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """The pack that is printed, and the words of the facts, its own among them."""

    pack: Pack
    catalogue: Catalogue


def lines(pack: Pack, *, catalogue: Catalogue, section: str = "") -> Iterator[str]:
    """Yield a pack as Markdown, whole or one section."""
    yield f"# Rules: {pack.words}"
    yield ""
    yield f"Pack `{pack.name}`, number {pack.number}, in force from {pack.effective_from:%d %B %Y}."
    yield "These are defaults, not your local procedures. *To be confirmed* means: check the live"
    yield "document before you rely on it."
    known = dict(catalogue) | {
        item.id: Fact(
            item.id, FactKind.YES_NO, item.text("yes"), item.text("no"), item.text("question"), ""
        )
        for item in pack.items("definition")
    }
    for name in SECTIONS:
        if pack.items(name) and section in ("", name):
            yield ""
            yield f"## {name.replace('_', ' ').capitalize()}"
            for item in pack.items(name):
                yield from _item(item, _Shown(pack, known))


def sentence(condition: Condition, catalogue: Catalogue) -> str:
    """Return a condition as a sentence, whatever the facts are."""
    if condition == ALWAYS:
        return "always"
    if isinstance(condition, Test):
        return _test(condition, catalogue)
    if isinstance(condition, Not):
        return f"not ({sentence(condition.part, catalogue)})"
    word = " and " if isinstance(condition, AllOf) else " or "
    parts = [_nested(part, condition, catalogue) for part in condition.parts]
    return word.join(parts)


def _nested(part: Condition, outer: AllOf | AnyOf, catalogue: Catalogue) -> str:
    words = sentence(part, catalogue)
    is_other = isinstance(part, AllOf | AnyOf) and type(part) is not type(outer)
    return f"({words})" if is_other else words


def _test(test: Test, catalogue: Catalogue) -> str:
    fact = catalogue.get(test.fact)
    if fact is None:
        return f"{test.fact} {test.operator} {_value(test.value)}"
    if test.operator is Operator.IS_KNOWN:
        return f"it is {'' if test.value else 'not '}known: {fact.question}"
    if fact.kind is FactKind.YES_NO:
        words = fact.yes if test.value is True else fact.no
        return f"{words} (or that is not known)" if test.operator is Operator.MAY_BE else words
    if test.operator is Operator.MAY_BE:
        return f"{fact.yes} {_value(test.value)} (or not known)"
    words = _OPERATORS[test.operator].removeprefix("is").strip()
    lead = f"{fact.yes} {words}".strip()
    return f"{lead} {_value(test.value)}"


def _value(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(one) for one in value))
    return str(value)


def _item(item: Item, shown: _Shown) -> Iterator[str]:
    lock = ", locked" if item.is_locked else ""
    yield ""
    yield f"### {item.id}: {item.words}"
    yield ""
    yield from _fields(item, shown)
    yield (
        f"- Source: {item.source.text} ({item.source.on:%B %Y}; {_FORCE[item.source.force]}, "
        f"{_CONFIDENCE[item.source.confidence]}{lock})"
    )


def _fields(item: Item, shown: _Shown) -> Iterator[str]:
    shape = SECTIONS[item.section]
    for name, value in item.fields.items():
        label = name.replace("_", " ")
        if isinstance(value, tuple) and value and isinstance(value[0], Part):
            yield f"- {label}:"
            for one in item.parts(name):
                yield f"  - {_short(one, shape[name].parts, shown)}"
        else:
            yield f"- {label}: {_named(value, shape[name], shown)}"


def _short(part: Part, shape: Mapping[str, Field], shown: _Shown) -> str:
    return "; ".join(
        f"{name.replace('_', ' ')}: {_named(value, shape[name], shown)}"
        for name, value in part.fields.items()
    )


def _named(value: FieldValue, field: Field, shown: _Shown) -> str:
    """Return a value in words; an id of another section by that item's own words."""
    if field.one_of == COMBINING:
        return _COMBINING[str(value)]
    if not field.refers_to:
        return _said(value, shown.catalogue)
    ids = value if isinstance(value, tuple) else (value,)
    return "; ".join(shown.pack.words_of(field.refers_to, str(one)) for one in ids)


def _said(value: FieldValue, catalogue: Catalogue) -> str:
    if isinstance(value, Timescale):
        side = "before" if value.is_before else "after"
        return f"{said(value)} {side} {value.event.replace('_', ' ')}"
    if isinstance(value, Test | AllOf | AnyOf | Not):
        return sentence(value, catalogue)
    if isinstance(value, tuple):
        words = [str(one) for one in value]
        return (" " if words[-1:] and words[-1].endswith(".") else ", ").join(words)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
