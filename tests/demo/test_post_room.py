"""The post room: mail really goes out by SMTP, is shown as it is read, and answers come back."""

from __future__ import annotations

import smtplib
import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update
from webtest import TestApp

from core.db import reading, session, unit_of_work
from demo.catcher import HOST
from demo.folder import MAIL_DOMAIN
from demo.mail_folder import CaughtMail
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Proposal
from meetings.terms import InvitationState, MeetingStatus
from notifications.models import InboundMessage, OutboxMessage
from notifications.terms import DeliveryState, InboundOutcome
from tests.conftest import FRIDAY
from tests.demo.conftest import Demo

_BRINGS_ANSWERS = ("demo.take_in", "mail.read", "replies.apply")


@pytest.fixture
def invitation_id(demo: Demo) -> uuid.UUID:
    """Send again the invitation of somebody who has not answered yet."""
    with demo.app.app_context(), unit_of_work():
        row = session.scalar(
            select(OutboxMessage)
            .join(Invitation, Invitation.id == OutboxMessage.subject_id)
            .join(Meeting, Meeting.id == Invitation.meeting_id)
            .where(
                Meeting.status == MeetingStatus.ARRANGED,
                Meeting.starts_at > FRIDAY + timedelta(days=1),
                Meeting.sequence == 0,
                Invitation.state == InvitationState.NO_ANSWER,
                OutboxMessage.method == "REQUEST",
                OutboxMessage.state == DeliveryState.HANDED,
            )
            .limit(1)
        )
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == row.id)
            .values(state=DeliveryState.QUEUED, expires_at=FRIDAY + timedelta(days=3))
        )
        subject_id = row.subject_id
    demo.work("mail.deliver")
    return subject_id


@pytest.fixture
def caught(demo: Demo, invitation_id: uuid.UUID) -> CaughtMail:
    (mail,) = demo.folder.sent.newest_first()
    return mail


def _state_of(demo: Demo, invitation_id: uuid.UUID) -> InvitationState:
    with demo.app.app_context(), reading():
        return session.get_one(Invitation, invitation_id).state


def _press(browser: TestApp, mail: CaughtMail, press: str, **typed: str) -> object:
    form = browser.get(f"/post-room/{mail.name}").forms[0]
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    return form.submit("press", value=press, expect_errors=True)


def test_a_mail_stands_in_the_list_under_its_recipient(demo: Demo, caught: CaughtMail) -> None:
    page = BeautifulSoup(demo.guest.get("/post-room").text, "html.parser")

    assert [heading.text for heading in page.select("main h2")] == [caught.recipient]
    assert page.select_one(f'a[href="/post-room/{caught.name}"]')


def test_a_mail_is_shown_with_its_calendar_part_in_words(demo: Demo, caught: CaughtMail) -> None:
    page = BeautifulSoup(demo.guest.get(f"/post-room/{caught.name}").text, "html.parser")

    words = page.find("main").get_text(" ", strip=True)
    assert "Multi-agency meeting" in words
    assert "Invitation: your calendar adds this entry" in words
    assert "BEGIN:VCALENDAR" in words
    assert page.select_one('main a[href*="/r/"]')


def test_the_html_of_a_mail_runs_nothing_and_fetches_nothing(
    demo: Demo, caught: CaughtMail
) -> None:
    answer = demo.guest.get(f"/post-room/{caught.name}/html")

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_the_source_of_a_mail_is_plain_text(demo: Demo, caught: CaughtMail) -> None:
    answer = demo.guest.get(f"/post-room/{caught.name}/source")

    assert answer.content_type == "text/plain"
    assert "Message-ID:" in answer.text


@pytest.mark.parametrize(
    ("press", "state"),
    [
        ("accept", InvitationState.ACCEPTED),
        ("tentative", InvitationState.TENTATIVE),
        ("decline", InvitationState.DECLINED),
    ],
)
def test_a_calendar_answer_goes_by_smtp_and_is_applied(
    demo: Demo, caught: CaughtMail, invitation_id: uuid.UUID, press: str, state: InvitationState
) -> None:
    _press(demo.guest, caught, press, note="Käthe & Co; bring “it”, 🚲 " + "long " * 60)

    demo.work(*_BRINGS_ANSWERS)

    assert _state_of(demo, invitation_id) is state


def test_another_time_is_suggested_by_a_counter_proposal(
    demo: Demo, caught: CaughtMail, invitation_id: uuid.UUID
) -> None:
    _press(
        demo.guest, caught, "propose", starts_at__day="24", starts_at__month="11",
        starts_at__year="2026", starts_at__time="3pm",
    )  # fmt: skip

    demo.work(*_BRINGS_ANSWERS)

    with demo.app.app_context(), reading():
        proposal = session.scalar(select(Proposal).where(Proposal.invitation_id == invitation_id))
        assert proposal is not None
        assert proposal.starts_at.hour == 15


def test_a_proposal_without_a_time_keeps_what_was_typed(demo: Demo, caught: CaughtMail) -> None:
    page = _press(demo.guest, caught, "propose", note="later please", starts_at__day="31")

    assert page.status_int == 422  # type: ignore[attr-defined]
    assert "later please" in page.text  # type: ignore[attr-defined]
    assert 'value="31"' in page.text  # type: ignore[attr-defined]


def test_an_answer_is_in_the_database_once_although_the_job_runs_twice(
    demo: Demo, caught: CaughtMail
) -> None:
    _press(demo.guest, caught, "accept")

    demo.work(*_BRINGS_ANSWERS, *_BRINGS_ANSWERS)

    with demo.app.app_context(), reading():
        applied = session.scalars(
            select(InboundMessage).where(
                InboundMessage.outcome == InboundOutcome.APPLIED,
                InboundMessage.received_at == FRIDAY,
            )
        ).all()
    assert len(applied) == 1


def test_a_mailbox_that_is_gone_refuses_mail(demo: Demo) -> None:
    with (
        smtplib.SMTP(HOST, demo.catcher.port) as line,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):
        line.sendmail("a@northshire.example", ["gone.somebody@millbrook.example"], b"x")

    assert demo.folder.sent.newest_first() == []


def test_words_to_the_service_are_never_lost(demo: Demo) -> None:
    with smtplib.SMTP(HOST, demo.catcher.port) as line:
        line.sendmail(
            "somebody@northshire.example",
            [f"confer@{MAIL_DOMAIN}"],
            b"From: somebody@northshire.example\r\nSubject: hello\r\n\r\nAnybody there?\r\n",
        )

    demo.work(*_BRINGS_ANSWERS)

    with demo.app.app_context(), reading():
        row = session.scalar(select(InboundMessage).where(InboundMessage.received_at == FRIDAY))
        assert row.outcome is InboundOutcome.REVIEW
    assert demo.folder.incoming.newest_first() == []


@pytest.mark.parametrize("name", ["nothing", "..%2Fkey", "20261120T164000000000-00000000"])
def test_a_mail_that_is_not_there_is_not_found(demo: Demo, name: str) -> None:
    demo.guest.get(f"/post-room/{name}", status=404)
