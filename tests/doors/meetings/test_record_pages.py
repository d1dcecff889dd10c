"""The record's pages: read, printed, approved by the chair, released by a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from meetings.models.records import Record, RecordCorrection
from meetings.terms import RecordStatus
from notifications.models import OutboxMessage
from people.models.accounts import Account
from people.terms import RelationKind
from tests.factories.people import make_account, make_relation
from tests.factories.records import held, make_room, write
from tests.factories.seen_rooms import Seen, again, seen

Browse = Callable[[Account], TestApp]


@pytest.fixture
def here(app: Flask, the_clock: Any) -> Seen:
    with app.app_context(), unit_of_work():
        found = seen(held(make_room()))
    the_clock.at = found.room.now
    return found


def status(app: Flask) -> RecordStatus:
    with app.app_context(), reading():
        return session.scalars(select(Record.status)).one()


def press(page: Any, tail: str) -> Any:
    form = next(form for form in page.forms.values() if form.action.endswith(tail))
    return form.submit()


def approved(browse: Browse, here: Seen) -> None:
    press(browse(here.chair).get(f"/meetings/{here.ref}/record"), "/approve")


def test_the_record_shows_what_was_decided_who_took_part_and_what_follows(
    browse: Browse, here: Seen
) -> None:
    page = browse(here.chair).get(f"/meetings/{here.ref}/record")

    assert "A section 47 enquiry begins." in page
    assert "Ms Ali" in page
    assert "Initial child protection conference by" in page
    assert "Here" in page


def test_reading_a_record_is_written_down(app: Flask, browse: Browse, here: Seen) -> None:
    browse(here.manager).get(f"/meetings/{here.ref}/record")

    with app.app_context(), reading():
        lines = session.scalars(
            select(AuditEntry.decision).where(
                AuditEntry.verb == "record.read", AuditEntry.account_id == here.manager.id
            )
        ).all()
    assert lines == ["read"]


def test_the_chair_approves_and_a_second_person_releases(
    app: Flask, browse: Browse, here: Seen
) -> None:
    approved(browse, here)
    assert status(app) is RecordStatus.APPROVED

    page = browse(here.manager).get(f"/meetings/{here.ref}/record")
    press(page, "/release")

    assert status(app) is RecordStatus.RELEASED


def test_the_button_to_approve_stands_on_the_chairs_page_only(browse: Browse, here: Seen) -> None:
    page = browse(here.manager).get(f"/meetings/{here.ref}/record")

    assert "Approve the record" not in page
    assert f"{here.chair.name} approves this record." in page


def test_a_writer_sees_no_button_and_a_forged_press_is_refused_naming_who_may(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        write(again(here), "history", "The manager's words.", by=here.room.manager)
    approved(browse, here)
    browser = browse(here.manager)
    page = browser.get(f"/meetings/{here.ref}/record")
    token = page.forms[0]["csrf_token"].value

    refusal = browser.post(
        f"/meetings/{here.ref}/record/release", {"csrf_token": token}, status=403
    )

    assert "Release the record" not in page
    assert "You wrote part of this record" in refusal
    assert here.worker.name in refusal
    assert status(app) is RecordStatus.APPROVED


def test_the_duty_worker_who_took_the_notes_may_not_release(browse: Browse, here: Seen) -> None:
    approved(browse, here)
    browser = browse(here.duty)
    page = browser.get(f"/meetings/{here.ref}/record")

    browser.post(
        f"/meetings/{here.ref}/record/release",
        {"csrf_token": page.forms[0]["csrf_token"].value},
        status=403,
    )


def test_on_release_the_mails_name_no_child_and_carry_no_record(
    app: Flask, browse: Browse, here: Seen
) -> None:
    approved(browse, here)
    press(browse(here.manager).get(f"/meetings/{here.ref}/record"), "/release")

    with app.app_context(), reading():
        kinds = session.scalars(
            select(OutboxMessage.kind).where(OutboxMessage.kind == "record_ready")
        ).all()
    assert len(kinds) > 3


def test_an_invited_account_reads_the_record_only_once_it_is_released(
    app: Flask, browse: Browse, here: Seen
) -> None:
    with app.app_context(), unit_of_work():
        guest = make_account(name="Jo Marsh")
        make_relation(
            account=guest,
            child=here.room.child,
            kind=RelationKind.INVITED,
            meeting_id=here.room.meeting.id,
        )
    before = browse(guest).get(f"/meetings/{here.ref}/record")
    on_paper = browse(guest).get(f"/meetings/{here.ref}/record/print", expect_errors=True)
    approved(browse, here)
    press(browse(here.manager).get(f"/meetings/{here.ref}/record"), "/release")

    after = browse(guest).get(f"/meetings/{here.ref}/record")

    assert "There is no record to read yet." in before
    assert "It is decided." not in before
    assert on_paper.status_int == 404
    assert "It is decided." not in on_paper
    assert "It is decided." in after


def test_the_record_prints_with_who_printed_it_and_no_buttons(browse: Browse, here: Seen) -> None:
    page = browse(here.manager).get(f"/meetings/{here.ref}/record/print")

    assert "OFFICIAL-SENSITIVE" in page
    assert f"Printed by {here.manager.name}" in page
    assert "<button" not in page.html.select_one("main").decode()


def test_a_correction_after_release_stands_on_the_page_with_its_reason(
    app: Flask, browse: Browse, here: Seen
) -> None:
    approved(browse, here)
    press(browse(here.manager).get(f"/meetings/{here.ref}/record"), "/release")
    page = browse(here.worker).get(f"/meetings/{here.ref}/record")
    form = next(form for form in page.forms.values() if form.action.endswith("/corrections"))
    form["text"] = "Jordan was seen on Monday."

    missing = form.submit(status=422)
    form = next(form for form in missing.forms.values() if form.action.endswith("/corrections"))
    kept = form["text"].value
    form["reason"] = "Wrong day."
    shown = form.submit().follow()

    assert "Say why." in missing
    assert kept == "Jordan was seen on Monday."
    assert "Jordan was seen on Monday." in shown
    with app.app_context(), reading():
        assert session.scalars(select(RecordCorrection.by_name)).one() == here.worker.name


def test_a_stranger_finds_no_record(app: Flask, browse: Browse, here: Seen) -> None:
    with app.app_context(), unit_of_work():
        stranger = make_account()

    browse(stranger).get(f"/meetings/{here.ref}/record", status=404)
