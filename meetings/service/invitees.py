"""Who is asked after the invitations went out: add, withdraw, put an address right, send again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.db import session
from core.errors import Refused
from meetings.given import LINK_LIFE
from meetings.models.invitations import Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.rules.rulebook import rulebook
from meetings.service import deputies, invitee_mail, scheduling, tasks
from meetings.terms import (
    InvitationState,
    Requirement,
)
from notifications import service as mail
from notifications.terms import Letterhead, Reason
from people.queries.contacts import DirectoryEntry
from people.service import relations
from people.terms import Actor, RelationKind
from procedures.service import packs

MOST_RESENDS_AN_HOUR = 3
_AFTER = LINK_LIFE


def add_invitee(
    meeting: Meeting,
    entry: DirectoryEntry,
    why: str,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    requirement: Requirement = Requirement.EXPECTED,
) -> Invitation:
    """Ask somebody of the directory to come; the others hear nothing.

    Somebody withdrawn before is asked again, with a SEQUENCE above their cancellation.

    Raises:
        Refused: they are asked already, no reason is given, or the meeting has begun.
    """
    invitee_mail.require_arranged(meeting)
    if not why.strip():
        raise Refused("invitee.why", "Say why they are asked to this meeting.")
    invitation = _same_seat(meeting, entry)
    if invitation is not None and invitation.state is not InvitationState.WITHDRAWN:
        raise Refused("invitee.there", f"{invitation.agency_name} is asked already.")
    if invitation is None:
        invitation = _seat(meeting, entry, requirement, now=now)
    else:
        invitation.sequence = max(meeting.sequence, invitation.sequence + 1)
        invitation.withdrawn_at = invitation.withdrawn_reason = None
        invitation.name, invitation.email = _person(entry), entry.email
        invitation.telephone = entry.telephone
    invitation.why = why.strip()
    invitation.state = InvitationState.NO_ANSWER if entry.email else InvitationState.NOT_SENT
    invitee_mail.forget_answer(invitation)
    session.flush()
    _give_access(meeting, entry, actor=actor, now=now)
    invitee_mail.send(meeting, invitation, letterhead=letterhead, now=now)
    invitee_mail.record("invitation.added", meeting, invitation, actor, now)
    return invitation


def withdraw_invitee(
    invitation: Invitation,
    reason: str,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Take an invitee off the meeting; only they are told, and their access ends at once.

    Raises:
        Refused: the law asks for them, no reason is given, or the meeting has begun.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    invitee_mail.require_arranged(meeting)
    if invitation.is_statutory:
        raise Refused(
            "invitee.statutory",
            f"The law asks for {invitation.role_name}, so the invitation stays. "
            "If they cannot come, ask for somebody else of the same agency.",
        )
    if not reason.strip():
        raise Refused("invitee.reason", f"Give a reason for not inviting {invitation.agency_name}.")
    if invitation.state is InvitationState.WITHDRAWN:
        return
    deputies.end_deputies(invitation, letterhead=letterhead, actor=actor, now=now)
    invitation.sequence += 1
    invitee_mail.cancel(
        meeting, invitation, Reason.NOT_ASKED_ANY_MORE, letterhead=letterhead, now=now
    )
    invitation.state = InvitationState.WITHDRAWN
    invitation.withdrawn_at, invitation.withdrawn_reason = now, reason.strip()
    if invitation.rule_id:
        _drop(meeting, invitation, reason, actor=actor, now=now)
    _take_access(meeting, invitation, actor=actor, now=now)
    tasks.finish_about(
        invitation.id, *scheduling.GONE, actor=actor, now=now, outcome="No longer invited."
    )
    invitee_mail.record("invitation.withdrawn", meeting, invitation, actor, now)
    session.flush()


def _same_seat(meeting: Meeting, entry: DirectoryEntry) -> Invitation | None:
    rows = session.scalars(
        select(Invitation).where(
            Invitation.meeting_id == meeting.id,
            Invitation.agency_id == entry.agency_id,
            Invitation.role == entry.role,
        )
    ).all()
    for row in rows:
        same_person = entry.email and (row.email or "").lower() == entry.email.lower()
        if same_person or (not entry.is_person and row.professional_id is None):
            return row
    return None


def _seat(
    meeting: Meeting, entry: DirectoryEntry, requirement: Requirement, *, now: datetime
) -> Invitation:
    _, pack = packs.of(meeting.pack_version_id)
    last = session.scalar(
        select(func.max(Invitation.position)).where(Invitation.meeting_id == meeting.id)
    )
    invitation = Invitation(
        meeting_id=meeting.id,
        agency_id=entry.agency_id,
        agency_name=entry.agency_name,
        agency_kind=entry.agency_kind,
        role=entry.role,
        role_name=rulebook(pack).role_name(entry.role),
        also_roles=[],
        why="",
        requirement=requirement,
        is_statutory=False,
        name=_person(entry),
        email=entry.email,
        telephone=entry.telephone,
        reply_token=mail.new_reply_token(),
        sequence=meeting.sequence,
        professional_id=entry.professional_id,
        account_id=entry.account_id,
        position=(last or 0) + 1,
        created_at=now,
    )
    session.add(invitation)
    return invitation


def _person(entry: DirectoryEntry) -> str | None:
    return entry.name if entry.is_person else None


def _drop(
    meeting: Meeting, invitation: Invitation, reason: str, *, actor: Actor, now: datetime
) -> None:
    session.add(
        Dropped(
            meeting_id=meeting.id,
            role=invitation.role,
            role_name=invitation.role_name,
            agency_name=invitation.agency_name,
            rule_id=invitation.rule_id,
            reason=reason.strip(),
            by_id=actor.account_id,
            at=now,
        )
    )


def _give_access(meeting: Meeting, entry: DirectoryEntry, *, actor: Actor, now: datetime) -> None:
    if entry.account_id is None:
        return
    relations.grant(
        entry.account_id,
        meeting.child_id,
        RelationKind.INVITED,
        why=f"Invited to {meeting.ref}.",
        actor=actor,
        now=now,
        until=meeting.ends_at + _AFTER,
        meeting_id=meeting.id,
    )


def _take_access(meeting: Meeting, invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    if invitation.account_id is not None:
        relations.close(
            invitation.account_id,
            meeting.child_id,
            RelationKind.INVITED,
            actor=actor,
            now=now,
            meeting_id=meeting.id,
        )
