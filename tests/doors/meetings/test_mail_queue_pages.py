"""The review queue and the delivery log, as business support sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries.meetings import invitation_key
from meetings.terms import InvitationState
from notifications import service
from notifications.models import InboundMessage
from notifications.terms import Channel, InboundOutcome
from people.models.accounts import Account
from people.models.children import Child
from people.terms import Role
from tests.factories.meetings import World, make_known_child, make_meeting, make_world
from tests.factories.people import make_account, make_team
from tests.factories.replies import a_reply, given, receive, seat_of

WRONG, SEEN, REFUSED = 422, 303, 403


@dataclass(slots=True)
class Here:
    """A meeting, and a browser of business support."""

    app: Flask
    world: World
    meeting: Meeting
    school: Invitation
    child: Child
    desk: TestApp

    def receive(self, raw: bytes) -> InboundOutcome:
        """Let a mail come in."""
        with self.app.app_context(), unit_of_work():
            return receive(raw, now=self.world.now)

    def now(self, kind: type[Any], /, **match: Any) -> list[Any]:
        """Return rows as they stand in the database."""
        with self.app.app_context(), reading():
            rows = list(session.scalars(select(kind).filter_by(**match)))
            session.expunge_all()
            return rows


@pytest.fixture
def here(app: Flask, browse: Callable[[Account], TestApp]) -> Here:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
        meeting = make_meeting(world, child)
        school = seat_of(meeting, "school")
        desk = make_account(
            name="Bea Holt", roles=(Role.BUSINESS_SUPPORT,), team=world.team, now=world.now
        )
    return Here(app, world, meeting, school, child, browse(desk))


def opened(here: Here) -> Any:
    page = here.desk.get("/admin/mail")
    return page.click(href=r"/admin/mail/[0-9a-f]{12}$")


def form_for(page: Any, tail: str) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith(tail))


def test_an_empty_queue_says_that_all_was_read(here: Here) -> None:
    assert "All replies were read." in here.desk.get("/admin/mail")


def test_a_forward_stands_in_the_queue_with_why(here: Here) -> None:
    here.receive(a_reply(here.meeting, here.school, attendee="x@stranger.example"))

    page = opened(here)

    assert "forwarded?" in page
    assert "x@stranger.example: will attend" in page
    assert here.school.agency_name in page
    assert here.child.family_name not in page


def test_a_person_matches_it_to_an_invitee(here: Here) -> None:
    here.receive(a_reply(here.meeting, here.school, attendee="x@stranger.example"))

    form_for(opened(here), "/match").submit("press", value="match", status=SEEN)

    row = here.now(InboundMessage)[0]
    assert row.outcome is InboundOutcome.APPLIED
    assert row.handled_by_id is not None
    assert here.now(Invitation, id=here.school.id)[0].state is InvitationState.ACCEPTED


def test_a_mail_without_token_is_matched_by_the_reference(here: Here) -> None:
    mail = a_reply(here.meeting, here.school, token=None)
    assert here.receive(mail) is InboundOutcome.REVIEW
    form = form_for(opened(here), "/match")
    form["reference"] = here.meeting.ref.lower()

    page = form.submit("press", value="find")

    assert here.school.agency_name in page
    assert here.now(Invitation, id=here.school.id)[0].state is InvitationState.NO_ANSWER


def test_a_reference_of_nothing_is_said_beside_its_box(here: Here) -> None:
    here.receive(a_reply(here.meeting, here.school, token=None))
    form = form_for(opened(here), "/match")
    form["reference"] = "M-AAAAAA"

    page = form.submit("press", value="find")

    assert "No meeting that you may open has this reference." in page
    assert 'value="M-AAAAAA"' in page


def test_whose_team_did_not_convene_the_meeting_looks_nobody_up(
    here: Here, browse: Callable[[Account], TestApp]
) -> None:
    here.receive(a_reply(here.meeting, here.school, token=None))
    with here.app.app_context(), unit_of_work():
        other = make_account(
            name="Ines Roe", roles=(Role.BUSINESS_SUPPORT,), team=make_team(), now=here.world.now
        )
    here.desk = browse(other)
    form = form_for(opened(here), "/match")
    form["reference"] = here.meeting.ref

    page = form.submit("press", value="find")
    invitee = invitation_key(here.school.id)
    form["reference"] = here.meeting.ref
    token = form["csrf_token"].value
    press = {"csrf_token": token, "reference": here.meeting.ref, "invitee": invitee}
    here.desk.post(form.action, press | {"press": "match"}, status=WRONG)

    assert "No meeting that you may open has this reference." in page
    assert here.school.agency_name not in page
    assert here.now(Invitation, id=here.school.id)[0].state is InvitationState.NO_ANSWER


def test_looking_up_the_invitees_of_a_meeting_is_audited_also_where_it_ends_in_an_error(
    here: Here,
) -> None:
    here.receive(a_reply(here.meeting, here.school, token=None))
    form = form_for(opened(here), "/match")
    form["reference"] = here.meeting.ref
    assert not here.now(AuditEntry, verb="meeting.view")

    page = form.submit("press", value="find")
    after_the_look_up = len(here.now(AuditEntry, verb="meeting.view"))
    again = form_for(page, "/match").submit("press", value="match", status=WRONG)

    read = here.now(AuditEntry, verb="meeting.view")
    assert here.school.agency_name in again
    assert (after_the_look_up, len(read)) == (1, 2)
    assert {row.child_id for row in read} == {here.child.id}


def test_a_forward_is_taken_off_and_invites_nobody(here: Here) -> None:
    here.receive(a_reply(here.meeting, here.school, attendee="x@stranger.example"))

    form_for(opened(here), "/forward").submit(status=SEEN)

    assert here.now(InboundMessage)[0].outcome is InboundOutcome.NOTED
    assert here.now(Invitation, id=here.school.id)[0].state is InvitationState.NO_ANSWER


def test_discarding_needs_a_reason_that_stays(here: Here) -> None:
    here.receive(a_reply(here.meeting, here.school, token="a" * 26))
    form = form_for(opened(here), "/discard")

    asked = form.submit(status=WRONG)
    form["why"] = "Somebody tried it out."
    form.submit(status=SEEN)

    row = here.now(InboundMessage)[0]
    assert "Say why this mail is discarded." in asked
    assert (row.outcome, row.why) == (InboundOutcome.IGNORED, "Somebody tried it out.")
    assert here.now(AuditEntry, verb="mail.set_aside")


def test_something_that_is_no_mail_at_all_is_kept(here: Here) -> None:
    outcome = here.receive(b"\x00\xff not a mail")

    assert outcome in (InboundOutcome.REVIEW, InboundOutcome.NOTED)
    assert here.now(InboundMessage)


def test_one_megabyte_and_more_goes_to_a_person_unopened(here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        service.store_inbound(b"x" * 1_000_001, channel=Channel.IMAP, now=here.world.now)

    page = opened(here)

    assert "larger than 1 MB" in page


def test_the_words_of_a_mail_are_shown_as_words(here: Here) -> None:
    mail = given.words(here.school, "<script>alert(1)</script> We come.")
    here.receive(mail.replace(f"reply+{here.school.reply_token}".encode(), b"reply+" + b"b" * 26))

    page = opened(here)

    assert "<script>alert" not in page.text
    assert "We come." in page


def test_the_log_shows_states_and_never_the_content(here: Here) -> None:
    page = here.desk.get("/admin/mail/log")

    assert here.meeting.ref in page
    assert "Waits" in page
    assert (here.school.email or "?") in page
    assert "/r/" not in page.text


def test_a_social_worker_does_not_sort_mail(
    here: Here, browse: Callable[[Account], TestApp]
) -> None:
    browse(here.world.worker).get("/admin/mail", status=REFUSED)
