"""A child's history: in order, and never a word about another child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from webtest import TestApp

from core.db import unit_of_work
from meetings.service import incidents
from people.models.accounts import Account
from people.terms import RelationKind
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import make_known_child, make_world, part_of
from tests.factories.people import make_account, make_relation
from tests.factories.records import held, make_room
from tests.factories.seen_rooms import seen

Browse = Callable[[Account], TestApp]


def titles(page: Any) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.html.select("main ol h2")]


def test_the_latest_stands_first_and_every_sort_of_thing_is_there(
    app: Flask, browse: Browse, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        here = seen(held(make_room()))
    the_clock.at = here.room.now

    page = browse(here.worker).get(f"/children/{here.child_ref}/timeline")

    found = titles(page)
    assert found[-1].startswith("Incident I-")
    assert any(title.startswith("Plan, version 1") for title in found)
    assert any(title.startswith("Decision at M-") for title in found)
    assert any(title.startswith("Action A-") for title in found)
    assert any(title == f"Strategy meeting {here.ref}: held" for title in found)


def test_victim_and_suspect_of_one_incident_never_meet_on_a_timeline(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        ade = make_known_child(world, given_name="Ade", family_name="Quillfeather")
        marcus = make_known_child(world, given_name="Marcus", family_name="Brambleway")
        incidents.report(
            [
                part_of(ade, part="harmed", narrative="Ade was stabbed near the bridge."),
                part_of(marcus, part="suspected", narrative="Marcus was seen with a knife."),
            ],
            actor=world.actor,
            letterhead=LETTERHEAD,
            now=world.now,
        )
        refs, worker = (ade.ref, marcus.ref), world.worker
    browser = browse(worker)

    of_ade = browser.get(f"/children/{refs[0]}/timeline")
    of_marcus = browser.get(f"/children/{refs[1]}/timeline")

    assert "Ade was stabbed" in of_ade
    assert not any(word in of_ade for word in ("Marcus", "Brambleway", refs[1], "with a knife"))
    assert not any(word in of_marcus for word in ("Ade ", "Quillfeather", refs[0], "stabbed"))


def test_the_meetings_page_lists_every_meeting_with_its_record(
    app: Flask, browse: Browse, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        here = seen(held(make_room()))
    the_clock.at = here.room.now

    page = browse(here.worker).get(f"/children/{here.child_ref}/meetings")

    assert here.ref in page
    assert "With its quorum." in page
    assert "Record, not released yet" in page


def test_somebody_invited_to_a_meeting_does_not_see_the_history(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        here = seen(make_room())
        guest = make_account()
        make_relation(
            account=guest,
            child=here.room.child,
            kind=RelationKind.INVITED,
            meeting_id=here.room.meeting.id,
        )

    browse(guest).get(f"/children/{here.child_ref}/timeline", status=404)


def test_an_empty_history_says_what_will_appear(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        ref, worker = make_known_child(world).ref, world.worker

    assert "Nothing is recorded yet." in browse(worker).get(f"/children/{ref}/timeline")
