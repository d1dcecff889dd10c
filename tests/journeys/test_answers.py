"""Answering an invitation from the mail, without an account; the mail is read in the post room."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import Come, Site
from tests.journeys.person import Person
from tests.journeys.test_serious_incident import record_and_send

pytestmark = pytest.mark.journey
PRACTICE = "catrin.vaughan@quayside.example"
POLICE = "child.protection@northshire.police.example"
ACCEPT_PRESSES = 2
INFORMATION_PRESSES = 16


@pytest.fixture
def ref(site: Site, at_a_desk: Come) -> str:
    """A meeting about a child of the Quayside Practice, whose invitations have arrived."""
    found = record_and_send(at_a_desk("Sam Okoro", is_passing=True))
    site.bring_mail()
    return found


def open_link(person: Person) -> None:
    """Read the invitation and follow its link: the first press that counts."""
    person.open_mail(PRACTICE, "Please answer")
    person.presses = 0
    person.press(person.main.locator('a[href*="/r/"]').first)


def accept(person: Person, ref: str) -> None:
    """Say yes, and hold it to two presses from the mail."""
    open_link(person)
    person.reads("Monday 23 November 2026", "Will your organisation take part?")
    assert "Kofi" not in person.page.content()

    person.press_button("Yes, I will attend")

    assert person.presses == ACCEPT_PRESSES
    person.reads("Your answer has arrived", "You will attend.")
    assert ref in person.page.content()


def send_information(person: Person, site: Site) -> None:
    """Say no, enter the code that comes by mail, and send what the practice knows."""
    open_link(person)
    person.choose("No, we cannot attend", within="If not, or not the whole time")
    person.press_button("Send answer")
    person.reads("You cannot attend.", "Send information")
    person.press_link("Send information")
    person.press_button("Send me a code")
    back = person.page.url
    site.bring_mail()
    code = code_in_mail(person, PRACTICE)
    person.open(back)
    person.type("Your name", "Dr Catrin Vaughan")
    person.type("Your role", "Safeguarding GP")
    person.type("Code", code)
    person.press_button("Continue")
    if person.heading != "Information from your organisation":
        person.press_link("Send information")
    person.reads("Kofi Asante-Reid", "Nothing known")
    for question in ("Any injury", "Any assault, or anything to do with a weapon"):
        person.choose("Nothing known", within=question)
    person.choose("Yes", within="Any visit to an emergency department, or an ambulance")
    person.type("If yes, what do you know of it?", "Seen on 3 November after a fall.",
                within=person.group("Any visit to an emergency department"))  # fmt: skip
    person.type("2. Health and waiting lists", "Waits for an ADHD assessment since May.")
    for box in person.main.get_by_role("checkbox").all()[1:]:
        box.check()
        person.presses += 1
    person.choose("Yes", within="6. May this be shared with the family at the meeting?")
    person.press_button("Send information")


def code_in_mail(person: Person, address: str) -> str:
    """Read the newest code that came to an address."""
    person.open_mail(address, "Your code is")
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", person.heading)
    assert found is not None
    return found[1] + found[2]


def test_the_practice_accepts_in_two_presses(ref: str, person: Come) -> None:
    accept(person(), ref)


def test_the_practice_accepts_without_a_script(ref: str, without_script: Come) -> None:
    accept(without_script(), ref)


def test_the_practice_cannot_come_and_sends_what_it_knows(
    ref: str, person: Come, site: Site
) -> None:
    practice = person()

    send_information(practice, site)

    practice.reads("arrived")
    assert practice.presses <= INFORMATION_PRESSES


def test_the_practice_sends_what_it_knows_without_a_script(
    ref: str, without_script: Come, site: Site
) -> None:
    practice = without_script()

    send_information(practice, site)

    practice.reads("arrived")


def test_a_practice_whose_domain_is_not_marked_is_rung_with_the_code(
    ref: str, at_a_desk: Come, on_a_telephone: Come, site: Site
) -> None:
    school = on_a_telephone()
    school.open_mail("ruth.salter@northmere.example", "Please answer")
    school.press(school.main.locator('a[href*="/r/"]').first)
    school.press_link("See which child this is about")
    school.press_button("Ask to be rung")
    school.reads("has been asked to ring you on 01632 960207")
    back = school.page.url

    worker = at_a_desk("Sam Okoro")
    worker.press_link("Designated safeguarding lead, Northmere Academy, waits for a code")
    worker.press_button("They are on the line: show the code")
    worker.reads("01632 960207")
    code = worker.main.locator(".govuk-panel__title").inner_text()

    school.open(back)
    school.type("Your name", "Ruth Salter")
    school.type("Your role", "Safeguarding lead")
    school.type("Code", code)
    school.press_button("Continue")
    school.reads("Kofi Asante-Reid")


def test_a_press_in_the_calendar_shows_on_the_meetings_page(
    ref: str, at_a_desk: Come, site: Site
) -> None:
    police = at_a_desk()
    police.open_mail(POLICE, "Please answer")
    police.press_button("Accept")
    police.reads("You accepted.")

    site.bring_mail()

    worker = at_a_desk("Sam Okoro")
    worker.open(f"/meetings/{ref}")
    row = worker.main.get_by_role("listitem").filter(has_text="Child protection desk").last
    assert "Accepted" in row.inner_text()
