"""What an agency sends for a meeting; a correction is a new version, the old one stays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from core import audit, clock
from core.db import session
from core.errors import Refused
from meetings.given import Information
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Contribution
from meetings.terms import InvitationState, MeetingStatus, Requirement
from people.terms import Actor

_NOT_COMING = (InvitationState.DECLINED, InvitationState.UNDELIVERABLE)


def send(
    invitation: Invitation,
    information: Information,
    *,
    person_name: str,
    person_role: str,
    actor: Actor,
    now: datetime,
) -> Contribution:
    """Keep what an agency sends; it may be corrected until the meeting begins.

    Somebody who could not come or was not reached then stands as "information sent".

    Raises:
        Refused: the invitation or the meeting has ended, or the meeting has begun and there
            is a version already.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    last = latest_version(invitation)
    _require_open(invitation, meeting, is_first=last == 0, now=now)
    row = Contribution(
        invitation_id=invitation.id,
        meeting_id=meeting.id,
        since_on=last_met_on(meeting),
        injury=information.injury.answer,
        injury_text=information.injury.text,
        weapon=information.weapon.answer,
        weapon_text=information.weapon.text,
        emergency=information.emergency.answer,
        emergency_text=information.emergency.text,
        health=information.health,
        last_seen=information.last_seen,
        worries=information.worries,
        strengths=information.strengths,
        parents=information.parents,
        share_with_family=information.share_with_family.value,
        share_why=information.share_why,
        person_name=person_name,
        person_role=person_role,
        account_id=actor.account_id,
        sent_at=now,
        version=last + 1,
    )
    session.add(row)
    is_all_that_was_asked = (
        invitation.requirement is Requirement.REPORT_ONLY
        and invitation.state is InvitationState.NO_ANSWER
    )
    if invitation.state in _NOT_COMING or is_all_that_was_asked:
        invitation.state = InvitationState.INFORMATION
    audit.record(
        actor,
        "information.sent",
        "invitation",
        invitation.id,
        child_id=meeting.child_id,
        now=now,
        detail=f"version {row.version}",
    )
    session.flush()
    return row


def may_send(invitation: Invitation, meeting: Meeting, *, now: datetime) -> bool:
    """Say whether the form would be taken in now."""
    try:
        _require_open(invitation, meeting, is_first=latest_version(invitation) == 0, now=now)
    except Refused:
        return False
    return True


def latest_version(invitation: Invitation) -> int:
    """Return the number of the last version, 0 when there is none. One statement."""
    return (
        session.scalar(
            select(func.max(Contribution.version)).where(
                Contribution.invitation_id == invitation.id
            )
        )
        or 0
    )


def last_met_on(meeting: Meeting) -> date | None:
    """Return the London date of the child's last held meeting before this one. One statement."""
    at = session.scalar(
        select(func.max(Meeting.starts_at)).where(
            Meeting.child_id == meeting.child_id,
            Meeting.status == MeetingStatus.HELD,
            Meeting.starts_at < meeting.starts_at,
        )
    )
    return clock.today(at) if at else None


def _require_open(
    invitation: Invitation, meeting: Meeting, *, is_first: bool, now: datetime
) -> None:
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("information.withdrawn", "You are no longer asked about this meeting.")
    if meeting.status is MeetingStatus.STOOD_DOWN:
        raise Refused("information.stood_down", "This meeting will not take place.")
    has_begun = meeting.status is not MeetingStatus.ARRANGED or meeting.starts_at <= now
    # What was never sent is still worth having: a late word is better than none.
    if has_begun and not is_first:
        raise Refused(
            "information.begun",
            "The meeting has begun, so what you sent cannot be changed here. "
            "Ring the team that asked you.",
        )
