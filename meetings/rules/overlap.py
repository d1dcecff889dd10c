"""Which meetings already booked could serve, and which must never be put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meetings.rules.rulebook import Rulebook, rulebook
from meetings.terms import (
    BookedMeeting,
    Decision,
    FamilyMode,
    Invitee,
    MeetingStatus,
    Overlap,
    Slot,
)
from procedures.rules.working_days import LONDON
from procedures.terms import Item, Pack


def candidates(
    decision: Decision,
    slots: Sequence[Slot],
    booked: Iterable[BookedMeeting],
    *,
    child_id: str,
    pack: Pack,
) -> tuple[Overlap, ...]:
    """Return the child's booked meetings up to the deadline, each with whether it may serve.

    One may serve if the pack lets the needed meeting join it, it is of the same family mode, and
    it starts by the deadline, or by the later date that a rule allows. Agencies it lacks are
    named: they are invited to it. Meetings of another child are never named, used or shown.

    Source: field guide 3.2 (folding-in rule) and 6.3 (what may be combined).
    """
    if decision.meeting_type is None or decision.deadline is None:
        return ()
    book = rulebook(pack)
    needed = book.meeting_types[decision.meeting_type]
    found = []
    for meeting in sorted(booked, key=lambda one: one.starts_at):
        starts_on = meeting.starts_at.astimezone(LONDON).date()
        if meeting.child_id != child_id or meeting.status is not MeetingStatus.ARRANGED:
            continue
        if meeting.meeting_type not in book.meeting_types:
            continue
        folds = decision.fold_until is not None and starts_on <= decision.fold_until
        is_in_time = meeting.starts_at <= decision.deadline.at or folds
        found.append(_overlap(meeting, needed, slots, book, is_in_time=is_in_time))
    return tuple(found)


def may_join(needed: str, host: str, *, pack: Pack) -> bool:
    """Say whether a meeting that is needed may be held as part of one of another type.

    Source: field guide 6.3 (a strategy meeting is never folded into one with the family).
    """
    book = rulebook(pack)
    return _refusal(book.meeting_types[needed], book.meeting_types[host]) is None


def may_share(child_id: str, other_child_id: str) -> bool:
    """Say whether two children may share a meeting, a record or a plan: only one and the same.

    Source: field guide 6.3 (victim's and suspect's meetings; two children of two families).
    """
    return child_id == other_child_id


def invited_to_both(invitees: Iterable[Invitee], others: Iterable[Invitee]) -> tuple[str, ...]:
    """Return the names of people asked to two meetings that are kept apart, so they are warned.

    Source: field guide S2 (same safeguarding lead in both invites, with separate papers).
    """
    there = {_address(one) for one in others} - {""}
    return tuple(
        dict.fromkeys(
            f"{one.name}, {one.agency_name}" for one in invitees if _address(one) in there
        )
    )


def _overlap(
    meeting: BookedMeeting,
    needed: Item,
    slots: Sequence[Slot],
    book: Rulebook,
    *,
    is_in_time: bool,
) -> Overlap:
    host = book.meeting_types[meeting.meeting_type]
    refusal = _refusal(needed, host)
    if refusal is None and not is_in_time:
        refusal = "It starts after the deadline."
    missing = dict.fromkeys(
        book.kind_name(slot.agency_kind)
        for slot in slots
        if slot.agency_kind not in meeting.agency_kinds
    )
    why = refusal or f"{needed.words} can be held as part of it."
    if refusal is None and missing:
        why += f" Also invite: {', '.join(missing)}."
    return Overlap(
        ref=meeting.ref,
        meeting_type=host.id,
        meeting_name=host.words,
        starts_at=meeting.starts_at,
        may_use=refusal is None,
        why=why,
        add_invitees_of=tuple(missing) if refusal is None else (),
    )


def _refusal(needed: Item, host: Item) -> str | None:
    mine, theirs = needed.text("family_mode"), host.text("family_mode")
    if mine == FamilyMode.NONE and theirs != FamilyMode.NONE:
        return f"The family takes part in it: {needed.words.lower()} stands alone."
    if mine != theirs:
        return "It is held without the family."
    if host.id not in needed.texts("joins"):
        return f"{needed.words} has a record of its own and is not held as part of it."
    return None


def _address(invitee: Invitee) -> str:
    return (invitee.email or "").strip().casefold()
