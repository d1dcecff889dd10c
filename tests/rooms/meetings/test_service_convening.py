"""A meeting is convened with everything that belongs to it, or not at all."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import session, unit_of_work
from core.errors import Conflict, NotAllowed, Refused
from meetings.choices import Drop, Extra
from meetings.models.incidents import Judgement
from meetings.models.invitations import Call, Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.service import (
    asking,
    calls,
    convening,
    folding,
    incidents,
    none_needed,
    seats,
    tasks,
)
from meetings.terms import CallOutcome, InvitationState, JudgementStatus, MeetingStatus
from notifications.models import OutboxMessage
from notifications.terms import LetterKind
from people.models.relations import RelationRow
from people.queries.contacts import directory
from people.terms import RelationKind, Role, TriState
from tests.factories.mail import LETTERHEAD
from tests.factories.meetings import (
    World,
    answers,
    choice_for,
    judgement_of,
    london,
    make_held_now,
    make_involvement,
    make_known_child,
    make_meeting,
    make_world,
    part_of,
)
from tests.factories.people import (
    actor_of,
    make_account,
    make_agency,
    make_mailbox,
    make_professional,
    make_team,
)

MONDAY = date(2026, 11, 23)


def _invited(meeting: Meeting) -> list[Invitation]:
    return list(session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)))


def _roles(meeting: Meeting) -> set[str]:
    return {role for row in _invited(meeting) for role in (row.role, *row.also_roles)}


def _convene(world: World, judgement: Judgement, starts_at: datetime, **given: object) -> Meeting:
    return convening.convene(
        judgement,
        replace(choice_for(world, starts_at), **given),
        actor=world.actor,
        letterhead=LETTERHEAD,
        now=world.now,
    )


def test_everybody_the_rules_ask_for_is_invited(database: Flask) -> None:
    world = make_world()

    meeting = make_meeting(world)

    assert {
        "allocated_social_worker",
        "team_manager",
        "police_safeguarding",
        "police_investigating",
        "safeguarding_nurse",
        "designated_safeguarding_lead",
        "gp_safeguarding_lead",
        "youth_justice_duty",
        "school_nurse",
    } <= _roles(meeting)


def test_the_manager_of_another_team_is_not_asked(database: Flask) -> None:
    world = make_world()
    other_team = make_team(agency=world.social_care)
    other = make_account(
        name="Aaron Aske", roles=(Role.TEAM_MANAGER,), team=other_team, is_manager=True
    )
    make_professional(
        agency=world.social_care, role="team_manager", name=other.name, account=other,
        email=other.email,
    )  # fmt: skip

    meeting = make_meeting(world)

    asked = {row.email for row in _invited(meeting)}
    assert world.manager.email in asked
    assert other.email not in asked


def test_another_areas_desk_is_not_asked(database: Flask) -> None:
    world = make_world()
    elsewhere = make_agency(name="Aldershire police", kind="police")
    elsewhere.local_authority = "Aldershire"
    desk = make_mailbox(agency=elsewhere, role="police_safeguarding", position=0)

    meeting = make_meeting(world)

    assert desk.email not in {row.email for row in _invited(meeting)}


def test_each_invitee_gets_one_mail_in_the_same_transaction(database: Flask) -> None:
    world = make_world()

    meeting = make_meeting(world)

    invited = _invited(meeting)
    mails = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == LetterKind.INVITATION)
    ).all()
    assert sorted(mail.to_address for mail in mails) == sorted(str(row.email) for row in invited)
    assert {mail.reference for mail in mails} == {meeting.ref}
    assert all(mail.method == "REQUEST" and mail.sequence == 0 for mail in mails)


def test_no_mail_says_anything_about_the_child(database: Flask) -> None:
    world = make_world()
    child = make_known_child(world, given_name="Zuleika", family_name="Quarrington")

    make_meeting(world, child)

    bodies = session.scalars(select(OutboxMessage.body)).all()
    for word in (
        b"Zuleika",
        b"Quarrington",
        b"Northmere",
        b"Park Road",
        b"trategy",
        child.ref.encode(),
    ):
        assert all(word not in body for body in bodies)


def test_the_judgement_is_settled_and_its_task_done(database: Flask) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    meeting = make_meeting(world, involvement=involvement)

    judgement = judgement_of(involvement)
    assert (judgement.status, judgement.meeting_id) == (JudgementStatus.ARRANGED, meeting.id)
    open_ones = session.scalars(
        select(Task).where(Task.kind == tasks.DECIDE, Task.done_at.is_(None))
    ).all()
    assert open_ones == []


def test_the_chair_the_convenor_and_invited_accounts_may_open_the_record(database: Flask) -> None:
    world = make_world()

    meeting = make_meeting(world)

    given = session.scalars(select(RelationRow).where(RelationRow.meeting_id == meeting.id)).all()
    kinds = {(row.account_id, row.kind) for row in given}
    assert (world.chair.id, RelationKind.CHAIR) in kinds
    assert (world.duty.id, RelationKind.CONVENOR) in kinds
    assert (world.worker.id, RelationKind.INVITED) in kinds
    assert all(row.valid_to_at is not None for row in given)


def test_the_chair_is_invited_too(database: Flask) -> None:
    world = make_world()

    meeting = make_meeting(world)

    assert world.chair.email in {row.email for row in _invited(meeting)}


def test_the_team_manager_is_told_by_a_neutral_letter(database: Flask) -> None:
    world = make_world()

    meeting = make_meeting(world)

    told = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == LetterKind.MANAGER_TOLD)
    ).one()
    assert (told.to_address, told.reference) == (world.manager.email, meeting.ref)


def test_convening_is_in_the_audit(database: Flask) -> None:
    meeting = make_meeting()

    verbs = set(
        session.scalars(select(AuditEntry.verb).where(AuditEntry.child_id == meeting.child_id))
    )
    assert "meeting.convened" in verbs


def test_pressing_twice_arranges_one_meeting(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    first = _convene(world, judgement, london(MONDAY, 9, 30))
    second = _convene(world, judgement, london(MONDAY, 9, 30))

    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Meeting)) == 1


def test_a_second_choice_after_the_first_is_a_conflict(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    _convene(world, judgement, london(MONDAY, 9, 30))

    with pytest.raises(Conflict):
        _convene(world, judgement, london(MONDAY, 14))


@pytest.mark.parametrize(
    ("on", "hour", "rule"),
    [
        (date(2026, 11, 24), 9, "meeting.late"),
        (date(2026, 11, 22), 10, "meeting.no_working_day"),
        (date(2026, 11, 20), 9, "meeting.past"),
    ],
)
def test_a_time_that_needs_a_reason_or_cannot_be_is_refused(
    database: Flask, on: date, hour: int, rule: str
) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(on, hour))

    assert refused.value.rule == rule


def test_after_the_deadline_is_allowed_with_a_reason(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    meeting = _convene(
        world, judgement, london(date(2026, 11, 24), 9), late_reason="The consultant is away."
    )

    assert meeting.late_reason == "The consultant is away."
    assert meeting.deadline_at is not None
    assert meeting.starts_at > meeting.deadline_at


def test_the_hour_that_does_not_exist_is_refused(database: Flask) -> None:
    at = london(date(2027, 3, 27), 10)
    world = make_world(now=at)
    judgement = judgement_of(make_involvement(world, make_known_child(world), now=at))
    choice = replace(choice_for(world, at), on=date(2027, 3, 28), at=time(1, 30))

    with pytest.raises(Refused) as refused:
        convening.convene(judgement, choice, actor=world.actor, letterhead=LETTERHEAD, now=at)

    assert refused.value.rule == "meeting.missing_hour"


def test_the_hour_that_happens_twice_is_asked_for(database: Flask) -> None:
    at = london(date(2027, 10, 30), 10)
    world = make_world(now=at)
    judgement = judgement_of(make_involvement(world, make_known_child(world), now=at))
    choice = replace(
        choice_for(world, at), on=date(2027, 10, 31), at=time(1, 30),
        late_reason="It cannot wait.",
    )  # fmt: skip

    with pytest.raises(Refused) as refused:
        convening.convene(judgement, choice, actor=world.actor, letterhead=LETTERHEAD, now=at)
    meeting = convening.convene(
        judgement, replace(choice, fold=1), actor=world.actor, letterhead=LETTERHEAD, now=at
    )

    assert refused.value.rule == "meeting.twice"
    assert meeting.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"
    assert meeting.wall_time.isoformat() == "01:30:00"


def test_somebody_who_cannot_chair_is_refused(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(MONDAY, 9, 30), chair_id=world.duty.id)

    assert refused.value.rule == "meeting.chair"


def _seat_of(world: World, judgement: Judgement, role: str) -> str:
    from meetings.models.incidents import Involvement  # noqa: PLC0415
    from procedures.service import packs  # noqa: PLC0415

    found = seats.for_meeting(
        session.get_one(Involvement, judgement.involvement_id),
        judgement.meeting_type or "",
        pack=packs.of(judgement.pack_version_id)[1],
        starts_at=london(MONDAY, 9, 30),
        now=world.now,
    )
    return next(
        seats.seat_key(invitee.slot) for invitee in found.invitees if invitee.slot.role == role
    )


def test_a_statutory_seat_cannot_be_left_out(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    drop = Drop(seat=_seat_of(world, judgement, "police_safeguarding"), reason="Busy.")

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(MONDAY, 9, 30), drops=(drop,))

    assert refused.value.rule == "invitation.statutory"


def test_another_seat_is_left_out_only_with_a_reason(database: Flask) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    seat = _seat_of(world, judgement, "designated_safeguarding_lead")

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(MONDAY, 9, 30), drops=(Drop(seat=seat, reason=" "),))
    meeting = _convene(
        world, judgement, london(MONDAY, 9, 30), drops=(Drop(seat=seat, reason="Lead is kin."),)
    )

    assert refused.value.rule == "invitation.reason"
    assert "designated_safeguarding_lead" not in _roles(meeting)
    dropped = session.scalars(select(Dropped)).one()
    assert (dropped.role, dropped.reason) == ("designated_safeguarding_lead", "Lead is kin.")


def test_somebody_of_the_directory_can_be_added_with_a_reason(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    entries = directory(now.date(), roles=["exploitation_specialist"])
    extra = Extra(entry=seats.entry_key(entries[0]), why="Knows the child.")

    meeting = _convene(world, judgement, london(MONDAY, 9, 30), extras=(extra,))

    added = next(row for row in _invited(meeting) if row.role == "exploitation_specialist")
    assert (added.why, added.rule_id) == ("Knows the child.", None)
    assert added.state is InvitationState.NO_ANSWER


def test_with_no_contact_at_all_the_meeting_is_made_and_a_person_rings(database: Flask) -> None:
    world = make_world(without=("health",))

    meeting = make_meeting(world)

    nurse = next(row for row in _invited(meeting) if row.role == "safeguarding_nurse")
    assert (nurse.email, nurse.state) == (None, InvitationState.NOT_SENT)
    ring = session.scalars(
        select(Task).where(Task.kind == tasks.RING, Task.subject_id == nurse.id)
    ).one()
    assert "No contact is recorded" in ring.words


def test_an_address_that_is_none_is_rung_and_not_mailed(database: Flask) -> None:
    world = make_world(without=("health",))
    box = make_mailbox(agency=world.agencies["health"], role="safeguarding_nurse")
    box.email = "ring the desk"

    meeting = make_meeting(world)

    nurse = next(row for row in _invited(meeting) if row.role == "safeguarding_nurse")
    assert nurse.email is None
    assert nurse.ring is not None
    assert "ring the desk" in nurse.ring


def test_a_meeting_that_could_serve_is_offered_before_a_second_is_made(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    child = make_known_child(world)
    booked = make_meeting(world, child, now=now)
    again = judgement_of(make_involvement(world, child))

    with pytest.raises(Refused) as refused:
        _convene(world, again, london(MONDAY, 14))
    both = _convene(world, again, london(MONDAY, 14), overlap_reason="Another matter.")

    assert refused.value.rule == "meeting.duplicate"
    assert booked.ref in refused.value.why
    assert both.id != booked.id


def test_a_booked_meeting_can_answer_the_judgement(database: Flask, now: datetime) -> None:
    world = make_world()
    child = make_known_child(world)
    booked = make_meeting(world, child, now=now)
    involvement = make_involvement(world, child, answers=answers(hospital_attended=TriState.YES))

    used = folding.use_existing(
        judgement_of(involvement), booked.ref, actor=world.actor, letterhead=LETTERHEAD, now=now
    )

    assert used.id == booked.id
    assert judgement_of(involvement).status is JudgementStatus.ARRANGED
    assert "hospital_safeguarding_lead" in _roles(booked)
    told = session.scalars(select(Task).where(Task.kind == tasks.AGENDA)).one()
    assert told.for_account_id == world.chair.id


def test_a_chair_who_is_taken_is_noticed(database: Flask, now: datetime) -> None:
    world = make_world()
    make_meeting(world, make_known_child(world, given_name="Ade"))
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(MONDAY, 10))

    assert refused.value.rule == "meeting.clash"


def test_victim_and_suspect_never_meet_within_an_hour(database: Flask, now: datetime) -> None:
    world = make_world()
    other_chair = make_account(roles=(Role.CHAIR,), agency=world.social_care)
    ade, marcus = make_known_child(world), make_known_child(world)
    harmed, suspected = incidents.report(
        [part_of(ade), part_of(marcus, part="suspected", kind="robbery")],
        actor=world.actor, letterhead=LETTERHEAD, now=now,
    )  # fmt: skip
    make_meeting(world, involvement=harmed)

    with pytest.raises(Refused) as refused:
        _convene(
            world, judgement_of(suspected), london(MONDAY, 11), chair_id=other_chair.id,
            overlap_reason="Nothing else is free.",
        )  # fmt: skip
    meeting = _convene(world, judgement_of(suspected), london(MONDAY, 14), chair_id=other_chair.id)

    assert refused.value.rule == "meeting.kept_apart"
    assert meeting.child_id == marcus.id


def test_whoever_is_invited_to_both_sides_is_known(database: Flask, now: datetime) -> None:
    world = make_world()
    ade, marcus = make_known_child(world), make_known_child(world)
    harmed, suspected = incidents.report(
        [part_of(ade), part_of(marcus, part="suspected", kind="robbery")],
        actor=world.actor, letterhead=LETTERHEAD, now=now,
    )  # fmt: skip
    first = make_meeting(world, involvement=harmed)
    school = next(row for row in _invited(first) if row.role == "designated_safeguarding_lead")

    both = seats.invited_elsewhere(suspected, [school.email, "nobody@agency.example"])

    assert both == {str(school.email).lower()}


def test_the_managers_press_comes_first_where_the_pack_says_so(
    database: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    _let_the_manager_press_first(judgement)

    with pytest.raises(Refused) as refused:
        _convene(world, judgement, london(MONDAY, 9, 30))
    asking.ask_manager(judgement, {"when": "x"}, actor=world.actor, letterhead=LETTERHEAD, now=now)
    meeting = convening.convene(
        judgement,
        choice_for(world, london(MONDAY, 9, 30)),
        actor=world.managing,
        letterhead=LETTERHEAD,
        now=now,
    )

    assert refused.value.rule == "meeting.manager_first"
    assert meeting.convenor_id == world.manager.id
    assert judgement.choice is None


def _let_the_manager_press_first(judgement: Judgement) -> None:
    from procedures.models import PackVersion  # noqa: PLC0415
    from procedures.shipped import default_text, digest  # noqa: PLC0415

    text = default_text().replace("manager_press_first = false", "manager_press_first = true")
    row = session.get_one(PackVersion, judgement.pack_version_id)
    row.text, row.sha256 = text, digest(text)
    session.flush()


def test_no_meeting_needs_a_reason_and_the_managers_confirmation(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))

    with pytest.raises(Refused):
        none_needed.no_meeting(judgement, " ", actor=world.actor, letterhead=LETTERHEAD, now=now)
    none_needed.no_meeting(
        judgement, "Recorded twice.", actor=world.actor, letterhead=LETTERHEAD, now=now
    )
    assert judgement.status is JudgementStatus.NONE_PROPOSED
    with pytest.raises(NotAllowed):
        none_needed.confirm_none(judgement, actor=world.actor, now=now)
    none_needed.confirm_none(judgement, actor=world.managing, now=now)

    assert judgement.status is JudgementStatus.NONE_CONFIRMED
    assert judgement.confirmed_by_id == world.manager.id


def test_nothing_undoes_a_meeting_that_was_arranged_meanwhile(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))
    meeting = make_meeting(world, involvement=involvement)
    judgement = judgement_of(involvement)

    with pytest.raises(Conflict):
        none_needed.no_meeting(
            judgement, "Recorded twice.", actor=world.actor, letterhead=LETTERHEAD, now=now
        )
    with pytest.raises(Conflict):
        make_held_now(world, involvement)

    assert (judgement.status, judgement.meeting_id) == (JudgementStatus.ARRANGED, meeting.id)


def test_until_the_manager_confirms_a_meeting_can_still_be_arranged(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    none_needed.no_meeting(
        judgement, "Recorded twice.", actor=world.actor, letterhead=LETTERHEAD, now=now
    )

    meeting = _convene(world, judgement, london(MONDAY, 9, 30))

    assert judgement.meeting_id == meeting.id


def test_a_manager_can_ask_for_a_meeting_all_the_same(database: Flask, now: datetime) -> None:
    world = make_world()
    judgement = judgement_of(make_involvement(world, make_known_child(world)))
    none_needed.no_meeting(
        judgement, "Recorded twice.", actor=world.actor, letterhead=LETTERHEAD, now=now
    )

    none_needed.refuse_none(judgement, "It was not.", actor=world.managing, now=now)

    assert judgement.status is JudgementStatus.OPEN
    again = session.scalars(
        select(Task).where(Task.kind == tasks.DECIDE, Task.done_at.is_(None))
    ).all()
    assert world.duty.id in {task.for_account_id for task in again}


def test_a_discussion_held_at_once_counts_who_took_part(database: Flask, now: datetime) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    meeting = make_held_now(world, involvement)

    assert meeting.status is MeetingStatus.IN_PROGRESS
    assert meeting.is_immediate
    assert meeting.started_at == now
    assert session.scalars(select(Task).where(Task.kind == tasks.FOLLOW_UP)).all() == []


def test_agencies_not_reached_are_asked_for_information(database: Flask) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    meeting = make_held_now(world, involvement)

    asked = session.scalars(
        select(OutboxMessage.to_address).where(OutboxMessage.kind == LetterKind.INFORMATION_REQUEST)
    ).all()
    school = next(row for row in _invited(meeting) if row.role == "designated_safeguarding_lead")
    police = next(row for row in _invited(meeting) if row.role == "police_safeguarding")
    assert school.email in asked
    assert police.email not in asked
    sent = session.scalars(select(OutboxMessage.kind)).all()
    assert LetterKind.INVITATION not in sent


def test_without_the_legal_quorum_a_reason_is_needed_and_a_follow_up_is_due(
    database: Flask, now: datetime
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    with pytest.raises(Refused) as refused:
        make_held_now(world, involvement, kinds=("social_care", "health"))
    make_held_now(world, involvement, kinds=("social_care", "health"), why="Police decline.")

    assert refused.value.rule == "held.no_quorum"
    follow_up = session.scalars(select(Task).where(Task.kind == tasks.FOLLOW_UP)).one()
    assert follow_up.due_at == london(MONDAY, 17)
    assert "Police missing" in follow_up.words


@pytest.mark.parametrize(
    ("ago", "rule"),
    [(timedelta(hours=25), "held.too_old"), (timedelta(hours=-1), "held.future")],
)
def test_a_discussion_began_within_the_last_day(
    database: Flask, now: datetime, ago: timedelta, rule: str
) -> None:
    world = make_world()
    involvement = make_involvement(world, make_known_child(world))

    with pytest.raises(Refused) as refused:
        make_held_now(world, involvement, started_at=now - ago)

    assert refused.value.rule == rule


def test_a_call_that_reached_somebody_takes_them_off_the_list(
    database: Flask, now: datetime
) -> None:
    world = make_world(without=("health",))
    meeting = make_meeting(world)
    nurse = next(row for row in _invited(meeting) if row.role == "safeguarding_nurse")

    calls.log_call(nurse, CallOutcome.NO_ANSWER, actor=world.actor, letterhead=LETTERHEAD, now=now)
    still = session.scalars(
        select(Task).where(Task.subject_id == nurse.id, Task.done_at.is_(None))
    ).all()
    calls.log_call(
        nurse, CallOutcome.WILL_ATTEND, actor=world.actor, letterhead=LETTERHEAD, now=now
    )

    assert len(still) == 1
    assert nurse.state is InvitationState.ACCEPTED
    open_ones = session.scalars(
        select(Task).where(Task.subject_id == nurse.id, Task.done_at.is_(None))
    ).all()
    assert open_ones == []
    assert session.scalar(select(func.count()).select_from(Call)) == 2


def test_a_team_without_a_telephone_cannot_put_one_into_mail(database: Flask) -> None:
    world = make_world()
    world.team.telephone = None
    world.social_care.telephone = None
    session.flush()

    with pytest.raises(Refused) as refused:
        make_meeting(world)

    assert refused.value.rule == "team.no_telephone"


def test_the_recording_team_convenes_where_the_childs_team_has_no_number(
    database: Flask,
) -> None:
    world = make_world()
    actor = actor_of(world.duty)

    meeting = make_meeting(world)

    assert meeting.team_id in actor.team_ids


def test_ten_presses_at_the_same_moment_arrange_one_meeting(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        judgement_id = judgement_of(make_involvement(world, make_known_child(world))).id
        choice, actor = choice_for(world, london(MONDAY, 9, 30)), world.actor
    refs: list[str] = []

    def press() -> None:
        with app.app_context(), unit_of_work():
            judgement = session.get_one(Judgement, judgement_id)
            meeting = convening.convene(
                judgement, choice, actor=actor, letterhead=LETTERHEAD, now=now
            )
            refs.append(meeting.ref)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Meeting)) == 1
        invitations = session.scalar(select(func.count()).select_from(Invitation)) or 0
        mails = session.scalar(
            select(func.count()).where(OutboxMessage.kind == LetterKind.INVITATION)
        )
    assert (len(refs), len(set(refs))) == (10, 1)
    assert mails == invitations


def test_a_fault_at_the_last_moment_leaves_no_meeting_and_no_mail(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), unit_of_work():
        world = make_world()
        judgement_id = judgement_of(make_involvement(world, make_known_child(world))).id
        choice, actor = choice_for(world, london(MONDAY, 9, 30)), world.actor

    class PowerCut(Exception):
        """The lights went out."""

    with pytest.raises(PowerCut), app.app_context(), unit_of_work():
        judgement = session.get_one(Judgement, judgement_id)
        convening.convene(judgement, choice, actor=actor, letterhead=LETTERHEAD, now=now)
        raise PowerCut

    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Meeting)) == 0
        kinds = set(session.scalars(select(OutboxMessage.kind)))
        assert LetterKind.INVITATION not in kinds
        assert session.get_one(Judgement, judgement_id).status is JudgementStatus.OPEN
