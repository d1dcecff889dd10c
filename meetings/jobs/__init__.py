"""What the worker does for meetings by the clock."""

from __future__ import annotations

import functools
from datetime import datetime

from apscheduler.triggers.interval import IntervalTrigger

from core.scheduler import Job
from core.settings import Settings
from meetings.jobs import judgements, records, replies
from notifications.service import letterhead


def jobs(settings: Settings) -> tuple[Job, ...]:
    """Return this room's jobs; each does whatever is due up to now."""

    def with_letterhead(run: object) -> functools.partial[int]:
        return functools.partial(_run, run, settings)

    return (
        Job("replies.apply", IntervalTrigger(seconds=5), with_letterhead(replies.apply_replies)),
        Job("replies.failures", IntervalTrigger(minutes=1), with_letterhead(replies.note_failures)),
        Job("replies.silence", IntervalTrigger(minutes=15), with_letterhead(replies.chase_silence)),
        Job("judging.again", IntervalTrigger(minutes=5), with_letterhead(judgements.judge_open)),
        Job("records.late", IntervalTrigger(minutes=30), with_letterhead(records.climb)),
    )


def _run(run: object, settings: Settings, now: datetime) -> int:
    assert callable(run)  # noqa: S101 - the tuple above names functions
    return int(run(now, letterhead(settings)))
