"""Monday at nine: the chair holds a meeting, and a second person releases its record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.journeys.conftest import Come, Site
from tests.journeys.person import Person

pytestmark = pytest.mark.journey
MONDAY_AT_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOST_PRESSES = 35


def begin(chair: Person) -> str:
    """Go from Home to the meeting that begins now, and start it; return its reference."""
    chair.press_link("Mon 23 Nov, 9am")
    ref = chair.path.split("/")[2]
    chair.press_link("Start meeting")
    chair.press_button("Start meeting")
    return ref


def write(chair: Person) -> None:
    """Mark who is here and write voices, a decision and two actions."""
    chair.press_button("Everyone who accepted is here")
    chair.reads("Quorum met")
    chair.type("The voice of the child", "He wants to take the bus without fear.")
    chair.type("The views of each parent and carer", "She cannot be home before seven.")
    chair.type("The views of the father or male carers", "Asks to be rung in the evening.")
    chair.type("Safety until the next meeting", "His uncle meets him at the gate.")
    chair.press_button("Save")
    decision = chair.main.get_by_role("region", name="Decisions")
    decision.get_by_label("About").select_option(label="Support for the child and family")
    chair.type("What is decided", "A mentor walks the way home with him.", within=decision)
    chair.type("Reason", "All of it happened on the way home.", within=decision)
    chair.press_button("Add decision")
    for what, owner, when in (
        ("Find a mentor", "Jo Lane", "In 3 days (Thu 26 Nov)"),
        ("Ask the bus company for its pictures", "Child protection desk", "In 7 days (Mon 30 Nov)"),
    ):
        # Those already agreed carry the same boxes, folded, before the empty ones.
        actions = chair.main.get_by_role("region", name="Actions", exact=True)
        actions.get_by_label("What is to be done").last.fill(what)
        owners = actions.get_by_label("Who does it").last
        labels = owners.locator("option").all_inner_texts()
        owners.select_option(label=next(each for each in labels if each.startswith(owner)))
        actions.get_by_label(when).last.check()
        chair.presses += 1
        actions.get_by_label("What it does").last.select_option(label="Support")
        chair.press_button("Add action")


def finish(chair: Person) -> None:
    """Finish although something is missing, and say why."""
    chair.press_button("Save and check what is missing")
    chair.reads("What is missing", "Find a mentor", "Ask the bus company for its pictures")
    chair.type("Why do you finish although something is missing?", "The rest was not discussed.")
    chair.press_button("Finish the meeting")


def test_a_meeting_is_held_and_its_record_released_by_a_second_person(
    person: Come, site: Site
) -> None:
    site.move_to(MONDAY_AT_NINE)
    chair = person("Helen Marsh")

    ref = begin(chair)
    write(chair)
    finish(chair)
    chair.open(f"/meetings/{ref}/record")
    chair.press_button("Approve the record")

    assert chair.presses <= MOST_PRESSES
    chair.reads("A second person who wrote none of it releases it")
    assert chair.main.get_by_role("button", name="Release the record").count() == 0

    manager = person("Owen Pryce")
    manager.open(f"/meetings/{ref}/record")
    manager.press_button("Release the record")

    manager.reads(
        "Released", "He wants to take the bus without fear.",
        "A mentor walks the way home with him.", "Find a mentor",
    )  # fmt: skip


def test_a_meeting_is_held_without_a_script(without_script: Come, site: Site) -> None:
    site.move_to(MONDAY_AT_NINE)
    chair = without_script("Helen Marsh")

    begin(chair)
    write(chair)
    finish(chair)

    chair.reads("Find a mentor")
