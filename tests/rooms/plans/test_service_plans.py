"""Opening the one plan of a child, its lead and its review date."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import session, unit_of_work
from core.errors import Conflict, Refused
from people.models.relations import RelationRow
from people.terms import RelationKind
from plans.models import Plan, PlanVersion
from plans.queries.plans import open_plan_of, versions_of
from plans.service import plans, versions
from plans.terms import Lead, PlanStatus
from tests.factories.people import actor_of
from tests.factories.plans import START, make_plan, make_world

LATER = START + timedelta(hours=1)


def test_the_allocated_worker_leads_a_plan_opened_without_a_lead(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        plan = make_plan(world)

        assert plan.lead_name == "Sam Okoro"
        assert plan.lead_email == world.lead.email
        assert plan.version == 1


def test_the_lead_may_open_the_childs_record(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        make_plan(world)

        kinds = session.scalars(
            select(RelationRow.kind).where(RelationRow.account_id == world.lead.id)
        ).all()
        assert RelationKind.LEAD_PRACTITIONER in kinds


def test_a_second_open_plan_is_a_conflict(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        make_plan(world)

        with pytest.raises(Conflict, match="open plan already"):
            make_plan(world)


def test_the_database_itself_refuses_a_second_open_plan(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        make_plan(world)

        with pytest.raises(Exception, match=r"(?i)unique"), session.begin_nested():
            session.add(Plan(child_id=world.child.id, status=PlanStatus.OPEN, opened_at=START))
            session.flush()


def test_a_closed_plan_makes_room_for_the_next(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        first = make_plan(world)
        plans.close(first, why="stepped down", actor=actor_of(world.lead), now=LATER)

        second = make_plan(world, at=LATER)

        assert open_plan_of(world.child.id) is second
        assert session.scalar(select(func.count()).select_from(Plan)) == 2


def test_a_closed_plan_takes_no_more_changes(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        plans.close(plan, why="stepped down", actor=actor_of(world.lead), now=LATER)

        with pytest.raises(Refused, match="closed"):
            plans.set_lead(
                plan, Lead("Jo Brandt"), seen_version=2, actor=actor_of(world.lead), now=LATER
            )


def test_a_new_lead_takes_over_and_the_old_one_loses_the_window(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)

        plans.set_lead(
            plan,
            Lead("Jo Brandt", world.social_care.id, world.chair.id, "01632 960111"),
            seen_version=plan.version,
            actor=actor_of(world.lead),
            now=LATER,
        )

        held = session.scalars(
            select(RelationRow).where(RelationRow.kind == RelationKind.LEAD_PRACTITIONER)
        ).all()
        ends = {row.account_id: row.valid_to_at for row in held}
        assert ends == {world.lead.id: LATER, world.chair.id: None}


def test_a_second_change_of_the_lead_sees_the_first(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        seen = plan.version
        actor = actor_of(world.chair)
        plans.set_lead(plan, Lead("Jo Brandt"), seen_version=seen, actor=actor, now=LATER)

        with pytest.raises(Conflict) as found:
            plans.set_lead(plan, Lead("Alex Reed"), seen_version=seen, actor=actor, now=LATER)

        assert found.value.theirs["name"] == "Jo Brandt"
        assert found.value.yours == {"name": "Alex Reed"}


def test_a_change_elsewhere_on_the_plan_is_no_conflict_for_the_lead(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        seen = plan.version
        actor = actor_of(world.lead)
        versions.record(plan, "Something else", actor=actor, now=LATER)

        plans.set_lead(plan, Lead("Jo Brandt"), seen_version=seen, actor=actor, now=LATER)

        assert plan.lead_name == "Jo Brandt"


@pytest.mark.parametrize("days", [-1, 400])
def test_a_review_date_is_today_or_later_and_within_a_year(database: Flask, days: int) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        today = date(2027, 3, 1)

        with pytest.raises(Refused):
            plans.set_review(
                plan,
                today + timedelta(days=days),
                seen_version=plan.version,
                today=today,
                actor=actor_of(world.lead),
                now=LATER,
            )


def test_each_agreed_change_is_one_numbered_version(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)

        plans.set_review(
            plan,
            date(2027, 4, 1),
            seen_version=plan.version,
            today=date(2027, 3, 1),
            actor=actor_of(world.lead),
            now=LATER,
        )

        found = [(version.number, version.why) for version in versions_of(plan.id)]
        assert found == [(2, "Next review 1 April 2027"), (1, "Opened")]


def test_a_version_is_never_changed(database: Flask) -> None:
    with unit_of_work():
        plan = make_plan(make_world())

    with pytest.raises(RuntimeError, match="never changed"), unit_of_work():
        version = session.scalars(select(PlanVersion).where(PlanVersion.plan_id == plan.id)).one()
        version.why = "something else"
