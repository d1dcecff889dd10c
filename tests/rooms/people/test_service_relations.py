"""Relations: given once, moved, closed at once, and closed with their meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import session
from people.models.relations import RelationRow
from people.policy import authorise
from people.service import relations
from people.terms import Action, Actor, RelationKind, Resource, Role
from tests.factories.people import actor_of, make_account, make_child, make_relation

pytestmark = pytest.mark.usefixtures("database")
TESTS = Actor.system("tests")


def test_giving_a_relation_again_moves_its_end_and_adds_no_row(now: datetime) -> None:
    account, child = make_account(), make_child()
    first = make_relation(account=account, child=child, until=now + timedelta(days=1))

    again = make_relation(account=account, child=child, until=now + timedelta(days=28))

    assert again.id == first.id
    assert again.valid_to_at == now + timedelta(days=28)
    assert len(session.scalars(select(RelationRow)).all()) == 1


def test_two_meetings_give_two_relations(now: datetime) -> None:
    account, child = make_account(), make_child()

    for _ in range(2):
        make_relation(account=account, child=child, meeting_id=uuid4())

    assert len(session.scalars(select(RelationRow)).all()) == 2


def test_an_ended_relation_given_again_is_a_new_row(now: datetime) -> None:
    account, child = make_account(), make_child()
    make_relation(account=account, child=child)
    closed = relations.close(
        account.id, child.id, RelationKind.INVITED, actor=TESTS, now=now + timedelta(hours=1)
    )

    make_relation(account=account, child=child, now=now + timedelta(hours=2))

    assert closed == 1
    assert len(session.scalars(select(RelationRow)).all()) == 2


def test_closing_shuts_the_door_at_that_instant(now: datetime) -> None:
    account, child = make_account(roles=[Role.PROFESSIONAL]), make_child()
    make_relation(account=account, child=child)
    thing = Resource(kind="child", child_id=child.id)
    before = authorise(actor_of(account), Action.CHILD_VIEW, thing, now)

    relations.close(account.id, child.id, RelationKind.INVITED, actor=TESTS, now=now)

    assert before.is_allowed
    assert not authorise(actor_of(account), Action.CHILD_VIEW, thing, now).is_allowed
    assert relations.close(account.id, child.id, RelationKind.INVITED, actor=TESTS, now=now) == 0


def test_a_meeting_closes_its_own_relations_only_and_never_later_than_planned(
    now: datetime,
) -> None:
    meeting, other, child = uuid4(), uuid4(), make_child()
    short = make_relation(
        account=make_account(), child=child, meeting_id=meeting, until=now + timedelta(days=1)
    )
    long = make_relation(account=make_account(), child=child, meeting_id=meeting)
    elsewhere = make_relation(account=make_account(), child=child, meeting_id=other)

    number = relations.close_of_meeting(meeting, actor=TESTS, now=now, at=now + timedelta(days=28))

    assert number == 2
    assert short.valid_to_at == now + timedelta(days=1)
    assert long.valid_to_at == now + timedelta(days=28)
    assert elsewhere.valid_to_at is None


def test_who_gave_and_who_closed_is_in_the_audit_with_the_child(now: datetime) -> None:
    giver, account, child = make_account(), make_account(), make_child()
    actor = actor_of(giver)

    row = relations.grant(
        account.id, child.id, RelationKind.CHAIR, why="Chairs.", actor=actor, now=now
    )
    relations.close(account.id, child.id, RelationKind.CHAIR, actor=actor, now=now)

    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == str(row.id)).order_by(AuditEntry.seq)
    ).all()
    assert row.given_by_id == giver.id
    assert [(each.verb, each.child_id, each.account_id) for each in entries] == [
        ("relation.given", child.id, giver.id),
        ("relation.closed", child.id, giver.id),
    ]
