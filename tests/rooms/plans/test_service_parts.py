"""The rows of a plan: added, changed with a version lock, ended, and compared."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core.db import session, unit_of_work
from core.errors import Conflict, Refused
from plans.models import Order, PlanEntry, Voice
from plans.queries.plans import plan_page, row_of, version_of
from plans.service import parts, versions
from plans.terms import (
    EntryWords,
    OrderKind,
    OrderWords,
    PartWords,
    Section,
    StrandKind,
    StrandWords,
    VoiceWords,
    Whose,
)
from tests.factories.people import actor_of
from tests.factories.plans import START, make_plan, make_world
from tests.rooms.plans.statements import counted

LATER = START + timedelta(hours=1)
WORRY = EntryWords(Section.WORRY, "Followed home from the bus twice")
BAIL = OrderWords(OrderKind.POLICE_BAIL, "Not to enter the town centre", None, date(2027, 4, 20))


@pytest.mark.parametrize(
    "words",
    [
        WORRY,
        VoiceWords(Whose.FATHER, words="I want to be rung first", said_on=date(2027, 2, 28)),
        VoiceWords(Whose.MOTHER, missing_reason="In hospital until Friday"),
        BAIL,
        StrandWords(StrandKind.EHC, date(2027, 5, 14), "Kept by the SEN team"),
    ],
)
def test_every_kind_of_row_can_be_added_and_stands_in_the_next_version(
    database: Flask, words: PartWords
) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)

        row = parts.add(plan, words, actor=actor_of(world.lead), now=LATER)

        assert versions.words_of(row) == words
        kept = version_of(plan.id, 2)
        assert kept is not None
        assert str(row.id) in [item.key for item in versions.from_content(kept.content)]


def test_rows_are_numbered_within_their_part(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)

        for words in (WORRY, WORRY, EntryWords(Section.GOAL, "Back in school")):
            parts.add(plan, words, actor=actor, now=LATER)

        second = row_of(PlanEntry, plan.id, 2, Section.WORRY)
        goal = row_of(PlanEntry, plan.id, 1, Section.GOAL)
        assert second is not None
        assert goal is not None


def test_two_people_editing_one_row_the_second_sees_both_texts(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        row = parts.add(plan, WORRY, actor=actor_of(world.lead), now=START)
        theirs = EntryWords(Section.WORRY, "Followed home three times")
        mine = EntryWords(Section.WORRY, "Followed home twice, police told")
        parts.change(plan, row, theirs, seen_version=1, actor=actor_of(world.lead), now=LATER)

        with pytest.raises(Conflict) as found:
            parts.change(plan, row, mine, seen_version=1, actor=actor_of(world.chair), now=LATER)

        assert found.value.theirs["text"] == "Followed home three times"
        assert found.value.theirs["by"] == "Sam Okoro"
        assert found.value.theirs["version"] == "2"
        assert found.value.yours["text"] == "Followed home twice, police told"
        assert versions.words_of(row) == theirs


def test_two_people_editing_different_rows_do_not_meet(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        first = parts.add(plan, WORRY, actor=actor, now=START)
        second = parts.add(plan, BAIL, actor=actor, now=START)
        changed = EntryWords(Section.WORRY, "Followed home three times")

        parts.change(plan, first, changed, seen_version=1, actor=actor, now=LATER)
        parts.end(plan, second, seen_version=1, why="lifted", actor=actor, now=LATER)

        assert plan.version == 5


def test_a_row_taken_off_stays_in_the_versions_that_had_it(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        row = parts.add(plan, WORRY, actor=actor, now=START)

        parts.end(plan, row, seen_version=1, why="no longer so", actor=actor, now=LATER)

        before, after = version_of(plan.id, 2), version_of(plan.id, 3)
        assert before is not None
        assert after is not None
        assert [item.fields for item in versions.difference(before, after).removed] == [
            (("Text", "Followed home from the bus twice"),)
        ]
        assert plan_page(plan).entries[Section.WORRY] == []


def test_nothing_is_taken_off_without_a_reason(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        row = parts.add(plan, WORRY, actor=actor, now=START)

        with pytest.raises(Refused, match="reason"):
            parts.end(plan, row, seen_version=1, why=" ", actor=actor, now=LATER)


def test_a_row_taken_off_by_somebody_else_is_not_changed(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        row = parts.add(plan, WORRY, actor=actor, now=START)
        parts.end(plan, row, seen_version=1, why="done", actor=actor, now=LATER)

        with pytest.raises(Refused, match="took this off"):
            parts.change(plan, row, WORRY, seen_version=1, actor=actor, now=LATER)


def test_two_versions_name_the_field_that_changed(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        row = parts.add(plan, BAIL, actor=actor, now=START)
        longer = OrderWords(
            OrderKind.POLICE_BAIL, "Not to enter the town centre", None, date(2027, 5, 20)
        )

        parts.change(plan, row, longer, seen_version=1, actor=actor, now=LATER)

        before, after = version_of(plan.id, 2), version_of(plan.id, 3)
        assert before is not None
        assert after is not None
        change = versions.difference(before, after).changed[0]
        assert [(each.name, each.before, each.after) for each in change.fields] == [
            ("To", "20 April 2027", "20 May 2027")
        ]


@pytest.mark.parametrize(
    "words",
    [
        OrderWords(OrderKind.CURFEW, "7pm to 7am", date(2027, 4, 2), date(2027, 4, 1)),
        VoiceWords(Whose.CHILD),
    ],
)
def test_words_that_do_not_hold_together_are_refused(database: Flask, words: PartWords) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)

        with pytest.raises(Refused):
            parts.add(plan, words, actor=actor_of(world.lead), now=LATER)


def test_the_plan_page_takes_six_statements_whatever_stands_on_it(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        plan = make_plan(world)
        actor = actor_of(world.lead)
        for _ in range(3):
            parts.add(plan, WORRY, actor=actor, now=START)
            parts.add(plan, BAIL, actor=actor, now=START)
            parts.add(plan, VoiceWords(Whose.CHILD, words="Not the bus"), actor=actor, now=START)
        session.flush()

        with counted() as statements:
            page = plan_page(plan)

        assert len(statements) == 6
        assert len(page.orders) == 3
        assert [voice.position for voice in page.voices] == [3, 2, 1]
        assert isinstance(page.orders[0], Order)
        assert isinstance(page.voices[0], Voice)
