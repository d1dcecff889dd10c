"""What the audits found, each as a story: who was not asked, and what nobody was asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.links import Holder
from tests.stories.place import Place, at
from tests.stories.said import Agreed, Told, TurnedDown
from tests.stories.telling import Door, convened, everybody_accepts, hold, invitations

CURE = "Stitches to the left hand on 12 November, said to be from a kitchen knife."


def _code_for(door: Door, place: Place, agency: str, meeting: str) -> str:
    return door.read_out_code(place.world.duty, meeting, agency)


def test_the_school_is_invited_to_a_strategy_meeting(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))

    school = story.mail_to("designated_safeguarding_lead")

    coming = door.coming(place.world.duty, story.meeting)
    assert school.calendar is not None
    assert coming.answer("Northmere Academy") == "No answer"


def test_a_gp_is_told_before_and_asked_about_injuries(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    code = _code_for(door, place, "Park Road Surgery", story.meeting)

    practice.enter_code(code)
    practice.send_information(injury=CURE)

    assert CURE in door.information(place.world.chair, story.meeting)


def test_nothing_known_is_an_answer_and_an_empty_form_is_none(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    practice.enter_code(_code_for(door, place, "Park Road Surgery", story.meeting))

    practice.browser.open(f"{practice.link}/information")
    with pytest.raises(TurnedDown) as refused:
        practice.browser.press("Send information")
    practice.send_information()

    assert refused.value.says("nothing is known")
    assert "Nothing known" in door.information(place.world.chair, story.meeting)


def test_a_gp_answers_in_two_presses(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))

    said = Holder(place.app, story.mail_to("gp_safeguarding_lead")).answer("accept")

    assert "You will attend" in said
    assert door.coming(place.world.duty, story.meeting).answer("Park Road") == "Accepted"


def test_what_was_sent_before_a_meeting_stands_where_it_is_held(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    practice.enter_code(_code_for(door, place, "Park Road Surgery", story.meeting))
    practice.send_information(injury=CURE)
    place.clock.at = at("2026-11-23", "09:30")

    door.start(place.world.chair, story.meeting)

    assert CURE in door.information_there(place.world.chair, story.meeting)


def test_whoever_cannot_come_sends_information_instead(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))

    practice.answer("decline")
    practice.enter_code(_code_for(door, place, "Park Road Surgery", story.meeting))
    practice.send_information(worries="He was not brought to two appointments.")

    answer = door.coming(place.world.duty, story.meeting).answer("Park Road")
    assert "nformation" in answer


def test_father_or_male_carers_have_a_place_of_their_own_in_the_record(
    door: Door, place: Place
) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    place.clock.at = at("2026-11-23", "09:30")
    door.start(place.world.chair, story.meeting)

    headings = door.headings(place.world.chair, story.meeting)

    assert any("voice of the child" in heading for heading in headings)
    assert any("father" in heading.lower() for heading in headings)


def test_earlier_actions_are_asked_about_at_the_next_meeting(door: Door, place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    story = convened(door, place, Told(child))
    everybody_accepts(place, story.mails)
    place.clock.at = at("2026-11-23", "09:30")
    mentor = Agreed("Arrange a mentor", "2026-12-04", "Northmere Academy", name="Ms Ali")
    hold(door, place, story.meeting, actions=[mentor])
    place.clock.at = at("2026-12-14", "11:00")
    again = convened(door, place, Told(child, narrative="Cut again, at the bus station."))
    place.clock.at = at("2026-12-15", "09:30")

    door.start(place.world.chair, again.meeting)
    earlier = door.previous_actions(place.world.chair, again.meeting)

    assert "Arrange a mentor" in earlier


def test_a_second_serious_incident_within_twelve_weeks_is_named(door: Door, place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    door.record(place.world.duty, Told(child, more={"weapon_used": "yes"}))
    place.clock.at += timedelta(weeks=5)

    again = door.record(place.world.duty, Told(child, more={"weapon_used": "yes"}))

    assert "TR-20" in door.decision(place.world.duty, again).rules


def test_not_scored_yet_never_lowers_the_answer_and_a_score_judges_again(
    door: Door, place: Place
) -> None:
    incident = door.record(
        place.world.duty, Told(place.child("Kofi", "Mensah"), "suspected", "robbery")
    )
    before = door.decision(place.world.duty, incident)

    door.add_score(
        place.world.duty, incident, ("yjb_seriousness", "Scaled Approach", 6, "Youth justice")
    )
    after = door.decision(place.world.duty, incident)

    assert "strategy meeting" in before.title.lower()
    assert "strategy meeting" in after.title.lower()
    assert "a score was added" in after.words


def test_an_answer_that_was_not_known_judges_again_at_once(door: Door, place: Place) -> None:
    incident = door.record(
        place.world.duty, Told(place.child("Kofi", "Mensah"), "present", "assault")
    )
    before = door.decision(place.world.duty, incident)

    door.answer(place.world.duty, incident, harm_suspected="yes")
    after = door.decision(place.world.duty, incident)

    assert "No rule that is sure" in before.title
    assert "TR-S47" in after.rules


def test_a_statutory_seat_cannot_be_left_out_and_another_only_with_a_reason(
    door: Door, place: Place
) -> None:
    duty = place.world.duty
    incident = door.record(duty, Told(place.child("Kofi", "Mensah")))
    decision = door.decision(duty, incident)

    with pytest.raises((LookupError, TurnedDown)):
        door.convene(duty, incident, leave_out={"Police safeguarding": "Too busy."})
    with pytest.raises(TurnedDown):
        door.convene(duty, incident, leave_out={"Youth justice": ""})
    meeting = door.convene(duty, incident, leave_out={"Youth justice": "Rang: no file."})

    assert decision.seat("Police safeguarding").is_fixed
    assert "Rang: no file." in door.coming(duty, meeting).words


def test_a_discussion_held_at_once_by_telephone_counts_with_its_quorum(
    door: Door, place: Place
) -> None:
    duty = place.world.duty
    incident = door.record(duty, Told(place.child("Kofi", "Mensah")))

    meeting = door.hold_now(
        duty, incident,
        {"Allocated social worker": "Leila Haddad", "Police safeguarding": "DS Obi",
         "Safeguarding nurse": "Nurse Roe"},
    )  # fmt: skip

    assert door.coming(duty, meeting).status == "in progress"
    assert door.decision(duty, incident).status == "arranged"


def test_agencies_not_reached_by_telephone_are_asked_for_information(
    door: Door, place: Place
) -> None:
    incident = door.record(place.world.duty, Told(place.child("Kofi", "Mensah")))

    door.hold_now(
        place.world.duty, incident,
        {"Allocated social worker": "Leila Haddad", "Police safeguarding": "DS Obi",
         "Safeguarding nurse": "Nurse Roe"},
    )  # fmt: skip
    mails = place.deliver()

    asked = [mail for mail in mails if mail.to.startswith("gp_safeguarding_lead")]
    assert len(asked) == 1
    assert asked[0].calendar is None
    assert "Send information" in Holder(place.app, asked[0]).read()


def test_a_meeting_booked_already_can_answer_a_new_incident(door: Door, place: Place) -> None:
    child, duty = place.child("Kofi", "Mensah"), place.world.duty
    first = convened(door, place, Told(child))
    incident = door.record(duty, Told(child, narrative="Threatened again on Saturday."))

    booked = door.decision(duty, incident).overlaps
    used = door.use_booked(duty, incident, first.meeting)

    assert any(first.meeting in card for card in booked)
    assert used == first.meeting
    assert invitations(place) == []


def test_held_without_its_quorum_it_needs_a_reason_and_the_deadline_runs_on(
    door: Door, place: Place
) -> None:
    duty = place.world.duty
    incident = door.record(duty, Told(place.child("Kofi", "Mensah")))
    alone = {"Allocated social worker": "Leila Haddad"}

    with pytest.raises(TurnedDown) as refused:
        door.hold_now(duty, incident, alone)
    meeting = door.hold_now(duty, incident, alone, why="She goes home tonight.")

    assert refused.value.says("quorum")
    assert door.coming(duty, meeting).status == "in progress"
    assert "Strategy meeting" in door.home(duty)


def test_a_code_goes_by_mail_only_to_a_domain_that_is_marked_secure(
    door: Door, place: Place
) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")))
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))

    rung = practice.ask_for_code()
    place.deliver()
    place.mark_secure("agency.example")
    mailed = practice.ask_for_code()
    (letter,) = [mail for mail in place.deliver() if mail.to.startswith("gp_safeguarding_lead")]
    child = practice.enter_code(letter.code)

    assert "01632 960200" in rung
    assert "We have sent a code" in mailed
    assert "Mensah" not in letter.everything
    assert "Kofi Mensah" in child
