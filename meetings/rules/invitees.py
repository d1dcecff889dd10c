"""Who is asked to a meeting: the seats the rules require, and the contact who fills each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from meetings.rules.alternatives import questions, unfired
from meetings.rules.case import Case, case_of, reason_for, said, tasks_of, words_for
from meetings.rules.rulebook import Choice, invitations_on
from meetings.terms import (
    ChildFacts,
    Connected,
    IncidentFacts,
    Required,
    Slot,
    UnfiredRule,
)
from people.terms import ConnectionStatus
from procedures.rules.conditions import truth
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import AnyOf, Item, Pack, Truth


def required(
    meeting_type: str,
    child: ChildFacts,
    incident: IncidentFacts | None,
    *,
    pack: Pack,
    calendar: WorkingCalendar,
) -> Required:
    """Return the seats that the rules ask for, the tasks beside them, and what is not known.

    A seat at one of the child's own agencies appears once for each agency of that kind that is
    known. A rule that waits for an unknown fact asks its question.

    Source: field guide 4.1, rules IN-01 onwards.
    """
    case = case_of(incident, child, pack=pack, calendar=calendar)
    return required_in(meeting_type, case, child.connections)


def required_in(meeting_type: str, case: Case, connections: Sequence[Connected]) -> Required:
    """Return the seats that the rules ask for in a case that is laid out already.

    Source: field guide 4.1, rules IN-01 onwards.
    """
    items = rules_for(meeting_type, case)
    answers = {item.id: truth(item.condition(), case.facts) for item in items}
    firing = [item for item in items if answers[item.id] is Truth.YES]
    return Required(
        slots=slots_in(meeting_type, case, connections),
        tasks=tasks_of(firing, case),
        prompts=said(firing, "prompts"),
        questions=questions(items, case),
        not_asked=tuple(_not_asked(items, answers, case)),
    )


def seats_in(meeting_type: str, case: Case) -> list[tuple[Item, Choice]]:
    """Return the seats that apply, each with its rule, before the agencies are looked up.

    Source: field guide 4.1.
    """
    facts, yes = case.facts, Truth.YES
    return [
        (rule.item, choice)
        for rule in invitations_on(case.book, meeting_type, _logged_on(case))
        if rule.check(facts) is yes
        for choice in rule.choices
        if choice.check(facts) is yes
    ]


def slots_in(meeting_type: str, case: Case, connections: Sequence[Connected]) -> tuple[Slot, ...]:
    """Return the seats to fill, the most needed first, each with its reason in words.

    Source: field guide 4.1 and 4.2.
    """
    reasons: dict[int, str] = {}
    slots: list[Slot] = []
    seats = sorted(seats_in(meeting_type, case), key=_by_need)
    for item, seat in seats:
        # Seats of one rule often share their whole condition, which lives as long as the pack.
        reason = reasons.get(id(seat.whole))
        if reason is None:
            reason = reasons[id(seat.whole)] = words_for(seat.whole, case)
        kind = seat.connection
        agencies = [one for one in connections if _is_open(one, kind)] if kind else None
        if agencies:
            slots += [_slot(item, seat, reason, agency) for agency in agencies]
        else:
            slots.append(_slot(item, seat, reason, None))
    return tuple(_one_per_service(_without_repeats(slots), meeting_type, case))


def rules_for(meeting_type: str, case: Case) -> list[Item]:
    """Return the invitation rules of a meeting type that are in force when it was recorded.

    Source: field guide 4.1.
    """
    rules = invitations_on(case.book, meeting_type, _logged_on(case))
    return [rule.item for rule in rules]


def may_drop(slot: Slot) -> bool:
    """Say whether a seat may be left out, with a reason; a statutory one never may.

    Source: field guide 4.2; the procedure pack marks which seats are statutory.
    """
    return not slot.is_statutory


def _not_asked(
    items: list[Item], answers: Mapping[str, Truth], case: Case
) -> Iterator[UnfiredRule]:
    for item in items:
        seats = tuple(part.condition() for part in item.parts("slot"))
        if answers[item.id] is not Truth.YES:
            yield unfired(item, reason_for(item.condition(), case), case)
        elif seats and all(truth(seat, case.facts) is not Truth.YES for seat in seats):
            nobody = AnyOf(seats)
            yield unfired(item, reason_for(nobody, case), case, condition=nobody)


def _by_need(seat: tuple[Item, Choice]) -> int:
    return seat[1].place


def _logged_on(case: Case) -> date | None:
    recorded_at = case.moments.get("recorded_at")
    return recorded_at.astimezone(LONDON).date() if recorded_at else None


def _is_open(connected: Connected, kind: str) -> bool:
    if connected.kind != kind or connected.agency_id is None:
        return False
    return connected.status == ConnectionStatus.KNOWN


def _slot(item: Item, seat: Choice, reason: str, agency: Connected | None) -> Slot:
    where = f" ({agency.agency_name})" if agency and agency.agency_name else ""
    return Slot(
        rule_id=item.id,
        role=seat.role,
        role_name=seat.role_name,
        agency_kind=seat.agency_kind,
        requirement=seat.requirement,
        is_statutory=seat.is_statutory,
        why=f"{item.words}{where}: {reason}",
        source=item.source.text,
        fallback=seat.fallback,
        is_own_agency=bool(seat.connection),
        agency_id=agency.agency_id if agency else None,
        agency_name=agency.agency_name if agency else "",
    )


def _one_per_service(slots: Iterator[Slot], meeting_type: str, case: Case) -> Iterator[Slot]:
    """At a panel each service sends one person, the one needed most; law keeps its own seats."""
    item = case.book.meeting_types.get(meeting_type)
    if item is None or not item.flag("one_per_service"):
        yield from slots
        return
    served: set[str] = set()
    for slot in slots:
        if slot.is_statutory or slot.agency_kind not in served:
            served.add(slot.agency_kind)
            yield slot


def _without_repeats(slots: list[Slot]) -> Iterator[Slot]:
    """One seat for one role at one agency, the strongest first."""
    seen: set[tuple[str, str | None]] = set()
    for slot in slots:
        if (slot.role, slot.agency_id) not in seen:
            seen.add((slot.role, slot.agency_id))
            yield slot
