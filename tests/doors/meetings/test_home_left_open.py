"""Home names what was left open first, and says how much it does not show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from webtest import TestApp

from core.db import session, unit_of_work
from meetings.queries import home
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor
from tests.factories.meetings import make_involvement, make_known_child, make_meeting, make_world
from tests.factories.records import make_room
from tests.factories.seen_rooms import seen

Browse = Callable[[Account], TestApp]
EXTRA = 2


@pytest.fixture
def many_deadlines(app: Flask) -> Account:
    """The manager of a team with two deadlines more than Home lists."""
    with app.app_context(), unit_of_work():
        world = make_world()
        for number in range(home.SHOWN + EXTRA):
            make_involvement(world, make_known_child(world, given_name=f"Kim{number}"))
        return world.manager


def words(page: Any) -> str:
    return " ".join(page.html.select_one("main").get_text(" ").split())


def risks(page: Any) -> list[str]:
    lines = page.html.select('section[aria-labelledby="at-risk"] > ul > li')
    return [" ".join(line.get_text(" ").split()) for line in lines]


@pytest.mark.parametrize("who", ["chair", "duty", "worker", "manager"])
def test_a_meeting_never_started_stands_first_with_what_to_do(
    app: Flask, browse: Browse, the_clock: Any, who: str
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        meeting = make_meeting(world)
        make_involvement(world, make_known_child(world, given_name="Kim"))
        ref, over, account = meeting.ref, meeting.ends_at, getattr(world, who)
    the_clock.at = over + timedelta(days=3)

    page = browse(account).get("/")

    first = risks(page)[0]
    assert f"Never started Strategy meeting {ref}" in first
    assert "Was it held? Start it or stand it down." in first
    assert page.html.select_one(f'#at-risk ~ ul a[href="/meetings/{ref}"]') is not None


def test_a_meeting_never_finished_says_that_nothing_is_live(
    app: Flask, browse: Browse, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        here = seen(make_room())
        began = here.room.now
    the_clock.at = began + timedelta(hours=13)

    pages = [browse(who).get("/") for who in (here.chair, here.duty, here.worker, here.manager)]

    for page in pages:
        assert f"Not finished Strategy meeting {here.ref}" in risks(page)[0]
        assert "Not finished: actions are not live and owners not told." in risks(page)[0]


def test_home_says_how_many_deadlines_it_does_not_show_and_leads_to_them(
    browse: Browse, many_deadlines: Account
) -> None:
    browser = browse(many_deadlines)

    page = browser.get("/")
    whole = page.click("See all that is at risk")

    assert len(risks(page)) == home.SHOWN
    assert "Not shown here: 2 more deadlines." in words(page)
    assert len(risks(whole)) == home.SHOWN + EXTRA
    assert "Not shown here" not in words(whole)


def test_a_program_reads_how_many_deadlines_there_are_and_may_ask_for_all(
    app: Flask, the_clock: Any, many_deadlines: Account
) -> None:
    client = program(app, many_deadlines, the_clock.at)

    few = client.get("/api/v1/home").json
    every = client.get("/api/v1/home?all=true").json

    assert (len(few["deadlines"]), few["deadlines_count"]) == (home.SHOWN, home.SHOWN + EXTRA)
    assert len(every["deadlines"]) == every["deadlines_count"] == home.SHOWN + EXTRA
    assert (few["unfinished"], few["unfinished_count"]) == ([], 0)


def test_home_says_how_many_of_my_meetings_it_does_not_show_and_leads_to_them(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        for number in range(home.SHOWN + EXTRA):
            child = make_known_child(world, given_name=f"Kim{number}")
            make_meeting(world, child, overlap_reason="Both must be held.")
        chair = world.chair
    browser = browse(chair)

    page = browser.get("/")
    whole = page.click("See all my meetings")

    assert f"{EXTRA} more are not shown here." in words(page)
    assert f"Not shown here: {EXTRA} more meetings that start soon." in words(page)
    assert len(page.html.select("#my-meetings li")) == home.SHOWN
    assert len(whole.html.select("#my-meetings li")) == home.SHOWN + EXTRA
    assert "not shown here" not in words(whole).lower()


def test_a_program_reads_what_was_left_open(app: Flask, the_clock: Any) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        meeting = make_meeting(world)
        ref, over, manager = meeting.ref, meeting.ends_at, world.manager
    the_clock.at = over + timedelta(days=3)

    answer = program(app, manager, the_clock.at).get("/api/v1/home").json

    assert answer["unfinished_count"] == 1
    assert answer["unfinished"][0]["ref"] == ref
    assert answer["unfinished"][0]["words"] == "Was it held? Start it or stand it down."


def program(app: Flask, account: Account, now: datetime) -> TestApp:
    with app.app_context(), unit_of_work():
        _, token = tokens.create(
            session.get_one(Account, account.id),
            label="test",
            scopes=("read",),
            days=30,
            actor=Actor.system("tests"),
            now=now,
        )
    client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
    client.authorization = ("Bearer", token)
    return client
