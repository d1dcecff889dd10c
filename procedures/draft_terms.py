"""The words of the workbench: where a working copy stands, what differs, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from procedures.terms import Catalogue, Condition, Item, Test


class DraftStatus(StrEnum):
    """Where a working copy of the rules stands."""

    WORKING = "working"
    WAITING = "waiting"
    PUBLISHED = "published"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules of the rooms above can look at: their facts, and the moments they know."""

    catalogue: Catalogue
    events: Set[str]


@dataclass(frozen=True, slots=True)
class Laid:
    """A condition laid out as rows of a form.

    Attributes:
        tests: one comparison for each row.
        is_any: one row is enough; else all rows must hold.
        kept: a part that rows cannot say, or that is locked: it stays whole, as one more row.
    """

    tests: tuple[Test, ...] = ()
    is_any: bool = False
    kept: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """One rule that the working copy changes (both given), adds or leaves out."""

    section: str
    item_id: str
    was: Item | None
    now: Item | None


# What is written of a rule in TOML: plain values, None for a field to leave out.
Written = Mapping[str, object]
