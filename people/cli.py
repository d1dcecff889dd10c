"""Commands for accounts and API tokens; the first administrator is made here only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

import click

from core import clock
from core.db import unit_of_work
from core.errors import NotFound, Refused
from people.details import AccountDetails
from people.models.accounts import Account
from people.queries import accounts as read
from people.queries import directory
from people.service import accounts as service
from people.service import teams, tokens
from people.terms import Actor, Role

FAILED = 1
_ACTOR = Actor.system("command line")
Made = TypeVar("Made")


@click.group()
def account() -> None:
    """Make and end accounts."""


@account.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the account may be used for; give it again for more roles.",
)
@click.option("--duty", is_flag=True, help="The account may find every child.")
@click.option("--agency", help="The agency's reference, such as G-7F3K9Q.")
@click.option("--team", help="The team's reference, such as T-7F3K9Q.")
@click.option("--manager", is_flag=True, help="The account manages the team.")
@click.password_option(
    "--password", help="The first password. Asked for when it is not given, which is safer."
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one line of JSON.")
def create(
    email: str,
    name: str,
    roles: tuple[str, ...],
    *,
    duty: bool,
    agency: str | None,
    team: str | None,
    manager: bool,
    password: str,
    as_json: bool,
) -> None:
    """Make an account for EMAIL.

    The first administrator of an installation is made with this command:
    confer account create ada@council.example --name "Ada Moss" --role administrator
    """

    def make() -> Account:
        agency_row = directory.agency_by_ref(agency) if agency else None
        team_row = directory.team_by_ref(team) if team else None
        if (agency and agency_row is None) or (team and team_row is None):
            raise Refused("account.place", "There is no agency or team with this reference.")
        moment = clock.now()
        made = service.create(
            AccountDetails(
                email=email,
                name=name,
                roles=frozenset(Role(role) for role in roles),
                agency_id=agency_row.id if agency_row else None,
                is_duty=duty,
            ),
            actor=_ACTOR,
            now=moment,
            password=password,
        )
        if team_row is not None:
            teams.add_member(team_row.id, made.id, actor=_ACTOR, now=moment, is_manager=manager)
        return made

    made = _run(make, as_json=as_json)
    _say({"ref": made.ref, "email": made.email}, f"Made {made.ref}: {made.email}", as_json=as_json)


@account.command("end")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one line of JSON.")
def end(email: str, *, as_json: bool) -> None:
    """End the account of EMAIL: its sessions and tokens stop at once."""

    def stop() -> Account:
        found = _account(email)
        service.disable(found, actor=_ACTOR, now=clock.now())
        return found

    ended = _run(stop, as_json=as_json)
    _say({"ref": ended.ref, "ended": True}, f"Ended {ended.ref}: {ended.email}", as_json=as_json)


@account.command("password")
@click.argument("email")
@click.password_option("--password", help="The new password; asked for when it is not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one line of JSON.")
def password(email: str, password: str, *, as_json: bool) -> None:
    """Give the account of EMAIL a new password and end its sessions."""

    def change() -> Account:
        found = _account(email)
        service.set_password(found, password, actor=_ACTOR, now=clock.now())
        return found

    made = _run(change, as_json=as_json)
    _say({"ref": made.ref}, f"Set the password of {made.email}", as_json=as_json)


@click.group()
def token() -> None:
    """Make and revoke tokens for the API."""


@token.command("create")
@click.argument("email")
@click.option("--label", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help='"read", "write" or a permission such as plan.edit; give it again for more.',
)
@click.option("--days", default=30, show_default=True, help="How long it works, at most 90.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the account's password from standard input instead of asking for it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one line of JSON.")
def create_token(
    email: str,
    label: str,
    scopes: tuple[str, ...],
    days: int,
    *,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a token that acts for the account of EMAIL. It is printed once and never again.

    The password of the account is asked for, since a token is never asked for it again. A script
    gives it by standard input, where no list of processes shows it:
    confer token create ada@council.example --label reports --scope read --password-stdin < FILE
    """
    password = _password_asked(from_stdin=password_stdin)

    def make() -> tuple[str, str]:
        holder = _account(email)
        tokens.require_password(holder, password)
        row, text = tokens.create(
            holder,
            label=label,
            scopes=scopes,
            days=days,
            actor=_ACTOR,
            now=clock.now(),
        )
        return text, row.expires_at.isoformat()

    text, expires_at = _run(make, as_json=as_json)
    _say({"token": text, "expires_at": expires_at}, text, as_json=as_json)


def _password_asked(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    # On standard error: what is printed is the token and nothing else.
    asked: str = click.prompt("Password of this account", hide_input=True, err=True)
    return asked


def _account(email: str) -> Account:
    found = read.by_email(email)
    if found is None:
        raise NotFound(f"There is no account of {email}.")
    return found


def _run(work: Callable[[], Made], *, as_json: bool) -> Made:
    try:
        with unit_of_work():
            return work()
    except Refused as refused:
        _fail(refused.why, as_json=as_json)
    except NotFound as missing:
        _fail(str(missing), as_json=as_json)


def _say(values: dict[str, object], words: str, *, as_json: bool) -> None:
    click.echo(json.dumps(values) if as_json else words)


def _fail(why: str, *, as_json: bool) -> NoReturn:
    click.echo(json.dumps({"error": why}) if as_json else why, err=not as_json)
    sys.exit(FAILED)
