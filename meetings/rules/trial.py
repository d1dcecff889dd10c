"""What a changed pack would have said of a past incident, beside what the pack says now.

A trial knows no names: agencies are numbered before any rule is asked, so that no sentence of
an answer can hold the name of a school or a practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from meetings.rules import invitees, triggers
from meetings.terms import ChildFacts, Connected, Decision, IncidentFacts, Slot
from people.terms import TriState
from procedures.rules.working_days import WorkingCalendar
from procedures.terms import Pack, Plain

_CHANGES_SHOWN = 25
# What ``broken`` calls a meeting that is not the one expected.
MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Seat(Plain):
    """One invitee a pack asks for; ``place`` tells two agencies of one kind apart."""

    role: str
    role_name: str
    requirement: str
    rule_id: str
    why: str
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two seats the same seat."""
        return self.role, self.place


@dataclass(frozen=True, slots=True)
class Verdict(Plain):
    """What one pack says of one incident: the meeting, by when, by which rules, and who."""

    meeting_type: str | None
    meeting_name: str
    by: str
    due_on: date | None
    rule_ids: tuple[str, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Changed(Plain):
    """What differs between two verdicts on one incident."""

    needs_meeting_now: bool = False
    no_meeting_now: bool = False
    other_meeting: bool = False
    is_sooner: bool = False
    is_later: bool = False
    added: tuple[Seat, ...] = ()
    dropped: tuple[Seat, ...] = ()
    firmer: tuple[Seat, ...] = ()

    @property
    def is_anything(self) -> bool:
        """Say whether the two verdicts differ at all."""
        return self != Changed()


@dataclass(frozen=True, slots=True)
class Tried(Plain):
    """One past incident, tried: what an administrator may know of it, and both verdicts."""

    ref: str
    kind: str
    part: str
    age: int | None
    legal_status: str
    before: Verdict
    after: Verdict
    changed: Changed


@dataclass(frozen=True, slots=True)
class Tally(Plain):
    """What a changed pack would have meant over many incidents.

    Attributes:
        added_on_average: invitees more for each incident with a meeting in either pack.
        shown: the first incidents for which something differs.
    """

    tried: int = 0
    with_meeting: int = 0
    differ: int = 0
    need_meeting_now: int = 0
    no_meeting_now: int = 0
    other_meeting: int = 0
    sooner: int = 0
    later: int = 0
    added: int = 0
    dropped: int = 0
    firmer: int = 0
    shown: tuple[Tried, ...] = ()

    @property
    def added_on_average(self) -> float:
        """Invitees more for each incident with a meeting."""
        return self.added / self.with_meeting if self.with_meeting else 0.0

    @property
    def dropped_on_average(self) -> float:
        """Invitees fewer for each incident with a meeting."""
        return self.dropped / self.with_meeting if self.with_meeting else 0.0


@dataclass(frozen=True, slots=True)
class Expected(Plain):
    """What must come out of an example: the meeting, who is asked how firmly, and who is not."""

    meeting_type: str | None
    invited: tuple[tuple[str, str], ...] = ()
    not_invited: tuple[str, ...] = ()


def nameless(child: ChildFacts) -> ChildFacts:
    """Return a child without anything that could tell who it is.

    Its agencies are numbered, no name and no row id of one is left, and neither is a date of
    birth: its age stays.

    Source: decision 17 (an administrator opens no case); data minimisation.
    """
    numbers: dict[str, str] = {}

    def numbered(one: Connected) -> Connected:
        if one.agency_id is None:
            return replace(one, agency_name="")
        number = numbers.setdefault(one.agency_id, str(len(numbers) + 1))
        return replace(one, agency_id=number, agency_name="")

    dates: dict[str, Any] = {
        part.name: None for part in fields(child) if isinstance(getattr(child, part.name), date)
    }
    return replace(child, connections=tuple(map(numbered, child.connections)), **dates)


def supposing(
    incident: IncidentFacts, child: ChildFacts, yes: Set[str]
) -> tuple[IncidentFacts, ChildFacts]:
    """Return the facts as if these were answered yes: what nobody recorded can still be tried.

    Source: product default: a trial may ask "and if it were so?".
    """
    of_incident: dict[str, Any] = dict.fromkeys(_asked(incident) & yes, TriState.YES)
    of_child: dict[str, Any] = dict.fromkeys(_asked(child) & yes, TriState.YES)
    return replace(incident, **of_incident), replace(child, **of_child)


def may_suppose(name: str) -> bool:
    """Say whether a fact is one that a trial can suppose to be so.

    Source: product default.
    """
    return any(
        part.name == name and isinstance(part.default, TriState)
        for kind in (IncidentFacts, ChildFacts)
        for part in fields(kind)
    )


def as_first_known(incident: IncidentFacts) -> IncidentFacts:
    """Return an incident as it was before anybody met about it.

    Source: product default: a trial asks what the rules would have said at the time.
    """
    return replace(incident, met_since=TriState.NO)


def timeless(pack: Pack, on: date) -> Pack:
    """Return a pack whose rules of one day hold on every day, to try them on past incidents.

    Source: product default: a rule that starts next week is tried on last year.
    """
    return replace(
        pack,
        sections={
            section: tuple(
                replace(item, effective_from=date.min, effective_to=None)
                for item in items
                if item.holds_on(on)
            )
            for section, items in pack.sections.items()
        },
    )


def verdict(
    incident: IncidentFacts, child: ChildFacts, *, pack: Pack, calendar: WorkingCalendar
) -> Verdict:
    """Return what a pack says of an incident: the meeting with its invitees, or none.

    Raises:
        OutsideCalendar: the bank holidays of that year are not known.

    Source: field guide 3.2 and 4.1.
    """
    decision = triggers.decide(incident, child, pack=pack, calendar=calendar)
    return Verdict(
        meeting_type=decision.meeting_type,
        meeting_name=decision.meeting_name,
        by=decision.deadline.by if decision.deadline else "",
        due_on=decision.deadline.on if decision.deadline else None,
        rule_ids=tuple(rule.rule_id for rule in decision.fired),
        seats=tuple(_seats(decision, incident, child, pack, calendar)),
    )


def compare(before: Verdict, after: Verdict) -> Changed:
    """Return what differs between two verdicts.

    Source: product default: a change is shown before it is made.
    """
    mine = {seat.key: seat for seat in before.seats}
    yours = {seat.key: seat for seat in after.seats}
    both_due = before.due_on is not None and after.due_on is not None
    return Changed(
        needs_meeting_now=before.meeting_type is None and after.meeting_type is not None,
        no_meeting_now=before.meeting_type is not None and after.meeting_type is None,
        other_meeting=None not in (before.meeting_type, after.meeting_type)
        and before.meeting_type != after.meeting_type,
        is_sooner=both_due and (after.due_on or date.min) < (before.due_on or date.min),
        is_later=both_due and (after.due_on or date.min) > (before.due_on or date.min),
        added=tuple(seat for key, seat in yours.items() if key not in mine),
        dropped=tuple(seat for key, seat in mine.items() if key not in yours),
        firmer=tuple(
            seat
            for key, seat in yours.items()
            if key in mine and mine[key].requirement != seat.requirement
        ),
    )


def tally(tried: Iterable[Tried]) -> Tally:
    """Return the sums over many incidents; they are read once and not kept.

    Source: product default: a change is shown before it is made.
    """
    total = Tally()
    for one in tried:
        total = _counted(total, one)
    return total


def expected(one: Tried) -> Expected:
    """Return what a trial shows as the outcome that an example must keep.

    Where the change made a difference that difference is kept, else the whole answer.

    Source: product default: an example beside a rule must pass before it is published.
    """
    kept = (*one.changed.added, *one.changed.firmer)
    if not one.changed.is_anything:
        kept = one.after.seats
    return Expected(
        meeting_type=one.after.meeting_type,
        invited=tuple(dict.fromkeys((seat.role, seat.requirement) for seat in kept)),
        not_invited=tuple(dict.fromkeys(seat.role for seat in one.changed.dropped)),
    )


def broken(wanted: Expected, found: Verdict) -> tuple[str, ...]:
    """Return the ids of roles, or the word "meeting", in which a verdict is not as expected.

    Source: product default: an example beside a rule must pass before it is published.
    """
    seats = {(seat.role, seat.requirement) for seat in found.seats}
    roles = {seat.role for seat in found.seats}
    wrong = [MEETING] if wanted.meeting_type != found.meeting_type else []
    wrong += [role for role, requirement in wanted.invited if (role, requirement) not in seats]
    wrong += [role for role in wanted.not_invited if role in roles]
    return tuple(wrong)


def _asked(facts: IncidentFacts | ChildFacts) -> Set[str]:
    return {part.name for part in fields(facts) if isinstance(getattr(facts, part.name), TriState)}


def _counted(total: Tally, one: Tried) -> Tally:
    changed = one.changed
    meets = one.before.meeting_type is not None or one.after.meeting_type is not None
    is_shown = changed.is_anything and len(total.shown) < _CHANGES_SHOWN
    return Tally(
        tried=total.tried + 1,
        with_meeting=total.with_meeting + meets,
        differ=total.differ + changed.is_anything,
        need_meeting_now=total.need_meeting_now + changed.needs_meeting_now,
        no_meeting_now=total.no_meeting_now + changed.no_meeting_now,
        other_meeting=total.other_meeting + changed.other_meeting,
        sooner=total.sooner + changed.is_sooner,
        later=total.later + changed.is_later,
        added=total.added + len(changed.added),
        dropped=total.dropped + len(changed.dropped),
        firmer=total.firmer + len(changed.firmer),
        shown=(*total.shown, one) if is_shown else total.shown,
    )


def _seats(
    decision: Decision,
    incident: IncidentFacts,
    child: ChildFacts,
    pack: Pack,
    calendar: WorkingCalendar,
) -> Iterator[Seat]:
    if decision.meeting_type is None:
        return
    found = invitees.required(decision.meeting_type, child, incident, pack=pack, calendar=calendar)
    yield from map(_seat, found.slots)


def _seat(slot: Slot) -> Seat:
    return Seat(
        role=slot.role,
        role_name=slot.role_name,
        requirement=slot.requirement.value,
        rule_id=slot.rule_id,
        why=slot.why,
        place=slot.agency_id or "",
    )
