"""The timed doors: by the shipped pack, on working days, each step once whatever happens."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import reading, session, unit_of_work
from plans import jobs
from plans.models import Action, LadderStepTaken
from plans.service import chasing
from procedures.service import packs
from tests.factories.plans import LETTERHEAD, START, make_action, make_professional, make_world
from tests.rooms.plans.mails import sent

OWNER = "noor.amadi@camhs.example"


def at_half_past_seven(on: date) -> datetime:
    return clock.wall(on, time(7, 30))


def sweep(on: date) -> int:
    return jobs.sweep_overdue(at_half_past_seven(on), head=LETTERHEAD)


def mails() -> list[tuple[str, str]]:
    with reading():
        return sent()


@pytest.fixture
def action_id(database: Flask) -> object:
    with unit_of_work():
        packs.ensure_default(START)
        return make_action(make_world()).id


@pytest.mark.usefixtures("action_id")
def test_the_shipped_ladder_climbs_on_the_dates_of_scenario_s6() -> None:
    found = {}
    for n in range(60):
        on = date(2027, 3, 2) + timedelta(days=n)
        before = len(mails())
        sweep(on)
        if len(mails()) > before:
            found[on] = sorted({kind for kind, _ in mails()[before:]})

    assert found == {
        date(2027, 3, 18): ["action_reminder"],
        date(2027, 3, 24): ["action_reminder"],
        date(2027, 3, 30): ["digest", "escalation"],
        date(2027, 4, 1): ["plan_escalation"],
        date(2027, 4, 5): ["escalation", "plan_escalation"],
        date(2027, 4, 12): ["plan_escalation"],
    }


@pytest.mark.usefixtures("action_id")
def test_nothing_is_sent_on_a_bank_holiday_and_the_next_working_day_makes_it_good() -> None:
    assert sweep(date(2027, 3, 29)) == 0

    assert sweep(date(2027, 3, 30)) == 3


def test_five_working_days_late_is_marked_as_drift(action_id: object) -> None:
    for on in (date(2027, 3, 30), date(2027, 4, 1)):
        sweep(on)
    with reading():
        before = session.get_one(Action, action_id).mark

    sweep(date(2027, 4, 5))

    with reading():
        assert before is None
        assert session.get_one(Action, action_id).mark == "drift"


@pytest.mark.usefixtures("action_id")
def test_a_second_run_takes_no_step() -> None:
    sweep(date(2027, 3, 18))

    assert sweep(date(2027, 3, 18)) == 0
    with reading():
        assert session.scalar(select(func.count()).select_from(LadderStepTaken)) == 1


def test_one_action_that_fails_holds_up_no_other(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        packs.ensure_default(START)
        world = make_world()
        bad, good = make_action(world).id, make_action(world, what="Ring the school").id
    whole = chasing.take_steps

    def broken_for_one(action: Action, *rest: object, **more: object) -> int:
        if action.id == bad:
            raise RuntimeError("disk full")
        return whole(action, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(chasing, "take_steps", broken_for_one)

    assert sweep(date(2027, 3, 18)) == 1

    monkeypatch.undo()
    assert sweep(date(2027, 3, 18)) == 1
    with reading():
        steps = session.scalars(select(LadderStepTaken.action_id)).all()
        assert sorted(steps) == sorted([bad, good])


def test_an_owner_who_left_is_replaced_before_the_ladder_is_climbed(database: Flask) -> None:
    with unit_of_work():
        packs.ensure_default(START)
        world = make_world()
        make_action(world, deputy_name="Pat Lund", deputy_email="pat@camhs.example")
        make_professional(world.health, "Noor Amadi", OWNER, left_on=date(2027, 3, 22))

    sweep(date(2027, 3, 24))

    assert ("action_reminder", "pat@camhs.example") in mails()
    assert ("action_reminder", OWNER) not in mails()


def test_the_jobs_run_at_half_past_seven_in_london_whatever_the_season(app: Flask) -> None:
    job = next(
        job for job in jobs.jobs(app.extensions["settings"]) if job.name == "plans.sweep_overdue"
    )

    for month in (1, 7):
        fire = job.trigger.get_next_fire_time(
            None, datetime(2027, month, 4, 0, 0, tzinfo=clock.LONDON)
        )
        assert (clock.london(fire).hour, clock.london(fire).minute) == (7, 30)
