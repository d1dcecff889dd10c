"""The words of a procedure pack: items with their source, conditions, timescales, deadlines."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum, StrEnum
from typing import Self, TypeAlias

Scalar: TypeAlias = "bool | int | str | date | datetime | time | None"


class Plain:
    """A frozen value that can be stored as plain JSON and read back unchanged."""

    __slots__ = ()

    def to_dict(self) -> dict[str, object]:
        """Return the value as dicts, lists, texts, numbers and None only."""
        return {part.name: _plain(getattr(self, part.name)) for part in fields(self)}  # type: ignore[arg-type]  # every subclass is a dataclass

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what ``to_dict`` gave; a field that is missing takes its default."""
        hints = typing.get_type_hints(cls)
        given = {name: _read(hints[name], value) for name, value in data.items() if name in hints}
        return cls(**given)


class Unknown(Enum):
    """Nobody knows yet. It is a value of its own: never yes, and above all never no."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be read as yes or no."""
        raise TypeError("unknown is neither yes nor no: ask, or compare with UNKNOWN")


UNKNOWN = Unknown.UNKNOWN

# None means "there is none", and is known; UNKNOWN means nobody knows.
FactValue: TypeAlias = "bool | int | str | frozenset[str] | datetime | Unknown | None"
Facts: TypeAlias = Mapping[str, FactValue]


class Truth(StrEnum):
    """The three answers a condition can give."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Force(StrEnum):
    """What stands behind an item."""

    STATUTE = "STAT"
    GUIDANCE = "GUID"
    LOCAL = "LOCAL"
    PRACTICE = "PRAC"
    DEFAULT = "DEFAULT"


class Confidence(StrEnum):
    """How well the item's source was checked."""

    VERIFIED = "V"
    AUDIT = "S"
    RECALLED = "K"
    PRODUCT = "D"


class FactKind(StrEnum):
    """What a fact's value may be."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    MOMENT = "moment"


# Where a fact comes from that rules already look at, but no page records: always unknown.
NOT_RECORDED = "not recorded yet"


@dataclass(frozen=True, slots=True)
class Fact(Plain):
    """One fact that conditions may look at.

    Attributes:
        yes: what it says when it holds, as part of a sentence ("a weapon was used").
        no: what it says when it does not ("no weapon was used").
        question: how it is asked when nobody knows.
        recorded: where in the record it comes from, or ``NOT_RECORDED``.
        section: the pack's section whose ids are its values, for a choice.
    """

    name: str
    kind: FactKind
    yes: str
    no: str
    question: str
    recorded: str
    section: str = ""

    @property
    def is_recorded(self) -> bool:
        """Whether somebody can answer it today; what nobody can is unknown, and never no."""
        return self.recorded != NOT_RECORDED


Catalogue: TypeAlias = Mapping[str, Fact]


class Operator(StrEnum):
    """How a test compares; all but the last two answer "unknown" for an unknown fact."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    HAS = "has"
    MAY_BE = "may_be"
    IS_KNOWN = "is_known"


Check: TypeAlias = "Callable[[Facts], Truth]"
# The answer with the tests that gave it.
Reasons: TypeAlias = "Callable[[Facts], tuple[Truth, tuple[Test, ...]]]"


@dataclass(frozen=True, slots=True)
class Written:
    """A condition, with the functions that check and explain it once they were asked for."""

    check: Check | None = field(default=None, init=False, repr=False, compare=False, kw_only=True)
    reasons: Reasons | None = field(
        default=None, init=False, repr=False, compare=False, kw_only=True
    )


@dataclass(frozen=True, slots=True)
class Test(Written):
    """One comparison: ``fact`` ``operator`` ``value``."""

    __test__: typing.ClassVar[bool] = False

    fact: str
    operator: Operator
    value: bool | int | str | frozenset[str]


@dataclass(frozen=True, slots=True)
class AllOf(Written):
    """Holds when every part holds; with no parts it always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Written):
    """Holds when one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Written):
    """Holds when its part does not; unknown stays unknown."""

    part: Condition


Condition: TypeAlias = "Test | AllOf | AnyOf | Not"
ALWAYS = AllOf(())


@dataclass(frozen=True, slots=True)
class Explanation(Plain):
    """A condition's answer, in words, with the facts that gave it."""

    truth: Truth
    words: str
    facts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What explaining in words needs: the facts, the pack's own definitions, names of values.

    Attributes:
        definitions: the condition behind each fact that the pack defines itself.
        names: for each fact that is a choice, its values in words.
        spoken: the words found so far for a fact and its value: they never change.
    """

    facts: Catalogue
    definitions: Mapping[str, Condition] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spoken: dict[tuple[str, FactValue], str] = field(default_factory=dict)


class Unit(StrEnum):
    """What a timescale counts."""

    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    MONTHS = "months"
    HOURS = "hours"
    SCHOOL_DAYS = "school_days"


@dataclass(frozen=True, slots=True)
class Timescale:
    """So many units within, or before, an event; ``event`` is a name such as "known_at"."""

    n: int
    unit: Unit
    event: str
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Deadline(Plain):
    """By when, with the sum behind it.

    Attributes:
        on: the last London date on which it can be done; for a meeting a working day.
        at: the last instant, aware UTC: the end of the working day on ``on``, midnight for
            "same day", the elapsed instant for hours.
        legal_on: the date of the rule itself where ``on`` was moved to the working day before.
        counted_from: the London date that was day 0.
        rule_id: the pack item it comes from.
        by: how pages say it: "Monday 10 March 2025", or with a time where hours count.
        working: the sum in words.
        is_elapsed: the limit counts hours, so the instant matters and not the date.
    """

    on: date
    at: datetime
    legal_on: date
    counted_from: date
    rule_id: str
    by: str
    working: str
    is_elapsed: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source(Plain):
    """Where an item comes from, and how sure that is."""

    text: str
    on: date
    force: Force
    confidence: Confidence


FieldValue: TypeAlias = (
    "bool | int | str | date | time | Condition | Timescale | tuple[str, ...] | tuple[Part, ...]"
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A named group of fields: an item's own, or one entry of a list inside an item."""

    line: int
    fields: Mapping[str, FieldValue] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a text field, empty when it is not given."""
        value = self.fields.get(name, "")
        assert isinstance(value, str)  # noqa: S101 - the parser gave it this shape
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty when it is not given."""
        return typing.cast("tuple[str, ...]", self.fields.get(name, ()))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes-or-no field."""
        return bool(self.fields.get(name, default))

    def number(self, name: str, *, default: int = 0) -> int:
        """Return a whole-number field."""
        return typing.cast("int", self.fields.get(name, default))

    def condition(self, name: str = "when") -> Condition:
        """Return a condition; one that is not given always holds."""
        return typing.cast("Condition", self.fields.get(name, ALWAYS))

    def timescale(self, name: str) -> Timescale | None:
        """Return a timescale, or None."""
        return typing.cast("Timescale | None", self.fields.get(name))

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return the entries of a list inside the item."""
        return typing.cast("tuple[Part, ...]", self.fields.get(name, ()))


@dataclass(frozen=True, slots=True, eq=False)
class Item(Part):
    """One rule, kind, role or other entry of a pack, with its source."""

    section: str = ""
    id: str = ""
    words: str = ""
    source: Source = field(
        default_factory=lambda: Source("", date.min, Force.DEFAULT, Confidence.PRODUCT)
    )
    effective_from: date = date.min
    effective_to: date | None = None
    is_locked: bool = False

    def holds_on(self, on: date) -> bool:
        """Say whether the item is in force on a date."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)


@dataclass(frozen=True, slots=True)
class PackSettings:
    """What a partnership sets once for all its meetings; times are London's."""

    day_start: time
    day_end: time
    hold_now_from: time
    manager_press_first: bool
    mail_label: str
    counts_day_of_event: bool
    written_counts_for_quorum: bool
    part_counts_for_quorum: bool
    safety_action_divisor: int


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A procedure pack: settings, dates and items by section. Compared by identity."""

    name: str
    number: int
    words: str
    effective_from: date
    settings: PackSettings
    one_off_holidays: frozenset[date]
    closure_days: frozenset[date]
    sections: Mapping[str, tuple[Item, ...]]

    def items(self, section: str, *, on: date | None = None) -> tuple[Item, ...]:
        """Return a section's items in their order, or those in force on a date."""
        found = self.sections.get(section, ())
        return found if on is None else tuple(item for item in found if item.holds_on(on))

    def item(self, section: str, item_id: str) -> Item:
        """Return one item.

        Raises:
            KeyError: the section has no item of this id.
        """
        for item in self.sections.get(section, ()):
            if item.id == item_id:
                return item
        raise KeyError(f"the pack {self.name!r} has no {section} {item_id!r}")

    def words_of(self, section: str, item_id: str) -> str:
        """Return an item's name in words, or the id itself when an older pack had it."""
        found = next((item for item in self.items(section) if item.id == item_id), None)
        return found.words if found else item_id


@dataclass(frozen=True, slots=True)
class PackFault(Plain):
    """Something wrong with a pack: where, and what to do about it."""

    line: int
    where: str
    words: str


class PackUnreadable(ValueError):
    """The text is no pack; ``faults`` names every reason with its line."""

    def __init__(self, faults: tuple[PackFault, ...]) -> None:
        super().__init__("; ".join(f"line {fault.line}: {fault.words}" for fault in faults))
        self.faults = faults


def _plain(value: object) -> object:
    if isinstance(value, Plain):
        return value.to_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _read(hint: object, value: object) -> object:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
        origin = typing.get_origin(hint)
    if origin in (tuple, frozenset):
        inner = typing.get_args(hint)[0]
        return origin(_read(inner, one) for one in typing.cast("list[object]", value))
    if not isinstance(hint, type):
        return value
    if is_dataclass(hint) and issubclass(hint, Plain):
        return hint.from_dict(typing.cast("dict[str, object]", value))
    if issubclass(hint, date | time):
        return hint.fromisoformat(typing.cast("str", value))
    return hint(value) if issubclass(hint, Enum) else value
