"""Convene a meeting: meeting, invitations, relations, tasks, audit and mails in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Conflict, Refused
from core.ids import new_reference
from meetings.choices import Choice, Drop, Extra
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.invitations import Dropped
from meetings.models.meetings import Meeting
from meetings.rules.rulebook import rulebook
from meetings.service import guarding, inviting, judging, managers, post, seats, tasks, timing
from meetings.service import invitees as later_invitees
from meetings.terms import (
    Invitee,
    JudgementStatus,
    MeetingStatus,
    Requirement,
)
from notifications.service import new_uid
from notifications.terms import Letterhead
from people.models.agencies import Team
from people.terms import Actor
from procedures.service import packs
from procedures.terms import Pack

_UNDECIDED = (JudgementStatus.OPEN, JudgementStatus.NONE_PROPOSED)
_DECISION_TASKS = (tasks.DECIDE, tasks.AGREE, tasks.CONFIRM_NONE, tasks.FOLLOW_UP, tasks.CHANGED)


def convene(
    judgement: Judgement,
    choice: Choice,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Meeting:
    """Arrange the meeting and queue every invitation; pressed twice it is arranged once.

    Raises:
        Conflict: somebody decided otherwise meanwhile.
        Refused: the time, the chair, a dropped seat or a meeting already booked stands in the
            way; ``rule`` tells which, ``why`` what to do.
    """
    there = hold(judgement)
    if there is not None:
        return _same_again(there, choice)
    involvement = session.get_one(Involvement, judgement.involvement_id)
    _, pack = packs.of(judgement.pack_version_id)
    guarding.require_press_of_a_manager(involvement, pack, actor)
    kind = guarding.meeting_type(judgement, choice.type, pack)
    starts_at = timing.instant(choice)
    timing.require(judgement, choice, starts_at, pack=pack, now=now)
    guarding.require_chair(choice.chair_id)
    found = seats.for_meeting(involvement, kind, pack=pack, starts_at=starts_at, now=now)
    kept, dropped = chosen(found.invitees, choice.drops)
    guarding.require_alone(
        involvement, choice, kind, starts_at, kept, pack=pack, actor=actor, now=now
    )
    meeting = _meeting(
        judgement, choice, kind, starts_at, pack=pack, actor=actor, letterhead=letterhead, now=now
    )
    session.add(meeting)
    session.flush()
    post.convening_team(meeting)
    labelled = post_with_label(letterhead, pack)
    invitations = [
        inviting.seat(meeting, invitee, position=place, now=now)
        for place, invitee in enumerate(kept)
    ]
    chair = inviting.seat_chair(meeting, invitations, pack=pack, now=now)
    invitations += [chair] if chair is not None else []
    for drop, invitee in dropped:
        write_drop(meeting, drop, invitee, actor=actor, now=now)
    settle(judgement, meeting, JudgementStatus.ARRANGED, actor=actor, now=now)
    inviting.give_access(meeting, invitations, actor=actor, now=now)
    for invitation in invitations:
        inviting.send(meeting, invitation, letterhead=labelled, now=now)
    for extra in choice.extras:
        _ask_too(meeting, extra, letterhead=labelled, actor=actor, now=now)
    inviting.set_tasks(meeting, invitations, found.required.tasks, now=now)
    _tell_managers(meeting, involvement, actor=actor, letterhead=labelled, now=now)
    audit.record(
        actor, "meeting.convened", "meeting", meeting.id, child_id=meeting.child_id, now=now
    )
    session.flush()
    return meeting


def hold(judgement: Judgement) -> Meeting | None:
    """Take the judgement's row; return the meeting if the same decision was made meanwhile.

    Raises:
        Conflict: it was decided otherwise, or judged again.
    """
    session.flush()
    session.refresh(judgement, with_for_update=True)
    if judgement.status in _UNDECIDED:
        return None
    if judgement.status is JudgementStatus.ARRANGED and judgement.meeting_id is not None:
        return session.get_one(Meeting, judgement.meeting_id)
    if judgement.status is JudgementStatus.SUPERSEDED:
        raise Conflict(
            "Something became known and this was judged again. Look at the new decision first."
        )
    raise Conflict("This decision was made already. Look at what was decided.")


def settle(
    judgement: Judgement,
    meeting: Meeting,
    status: JudgementStatus,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down what was decided, and take the decision off every list."""
    judgement.status, judgement.meeting_id = status, meeting.id
    judgement.decided_by_id, judgement.decided_at = actor.account_id, now
    judgement.choice = None
    session.flush()
    tasks.finish_about(
        judgement.id, *_DECISION_TASKS, actor=actor, now=now, outcome=f"Arranged: {meeting.ref}"
    )


def chosen(
    invitees: Sequence[Invitee], drops: Sequence[Drop]
) -> tuple[list[Invitee], list[tuple[Drop, Invitee]]]:
    """Return who is invited, and who is left out with the reason.

    Raises:
        Refused: a seat the law asks for is left out, or one without a reason.
    """
    by_seat = {drop.seat: drop for drop in drops}
    kept: list[Invitee] = []
    dropped: list[tuple[Drop, Invitee]] = []
    for invitee in invitees:
        drop = by_seat.get(seats.seat_key(invitee.slot))
        if drop is None:
            kept.append(invitee)
            continue
        name = invitee.slot.role_name.lower()
        slots = (invitee.slot, *invitee.also)
        if any(s.is_statutory or s.requirement is Requirement.QUORUM for s in slots):
            raise Refused(
                "invitation.statutory",
                f"The {name} has to be invited: without them there is no quorum.",
            )
        if not drop.reason.strip():
            raise Refused("invitation.reason", f"Give a reason for not inviting the {name}.")
        dropped.append((drop, invitee))
    return kept, dropped


def write_drop(
    meeting: Meeting, drop: Drop, invitee: Invitee, *, actor: Actor, now: datetime
) -> None:
    """Keep who was left out of a meeting, by whom and why."""
    session.add(
        Dropped(
            meeting_id=meeting.id,
            role=invitee.slot.role,
            role_name=invitee.slot.role_name,
            agency_name=invitee.agency_name,
            rule_id=invitee.slot.rule_id,
            reason=drop.reason.strip(),
            by_id=actor.account_id,
            at=now,
        )
    )
    audit.record(
        actor,
        "invitation.dropped",
        "meeting",
        meeting.id,
        child_id=meeting.child_id,
        now=now,
        detail=invitee.slot.role,
    )


def convening_team(involvement: Involvement, actor: Actor) -> uuid.UUID | None:
    """Return the team that convenes: the child's, if it has a telephone, else the recording one.

    The mails carry its neutral name and its number, so a team without one cannot convene.
    """
    recording = session.scalar(
        select(Incident.team_id).where(Incident.id == involvement.incident_id)
    )
    wanted = [judging.team_of(involvement), recording, *sorted(actor.team_ids, key=str)]
    for team_id in wanted:
        team = session.get(Team, team_id) if team_id else None
        if team is not None and team.telephone:
            return team.id
    return next((team_id for team_id in wanted if team_id), None)


def free_reference() -> str:
    """Return a meeting reference that no meeting has."""
    while True:
        ref = new_reference("M")
        if session.scalar(select(Meeting.id).where(Meeting.ref == ref)) is None:
            return ref


def post_with_label(letterhead: Letterhead, pack: Pack) -> Letterhead:
    """Return the letterhead with the neutral name that the pack gives every meeting."""
    return replace(letterhead, label=pack.settings.mail_label)


def _meeting(
    judgement: Judgement,
    choice: Choice,
    kind: str,
    starts_at: datetime,
    *,
    pack: Pack,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Meeting:
    involvement = session.get_one(Involvement, judgement.involvement_id)
    return Meeting(
        ref=free_reference(),
        uid=new_uid(letterhead.domain),
        sequence=0,
        child_id=judgement.child_id,
        type=kind,
        type_name=rulebook(pack).meeting_types[kind].words,
        pack_version_id=judgement.pack_version_id,
        judgement_id=judgement.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=choice.minutes),
        wall_date=choice.on,
        wall_time=choice.at,
        minutes=choice.minutes,
        status=MeetingStatus.ARRANGED,
        how=choice.how,
        joining=choice.joining.strip() or None,
        chair_id=choice.chair_id,
        convenor_id=actor.account_id,
        team_id=convening_team(involvement, actor),
        deadline_on=judgement.deadline_on,
        deadline_at=judgement.deadline_at,
        late_reason=choice.late_reason.strip() or None,
        overlap_reason=choice.overlap_reason.strip() or None,
        created_at=now,
    )


def _same_again(there: Meeting, choice: Choice) -> Meeting:
    """A second press of the same button; another choice would be another meeting."""
    if (there.wall_date, there.wall_time) == (choice.on, choice.at):
        return there
    raise Conflict(f"{there.ref} was arranged for this meanwhile. Open it to change its time.")


def _ask_too(
    meeting: Meeting, extra: Extra, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    entry = seats.entry_by_key(extra.entry, now=now)
    if entry is None:
        raise Refused(
            "invitation.entry", "This contact is not in the directory any more. Choose another."
        )
    later_invitees.add_invitee(
        meeting, entry, extra.why, letterhead=letterhead, actor=actor, now=now
    )


def _tell_managers(
    meeting: Meeting,
    involvement: Involvement,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    managers.tell(
        judging.team_of(involvement),
        reference=meeting.ref,
        link=f"/meetings/{meeting.ref}",
        subject_id=meeting.id,
        key=f"convened:{meeting.id}",
        letterhead=letterhead,
        now=now,
        meeting=meeting,
        except_id=actor.account_id,
    )
