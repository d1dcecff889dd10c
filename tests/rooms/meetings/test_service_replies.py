"""Answers that came by the calendar client's own mail: cases C-043 to C-065."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer, Deputy, Proposal, ReplyNote
from meetings.models.tasks import Task
from meetings.service import deputies, mail_review, proposals, replies, scheduling
from meetings.terms import (
    AnswerChannel,
    DeputyStatus,
    InvitationState,
    NoteKind,
    ProposalStatus,
)
from notifications.models import OutboxMessage
from notifications.terms import DeliveryState, InboundOutcome, Reason
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, make_known_child, make_meeting, make_world
from tests.factories.replies import (
    MAILBOX,
    a_reply,
    deliver_all,
    given,
    receive,
    report_failure,
    seat_of,
)

ASKED = InvitationState.NO_ANSWER


@pytest.fixture
def world(database: Flask) -> World:
    return make_world()


@pytest.fixture
def meeting(world: World) -> Meeting:
    return make_meeting(world)


@pytest.fixture
def school(meeting: Meeting) -> Invitation:
    return seat_of(meeting, "school")


def _answers(invitation: Invitation) -> list[Answer]:
    return list(
        session.scalars(
            select(Answer).where(Answer.invitation_id == invitation.id).order_by(Answer.at)
        )
    )


def test_an_acceptance_is_applied(meeting: Meeting, school: Invitation, now: datetime) -> None:
    mail = a_reply(meeting, school, partstat="ACCEPTED")

    outcome = receive(mail, now=now)

    assert outcome is InboundOutcome.APPLIED
    assert school.state is InvitationState.ACCEPTED
    assert school.answer_channel is AnswerChannel.MAIL
    assert [answer.state for answer in _answers(school)] == [InvitationState.ACCEPTED]


@pytest.mark.parametrize(
    ("partstat", "state"),
    [
        ("TENTATIVE", InvitationState.TENTATIVE),
        ("DECLINED", InvitationState.DECLINED),
    ],
)
def test_other_answers_are_applied(
    meeting: Meeting, school: Invitation, now: datetime, partstat: str, state: InvitationState
) -> None:
    outcome = receive(a_reply(meeting, school, partstat=partstat), now=now)

    assert outcome is InboundOutcome.APPLIED
    assert school.state is state


def test_a_statutory_agency_that_declines_is_a_task_for_the_convenor(
    meeting: Meeting, now: datetime
) -> None:
    police = seat_of(meeting, "police")

    receive(a_reply(meeting, police, partstat="DECLINED"), now=now)

    task = session.scalars(select(Task).where(Task.kind == replies.DECLINED)).one()
    assert task.for_account_id == meeting.convenor_id
    assert police.agency_name in task.words


def test_a_decline_by_mail_is_asked_for_information(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    receive(a_reply(meeting, school, partstat="DECLINED"), now=now)

    asked = session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.kind == "information_request", OutboxMessage.subject_id == school.id
        )
    ).all()
    assert len(asked) == 1


def test_a_reply_with_an_unknown_uid_and_a_known_token_goes_to_a_person(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, uid=f"{uuid.uuid4()}@elsewhere.example")

    assert receive(mail, now=now) is InboundOutcome.REVIEW
    assert school.state is ASKED


def test_a_reply_about_nothing_of_ours_is_ignored(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, uid=f"{uuid.uuid4()}@elsewhere.example", token=None)

    assert receive(mail, now=now) is InboundOutcome.IGNORED


def test_a_reply_with_our_uid_and_a_wrong_token_goes_to_a_person(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, token="a" * 26)

    assert receive(mail, now=now) is InboundOutcome.REVIEW
    assert school.state is ASKED


def test_outlook_without_organizer_is_applied_by_its_token(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, organiser=None)

    assert receive(mail, now=now) is InboundOutcome.APPLIED


def test_an_address_in_other_letters_is_the_same_address(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, attendee=(school.email or "").upper())

    assert receive(mail, now=now) is InboundOutcome.APPLIED


def test_an_alias_of_the_same_organisation_is_applied_and_shown(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    domain = (school.email or "").partition("@")[2]

    outcome = receive(a_reply(meeting, school, attendee=f"h.smith@{domain}"), now=now)

    note = session.scalars(select(ReplyNote)).one()
    assert outcome is InboundOutcome.APPLIED
    assert (note.kind, note.words) == (NoteKind.OTHER_ADDRESS, f"h.smith@{domain}")


def test_a_forward_to_another_organisation_goes_to_a_person(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    before = session.scalar(select(func.count()).select_from(Invitation))

    outcome = receive(a_reply(meeting, school, attendee="x@stranger.example"), now=now)

    assert outcome is InboundOutcome.REVIEW
    assert school.state is ASKED
    assert session.scalar(select(func.count()).select_from(Invitation)) == before


def test_a_party_crasher_without_token_goes_to_a_person(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, attendee="x@stranger.example", token=None)

    assert receive(mail, now=now) is InboundOutcome.REVIEW


def test_a_reply_without_attendee_goes_to_a_person(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school, attendee=None)

    assert receive(mail, now=now) is InboundOutcome.REVIEW
    assert school.state is ASKED


def test_an_answer_to_the_time_before_the_move_is_stale(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    late = a_reply(meeting, school)
    scheduling.move(
        meeting, given.new_time(meeting, hours=1), letterhead=LETTERHEAD, actor=world.actor,
        now=now,
    )  # fmt: skip

    outcome = receive(late, now=now)

    assert outcome is InboundOutcome.STALE
    assert school.state is ASKED


def test_of_two_answers_the_one_given_later_counts(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    receive(a_reply(meeting, school, partstat="ACCEPTED", dtstamp=now), now=now)

    later = now + timedelta(minutes=5)
    receive(a_reply(meeting, school, partstat="DECLINED", dtstamp=later), now=later)

    assert school.state is InvitationState.DECLINED


def test_the_order_of_arrival_does_not_matter(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    later = now + timedelta(minutes=5)
    receive(a_reply(meeting, school, partstat="DECLINED", dtstamp=later), now=later)

    outcome = receive(a_reply(meeting, school, partstat="ACCEPTED", dtstamp=now), now=later)

    assert outcome is InboundOutcome.STALE
    assert school.state is InvitationState.DECLINED


def test_an_older_mail_never_overwrites_an_answer_from_the_page(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    by_page = given.answer(InvitationState.DECLINED)
    actor = given.by_link
    replies.answer(school, by_page, letterhead=LETTERHEAD, actor=actor, now=now)

    sent = now - timedelta(minutes=1)
    outcome = receive(a_reply(meeting, school, dtstamp=sent), now=now + timedelta(minutes=1))

    assert outcome is InboundOutcome.STALE
    assert school.state is InvitationState.DECLINED


def test_a_clock_ahead_does_not_lock_out_later_answers(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    ahead = now + timedelta(days=30)
    receive(a_reply(meeting, school, partstat="ACCEPTED", dtstamp=ahead), now=now)

    later = now + timedelta(minutes=5)
    by_page = given.answer(InvitationState.DECLINED)
    replies.answer(school, by_page, letterhead=LETTERHEAD, actor=given.by_link, now=later)

    assert school.state is InvitationState.DECLINED


def test_the_same_mail_twice_is_one_answer_and_one_audit_line(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    mail = a_reply(meeting, school)

    outcomes = [receive(mail, now=now), receive(mail, now=now)]

    lines = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "invitation.answered")
    )
    assert outcomes == [InboundOutcome.APPLIED, InboundOutcome.APPLIED]
    assert len(_answers(school)) == 1
    assert lines == 1


def test_the_same_answer_in_another_mail_is_one_answer(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    receive(a_reply(meeting, school, dtstamp=now), now=now)

    outcome = receive(a_reply(meeting, school, dtstamp=now), now=now)

    assert outcome is InboundOutcome.IGNORED
    assert len(_answers(school)) == 1


def test_what_was_typed_beside_the_answer_is_kept(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    receive(a_reply(meeting, school, comment="In court\\, sending a colleague"), now=now)

    note = session.scalars(select(ReplyNote)).one()
    assert (note.kind, note.words) == (NoteKind.COMMENT, "In court, sending a colleague")


def test_a_reply_to_a_meeting_stood_down_is_stale(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    scheduling.stand_down(
        meeting, Reason.NO_LONGER_NEEDED, letterhead=LETTERHEAD, actor=world.actor, now=now
    )

    assert receive(a_reply(meeting, school), now=now) is InboundOutcome.STALE


def test_free_text_is_a_note_and_a_task(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    outcome = receive(given.words(school, "We are coming, but ten minutes late."), now=now)

    note = session.scalars(select(ReplyNote)).one()
    task = session.scalars(select(Task).where(Task.kind == replies.MAIL_NOTE)).one()
    assert outcome is InboundOutcome.NOTED
    assert note.kind is NoteKind.FREE_TEXT
    assert "ten minutes late" in note.words
    assert "late" not in task.words
    assert school.state is ASKED


def test_an_automatic_answer_changes_nothing(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    before = session.scalar(select(func.count()).select_from(OutboxMessage))

    outcome = receive(given.out_of_office(school), now=now)

    assert outcome is InboundOutcome.NOTED
    assert session.scalars(select(ReplyNote)).one().kind is NoteKind.OUT_OF_OFFICE
    assert school.state is ASKED
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before


def test_a_report_that_a_mail_did_not_arrive_asks_somebody_to_ring(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    deliver_all(now=now)

    outcome = receive(report_failure(school), now=now)

    task = session.scalars(select(Task).where(Task.kind == replies.BOUNCED)).one()
    assert outcome is InboundOutcome.ALERT
    assert school.state is InvitationState.UNDELIVERABLE
    assert school.telephone is not None
    assert school.telephone in task.words


def test_a_foreign_cancel_changes_nothing(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    outcome = receive(a_reply(meeting, school, method="CANCEL"), now=now)

    assert outcome is InboundOutcome.IGNORED
    assert meeting.status.value == "arranged"


def test_another_time_is_a_proposal_and_the_meeting_stays(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    start = meeting.starts_at
    wanted = start + timedelta(hours=3)

    outcome = receive(a_reply(meeting, school, method="COUNTER", starts_at=wanted), now=now)

    proposal = session.scalars(select(Proposal)).one()
    assert outcome is InboundOutcome.APPLIED
    assert (proposal.starts_at, proposal.instead_of_at) == (wanted, start)
    assert meeting.starts_at == start
    assert school.state is InvitationState.TENTATIVE


def test_an_accepted_proposal_moves_the_meeting_for_all(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    wanted = meeting.starts_at + timedelta(hours=3)
    receive(a_reply(meeting, school, method="COUNTER", starts_at=wanted), now=now)
    proposal = session.scalars(select(Proposal)).one()

    proposals.accept(proposal, letterhead=LETTERHEAD, actor=world.actor, now=now)

    assert proposal.status is ProposalStatus.ACCEPTED
    assert (meeting.starts_at, meeting.sequence) == (wanted, 1)
    assert school.state is ASKED


def test_a_refused_proposal_is_answered_to_the_calendar_client(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    wanted = meeting.starts_at + timedelta(hours=3)
    receive(a_reply(meeting, school, method="COUNTER", starts_at=wanted), now=now)
    proposal = session.scalars(select(Proposal)).one()

    proposals.refuse(proposal, letterhead=LETTERHEAD, actor=world.actor, now=now)

    sent = session.scalars(
        select(OutboxMessage).where(OutboxMessage.method == "DECLINECOUNTER")
    ).one()
    assert sent.subject_id == school.id
    assert meeting.sequence == 0


def test_a_refresh_sends_the_invitation_again_three_times_an_hour(
    meeting: Meeting, school: Invitation, now: datetime
) -> None:
    deliver_all(now=now)

    outcomes = [
        receive(a_reply(meeting, school, method="REFRESH", partstat=None), now=now)
        for _ in range(4)
    ]

    again = session.scalars(
        select(OutboxMessage).where(OutboxMessage.purpose_key.contains(":resend:"))
    ).all()
    assert outcomes == [InboundOutcome.APPLIED] * 3 + [InboundOutcome.IGNORED]
    assert {row.sequence for row in again} == {0}


def test_a_delegate_waits_for_a_person(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    domain = (school.email or "").partition("@")[2]
    mail = a_reply(meeting, school, partstat="DELEGATED", delegated_to=f"deputy@{domain}")

    outcome = receive(mail, now=now)

    deputy = session.scalars(select(Deputy)).one()
    assert outcome is InboundOutcome.APPLIED
    assert deputy.status is DeputyStatus.PENDING
    assert school.state is InvitationState.TENTATIVE
    deputies.confirm(school, deputy.id, letterhead=LETTERHEAD, actor=world.actor, now=now)
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.subject_id == deputy.id)).one()
    assert sent.to_address == f"deputy@{domain}"
    assert school.state is InvitationState.DEPUTY


def test_a_confirmed_deputy_who_declines_leaves_nobody(
    world: World, meeting: Meeting, now: datetime
) -> None:
    police = seat_of(meeting, "police")
    named = given.answer(InvitationState.DEPUTY, deputy_email=police.email)
    replies.answer(police, named, letterhead=LETTERHEAD, actor=world.actor, now=now)
    deputy = session.scalars(select(Deputy)).one()

    later = now + timedelta(minutes=1)
    mail = a_reply(
        meeting, police, partstat="DECLINED", token=deputy.reply_token, attendee=deputy.email
    )
    receive(mail, now=later)

    assert police.state is InvitationState.DECLINED
    assert session.scalars(select(Task).where(Task.kind == replies.DECLINED)).one()


def test_naming_the_same_stranger_again_does_not_confirm_them(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    named = given.answer(InvitationState.DEPUTY, deputy_email="jo@stranger.example")

    for _ in range(2):
        replies.answer(school, named, letterhead=LETTERHEAD, actor=given.by_link, now=now)

    assert school.state is InvitationState.TENTATIVE
    assert session.scalars(select(Deputy)).one().status is DeputyStatus.PENDING


def test_a_mail_to_an_address_put_right_since_is_not_applied(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    from meetings.service import invitee_mail  # noqa: PLC0415 - one test

    deliver_all(now=now)
    mail = a_reply(meeting, school)
    domain = (school.email or "").partition("@")[2]
    invitee_mail.correct_address(
        school, f"head@{domain}", letterhead=LETTERHEAD, actor=world.actor, now=now
    )

    assert receive(mail, now=now) is InboundOutcome.REVIEW
    assert school.state is ASKED


def test_a_person_matches_a_mail_to_an_invitee(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    receive(a_reply(meeting, school, attendee="head@other.example"), now=now)
    waiting = MAILBOX.waiting_for_a_person()

    outcome = mail_review.match(waiting, school, letterhead=LETTERHEAD, actor=world.actor, now=now)

    assert outcome is InboundOutcome.APPLIED
    assert school.state is InvitationState.ACCEPTED


def test_every_mail_that_failed_is_noticed_once(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    from meetings.jobs.replies import note_failures  # noqa: PLC0415 - one test

    row = session.scalars(select(OutboxMessage).where(OutboxMessage.subject_id == school.id)).one()
    row.state, row.settled_at = DeliveryState.FAILED, now
    session.commit()

    counts = [note_failures(now, LETTERHEAD), note_failures(now, LETTERHEAD)]

    session.refresh(school)
    assert counts == [1, 0]
    assert school.state is InvitationState.UNDELIVERABLE


def test_applying_leaves_other_children_alone(
    world: World, meeting: Meeting, school: Invitation, now: datetime
) -> None:
    later = meeting.starts_at + timedelta(hours=4)
    other = make_meeting(world, make_known_child(world), starts_at=later)

    receive(a_reply(meeting, school), now=now)

    assert seat_of(other, "school").state is ASKED
