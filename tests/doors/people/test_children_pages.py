"""The pages of children: list, find, add, correct, allocate, and who gets none of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import session, unit_of_work
from people.models.children import Child
from people.terms import RelationKind, Role
from tests.doors.people.conftest import World
from tests.doors.people.forms import form_to
from tests.factories.people import make_account, make_child, make_relation


def rows(app: Flask, statement: Any) -> list[Any]:
    with app.app_context():
        found = list(session.scalars(statement))
        session.expunge_all()
        session.rollback()
    return found


def test_the_list_shows_own_children_with_age_school_and_worker(browse: Any, world: World) -> None:
    page = browse(world.worker).get("/children")

    assert "Jordan Ellis" in page.text
    assert "Ana Silva" in page.text
    assert f"/children/{world.child.ref}" in page.text


def test_an_empty_list_says_what_to_do(browse: Any, world: World) -> None:
    page = browse(world.stranger).get("/children")

    assert "You have no children here." in page.text
    assert "Jordan" not in page.text


def test_type_ahead_answers_in_json_and_puts_nothing_in_the_address(
    browse: Any, world: World
) -> None:
    browser = browse(world.duty)
    token = browser.get("/children").html.find("meta", {"name": "csrf-token"})["content"]

    answer = browser.post(
        "/children/find",
        {"q": "ellis jor"},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )

    assert answer.json == {
        "message": "1 child found",
        "results": [
            {
                "value": world.child.ref,
                "text": "Jordan Ellis, 15",
                "hint": f"School not known, {world.child.ref}",
            }
        ],
    }


def test_finding_works_without_javascript_and_keeps_what_was_typed(
    browse: Any, world: World
) -> None:
    form = form_to(browse(world.worker).get("/children"), "/children/find")
    form["q"] = "jordan"

    page = form.submit()

    assert form_to(page, "/children/find")["q"].value == "jordan"
    assert "1 child found" in page.text
    assert f'href="/children/{world.child.ref}"' in page.text


def test_a_child_that_duty_finds_but_may_not_open_is_no_link(browse: Any, world: World) -> None:
    form = form_to(browse(world.duty).get("/children"), "/children/find")
    form["q"] = "jordan"

    page = form.submit()

    assert "Jordan Ellis, 15" in page.text
    assert f'href="/children/{world.child.ref}"' not in page.text


def test_an_invited_professional_cannot_search(browse: Any, app: Flask, world: World) -> None:
    with app.app_context(), unit_of_work():
        professional = make_account(roles=[Role.PROFESSIONAL])
    browser = browse(professional)
    page = browser.get("/children")
    token = page.html.find("meta", {"name": "csrf-token"})["content"]

    assert "/children/find" not in page.text
    browser.post("/children/find", {"q": "jordan", "csrf_token": token}, status=403)


@pytest.mark.parametrize("page", ["details", "people", "details/change", "people/add/school"])
def test_an_unrelated_child_answers_just_like_one_that_is_not_there(
    page: str, browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.stranger)

    hidden = browser.get(f"/children/{world.child.ref}/{page}", status=404)
    absent = browser.get(f"/children/C-AAAAAA/{page}", status=404)

    assert hidden.html.find("main").text == absent.html.find("main").text
    refused = rows(app, select(AuditEntry).where(AuditEntry.decision == "refused"))
    assert [entry.child_id for entry in refused] == [world.child.id]


def test_an_administrator_reads_no_record(browse: Any, world: World) -> None:
    browse(world.admin).get(f"/children/{world.child.ref}/details", status=404)


def test_reading_a_record_leaves_a_line_in_the_audit(browse: Any, world: World, app: Flask) -> None:
    browse(world.worker).get(f"/children/{world.child.ref}/details")

    (entry,) = rows(app, select(AuditEntry).where(AuditEntry.decision == "read"))
    assert (entry.account_id, entry.child_id) == (world.worker.id, world.child.id)


def test_an_invited_professional_sees_who_it_is_and_nothing_more(
    browse: Any, app: Flask, world: World
) -> None:
    with app.app_context(), unit_of_work():
        professional = make_account(roles=[Role.PROFESSIONAL])
        child = session.get_one(Child, world.child.id)
        make_relation(account=professional, child=child, kind=RelationKind.INVITED)
    browser = browse(professional)

    for page in ("details", "people"):
        shown = browser.get(f"/children/{world.child.ref}/{page}")

        assert "Jordan Ellis" in shown.text
        assert "27 March 2011" not in shown.text
        assert "Ana Silva" not in shown.text


def test_details_name_what_nobody_asked(browse: Any, world: World) -> None:
    page = browse(world.worker).get(f"/children/{world.child.ref}/details")

    assert "Nobody has asked yet about: ethnicity, disability" in page.text
    assert "27 March 2011 (15)" in page.text


def add(browser: Any, **typed: str) -> Any:
    form = form_to(browser.get("/children/new"), "/children/new")
    values = {
        "given_name": "Amara",
        "family_name": "Okafor",
        "born_on-day": "2",
        "born_on-month": "1",
        "born_on-year": "2012",
        **typed,
    }
    for name, text in values.items():
        form[name] = text
    return form


def test_a_child_is_added_with_an_estimated_date_of_birth(
    browse: Any, world: World, app: Flask
) -> None:
    form = add(browse(world.worker))
    form["is_birth_estimated"] = True

    answer = form.submit()

    child = rows(app, select(Child).where(Child.family_name == "Okafor"))[0]
    assert answer.location.endswith(f"/children/{child.ref}/people")
    assert child.is_birth_estimated
    assert child.born_on == date(2012, 1, 2)
    assert child.team_id == world.team.id


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"given_name": ""}, "Enter the child&#39;s given names."),
        ({"born_on-year": ""}, "The date of birth"),
        ({"born_on-month": "13"}, "must be a real date"),
        ({"born_on-day": "30", "born_on-month": "2"}, "must be a real date"),
        ({"born_on-year": "2030"}, "must be today or in the past"),
        ({"born_on-year": "1980"}, "makes this person an adult"),
        ({"nhs_number": "999 123 4561"}, "Check each digit"),
        ({"upn": "A12"}, "13 characters"),
        ({"ethnicity": "x" * 81}, "80 characters or fewer"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(
    typed: dict[str, str], message: str, browse: Any, world: World, app: Flask
) -> None:
    answer = add(browse(world.worker), **typed).submit(status=422)

    form = form_to(answer, "/children/new")
    assert "There is a problem" in answer.text
    assert message in answer.text or "must be a real date" in answer.text
    for name, text in typed.items():
        assert form[name].value == text
    assert form["family_name"].value == "Okafor"
    assert len(rows(app, select(Child))) == 1


def test_a_likely_duplicate_is_shown_first_and_somebody_says_it_is_another(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.duty)
    form = add(
        browser,
        given_name="Jordon",
        family_name="Ellis",
        **{"born_on-day": "27", "born_on-month": "3", "born_on-year": "2011"},
    )

    shown = form.submit(status=422)

    assert world.child.ref in shown.text
    assert "A similar name and the same date of birth." in shown.text
    assert len(rows(app, select(Child))) == 1
    again = form_to(shown, "/children/new")
    again["same"] = True
    again.submit(status=302)
    assert len(rows(app, select(Child))) == 2


def test_a_second_editor_sees_both_texts_and_loses_nothing(
    browse: Any, world: World, app: Flask
) -> None:
    where = f"/children/{world.child.ref}/details/change"
    first, second = browse(world.worker), browse(world.manager)
    mine, theirs = form_to(first.get(where), where), form_to(second.get(where), where)
    theirs["family_name"] = "Ellison"
    theirs.submit(status=302)

    mine["family_name"] = "Ellys"
    clash = mine.submit(status=409)

    assert "Ellison" in clash.text
    again = form_to(clash, where)
    assert again["family_name"].value == "Ellys"
    again.submit(status=302)
    assert rows(app, select(Child))[0].family_name == "Ellys"


def test_a_correction_shows_what_is_known(browse: Any, world: World, app: Flask) -> None:
    where = f"/children/{world.child.ref}/details/change"
    form = form_to(browse(world.worker).get(where), where)
    assert form["born_on-month"].value == "3"

    form["ehc_plan"] = "awaiting"
    form["ehc_plan_awaiting_since_on-day"] = "1"
    form["ehc_plan_awaiting_since_on-month"] = "9"
    form["ehc_plan_awaiting_since_on-year"] = "2026"
    form["legal_status"] = "cin"
    page = form.submit().follow()

    assert "Awaiting assessment, since Tuesday 1 September 2026" in page.text
    assert "Child in need" in page.text


def test_allocating_elsewhere_closes_the_record_to_the_worker_before(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.manager)
    form = form_to(
        browser.get(f"/children/{world.child.ref}/details"),
        f"/children/{world.child.ref}/allocation",
    )
    form["worker_id"] = str(world.stranger.id)

    form.submit(status=302)

    page = browse(world.stranger).get(f"/children/{world.child.ref}/details")
    assert "Leo Webb" in page.text


def test_a_colleague_of_the_team_reads_but_does_not_correct(
    browse: Any, app: Flask, world: World
) -> None:
    with app.app_context(), unit_of_work():
        colleague = make_account(team=world.team)
    browser = browse(colleague)

    page = browser.get(f"/children/{world.child.ref}/details")

    assert "Change details" not in page.text
    browser.get(f"/children/{world.child.ref}/details/change", status=403)


def test_no_write_happens_without_our_token(browse: Any, world: World, app: Flask) -> None:
    browser = browse(world.worker)

    for path in ("/children/new", "/children/find", f"/children/{world.child.ref}/allocation"):
        browser.post(path, {"given_name": "Amara"}, status=403)

    assert len(rows(app, select(Child))) == 1


def test_the_second_page_of_a_long_list_is_a_link(browse: Any, world: World, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        for number in range(50):
            make_child(family_name=f"Abel{number}", team=world.team)
    browser = browse(world.worker)

    first = browser.get("/children")

    assert "Jordan Ellis" not in first.text
    assert "Jordan Ellis" in first.click("Next page").text


def test_hostile_names_are_shown_as_text(browse: Any, world: World) -> None:
    hostile = "<script>alert(1)</script>"

    page = add(browse(world.worker), given_name=hostile).submit().follow()

    assert hostile not in page.text
    assert "&lt;script&gt;" in page.text
