"""What the rules asked for outlives a meeting that was stood down."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.db import session
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.rules import triggers
from meetings.service import answering, judging, managers, tasks
from meetings.terms import Decision, JudgementStatus
from notifications.terms import Letterhead
from people.terms import Actor
from procedures.service import packs


def reopen(
    meeting: Meeting,
    instead: Meeting | None,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Let another meeting answer the judgements of this one, or open their decision again."""
    for judgement in answering.answered_by(meeting):
        if instead is not None and _is_answered_by(judgement, instead):
            judgement.meeting_id = instead.id
            verb = "judgement.moved"
        else:
            judgement.status, judgement.meeting_id = JudgementStatus.OPEN, None
            _ask_again(judgement, meeting, letterhead=letterhead, now=now)
            verb = "judgement.reopened"
        audit.record(actor, verb, "judgement", judgement.id, child_id=judgement.child_id, now=now)
    session.flush()


def _is_answered_by(judgement: Judgement, instead: Meeting) -> bool:
    """A weaker meeting, or one after the deadline, does not answer what the rules asked for."""
    _, pack = packs.of(judgement.pack_version_id)
    decision = Decision.from_dict(judgement.verdict)
    is_strong = judging.rank_of(instead.type, pack) >= judging.rank_of(decision.meeting_type, pack)
    return is_strong and not triggers.is_late(decision, instead.starts_at)


def _ask_again(
    judgement: Judgement, meeting: Meeting, *, letterhead: Letterhead, now: datetime
) -> None:
    involvement = session.get_one(Involvement, judgement.involvement_id)
    incident = session.get_one(Incident, involvement.incident_id)
    team_id = judging.team_of(involvement)
    decision = Decision.from_dict(judgement.verdict)
    by = f" by {decision.deadline.by}" if decision.deadline else ""
    tasks.ask(
        tasks.DECIDE,
        key=f"decide:{judgement.id}:{meeting.ref}",
        ref=involvement.ref,
        words=f"{meeting.ref} was stood down, and a {decision.meeting_name.lower()} is still "
        f"needed{by}: arrange it, hold it now, or say why not.",
        child_id=judgement.child_id,
        subject_id=judgement.id,
        for_team_id=team_id,
        for_account_id=None if team_id else incident.recorded_by_id,
        due_at=judgement.deadline_at or now,
        now=now,
    )
    managers.tell(
        team_id,
        reference=involvement.ref,
        link=f"/incidents/{involvement.ref}/decision",
        subject_id=judgement.id,
        key=f"reopened:{judgement.id}:{meeting.ref}",
        letterhead=letterhead,
        now=now,
    )
