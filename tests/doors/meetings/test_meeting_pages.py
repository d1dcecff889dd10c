"""The meeting's page and what staff do from it: ring, move, stand down, invite, decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import reading, session, unit_of_work
from meetings.models.incidents import Incident, Involvement
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer, Proposal
from meetings.queries.meetings import invitation_key
from meetings.service import incidents, proposals, replies
from meetings.terms import (
    AnswerChannel,
    InvitationState,
    MeetingStatus,
    ProposalStatus,
)
from notifications.models import OutboxMessage
from people.models.accounts import Account
from people.models.children import Child
from people.terms import Role
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, make_known_child, make_meeting, make_world, part_of
from tests.factories.people import make_account
from tests.factories.replies import deliver_all, given, seat_of

WRONG, SEEN, HIDDEN = 422, 303, 404
Browse = Callable[[Account], TestApp]


@dataclass(slots=True)
class Here:
    """A meeting that was just arranged, opened by whoever convened it."""

    app: Flask
    world: World
    meeting: Meeting
    child: Child
    staff: TestApp
    browse: Browse

    def shortly_before(self, the_clock: Any) -> None:
        """Come back on Monday morning, three hours before the start."""
        the_clock.at = self.meeting.starts_at - timedelta(hours=3)
        self.staff = self.browse(self.world.duty)

    @property
    def path(self) -> str:
        """The meeting's page."""
        return f"/meetings/{self.meeting.ref}"

    def seat(self, kind: str) -> Invitation:
        """Return the invitation of a kind of agency as it stands in the database."""
        with self.app.app_context(), reading():
            found = seat_of(self.meeting, kind)
            session.expunge_all()
            return found

    def now(self, kind: type[Any], /, **match: Any) -> list[Any]:
        """Return rows as they stand in the database."""
        with self.app.app_context(), reading():
            rows = list(session.scalars(select(kind).filter_by(**match)))
            session.expunge_all()
            return rows

    def of(self, kind: str, tail: str = "") -> str:
        """Return the path of an invitee's page."""
        return f"{self.path}/invitees/{invitation_key(self.seat(kind).id)}{tail}"


@pytest.fixture
def here(app: Flask, browse: Browse) -> Here:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
        meeting = make_meeting(world, child)
        deliver_all(now=world.now)
    return Here(app, world, meeting, child, browse(world.duty), browse)


def form_for(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action == action)


def test_the_page_shows_quorum_and_completeness_as_two_things(here: Here) -> None:
    page = here.staff.get(here.path)

    assert "Quorum not known yet" in page
    assert "Also expected here (" in page


def test_the_forecast_follows_the_answers(here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        for row in session.scalars(
            select(Invitation).where(Invitation.meeting_id == here.meeting.id)
        ):
            answer = given.answer(InvitationState.ACCEPTED)
            replies.answer(
                row, answer, letterhead=LETTERHEAD, actor=here.world.actor, now=here.world.now
            )

    page = here.staff.get(here.path)

    assert "Quorum likely." in page


def test_every_agency_stands_with_its_answer_and_how_far_its_mail_came(here: Here) -> None:
    page = here.staff.get(here.path)

    assert here.world.school.name in page
    assert "Handed to their mail server" in page
    assert "No answer" in page


def test_a_call_is_logged_in_one_press(here: Here, the_clock: Any) -> None:
    here.shortly_before(the_clock)
    page = here.staff.get(here.path)
    form = form_for(page, here.of("police", "/call"))

    form.submit("outcome", value="no_answer")

    call = here.now(Call)[0]
    assert (call.outcome.value, call.by_id) == ("no_answer", here.world.duty.id)
    assert "No answer, Mon 23 Nov, 6:30am" in here.staff.get(here.path)


def test_will_attend_on_the_telephone_is_an_answer(here: Here, the_clock: Any) -> None:
    here.shortly_before(the_clock)
    form = form_for(here.staff.get(here.path), here.of("police", "/call"))

    form.submit("outcome", value="will_attend")

    police = here.seat("police")
    assert (police.state, police.answer_channel) == (
        InvitationState.ACCEPTED,
        AnswerChannel.TELEPHONE,
    )


def test_the_call_list_prints_with_who_printed_it(here: Here, the_clock: Any) -> None:
    here.shortly_before(the_clock)

    page = here.staff.get(f"{here.path}/calls")

    assert "Printed by Sam Okoro" in page
    assert (here.seat("police").telephone or "?") in page
    assert here.child.family_name not in page


def test_an_answer_after_a_call_is_kept_with_who_gave_it(here: Here) -> None:
    where = here.of("school")
    form = form_for(here.staff.get(where), f"{where}/answer")
    form["answer"], form["person_name"] = "decline", "Ms Ali"

    form.submit(status=SEEN)

    answer = here.now(Answer)[0]
    assert (answer.person_name, answer.by_id) == ("Ms Ali", here.world.duty.id)
    assert here.seat("school").state is InvitationState.DECLINED


def test_who_told_you_is_asked_and_nothing_is_lost(here: Here) -> None:
    where = here.of("school")
    form = form_for(here.staff.get(where), f"{where}/answer")
    form["answer"], form["deputy_name"] = "deputy", "Ms Ali"

    page = form.submit(status=WRONG)

    assert "Enter who told you." in page
    assert 'value="Ms Ali"' in page


def test_a_move_asks_everybody_again(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    form["starts_at-time"], form["reason"] = "11am", "more_can_attend"

    page = form.submit(status=SEEN).follow()

    assert "Monday 23 November 2026, 11am to midday" in page
    assert here.now(OutboxMessage, kind="update")
    assert here.now(Meeting)[0].sequence == 1


def test_a_move_to_a_time_at_which_the_chair_is_taken_is_warned_of_and_then_done(
    here: Here,
) -> None:
    with here.app.app_context(), unit_of_work():
        make_meeting(
            here.world,
            make_known_child(here.world, given_name="Kim"),
            starts_at=here.meeting.starts_at + timedelta(hours=4),
        )
    form = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    form["starts_at-time"], form["reason"] = "1:45pm", "more_can_attend"
    assert "despite_clash" not in form.fields

    warned = form.submit(status=WRONG)
    before = here.now(Meeting, id=here.meeting.id)[0]
    again = form_for(warned, f"{here.path}/move")
    again["despite_clash"] = True
    again.submit(status=SEEN)

    assert "The chair has another meeting at Mon 23 Nov, 1:30pm." in warned
    assert before.sequence == 0
    assert here.now(Meeting, id=here.meeting.id)[0].sequence == 1


def test_a_meeting_is_not_in_its_own_way_when_it_is_moved(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    form["starts_at-time"], form["reason"] = "9:45am", "more_can_attend"

    form.submit(status=SEEN)

    assert here.now(Meeting)[0].sequence == 1


def test_who_is_invited_about_the_other_child_of_the_incident_is_marked_before_being_added(
    here: Here,
) -> None:
    with here.app.app_context(), unit_of_work():
        ours = session.scalars(
            select(Involvement).where(Involvement.child_id == here.meeting.child_id)
        ).one()
        marcus = make_known_child(here.world, given_name="Marcus")
        suspected = incidents.add_child(
            session.get_one(Incident, ours.incident_id),
            part_of(marcus, part="suspected", kind="robbery"),
            actor=here.world.actor, letterhead=LETTERHEAD, now=here.world.now,
        )  # fmt: skip
        other = make_meeting(
            here.world, involvement=suspected,
            starts_at=here.meeting.starts_at + timedelta(hours=4), overlap_reason="Kept apart.",
        )  # fmt: skip
        theirs = {
            row.email
            for row in session.scalars(select(Invitation).where(Invitation.meeting_id == other.id))
            if row.email
        }

    page = here.staff.get(f"{here.path}/invitees/add")

    items = page.html.select(".govuk-radios__item")
    marked = {item.get_text() for item in items if "Invited twice" in item.get_text()}
    plain = {item.get_text() for item in items} - marked
    assert marked
    assert all(any(email in text for email in theirs) for text in marked)
    assert not any(email in text for email in theirs for text in plain)
    assert marcus.given_name not in page


def test_a_late_time_needs_a_reason_beside_its_box(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    form["starts_at-day"], form["reason"] = "27", "more_can_attend"

    page = form.submit(status=WRONG)

    assert "This time is after the deadline, Monday 23 November 2026." in page
    assert 'id="late_reason-error"' in page
    assert 'value="27"' in page


def test_a_missing_hour_is_refused(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    form["starts_at-day"], form["starts_at-month"], form["starts_at-year"] = "28", "3", "2027"
    form["starts_at-time"], form["reason"] = "1:30am", "more_can_attend"

    page = form.submit(status=WRONG)

    assert "This time does not exist: the clocks go forward that night." in page


def test_two_people_moving_at_once_do_not_overwrite_each_other(here: Here) -> None:
    mine = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    theirs = form_for(here.staff.get(f"{here.path}/move"), f"{here.path}/move")
    theirs["starts_at-time"], theirs["reason"] = "11am", "more_can_attend"
    theirs.submit(status=SEEN)
    mine["starts_at-time"], mine["reason"] = "2pm", "more_can_attend"

    page = mine.submit(status=WRONG)

    assert "Somebody else changed" in page
    assert 'value="2pm"' in page
    assert here.now(Meeting)[0].sequence == 1


def test_standing_down_needs_a_reason_from_the_list(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/stand-down"), f"{here.path}/stand-down")

    asked = form.submit(status=WRONG)
    form["reason"] = "no_longer_needed"
    page = form.submit(status=SEEN).follow()

    assert "Choose why it is stood down." in asked
    assert "This meeting will not take place: it is no longer needed" in page
    assert here.now(Meeting)[0].status is MeetingStatus.STOOD_DOWN


def test_joining_details_change_without_asking_again(here: Here) -> None:
    form = form_for(here.staff.get(f"{here.path}/joining"), f"{here.path}/joining")
    form["how"], form["joining"] = "in_person", "Room 4"

    page = form.submit(status=SEEN).follow()

    assert "Room 4" in page
    assert here.now(OutboxMessage, kind="joining_changed")
    assert here.now(Meeting)[0].sequence == 0


def _suggest(here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        start = here.meeting.starts_at + timedelta(hours=2)
        proposals.suggest(
            seat_of(here.meeting, "school"), starts_at=start, ends_at=start + timedelta(hours=1),
            channel=AnswerChannel.LINK, letterhead=LETTERHEAD, actor=given.by_link,
            now=here.world.now,
        )  # fmt: skip


def test_accepting_a_suggested_time_moves_the_meeting(here: Here) -> None:
    _suggest(here)
    page = here.staff.get(here.path)

    form_for(page, f"{here.path}/proposals/1/accept").submit(status=SEEN)

    assert "Monday 23 November 2026 at 11:30am, 60 minutes" in page
    assert here.now(Meeting)[0].starts_at == here.meeting.starts_at + timedelta(hours=2)


def test_refusing_a_suggested_time_tells_who_suggested_it(here: Here) -> None:
    _suggest(here)

    form_for(here.staff.get(here.path), f"{here.path}/proposals/1/refuse").submit(status=SEEN)

    assert here.now(Proposal)[0].status is ProposalStatus.REFUSED
    mails = here.now(OutboxMessage, kind="time_refused")
    assert [row.to_address for row in mails] == [here.seat("school").email]


def test_somebody_of_the_directory_is_added_with_a_reason(here: Here) -> None:
    where = f"{here.path}/invitees/add"
    found = form_for(here.staff.get(where), where)
    found["find"] = "hospital"
    page = found.submit("press", value="find")
    form = form_for(page, where)
    form["who"] = form.fields["who"][0].options[0][0]
    form["why"] = "Treated the child."

    form.submit(status=SEEN)

    added = [row for row in here.now(Invitation) if row.why == "Treated the child."]
    assert [row.agency_kind for row in added] == ["hospital"]


def test_a_statutory_role_cannot_be_taken_off(here: Here) -> None:
    where = here.of("police")

    page = here.staff.get(where)

    assert "The law asks for this role" in page
    assert f"{where}/withdraw" not in page


def test_taking_somebody_off_needs_a_reason(here: Here) -> None:
    optional = next(row for row in here.now(Invitation) if row.rule_id and not row.is_statutory)
    where = f"{here.path}/invitees/{invitation_key(optional.id)}"
    form = form_for(here.staff.get(where), f"{where}/withdraw")

    asked = form.submit(status=WRONG)
    form["reason"] = "Closed for the holidays."
    page = form.submit(status=SEEN).follow()

    assert "Give a reason for not inviting" in asked
    assert "withdrawn: Closed for the holidays." in page


def test_an_address_put_right_is_one_the_agency_is_known_by(here: Here) -> None:
    where = here.of("school")
    form = form_for(here.staff.get(where), f"{where}/address")
    form["email"] = "head@stranger.example"

    page = form.submit(status=WRONG)

    assert "is not known by this address" in page
    assert 'value="head@stranger.example"' in page


def test_somebody_unrelated_finds_no_such_page(here: Here, browse: Browse) -> None:
    with here.app.app_context(), unit_of_work():
        stranger = make_account(name="Una Marsh", roles=(Role.SOCIAL_WORKER,), now=here.world.now)

    browser = browse(stranger)

    unknown = browser.get("/meetings/M-AAAAAA", status=HIDDEN)
    assert browser.get(here.path, status=HIDDEN).text.count("Page not found") == (
        unknown.text.count("Page not found")
    )
    assert here.meeting.ref not in browser.get("/meetings")


def test_the_list_shows_what_one_may_see_and_keeps_names_out_of_its_address(here: Here) -> None:
    page = here.staff.get("/meetings")

    assert here.meeting.ref in page
    assert here.child.name in page
    assert "No meeting was stood down." in here.staff.get("/meetings?show=stood_down")


def test_no_row_id_stands_in_any_address_of_the_page(here: Here) -> None:
    page = here.staff.get(here.path)

    ids = [str(row.id) for row in here.now(Invitation)] + [str(here.meeting.id)]
    assert not [each for each in ids if each in page.text]
