"""A small partnership for the pages: a pack, a team, a worker, a child, a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from core.db import session, unit_of_work
from people.models.accounts import Account, SignInSession
from people.models.agencies import Agency, Team
from people.models.children import Child
from people.terms import Role
from procedures.service import packs
from tests.factories.people import make_account, make_agency, make_child, make_team


@dataclass(frozen=True, slots=True)
class World:
    """Who and what the tests of pages meet."""

    care: Agency
    school: Agency
    team: Team
    worker: Account
    manager: Account
    duty: Account
    stranger: Account
    admin: Account
    child: Child


@pytest.fixture
def world(app: Flask, now: datetime) -> World:
    """Make the partnership in one transaction."""
    with app.app_context():
        with unit_of_work():
            packs.ensure_default(now)
            care = make_agency(name="Northshire Children's Services")
            school = make_agency(name="Greenfield Academy", kind="school")
            team = make_team(agency=care, name="Assessment team")
            worker = make_account(name="Ana Silva", team=team)
            made = World(
                care=care,
                school=school,
                team=team,
                worker=worker,
                manager=make_account(
                    name="Priya Shah", roles=[Role.TEAM_MANAGER], team=team, is_manager=True
                ),
                duty=make_account(name="Sam Okoro", is_duty=True, team=make_team(agency=care)),
                stranger=make_account(name="Leo Webb"),
                admin=make_account(name="Ada Moss", roles=[Role.ADMINISTRATOR]),
                child=make_child(team=team, worker=worker, born_on=date(2011, 3, 27)),
            )
        session.expunge_all()
    return made


@pytest.fixture
def confirmed(app: Flask, browse: Any, now: datetime) -> Any:
    """Return a browser whose password was just asked again: ``confirmed(account)``."""

    def open_browser(account: Account) -> Any:
        browser = browse(account)
        with app.app_context(), unit_of_work():
            session.execute(
                update(SignInSession)
                .where(SignInSession.account_id == account.id)
                .values(confirmed_at=now)
            )
        return browser

    return open_browser
