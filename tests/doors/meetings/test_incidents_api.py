"""The same story through the API: report, judge, convene or hold, decide against a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from webtest import TestApp

from core.db import session, unit_of_work
from meetings.models.incidents import Involvement
from meetings.models.meetings import Meeting
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor
from tests.factories.meetings import World, make_known_child, make_world

Client = Callable[[Account], TestApp]


@pytest.fixture
def program(app: Flask, now: datetime) -> Client:
    """Return a client with a token of an account."""

    def make(account: Account) -> TestApp:
        with app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id),
                label="test", scopes=("read", "write"), days=30,
                actor=Actor.system("tests"), now=now,
            )  # fmt: skip
        client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client

    return make


@pytest.fixture
def world(app: Flask) -> World:
    """A partnership with its directory."""
    with app.app_context(), unit_of_work():
        return make_world()


def _part(app: Flask, world: World, **given: Any) -> dict[str, Any]:
    with app.app_context(), unit_of_work():
        child = make_known_child(world)
    return {
        "child_ref": child.ref,
        "part": "harmed",
        "kind": "knife",
        "happened_at": "2026-11-20T16:10:00+00:00",
        "narrative": "Stabbed in the arm.",
        "safe_now": "yes",
    } | given


def _reported(app: Flask, world: World, client: TestApp) -> str:
    body = {"parts": [_part(app, world)]}
    answer = client.post_json("/api/v1/incidents", body, status=201)
    return str(answer.json["items"][0]["ref"])


def test_an_incident_is_reported_and_judged(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)

    ref = _reported(app, world, client)

    judged = client.get(f"/api/v1/incidents/{ref}/judgement").json
    assert judged["meeting_type"] == "strategy"
    assert judged["deadline_on"] == "2026-11-23"
    assert judged["status"] == "open"


def test_two_children_are_reported_each_with_its_own_part(
    app: Flask, world: World, program: Client
) -> None:
    client = program(world.duty)
    parts = [
        _part(app, world),
        _part(app, world, part="suspected", narrative="Seen running away."),
    ]

    made = client.post_json("/api/v1/incidents", {"parts": parts}, status=201).json["items"]

    assert made[0]["other_parts"] == [made[1]["ref"]]
    assert "running" not in str(client.get(f"/api/v1/incidents/{made[0]['ref']}").json)


def test_the_same_key_reports_once(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)
    body = {"parts": [_part(app, world)]}

    answers = [
        client.post_json("/api/v1/incidents", body, headers={"Idempotency-Key": "k1"}, status=201)
        for _ in range(3)
    ]

    assert len({answer.json["items"][0]["ref"] for answer in answers}) == 1
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Involvement)) == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"happened_at": "2026-11-21T10:00:00+00:00"}, 409),
        ({"happened_at": "2026-11-20T10:00:00"}, 422),
        ({"part": "client"}, 409),
        ({"score": {"value": 5}}, 422),
        ({"answers": {"weapon": "yes"}}, 422),
        ({"safe_now": "perhaps"}, 422),
    ],
)
def test_what_cannot_be_is_refused_as_a_problem(
    app: Flask, world: World, program: Client, given: dict[str, Any], status: int
) -> None:
    client = program(world.duty)

    answer = client.post_json(
        "/api/v1/incidents", {"parts": [_part(app, world, **given)]}, status=status
    )

    assert answer.content_type == "application/problem+json"
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Involvement)) == 0


def test_a_meeting_is_convened_from_the_proposal(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)
    ref = _reported(app, world, client)
    proposal = client.get(f"/api/v1/incidents/{ref}/proposal").json
    start = datetime.fromisoformat(proposal["starts"][0])

    made = client.post_json(
        f"/api/v1/incidents/{ref}/meetings",
        {
            "on": start.date().isoformat(),
            "at": f"{start:%H:%M}",
            "minutes": 60,
            "chair_id": proposal["chairs"][0]["id"],
        },
        status=201,
    )

    assert {"police_safeguarding|", "safeguarding_nurse|"} <= {
        each["seat"] for each in proposal["invitees"]
    }
    assert made.json["ref"].startswith("M-")
    assert client.get(f"/api/v1/incidents/{ref}/judgement").json["meeting_ref"] == made.json["ref"]


def test_a_discussion_is_held_now(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)
    ref = _reported(app, world, client)
    proposal = client.get(f"/api/v1/incidents/{ref}/proposal").json
    body = {
        "chair_id": proposal["chairs"][0]["id"],
        "took_part": [
            {"seat": each["seat"], "name": "Alex Moor"}
            for each in proposal["invitees"]
            if each["is_statutory"]
        ],
    }

    made = client.post_json(f"/api/v1/incidents/{ref}/discussions", body, status=201)

    assert made.json["is_immediate"]
    with app.app_context():
        assert session.scalars(select(Meeting)).one().status == "in_progress"


def test_answers_need_the_version_that_was_read(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)
    ref = _reported(app, world, client)
    tag = client.get(f"/api/v1/incidents/{ref}").headers["ETag"]
    body = {"retaliation_risk": "yes"}

    missing = client.put_json(f"/api/v1/incidents/{ref}/answers", body, status=428)
    judged = client.put_json(f"/api/v1/incidents/{ref}/answers", body, headers={"If-Match": tag})
    old = client.put_json(
        f"/api/v1/incidents/{ref}/answers", {}, headers={"If-Match": tag}, status=412
    )

    assert "If-Match" in missing.json["detail"]
    assert judged.json["change"]["because"] == "answer"
    assert old.content_type == "application/problem+json"


def test_no_meeting_is_proposed(app: Flask, world: World, program: Client) -> None:
    client = program(world.duty)
    ref = _reported(app, world, client)

    answer = client.post_json(f"/api/v1/incidents/{ref}/no-meeting", {"reason": "Recorded twice."})

    assert answer.json["status"] == "none_proposed"


def test_a_stranger_is_told_that_there_is_no_such_thing(
    app: Flask, world: World, program: Client
) -> None:
    ref = _reported(app, world, program(world.duty))

    program(world.chair).get(f"/api/v1/incidents/{ref}", status=404)
