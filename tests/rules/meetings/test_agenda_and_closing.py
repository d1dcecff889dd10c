"""What the record must hold, and what is missing when finish is pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.rules.agenda import headings
from meetings.rules.closing import AgreedAction, RecordSoFar, gaps, may_finish
from meetings.terms import AttendanceState, Heading, Quorum, Standing
from tests.rules.meetings.cases import PACK

TYPES = [item.id for item in PACK.items("meeting_type")]
AGENCIES = (("p1", "Police"), ("s1", "Northmere Academy"))
MET = Quorum(False, Standing.MET, Standing.MET, (), (), "Quorum met", "")
NOT_MET = replace(MET, legal=Standing.NOT_MET, words="No quorum: Police missing")


def _headings(
    kind: str = "strategy", *, parents: tuple[str, ...] = (), male: tuple[str, ...] = ()
) -> tuple[Heading, ...]:
    return headings(kind, agencies=AGENCIES, parents=parents, male_carers=male, pack=PACK)


def _whole(asked: tuple[Heading, ...]) -> RecordSoFar:
    return RecordSoFar(
        written=frozenset(heading.key for heading in asked),
        attendance=(AttendanceState.PRESENT, AttendanceState.APOLOGIES),
        decisions=1,
        decisions_without_reason=0,
        actions=(AgreedAction("Visit", True, True, True),),
        has_chair=True,
    )


@pytest.mark.parametrize("kind", TYPES)
def test_previous_actions_come_first_in_every_meeting(kind: str) -> None:
    assert _headings(kind)[0].heading == "previous_actions"


@pytest.mark.parametrize("kind", TYPES)
def test_every_meeting_asks_for_the_child_each_parent_and_the_father(kind: str) -> None:
    asked = {heading.heading for heading in _headings(kind) if heading.is_required}

    assert {"child_voice", "parent_voice", "male_carer_voice", "information"} <= asked


def test_each_agency_has_a_heading_of_its_own() -> None:
    keys = [one.key for one in _headings() if one.heading == "information"]

    assert keys == ["information:p1", "information:s1"]


def test_each_parent_and_each_male_carer_is_heard_once() -> None:
    asked = _headings(parents=("Mrs A", "Mr B"), male=("Mr B",))

    people = [(one.heading, one.person) for one in asked if one.person]
    assert people == [("parent_voice", "Mrs A"), ("male_carer_voice", "Mr B")]


def test_a_father_nobody_knows_is_written_down_as_not_known() -> None:
    (father,) = [one for one in _headings() if one.heading == "male_carer_voice"]

    assert father.person == "not known"
    assert father.is_required


def test_keys_are_unique() -> None:
    keys = [one.key for one in _headings(parents=("A", "B"), male=("C",))]

    assert len(keys) == len(set(keys))


def test_nothing_is_missing_from_a_whole_record() -> None:
    asked = _headings()

    assert gaps(_whole(asked), headings=asked, quorum=MET) == ()


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"has_chair": False}, "chair"),
        ({"attendance": (None, AttendanceState.PRESENT)}, "attendance"),
        ({"decisions": 0}, "decisions"),
        ({"decisions_without_reason": 1}, "reasons"),
        ({"actions": (AgreedAction("x", False, True, True),)}, "action:1:owner"),
        ({"actions": (AgreedAction("x", True, False, True),)}, "action:1:due"),
    ],
)
def test_a_firm_gap_is_named_and_asks_for_a_reason(change: dict[str, object], gap: str) -> None:
    asked = _headings()

    (found,) = gaps(replace(_whole(asked), **change), headings=asked, quorum=MET)  # type: ignore[arg-type]

    assert found.id == gap
    assert not may_finish((found,), "  ")
    assert may_finish((found,), "Nobody from health could be reached tonight")


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"actions": ()}, "actions"),
        ({"actions": (AgreedAction("x", True, True, False),)}, "action:1:known"),
    ],
)
def test_a_soft_gap_is_named_and_asks_for_nothing(change: dict[str, object], gap: str) -> None:
    asked = _headings()

    (found,) = gaps(replace(_whole(asked), **change), headings=asked, quorum=MET)  # type: ignore[arg-type]

    assert found.id == gap
    assert may_finish((found,), "")


def test_a_missing_quorum_asks_why_it_went_ahead() -> None:
    asked = _headings()

    (found,) = gaps(_whole(asked), headings=asked, quorum=NOT_MET)

    assert "say why it went ahead" in found.words


def test_a_heading_left_empty_is_named_unless_it_is_optional() -> None:
    asked = _headings()
    optional = next(one for one in asked if not one.is_required)
    needed = next(one for one in asked if one.heading == "child_voice")
    record = replace(
        _whole(asked), written=frozenset(one.key for one in asked) - {optional.key, needed.key}
    )

    (found,) = gaps(record, headings=asked, quorum=MET)

    assert found.words == "Not written: The voice of the child."
