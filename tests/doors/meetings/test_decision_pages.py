"""Deciding in a browser: why and by when, who is asked, one press to send, or hold it now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from webtest import TestApp

from core.db import session, unit_of_work
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.invitations import Call, Invitation
from meetings.models.meetings import Meeting
from meetings.service import incidents
from meetings.terms import JudgementStatus, MeetingStatus
from people.service import children
from people.terms import ConnectionKind, ConnectionStatus, RelationKind, Role, TriState
from procedures.models import PackVersion
from procedures.shipped import default_text, digest
from tests.conftest import SetClock
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    World,
    answers,
    judgement_of,
    london,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
    part_of,
)
from tests.factories.people import (
    make_account,
    make_child,
    make_connection,
    make_relation,
    make_team,
)

Browse = Callable[..., TestApp]


def _case(app: Flask, **given: Any) -> tuple[World, str]:
    with app.app_context(), unit_of_work():
        world = make_world(without=given.pop("without", ()))
        child = make_known_child(world)
        involvement = make_involvement(world, child, **given)
    return world, involvement.ref


def _form(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action == action)


def _choice(page: Any, ref: str) -> Any:
    return _form(page, f"/incidents/{ref}/decision")


def _one(app: Flask, table: Any) -> Any:
    with app.app_context():
        return session.scalars(select(table)).one()


def _words(page: Any) -> str:
    return " ".join(page.html.get_text().split())


def test_a_child_a_month_older_is_no_reason_to_judge_again(
    app: Flask, browse: Browse, the_clock: SetClock
) -> None:
    world, ref = _case(app)
    the_clock.at += timedelta(days=31)

    said = _words(browse(world.duty).get(f"/incidents/{ref}/decision"))

    assert "The rules would answer differently now" not in said


def test_the_page_says_by_when_why_and_how_it_was_worked_out(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)

    said = _words(browse(world.duty).get(f"/incidents/{ref}/decision"))

    assert "A strategy meeting is needed by Monday 23 November 2026" in said
    assert "1 working day after Friday 20 November 2026" in said
    assert "TR-01" in said
    assert "Source: Wakefield" in said
    assert "Why the other rules do not apply" in said


def test_both_deadlines_are_shown_where_a_fact_is_not_known(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)

    said = _words(browse(world.duty).get(f"/incidents/{ref}/decision"))

    assert "If there is a risk of retaliation" in said
    assert "Is there a risk of retaliation?" in said


def test_an_answer_given_here_judges_again_at_once(app: Flask, browse: Browse) -> None:
    world, ref = _case(app, now=london(date(2026, 11, 20), 11))
    browser = browse(world.duty)
    form = _form(browser.get(f"/incidents/{ref}/decision"), f"/incidents/{ref}/answers")
    form["retaliation_risk"] = "yes"

    said = _words(form.submit().follow())

    assert "needed by Friday 20 November 2026" in said
    assert "because more became known" in said


def test_one_press_sends_the_usual_choice(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    page = browse(world.duty).get(f"/incidents/{ref}/decision")

    sent = _choice(page, ref).submit("press", value="send").follow()

    meeting = _one(app, Meeting)
    assert sent.request.path == f"/meetings/{meeting.ref}/sent"
    assert meeting.starts_at == london(date(2026, 11, 23), 9)
    assert meeting.joining == "https://meet.northshire.example/room"
    assert meeting.chair_id == world.manager.id


def test_the_slots_are_by_the_deadline_and_free(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    with app.app_context(), unit_of_work():
        other = make_known_child(world, given_name="Ade")
        make_meeting(world, other, chair_id=world.manager.id)

    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)

    starts = [value for value, _, _ in form["when"].options if value != "other"]
    assert starts
    assert all("2026-11-23T" in start for start in starts)
    assert not any("T09:" in start or "T10:00" in start for start in starts)


def test_a_seat_needed_for_quorum_offers_no_way_to_leave_it_out(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)

    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)

    drops = [name for name in form.fields if name and name.startswith("drop-")]
    assert any("designated_safeguarding_lead" in name for name in drops)
    assert not any("police_safeguarding" in name for name in drops)


def test_leaving_somebody_out_asks_for_a_reason_and_keeps_what_was_typed(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app)
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    seat = next(n[5:] for n in form.fields if n and n.startswith("drop-designated"))
    form[f"drop-{seat}"] = True
    form["joining"] = "Room 4"

    page = form.submit("press", value="send", expect_errors=True)

    assert page.status_int == 422
    assert "Give a reason for not inviting the designated safeguarding lead" in _words(page)
    again = _choice(page, ref)
    assert again["joining"].value == "Room 4"
    again[f"reason-{seat}"] = "The lead is a relative."
    again.submit("press", value="send")
    assert _one(app, Meeting).joining == "Room 4"


def test_somebody_is_found_in_the_directory_and_invited_too(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    form["look"] = "voluntary"

    form = _choice(form.submit("press", value="look"), ref)
    form["extra"] = True
    form["extra-why"] = "Works with the child."
    form.submit("press", value="send")

    with app.app_context():
        roles = set(session.scalars(select(Invitation.role)))
    assert "exploitation_specialist" in roles


def test_a_time_after_the_deadline_asks_for_a_reason_beside_it(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    form["when"] = "other"
    form["on-day"], form["on-month"], form["on-year"] = "24", "11", "2026"
    form["clock"] = "10am"

    page = form.submit("press", value="send", expect_errors=True)
    again = _choice(page, ref)
    again["late_reason"] = "The consultant can only come then."
    again.submit("press", value="send")

    assert page.html.find(id="late_reason-error") is not None
    assert "after the deadline, Monday 23 November 2026" in _words(page)
    assert again["clock"].value == "10am"
    assert _one(app, Meeting).late_reason == "The consultant can only come then."


@pytest.mark.parametrize(
    ("day", "month", "year", "clock", "words"),
    [
        ("31", "2", "2027", "10am", "must be a real date"),
        ("28", "3", "2027", "1:30am", "This time does not exist"),
        ("31", "10", "2027", "1:30am", "This time happens twice"),
        ("20", "11", "2026", "9am", "must start in the future"),
        ("24", "11", "2026", "soon", "Enter a time, such as 9:30am"),
    ],
)
def test_a_time_that_cannot_be_is_said_beside_it(
    app: Flask, browse: Browse, day: str, month: str, year: str, clock: str, words: str
) -> None:
    world, ref = _case(app)
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    form["when"] = "other"
    form["on-day"], form["on-month"], form["on-year"] = day, month, year
    form["clock"] = clock
    form["late_reason"] = "Nothing else is free."

    page = form.submit("press", value="send", expect_errors=True)

    assert page.status_int == 422
    assert words in _words(page)
    assert _choice(page, ref)["clock"].value == clock


def test_pressing_send_twice_makes_one_meeting(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    browser = browse(world.duty)
    form = _choice(browser.get(f"/incidents/{ref}/decision"), ref)

    first = form.submit("press", value="send")
    second = form.submit("press", value="send")

    assert first.location == second.location
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Meeting)) == 1


def test_a_booked_meeting_is_offered_and_used(app: Flask, browse: Browse) -> None:
    world, _ = _case(app)
    with app.app_context(), unit_of_work():
        child = make_known_child(world, given_name="Ade")
        booked = make_meeting(world, child)
        again = make_involvement(world, child)
    page = browse(world.duty).get(f"/incidents/{again.ref}/decision")

    sent = _form(page, f"/incidents/{again.ref}/use/{booked.ref}").submit().follow()

    assert sent.request.path == f"/meetings/{booked.ref}/sent"


def test_from_four_oclock_hold_now_and_the_emergency_team_come_first(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app)

    said = _words(browse(world.duty).get(f"/incidents/{ref}/decision"))

    assert said.index("hold it now by telephone") < said.index("Who will be invited")
    assert said.index("01632 960999") < said.index("Who will be invited")


def test_the_sent_page_lists_whom_to_ring_and_logs_a_call_in_one_press(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app, without=("health",))
    browser = browse(world.duty)
    form = _choice(browser.get(f"/incidents/{ref}/decision"), ref)
    sent = form.submit("press", value="send").follow()

    calls = [f for f in sent.forms.values() if "/calls/" in f.action]
    page = calls[0].submit("outcome", value="message_left").follow()

    assert "Ring now" in _words(sent)
    assert "No number recorded" in _words(sent)
    assert "Message left, 4:40pm, Sam Okoro" in _words(page)
    assert _one(app, Call).by_id == world.duty.id


def test_a_discussion_is_held_now_and_leads_to_its_record(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    browser = browse(world.duty)
    page = browser.get(f"/incidents/{ref}/hold-now")
    form = _form(page, f"/incidents/{ref}/hold-now")
    for name in list(form.fields):
        if (
            name
            and name.startswith("took-")
            and any(role in name for role in ("police_safe", "safeguarding_nurse", "allocated"))
        ):
            form[name] = True

    answer = form.submit()

    meeting = _one(app, Meeting)
    assert answer.location.endswith(f"/meetings/{meeting.ref}/run")
    assert meeting.status is MeetingStatus.IN_PROGRESS
    assert meeting.is_immediate


def test_without_quorum_the_hold_now_page_asks_why(app: Flask, browse: Browse) -> None:
    world, ref = _case(app)
    form = _form(browse(world.duty).get(f"/incidents/{ref}/hold-now"), f"/incidents/{ref}/hold-now")
    name = next(n for n in form.fields if n and n.startswith("took-safeguarding_nurse"))
    form[name] = True

    page = form.submit(expect_errors=True)

    assert page.status_int == 422
    assert "No quorum" in _words(page)
    assert _form(page, f"/incidents/{ref}/hold-now")[name].checked


def test_no_meeting_waits_for_the_manager_and_the_deadline_stands(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app)
    browser = browse(world.duty)
    form = _form(browser.get(f"/incidents/{ref}/decision"), f"/incidents/{ref}/no-meeting")
    form["reason"] = "Recorded twice by mistake."

    page = form.submit().follow()

    assert "The deadline runs until the team manager confirms this" in _words(page)
    assert f"/incidents/{ref}/confirm-none" not in page
    theirs = browse(world.manager).get(f"/incidents/{ref}/decision")
    assert f"/incidents/{ref}/confirm-none" in theirs


def test_where_the_manager_decides_first_the_worker_asks_and_the_manager_sends(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app)
    with app.app_context(), unit_of_work():
        row = session.scalars(select(PackVersion)).one()
        row.text = default_text().replace(
            "manager_press_first = false", "manager_press_first = true"
        )
        row.sha256 = digest(row.text)
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    form["joining"] = "Room 4"
    form.submit("press", value="ask")

    theirs = _choice(browse(world.manager).get(f"/incidents/{ref}/decision"), ref)
    theirs.submit("press", value="send")

    assert theirs["joining"].value == "Room 4"
    assert _one(app, Meeting).convenor_id == world.manager.id


def test_what_is_not_known_of_the_network_is_not_shown_as_none(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_child(team=world.team)
        make_connection(child=child, kind=ConnectionKind.GP, status=ConnectionStatus.NOT_REGISTERED)
        involvement = make_involvement(world, child)

    said = _words(browse(world.duty).get(f"/incidents/{involvement.ref}/decision"))

    assert "School Not known: nobody recorded it" in said
    assert "GP Not registered" in said
    assert "Father or male carers Not known: nobody recorded it" in said


def test_what_became_known_since_is_judged_before_anything_is_sent(
    app: Flask, browse: Browse
) -> None:
    world, ref = _case(app, part="suspected", kind="robbery")
    form = _choice(browse(world.duty).get(f"/incidents/{ref}/decision"), ref)
    with app.app_context(), unit_of_work():
        row = session.scalars(select(Involvement)).one()
        row.hospital_attended = TriState.YES
        row.part = "both"
        row.weapon_used = TriState.YES

    page = form.submit("press", value="send")

    assert "judged again just now" in _words(page)
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Meeting)) == 0
        assert (
            session.scalar(
                select(func.count()).where(Judgement.status == JudgementStatus.SUPERSEDED)
            )
            == 1
        )
    _choice(page, ref).submit("press", value="send")
    assert _one(app, Meeting).type == "strategy"


def test_a_manager_records_that_neither_is_suspected(app: Flask, browse: Browse) -> None:
    world, ref = _case(
        app, part="suspected", kind="robbery",
        answers=answers(harm_suspected=TriState.NO, exploitation_suspected=TriState.NO),
    )  # fmt: skip
    form = _form(browse(world.manager).get(f"/incidents/{ref}/decision"), f"/incidents/{ref}/clear")
    form["clear_why"] = "Seen at home with both parents."

    said = _words(form.submit().follow())

    assert "A professional discussion is needed by Wednesday 25 November 2026" in said


def _pages_of(browser: TestApp, ref: str, child_ref: str, meeting: Meeting) -> list[str]:
    paths = [
        f"/children/{child_ref}",
        f"/children/{child_ref}/people",
        f"/children/{child_ref}/history",
        f"/children/{child_ref}/plan",
        f"/incidents/{ref}",
        f"/incidents/{ref}/decision",
        f"/incidents/{ref}/hold-now",
        f"/incidents/{ref}/another",
    ]
    paths += [f"/meetings/{meeting.ref}{part}" for part in ("", "/sent", "/run", "/record")]
    found = []
    for path in paths:
        page = browser.get(path, expect_errors=True)
        assert page.status_int < 500
        found.append(page.text)
    return found


def test_neither_childs_pages_show_the_others_name_part_or_words(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        chair = make_account(roles=(_chair(),), agency=world.social_care, name="Nia Rees")
        ade = make_known_child(world, given_name="Adebowale", family_name="Quarshie")
        marcus = make_known_child(world, given_name="Marcellus", family_name="Thwaite")
        harmed, suspected = incidents.report(
            [
                part_of(ade, narrative="CANARY-HARMED in the yard."),
                part_of(marcus, part="suspected", narrative="CANARY-SUSPECTED left by the gate."),
            ],
            actor=world.actor, letterhead=LETTERHEAD, now=world.now,
        )  # fmt: skip
        first = make_meeting(world, involvement=harmed)
        second = make_meeting(
            world, involvement=suspected, starts_at=london(date(2026, 11, 23), 14),
            chair_id=chair.id,
        )  # fmt: skip
        assert judgement_of(suspected).meeting_id == second.id
    browser = browse(world.duty)

    of_ade = _pages_of(browser, harmed.ref, ade.ref, first)
    of_marcus = _pages_of(browser, suspected.ref, marcus.ref, second)

    for page in of_ade:
        for word in ("Marcellus", "Thwaite", "CANARY-SUSPECTED", marcus.ref):
            assert word not in page
    for page in of_marcus:
        for word in ("Adebowale", "Quarshie", "CANARY-HARMED", ade.ref):
            assert word not in page


def test_the_link_between_children_is_for_the_recording_team_only(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        ade, marcus = make_known_child(world), make_known_child(world)
        harmed, suspected = incidents.report(
            [part_of(ade), part_of(marcus, part="suspected")],
            actor=world.actor, letterhead=LETTERHEAD, now=world.now,
        )  # fmt: skip
        from tests.factories.people import make_team  # noqa: PLC0415

        other_team = make_team(agency=world.social_care)
        ade.team_id = other_team.id
        allocated = make_account(team=other_team, agency=world.social_care)
        from people.service import children  # noqa: PLC0415

        children.allocate(
            ade, team_id=other_team.id, worker_id=allocated.id, actor=world.actor, now=world.now
        )

    recorder = browse(world.duty).get(f"/incidents/{harmed.ref}")
    worker = browse(allocated).get(f"/incidents/{harmed.ref}")

    assert suspected.ref in recorder
    assert suspected.ref not in worker


def _chair() -> Any:
    from people.terms import Role  # noqa: PLC0415

    return Role.CHAIR


def test_the_addresses_of_the_sent_page_are_for_those_who_ring(app: Flask, browse: Browse) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
        meeting = make_meeting(world, child)
        guest = make_account(roles=(Role.PROFESSIONAL,), name="Jo Marsh")
        make_relation(account=guest, child=child, kind=RelationKind.INVITED, meeting_id=meeting.id)
    browser = browse(guest)

    page = browser.get(f"/meetings/{meeting.ref}")
    sent = browser.get(f"/meetings/{meeting.ref}/sent", expect_errors=True)

    assert page.status_int == 200
    assert sent.status_int == 404


def test_that_another_child_was_added_is_said_to_those_who_see_the_link_only(
    app: Flask, browse: Browse
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        ade, marcus = make_known_child(world), make_known_child(world)
        other_team = make_team(agency=world.social_care)
        allocated = make_account(team=other_team, agency=world.social_care)
        harmed = make_involvement(world, ade)
        children.allocate(
            ade, team_id=other_team.id, worker_id=allocated.id, actor=world.actor, now=world.now
        )
        incidents.add_child(
            session.get_one(Incident, harmed.incident_id),
            part_of(marcus, part="suspected"),
            actor=world.actor,
            letterhead=LETTERHEAD,
            now=world.now,
        )

    recorder = _words(browse(world.duty).get(f"/incidents/{harmed.ref}/decision"))
    worker = _words(browse(allocated).get(f"/incidents/{harmed.ref}/decision"))

    assert "because another child was recorded in this incident" in recorder
    assert "because something became known" in worker
    assert "another child was recorded" not in worker
