"""Answers by link and by a calendar's own reply, in every order in which they come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.data.mail.filled import filled
from tests.stories.links import Holder
from tests.stories.place import Place, at
from tests.stories.said import Told
from tests.stories.telling import Convened, Door, convened, everybody_accepts, invitations

MONDAY = ("2026-11-23", "09:30")


@pytest.fixture
def story(door: Door, place: Place) -> Convened:
    return convened(door, place, Told(place.child("Kofi", "Mensah")), at(*MONDAY))


@pytest.mark.parametrize("client", ["outlook", "gmail", "apple", "thunderbird"])
def test_an_accepted_invitation_by_a_calendars_own_reply_counts(
    door: Door, place: Place, story: Convened, client: str
) -> None:
    school = story.mail_to("designated_safeguarding_lead")

    outcome = place.reply_to(school, "ACCEPTED", client=client)

    assert outcome == "applied"
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "Accepted"


def test_an_older_mail_never_overwrites_a_newer_answer_from_the_page(
    door: Door, place: Place, story: Convened
) -> None:
    school = story.mail_to("designated_safeguarding_lead")
    late = place.a_reply(school, "ACCEPTED")
    place.clock.at += timedelta(minutes=20)
    Holder(place.app, school).answer("decline")
    place.clock.at += timedelta(minutes=5)

    outcome = place.receive(late)

    assert outcome == "stale"
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "Cannot attend"


def test_replies_out_of_order_leave_the_later_one(
    door: Door, place: Place, story: Convened
) -> None:
    school = story.mail_to("designated_safeguarding_lead")
    first = place.a_reply(school, "DECLINED")
    place.clock.at += timedelta(minutes=3)
    second = place.a_reply(school, "ACCEPTED")

    outcomes = [place.receive(second), place.receive(first)]

    assert outcomes == ["applied", "stale"]
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "Accepted"


def test_the_same_reply_twice_changes_nothing(door: Door, place: Place, story: Convened) -> None:
    reply = place.a_reply(story.mail_to("designated_safeguarding_lead"), "ACCEPTED")

    outcomes = [place.receive(reply), place.receive(reply)]

    assert outcomes == ["applied", "applied"]
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "Accepted"


def test_a_declined_police_seat_alerts(door: Door, place: Place, story: Convened) -> None:
    police = story.mail_to("police_safeguarding")

    outcome = place.reply_to(police, "DECLINED")

    alert = f"Northshire police, cannot come to {story.meeting}"
    coming = door.coming(place.world.duty, story.meeting)
    assert outcome == "applied"
    assert alert in door.home(place.world.duty)
    assert alert in coming.words
    assert "Police" in coming.quorum


def test_a_reply_from_a_stranger_goes_to_a_person_and_answers_nothing(
    door: Door, place: Place, story: Convened
) -> None:
    school = story.mail_to("designated_safeguarding_lead")

    outcome = place.reply_to(school, "ACCEPTED", ATTENDEE="stranger@elsewhere.example")

    assert outcome == "review"
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "No answer"
    assert "1 answer by mail needs a person" in door.home(place.support).replace("need ", "needs ")


def test_a_reply_to_a_cancelled_meeting_opens_nothing(
    door: Door, place: Place, story: Convened
) -> None:
    school = story.mail_to("designated_safeguarding_lead")
    reply = place.a_reply(school, "ACCEPTED")
    door.stand_down(place.world.duty, story.meeting)

    outcome = place.receive(reply)

    assert outcome in ("stale", "noted", "ignored")
    assert door.coming(place.world.duty, story.meeting).status == "stood down"


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("free_text", {"review", "noted", "ignored"}),
        ("out_of_office", {"noted", "ignored"}),
        ("foreign_cancel", {"ignored", "review"}),
    ],
)
def test_a_mail_that_is_no_answer_is_kept_and_answers_nothing(
    door: Door, place: Place, story: Convened, name: str, outcomes: set[str]
) -> None:
    school = story.mail_to("designated_safeguarding_lead")
    token = school.reply_to.partition("+")[2].partition("@")[0]

    outcome = place.receive(filled(name, TOKEN=token, ATTENDEE=school.to))

    assert outcome in outcomes
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "No answer"


def test_a_mail_that_is_nothing_at_all_is_never_lost(
    door: Door, place: Place, story: Convened
) -> None:
    outcome = place.receive(b"\x00\xff not a mail")

    assert outcome in ("review", "ignored")


def test_a_move_asks_everybody_again_and_answers_for_the_old_time_no_longer_count(
    door: Door, place: Place, story: Convened
) -> None:
    everybody_accepts(place, story.mails)
    before = door.coming(place.world.duty, story.meeting)

    door.move(place.world.duty, story.meeting, at("2026-11-23", "14:00"))
    updates = invitations(place)
    after = door.coming(place.world.duty, story.meeting)

    assert before.answer("Northmere") == "Accepted"
    assert after.answer("Northmere") == "No answer"
    assert len(updates) == len(story.mails)
    for mail in updates:
        assert mail.calendar is not None
        assert mail.calendar["METHOD"] == "REQUEST"
        assert mail.calendar.walk("VEVENT")[0]["SEQUENCE"] == 1


def test_a_reply_to_the_old_time_is_stale_after_a_move(
    door: Door, place: Place, story: Convened
) -> None:
    reply = place.a_reply(story.mail_to("designated_safeguarding_lead"), "ACCEPTED")
    door.move(place.world.duty, story.meeting, at("2026-11-23", "14:00"))

    outcome = place.receive(reply)

    assert outcome == "stale"
    assert door.coming(place.world.duty, story.meeting).answer("Northmere") == "No answer"


def test_standing_down_cancels_at_everybody_who_was_invited(
    door: Door, place: Place, story: Convened
) -> None:
    Holder(place.app, story.mail_to("designated_safeguarding_lead")).answer("decline")

    door.stand_down(place.world.duty, story.meeting)
    cancels = invitations(place)

    assert {mail.to for mail in cancels} == {mail.to for mail in story.mails}
    for mail in cancels:
        assert mail.calendar is not None
        assert mail.calendar["METHOD"] == "CANCEL"
        assert mail.calendar.walk("VEVENT")[0]["SEQUENCE"] == 1


def test_a_stood_down_meeting_opens_its_decision_again(
    door: Door, place: Place, story: Convened
) -> None:
    door.stand_down(place.world.duty, story.meeting)

    decision = door.decision(place.world.duty, story.incident)

    assert decision.status == "open"
    home = door.home(place.world.duty)
    assert "Strategy meeting" in home
    assert story.child in home


def test_a_suggested_time_moves_the_meeting_once_staff_agree(
    door: Door, place: Place, story: Convened
) -> None:
    school = Holder(place.app, story.mail_to("designated_safeguarding_lead"))
    school.suggest(at("2026-11-23", "12:00").date(), "3pm")
    before = door.coming(place.world.duty, story.meeting)

    door.accept_time(place.world.duty, story.meeting)

    assert "9:30am" in before.when
    assert "3pm" in before.words
    assert "3pm" in door.coming(place.world.duty, story.meeting).when


def test_a_logged_call_is_an_answer_and_takes_the_agency_off_the_list(
    door: Door, place: Place, story: Convened
) -> None:
    place.clock.at = at("2026-11-22", "18:00")
    door.log_call(place.world.duty, story.meeting, "Northmere Academy", "Will attend")

    coming = door.coming(place.world.duty, story.meeting)

    assert coming.answer("Northmere") == "Accepted"
    assert "Northmere Academy" not in coming.to_ring


def test_quorum_and_completeness_are_two_sentences(
    door: Door, place: Place, story: Convened
) -> None:
    before = door.coming(place.world.duty, story.meeting)
    everybody_accepts(place, story.mails)
    after = door.coming(place.world.duty, story.meeting)

    assert "not known yet" in before.quorum
    assert "missing" not in after.quorum
    assert before.quorum != after.quorum


def test_somebody_sent_instead_comes_once_staff_confirmed_who_it_is(
    door: Door, place: Place, story: Convened
) -> None:
    school = Holder(place.app, story.mail_to("designated_safeguarding_lead"))

    school.answer(
        "deputy", deputy_name="Jo Lund", deputy_role="Deputy head",
        deputy_email="jo.lund@school.example",
    )  # fmt: skip

    assert "Jo Lund" in door.coming(place.world.duty, story.meeting).answer("Northmere")


def test_a_mail_refused_for_good_tells_the_convenor_whom_to_ring(door: Door, place: Place) -> None:
    duty = place.world.duty
    incident = door.record(duty, Told(place.child("Kofi", "Mensah")))
    address = door.decision(duty, incident).seat("Designated safeguarding lead").email
    place.server.refuse(address, 550)

    meeting = door.convene(duty, incident)
    place.deliver()
    place.tick()

    home = door.home(duty)
    assert "Northmere Academy" in home
    assert "01632 960200" in home
    assert "Northmere Academy" in door.coming(duty, meeting).to_ring
