"""Who came: one row per invitee, and one for everybody else who was there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select

from core import audit
from core.db import session
from core.errors import Refused
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Attendance, Record
from meetings.record_terms import Came, SomebodyElse
from meetings.service import records
from meetings.terms import AttendanceState, InvitationState
from people.queries import directory
from people.terms import Actor

# What an answer says about coming, where the answer alone says it.
_BY_ANSWER = {
    InvitationState.ACCEPTED: AttendanceState.PRESENT,
    InvitationState.DEPUTY: AttendanceState.PRESENT,
    InvitationState.ACCEPTED_PART: AttendanceState.PART,
    InvitationState.INFORMATION: AttendanceState.REPORT_ONLY,
    InvitationState.DECLINED: AttendanceState.APOLOGIES,
}


def mark(
    record: Record,
    meeting: Meeting,
    invitation: Invitation,
    came: Came,
    *,
    actor: Actor,
    now: datetime,
) -> Attendance:
    """Write down how an invitee took part; marked again, the last mark stands.

    Raises:
        Refused: the record is approved, or the invitee belongs to another meeting.
    """
    records.hold(record)
    if invitation.meeting_id != meeting.id:
        raise Refused("attendance.other_meeting", "This person is invited to another meeting.")
    row = _row_of(meeting, invitation, actor, now)
    has_new_note = bool(came.note) and came.note != row.note
    row.state = came.state
    row.name = came.name or _expected_name(invitation)
    row.note = came.note
    row.version += 1
    row.marked_at, row.marked_by_id = now, actor.account_id
    _audit(meeting, actor, now)
    if has_new_note:
        records.wrote(record, "attendance", actor=actor, now=now)
    session.flush()
    return row


def everyone_who_accepted(record: Record, meeting: Meeting, *, actor: Actor, now: datetime) -> int:
    """Mark everybody by their answer: who accepted is here, who declined sent apologies.

    Nobody already marked is changed, and nobody who gave no answer is marked, but the chair who
    says so.

    Returns:
        How many were marked.
    """
    records.hold(record)
    marked = set(
        session.scalars(select(Attendance.invitation_id).where(Attendance.meeting_id == meeting.id))
    )
    invited = session.scalars(
        select(Invitation).where(
            Invitation.meeting_id == meeting.id,
            Invitation.withdrawn_at.is_(None),
            or_(
                and_(Invitation.is_stale.is_(False), Invitation.state.in_(_BY_ANSWER)),
                _is_chairing(meeting, actor),
            ),
        )
    ).all()
    fresh = [invitation for invitation in invited if invitation.id not in marked]
    for invitation in fresh:
        row = _row_of(meeting, invitation, actor, now)
        row.state = _BY_ANSWER.get(invitation.state, AttendanceState.PRESENT)
        row.name = _expected_name(invitation)
    if fresh:
        _audit(meeting, actor, now)
    session.flush()
    return len(fresh)


def _is_chairing(meeting: Meeting, actor: Actor) -> ColumnElement[bool]:
    """The chair's own seat: a chair seldom answers the invitation to a meeting of their own."""
    if actor.account_id is None or actor.account_id != meeting.chair_id:
        return false()
    return and_(
        Invitation.account_id == actor.account_id, Invitation.state == InvitationState.NO_ANSWER
    )


def somebody_else(
    record: Record, meeting: Meeting, who: SomebodyElse, *, actor: Actor, now: datetime
) -> Attendance:
    """Write down somebody who came without an invitation.

    Raises:
        Refused: neither an agency of the directory nor a name of one was given.
    """
    records.hold(record)
    agency = directory.agency_by_ref(who.agency_ref) if who.agency_ref else None
    name = agency.name if agency else who.agency_name
    if not name:
        raise Refused("attendance.agency", "Choose or type the agency this person came from.")
    row = Attendance(
        meeting_id=meeting.id,
        agency_id=agency.id if agency else None,
        agency_name=name,
        agency_kind=agency.kind if agency else "",
        role="",
        role_name=who.role_name,
        name=who.name,
        state=who.state,
        marked_at=now,
        marked_by_id=actor.account_id,
    )
    session.add(row)
    _audit(meeting, actor, now)
    records.wrote(record, "attendance", actor=actor, now=now)
    return row


def _row_of(meeting: Meeting, invitation: Invitation, actor: Actor, now: datetime) -> Attendance:
    there = session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting.id, Attendance.invitation_id == invitation.id
        )
    )
    if there is not None:
        return there
    row = Attendance(
        meeting_id=meeting.id,
        invitation_id=invitation.id,
        agency_id=invitation.agency_id,
        agency_name=invitation.agency_name,
        agency_kind=invitation.agency_kind,
        role=invitation.role,
        role_name=invitation.role_name,
        state=AttendanceState.PRESENT,
        marked_at=now,
        marked_by_id=actor.account_id,
        version=0,
    )
    session.add(row)
    return row


def _expected_name(invitation: Invitation) -> str | None:
    if invitation.state is InvitationState.DEPUTY and invitation.deputy_name:
        return invitation.deputy_name
    return invitation.name


def _audit(meeting: Meeting, actor: Actor, now: datetime) -> None:
    audit.record(
        actor, "attendance.marked", "meeting", meeting.id, child_id=meeting.child_id, now=now
    )
