"""The timed door of records: one that is late climbs, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.db import reading, session, unit_of_work
from core.logs import log
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries import records as read
from meetings.service import late_records
from notifications.terms import Letterhead


def climb(now: datetime, letterhead: Letterhead) -> int:
    """Take the steps that are due for every late record; return how many.

    Run twice it does nothing more, and one that fails holds none of the others up.
    """
    with reading():
        waiting = [record.id for record, _ in read.late_records(now)]
    return sum(_climb_one(record_id, now, letterhead) for record_id in waiting)


def _climb_one(record_id: UUID, now: datetime, letterhead: Letterhead) -> int:
    try:
        with unit_of_work():
            record = session.get_one(Record, record_id)
            meeting = session.get_one(Meeting, record.meeting_id)
            return late_records.climb(record, meeting, letterhead=letterhead, now=now)
    except Exception:  # noqa: BLE001 - one record's fault must not silence the others
        log("records").exception("record.not_chased")
        return 0
