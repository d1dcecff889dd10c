"""Queueing, replacing and taking back; keeping and settling what came in."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from flask import Flask

from core.db import session, unit_of_work
from notifications import intake, queries, service
from notifications.models import OutboxMessage
from notifications.terms import (
    CalendarCancel,
    CalendarRequest,
    Channel,
    DeliveryState,
    InboundKind,
    InboundOutcome,
    Lane,
    Letter,
    LetterKind,
    Recipient,
)
from tests.data.mail.filled import filled
from tests.factories.mail import (
    BEFORE,
    LETTERHEAD,
    STARTS_AT,
    make_cancel,
    make_letter,
    make_request,
)

INVITATION = uuid.UUID(int=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_a_transaction(database: Flask) -> object:
    with unit_of_work():
        yield


def _send(
    request: CalendarRequest, *, key: str | None = None, now: datetime = BEFORE
) -> OutboxMessage | None:
    key = key or f"invitation:{INVITATION}:{request.sequence}:request"
    return service.send_calendar(
        request, letterhead=LETTERHEAD, subject_id=INVITATION, key=key, now=now
    )


def _cancel(cancel: CalendarCancel, *, now: datetime = BEFORE) -> OutboxMessage | None:
    return service.cancel_calendar(
        cancel,
        letterhead=LETTERHEAD,
        subject_id=INVITATION,
        key=f"invitation:{INVITATION}:{cancel.sequence}:cancel",
        now=now,
    )


def _letter(letter: Letter, *, key: str = "k", now: datetime = BEFORE) -> OutboxMessage | None:
    return service.send_letter(
        letter, letterhead=LETTERHEAD, subject_id=INVITATION, key=key, now=now
    )


def _hand(row: OutboxMessage | None, *, now: datetime = BEFORE) -> OutboxMessage:
    assert row is not None
    row.state, row.handed_at, row.settled_at = DeliveryState.HANDED, now, now
    row.attempts = 1
    session.flush()
    return row


def _moved(request: CalendarRequest, hours: int) -> CalendarRequest:
    letter = replace(
        request.letter,
        kind=LetterKind.UPDATE,
        was_starts_at=request.letter.starts_at,
        was_ends_at=request.letter.ends_at,
        starts_at=STARTS_AT + hours * HOUR,
        ends_at=STARTS_AT + (hours + 1) * HOUR,
        reason=make_letter(LetterKind.UPDATE).reason,
    )
    return replace(request, letter=letter, sequence=request.sequence + 1)


def test_an_invitation_is_one_finished_row() -> None:
    request = make_request()

    row = _send(request)
    assert row is not None
    assert row.state is DeliveryState.QUEUED
    assert row.to_address == "head@school.example"
    assert row.token == request.letter.reply_token
    assert row.envelope_sender == f"bounce+{row.token}@{LETTERHEAD.domain}"
    assert row.body.startswith(b"From: Safeguarding meetings <confer@")
    assert row.message_id.encode() in row.body
    assert row.id.hex not in row.message_id
    assert row.expires_at == BEFORE + timedelta(hours=72)


def test_a_mail_is_made_once_for_a_purpose() -> None:
    request = make_request()

    assert _send(request) is _send(request)


def test_c029_a_meeting_wholly_in_the_past_sends_nothing() -> None:
    over = STARTS_AT + HOUR

    assert _send(make_request(), now=over) is None
    assert _letter(make_letter(LetterKind.DAY_BEFORE), now=over) is None
    assert _send(make_request(), now=over - timedelta(seconds=1)) is not None


def test_a_mail_about_a_near_meeting_is_urgent_and_ends_with_it() -> None:
    row = _send(make_request(), now=STARTS_AT - HOUR)

    assert row is not None
    assert row.lane is Lane.URGENT
    assert row.expires_at == STARTS_AT + HOUR


def test_a_code_is_urgent_and_of_no_use_after_ten_minutes() -> None:
    row = _letter(make_letter(LetterKind.ACCESS_CODE))

    assert row is not None
    assert row.lane is Lane.URGENT
    assert row.expires_at == BEFORE + timedelta(minutes=10)


def test_an_update_before_the_invitation_left_takes_its_place_as_an_invitation() -> None:
    request = make_request()
    first = _send(request)

    second = _send(_moved(request, 2))
    assert first is not None
    assert first.state is DeliveryState.SUPPRESSED
    assert second is not None
    assert second.kind == LetterKind.INVITATION
    assert second.sequence == 1


def test_an_update_says_what_the_addressee_was_last_told() -> None:
    request = make_request()
    _hand(_send(request))
    between = _moved(request, 2)
    _send(between, now=BEFORE + timedelta(minutes=1))

    row = _send(_moved(between, 4), now=BEFORE + timedelta(minutes=2))
    assert row is not None
    assert row.kind == LetterKind.UPDATE
    text = message_from_bytes(row.body).get_payload()[0].get_payload()[0].get_payload()
    assert "It was Monday 30 March 2026, 10am to 11am." in text


def test_fifty_edits_are_at_most_two_mails_and_one_that_waits() -> None:
    request = make_request()
    _hand(_send(request))
    for minute in range(50):
        request = _moved(request, minute)
        row = _send(request, now=BEFORE + timedelta(minutes=20, seconds=minute))
        assert row is not None
        if row.next_try_at <= BEFORE + timedelta(minutes=20, seconds=minute):
            _hand(row)

    states = [row.state for row in queries.delivery_log(limit=100)]
    assert states.count(DeliveryState.HANDED) == 3
    assert states.count(DeliveryState.QUEUED) == 1


def test_c042_somebody_who_was_never_told_gets_no_cancellation() -> None:
    request = make_request()
    row = _send(request)

    assert _cancel(make_cancel(request)) is None
    assert row is not None
    assert row.state is DeliveryState.SUPPRESSED


def test_c031_somebody_who_was_told_gets_one_and_waiting_reminders_are_taken_back() -> None:
    request = make_request()
    _hand(_send(request))
    reminder = _letter(make_letter(LetterKind.ANSWER_REMINDER))

    row = _cancel(make_cancel(request))
    assert row is not None
    assert row.method == "CANCEL"
    assert reminder is not None
    assert reminder.state is DeliveryState.SUPPRESSED


def test_a_mail_that_a_server_may_have_taken_is_cancelled_by_mail() -> None:
    request = make_request()
    row = _send(request)
    assert row is not None
    row.attempts = 1
    session.flush()

    assert _cancel(make_cancel(request)) is not None
    assert row.state is DeliveryState.SUPPRESSED


def test_c036_after_a_cancellation_the_next_entry_is_an_invitation_again() -> None:
    request = make_request()
    _hand(_send(request))
    _hand(_cancel(make_cancel(request)), now=BEFORE)

    again = make_request(2, uid=request.uid)
    row = _send(again, now=BEFORE + HOUR)
    assert row is not None
    assert row.kind == LetterKind.INVITATION
    assert row.sequence == 2


def test_c042_a_corrected_address_is_invited_and_not_updated() -> None:
    request = make_request()
    _hand(_send(request))

    moved = _moved(request, 2)
    other = replace(moved, letter=replace(moved.letter, recipient=Recipient("new@school.example")))
    row = _send(other)
    assert row is not None
    assert row.kind == LetterKind.INVITATION


def test_new_joining_details_are_not_mailed_before_the_invitation_left() -> None:
    _send(make_request())

    assert _letter(make_letter(LetterKind.JOINING_CHANGED)) is None


def test_c040_new_joining_details_are_a_letter_without_a_calendar_part() -> None:
    _hand(_send(make_request()))

    row = _letter(make_letter(LetterKind.JOINING_CHANGED))
    assert row is not None
    assert not row.is_entry
    assert b"text/calendar" not in row.body


def test_updates_stand_in_one_thread() -> None:
    request = make_request()
    first = _hand(_send(request))

    row = _send(_moved(request, 2), now=BEFORE + HOUR)
    assert row is not None
    assert message_from_bytes(row.body)["References"] == first.message_id


def test_a_message_is_kept_once() -> None:
    raw = filled("outlook_reply")

    first = service.store_inbound(raw, channel=Channel.IMAP, now=BEFORE)
    second = service.store_inbound(raw, channel=Channel.STDIN, now=BEFORE + HOUR)
    assert first is second
    assert first.outcome is InboundOutcome.WAITING


def test_a_message_over_one_megabyte_goes_to_review_unopened() -> None:
    row = service.store_inbound(b"x" * 1_000_001, channel=Channel.IMAP, now=BEFORE)

    assert row.outcome is InboundOutcome.REVIEW
    assert len(row.raw) == 64_000
    assert "1 MB" in row.why
    assert queries.review_queue() == [row]


def _read(name: str, **values: str) -> uuid.UUID:
    raw = filled(name, **values)
    row = service.store_inbound(raw, channel=Channel.IMAP, now=BEFORE)
    service.record_reading(row.id, intake.read(raw), now=BEFORE)
    return row.id


def test_a_reply_waits_for_the_room_above_with_what_was_read() -> None:
    inbound_id = _read("outlook_reply")

    [found] = queries.unapplied()
    assert found.id == inbound_id
    assert found.intake == intake.read(filled("outlook_reply"))


def test_what_is_settled_waits_no_more() -> None:
    inbound_id = _read("outlook_reply")

    service.settle(inbound_id, InboundOutcome.APPLIED, why="Accepted", now=BEFORE)
    assert queries.unapplied() == []
    row = queries.inbound(inbound_id)
    assert row is not None
    assert (row.outcome, row.why) == (InboundOutcome.APPLIED, "Accepted")


def test_a_foreign_cancel_is_kept_and_ignored() -> None:
    inbound_id = _read("foreign_cancel")

    row = queries.inbound(inbound_id)
    assert row is not None
    assert row.outcome is InboundOutcome.IGNORED
    assert "CANCEL" in row.why


def test_reading_twice_changes_nothing() -> None:
    inbound_id = _read("outlook_reply")
    service.settle(inbound_id, InboundOutcome.APPLIED, why="Accepted", now=BEFORE)

    other = intake.read(filled("foreign_cancel"))
    service.record_reading(inbound_id, other, now=BEFORE)
    row = queries.inbound(inbound_id)
    assert row is not None
    assert row.outcome is InboundOutcome.APPLIED
    assert row.kind is InboundKind.REPLY


def test_c062_a_bounce_marks_the_mail_and_waits_for_the_room_above() -> None:
    request = make_request()
    row = _hand(_send(request))

    _read("delivery_report", TOKEN=row.token, ORIGINAL_ID=row.message_id.strip("<>"))
    session.refresh(row)
    assert row.state is DeliveryState.BOUNCED
    assert row.last_error == "Bounced: 5.1.1"
    assert [each.subject_id for each in queries.failures_since(BEFORE)] == [INVITATION]
    assert set(queries.undeliverable([INVITATION])) == {INVITATION}
    [waiting] = queries.unapplied()
    assert waiting.intake.kind is InboundKind.DELIVERY_REPORT


def test_a_report_of_delay_marks_nothing() -> None:
    row = _hand(_send(make_request()))

    _read("delivery_report", TOKEN=row.token, ACTION="delayed")
    session.refresh(row)
    assert row.state is DeliveryState.HANDED
    assert queries.unapplied() == []


def test_a_mail_that_lost_the_token_is_found_by_what_it_answers() -> None:
    row = _hand(_send(make_request()))
    raw = filled("free_text", ORIGINAL_ID=row.message_id.strip("<>"))
    raw = raw.replace(b"To: reply+abcdefghijklmnopqrstuvwxy2", b"To: confer")

    kept = service.store_inbound(raw, channel=Channel.IMAP, now=BEFORE)
    service.record_reading(kept.id, intake.read(raw), now=BEFORE)
    [waiting] = queries.unapplied()
    assert waiting.intake.token == row.token
    owner = queries.owner_of_token(row.token)
    assert owner is not None
    assert owner.subject_id == INVITATION


def test_a_wrong_token_is_not_mended_by_what_the_mail_answers() -> None:
    row = _hand(_send(make_request()))

    _read("free_text", TOKEN="zzzzzzzzzzzzzzzzzzzzzzzzz2", ORIGINAL_ID=row.message_id.strip("<>"))
    [waiting] = queries.unapplied()
    assert waiting.intake.token == "zzzzzzzzzzzzzzzzzzzzzzzzz2"


def test_health_shows_the_oldest_unsent_mail_and_what_waits() -> None:
    assert queries.oldest_unsent_at() is None
    _send(make_request())
    _read("outlook_reply")
    service.store_inbound(b"x" * 1_000_001, channel=Channel.IMAP, now=BEFORE)

    assert queries.oldest_unsent_at() == BEFORE
    counts = queries.inbox_counts()
    assert (counts.waiting, counts.review, counts.oldest_waiting_at) == (1, 1, BEFORE)


def test_refreshes_can_be_counted() -> None:
    _send(make_request())

    assert queries.entries_written_since(INVITATION, BEFORE - HOUR) == 1
    assert queries.entries_written_since(INVITATION, BEFORE + HOUR) == 0
