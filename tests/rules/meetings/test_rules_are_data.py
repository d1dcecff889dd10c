"""No id of a pack stands in Python, and a new rule needs no code."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from meetings.rules.invitees import required
from meetings.rules.triggers import decide
from people.terms import TriState
from procedures.bank_holidays import calendar_for
from procedures.rules.shapes import SECTIONS
from procedures.shipped import default_pack, default_text, pack_of
from tests.rules.meetings.cases import at, child, incident

ROOT = Path(__file__).parents[3]
DECIDING = (
    "agency_kind",
    "role",
    "incident_kind",
    "part",
    "scale",
    "offence_group",
    "meeting_type",
    "trigger",
    "invitation",
    "follow_on",
    "task",
    "definition",
    "legal_status",
)
# Ids that are also words of the language or of the field's own vocabulary.
_EVERYDAY = {"other", "none", "both", "health", "police", "school", "suspected", "harmed"}


def _ids() -> set[str]:
    pack = default_pack()
    return {item.id for section in DECIDING for item in pack.items(section)}


def test_a_rule_added_in_the_file_alone_fires() -> None:
    text = (
        default_text()
        + """
[[trigger]]
id = "LOCAL-1"
words = "Any incident at a school gate"
source = "Local agreement"
source_date = 2026-11-01
force = "LOCAL"
confidence = "V"
when = { all = [{ fact = "at_school", is = true }, { fact = "kind", is = "other" }] }
[[trigger.outcome]]
meeting = "professional_discussion"
within = { n = 2, unit = "working_days", after = "known_at" }
"""
    )
    gate = incident("present", "other", at("2027-03-24"), at_school=TriState.YES)

    decision = decide(gate, child(12), pack=pack_of(text), calendar=calendar_for(default_pack()))

    assert [rule.rule_id for rule in decision.fired] == ["LOCAL-1"]
    assert decision.deadline is not None
    assert decision.deadline.on == date(2027, 3, 30)


def test_a_seat_added_in_the_file_alone_is_asked_for_and_says_why() -> None:
    text = (
        default_text()
        + """
[[role]]
id = "park_warden"
words = "Park warden"
agency_kind = "community_safety"
source = "Local agreement"

[[invitation]]
id = "LOCAL-3"
words = "Somebody who knows the park"
source = "Local agreement"
source_date = 2026-11-01
force = "LOCAL"
confidence = "V"
meetings = ["strategy"]
when = { fact = "at_school", is = false }
[[invitation.slot]]
role = "park_warden"
requirement = "expected"
"""
    )
    park = incident("harmed", "knife", at("2027-03-24"), at_school=TriState.NO)

    asked = required(
        "strategy",
        child(12),
        park,
        pack=pack_of(text),
        calendar=calendar_for(default_pack()),
    )

    (warden,) = [slot for slot in asked.slots if slot.rule_id == "LOCAL-3"]
    assert warden.role_name == "Park warden"
    assert warden.why == "Somebody who knows the park: it did not happen at school"


def test_a_rule_that_waits_for_an_answer_and_an_event_shows_only_what_can_be_dated() -> None:
    text = (
        default_text()
        + """
[[trigger]]
id = "LOCAL-2"
words = "Not safe, and not at school"
source = "Local agreement"
source_date = 2026-11-01
force = "LOCAL"
confidence = "V"
when = { all = [{ fact = "safe_now", is = false }, { not = { fact = "at_school", is = true } }] }
[[trigger.outcome]]
meeting = "strategy"
within = { n = 1, unit = "working_days", after = "scored_up_at" }
[[trigger.outcome]]
meeting = "professional_discussion"
within = { n = 2, unit = "weeks", after = "known_at" }
"""
    )
    open_case = incident(
        "present", "other", at("2027-03-24"), safe_now=TriState.NO, harm_suspected=TriState.NO
    )

    decision = decide(
        open_case, child(12), pack=pack_of(text), calendar=calendar_for(default_pack())
    )

    waiting = [one for one in decision.alternatives if one.rule_id == "LOCAL-2"]
    assert waiting == []
    assert [one.fact for one in decision.questions if "LOCAL-2" in one.rule_ids] == ["at_school"]


def test_a_rule_not_yet_in_effect_does_not_fire() -> None:
    text = default_text().replace('id = "TR-S47"\n', 'id = "TR-S47"\neffective_from = 2030-01-01\n')
    suspected = incident("at_risk", "other", at("2027-03-24"), harm_suspected=TriState.YES)

    decision = decide(
        suspected, child(12), pack=pack_of(text), calendar=calendar_for(default_pack())
    )

    assert decision.meeting_type is None


@pytest.mark.parametrize("room", ["meetings", "plans"])
def test_no_id_of_the_pack_stands_in_the_rules(room: str) -> None:
    ids = _ids() - _EVERYDAY
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in (ROOT / room / "rules").rglob("*.py")
        if path.stem != "catalogue"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]

    # people.terms.ConnectionKind has words in common with kinds of agency.
    assert [one for one in found if not one.endswith((" gp", " youth_justice"))] == []


def test_every_section_of_the_shipped_pack_is_filled() -> None:
    assert [name for name in SECTIONS if not default_pack().items(name)] == []
