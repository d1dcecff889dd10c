"""Move, stand down, change joining, add and withdraw: cases C-031 to C-042."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import session
from core.errors import Conflict, Refused
from meetings.models.incidents import Judgement
from meetings.models.invitations import Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer
from meetings.models.tasks import Task
from meetings.service import invitee_mail, invitees, post, replies, scheduling, tasks
from meetings.terms import InvitationState, JudgementStatus, MeetingHow, MeetingStatus
from notifications.models import OutboxMessage
from notifications.terms import DeliveryState, Reason
from people.models.relations import RelationRow
from people.queries.contacts import DirectoryEntry, directory
from people.terms import RelationKind
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, london, make_known_child, make_meeting, make_world
from tests.factories.people import make_account, make_agency, make_mailbox, make_professional
from tests.factories.replies import a_reply, deliver_all, given, receive, seat_of

GIVEN = {"letterhead": LETTERHEAD}


@pytest.fixture
def world(database: Flask) -> World:
    return make_world()


@pytest.fixture
def meeting(world: World, now: datetime) -> Meeting:
    made = make_meeting(world)
    deliver_all(now=now)
    return made


def _mails(kind: str | None = None, *, since: datetime | None = None) -> list[OutboxMessage]:
    wanted = select(OutboxMessage).order_by(OutboxMessage.created_at)
    if kind is not None:
        wanted = wanted.where(OutboxMessage.kind == kind)
    if since is not None:
        wanted = wanted.where(OutboxMessage.created_at >= since)
    return list(session.scalars(wanted))


def _invited(meeting: Meeting) -> list[Invitation]:
    return list(session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)))


def _with_mail(meeting: Meeting) -> set[str]:
    return {row.email for row in _invited(meeting) if row.email}


def test_a_move_raises_the_sequence_and_asks_everybody_again(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school = seat_of(meeting, "school")
    receive(a_reply(meeting, school, partstat="DECLINED"), now=now)
    uid, later = meeting.uid, now + timedelta(minutes=5)

    scheduling.move(
        meeting, given.new_time(meeting, hours=1), actor=world.actor, now=later, **GIVEN
    )

    updates = [row for row in _mails("update") if row.created_at == later]
    assert (meeting.sequence, meeting.uid) == (1, uid)
    assert {row.to_address for row in updates} == _with_mail(meeting)
    assert {(row.method, row.sequence) for row in updates} == {("REQUEST", 1)}
    assert (school.state, school.is_stale) == (InvitationState.NO_ANSWER, True)


def test_the_answer_for_the_old_time_stays_in_the_history(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school, old = seat_of(meeting, "school"), meeting.starts_at
    receive(a_reply(meeting, school), now=now)

    scheduling.move(meeting, given.new_time(meeting, hours=1), actor=world.actor, now=now, **GIVEN)

    answer = session.scalars(select(Answer)).one()
    assert (answer.state, answer.meeting_starts_at) == (InvitationState.ACCEPTED, old)


def test_moved_twice_the_sequence_is_two(world: World, meeting: Meeting, now: datetime) -> None:
    for _ in range(2):
        scheduling.move(
            meeting, given.new_time(meeting, hours=1), actor=world.actor, now=now, **GIVEN
        )

    assert meeting.sequence == 2
    assert {row.sequence for row in _invited(meeting)} == {2}


def test_saving_the_same_time_sends_nothing(world: World, meeting: Meeting, now: datetime) -> None:
    before = len(_mails())

    told = scheduling.move(meeting, given.new_time(meeting), actor=world.actor, now=now, **GIVEN)

    assert (told, len(_mails()), meeting.sequence) == (0, before, 0)


def test_wall_time_follows_london_over_the_change_of_clocks(
    world: World, meeting: Meeting, now: datetime
) -> None:
    start = london(date(2027, 3, 29), 9, 30)
    to = scheduling.NewTime(
        starts_at=start, minutes=60, reason=Reason.MORE_CAN_ATTEND, late_reason="Easter"
    )

    scheduling.move(meeting, to, actor=world.actor, now=now, **GIVEN)

    assert (meeting.wall_date, f"{meeting.wall_time:%H:%M}") == (date(2027, 3, 29), "09:30")
    assert f"{start:%H:%M}" == "08:30"


def test_after_the_deadline_it_needs_a_reason(
    world: World, meeting: Meeting, now: datetime
) -> None:
    with pytest.raises(Refused) as refusal:
        scheduling.move(
            meeting, given.new_time(meeting, days=7), actor=world.actor, now=now, **GIVEN
        )

    assert refusal.value.rule == "meeting.late"
    assert "after the deadline" in refusal.value.why


def test_somebody_who_looked_at_an_older_state_does_not_overwrite(
    world: World, meeting: Meeting, now: datetime
) -> None:
    seen = meeting.version
    scheduling.change_joining(
        meeting, MeetingHow.TELEPHONE, "01632 960555", actor=world.actor, now=now, **GIVEN
    )

    with pytest.raises(Conflict):
        scheduling.move(
            meeting, given.new_time(meeting, hours=1), actor=world.actor, now=now,
            seen_version=seen, **GIVEN,
        )  # fmt: skip


def test_a_meeting_that_began_cannot_be_moved(
    world: World, meeting: Meeting, now: datetime
) -> None:
    meeting.status = MeetingStatus.IN_PROGRESS
    session.flush()

    with pytest.raises(Refused):
        scheduling.move(
            meeting, given.new_time(meeting, hours=1), actor=world.actor, now=now, **GIVEN
        )


def test_standing_down_tells_everybody_who_was_told_before(
    world: World, meeting: Meeting, now: datetime
) -> None:
    receive(a_reply(meeting, seat_of(meeting, "school"), partstat="DECLINED"), now=now)

    scheduling.stand_down(meeting, Reason.NO_LONGER_NEEDED, actor=world.actor, now=now, **GIVEN)

    cancels = _mails("cancellation")
    assert {row.to_address for row in cancels} == _with_mail(meeting)
    assert {(row.method, row.sequence) for row in cancels} == {("CANCEL", 1)}
    assert meeting.status is MeetingStatus.STOOD_DOWN


def test_the_decision_is_open_again_when_nothing_replaces_the_meeting(
    world: World, meeting: Meeting, now: datetime
) -> None:
    scheduling.stand_down(meeting, Reason.NO_LONGER_NEEDED, actor=world.actor, now=now, **GIVEN)

    judgement = session.scalars(select(Judgement)).one()
    asked = session.scalars(
        select(Task).where(Task.kind == tasks.DECIDE, Task.done_at.is_(None))
    ).all()
    assert (judgement.status, judgement.meeting_id) == (JudgementStatus.OPEN, None)
    assert [task.due_at for task in asked] == [judgement.deadline_at]


def test_a_meeting_joined_with_another_needs_that_other_one(
    world: World, meeting: Meeting, now: datetime
) -> None:
    with pytest.raises(Refused) as refusal:
        scheduling.stand_down(
            meeting, Reason.JOINED_WITH_ANOTHER, actor=world.actor, now=now, **GIVEN
        )

    assert refusal.value.rule == "meeting.instead"


def test_a_meeting_of_another_child_never_replaces_this_one(
    world: World, meeting: Meeting, now: datetime
) -> None:
    later = meeting.starts_at + timedelta(hours=4)
    other = make_meeting(world, make_known_child(world), starts_at=later)

    with pytest.raises(Refused):
        scheduling.stand_down(
            meeting, Reason.REPLACED, instead=other, actor=world.actor, now=now, **GIVEN
        )


def test_new_joining_details_are_a_letter_and_answers_stay(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school = seat_of(meeting, "school")
    receive(a_reply(meeting, school), now=now)

    scheduling.change_joining(
        meeting, MeetingHow.IN_PERSON, "Room 4", actor=world.actor, now=now, **GIVEN
    )

    letters = _mails("joining_changed")
    assert {row.method for row in letters} == {""}
    assert len(letters) == len(_with_mail(meeting))
    assert (school.state, meeting.sequence) == (InvitationState.ACCEPTED, 0)
    assert not any(b"Room 4" in row.body for row in letters)


def test_unchanged_joining_details_send_nothing(
    world: World, meeting: Meeting, now: datetime
) -> None:
    told = scheduling.change_joining(
        meeting, meeting.how, meeting.joining or "", actor=world.actor, now=now, **GIVEN
    )

    assert told == 0


def _somebody_new(world: World, now: datetime) -> DirectoryEntry:
    agency = make_agency(name="Mentors for Northshire", kind="voluntary", now=now)
    account = make_account(name="Dev Rao", agency=agency, now=now)
    make_professional(
        agency=agency, role="exploitation_specialist", name="Dev Rao", email=account.email,
        account=account, now=now,
    )  # fmt: skip
    return next(entry for entry in directory(now.date()) if entry.agency_id == agency.id)


def test_only_the_added_invitee_is_told(world: World, meeting: Meeting, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    entry = _somebody_new(world, now)

    added = invitees.add_invitee(
        meeting, entry, "Mentors the child.", actor=world.actor, now=later, **GIVEN
    )

    sent = _mails(since=later)
    assert [(row.to_address, row.method, row.sequence) for row in sent] == [
        (added.email, "REQUEST", 0)
    ]
    relation = session.scalars(
        select(RelationRow).where(RelationRow.account_id == entry.account_id)
    ).one()
    assert relation.kind is RelationKind.INVITED


def test_only_the_withdrawn_invitee_is_told_and_access_ends(
    world: World, meeting: Meeting, now: datetime
) -> None:
    entry = _somebody_new(world, now)
    added = invitees.add_invitee(
        meeting, entry, "Mentors the child.", actor=world.actor, now=now, **GIVEN
    )
    deliver_all(now=now)
    later = now + timedelta(minutes=1)

    invitees.withdraw_invitee(
        added, "Not working with the child.", actor=world.actor, now=later, **GIVEN
    )

    sent = _mails(since=later)
    relation = session.scalars(
        select(RelationRow).where(RelationRow.account_id == entry.account_id)
    ).one()
    assert [(row.to_address, row.method, row.sequence) for row in sent] == [
        (added.email, "CANCEL", 1)
    ]
    assert relation.valid_to_at == later
    assert meeting.sequence == 0


def test_somebody_asked_again_gets_a_sequence_above_the_cancellation(
    world: World, meeting: Meeting, now: datetime
) -> None:
    entry = _somebody_new(world, now)
    added = invitees.add_invitee(meeting, entry, "Mentor.", actor=world.actor, now=now, **GIVEN)
    token = added.reply_token
    deliver_all(now=now)
    invitees.withdraw_invitee(added, "A mistake.", actor=world.actor, now=now, **GIVEN)
    deliver_all(now=now)

    again = invitees.add_invitee(meeting, entry, "Mentor.", actor=world.actor, now=now, **GIVEN)

    assert again.id == added.id
    assert (again.sequence, again.reply_token) == (2, token)
    assert again.state is InvitationState.NO_ANSWER


def test_a_later_move_is_above_every_sequence_ever_sent(
    world: World, meeting: Meeting, now: datetime
) -> None:
    entry = _somebody_new(world, now)
    added = invitees.add_invitee(meeting, entry, "Mentor.", actor=world.actor, now=now, **GIVEN)
    deliver_all(now=now)
    invitees.withdraw_invitee(added, "A mistake.", actor=world.actor, now=now, **GIVEN)
    invitees.add_invitee(meeting, entry, "Mentor.", actor=world.actor, now=now, **GIVEN)

    scheduling.move(meeting, given.new_time(meeting, hours=1), actor=world.actor, now=now, **GIVEN)

    assert meeting.sequence == 3


def test_a_statutory_role_cannot_be_withdrawn(
    world: World, meeting: Meeting, now: datetime
) -> None:
    police = next(row for row in _invited(meeting) if row.is_statutory)

    with pytest.raises(Refused) as refusal:
        invitees.withdraw_invitee(police, "Too many.", actor=world.actor, now=now, **GIVEN)

    assert refusal.value.rule == "invitee.statutory"


def test_withdrawing_needs_a_reason_that_stays(
    world: World, meeting: Meeting, now: datetime
) -> None:
    optional = next(row for row in _invited(meeting) if row.rule_id and not row.is_statutory)

    with pytest.raises(Refused):
        invitees.withdraw_invitee(optional, "  ", actor=world.actor, now=now, **GIVEN)
    invitees.withdraw_invitee(
        optional, "Closed for the holidays.", actor=world.actor, now=now, **GIVEN
    )

    assert session.scalars(select(Dropped)).one().reason == "Closed for the holidays."


def test_a_corrected_address_gets_a_new_token_and_the_old_one_dies(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school = seat_of(meeting, "school")
    old_token, old_address = school.reply_token, school.email
    domain = (old_address or "").partition("@")[2]
    later = now + timedelta(minutes=1)

    invitee_mail.correct_address(school, f"head@{domain}", actor=world.actor, now=later, **GIVEN)

    sent = _mails(since=later)
    assert [(row.to_address, row.method) for row in sent] == [
        (old_address, "CANCEL"),
        (f"head@{domain}", "REQUEST"),
    ]
    assert school.reply_token != old_token


def test_an_address_nobody_knows_is_refused(world: World, meeting: Meeting, now: datetime) -> None:
    school = seat_of(meeting, "school")

    with pytest.raises(Refused) as refusal:
        invitee_mail.correct_address(
            school, "someone@stranger.example", actor=world.actor, now=now, **GIVEN
        )

    assert refusal.value.rule == "invitee.unknown_address"


def test_somebody_never_told_gets_no_cancellation(world: World, now: datetime) -> None:
    meeting = make_meeting(world)

    scheduling.stand_down(meeting, Reason.NO_LONGER_NEEDED, actor=world.actor, now=now, **GIVEN)

    waiting = [row for row in _mails() if row.state is DeliveryState.QUEUED]
    assert not [row for row in waiting if row.kind in ("invitation", "cancellation")]


def test_under_a_days_notice_everybody_is_to_be_rung_about_a_move(
    world: World, meeting: Meeting, now: datetime
) -> None:
    soon = scheduling.NewTime(
        starts_at=now + timedelta(hours=3), minutes=60, reason=Reason.NEEDED_SOONER
    )

    scheduling.move(meeting, soon, actor=world.actor, now=now, **GIVEN)

    asked = session.scalars(select(Task.key).where(Task.key.contains(":moved:1"))).all()
    assert len(asked) == len(_invited(meeting))


def test_a_confirmed_deputy_is_told_of_a_move(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school = seat_of(meeting, "school")
    domain = (school.email or "").partition("@")[2]
    named = given.answer(InvitationState.DEPUTY, deputy_email=f"deputy@{domain}")
    replies.answer(school, named, actor=world.actor, now=now, **GIVEN)
    deliver_all(now=now)
    later = now + timedelta(minutes=1)

    scheduling.move(
        meeting, given.new_time(meeting, hours=1), actor=world.actor, now=later, **GIVEN
    )

    assert f"deputy@{domain}" in {row.to_address for row in _mails("update", since=later)}


def test_each_letter_carries_a_link_of_its_own(
    world: World, meeting: Meeting, now: datetime
) -> None:
    school = seat_of(meeting, "school")
    addressee = post.addressees(school)[0]

    links = {post.new_link(addressee, now=now) for _ in range(3)}

    assert len(links) == 3


def test_a_school_in_its_holidays_is_asked_without_being_missed(
    world: World, meeting: Meeting, now: datetime
) -> None:
    make_mailbox(agency=world.school, role="school_nurse", now=now)
    entry = next(
        each
        for each in directory(now.date())
        if each.agency_id == world.school.id and each.role == "school_nurse"
    )

    added = invitees.add_invitee(
        meeting, entry, "Knows the child.", actor=world.actor, now=now, **GIVEN
    )

    assert not added.is_statutory
