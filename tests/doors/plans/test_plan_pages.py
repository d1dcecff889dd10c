"""The plan's page: its first screen, its forms, two people at once, versions and differences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core.db import reading, session, unit_of_work
from people.models.relations import RelationRow
from people.terms import RelationKind
from plans.models import PlanEntry
from plans.queries.plans import open_plan_of, versions_of
from plans.service import parts
from plans.terms import EntryWords, OrderKind, OrderWords, Section, VoiceWords, Whose
from tests.doors.plans.conftest import Seen
from tests.factories.people import actor_of, make_account, make_child
from tests.factories.plans import START


def fill(seen: Seen) -> None:
    """Write what a first screen must show."""
    with seen.app.app_context(), unit_of_work():
        plan = open_plan_of(seen.world.child.id)
        assert plan is not None
        actor = actor_of(seen.world.lead)
        for words in (
            VoiceWords(Whose.CHILD, words="Back in school before mocks", told_to="Ms Ali"),
            EntryWords(Section.MATTERS, "To be back with the football team"),
            EntryWords(Section.WORRY, "Followed home twice"),
            EntryWords(Section.STRENGTH, "A grandmother who rings every day"),
            OrderWords(
                OrderKind.POLICE_BAIL,
                "Not to enter the town centre",
                None,
                date(2027, 3, 20),
                "D/S Khan",
            ),
            OrderWords(OrderKind.COURT_BAIL, "Curfew 7pm to 7am", None, date(2027, 4, 3)),
        ):
            parts.add(plan, words, actor=actor, now=START)
        plan.review_on = date(2027, 4, 1)


def form_to(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action == action)


def test_the_first_screen_answers_who_what_when_and_whose_voice_is_missing(
    seen: Seen, the_clock: Any
) -> None:
    fill(seen)
    the_clock.at = START + timedelta(days=26)

    page = seen.open(seen.world.lead).get(f"/children/{seen.child}")

    assert "Lead: Sam Okoro" in page
    assert "Back in school before mocks" in page
    assert "Followed home twice" in page
    assert "A grandmother who rings every day" in page
    assert "Police bail" in page
    assert "to Saturday 20 March 2027" in page
    assert "In force: Court bail to Saturday 3 April 2027" in page
    assert "Watched by D/S Khan" in page
    assert "Overdue (1)" in page
    assert "2 days overdue" in page
    assert "Next review: Thursday 1 April 2027" in page
    assert "views of the father or male carers" in page


def test_a_child_without_a_plan_shows_what_opens_one(seen: Seen) -> None:
    with seen.app.app_context(), unit_of_work():
        other = make_child(team=None, worker=None, now=START)
        session.add(
            RelationRow(
                account_id=seen.world.lead.id,
                child_id=other.id,
                kind=RelationKind.ALLOCATED,
                valid_from_at=START,
                why="test",
            )
        )
        ref = other.ref
    browser = seen.open(seen.world.lead)

    page = browser.get(f"/children/{ref}")
    opened = form_to(page, f"/children/{ref}/plan").submit().follow()

    assert "There is no plan yet" in page
    assert "Version 1" in opened


def test_a_stranger_finds_nothing(seen: Seen) -> None:
    browser = seen.open(seen.world.stranger)

    for path in ("", "/plan/versions", "/plan/compare", "/actions", "/plan/add/worry"):
        browser.get(f"/children/{seen.child}{path}", status=404)


def test_an_invited_professional_sees_no_bail_and_nobody_elses_actions(seen: Seen) -> None:
    fill(seen)
    with seen.app.app_context(), unit_of_work():
        from people.terms import Role  # noqa: PLC0415 - one test only

        invited = make_account(roles=(Role.PROFESSIONAL,), now=START)
        session.add(
            RelationRow(
                account_id=invited.id,
                child_id=seen.world.child.id,
                kind=RelationKind.INVITED,
                valid_from_at=START,
                why="test",
            )
        )

    page = seen.open(invited).get(f"/children/{seen.child}")

    assert "You see a part of this plan" in page
    assert "Back in school before mocks" in page
    for hidden in ("town centre", "Followed home twice", "first appointment", seen.ref):
        assert hidden not in page


def test_a_worry_is_added_and_makes_a_version(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    form = form_to(
        browser.get(f"/children/{seen.child}/plan/add/worry"),
        f"/children/{seen.child}/plan/add/worry",
    )
    form["text"] = "Followed home twice"

    page = form.submit().follow()

    assert "Followed home twice" in page
    assert "Version 2" in page


def test_what_was_typed_stays_when_something_is_wrong(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    path = f"/children/{seen.child}/plan/add/order"
    form = form_to(browser.get(path), path)
    form["conditions"] = "Not to enter the town centre"
    form["expires_on-day"], form["expires_on-month"], form["expires_on-year"] = "31", "2", "2027"

    page = form.submit(status=422)

    assert "The date must be a real date" in page
    assert "Choose what kind of order it is." in page
    assert "Not to enter the town centre" in page
    assert form_to(page, path)["expires_on-day"].value == "31"


def test_two_people_edit_one_worry_and_the_second_sees_both_and_chooses(seen: Seen) -> None:
    fill(seen)
    path = f"/children/{seen.child}/plan/worry/1"
    first, second = seen.open(seen.world.lead), seen.open(seen.world.chair)
    theirs, mine = form_to(first.get(path), path), form_to(second.get(path), path)
    theirs["text"] = "Followed home three times"
    theirs.submit()
    mine["text"] = "Followed home twice, police told"

    clash = mine.submit(status=409)
    chosen = form_to(clash, path)
    unchosen = chosen.submit(status=409)
    chosen = form_to(unchosen, path)
    chosen["text-keep"] = "both"
    page = chosen.submit().follow()

    assert "Sam Okoro changed this at" in clash
    assert "Followed home three times" in clash
    assert "Followed home twice, police told" in clash
    assert "Choose which to keep." in unchosen
    assert "Followed home three times" in page
    assert "Followed home twice, police told" in page


def test_a_clash_over_a_date_offers_both_dates(seen: Seen) -> None:
    fill(seen)
    path = f"/children/{seen.child}/plan/order/1"
    first, second = seen.open(seen.world.lead), seen.open(seen.world.chair)
    theirs, mine = form_to(first.get(path), path), form_to(second.get(path), path)
    theirs["expires_on-day"] = "22"
    theirs.submit()
    mine["expires_on-day"] = "24"

    clash = mine.submit(status=409)
    chosen = form_to(clash, path)
    chosen["expires_on-keep"] = "mine"
    page = chosen.submit().follow()

    assert "What I chose: Wednesday 24 March 2027" in clash
    assert "What Sam Okoro chose: Monday 22 March 2027" in clash
    assert "to Wednesday 24 March 2027" in page


def test_the_text_typed_on_a_row_taken_off_meanwhile_is_shown_again(seen: Seen) -> None:
    fill(seen)
    path = f"/children/{seen.child}/plan/worry/1"
    browser = seen.open(seen.world.chair)
    form = form_to(browser.get(path), path)
    form["text"] = "Followed home four times"
    other = form_to(seen.open(seen.world.lead).get(path), f"{path}/end")
    other["end_why"] = "No longer so"
    other.submit()

    page = form.submit(status=422)

    assert "Followed home four times" in page
    assert "Sam Okoro took this off the plan" in page


def test_taking_something_off_needs_a_reason(seen: Seen) -> None:
    fill(seen)
    path = f"/children/{seen.child}/plan/worry/1"
    form = form_to(seen.open(seen.world.lead).get(path), f"{path}/end")

    page = form.submit(status=422)

    assert "Give a reason for taking this off the plan." in page


def test_versions_and_their_differences_are_shown_in_words(seen: Seen) -> None:
    fill(seen)
    browser = seen.open(seen.world.lead)
    with seen.app.app_context(), reading():
        plan = open_plan_of(seen.world.child.id)
        assert plan is not None
        last = versions_of(plan.id)[0].number

    versions = browser.get(f"/children/{seen.child}/plan/versions")
    compared = browser.get(f"/children/{seen.child}/plan/compare?from=1&to={last}")
    one = browser.get(f"/children/{seen.child}/plan/versions/1")

    assert "Agreed at meeting M-7F3K9Q" in versions
    assert "Added (6)" in compared
    assert "Followed home twice" in compared
    assert "Followed home twice" not in one
    assert "Offer a first appointment" in one


def test_the_lead_and_the_review_date_are_changed(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    root = f"/children/{seen.child}/plan"
    lead = form_to(browser.get(f"{root}/lead"), f"{root}/lead")
    lead["name"], lead["email"] = "Jo Brandt", "jo.brandt@care.example"
    lead.submit()
    review = form_to(browser.get(f"{root}/review"), f"{root}/review")
    review["review_on-day"], review["review_on-month"], review["review_on-year"] = "1", "4", "2027"

    page = review.submit().follow()

    assert "Lead: Jo Brandt" in page
    assert "Next review: Thursday 1 April 2027" in page


def test_two_people_naming_a_lead_the_second_sees_the_first(seen: Seen) -> None:
    path = f"/children/{seen.child}/plan/lead"
    first, second = seen.open(seen.world.lead), seen.open(seen.world.chair)
    theirs, mine = form_to(first.get(path), path), form_to(second.get(path), path)
    theirs["name"] = "Jo Brandt"
    theirs.submit()
    mine["name"] = "Alex Reed"

    clash = mine.submit(status=409)
    again = form_to(clash, path).submit().follow()

    assert "Sam Okoro wrote: Jo Brandt" in clash
    assert form_to(clash, path)["name"].value == "Alex Reed"
    assert "Lead: Alex Reed" in again


def test_an_action_can_be_given_outside_a_meeting(seen: Seen) -> None:
    browser = seen.open(seen.world.lead)
    path = f"/children/{seen.child}/actions/new"
    form = form_to(browser.get(path), path)
    form["what"], form["kind"] = "Ring the school", "safety"
    form["agency"] = seen.world.health.ref
    form["owner_name"], form["owner_email"] = "Pat Lund", "pat.lund@camhs.example"
    form["due_on-day"], form["due_on-month"], form["due_on-year"] = "5", "3", "2027"

    page = form.submit().follow()

    assert "Ring the school" in page
    assert "Pat Lund" in page
    assert "Friday 5 March 2027" in page


def test_reading_a_plan_is_recorded(seen: Seen) -> None:
    from core.audit import AuditEntry  # noqa: PLC0415 - one test only

    seen.open(seen.world.lead).get(f"/children/{seen.child}")

    with seen.app.app_context(), reading():
        found = session.scalars(select(AuditEntry).where(AuditEntry.verb == "plan.view")).one()
        assert found.child_id == seen.world.child.id
        assert found.decision == "read"


def test_row_ids_stand_in_no_link_of_the_plan(seen: Seen) -> None:
    fill(seen)

    page = seen.open(seen.world.lead).get(f"/children/{seen.child}")

    with seen.app.app_context(), reading():
        ids = session.scalars(select(PlanEntry.id)).all()
        assert ids
        assert not [each for each in ids if str(each) in page.text or each.hex in page.text]
