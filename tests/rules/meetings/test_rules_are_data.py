"""No id of a pack stands in Python: a renamed pack judges alike, a new rule needs no code."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.contacts import fill
from meetings.rules.deadlines import follow_ons
from meetings.rules.invitees import required
from meetings.rules.quorum import forecast
from meetings.rules.triggers import decide
from meetings.terms import InvitationState, MeetingFacts, Party
from people.terms import TriState
from procedures.bank_holidays import calendar_for
from procedures.rules.check import faults
from procedures.rules.shapes import SECTIONS
from procedures.shipped import default_pack, default_text, pack_of
from tests.rules.meetings.cases import NORTHMERE, PARK_ROAD, at, child, contact, directory, incident

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


def _renamed() -> str:
    text = default_text()
    for one in _ids():
        text = re.sub(rf'"{re.escape(one)}"', f'"x {one}"', text)
    # Words of the product itself, which happen to be ids too, stay as they are.
    for field in ("per", "connection", "family_mode"):
        text = text.replace(f'{field} = "x ', f'{field} = "')
    for fact in CATALOGUE:
        text = text.replace(f'fact = "x {fact}"', f'fact = "{fact}"')
    return text


def test_renaming_every_id_of_the_pack_changes_no_answer() -> None:
    shipped, renamed = default_pack(), pack_of(_renamed())
    calendar = calendar_for(shipped)
    rio = child(15, NORTHMERE, PARK_ROAD)
    known = at("2027-05-27")

    before = decide(incident("suspected", "robbery", known), rio, pack=shipped, calendar=calendar)
    after = decide(
        incident("x suspected", "x robbery", known), rio, pack=renamed, calendar=calendar
    )

    assert after.meeting_type == f"x {before.meeting_type}"
    assert after.deadline is not None
    assert before.deadline is not None
    assert after.deadline.at == before.deadline.at
    assert [f"x {rule.rule_id}" for rule in before.fired] == [rule.rule_id for rule in after.fired]
    assert [one.deadline.at for one in before.alternatives] == [
        one.deadline.at for one in after.alternatives
    ]


def test_renaming_every_id_of_the_pack_asks_the_same_people() -> None:
    shipped, renamed = default_pack(), pack_of(_renamed())
    calendar = calendar_for(shipped)
    rio = child(15, NORTHMERE, PARK_ROAD)
    known, starts = at("2027-05-27"), at("2027-05-28", "10:00")
    entries = {
        "": directory(),
        "x ": [
            contact(
                one.agency_id,
                f"x {one.agency_kind}",
                f"x {one.role}",
                email=one.email,
                opens=one.opens,
                closes=one.closes,
                is_person=one.is_person,
                is_for_child=one.is_for_child,
                is_out_of_hours=one.is_out_of_hours,
            )
            for one in directory()
        ],
    }

    asked = {
        prefix: [
            one.email
            for one in fill(
                required(
                    f"{prefix}strategy",
                    rio,
                    incident(f"{prefix}suspected", f"{prefix}robbery", known),
                    pack=pack,
                    calendar=calendar,
                ).slots,
                entries[prefix],
                sent_at=known,
                starts_at=starts,
                pack=pack,
                calendar=calendar,
            )
        ]
        for prefix, pack in (("", shipped), ("x ", renamed))
    }

    assert asked["x "] == asked[""]


def test_renaming_every_id_of_the_pack_keeps_its_quorum_and_its_dates() -> None:
    renamed = pack_of(_renamed())
    calendar = calendar_for(renamed)
    parties = [
        Party(f"x {kind}", kind, kind, answer=InvitationState.ACCEPTED)
        for kind in ("social_care", "police", "health")
    ]

    found = forecast(
        "x strategy", parties, child=child(15), incident=None, pack=renamed, calendar=calendar
    )
    later = follow_ons(
        "x strategy",
        date(2026, 12, 24),
        facts=MeetingFacts(began_enquiry=TriState.YES),
        pack=renamed,
        calendar=calendar,
    )

    assert found.legal == "likely"
    assert date(2027, 1, 19) in {one.deadline.on for one in later}


def test_a_renamed_pack_has_no_fault_of_its_own() -> None:
    assert faults(pack_of(_renamed()), catalogue=CATALOGUE, events=EVENTS) == ()


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
