"""Let the rules answer for a child's part in an incident, and keep their answers.

A judgement is never changed in place: a new answer replaces the one before, says what differs,
and never takes back a meeting by itself.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from core import audit, clock
from core.db import Json, session
from meetings import terms
from meetings.models.incidents import Incident, Involvement, Judgement, Score
from meetings.models.meetings import Meeting
from meetings.rules import triggers
from meetings.rules.rulebook import rulebook
from meetings.service import answering, managers, tasks
from meetings.service.facts import facts_for
from meetings.terms import (
    ChildFacts,
    Decision,
    IncidentFacts,
    JudgementStatus,
    MeetingStatus,
)
from notifications.terms import Letterhead
from people.models.children import Child
from people.terms import Actor
from procedures.service import packs
from procedures.terms import Pack


def judge(
    involvement: Involvement,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
    because: str,
) -> Judgement:
    """Let the rules answer for one child's part, and keep the answer if it differs.

    The first answer is given by the pack in force; later ones by the same pack, so that a
    change of rules never changes an old decision. A meeting that still serves is kept.

    Args:
        because: what became known: recorded, another_child, score, answer, cleared, facts.
    """
    before = standing(involvement.id)
    version, pack = packs.of(before.pack_version_id) if before else packs.in_force(clock.today(now))
    decision = decide(involvement, pack, now)
    if before is not None and before.verdict == decision.to_dict():
        return before
    status, meeting_id = _next_status(before, decision, pack)
    if before is not None:
        before.status = JudgementStatus.SUPERSEDED
        session.flush()
    judgement = Judgement(
        involvement_id=involvement.id,
        child_id=involvement.child_id,
        pack_version_id=version.id,
        verdict=decision.to_dict(),
        change=_change(before, decision, because),
        replaces_id=before.id if before else None,
        meeting_type=decision.meeting_type,
        deadline_on=decision.deadline.on if decision.deadline else None,
        deadline_at=decision.deadline.at if decision.deadline else None,
        status=status,
        meeting_id=meeting_id,
        made_at=now,
    )
    session.add(judgement)
    session.flush()
    audit.record(
        actor,
        "judgement.made",
        "judgement",
        judgement.id,
        child_id=judgement.child_id,
        now=now,
        detail=because,
    )
    if before is not None:
        tasks.finish_about(before.id, tasks.DECIDE, tasks.CONFIRM_NONE, tasks.AGREE,
                           actor=actor, now=now, outcome="Judged again.")  # fmt: skip
    _set_tasks(involvement, judgement, decision, letterhead=letterhead, now=now)
    return judgement


def decide(involvement: Involvement, pack: Pack, now: datetime) -> Decision:
    """Return what the rules of a pack say now, without writing anything down."""
    incident, child = facts_for(involvement, now)
    calendar = packs.calendar_of(pack)
    incident = replace(incident, scored_up_at=scored_up_at(involvement, incident, child, pack))
    return triggers.decide(incident, child, pack=pack, calendar=calendar)


def standing(involvement_id: uuid.UUID) -> Judgement | None:
    """Return the judgement that counts: the one that none replaced."""
    return session.scalar(
        select(Judgement).where(
            Judgement.involvement_id == involvement_id,
            Judgement.status != JudgementStatus.SUPERSEDED,
        )
    )


def team_of(involvement: Involvement) -> uuid.UUID | None:
    """Return the team that answers for the child: its own, else the one that recorded."""
    own = session.scalar(select(Child.team_id).where(Child.id == involvement.child_id))
    return own or session.scalar(
        select(Incident.team_id).where(Incident.id == involvement.incident_id)
    )


def scored_up_at(
    involvement: Involvement, incident: IncidentFacts, child: ChildFacts, pack: Pack
) -> datetime | None:
    """Return when a score first asked for more than was asked for without any score."""
    rows = session.scalars(
        select(Score)
        .where(Score.involvement_id == involvement.id)
        .order_by(Score.recorded_at, Score.id)
    ).all()
    if not rows:
        return None
    calendar = packs.calendar_of(pack)

    def rank(scores: tuple[terms.Score, ...]) -> int:
        answer = triggers.decide(
            replace(incident, scores=scores), child, pack=pack, calendar=calendar
        )
        return rank_of(answer.meeting_type, pack)

    unscored = rank(())
    for place, row in enumerate(rows, start=1):
        if rank(incident.scores[:place]) > unscored:
            known = involvement.known_at >= row.recorded_at
            return None if known else row.recorded_at
    return None


def rank_of(meeting_type: str | None, pack: Pack) -> int:
    """Return how strong a meeting type is; none at all is weakest."""
    item = rulebook(pack).meeting_types.get(meeting_type or "")
    return item.number("rank") if item else -1


def _next_status(
    before: Judgement | None, decision: Decision, pack: Pack
) -> tuple[JudgementStatus, uuid.UUID | None]:
    """Keep what people did as far as it still answers the rules; else the decision is open."""
    if before is None:
        return JudgementStatus.OPEN, None
    if before.status is JudgementStatus.NONE_CONFIRMED:
        same = (before.meeting_type, before.deadline_at) == (
            decision.meeting_type,
            decision.deadline.at if decision.deadline else None,
        )
        return (before.status if same else JudgementStatus.OPEN), None
    meeting = session.get(Meeting, before.meeting_id) if before.meeting_id else None
    if meeting is None or meeting.status is MeetingStatus.STOOD_DOWN:
        return JudgementStatus.OPEN, None
    is_strong = rank_of(meeting.type, pack) >= rank_of(decision.meeting_type, pack)
    if is_strong and _is_in_time(before, decision, meeting):
        return before.status, meeting.id
    return JudgementStatus.OPEN, None


def _is_in_time(before: Judgement, decision: Decision, meeting: Meeting) -> bool:
    """A meeting of another incident may serve a little later, where a rule says so."""
    if not triggers.is_late(decision, meeting.starts_at):
        return True
    until = decision.fold_until
    is_within = until is not None and clock.today(meeting.starts_at) <= until
    return is_within and answering.is_folded_in(before, meeting)


def _change(before: Judgement | None, decision: Decision, because: str) -> Json | None:
    if before is None:
        return None
    was = Decision.from_dict(before.verdict)
    meeting = session.get(Meeting, before.meeting_id) if before.meeting_id else None
    return {
        "because": because,
        "was": _in_short(was),
        "now": _in_short(decision),
        "status_was": before.status.value,
        "meeting_ref": meeting.ref if meeting else None,
    }


def _in_short(decision: Decision) -> Json:
    return {
        "meeting": decision.meeting_name,
        "by": decision.deadline.by if decision.deadline else "",
        "rules": [rule.rule_id for rule in decision.fired],
    }


def _set_tasks(
    involvement: Involvement,
    judgement: Judgement,
    decision: Decision,
    *,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    team_id = team_of(involvement)
    incident = session.get_one(Incident, involvement.incident_id)
    for_recorder = None if team_id else incident.recorded_by_id
    for due in decision.tasks:
        tasks.ask(
            due.task_id,
            key=f"{due.task_id}:{involvement.id}",
            ref=involvement.ref,
            words=f"{due.role_name}: {due.words}.",
            child_id=involvement.child_id,
            subject_id=involvement.id,
            for_team_id=team_id,
            for_account_id=for_recorder,
            due_at=due.due.at if due.due else None,
            now=now,
        )
    if judgement.status is not JudgementStatus.OPEN:
        return
    tasks.ask(
        tasks.DECIDE,
        key=f"decide:{judgement.id}",
        ref=involvement.ref,
        words=_what_to_decide(decision),
        child_id=involvement.child_id,
        subject_id=judgement.id,
        for_team_id=team_id,
        for_account_id=for_recorder,
        due_at=decision.decide_by.at,
        now=now,
    )
    managers.tell(
        team_id,
        reference=involvement.ref,
        link=f"/incidents/{involvement.ref}/decision",
        subject_id=judgement.id,
        key=f"judged:{judgement.id}",
        letterhead=letterhead,
        now=now,
    )


def _what_to_decide(decision: Decision) -> str:
    if decision.meeting_type is None or decision.deadline is None:
        return (
            "No rule that is sure asks for a meeting. Hold one anyway, or say why none is needed."
        )
    return (
        f"{decision.meeting_name} needed by {decision.deadline.by}: "
        "arrange it, hold it now, or say why not."
    )
