"""Writing a record: places with versions, and who wrote which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.db import session
from core.errors import Conflict, Refused
from meetings.models.records import RecordEdit, RecordSection
from meetings.queries.records import writers_of
from meetings.record_terms import SectionWords
from meetings.service import records, releasing
from meetings.terms import MeetingStatus, RecordStatus
from tests.factories.records import held, make_room, write

pytestmark = pytest.mark.usefixtures("database")
PURPOSE = "purpose"


def test_starting_a_meeting_twice_opens_one_record() -> None:
    room = make_room()

    again = records.start(room.meeting, actor=room.chair, now=room.now)

    assert again.id == room.record.id
    assert room.meeting.status is MeetingStatus.IN_PROGRESS


def test_two_people_writing_in_different_places_never_clash() -> None:
    room = make_room()
    write(room, PURPOSE, "What happened on Friday.", by=room.writer)

    write(room, "history", "Two earlier incidents.", by=room.chair)

    texts = set(session.scalars(select(RecordSection.text)))
    assert texts == {"What happened on Friday.", "Two earlier incidents."}


def test_the_second_of_two_people_in_one_place_gets_the_first_ones_words() -> None:
    room = make_room()
    write(room, PURPOSE, "First words.", by=room.writer)

    with pytest.raises(Conflict) as clash:
        write(room, PURPOSE, "Second words.", by=room.chair, seen=0)

    assert clash.value.theirs["text"] == "First words."
    assert clash.value.theirs["by"] == room.world.duty.name
    assert session.scalar(select(RecordSection.text)) == "First words."


def test_the_words_of_an_agency_that_stands_in_no_directory_are_kept() -> None:
    room = make_room()
    heading = replace(room.headings[PURPOSE], agency_id="An agency nobody has recorded")

    records.save_section(
        room.record,
        heading,
        SectionWords(heading.key, "What they told us."),
        seen_version=0,
        actor=room.writer,
        now=room.now,
    )

    section = session.scalars(select(RecordSection)).one()
    assert (section.text, section.agency_id) == ("What they told us.", None)


def test_saving_the_same_words_again_is_no_clash_and_no_change() -> None:
    room = make_room()
    write(room, PURPOSE, "The same.", by=room.writer)

    write(room, PURPOSE, "The same.", by=room.chair, seen=0)

    assert session.scalar(select(RecordSection.version)) == 1
    assert writers_of(room.record.id) == {room.world.duty.id}


def test_a_place_saved_with_the_version_shown_is_changed() -> None:
    room = make_room()
    write(room, PURPOSE, "First words.")

    write(room, PURPOSE, "Better words.", by=room.chair, seen=1)

    section = session.scalars(select(RecordSection)).one()
    assert (section.text, section.version) == ("Better words.", 2)
    assert writers_of(room.record.id) == {room.world.duty.id, room.world.chair.id}


def test_typing_on_for_minutes_leaves_one_row_of_who_wrote() -> None:
    room = make_room()
    for version in range(5):
        write(room, PURPOSE, f"Words {version}", seen=version)

    edits = session.scalar(select(func.count()).select_from(RecordEdit))

    assert edits == 1


def test_who_wrote_is_never_changed() -> None:
    room = make_room()
    write(room, PURPOSE, "Words.")
    edit = session.scalars(select(RecordEdit)).one()

    edit.by_id = room.world.chair.id

    with pytest.raises(RuntimeError, match="never changed"):
        session.flush()
    session.rollback()


def test_a_reason_may_stand_where_nothing_is_written() -> None:
    room = make_room()
    key = next(key for key in room.headings if key.startswith("child_voice"))

    records.save_section(
        room.record,
        room.headings[key],
        SectionWords(key, reason="The child is in theatre; seen tomorrow by the nurse."),
        seen_version=0,
        actor=room.writer,
        now=room.now,
    )

    assert session.scalar(select(RecordSection.reason)) is not None


def test_an_approved_record_takes_no_words_until_the_chair_takes_it_back() -> None:
    room = held(make_room())
    later = room.now + timedelta(hours=1)
    releasing.approve(
        room.record, room.meeting, seen_version=room.record.version, actor=room.chair, now=later
    )

    with pytest.raises(Refused, match="take the approval back"):
        write(room, PURPOSE, "One more thing.")

    releasing.take_back_approval(room.record, room.meeting, actor=room.chair, now=later)
    write(room, PURPOSE, "One more thing.")
    assert room.record.status is RecordStatus.DRAFT
