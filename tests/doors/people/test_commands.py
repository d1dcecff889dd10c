"""The commands for accounts and tokens, as a script runs them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import session, unit_of_work
from people import cli
from people.models.accounts import ApiToken
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

    def invoke(command: Any, *words: str, typed: str | None = None) -> Result:
        session.rollback()
        result = CliRunner().invoke(command, words, obj=place, input=typed)
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
        make_account(email=EMAIL, password=PASSWORD)
    words = ("create", EMAIL, "--label", "reports", "--scope", "read", "--json")

    result = run(cli.token, *words, "--password-stdin", typed=f"{PASSWORD}\n")

    session.rollback()
    found = tokens.actor_of(json.loads(result.output)["token"], clock.now())
    assert found is not None
    assert found[1] == {"read"}


def test_a_token_asks_for_the_password_and_prints_only_itself(run: Any) -> None:
    with unit_of_work():
        make_account(email=EMAIL, password=PASSWORD)
    words = ("create", EMAIL, "--label", "reports", "--scope", "read")

    result = run(cli.token, *words, typed=f"{PASSWORD}\n")

    session.rollback()
    assert "Password of this account" in result.stderr
    assert PASSWORD not in result.output
    assert tokens.actor_of(result.stdout.strip(), clock.now()) is not None


@pytest.mark.parametrize("typed", ["not the password\n", "\n", ""])
@pytest.mark.parametrize("more", [(), ("--password-stdin",)])
def test_no_token_is_made_without_the_password(typed: str, more: tuple[str, ...], run: Any) -> None:
    with unit_of_work():
        make_account(email=EMAIL, password=PASSWORD)
    words = ("create", EMAIL, "--label", "reports", "--scope", "read")

    result = run(cli.token, *words, *more, typed=typed)

    session.rollback()
    assert result.exit_code == 1
    assert session.scalars(select(ApiToken)).all() == []


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
        make_account(email=EMAIL, password=PASSWORD)

    result = run(cli.token, "create", EMAIL, "--label", "reports", *words, typed=f"{PASSWORD}\n")

    assert result.exit_code == 1
    assert says in result.output


def test_a_token_for_nobody_is_refused(run: Any) -> None:
    words = ("create", EMAIL, "--label", "reports", "--scope", "read")

    result = run(cli.token, *words, typed="anything\n")

    assert (result.exit_code, "no account" in result.output) == (1, True)
