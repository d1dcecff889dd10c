"""An owner who needs more time; a manager who sees what is late and confirms no meeting."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from demo.partnership import PASSWORD
from tests.journeys.conftest import Come, Site
from tests.journeys.person import Person

pytestmark = pytest.mark.journey
OWNER = "anil.mehta@park-road.example"
# See Jordan about sleep and weight is due on Friday 27 November; this is the working day after.
MONDAY_MORNING = datetime(2026, 11, 30, 7, 31, tzinfo=UTC)
NEW_DATE = date(2026, 12, 11)
NEW_DATE_PRESSES = 3
OVERDUE_PRESSES = 2


def ask_for_more_time(owner: Person) -> None:
    """Go from the overdue mail to a new date that is asked for."""
    owner.open_mail(OWNER, "action A-")
    assert "Jordan" not in owner.page.content()
    owner.presses = 0
    owner.press(owner.main.locator('a[href*="/a/"]').first)
    owner.press(owner.main.get_by_role("link", name="Ask for a new date"))
    owner.type_date(NEW_DATE, within="By when can you do it?")
    owner.main.get_by_label("Why does it need more time?").select_option(index=1)
    owner.press_button("Ask for the new date")
    owner.reads("You asked for a new date. Until it is agreed, the date it has now stands.")


@pytest.fixture
def on_monday(site: Site) -> None:
    """The mail of the morning after the due date is out."""
    for instant in (datetime(2026, 11, 27, 7, 31, tzinfo=UTC), MONDAY_MORNING):
        site.move_to(instant)
        site.work("plans.sweep_overdue")
        site.bring_mail()


@pytest.mark.usefixtures("on_monday")
def test_an_owner_asks_for_a_new_date_in_three_presses_and_the_lead_agrees(person: Come) -> None:
    owner = person()

    ask_for_more_time(owner)

    assert owner.presses == NEW_DATE_PRESSES

    lead = person("Maya Brooks")
    lead.press_link("Park Road Surgery asks for more time until Friday 11 December 2026")
    lead.reads("See Jordan about sleep and weight")
    lead.press_button("Agree")
    lead.reads("Friday 11 December 2026", "27 November 2026")


@pytest.mark.usefixtures("on_monday")
def test_an_owner_asks_for_a_new_date_without_a_script(without_script: Come) -> None:
    ask_for_more_time(without_script())


def test_a_manager_reaches_what_is_long_overdue_in_two_presses(person: Come) -> None:
    manager = person("Owen Pryce")

    manager.press_link("more than 14 days overdue")
    manager.press(manager.main.get_by_role("table").get_by_role("link").first)

    assert manager.presses == OVERDUE_PRESSES
    assert manager.heading.startswith("Overdue actions: ")


def test_only_the_manager_who_enters_the_password_again_confirms_no_meeting(person: Come) -> None:
    manager = person("Priya Shah")
    manager.press_link("Confirm or arrange")
    manager.reads("No meeting is proposed", "The deadline runs until the team manager confirms")
    manager.press_button("Confirm: no meeting")
    assert manager.heading == "Enter your password again"

    manager.type("Password", PASSWORD)
    manager.press_button("Continue")

    manager.reads("Nothing is done yet.")
    manager.press_button("Go on")
    manager.reads("Decided")
    assert manager.presses <= 4
