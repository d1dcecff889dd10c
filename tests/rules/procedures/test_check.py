"""A pack may be stricter than the shipped one where law stands behind it, never looser."""

from __future__ import annotations

import pytest

from meetings.rules.catalogue import CATALOGUE, EVENTS
from procedures.pack_file import read_pack
from procedures.rules.check import faults
from procedures.shipped import default_pack, default_text
from procedures.terms import PackFault

TEXT = default_text()


def _faults(text: str) -> tuple[PackFault, ...]:
    return faults(read_pack(text), catalogue=CATALOGUE, events=EVENTS, default=default_pack())


def _after(words: str, before: str, after: str) -> str:
    """Change the first ``before`` that follows ``words``."""
    place = TEXT.index(before, TEXT.index(words))
    return TEXT[:place] + after + TEXT[place + len(before) :]


def test_the_shipped_pack_has_no_fault() -> None:
    assert _faults(TEXT) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_after('id = "TR-02"', '"strategy"', '"strategie"'), "there is no meeting_type"),
        (_after('id = "IN-02"', '"education_safeguarding"', '"edu"'), "there is no role 'edu'"),
        (_after('id = "TR-02"', '"is_suspected"', '"suspekted"'), "no fact 'suspekted'"),
        (_after('id = "TR-02"', "is = true", "at_least = 5"), "is no number"),
        (_after('id = "TR-02"', "is = true", 'is = "yes"'), "is never 'yes'"),
        (_after('id = "IN-15"', "at_least = 210", 'is = "old"'), "is never 'old'"),
        (_after('id = "TR-05"', 'is = "knife"', 'is = "knive"'), "no incident_kind 'knive'"),
        (_after('id = "TR-02"', '"known_at"', '"knew_at"'), "nothing happens at 'knew_at'"),
        (TEXT.replace("hold_now_from = 16", "hold_now_from = 18"), "must come before"),
        (TEXT.replace("divisor = 2", "divisor = 0"), "at least 1"),
        (TEXT.replace('"Multi-agency meeting"', f'"{"x" * 61}"'), "at most 60"),
        (
            _after('id = "is_seriously_harmed"', '"serious_injury"', '"is_serious_incident"'),
            "which comes later",
        ),
    ],
)
def test_a_fault_of_sense_is_named(text: str, words: str) -> None:
    assert any(words in fault.words for fault in _faults(text)), _faults(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_after('id = "FO-ICPC"', "n = 15", "n = 20"), "shorter, never longer"),
        (_after('id = "FO-ICPC"', '"working_days"', '"weeks"'), "shorter, never longer"),
        (_after('id = "FO-ICPC"', 'after = "held_on" }', 'before = "held_on" }'), "shorter"),
        (_after('id = "FO-CORE"', "n = 10", "n = 11"), "shorter, never longer"),
        (_after('id = "consider_notification"', "n = 5", "n = 6"), "shorter, never longer"),
        (
            _after('id = "strategy"', 'any_of = ["police"]', 'any_of = ["police", "school"]'),
            "narrow",
        ),
        (_after('id = "strategy"', 'family_mode = "none"', 'family_mode = "full"'), "must stay"),
        (
            _after('id = "strategy"', 'joins = ["strategy"]', 'joins = ["strategy", "core_group"]'),
            "join",
        ),
        (_after('id = "IN-16"', "is_statutory = true", "is_statutory = false"), "is statutory"),
        (_after('id = "IN-16"', 'requirement = "quorum"', 'requirement = "optional"'), "statutory"),
        (_after('id = "IN-09"', 'meetings = ["strategy", ', "meetings = ["), "strategy cannot be"),
        (
            _after('id = "TR-22"', 'tasks = ["consider_notification", ', "tasks = ["),
            "cannot be left",
        ),
        (
            _after(
                'id = "IN-01"',
                "[[invitation.slot]]",
                'when = { fact = "sen", is = true }\n[[invitation.slot]]',
            ),
            "to widen it",
        ),
        (_after('id = "IN-01"', "locked = true", "effective_to = 2027-01-01"), "cannot end"),
        (_after('id = "IN-01"', "locked = true", "effective_from = 2030-01-01"), "holds from"),
    ],
)
def test_what_is_locked_cannot_be_loosened(text: str, words: str) -> None:
    assert any(words in fault.words for fault in _faults(text)), _faults(text)


def test_what_is_locked_cannot_be_left_out() -> None:
    start = TEXT.index('[[follow_on]]\nid = "FO-ICPC"')
    end = TEXT.index("[[follow_on]]", start + 5)

    found = _faults(TEXT[:start] + TEXT[end:])

    assert [fault.words for fault in found] == [
        "follow_on 'FO-ICPC' is locked and cannot be left out"
    ]


@pytest.mark.parametrize(
    "text",
    [
        _after('id = "FO-ICPC"', "n = 15", "n = 10"),
        _after('id = "FO-CORE"', 'n = 10, unit = "working_days"', 'unit = "same_day"'),
        _after(
            'id = "strategy"',
            'any_of = ["health", "hospital", "mental_health"]',
            'any_of = ["health"]',
        ),
        _after('id = "TR-01"', "n = 1,", "n = 2,"),
        _after('id = "IN-15"', "210", "204"),
        _after(
            'id = "FO-ICPC"',
            '{ fact = "began_enquiry", is = true }',
            '{ any = [{ fact = "began_enquiry", is = true }, { fact = "plan_made", is = true }] }',
        ),
        _after('id = "FO-ICPC"', '{ fact = "began_enquiry", is = true }', "{ always = true }"),
    ],
)
def test_what_is_tightened_widened_or_not_locked_may_change(text: str) -> None:
    assert _faults(text) == ()
