"""Ask the team's manager to agree before anything is sent, where the pack says so."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.db import Json, session
from core.errors import Conflict
from meetings.models.incidents import Involvement, Judgement
from meetings.service import judging, managers, tasks
from meetings.service.convening import hold
from notifications.terms import Letterhead
from people.terms import Actor


def ask_manager(
    judgement: Judgement, typed: Json, *, actor: Actor, letterhead: Letterhead, now: datetime
) -> None:
    """Keep what a worker chose and ask the team's manager to agree and send it.

    Args:
        typed: the form as it was sent; the manager sees it filled in and may change it.

    Raises:
        Conflict: it was decided meanwhile.
    """
    there = hold(judgement)
    if there is not None:
        raise Conflict(f"{there.ref} was arranged for this meanwhile. Look at it first.")
    involvement = session.get_one(Involvement, judgement.involvement_id)
    judgement.choice = typed | {"asked_by": actor.name}
    judgement.decided_by_id, judgement.decided_at = actor.account_id, now
    team_id = judging.team_of(involvement)
    tasks.ask(
        tasks.AGREE,
        key=f"agree:{judgement.id}",
        ref=involvement.ref,
        words=f"{actor.name} asks you to agree and send the invitations.",
        child_id=judgement.child_id,
        subject_id=judgement.id,
        for_team_id=team_id,
        due_at=judgement.deadline_at,
        now=now,
    )
    managers.tell(
        team_id,
        reference=involvement.ref,
        link=f"/incidents/{involvement.ref}/decision",
        subject_id=judgement.id,
        key=f"agree:{judgement.id}",
        letterhead=letterhead,
        now=now,
    )
    audit.record(
        actor,
        "judgement.put_to_manager",
        "judgement",
        judgement.id,
        child_id=judgement.child_id,
        now=now,
    )
    session.flush()
