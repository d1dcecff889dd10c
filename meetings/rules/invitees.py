"""Who is asked to a meeting: the seats the rules require, and the contact who fills each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meetings.rules.alternatives import questions, unfired
from meetings.rules.case import Case, case_of, said, tasks_of
from meetings.terms import (
    ChildFacts,
    Connected,
    IncidentFacts,
    Required,
    Requirement,
    Slot,
    UnfiredRule,
)
from people.terms import ConnectionStatus
from procedures.rules.conditions import explain, truth
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import AllOf, Item, Pack, Part, Truth

_STRENGTH = {requirement: place for place, requirement in enumerate(Requirement)}


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
    slots = [slot for item in firing for slot in _slots(item, connections, case)]
    slots.sort(key=lambda slot: (_STRENGTH[slot.requirement], not slot.is_statutory))
    return Required(
        slots=tuple(_without_repeats(slots)),
        tasks=tasks_of(firing, case),
        prompts=said(firing, "prompts"),
        questions=questions(items, case),
        not_asked=tuple(_not_asked(items, answers, case)),
    )


def rules_for(meeting_type: str, case: Case) -> list[Item]:
    """Return the invitation rules of a meeting type that are in force when it was recorded.

    Source: field guide 4.1.
    """
    recorded_at = case.moments.get("recorded_at")
    on = recorded_at.astimezone(LONDON).date() if recorded_at else None
    return [
        item
        for item in case.book.invitations
        if meeting_type in item.texts("meetings") and (on is None or item.holds_on(on))
    ]


def may_drop(slot: Slot) -> bool:
    """Say whether a seat may be left out, with a reason; a statutory one never may.

    Source: field guide 4.2; the procedure pack marks which seats are statutory.
    """
    return not slot.is_statutory


def _not_asked(
    items: list[Item], answers: Mapping[str, Truth], case: Case
) -> Iterator[UnfiredRule]:
    for item in items:
        if answers[item.id] is not Truth.YES:
            yield unfired(item, explain(item.condition(), case.facts, case.vocabulary), case)


def _slots(item: Item, connections: Sequence[Connected], case: Case) -> Iterator[Slot]:
    for part in item.parts("slot"):
        if truth(part.condition(), case.facts) is not Truth.YES:
            continue
        kind = part.text("connection")
        agencies = [one for one in connections if _is_open(one, kind)] if kind else []
        if agencies:
            yield from (_slot(item, part, case, agency) for agency in agencies)
        else:
            yield _slot(item, part, case, None)


def _is_open(connected: Connected, kind: str) -> bool:
    known = connected.status == ConnectionStatus.KNOWN
    return connected.kind == kind and known and connected.agency_id is not None


def _slot(item: Item, part: Part, case: Case, agency: Connected | None) -> Slot:
    role = part.text("role")
    reason = explain(AllOf((item.condition(), part.condition())), case.facts, case.vocabulary).words
    where = f" ({agency.agency_name})" if agency and agency.agency_name else ""
    return Slot(
        rule_id=item.id,
        role=role,
        role_name=case.book.role_name(role),
        agency_kind=case.book.roles[role].text("agency_kind"),
        requirement=Requirement(part.text("requirement")),
        is_statutory=part.flag("is_statutory"),
        why=f"{item.words}{where}: {reason}",
        source=item.source.text,
        fallback=part.texts("fallback"),
        is_own_agency=bool(part.text("connection")),
        agency_id=agency.agency_id if agency else None,
        agency_name=agency.agency_name if agency else "",
    )


def _without_repeats(slots: list[Slot]) -> Iterator[Slot]:
    """One seat for one role at one agency, the strongest first."""
    seen: set[tuple[str, str | None]] = set()
    for slot in slots:
        if (slot.role, slot.agency_id) not in seen:
            seen.add((slot.role, slot.agency_id))
            yield slot
