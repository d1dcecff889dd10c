"""Meetings, invitees and waiting mail through the API: the pages' own services and permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from webtest import TestApp

from core.db import reading, session, unit_of_work
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries.meetings import invitation_key
from meetings.service import proposals
from meetings.terms import AnswerChannel
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor, Role
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, make_known_child, make_meeting, make_world
from tests.factories.people import make_account
from tests.factories.replies import a_reply, deliver_all, given, receive, seat_of

MISSING, CLASH, WRONG, STALE, BARE = 404, 409, 422, 412, 428


@dataclass(slots=True)
class Here:
    """A meeting that was just arranged, and a program of whoever convened it."""

    app: Flask
    world: World
    meeting: Meeting
    school: Invitation
    program: TestApp
    make: Callable[[Account], TestApp]

    @property
    def path(self) -> str:
        """The meeting in the API."""
        return f"/api/v1/meetings/{self.meeting.ref}"

    def of(self, row: Invitation, tail: str = "") -> str:
        """Return an invitee in the API."""
        return f"{self.path}/invitees/{invitation_key(row.id)}{tail}"

    def change(
        self, tail: str, body: dict[str, Any], method: str = "post_json", **more: Any
    ) -> Any:
        """Send a change with the tag of what was last read."""
        tag = self.program.get(self.path).headers["ETag"]
        send = getattr(self.program, method)
        return send(f"{self.path}/{tail}", body, headers={"If-Match": tag}, **more)


@pytest.fixture
def here(app: Flask, now: datetime) -> Here:
    with app.app_context(), unit_of_work():
        world = make_world()
        meeting = make_meeting(world, make_known_child(world))
        deliver_all(now=now)
        school = seat_of(meeting, "school")

    def make(account: Account) -> TestApp:
        with app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id), label="test", scopes=("read", "write"),
                days=30, actor=Actor.system("tests"), now=now,
            )  # fmt: skip
        client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client

    return Here(app, world, meeting, school, make(world.duty), make)


def test_a_meeting_is_read_with_its_quorum_and_its_tag(here: Here) -> None:
    answer = here.program.get(here.path)

    assert answer.headers["ETag"] == f'"{here.meeting.version}"'
    assert answer.json["quorum"]["legal"] == "not_known"
    assert {each["state"] for each in answer.json["invitees"]} == {"no_answer"}


def test_the_list_holds_what_the_caller_may_see(here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        stranger = make_account(name="Una Marsh", roles=(Role.SOCIAL_WORKER,), now=here.world.now)

    mine = here.program.get("/api/v1/meetings").json["items"]
    theirs = here.make(stranger).get("/api/v1/meetings").json["items"]

    assert [each["ref"] for each in mine] == [here.meeting.ref]
    assert theirs == []
    here.make(stranger).get(here.path, status=MISSING)


def test_a_move_needs_the_tag_and_raises_the_sequence(here: Here) -> None:
    later = (here.meeting.starts_at + timedelta(hours=1)).isoformat()
    body = {"starts_at": later, "minutes": 60, "reason": "more_can_attend"}

    here.program.post_json(f"{here.path}/move", body, status=BARE)
    moved = here.change("move", body)

    assert moved.json["sequence"] == 1
    assert moved.json["starts_at"] == later


def test_a_move_to_a_time_at_which_somebody_is_taken_must_be_meant(here: Here) -> None:
    later = here.meeting.starts_at + timedelta(hours=4)
    with here.app.app_context(), unit_of_work():
        make_meeting(here.world, make_known_child(here.world, given_name="Kim"), starts_at=later)
    body = {"starts_at": later.isoformat(), "minutes": 60, "reason": "more_can_attend"}

    refused = here.change("move", body, status=CLASH)
    moved = here.change("move", body | {"despite_clash": True})

    assert refused.json["rule"] == "meeting.clash"
    assert moved.json["sequence"] == 1


def test_an_old_tag_is_a_conflict(here: Here) -> None:
    later = (here.meeting.starts_at + timedelta(hours=1)).isoformat()
    body = {"starts_at": later, "minutes": 60, "reason": "more_can_attend"}
    here.change("move", body)

    here.program.post_json(f"{here.path}/move", body, headers={"If-Match": '"1"'}, status=STALE)


def test_an_unknown_field_is_refused(here: Here) -> None:
    body = {"reason": "no_longer_needed", "status": "held"}

    here.change("stand-down", body, status=WRONG)


def test_a_meeting_is_stood_down(here: Here) -> None:
    answer = here.change("stand-down", {"reason": "no_longer_needed"})

    assert (answer.json["status"], answer.json["stood_down_reason"]) == (
        "stood_down",
        "no_longer_needed",
    )


def test_joining_details_are_changed(here: Here) -> None:
    body = {"how": "in_person", "joining": "Room 4"}

    answer = here.change("joining", body, method="put_json")

    assert (answer.json["joining"], answer.json["sequence"]) == ("Room 4", 0)


def test_an_answer_by_telephone_is_written_down(here: Here) -> None:
    body = {"answer": "decline", "person_name": "Ms Ali", "person_role": "Head"}

    answer = here.program.post_json(here.of(here.school, "/answer"), body)

    assert answer.json["state"] == "declined"
    assert answer.json["answers"][0]["person_name"] == "Ms Ali"


def test_the_same_key_writes_one_call(here: Here) -> None:
    path, body = here.of(here.school, "/calls"), {"outcome": "no_answer"}
    headers = {"Idempotency-Key": "call-1"}

    first = here.program.post_json(path, body, headers=headers)
    again = here.program.post_json(path, body, headers=headers)

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


def test_information_is_written_down_and_read(here: Here) -> None:
    nothing = {"answer": "nothing_known"}
    body = {
        "injury": nothing, "weapon": nothing, "emergency": {"answer": "no"}, "health": None,
        "last_seen": "On Friday.", "worries": None, "strengths": None, "parents": None,
        "share_with_family": "yes",
    }  # fmt: skip

    here.program.post_json(here.of(here.school, "/information"), body)

    # Whoever convened may write it down; the chair reads it.
    read = here.make(here.world.chair).get(f"{here.path}/information").json["items"]
    assert [(each["agency"], each["last_seen"]) for each in read] == [
        (here.school.agency_name, "On Friday.")
    ]


def test_silence_in_the_information_is_refused(here: Here) -> None:
    answer = here.program.post_json(here.of(here.school, "/information"), {}, status=WRONG)

    assert "nothing is known" in answer.text


def test_somebody_is_added_and_withdrawn(here: Here) -> None:
    found = here.program.get(f"{here.path}/candidates").json["items"]
    wanted = next(each for each in found if "hospital" in each["agency"])

    added = here.program.post_json(
        f"{here.path}/invitees", {"who": wanted["key"], "why": "Treated the child."}, status=201
    )
    path = f"{here.path}/invitees/{added.json['key']}/withdrawal"
    gone = here.program.post_json(path, {"reason": "A mistake."})

    assert added.json["state"] == "no_answer"
    assert gone.json["state"] == "withdrawn"


def test_an_address_is_put_right_only_as_it_was_read(here: Here) -> None:
    path, domain = here.of(here.school), str(here.school.email).rpartition("@")[2]
    tag = {"If-Match": here.program.get(path).headers["ETag"]}
    right, other = {"email": f"joy@{domain}"}, {"email": f"joan@{domain}"}

    here.program.put_json(f"{path}/address", right, status=BARE)
    corrected = here.program.put_json(f"{path}/address", right, headers=tag)
    here.program.put_json(f"{path}/address", other, headers=tag, status=STALE)

    assert corrected.json["email"] == right["email"]
    assert here.program.get(path).headers["ETag"] == corrected.headers["ETag"]


def test_a_statutory_role_stays(here: Here) -> None:
    with here.app.app_context(), reading():
        police = seat_of(here.meeting, "police")
        session.expunge_all()

    answer = here.program.post_json(
        here.of(police, "/withdrawal"), {"reason": "Too many."}, status=CLASH
    )

    assert answer.json["rule"] == "invitee.statutory"


def test_a_suggested_time_is_accepted(here: Here) -> None:
    start = here.meeting.starts_at + timedelta(hours=2)
    with here.app.app_context(), unit_of_work():
        proposals.suggest(
            seat_of(here.meeting, "school"), starts_at=start, ends_at=start + timedelta(hours=1),
            channel=AnswerChannel.LINK, letterhead=LETTERHEAD, actor=given.by_link,
            now=here.world.now,
        )  # fmt: skip

    suggested = here.program.get(here.path).json["suggested_times"]
    answer = here.program.post_json(f"{here.path}/suggested-times/1/accept", {})

    assert [each["starts_at"] for each in suggested] == [start.isoformat()]
    assert answer.json["starts_at"] == start.isoformat()


def test_a_code_is_read_out(here: Here) -> None:
    answer = here.program.post_json(here.of(here.school, "/code"), {}, status=201)

    assert len(answer.json["code"]) == 6
    assert answer.json["telephone"] == here.school.telephone


def test_business_support_sorts_waiting_mail(here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        desk = make_account(
            name="Bea Holt", roles=(Role.BUSINESS_SUPPORT,), team=here.world.team,
            now=here.world.now,
        )  # fmt: skip
        school = seat_of(here.meeting, "school")
        receive(a_reply(here.meeting, school, attendee="x@stranger.example"), now=here.world.now)
    client = here.make(desk)

    waiting = client.get("/api/v1/mail/review").json["items"]
    settled = client.post_json(
        f"/api/v1/mail/review/{waiting[0]['key']}/match",
        {"reference": here.meeting.ref, "invitee": invitation_key(here.school.id)},
    )

    assert waiting[0]["reference"] == here.meeting.ref
    assert settled.json == {"outcome": "applied"}
    assert client.get("/api/v1/mail/review").json["items"] == []


def test_the_description_of_the_api_holds_these_doors(here: Here) -> None:
    described = here.program.get("/api/v1/openapi.json").json["paths"]

    assert "/api/v1/meetings/{ref}/move" in described
    assert "/api/v1/meetings/{ref}/invitees/{key}/answer" in described
