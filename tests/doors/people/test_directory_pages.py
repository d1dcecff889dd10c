"""The thin pages of agencies, contacts, teams, accounts and secure domains."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import session, unit_of_work
from people.models.accounts import Account
from people.models.agencies import Agency, TeamMember
from people.queries.accounts import roles_of
from people.terms import Role
from tests.doors.people.conftest import World
from tests.doors.people.forms import form_to
from tests.factories.people import make_account, make_mailbox, make_professional


def fill(form: Any, **typed: Any) -> Any:
    for name, text in typed.items():
        form[name] = text
    return form


def test_an_agency_is_added_found_and_changed(browse: Any, world: World) -> None:
    browser = browse(world.manager)
    form = form_to(browser.get("/admin/agencies/new"), "/admin/agencies/new")

    page = fill(form, name="Park Road Surgery", kind="gp", manager_email="m@park.example")
    page = page.submit().follow()
    ref = page.request.path.rsplit("/", 1)[1]
    change = form_to(browser.get(f"/admin/agencies/{ref}/change"), f"/admin/agencies/{ref}/change")
    page = fill(change, telephone="01632 960777").submit().follow()

    assert "01632 960777" in page.text
    assert "GP practice" in page.text
    assert "Park Road Surgery" in browser.get("/admin/agencies", {"q": "park"}).text
    assert "Park Road Surgery" not in browser.get("/admin/agencies", {"kind": "school"}).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": "Greenfield Academy", "kind": "school"}, "is in the directory already"),
        ({"name": ""}, "Enter the agency&#39;s name."),
        ({"name": "Oak", "manager_email": "not an address"}, "email address in the right form"),
    ],
)
def test_a_faulty_agency_is_said_beside_what_was_typed(
    typed: dict[str, str], message: str, browse: Any, world: World
) -> None:
    form = form_to(browse(world.manager).get("/admin/agencies/new"), "/admin/agencies/new")

    answer = fill(form, **typed).submit(status=422)

    assert message in answer.text
    assert form_to(answer, "/admin/agencies/new")["name"].value == typed["name"]


def test_an_agency_changed_meanwhile_asks_to_look_again(browse: Any, world: World) -> None:
    where = f"/admin/agencies/{world.school.ref}/change"
    browser = browse(world.manager)
    first, second = form_to(browser.get(where), where), form_to(browser.get(where), where)
    fill(first, telephone="01632 960701").submit(status=302)

    answer = fill(second, telephone="01632 960702").submit(status=409)

    assert "Somebody changed this since you opened it." in answer.text
    assert form_to(answer, where)["telephone"].value == "01632 960702"


def test_closed_weeks_are_added_and_taken_back(browse: Any, world: World) -> None:
    where = f"/admin/agencies/{world.school.ref}"
    browser = browse(world.manager)
    form = form_to(browser.get(where), f"{where}/closures")
    for part, first, last in (("day", "21", "3"), ("month", "12", "1"), ("year", "2026", "2027")):
        form[f"from_on-{part}"], form[f"to_on-{part}"] = first, last

    shown = fill(form, why="Christmas holiday").submit().follow()
    gone = form_to(shown, f"{where}/closures/end").submit().follow()

    assert "Monday 21 December 2026 to Sunday 3 January 2027: Christmas holiday" in shown.text
    assert "No closed weeks are recorded." in gone.text


def test_closed_weeks_the_wrong_way_round_are_refused(browse: Any, world: World) -> None:
    where = f"/admin/agencies/{world.school.ref}"
    form = form_to(browse(world.manager).get(where), f"{where}/closures")
    for part, first, last in (("day", "3", "2"), ("month", "1", "1"), ("year", "2027", "2027")):
        form[f"from_on-{part}"], form[f"to_on-{part}"] = first, last

    answer = fill(form, why="Holiday").submit(status=422)

    assert "must not be before the first" in answer.text
    assert form_to(answer, f"{where}/closures")["why"].value == "Holiday"


def test_a_role_mailbox_is_added_and_changed(browse: Any, world: World, app: Flask) -> None:
    where = f"/admin/agencies/{world.school.ref}"
    browser = browse(world.manager)
    form = form_to(browser.get(f"{where}/mailboxes/new"), f"{where}/mailboxes/new")
    roles = [text for _, _, text in form["role"].options]
    form["role"].select(text="Designated safeguarding lead")

    page = fill(form, label="Safeguarding inbox", email="dsl@greenfield.example", opens="8am")
    page = fill(page, closes="15:30").submit().follow()
    shown = form_to(page, f"{where}/mailboxes/change").submit()
    change = form_to(shown, f"{where}/mailboxes/change")
    assert change["opens"].value == "08:00"
    page = fill(change, telephone="01632 960711").submit(name="press", value="save").follow()

    assert "Police referral unit" not in roles
    assert "01632 960711" in page.text
    assert "8am to 3:30pm" in page.text


def test_a_mailbox_that_cannot_be_reached_is_refused(browse: Any, world: World) -> None:
    where = f"/admin/agencies/{world.school.ref}/mailboxes/new"
    form = form_to(browse(world.manager).get(where), where)
    form["role"].select(text="Designated safeguarding lead")

    answer = fill(form, label="Inbox", opens="25:00").submit(status=422)
    assert "must be a real time" in answer.text
    answer = fill(form, opens="").submit(status=422)

    assert "Enter an email address or a telephone number." in answer.text


def test_a_person_is_added_and_leaves(browse: Any, world: World) -> None:
    where = f"/admin/agencies/{world.school.ref}"
    browser = browse(world.manager)
    form = form_to(browser.get(f"{where}/people/new"), f"{where}/people/new")
    form["role"].select(text="Designated safeguarding lead")

    page = fill(form, name="Ruth Bell").submit().follow()
    shown = form_to(page, f"{where}/people/change").submit()
    change = form_to(shown, f"{where}/people/change")
    fill(change, **{"left_on-day": "1", "left_on-month": "11", "left_on-year": "2026"})
    page = change.submit(name="press", value="save").follow()

    assert "Sunday 1 November 2026" in page.text


def test_a_row_of_another_agency_is_not_found(browse: Any, world: World, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        box = make_mailbox(agency=session.get_one(Agency, world.care.id), role="duty_team")
        person = make_professional(agency=session.get_one(Agency, world.care.id), role="duty_team")
    browser = browse(world.manager)
    token = browser.get("/children").html.find("meta", {"name": "csrf-token"})["content"]

    for what, row in (("mailboxes", box), ("people", person)):
        browser.post(
            f"/admin/agencies/{world.school.ref}/{what}/change",
            {"csrf_token": token, "row": str(row.id)},
            status=404,
        )


def test_a_social_worker_reads_the_directory_and_does_not_change_it(
    browse: Any, world: World
) -> None:
    browser = browse(world.worker)

    page = browser.get(f"/admin/agencies/{world.school.ref}")

    assert "Add a role mailbox" not in page.text
    for path in ("new", f"{world.school.ref}/change", f"{world.school.ref}/mailboxes/new"):
        browser.get(f"/admin/agencies/{path}", status=403)


def test_a_team_is_added_and_changed(browse: Any, world: World) -> None:
    browser = browse(world.manager)
    form = form_to(browser.get("/admin/teams/new"), "/admin/teams/new")
    form["agency"].select(text="Northshire Children's Services")

    page = fill(form, name="Duty team", mail_name="Northshire meetings").submit().follow()
    where = page.request.path
    change = form_to(browser.get(f"{where}/change"), f"{where}/change")
    page = fill(change, opens="9am", closes="5pm").submit().follow()

    assert "9am to 5pm" in page.text
    assert "Duty team" in browser.get("/admin/teams").text


def test_a_team_needs_an_agency(browse: Any, world: World) -> None:
    form = form_to(browse(world.manager).get("/admin/teams/new"), "/admin/teams/new")

    answer = fill(form, name="Duty team", mail_name="Meetings").submit(status=422)

    assert "Choose the agency." in answer.text


def test_members_join_and_leave_a_team_by_the_administrator(
    confirmed: Any, browse: Any, world: World, app: Flask
) -> None:
    where = f"/admin/teams/{world.team.ref}"
    browser = confirmed(world.admin)
    form = form_to(browser.get(where), f"{where}/members")
    form["account"].select(text="Leo Webb")

    page = form.submit().follow()
    assert "Leo Webb" in page.text
    page = form_to(page, f"{where}/members/remove", index=2).submit().follow()

    with app.app_context():
        members = select(TeamMember).where(TeamMember.team_id == world.team.id)
        assert len(session.scalars(members).all()) == 2
    token = page.html.find("meta", {"name": "csrf-token"})["content"]
    assert (
        "Choose who joins the team."
        in browser.post(f"{where}/members", {"csrf_token": token}, status=422).text
    )


def test_an_account_is_made_changed_and_ended(
    confirmed: Any, browse: Any, world: World, app: Flask
) -> None:
    browser = confirmed(world.admin)
    form = form_to(browser.get("/admin/accounts/new"), "/admin/accounts/new")
    form.fields["roles"][0].checked = True

    page = fill(form, email="new@northshire.example", name="New Person", password="three odd words")
    page = page.submit().follow()
    where = page.request.path
    change = form_to(page, where)
    change.fields["roles"][2].checked = True
    fill(change, name="Renamed Person").submit(status=302)
    ended = form_to(browser.get(where), f"{where}/end").submit(name="press", value="end").follow()
    opened = form_to(ended, f"{where}/end").submit(name="press", value="open").follow()

    assert "ended" in ended.text
    assert "End this account" in opened.text
    assert "Renamed Person" in browser.get("/admin/accounts").text
    with app.app_context():
        account = session.scalars(
            select(Account).where(Account.email == "new@northshire.example")
        ).one()
        assert roles_of(account.id) == {Role.SOCIAL_WORKER, Role.CHAIR}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "nowhere"}, "email address in the right form"),
        ({"email": "", "name": ""}, "Enter the email address."),
        ({"password": "short"}, "at least 12 characters"),
    ],
)
def test_a_faulty_account_is_said_beside_what_was_typed(
    typed: dict[str, str], message: str, confirmed: Any, world: World
) -> None:
    form = form_to(confirmed(world.admin).get("/admin/accounts/new"), "/admin/accounts/new")
    form.fields["roles"][0].checked = True
    good = {"email": "a@b.example", "name": "Somebody", "password": "three odd words"}

    answer = fill(form, **(good | typed)).submit(status=422)

    again = form_to(answer, "/admin/accounts/new")
    assert message in answer.text
    assert again["email"].value == (good | typed)["email"]
    assert again.fields["roles"][0].checked
    assert again["password"].value == ""


def test_an_administrator_gives_no_role_to_themselves(
    confirmed: Any, world: World, app: Flask
) -> None:
    where = f"/admin/accounts/{world.admin.ref}"
    form = form_to(confirmed(world.admin).get(where), where)
    form.fields["roles"][0].checked = True

    answer = form.submit(status=422)

    assert "Ask another administrator" in answer.text
    with app.app_context():
        assert roles_of(world.admin.id) == {Role.ADMINISTRATOR}


def test_a_role_that_does_not_exist_is_refused(confirmed: Any, world: World) -> None:
    browser = confirmed(world.admin)
    page = browser.get("/admin/accounts/new")
    token = page.html.find("meta", {"name": "csrf-token"})["content"]
    typed = {"email": "a@b.example", "name": "A", "roles": "god", "password": "three odd words"}

    browser.post("/admin/accounts/new", typed | {"csrf_token": token}, status=422)


@pytest.mark.parametrize(
    "path", ["/admin/accounts", "/admin/accounts/new", "/admin/secure-domains"]
)
def test_accounts_are_the_administrators_alone(path: str, browse: Any, world: World) -> None:
    browse(world.manager).get(path, status=403)


def test_a_domain_is_marked_as_secure_and_unmarked(confirmed: Any, world: World) -> None:
    browser = confirmed(world.admin)
    form = form_to(browser.get("/admin/secure-domains"), "/admin/secure-domains")

    assert "such as police.example" in fill(form, domain="police").submit(status=422).text
    page = fill(form, domain="police.example").submit().follow()
    gone = form_to(page, "/admin/secure-domains/remove").submit().follow()

    assert "marked by Ada Moss on Friday 20 November 2026" in page.text
    assert "No domain is marked." in gone.text


def test_somebody_without_a_pack_still_reads_the_directory(browse: Any, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        account = make_account()

    assert "No agency matches." in browse(account).get("/admin/agencies").text
