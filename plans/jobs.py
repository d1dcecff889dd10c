"""The timed doors of plans: owners who left, the ladder, and the owners' digests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from apscheduler.triggers.cron import CronTrigger

from core import clock
from core.db import reading, session, unit_of_work
from core.logs import log
from core.scheduler import Job
from core.settings import Settings
from notifications.service import letterhead
from notifications.terms import Letterhead
from people.terms import Actor
from plans.models import Action
from plans.queries import chase
from plans.rules.escalation import read_ladder
from plans.service import chasing
from plans.service.chasing import Standard
from procedures.service import packs

Thing = TypeVar("Thing")
SWEEP = Actor.system("the ladder of overdue actions")
ORPHANS = Actor.system("the search for owners who left")


def jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the jobs of this room: the ladder at 07:30 on weekdays, owners who left each hour."""
    head = letterhead(settings)
    return (
        Job(
            "plans.sweep_overdue",
            CronTrigger(day_of_week="mon-fri", hour=7, minute=30, timezone=clock.LONDON),
            partial(sweep_overdue, head=head),
        ),
        Job(
            "plans.find_owners_who_left",
            CronTrigger(hour="6-20", minute=5, timezone=clock.LONDON),
            partial(find_owners_who_left, head=head),
        ),
    )


def sweep_overdue(now: datetime, *, head: Letterhead) -> int:
    """Take every step of the ladder that is due by now and return how many.

    On a day that is not a working day nothing is sent; the next working day makes it good.
    One transaction for each action, then one for each digest: one that fails is logged, holds
    up no other, and is due again at the next run.
    """
    on = clock.today(now)
    with reading():
        standard = standard_on(now)
        if not standard.calendar.is_working_day(on):
            return 0
    find_owners_who_left(now, head=head)

    def take(action_id: UUID) -> int:
        action = session.get_one(Action, action_id)
        return chasing.take_steps(action, standard, letterhead=head, actor=SWEEP, now=now)

    def send(address: str) -> int:
        return chasing.send_digest(address, letterhead=head, now=now)

    with reading():
        due = list(chasing.due_today(standard, on))
    taken = _each("plans.step_failed", due, take)
    with reading():
        addresses = list(chase.owners_with_a_digest())
    _each("plans.digest_failed", addresses, send)
    return taken


def find_owners_who_left(now: datetime, *, head: Letterhead) -> int:
    """Let the deputy, or the agency's manager, step in for owners who left; return how many."""

    def replace(action_id: UUID) -> int:
        action = session.get_one(Action, action_id)
        chasing.replace_owner_who_left(action, letterhead=head, actor=ORPHANS, now=now)
        return 1

    with reading():
        orphans = list(chase.without_owner(clock.today(now)))
    return _each("plans.orphan_failed", orphans, replace)


def standard_on(now: datetime) -> Standard:
    """Return the ladder and the working days of the pack in force. At most two statements."""
    _, pack = packs.in_force(clock.today(now))
    return Standard(
        read_ladder(
            pack.items("ladder_step", on=clock.today(now)),
            safety_divisor=pack.settings.safety_action_divisor,
        ),
        packs.calendar_of(pack),
    )


def _each(event: str, items: Sequence[Thing], do: Callable[[Thing], int]) -> int:
    """Do one thing after the other, each in its own transaction; one that fails waits."""
    done = 0
    for item in items:
        try:
            with unit_of_work():
                done += do(item)
        except Exception:  # noqa: BLE001 - whatever it was, the others must still be done
            log("plans").error(event, exc_info=True)
    return done
