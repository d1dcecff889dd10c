"""The lists of actions: who sees which, in what order, by how many statements."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core.db import unit_of_work
from people.terms import Role
from plans.queries import actions as read
from plans.service import actions, dates
from plans.terms import DelayReason
from tests.factories.people import actor_of, make_account
from tests.factories.plans import LETTERHEAD, START, World, make_action, make_plan, make_world
from tests.rooms.plans.statements import counted

TODAY = date(2027, 4, 1)
LATE = START + timedelta(days=31)


def ask(world: World, on: date = date(2027, 5, 4)) -> None:
    action = make_action(world)
    dates.ask_new_date(
        action,
        on,
        reason=DelayReason.BLOCKED,
        letterhead=LETTERHEAD,
        actor=actor_of(world.stranger),
        now=START,
    )


def test_my_actions_are_the_open_ones_and_those_closed_lately(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        me = world.stranger
        kept = make_action(world, owner_account_id=me.id)
        closed = make_action(world, owner_account_id=me.id)
        make_action(world)
        actions.done(closed, evidence="Seen", actor=actor_of(me), now=START)

        lately = read.my_actions(me.id, done_since=START)
        today_only = read.my_actions(me.id, done_since=START + timedelta(days=1))

        assert [row.action for row in lately] == [kept, closed]
        assert [row.action for row in today_only] == [kept]


@pytest.mark.parametrize("how_many", [1, 12])
def test_a_list_of_actions_takes_one_statement(database: Flask, how_many: int) -> None:
    with unit_of_work():
        world = make_world()
        for _ in range(how_many):
            make_action(world, owner_account_id=world.lead.id)
        lead = actor_of(world.lead)

        with counted() as statements:
            read.my_actions(world.lead.id, done_since=START)
            read.actions_of_child(world.child.id)
            read.overdue_by_agency(lead, today=TODAY, now=LATE)
            read.overdue_of_agency(world.health.id, lead, today=TODAY, now=LATE)
            read.waiting_for_decision(lead, LATE)
            read.exceptions(lead, LATE)

        assert len(statements) == 6


def test_overdue_actions_are_counted_only_for_children_one_may_open(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        make_action(world)
        make_action(world)

        mine = read.overdue_by_agency(actor_of(world.lead), today=TODAY, now=LATE)
        strangers = read.overdue_by_agency(actor_of(world.stranger), today=TODAY, now=LATE)

        assert [(row.agency_name, row.overdue, row.oldest_due_on) for row in mine] == [
            ("Northshire CAMHS", 2, date(2027, 3, 25))
        ]
        assert strangers == []


def test_an_action_is_not_overdue_on_its_due_date(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        make_action(world)
        lead = actor_of(world.lead)

        assert read.overdue_by_agency(lead, today=date(2027, 3, 25), now=LATE) == []


def test_dates_wait_for_chair_and_lead_only(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        ask(world)
        manager = make_account(
            roles=(Role.TEAM_MANAGER,), team=world.team, is_manager=True, now=START
        )

        seen = {
            account.name: len(read.waiting_for_decision(actor_of(account), LATE))
            for account in (world.lead, world.chair, world.stranger, manager)
        }

        assert seen == {"Sam Okoro": 1, "Jo Brandt": 1, "Alex Reed": 0, manager.name: 0}


def test_where_a_plan_has_neither_lead_nor_chair_the_manager_decides(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        ask(world)
        plan.lead_account_id = plan.chair_account_id = None
        manager = make_account(
            roles=(Role.TEAM_MANAGER,), team=world.team, is_manager=True, now=START
        )

        assert len(read.waiting_for_decision(actor_of(manager), LATE)) == 1
