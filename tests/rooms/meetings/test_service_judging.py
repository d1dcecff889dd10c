"""What the rules see of a child, and what happens when it changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from core.db import session, unit_of_work
from meetings.jobs.judgements import judge_open
from meetings.models.incidents import Involvement
from meetings.service.facts import facts_for
from meetings.terms import Decision, JudgementStatus
from people.models.children import Child
from people.terms import Asked, ConnectionKind, ConnectionStatus, TriState
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    answers,
    judgement_of,
    make_involvement,
    make_known_child,
    make_world,
)
from tests.factories.people import make_child, make_connection


def test_a_kind_of_connection_nobody_recorded_is_not_known(database: Flask, now: datetime) -> None:
    world = make_world()
    involvement = make_involvement(world, make_child(team=world.team))

    _, child = facts_for(involvement, now)

    assert child.connections == ()
    assert child.ever_had_social_worker is TriState.NOT_KNOWN


def test_the_network_of_today_is_seen_with_what_is_known_of_it(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    child = make_known_child(world)
    make_connection(
        child=child, kind=ConnectionKind.PARENT, status=ConnectionStatus.NOT_KNOWN,
        relationship="father", is_male_carer=True,
    )  # fmt: skip
    involvement = make_involvement(world, child)

    _, facts = facts_for(involvement, now)

    seen = {(one.kind, one.status, one.agency_name) for one in facts.connections}
    assert ("school", "known", "Northmere Academy") in seen
    assert ("gp", "known", "Park Road Surgery") in seen
    assert any(one.is_male_carer and one.status == "not_known" for one in facts.connections)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (Asked.YES, TriState.YES),
        (Asked.NO, TriState.NO),
        (Asked.NOT_ASKED, TriState.NOT_KNOWN),
        (Asked.AWAITING, TriState.NOT_KNOWN),
    ],
)
def test_a_need_nobody_asked_about_is_not_known(
    database: Flask, now: datetime, asked: Asked, known: TriState
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world, ehc_plan=asked))

    _, child = facts_for(involvement, now)

    assert child.ehc_plan is known


def test_awaiting_an_assessment_of_special_needs_is_met_as_a_need(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world, sen=Asked.AWAITING))

    _, child = facts_for(involvement, now)

    assert child.sen is TriState.YES


def test_a_workers_no_is_not_known_to_the_rules_until_a_manager_recorded_it(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(
        world, make_known_child(world), answers=answers(harm_suspected=TriState.NO)
    )

    incident, _ = facts_for(involvement, now)

    assert incident.harm_suspected is TriState.NOT_KNOWN


def test_a_hospital_visit_counts_for_thirty_days(database: Flask, now: datetime) -> None:
    world = make_world()
    child = make_known_child(world)
    make_involvement(
        world, child, happened_at=now - timedelta(days=20),
        answers=answers(hospital_attended=TriState.YES),
    )  # fmt: skip
    involvement = make_involvement(world, child)

    assert facts_for(involvement, now)[1].hospital_within_30_days is TriState.YES
    later = now + timedelta(days=11)
    assert facts_for(involvement, later)[1].hospital_within_30_days is TriState.NOT_KNOWN


def test_an_open_decision_is_judged_again_by_the_clock_when_facts_are_mended(
    app: Flask, now: datetime
) -> None:
    with app.app_context():
        with unit_of_work():
            world = make_world()
            child = make_known_child(world, born_on=date(2007, 1, 5))
            ref = make_involvement(world, child, answers=answers(hospital_attended=TriState.YES)).id
        with unit_of_work():
            before = judgement_of(session.get_one(Involvement, ref))
            rules = {rule.rule_id for rule in Decision.from_dict(before.verdict).fired}
            session.get_one(Child, child.id).born_on = date(2011, 1, 5)

        changed = judge_open(now, LETTERHEAD)
        again = judge_open(now, LETTERHEAD)

        with unit_of_work():
            after = judgement_of(session.get_one(Involvement, ref))
            fired = {rule.rule_id for rule in Decision.from_dict(after.verdict).fired}
    assert (changed, again) == (1, 0)
    assert "TR-05" not in rules
    assert "TR-05" in fired
    assert after.status is JudgementStatus.OPEN
    assert after.change is not None
    assert after.change["because"] == "facts"
