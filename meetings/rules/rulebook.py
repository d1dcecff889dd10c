"""A pack made ready for the rules of meetings: its items by id, in the order they are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from meetings.terms import Requirement
from procedures.rules.compiling import check_of
from procedures.terms import ALWAYS, AllOf, Check, Condition, Fact, FactKind, Item, Pack, Part

_KEPT, _DAYS_KEPT = 16, 512


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The sections that meetings read, indexed once per pack."""

    pack: Pack
    parts: Mapping[str, Item]
    kinds: Mapping[str, Item]
    legal_statuses: Mapping[str, Item]
    scales: Mapping[str, Item]
    roles: Mapping[str, Item]
    agency_kinds: Mapping[str, Item]
    tasks: Mapping[str, Item]
    meeting_types: Mapping[str, Item]
    definitions: Mapping[str, Item]
    triggers: tuple[Item, ...]
    invitations: tuple[Item, ...]
    follow_ons: tuple[Item, ...]

    def role_name(self, role: str) -> str:
        """Return a role in words, or its id when this pack no longer has it."""
        return self.roles[role].words if role in self.roles else role

    def kind_name(self, kind: str) -> str:
        """Return a kind of agency in words, or its id when this pack no longer has it."""
        return self.agency_kinds[kind].words if kind in self.agency_kinds else kind


@lru_cache(maxsize=_KEPT)
def rulebook(pack: Pack) -> Rulebook:
    """Return the pack indexed for the rules; each pack is indexed once.

    Source: decision 7 (rules are data).
    """
    return Rulebook(
        pack=pack,
        parts=_by_id(pack, "part"),
        kinds=_by_id(pack, "incident_kind"),
        legal_statuses=_by_id(pack, "legal_status"),
        scales=_by_id(pack, "scale"),
        roles=_by_id(pack, "role"),
        agency_kinds=_by_id(pack, "agency_kind"),
        tasks=_by_id(pack, "task"),
        meeting_types=_by_id(pack, "meeting_type"),
        definitions=_by_id(pack, "definition"),
        triggers=pack.items("trigger"),
        invitations=pack.items("invitation"),
        follow_ons=pack.items("follow_on"),
    )


@lru_cache(maxsize=_KEPT)
def defined_facts(pack: Pack) -> Mapping[str, Fact]:
    """Return the facts that the pack defines itself, as entries of a catalogue.

    Source: field guide 3.1.
    """
    return MappingProxyType(
        {
            item.id: Fact(
                name=item.id,
                kind=FactKind.YES_NO,
                yes=item.text("yes"),
                no=item.text("no"),
                question=item.text("question"),
                recorded=f"defined by the pack: {item.words}",
            )
            for item in pack.items("definition")
        }
    )


def _by_id(pack: Pack, section: str) -> Mapping[str, Item]:
    return MappingProxyType({item.id: item for item in pack.items(section)})


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """An outcome or a seat of a rule: its own condition, and the rule's and its own together.

    Attributes:
        role: of a seat, with its name, its kind of agency, and the connection that fills it.
        place: of a seat among others, the most needed first.
    """

    part: Part
    check: Check
    whole: Condition
    role: str = ""
    role_name: str = ""
    agency_kind: str = ""
    connection: str = ""
    requirement: Requirement = Requirement.INFORM
    is_statutory: bool = False
    fallback: tuple[str, ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A rule with its conditions as functions, and its outcomes or seats."""

    item: Item
    check: Check
    choices: tuple[Choice, ...]


@lru_cache(maxsize=_DAYS_KEPT)
def triggers_on(book: Rulebook, on: date) -> tuple[Ready, ...]:
    """Return the triggers in force on a date, in the order they are tried.

    Source: performance guide W1 (rules are compiled once per version).
    """
    return tuple(_outcomes(item) for item in book.triggers if item.holds_on(on))


@lru_cache(maxsize=_DAYS_KEPT)
def invitations_on(book: Rulebook, meeting_type: str, on: date | None) -> tuple[Ready, ...]:
    """Return a meeting type's invitation rules, of a date or, without one, of all time.

    Source: performance guide W1 (rules are compiled once per version).
    """
    return tuple(
        _seats(item, book)
        for item in book.invitations
        if meeting_type in item.texts("meetings") and (on is None or item.holds_on(on))
    )


def _outcomes(item: Item) -> Ready:
    choices = (
        Choice(part, check_of(part.condition()), AllOf((item.condition(), part.condition())))
        for part in item.parts("outcome")
    )
    return Ready(item, check_of(item.condition()), tuple(choices))


def _seats(item: Item, book: Rulebook) -> Ready:
    rule = item.condition()
    choices = []
    for part in item.parts("slot"):
        own, role = part.condition(), part.text("role")
        choices.append(
            Choice(
                part=part,
                check=check_of(own),
                whole=_together(rule, own),
                role=role,
                role_name=book.role_name(role),
                agency_kind=book.roles[role].text("agency_kind"),
                connection=part.text("connection"),
                requirement=Requirement(part.text("requirement")),
                is_statutory=part.flag("is_statutory"),
                fallback=part.texts("fallback"),
                place=_place(part),
            )
        )
    return Ready(item, check_of(rule), tuple(choices))


def _together(rule: Condition, own: Condition) -> Condition:
    if own == ALWAYS:
        return rule
    return own if rule == ALWAYS else AllOf((rule, own))


def _place(part: Part) -> int:
    strength = tuple(Requirement).index(Requirement(part.text("requirement")))
    return 2 * strength + (not part.flag("is_statutory"))
