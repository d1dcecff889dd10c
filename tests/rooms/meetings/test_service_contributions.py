"""What agencies send: versions, until when, and what it makes of their answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import session
from core.errors import Refused
from meetings.given import Information, Known, ShareWithFamily
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Contribution
from meetings.service import contributions, replies
from meetings.terms import InvitationState, KnownAnswer, MeetingStatus
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import make_meeting, make_world
from tests.factories.replies import given, seat_of

NOTHING = Known(answer=KnownAnswer.NOTHING_KNOWN)


@pytest.fixture
def meeting(database: Flask) -> Meeting:
    return make_meeting(make_world())


@pytest.fixture
def practice(meeting: Meeting) -> Invitation:
    return seat_of(meeting, "gp")


def _information(**told: object) -> Information:
    values: dict[str, object] = {
        "injury": NOTHING,
        "weapon": NOTHING,
        "emergency": Known(answer=KnownAnswer.YES, text="Seen on Friday."),
        "health": None,
        "last_seen": None,
        "worries": "Sleeps badly.",
        "strengths": None,
        "parents": None,
        "share_with_family": ShareWithFamily.YES,
    }
    return Information(**(values | told))  # type: ignore[arg-type]


def _send(invitation: Invitation, now: datetime, **told: object) -> Contribution:
    return contributions.send(
        invitation,
        _information(**told),
        person_name="Dr Amara Cole",
        person_role="Safeguarding GP",
        actor=given.by_link,
        now=now,
    )


def test_a_correction_is_a_new_version_and_the_first_stays(
    practice: Invitation, now: datetime
) -> None:
    _send(practice, now)

    _send(practice, now + timedelta(minutes=5), worries="Sleeps badly and has lost weight.")

    rows = session.scalars(select(Contribution).order_by(Contribution.version)).all()
    assert [(row.version, row.worries) for row in rows] == [
        (1, "Sleeps badly."),
        (2, "Sleeps badly and has lost weight."),
    ]


def test_nothing_known_is_kept_apart_from_no(practice: Invitation, now: datetime) -> None:
    row = _send(practice, now, injury=Known(answer=KnownAnswer.NO))

    assert (row.injury, row.weapon) == (KnownAnswer.NO, KnownAnswer.NOTHING_KNOWN)
    assert row.health is None


def test_who_cannot_come_and_sends_information_stands_as_such(
    practice: Invitation, now: datetime
) -> None:
    answer = given.answer(InvitationState.DECLINED)
    replies.answer(practice, answer, letterhead=LETTERHEAD, actor=given.by_link, now=now)

    _send(practice, now)

    assert practice.state is InvitationState.INFORMATION


def test_who_has_not_answered_and_sends_information_still_owes_an_answer(
    practice: Invitation, now: datetime
) -> None:
    _send(practice, now)

    assert practice.state is InvitationState.NO_ANSWER


def test_it_can_be_corrected_until_the_meeting_begins(
    meeting: Meeting, practice: Invitation, now: datetime
) -> None:
    _send(practice, now)

    with pytest.raises(Refused) as refusal:
        _send(practice, meeting.starts_at)

    assert refusal.value.rule == "information.begun"


def test_what_was_never_sent_is_taken_in_late(
    meeting: Meeting, practice: Invitation, now: datetime
) -> None:
    meeting.status = MeetingStatus.IN_PROGRESS
    session.flush()

    row = _send(practice, meeting.starts_at)

    assert row.version == 1


def test_a_meeting_stood_down_takes_nothing_in(
    meeting: Meeting, practice: Invitation, now: datetime
) -> None:
    meeting.status = MeetingStatus.STOOD_DOWN
    session.flush()

    with pytest.raises(Refused):
        _send(practice, now)


def test_a_sent_version_cannot_be_changed(practice: Invitation, now: datetime) -> None:
    row = _send(practice, now)
    row.worries = "Something else."

    with pytest.raises(RuntimeError):
        session.flush()
