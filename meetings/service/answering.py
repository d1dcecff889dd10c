"""Which judgements a meeting answers now, and the deadline that counts for it.

A meeting is convened for one judgement, but that one may be replaced by another that the meeting
still serves, and judgements of other incidents may be folded in. Each says so by its own row.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from core.db import session
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.terms import Decision, JudgementStatus
from procedures.rules.timescales import wall
from procedures.service import packs


def answered_by(meeting: Meeting) -> list[Judgement]:
    """Return the judgements the meeting is arranged for. One statement.

    Without a lock, so that one replaced in the same moment fails by its version: a lock would
    leave out both the old row and the new one.
    """
    return list(
        session.scalars(
            select(Judgement)
            .where(Judgement.meeting_id == meeting.id, Judgement.status == JudgementStatus.ARRANGED)
            .order_by(Judgement.made_at, Judgement.id)
        )
    )


def involvements_of(meeting: Meeting) -> list[Involvement]:
    """Return the parts in incidents that the meeting is or was arranged for. One statement."""
    judged = select(Judgement.involvement_id).where(
        or_(Judgement.meeting_id == meeting.id, Judgement.id == meeting.judgement_id)
    )
    return list(
        session.scalars(
            select(Involvement).where(Involvement.id.in_(judged)).order_by(Involvement.ref)
        )
    )


def is_folded_in(judgement: Judgement, meeting: Meeting) -> bool:
    """Say whether the meeting was convened for another incident than the judgement's."""
    first = session.get(Judgement, meeting.judgement_id) if meeting.judgement_id else None
    return first is None or first.involvement_id != judgement.involvement_id


def deadline_of(meeting: Meeting) -> tuple[date, datetime] | None:
    """Return the earliest date and instant by which the meeting must start, if it has one.

    The deadline it was convened with counts, and that of each judgement it answers now.
    """
    found = [_latest(judgement, meeting) for judgement in answered_by(meeting)]
    if meeting.deadline_on is not None and meeting.deadline_at is not None:
        found.append((meeting.deadline_on, meeting.deadline_at))
    return min((one for one in found if one is not None), key=lambda one: one[1], default=None)


def _latest(judgement: Judgement, meeting: Meeting) -> tuple[date, datetime] | None:
    """A rule may let a judgement that is folded in wait for its meeting a little longer."""
    if judgement.deadline_on is None or judgement.deadline_at is None:
        return None
    until = Decision.from_dict(judgement.verdict).fold_until
    if until is None or until <= judgement.deadline_on or not is_folded_in(judgement, meeting):
        return judgement.deadline_on, judgement.deadline_at
    _, pack = packs.of(judgement.pack_version_id)
    return until, wall(until, pack.settings.day_end)
