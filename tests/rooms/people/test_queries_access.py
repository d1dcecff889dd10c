"""A list shows exactly what viewing one by one would allow, on both databases."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.db import session
from people.models.children import Child
from people.models.relations import RelationRow
from people.policy import authorise
from people.queries.access import may_see_child, may_see_thing
from people.queries.children import seen_by
from people.terms import Action, Actor, RelationKind, Resource, Role
from tests.factories.people import (
    FRIDAY,
    actor_of,
    make_account,
    make_child,
    make_relation,
    make_team,
)

pytestmark = pytest.mark.usefixtures("database")


def a_world(seed: int) -> tuple[list[Actor], list[Child]]:
    """Make children, teams and accounts with relations thrown over them by chance."""
    chance = random.Random(seed)  # noqa: S311 - a test's own world, not a secret
    teams = [make_team() for _ in range(3)]
    children = [make_child(team=chance.choice([*teams, None])) for _ in range(8)]
    actors = [Actor.system("tests")]
    for _ in range(7):
        roles = chance.sample(list(Role), chance.choice([1, 1, 2]))
        team = chance.choice([*teams, None])
        account = make_account(roles=roles, team=team, is_manager=chance.random() < 0.4)
        for child in chance.sample(children, 3):
            row = make_relation(
                account=account,
                child=child,
                kind=chance.choice(list(RelationKind)),
                until=chance.choice([None, FRIDAY + timedelta(days=1)]),
                meeting_id=chance.choice([None, uuid4()]),
                now=chance.choice([FRIDAY - timedelta(days=2), FRIDAY + timedelta(days=2)]),
            )
            if chance.random() < 0.25:
                row.valid_to_at = row.valid_from_at + timedelta(hours=1)
        session.flush()
        actors.append(actor_of(account, confirmed_at=chance.choice([None, FRIDAY])))
    return actors, children


def viewed_one_by_one(actor: Actor, children: list[Child], now: datetime) -> set[UUID]:
    return {
        child.id
        for child in children
        if authorise(
            actor, Action.CHILD_VIEW, Resource(kind="child", child_id=child.id), now
        ).is_allowed
    }


@pytest.mark.parametrize("seed", range(6))
def test_the_list_is_what_viewing_one_by_one_allows(seed: int, now: datetime) -> None:
    actors, children = a_world(seed)

    for actor in actors:
        listed = set(session.scalars(select(Child.id).where(may_see_child(actor, now))))

        assert listed == viewed_one_by_one(actor, children, now), actor


@pytest.mark.parametrize("seed", range(6))
def test_things_of_a_meeting_are_listed_as_they_are_opened(seed: int, now: datetime) -> None:
    actors, _ = a_world(seed)
    rows = session.scalars(select(RelationRow)).all()

    # The relations themselves stand in for meetings: each has a child and perhaps a meeting.
    for actor in actors:
        meeting = aliased(RelationRow)
        may_see = may_see_thing(
            actor,
            Action.MEETING_VIEW,
            now,
            kind="meeting",
            child_id=meeting.child_id,
            meeting_id=meeting.meeting_id,
        )
        listed = set(session.scalars(select(meeting.id).where(may_see)))
        opened = {
            row.id
            for row in rows
            if authorise(
                actor,
                Action.MEETING_VIEW,
                Resource(kind="meeting", child_id=row.child_id, meeting_id=row.meeting_id),
                now,
            ).is_allowed
        }

        assert listed == opened, actor


def test_nobody_without_an_account_sees_a_child(now: datetime) -> None:
    make_child()

    assert seen_by(Actor(account_id=None, name="nobody"), now) == []


def test_the_list_shows_own_children_only_when_asked(now: datetime) -> None:
    team = make_team()
    worker = make_account(team=team)
    own = make_child(team=team, worker=worker)
    other = make_child(team=team)
    actor = actor_of(worker)

    everyone = seen_by(actor, now)
    only_own = seen_by(actor, now, only_own=True)

    assert {row.child.id for row in everyone} == {own.id, other.id}
    assert [row.child.id for row in only_own] == [own.id]


def test_the_list_comes_in_pages_with_one_row_more(now: datetime) -> None:
    team = make_team()
    actor = actor_of(make_account(team=team))
    for number in range(5):
        make_child(family_name=f"Ellis{number}", team=team)

    first = seen_by(actor, now, size=2)
    third = seen_by(actor, now, page=3, size=2)

    assert [row.child.family_name for row in first] == ["Ellis0", "Ellis1", "Ellis2"]
    assert [row.child.family_name for row in third] == ["Ellis4"]
