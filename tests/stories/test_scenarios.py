"""The field guide's scenarios with their exact dates, from the incident to what follows."""

from __future__ import annotations

import pytest

from tests.stories.place import Place, at
from tests.stories.said import Agreed, Told, TurnedDown
from tests.stories.telling import Door, convened, everybody_accepts, hold

STABBED = {"weapon_used": "yes", "hospital_attended": "yes"}
TONIGHT = Agreed("Check on the child tonight", "2027-08-27", "Northmere Academy", kind="safety",
                 name="Ms Ali", email="ms.ali@school.example")  # fmt: skip


def _before_christmas(place: Place) -> str:
    place.close_the_school(at("2026-12-21", "12:00").date(), at("2027-01-03", "12:00").date())
    place.clock.at = at("2026-12-23", "20:45")
    return place.child("Kofi", "Mensah", legal_status="cin")


def test_s1_a_stabbing_before_christmas_is_due_next_day_and_rings_the_emergency_team_first(
    door: Door, place: Place
) -> None:
    child = _before_christmas(place)

    incident = door.record(place.world.duty, Told(child, more=STABBED))
    decision = door.decision(place.world.duty, incident)

    assert "strategy meeting" in decision.title.lower()
    assert "Thursday 24 December 2026" in decision.title
    assert {"TR-01", "TR-05"} <= set(decision.rules)
    assert "01632 960999" in decision.words
    assert "emergency duty team now" in decision.words


def test_s1_everybody_the_field_guide_names_is_asked_and_education_stands_in_for_the_school(
    door: Door, place: Place
) -> None:
    child = _before_christmas(place)

    incident = door.record(place.world.duty, Told(child, more=STABBED))
    decision = door.decision(place.world.duty, incident)

    for role in (
        "Allocated social worker", "Team manager", "Police safeguarding decision-maker",
        "Officer investigating", "Safeguarding nurse", "Hospital safeguarding lead",
        "Hospital violence navigator", "GP safeguarding lead", "Youth justice duty manager",
    ):  # fmt: skip
        assert decision.asks(role), role
    school = decision.seat("Designated safeguarding lead")
    assert "education_safeguarding" in school.email
    assert "school is closed" in school.fallback


def test_s1_the_dates_that_follow_count_past_christmas_and_the_new_year(
    door: Door, place: Place
) -> None:
    told = Told(_before_christmas(place), more=STABBED)
    story = convened(door, place, told, at("2026-12-24", "14:00"))
    everybody_accepts(place, story.mails)
    place.clock.at = at("2026-12-24", "14:00")

    hold(door, place, story.meeting)
    record = door.record_words(place.world.chair, story.meeting)

    assert "Tuesday 29 December 2026" in record
    for follows in (
        "Tuesday 19 January 2027", "Wednesday 20 January 2027", "Tuesday 9 February 2027",
        "Tuesday 2 February 2027", "Monday 19 April 2027",
    ):  # fmt: skip
        assert follows in record, follows


def test_s1_the_panel_is_to_be_considered_by_4_january(door: Door, place: Place) -> None:
    told = Told(_before_christmas(place), more=STABBED)

    convened(door, place, told, at("2026-12-24", "14:00"))
    home = door.home(place.world.manager)

    assert "Consider a serious incident notification to the national Panel" in home
    assert "Monday 4 January 2027" in home


def test_s2_victim_and_suspect_each_get_a_meeting_on_the_day_before_good_friday(
    door: Door, place: Place
) -> None:
    place.clock.at = at("2027-03-24", "13:00")
    ade, marcus = place.child("Ade", "Bakare"), place.child("Marcus", "Thorne")
    hurt = {"serious_injury": "yes"}

    first = door.record(place.world.duty, Told(ade, kind="assault", more=hurt))
    second = door.record_another(
        place.world.duty, first, Told(marcus, "suspected", "assault", more=hurt)
    )

    for incident in (first, second):
        assert "Thursday 25 March 2027" in door.decision(place.world.duty, incident).title


def test_s2_the_same_safeguarding_lead_is_named_as_asked_to_both(door: Door, place: Place) -> None:
    place.clock.at = at("2027-03-24", "13:00")
    ade, marcus = place.child("Ade", "Bakare"), place.child("Marcus", "Thorne")
    hurt = {"serious_injury": "yes"}
    first = door.record(place.world.duty, Told(ade, kind="assault", more=hurt))
    second = door.record_another(
        place.world.duty, first, Told(marcus, "suspected", "assault", more=hurt)
    )

    door.convene(place.world.duty, first, at=at("2027-03-25", "10:00"))
    decision = door.decision(place.world.duty, second)

    assert decision.seat("Designated safeguarding lead").is_twice
    assert not decision.overlaps


def test_s2_a_meeting_missed_over_easter_is_late_and_says_why(door: Door, place: Place) -> None:
    place.clock.at = at("2027-03-24", "13:00")
    incident = door.record(
        place.world.duty, Told(place.child("Ade", "Bakare"), more={"serious_injury": "yes"})
    )

    meeting = door.convene(
        place.world.duty, incident, at=at("2027-03-30", "10:00"),
        late_reason="He was in surgery until then.",
    )  # fmt: skip

    assert "He was in surgery until then." in door.coming(place.world.duty, meeting).words


def test_s2_the_conference_for_the_victim_is_due_on_19_april_past_easter(
    door: Door, place: Place
) -> None:
    place.clock.at = at("2027-03-24", "13:00")
    told = Told(place.child("Ade", "Bakare"), kind="assault", more={"serious_injury": "yes"})
    story = convened(door, place, told, at("2027-03-25", "10:00"))
    everybody_accepts(place, story.mails)
    place.clock.at = at("2027-03-25", "10:00")

    hold(door, place, story.meeting)

    assert "Monday 19 April 2027" in door.record_words(place.world.chair, story.meeting)


def test_s4_a_robbery_suspect_without_a_practice_gets_the_named_gp_and_help_to_register(
    door: Door, place: Place
) -> None:
    place.clock.at = at("2027-05-27", "11:00")
    child = place.child("Rio", "Santos", has_practice=False)

    incident = door.record(place.world.duty, Told(child, "suspected", "robbery"))
    decision = door.decision(place.world.duty, incident)

    assert "Friday 28 May 2027" in decision.title
    assert "Wednesday 2 June 2027" in decision.words
    assert decision.asks("Named GP")
    assert not decision.asks("GP safeguarding lead")
    assert any("register the child with a GP" in task for task in decision.tasks)
    assert any("father" in task for task in decision.tasks)
    assert decision.asks("Youth justice")
    assert decision.asks("Safer-schools officer")


def test_s4_the_record_says_not_registered_and_never_absent(door: Door, place: Place) -> None:
    place.clock.at = at("2027-05-27", "11:00")
    child = place.child("Rio", "Santos", has_practice=False)
    story = convened(door, place, Told(child, "suspected", "robbery"), at("2027-05-28", "10:00"))

    assert "Not registered" in door.decision(place.world.duty, story.incident).words
    assert not any(mail.to.startswith("gp_safeguarding_lead") for mail in story.mails)


def test_s5_without_police_the_meeting_is_not_quorate_and_a_second_one_follows(
    door: Door, place: Place
) -> None:
    place.clock.at = at("2027-08-26", "15:00")
    told = Told(place.child("Jude", "Carr"), more={"serious_injury": "yes"})
    story = convened(door, place, told, at("2027-08-27", "16:00"))
    everybody_accepts(place, story.mails, but=("police", "safer"))
    place.clock.at = at("2027-08-27", "16:00")

    hold(
        door, place, story.meeting, actions=[TONIGHT],
        here={"Northshire police": "apologies"},
        inquorate_reason="Police could not come; the child goes home tonight.",
    )  # fmt: skip
    record = door.record_words(place.world.chair, story.meeting)
    again = door.decision(place.world.duty, story.incident)

    assert "Tuesday 31 August 2027" in record
    assert "Monday 20 September 2027" in record
    assert "Tuesday 31 August 2027" in again.title
    assert "went ahead without its quorum" in door.home(place.world.manager)


def test_s5_going_ahead_without_quorum_needs_a_reason_and_a_safety_action_today(
    door: Door, place: Place
) -> None:
    place.clock.at = at("2027-08-26", "15:00")
    told = Told(place.child("Jude", "Carr"), more={"serious_injury": "yes"})
    story = convened(door, place, told, at("2027-08-27", "16:00"))
    place.clock.at = at("2027-08-27", "16:00")
    door.start(place.world.chair, story.meeting)

    with pytest.raises(TurnedDown) as without_reason:
        door.finish(place.world.chair, story.meeting, reason="It is late.")
    with pytest.raises(TurnedDown) as without_safety:
        door.finish(
            place.world.chair, story.meeting, reason="It is late.",
            inquorate_reason="Nobody could be reached.",
        )  # fmt: skip

    assert without_reason.value.says("quorum")
    assert without_safety.value.says("safety action")
