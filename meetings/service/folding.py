"""Let a meeting that is booked already answer a judgement, instead of making a second one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Conflict, Refused
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.queries import diary
from meetings.rules import overlap
from meetings.service import inviting, seats, tasks
from meetings.service.convening import hold, settle
from meetings.terms import Decision, Invitee, JudgementStatus
from notifications.terms import Letterhead
from people.terms import Actor
from procedures.service import packs


def use_existing(
    judgement: Judgement,
    ref: str,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Meeting:
    """Let a meeting that is booked already answer the judgement; whom it lacks is invited to it.

    Raises:
        Conflict: it was decided otherwise meanwhile.
        Refused: that meeting may not serve; ``why`` says why not.
    """
    there = hold(judgement)
    if there is not None and there.ref == ref:
        return there
    if there is not None:
        raise Conflict(f"{there.ref} was arranged for this meanwhile. Look at it first.")
    involvement = session.get_one(Involvement, judgement.involvement_id)
    _, pack = packs.of(judgement.pack_version_id)
    decision = Decision.from_dict(judgement.verdict)
    meeting = session.scalar(select(Meeting).where(Meeting.ref == ref).with_for_update())
    if meeting is None or decision.meeting_type is None:
        raise Refused("overlap.none", "This meeting is not there any more. Choose another time.")
    found = seats.for_meeting(
        involvement, decision.meeting_type, pack=pack, starts_at=meeting.starts_at, now=now
    )
    fit = overlap.candidates(
        decision,
        found.required.slots,
        diary.booked(judgement.child_id, now),
        child_id=str(judgement.child_id),
        pack=pack,
    )
    mine = next((one for one in fit if one.ref == ref), None)
    if mine is None or not mine.may_use:
        why = mine.why if mine else "It is not booked for this child before the deadline."
        raise Refused("overlap.unfit", why)
    added = _invite_missing(meeting, found.invitees, letterhead=letterhead, now=now)
    inviting.give_access(meeting, added, actor=actor, now=now)
    settle(judgement, meeting, JudgementStatus.ARRANGED, actor=actor, now=now)
    tasks.ask(
        tasks.AGENDA,
        key=f"{tasks.AGENDA}:{meeting.id}:{judgement.id}",
        ref=meeting.ref,
        words=f"{involvement.ref} is to be discussed at {meeting.ref}: put it on the agenda.",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=judgement.id,
        for_account_id=meeting.chair_id,
        for_team_id=meeting.team_id,
        due_at=meeting.starts_at,
        now=now,
    )
    audit.record(
        actor,
        "judgement.folded",
        "judgement",
        judgement.id,
        child_id=judgement.child_id,
        now=now,
    )
    return meeting


def _invite_missing(
    meeting: Meeting, wanted: Sequence[Invitee], *, letterhead: Letterhead, now: datetime
) -> list[Invitation]:
    there = session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)).all()
    asked = {(row.email or "").lower() for row in there} - {""}
    held = {(row.role, row.agency_id) for row in there}
    added: list[Invitation] = []
    for invitee in wanted:
        agency_id = uuid.UUID(invitee.agency_id) if invitee.agency_id else None
        if (invitee.email or "").lower() in asked or (invitee.role, agency_id) in held:
            continue
        invitation = inviting.seat(meeting, invitee, position=len(there) + len(added), now=now)
        inviting.send(meeting, invitation, letterhead=letterhead, now=now)
        added.append(invitation)
    return added
