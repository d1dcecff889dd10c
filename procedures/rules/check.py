"""What is wrong with a pack: references to nothing, tests that cannot hold, statute loosened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from difflib import get_close_matches

from procedures.rules.conditions import facts_of
from procedures.rules.contradictions import contradictions
from procedures.rules.shapes import SECTIONS, Field, FieldKind
from procedures.terms import (
    Catalogue,
    Condition,
    Fact,
    FactKind,
    Force,
    Item,
    Operator,
    Pack,
    PackFault,
    Part,
    Test,
    Timescale,
    Unit,
)

_KINDS: Mapping[FactKind, tuple[type, ...]] = {
    FactKind.YES_NO: (bool,),
    FactKind.NUMBER: (int,),
    FactKind.CHOICE: (str, frozenset),
    FactKind.CHOICES: (str, frozenset),
    FactKind.MOMENT: (),
}
_LONGEST_LABEL = 60
# What a locked list names, it goes on naming.
_KEPT_WHOLE = ("meetings", "after", "tasks", "of", "with")
# What a locked item says, it goes on saying.
_FIRM = (("may", "no"), ("is_looked_after", True), ("has_protection_plan", True))
_NUMERIC = (Operator.AT_LEAST, Operator.AT_MOST)


def faults(
    pack: Pack, *, catalogue: Catalogue, events: Set[str], default: Pack | None = None
) -> tuple[PackFault, ...]:
    """Return everything wrong with a pack that could be read, by line.

    Args:
        catalogue: the facts that the service records; a condition may look at no other, but for
            those the pack defines itself.
        events: the moments that limits may count from.
        default: the shipped pack, against which locked and statutory items are compared.

    Source: decision 7 (a statutory item can be tightened, never loosened).
    """
    known = dict(catalogue) | {
        item.id: Fact(item.id, FactKind.YES_NO, "", "", "", "") for item in pack.items("definition")
    }
    found = list(_settings_faults(pack))
    for section, shape in SECTIONS.items():
        for item in pack.items(section):
            found += _part_faults(item, item, shape, pack, known, events)
    found += _definition_faults(pack)
    found += contradictions(pack)
    if default is not None:
        found += _loosened(pack, default)
    return tuple(sorted(found, key=lambda fault: fault.line))


def _settings_faults(pack: Pack) -> Iterator[PackFault]:
    settings = pack.settings
    if not settings.day_start < settings.hold_now_from <= settings.day_end:
        words = "day_start must come before hold_now_from, and that not after day_end"
        yield PackFault(1, "settings", words)
    if settings.safety_action_divisor < 1:
        yield PackFault(1, "settings", "safety_action_divisor must be at least 1")
    is_one_line = not any(mark in settings.mail_label for mark in "\r\n")
    if not is_one_line or len(settings.mail_label) > _LONGEST_LABEL:
        words = f"mail_label must be one line of at most {_LONGEST_LABEL} characters"
        yield PackFault(1, "settings", words)


def _part_faults(
    item: Item,
    part: Part,
    shape: Mapping[str, Field],
    pack: Pack,
    known: Catalogue,
    events: Set[str],
) -> Iterator[PackFault]:
    for name, field in shape.items():
        if name not in part.fields:
            continue
        if field.refers_to:
            yield from _reference_faults(item, part, name, field, pack)
        if field.kind is FieldKind.CONDITION:
            for test in facts_of(part.condition(name)):
                yield from _test_faults(item, part, test, pack, known)
        if field.kind is FieldKind.TIMESCALE:
            timescale = part.timescale(name)
            if timescale is not None and timescale.event not in events:
                named = ", ".join(sorted(events))
                yield _fault(item, part, f"nothing happens at {timescale.event!r}; use {named}")
        for inner in part.parts(name) if field.kind is FieldKind.PARTS else ():
            yield from _part_faults(item, inner, field.parts, pack, known, events)


def _reference_faults(
    item: Item, part: Part, name: str, field: Field, pack: Pack
) -> Iterator[PackFault]:
    named = (part.text(name),) if field.kind is FieldKind.TEXT else part.texts(name)
    ids = {one.id for one in pack.items(field.refers_to)}
    for missing in (one for one in named if one not in ids):
        near = get_close_matches(missing, ids, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; add one as [[{field.refers_to}]]"
        yield _fault(item, part, f"{name}: there is no {field.refers_to} {missing!r}{hint}")


def _test_faults(
    item: Item, part: Part, test: Test, pack: Pack, known: Catalogue
) -> Iterator[PackFault]:
    fact = known.get(test.fact)
    if fact is None:
        near = get_close_matches(test.fact, known, n=1)
        hint = f": did you mean {near[0]!r}?" if near else ""
        words = f"there is no fact {test.fact!r}{hint} (confer pack facts lists them all)"
        yield _fault(item, part, words)
        return
    if test.operator is Operator.IS_KNOWN:
        return
    if test.operator in _NUMERIC and fact.kind is not FactKind.NUMBER:
        yield _fault(item, part, f"{test.fact} is no number: {test.operator} cannot hold")
        return
    if type(test.value) not in _KINDS[fact.kind]:
        yield _fault(item, part, f"{test.fact} is never {test.value!r}")
        return
    values = test.value if isinstance(test.value, frozenset) else {test.value}
    ids = {one.id for one in pack.items(fact.section)} if fact.section else values
    for value in sorted(str(one) for one in values if one not in ids):
        yield _fault(item, part, f"{test.fact}: there is no {fact.section} {value!r}")


def _definition_faults(pack: Pack) -> Iterator[PackFault]:
    """A definition may rest only on definitions that stand before it."""
    later = {item.id for item in pack.items("definition")}
    for item in pack.items("definition"):
        for test in facts_of(item.condition()):
            if test.fact in later:
                yield _fault(item, item, f"it rests on {test.fact!r}, which comes later")
        later.discard(item.id)


def _loosened(pack: Pack, default: Pack) -> Iterator[PackFault]:
    for section in SECTIONS:
        mine: dict[str, list[Item]] = {}
        for item in pack.items(section):
            mine.setdefault(item.id, []).append(item)
        for shipped in default.items(section):
            if not (shipped.is_locked or shipped.source.force is Force.STATUTE):
                continue
            if shipped.id not in mine:
                words = f"{section} {shipped.id!r} is locked and cannot be left out"
                yield PackFault(1, section, words)
            for item in mine.get(shipped.id, ()):
                behind = f" (behind it: {shipped.source.text})"
                for fault in _looser(item, shipped):
                    yield PackFault(fault.line, fault.where, fault.words + behind)


def _looser(item: Item, shipped: Item) -> Iterator[PackFault]:
    if item.effective_to is not None:
        yield _fault(item, item, "it is locked and cannot end")
    if item.effective_from > shipped.effective_from:
        yield _fault(item, item, f"it is locked and holds from {shipped.effective_from}")
    yield from _looser_part(item, item, shipped)


def _looser_part(item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    for name, value in shipped.fields.items():
        mine = part.fields.get(name)
        if isinstance(value, Timescale):
            if not (isinstance(mine, Timescale) and _is_as_tight(mine, value)):
                yield _fault(item, part, f"{name} is locked: it can be shorter, never longer")
        elif isinstance(value, tuple) and name not in _KEPT_WHOLE:
            yield from _looser_lists(name, item, part, shipped)
        elif name in _KEPT_WHOLE:
            if missing := set(shipped.texts(name)) - set(part.texts(name)):
                words = f"{name} is locked: {', '.join(sorted(missing))} cannot be left out"
                yield _fault(item, part, words)
        elif mine != value and (name == "family_mode" or (name, value) in _FIRM):
            yield _fault(item, part, f"{name} is locked: it must stay {value!r}")
    yield from _narrower(item, part, shipped)


def _looser_lists(name: str, item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    if name == "quorum":
        yield from _looser_quorum(item, part, shipped)
    elif name == "slot":
        yield from _looser_slots(item, part, shipped)
    elif name == "outcome":
        yield from _looser_outcomes(item, part, shipped)
    elif name == "joins" and set(part.texts(name)) - set(shipped.texts(name)):
        yield _fault(item, part, f"{name} is locked: it cannot join more types")


def _narrower(item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    mine, theirs = part.condition(), shipped.condition()
    if mine != theirs and not _covers(mine, theirs):
        words = "when is locked: write { any = [ the shipped condition, yours ] } to widen it"
        yield _fault(item, part, words)


def _covers(mine: Condition, theirs: Condition) -> bool:
    """Wider is only what surely is: always, or an any-of with the shipped condition in it."""
    parts = getattr(mine, "parts", None)
    if parts == ():
        return True
    return type(mine).__name__ == "AnyOf" and parts is not None and theirs in parts


def _is_as_tight(mine: Timescale, shipped: Timescale) -> bool:
    if (mine.event, mine.is_before) != (shipped.event, shipped.is_before):
        return False
    if mine.unit is Unit.SAME_DAY:
        return True
    return mine.unit is shipped.unit and (
        mine.n >= shipped.n if shipped.is_before else mine.n <= shipped.n
    )


def _looser_quorum(item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    for group in shipped.parts("quorum"):
        needed = group.number("at_least", default=1)
        kept = any(
            set(mine.texts("any_of")) <= set(group.texts("any_of"))
            and mine.number("at_least", default=1) >= needed
            and "when" not in mine.fields
            for mine in part.parts("quorum")
        )
        if not kept:
            words = f"quorum is locked: {group.text('words')!r} can be narrower, never wider"
            yield _fault(item, part, words)


def _looser_slots(item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    for slot in shipped.parts("slot"):
        if not slot.flag("is_statutory"):
            continue
        kept = any(
            mine.text("role") == slot.text("role")
            and mine.flag("is_statutory")
            and mine.text("requirement") == slot.text("requirement")
            and _covers_or_same(mine, slot)
            for mine in part.parts("slot")
        )
        if not kept:
            yield _fault(item, part, f"the seat of {slot.text('role')!r} is statutory: keep it")


def _looser_outcomes(item: Item, part: Part, shipped: Part) -> Iterator[PackFault]:
    """A meeting that a locked rule asks for is asked for in the same case, and no later."""
    for outcome in shipped.parts("outcome"):
        within = outcome.timescale("within")
        kept = any(
            mine.text("meeting") == outcome.text("meeting")
            and _covers_or_same(mine, outcome)
            and within is not None
            and isinstance(limit := mine.timescale("within"), Timescale)
            and _is_as_tight(limit, within)
            for mine in part.parts("outcome")
        )
        if not kept:
            words = f"its meeting {outcome.text('meeting')!r} is locked: sooner, never later"
            yield _fault(item, part, words)


def _covers_or_same(mine: Part, theirs: Part) -> bool:
    return mine.condition() == theirs.condition() or _covers(mine.condition(), theirs.condition())


def _fault(item: Item, part: Part, words: str) -> PackFault:
    return PackFault(part.line or item.line, f"{item.section} {item.id}", words)
