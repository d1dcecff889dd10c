"""A decision not to meet waits for the manager, and its deadline stands on Home until then."""

from __future__ import annotations

import pytest

from tests.stories.place import Place
from tests.stories.said import Told, TurnedDown
from tests.stories.telling import Door

REASON = "The art teacher had sent her to return the scissors."


@pytest.fixture
def incident(door: Door, place: Place) -> str:
    return door.record(place.world.duty, Told(place.child("Safiya", "Noor")))


def test_a_no_meeting_decision_waits_for_the_manager_and_its_deadline_stands_on_home(
    door: Door, place: Place, incident: str
) -> None:
    door.propose_none(place.world.duty, incident, REASON)

    for who in (place.world.duty, place.world.manager):
        home = door.home(who)
        assert "Strategy meeting" in home
        assert "23 November 2026" in home
    assert door.decision(place.world.duty, incident).status == "none_proposed"
    assert "1 decision not to meet waits for your confirmation" in door.home(place.world.manager)


def test_the_managers_confirmation_takes_it_off_home(
    door: Door, place: Place, incident: str
) -> None:
    door.propose_none(place.world.duty, incident, REASON)

    door.confirm_none(place.world.manager, incident)

    assert door.decision(place.world.duty, incident).status == "none_confirmed"
    assert "Strategy meeting" not in door.home(place.world.duty)


def test_a_worker_cannot_confirm_their_own_proposal(
    door: Door, place: Place, incident: str
) -> None:
    door.propose_none(place.world.duty, incident, REASON)

    with pytest.raises((TurnedDown, LookupError)):
        door.confirm_none(place.world.duty, incident)

    assert door.decision(place.world.duty, incident).status == "none_proposed"


def test_no_meeting_needs_its_reason(door: Door, place: Place, incident: str) -> None:
    with pytest.raises(TurnedDown) as refused:
        door.propose_none(place.world.duty, incident, " ")

    assert refused.value.says("why")
    assert door.decision(place.world.duty, incident).status == "open"


def test_the_manager_is_told_without_a_word_about_the_child(
    door: Door, place: Place, incident: str
) -> None:
    door.propose_none(place.world.duty, incident, REASON)

    letters = [mail for mail in place.deliver() if mail.to == place.world.manager.email]

    assert letters
    for letter in letters:
        assert "Safiya" not in letter.everything
        assert "scissors" not in letter.everything


def test_a_token_without_the_permissions_own_name_cannot_confirm(
    door: Door, place: Place, incident: str
) -> None:
    door.propose_none(place.world.duty, incident, REASON)
    wide = place.token_of(place.world.manager)

    answer = place.app.test_client().post(
        f"/api/v1/incidents/{incident}/no-meeting/confirmation",
        headers={"Authorization": f"Bearer {wide}", "Host": "confer.example"},
    )

    assert answer.status_code == 403
    assert door.decision(place.world.duty, incident).status == "none_proposed"
