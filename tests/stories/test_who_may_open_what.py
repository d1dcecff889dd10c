"""Every route as somebody who may not: no child's name, and each refusal written down."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from webtest import TestApp, TestResponse

from core.audit import AuditEntry
from core.db import reading, session
from people.models.accounts import Account
from tests.stories.both_children import OneOfBoth, both_children
from tests.stories.pages import Pages
from tests.stories.place import BASE_URL, Place
from tests.stories.programs.client import NAMED_SCOPES
from tests.stories.walking import Address, addresses, fingerprints

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_HOST = {"HTTP_HOST": BASE_URL.partition("//")[2], "REMOTE_ADDR": "192.0.2.40"}


@pytest.fixture
def one(place: Place) -> OneOfBoth:
    return both_children(place)[0]


def _refusals(place: Place) -> int:
    with place.app.app_context(), reading():
        statement = select(func.count()).where(AuditEntry.decision == "refused")
        return session.scalar(statement) or 0


def _ask(browser: TestApp, address: Address, *, csrf: str = "", token: str = "") -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if address.is_api:
        return browser._gen_request(
            address.method, address.path, params=b"{}", headers=headers | {"If-Match": '"1"'},
            expect_errors=True, content_type="application/json",
        )  # fmt: skip
    if address.method == "GET":
        return browser.get(address.path, expect_errors=True)
    return browser.post(address.path, {"csrf_token": csrf}, expect_errors=True)


def _of_staff(place: Place, one: OneOfBoth) -> list[Address]:
    return [each for each in addresses(place.app, one) if each.permission != "link"]


def _shows(answer: TestResponse, one: OneOfBoth) -> bool:
    return any(word in answer.text for word in (one.given_name, one.family_name, one.canary))


def test_nobody_without_a_session_or_a_token_gets_anywhere(place: Place, one: OneOfBoth) -> None:
    browser = TestApp(place.app, extra_environ=_HOST)

    for address in _of_staff(place, one):
        answer = _ask(browser, address)

        assert answer.status_int == 401 if address.is_api else answer.status_int in (302, 403), (
            address
        )
        assert not _shows(answer, one), address
        if answer.status_int == 302:
            assert answer.location.startswith(("/sign-in", f"{BASE_URL}/sign-in")), address


@pytest.mark.parametrize("role", ["unrelated", "administrator"])
def test_an_account_without_a_relation_is_refused_everywhere_and_each_refusal_is_kept(
    place: Place, one: OneOfBoth, role: str
) -> None:
    who = place.staff[role]
    before = fingerprints(place.app)
    browser, csrf = _signed_in(place, who)
    token = place.token_of(who, *NAMED_SCOPES)

    for address in _of_staff(place, one):
        refused = _refusals(place)
        answer = _ask(browser, address, csrf=csrf, token=token if address.is_api else "")

        assert answer.status_int in (403, 404), (address, answer.status_int)
        assert not _shows(answer, one), address
        assert _refusals(place) == refused + 1, address
    assert fingerprints(place.app) == before


def test_somebody_invited_to_one_meeting_changes_nothing_of_it(
    place: Place, one: OneOfBoth
) -> None:
    assert one.invited is not None
    browser, csrf = _signed_in(place, one.invited)
    before = fingerprints(place.app)

    for address in _of_staff(place, one):
        if address.method != "GET" and not address.is_api:
            answer = _ask(browser, address, csrf=csrf)
            assert answer.status_int >= 400, address

    assert fingerprints(place.app) == before


def test_opening_pages_changes_no_row_but_who_looked(place: Place, one: OneOfBoth) -> None:
    who = place.world.chair
    browser, _ = _signed_in(place, who)
    token = place.token_of(who, *NAMED_SCOPES)
    before = fingerprints(place.app)

    for address in _of_staff(place, one):
        if address.method == "GET":
            _ask(browser, address, token=token if address.is_api else "")
            browser.head(address.path, expect_errors=True)

    assert fingerprints(place.app) == before


def test_a_scanner_that_follows_every_link_of_a_mail_changes_nothing(
    place: Place, one: OneOfBoth
) -> None:
    before = fingerprints(place.app)
    scanner = TestApp(place.app, extra_environ=_HOST)

    for address in addresses(place.app, one):
        if address.permission == "link" and address.method == "GET":
            scanner.get(address.path, expect_errors=True)
            scanner.head(address.path, expect_errors=True)
        elif address.permission == "link":
            # It presses buttons, too: a page of ours would say where the press came from.
            assert (
                scanner.post(address.path, {"answer": "accept"}, expect_errors=True).status_int
                == 403
            )

    assert fingerprints(place.app) == before


def _signed_in(place: Place, who: Account) -> tuple[TestApp, str]:
    browser = Pages(place).browser(who)
    page = browser.open("/account").text
    found = _CSRF.search(page)
    assert found is not None
    return browser.app, found[1]
