"""Friday 16:40: a duty worker records a knife incident, and the right people are invited."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.conftest import Come
from tests.journeys.person import Person

pytestmark = pytest.mark.journey
MOST_PRESSES = 7
SATURDAY = date(2026, 11, 21)


def tell(worker: Person, *, child: str = "asante kofi", is_safe: str = "Yes") -> None:
    """Go from Home to a filled incident form and send it."""
    worker.press_link("Report an incident")
    worker.pick_child(child)
    worker.choose("Harmed", within="What was this child’s part?")
    worker.choose("Knife", within="What kind of incident?")
    worker.choose(is_safe, within="Is the child safe now?")
    worker.type(
        "What happened?", "Cut to the forearm outside the library, told by the ambulance crew."
    )
    worker.press_button("Continue")


def record_and_send(worker: Person, *, child: str = "asante kofi") -> str:
    """Record an incident from Home and send the invitations; return the meeting's reference."""
    tell(worker, child=child)
    worker.reads("A strategy meeting is needed by Monday 23 November 2026", "TR-01")
    worker.press_button("Send ")
    return worker.path.split("/")[2]


def test_incident_to_sent_takes_at_most_seven_presses(person: Come) -> None:
    worker = person("Sam Okoro")

    ref = record_and_send(worker)

    assert worker.presses <= MOST_PRESSES
    assert worker.heading == f"Meeting {ref} is arranged"
    worker.reads("Ring now", "catrin.vaughan@quayside.example")


def test_incident_to_sent_takes_no_mouse(at_a_desk: Come) -> None:
    worker = at_a_desk("Sam Okoro")
    worker.by_keyboard = True

    ref = record_and_send(worker)

    assert worker.presses <= MOST_PRESSES
    assert worker.heading == f"Meeting {ref} is arranged"


def test_incident_to_sent_takes_no_script(without_script: Come) -> None:
    worker = without_script("Sam Okoro")

    ref = record_and_send(worker)

    # Find and the child's radio are presses of their own there.
    assert worker.presses <= MOST_PRESSES + 2
    assert worker.heading == f"Meeting {ref} is arranged"


def test_a_child_who_is_not_safe_comes_before_everything_else(person: Come) -> None:
    worker = person("Sam Okoro")

    tell(worker, is_safe="Not sure")

    assert worker.heading == "Ring first: the child may not be safe"
    worker.reads("999", "01632 960999")

    worker.press_button("I have done this, continue")

    assert worker.heading == "A strategy meeting is needed by Monday 23 November 2026"


def test_a_child_who_was_typed_and_not_chosen_is_offered_with_the_error(person: Come) -> None:
    worker = person("Sam Okoro")
    worker.press_link("Report an incident")
    worker.type("Which child?", "asante kofi")

    worker.press_button("Continue")

    worker.reads("Select the child this is about.", "Kofi Asante-Reid")


def test_under_a_day_before_the_sent_page_says_whom_to_ring_and_one_press_logs_the_call(
    person: Come,
) -> None:
    worker = person("Sam Okoro")
    tell(worker)
    worker.choose("Another time", within="Choose a time")
    worker.type_date(SATURDAY, within="Which day?")
    worker.type("What time?", "10am")
    worker.type("If it is after the deadline or on no working day: why?", "Monday is too late.")
    worker.press_button("Send ")
    worker.reads("It starts in less than 24 hours", "01632 960020")
    before = worker.presses

    practice = worker.main.get_by_role("listitem").filter(has_text="Quayside Practice")
    worker.press_button("Will attend", within=practice)

    assert worker.presses == before + 1
    worker.reads("Will attend, 4:40pm, Sam Okoro")
