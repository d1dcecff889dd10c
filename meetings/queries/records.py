"""Reads of records: what stands in one, who wrote it, who may release it, and which are late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import (
    Attendance,
    Decision,
    Dissent,
    ProposedAction,
    Record,
    RecordCorrection,
    RecordEdit,
    RecordSection,
    ReviewedAction,
)
from meetings.models.replies import Contribution
from meetings.terms import RecordStatus
from people.models.accounts import Account, AccountRole
from people.models.agencies import Agency, TeamMember
from people.models.children import Child
from people.models.network import Connection
from people.queries.accounts import names_of
from people.terms import Resource, Role

FEW = 12


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action of the record with the name of its agency."""

    row: ProposedAction
    agency_name: str
    agency_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Information:
    """What one agency sent for the meeting."""

    agency_name: str
    role_name: str
    sent: Contribution


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """Everything that stands in one record, each list in its order."""

    record: Record
    meeting: Meeting
    child: Child
    attendances: Sequence[Attendance]
    sections: dict[str, RecordSection]
    reviewed: Sequence[ReviewedAction]
    decisions: Sequence[Decision]
    actions: Sequence[Agreed]
    dissents: Sequence[Dissent]
    corrections: Sequence[RecordCorrection]
    names: dict[UUID, str]


def version_of_attendance(rows: Iterable[Attendance]) -> int:
    """Return a number that rises whenever somebody is marked or added."""
    return sum(1 + row.version for row in rows)


def attendance_version(meeting_id: UUID) -> int:
    """Return the version of a meeting's marks as they stand. One statement."""
    return version_of_attendance(
        session.scalars(
            select(Attendance)
            .where(Attendance.meeting_id == meeting_id)
            .execution_options(populate_existing=True)
        )
    )


def meeting_by_ref(ref: str) -> Meeting | None:
    """Return the meeting of a reference. One statement."""
    return session.scalar(select(Meeting).where(Meeting.ref == ref.upper()))


def resource(ref: str, **_: object) -> Resource | None:
    """Return what the policy is asked about for a meeting and its record. One statement."""
    meeting = meeting_by_ref(ref)
    if meeting is None:
        return None
    return Resource(
        kind="meeting",
        id=meeting.id,
        child_id=meeting.child_id,
        team_id=meeting.team_id,
        meeting_id=meeting.id,
    )


def record_of(meeting_id: UUID) -> Record | None:
    """Return the record of a meeting, if it was started. One statement."""
    return session.scalar(select(Record).where(Record.meeting_id == meeting_id))


def whole_record(record: Record, meeting: Meeting) -> WholeRecord:
    """Return everything that stands in a record. Nine statements."""
    child = session.scalars(select(Child).where(Child.id == meeting.child_id)).one()
    attendances = session.scalars(
        select(Attendance)
        .outerjoin(Invitation, Invitation.id == Attendance.invitation_id)
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Invitation.position.is_(None), Invitation.position, Attendance.marked_at)
    ).all()
    sections = session.scalars(
        select(RecordSection).where(RecordSection.record_id == record.id)
    ).all()
    actions = session.execute(
        select(ProposedAction, Agency.name, Agency.ref)
        .outerjoin(Agency, Agency.id == ProposedAction.agency_id)
        .where(ProposedAction.meeting_id == meeting.id, ProposedAction.removed_at.is_(None))
        .order_by(ProposedAction.position)
    ).all()
    decisions = session.scalars(
        select(Decision)
        .where(Decision.meeting_id == meeting.id, Decision.removed_at.is_(None))
        .order_by(Decision.position)
    ).all()
    return WholeRecord(
        record=record,
        meeting=meeting,
        child=child,
        attendances=attendances,
        sections={section.key: section for section in sections},
        reviewed=session.scalars(
            select(ReviewedAction)
            .where(ReviewedAction.meeting_id == meeting.id)
            .order_by(ReviewedAction.due_on, ReviewedAction.action_ref)
        ).all(),
        decisions=decisions,
        actions=[Agreed(row, name or "", ref) for row, name, ref in actions],
        dissents=session.scalars(
            select(Dissent)
            .where(Dissent.meeting_id == meeting.id, Dissent.removed_at.is_(None))
            .order_by(Dissent.position)
        ).all(),
        corrections=corrections_of(record.id),
        names=_names(record, meeting, sections),
    )


def corrections_of(record_id: UUID) -> Sequence[RecordCorrection]:
    """Return the corrections beside a record, first said first. One statement."""
    return session.scalars(
        select(RecordCorrection)
        .where(RecordCorrection.record_id == record_id)
        .order_by(RecordCorrection.at)
    ).all()


def released_for(invitation: Invitation) -> Record | None:
    """Return the record an invitee's link leads to, once it is released. One statement."""
    return session.scalar(
        select(Record).where(
            Record.meeting_id == invitation.meeting_id, Record.status == RecordStatus.RELEASED
        )
    )


def writers_of(record_id: UUID) -> set[UUID]:
    """Return the accounts that wrote words of a record, from its saved edits. One statement."""
    found = session.scalars(
        select(RecordEdit.by_id)
        .where(RecordEdit.record_id == record_id, RecordEdit.by_id.is_not(None))
        .distinct()
    )
    return {each for each in found if each is not None}


def who_may_release(record: Record, meeting: Meeting) -> list[Account]:
    """Return who may release: chair, allocated worker, team managers, less who wrote it.

    The managers are those of the child's team and of the convening team. Three statements.
    """
    allocated, team_id = session.execute(
        select(Child.allocated_to_id, Child.team_id).where(Child.id == meeting.child_id)
    ).one()
    teams = [each for each in (team_id, meeting.team_id) if each is not None]
    managers = (
        select(TeamMember.account_id)
        .join(AccountRole, AccountRole.account_id == TeamMember.account_id)
        .where(
            TeamMember.team_id.in_(teams),
            TeamMember.is_manager.is_(True),
            AccountRole.role == Role.TEAM_MANAGER,
        )
    )
    named = [each for each in (meeting.chair_id, allocated) if each is not None]
    wrote = writers_of(record.id)
    found = session.scalars(
        select(Account)
        .where(
            Account.id.in_(named) | Account.id.in_(managers),
            Account.is_disabled.is_(False),
        )
        .order_by(Account.name)
    ).all()
    return [account for account in found if account.id not in wrote]


def information_for(meeting_id: UUID) -> list[Information]:
    """Return what agencies sent for a meeting, each in its latest version. One statement."""
    rows = session.execute(
        select(Invitation, Contribution)
        .join(Contribution, Contribution.invitation_id == Invitation.id)
        .where(Contribution.meeting_id == meeting_id)
        .order_by(Invitation.position, Contribution.version)
    )
    latest = {invitation.id: (invitation, sent) for invitation, sent in rows}
    return [
        Information(invitation.agency_name, invitation.role_name, sent)
        for invitation, sent in latest.values()
    ]


def agencies_to_choose(meeting: Meeting, today: date) -> list[Agency]:
    """Return the agencies an action or a visitor may belong to. One statement.

    Those invited and the child's own, and all of a kind that has few: nobody wants to scroll
    through every school of the county.
    """
    few = select(Agency.kind).group_by(Agency.kind).having(func.count() <= FEW)
    invited = select(Invitation.agency_id).where(Invitation.meeting_id == meeting.id)
    own = select(Connection.agency_id).where(
        Connection.child_id == meeting.child_id, Connection.to_on.is_(None)
    )
    return list(
        session.scalars(
            select(Agency)
            .where(
                Agency.id.in_(invited) | Agency.id.in_(own) | Agency.kind.in_(few),
                Agency.closed_on.is_(None) | (Agency.closed_on > today),
            )
            .order_by(Agency.name)
        )
    )


def late_records(now: datetime) -> list[tuple[Record, Meeting]]:
    """Return the records past their time and not released, oldest first. One statement."""
    rows = session.execute(
        select(Record, Meeting)
        .join(Meeting, Meeting.id == Record.meeting_id)
        .where(Record.status != RecordStatus.RELEASED, Record.due_at < now)
        .order_by(Record.due_at)
    )
    return [(record, meeting) for record, meeting in rows]


def _names(record: Record, meeting: Meeting, sections: Sequence[RecordSection]) -> dict[UUID, str]:
    wanted = {
        meeting.chair_id,
        record.approved_by_id,
        record.released_by_id,
        record.finished_by_id,
        *(section.saved_by_id for section in sections),
    }
    return names_of({each for each in wanted if each is not None})
