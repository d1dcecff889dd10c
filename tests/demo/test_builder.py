"""The demo's data, whenever it is built."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum.gb import nhs

from core import clock, marks
from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from demo import build
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.terms import InvitationState, JudgementStatus, MeetingStatus, RecordStatus
from notifications.models import InboundMessage, OutboxMessage
from notifications.terms import DeliveryState, InboundOutcome
from people.models.children import Child
from people.terms import Asked
from plans.models import Action, DateRequest, HandOver, LadderStepTaken, Plan
from plans.queries.plans import plan_page
from plans.rules.escalation import read_ladder
from plans.terms import ActionStatus, RequestStatus
from procedures.service import packs
from tests.conftest import FRIDAY
from tests.demo.conftest import Demo

SUNDAY = datetime(2026, 11, 22, 11, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2026, 12, 24, 10, 15, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 12, tzinfo=UTC)
# On this night London's clock jumps from 1am to 2am: this is what one shows that was not set.
CLOCKS_GO_FORWARD = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
CLOCKS_GO_BACK_FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
CLOCKS_GO_BACK_SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def _fill(app: Flask, now: datetime) -> None:
    with unit_of_work():
        packs.ensure_default(now)
        build.fill(app.extensions["settings"], now=now)


def _values(column: object) -> set[object]:
    return set(session.scalars(select(column).distinct()))


@pytest.mark.parametrize(
    "now",
    [SUNDAY, CHRISTMAS_EVE, LEAP_DAY, CLOCKS_GO_FORWARD, CLOCKS_GO_BACK_FIRST,
     CLOCKS_GO_BACK_SECOND],
    ids=["sunday", "christmas-eve", "leap-day", "forward", "back-first", "back-second"],
)  # fmt: skip
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_demo_is_whole_whenever_it_is_built(database: Flask, now: datetime) -> None:
    _fill(database, now)

    _assert_whole(now)


def test_the_demo_is_whole_on_both_databases(database: Flask) -> None:
    _fill(database, FRIDAY)

    _assert_whole(FRIDAY)
    _assert_honest(FRIDAY)


def _assert_whole(now: datetime) -> None:
    """Every page has something to show."""
    assert session.scalar(select(func.count()).select_from(Child)) == 40
    assert _values(Meeting.status) == set(MeetingStatus)
    assert _values(Record.status) == set(RecordStatus)
    assert _values(Judgement.status) == set(JudgementStatus)
    assert _values(Invitation.state) >= {
        InvitationState.NO_ANSWER,
        InvitationState.ACCEPTED,
        InvitationState.ACCEPTED_PART,
        InvitationState.TENTATIVE,
        InvitationState.DECLINED,
        InvitationState.DEPUTY,
        InvitationState.INFORMATION,
        InvitationState.UNDELIVERABLE,
    }
    assert _values(Record.is_quorate) >= {True, False}
    assert {InboundOutcome.APPLIED, InboundOutcome.REVIEW, InboundOutcome.NOTED} <= _values(
        InboundMessage.outcome
    )
    assert session.scalar(
        select(func.count()).where(InboundMessage.outcome == InboundOutcome.REVIEW)
    ) == 5  # fmt: skip
    assert session.scalar(select(DateRequest).where(DateRequest.status == RequestStatus.WAITING))
    assert session.scalar(select(HandOver).where(HandOver.accepted_at.is_(None)))
    assert _late_record(now)
    _, pack = packs.in_force(clock.today(now))
    ladder = read_ladder(pack.items("ladder_step", on=clock.today(now)), safety_divisor=2)
    assert _values(LadderStepTaken.step) == {step.id for step in ladder.steps}
    assert _values(Action.status) >= {ActionStatus.OPEN, ActionStatus.DONE}
    assert {Asked.YES, Asked.NO, Asked.NOT_ASKED, Asked.AWAITING} == _values(Child.ehc_plan)


def _assert_honest(now: datetime) -> None:
    """Nothing was written from the future, nothing waits to be sent, nothing names the real."""
    assert session.scalar(select(func.max(AuditEntry.at))) <= now
    assert session.scalar(select(func.max(OutboxMessage.created_at))) <= now
    assert _values(OutboxMessage.state) == {DeliveryState.HANDED, DeliveryState.FAILED}
    assert all(address.endswith(".example") for address in _values(OutboxMessage.to_address))
    numbers = {number for number in _values(Child.nhs_number) if number}
    assert all(number.startswith("999") and nhs.is_valid(number) for number in numbers)
    assert marks.read(marks.DEMO) == now.isoformat()


def _late_record(now: datetime) -> Record | None:
    return session.scalar(
        select(Record).where(Record.status == RecordStatus.DRAFT, Record.due_at < now)
    )


def test_children_of_one_incident_have_meetings_of_their_own(demo: Demo) -> None:
    with demo.app.app_context(), reading():
        incident_id = session.scalar(
            select(Involvement.incident_id)
            .group_by(Involvement.incident_id)
            .having(func.count() > 1)
        )
        children = session.scalars(
            select(Meeting.child_id)
            .join(Involvement, Involvement.child_id == Meeting.child_id)
            .where(Involvement.incident_id == incident_id)
        ).all()

    assert len(children) == len(set(children)) == 2


def test_a_plan_shows_what_its_first_screen_asks_for(demo: Demo) -> None:
    with demo.app.app_context(), reading():
        child = session.scalar(select(Child).where(Child.given_name == "Jordan"))
        plan = plan_page(session.scalar(select(Plan).where(Plan.child_id == child.id))).plan
        led_by, review_on, version = plan.lead_name, plan.review_on, plan.version

    assert led_by == "Maya Brooks"
    assert review_on > clock.today(FRIDAY)
    assert version > 10


def test_nothing_is_delivered_at_start(demo: Demo) -> None:
    demo.work("replies.failures", "replies.silence", "records.late", "mail.deliver")

    assert demo.folder.sent.newest_first() == []
