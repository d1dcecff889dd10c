"""The worker's clock: each job once per slot, whoever asks first, and a heartbeat to be missed.

APScheduler only says when. A claim row per job and slot decides who runs; jobs
select whatever is due up to now, so a missed tick is made good by the next.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask
from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, session, unit_of_work
from core.logs import log

KEEP_CLAIMS = timedelta(days=7)
STALE_AFTER = timedelta(minutes=3)


class JobClaim(Base):
    """One slot of one job, taken."""

    __tablename__ = "job_claims"

    job: Mapped[str] = mapped_column(String(60), primary_key=True, comment="job's name")
    slot_at: Mapped[datetime] = mapped_column(primary_key=True, comment="the slot")
    claimed_at: Mapped[datetime] = mapped_column(comment="when it was taken")


class Heartbeat(Base):
    """When a worker last showed that it lives."""

    __tablename__ = "heartbeats"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    worker: Mapped[str] = mapped_column(String(60), unique=True, comment="which worker")
    at: Mapped[datetime] = mapped_column(comment="last sign of life")


@dataclass(frozen=True, slots=True)
class Job:
    """A timed door.

    Attributes:
        run: takes now; does what is due up to now; returns how many things it did.
    """

    name: str
    trigger: BaseTrigger
    run: Callable[[datetime], int]


def claim(job: str, slot_at: datetime, *, now: datetime) -> bool:
    """Take a slot of a job; False when another worker has it."""
    try:
        with unit_of_work():
            session.add(JobClaim(job=job, slot_at=slot_at, claimed_at=now))
            session.execute(delete(JobClaim).where(JobClaim.claimed_at < now - KEEP_CLAIMS))
    except IntegrityError:
        return False
    return True


def beat(worker: str, *, now: datetime) -> None:
    """Show that this worker lives."""
    with unit_of_work():
        row = session.scalar(select(Heartbeat).where(Heartbeat.worker == worker))
        if row is None:
            session.add(Heartbeat(worker=worker, at=now))
        else:
            row.at = now


def last_beat() -> datetime | None:
    """Return the latest sign of life of any worker."""
    return session.scalar(select(Heartbeat.at).order_by(Heartbeat.at.desc()).limit(1))


def is_alive(now: datetime) -> bool:
    """Say whether a worker showed life in the last three minutes."""
    last = last_beat()
    return last is not None and now - last <= STALE_AFTER


def run_once(app: Flask, job: Job, now: datetime) -> int:
    """Run one job now, whatever the slot; a failure is logged and waits for the next tick."""
    with app.app_context():
        try:
            done = job.run(now)
        except Exception:  # noqa: BLE001 - the clock must go on; the next tick makes it good
            log("jobs").exception("job.failed", extra={"job": job.name})
            return 0
        if done:
            log("jobs").info("job.done", extra={"job": job.name, "count": done})
        return done


def start(app: Flask, jobs: tuple[Job, ...], worker: str) -> BackgroundScheduler:
    """Start the clock of a worker in the background."""
    scheduler = BackgroundScheduler(timezone=clock.LONDON)
    for job in jobs:
        scheduler.add_job(
            _tick,
            job.trigger,
            args=(app, job, worker),
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler


def wait_for_end(scheduler: BackgroundScheduler, stopped: threading.Event) -> None:
    """Stand by until told to stop, then let running jobs finish."""
    stopped.wait()
    scheduler.shutdown(wait=True)


def _tick(app: Flask, job: Job, worker: str) -> None:
    now = clock.now()
    with app.app_context():
        beat(worker, now=now)
        mine = claim(job.name, now.replace(microsecond=0), now=now)
    if mine:
        run_once(app, job, now)
