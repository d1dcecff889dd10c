"""Facts in, verdicts out: the command and the API give one answer, and name what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from webtest import TestApp

from app import main
from core.audit import AuditEntry
from core.db import session, unit_of_work
from meetings.facts_page import lines
from meetings.rules.catalogue import EVENTS
from meetings.rules.moments import MOMENTS
from meetings.schemas.evaluation import SituationSchema
from meetings.schemas.evaluation_answers import EvaluationSchema
from meetings.schemas.evaluation_example import ANSWER, FACTS
from people.models.accounts import Account
from people.service import tokens
from people.terms import Actor, Role
from procedures.shipped import default_text
from tests.factories.meetings import World, make_world
from tests.factories.people import make_account

DOCS = Path(__file__).parents[3] / "docs"
AT = "2026-12-23T20:45"
HARMED = {"part": "harmed", "kind": "knife", "weapon_used": True}


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), unit_of_work():
        return make_world()


@pytest.fixture
def ask(app: Flask, now: datetime) -> Callable[..., Any]:
    """Send facts to the API as an account."""

    def send(account: Account, body: object, *, status: int = 200) -> Any:
        with app.app_context(), unit_of_work():
            _, token = tokens.create(
                session.get_one(Account, account.id), label="test", scopes=("read",), days=30,
                actor=Actor.system("tests"), now=now,
            )  # fmt: skip
        client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})
        client.authorization = ("Bearer", token)
        return client.post_json("/api/v1/procedures/evaluate", body, status=status)

    return send


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Run the command on facts, given as values or as a file's text."""

    def evaluate(facts: object, *more: str) -> Result:
        file = tmp_path / "facts.json"
        file.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
        return CliRunner().invoke(main, ["pack", "evaluate", str(file), *more])

    return evaluate


def test_both_doors_give_the_same_answer(
    world: World, ask: Callable[..., Any], run: Callable[..., Result]
) -> None:
    over_the_api = ask(world.duty, FACTS).json
    on_the_command_line = json.loads(run(FACTS, "--json").output)

    assert over_the_api == on_the_command_line
    assert over_the_api["meeting"]["deadline"]["on"] == "2026-12-24"


def test_evaluating_writes_nothing(app: Flask, world: World, ask: Callable[..., Any]) -> None:
    ask(world.duty, {"at": AT, "facts": HARMED})
    with app.app_context():
        before = session.scalar(select(func.count()).select_from(AuditEntry))

    ask(world.duty, {"at": AT, "facts": HARMED})

    with app.app_context():
        after = session.scalar(select(func.count()).select_from(AuditEntry))
    # Making the token of the second asking is the one entry.
    assert (before or 0) + 1 == after


def test_an_invited_professional_may_not_evaluate(
    app: Flask, world: World, ask: Callable[..., Any]
) -> None:
    with app.app_context(), unit_of_work():
        invited = make_account(roles=(Role.PROFESSIONAL,), agency=world.school)

    answer = ask(invited, {"at": AT, "facts": HARMED}, status=403)

    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "where", "words"),
    [
        ({"facts": {"weapon_usd": True}}, "weapon_usd", "Nothing of this name is known"),
        ({"facts": {"weapon_used": "maybe"}}, "weapon_used", 'true, false, or "unknown"'),
        ({"facts": {"age": -1}}, "age", "whole number"),
        ({"facts": {"age": True}}, "age", "whole number"),
        ({"facts": {"part": "harmd"}}, "facts.part", "Did you mean 'harmed'?"),
        ({"facts": {"part": "harmed", "is_harmed": False}}, "facts.is_harmed", "says true"),
        ({"moments": {"known_at": "2026-10-25T01:30"}}, "known_at", "happens twice"),
        ({"moments": {"known_at": "2027-03-28T01:30"}}, "known_at", "does not exist"),
        ({"moments": {"returned_at": "2026-12-01"}}, "moments.returned_at", "give the hour"),
        ({"moments": {"known_at": "2027-12-24T10:00"}}, "moments.known_at", "after the moment"),
        ({"moments": {"known_at": "1999-12-24T10:00"}}, "known_at", "calendar"),
        ({"scores": [{"value": 6}]}, "scale", "Missing data"),
        ({"network": [{"kind": "shcool", "status": "known"}]}, "kind", "Must be one of"),
        ({"held": [{"type": "strategie", "on": "2026-12-01"}]}, "held.0.type", "Did you mean"),
        ({"is_incident": False, "facts": {"part": "harmed"}}, "is_incident", "no incident"),
        ({"unheard_of": 1}, "unheard_of", "Nothing of this name"),
    ],
)
def test_bad_facts_are_named_with_what_to_do(
    run: Callable[..., Result], body: dict[str, Any], where: str, words: str
) -> None:
    result = run({"at": AT, **body})

    assert result.exit_code == 2
    assert where in result.output
    assert words in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("facts", "where"), [({"part": "harmd"}, "facts.part"), ({"weapon_usd": True}, "weapon_usd")]
)
def test_bad_facts_are_a_problem_document_over_the_api(
    world: World, ask: Callable[..., Any], facts: dict[str, Any], where: str
) -> None:
    answer = ask(world.duty, {"at": AT, "facts": facts}, status=422)

    assert answer.content_type == "application/problem+json"
    assert where in answer.text


def test_an_unknown_fact_is_never_read_as_no(run: Callable[..., Result]) -> None:
    told = json.loads(run({"at": AT}, "--json").output)

    assert told["meeting"] is None
    # That no score was given is known: not scored yet is the default, and lowers nothing.
    assert [one["rule_id"] for one in told["not_fired"]] == ["TR-04"]
    assert {"harm_suspected", "is_harmed"} <= {one["fact"] for one in told["questions"]}


@pytest.mark.parametrize("unknown", [None, "unknown", "not_known"])
def test_a_fact_told_as_unknown_is_the_same_as_one_left_out(
    run: Callable[..., Result], unknown: object
) -> None:
    left_out = run({"at": AT, "facts": HARMED}, "--json").output

    told = run({"at": AT, "facts": {**HARMED, "retaliation_risk": unknown}}, "--json").output

    assert json.loads(told) == json.loads(left_out)


def test_what_is_no_json_is_named_with_its_line(run: Callable[..., Result]) -> None:
    result = run('{\n  "facts": {,}\n}')

    assert result.exit_code == 2
    assert "line 2, column 13" in result.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"facts": {"age": 15, "age": 5}}', "age: This name stands here twice"),
        ('{"facts": {"age": NaN}}', "NaN is no number"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "must be a JSON object"),
        ("", "line 1, column 1"),
    ],
)
def test_json_that_hides_something_is_refused(
    run: Callable[..., Result], text: str, words: str
) -> None:
    result = run(text)

    assert result.exit_code == 2
    assert words in result.output


@pytest.mark.parametrize("at", ["2026-10-25T01:30", "2026-13-01T10:00", "2026-12-23", "soon"])
def test_a_moment_that_is_none_is_refused(run: Callable[..., Result], at: str) -> None:
    result = run({"facts": HARMED}, "--at", at)

    assert result.exit_code == 2
    assert f"--at {at}" in result.output


def test_the_moment_typed_wins_over_the_files(run: Callable[..., Result]) -> None:
    result = run({"at": AT, "facts": HARMED}, "--at", "2027-03-24T13:00", "--json")

    assert json.loads(result.output)["meeting"]["deadline"]["on"] == "2027-03-25"


def test_a_pack_with_a_fault_is_not_asked(run: Callable[..., Result], tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(default_text().replace('fact = "weapon_used"', 'fact = "weapon_usd"'))

    result = run({"at": AT, "facts": HARMED}, "--pack", str(pack))

    assert result.exit_code == 2
    assert "own.toml:" in result.output
    assert "weapon_usd" in result.output


def test_what_is_no_pack_is_named_with_its_line(run: Callable[..., Result], tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text("[pack\n")

    result = run({"at": AT}, "--pack", str(pack))

    assert result.exit_code == 2
    assert "own.toml:1" in result.output


def test_a_pack_not_in_force_yet_says_so(run: Callable[..., Result], tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(default_text())

    result = run({"facts": HARMED}, "--at", "2023-05-10T10:00", "--pack", str(pack))

    assert "takes effect on Monday 1 January 2024" in result.output


def test_the_words_for_people_say_meeting_seats_and_dates(run: Callable[..., Result]) -> None:
    result = run(FACTS)

    assert "Strategy meeting needed by Thursday 24 December 2026" in result.output
    assert "The school is closed" in result.output
    assert "Dates that follow" in result.output


def test_every_event_has_words() -> None:
    assert set(MOMENTS) == set(EVENTS)


def test_the_page_of_facts_is_what_the_command_prints() -> None:
    found = (DOCS / "facts.md").read_text(encoding="utf-8")

    assert found == "\n".join(lines()) + "\n", "run: confer pack facts > docs/facts.md"


def test_the_published_example_is_what_the_rules_answer(run: Callable[..., Result]) -> None:
    answer = json.loads(run(FACTS, "--json").output)

    assert _lacks(ANSWER, answer) == []


def test_the_page_about_evaluating_shows_that_example() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (DOCS / "evaluate.md").read_text(), re.DOTALL)

    assert [json.loads(block) for block in blocks[:2]] == [FACTS, ANSWER]


def test_every_name_of_the_answer_stands_on_the_page() -> None:
    page = (DOCS / "evaluate.md").read_text(encoding="utf-8")

    for name in (*EvaluationSchema().fields, *SituationSchema().fields):
        assert f"`{name}`" in page, name


def _lacks(part: object, whole: object, where: str = "") -> list[str]:
    """Return where the part says what the whole does not: of a list, any entry may be it."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return [
            fault
            for key, value in part.items()
            for fault in _lacks(value, whole.get(key), f"{where}.{key}")
        ]
    if isinstance(part, list) and isinstance(whole, list):
        missing = [one for one in part if all(_lacks(one, other) for other in whole)]
        return [f"{where}: {one}" for one in missing]
    return [] if part == whole else [f"{where}: {part!r} is {whole!r}"]


def test_openapi_publishes_the_shapes_and_a_worked_example(app: Flask) -> None:
    client = TestApp(app, extra_environ={"HTTP_HOST": "confer.example"})

    described = client.get("/api/v1/openapi.json").json

    door = described["paths"]["/api/v1/procedures/evaluate"]["post"]
    assert door["requestBody"]["content"]["application/json"]["example"] == FACTS
    facts = described["components"]["schemas"]["FactsTold"]["properties"]
    assert "weapon_used" in facts
    assert "deadline" in described["components"]["schemas"]["VerdictFired"]["properties"]
