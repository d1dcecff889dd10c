"""Who is told of a change to a meeting, and by whom: by mail, or by somebody who rings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.db import session
from core.filters import plain_instant
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.service import post, tasks
from meetings.terms import InvitationState
from notifications.terms import URGENT_WITHIN, Letterhead, LetterKind, Reason
from plans.service.letters import can_be_written_to


def ask_to_ring(
    meeting: Meeting, invitation: Invitation, words: str, *, key: str, now: datetime
) -> None:
    """Put an invitee on the list of people to ring."""
    tasks.ask(
        tasks.RING,
        ref=meeting.ref,
        words=f"Ring {invitation.role_name}, {invitation.agency_name}"
        f" ({invitation.telephone or 'no number recorded'}): {words}.",
        key=f"{tasks.RING}:{invitation.id}:{key}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=invitation.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        # After it began there is no time to wait for: the call is due at once.
        due_at=meeting.starts_at if meeting.starts_at > now else None,
        now=now,
    )


def cannot_be_told(invitation: Invitation, meeting: Meeting, *, now: datetime) -> bool:
    """Say whether mail does not reach an invitee, or might be read too late."""
    is_soon = meeting.starts_at - now < URGENT_WITHIN
    takes_mail = invitation.email is not None and can_be_written_to(invitation.email)
    return not takes_mail or invitation.state is InvitationState.UNDELIVERABLE or is_soon


def send_update(
    meeting: Meeting,
    invitation: Invitation,
    was: tuple[datetime, datetime],
    reason: Reason,
    *,
    letterhead: Letterhead,
    now: datetime,
) -> int:
    """Send one invitee and their deputies the new time; return how many mails that was."""
    told = 0
    invitation.sequence = meeting.sequence
    if post.is_asked_to_come(invitation):
        for addressee in _at_sequence(invitation, meeting.sequence):
            told += post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.UPDATE,
                sequence=meeting.sequence,
                key=f"invitation:{addressee.subject_id}:{meeting.sequence}:request",
                was=was,
                reason=reason,
                letterhead=letterhead,
                now=now,
            )
    if cannot_be_told(invitation, meeting, now=now):
        words = f"{meeting.ref} has moved to {plain_instant(meeting.starts_at)}"
        ask_to_ring(meeting, invitation, words, key=f"moved:{meeting.sequence}", now=now)
    return told


def send_cancel(
    meeting: Meeting,
    invitation: Invitation,
    reason: Reason,
    instead: Meeting | None,
    *,
    letterhead: Letterhead,
    now: datetime,
) -> int:
    """Take the meeting out of one invitee's and their deputies' calendars."""
    invitation.sequence = meeting.sequence
    return sum(
        post.send_cancel(
            meeting,
            addressee,
            kind=LetterKind.CANCELLATION,
            sequence=meeting.sequence,
            reason=reason,
            other_reference=instead.ref if instead else None,
            letterhead=letterhead,
            now=now,
        )
        for addressee in _at_sequence(invitation, meeting.sequence)
    )


def ring_about_the_end(meeting: Meeting, invited: Sequence[Invitation], *, now: datetime) -> None:
    """Put whoever mail does not reach in time on the list of people to ring."""
    for invitation in invited:
        if cannot_be_told(invitation, meeting, now=now):
            words = f"{meeting.ref} will not take place"
            ask_to_ring(meeting, invitation, words, key=f"off:{meeting.sequence}", now=now)


def tell_family(meeting: Meeting, news: str, *, now: datetime) -> None:
    """The family hears from a person, as they did the first time."""
    first = session.scalar(
        select(Task)
        .where(Task.meeting_id == meeting.id, Task.kind == tasks.TELL_FAMILY)
        .order_by(Task.made_at)
        .limit(1)
    )
    if first is None:
        return
    tasks.ask(
        tasks.TELL_FAMILY,
        ref=meeting.ref,
        words=f"Tell the family, safely, that {news}.",
        key=f"{tasks.TELL_FAMILY}:{meeting.id}:{meeting.sequence}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        for_account_id=first.for_account_id,
        for_team_id=first.for_team_id,
        due_at=meeting.starts_at,
        now=now,
    )


def _at_sequence(invitation: Invitation, sequence: int) -> list[post.Addressee]:
    for deputy in post.confirmed_deputies(invitation.id):
        deputy.sequence = sequence
    return post.addressees(invitation)
