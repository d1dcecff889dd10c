"""Timed door of judgements: what was recorded about a child since is judged again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.db import reading, session, unit_of_work
from core.logs import log
from meetings.models.incidents import Involvement, Judgement
from meetings.queries import incidents as read
from meetings.service import judging
from meetings.terms import JudgementStatus
from notifications.terms import Letterhead
from people.terms import Actor

_JUDGE = Actor.system("judging again")


def judge_open(now: datetime, letterhead: Letterhead) -> int:
    """Judge every open decision again; return how many came out otherwise.

    A school, a practice or a date of birth put right on the child's pages reaches the decision
    and the manager without anybody opening it. Each is a transaction of its own.
    """
    with reading():
        waiting = read.undecided()
    return sum(_judge_one(involvement_id, now, letterhead) for involvement_id in waiting)


def _judge_one(involvement_id: UUID, now: datetime, letterhead: Letterhead) -> bool:
    try:
        with unit_of_work():
            before = judging.standing(involvement_id)
            if before is None or not _may_be_judged(before):
                return False
            involvement = session.get_one(Involvement, involvement_id)
            after = judging.judge(
                involvement, actor=_JUDGE, letterhead=letterhead, now=now, because="facts"
            )
            return after.id != before.id
    except Exception:  # noqa: BLE001 - one child's record must not hold up the others'
        log("judging").exception("judgement.not_made")
        return False


def _may_be_judged(judgement: Judgement) -> bool:
    """A follow-up of a meeting without quorum stands whatever the incident's own facts say."""
    because = (judgement.change or {}).get("because")
    return judgement.status is JudgementStatus.OPEN and because != "inquorate"
