"""Every fault of a pack is named with its line and with what to do, and none hides another."""

from __future__ import annotations

import pytest

from meetings.rules.catalogue import CATALOGUE, EVENTS
from procedures.pack_file import read_pack
from procedures.rules.check import faults
from procedures.shipped import default_pack, default_text
from procedures.terms import PackFault, PackUnreadable

TEXT = default_text()
LINES = len(TEXT.splitlines())
SOURCE = 'source = "Local agreement"\nsource_date = 2026-11-01\nforce = "LOCAL"\nconfidence = "V"\n'


def _faults(text: str) -> tuple[PackFault, ...]:
    try:
        pack = read_pack(text)
    except PackUnreadable as found:
        return found.faults
    return faults(pack, catalogue=CATALOGUE, events=EVENTS, default=default_pack())


def _trigger(body: str, name: str = "LOCAL-1") -> str:
    return f'{TEXT}\n[[trigger]]\nid = "{name}"\nwords = "Local"\n{SOURCE}{body}\n'


def _seat(body: str, name: str = "LOCAL-1", when: str = "") -> str:
    return (
        f'\n[[invitation]]\nid = "{name}"\nwords = "Local"\n{SOURCE}'
        f'meetings = ["core_group"]\n{when}\n[[invitation.slot]]\n{body}\n'
    )


def _combination(may: str, name: str) -> str:
    return (
        f'\n[[combination]]\nid = "{name}"\nwords = "Local"\n{SOURCE}'
        f'of = ["core_group"]\nwith = ["pathway_review"]\nmay = "{may}"\n'
    )


BAD = {
    "a fact that there is not": (
        _trigger('when = { fact = "is_suspectd", is = true }'),
        "did you mean 'is_suspected'",
    ),
    "a fact like no other": (
        _trigger('when = { fact = "moon", is = true }'),
        "confer pack facts lists them all",
    ),
    "two values of one fact at once": (
        _trigger('when = { all = [{ fact = "kind", is = "knife" }, '
                 '{ fact = "kind", is = "robbery" }] }'),
        "never holds: kind cannot be knife and robbery",
    ),
    "yes and no of one fact, one inside the other": (
        _trigger('when = { all = [{ fact = "sen", is = true }, { all = [{ fact = "sen", is = '
                 'false }] }] }'),
        "never holds",
    ),
    "an outcome behind one that always applies": (
        _trigger(
            'when = { fact = "at_school", is = true }\n'
            '[[trigger.outcome]]\nmeeting = "strategy"\n'
            'within = { n = 1, unit = "weeks", after = "known_at" }\n'
            '[[trigger.outcome]]\nmeeting = "core_group"\n'
            'within = { n = 1, unit = "weeks", after = "known_at" }'
        ),
        "put it last",
    ),
    "one seat asked for in two ways": (
        TEXT
        + _seat('role = "housing_officer"\nrequirement = "expected"', "LOCAL-1")
        + _seat('role = "housing_officer"\nrequirement = "inform"', "LOCAL-2"),
        "as inform, and 'LOCAL-1' in line",
    ),
    "one pair with two answers": (
        TEXT + _combination("no", "LOCAL-1") + _combination("one_sitting", "LOCAL-2"),
        "'LOCAL-1' in line",
    ),
    "a chain of stand-ins that comes back": (
        TEXT + _seat('role = "housing_officer"\nrequirement = "expected"\n'
                     'fallback = ["housing_safeguarding_lead", "housing_officer"]'),
        "comes back to 'housing_officer'",
    ),
    "a stand-in named twice": (
        TEXT + _seat('role = "housing_officer"\nrequirement = "expected"\n'
                     'fallback = ["housing_safeguarding_lead", "housing_safeguarding_lead"]'),
        "each role stands in it once",
    ),
    "an id that stands twice": (
        f'{TEXT}\n[[role]]\nid = "housing_officer"\nwords = "Other"\nagency_kind = "housing"\n',
        "give one of them another id",
    ),
    "a source that is missing": (
        _trigger('when = { fact = "at_school", is = true }').replace(
            'source = "Local agreement"\n', ""
        ),
        "source is missing",
    ),
    "the same rule twice on one day": (
        _trigger('when = { fact = "at_school", is = true }\neffective_to = 2027-02-01')
        + _trigger('when = { fact = "at_school", is = true }\neffective_from = 2027-01-31')[
            len(TEXT) :
        ],
        "its dates overlap those in line",
    ),
    "a rule that ends before it begins": (
        _trigger('when = { fact = "at_school", is = true }\n'
                 'effective_from = 2027-02-01\neffective_to = 2027-02-01'),
        "before it begins",
    ),
    "a role that there is not": (
        TEXT + _seat('role = "housing_oficer"\nrequirement = "expected"'),
        "did you mean 'housing_officer'",
    ),
    "an event that never happens": (
        _trigger(
            'when = { fact = "at_school", is = true }\n[[trigger.outcome]]\nmeeting = "strategy"\n'
            'within = { n = 1, unit = "weeks", after = "full_moon" }'
        ),
        "nothing happens at 'full_moon'; use",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_a_bad_pack_is_refused_in_words_with_a_line_of_what_was_added(
    text: str, words: str
) -> None:
    found = _faults(text)

    assert any(words in fault.words for fault in found), found
    assert all(LINES < fault.line <= len(text.splitlines()) for fault in found), found


def test_what_is_not_toml_is_named_with_its_line() -> None:
    (found,) = _faults(TEXT.replace('name = "default"', "name = default", 1))

    assert found.line == TEXT[: TEXT.index('name = "default"')].count("\n") + 1
    assert "not TOML" in found.words


@pytest.mark.parametrize(
    ("rule", "before", "after", "words"),
    [
        ('id = "TR-17"', "n = 20", "n = 21", "'looked_after_review' is locked: sooner"),
        ('id = "TR-15"', 'meeting = "core_group"', 'meeting = "strategy"', "is locked: sooner"),
        ('id = "TR-10-B"', '["accommodation_request"]', "[]", "cannot be left out"),
        ('id = "CB-20"', 'may = "no"', 'may = "one_sitting"', "it must stay 'no'"),
        ('id = "CB-20"', 'of = ["strategy"]', 'of = ["core_group"]', "cannot be left out"),
        ('id = "looked_after"\nwords', "= true", "= false", "it must stay True"),
        ('id = "sixth_day_education"', "n = 6", "n = 7", "never longer"),
    ],
)
def test_what_law_asks_for_is_never_loosened_and_the_reason_is_said(
    rule: str, before: str, after: str, words: str
) -> None:
    place = TEXT.index(before, TEXT.index(rule))

    found = _faults(TEXT[:place] + after + TEXT[place + len(before) :])

    assert any(words in fault.words and "behind it: " in fault.words for fault in found), found


def test_a_meeting_without_the_family_that_joins_one_with_it_contradicts_itself() -> None:
    joins = 'joins = ["professional_discussion", "strategy"]'

    (found,) = _faults(TEXT.replace(joins, 'joins = ["core_group"]', 1))

    assert "joins: the family takes part in one of" in found.words
    assert found.where == "meeting_type professional_discussion"


def test_a_rule_may_change_on_a_day_without_a_gap_or_an_overlap() -> None:
    when = 'when = { fact = "at_school", is = true }\n'
    text = (
        _trigger(f"{when}effective_to = 2027-02-01")
        + _trigger(f"{when}effective_from = 2027-02-01")[len(TEXT) :]
    )

    assert _faults(text) == ()


def test_every_fault_of_a_pack_is_named_at_once() -> None:
    text = (
        TEXT
        + _seat('role = "housing_oficer"\nrequirement = "expected"', "LOCAL-1")
        + _seat('role = "gp"\nrequirement = "expected"', "LOCAL-2")
    )

    assert {fault.where for fault in _faults(text)} == {"invitation LOCAL-1", "invitation LOCAL-2"}
