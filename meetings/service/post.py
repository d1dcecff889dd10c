"""Puts an invitee's mails together: the link, the times, the team, and nothing about the child.

Every letter carries a new link, since only the hash of an earlier one is kept. An invitee and
a confirmed deputy are each an addressee of their own, with their own reply address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import session
from core.errors import Refused
from core.ids import hash_token, new_token
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import AnswerLink, Deputy
from meetings.service import tasks
from meetings.terms import DeputyStatus, InvitationState, Requirement
from notifications import service as mail
from notifications.terms import (
    TELEPHONE,
    CalendarCancel,
    CalendarRefusal,
    CalendarRequest,
    ConveningTeam,
    Letter,
    Letterhead,
    LetterKind,
    Reason,
    Recipient,
)
from people.models.accounts import Account
from people.models.agencies import Agency, Team
from plans.service.letters import can_be_written_to

_SOON = timedelta(hours=4)
_LONGEST_MAIL_NAME = 80


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who one mail goes to: an invitee, or the deputy who comes instead.

    Attributes:
        subject_id: what the mail room keeps the mail under.
        deputy_id: the deputy, if it is not the invitee.
    """

    subject_id: uuid.UUID
    invitation_id: uuid.UUID
    address: str
    reply_token: str
    deputy_id: uuid.UUID | None = None


def addressees(invitation: Invitation) -> list[Addressee]:
    """Return everybody who gets mail for this invitation: its invitee and confirmed deputies."""
    found = []
    if invitation.email and can_be_written_to(invitation.email):
        if invitation.reply_token is None:
            invitation.reply_token = mail.new_reply_token()
        found.append(
            Addressee(invitation.id, invitation.id, invitation.email, invitation.reply_token)
        )
    found.extend(
        Addressee(deputy.id, invitation.id, deputy.email, deputy.reply_token, deputy.id)
        for deputy in confirmed_deputies(invitation.id)
        if deputy.email and deputy.reply_token and can_be_written_to(deputy.email)
    )
    return found


def confirmed_deputies(invitation_id: uuid.UUID) -> list[Deputy]:
    """Return the deputies who are to come for an invitee."""
    return list(
        session.scalars(
            select(Deputy).where(
                Deputy.invitation_id == invitation_id, Deputy.status == DeputyStatus.CONFIRMED
            )
        )
    )


def is_asked_to_come(invitation: Invitation) -> bool:
    """Say whether the invitee gets a calendar entry; some are asked for information only."""
    return (
        invitation.state is not InvitationState.WITHDRAWN
        and invitation.requirement is not Requirement.INFORM
    )


def new_link(addressee: Addressee, *, now: datetime) -> str:
    """Make a link to the answer page and return its path; only its hash is kept."""
    token = new_token()
    session.add(
        AnswerLink(
            invitation_id=addressee.invitation_id,
            deputy_id=addressee.deputy_id,
            token_hash=hash_token(token),
            given_at=now,
        )
    )
    session.flush()
    return f"/r/{token}"


def end_links(invitation: Invitation, *, now: datetime, deputy_id: uuid.UUID | None = None) -> None:
    """Make an addressee's links stop working: the address was wrong, or the deputy changed."""
    rows = session.scalars(
        select(AnswerLink).where(
            AnswerLink.invitation_id == invitation.id,
            AnswerLink.deputy_id.is_(None)
            if deputy_id is None
            else AnswerLink.deputy_id == deputy_id,
            AnswerLink.ended_at.is_(None),
        )
    )
    for row in rows:
        row.ended_at = now
    if deputy_id is None:
        invitation.link_token_hash = None
    session.flush()


def convening_team(meeting: Meeting) -> ConveningTeam:
    """Return the team as it appears in mail: its neutral name and a telephone.

    Raises:
        Refused: no telephone is recorded, so nobody could ring back.
    """
    team = _in_mail(meeting)
    if team is None:
        raise Refused(
            "team.no_telephone",
            "The convening team has no telephone in the directory. Add one, then send again.",
        )
    return team


def _in_mail(meeting: Meeting) -> ConveningTeam | None:
    team = session.get(Team, meeting.team_id) if meeting.team_id else None
    if team is None:
        return None
    agency = session.get(Agency, team.agency_id)
    numbers = (team.telephone, agency.telephone if agency else None)
    number = next((each for each in numbers if each and TELEPHONE.fullmatch(each)), None)
    return ConveningTeam(team.mail_name[:_LONGEST_MAIL_NAME], number) if number else None


def answer_by(meeting: Meeting, *, now: datetime) -> datetime | None:
    """Return by when an answer is asked for; None when there is no time to set one.

    A day before the start, or halfway there when that is sooner, on the full hour.
    """
    left = meeting.starts_at - now
    if left <= _SOON:
        return None
    at = meeting.starts_at - min(timedelta(hours=24), left / 2)
    return at.replace(minute=0, second=0, microsecond=0)


def send_entry(
    meeting: Meeting,
    addressee: Addressee,
    *,
    kind: LetterKind,
    sequence: int,
    key: str,
    letterhead: Letterhead,
    now: datetime,
    was: tuple[datetime, datetime] | None = None,
    reason: Reason | None = None,
) -> bool:
    """Queue a calendar entry: the invitation, or the update that says what it was before.

    Returns:
        Whether there was anything to send: a meeting that is over needs no entry.
    """
    letter = _letter(
        meeting,
        addressee,
        kind,
        link=new_link(addressee, now=now),
        was=was,
        reason=reason,
        answer_by_at=answer_by(meeting, now=now),
    )
    request = CalendarRequest(letter=letter, uid=meeting.uid, sequence=sequence)
    row = mail.send_calendar(
        request, letterhead=letterhead, subject_id=addressee.subject_id, key=key, now=now
    )
    return row is not None


def send_cancel(
    meeting: Meeting,
    addressee: Addressee,
    *,
    kind: LetterKind,
    sequence: int,
    reason: Reason,
    letterhead: Letterhead,
    now: datetime,
    other_reference: str | None = None,
) -> bool:
    """Queue the removal of an entry; somebody who was never told gets nothing."""
    letter = _letter(meeting, addressee, kind, reason=reason, other_reference=other_reference)
    row = mail.cancel_calendar(
        CalendarCancel(letter=letter, uid=meeting.uid, sequence=sequence),
        letterhead=letterhead,
        subject_id=addressee.subject_id,
        key=f"invitation:{addressee.subject_id}:{sequence}:cancel",
        now=now,
    )
    return row is not None


def send_letter(
    meeting: Meeting,
    addressee: Addressee,
    *,
    kind: LetterKind,
    key: str,
    letterhead: Letterhead,
    now: datetime,
    has_link: bool = True,
    answer_by_at: datetime | None = None,
    code: str | None = None,
) -> bool:
    """Queue a mail without a calendar part.

    Returns:
        Whether it was queued; not without a team's telephone, since an answer that came must
        never be lost for a mail that could not go out.
    """
    if _in_mail(meeting) is None:
        return False
    letter = _letter(
        meeting,
        addressee,
        kind,
        link=new_link(addressee, now=now) if has_link else None,
        answer_by_at=answer_by_at,
        code=code,
    )
    row = mail.send_letter(
        letter, letterhead=letterhead, subject_id=addressee.subject_id, key=key, now=now
    )
    return row is not None


def refuse_time(
    meeting: Meeting, addressee: Addressee, *, key: str, letterhead: Letterhead, now: datetime
) -> bool:
    """Queue the answer to a calendar client that its suggested time was not taken."""
    letter = _letter(meeting, addressee, LetterKind.TIME_REFUSED, link=new_link(addressee, now=now))
    row = mail.refuse_time(
        CalendarRefusal(letter=letter, uid=meeting.uid),
        letterhead=letterhead,
        subject_id=addressee.subject_id,
        key=key,
        now=now,
    )
    return row is not None


def tell_convenor(
    meeting: Meeting, *, kind: LetterKind, key: str, letterhead: Letterhead, now: datetime
) -> bool:
    """Queue a mail to the convenor that leads to the meeting's page; what it is stands there."""
    convenor = session.get(Account, meeting.convenor_id) if meeting.convenor_id else None
    team = _in_mail(meeting)
    if convenor is None or convenor.is_disabled or team is None:
        return False
    if not can_be_written_to(convenor.email):
        _ask_to_tell(convenor, meeting, key=key, now=now)
        return False
    letter = Letter(
        kind=kind,
        reference=meeting.ref,
        recipient=Recipient(convenor.email),
        team=team,
        link=f"/meetings/{meeting.ref}",
    )
    row = mail.send_letter(letter, letterhead=letterhead, subject_id=convenor.id, key=key, now=now)
    return row is not None


def _ask_to_tell(convenor: Account, meeting: Meeting, *, key: str, now: datetime) -> None:
    tasks.ask(
        tasks.RING,
        ref=meeting.ref,
        words=f"Ring {convenor.name}: there is news about {meeting.ref}, and no mail can be sent "
        "to the address of their account. Then have the address put right.",
        key=f"{tasks.RING}:{key}",
        child_id=meeting.child_id,
        meeting_id=meeting.id,
        subject_id=meeting.id,
        for_team_id=meeting.team_id,
        now=now,
    )


def _letter(
    meeting: Meeting,
    addressee: Addressee,
    kind: LetterKind,
    *,
    link: str | None = None,
    was: tuple[datetime, datetime] | None = None,
    reason: Reason | None = None,
    answer_by_at: datetime | None = None,
    other_reference: str | None = None,
    code: str | None = None,
) -> Letter:
    has_time = kind is not LetterKind.ACCESS_CODE and kind is not LetterKind.INFORMATION_REQUEST
    return Letter(
        kind=kind,
        reference=meeting.ref,
        recipient=Recipient(addressee.address),
        team=convening_team(meeting),
        link=link,
        other_reference=other_reference,
        starts_at=meeting.starts_at if has_time else None,
        ends_at=meeting.ends_at if has_time else None,
        was_starts_at=was[0] if was else None,
        was_ends_at=was[1] if was else None,
        answer_by_at=answer_by_at,
        reason=reason,
        code=code,
        reply_token=addressee.reply_token,
    )
