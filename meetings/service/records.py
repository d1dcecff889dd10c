"""Starting a meeting, and writing its record: every place of it by itself, nothing overwritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.db import session
from core.errors import Conflict, Refused
from meetings.models.meetings import Meeting
from meetings.models.records import Record, RecordEdit, RecordSection
from meetings.record_terms import SectionWords
from meetings.terms import Heading, MeetingStatus, RecordStatus
from people.models.accounts import Account
from people.terms import Actor

# Somebody who types is saved every few seconds: one row per sitting says the same.
ONE_SITTING = timedelta(minutes=5)


def start(meeting: Meeting, *, actor: Actor, now: datetime) -> Record:
    """Start the meeting and open its record; started twice it is started once.

    Raises:
        Refused: the meeting was stood down.
    """
    if meeting.status is MeetingStatus.STOOD_DOWN:
        raise Refused(
            "meeting.stood_down", "This meeting was stood down. Arrange a new one to hold it."
        )
    record = _opened(meeting.id)
    if meeting.status is MeetingStatus.ARRANGED:
        meeting.status = MeetingStatus.IN_PROGRESS
        meeting.started_at = meeting.started_at or now
        audit.record(
            actor, "meeting.started", "meeting", meeting.id, child_id=meeting.child_id, now=now
        )
    session.flush()
    return record


def hold(record: Record) -> Record:
    """Hold a draft until the transaction ends, so that two savings come one after the other.

    Raises:
        Refused: the record is approved or released; it says what to do instead.
    """
    session.flush()
    session.refresh(record, with_for_update=True)
    if record.status is RecordStatus.APPROVED:
        raise Refused(
            "record.approved",
            "The chair has approved this record. Ask the chair to take the approval back first.",
        )
    if record.status is RecordStatus.RELEASED:
        raise Refused(
            "record.released", "This record was released. Add a correction on its page instead."
        )
    return record


def save_section(
    record: Record,
    heading: Heading,
    words: SectionWords,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> RecordSection:
    """Write what stands under one heading; other headings are not looked at.

    Args:
        seen_version: the version the writer saw; 0 when nothing stood there.

    Raises:
        Conflict: somebody else changed this heading meanwhile; ``theirs`` holds their words.
        Refused: the record is approved or released.
    """
    hold(record)
    section = session.scalar(
        select(RecordSection)
        .where(RecordSection.record_id == record.id, RecordSection.key == words.key)
        .execution_options(populate_existing=True)
    )
    if section is not None and _says(section) == _typed(words):
        return section
    stands = section.version if section is not None else 0
    if stands != seen_version:
        raise _clash(section, words)
    if section is None:
        section = RecordSection(
            record_id=record.id,
            key=words.key,
            heading=heading.heading,
            label=heading.words,
            agency_id=_agency_of(heading),
            person=heading.person,
            version=0,
        )
        session.add(section)
    section.text, section.reason, section.dated_on = words.text, words.reason, words.dated_on
    section.version += 1
    section.saved_at, section.saved_by_id = now, actor.account_id
    wrote(record, words.key, actor=actor, now=now)
    return section


def _agency_of(heading: Heading) -> UUID | None:
    """Return the directory's agency; None where the invited one stands in no directory."""
    try:
        return UUID(heading.agency_id) if heading.agency_id else None
    except ValueError:
        return None


def wrote(record: Record, place: str, *, actor: Actor, now: datetime) -> None:
    """Keep who wrote words of the record: release asks these rows, and nothing else."""
    record.version += 1
    recent = session.scalar(
        select(RecordEdit.id)
        .where(
            RecordEdit.record_id == record.id,
            RecordEdit.section == place,
            RecordEdit.by_id == actor.account_id,
            RecordEdit.at > now - ONE_SITTING,
        )
        .limit(1)
    )
    if recent is None:
        session.add(RecordEdit(record_id=record.id, section=place, by_id=actor.account_id, at=now))
    session.flush()


def _opened(meeting_id: UUID) -> Record:
    statement = select(Record).where(Record.meeting_id == meeting_id)
    there = session.scalar(statement)
    if there is not None:
        return there
    record = Record(meeting_id=meeting_id, status=RecordStatus.DRAFT, version=1)
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
    except IntegrityError:
        # Chair and note-taker pressed in the same moment: one record serves both.
        return session.scalars(statement).one()
    return record


def _says(section: RecordSection) -> tuple[object, ...]:
    return section.text, section.reason, section.dated_on


def _typed(words: SectionWords) -> tuple[object, ...]:
    return words.text, words.reason, words.dated_on


def _clash(section: RecordSection | None, words: SectionWords) -> Conflict:
    by = session.get(Account, section.saved_by_id) if section and section.saved_by_id else None
    name = by.name if by else "Somebody"
    return Conflict(
        f"{name} changed this since you opened it. Compare and choose which to keep.",
        theirs={
            "key": words.key,
            "text": section.text if section else "",
            "reason": (section.reason or "") if section else "",
            "dated_on": section.dated_on.isoformat() if section and section.dated_on else "",
            "version": str(section.version) if section else "0",
            "by": name,
            "at": section.saved_at.isoformat() if section else "",
        },
        yours={"text": words.text, "reason": words.reason or ""},
    )
