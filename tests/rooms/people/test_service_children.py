"""Recording, correcting and allocating a child."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import session
from core.errors import Conflict, Refused
from people.details import ChildDetails
from people.models.relations import RelationRow
from people.policy import authorise
from people.service import children
from people.terms import Action, Actor, Asked, Resource
from tests.factories.people import actor_of, make_account, make_child, make_team

pytestmark = pytest.mark.usefixtures("database")
DETAILS = ChildDetails("Jordan", "Ellis", date(2011, 3, 27))


def may_view(actor: Actor, child_id: object, now: datetime) -> bool:
    thing = Resource(kind="child", id=child_id, child_id=child_id)  # type: ignore[arg-type]
    return authorise(actor, Action.CHILD_VIEW, thing, now).is_allowed


def test_needs_nobody_asked_about_are_not_asked_rather_than_no(now: datetime) -> None:
    child = children.record(DETAILS, actor=Actor.system("tests"), now=now)

    assert {child.disability, child.sen, child.ehc_plan, child.interpreter} == {Asked.NOT_ASKED}


def test_the_reference_says_nothing_of_the_child(now: datetime) -> None:
    child = make_child(now=now)

    assert child.ref.startswith("C-")
    assert len(child.ref) == 8


def test_a_recorded_child_is_open_to_the_recorders_team(now: datetime) -> None:
    team = make_team()
    recorder = actor_of(make_account(team=team))
    colleague = actor_of(make_account(team=team))

    child = children.record(DETAILS, actor=recorder, now=now)

    assert may_view(recorder, child.id, now)
    assert may_view(colleague, child.id, now)


def test_a_recorder_outside_the_team_sees_the_child_for_four_weeks(now: datetime) -> None:
    recorder = actor_of(make_account(team=make_team()))

    child = children.record(DETAILS, actor=recorder, now=now, team_id=make_team().id)

    assert may_view(recorder, child.id, now + timedelta(days=27))
    assert not may_view(recorder, child.id, now + timedelta(days=28))


@pytest.mark.parametrize(
    ("born_on", "rule"),
    [(date(2026, 11, 21), "child.born_later"), (date(1999, 1, 1), "child.too_old")],
)
def test_a_date_of_birth_that_cannot_be_a_childs_is_refused(
    born_on: date, rule: str, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        make_child(born_on=born_on, now=now)

    assert refused.value.rule == rule


def test_a_child_born_today_is_recorded(now: datetime) -> None:
    assert make_child(born_on=date(2026, 11, 20), now=now).born_on == date(2026, 11, 20)


@pytest.mark.parametrize("numbers", [{"nhs_number": "9991234560"}, {"upn": "A123456789012"}])
def test_a_number_belongs_to_one_child(numbers: dict[str, str], now: datetime) -> None:
    first = make_child(now=now, **numbers)  # type: ignore[arg-type]

    with pytest.raises(Refused, match=first.ref):
        make_child(given_name="Amara", now=now, **numbers)  # type: ignore[arg-type]


def test_a_correction_writes_the_names_of_fields_and_never_their_content(now: datetime) -> None:
    child = make_child(now=now)
    corrected = ChildDetails("Jordan", "Ellison", date(2011, 3, 27), ehc_plan=Asked.AWAITING)

    children.edit(child, corrected, version=child.version, actor=Actor.system("tests"), now=now)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "child.edited")).one()
    assert (child.family_name, child.search_key) == ("Ellison", "ellison jordan")
    assert entry.detail == "ehc_plan, family_name"
    assert entry.child_id == child.id


def test_a_second_editor_is_shown_both_texts(now: datetime) -> None:
    child = make_child(now=now)
    seen = child.version
    actor = Actor.system("tests")
    children.edit(
        child, ChildDetails("Jordan", "Ellison", child.born_on), version=seen, actor=actor, now=now
    )

    with pytest.raises(Conflict) as clash:
        children.edit(
            child,
            ChildDetails("Jordan", "Ellys", child.born_on),
            version=seen,
            actor=actor,
            now=now,
        )

    assert clash.value.theirs == {"family_name": "Ellison"}
    assert clash.value.yours == {"family_name": "Ellys"}
    assert child.family_name == "Ellison"


def test_a_child_keeps_its_own_number_when_it_is_corrected(now: datetime) -> None:
    child = make_child(nhs_number="9991234560", now=now)
    details = ChildDetails("Jay", "Ellis", child.born_on, nhs_number="9991234560")

    children.edit(child, details, version=child.version, actor=Actor.system("tests"), now=now)

    assert child.given_name == "Jay"


def test_the_worker_before_loses_access_when_the_child_is_allocated_anew(now: datetime) -> None:
    before, after = make_account(), make_account()
    child = make_child(team=make_team(), worker=before, now=now)
    later = now + timedelta(hours=1)

    children.allocate(
        child,
        team_id=make_team().id,
        worker_id=after.id,
        actor=Actor.system("tests"),
        now=later,
    )

    assert not may_view(actor_of(before), child.id, later)
    assert may_view(actor_of(after), child.id, later)


def test_allocating_to_the_same_worker_again_gives_no_second_relation(now: datetime) -> None:
    worker, team = make_account(), make_team()
    child = make_child(team=team, worker=worker, now=now)

    children.allocate(
        child, team_id=team.id, worker_id=worker.id, actor=Actor.system("tests"), now=now
    )

    assert len(session.scalars(select(RelationRow)).all()) == 1


def test_a_child_may_be_allocated_to_a_team_without_a_worker(now: datetime) -> None:
    worker, team = make_account(), make_team()
    child = make_child(team=team, worker=worker, now=now)

    children.allocate(child, team_id=team.id, worker_id=None, actor=Actor.system("tests"), now=now)

    assert child.allocated_to_id is None
    assert not may_view(actor_of(worker), child.id, now)
