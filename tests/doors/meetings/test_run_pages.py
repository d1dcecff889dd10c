"""The run page: one form of many parts, saved alone or together; and the check before the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import reading, session, unit_of_work
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance, Decision, ProposedAction, RecordSection
from meetings.queries.meetings import invitation_key
from meetings.service.standing import place_of
from meetings.terms import AttendanceState, InvitationState, MeetingStatus
from people.models.accounts import Account
from plans.models import Action
from tests.factories.people import make_account
from tests.factories.records import agree, decide, everybody_came, write
from tests.factories.seen_rooms import Seen, again, seen_room

Browse = Callable[[Account], TestApp]
PURPOSE = f"section.{place_of('purpose')}"
HISTORY = f"section.{place_of('history')}"


@pytest.fixture
def here(app: Flask, the_clock: Any) -> Seen:
    found = seen_room(app)
    the_clock.at = found.room.now
    return found


def texts(app: Flask) -> list[str]:
    with app.app_context(), reading():
        return sorted(session.scalars(select(RecordSection.text)))


def test_a_meeting_is_started_by_a_press_and_not_by_opening_the_page(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        meeting = session.scalars(select(Meeting)).one()
        meeting.status = MeetingStatus.ARRANGED
    browser = browse(here.chair)

    page = browser.get(f"/meetings/{here.ref}/run")
    with app.app_context(), reading():
        before = session.scalars(select(Meeting.status)).one()
    after = _form_of(page, "/run/start").submit().follow()

    assert before is MeetingStatus.ARRANGED
    assert "Who is here" in after
    with app.app_context(), reading():
        assert session.scalars(select(Meeting.status)).one() is MeetingStatus.IN_PROGRESS


def test_one_press_saves_everything_typed_on_the_page(
    app: Flask, browse: Browse, here: Seen
) -> None:
    form = _form(browse(here.writer), here)
    form[f"{PURPOSE}.text"] = "What happened on Friday."
    form[f"{HISTORY}.text"] = "Two earlier incidents."

    answer = form.submit("press", value="save.discussion")

    assert answer.status_int == 302
    assert texts(app) == ["Two earlier incidents.", "What happened on Friday."]


def test_a_page_left_open_overwrites_nothing_it_did_not_touch(
    app: Flask, browse: Browse, here: Seen
) -> None:
    old = _form(browse(here.chair), here)
    fresh = _form(browse(here.writer), here)
    fresh[f"{PURPOSE}.text"] = "Written meanwhile."
    fresh.submit("press", value="save.discussion")

    old[f"{HISTORY}.text"] = "From the page left open."
    old.submit("press", value="save.discussion")

    assert texts(app) == ["From the page left open.", "Written meanwhile."]


def test_two_people_in_one_place_are_both_shown_and_the_second_chooses(
    app: Flask, browse: Browse, here: Seen
) -> None:
    second = _form(browse(here.chair), here)
    first = _form(browse(here.writer), here)
    first[f"{PURPOSE}.text"] = "The first words."
    first.submit("press", value="save.discussion")

    second[f"{PURPOSE}.text"] = "The second words."
    clash = second.submit("press", value="save.discussion", status=409)

    assert "The first words." in clash
    assert "The second words." in clash
    assert here.duty.name in clash
    form = _form_of(clash)
    form[f"{PURPOSE}.text-keep"] = "both"
    form.submit("press", value="save.discussion")
    assert texts(app) == ["The first words.\n\nThe second words."]


def test_after_a_clash_keeping_theirs_changes_nothing(
    app: Flask, browse: Browse, here: Seen
) -> None:
    second = _form(browse(here.chair), here)
    first = _form(browse(here.writer), here)
    first[f"{PURPOSE}.text"] = "The first words."
    first.submit("press", value="save.discussion")
    second[f"{PURPOSE}.text"] = "The second words."
    form = _form_of(second.submit("press", value="save.discussion", status=409))

    unanswered = form.submit("press", value="save.discussion", status=409)
    assert "Choose which text to keep" in unanswered
    form[f"{PURPOSE}.text-keep"] = "theirs"
    form.submit("press", value="save.discussion")

    assert texts(app) == ["The first words."]


def test_the_script_saves_one_part_alone_and_learns_its_new_version(
    app: Flask, browse: Browse, here: Seen
) -> None:
    browser = browse(here.writer)
    form = _form(browser, here)

    answer = browser.post(
        f"/meetings/{here.ref}/run/autosave",
        {
            "csrf_token": form["csrf_token"].value,
            f"{PURPOSE}.text": "Saved as typed.",
            f"{PURPOSE}.version": "0",
            f"{PURPOSE}.seen": form[f"{PURPOSE}.seen"].value,
        },
    )

    assert texts(app) == ["Saved as typed."]
    assert answer.json["fields"][f"{PURPOSE}.version"] == "1"


def test_the_script_is_told_of_a_clash_and_saves_nothing(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        write(again(here), "purpose", "Theirs.")
    browser = browse(here.chair)
    form = _form(browser, here)

    answer = browser.post(
        f"/meetings/{here.ref}/run/autosave",
        {
            "csrf_token": form["csrf_token"].value,
            f"{PURPOSE}.text": "Mine.",
            f"{PURPOSE}.version": "0",
            f"{PURPOSE}.seen": "",
        },
        status=409,
    )

    assert "Compare" in answer.json["message"]
    assert texts(app) == ["Theirs."]


def test_an_action_half_typed_is_kept_while_something_else_is_saved(
    app: Flask, browse: Browse, here: Seen
) -> None:
    browser = browse(here.writer)
    form = _form(browser, here)
    form["action.new.what"] = "Arrange a mentor"

    form.submit("press", value="save.discussion").follow()
    form = _form(browser, here)

    assert form["action.new.what"].value == "Arrange a mentor"
    with app.app_context(), reading():
        assert session.scalars(select(ProposedAction)).all() == []


def test_an_action_is_agreed_with_its_owner_and_a_date_in_three_presses(
    app: Flask, browse: Browse, here: Seen
) -> None:
    browser = browse(here.chair)
    form = _form(browser, here)
    with app.app_context(), reading():
        row = next(row for row in again(here).invited if row.agency_kind == "youth_justice")
        owner, agency_id, email = invitation_key(row.id), row.agency_id, row.email
    form["action.new.what"] = "Arrange a mentor"
    form["action.new.owner"] = owner
    form["action.new.when"] = "seven"
    form["action.new.kind"] = "support"

    page = form.submit("press", value="add_action").follow()

    assert "Arrange a mentor" in page
    assert _form_of(page)["action.new.what"].value == ""
    with app.app_context(), reading():
        row = session.scalars(select(ProposedAction)).one()
        assert (row.agency_id, row.owner_email) == (agency_id, email)
        assert (row.due_on - here.room.now.date()).days == 7


def test_what_is_wrong_with_a_new_action_stands_beside_it_and_nothing_typed_is_lost(
    browse: Browse, here: Seen
) -> None:
    form = _form(browse(here.chair), here)
    form["action.new.what"] = "Arrange a mentor"
    form[f"{PURPOSE}.text"] = "Typed meanwhile."

    page = form.submit("press", value="add_action", status=422)

    shown = _form_of(page)
    assert "Choose what the action does." in page
    assert shown["action.new.what"].value == "Arrange a mentor"
    assert shown[f"{PURPOSE}.text"].value == "Typed meanwhile."


def test_everyone_who_accepted_is_here_in_one_press(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        room = again(here)
        for row in room.invited[:3]:
            row.state = InvitationState.ACCEPTED
    form = _form(browse(here.chair), here)

    page = form.submit("press", value="all_here").follow()

    with app.app_context(), reading():
        states = session.scalars(select(Attendance.state)).all()
    # And the chair, who is there without having answered.
    assert states == [AttendanceState.PRESENT] * 4
    assert "Quorum" in page


def test_a_press_taken_back_removes_a_decision(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        decide(again(here))
    form = _form(browse(here.chair), here)

    form.submit("press", value="remove.decision.1")

    with app.app_context(), reading():
        assert session.scalars(select(Decision.removed_at)).one() is not None


def test_the_check_names_each_gap_with_a_link_to_its_place(browse: Browse, here: Seen) -> None:
    form = _form(browse(here.chair), here)

    page = form.submit("press", value="finish").follow()

    assert "Not written: Purpose, and what happened." in page
    links = {link.get("href") for link in page.html.select("main a")}
    assert f"/meetings/{here.ref}/run#{PURPOSE}.text" in links
    assert f"/meetings/{here.ref}/run#who" in links


def test_finishing_shows_the_record_and_the_actions_are_live(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        room = again(here)
        everybody_came(room)
        decide(room)
        agree(room)
    page = browse(here.chair).get(f"/meetings/{here.ref}/finish")
    form = _form_of(page, "/finish")
    form["reason"] = "The family waits."

    record = form.submit().follow()

    assert "Initial child protection conference by" in record
    with app.app_context(), reading():
        assert session.scalars(select(Action.what)).one() == "Arrange a mentor"


def test_finishing_without_quorum_asks_for_reason_and_safety_and_keeps_what_was_typed(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        room = again(here)
        everybody_came(room, without=("police",))
        decide(room)
    page = browse(here.chair).get(f"/meetings/{here.ref}/finish")
    form = _form_of(page, "/finish")
    form["inquorate_reason"] = "Police were called away."
    form["reason"] = "The family waits."

    page = form.submit(status=422)

    assert "safety action due today" in page
    assert _form_of(page, "/finish")["inquorate_reason"].value == "Police were called away."


def test_a_stranger_finds_no_run_page(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        stranger = make_account()

    browse(stranger).get(f"/meetings/{here.ref}/run", status=404)


def test_no_name_of_a_parent_stands_in_the_names_of_boxes(
    app: Flask, browse: Browse, here: Seen
) -> None:
    form = _form(browse(here.chair), here)

    assert not any("Ellis" in name for name in form.fields if name)


def _form(browser: TestApp, here: Seen) -> Any:
    return _form_of(browser.get(f"/meetings/{here.ref}/run"))


def _form_of(page: Any, tail: str = "/run") -> Any:
    return next(form for form in page.forms.values() if form.action.endswith(tail))
