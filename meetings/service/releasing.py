"""From draft to everybody's hands: the chair approves, a second person releases, anyone corrects.

Who may release is known from the saved edits and from nothing a form says.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.db import session
from core.errors import Conflict, NotAllowed, Refused
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record, RecordCorrection
from meetings.queries import records as queries
from meetings.service import convening, post, tasks, telling
from meetings.terms import InvitationState, MeetingStatus, RecordStatus
from notifications.terms import Letterhead, LetterKind
from people.models.accounts import Account
from people.terms import Actor
from procedures.service import packs

APPROVE = "approve_record"
RELEASE = "release_record"
LATE = "record_late"


def approve(
    record: Record, meeting: Meeting, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Let the chair say that the record is right as it stands.

    Args:
        seen_version: the version of the record the chair read.

    Raises:
        NotAllowed: somebody else than the chair pressed.
        Conflict: words were changed since the chair opened it.
        Refused: the meeting still runs, or the record is approved already.
    """
    _lock(record)
    if actor.account_id != meeting.chair_id:
        raise NotAllowed("Only the chair of this meeting approves its record.")
    if meeting.status is not MeetingStatus.HELD:
        raise Refused("record.running", "Finish the meeting first, then approve its record.")
    if record.status is not RecordStatus.DRAFT:
        raise Refused("record.approved", "This record is approved already.")
    if record.version != seen_version:
        raise Conflict(
            "The record was changed since you opened it. Read it again, then approve it."
        )
    record.status = RecordStatus.APPROVED
    record.approved_by_id, record.approved_at = actor.account_id, now
    _audit("record.approved", record, meeting, actor, now)
    tasks.finish_about(record.id, APPROVE, actor=actor, now=now, outcome="approved")
    ask_for_release(record, meeting, now=now)
    session.flush()


def take_back_approval(record: Record, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Make an approved record a draft again, so that something can be put right.

    Raises:
        NotAllowed: somebody else than the chair pressed.
        Refused: it is not approved, or released already.
    """
    _lock(record)
    if actor.account_id != meeting.chair_id:
        raise NotAllowed("Only the chair of this meeting takes the approval back.")
    if record.status is not RecordStatus.APPROVED:
        raise Refused("record.not_approved", "Only an approved record that waits can be reopened.")
    record.status = RecordStatus.DRAFT
    record.approved_by_id = record.approved_at = None
    _audit("record.reopened", record, meeting, actor, now)
    tasks.finish_about(record.id, RELEASE, actor=actor, now=now, outcome="taken back")
    ask_for_approval(record, meeting, now=now)
    session.flush()


def release(
    record: Record,
    meeting: Meeting,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> int:
    """Give the record to everybody invited: each gets a letter with a link of their own.

    Whoever mail does not reach is put on the list of people to ring.

    Returns:
        How many letters were queued.

    Raises:
        NotAllowed: the person wrote words of it, or is not one of those who may release.
        Refused: it is not approved, or released already.
    """
    _lock(record)
    if record.status is RecordStatus.RELEASED:
        raise Refused("record.released", "This record was released already.")
    if record.status is not RecordStatus.APPROVED:
        raise Refused("record.not_approved", "The chair has not approved this record yet.")
    _require_second_person(record, meeting, actor)
    record.status = RecordStatus.RELEASED
    record.released_by_id, record.released_at = actor.account_id, now
    _audit("record.released", record, meeting, actor, now)
    tasks.finish_about(record.id, RELEASE, LATE, actor=actor, now=now, outcome="released")
    session.flush()
    return _send(record, meeting, letterhead, now)


def correct(
    record: Record,
    meeting: Meeting,
    *,
    text: str,
    reason: str,
    by_name: str,
    actor: Actor,
    now: datetime,
    invitation_id: UUID | None = None,
) -> RecordCorrection:
    """Put a correction beside a released record; the record itself stays as it was released.

    Args:
        by_name: the account's name, or name and role given with the link's code.

    Raises:
        Refused: the record is not released yet, so it can still be changed.
    """
    if record.status is not RecordStatus.RELEASED:
        raise Refused(
            "record.not_released", "The record is not released yet. Ask the chair to change it."
        )
    row = RecordCorrection(
        record_id=record.id,
        text=text,
        reason=reason,
        invitation_id=invitation_id,
        by_id=actor.account_id,
        by_name=by_name,
        at=now,
    )
    session.add(row)
    _audit("record.corrected", record, meeting, actor, now)
    if actor.account_id != meeting.chair_id and meeting.chair_id is not None:
        tasks.ask(
            tasks.CHANGED,
            ref=meeting.ref,
            words=f"Read the correction to the record of {meeting.ref}",
            now=now,
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=record.id,
            for_account_id=meeting.chair_id,
            for_team_id=meeting.team_id,
        )
    session.flush()
    return row


def ask_for_approval(record: Record, meeting: Meeting, *, now: datetime) -> None:
    """Put the approval on the chair's home page."""
    tasks.ask(
        APPROVE,
        ref=meeting.ref,
        words=f"Approve the record of {meeting.ref}",
        now=now,
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=record.id,
        for_account_id=meeting.chair_id,
        for_team_id=meeting.team_id,
        due_at=record.due_at,
    )


def ask_for_release(record: Record, meeting: Meeting, *, now: datetime) -> None:
    """Put the release on the home page of everybody who may press it."""
    for account in queries.who_may_release(record, meeting):
        tasks.ask(
            RELEASE,
            ref=meeting.ref,
            words=f"Release the record of {meeting.ref}",
            now=now,
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=record.id,
            for_account_id=account.id,
            due_at=record.due_at,
        )


def _require_second_person(record: Record, meeting: Meeting, actor: Actor) -> None:
    allowed = queries.who_may_release(record, meeting)
    if actor.account_id in {account.id for account in allowed}:
        return
    wrote = actor.account_id in queries.writers_of(record.id)
    why = (
        "You wrote part of this record, so a second person releases it."
        if wrote
        else "The chair, the child's allocated worker or the team manager releases a record."
    )
    raise NotAllowed(f"{why} {_who(allowed)}")


def _who(allowed: list[Account]) -> str:
    if not allowed:
        return "Nobody who may release it is left: name another team manager for the child's team."
    names = " or ".join(account.name for account in allowed)
    return f"Ask {names}."


def _send(record: Record, meeting: Meeting, letterhead: Letterhead, now: datetime) -> int:
    _, pack = packs.of(meeting.pack_version_id)
    labelled = convening.post_with_label(letterhead, pack)
    invited = session.scalars(
        select(Invitation)
        .where(
            Invitation.meeting_id == meeting.id,
            Invitation.state != InvitationState.WITHDRAWN,
        )
        .order_by(Invitation.position)
    ).all()
    sent = 0
    for invitation in invited:
        told = sum(
            post.send_letter(
                meeting,
                addressee,
                kind=LetterKind.RECORD_READY,
                key=f"record:{record.id}:{addressee.subject_id}",
                letterhead=labelled,
                now=now,
            )
            for addressee in post.addressees(invitation)
        )
        if not told or invitation.state is InvitationState.UNDELIVERABLE:
            words = (
                f"mail does not reach them, so tell them that the record of {meeting.ref} is ready"
            )
            telling.ask_to_ring(meeting, invitation, words, key=f"record:{record.id}", now=now)
        sent += told
    return sent


def _lock(record: Record) -> None:
    session.flush()
    session.refresh(record, with_for_update=True)


def _audit(verb: str, record: Record, meeting: Meeting, actor: Actor, now: datetime) -> None:
    audit.record(actor, verb, "record", record.id, child_id=meeting.child_id, now=now)
