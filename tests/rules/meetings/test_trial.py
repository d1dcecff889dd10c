"""What a changed pack would have said of a past incident, and that nobody is named by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from meetings.rules import trial
from meetings.rules.trial import Changed, Expected, Seat, Tally, Tried, Verdict
from people.terms import TriState
from procedures import pack_edit
from procedures.pack_file import read_pack
from procedures.shipped import default_text
from procedures.terms import Pack
from tests.rules.meetings.cases import CALENDAR, NORTHMERE, PACK, PARK_ROAD, at, child, incident

TEXT = default_text()
STABBED = incident("harmed", "knife", at("2026-03-10"), weapon_used=TriState.YES)
JORDAN = child(15, NORTHMERE, PARK_ROAD, age_months=186, born_on=date(2010, 9, 2))


def changed(section: str, item_id: str, **fields: object) -> Pack:
    return read_pack(pack_edit.change(TEXT, section, item_id, fields))


def seat(role: str, requirement: str = "expected", place: str = "") -> Seat:
    return Seat(role, role.capitalize(), requirement, "R-1", "why", place)


def says(*seats: Seat, meeting: str | None = "m", due: date | None = None) -> Verdict:
    return Verdict(meeting, "Meeting", "Monday", due, ("T-1",), seats)


def of(before: Verdict, after: Verdict) -> Tried:
    return Tried("I-7F3K9Q", "Knife", "Harmed", 15, "None", before, after,
                 trial.compare(before, after))  # fmt: skip


def test_the_same_pack_changes_nothing() -> None:
    found = trial.verdict(STABBED, JORDAN, pack=PACK, calendar=CALENDAR)

    assert found.meeting_type is not None
    assert found.seats
    assert not trial.compare(found, found).is_anything


def test_a_role_asked_by_a_changed_rule_is_added_with_its_reason() -> None:
    after = changed("invitation", "IN-20", when={"fact": "is_harmed", "is": True})
    verdicts = [
        trial.verdict(STABBED, JORDAN, pack=pack, calendar=CALENDAR) for pack in (PACK, after)
    ]

    added = trial.compare(*verdicts).added

    assert [(one.role, one.rule_id) for one in added] == [("housing_officer", "IN-20")]
    assert "the child was harmed" in added[0].why


def test_no_name_and_no_date_of_birth_is_left_of_a_child() -> None:
    bare = trial.nameless(JORDAN)
    said = trial.verdict(STABBED, bare, pack=PACK, calendar=CALENDAR)

    assert bare.born_on is None
    assert bare.age == 15
    for canary in ("Northmere", "Park Road", "northmere", "park-road"):
        assert canary not in str(bare.to_dict()) + str(said.to_dict())


def test_two_agencies_stay_apart_and_one_stays_one_without_its_name() -> None:
    second = replace(NORTHMERE, agency_id="other", agency_name="Other School")

    bare = trial.nameless(child(15, NORTHMERE, NORTHMERE, second))

    assert [one.agency_id for one in bare.connections] == ["1", "1", "2"]


def test_a_connection_without_an_agency_has_no_number() -> None:
    bare = trial.nameless(child(15, replace(NORTHMERE, agency_id=None)))

    assert [(one.agency_id, one.agency_name) for one in bare.connections] == [(None, "")]


def test_an_incident_is_tried_as_it_was_before_anybody_met() -> None:
    met = replace(STABBED, met_since=TriState.YES)

    assert trial.as_first_known(met).met_since is TriState.NO


def test_a_rule_that_starts_next_week_is_tried_on_last_year() -> None:
    later = changed("invitation", "IN-20", effective_from=date(2026, 11, 23))

    tried = trial.timeless(later, date(2026, 11, 23)).item("invitation", "IN-20")

    assert tried.holds_on(date(2026, 3, 10))


def test_a_rule_that_does_not_hold_on_the_day_is_left_out() -> None:
    later = changed("invitation", "IN-20", effective_from=date(2026, 11, 24))

    with pytest.raises(KeyError):
        trial.timeless(later, date(2026, 11, 23)).item("invitation", "IN-20")


def test_a_trial_may_suppose_what_nobody_recorded() -> None:
    _, supposed = trial.supposing(STABBED, JORDAN, {"eviction_risk", "no_such_fact"})

    assert supposed.eviction_risk is TriState.YES
    assert supposed.ehc_plan is JORDAN.ehc_plan


def test_a_trial_may_suppose_what_happened() -> None:
    supposed, _ = trial.supposing(STABBED, JORDAN, {"at_school"})

    assert supposed.at_school is TriState.YES


@pytest.mark.parametrize(
    ("name", "may"),
    [("at_school", True), ("eviction_risk", True), ("age", False), ("no_such_fact", False)],
)
def test_only_answers_of_yes_or_no_can_be_supposed(name: str, may: bool) -> None:
    assert trial.may_suppose(name) is may


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (says(meeting=None), says(), "needs_meeting_now"),
        (says(), says(meeting=None), "no_meeting_now"),
        (says(), says(meeting="other"), "other_meeting"),
        (says(due=date(2026, 3, 11)), says(due=date(2026, 3, 10)), "is_sooner"),
        (says(due=date(2026, 3, 10)), says(due=date(2026, 3, 11)), "is_later"),
    ],
)
def test_each_difference_has_its_own_name(before: Verdict, after: Verdict, name: str) -> None:
    found = trial.compare(before, after)

    assert found == Changed(**{name: True})


def test_seats_are_added_dropped_and_asked_more_firmly() -> None:
    before = says(seat("a"), seat("b"), seat("c", place="1"))
    after = says(seat("a", "quorum"), seat("c", place="2"), seat("d"))

    found = trial.compare(before, after)

    assert [one.key for one in found.added] == [("c", "2"), ("d", "")]
    assert [one.key for one in found.dropped] == [("b", ""), ("c", "1")]
    assert [one.key for one in found.firmer] == [("a", "")]


def test_sums_are_taken_over_all_and_averages_over_those_with_a_meeting() -> None:
    none = of(says(meeting=None), says(meeting=None))
    one = of(says(meeting=None), says(seat("a"), seat("b")))
    other = of(says(seat("a")), says())

    total = trial.tally([none, one, other])

    assert (total.tried, total.with_meeting, total.differ) == (3, 2, 2)
    assert (total.need_meeting_now, total.no_meeting_now) == (1, 0)
    assert (total.added_on_average, total.dropped_on_average) == (1.0, 0.5)
    assert total.shown == (one, other)
    assert Tally.from_dict(total.to_dict()) == total


def test_nothing_tried_has_averages_of_nothing() -> None:
    assert (Tally().added_on_average, Tally().dropped_on_average) == (0.0, 0.0)


def test_only_the_first_differences_are_shown() -> None:
    many = [of(says(), says(meeting=None))] * 30

    total = trial.tally(many)

    assert (total.differ, len(total.shown)) == (30, 25)


def test_an_example_keeps_the_difference_that_was_seen() -> None:
    seen = of(says(seat("a"), seat("b")), says(seat("a", "quorum"), seat("c")))

    wanted = trial.expected(seen)

    assert wanted == Expected("m", (("c", "expected"), ("a", "quorum")), ("b",))


def test_an_example_without_a_difference_keeps_the_whole_answer() -> None:
    same = of(says(seat("a")), says(seat("a")))

    assert trial.expected(same) == Expected("m", (("a", "expected"),))


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (says(seat("a")), ()),
        (says(seat("a"), meeting=None), (trial.MEETING,)),
        (says(seat("a", "optional")), ("a",)),
        (says(seat("a"), seat("b")), ("b",)),
        (says(), ("a",)),
    ],
)
def test_an_example_says_where_it_does_not_hold(found: Verdict, wrong: tuple[str, ...]) -> None:
    wanted = Expected("m", (("a", "expected"),), ("b",))

    assert trial.broken(wanted, found) == wrong
