"""Incidents are written down per child and judged in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import session
from core.errors import NotAllowed, Refused
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.tasks import Task
from meetings.service import incidents, tasks
from meetings.terms import Decision, JudgementStatus
from notifications.models import OutboxMessage
from people.policy import authorise
from people.terms import Action, Outcome, Resource, TriState
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    a_score,
    answers,
    judgement_of,
    london,
    make_held_now,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
    part_of,
)
from tests.factories.people import make_child


def test_an_incident_is_judged_as_it_is_recorded(database: Flask, now: datetime) -> None:
    world = make_world()
    child = make_known_child(world)

    involvement = make_involvement(world, child)

    judgement = judgement_of(involvement)
    assert judgement.meeting_type == "strategy"
    assert judgement.deadline_on == date(2026, 11, 23)
    assert judgement.status is JudgementStatus.OPEN
    assert judgement.made_at == now


def test_the_team_manager_gets_a_task_and_a_letter_that_says_nothing(database: Flask) -> None:
    world = make_world()
    child = make_known_child(world)

    involvement = make_involvement(world, child)

    task = session.scalars(select(Task).where(Task.kind == tasks.DECIDE)).one()
    mail = session.scalars(select(OutboxMessage)).one()
    assert (task.for_team_id, task.ref) == (world.team.id, involvement.ref)
    assert mail.to_address == world.manager.email
    assert child.family_name.encode() not in mail.body


def test_whoever_records_may_open_the_record_for_twelve_weeks(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    child = make_child(now=now)

    make_involvement(world, child)

    def may(at: datetime) -> Outcome:
        thing = Resource(kind="child", id=child.id, child_id=child.id)
        return authorise(world.actor, Action.CHILD_VIEW, thing, at).outcome

    assert may(now) is Outcome.ALLOW
    assert may(now + timedelta(weeks=13)) is Outcome.HIDE


def test_each_child_has_its_own_part_words_and_judgement(database: Flask, now: datetime) -> None:
    world = make_world()
    harmed = make_known_child(world, given_name="Ade")
    suspected = make_known_child(world, given_name="Marcus")

    both = incidents.report(
        [
            part_of(harmed),
            part_of(suspected, part="suspected"),
        ],
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=now,
    )

    assert len({involvement.incident_id for involvement in both}) == 1
    assert len({involvement.ref for involvement in both}) == 2
    for mine, other in (both, both[::-1]):
        other_name = "Marcus" if "Ade" in mine.narrative else "Ade"
        assert other_name not in str(judgement_of(mine).verdict)
        assert other_name not in mine.narrative
        assert other.ref not in str(judgement_of(mine).verdict)


def test_a_recorder_without_a_team_opens_neither_child_to_the_others_team(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    harmed, suspected = make_known_child(world), make_child(now=now)

    both = incidents.report(
        [part_of(harmed), part_of(suspected, part="suspected")],
        actor=replace(world.actor, team_ids=frozenset(), managed_team_ids=frozenset()),
        letterhead=LETTERHEAD,
        now=now,
    )

    assert session.get_one(Incident, both[0].incident_id).team_id is None


def test_children_on_both_sides_are_kept_apart(database: Flask, now: datetime) -> None:
    world = make_world()
    harmed, suspected = make_known_child(world), make_known_child(world)

    both = incidents.report(
        [part_of(harmed), part_of(suspected, part="suspected")],
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=now,
    )

    assert all(Decision.from_dict(judgement_of(each).verdict).keep_apart for each in both)


def test_adding_another_child_judges_the_first_again(database: Flask, now: datetime) -> None:
    world = make_world()
    first = make_involvement(world, make_known_child(world))
    incident = session.get_one(Incident, first.incident_id)
    other = make_known_child(world)

    incidents.add_child(
        incident,
        part_of(other, part="suspected"),
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=now,
    )

    judgement = judgement_of(first)
    assert Decision.from_dict(judgement.verdict).keep_apart
    assert judgement.change is not None
    assert judgement.change["because"] == "another_child"


def test_a_child_named_twice_is_refused(database: Flask, now: datetime) -> None:
    world = make_world()
    child = make_known_child(world)

    with pytest.raises(Refused) as refused:
        incidents.report(
            [part_of(child), part_of(child, part="suspected")],
            actor=world.actor,
            letterhead=LETTERHEAD,
            now=now,
        )

    assert refused.value.rule == "incident.child_twice"


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"happened_at": london(date(2026, 11, 21), 9)}, "incident.future"),
        ({"known_at": london(date(2026, 11, 21), 9)}, "incident.known_future"),
        ({"known_at": london(date(2026, 11, 1), 9)}, "incident.known_before"),
        ({"part": "client"}, "incident.part"),
        ({"kind": "mischief"}, "incident.kind"),
        ({"narrative": "   "}, "incident.narrative"),
        ({"child_ref": "C-AAAAAA"}, "incident.no_child"),
        ({"score": a_score(scale="")}, "incident.score"),
        ({"score": a_score(value=9)}, "incident.score"),
        ({"score": a_score(scored_on=date(2026, 12, 1))}, "incident.score_future"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Flask, now: datetime, given: dict[str, object], rule: str
) -> None:
    world = make_world()
    part = replace(part_of(make_known_child(world)), **given)

    with pytest.raises(Refused) as refused:
        incidents.report([part], actor=world.actor, letterhead=LETTERHEAD, now=now)

    assert refused.value.rule == rule


def test_day_0_is_the_day_the_partnership_knew(database: Flask) -> None:
    world = make_world()
    child = make_known_child(world)

    involvement = make_involvement(
        world, child, happened_at=london(date(2026, 11, 14), 22),
        known_at=london(date(2026, 11, 19), 10),
    )  # fmt: skip

    judgement = judgement_of(involvement)
    assert judgement.deadline_on == date(2026, 11, 20)
    assert involvement.happened_at == london(date(2026, 11, 14), 22)


def test_not_scored_yet_never_lowers_the_verdict(database: Flask) -> None:
    world = make_world()
    child = make_known_child(world)

    involvement = make_involvement(world, child, part="suspected", kind="robbery")

    assert judgement_of(involvement).meeting_type == "strategy"


def test_a_score_that_makes_it_serious_is_judged_again_and_says_what_changed(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world), part="suspected")
    before = judgement_of(involvement)
    later = now + timedelta(days=3)

    after = incidents.record_score(
        involvement, a_score(6), actor=world.actor, letterhead=LETTERHEAD, now=later
    )

    assert before.meeting_type == "professional_discussion"
    assert before.status is JudgementStatus.SUPERSEDED
    assert after.meeting_type == "strategy"
    assert after.deadline_on == date(2026, 11, 24)
    assert after.change is not None
    assert after.change["was"]["meeting"] == "Professional discussion"
    assert after.change["now"]["meeting"] == "Strategy meeting"


def test_judging_again_never_undoes_a_meeting_that_still_serves(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))
    meeting = make_meeting(world, involvement=involvement)

    after = incidents.answer(
        involvement,
        answers(hospital_attended=TriState.YES),
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=now,
    )

    assert after.status is JudgementStatus.ARRANGED
    assert after.meeting_id == meeting.id


def test_a_meeting_that_is_now_too_late_stands_and_the_decision_is_open_again(
    database: Flask, now: datetime
) -> None:
    world = make_world(now=london(date(2026, 11, 19), 10))
    at = london(date(2026, 11, 19), 11)
    involvement = make_involvement(world, make_known_child(world), now=at)
    meeting = make_meeting(
        world, involvement=involvement, now=at, starts_at=london(date(2026, 11, 20), 9, 30)
    )

    after = incidents.answer(
        involvement,
        answers(retaliation_risk=TriState.YES),
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=at,
    )

    assert after.deadline_on == date(2026, 11, 19)
    assert after.status is JudgementStatus.OPEN
    assert after.change is not None
    assert after.change["meeting_ref"] == meeting.ref
    assert meeting.status == "arranged"


def test_nothing_new_makes_no_new_judgement(database: Flask, now: datetime) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    for _ in range(2):
        incidents.answer(involvement, answers(), actor=world.actor, letterhead=LETTERHEAD, now=now)

    assert session.scalar(select(func.count()).select_from(Judgement)) == 1


def test_only_a_manager_records_that_neither_harm_nor_exploitation_is_suspected(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(
        world, make_known_child(world), part="suspected", kind="robbery",
        answers=answers(harm_suspected=TriState.NO, exploitation_suspected=TriState.NO),
    )  # fmt: skip

    assert judgement_of(involvement).meeting_type == "strategy"
    with pytest.raises(NotAllowed):
        incidents.clear(
            involvement, why="Seen at home.", actor=world.actor, letterhead=LETTERHEAD, now=now
        )
    after = incidents.clear(
        involvement, why="Seen at home.", actor=world.managing, letterhead=LETTERHEAD, now=now
    )
    assert after.meeting_type == "professional_discussion"
    assert after.deadline_on == date(2026, 11, 25)


def test_a_second_serious_incident_within_twelve_weeks_is_seen(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    child = make_known_child(world)
    make_involvement(world, child, happened_at=now - timedelta(days=30))

    second = make_involvement(world, child)

    rules = [rule.rule_id for rule in Decision.from_dict(judgement_of(second).verdict).fired]
    assert "TR-20" in rules


def test_reporting_leaves_a_line_in_the_audit_without_any_content(database: Flask) -> None:
    world = make_world()
    child = make_known_child(world)

    involvement = make_involvement(world, child)

    lines = session.scalars(select(AuditEntry).where(AuditEntry.child_id == child.id)).all()
    assert {"incident.recorded", "judgement.made", "relation.given"} <= {e.verb for e in lines}
    assert all(involvement.narrative not in (line.detail or "") for line in lines)


def test_an_incident_after_a_meeting_was_held_knows_that_one_was(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))
    make_held_now(world, involvement)

    assert judgement_of(involvement).status is JudgementStatus.ARRANGED
    assert session.scalar(select(func.count()).select_from(Involvement)) == 1
