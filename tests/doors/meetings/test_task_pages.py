"""Tasks that no other act finishes are ticked off; the others are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.queries.tasks import key_of
from meetings.service import tasks
from meetings.service.undelivered import BOUNCED
from meetings.terms import MeetingStatus
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor
from tests.factories.meetings import World, make_meeting, make_world
from tests.factories.people import make_account

WRONG, SEEN, NOT_FOUND = 422, 303, 404
Browse = Callable[[Account], TestApp]


@dataclass(slots=True)
class Here:
    """A meeting, its convenor at a browser, and tasks put on their list."""

    app: Flask
    world: World
    meeting: Meeting
    seat: Invitation
    desk: TestApp

    def ask(self, kind: str, **more: Any) -> str:
        """Put a task on the convenor's list and return what stands for it in a URL."""
        given = {"ref": self.meeting.ref, "words": "Ring Park Road Surgery"} | more
        with self.app.app_context(), unit_of_work():
            task = tasks.ask(
                kind,
                now=self.world.now,
                child_id=self.meeting.child_id,
                meeting_id=self.meeting.id,
                for_account_id=self.world.duty.id,
                **given,
            )
            return key_of(task.id)

    def task(self, key: str) -> Task:
        """Return a task as it stands in the database."""
        with self.app.app_context(), reading():
            found = next(each for each in session.scalars(select(Task)) if key_of(each.id) == key)
            session.expunge(found)
            return found


@pytest.fixture
def here(app: Flask, browse: Browse) -> Here:
    with app.app_context(), unit_of_work():
        world = make_world()
        meeting = make_meeting(world)
        seat = session.scalars(
            select(Invitation).where(Invitation.meeting_id == meeting.id).limit(1)
        ).one()
    return Here(app, world, meeting, seat, browse(world.duty))


def form_of(page: Any, key: str) -> Any:
    return next(form for form in page.forms.values() if form.action == f"/tasks/{key}")


@pytest.mark.parametrize("kind", [tasks.RING, BOUNCED])
def test_a_call_about_an_action_is_ticked_off_from_home_with_a_note(kind: str, here: Here) -> None:
    key = here.ask(kind, ref="A-7F3K9Q")

    page = here.desk.get("/").click(href=f"/tasks/{key}")
    form = form_of(page, key)
    form["note"] = "Spoke to the practice manager."
    form.submit(status=SEEN)

    done = here.task(key)
    assert "I have rung: done" in page
    assert done.done_at is not None
    assert (done.done_by_id, done.outcome) == (
        here.world.duty.id,
        "Spoke to the practice manager.",
    )
    assert "Ring Park Road Surgery" not in here.desk.get("/").html.select_one("main").get_text()
    with here.app.app_context(), reading():
        line = session.scalars(
            select(AuditEntry).where(
                AuditEntry.verb == "task.done", AuditEntry.subject_id == str(done.id)
            )
        ).one()
        assert (line.account_id, line.child_id) == (here.world.duty.id, here.meeting.child_id)


def test_a_call_about_an_invitee_is_logged_before_the_meeting_and_ticked_off_after_it(
    here: Here,
) -> None:
    key = here.ask(tasks.RING, subject_id=here.seat.id, due_at=here.meeting.starts_at)
    before = here.desk.get("/")
    refused = here.desk.get(f"/tasks/{key}")
    token = refused.html.select_one('meta[name="csrf-token"]')["content"]
    here.desk.post(f"/tasks/{key}", {"csrf_token": token, "note": "x"}, status=WRONG)
    assert here.task(key).done_at is None

    with here.app.app_context(), unit_of_work():
        session.get_one(Meeting, here.meeting.id).status = MeetingStatus.HELD
    form_of(here.desk.get(f"/tasks/{key}"), key).submit(status=SEEN)

    assert f"/tasks/{key}" not in before
    assert "I have rung" not in refused
    assert here.task(key).done_at is not None


@pytest.mark.parametrize("kind", [tasks.DECIDE, tasks.CONFIRM_NONE, tasks.AGENDA, tasks.READ_CODE])
def test_what_is_done_by_its_own_act_is_not_ticked_off(kind: str, here: Here) -> None:
    key = here.ask(kind, subject_id=here.seat.id)

    page = here.desk.get(f"/tasks/{key}")
    token = page.html.select_one('meta[name="csrf-token"]')["content"]
    answer = here.desk.post(f"/tasks/{key}", {"csrf_token": token, "note": "x"}, status=WRONG)

    assert "not ticked off by itself" in page
    assert "not ticked off by itself" in answer
    assert f"/tasks/{key}" not in here.desk.get("/")
    assert here.task(key).done_at is None


def test_a_meeting_that_was_to_follow_is_ticked_off_only_with_why(here: Here) -> None:
    key = here.ask(tasks.FOLLOW_UP, subject_id=here.meeting.id)
    form = form_of(here.desk.get(f"/tasks/{key}"), key)

    asked = form.submit(status=WRONG)
    form["note"] = "Held as M-7F3K9Q."
    form.submit(status=SEEN)

    assert "Say why it is done" in asked
    assert here.task(key).outcome == "Held as M-7F3K9Q."


def test_somebody_elses_task_is_not_there(here: Here, browse: Browse) -> None:
    key = here.ask(tasks.RING)
    with here.app.app_context(), unit_of_work():
        other = make_account(name="Leo Webb", team=here.world.team)
    browser = browse(other)
    token = browser.get("/").html.select_one('meta[name="csrf-token"]')["content"]

    browser.get(f"/tasks/{key}", status=NOT_FOUND)
    browser.post(f"/tasks/{key}", {"csrf_token": token}, status=NOT_FOUND)

    assert here.task(key).done_at is None


def test_a_program_ticks_a_task_off(here: Here) -> None:
    key = here.ask(tasks.RING)
    with here.app.app_context(), unit_of_work():
        _, token = tokens.create(
            session.get_one(Account, here.world.duty.id),
            label="test",
            scopes=("read", "write"),
            days=30,
            actor=Actor.system("tests"),
            now=here.world.now,
        )
    client = TestApp(here.app, extra_environ={"HTTP_HOST": "confer.example"})
    client.authorization = ("Bearer", token)

    waiting = client.get("/api/v1/home").json["waiting"]
    client.post_json(f"/api/v1/tasks/{key}/done", {"note": "Told."}, status=200)

    assert key in {each["key"] for each in waiting}
    assert here.task(key).outcome == "Told."
