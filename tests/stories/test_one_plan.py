"""Every decision lands on the child's one plan; versions and two people at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.db import reading, session
from plans.models import Plan as PlanRow
from tests.stories.place import Place, at
from tests.stories.said import Agreed, Clash, Told, TurnedDown
from tests.stories.telling import Convened, Door, convened, everybody_accepts, hold

MENTOR = Agreed("Arrange a mentor", "2026-12-04", "Northmere Academy", name="Ms Ali",
                email="ms.ali@school.example")  # fmt: skip
HEALTH = Agreed("Offer a first appointment", "2026-12-11", "Northshire health", name="Noor Amadi",
                email="noor.amadi@health.example")  # fmt: skip


@pytest.fixture
def story(door: Door, place: Place) -> Convened:
    found = convened(door, place, Told(place.child("Kofi", "Mensah")), at("2026-11-23", "09:30"))
    everybody_accepts(place, found.mails)
    place.clock.at = at("2026-11-23", "09:30")
    hold(door, place, found.meeting, actions=[MENTOR])
    return found


def _plans(place: Place) -> int:
    with place.app.app_context(), reading():
        return session.scalar(select(func.count()).select_from(PlanRow)) or 0


def test_the_first_action_of_a_meeting_opens_the_plan(
    door: Door, place: Place, story: Convened
) -> None:
    plan = door.plan(place.world.worker, story.child)

    assert plan.version == 1
    assert len(plan.open_actions) == 1
    assert "Arrange a mentor" in plan.words


def test_every_decision_lands_on_one_plan_and_a_second_cannot_be_opened(
    door: Door, place: Place, story: Convened
) -> None:
    place.clock.at = at("2026-12-01", "10:00")
    again = convened(
        door, place, Told(story.child, narrative="Threatened at the gate."),
        at("2026-12-02", "10:00"),
    )  # fmt: skip
    everybody_accepts(place, again.mails)
    place.clock.at = at("2026-12-02", "10:00")

    hold(door, place, again.meeting, actions=[HEALTH])
    with pytest.raises((TurnedDown, LookupError)):
        door.open_plan(place.world.worker, story.child)

    plan = door.plan(place.world.worker, story.child)
    assert len(plan.open_actions) == 2
    assert _plans(place) == 1


def test_an_action_says_which_meeting_agreed_it(door: Door, place: Place, story: Convened) -> None:
    (action,) = door.plan(place.world.worker, story.child).open_actions

    assert story.meeting in door.action(place.world.worker, action)


def test_each_change_is_a_version_and_two_versions_compare_as_lists(
    door: Door, place: Place, story: Convened
) -> None:
    worker = place.world.worker
    door.add_to_plan(worker, story.child, "worry", "He carries a knife to school.")
    door.open_part(worker, story.child, "He carries a knife to school.").save(
        "He carried a knife to school twice.", "The school counted."
    )

    plan = door.plan(worker, story.child)
    difference = door.compare(worker, story.child, 2, 3)

    assert plan.version == 3
    assert "He carries a knife to school." in difference
    assert "He carried a knife to school twice." in difference


def test_two_people_edit_one_sentence_of_the_plan_and_the_second_chooses(
    door: Door, place: Place, story: Convened
) -> None:
    worker = place.world.worker
    door.add_to_plan(worker, story.child, "worry", "He carries a knife.")
    first = door.open_part(place.world.manager, story.child, "He carries a knife.")
    second = door.open_part(worker, story.child, "He carries a knife.")
    first.save("He carried a knife in May.", "Police said when.")

    with pytest.raises(Clash) as clash:
        second.save("He carries a knife on Fridays.", "The school said when.")
    second.keep("both")

    assert clash.value.theirs == "He carried a knife in May."
    assert clash.value.yours == "He carries a knife on Fridays."
    words = door.plan(worker, story.child).words
    assert "He carried a knife in May." in words
    assert "He carries a knife on Fridays." in words


def test_a_sentence_is_not_emptied_by_accident(door: Door, place: Place, story: Convened) -> None:
    worker = place.world.worker
    door.add_to_plan(worker, story.child, "worry", "He carries a knife.")

    with pytest.raises(TurnedDown) as refused:
        door.open_part(worker, story.child, "He carries a knife.").save("", "The school counted.")

    assert refused.value.status == 422
    assert door.plan(worker, story.child).version == 2
    if door.name == "pages":
        assert "The school counted." in refused.value.shown


def test_the_history_tells_everything_in_order(door: Door, place: Place, story: Convened) -> None:
    history = door.history(place.world.worker, story.child)

    assert history.index("Plan, version 1") < history.index(story.incident)
    assert story.meeting in history
    assert "Arrange a mentor" in history


def test_search_finds_a_child_a_meeting_and_an_action_by_reference(
    door: Door, place: Place, story: Convened
) -> None:
    worker = place.world.worker
    (action,) = door.plan(worker, story.child).open_actions

    found = [door.search(worker, text) for text in ("mensah kofi", story.meeting, action)]

    assert any("Kofi Mensah" in row for row in found[0])
    assert any(story.meeting in row for row in found[1])
    assert any(action in row for row in found[2])
