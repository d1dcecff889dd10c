"""A pack is read whole, or every fault is named with its line."""

from __future__ import annotations

import pytest

from procedures.pack_conditions import FaultInText, read_condition, read_timescale
from procedures.pack_file import read_pack
from procedures.shipped import default_text
from procedures.terms import (
    ALWAYS,
    AllOf,
    AnyOf,
    Confidence,
    Force,
    Not,
    Operator,
    PackFault,
    PackUnreadable,
    Test,
    Timescale,
    Unit,
)

TEXT = default_text()


def _faults(text: str) -> tuple[PackFault, ...]:
    with pytest.raises(PackUnreadable) as found:
        read_pack(text)
    return found.value.faults


def _line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_shipped_pack_carries_source_date_force_and_confidence_on_every_item() -> None:
    pack = read_pack(TEXT)

    for items in pack.sections.values():
        for item in items:
            assert item.words
            assert item.source.text
            assert item.source.on.year >= 1984  # the oldest Act that stands behind one
            assert isinstance(item.source.force, Force)
            assert isinstance(item.source.confidence, Confidence)
            assert item.effective_from == pack.effective_from


def test_an_item_knows_its_line() -> None:
    item = read_pack(TEXT).item("trigger", "TR-02")

    assert item.line == _line_of(TEXT, 'id = "TR-02"') - 1


def test_what_is_not_toml_says_where() -> None:
    (fault,) = _faults('[pack]\nname = "x\n')

    assert fault.line == 2
    assert "not TOML" in fault.words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('chaired_by = ["conference_chair"]', 'chaired_by = "x"', "list of texts"),
        ("minutes = 120", 'minutes = "long"', "a whole number"),
        ("minutes = 120", "minutes = true", "a whole number"),
        ("opens_plan = true", "opens_plan = 1", "true or false"),
        ('family_mode = "full"', 'family_mode = "some"', "not one of none, part, full"),
        ('id = "TR-03"', 'id = "TR-02"', "stands here twice"),
        ('id = "TR-03"', "id = 3", "id must be a text"),
        ('force = "STAT"\nconfidence = "V"', 'force = "LAW"\nconfidence = "V"', "STAT, GUID"),
        ("keep_apart = true", "keep_appart = true", "means nothing here"),
        ("day_end = 17:00:00", 'day_end = "17:00"', "day_end must be a time"),
        ("one_off_holidays = []", 'one_off_holidays = ["soon"]', "list of dates"),
        ("[calendar]", "[callendar]", "no section 'callendar'"),
        ("[settings]", "[settings]\nlanguage = 1", "no setting 'language'"),
        ("effective_from = 2024-01-01", "effective_from = 2024", "must be a date"),
    ],
)
def test_a_fault_of_form_is_named_in_words(before: str, after: str, words: str) -> None:
    assert before in TEXT

    faults = _faults(TEXT.replace(before, after, 1))

    assert any(words in fault.words for fault in faults), faults


def test_a_fault_inside_a_list_names_the_line_of_its_field() -> None:
    text = TEXT.replace('unit = "same_day"', 'unit = "sameday"', 1)

    (fault,) = _faults(text)

    assert fault.line == _line_of(text, '"sameday"')
    assert "unit must be one of" in fault.words


def test_a_missing_field_names_the_items_line() -> None:
    text = TEXT.replace('purpose = "Decide whether the threshold', 'goal = "Decide whether the', 1)

    faults = _faults(text)

    assert any("'purpose' is missing" in fault.words for fault in faults)
    assert any("'goal' means nothing" in fault.words for fault in faults)


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    text = TEXT.replace("minutes = 120", "minutes = 0.5").replace('id = "TR-03"', "id = 3")

    lines = [fault.line for fault in _faults(text)]

    assert len(lines) >= 2
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("always", "a condition is a table"),
        ({"all": []}, "needs a list"),
        ({"all": "x"}, "needs a list"),
        ({"some": []}, "exactly one of all, any, not"),
        ({"all": [], "any": []}, "exactly one of"),
        ({"fact": 1, "is": 1}, "name of a fact"),
        ({"fact": "x"}, "exactly one operator"),
        ({"fact": "x", "is": 1, "is_not": 2}, "exactly one operator"),
        ({"fact": "x", "equals": 1}, "none of the operators"),
        ({"fact": "x", "one_of": "a"}, "list of texts"),
        ({"fact": "x", "at_least": "5"}, "whole number"),
        ({"fact": "x", "at_least": True}, "whole number"),
        ({"fact": "x", "is_known": "yes"}, "true or false"),
        ({"fact": "x", "is": [1]}, "a text, a whole number"),
    ],
)
def test_what_is_no_condition_is_refused_in_words(raw: object, words: str) -> None:
    with pytest.raises(FaultInText, match=words):
        read_condition(raw)


def test_a_condition_is_read() -> None:
    a = {"fact": "a", "is": True}

    assert read_condition({"always": True}) == ALWAYS
    assert read_condition({"not": {"any": [a, {"all": [a]}]}}) == Not(
        AnyOf((Test("a", Operator.IS, True), AllOf((Test("a", Operator.IS, True),))))
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (3, "a timescale is a table"),
        ({"n": 1, "unit": "working_days"}, "either after or before"),
        ({"n": 1, "unit": "working_days", "after": "x", "before": "y"}, "either after or before"),
        ({"n": 1, "unit": "moons", "after": "x"}, "unit must be one of"),
        ({"n": 0, "unit": "weeks", "after": "x"}, "above 0"),
        ({"n": -1, "unit": "weeks", "after": "x"}, "above 0"),
        ({"n": 1, "unit": "same_day", "after": "x"}, "left out for same_day"),
        ({"n": True, "unit": "weeks", "after": "x"}, "whole number"),
        ({"n": 1, "unit": "weeks", "after": ""}, "name of an event"),
        ({"n": 1, "unit": "weeks", "after": "x", "of": 1}, "has no of"),
    ],
)
def test_what_is_no_timescale_is_refused_in_words(raw: object, words: str) -> None:
    with pytest.raises(FaultInText, match=words):
        read_timescale(raw)


def test_a_timescale_is_read() -> None:
    assert read_timescale({"n": 3, "unit": "weeks", "before": "held_on"}) == Timescale(
        3, Unit.WEEKS, "held_on", is_before=True
    )
