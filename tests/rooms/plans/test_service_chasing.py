"""The chase: scenario S6 day by day, each step once, a missed week, owners who left."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import session, unit_of_work
from people.models.accounts import Account
from people.terms import Actor
from plans.models import Action, LadderStepTaken, Plan
from plans.queries import chase
from plans.queries.actions import action_page, exceptions
from plans.service import actions, chasing, dates, plans
from plans.service.chasing import send_digest, take_steps
from plans.terms import ActionKind, DelayReason, EventKind, Lead
from tests.factories.people import actor_of
from tests.factories.plans import (
    LETTERHEAD,
    STANDARD,
    START,
    World,
    make_action,
    make_professional,
    make_world,
)
from tests.rooms.plans.mails import last_to, sent, text_of
from tests.rooms.plans.statements import counted

SWEEP = Actor.system("chase")
OWNER = "noor.amadi@camhs.example"
MANAGER = "manager@camhs.example"
AGENCY_LEAD = "lead@camhs.example"
LEAD = "sam.okoro@care.example"
CHAIR = "jo.brandt@care.example"
HEAD = "robin.vale@care.example"


def half_past_seven(on: date) -> datetime:
    return clock.wall(on, time(7, 30))


def sweep(on: date) -> int:
    """Run what the job runs, without its transactions."""
    now = half_past_seven(on)
    taken = 0
    for action_id in chase.with_a_step_due(STANDARD.ladder, on, calendar=STANDARD.calendar):
        action = session.get_one(Action, action_id)
        taken += take_steps(action, STANDARD, letterhead=LETTERHEAD, actor=SWEEP, now=now)
    for address in chase.owners_with_a_digest():
        send_digest(address, letterhead=LETTERHEAD, now=now)
    return taken


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def mails_by_day(first: date, last: date) -> dict[date, list[tuple[str, str]]]:
    found: dict[date, list[tuple[str, str]]] = {}
    for on in days(first, last):
        before = len(sent())
        sweep(on)
        fresh = sent()[before:]
        if fresh:
            found[on] = sorted(fresh)
    return found


def test_drift_over_easter_tells_the_right_people_on_the_dates_of_scenario_s6(
    database: Flask,
) -> None:
    with unit_of_work():
        make_action(make_world())

        found = mails_by_day(date(2027, 3, 2), date(2027, 4, 30))

        assert found == {
            date(2027, 3, 18): [("action_reminder", OWNER)],
            date(2027, 3, 24): [("action_reminder", OWNER)],
            date(2027, 3, 30): [("digest", OWNER), ("escalation", MANAGER)],
            date(2027, 4, 1): [("plan_escalation", LEAD)],
            date(2027, 4, 5): [("escalation", AGENCY_LEAD), ("plan_escalation", CHAIR)],
            date(2027, 4, 12): [("plan_escalation", HEAD)],
        }


def test_the_last_step_stands_on_the_partnerships_list(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        lead = actor_of(world.lead)

        for on in days(date(2027, 3, 2), date(2027, 4, 16)):
            sweep(on)
        before = exceptions(lead, START)
        sweep(date(2027, 4, 19))

        assert before == []
        assert [row.action for row in exceptions(lead, START)] == [action]


def test_a_safety_action_climbs_in_half_the_days_and_two_steps_are_one_message(
    database: Flask,
) -> None:
    with unit_of_work():
        make_action(make_world(), kind=ActionKind.SAFETY)

        found = mails_by_day(date(2027, 3, 25), date(2027, 4, 30))

        assert found == {
            date(2027, 3, 25): [("action_reminder", OWNER)],
            date(2027, 3, 30): [
                ("digest", OWNER),
                ("escalation", MANAGER),
                ("plan_escalation", LEAD),
            ],
            date(2027, 3, 31): [("escalation", AGENCY_LEAD), ("plan_escalation", CHAIR)],
            date(2027, 4, 5): [("plan_escalation", HEAD)],
        }


def test_the_owner_gets_at_most_two_mails_of_their_own(database: Flask) -> None:
    with unit_of_work():
        make_action(make_world())

        for on in days(date(2027, 3, 2), date(2027, 4, 30)):
            sweep(on)

        own = [kind for kind, address in sent() if address == OWNER and kind != "digest"]
        assert own == ["action_given", "action_reminder", "action_reminder"]


def test_running_twice_on_one_day_changes_nothing(database: Flask) -> None:
    with unit_of_work():
        make_action(make_world())
        sweep(date(2027, 3, 18))
        before = sent()

        again = sweep(date(2027, 3, 18))

        assert again == 0
        assert sent() == before


def test_after_ten_missed_days_each_step_is_taken_once_and_each_person_told_once(
    database: Flask,
) -> None:
    with unit_of_work():
        action = make_action(make_world())
        sweep(date(2027, 3, 24))
        before = len(sent())

        sweep(date(2027, 4, 7))
        sweep(date(2027, 4, 8))

        steps = session.scalars(select(LadderStepTaken.step)).all()
        assert sorted(steps) == sorted(["T-5", "T-1", "T+1", "T+3", "T+5"])
        assert sorted(sent()[before:]) == sorted(
            [
                ("digest", OWNER),
                ("escalation", MANAGER),
                ("escalation", AGENCY_LEAD),
                ("plan_escalation", LEAD),
                ("plan_escalation", CHAIR),
            ]
        )
        chased = [e for e in action_page(action).events if e.kind is EventKind.CHASED]
        assert len(chased) == 2


def test_a_new_date_climbs_the_ladder_afresh(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        sweep(date(2027, 3, 18))
        now = half_past_seven(date(2027, 3, 19))
        request = dates.ask_new_date(
            action,
            date(2027, 4, 15),
            reason=DelayReason.WAITING_LIST,
            letterhead=LETTERHEAD,
            actor=actor_of(world.lead),
            now=now,
        )
        dates.decide_date(
            action,
            request,
            agrees=True,
            note="",
            letterhead=LETTERHEAD,
            actor=actor_of(world.chair),
            now=now,
        )

        found = mails_by_day(date(2027, 3, 20), date(2027, 4, 14))

        assert found == {
            date(2027, 4, 8): [("action_reminder", OWNER)],
            date(2027, 4, 14): [("action_reminder", OWNER)],
        }


def test_a_closed_action_is_not_chased(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        actions.done(action, evidence="Seen", actor=actor_of(world.lead), now=START)

        assert mails_by_day(date(2027, 3, 2), date(2027, 4, 30)) == {}


def test_a_request_for_a_new_date_does_not_stop_the_ladder(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        dates.ask_new_date(
            action,
            date(2027, 4, 15),
            reason=DelayReason.BLOCKED,
            letterhead=LETTERHEAD,
            actor=actor_of(world.lead),
            now=START,
        )

        assert sweep(date(2027, 3, 18)) == 1


def test_actions_of_a_closed_plan_are_chased_on(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        plan = session.get_one(Plan, action.plan_id)
        plans.close(plan, why="stepped down", actor=actor_of(world.lead), now=START)

        assert sweep(date(2027, 3, 18)) == 1


def test_the_digest_names_every_overdue_action_in_one_mail(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        first, second = make_action(world), make_action(world, what="Ring the school")
        for on in (date(2027, 3, 18), date(2027, 3, 24), date(2027, 3, 30)):
            sweep(on)

        text = text_of(last_to(OWNER))

        assert [kind for kind, _ in sent()].count("digest") == 1
        assert first.ref in text
        assert second.ref in text
        assert "school" not in text


def test_the_manager_stands_in_for_an_owner_without_an_address(database: Flask) -> None:
    with unit_of_work():
        make_action(make_world(), owner_name=None, owner_email=None)

        found = mails_by_day(date(2027, 3, 2), date(2027, 3, 30))

        assert found == {
            date(2027, 3, 18): [("action_reminder", MANAGER)],
            date(2027, 3, 24): [("action_reminder", MANAGER)],
            date(2027, 3, 30): [("escalation", MANAGER)],
        }


def test_an_action_nobody_can_be_written_to_about_says_so(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        world.health.manager_email = world.health.lead_email = None
        action = make_action(world, owner_email=None)
        session.flush()

        sweep(date(2027, 3, 18))

        chased = action_page(action).events[0]
        assert chased.note == "owner: nobody could be written to"


def test_one_address_is_written_to_once_though_two_steps_tell_it(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        plan = session.get_one(Plan, action.plan_id)
        plans.set_lead(
            plan,
            Lead("Jo Brandt", account_id=world.chair.id, email=CHAIR),
            seen_version=plan.version,
            actor=actor_of(world.lead),
            now=START,
        )

        sweep(date(2027, 4, 5))

        assert sent().count(("plan_escalation", CHAIR)) == 1


def find_orphans(world: World, on: date) -> int:
    found = chase.without_owner(on)
    for action_id in found:
        chasing.replace_owner_who_left(
            session.get_one(Action, action_id),
            letterhead=LETTERHEAD,
            actor=SWEEP,
            now=half_past_seven(on),
        )
    return len(found)


def test_the_deputy_becomes_owner_the_day_the_owner_left_and_the_date_stays(
    database: Flask,
) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world, deputy_name="Pat Lund", deputy_email="pat@camhs.example")
        make_professional(world.health, "Noor Amadi", OWNER, left_on=date(2027, 3, 22))

        assert find_orphans(world, date(2027, 3, 21)) == 0
        assert find_orphans(world, date(2027, 3, 22)) == 1
        assert find_orphans(world, date(2027, 3, 22)) == 0

        assert (action.owner_name, action.owner_email) == ("Pat Lund", "pat@camhs.example")
        assert action.due_on == date(2027, 3, 25)
        assert sorted(sent()[1:]) == [
            ("action_given", "pat@camhs.example"),
            ("task_waiting", MANAGER),
            ("task_waiting", LEAD),
        ]


def test_without_a_deputy_the_manager_stands_in(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        make_professional(world.health, "Noor Amadi", OWNER, left_on=date(2027, 3, 22))

        find_orphans(world, date(2027, 3, 22))

        assert action.owner_left_on == date(2027, 3, 22)
        assert sorted(sent()[1:]) == [("action_given", MANAGER), ("task_waiting", LEAD)]
        assert find_orphans(world, date(2027, 3, 23)) == 0


def test_a_disabled_account_has_left(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        make_action(world, owner_account_id=world.stranger.id)
        session.get_one(Account, world.stranger.id).is_disabled = True
        session.flush()

        assert find_orphans(world, date(2027, 3, 2)) == 1


def test_somebody_who_moved_to_another_post_with_the_same_address_has_not_left(
    database: Flask,
) -> None:
    with unit_of_work():
        world = make_world()
        make_action(world)
        make_professional(world.health, "Noor Amadi", OWNER, left_on=date(2027, 3, 1))
        make_professional(world.social_care, "Noor Amadi", OWNER)

        assert find_orphans(world, date(2027, 3, 22)) == 0


@pytest.mark.parametrize("actions_on_record", [1, 12])
def test_finding_what_is_due_takes_one_statement(database: Flask, actions_on_record: int) -> None:
    with unit_of_work():
        world = make_world()
        for _ in range(actions_on_record):
            make_action(world)

        with counted() as statements:
            found = chase.with_a_step_due(
                STANDARD.ladder, date(2027, 3, 18), calendar=STANDARD.calendar
            )

        assert len(statements) == 1
        assert len(found) == actions_on_record
