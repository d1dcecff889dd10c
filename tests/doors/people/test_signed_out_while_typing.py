"""A form sent after the session had ended: nothing typed is lost, and nobody else reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core import waiting_forms
from core.db import session, unit_of_work
from core.drafts import Draft
from people.models.agencies import Agency
from people.terms import Role
from tests.factories.people import PASSWORD, make_account

ADA, SAM = "ada.moss@northshire.example", "sam.okoro@northshire.example"
TYPED = "Harbour View Practice"
NEW_AGENCY = "/admin/agencies/new"


@pytest.fixture
def two_people(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        for name, email in (("Ada Moss", ADA), ("Sam Okoro", SAM)):
            make_account(name=name, email=email, roles=[Role.ADMINISTRATOR], password=PASSWORD)


def form_to(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action == action)


def sign_in(browser: TestApp, email: str, page: Any = None) -> Any:
    form = form_to(page or browser.get("/sign-in"), "/sign-in")
    form["email"], form["password"] = email, PASSWORD
    return form.submit()


def a_filled_form(browser: TestApp) -> Any:
    sign_in(browser, ADA)
    form = form_to(browser.get(NEW_AGENCY), NEW_AGENCY)
    form["name"], form["telephone"] = TYPED, "01632 960123"
    return form


def test_what_was_typed_is_there_after_signing_in_again_and_one_press_sends_it(
    guest: TestApp, two_people: None, the_clock: Any, app: Flask
) -> None:
    form = a_filled_form(guest)
    form["kind"].force_value("gp")
    the_clock.at += timedelta(minutes=31)

    asked = form.submit(status=401)
    shown = sign_in(guest, ADA, asked).follow()
    form_to(shown, NEW_AGENCY).submit(status=302)

    assert "nothing was sent" in asked.text
    assert TYPED in shown.text
    with app.app_context():
        assert session.scalar(select(Agency.telephone).where(Agency.name == TYPED))


def test_the_page_to_sign_in_does_not_show_what_was_typed(
    guest: TestApp, two_people: None, the_clock: Any
) -> None:
    form = a_filled_form(guest)
    the_clock.at += timedelta(minutes=31)

    asked = form.submit(status=401)

    assert TYPED not in asked.text
    assert "01632 960123" not in asked.text


def test_a_form_sent_after_signing_out_in_another_tab_waits_too(
    guest: TestApp, two_people: None
) -> None:
    form = a_filled_form(guest)
    form_to(guest.get("/account"), "/sign-out").submit()

    asked = form.submit(status=401)

    assert TYPED in sign_in(guest, ADA, asked).follow().text


def test_a_wrong_password_first_loses_nothing(guest: TestApp, two_people: None) -> None:
    form = a_filled_form(guest)
    form_to(guest.get("/account"), "/sign-out").submit()
    asked = form_to(form.submit(status=401), "/sign-in")
    asked["email"], asked["password"] = ADA, "not the password"

    again = asked.submit(status=422)

    assert TYPED in sign_in(guest, ADA, again).follow().text


def test_somebody_else_who_signs_in_gets_nothing_of_it(guest: TestApp, two_people: None) -> None:
    form = a_filled_form(guest)
    form_to(guest.get("/account"), "/sign-out").submit()
    asked = form.submit(status=401)
    token = form_to(asked, "/sign-in")["waiting"].value

    answer = sign_in(guest, SAM, asked)

    assert answer.location.endswith("/")
    assert TYPED not in answer.follow().text
    assert guest.get(f"/go-on/{token}").location.endswith("/")


def test_a_form_somebody_left_open_is_not_sent_in_the_next_persons_name(
    guest: TestApp, two_people: None, app: Flask
) -> None:
    form = a_filled_form(guest)
    form_to(guest.get("/account"), "/sign-out").submit()
    sign_in(guest, SAM)

    answer = form.submit(status=403)

    assert "This form is too old" in answer.text
    with app.app_context():
        assert session.scalar(select(Agency).where(Agency.name == TYPED)) is None


def test_a_form_without_our_token_is_not_kept(
    guest: TestApp, two_people: None, the_clock: Any, app: Flask
) -> None:
    form = a_filled_form(guest)
    form["csrf_token"] = "made up"
    the_clock.at += timedelta(minutes=31)

    answer = form.submit(status=302)

    assert answer.location.endswith("/sign-in")
    with app.app_context():
        assert session.scalars(select(Draft)).all() == []


def test_a_password_is_never_kept(
    guest: TestApp, two_people: None, the_clock: Any, app: Flask
) -> None:
    sign_in(guest, ADA)
    own = form_to(guest.get("/account"), "/account/password")
    own["current"], own["new"], own["again"] = PASSWORD, "a-typed-secret", "a-typed-secret"
    asked = guest.get("/admin/accounts").follow()
    password = form_to(asked, "/confirm-password")
    password["password"] = PASSWORD
    password.submit()
    new = form_to(guest.get("/admin/accounts/new"), "/admin/accounts/new")
    new["name"], new["password"] = "Rowan Ellis", "a-typed-secret"
    the_clock.at += timedelta(minutes=31)

    own.submit(status=302)
    new.submit(status=401)

    with app.app_context():
        kept = session.scalars(select(Draft)).all()
        assert len(kept) == 1
        assert "Rowan Ellis" in str(kept[0].data)
        assert "a-typed-secret" not in str(kept[0].data)
        assert "csrf_token" not in str(kept[0].data)


def test_what_is_too_long_to_keep_is_said(guest: TestApp, two_people: None, the_clock: Any) -> None:
    form = a_filled_form(guest)
    form["name"] = "x" * (waiting_forms.LONGEST + 1)
    the_clock.at += timedelta(minutes=31)

    assert "too long to be kept" in form.submit(status=401).text


def test_at_most_five_forms_wait_and_each_a_day(database: Flask, now: Any) -> None:
    with unit_of_work():
        account = make_account().id

    with unit_of_work():
        tokens = [
            waiting_forms.keep(account, "/x", [("a", "b")], now + timedelta(minutes=minute))
            for minute in range(6)
        ]

    later = now + timedelta(hours=1)
    found = [waiting_forms.find(account, token or "", later) is not None for token in tokens]
    assert found == [False, True, True, True, True, True]
    assert waiting_forms.find(account, tokens[5] or "", now + timedelta(hours=25)) is None
