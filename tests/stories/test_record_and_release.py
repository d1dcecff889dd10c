"""A meeting is held, written down by several people at once, approved and released."""

from __future__ import annotations

import pytest

from tests.stories.links import Holder
from tests.stories.place import Place, at
from tests.stories.said import Agreed, Clash, Told, TurnedDown
from tests.stories.telling import Convened, Door, convened, everybody_accepts, hold

MENTOR = Agreed("Arrange a mentor", "2026-12-04", "Northmere Academy", name="Ms Ali",
                email="ms.ali@school.example")  # fmt: skip


@pytest.fixture
def story(door: Door, place: Place) -> Convened:
    found = convened(door, place, Told(place.child("Kofi", "Mensah")), at("2026-11-23", "09:30"))
    everybody_accepts(place, found.mails)
    place.clock.at = at("2026-11-23", "09:30")
    return found


def test_two_people_edit_one_section_and_both_texts_are_kept(
    door: Door, place: Place, story: Convened
) -> None:
    door.start(place.world.chair, story.meeting)
    second = door.open_section(place.world.chair, story.meeting, "History and cumulative harm")
    door.write(place.world.duty, story.meeting, "History and cumulative harm", "Two incidents.")

    with pytest.raises(Clash) as clash:
        second.save("Three incidents.")
    second.keep("both")

    assert clash.value.theirs == "Two incidents."
    assert clash.value.yours == "Three incidents."
    kept = door.section(place.world.chair, story.meeting, "History and cumulative harm")
    assert "Two incidents." in kept
    assert "Three incidents." in kept


def test_two_people_in_different_places_never_meet(
    door: Door, place: Place, story: Convened
) -> None:
    door.start(place.world.chair, story.meeting)
    one = door.open_section(place.world.chair, story.meeting, "History and cumulative harm")
    other = door.open_section(place.world.duty, story.meeting, "Strengths and what protects")

    one.save("Two incidents.")
    other.save("His aunt.")

    words = door.record_words(place.world.chair, story.meeting)
    assert "Two incidents." in words
    assert "His aunt." in words


def test_finishing_names_what_is_missing_and_goes_on_with_a_reason(
    door: Door, place: Place, story: Convened
) -> None:
    chair = place.world.chair
    door.start(chair, story.meeting)
    door.all_here(chair, story.meeting)
    door.decide(chair, story.meeting, "enquiry_begins", "An enquiry begins.", "The wound.")

    missing = door.finish_page(chair, story.meeting)
    with pytest.raises(TurnedDown):
        door.finish(chair, story.meeting)
    door.finish(chair, story.meeting, reason="The family waits outside.")

    assert "voice of the child" in missing
    assert "The family waits outside." in door.record_words(chair, story.meeting)


def test_actions_are_live_and_owners_told_when_the_meeting_ends(
    door: Door, place: Place, story: Convened
) -> None:
    place.deliver()

    hold(door, place, story.meeting, actions=[MENTOR])
    told = [mail for mail in place.deliver() if mail.to == MENTOR.email]

    assert len(told) == 1
    assert "mentor" not in told[0].everything
    assert len(door.plan(place.world.worker, story.child).open_actions) == 1


def test_the_record_is_released_only_by_somebody_who_wrote_none_of_it(
    door: Door, place: Place, story: Convened
) -> None:
    chair, manager = place.world.chair, place.world.manager
    hold(door, place, story.meeting)
    door.approve(chair, story.meeting)

    with pytest.raises((TurnedDown, LookupError)):
        door.release(place.world.duty, story.meeting)
    door.release(manager, story.meeting)

    assert door.record_status(manager, story.meeting) == "released"


def test_a_chair_who_wrote_a_section_may_approve_it_and_not_release_it(
    door: Door, place: Place, story: Convened
) -> None:
    chair = place.world.chair
    door.start(chair, story.meeting)
    door.all_here(chair, story.meeting)
    door.write_all(place.world.duty, story.meeting, "Said.")
    door.write(chair, story.meeting, "History and cumulative harm", "By the chair.")
    door.decide(place.world.duty, story.meeting, "enquiry_begins", "It begins.", "The wound.")
    door.finish(chair, story.meeting, reason="Nobody was asked about the rest.")
    door.approve(chair, story.meeting)

    with pytest.raises((TurnedDown, LookupError)):
        door.release(chair, story.meeting)

    door.release(place.world.manager, story.meeting)
    assert door.record_status(place.world.manager, story.meeting) == "released"


def test_each_recipient_gets_a_link_and_no_attachment(
    door: Door, place: Place, story: Convened
) -> None:
    hold(door, place, story.meeting)
    door.approve(place.world.chair, story.meeting)
    place.deliver()

    door.release(place.world.manager, story.meeting)
    letters = place.deliver()

    assert len(letters) >= len(story.mails)
    for letter in letters:
        assert letter.calendar is None
        assert not list(letter.message.iter_attachments())
        assert "Said and written down" not in letter.everything


def test_an_invitee_reads_the_released_record_by_link_and_code_and_not_before(
    door: Door, place: Place, story: Convened
) -> None:
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    hold(door, place, story.meeting)
    practice.enter_code(door.read_out_code(place.world.duty, story.meeting, "Park Road"))
    before = practice.browser.open(f"{practice.link}/record").text

    door.approve(place.world.chair, story.meeting)
    door.release(place.world.manager, story.meeting)
    after = practice.browser.open(f"{practice.link}/record").text

    assert "Said and written down" not in before
    assert "Said and written down" in after


def test_a_record_not_released_by_its_time_stands_on_home(
    door: Door, place: Place, story: Convened
) -> None:
    hold(door, place, story.meeting)
    door.approve(place.world.chair, story.meeting)

    place.clock.at = at("2026-11-26", "09:00")
    place.tick()
    home = door.home(place.world.manager)

    assert f"The record of {story.meeting} is late" in home


def test_somebody_who_does_not_agree_is_written_down(
    door: Door, place: Place, story: Convened
) -> None:
    chair = place.world.chair
    door.start(chair, story.meeting)
    door.all_here(chair, story.meeting)

    door.dissent(chair, story.meeting, "Northmere Academy", "The school holds the threshold met.")

    assert "The school holds the threshold met." in door.record_words(chair, story.meeting)
