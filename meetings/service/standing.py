"""How a meeting stands: its headings, its quorum by attendance, and what is still missing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.db import session
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import (
    Attendance,
    Decision,
    ProposedAction,
    Record,
    RecordSection,
    ReviewedAction,
)
from meetings.models.replies import Contribution
from meetings.rules import agenda, closing, quorum
from meetings.service import deciding
from meetings.service.facts import child_facts, facts_for
from meetings.terms import (
    ChildFacts,
    Gap,
    Heading,
    IncidentFacts,
    InvitationState,
    Party,
    Quorum,
    Requirement,
)
from people.models.children import Child
from people.queries.network import network_of
from people.terms import ConnectionKind
from plans.queries.actions import ListedAction, actions_of_child
from plans.terms import ActionStatus
from procedures.service import packs

# The agenda's ids under which the page shows more than a box for words.
PREVIOUS_ACTIONS = "previous_actions"
NEXT_MEETING = "next_meeting"
_PARENTS = (ConnectionKind.PARENT, ConnectionKind.CARER)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the finish looks at."""

    headings: tuple[Heading, ...]
    quorum: Quorum
    gaps: tuple[Gap, ...]
    actions: Sequence[ProposedAction]
    decided_kinds: frozenset[str]


def standing_of(record: Record, meeting: Meeting, *, now: datetime) -> Standing:
    """Return how a running meeting stands. At most twenty statements, whatever its size."""
    invited = invited_to(meeting.id)
    attended = attended_of(meeting.id)
    sections = session.scalars(
        select(RecordSection).where(RecordSection.record_id == record.id)
    ).all()
    asked = headings_of(meeting, invited, now=now)
    decisions = deciding.standing(meeting.id, Decision)
    actions = deciding.standing(meeting.id, ProposedAction)
    stands = quorum_of(meeting, invited, attended, now=now, is_final=True)
    so_far = closing.RecordSoFar(
        written=frozenset(row.key for row in sections if row.text or row.reason)
        | _answered_otherwise(meeting, asked),
        attendance=tuple(
            row.state if (row := attended.get(invitation.id)) else None
            for invitation in invited
            if invitation.requirement != Requirement.INFORM
        ),
        decisions=len(decisions),
        decisions_without_reason=sum(not decision.reason for decision in decisions),
        actions=tuple(_agreed(action) for action in actions),
        has_chair=meeting.chair_id is not None,
    )
    return Standing(
        headings=asked,
        quorum=stands,
        gaps=closing.gaps(so_far, headings=asked, quorum=stands),
        actions=actions,
        decided_kinds=frozenset(decision.kind for decision in decisions),
    )


def headings_of(
    meeting: Meeting, invited: Sequence[Invitation], *, now: datetime
) -> tuple[Heading, ...]:
    """Return the record's headings: the pack's, for these agencies and this child's carers."""
    _, pack = packs.of(meeting.pack_version_id)
    carers = [
        entry for entry in network_of(meeting.child_id, clock.today(now)) if entry.kind in _PARENTS
    ]
    names = [(entry.person_name or entry.relationship or "", entry) for entry in carers]
    return agenda.headings(
        meeting.type,
        agencies=[
            (str(row.agency_id or row.agency_name), row.agency_name)
            for row in invited
            if row.requirement != Requirement.INFORM
        ],
        parents=[name for name, _ in names if name],
        male_carers=[name for name, entry in names if name and entry.is_male_carer],
        pack=pack,
    )


def places(
    meeting: Meeting,
    invited: Sequence[Invitation],
    sections: Mapping[str, RecordSection],
    *,
    now: datetime,
) -> dict[str, Heading]:
    """Return the record's headings under short names that hold no person's name.

    What was written under a heading that the child's network has outgrown stays at the end.
    """
    asked = headings_of(meeting, invited, now=now)
    known = {heading.key for heading in asked}
    left = [
        Heading(
            key=section.key,
            heading=section.heading,
            words=section.label,
            prompt="",
            is_required=False,
            agency_id=str(section.agency_id) if section.agency_id else None,
            person=section.person,
        )
        for section in sections.values()
        if section.key not in known
    ]
    return {place_of(heading.key): heading for heading in (*asked, *left)}


def place_of(key: str) -> str:
    """Return a heading's short name: its key may hold a parent's name, which no address may."""
    return hashlib.sha256(key.encode()).hexdigest()[:10]


def quorum_of(
    meeting: Meeting,
    invited: Sequence[Invitation],
    attended: dict[UUID | None, Attendance],
    *,
    now: datetime,
    is_final: bool = False,
) -> Quorum:
    """Return the quorum by attendance; a forecast as long as nobody is marked.

    Args:
        is_final: the meeting ends: who is not marked was not there.
    """
    _, pack = packs.of(meeting.pack_version_id)
    child, incident = _facts(meeting, now)
    ask = quorum.actual if attended or is_final else quorum.forecast
    return ask(
        meeting.type,
        parties_of(meeting, invited, attended),
        child=child,
        incident=incident,
        pack=pack,
        calendar=packs.calendar_of(pack),
    )


def parties_of(
    meeting: Meeting,
    invited: Sequence[Invitation],
    attended: dict[UUID | None, Attendance],
) -> tuple[Party, ...]:
    """Return every invitee, and everybody else who came, as the quorum looks at them."""
    wrote = set(
        session.scalars(
            select(Contribution.invitation_id).where(Contribution.meeting_id == meeting.id)
        )
    )
    others = session.scalars(
        select(Attendance).where(
            Attendance.meeting_id == meeting.id, Attendance.invitation_id.is_(None)
        )
    )
    return (
        *(
            Party(
                agency_kind=row.agency_kind,
                agency_id=str(row.agency_id) if row.agency_id else None,
                agency_name=row.agency_name,
                answer=row.state,
                attendance=marked.state if (marked := attended.get(row.id)) else None,
                has_written=row.id in wrote,
                is_excused=row.is_excused,
            )
            for row in invited
        ),
        *(
            Party(
                agency_kind=row.agency_kind,
                agency_id=str(row.agency_id) if row.agency_id else None,
                agency_name=row.agency_name,
                attendance=row.state,
            )
            for row in others
        ),
    )


def previous_actions(meeting: Meeting) -> list[ListedAction]:
    """Return the child's open actions, and those this meeting heard about. Two statements."""
    reviewed = set(
        session.scalars(
            select(ReviewedAction.action_id).where(ReviewedAction.meeting_id == meeting.id)
        )
    )
    return [
        listed
        for listed in actions_of_child(meeting.child_id)
        if listed.action.meeting_id != meeting.id
        and (listed.action.status is ActionStatus.OPEN or listed.action.id in reviewed)
    ]


def next_meeting_on(record_id: UUID) -> date | None:
    """Return the date the record names for the next meeting, if it names one."""
    return session.scalar(
        select(RecordSection.dated_on)
        .where(RecordSection.record_id == record_id, RecordSection.heading == NEXT_MEETING)
        .limit(1)
    )


def _answered_otherwise(meeting: Meeting, headings: Sequence[Heading]) -> frozenset[str]:
    """Return the headings that need no words: the agency wrote, or each action was heard."""
    sent = {
        str(agency_id)
        for agency_id in session.scalars(
            select(Invitation.agency_id)
            .join(Contribution, Contribution.invitation_id == Invitation.id)
            .where(Contribution.meeting_id == meeting.id)
        )
    }
    reviewed = set(
        session.scalars(
            select(ReviewedAction.action_id).where(ReviewedAction.meeting_id == meeting.id)
        )
    )
    waiting = [listed for listed in previous_actions(meeting) if listed.action.id not in reviewed]
    return frozenset(
        heading.key
        for heading in headings
        if heading.agency_id in sent or (heading.heading == PREVIOUS_ACTIONS and not waiting)
    )


def _facts(meeting: Meeting, now: datetime) -> tuple[ChildFacts, IncidentFacts | None]:
    judgement = session.get(Judgement, meeting.judgement_id) if meeting.judgement_id else None
    if judgement is None:
        return child_facts(session.get_one(Child, meeting.child_id), now), None
    incident, child = facts_for(session.get_one(Involvement, judgement.involvement_id), now)
    return child, incident


def invited_to(meeting_id: UUID) -> list[Invitation]:
    """Return the invitations that stand, in their order. One statement."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.meeting_id == meeting_id,
                Invitation.state != InvitationState.WITHDRAWN,
            )
            .order_by(Invitation.position)
        )
    )


def attended_of(meeting_id: UUID) -> dict[UUID | None, Attendance]:
    """Return the attendance of those invited, by invitation. One statement."""
    rows = session.scalars(
        select(Attendance).where(
            Attendance.meeting_id == meeting_id, Attendance.invitation_id.is_not(None)
        )
    )
    return {row.invitation_id: row for row in rows}


def _agreed(action: ProposedAction) -> closing.AgreedAction:
    return closing.AgreedAction(
        what=action.what,
        has_owner=bool(action.owner_name),
        has_due_date=action.due_on is not None,
        has_how_known=bool(action.how_known),
    )
