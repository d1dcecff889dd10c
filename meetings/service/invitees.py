"""Who is asked after the invitations went out: add, withdraw, put an address right, send again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit
from core.db import session
from core.errors import Refused
from meetings.given import LINK_LIFE
from meetings.models.invitations import Dropped, Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import ReplyNote
from meetings.rules.rulebook import rulebook
from meetings.service import deputies, post, scheduling, tasks
from meetings.service.addresses import is_known_address
from meetings.service.undelivered import BOUNCED
from meetings.terms import (
    InvitationState,
    MeetingStatus,
    NoteKind,
    Requirement,
)
from notifications import service as mail
from notifications.terms import ADDRESS, Letterhead, LetterKind, Reason
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
    _require_arranged(meeting)
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
    _forget_answer(invitation)
    session.flush()
    _give_access(meeting, entry, actor=actor, now=now)
    _send(meeting, invitation, letterhead=letterhead, now=now)
    _audit("invitation.added", meeting, invitation, actor, now)
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
    _require_arranged(meeting)
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
    _cancel(meeting, invitation, Reason.NOT_ASKED_ANY_MORE, letterhead=letterhead, now=now)
    invitation.state = InvitationState.WITHDRAWN
    invitation.withdrawn_at, invitation.withdrawn_reason = now, reason.strip()
    if invitation.rule_id:
        _drop(meeting, invitation, reason, actor=actor, now=now)
    _take_access(meeting, invitation, actor=actor, now=now)
    tasks.finish_about(
        invitation.id, *scheduling.GONE, actor=actor, now=now, outcome="No longer invited."
    )
    _audit("invitation.withdrawn", meeting, invitation, actor, now)
    session.flush()


def correct_address(
    invitation: Invitation,
    email: str,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a mistyped address right: the old one is cancelled and its links and token die.

    Raises:
        Refused: the address is not one the agency is known by, it is the same, or the meeting
            has begun.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    _require_arranged(meeting)
    email = email.strip()
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("invitee.withdrawn", "This invitation was withdrawn. Invite them again.")
    if email.lower() == (invitation.email or "").lower():
        raise Refused("invitee.same", "This is the address it went to already.")
    if not ADDRESS.fullmatch(email) or not is_known_address(invitation, email):
        raise Refused(
            "invitee.unknown_address",
            f"{invitation.agency_name} is not known by this address. Add it to the agency in the "
            "directory first, so that two people have seen it.",
        )
    invitation.sequence += 1
    if invitation.email:
        _cancel(meeting, invitation, Reason.ADDRESS_CORRECTED, letterhead=letterhead, now=now)
    post.end_links(invitation, now=now)
    invitation.email = email
    invitation.reply_token = mail.new_reply_token()
    invitation.state = InvitationState.NO_ANSWER
    _forget_answer(invitation)
    session.flush()
    _send(meeting, invitation, letterhead=letterhead, now=now)
    tasks.finish_about(
        invitation.id, BOUNCED, actor=actor, now=now, outcome="The address was put right."
    )
    _audit("invitation.address_corrected", meeting, invitation, actor, now)


def resend(
    invitation: Invitation, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Send the same invitation again, to one invitee: same SEQUENCE, the answer stays.

    Raises:
        Refused: there is no address, the meeting has begun, or it was sent again too often.
    """
    session.refresh(invitation, with_for_update=True)
    meeting = session.get_one(Meeting, invitation.meeting_id)
    _require_arranged(meeting)
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("invitee.withdrawn", "This invitation was withdrawn. Invite them again.")
    if not invitation.email:
        raise Refused("invitee.no_address", "No address is recorded. Ring them instead.")
    if resends_since(invitation, now - timedelta(hours=1)) >= MOST_RESENDS_AN_HOUR:
        raise Refused("invitee.resends", "It was sent three times within the hour. Ring them.")
    session.add(
        ReplyNote(
            invitation_id=invitation.id, kind=NoteKind.RESENT, words="Sent again.", at=now
        )
    )
    session.flush()
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=invitation.sequence,
                key=f"invitation:{invitation.id}:resend:{now.isoformat()}",
                letterhead=letterhead,
                now=now,
            )
    if invitation.state in (InvitationState.UNDELIVERABLE, InvitationState.NOT_SENT):
        invitation.state = InvitationState.NO_ANSWER
    _audit("invitation.resent", meeting, invitation, actor, now)


def resends_since(invitation: Invitation, since: datetime) -> int:
    """Return how often an invitation was sent again since. One statement."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ReplyNote)
            .where(
                ReplyNote.invitation_id == invitation.id,
                ReplyNote.kind == NoteKind.RESENT,
                ReplyNote.at > since,
            )
        )
        or 0
    )


def _require_arranged(meeting: Meeting) -> None:
    if meeting.status is not MeetingStatus.ARRANGED:
        raise Refused("meeting.begun", "Invitations can be changed until the meeting begins.")


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


def _forget_answer(invitation: Invitation) -> None:
    invitation.answered_at = invitation.answer_dtstamp = None
    invitation.answer_sequence = invitation.answer_channel = None
    invitation.part_note = None
    invitation.is_stale = False


def _send(
    meeting: Meeting, invitation: Invitation, *, letterhead: Letterhead, now: datetime
) -> None:
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=invitation.sequence,
                key=f"invitation:{invitation.id}:{invitation.sequence}:request",
                letterhead=letterhead,
                now=now,
            )
    if scheduling.cannot_be_told(invitation, meeting, now=now):
        words = f"they are asked to {meeting.ref}"
        key = f"asked:{invitation.sequence}"
        scheduling.ask_to_ring(meeting, invitation, words, key=key, now=now)


def _cancel(
    meeting: Meeting,
    invitation: Invitation,
    reason: Reason,
    *,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    for addressee in post.addressees(invitation):
        if addressee.deputy_id is None:
            post.send_cancel(
                meeting,
                addressee,
                kind=LetterKind.UNINVITED,
                sequence=invitation.sequence,
                reason=reason,
                letterhead=letterhead,
                now=now,
            )


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


def _give_access(
    meeting: Meeting, entry: DirectoryEntry, *, actor: Actor, now: datetime
) -> None:
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


def _take_access(
    meeting: Meeting, invitation: Invitation, *, actor: Actor, now: datetime
) -> None:
    if invitation.account_id is not None:
        relations.close(
            invitation.account_id,
            meeting.child_id,
            RelationKind.INVITED,
            actor=actor,
            now=now,
            meeting_id=meeting.id,
        )


def _audit(
    verb: str, meeting: Meeting, invitation: Invitation, actor: Actor, now: datetime
) -> None:
    audit.record(
        actor, verb, "invitation", invitation.id, child_id=meeting.child_id, now=now
    )
