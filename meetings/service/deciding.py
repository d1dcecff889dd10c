"""What the meeting decides: decisions, actions and dissent, each a row that is added or changed."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from core import clock
from core.db import session
from core.errors import Conflict, NotFound, Refused
from meetings.models.meetings import Meeting
from meetings.models.records import Decision, Dissent, ProposedAction, Record
from meetings.queries.meetings import invitation as invitation_of
from meetings.record_terms import DECISION_WORDS, ActionWords, DecisionWords, DissentWords
from meetings.service import records
from meetings.terms import MeetingStatus
from people.models.accounts import Account
from people.queries import directory
from people.terms import Actor

Words: TypeAlias = DecisionWords | DissentWords | ActionWords
Row: TypeAlias = Decision | Dissent | ProposedAction
Table = TypeVar("Table", bound=Decision | Dissent | ProposedAction)

_TABLES: dict[type[Words], type[Row]] = {
    DecisionWords: Decision,
    DissentWords: Dissent,
    ActionWords: ProposedAction,
}


def add(record: Record, meeting: Meeting, words: Words, *, actor: Actor, now: datetime) -> Row:
    """Write down a decision, an action or a dissent.

    Raises:
        Refused: the meeting is finished; its decisions and actions are live.
    """
    _require_open(record, meeting, words)
    _require_time_left(words, None, now)
    table = _TABLES[type(words)]
    row = table(
        meeting_id=meeting.id,
        position=_next_position(meeting.id, table),
        made_at=now,
        by_id=actor.account_id,
        version=1,
        **_values(words, meeting),
    )
    session.add(row)
    records.wrote(record, f"{table.__tablename__}/{row.position}", actor=actor, now=now)
    return row


def change(
    record: Record,
    meeting: Meeting,
    position: int,
    words: Words,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Row:
    """Change a row that stands there already.

    Raises:
        Conflict: somebody else changed it meanwhile.
        NotFound: there is no such row, or it was taken out.
        Refused: the meeting is finished.
    """
    _require_open(record, meeting, words)
    row = _row(meeting.id, position, _TABLES[type(words)])
    values = _values(words, meeting)
    before = {name: getattr(row, name) for name in values}
    if values == before:
        return row
    if row.version != seen_version:
        raise _clash(row, before, values)
    _require_time_left(words, before.get("due_on"), now)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    place = f"{row.__tablename__}/{row.position}"
    records.wrote(record, place, actor=actor, now=now)
    return row


def remove(
    record: Record,
    meeting: Meeting,
    position: int,
    what: type[Words],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a row out of the draft; it stays in the database with the time.

    Raises:
        NotFound: there is no such row.
        Refused: the meeting is finished.
    """
    records.hold(record)
    _require_running(meeting, what)
    row = _row(meeting.id, position, _TABLES[what])
    row.removed_at = now
    place = f"{row.__tablename__}/{row.position}"
    records.wrote(record, place, actor=actor, now=now)


def standing(meeting_id: UUID, table: type[Table]) -> list[Table]:
    """Return the rows that stand, in their order. One statement."""
    return list(
        session.scalars(
            select(table)
            .where(table.meeting_id == meeting_id, table.removed_at.is_(None))
            .order_by(table.position)
        )
    )


def _require_open(record: Record, meeting: Meeting, words: Words) -> None:
    records.hold(record)
    _require_running(meeting, type(words))


def _require_running(meeting: Meeting, what: type[Words]) -> None:
    """Dissent may be added until approval; decisions and actions go live with the finish."""
    if what is DissentWords or meeting.status is MeetingStatus.IN_PROGRESS:
        return
    raise Refused(
        "record.finished",
        "The meeting is finished and its decisions are live. Change an action on the plan; "
        "put a decision right with a correction once the record is released.",
    )


def _require_time_left(words: Words, before: object, now: datetime) -> None:
    """Refuse a due date that is over, unless it stood there already."""
    if not isinstance(words, ActionWords) or words.due_on is None or words.due_on == before:
        return
    if words.due_on < clock.today(now):
        raise Refused("action.due", "The date must be today or later.")


def _values(words: Words, meeting: Meeting) -> dict[str, object]:
    """Return what the words put into the columns of their table."""
    if isinstance(words, DecisionWords):
        return {
            "kind": words.kind.value,
            "kind_name": DECISION_WORDS[words.kind],
            "text": words.text,
            "reason": words.reason,
        }
    if isinstance(words, DissentWords):
        return {"agency_name": words.agency_name, "what": words.what, "why": words.why}
    return {
        "what": words.what,
        "kind": words.kind,
        "due_on": words.due_on,
        "how_known": words.how_known,
        "decision_id": _decision_id(words, meeting),
        **_owner(words, meeting),
    }


def _owner(words: ActionWords, meeting: Meeting) -> dict[str, object]:
    """Take agency, name and address from the invitee chosen, or as typed."""
    if words.owner is not None:
        invitation = invitation_of(meeting, words.owner)
        if invitation is None:
            raise Refused("action.owner", "Choose an owner from this meeting, or type one.")
        return {
            "agency_id": invitation.agency_id,
            "owner_name": invitation.name or invitation.role_name,
            "owner_email": invitation.email,
            "owner_account_id": invitation.account_id or _account_of(invitation.email),
        }
    agency = directory.agency_by_ref(words.agency_ref) if words.agency_ref else None
    if words.agency_ref and agency is None:
        raise Refused("action.agency", "Choose the agency from the list.")
    return {
        "agency_id": agency.id if agency else None,
        "owner_name": words.owner_name,
        "owner_email": words.owner_email,
        "owner_account_id": _account_of(words.owner_email),
    }


def _account_of(email: str | None) -> UUID | None:
    if not email:
        return None
    return session.scalar(
        select(Account.id).where(Account.email == email.lower(), Account.is_disabled.is_(False))
    )


def _decision_id(words: ActionWords, meeting: Meeting) -> UUID | None:
    if words.decision is None:
        return None
    return _row(meeting.id, words.decision, Decision).id


def _row(meeting_id: UUID, position: int, table: type[Table]) -> Table:
    row = session.scalar(
        select(table)
        .where(
            table.meeting_id == meeting_id,
            table.position == position,
            table.removed_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(table.__tablename__)
    return row


def _next_position(meeting_id: UUID, table: type[Row]) -> int:
    last = session.scalar(select(func.max(table.position)).where(table.meeting_id == meeting_id))
    return (last or 0) + 1


def _clash(row: Row, before: dict[str, object], values: dict[str, object]) -> Conflict:
    return Conflict(
        "Somebody else changed this since you opened it. Compare and choose which to keep.",
        theirs={**_in_words(before), "version": str(row.version)},
        yours=_in_words(values),
    )


def _in_words(values: dict[str, object]) -> dict[str, str]:
    return {name: str(value or "") for name, value in values.items()}
