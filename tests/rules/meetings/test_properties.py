"""What holds whatever the facts are: days, seats that stay, and packs that are stricter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.deadlines import follow_ons
from meetings.rules.invitees import required
from meetings.rules.triggers import decide
from meetings.terms import (
    ChildFacts,
    Connected,
    Decision,
    IncidentFacts,
    MeetingFacts,
    Required,
    Requirement,
)
from people.terms import TriState
from procedures.rules.check import faults
from procedures.shipped import pack_of, shipped_texts
from procedures.terms import Deadline, FieldValue, Item, Pack, Part, Timescale, Unit
from tests.rules.meetings.cases import CALENDAR, NORTHMERE, PACK, PARK_ROAD, at

PACKS = {name: pack_of(text) for name, text in shipped_texts().items()}
PARTS = [item.id for item in PACK.items("part")]
KINDS = [item.id for item in PACK.items("incident_kind")]
STATUSES = [item.id for item in PACK.items("legal_status")]
MEETINGS = [item.id for item in PACK.items("meeting_type")]
ASKED = [one.name for one in fields(IncidentFacts) if one.type == "TriState"]
ASKED_OF_CHILD = [one.name for one in fields(ChildFacts) if one.type == "TriState"]
MOMENTS = (
    "returned_at", "bail_ends_at", "excluded_at", "plan_changed_at", "looked_after_at",
    "area_notified_at", "serious_incident_notified_at", "scored_up_at",
)  # fmt: skip
NETWORKS = (
    NORTHMERE,
    PARK_ROAD,
    Connected("school", "none"),
    Connected("gp", "not_registered"),
    Connected("youth_justice", "known", "youth", "Youth justice", "youth_justice"),
    Connected("youth_justice", "none"),
    Connected("trusted_adult", "known"),
    Connected("other_service", "known", "mind", "Northmere Mind", "mental_health"),
)
MUST = (Requirement.QUORUM, Requirement.EXPECTED)

answers = st.sampled_from(TriState)
days = st.dates(date(2024, 1, 1), date(2036, 12, 1))
instants = st.builds(
    lambda on, minute: at(on.isoformat(), "00:00") + timedelta(minutes=minute),
    days,
    st.integers(0, 24 * 60 - 1),
)


@st.composite
def incidents(draw: Callable[..., Any]) -> IncidentFacts:
    """Any incident: known when it was logged, with any answer to any question."""
    known: datetime = draw(instants)
    moments = draw(st.sets(st.sampled_from(MOMENTS)))
    return IncidentFacts(
        part=draw(st.sampled_from([None, *PARTS])),
        kind=draw(st.sampled_from(KINDS)),
        happened_at=known,
        known_at=known,
        recorded_at=known + timedelta(minutes=draw(st.integers(0, 600))),
        other_parts=tuple(draw(st.lists(st.sampled_from(PARTS), max_size=2))),
        days_since_last_serious=draw(st.one_of(st.none(), st.integers(0, 200))),
        **{name: draw(answers) for name in ASKED},
        **{name: known + timedelta(days=3) for name in moments},
    )


@st.composite
def children(draw: Callable[..., Any]) -> ChildFacts:
    """Any child, with any network and any answer to any question."""
    return ChildFacts(
        age=draw(st.one_of(st.none(), st.integers(0, 19))),
        born_on=draw(st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2018, 1, 1)))),
        legal_status=draw(st.sampled_from([None, *STATUSES])),
        connections=tuple(draw(st.lists(st.sampled_from(NETWORKS), max_size=4, unique=True))),
        missing_episodes_90_days=draw(st.one_of(st.none(), st.integers(0, 5))),
        attendance_percent=draw(st.one_of(st.none(), st.integers(0, 100))),
        **{name: draw(answers) for name in ASKED_OF_CHILD},
    )


def _deadlines(decision: Decision) -> list[Deadline]:
    found = [rule.deadline for rule in decision.fired]
    found += [other.deadline for other in decision.alternatives]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@settings(max_examples=60, deadline=None)
@given(what=incidents(), who=children())
def test_no_meeting_is_due_on_a_day_on_which_none_can_be_held(
    pack: Pack, what: IncidentFacts, who: ChildFacts
) -> None:
    decision = decide(what, who, pack=pack, calendar=CALENDAR)

    for found in _deadlines(decision):
        is_same_day = found.working.startswith("the same day")
        assert is_same_day or CALENDAR.is_working_day(found.on), found
        assert found.on <= found.legal_on


@pytest.mark.parametrize("meeting", MEETINGS)
@settings(max_examples=40, deadline=None)
@given(held_on=days)
def test_nothing_that_follows_a_meeting_is_a_meeting_on_a_day_on_which_none_can_be_held(
    meeting: str, held_on: date
) -> None:
    decided = MeetingFacts(TriState.YES, is_quorate=False, plan_made=TriState.NOT_KNOWN)

    found = follow_ons(meeting, held_on, facts=decided, pack=PACK, calendar=CALENDAR)

    for one in found:
        if one.meeting_type is not None:
            assert CALENDAR.is_working_day(one.deadline.on)
            assert one.deadline.on <= one.deadline.legal_on


def _asked(what: IncidentFacts, who: ChildFacts, meeting: str) -> Required:
    return required(meeting, who, what, pack=PACK, calendar=CALENDAR)


@settings(max_examples=300, deadline=None)
@given(
    what=incidents(),
    who=children(),
    meeting=st.sampled_from(MEETINGS),
    name=st.sampled_from(ASKED + ASKED_OF_CHILD),
    answer=st.sampled_from([TriState.YES, TriState.NO]),
)
def test_an_answer_never_drops_a_seat_in_silence_and_never_one_that_law_asks_for(
    what: IncidentFacts, who: ChildFacts, meeting: str, name: str, answer: TriState
) -> None:
    is_of_incident = name in ASKED
    open_what = replace(what, **{name: TriState.NOT_KNOWN}) if is_of_incident else what
    open_who = who if is_of_incident else replace(who, **{name: TriState.NOT_KNOWN})
    told_what = replace(what, **{name: answer}) if is_of_incident else what
    told_who = who if is_of_incident else replace(who, **{name: answer})

    before = _asked(open_what, open_who, meeting)
    after = _asked(told_what, told_who, meeting)

    _nobody_is_lost(before, after)


@settings(max_examples=150, deadline=None)
@given(
    what=incidents(),
    who=children(),
    meeting=st.sampled_from(MEETINGS),
    more=st.sampled_from(NETWORKS),
)
def test_somebody_more_in_the_childs_network_never_drops_a_seat_in_silence(
    what: IncidentFacts, who: ChildFacts, meeting: str, more: Connected
) -> None:
    before = _asked(what, who, meeting)
    after = _asked(what, replace(who, connections=(*who.connections, more)), meeting)

    _nobody_is_lost(before, after)


def _nobody_is_lost(before: Required, after: Required) -> None:
    statutory = {slot.role for slot in before.slots if slot.is_statutory}
    explained = {one.rule_id for one in after.not_asked} | {slot.rule_id for slot in after.slots}
    # The seat may stand under another rule that asks for the same role more firmly.
    roles = {slot.role for slot in after.slots}
    lost = [
        slot
        for slot in before.slots
        if slot.requirement in MUST and slot.role not in roles and slot.rule_id not in explained
    ]

    assert statutory <= {slot.role for slot in after.slots if slot.is_statutory}
    assert lost == []
    assert all(one.why for one in after.not_asked)


def _tightened(pack: Pack) -> Pack:
    """Every limit of the pack one unit shorter, and one working day as the same day."""
    sections = {
        name: tuple(_tight_item(item) for item in items) for name, items in pack.sections.items()
    }
    return replace(pack, sections=MappingProxyType(sections))


def _tight_item(item: Item) -> Item:
    return replace(item, fields=_tight_fields(item))


def _tight_fields(part: Part) -> MappingProxyType[str, FieldValue]:
    return MappingProxyType({name: _tight(value) for name, value in part.fields.items()})


def _tight(value: FieldValue) -> FieldValue:
    if isinstance(value, Timescale):
        if value.is_before:
            return replace(value, n=value.n + 1)
        if value.n == 1 and value.unit is Unit.WORKING_DAYS:
            return replace(value, n=0, unit=Unit.SAME_DAY)
        return replace(value, n=max(value.n - 1, 1)) if value.n else value
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        return tuple(
            replace(one, fields=_tight_fields(one)) for one in value if isinstance(one, Part)
        )
    return value


TIGHTENED = _tightened(PACK)


def test_a_tightened_pack_is_no_loosened_one() -> None:
    assert faults(TIGHTENED, catalogue=CATALOGUE, events=EVENTS, default=PACK) == ()


@settings(max_examples=120, deadline=None)
@given(what=incidents(), who=children())
def test_a_tightened_pack_never_asks_for_a_meeting_later(
    what: IncidentFacts, who: ChildFacts
) -> None:
    shipped = decide(what, who, pack=PACK, calendar=CALENDAR)
    tight = decide(what, who, pack=TIGHTENED, calendar=CALENDAR)

    limits = {rule.rule_id: rule.deadline for rule in shipped.fired}
    assert set(limits) == {rule.rule_id for rule in tight.fired}
    for rule in tight.fired:
        limit = limits[rule.rule_id]
        if limit is not None:
            assert rule.deadline is not None
            # "The same day" ends at midnight, a working day when the offices close.
            assert rule.deadline.on <= limit.on
    if shipped.deadline is not None:
        assert tight.deadline is not None
        assert tight.deadline.on <= shipped.deadline.on


@pytest.mark.parametrize("meeting", MEETINGS)
@settings(max_examples=40, deadline=None)
@given(held_on=days)
def test_after_a_meeting_a_tightened_pack_never_lets_anything_follow_later(
    meeting: str, held_on: date
) -> None:
    decided = MeetingFacts(TriState.YES, is_quorate=False, plan_made=TriState.YES)

    shipped = {
        (one.item_id, one.meeting_type): one
        for one in follow_ons(meeting, held_on, facts=decided, pack=PACK, calendar=CALENDAR)
    }
    tight = follow_ons(meeting, held_on, facts=decided, pack=TIGHTENED, calendar=CALENDAR)

    for one in tight:
        assert one.deadline.on <= shipped[one.item_id, one.meeting_type].deadline.on
