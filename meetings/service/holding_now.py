"""Hold it now: a discussion by telephone that starts at once or took place within the last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core import audit, clock
from core.db import session
from core.errors import Conflict, Refused
from core.filters import plain_date
from meetings.choices import HeldNow, TookPart
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance
from meetings.rules import quorum
from meetings.rules.rulebook import rulebook
from meetings.service import (
    convening,
    guarding,
    inviting,
    judging,
    managers,
    records,
    seats,
    tasks,
)
from meetings.service.facts import facts_for
from meetings.terms import (
    AnswerChannel,
    AttendanceState,
    InvitationState,
    Invitee,
    JudgementStatus,
    MeetingHow,
    MeetingStatus,
    Party,
    Quorum,
)
from notifications.service import new_uid
from notifications.terms import Letterhead
from people.terms import Actor
from procedures.rules.timescales import wall
from procedures.service import packs
from procedures.terms import Pack

WITHIN = timedelta(days=1)
_MINUTES = 30
_INFORMATION_WITHIN = timedelta(hours=24)


def hold_now(
    judgement: Judgement,
    held: HeldNow,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Meeting:
    """Write down a discussion by telephone: who took part, when, and whether that was a quorum.

    Whoever was not reached is asked for information. Without the legal quorum the deadline is
    not met, and a follow-up is due on the next working day. Pressed twice it is held once.

    Raises:
        Conflict: it was decided otherwise meanwhile.
        Refused: the time lies outside the last day, nobody took part, or no reason is given for
            going ahead without the legal quorum.
    """
    there = convening.hold(judgement)
    if there is not None and there.is_immediate:
        return there
    if there is not None:
        raise Conflict(
            f"{there.ref} is arranged for this already. Start it on its page, or stand it down "
            "first."
        )
    involvement = session.get_one(Involvement, judgement.involvement_id)
    version, pack = packs.of(judgement.pack_version_id)
    kind = guarding.meeting_type(judgement, held.type, pack)
    started_at = _start(held, now)
    guarding.require_chair(held.chair_id)
    found = seats.for_meeting(involvement, kind, pack=pack, starts_at=now, now=now)
    names = {part.seat: part.name.strip() for part in held.took_part}
    standing = quorum_of(involvement, kind, found.invitees, held.took_part, pack=pack, now=now)
    _require_reason(standing, held)
    here = clock.london(started_at)
    meeting = Meeting(
        ref=convening.free_reference(),
        uid=new_uid(letterhead.domain),
        sequence=0,
        child_id=judgement.child_id,
        type=kind,
        type_name=rulebook(pack).meeting_types[kind].words,
        pack_version_id=version.id,
        judgement_id=judgement.id,
        starts_at=started_at,
        ends_at=started_at + timedelta(minutes=_MINUTES),
        wall_date=here.date(),
        wall_time=here.time().replace(tzinfo=None, second=0, microsecond=0),
        minutes=_MINUTES,
        status=MeetingStatus.ARRANGED,
        how=MeetingHow.TELEPHONE,
        chair_id=held.chair_id,
        convenor_id=actor.account_id,
        team_id=convening.convening_team(involvement, actor),
        deadline_on=judgement.deadline_on,
        deadline_at=judgement.deadline_at,
        late_reason=held.why.strip() or None,
        started_at=started_at,
        is_immediate=True,
        created_at=now,
    )
    session.add(meeting)
    session.flush()
    labelled = convening.post_with_label(letterhead, pack)
    invitations = _seat_all(meeting, found.invitees, names, pack=pack, actor=actor, now=now)
    records.start(meeting, actor=actor, now=now)
    convening.settle(judgement, meeting, JudgementStatus.ARRANGED, actor=actor, now=now)
    inviting.give_access(meeting, invitations, actor=actor, now=now)
    _ask_the_others(meeting, invitations, letterhead=labelled, now=now)
    inviting.set_tasks(meeting, (), found.required.tasks, now=now)
    if not standing.is_quorate:
        _ask_follow_up(judgement, involvement, meeting, standing, pack=pack, now=now)
    managers.tell(
        judging.team_of(involvement),
        reference=meeting.ref,
        link=f"/meetings/{meeting.ref}",
        subject_id=meeting.id,
        key=f"held:{meeting.id}",
        letterhead=labelled,
        now=now,
        meeting=meeting,
        except_id=actor.account_id,
    )
    audit.record(
        actor, "meeting.held_now", "meeting", meeting.id, child_id=meeting.child_id, now=now
    )
    session.flush()
    return meeting


def quorum_of(
    involvement: Involvement,
    kind: str,
    invitees: Sequence[Invitee],
    took_part: Sequence[TookPart],
    *,
    pack: Pack,
    now: datetime,
) -> Quorum:
    """Return the quorum as held: who took part counts, nobody else."""
    there = {part.seat for part in took_part}
    incident, child = facts_for(involvement, now)
    parties = [
        Party(
            agency_kind=invitee.agency_kind,
            agency_id=invitee.agency_id,
            agency_name=invitee.agency_name,
            attendance=AttendanceState.PRESENT
            if seats.seat_key(invitee.slot) in there
            else AttendanceState.ABSENT,
            is_excused=invitee.school_closed,
        )
        for invitee in invitees
    ]
    return quorum.actual(
        kind,
        parties,
        child=child,
        incident=incident,
        pack=pack,
        calendar=packs.calendar_of(pack),
    )


def _start(held: HeldNow, now: datetime) -> datetime:
    started_at = held.started_at or now
    if started_at > now:
        raise Refused("held.future", "The discussion must have begun: enter a time up to now.")
    if now - started_at > WITHIN:
        raise Refused(
            "held.too_old",
            "The discussion must have begun within the last 24 hours. "
            "Arrange a meeting, and say there what was discussed before.",
        )
    if not held.took_part:
        raise Refused("held.nobody", "Tick who takes part, or took part, in the discussion.")
    return started_at


def _require_reason(standing: Quorum, held: HeldNow) -> None:
    if not standing.is_quorate and not held.why.strip():
        raise Refused(
            "held.no_quorum",
            f"{standing.words}. Ring them too, or say why it cannot wait: it is then recorded as "
            "not quorate, and a follow-up is due on the next working day.",
        )


def _seat_all(
    meeting: Meeting,
    invitees: Sequence[Invitee],
    names: dict[str, str],
    *,
    pack: Pack,
    actor: Actor,
    now: datetime,
) -> list[Invitation]:
    invitations = []
    for place, invitee in enumerate(invitees):
        invitation = inviting.seat(meeting, invitee, position=place, now=now)
        invitations.append(invitation)
        key = seats.seat_key(invitee.slot)
        if key not in names:
            continue
        invitation.name = names[key] or invitation.name
        invitation.state, invitation.answered_at = InvitationState.ACCEPTED, now
        invitation.answer_channel = AnswerChannel.TELEPHONE
        session.add(_attendance(meeting, invitation, actor=actor, now=now))
    chair = inviting.seat_chair(meeting, invitations, pack=pack, now=now)
    if chair is not None:
        chair.state, chair.answered_at = InvitationState.ACCEPTED, now
        chair.answer_channel = AnswerChannel.TELEPHONE
        session.add(_attendance(meeting, chair, actor=actor, now=now))
        invitations.append(chair)
    session.flush()
    return invitations


def _attendance(
    meeting: Meeting, invitation: Invitation, *, actor: Actor, now: datetime
) -> Attendance:
    return Attendance(
        meeting_id=meeting.id,
        invitation_id=invitation.id,
        agency_id=invitation.agency_id,
        agency_name=invitation.agency_name,
        agency_kind=invitation.agency_kind,
        role=invitation.role,
        role_name=invitation.role_name,
        name=invitation.name,
        state=AttendanceState.PRESENT,
        marked_at=now,
        marked_by_id=actor.account_id,
    )


def _ask_the_others(
    meeting: Meeting, invitations: Sequence[Invitation], *, letterhead: Letterhead, now: datetime
) -> None:
    for invitation in invitations:
        if invitation.state is not InvitationState.ACCEPTED:
            inviting.ask_for_information(
                meeting,
                invitation,
                answer_by_at=now + _INFORMATION_WITHIN,
                letterhead=letterhead,
                now=now,
            )


def _ask_follow_up(
    judgement: Judgement,
    involvement: Involvement,
    meeting: Meeting,
    standing: Quorum,
    *,
    pack: Pack,
    now: datetime,
) -> None:
    calendar = packs.calendar_of(pack)
    on = calendar.add(clock.today(meeting.starts_at), 1)
    team_id = judging.team_of(involvement)
    tasks.ask(
        tasks.FOLLOW_UP,
        key=f"{tasks.FOLLOW_UP}:{meeting.id}",
        ref=meeting.ref,
        words=f"{meeting.ref} had no quorum ({standing.words}): it does not meet the deadline. "
        f"Finish it, then hold a follow-up with the quorum by {plain_date(on)}.",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=judgement.id,
        for_team_id=team_id,
        for_account_id=None if team_id else meeting.convenor_id,
        due_at=wall(on, pack.settings.day_end),
        now=now,
    )
