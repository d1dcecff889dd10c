"""The JSON doors of a meeting held: the same services, versions in tags, refusals as problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import reading, session, unit_of_work
from meetings.models.records import RecordSection
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor
from plans.models import Action
from tests.factories.people import make_account
from tests.factories.records import held, make_room
from tests.factories.seen_rooms import Seen, again, seen, seen_room

Program = Callable[[Account], TestApp]
MISSING, CLASH, FORBIDDEN, STALE, BARE = 404, 409, 403, 412, 428


@dataclass(slots=True)
class Here:
    """A running meeting, and a way to make an account's program."""

    seen: Seen
    program: Program

    @property
    def path(self) -> str:
        """The meeting in the API."""
        return f"/api/v1/meetings/{self.seen.ref}"


@pytest.fixture
def program(app: Flask, the_clock: Any) -> Program:
    def make(account: Account) -> TestApp:
        with app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id),
                label="test",
                scopes=("read", "write"),
                days=30,
                actor=Actor.system("tests"),
                now=the_clock.at,
            )
        client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client

    return make


@pytest.fixture
def here(app: Flask, program: Program, the_clock: Any) -> Here:
    found = seen_room(app)
    the_clock.at = found.room.now
    return Here(found, program)


def test_a_section_is_written_with_the_version_it_was_read_with(app: Flask, here: Here) -> None:
    client = here.program(here.seen.writer)
    record = client.get(f"{here.path}/record").json
    place = next(one for one in record["sections"] if one["heading"] == "purpose")

    answer = client.put_json(
        f"{here.path}/record/sections/{place['place']}",
        {"text": "What happened."},
        headers={"If-Match": '"0"'},
    )

    assert answer.headers["ETag"] == '"1"'
    with app.app_context(), reading():
        assert session.scalars(select(RecordSection.text)).one() == "What happened."


def test_a_section_written_over_somebodys_words_is_a_conflict_with_both(here: Here) -> None:
    first, second = here.program(here.seen.writer), here.program(here.seen.chair)
    place = next(
        one
        for one in first.get(f"{here.path}/record").json["sections"]
        if one["heading"] == "purpose"
    )["place"]
    url = f"{here.path}/record/sections/{place}"
    first.put_json(url, {"text": "First."}, headers={"If-Match": '"0"'})

    clash = second.put_json(url, {"text": "Second."}, headers={"If-Match": '"0"'}, status=STALE)

    assert clash.content_type == "application/problem+json"
    assert "First." in clash.text


def test_a_section_without_a_tag_is_asked_for_one(here: Here) -> None:
    client = here.program(here.seen.writer)
    place = client.get(f"{here.path}/record").json["sections"][0]["place"]

    client.put_json(f"{here.path}/record/sections/{place}", {"text": "x"}, status=BARE)


def test_marks_need_the_version_that_was_read(here: Here) -> None:
    first, second = here.program(here.seen.chair), here.program(here.seen.writer)
    record = first.get(f"{here.path}/record").json
    marks = {"marks": [{"invitee": record["attendance"][0]["invitee"], "came": {"state": "part"}}]}
    path, tag = f"{here.path}/record/attendance", f'"{record["attendance_version"]}"'

    second.put_json(path, marks, status=BARE)
    marked = first.put_json(path, marks, headers={"If-Match": tag})
    second.put_json(path, marks, headers={"If-Match": tag}, status=STALE)

    second.put_json(path, marks, headers={"If-Match": marked.headers["ETag"]})


def test_a_whole_meeting_is_held_by_a_program(app: Flask, here: Here, program: Program) -> None:
    chair = here.program(here.seen.chair)
    record = chair.get(f"{here.path}/record").json
    marks = [
        {"invitee": one["invitee"], "came": {"state": "present"}} for one in record["attendance"]
    ]
    chair.put_json(
        f"{here.path}/record/attendance",
        {"marks": marks},
        headers={"If-Match": f'"{record["attendance_version"]}"'},
    )
    chair.post_json(
        f"{here.path}/record/decisions",
        {"kind": "enquiry_begins", "text": "It begins.", "reason": "Because."},
    )
    owner = next(
        one for one in record["attendance"] if one["role"] == "Designated safeguarding lead"
    )
    chair.post_json(
        f"{here.path}/record/actions",
        {
            "what": "Arrange a mentor",
            "kind": "support",
            "owner": owner["invitee"],
            "due": "2026-11-30",
        },
    )
    check = chair.get(f"{here.path}/finish").json

    done = chair.post_json(f"{here.path}/finish", {"reason": "The family waits."}).json

    assert check["quorum"]["is_quorate"] is True
    assert any(gap["id"].startswith("heading:") for gap in check["gaps"])
    assert done["is_quorate"] is True
    conference = next(
        one for one in done["follow_ons"] if one["meeting_type"] == "initial_conference"
    )
    assert conference["on"] == "2026-12-14"
    with app.app_context(), reading():
        assert session.scalars(select(Action.ref)).all() == done["action_refs"]


def test_release_by_a_writer_is_refused_and_by_a_second_person_done(
    app: Flask, program: Program, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        found = seen(held(make_room()))
    the_clock.at = found.room.now
    path = f"/api/v1/meetings/{found.ref}"
    chair, manager, duty = program(found.chair), program(found.manager), program(found.duty)
    tag = chair.get(f"{path}/record").headers["ETag"]
    chair.put_json(f"{path}/record/approval", {}, headers={"If-Match": tag})

    duty.post_json(f"{path}/record/release", {}, status=FORBIDDEN)
    sent = manager.post_json(f"{path}/record/release", {}).json

    assert sent["count"] > 3
    assert chair.get(f"{path}/record").json["status"] == "released"


def test_finishing_with_something_missing_is_refused_with_what_to_do(here: Here) -> None:
    chair = here.program(here.seen.chair)

    problem = chair.post_json(f"{here.path}/finish", {}, status=CLASH)

    assert "quorum" in problem.text.lower()


def test_home_history_and_search_answer_programs_as_they_answer_people(
    app: Flask, program: Program, the_clock: Any
) -> None:
    with app.app_context(), unit_of_work():
        found = seen(held(make_room()))
        stranger = make_account()
    the_clock.at = found.room.now
    worker = program(found.worker)

    home = program(found.chair).get("/api/v1/home").json
    timeline = worker.get(f"/api/v1/children/{found.child_ref}/timeline").json
    meetings = worker.get(f"/api/v1/children/{found.child_ref}/meetings").json
    hits = worker.post_json("/api/v1/search", {"q": "jordan ellis"}).json
    nothing = program(stranger).post_json("/api/v1/search", {"q": "jordan ellis"}).json

    assert any(one["words"].startswith("Approve the record") for one in home["waiting"])
    assert {one["kind"] for one in timeline["items"]} >= {"incident", "meeting", "action", "plan"}
    assert [one["ref"] for one in meetings["items"]] == [found.ref]
    assert [one["ref"] for one in hits["children"]] == [found.child_ref]
    assert nothing == {"children": [], "meetings": [], "actions": []}


def test_a_stranger_finds_no_record(app: Flask, here: Here) -> None:
    with app.app_context(), unit_of_work():
        assert again(here.seen).record is not None
        stranger = make_account()

    here.program(stranger).get(f"{here.path}/record", status=MISSING)
