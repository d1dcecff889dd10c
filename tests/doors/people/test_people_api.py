"""The JSON doors of people: bearer tokens, scopes, entity tags, repeated creates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import session, unit_of_work
from people.models.accounts import Account
from people.models.children import Child
from people.service import accounts, tokens
from people.terms import Actor, RelationKind, Role
from tests.doors.people.conftest import World
from tests.factories.people import make_account, make_relation

Client = Callable[..., TestApp]
CHILD = {"given_name": "Amara", "family_name": "Okafor", "born_on": "2012-01-02"}


@pytest.fixture
def program(app: Flask, now: datetime) -> Client:
    """Return a client with a token of an account: ``program(account, "read", "write")``."""

    def make(account: Account, *scopes: str) -> TestApp:
        with app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id),
                label="test",
                scopes=scopes or ("read", "write"),
                days=30,
                actor=Actor.system("tests"),
                now=now,
            )
        client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client

    return make


def test_a_program_without_a_token_that_works_is_told_so(app: Flask, world: World) -> None:
    client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})

    for headers in ({}, {"Authorization": "Bearer nothing"}, {"Authorization": "Basic eDp5"}):
        answer = client.get("/api/v1/children", headers=headers, status=401)

        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_an_ended_account_stops_at_once(
    program: Client, app: Flask, world: World, now: datetime
) -> None:
    client = program(world.worker)
    with app.app_context(), unit_of_work():
        account = session.get_one(Account, world.worker.id)
        accounts.disable(account, actor=Actor.system("tests"), now=now)

    client.get("/api/v1/children", status=401)


def test_a_token_that_only_reads_writes_nothing(program: Client, world: World) -> None:
    client = program(world.worker, "read")

    client.get("/api/v1/children")
    client.post_json("/api/v1/children", {"child": CHILD}, status=403)


def test_children_are_listed_and_found(program: Client, world: World) -> None:
    client = program(world.worker)

    listed = client.get("/api/v1/children").json
    found = client.post_json("/api/v1/children/find", {"q": "ellis jor"}).json

    assert [each["ref"] for each in listed["items"]] == [world.child.ref]
    assert listed["has_more"] is False
    assert found["items"] == [
        {
            "ref": world.child.ref,
            "name": "Jordan Ellis",
            "age": "15",
            "school": None,
            "may_open": True,
        }
    ]


def test_a_child_is_recorded_once_however_often_it_is_sent(
    program: Client, world: World, app: Flask
) -> None:
    client = program(world.worker)
    headers = {"Idempotency-Key": "case-1"}

    first = client.post_json("/api/v1/children", {"child": CHILD}, headers=headers, status=201)
    again = client.post_json("/api/v1/children", {"child": CHILD}, headers=headers, status=201)

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == f"/api/v1/children/{first.json['ref']}"
    with app.app_context():
        assert len(session.scalars(select(Child)).all()) == 2


def test_a_likely_duplicate_is_refused_until_the_caller_knows_better(
    program: Client, world: World
) -> None:
    client = program(world.duty)
    same = {"given_name": "Jordan", "family_name": "Ellis", "born_on": "2011-03-27"}

    refused = client.post_json("/api/v1/children", {"child": same}, status=409)
    made = client.post_json(
        "/api/v1/children", {"child": same, "is_none_of_the_duplicates": True}, status=201
    )

    assert refused.json["rule"] == "child.likely_duplicate"
    assert world.child.ref in refused.json["detail"]
    assert made.json["ref"] != world.child.ref


@pytest.mark.parametrize(
    "wrong",
    [
        {"born_on": "2012-02-30"},
        {"nhs_number": "9991234561"},
        {"disability": "maybe"},
        {"given_name": ""},
        {"version": 4},
        {"allocated_to_id": "00000000-0000-0000-0000-000000000001"},
        {"team_id": None},
        {"ref": "C-AAAAAA"},
    ],
)
def test_a_field_that_is_wrong_or_not_the_callers_is_refused(
    wrong: dict[str, Any], program: Client, world: World
) -> None:
    answer = program(world.worker).post_json(
        "/api/v1/children", {"child": CHILD | wrong}, status=422
    )

    assert answer.content_type == "application/problem+json"
    assert next(iter(wrong)) in str(answer.json["errors"])


def test_a_child_is_read_and_corrected_with_its_tag(program: Client, world: World) -> None:
    client, path = program(world.worker), f"/api/v1/children/{world.child.ref}"
    read = client.get(path)
    details = read.json["details"] | {"preferred_name": "Jay"}
    tag = {"If-Match": read.headers["ETag"]}

    saved = client.put_json(path, details, headers=tag)
    late = client.put_json(path, details | {"preferred_name": "J"}, headers=tag, status=412)
    bare = client.put_json(path, details, status=428)

    assert (read.json["worker"], read.json["team"]) == ("Ana Silva", "Assessment team")
    assert saved.json["name"] == "Jay Ellis"
    assert saved.headers["ETag"] != read.headers["ETag"]
    assert late.json["theirs"] == {"preferred_name": "Jay"}
    assert "If-Match" in bare.json["detail"]


def test_an_unrelated_child_answers_like_one_that_is_not_there(
    program: Client, world: World
) -> None:
    client = program(world.stranger)

    hidden = client.get(f"/api/v1/children/{world.child.ref}", status=404)
    absent = client.get("/api/v1/children/C-AAAAAA", status=404)

    assert hidden.json == absent.json


def test_an_invited_professional_reads_who_it_is_and_no_details(
    program: Client, world: World, app: Flask
) -> None:
    with app.app_context(), unit_of_work():
        professional = make_account(roles=[Role.PROFESSIONAL])
        child = session.get_one(Child, world.child.id)
        make_relation(account=professional, child=child, kind=RelationKind.INVITED)
    client = program(professional)

    shown = client.get(f"/api/v1/children/{world.child.ref}").json
    people = client.get(f"/api/v1/children/{world.child.ref}/people").json

    assert (shown["name"], shown["details"], shown["worker"]) == ("Jordan Ellis", None, None)
    assert people == {"items": []}
    client.post_json("/api/v1/children/find", {"q": "jordan"}, status=403)


def test_the_network_is_written_changed_and_ended(program: Client, world: World) -> None:
    client, path = program(world.worker), f"/api/v1/children/{world.child.ref}/people"
    school = {"kind": "school", "agency_id": str(world.school.id)}

    made = client.post_json(path, school, status=201).json
    changed = client.post_json(
        f"{path}/changes",
        {
            "id": made["id"],
            "version": made["version"],
            "connection": {"kind": "school", "status": "not_known"},
        },
    ).json
    shown = client.get(path).json["items"]
    client.post_json(f"{path}/ends", {"id": changed["id"], "version": changed["version"]})

    assert [(each["kind"], each["status"]) for each in shown] == [("school", "not_known")]
    assert client.get(path).json == {"items": []}
    client.post_json(f"{path}/ends", {"id": str(world.school.id), "version": 1}, status=404)


def test_a_child_is_allocated(program: Client, world: World) -> None:
    client, child = program(world.manager), f"/api/v1/children/{world.child.ref}"
    path, tag = f"{child}/allocation", {"If-Match": client.get(child).headers["ETag"]}
    given = {"team_id": str(world.team.id), "worker_id": str(world.stranger.id)}

    answer = client.put_json(path, given, headers=tag)

    assert answer.json["worker"] == "Leo Webb"
    now = {"If-Match": answer.headers["ETag"]}
    client.put_json(path, {"team_id": str(world.child.id)}, headers=now, status=409)


def test_an_allocation_needs_the_version_that_was_read(program: Client, world: World) -> None:
    client, child = program(world.manager), f"/api/v1/children/{world.child.ref}"
    path, tag = f"{child}/allocation", {"If-Match": client.get(child).headers["ETag"]}
    team = {"team_id": str(world.team.id)}

    client.put_json(path, team, status=428)
    client.put_json(path, team | {"worker_id": str(world.stranger.id)}, headers=tag)
    client.put_json(path, team, headers=tag, status=412)

    assert client.get(child).json["worker"] == "Leo Webb"


def test_the_directory_is_read_and_kept(program: Client, world: World) -> None:
    client = program(world.manager)
    gp = {"name": "Park Road Surgery", "kind": "gp"}

    made = client.post_json("/api/v1/agencies", gp, status=201)
    path = f"/api/v1/agencies/{made.json['ref']}"
    client.post_json(
        f"{path}/closures",
        {"from_on": "2026-12-25", "to_on": "2026-12-26", "why": "Christmas"},
        status=201,
    )
    box = client.post_json(
        f"{path}/mailboxes",
        {"role": "gp_safeguarding_lead", "label": "Inbox", "email": "a@park.example"},
        status=201,
    ).json
    client.post_json(
        f"{path}/mailboxes/changes",
        {
            "id": box["id"],
            "version": box["version"],
            "mailbox": {"role": "gp_safeguarding_lead", "label": "Inbox", "telephone": "01632 1"},
        },
    )
    client.post_json(f"{path}/people", {"name": "Dr Lee", "role": "named_gp"}, status=201)
    saved = client.put_json(
        path, gp | {"telephone": "01632 960780"}, headers={"If-Match": made.headers["ETag"]}
    )
    page = client.get(path).json

    assert saved.json["telephone"] == "01632 960780"
    assert page["mailboxes"][0]["telephone"] == "01632 1"
    assert page["professionals"][0]["name"] == "Dr Lee"
    assert page["closures"][0]["to_on"] == "2026-12-26"
    assert [each["name"] for each in client.get("/api/v1/agencies?kind=gp").json["items"]] == [
        "Park Road Surgery"
    ]


def test_teams_are_read_and_kept(program: Client, world: World) -> None:
    client = program(world.manager)

    made = client.post_json(
        f"/api/v1/agencies/{world.care.ref}/teams",
        {"name": "Duty", "mail_name": "Northshire meetings", "opens": "09:00"},
        status=201,
    ).json
    saved = client.put_json(
        f"/api/v1/teams/{made['ref']}",
        {"name": "Duty team", "mail_name": "Northshire meetings"},
        headers={"If-Match": f'"{made["version"]}"'},
    ).json

    assert (made["opens"], saved["name"]) == ("09:00", "Duty team")
    assert "Duty team" in [each["name"] for each in client.get("/api/v1/teams").json["items"]]


@pytest.mark.parametrize("path", ["/api/v1/agencies", "/api/v1/teams"])
def test_a_professional_reads_no_directory(
    path: str, program: Client, app: Flask, world: World
) -> None:
    with app.app_context(), unit_of_work():
        professional = make_account(roles=[Role.PROFESSIONAL])

    program(professional).get(path, status=403)


def test_the_description_of_the_api_names_every_door_of_people(app: Flask) -> None:
    client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})

    described = client.get("/api/v1/openapi.json").json

    assert described["openapi"] == "3.1.0"
    assert "/api/v1/children/{ref}/people" in described["paths"]
