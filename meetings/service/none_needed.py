"""No meeting: a reason, and the team manager's confirmation; until then the deadline runs."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.db import session
from core.errors import Conflict, NotAllowed, Refused
from meetings.models.incidents import Involvement, Judgement
from meetings.service import judging, managers, tasks
from meetings.service.convening import hold
from meetings.service.guarding import manages
from meetings.terms import JudgementStatus
from notifications.terms import Letterhead
from people.terms import Actor


def no_meeting(
    judgement: Judgement, reason: str, *, actor: Actor, letterhead: Letterhead, now: datetime
) -> None:
    """Propose that no meeting is held; the manager is asked to confirm it.

    Raises:
        Conflict: it was decided otherwise meanwhile.
        Refused: no reason is given.
    """
    if not reason.strip():
        raise Refused("judgement.reason", "Give the reason why no meeting is held.")
    _require_undecided(judgement)
    involvement = session.get_one(Involvement, judgement.involvement_id)
    judgement.status, judgement.reason = JudgementStatus.NONE_PROPOSED, reason.strip()
    judgement.decided_by_id, judgement.decided_at = actor.account_id, now
    judgement.choice = None
    team_id = judging.team_of(involvement)
    tasks.ask(
        tasks.CONFIRM_NONE,
        key=f"confirm_none:{judgement.id}:{judgement.version}",
        ref=involvement.ref,
        words=f"{actor.name} proposes that no meeting is held: confirm it, or say why one is.",
        child_id=judgement.child_id,
        subject_id=judgement.id,
        for_team_id=team_id,
        for_account_id=None if team_id else actor.account_id,
        due_at=judgement.deadline_at,
        now=now,
    )
    managers.tell(
        team_id,
        reference=involvement.ref,
        link=f"/incidents/{involvement.ref}/decision",
        subject_id=judgement.id,
        key=f"confirm_none:{judgement.id}:{judgement.version}",
        letterhead=letterhead,
        now=now,
    )
    _audit(judgement, "judgement.none_proposed", actor, now)


def confirm_none(judgement: Judgement, *, actor: Actor, now: datetime) -> None:
    """Confirm, as the team's manager, that no meeting is held; the deadline stops here.

    Raises:
        Conflict: it was decided otherwise meanwhile.
        NotAllowed: the actor does not manage the child's team.
    """
    involvement = _proposed(judgement, actor)
    judgement.status = JudgementStatus.NONE_CONFIRMED
    judgement.confirmed_by_id, judgement.confirmed_at = actor.account_id, now
    session.flush()
    tasks.finish_about(
        judgement.id, tasks.CONFIRM_NONE, tasks.DECIDE, tasks.AGREE, tasks.FOLLOW_UP,
        actor=actor, now=now, outcome=f"No meeting about {involvement.ref}.",
    )  # fmt: skip
    _audit(judgement, "judgement.none_confirmed", actor, now)


def refuse_none(judgement: Judgement, why: str, *, actor: Actor, now: datetime) -> None:
    """Say, as the team's manager, that a meeting is to be held all the same.

    Raises:
        Conflict: it was decided otherwise meanwhile.
        NotAllowed: the actor does not manage the child's team.
        Refused: no reason is given.
    """
    if not why.strip():
        raise Refused("judgement.refuse_reason", "Say why a meeting is to be held.")
    involvement = _proposed(judgement, actor)
    judgement.status, judgement.reason = JudgementStatus.OPEN, None
    session.flush()
    tasks.finish_about(
        judgement.id, tasks.CONFIRM_NONE, actor=actor, now=now, outcome="A meeting is to be held."
    )
    tasks.ask(
        tasks.DECIDE,
        key=f"decide:{judgement.id}:{judgement.version}",
        ref=involvement.ref,
        words=f"{actor.name} asks for a meeting to be held: {why.strip()}",
        child_id=judgement.child_id,
        subject_id=judgement.id,
        for_account_id=judgement.decided_by_id,
        due_at=judgement.deadline_at,
        now=now,
    )
    _audit(judgement, "judgement.none_refused", actor, now)


def _proposed(judgement: Judgement, actor: Actor) -> Involvement:
    _require_undecided(judgement)
    involvement = session.get_one(Involvement, judgement.involvement_id)
    if not manages(involvement, actor):
        raise NotAllowed("Only the manager of the child's team can confirm this.")
    if judgement.status is not JudgementStatus.NONE_PROPOSED:
        raise Refused("judgement.not_proposed", "Nobody proposed that no meeting is held.")
    return involvement


def _require_undecided(judgement: Judgement) -> None:
    there = hold(judgement)
    if there is not None:
        raise Conflict(f"{there.ref} was arranged for this meanwhile. Look at it first.")


def _audit(judgement: Judgement, verb: str, actor: Actor, now: datetime) -> None:
    audit.record(actor, verb, "judgement", judgement.id, child_id=judgement.child_id, now=now)
    session.flush()
