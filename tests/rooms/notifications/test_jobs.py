"""The outbox against a real SMTP server that refuses, defers, drops and dies."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import reading, session, unit_of_work
from notifications import jobs, queries, service
from notifications.mailer import Attempt, FolderSender, Handing, SmtpSender, sender_for
from notifications.models import OutboxMessage
from notifications.terms import DeliveryState, Envelope, LetterKind, Recipient
from tests.factories.mail import (
    BEFORE,
    LETTERHEAD,
    STARTS_AT,
    make_cancel,
    make_letter,
    make_request,
)
from tests.mailserver import MailServer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as made:
        yield made


def _sender(server: MailServer) -> SmtpSender:
    return SmtpSender(server.url, helo="confer.example", timeout_seconds=5)


def _queue(count: int = 1, *, first: int = 0, now: datetime = BEFORE) -> list[uuid.UUID]:
    ids = []
    with unit_of_work():
        for number in range(first, first + count):
            row = service.send_calendar(
                make_request(recipient=Recipient(f"person{number}@agency.example")),
                letterhead=LETTERHEAD,
                subject_id=uuid.UUID(int=number + 1),
                key=f"k{number}",
                now=now,
            )
            assert row is not None
            ids.append(row.id)
    return ids


def _states() -> list[str]:
    with reading():
        return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.to_address)))


def _row(number: int = 0) -> OutboxMessage:
    with reading():
        row = session.scalar(
            select(OutboxMessage).where(
                OutboxMessage.to_address == f"person{number}@agency.example"
            )
        )
        assert row is not None
        session.expunge(row)
        return row


def test_twelve_invitees_are_twelve_mails_over_one_connection(
    database: Flask, server: MailServer
) -> None:
    _queue(12)

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 12
    assert [len(each.recipients) for each in server.taken] == [1] * 12
    assert len({each.message["Message-ID"] for each in server.taken}) == 12
    assert server.connections == 1
    assert _states() == [DeliveryState.HANDED] * 12


def test_a_mail_arrives_as_it_was_written_and_from_its_own_envelope(
    database: Flask, server: MailServer
) -> None:
    [row_id] = _queue()
    with reading():
        row = session.get_one(OutboxMessage, row_id)
        body, sender, token = row.body, row.envelope_sender, row.token

    jobs.deliver_outbox(BEFORE, _sender(server))
    [taken] = server.taken
    assert taken.raw.rstrip() == body.rstrip()
    assert taken.sender == sender == f"bounce+{token}@{LETTERHEAD.domain}"


def test_a_mail_that_left_leaves_no_link_behind(database: Flask, server: MailServer) -> None:
    _queue(2)
    server.refuse("person1@agency.example", 550)

    jobs.deliver_outbox(BEFORE, _sender(server))
    with reading():
        assert list(session.scalars(select(OutboxMessage.body))) == [b"", b""]


def test_c030_one_of_three_refused_leaves_the_others_sent(
    database: Flask, server: MailServer
) -> None:
    _queue(3)
    server.refuse("person1@agency.example", 550)

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 2
    assert _states() == [DeliveryState.HANDED, DeliveryState.FAILED, DeliveryState.HANDED]
    with reading():
        [failure] = queries.failures_since(BEFORE)
    assert failure.to_address == "person1@agency.example"
    assert failure.error == "RCPT 550 5.1.1"


def test_a_greylisted_mail_is_tried_again_later_and_not_before(
    database: Flask, server: MailServer
) -> None:
    _queue(2)
    server.refuse("person0@agency.example", 451, times=1)

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 1
    assert jobs.deliver_outbox(BEFORE + timedelta(seconds=30), _sender(server)) == 0
    assert jobs.deliver_outbox(BEFORE + 2 * MINUTE, _sender(server)) == 1
    assert _states() == [DeliveryState.HANDED] * 2
    assert len(server.taken) == 2


def test_a_mail_deferred_for_72_hours_is_given_up(database: Flask, server: MailServer) -> None:
    _queue()
    server.refuse("person0@agency.example", 451)

    now, last = BEFORE, BEFORE + timedelta(hours=73)
    while now < last:
        jobs.deliver_outbox(now, _sender(server))
        now += timedelta(hours=1)
    assert _states() == [DeliveryState.FAILED]
    assert _row().attempts > 10


def test_552_at_data_fails_at_once(database: Flask, server: MailServer) -> None:
    _queue()
    server.refuse_data(552)

    jobs.deliver_outbox(BEFORE, _sender(server))
    assert _states() == [DeliveryState.FAILED]


def test_a_refused_mail_does_not_spoil_the_next_on_the_same_line(
    database: Flask, server: MailServer
) -> None:
    _queue(2)
    server.refuse_data(554)

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 1
    assert server.connections == 1


def test_a_server_that_takes_a_mail_and_dies_gets_it_again_with_the_same_identity(
    database: Flask, server: MailServer
) -> None:
    _queue()
    server.drop_before_answer()

    jobs.deliver_outbox(BEFORE, _sender(server))
    assert _states() == [DeliveryState.QUEUED]
    jobs.deliver_outbox(BEFORE + 5 * MINUTE, _sender(server))
    assert _states() == [DeliveryState.HANDED]
    first, second = server.taken
    assert first.raw == second.raw


def test_a_server_that_chokes_on_one_mail_gets_the_others(
    database: Flask, server: MailServer
) -> None:
    _queue(3)
    server.drop_before_answer()

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 2


@pytest.mark.parametrize("code", [421, 554])
def test_a_server_that_refuses_connections_costs_nobody_their_place(
    database: Flask, server: MailServer, code: int
) -> None:
    _queue(3)
    server.refuse_connections(code)

    assert jobs.deliver_outbox(BEFORE, _sender(server)) == 0
    assert _states() == [DeliveryState.QUEUED] * 3
    assert server.connections == 1
    server.faults.connect_code = None
    assert jobs.deliver_outbox(BEFORE + 2 * MINUTE, _sender(server)) == 3


def test_a_server_that_is_away_costs_nobody_their_place(database: Flask) -> None:
    _queue(2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{taken.getsockname()[1]}"

    assert jobs.deliver_outbox(BEFORE, SmtpSender(url, helo="x.example")) == 0
    assert _states() == [DeliveryState.QUEUED] * 2


def test_a_silent_server_is_left_after_the_timeout(database: Flask) -> None:
    _queue()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        sender = SmtpSender(url, helo="x.example", timeout_seconds=0.2)

        assert jobs.deliver_outbox(BEFORE, sender) == 0
    assert _states() == [DeliveryState.QUEUED]


class _Dies:
    """Hands a mail on and dies before anybody can write it down."""

    def __init__(self, sender: SmtpSender) -> None:
        self._sender = sender

    def send(self, envelope: Envelope) -> Attempt:
        self._sender.send(envelope)
        raise KeyboardInterrupt

    def close(self) -> None:
        self._sender.close()


def test_a_killed_sender_repeats_only_the_mail_in_flight_once_its_lease_ends(
    database: Flask, server: MailServer
) -> None:
    _queue(3)
    with pytest.raises(KeyboardInterrupt):
        jobs.deliver_outbox(BEFORE, _Dies(_sender(server)))

    assert jobs.deliver_outbox(BEFORE + MINUTE, _sender(server)) == 0
    assert jobs.deliver_outbox(BEFORE + jobs.LEASE, _sender(server)) == 3
    assert len(server.taken) == 4
    assert len({each.raw for each in server.taken}) == 3
    assert _states() == [DeliveryState.HANDED] * 3


def test_a_late_sender_cannot_mark_what_another_took_over(database: Flask) -> None:
    [row_id] = _queue()
    late = uuid.uuid4()
    jobs._claim(late, now=BEFORE, count=1)
    jobs._claim(uuid.uuid4(), now=BEFORE + jobs.LEASE, count=1)

    jobs._mark(row_id, late, Attempt(Handing.REFUSED, "too late"), now=BEFORE + jobs.LEASE)
    assert _row().state is DeliveryState.CLAIMED


def test_urgent_mail_goes_first(database: Flask, server: MailServer) -> None:
    _queue(3)
    with unit_of_work():
        service.send_letter(
            make_letter(LetterKind.ACCESS_CODE),
            letterhead=LETTERHEAD,
            subject_id=uuid.uuid4(),
            key="code",
            now=BEFORE,
        )

    jobs.deliver_outbox(BEFORE, _sender(server))
    assert server.taken[0].message["Subject"] == "Your code is 482 913"


def test_a_mail_past_its_use_is_given_up_unsent(database: Flask, server: MailServer) -> None:
    _queue()

    assert jobs.deliver_outbox(STARTS_AT + timedelta(hours=1), _sender(server)) == 0
    assert server.taken == []
    assert _states() == [DeliveryState.FAILED]


def test_a_cancellation_waits_while_the_invitation_is_under_way(
    database: Flask, server: MailServer
) -> None:
    request = make_request(recipient=Recipient("person0@agency.example"))
    with unit_of_work():
        service.send_calendar(
            request, letterhead=LETTERHEAD, subject_id=uuid.UUID(int=1), key="a", now=BEFORE
        )
    other = uuid.uuid4()
    jobs._claim(other, now=BEFORE, count=1)
    with unit_of_work():
        service.cancel_calendar(
            make_cancel(request),
            letterhead=LETTERHEAD,
            subject_id=uuid.UUID(int=1),
            key="b",
            now=BEFORE + MINUTE,
        )

    assert jobs.deliver_outbox(BEFORE + MINUTE, _sender(server)) == 0


def test_a_deferred_invitation_gives_way_to_the_cancellation_written_meanwhile(
    database: Flask, server: MailServer
) -> None:
    request = make_request(recipient=Recipient("person0@agency.example"))
    with unit_of_work():
        row = service.send_calendar(
            request, letterhead=LETTERHEAD, subject_id=uuid.UUID(int=1), key="a", now=BEFORE
        )
        assert row is not None
        row_id = row.id
    holder = uuid.uuid4()
    jobs._claim(holder, now=BEFORE, count=1)
    with unit_of_work():
        service.cancel_calendar(
            make_cancel(request),
            letterhead=LETTERHEAD,
            subject_id=uuid.UUID(int=1),
            key="b",
            now=BEFORE + MINUTE,
        )
    jobs._mark(row_id, holder, Attempt(Handing.DEFERRED, "451"), now=BEFORE + MINUTE)

    jobs.deliver_outbox(BEFORE + 10 * MINUTE, _sender(server))
    [taken] = server.taken
    assert b"method=CANCEL" in taken.raw


def test_without_a_server_mails_become_files_that_say_nothing(
    database: Flask, tmp_path: Path
) -> None:
    _queue(2)

    assert jobs.deliver_outbox(BEFORE, FolderSender(tmp_path / "mail")) == 2
    files = sorted((tmp_path / "mail").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert all(path.stem.isalnum() and len(path.stem) == 40 for path in files)
    text = b"".join(path.read_bytes() for path in files)
    assert text.count(b"X-Envelope-To: person") == 2


def test_a_folder_that_cannot_be_written_keeps_the_mail_queued(
    database: Flask, tmp_path: Path
) -> None:
    _queue()
    (tmp_path / "mail").write_text("a file where the folder should be")

    assert jobs.deliver_outbox(BEFORE, FolderSender(tmp_path / "mail")) == 0
    assert _states() == [DeliveryState.QUEUED]


def test_the_settings_choose_the_sender(tmp_path: Path) -> None:
    assert isinstance(sender_for(None, tmp_path, "x.example"), FolderSender)
    assert isinstance(sender_for("smtp://127.0.0.1:25", tmp_path, "x.example"), SmtpSender)
