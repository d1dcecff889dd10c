"""The action's page without an account: nothing of the case before the code, three presses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from webtest import TestApp

from core.db import reading, session, unit_of_work
from notifications.models import OutboxMessage
from people.service import agencies
from plans.models import Action, ActionEvent, ActionLink, DateRequest, Plan
from plans.terms import ActionStatus, EventKind, RequestStatus
from tests.doors.plans.conftest import OWNER, Seen
from tests.doors.plans.test_plan_pages import form_to
from tests.factories.people import actor_of
from tests.factories.plans import START
from tests.rooms.plans.mails import last_to, link_in, sent, text_of


def action_of(seen: Seen) -> Action:
    with seen.app.app_context(), reading():
        action = session.scalars(select(Action).where(Action.ref == seen.ref)).one()
        session.expunge(action)
        return action


def fill_date(form: Any) -> None:
    form["new_due_on-day"], form["new_due_on-month"] = "15", "4"
    form["new_due_on-year"] = "2027"
    form["reason"] = "waiting_list"


def secure(seen: Seen) -> None:
    """Mark the owner's domain as one to which codes may go."""
    with seen.app.app_context(), unit_of_work():
        agencies.mark_secure("camhs.example", actor=actor_of(seen.world.lead), now=START)


def code_in_mail(seen: Seen) -> str:
    with seen.app.app_context(), reading():
        found = re.search(r"\b\d{3} \d{3}\b", text_of(last_to(OWNER, kind="access_code")))
        assert found is not None
        return found.group()


def enter(seen: Seen, guest: TestApp, code: str, *, status: int | None = None) -> Any:
    form = form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code")
    form["person_name"], form["person_role"], form["code"] = "Noor Amadi", "practitioner", code
    return form.submit(status=status)


def test_before_the_code_the_page_shows_reference_and_date_and_nothing_of_the_case(
    seen: Seen, guest: TestApp
) -> None:
    for path in ("", "/new-date", "/hand-over", "/code"):
        page = guest.get(f"{seen.link}{path}")

        assert seen.ref in page
        for hidden in ("appointment", "Kit", "Marlowe", seen.child, "M-7F3K9Q", "Northshire CAMHS"):
            assert hidden not in page
    assert "Thursday 25 March 2027" in guest.get(seen.link)


def test_opening_every_page_of_the_link_changes_nothing(seen: Seen, guest: TestApp) -> None:
    def counts() -> list[int]:
        with seen.app.app_context(), reading():
            tables = (ActionEvent, ActionLink, DateRequest, OutboxMessage)
            return [session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]

    before = counts()

    for path in ("", "/new-date", "/hand-over", "/code", "/words"):
        guest.get(f"{seen.link}{path}")
        guest.head(f"{seen.link}{path}")

    assert counts() == before
    assert action_of(seen).status is ActionStatus.OPEN


def test_a_new_date_takes_three_presses_from_the_mail(seen: Seen, guest: TestApp) -> None:
    first = guest.get(seen.link)
    second = first.click("Ask for a new date")
    form = form_to(second, f"{seen.link}/new-date")
    fill_date(form)
    third = form.submit()

    assert "Until it is agreed, the date it has now stands" in third
    with seen.app.app_context(), reading():
        request = session.scalars(select(DateRequest)).one()
        assert request.status is RequestStatus.WAITING
        assert request.asked_by_name == "Noor Amadi (owner), by link"


def past_the_code(seen: Seen, guest: TestApp) -> Any:
    """The action's page as whoever entered the code sees it."""
    secure(seen)
    form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send").submit()
    return enter(seen, guest, code_in_mail(seen)).follow()


def test_without_the_code_nobody_closes_an_action(seen: Seen, guest: TestApp) -> None:
    before = guest.get(seen.link)

    page = guest.post(f"{seen.link}/done", {"evidence": "Seen on Monday"}, status=422)

    assert "Mark as done (needs a code)" in before
    assert "Enter a code first" in page
    assert action_of(seen).status is ActionStatus.OPEN


def test_done_with_evidence_ends_the_link(seen: Seen, guest: TestApp) -> None:
    form = form_to(past_the_code(seen, guest), f"{seen.link}/done")
    form["evidence"] = "Seen on Monday"

    page = form.submit()
    again = guest.get(seen.link, status=410)
    late = form.submit(status=410)

    assert "You marked this action as done" in page
    assert "marked as done on Monday 1 March 2027" in again
    assert "Nothing more is needed" in late
    assert action_of(seen).evidence == "Seen on Monday"


def test_done_without_a_line_asks_for_it(seen: Seen, guest: TestApp) -> None:
    page = form_to(past_the_code(seen, guest), f"{seen.link}/done").submit(status=422)

    assert "Write what was done, in one line." in page
    assert action_of(seen).status is ActionStatus.OPEN


def test_what_was_typed_stays_when_the_date_is_wrong(seen: Seen, guest: TestApp) -> None:
    path = f"{seen.link}/new-date"
    form = form_to(guest.get(path), path)
    fill_date(form)
    form["new_due_on-month"] = "2"

    page = form.submit(status=422)

    assert "The date must be today or later." in page
    assert form_to(page, path)["new_due_on-day"].value == "15"
    assert form_to(page, path)["reason"].value == "waiting_list"


def test_a_colleague_is_asked_and_takes_it_over(seen: Seen, guest: TestApp) -> None:
    path = f"{seen.link}/hand-over"
    form = form_to(guest.get(path), path)
    form["name"], form["email"] = "Pat Lund", "pat.lund@camhs.example"
    form["why"] = "away"
    asked = form.submit()
    with seen.app.app_context(), reading():
        offer_link = link_in(last_to("pat.lund@camhs.example"))
    offered = guest.get(offer_link)
    answer = form_to(offered, f"{offer_link}/answer")

    taken = answer.submit("answer", value="accept")

    assert "Until they accept, it stays with you" in asked
    assert "Mark as done" not in offered
    assert "You took this action over" in taken
    assert action_of(seen).owner_name == "Pat Lund"
    assert "handed over" in guest.get(seen.link, status=410)


def test_the_link_of_an_offer_cannot_close_the_action(seen: Seen, guest: TestApp) -> None:
    path = f"{seen.link}/hand-over"
    form = form_to(guest.get(path), path)
    form["name"], form["email"] = "Pat Lund", "pat.lund@camhs.example"
    form["why"] = "away"
    form.submit()
    with seen.app.app_context(), reading():
        offer_link = link_in(last_to("pat.lund@camhs.example"))

    page = guest.post(f"{offer_link}/done", {"evidence": "Seen"}, status=422)

    assert "This link is not for that" in page
    assert action_of(seen).status is ActionStatus.OPEN


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://confer.example", "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_a_post_from_another_page_is_refused(seen: Seen, headers: dict[str, str]) -> None:
    browser = TestApp(seen.app, extra_environ={"HTTP_HOST": "confer.example"})

    browser.post(f"{seen.link}/done", {"evidence": "Seen"}, headers=headers, status=403)

    assert action_of(seen).status is ActionStatus.OPEN


def test_a_link_that_never_was_does_not_work(seen: Seen, guest: TestApp) -> None:
    page = guest.get("/a/" + "x" * 43, status=404)

    assert "This link does not work" in page


def test_the_code_shows_the_actions_words_and_whoever_entered_it_is_named(
    seen: Seen, guest: TestApp
) -> None:
    secure(seen)
    asked = form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send").submit().follow()

    page = enter(seen, guest, code_in_mail(seen)).follow()
    form = form_to(page, f"{seen.link}/done")
    form["evidence"] = "Seen on Monday"
    form.submit()

    assert "A code is on its way" in asked
    assert "Offer a first appointment" in page
    assert "Kit Marlowe" in page
    with seen.app.app_context(), reading():
        done = session.scalars(select(ActionEvent).where(ActionEvent.kind == EventKind.DONE)).one()
        assert done.by_name == "Noor Amadi (practitioner), by link"


def test_the_words_are_asked_for_again_after_an_hour(
    seen: Seen, guest: TestApp, the_clock: Any
) -> None:
    secure(seen)
    form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send").submit()
    enter(seen, guest, code_in_mail(seen))
    the_clock.at = START + timedelta(minutes=61)

    page = guest.get(f"{seen.link}/words", status=302)

    assert page.location.endswith("/code")


def test_a_wrong_code_five_times_ends_the_code(seen: Seen, guest: TestApp) -> None:
    secure(seen)
    form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send").submit()
    right = code_in_mail(seen)
    wrong = "000000" if right != "000 000" else "111111"
    pages = [enter(seen, guest, wrong, status=422) for _ in range(5)]

    after = enter(seen, guest, right, status=422)

    assert "You have 4 tries left" in pages[0]
    assert "wrong five times" in pages[-1]
    assert "wrong five times" in after


def test_an_address_that_is_not_secure_is_rung_and_the_lead_is_told(
    seen: Seen, guest: TestApp
) -> None:
    form = form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send")

    page = form.submit().follow()

    assert "We will ring 01632 960100" in page
    with seen.app.app_context(), reading():
        assert ("task_waiting", seen.world.lead.email) in sent()
    staff = seen.open(seen.world.lead).get(f"/actions/{seen.ref}")
    assert "Waits for a code since" in staff


def test_where_nobody_would_hear_of_it_the_page_promises_no_call_and_says_whom_to_ring(
    seen: Seen, guest: TestApp
) -> None:
    with seen.app.app_context(), unit_of_work():
        plan = session.scalars(select(Plan)).one()
        plan.lead_email, plan.chair_email = None, "zoë@care.example"

    page = guest.get(f"{seen.link}/code")
    asked = guest.post(f"{seen.link}/code/send").follow()

    for shown in (page, asked):
        assert "Ring Northshire team 4 on 01632 960400 and name action" in shown
        assert "We will ring" not in shown
        assert "Ask to be rung" not in shown
        assert "They ring 01632 960100 and read the code out" in shown


def test_a_chair_is_told_when_the_leads_address_takes_no_mail(seen: Seen, guest: TestApp) -> None:
    with seen.app.app_context(), unit_of_work():
        session.scalars(select(Plan)).one().lead_email = "zoë@care.example"

    page = form_to(guest.get(f"{seen.link}/code"), f"{seen.link}/code/send").submit().follow()

    assert "We will ring 01632 960100" in page
    with seen.app.app_context(), reading():
        assert ("task_waiting", seen.world.chair.email) in sent()


def test_somebody_signed_in_may_open_a_link_too(seen: Seen) -> None:
    page = seen.open(seen.world.lead).get(seen.link)

    assert seen.ref in page
    assert "Sam Okoro" not in page
