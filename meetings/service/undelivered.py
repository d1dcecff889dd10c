"""A mail that did not arrive: nobody was told, so a person rings; never silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.db import session
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy
from meetings.models.tasks import Task
from meetings.service import post, tasks
from meetings.terms import InvitationState
from notifications.terms import Letterhead, LetterKind
from people.models.children import Child
from people.queries import directory
from people.terms import Actor
from plans.models.actions import Action
from plans.models.plans import Plan

BOUNCED = "bounced"
_UNTOLD = (InvitationState.NOT_SENT, InvitationState.NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that did not arrive.

    Attributes:
        cause_id: the mail, or the report on it; makes the same fault one task.
        subject_id: what the mail was about: an invitation, a deputy, an action, an account.
    """

    cause_id: UUID
    subject_id: UUID
    reference: str
    address: str


def note(undelivered: Undelivered, *, letterhead: Letterhead, actor: Actor, now: datetime) -> bool:
    """Ask the convenor to ring whoever was not reached, and show it on the meeting.

    Returns:
        Whether anything was done: the same fault asks once.
    """
    key = f"{BOUNCED}:{undelivered.cause_id}"
    if session.scalar(select(Task.id).where(Task.key == key)) is not None:
        return False
    invitation, deputy = _invitee(undelivered.subject_id)
    if invitation is None:
        return _tell_elsewhere(undelivered, key, actor=actor, now=now)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    is_current = undelivered.address.lower() == (invitation.email or "").lower()
    if deputy is None and not is_current:
        return False
    if deputy is None and invitation.state in _UNTOLD:
        invitation.state = InvitationState.UNDELIVERABLE
    tasks.ask(
        BOUNCED,
        ref=meeting.ref,
        words=_words(invitation, deputy, meeting),
        key=key,
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        due_at=None,
        now=now,
    )
    post.tell_convenor(
        meeting, kind=LetterKind.ADDRESS_BOUNCED, key=key, letterhead=letterhead, now=now
    )
    audit.record(
        actor,
        "invitation.undelivered",
        "invitation",
        invitation.id,
        child_id=meeting.child_id,
        now=now,
    )
    session.flush()
    return True


def number_to_ring(invitation: Invitation) -> str | None:
    """Return the invitee's number, else the agency's main one. At most one statement."""
    if invitation.telephone:
        return invitation.telephone
    agency = directory.agency(invitation.agency_id) if invitation.agency_id else None
    return agency.telephone if agency else None


def _invitee(subject_id: UUID) -> tuple[Invitation | None, Deputy | None]:
    invitation = session.get(Invitation, subject_id)
    if invitation is not None:
        return invitation, None
    deputy = session.get(Deputy, subject_id)
    if deputy is None:
        return None, None
    return session.get_one(Invitation, deputy.invitation_id), deputy


def _words(invitation: Invitation, deputy: Deputy | None, meeting: Meeting) -> str:
    who = f"{invitation.role_name}, {invitation.agency_name}"
    if deputy is not None:
        who = f"{deputy.name}, who comes for {who}"
    number = number_to_ring(invitation)
    ring = f"Ring {number} now" if number else "No number is recorded: find one and ring now"
    return (
        f"A message about {meeting.ref} did not reach {who}. They have not been told. "
        f"{ring}, then put the address right."
    )


def _tell_elsewhere(undelivered: Undelivered, key: str, *, actor: Actor, now: datetime) -> bool:
    """A mail about an action, or to one of our own people, did not arrive either."""
    found = session.execute(
        select(Action, Plan, Child)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Child, Child.id == Action.child_id)
        .where(Action.ref == undelivered.reference)
    ).first()
    meeting = session.scalar(select(Meeting).where(Meeting.ref == undelivered.reference))
    if found is None and meeting is None:
        return False
    child_id = found.Child.id if found else meeting.child_id if meeting else None
    # A plan nobody leads yet still has the chair, and the child a team whose manager sees it.
    rings = (found.Plan.lead_account_id or found.Plan.chair_account_id) if found else None
    team_id = found.Child.team_id if found else meeting.team_id if meeting else None
    tasks.ask(
        BOUNCED,
        ref=undelivered.reference,
        words=f"A message about {undelivered.reference} did not reach {undelivered.address}. "
        "Ring them, then put the address right.",
        key=key,
        child_id=child_id,
        meeting_id=meeting.id if meeting else None,
        subject_id=undelivered.subject_id,
        for_account_id=rings,
        for_team_id=team_id,
        now=now,
    )
    audit.record(
        actor, "mail.undelivered", "message", undelivered.cause_id, child_id=child_id, now=now
    )
    return True
