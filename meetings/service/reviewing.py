"""What the meeting hears about the actions of earlier meetings, before anything new is agreed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core import clock
from core.db import session
from core.errors import Conflict, Refused
from meetings.models.meetings import Meeting
from meetings.models.records import Record, ReviewedAction
from meetings.record_terms import ReviewOutcome, ReviewWords
from meetings.service import records
from meetings.terms import MeetingStatus
from people.terms import Actor
from plans.queries.actions import ListedAction


def review(
    record: Record,
    meeting: Meeting,
    listed: ListedAction,
    words: ReviewWords,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> ReviewedAction:
    """Write down what was heard about an action; the action itself hears of it at the finish.

    Args:
        seen_version: the version the writer saw; 0 when nothing was written yet.

    Raises:
        Conflict: somebody else wrote about this action meanwhile.
        Refused: it belongs to another child, the evidence is missing, or the meeting is over.
    """
    records.hold(record)
    _require_sense(meeting, listed, words, now)
    action = listed.action
    row = session.scalar(
        select(ReviewedAction)
        .where(ReviewedAction.meeting_id == meeting.id, ReviewedAction.action_id == action.id)
        .execution_options(populate_existing=True)
    )
    values: dict[str, object] = {
        "outcome": words.outcome.value,
        "note": words.note,
        "new_due_on": words.new_due_on,
    }
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    if (row.version if row else 0) != seen_version:
        raise _clash(row, values)
    if row is None:
        row = ReviewedAction(
            meeting_id=meeting.id,
            action_id=action.id,
            action_ref=action.ref,
            what=action.what,
            owner=", ".join(filter(None, (action.owner_name, listed.agency_name))),
            due_on=action.due_on,
            version=0,
        )
        session.add(row)
    row.outcome, row.note, row.new_due_on = words.outcome, words.note, words.new_due_on
    row.version += 1
    row.marked_at, row.marked_by_id = now, actor.account_id
    session.flush()
    if words.note:
        records.wrote(record, f"previous/{action.ref}", actor=actor, now=now)
    return row


def _require_sense(
    meeting: Meeting, listed: ListedAction, words: ReviewWords, now: datetime
) -> None:
    if meeting.status is not MeetingStatus.IN_PROGRESS:
        raise Refused(
            "record.finished", "The meeting is finished. Change the action on its own page."
        )
    if listed.action.child_id != meeting.child_id:
        raise Refused("review.other_child", "This action belongs to another child.")
    if words.outcome is ReviewOutcome.CHANGED and not (words.note or words.new_due_on):
        raise Refused(
            "review.change", f"Say what changes about action {listed.action.ref}, or by when."
        )
    if words.new_due_on is not None and words.new_due_on < clock.today(now):
        raise Refused("review.date", "The date must be today or later.")
    if words.outcome is ReviewOutcome.DONE and not words.note:
        raise Refused("review.evidence", f"Say what was done for action {listed.action.ref}.")


def _clash(row: ReviewedAction | None, values: dict[str, object]) -> Conflict:
    return Conflict(
        "Somebody else wrote about this action since you opened it. Choose which to keep.",
        theirs={
            "outcome": row.outcome if row else "",
            "note": (row.note or "") if row else "",
            "new_due_on": str(row.new_due_on or "") if row else "",
            "version": str(row.version) if row else "0",
        },
        yours={name: str(value or "") for name, value in values.items()},
    )
