"""From a serious incident to invitations that were sent: the first steps of every story."""

from __future__ import annotations

from tests.stories.pages import Pages
from tests.stories.place import Place
from tests.stories.said import Told


def test_a_stabbing_on_a_friday_afternoon_is_invited_to_in_one_sitting(
    door: Pages, place: Place
) -> None:
    child = place.child("Kofi", "Mensah")

    incident = door.record(place.world.duty, Told(child))
    decision = door.decision(place.world.duty, incident)
    meeting = door.convene(place.world.duty, incident)
    mails = place.deliver()

    assert "Monday 23 November 2026" in decision.title
    assert len(mails) >= len([seat for seat in decision.seats if seat.email])
    assert door.coming(place.world.duty, meeting).status == "arranged"
