"""The commands for accounts and tokens, as a script runs them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from core import clock
from core.db import session, unit_of_work
from people import cli
from people.passwords import is_right
from people.queries import accounts, directory
from people.service import tokens
from people.terms import Role
from tests.factories.people import PASSWORD, make_account, make_team

EMAIL = "ada.moss@northshire.example"


@pytest.fixture
def run(database: Flask) -> Any:
    """Return a runner: ``run(cli.account, "create", ...)``."""
    # app.py lets each command run inside the app that its context holds.
    place = SimpleNamespace(app=lambda: database)

    def invoke(command: Any, *words: str) -> Result:
        session.rollback()
        result = CliRunner().invoke(command, words, obj=place)
        session.expire_all()
        return result

    return invoke


def create(run: Any, *more: str) -> Result:
    words = ("create", EMAIL, "--name", "Ada Moss", "--role", "administrator")
    result: Result = run(cli.account, *words, "--password", PASSWORD, *more)
    return result


def test_the_first_administrator_is_made_by_command(run: Any) -> None:
    result = create(run, "--json")

    account = accounts.by_email(EMAIL)
    assert account is not None
    assert (result.exit_code, json.loads(result.output)["ref"]) == (0, account.ref)
    assert accounts.roles_of(account.id) == {Role.ADMINISTRATOR}
    assert is_right(account.password_hash, PASSWORD)


def test_a_second_account_with_the_address_fails_with_a_sentence(run: Any) -> None:
    create(run)

    plain, as_json = create(run), create(run, "--json")

    assert (plain.exit_code, as_json.exit_code) == (1, 1)
    assert "already" in plain.output
    assert "already" in json.loads(as_json.output)["error"]


def test_an_account_may_join_a_team_and_manage_it(run: Any) -> None:
    with unit_of_work():
        team = make_team()

    result = create(run, "--duty", "--team", team.ref, "--manager")

    assert result.exit_code == 0
    assert [account.email for account in directory.managers_of(team.id)] == [EMAIL]


def test_a_team_that_does_not_exist_makes_no_account(run: Any) -> None:
    result = create(run, "--team", "T-AAAAAA")

    assert result.exit_code == 1
    assert accounts.by_email(EMAIL) is None


def test_an_account_is_ended_and_its_password_set(run: Any) -> None:
    create(run)

    changed = run(cli.account, "password", EMAIL, "--password", "seven purple otters")
    ended = run(cli.account, "end", EMAIL)

    account = accounts.by_email(EMAIL)
    assert account is not None
    assert (changed.exit_code, ended.exit_code) == (0, 0)
    assert account.is_disabled
    assert is_right(account.password_hash, "seven purple otters")


def test_a_token_is_printed_once_and_works(run: Any) -> None:
    with unit_of_work():
        make_account(email=EMAIL)

    result = run(cli.token, "create", EMAIL, "--label", "reports", "--scope", "read", "--json")

    session.rollback()
    found = tokens.actor_of(json.loads(result.output)["token"], clock.now())
    assert found is not None
    assert found[1] == {"read"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scope", "everything"), "not known"),
        (("--scope", "read", "--days", "91"), "from 1 to 90 days"),
    ],
)
def test_a_token_too_wide_or_too_long_is_refused(
    words: tuple[str, ...], says: str, run: Any
) -> None:
    with unit_of_work():
        make_account(email=EMAIL)

    result = run(cli.token, "create", EMAIL, "--label", "reports", *words)

    assert result.exit_code == 1
    assert says in result.output


def test_a_token_for_nobody_is_refused(run: Any) -> None:
    result = run(cli.token, "create", EMAIL, "--label", "reports", "--scope", "read")

    assert (result.exit_code, "no account" in result.output) == (1, True)
