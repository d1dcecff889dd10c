"""Many people at the same moment: one plan, no lost text, each step of the ladder once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import reading, session, unit_of_work
from core.errors import Conflict
from notifications.models import OutboxMessage
from people.models.accounts import Account
from plans import jobs
from plans.models import LadderStepTaken, Plan, PlanEntry, PlanVersion
from plans.queries.plans import open_plan_of, row_of
from plans.service import parts, plans
from plans.terms import EntryWords, Section
from procedures.service import packs
from tests.factories.people import actor_of
from tests.factories.plans import LETTERHEAD, START, make_action, make_plan, make_world

THREADS = 20


def at_once(app: Flask, what: Callable[[int], str], times: int) -> list[str]:
    """Run the same thing many times at the same moment, each with a session of its own."""

    def run(number: int) -> str:
        with app.app_context():
            try:
                return what(number)
            except Conflict:
                return "conflict"
            finally:
                session.remove()

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return list(pool.map(run, range(times)))


def test_of_fifty_people_opening_a_plan_at_once_one_succeeds(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        child_id, lead_id = world.child.id, world.lead.id

    def open_one(_: int) -> str:
        with unit_of_work():
            actor = actor_of(session.get_one(Account, lead_id))
            plans.open_plan(child_id, actor=actor, now=START)
        return "opened"

    found = at_once(app, open_one, 50)

    assert sorted(found) == ["conflict"] * 49 + ["opened"]
    with app.app_context(), reading():
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_no_text_committed_by_twenty_people_vanishes_without_a_conflict(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        plan = make_plan(world)
        parts.add(plan, EntryWords(Section.WORRY, "first"), actor=actor_of(world.lead), now=START)
        child_id, lead_id = world.child.id, world.lead.id

    def reword(number: int) -> str:
        with unit_of_work():
            actor = actor_of(session.get_one(Account, lead_id))
            plan = open_plan_of(child_id)
            assert plan is not None
            row = row_of(PlanEntry, plan.id, 1, Section.WORRY)
            assert row is not None
            words = EntryWords(Section.WORRY, f"text {number}")
            parts.change(plan, row, words, seen_version=1, actor=actor, now=START)
        return "saved"

    found = at_once(app, reword, 20)

    assert sorted(found) == ["conflict"] * 19 + ["saved"]


def test_twenty_additions_at_once_are_all_kept_in_numbered_versions(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        make_plan(world)
        child_id, lead_id = world.child.id, world.lead.id

    def add(number: int) -> str:
        with unit_of_work():
            actor = actor_of(session.get_one(Account, lead_id))
            plan = open_plan_of(child_id)
            assert plan is not None
            words = EntryWords(Section.WORRY, f"text {number}")
            parts.add(plan, words, actor=actor, now=START)
        return "saved"

    found = at_once(app, add, 20)

    assert found == ["saved"] * 20
    with app.app_context(), reading():
        places = session.scalars(select(PlanEntry.position)).all()
        numbers = session.scalars(select(PlanVersion.number)).all()
        assert sorted(places) == list(range(1, 21))
        assert sorted(numbers) == list(range(1, 22))


def test_two_sweeps_at_once_take_each_step_and_send_each_mail_once(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        packs.ensure_default(START)
        world = make_world()
        for _ in range(5):
            make_action(world)
    on = clock.wall(date(2027, 3, 30), time(7, 30))

    at_once(app, lambda _: str(jobs.sweep_overdue(on, head=LETTERHEAD)), 4)

    with app.app_context(), reading():
        steps = session.scalar(select(func.count()).select_from(LadderStepTaken))
        assert steps == 15
        kinds = session.scalars(select(OutboxMessage.kind)).all()
        assert (kinds.count("escalation"), kinds.count("digest")) == (5, 1)


def test_a_sweep_after_a_clock_jump_of_ten_days_takes_each_step_once(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        packs.ensure_default(START)
        make_action(make_world())
    first = clock.wall(date(2027, 3, 25), time(7, 30))

    with app.app_context():
        for days in (0, 12, 12, 13):
            jobs.sweep_overdue(first + timedelta(days=days), head=LETTERHEAD)

    with app.app_context(), reading():
        taken = session.scalars(select(LadderStepTaken.step)).all()
        assert sorted(taken) == ["due_in_1", "due_in_5", "late_1", "late_3", "late_5"]
