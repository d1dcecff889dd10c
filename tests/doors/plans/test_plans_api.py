"""The JSON doors of plans: the pages' own services, with entity tags and repeated creates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from webtest import TestApp

from core.db import session, unit_of_work
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor
from tests.doors.plans.conftest import Seen
from tests.factories.plans import START

Program = Callable[[Account], TestApp]


@pytest.fixture
def program(seen: Seen) -> Program:
    """Return a client with a token of an account."""

    def make(account: Account) -> TestApp:
        with seen.app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id),
                label="test",
                scopes=("read", "write"),
                days=30,
                actor=Actor.system("tests"),
                now=START,
            )
        client = TestApp(seen.app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client

    return make


def plan(seen: Seen) -> str:
    return f"/api/v1/children/{seen.child}/plan"


def test_a_plan_is_read_with_what_it_lacks_and_its_actions(seen: Seen, program: Program) -> None:
    answer = program(seen.world.lead).get(plan(seen))

    assert answer.headers["ETag"] == '"1"'
    assert answer.json["lead"] == "Sam Okoro"
    assert "mother's views" in answer.json["missing"]
    assert [each["ref"] for each in answer.json["actions"]] == [seen.ref]


def test_a_second_open_plan_is_a_conflict(seen: Seen, program: Program) -> None:
    answer = program(seen.world.lead).post_json(plan(seen), {}, status=409)

    assert answer.content_type == "application/problem+json"
    assert "open plan already" in answer.json["detail"]


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("entries", {"section": "worry", "text": "Followed home twice"}),
        ("voices", {"whose": "father", "words": "Ring me first", "said_on": "2027-02-28"}),
        ("orders", {"kind": "police_bail", "conditions": "No contact", "expires_on": "2027-04-01"}),
        ("strands", {"kind": "ehc", "review_on": "2027-05-14"}),
    ],
)
def test_every_kind_of_row_can_be_added_and_a_repeat_adds_nothing(
    seen: Seen, program: Program, noun: str, body: dict[str, Any]
) -> None:
    client = program(seen.world.lead)
    key = {"Idempotency-Key": "one"}

    first = client.post_json(f"{plan(seen)}/{noun}", body, headers=key, status=201)
    again = client.post_json(f"{plan(seen)}/{noun}", body, headers=key, status=201)

    assert again.json == first.json
    assert len(client.get(plan(seen)).json["rows"]) == 1


def test_a_lost_race_answers_with_both_texts(seen: Seen, program: Program) -> None:
    client = program(seen.world.lead)
    made = client.post_json(
        f"{plan(seen)}/entries", {"section": "worry", "text": "one"}, status=201
    )
    where = f"{plan(seen)}/entries/worry/1"
    tag = {"If-Match": made.headers["ETag"]}
    client.put_json(where, {"text": "theirs"}, headers=tag)

    answer = client.put_json(where, {"text": "mine"}, headers=tag, status=412)

    assert answer.json["theirs"]["text"] == "theirs"
    assert answer.json["yours"]["text"] == "mine"


def test_a_change_without_the_version_seen_is_refused(seen: Seen, program: Program) -> None:
    client = program(seen.world.lead)
    client.post_json(f"{plan(seen)}/entries", {"section": "worry", "text": "one"}, status=201)

    answer = client.put_json(f"{plan(seen)}/entries/worry/1", {"text": "two"}, status=428)

    assert "If-Match" in answer.json["detail"]


def test_a_body_that_lacks_something_names_the_field(seen: Seen, program: Program) -> None:
    answer = program(seen.world.lead).post_json(f"{plan(seen)}/orders", {}, status=422)

    assert "conditions" in str(answer.json["errors"])


def test_lead_review_versions_and_differences(seen: Seen, program: Program) -> None:
    client = program(seen.world.lead)
    led = client.put_json(
        f"{plan(seen)}/lead",
        {"name": "Jo Brandt", "email": "jo.brandt@care.example"},
        headers={"If-Match": '"1"'},
    )
    client.put_json(
        f"{plan(seen)}/review",
        {"review_on": "2027-04-01"},
        headers={"If-Match": led.headers["ETag"]},
    )

    listed = client.get(f"{plan(seen)}/versions").json["items"]
    first = client.get(f"{plan(seen)}/versions/1").json["items"]
    compared = client.get(f"{plan(seen)}/compare?from=1&to=3").json

    assert [each["number"] for each in listed] == [3, 2, 1]
    assert "Offer a first appointment" in str(first)
    assert {change["name"] for change in compared["changed"][0]["changes"]} == {
        "Lead practitioner",
        "Next review",
        "Telephone",
    }


def test_a_row_is_taken_off_with_a_reason(seen: Seen, program: Program) -> None:
    client = program(seen.world.lead)
    made = client.post_json(
        f"{plan(seen)}/entries", {"section": "goal", "text": "Back in school"}, status=201
    )

    client.post_json(
        f"{plan(seen)}/rows/goal/1/end",
        {"why": "reached"},
        headers={"If-Match": made.headers["ETag"]},
    )

    assert client.get(plan(seen)).json["rows"] == []


def test_an_action_is_given_asked_about_decided_and_closed(seen: Seen, program: Program) -> None:
    client, chair = program(seen.world.lead), program(seen.world.chair)
    given = client.post_json(
        f"/api/v1/children/{seen.child}/actions",
        {
            "what": "Ring the school",
            "kind": "safety",
            "agency": seen.world.health.ref,
            "due_on": "2027-03-05",
            "owner_name": "Pat Lund",
        },
        status=201,
    )
    where = given.headers["Location"].removeprefix("http://confer.example")
    client.post_json(
        f"{where}/new-date", {"new_due_on": "2027-03-12", "reason": "blocked"}, status=201
    )
    waiting = chair.get("/api/v1/actions/to-decide").json["items"]
    chair.post_json(f"{where}/date", {"decision": "agree"})

    closed = client.post_json(f"{where}/done", {"evidence": "Rang on Tuesday"})

    assert [each["what"] for each in waiting] == ["Ring the school"]
    assert closed.json["status"] == "done"
    assert (closed.json["original_due_on"], closed.json["due_on"]) == ("2027-03-05", "2027-03-12")
    kinds = [event["kind"] for event in closed.json["events"]]
    assert sorted(kinds) == ["date_agreed", "date_asked", "done", "given"]


def test_an_action_is_handed_over_to_a_colleague(seen: Seen, program: Program) -> None:
    client = program(seen.world.lead)

    answer = client.post_json(
        f"/api/v1/actions/{seen.ref}/hand-over",
        {"name": "Pat Lund", "email": "pat.lund@camhs.example", "why": "away"},
        status=201,
    )
    refused = client.post_json(
        f"/api/v1/actions/{seen.ref}/hand-over/answer", {"answer": "accept"}, status=403
    )

    assert answer.json["owner"] == "Noor Amadi"
    assert "Only the person who was asked" in refused.json["detail"]


def test_overdue_actions_are_counted_by_agency(
    seen: Seen, program: Program, the_clock: Any
) -> None:
    client = program(seen.world.lead)
    the_clock.at = START.replace(day=28)

    items = client.get("/api/v1/actions/overdue").json["items"]

    assert items == [
        {
            "agency_name": "Northshire CAMHS",
            "agency_ref": seen.world.health.ref,
            "oldest_due_on": "2027-03-25",
            "overdue": 1,
        }
    ]


def test_a_stranger_finds_no_plan_and_no_action(seen: Seen, program: Program) -> None:
    client = program(seen.world.stranger)

    for path in (plan(seen), f"{plan(seen)}/versions", f"/api/v1/actions/{seen.ref}"):
        client.get(path, status=404)


def test_the_description_names_every_door_of_plans(seen: Seen) -> None:
    client = TestApp(seen.app, extra_environ={"HTTP_HOST": "confer.example"})

    paths = client.get("/api/v1/openapi.json").json["paths"]

    for path in ("/api/v1/children/{ref}/plan", "/api/v1/actions/{ref}/done"):
        assert path in paths
