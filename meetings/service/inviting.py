"""Write the invitations of a new meeting: one row, one mail and one link for each invitee."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import session
from meetings.given import LINK_LIFE
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.rules.rulebook import rulebook
from meetings.service import post, tasks, telling
from meetings.terms import InvitationState, Invitee, Requirement, TaskDue
from notifications import service as mail
from notifications.terms import ADDRESS, Letterhead, LetterKind
from people.models.accounts import Account
from people.models.agencies import Agency
from people.models.children import Child
from people.service import relations
from people.terms import Actor, RelationKind
from procedures.service import packs
from procedures.terms import Pack

# The chair writes the record and the convenor sees it released: both after the meeting.
CASE_STAYS_OPEN = timedelta(weeks=12)
_URGENT = timedelta(hours=24)


def seat(meeting: Meeting, invitee: Invitee, *, position: int, now: datetime) -> Invitation:
    """Write one invitation: who, for which seat, by which rule, and found how."""
    email = (invitee.email or "").strip()
    is_mailable = ADDRESS.fullmatch(email) is not None
    ring = invitee.ring
    if email and not is_mailable:
        ring = f"“{email}” in the directory is no e-mail address: ring, and put it right."
    slots = (invitee.slot, *invitee.also)
    invitation = Invitation(
        meeting_id=meeting.id,
        agency_id=_id(invitee.agency_id),
        agency_name=invitee.agency_name,
        agency_kind=invitee.agency_kind,
        role=invitee.role,
        role_name=", ".join(dict.fromkeys((invitee.role_name, *(s.role_name for s in slots))))[
            :160
        ],
        also_roles=[slot.role for slot in slots if slot.role != invitee.role],
        rule_id=invitee.slot.rule_id,
        why=". ".join(dict.fromkeys(slot.why for slot in slots)),
        requirement=invitee.slot.requirement,
        is_statutory=any(slot.is_statutory for slot in slots),
        is_excused=invitee.school_closed,
        ring=ring,
        name=invitee.name or None,
        email=email if is_mailable else None,
        telephone=invitee.telephone,
        fallback=invitee.fallback,
        reply_token=mail.new_reply_token(),
        sequence=meeting.sequence,
        state=InvitationState.NO_ANSWER if is_mailable else InvitationState.NOT_SENT,
        professional_id=_id(invitee.professional_id),
        account_id=_id(invitee.account_id),
        position=position,
        created_at=now,
    )
    session.add(invitation)
    session.flush()
    return invitation


def seat_chair(
    meeting: Meeting, there: Sequence[Invitation], *, pack: Pack, now: datetime
) -> Invitation | None:
    """Invite the chair too, unless a rule asks for the same person already."""
    chair = session.get(Account, meeting.chair_id) if meeting.chair_id else None
    if chair is None or any(_is_same(chair, invitation) for invitation in there):
        return None
    book = rulebook(pack)
    item = book.meeting_types[meeting.type]
    role = next(iter(item.texts("chaired_by")), "")
    agency = session.get(Agency, chair.agency_id) if chair.agency_id else None
    kind = book.roles[role].text("agency_kind") if role in book.roles else ""
    invitation = Invitation(
        meeting_id=meeting.id,
        agency_id=chair.agency_id,
        agency_name=agency.name if agency else book.kind_name(kind),
        agency_kind=agency.kind if agency else kind,
        role=role,
        role_name="Chair",
        also_roles=[],
        why="Chairs the meeting",
        requirement=Requirement.EXPECTED,
        is_statutory=False,
        name=chair.name,
        email=chair.email,
        telephone=chair.telephone,
        reply_token=mail.new_reply_token(),
        sequence=meeting.sequence,
        state=InvitationState.NO_ANSWER,
        account_id=chair.id,
        position=len(there),
        created_at=now,
    )
    session.add(invitation)
    session.flush()
    return invitation


def send(
    meeting: Meeting, invitation: Invitation, *, letterhead: Letterhead, now: datetime
) -> bool:
    """Queue an invitee's mail, and put whoever mail cannot tell on the list of people to ring.

    Returns:
        Whether a mail was queued.
    """
    sent = False
    if invitation.requirement is not Requirement.INFORM:
        for addressee in post.addressees(invitation):
            sent |= post.send_entry(
                meeting,
                addressee,
                kind=LetterKind.INVITATION,
                sequence=meeting.sequence,
                key=f"invitation:{addressee.subject_id}:{meeting.sequence}:request",
                letterhead=letterhead,
                now=now,
            )
    if not sent or invitation.ring:
        words = invitation.ring or f"they are asked to {meeting.ref}"
        telling.ask_to_ring(meeting, invitation, words.rstrip("."), key="asked", now=now)
    return sent


def ask_for_information(
    meeting: Meeting,
    invitation: Invitation,
    *,
    answer_by_at: datetime,
    letterhead: Letterhead,
    now: datetime,
) -> bool:
    """Queue a request for information to an agency that was not reached.

    Returns:
        Whether a mail was queued.
    """
    sent = False
    for addressee in post.addressees(invitation):
        sent |= post.send_letter(
            meeting,
            addressee,
            kind=LetterKind.INFORMATION_REQUEST,
            key=f"information:{addressee.subject_id}:{meeting.sequence}",
            answer_by_at=answer_by_at,
            letterhead=letterhead,
            now=now,
        )
    if not sent:
        words = f"ask what they know for {meeting.ref}"
        telling.ask_to_ring(meeting, invitation, words, key="information", now=now)
    return sent


def give_access(
    meeting: Meeting, invitations: Sequence[Invitation], *, actor: Actor, now: datetime
) -> None:
    """Let chair, convenor and invitees with an account open what the meeting needs."""
    wanted = [
        (meeting.chair_id, RelationKind.CHAIR, "Chairs a meeting about the child."),
        (meeting.convenor_id, RelationKind.CONVENOR, "Convened a meeting about the child."),
    ]
    for account_id, kind, why in wanted:
        if account_id is not None:
            _grant(meeting, account_id, kind, why, CASE_STAYS_OPEN, actor=actor, now=now)
    for invitation in invitations:
        if invitation.account_id not in (None, meeting.chair_id):
            _grant(
                meeting,
                invitation.account_id,
                RelationKind.INVITED,
                "Invited to a meeting about the child.",
                LINK_LIFE,
                actor=actor,
                now=now,
            )


def set_tasks(
    meeting: Meeting,
    invitations: Sequence[Invitation],
    due: Sequence[TaskDue],
    *,
    now: datetime,
) -> None:
    """Put what the rules ask for beside the invitations on somebody's list."""
    child = session.get_one(Child, meeting.child_id)
    for task in due:
        for_account = child.allocated_to_id if _is_the_workers(task, child, meeting) else None
        tasks.ask(
            task.task_id,
            key=f"{task.task_id}:{meeting.id}",
            ref=meeting.ref,
            words=f"{task.role_name}: {task.words}.",
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=meeting.id,
            for_account_id=for_account,
            for_team_id=child.team_id or meeting.team_id,
            due_at=task.due.at if task.due else meeting.starts_at,
            now=now,
        )
    if meeting.starts_at - now < _URGENT and invitations:
        tasks.ask(
            tasks.RING,
            key=f"{tasks.RING}:{meeting.id}:{meeting.sequence}",
            ref=meeting.ref,
            words=f"{meeting.ref} starts in less than 24 hours: ring the {len(invitations)} "
            "invitees now and log each call.",
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=meeting.id,
            for_account_id=meeting.convenor_id,
            for_team_id=meeting.team_id,
            due_at=now,
            now=now,
        )


def _grant(
    meeting: Meeting,
    account_id: uuid.UUID | None,
    kind: RelationKind,
    why: str,
    stays: timedelta,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if account_id is None:
        return
    relations.grant(
        account_id,
        meeting.child_id,
        kind,
        why=why,
        actor=actor,
        now=now,
        until=meeting.ends_at + stays,
        meeting_id=meeting.id,
    )


def _is_the_workers(task: TaskDue, child: Child, meeting: Meeting) -> bool:
    """A task of a role that works with one child is the allocated worker's, if of that agency."""
    if child.allocated_to_id is None:
        return False
    _, pack = packs.of(meeting.pack_version_id)
    role = rulebook(pack).roles.get(task.role)
    kind = session.scalar(
        select(Agency.kind)
        .join(Account, Account.agency_id == Agency.id)
        .where(Account.id == child.allocated_to_id)
    )
    return role is not None and role.flag("is_per_child") and role.text("agency_kind") == kind


def _is_same(chair: Account, invitation: Invitation) -> bool:
    if invitation.account_id == chair.id:
        return True
    return bool(invitation.email) and (invitation.email or "").lower() == chair.email.lower()


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None
