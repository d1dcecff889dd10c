"""An overdue action climbs the ladder; its owner answers without an account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.stories.links import Holder
from tests.stories.place import Mail, Place, at
from tests.stories.said import Agreed, Told, TurnedDown
from tests.stories.telling import Convened, Door, convened, everybody_accepts, hold

OWNER = "noor.amadi@camhs.example"
MANAGER = "manager@camhs.example"
LEAD = "lead@camhs.example"
APPOINTMENT = Agreed("Offer a first appointment", "2027-03-25", "Northshire CAMHS",
                     name="Noor Amadi", email=OWNER)  # fmt: skip


@pytest.fixture
def story(door: Door, place: Place) -> Convened:
    """A meeting on Monday 1 March 2027 gave CAMHS an action due on Maundy Thursday."""
    place.agency(
        "Northshire CAMHS", "mental_health", telephone="01632 960500", manager_name="Mo Field",
        manager_email=MANAGER, lead_name="Lou Marsh", lead_email=LEAD,
    )  # fmt: skip
    place.clock.at = at("2027-02-26", "11:00")
    found = convened(door, place, Told(place.child("Kofi", "Mensah")), at("2027-03-01", "09:30"))
    everybody_accepts(place, found.mails)
    place.clock.at = at("2027-03-01", "09:30")
    hold(door, place, found.meeting, actions=[APPOINTMENT])
    place.deliver()
    return found


def _mornings(place: Place, first: str, last: str) -> dict[date, list[Mail]]:
    """Let the worker run at 07:30 on every day and return what arrived on each."""
    found: dict[date, list[Mail]] = {}
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        place.clock.at = at(day.isoformat(), "07:30")
        place.tick()
        found[day] = place.deliver()
        day += timedelta(days=1)
    return found


def _link(place: Place) -> Holder:
    return Holder(place.app, next(mail for mail in place.mails(OWNER)))


def _days(found: dict[date, list[Mail]], address: str) -> list[str]:
    return [day.isoformat() for day, mails in found.items() for mail in mails if mail.to == address]


def _action(door: Door, place: Place, story: Convened) -> str:
    (action,) = door.plan(place.world.worker, story.child).open_actions
    return action


def test_an_overdue_action_climbs_once_per_step_over_easter_s6(
    door: Door, place: Place, story: Convened
) -> None:
    found = _mornings(place, "2027-03-15", "2027-04-20")

    assert _days(found, OWNER)[:3] == ["2027-03-18", "2027-03-24", "2027-03-30"]
    assert _days(found, MANAGER)[0] == "2027-03-30"
    assert "2027-04-01" in _days(found, place.world.worker.email)
    assert _days(found, LEAD)[0] == "2027-04-05"
    assert "2027-04-05" in _days(found, place.world.chair.email)
    for day, mails in found.items():
        if day.isoformat() in ("2027-03-26", "2027-03-29") or day.weekday() > 4:
            assert mails == [], day


def test_the_same_morning_twice_sends_nothing_twice(
    door: Door, place: Place, story: Convened
) -> None:
    first = _mornings(place, "2027-03-30", "2027-03-30")
    again = _mornings(place, "2027-03-30", "2027-03-30")

    assert first[date(2027, 3, 30)]
    assert again[date(2027, 3, 30)] == []


def test_a_morning_that_was_missed_is_made_good_on_the_next_working_day(
    door: Door, place: Place, story: Convened
) -> None:
    found = _mornings(place, "2027-03-31", "2027-03-31")

    assert MANAGER in {mail.to for mail in found[date(2027, 3, 31)]}


def test_an_owner_asks_for_a_new_date_without_an_account_and_the_chair_decides(
    door: Door, place: Place, story: Convened
) -> None:
    action = _action(door, place, story)
    place.clock.at = at("2027-03-24", "08:00")

    said = _link(place).ask_new_date(date(2027, 4, 9))
    waiting = door.action(place.world.chair, action)
    home = door.home(place.world.chair)
    door.decide_date(place.world.chair, action, agree=True)
    after = door.action(place.world.chair, action)

    assert "You asked for a new date" in said
    assert "Friday 9 April 2027" in waiting
    assert f"Decide about a new date for {action}" in home
    assert "Friday 9 April 2027" in after
    assert "Thursday 25 March 2027" in after


def test_until_the_new_date_is_agreed_the_old_one_is_chased(
    door: Door, place: Place, story: Convened
) -> None:
    place.clock.at = at("2027-03-24", "08:00")
    _link(place).ask_new_date(date(2027, 4, 9))

    found = _mornings(place, "2027-03-30", "2027-03-30")

    assert MANAGER in {mail.to for mail in found[date(2027, 3, 30)]}


def test_a_refused_date_stands_and_the_owner_is_told_why_without_words(
    door: Door, place: Place, story: Convened
) -> None:
    action = _action(door, place, story)
    place.clock.at = at("2027-03-24", "08:00")
    _link(place).ask_new_date(date(2027, 4, 9))
    place.deliver()

    door.decide_date(place.world.chair, action, agree=False, note="He waits since January.")
    (letter,) = [mail for mail in place.deliver() if mail.to == OWNER]

    assert "January" not in letter.everything
    assert "Thursday 25 March 2027" in door.action(place.world.chair, action)


def test_an_owner_says_done_with_a_line_of_evidence_and_the_link_ends(
    door: Door, place: Place, story: Convened
) -> None:
    action = _action(door, place, story)
    place.clock.at = at("2027-03-24", "08:00")
    place.mark_secure("camhs.example")
    owner = _link(place)
    owner.ask_for_code()
    (letter,) = [mail for mail in place.deliver() if mail.to == OWNER]
    owner.enter_code(letter.code, "Noor Amadi", "practitioner")

    owner.done("Seen on 24 March, next appointment on 7 April.")

    assert "Seen on 24 March" in door.action(place.world.chair, action)
    assert door.plan(place.world.worker, story.child).open_actions == ()
    with pytest.raises((LookupError, TurnedDown)):
        owner.done("Again.")


def test_an_owner_hands_over_and_the_colleague_must_accept(
    door: Door, place: Place, story: Convened
) -> None:
    action = _action(door, place, story)
    place.clock.at = at("2027-03-22", "09:00")
    _link(place).hand_over("Ira Quill", "ira.quill@camhs.example", "changed_post")
    (offer,) = [mail for mail in place.deliver() if mail.to == "ira.quill@camhs.example"]
    before = door.action(place.world.chair, action)

    Holder(place.app, offer).take_over()

    assert "Owner Noor Amadi" in before
    assert "Owner Ira Quill" in door.action(place.world.chair, action)


def test_no_reminder_says_what_the_action_is(door: Door, place: Place, story: Convened) -> None:
    found = _mornings(place, "2027-03-15", "2027-04-20")

    for mails in found.values():
        for mail in mails:
            assert "appointment" not in mail.everything.lower()
            assert "Mensah" not in mail.everything
