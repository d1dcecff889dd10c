"""The page of a child's people: unknown kept apart from no, mended and kept as history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.db import session, unit_of_work
from people.models.children import Child
from people.terms import ConnectionKind
from tests.doors.people.conftest import World
from tests.doors.people.forms import form_to
from tests.factories.people import make_agency, make_connection


def add(browser: Any, world: World, kind: str, **typed: str) -> Any:
    where = f"/children/{world.child.ref}/people/add/{kind}"
    form = form_to(browser.get(where), where)
    for name, text in typed.items():
        form[name] = text
    return form


def test_a_kind_nobody_answered_says_so_and_how(browse: Any, world: World) -> None:
    page = browse(world.worker).get(f"/children/{world.child.ref}/people")

    assert "Nothing is written down. Add the school, or say that it is not known." in page.text
    assert "No father or male carer is recorded." in page.text


def test_only_schools_are_offered_as_the_childs_school(browse: Any, world: World) -> None:
    form = add(browse(world.worker), world, "school")

    names = [text for _, _, text in form["agency_id"].options]
    assert names == ["Choose one", "Greenfield Academy"]


def test_a_school_is_added_and_stands_in_the_bar(browse: Any, world: World) -> None:
    form = add(browse(world.worker), world, "school", agency_id=str(world.school.id))

    page = form.submit(name="press", value="save").follow()

    assert page.html.find(class_="confer-identity").text.count("Greenfield Academy") == 1


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("gp", "not_registered", "Not registered"),
        ("gp", "not_known", "Not known"),
        ("school", "none", "None, checked"),
    ],
)
def test_not_known_is_an_answer_apart_from_none(
    kind: str, status: str, words: str, browse: Any, world: World
) -> None:
    page = add(browse(world.worker), world, kind, status=status).submit().follow()

    assert words in page.html.find("main").text


def test_a_father_is_added_with_parental_responsibility(browse: Any, world: World) -> None:
    form = add(
        browse(world.worker), world, "parent", person_name="Dean Ellis", relationship="father"
    )
    form["is_male_carer"] = True
    form["has_parental_responsibility"] = "yes"

    page = form.submit().follow()

    assert "Dean Ellis" in page.text
    assert "Father or male carer" in page.text
    assert "No father or male carer is recorded." not in page.text


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("school", {}, "Name the agency, or say that it is not known."),
        ("sibling", {}, "Name the person, or say that it is not known."),
        (
            "parent",
            {"status": "unsafe_to_involve", "person_name": "Dean Ellis"},
            "Say why it is unsafe to involve this person.",
        ),
        (
            "parent",
            {"person_name": "Dean Ellis", "from_on-day": "31", "from_on-month": "2"},
            "must be a real date",
        ),
    ],
)
def test_half_an_answer_is_said_beside_what_was_typed(
    kind: str, typed: dict[str, str], message: str, browse: Any, world: World
) -> None:
    answer = add(browse(world.worker), world, kind, **typed).submit(status=422)

    form = form_to(answer, f"/children/{world.child.ref}/people/add/{kind}")
    assert message in answer.text
    for name, text in typed.items():
        assert form[name].value == text


def test_a_changed_school_leaves_the_old_one_under_before(
    browse: Any, world: World, app: Flask
) -> None:
    with app.app_context(), unit_of_work():
        make_agency(name="Hillside School", kind="school")
        child = session.get_one(Child, world.child.id)
        make_connection(child=child, agency=world.school, from_on=date(2025, 9, 1))
    browser = browse(world.worker)
    where = f"/children/{world.child.ref}/people"

    shown = form_to(browser.get(where), f"{where}/change").submit()
    form = form_to(shown, f"{where}/change")
    assert form["agency_id"].value == str(world.school.id)
    form["agency_id"].select(text="Hillside School")
    page = form.submit(name="press", value="save").follow()

    now, _, before = page.html.find("main").text.partition("Before")
    assert "Hillside School" in now
    assert "Greenfield Academy" in before


def test_what_is_no_longer_true_ends(browse: Any, world: World, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        child = session.get_one(Child, world.child.id)
        make_connection(child=child, kind=ConnectionKind.SIBLING, person_name="Mia Ellis")
    browser = browse(world.worker)
    where = f"/children/{world.child.ref}/people"
    page = browser.get(where)

    form_to(page, f"{where}/end").submit(status=302)
    late = form_to(page, f"{where}/end").submit(status=422)

    assert "Somebody changed this since you opened it." in late.text


def test_a_connection_of_another_child_is_not_found(browse: Any, world: World, app: Flask) -> None:
    browser = browse(world.worker)
    token = browser.get("/children").html.find("meta", {"name": "csrf-token"})["content"]

    for given in ("", "no id", str(world.school.id)):
        browser.post(
            f"/children/{world.child.ref}/people/end",
            {"csrf_token": token, "connection": given},
            status=404,
        )


def test_a_kind_that_does_not_exist_is_not_found(browse: Any, world: World) -> None:
    browse(world.worker).get(f"/children/{world.child.ref}/people/add/pet", status=404)


def test_no_row_id_stands_in_an_address_of_the_page(browse: Any, world: World, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        child = session.get_one(Child, world.child.id)
        row = make_connection(child=child, agency=world.school)

    page = browse(world.worker).get(f"/children/{world.child.ref}/people")

    addresses = [tag.get("href") or tag.get("action") or "" for tag in page.html.find_all(True)]
    assert not any(str(row.id) in address for address in addresses)
