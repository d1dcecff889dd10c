"""The pack's words that people's forms offer: kinds of agency, roles, legal statuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.errors import NotFound
from people.terms import ConnectionKind
from procedures.service import packs
from procedures.terms import Item, Pack


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Ids with their words, in the pack's order; all empty while no pack is recorded.

    Attributes:
        role_kinds: the kind of agency each role belongs to.
        kinds_connected: the kinds of agency that a connection of this kind may be to.
    """

    agency_kinds: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    role_kinds: dict[str, str] = field(default_factory=dict)
    legal_statuses: dict[str, str] = field(default_factory=dict)
    kinds_connected: dict[str, frozenset[str]] = field(default_factory=dict)

    def kinds_for(self, kind: ConnectionKind) -> frozenset[str] | None:
        """Return the kinds of agency to offer, None for all."""
        return self.kinds_connected.get(kind.value)


def vocabulary(on: date) -> Vocabulary:
    """Return the words of the pack in force on a London date. At most one statement."""
    try:
        _, pack = packs.in_force(on)
    except NotFound:
        return Vocabulary()
    role_kinds = {item.id: item.text("agency_kind") for item in pack.items("role")}
    return Vocabulary(
        agency_kinds=_words(pack.items("agency_kind")),
        roles=_words(pack.items("role")),
        role_kinds=role_kinds,
        legal_statuses=_words(pack.items("legal_status")),
        kinds_connected=_connected(pack, role_kinds),
    )


def _words(items: tuple[Item, ...]) -> dict[str, str]:
    return {item.id: item.words for item in items}


def _connected(pack: Pack, role_kinds: dict[str, str]) -> dict[str, frozenset[str]]:
    """A seat for the child's own school is for a role of a school: so schools are offered."""
    found: dict[str, frozenset[str]] = {}
    for item in pack.items("invitation"):
        for slot in item.parts("slot"):
            kind, role = slot.text("connection"), slot.text("role")
            if kind and role in role_kinds:
                found[kind] = found.get(kind, frozenset()) | {role_kinds[role]}
    return found
