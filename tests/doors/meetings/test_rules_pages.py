"""The workbench of the rules: read, change, try and publish, by two people who may read no case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from meetings.models.incidents import Judgement
from people.models.accounts import Account
from people.terms import Role
from procedures.models import PackDraft, PackVersion
from tests.conftest import SetClock
from tests.factories.meetings import World, make_involvement, make_known_child, make_world
from tests.factories.people import PASSWORD, make_account

SEEN, WRONG, REFUSED = 303, 422, 403
NAME, FAMILY, WORDS = "Zebedeeia", "Quartermainly", "a narrative nobody may read here"
MONDAY = date(2026, 11, 23)


@dataclass(slots=True)
class Bench:
    """Two administrators, and an incident of long ago whose child neither of them may know."""

    app: Flask
    world: World
    ref: str
    school: str
    practice: str
    maker: TestApp
    colleague: TestApp

    def now(self, kind: type[Any], /, **match: Any) -> list[Any]:
        """Return rows as they stand in the database."""
        with self.app.app_context(), reading():
            rows = list(session.scalars(select(kind).filter_by(**match)))
            session.expunge_all()
            return rows


@pytest.fixture
def here(app: Flask, browse: Callable[[Account], TestApp], the_clock: SetClock) -> Bench:
    with app.app_context(), unit_of_work():
        world = make_world(now=the_clock.at - timedelta(days=60))
        child = make_known_child(world, given_name=NAME, family_name=FAMILY)
        involvement = make_involvement(world, child, narrative=WORDS)
        ref, school, practice = involvement.ref, world.school.name, world.practice.name
        maker, colleague = (
            make_account(name=name, roles=(Role.ADMINISTRATOR,), password=PASSWORD, now=world.now)
            for name in ("Ana Marsh", "Tom Reed")
        )
    return Bench(app, world, ref, school, practice, browse(maker), browse(colleague))


def form_for(page: Any, tail: str) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith(tail))


def make_required(here: Bench) -> Any:
    """Make housing a required invitee in the rule about a risk of eviction."""
    form = form_for(here.maker.get("/admin/rules/invitation/IN-20/change"), "/change")
    form["seat-0-requirement"] = "quorum"
    form["source"] = "Decision of the executive, 19 November 2026"
    return form.submit("press", value="save", status=SEEN).follow()


def offered(here: Bench, on: date = MONDAY, status: int = SEEN) -> Any:
    form = form_for(here.maker.get("/admin/rules/draft"), "/offer")
    form["starts_on-day"], form["starts_on-month"] = str(on.day), str(on.month)
    form["starts_on-year"], form["note"] = str(on.year), "Families were moved unseen."
    return form.submit(status=status)


def published(here: Bench, who: TestApp) -> Any:
    """Press "Agree and publish", give the password that is asked for again, and go on."""
    asked = form_for(who.get("/admin/rules/draft"), "/publish").submit(status=REFUSED)
    password = form_for(asked, "/confirm-password")
    password["password"] = PASSWORD
    return form_for(password.submit(), "/publish").submit(status=SEEN).follow()


def test_an_administrator_makes_housing_required_and_a_colleague_agrees(here: Bench) -> None:
    page = make_required(here)
    assert "Before" in page
    assert "Housing options officer (expected to come)" in page
    assert "Housing options officer (required: the meeting needs them)" in page

    tried = form_for(page, "/try")
    tried["ref"] = here.ref
    tried["suppose"] = ["eviction_risk"]
    proof = tried.submit(status=SEEN).follow()
    assert "Housing options officer: now required" in proof
    assert "Supposing that" in proof
    kept = form_for(proof, "/examples").submit(status=SEEN).follow()
    assert "Holds" in kept
    offered(here)
    waiting = here.colleague.get("/admin/rules")
    assert "wait for your consent" in waiting
    assert "wait for your consent" in here.colleague.get("/")
    assert "wait for your consent" not in here.maker.get("/")
    published(here, here.colleague)

    made = [row for row in here.now(PackVersion) if row.name != "default"]
    assert [(row.number, row.effective_from_on) for row in made] == [(1, MONDAY)]
    assert "Tom Reed" in here.maker.get("/admin/rules/versions")
    [judgement] = here.now(Judgement)
    assert judgement.pack_version_id != made[0].id


def test_no_page_of_the_workbench_names_a_child_or_tells_what_happened(here: Bench) -> None:
    page = make_required(here)
    tried = form_for(page, "/try")
    tried["ref"] = here.ref
    tried["suppose"] = ["eviction_risk"]
    pages = [page, tried.submit().follow()]
    pages.append(form_for(pages[-1], "/examples").submit().follow())
    pages.append(form_for(pages[-1], "/try-year").submit().follow())
    assert "1 incident tried" in pages[-1]
    pages += [here.maker.get(path) for path in ("/admin/rules", "/admin/rules/invitation/IN-20")]

    said = " ".join(each.text for each in pages)
    [draft] = here.now(PackDraft)
    said += f"{draft.examples}{draft.trials}"
    for canary in (NAME, FAMILY, WORDS, here.school, here.practice, "2011-03-27"):
        assert canary not in said, canary
    assert here.ref in said


def test_the_trial_stands_in_the_childs_audit(here: Bench) -> None:
    tried = form_for(make_required(here), "/try")
    tried["ref"] = here.ref.lower()

    tried.submit(status=SEEN)

    [entry] = here.now(AuditEntry, verb="rules.tried")
    assert entry.child_id is not None


def test_whoever_changed_the_rules_cannot_publish_them(here: Bench) -> None:
    make_required(here)
    offered(here)

    assert "Agree and publish" not in here.maker.get("/admin/rules/draft")
    assert "Agree and publish" in here.colleague.get("/admin/rules/draft")


def test_a_date_gone_by_is_said_beside_its_boxes(here: Bench) -> None:
    make_required(here)

    page = offered(here, date(2026, 11, 19), WRONG)

    assert "cannot start in the past" in page


def test_an_example_that_does_not_hold_stops_the_rules(here: Bench) -> None:
    page = make_required(here)
    tried = form_for(page, "/try")
    tried["ref"], tried["suppose"] = here.ref, ["eviction_risk"]
    form_for(tried.submit().follow(), "/examples").submit()
    form = form_for(here.maker.get("/admin/rules/invitation/IN-20/change"), "/change")
    form["seat-0-requirement"] = "optional"
    form.submit("press", value="save", status=SEEN)

    page = offered(here, status=WRONG)

    assert "An example does not hold" in page


def test_a_locked_rule_says_beside_its_box_that_it_cannot_be_loosened(here: Bench) -> None:
    form = form_for(here.maker.get("/admin/rules/invitation/IN-16/change"), "/change")
    form["seat-0-requirement"] = "optional"

    page = form.submit("press", value="save", status=WRONG)

    assert "statutory" in page
    assert here.now(PackDraft) == []


def test_a_condition_is_added_in_two_presses_and_seen_as_a_sentence(here: Bench) -> None:
    form = form_for(here.maker.get("/admin/rules/invitation/IN-20/like"), "/like")
    form["words"], form["source"] = "Incidents at school", "Executive"
    form["source_date-day"], form["source_date-month"] = "19", "11"
    form["source_date-year"] = "2026"
    form["add-fact"] = "at_school"
    form = form_for(form.submit("press", value="add-row"), "/like")
    number = max(int(found) for found in re.findall(r"row-(\d+)-fact", " ".join(form.fields)))
    form[f"row-{number}-says"] = "yes"

    page = form.submit("press", value="look")

    assert "it happened at or around school" in page
    assert here.now(PackDraft) == []


def test_a_rule_like_another_may_ask_a_role_that_is_not_in_the_list(here: Bench) -> None:
    form = form_for(here.maker.get("/admin/rules/invitation/IN-20/like"), "/like")
    form["words"], form["source"] = "The landlord", "Executive"
    form["source_date-day"], form["source_date-month"] = "19", "11"
    form["source_date-year"] = "2026"
    form["seat-0-new_role"], form["seat-0-new_kind"] = "Housing association", "housing"

    page = form.submit("press", value="save", status=SEEN).follow()

    assert "OWN-01: The landlord" in page
    assert "Housing association" in page


def test_a_trigger_is_changed_by_number_and_unit(here: Bench) -> None:
    form = form_for(here.maker.get("/admin/rules/trigger/TR-02/change"), "/change")
    form["outcome-0-n"] = "3"
    form["source"] = "Executive"

    page = form.submit("press", value="save", status=SEEN).follow()

    assert "within 3 working days" in page


def test_rules_are_found_by_a_word(here: Bench) -> None:
    page = here.maker.get("/admin/rules", params={"q": "eviction"})

    assert "IN-20" in page
    assert "TR-01" not in page


def test_a_version_is_downloaded_byte_for_byte(here: Bench) -> None:
    page = here.maker.get("/admin/rules/versions")

    text = page.click(href=r"/text$")

    [version] = here.now(PackVersion)
    assert text.text == version.text


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.BUSINESS_SUPPORT, Role.PROFESSIONAL])
def test_only_those_who_keep_the_rules_open_them(
    here: Bench, browse: Callable[[Account], TestApp], role: Role
) -> None:
    with here.app.app_context(), unit_of_work():
        somebody = make_account(name="Jo Park", roles=(role,), now=here.world.now)

    assert browse(somebody).get("/admin/rules", status="*").status_code == REFUSED


def test_a_team_manager_reads_the_rules_and_changes_none(
    here: Bench, browse: Callable[[Account], TestApp]
) -> None:
    with here.app.app_context(), unit_of_work():
        manager = make_account(name="Jo Park", roles=(Role.TEAM_MANAGER,), now=here.world.now)
    browser = browse(manager)

    assert "Change this rule" not in browser.get("/admin/rules/invitation/IN-20")
    assert browser.get("/admin/rules/invitation/IN-20/change", status="*").status_code == REFUSED
