"""Legal quorum and completeness are two things, before the meeting and in it."""

from __future__ import annotations

from typing import Any

import pytest

from meetings.rules.quorum import actual, forecast
from meetings.terms import AttendanceState, InvitationState, Party, Quorum, Standing
from procedures.terms import Pack
from tests.rules.meetings.cases import (
    CALENDAR,
    NORTHMERE,
    PACK,
    PARK_ROAD,
    at,
    child,
    incident,
    with_settings,
)

ROBBERY = incident("suspected", "robbery", at("2027-03-10"))
KOFI = child(15, NORTHMERE, PARK_ROAD)
LEGAL = ("social_care", "police", "health")
ALL = (*LEGAL, "school", "gp", "youth_justice")


def _answers(state: InvitationState, *kinds: str) -> list[Party]:
    return [Party(kind, kind, kind.title(), answer=state) for kind in kinds]


def _came(state: AttendanceState, *kinds: str, **facts: Any) -> list[Party]:
    return [Party(kind, kind, kind.title(), attendance=state, **facts) for kind in kinds]


def _forecast(parties: list[Party], kind: str = "strategy", pack: Pack = PACK) -> Quorum:
    return forecast(kind, parties, child=KOFI, incident=ROBBERY, pack=pack, calendar=CALENDAR)


def _actual(parties: list[Party], kind: str = "strategy", pack: Pack = PACK) -> Quorum:
    return actual(kind, parties, child=KOFI, incident=ROBBERY, pack=pack, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (InvitationState.ACCEPTED, Standing.LIKELY),
        (InvitationState.ACCEPTED_PART, Standing.LIKELY),
        (InvitationState.DEPUTY, Standing.LIKELY),
        (InvitationState.NO_ANSWER, Standing.NOT_KNOWN),
        (InvitationState.NOT_SENT, Standing.NOT_KNOWN),
        (InvitationState.UNDELIVERABLE, Standing.NOT_KNOWN),
        (InvitationState.DECLINED, Standing.NOT_MET),
        (InvitationState.INFORMATION, Standing.NOT_MET),
        (InvitationState.WITHDRAWN, Standing.NOT_MET),
    ],
)
def test_one_answer_decides_the_forecast(state: InvitationState, standing: Standing) -> None:
    parties = _answers(InvitationState.ACCEPTED, "social_care", "health") + _answers(
        state, "police"
    )

    assert _forecast(parties).legal is standing


def test_a_forecast_is_never_quorate() -> None:
    found = _forecast(_answers(InvitationState.ACCEPTED, *ALL))

    assert found.legal is Standing.LIKELY
    assert not found.is_quorate


def test_quorum_may_be_met_while_the_meeting_is_not_complete() -> None:
    found = _actual(_came(AttendanceState.PRESENT, *LEGAL))

    assert found.is_quorate
    assert found.complete is Standing.NOT_MET
    assert "School or education" in found.complete_words


def test_everybody_expected_makes_it_complete() -> None:
    found = _actual(_came(AttendanceState.PRESENT, *ALL))

    assert found.complete is Standing.MET
    assert found.complete_words == (
        "Also expected here (School or education, GP, Youth justice): all took part"
    )


@pytest.mark.parametrize("missing", LEGAL)
def test_any_of_the_three_missing_breaks_the_quorum(missing: str) -> None:
    there = _came(AttendanceState.PRESENT, *(kind for kind in ALL if kind != missing))

    assert not _actual([*there, *_came(AttendanceState.ABSENT, missing)]).is_quorate


def test_nobody_marked_yet_is_not_there() -> None:
    assert not _actual(_answers(InvitationState.ACCEPTED, *ALL)).is_quorate


def test_a_report_completes_but_does_not_make_the_quorum() -> None:
    parties = _came(AttendanceState.PRESENT, "social_care", "police", "school", "youth_justice")
    parties += _came(AttendanceState.REPORT_ONLY, "health", "gp", has_written=True)

    found = _actual(parties)

    assert not found.is_quorate
    assert found.complete is Standing.MET


def test_a_pack_may_let_a_report_count_for_the_quorum() -> None:
    parties = _came(AttendanceState.PRESENT, "social_care", "police")
    parties += _came(AttendanceState.REPORT_ONLY, "health")

    found = _actual(parties, pack=with_settings(written_counts_for_quorum=True))

    assert found.is_quorate


def test_a_pack_may_ask_for_people_to_stay_throughout() -> None:
    parties = _came(AttendanceState.PRESENT, "social_care", "police")
    parties += _came(AttendanceState.PART, "health")
    strict = with_settings(part_counts_for_quorum=False)

    assert _actual(parties).is_quorate
    assert not _actual(parties, pack=strict).is_quorate


def test_coming_in_part_is_not_enough_for_a_strict_packs_forecast() -> None:
    parties = _answers(InvitationState.ACCEPTED, "social_care", "police")
    parties += _answers(InvitationState.ACCEPTED_PART, "health")

    found = _forecast(parties, pack=with_settings(part_counts_for_quorum=False))

    assert found.legal is Standing.NOT_MET


def test_information_instead_of_coming_completes_the_forecast() -> None:
    parties = _answers(InvitationState.ACCEPTED, *LEGAL, "school", "youth_justice")
    parties += _answers(InvitationState.INFORMATION, "gp")

    assert _forecast(parties).complete is Standing.LIKELY


def test_a_closed_school_is_excused_and_not_counted_as_missing() -> None:
    parties = _came(AttendanceState.PRESENT, *LEGAL, "gp", "youth_justice")
    parties += _came(AttendanceState.ABSENT, "school", is_excused=True)

    assert _actual(parties).complete is Standing.MET


def test_being_excused_never_makes_a_legal_quorum() -> None:
    parties = _came(AttendanceState.PRESENT, "social_care", "health")
    parties += _came(AttendanceState.ABSENT, "police", is_excused=True)

    assert not _actual(parties).is_quorate


def test_a_conference_needs_two_other_agencies_and_two_people_of_one_do_not_count() -> None:
    one_school = [Party("school", "northmere", "Northmere", attendance=AttendanceState.PRESENT)] * 2
    care = _came(AttendanceState.PRESENT, "social_care")

    with_one = _actual([*care, *one_school], "initial_conference")
    with_two = _actual(
        [*care, *one_school, *_came(AttendanceState.PRESENT, "health")], "initial_conference"
    )

    assert not with_one.is_quorate
    assert with_two.is_quorate


def test_a_discussion_needs_three_agencies_with_police_or_youth_justice_among_them() -> None:
    kind = "professional_discussion"

    assert _actual(_came(AttendanceState.PRESENT, "police", "gp", "school"), kind).is_quorate
    assert not _actual(_came(AttendanceState.PRESENT, "health", "gp", "school"), kind).is_quorate
    assert not _actual(_came(AttendanceState.PRESENT, "police", "school"), kind).is_quorate


def test_a_school_is_not_expected_of_a_child_on_no_roll() -> None:
    from_home = child(15, PARK_ROAD, *[])
    parties = _came(AttendanceState.PRESENT, *LEGAL, "gp", "youth_justice")

    unknown = actual(
        "strategy", parties, child=from_home, incident=ROBBERY, pack=PACK, calendar=CALENDAR
    )

    assert unknown.complete is Standing.NOT_MET


def test_who_is_waited_for_is_named() -> None:
    parties = _answers(InvitationState.ACCEPTED, "social_care", "health")
    parties += _answers(InvitationState.NO_ANSWER, "police")

    (police,) = [one for one in _forecast(parties).legal_groups if one.words == "Police"]

    assert police.waiting_for == ("Police",)


def test_a_quorum_is_stored_and_read_back() -> None:
    found = _actual(_came(AttendanceState.PRESENT, *LEGAL))

    assert Quorum.from_dict(found.to_dict()) == found
