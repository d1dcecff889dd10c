"""One plan: what the first screen answers, and two people who write at once."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Come
from tests.journeys.person import Person

pytestmark = pytest.mark.journey
CHILD = "jordan castell"


def open_plan(person: Person) -> None:
    """Find the child from any page and open the plan."""
    box = person.page.get_by_role("banner").get_by_label("Search")
    box.fill(CHILD)
    person.press(person.page.get_by_role("banner").get_by_role("button", name="Search"))
    person.press_link("Jordan Castell")


def test_the_first_screen_says_who_leads_and_what_is_due_and_missing(at_a_desk: Come) -> None:
    worker = at_a_desk("Maya Brooks")

    open_plan(worker)

    worker.reads(
        "Lead: Maya Brooks", "Next review: Monday 30 November 2026", "Police bail",
        "Missing: views of the father or male carers",
    )  # fmt: skip
    for words in ("What matters to the child", "Overdue (2)", "Bail and orders", "Worries"):
        box = worker.main.get_by_role("heading", name=words).bounding_box()
        assert box is not None
        assert box["y"] < 900 or words in ("Bail and orders", "Worries"), words


def test_why_a_voice_is_missing_is_said_from_the_first_screen(person: Come) -> None:
    worker = person("Maya Brooks")
    open_plan(worker)
    worker.presses = 0

    gap = worker.main.get_by_role("paragraph").filter(has_text="views of the father")
    worker.press(gap.get_by_role("link", name="views of the father"))
    worker.type("If nobody was heard: why?", "He is at sea until Friday. Rung twice.")
    worker.press_button("Save")

    assert worker.presses == 2
    worker.reads("Missing: ", "He is at sea until Friday.")
    assert "Missing: views of the father" not in worker.text


def test_of_two_who_write_at_once_the_second_sees_both_texts_and_chooses(at_a_desk: Come) -> None:
    first, second = at_a_desk("Maya Brooks"), at_a_desk("Owen Pryce")
    for each in (first, second):
        open_plan(each)
        each.press_link("Change “He carried a knife")
    first.main.get_by_role("textbox").first.fill("He carries a knife when he is alone.")
    second.main.get_by_role("textbox").first.fill("He carried it once, out of fear.")
    first.press_button("Save")

    second.press_button("Save")

    second.reads("He carries a knife when he is alone.", "Maya Brooks")
    assert "He carried it once, out of fear." in second.page.content()

    second.choose("What I wrote", within="Which do you want to keep?")
    second.press_button("Save what I chose")
    open_plan(first)

    assert "He carried it once, out of fear." in first.text
