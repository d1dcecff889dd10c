"""Victim and suspect: nothing of one child stands anywhere on the other's record, for anybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import reading, session
from core.logs import JsonLines
from people.models.accounts import Account
from tests.stories.both_children import OneOfBoth, both_children
from tests.stories.links import Holder
from tests.stories.pages import Pages
from tests.stories.place import Place
from tests.stories.programs import Api
from tests.stories.programs.client import Problem
from tests.stories.said import TurnedDown
from tests.stories.walking import Address, addresses


@pytest.fixture
def case(place: Place) -> tuple[OneOfBoth, OneOfBoth]:
    return both_children(place)


# The recording team (its business support, too), the manager and the chair; for everybody else
# there is no other child.
SEE_THE_LINK = ("duty", "worker", "support", "manager", "chair")


def _who_may_look(place: Place, one: OneOfBoth) -> dict[str, Account]:
    assert one.invited is not None
    may_not = ("administrator", "unrelated")
    staff = {name: who for name, who in place.staff.items() if name not in may_not}
    return staff | {"invited": one.invited}


def _pages(place: Place, who: Account, walk: list[Address]) -> Iterator[tuple[str, str]]:
    with Pages(place).confirmed(who) as browser:
        pass
    for address in walk:
        if address.method == "GET" and not address.is_api and address.permission != "link":
            try:
                yield address.path, browser.open(address.path).text
            except TurnedDown as turned:
                yield address.path, turned.shown


def _answers(place: Place, who: Account, walk: list[Address]) -> Iterator[tuple[str, str]]:
    api = Api(place)
    for address in walk:
        if address.method == "GET" and address.is_api:
            path = address.path.removeprefix("/api/v1")
            try:
                yield address.path, json.dumps(api.get(who, path))
            except Problem as problem:
                yield address.path, problem.shown


def _leaks(
    shown: Iterator[tuple[str, str]], other: OneOfBoth, *, may_see_link: bool
) -> list[tuple[str, str]]:
    found = []
    for path, text in shown:
        found += [(path, word) for word in other.planted if word in text]
        is_link = may_see_link and "/incidents/" in path
        if other.incident in text and not is_link:
            found.append((path, other.incident))
    return found


@pytest.mark.parametrize("which", [0, 1])
def test_no_page_of_one_child_shows_the_other_to_anybody_who_may_open_it(
    place: Place, case: tuple[OneOfBoth, OneOfBoth], which: int
) -> None:
    one, other = case[which], case[1 - which]
    walk = addresses(place.app, one)

    for name, who in _who_may_look(place, one).items():
        opened = list(_pages(place, who, walk))
        leaks = _leaks(iter(opened), other, may_see_link=name in SEE_THE_LINK)

        assert leaks == [], name
        assert any(one.family_name in text for _, text in opened) or name == "support", name


@pytest.mark.parametrize("which", [0, 1])
def test_no_answer_of_the_api_about_one_child_shows_the_other(
    place: Place, case: tuple[OneOfBoth, OneOfBoth], which: int
) -> None:
    one, other = case[which], case[1 - which]
    walk = addresses(place.app, one)

    for name, who in _who_may_look(place, one).items():
        may_see_link = name in SEE_THE_LINK
        leaks = _leaks(_answers(place, who, walk), other, may_see_link=may_see_link)

        assert leaks == [], name


@pytest.mark.parametrize("which", [0, 1])
def test_no_page_of_a_link_shows_the_other_child(
    place: Place, case: tuple[OneOfBoth, OneOfBoth], which: int
) -> None:
    one, other = case[which], case[1 - which]
    holder = Holder(place.app, one.link)
    holder.enter_code(Api(place).read_out_code(place.world.duty, one.meeting, "Northmere"))
    walk = [each for each in addresses(place.app, one) if each.permission == "link"]

    shown = []
    for address in walk:
        if address.method == "GET":
            try:
                shown.append((address.path, holder.browser.open(address.path).text))
            except TurnedDown as turned:
                shown.append((address.path, turned.shown))

    assert _leaks(iter(shown), other, may_see_link=False) == []
    assert any(one.canary in text for _, text in shown)


def test_only_recording_team_manager_and_chair_see_that_there_is_another_child(
    place: Place, case: tuple[OneOfBoth, OneOfBoth]
) -> None:
    first, second = case
    api = Api(place)

    for who in (place.staff[name] for name in SEE_THE_LINK):
        assert api.linked(who, first.incident) == [second.incident]
    assert first.invited is not None
    with pytest.raises(Problem):
        api.linked(first.invited, first.incident)


def test_no_mail_and_no_calendar_entry_says_anything_of_either_child(
    place: Place, case: tuple[OneOfBoth, OneOfBoth]
) -> None:
    first, second = case
    secrets = [
        word
        for one in (first, second)
        for word in (one.given_name, one.family_name, one.canary, one.child, "Northmere")
    ]

    mails = place.mails()

    assert len(mails) > 30
    for mail in mails:
        said = mail.everything
        assert [word for word in secrets if word in said] == [], mail.subject


def test_no_log_line_says_anything_of_either_child(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="confer")

    first, second = both_children(place)
    for who in place.staff.values():
        list(_pages(place, who, addresses(place.app, first)))
    lines = [JsonLines().format(record) for record in caplog.records]

    assert len(lines) > 100
    for one in (first, second):
        secrets = (one.given_name, one.family_name, one.canary, one.child,
                   one.link.rpartition("/")[2], one.action_link.rpartition("/")[2])  # fmt: skip
        for line in lines:
            assert [word for word in secrets if word in line] == []


def test_the_audit_names_fields_and_never_what_stood_in_them(
    app: Flask, case: tuple[OneOfBoth, OneOfBoth]
) -> None:
    wanted = (AuditEntry.verb, AuditEntry.subject, AuditEntry.detail, AuditEntry.who)
    with app.app_context(), reading():
        lines = [" ".join(map(str, row)) for row in session.execute(select(*wanted))]

    assert len(lines) > 100
    for one in case:
        for said in lines:
            assert one.canary not in said
            assert one.family_name not in said


def test_no_address_holds_a_name(place: Place, case: tuple[OneOfBoth, OneOfBoth]) -> None:
    browser = Pages(place).browser(place.world.manager)

    for one in case:
        for address in addresses(place.app, one):
            if address.method == "GET" and not address.is_api and address.permission != "link":
                try:
                    page = browser.open(address.path).text
                except TurnedDown as turned:
                    page = turned.shown
                hrefs = page.split('href="')[1:] + page.split('action="')[1:]
                for href in hrefs:
                    assert one.family_name.lower() not in href.partition('"')[0].lower()
