"""The link's pages: answering, the code, what stands behind it, and every way a link ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from webtest import TestApp

from core.audit import AuditEntry
from core.db import reading, session, unit_of_work
from core.link_codes import LinkCode
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Answer, Contribution, Proposal
from meetings.models.tasks import Task
from meetings.service import invitee_mail, invitees, scheduling, tasks
from meetings.terms import InvitationState
from notifications.models import OutboxMessage
from notifications.terms import Reason
from people.models.accounts import Account
from people.models.agencies import SecureDomain
from people.models.children import Child
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import World, make_known_child, make_meeting, make_world
from tests.factories.replies import code_of, given, link_of, seat_of

GONE, CLOSED, WRONG, SEEN = 404, 410, 422, 303


@dataclass(slots=True)
class Here:
    """A meeting that was just arranged, and the practice's link to it."""

    app: Flask
    world: World
    meeting: Meeting
    practice: Invitation
    link: str
    child: Child

    def now(self, kind: type[Any], /, **match: Any) -> list[Any]:
        """Return rows as they stand in the database."""
        with self.app.app_context(), reading():
            rows = list(session.scalars(select(kind).filter_by(**match)))
            session.expunge_all()
            return rows

    def state(self) -> InvitationState:
        """Return how the practice's invitation stands."""
        return self.now(Invitation, id=self.practice.id)[0].state


@pytest.fixture
def here(app: Flask) -> Here:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
        meeting = make_meeting(world, child)
        practice = seat_of(meeting, "gp")
        return Here(app, world, meeting, practice, link_of(practice), child)


@pytest.fixture
def secure(here: Here) -> Here:
    """The practice's domain is marked for codes by mail."""
    domain = (here.practice.email or "").partition("@")[2]
    with here.app.app_context(), unit_of_work():
        session.add(SecureDomain(domain=domain, marked_by="Priya Shah", marked_at=here.world.now))
    return here


def choose(page: Any, answer: str, **typed: str) -> Any:
    forms = [form for form in page.forms.values() if "answer" in form.fields]
    if answer == "accept" and len(forms) > 1:
        # "Yes, I will attend" is a button of its own until something was answered.
        return forms[0]
    form = forms[-1]
    form["answer"] = answer
    for name, text in typed.items():
        form[name] = text
    return form


def enter(guest: TestApp, here: Here, code: str, **typed: str) -> Any:
    page = guest.get(f"{here.link}/code")
    form = next(form for form in page.forms.values() if "code" in form.fields)
    values = {"person_name": "Dr Amara Cole", "person_role": "Safeguarding GP", "code": code}
    for name, text in (values | typed).items():
        form[name] = text
    return form.submit(expect_errors=True)


def let_in(guest: TestApp, here: Here) -> None:
    guest.post(f"{here.link}/code/send")
    with here.app.app_context(), reading():
        code = code_of(here.practice)
    assert enter(guest, here, code).status_int == SEEN


def test_before_the_code_it_shows_when_where_and_whom_to_ring(guest: TestApp, here: Here) -> None:
    page = guest.get(here.link)

    assert here.meeting.ref in page
    assert "Monday 23 November 2026, 9:30am to 10:30am" in page
    assert "https://meet.northshire.example/room" in page
    assert "your organisation works with the child concerned" in page


def test_before_the_code_nothing_says_who_the_child_is(guest: TestApp, here: Here) -> None:
    pages = [guest.get(here.link), guest.get(f"{here.link}/code"), guest.get(f"{here.link}/time")]

    for page in pages:
        assert here.child.family_name not in page
        assert here.child.ref not in page
        assert here.meeting.type_name not in page
        assert here.world.school.name not in page


def test_the_practice_answers_with_one_choice_and_one_press(guest: TestApp, here: Here) -> None:
    page = guest.get(here.link)

    answered = choose(page, "accept").submit().follow()

    assert "Your answer has arrived" in answered
    assert "You will attend." in answered
    assert here.state() is InvitationState.ACCEPTED


def test_opening_the_link_changes_nothing_however_often(guest: TestApp, here: Here) -> None:
    with here.app.app_context(), reading():
        before = session.scalar(select(func.count()).select_from(AuditEntry))

    for _ in range(3):
        guest.get(here.link)
        guest.head(here.link)
        guest.get(f"{here.link}/answered")

    with here.app.app_context(), reading():
        after = session.scalar(select(func.count()).select_from(AuditEntry))
    assert here.state() is InvitationState.NO_ANSWER
    assert before == after


def test_an_answer_may_be_changed_until_the_start(guest: TestApp, here: Here) -> None:
    choose(guest.get(here.link), "accept").submit()

    again = guest.get(here.link)
    choose(again, "decline").submit()

    assert "Your answer so far" in again
    assert here.state() is InvitationState.DECLINED
    assert len(here.now(Answer)) == 2


def test_cannot_attend_offers_information_another_time_and_a_colleague(
    guest: TestApp, here: Here
) -> None:
    page = choose(guest.get(here.link), "decline").submit().follow()

    assert "Send information" in page
    assert "Suggest another time" in page
    assert "Ask a colleague to go" in page


def test_part_of_it_asks_which_part(guest: TestApp, here: Here) -> None:
    page = choose(guest.get(here.link), "part").submit(status=WRONG)
    choose(page, "part", part="first_15").submit()

    assert "Select which part you can come to." in page
    assert here.now(Invitation, id=here.practice.id)[0].part_note == "the first 15 minutes"


def test_somebody_else_of_the_same_practice_is_invited_at_once(guest: TestApp, here: Here) -> None:
    domain = (here.practice.email or "").partition("@")[2]
    typed = {
        "deputy_name": "Sister Joy Mensah",
        "deputy_role": "Practice nurse",
        "deputy_email": f"joy@{domain}",
    }

    page = choose(guest.get(here.link), "deputy", **typed).submit().follow()

    assert "Sister Joy Mensah will attend instead of you." in page
    assert here.state() is InvitationState.DEPUTY
    assert here.now(OutboxMessage, to_address=f"joy@{domain}")


def test_somebody_of_another_organisation_waits_for_a_person(guest: TestApp, here: Here) -> None:
    typed = {"deputy_name": "J Mensah", "deputy_role": "Nurse", "deputy_email": "j@mail.example"}

    page = choose(guest.get(here.link), "deputy", **typed).submit().follow()

    assert "We will ring to check who it is" in page
    assert here.state() is InvitationState.TENTATIVE
    assert not here.now(OutboxMessage, to_address="j@mail.example")
    assert here.now(Task, kind="confirm_deputy")


def test_nothing_typed_is_lost_when_something_is_missing(guest: TestApp, here: Here) -> None:
    form = choose(guest.get(here.link), "deputy", deputy_name="Sister Joy Mensah")

    page = form.submit(status=WRONG)

    assert "Enter their role." in page
    assert 'value="Sister Joy Mensah"' in page


def test_an_answer_for_the_time_before_a_move_is_asked_again(guest: TestApp, here: Here) -> None:
    form = choose(guest.get(here.link), "accept")
    with here.app.app_context(), unit_of_work():
        meeting = session.get_one(Meeting, here.meeting.id)
        scheduling.move(
            meeting, given.new_time(meeting, hours=1), letterhead=LETTERHEAD,
            actor=here.world.actor, now=here.world.now,
        )  # fmt: skip

    page = form.submit(status=409)

    assert "The time of this meeting has changed since." in page
    assert "10:30am to 11:30am" in page
    assert here.state() is InvitationState.NO_ANSWER


def test_after_a_move_the_page_says_the_earlier_answer_does_not_count(
    guest: TestApp, here: Here
) -> None:
    choose(guest.get(here.link), "accept").submit()
    with here.app.app_context(), unit_of_work():
        meeting = session.get_one(Meeting, here.meeting.id)
        scheduling.move(
            meeting, given.new_time(meeting, hours=1), letterhead=LETTERHEAD,
            actor=here.world.actor, now=here.world.now,
        )  # fmt: skip

    page = guest.get(here.link)

    assert "The time of this meeting has changed." in page
    assert "Monday 23 November 2026 at 9:30am" in page


def test_once_the_meeting_began_an_answer_is_not_taken(
    guest: TestApp, here: Here, the_clock: Any
) -> None:
    form = choose(guest.get(here.link), "accept")
    the_clock.at = here.meeting.starts_at

    late = form.submit(status=409)

    assert "The meeting has begun" in late
    assert not re.search(r'name="answer"', guest.get(here.link).text)


def test_another_time_is_passed_on_and_the_meeting_stays(guest: TestApp, here: Here) -> None:
    form = guest.get(f"{here.link}/time").forms[0]
    form["starts_at-day"], form["starts_at-month"], form["starts_at-year"] = "23", "11", "2026"
    form["starts_at-time"] = "2pm"

    page = form.submit().follow()

    proposal = here.now(Proposal)[0]
    assert "Your suggestion was passed on" in page
    assert f"{proposal.starts_at:%H:%M}" == "14:00"
    assert here.now(Meeting)[0].starts_at == here.meeting.starts_at


def test_an_unreal_time_is_refused_beside_the_box(guest: TestApp, here: Here) -> None:
    form = guest.get(f"{here.link}/time").forms[0]
    form["starts_at-day"], form["starts_at-month"], form["starts_at-year"] = "31", "2", "2027"
    form["starts_at-time"] = "2pm"

    page = form.submit(status=WRONG)

    assert "The date must be a real date" in page


def test_a_form_from_another_page_is_refused(guest: TestApp, here: Here) -> None:
    answer = guest.post(
        here.link,
        {"answer": "accept"},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        expect_errors=True,
    )

    assert answer.status_int == 403
    assert here.state() is InvitationState.NO_ANSWER


def test_a_link_that_ran_out_reads_like_one_that_never_was(
    guest: TestApp, here: Here, the_clock: Any
) -> None:
    never = guest.get("/r/never-was", status=GONE).text
    the_clock.at = here.meeting.ends_at + timedelta(days=28)

    old = guest.get(here.link, status=GONE).text

    token = here.link.rpartition("/")[2]
    assert old.replace(token, "T") == never.replace("never-was", "T")


def test_asking_for_a_new_link_tells_the_convenor_only_of_a_real_one(
    guest: TestApp, here: Here, the_clock: Any
) -> None:
    the_clock.at = here.meeting.ends_at + timedelta(days=29)

    old = guest.post(f"{here.link}/new-link")
    never = guest.post("/r/never-was/new-link")

    assert old.text == never.text
    assert len(here.now(Task, kind="new_link")) == 1


def test_a_withdrawn_invitation_says_so_and_whom_to_ring(guest: TestApp, here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        practice = session.get_one(Invitation, here.practice.id)
        practice.is_statutory = False
        session.flush()
        invitees.withdraw_invitee(
            practice, "Moved practice.", letterhead=LETTERHEAD, actor=here.world.actor,
            now=here.world.now,
        )  # fmt: skip

    page = guest.get(here.link, status=CLOSED)

    assert "You are no longer asked to come" in page
    assert "Moved practice" not in page


def test_a_meeting_stood_down_says_so(guest: TestApp, here: Here) -> None:
    with here.app.app_context(), unit_of_work():
        scheduling.stand_down(
            session.get_one(Meeting, here.meeting.id), Reason.NO_LONGER_NEEDED,
            letterhead=LETTERHEAD, actor=here.world.actor, now=here.world.now,
        )  # fmt: skip

    page = guest.get(here.link, status=CLOSED)

    assert "will not take place" in page


def test_the_link_to_a_corrected_address_is_dead(guest: TestApp, here: Here) -> None:
    domain = (here.practice.email or "").partition("@")[2]
    with here.app.app_context(), unit_of_work():
        invitee_mail.correct_address(
            session.get_one(Invitation, here.practice.id), f"lead@{domain}",
            letterhead=LETTERHEAD, actor=here.world.actor, now=here.world.now,
        )  # fmt: skip

    guest.get(here.link, status=GONE)


def test_a_code_goes_by_mail_to_a_secure_domain_only(guest: TestApp, secure: Here) -> None:
    page = guest.post(f"{secure.link}/code/send").follow()

    assert "We have sent a code to the address your invitation came to" in page
    mail = secure.now(OutboxMessage, kind="access_code")[0]
    assert (mail.to_address, mail.lane.value) == (secure.practice.email, "urgent")


def test_elsewhere_the_team_rings_the_number_of_the_directory(guest: TestApp, here: Here) -> None:
    before = guest.get(f"{here.link}/code")

    after = guest.post(f"{here.link}/code/send").follow()

    assert here.practice.telephone is not None
    assert here.practice.telephone in before
    assert "never read a code out to somebody who rings us" in before
    assert "has been asked to ring" in after
    assert not here.now(OutboxMessage, kind="access_code")
    assert here.now(Task, kind="read_code")


def test_the_code_opens_the_child_and_every_reading_has_a_name(
    guest: TestApp, secure: Here
) -> None:
    let_in(guest, secure)

    page = guest.get(f"{secure.link}/child")

    line = secure.now(AuditEntry, verb="meeting.read")[0]
    assert secure.child.name in page
    assert secure.meeting.type_name in page
    assert "the GP is known" in page
    assert secure.world.school.name in page
    assert (line.who, line.child_id) == (
        "Dr Amara Cole (Safeguarding GP), by link", secure.child.id,
    )  # fmt: skip


def test_the_roster_shows_agencies_and_roles_and_no_addresses(guest: TestApp, secure: Here) -> None:
    let_in(guest, secure)

    page = guest.get(f"{secure.link}/child")

    others = [row.email for row in secure.now(Invitation) if row.email]
    assert not [address for address in others if address in page.text]


def test_without_the_code_nothing_behind_it_opens(guest: TestApp, here: Here) -> None:
    for page in ("child", "information", "record"):
        answer = guest.get(f"{here.link}/{page}")

        assert answer.status_int == 302
        assert answer.location.endswith(f"{here.link}/code")


def test_the_pass_is_kept_in_a_cookie_of_this_link_only(guest: TestApp, secure: Here) -> None:
    guest.post(f"{secure.link}/code/send")
    with secure.app.app_context(), reading():
        code = code_of(secure.practice)

    answer = enter(guest, secure, code)

    cookie = answer.headers["Set-Cookie"]
    assert f"Path={secure.link}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_five_wrong_codes_use_it_up(guest: TestApp, secure: Here) -> None:
    guest.post(f"{secure.link}/code/send")
    with secure.app.app_context(), reading():
        right = code_of(secure.practice)
    wrong = "000000" if right != "000000" else "111111"

    answers = [enter(guest, secure, wrong) for _ in range(5)]
    last = enter(guest, secure, right)

    assert "You have 4 tries left." in answers[0]
    assert "wrong five times" in answers[4]
    assert last.status_int == WRONG
    assert secure.now(LinkCode)[0].tries == 5


def test_a_code_works_once(guest: TestApp, secure: Here, the_clock: Any) -> None:
    let_in(guest, secure)
    with secure.app.app_context(), reading():
        code = code_of(secure.practice)
    guest.reset()

    again = enter(guest, secure, code)

    assert "The code has run out" in again


def test_a_code_runs_out_after_ten_minutes(guest: TestApp, secure: Here, the_clock: Any) -> None:
    guest.post(f"{secure.link}/code/send")
    with secure.app.app_context(), reading():
        code = code_of(secure.practice)
    the_clock.at += timedelta(minutes=10)

    assert "The code has run out" in enter(guest, secure, code)


def test_the_code_is_asked_again_after_an_hour(
    guest: TestApp, secure: Here, the_clock: Any
) -> None:
    let_in(guest, secure)
    the_clock.at += timedelta(minutes=60)

    assert guest.get(f"{secure.link}/child").location.endswith("/code")


def test_name_and_role_are_asked_with_the_code(guest: TestApp, secure: Here) -> None:
    page = enter(guest, secure, "123456", person_name="")

    assert "Enter your name." in page
    assert 'value="Safeguarding GP"' in page


def test_codes_cannot_be_had_without_end(guest: TestApp, secure: Here) -> None:
    for _ in range(5):
        guest.post(f"{secure.link}/code/send", status=SEEN)

    page = guest.post(f"{secure.link}/code/send", status=WRONG)

    assert "Five codes were given out within the hour" in page


def fill(page: Any, **typed: str) -> Any:
    form = next(form for form in page.forms.values() if "injury" in form.fields)
    values = {
        "injury": "no",
        "weapon": "nothing_known",
        "emergency": "yes",
        "emergency_text": "Seen on Friday.",
        "share_with_family": "yes",
    }
    for name, text in (values | typed).items():
        form[name] = text
    for name in ("health", "last_seen", "worries", "strengths", "parents"):
        if name not in typed:
            form[f"{name}_nothing"] = True
    return form


def test_information_is_sent_under_the_name_given_with_the_code(
    guest: TestApp, secure: Here
) -> None:
    let_in(guest, secure)

    page = fill(guest.get(f"{secure.link}/information"), worries="Lost weight.").submit().follow()

    sent = secure.now(Contribution)[0]
    assert "Your information has arrived" in page
    assert "Lost weight" not in page
    assert (sent.person_name, sent.worries, sent.health) == ("Dr Amara Cole", "Lost weight.", None)


def test_silence_is_no_answer_and_nothing_typed_is_lost(guest: TestApp, secure: Here) -> None:
    let_in(guest, secure)
    form = next(
        form
        for form in guest.get(f"{secure.link}/information").forms.values()
        if "injury" in form.fields
    )
    form["worries"] = "Lost weight."

    page = form.submit(status=WRONG)

    assert "Select whether there was any injury, or that nothing is known." in page
    assert "Write about health and waiting lists, or tick nothing known." in page
    assert "Lost weight." in page


def test_a_lost_line_half_way_loses_nothing(guest: TestApp, secure: Here) -> None:
    let_in(guest, secure)
    guest.post(f"{secure.link}/information/draft", {"worries": "Lost weight."})

    page = guest.get(f"{secure.link}/information")

    assert "Draft saved" in page
    assert "Lost weight." in page
    assert not secure.now(Contribution)


def test_what_was_sent_can_be_corrected(guest: TestApp, secure: Here) -> None:
    let_in(guest, secure)
    fill(guest.get(f"{secure.link}/information"), worries="Lost weight.").submit()

    page = guest.get(f"{secure.link}/information")
    fill(page, worries="Lost much weight.").submit()

    assert "Lost weight." in page
    assert [row.version for row in secure.now(Contribution)] == [1, 2]


def test_staff_read_a_code_out_to_the_number_of_the_directory(
    guest: TestApp, here: Here, browse: Callable[[Account], TestApp]
) -> None:
    from meetings.queries.meetings import invitation_key  # noqa: PLC0415 - one test

    where = f"/meetings/{here.meeting.ref}/codes/{invitation_key(here.practice.id)}"
    staff = browse(here.world.duty)
    before = staff.get(where)

    after = next(form for form in before.forms.values() if form.action == where).submit()

    found = re.search(r"(\d{3}) (\d{3})</p>", after.text)
    assert found is not None
    assert not re.search(r"\d{3} \d{3}</p>", before.text)
    assert here.practice.telephone in before
    assert enter(guest, here, found[1] + found[2]).status_int == SEEN
    assert here.now(AuditEntry, verb="code.read_out")


def test_who_asks_for_a_code_again_within_the_hour_after_one_was_read_out_waits_again(
    guest: TestApp, here: Here, browse: Callable[[Account], TestApp], the_clock: Any
) -> None:
    from meetings.queries.meetings import invitation_key  # noqa: PLC0415 - one test

    where = f"/meetings/{here.meeting.ref}/codes/{invitation_key(here.practice.id)}"
    guest.post(f"{here.link}/code/send")
    form = next(f for f in browse(here.world.duty).get(where).forms.values() if f.action == where)
    form.submit()
    the_clock.at += timedelta(minutes=30)

    guest.post(f"{here.link}/code/send")
    guest.post(f"{here.link}/code/send")

    waiting = here.now(Task, kind=tasks.READ_CODE)
    assert [task.done_at is None for task in waiting].count(True) == 1
    assert len(waiting) == 2
    assert "waits for a code" in browse(here.world.duty).get("/")


def test_sending_the_same_answer_again_needs_nothing_typed_again(
    guest: TestApp, here: Here
) -> None:
    domain = (here.practice.email or "").partition("@")[2]
    typed = {
        "deputy_name": "Sister Joy Mensah",
        "deputy_role": "Practice nurse",
        "deputy_email": f"joy@{domain}",
    }
    choose(guest.get(here.link), "deputy", **typed).submit(status=SEEN)

    page = guest.get(here.link)
    form = next(form for form in page.forms.values() if "answer" in form.fields)
    form.submit(status=SEEN)

    assert len(here.now(OutboxMessage, to_address=f"joy@{domain}")) == 1
