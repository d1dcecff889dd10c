"""Signing in and out, the session cookie, and the password asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import session, unit_of_work
from people.models.accounts import Account, SignInAttempt, SignInSession
from people.service import accounts
from people.terms import Actor, Role
from tests.factories.people import PASSWORD, make_account

EMAIL = "sam.okoro@northshire.example"


@pytest.fixture
def sam(app: Flask) -> Account:
    with app.app_context(), unit_of_work():
        return make_account(name="Sam Okoro", email=EMAIL, password=PASSWORD)


def sign_in(guest: TestApp, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
    form = guest.get("/sign-in", more.pop("params", {})).forms[0]
    form["email"], form["password"] = email, password
    return form.submit(**more)


def test_signing_in_leads_home_with_a_cookie_that_scripts_cannot_read(
    guest: TestApp, sam: Account
) -> None:
    answer = sign_in(guest)

    cookie = next(
        each for each in answer.headers.getall("Set-Cookie") if each.startswith("confer=")
    )
    assert answer.location.endswith("/")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_asked_for_before_sign_in_is_opened_after_it(guest: TestApp, sam: Account) -> None:
    asked = guest.get("/account").follow()

    form = asked.forms[0]
    form["email"], form["password"] = EMAIL, PASSWORD
    answer = form.submit()

    assert answer.location.endswith("/account")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5", "Another program"),
    ],
)
def test_the_account_page_names_where_somebody_is_signed_in_in_words(
    agent: str, words: str, guest: TestApp, sam: Account
) -> None:
    sign_in(guest, headers={"User-Agent": agent})

    page = guest.get("/account")

    assert words in page.text
    assert "Mozilla" not in page.text


@pytest.mark.parametrize("where", ["//evil.example", "/\\evil.example", "https:evil.example", "x"])
def test_sign_in_leads_to_no_other_site(where: str, guest: TestApp, sam: Account) -> None:
    answer = sign_in(guest, params={"next": where})

    assert answer.location in ("/", "http://confer.example/")


def test_a_wrong_password_keeps_the_address_says_nothing_more_and_counts(
    guest: TestApp, sam: Account, app: Flask
) -> None:
    wrong = sign_in(guest, password="not the password", status=422)
    unknown = sign_in(guest, email="nobody@northshire.example", status=422)

    assert wrong.forms[0]["email"].value == EMAIL
    assert wrong.forms[0]["password"].value == ""
    alike = "The email address or the password is not right."
    assert alike in wrong.text
    assert alike in unknown.text
    with app.app_context():
        assert len(session.scalars(select(SignInAttempt)).all()) == 6


def test_empty_boxes_are_named(guest: TestApp, sam: Account) -> None:
    answer = sign_in(guest, email=" ", password="", status=422)

    assert "Enter your email address." in answer.text
    assert "Enter your password." in answer.text


def test_the_sixth_wrong_try_is_told_to_wait(guest: TestApp, sam: Account) -> None:
    for _ in range(5):
        sign_in(guest, password="not the password", status=422)

    assert "Wait 15 minutes" in sign_in(guest, status=429).text


def test_a_form_without_our_token_opens_nothing(guest: TestApp, sam: Account) -> None:
    guest.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, status=403)


def test_a_copied_cookie_is_worthless_after_signing_out(
    browse: Any, sam: Account, app: Flask
) -> None:
    browser, thief = browse(sam), TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
    thief.set_cookie("confer", browser.cookies["confer"])
    page = browser.get("/account")

    answer = page.forms[1].submit() if page.forms[1].action == "/sign-out" else None
    answer = (
        answer or next(form for form in page.forms.values() if form.action == "/sign-out").submit()
    )

    assert answer.headers["Clear-Site-Data"]
    assert "/sign-in" in thief.get("/account").location


def test_a_disabled_account_is_out_at_its_next_request(
    browse: Any, sam: Account, app: Flask, now: Any
) -> None:
    browser = browse(sam)
    with app.app_context(), unit_of_work():
        account = session.get_one(Account, sam.id)
        accounts.disable(account, actor=Actor.system("tests"), now=now)

    assert "/sign-in" in browser.get("/account").location


def test_an_idle_session_asks_to_sign_in_and_comes_back(
    browse: Any, sam: Account, the_clock: Any
) -> None:
    browser = browse(sam)
    the_clock.at += timedelta(minutes=30)

    assert browser.get("/account").location.endswith("/sign-in?next=/account")


def test_somebody_signed_in_goes_home_from_the_sign_in_page(browse: Any, sam: Account) -> None:
    assert browse(sam).get("/sign-in").location.endswith("/")


def test_what_asks_for_the_password_again_opens_once_it_is_given(
    browse: Any, app: Flask, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        admin = make_account(
            roles=[Role.ADMINISTRATOR], email="admin@northshire.example", password=PASSWORD
        )
    browser = browse(admin)
    before = browser.cookies["confer"]

    asked = browser.get("/admin/accounts").follow()
    form = next(form for form in asked.forms.values() if form.action == "/confirm-password")
    form["password"] = "not the password"
    assert "The password is not right" in form.submit(status=422).text
    form["password"] = PASSWORD
    opened = form.submit().follow()

    assert opened.request.path == "/admin/accounts"
    assert browser.cookies["confer"] != before
    the_clock.at += timedelta(minutes=11)
    assert "/confirm-password" in browser.get("/admin/accounts").location


def test_a_form_that_needs_the_password_again_is_kept_and_sent_after_it(
    browse: Any, app: Flask, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        admin = make_account(
            roles=[Role.ADMINISTRATOR], email="admin@northshire.example", password=PASSWORD
        )
    browser = browse(admin)
    asked = browser.get("/admin/accounts").follow()
    password = next(form for form in asked.forms.values() if form.action == "/confirm-password")
    password["password"] = PASSWORD
    password.submit()
    filled = browser.get("/admin/accounts/new")
    new = next(form for form in filled.forms.values() if form.action == "/admin/accounts/new")
    new["name"], new["email"] = "Rowan\u2019s deputy", "deputy@northshire.example"
    new["password"] = "a-typed-secret"
    the_clock.at += timedelta(minutes=11)

    asked = new.submit(status=403)
    password = next(form for form in asked.forms.values() if form.action == "/confirm-password")
    password["password"] = "not the password"
    asked = password.submit(status=422)
    password = next(form for form in asked.forms.values() if form.action == "/confirm-password")
    password["password"] = PASSWORD
    going = password.submit()
    on = next(form for form in going.forms.values() if form.action == "/admin/accounts/new")
    back = on.submit(status=422)

    shown = next(form for form in back.forms.values() if form.action == "/admin/accounts/new")
    assert shown["name"].value == "Rowan\u2019s deputy"
    assert shown["email"].value == "deputy@northshire.example"
    assert "a-typed-secret" not in asked.text + going.text


def test_one_sees_and_ends_ones_own_other_sessions(browse: Any, sam: Account, app: Flask) -> None:
    here, elsewhere = browse(sam), browse(sam)

    page = here.get("/account")
    next(form for form in page.forms.values() if form.action == "/account/sessions/end").submit()

    assert here.get("/account").status_int == 200
    assert "/sign-in" in elsewhere.get("/account").location
    with app.app_context():
        ended = select(SignInSession.id).where(SignInSession.ended_at.is_not(None))
        assert len(session.scalars(ended).all()) == 1


def test_a_password_is_changed_with_the_present_one(browse: Any, sam: Account) -> None:
    browser = browse(sam)

    def change(current: str, new: str, again: str, status: int) -> str:
        page = browser.get("/account")
        form = next(form for form in page.forms.values() if form.action == "/account/password")
        form["current"], form["new"], form["again"] = current, new, again
        return str(form.submit(status=status).text)

    assert "not the same" in change(PASSWORD, "seven purple otters", "seven purple", 422)
    assert "present password is not right" in change(
        "wrong", "seven purple otters", "seven purple otters", 422
    )
    assert "too easy" in change(PASSWORD, "password password", "password password", 422)
    assert "Your password is changed" in change(
        PASSWORD, "seven purple otters", "seven purple otters", 200
    )


def test_staying_signed_in_is_one_press(browse: Any, sam: Account) -> None:
    browser = browse(sam)
    token = browser.get("/account").html.find("meta", {"name": "csrf-token"})["content"]

    browser.post("/account/stay", headers={"X-CSRFToken": token}, status=204)
