"""A record not released by its time climbs: chair, then team manager, then the agency's lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.db import session
from core.errors import Refused
from core.filters import plain_date
from meetings.models.meetings import Meeting
from meetings.models.records import Record, RecordChase
from meetings.service import convening, post, releasing, tasks
from meetings.terms import RecordStatus
from notifications import service as mail
from notifications.terms import ADDRESS, ConveningTeam, Letter, Letterhead, LetterKind, Recipient
from people.models.accounts import Account
from people.models.agencies import Agency, Team
from people.queries.directory import managers_of
from procedures.service import packs


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the climb, so many working days after the record was due."""

    id: str
    working_days: int


# A local default, not law: an audit found records that nobody could find weeks later.
CLIMB = (Step("chair", 0), Step("manager", 2), Step("agency_lead", 5))


def climb(record: Record, meeting: Meeting, *, letterhead: Letterhead, now: datetime) -> int:
    """Take the steps that are due and were not taken; return how many.

    A task for the chair stands on Home from the first step until the record is released,
    whether or not a mail could be sent.
    """
    session.refresh(record, with_for_update=True)
    if record.status is RecordStatus.RELEASED or record.due_at is None or record.due_at >= now:
        return 0
    taken = set(session.scalars(select(RecordChase.step).where(RecordChase.record_id == record.id)))
    _, pack = packs.of(meeting.pack_version_id)
    due_on = record.due_on or clock.today(record.due_at)
    calendar = packs.calendar_of(pack)
    today = clock.today(now)
    due = [
        step
        for step in CLIMB
        if step.id not in taken and calendar.add(due_on, step.working_days) <= today
    ]
    labelled = convening.post_with_label(letterhead, pack)
    for step in due:
        told = _tell(step, record, meeting, letterhead=labelled, now=now)
        session.add(RecordChase(record_id=record.id, step=step.id, at=now, told=told[:200]))
    if due:
        _ask_chair(record, meeting, now=now)
    session.flush()
    return len(due)


def _ask_chair(record: Record, meeting: Meeting, *, now: datetime) -> None:
    due = plain_date(record.due_on) if record.due_on else "already"
    tasks.ask(
        releasing.LATE,
        key=f"{releasing.LATE}:{record.id}",
        ref=meeting.ref,
        words=f"The record of {meeting.ref} is late: it was due {due}",
        now=now,
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=record.id,
        for_account_id=meeting.chair_id,
        for_team_id=meeting.team_id,
        due_at=record.due_at,
    )


def _tell(
    step: Step, record: Record, meeting: Meeting, *, letterhead: Letterhead, now: datetime
) -> str:
    try:
        team = post.convening_team(meeting)
    except Refused:
        return ""
    told = []
    for subject_id, address in _listeners(step, meeting):
        if address and ADDRESS.fullmatch(address):
            _send(step, record, meeting, team, subject_id, address, letterhead, now)
            told.append(step.id)
    return ", ".join(told)


def _listeners(step: Step, meeting: Meeting) -> list[tuple[UUID, str | None]]:
    if step.id == "chair":
        chair = session.get(Account, meeting.chair_id) if meeting.chair_id else None
        return [(chair.id, chair.email)] if chair else []
    if meeting.team_id is None:
        return []
    if step.id == "manager":
        return [(account.id, account.email) for account in managers_of(meeting.team_id)]
    team = session.get(Team, meeting.team_id)
    agency = session.get(Agency, team.agency_id) if team else None
    return [(agency.id, agency.lead_email)] if agency else []


def _send(
    step: Step,
    record: Record,
    meeting: Meeting,
    team: ConveningTeam,
    subject_id: UUID,
    address: str,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    mail.send_letter(
        Letter(
            kind=LetterKind.RECORD_LATE,
            reference=meeting.ref,
            recipient=Recipient(address),
            team=team,
            link=f"/meetings/{meeting.ref}/record",
            due_on=record.due_on,
        ),
        letterhead=letterhead,
        subject_id=subject_id,
        key=f"record-late:{record.id}:{step.id}:{subject_id}",
        now=now,
    )
