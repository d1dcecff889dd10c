"""One's own actions, one action's page, overdue by agency, deciding a date, reading a code out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import reading, session, unit_of_work
from people.models.accounts import Account
from plans.models import Action
from plans.service import dates
from plans.terms import ActionStatus, DelayReason
from tests.doors.plans.conftest import Seen
from tests.doors.plans.test_plan_pages import form_to
from tests.factories.people import actor_of, make_account
from tests.factories.plans import LETTERHEAD, START, make_action


@pytest.fixture
def owner(seen: Seen) -> Account:
    """Somebody with an account who owns three actions."""
    with seen.app.app_context(), unit_of_work():
        account = make_account(name="Noor Amadi", agency=seen.world.health, now=START)
        for what, due_on in (
            ("Visit at home", date(2027, 2, 26)),
            ("Ring the school", date(2027, 3, 5)),
            ("Write the letter", date(2027, 4, 30)),
        ):
            make_action(seen.world, what=what, due_on=due_on, owner_account_id=account.id)
    return account


def ref_of(seen: Seen, what: str) -> str:
    with seen.app.app_context(), reading():
        return session.scalars(select(Action.ref).where(Action.what == what)).one()


def status_of(seen: Seen, ref: str) -> ActionStatus:
    with seen.app.app_context(), reading():
        return session.scalars(select(Action.status).where(Action.ref == ref)).one()


def ask_for(seen: Seen, new_due_on: date) -> None:
    with seen.app.app_context(), unit_of_work():
        action = session.scalars(select(Action).where(Action.ref == seen.ref)).one()
        dates.ask_new_date(
            action,
            new_due_on,
            reason=DelayReason.WAITING_LIST,
            letterhead=LETTERHEAD,
            actor=actor_of(seen.world.stranger),
            now=START,
        )


def test_my_actions_stand_in_the_order_of_what_presses(seen: Seen, owner: Account) -> None:
    page = seen.open(owner).get("/actions")

    titles = ["Overdue (1)", "Due this week (1)", "Later (1)"]
    places = [page.text.index(title) for title in titles]
    assert places == sorted(places)
    assert "3 days overdue" in page
    assert "Visit at home" in page


def test_somebody_without_actions_is_told_so(seen: Seen) -> None:
    page = seen.open(seen.world.stranger).get("/actions")

    assert "You have no open actions." in page


def test_the_owner_marks_an_action_as_done_with_evidence(seen: Seen, owner: Account) -> None:
    browser = seen.open(owner)
    ref = ref_of(seen, "Ring the school")
    form = form_to(browser.get(f"/actions/{ref}"), f"/actions/{ref}/done")
    missing = form.submit(status=422)
    form["evidence"] = "Spoke to the head of year"

    page = form.submit().follow()

    assert "Write what was done, in one line." in missing
    assert "Spoke to the head of year" in page
    assert status_of(seen, ref) is ActionStatus.DONE


def test_a_second_press_on_done_says_that_it_is_done(seen: Seen, owner: Account) -> None:
    browser = seen.open(owner)
    ref = ref_of(seen, "Ring the school")
    form = form_to(browser.get(f"/actions/{ref}"), f"/actions/{ref}/done")
    form["evidence"] = "Spoke to the head of year"
    form.submit()

    page = form.submit(status=409)

    assert "This action was marked as done on 1 March 2027" in page


def test_an_owner_cannot_decide_their_own_date(seen: Seen, owner: Account) -> None:
    browser = seen.open(owner)
    ref = ref_of(seen, "Ring the school")
    path = f"/actions/{ref}"
    form = form_to(browser.get(path), f"{path}/new-date")
    form["new_due_on-day"], form["new_due_on-month"] = "12", "3"
    form["new_due_on-year"] = "2027"
    form["reason"] = "no_capacity"

    page = form.submit().follow()

    assert "A new date is asked for: Friday 12 March 2027" in page
    assert "Agree the new date" not in page
    token = form["csrf_token"].value
    browser.post(f"{path}/date", {"csrf_token": token, "decision": "agree"}, status=404)


def test_the_chair_agrees_a_date_and_the_first_one_stays_visible(seen: Seen) -> None:
    ask_for(seen, date(2027, 4, 15))
    browser = seen.open(seen.world.chair)
    listed = browser.get("/actions")
    form = form_to(browser.get(f"/actions/{seen.ref}"), f"/actions/{seen.ref}/date")

    page = form.submit("decision", value="agree").follow()

    assert "New dates for you to decide (1)" in listed
    assert "Thursday 15 April 2027" in page
    assert "First due date" in page
    assert "Thursday 25 March 2027" in page


def test_a_refusal_needs_a_reason(seen: Seen) -> None:
    ask_for(seen, date(2027, 4, 15))
    browser = seen.open(seen.world.lead)
    form = form_to(browser.get(f"/actions/{seen.ref}"), f"/actions/{seen.ref}/date")

    page = form.submit("decision", value="refuse", status=422)

    assert "Give a reason why the date stays." in page


def test_the_lead_closes_what_is_no_longer_needed(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    form = form_to(browser.get(f"/actions/{seen.ref}"), f"/actions/{seen.ref}/not-needed")
    form["why"] = "The family moved away"

    page = form.submit().follow()

    assert "No longer needed" in page
    assert status_of(seen, seen.ref) is ActionStatus.NO_LONGER_NEEDED


def test_the_lead_hands_an_action_to_another_agency(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    path = f"/actions/{seen.ref}/hand-over"
    form = form_to(browser.get(path), path)
    form["agency"], form["why"] = seen.world.social_care.ref, "wrong_person"
    form["name"], form["email"] = "Robin Vale", "somebody@elsewhere.example"
    refused = form.submit(status=422)
    form["email"] = "robin.vale@care.example"

    page = form.submit().follow()

    assert "This address is not of the organisation" in refused
    assert form_to(refused, path)["name"].value == "Robin Vale"
    assert "Offered to Robin Vale" in page


def test_a_colleague_with_an_account_takes_it_over_on_the_page(seen: Seen, owner: Account) -> None:
    browser = seen.open(seen.world.lead)
    path = f"/actions/{seen.ref}/hand-over"
    form = form_to(browser.get(path), path)
    form["agency"], form["why"] = seen.world.social_care.ref, "away"
    form["name"], form["email"] = "Jo Brandt", "jo.brandt@care.example"
    form.submit()
    chair = seen.open(seen.world.chair)
    answer = form_to(chair.get(f"/actions/{seen.ref}"), f"/actions/{seen.ref}/hand-over/answer")

    page = answer.submit("answer", value="accept").follow()

    assert "Jo Brandt" in page
    assert "Hand-over accepted" in page


def test_overdue_actions_are_counted_by_agency_and_listed(
    seen: Seen, owner: Account, the_clock: Any
) -> None:
    the_clock.at = START + timedelta(days=30)
    browser = seen.open(seen.world.lead)

    counted = browser.get("/actions/overdue")
    listed = counted.click("Northshire CAMHS")
    old = browser.get("/actions/overdue?over=14")

    assert "Visit at home" in listed
    assert "Write the letter" not in listed
    assert "Only those more than 14 days overdue" in old


def test_overdue_actions_of_children_one_may_not_open_are_not_counted(
    seen: Seen, owner: Account, the_clock: Any
) -> None:
    the_clock.at = START + timedelta(days=30)

    page = seen.open(seen.world.stranger).get("/actions/overdue")

    assert "No action that you may see is overdue." in page


def test_a_stranger_finds_no_action(seen: Seen) -> None:
    seen.open(seen.world.stranger).get(f"/actions/{seen.ref}", status=404)


def test_staff_read_a_code_out_to_the_number_of_the_directory(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    page = browser.get(f"/actions/{seen.ref}").click("Read a code out")

    shown = next(form for form in page.forms.values() if "/codes/" in form.action).submit()

    assert "01632 960100" in page
    assert "It works for 10 minutes, once." in shown
