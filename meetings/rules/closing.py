"""What is missing before a meeting is finished; the chair may go on with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetings.terms import AttendanceState, Gap, Heading, Quorum


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """An action as the meeting wrote it: whether it has a person, a date and a sign of success."""

    what: str
    has_owner: bool
    has_due_date: bool
    has_how_known: bool


@dataclass(frozen=True, slots=True)
class RecordSoFar:
    """What stands in the record when *finish* is pressed.

    Attributes:
        written: keys of the headings that hold text.
        attendance: each invitee's state, None where nobody marked it.
        decisions_without_reason: how many decisions lack their reason.
    """

    written: frozenset[str]
    attendance: tuple[AttendanceState | None, ...]
    decisions: int
    decisions_without_reason: int
    actions: tuple[AgreedAction, ...]
    has_chair: bool


def gaps(record: RecordSoFar, *, headings: Sequence[Heading], quorum: Quorum) -> tuple[Gap, ...]:
    """Return what is missing, in the order of the page; firm gaps need a reason to finish.

    Source: field guide 5 (the record) and 4.2 (without quorum only with a recorded reason).
    """
    return tuple(_gaps(record, headings, quorum))


def may_finish(found: Sequence[Gap], reason: str) -> bool:
    """Say whether the meeting may be finished: nothing firm is missing, or a reason is given.

    Source: field guide 4.2.
    """
    return bool(reason.strip()) or not any(gap.is_firm for gap in found)


def _gaps(record: RecordSoFar, headings: Sequence[Heading], quorum: Quorum) -> Iterator[Gap]:
    if not record.has_chair:
        yield Gap("chair", "Nobody is recorded as chair.", is_firm=True)
    unmarked = sum(state is None for state in record.attendance)
    if unmarked:
        yield Gap("attendance", f"Attendance is not marked for {unmarked}.", is_firm=True)
    if not quorum.is_quorate:
        words = f"{quorum.words}. It counts as not quorate; say why it went ahead."
        yield Gap("quorum", words, is_firm=True)
    for heading in headings:
        if heading.is_required and heading.key not in record.written:
            yield Gap(f"heading:{heading.key}", f"Not written: {heading.words}.", is_firm=True)
    if not record.decisions:
        yield Gap("decisions", "No decision is recorded.", is_firm=True)
    if record.decisions_without_reason:
        count = record.decisions_without_reason
        yield Gap("reasons", f"Decisions without a reason: {count}.", is_firm=True)
    if not record.actions:
        yield Gap("actions", "No action is recorded.", is_firm=False)
    for place, action in enumerate(record.actions, start=1):
        yield from _action_gaps(place, action)


def _action_gaps(place: int, action: AgreedAction) -> Iterator[Gap]:
    missing = (
        ("owner", "has no named owner", action.has_owner),
        ("due", "has no due date", action.has_due_date),
        ("known", "does not say how we know it is done", action.has_how_known),
    )
    for name, words, is_there in missing:
        if not is_there:
            firm = name != "known"
            yield Gap(f"action:{place}:{name}", f"Action {place} {words}.", is_firm=firm)
