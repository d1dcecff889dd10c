"""The dates that follow from a meeting: its record, the next meetings, letters and reports."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from meetings.rules import facts as facts_of
from meetings.rules.case import vocabulary_of
from meetings.rules.rulebook import Rulebook, rulebook
from meetings.terms import FollowOn, MeetingFacts
from procedures.rules.conditions import explain
from procedures.rules.timescales import deadline
from procedures.rules.working_days import WorkingCalendar
from procedures.terms import Deadline, Explanation, Facts, Item, Pack, Timescale, Truth

_UNDECIDED = facts_of.of_meeting(MeetingFacts())
_NOTHING_ELSE: Facts = MappingProxyType({})


def record_due(
    meeting_type: str, held_on: date, *, pack: Pack, calendar: WorkingCalendar
) -> Deadline:
    """Return by when the meeting's record is released.

    Raises:
        KeyError: the pack has no such meeting type.

    Source: field guide 2.1 (record and distribution).
    """
    item = pack.item("meeting_type", meeting_type)
    timescale = item.timescale("record_due")
    assert timescale is not None  # noqa: S101 - the shape of the pack requires it
    return _deadline(timescale, held_on, item.id, pack, calendar, is_meeting=False)


def follow_ons(
    meeting_type: str,
    held_on: date,
    *,
    facts: MeetingFacts,
    pack: Pack,
    calendar: WorkingCalendar,
    is_held: bool = True,
    also: Facts = _NOTHING_ELSE,
) -> tuple[FollowOn, ...]:
    """Return what follows from a meeting, and from the next meeting it leads to.

    That next meeting is assumed held on its last date, and its dates say so ("if held on ...");
    they are computed anew once it is held.

    Args:
        held_on: when it was held, or is planned.
        is_held: False for a meeting still to come: its own dates then say "if held on" too.
        also: other facts of the catalogue that are known of this meeting.

    Source: field guide 2.1, DT-4, DT-8 and 11b (dates that follow a meeting not yet held).
    """
    assumed = None if is_held else held_on
    known = {**facts_of.of_meeting(facts), **also}
    found = _following(meeting_type, held_on, known, assumed, pack, calendar)
    later = [one for one in found if one.meeting_type not in (None, meeting_type)]
    soonest = min(later, key=lambda one: one.deadline.on, default=None)
    if soonest is not None:
        kind, last = str(soonest.meeting_type), soonest.deadline.on
        found += _following(kind, last, _UNDECIDED, last, pack, calendar)
    return tuple(sorted(found, key=lambda one: (one.deadline.on, one.item_id)))


def _following(
    kind: str,
    day: date,
    known: Facts,
    assumed: date | None,
    pack: Pack,
    calendar: WorkingCalendar,
) -> list[FollowOn]:
    book = rulebook(pack)
    found = [_record(kind, day, assumed, pack, calendar)]
    for item in book.follow_ons:
        if kind not in item.texts("after") or not item.holds_on(day):
            continue
        reason = explain(item.condition(), known, vocabulary_of(pack))
        if reason.truth is not Truth.NO:
            found.append(_follow_on(item, day, assumed, reason, known, book, calendar))
    return found


def _record(
    kind: str, day: date, assumed: date | None, pack: Pack, calendar: WorkingCalendar
) -> FollowOn:
    name = pack.words_of("meeting_type", kind)
    return FollowOn(
        item_id=kind,
        words=f"Record: {name.lower()}",
        meeting_type=None,
        deadline=record_due(kind, day, pack=pack, calendar=calendar),
        if_held_on=assumed,
    )


def _follow_on(
    item: Item,
    day: date,
    assumed: date | None,
    reason: Explanation,
    known: Facts,
    book: Rulebook,
    calendar: WorkingCalendar,
) -> FollowOn:
    timescale = item.timescale("within")
    assert timescale is not None  # noqa: S101 - the shape of the pack requires it
    meeting = item.text("meeting") or None
    is_sure = all(known.get(fact) is True or known.get(fact) is False for fact in reason.facts)
    return FollowOn(
        item_id=item.id,
        words=item.words,
        meeting_type=meeting,
        deadline=_deadline(
            timescale, day, item.id, book.pack, calendar, is_meeting=meeting is not None
        ),
        if_held_on=assumed,
        given="" if is_sure else item.text("given"),
    )


def _deadline(
    timescale: Timescale,
    day: date,
    rule_id: str,
    pack: Pack,
    calendar: WorkingCalendar,
    *,
    is_meeting: bool,
) -> Deadline:
    return deadline(
        timescale,
        day,
        rule_id=rule_id,
        calendar=calendar,
        settings=pack.settings,
        rolls_back=is_meeting,
    )
