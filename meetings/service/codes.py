"""Who may be sent a code, who may have it read out, and who enters one.

A code goes by mail only to a domain the partnership has marked; otherwise the convening team
rings the number the directory holds. Nobody who rings in is ever told a code.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit, link_codes
from core.db import session
from core.errors import Refused
from core.link_codes import LinkCode
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy
from meetings.service import post, tasks
from meetings.terms import InvitationState, MeetingStatus
from notifications.terms import Letterhead, LetterKind
from people.models.agencies import Professional, RoleMailbox
from people.queries import directory
from people.terms import Actor

KIND = "invitation"
MOST_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Way:
    """How a link's holder gets a code.

    Attributes:
        address: where it goes by mail; None when this address may not have it.
        telephone: the number held in the directory, which the convening team rings.
    """

    address: str | None
    telephone: str | None


def pass_id(invitation: Invitation, deputy: Deputy | None) -> uuid.UUID:
    """Return what codes and passes are kept under: a deputy's own, else the invitee's."""
    return deputy.id if deputy is not None else invitation.id


def way_of(invitation: Invitation, deputy: Deputy | None) -> Way:
    """Return how the holder of a link gets a code. At most four statements."""
    email = deputy.email if deputy is not None else invitation.email
    is_secure = bool(email) and directory.is_secure_address(email or "")
    return Way(address=email if is_secure else None, telephone=directory_number(invitation, deputy))


def directory_number(invitation: Invitation, deputy: Deputy | None = None) -> str | None:
    """Return the number the directory holds now, never one that somebody gave with an answer.

    The person's own, else that of the role, else the agency's main one.
    """
    if invitation.agency_id is None:
        return None
    person = None
    if deputy is not None and deputy.email:
        person = session.scalar(
            select(Professional).where(
                Professional.agency_id == invitation.agency_id,
                func.lower(Professional.email) == deputy.email.lower(),
                Professional.left_on.is_(None),
            )
        )
    elif deputy is None and invitation.professional_id is not None:
        person = session.get(Professional, invitation.professional_id)
    if person is not None and person.telephone and person.left_on is None:
        return person.telephone
    role_number = session.scalar(
        select(RoleMailbox.telephone)
        .where(
            RoleMailbox.agency_id == invitation.agency_id,
            RoleMailbox.role == invitation.role,
            RoleMailbox.telephone.is_not(None),
        )
        .order_by(RoleMailbox.position)
        .limit(1)
    )
    agency = directory.agency(invitation.agency_id)
    return role_number or (agency.telephone if agency else None)


def send(
    invitation: Invitation,
    deputy: Deputy | None,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Send a code to the invited address, on the urgent lane.

    Raises:
        Refused: codes may not go to this address, the invitation ended, or too many were sent.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_open(invitation, meeting)
    if way_of(invitation, deputy).address is None:
        raise Refused(
            "code.not_by_mail", "A code cannot go to your address by mail. Ask to be rung."
        )
    _require_few(invitation, deputy, now)
    wanted = pass_id(invitation, deputy)
    code = link_codes.issue(KIND, wanted, now=now, sent_by="mail")
    for addressee in post.addressees(invitation):
        if addressee.subject_id == wanted:
            post.send_letter(
                meeting,
                addressee,
                kind=LetterKind.ACCESS_CODE,
                key=f"code:{uuid.uuid4()}",
                has_link=False,
                code=code,
                letterhead=letterhead,
                now=now,
            )
    _audit("code.sent", invitation, meeting, actor, now)


def ask_for_call(
    invitation: Invitation, deputy: Deputy | None, *, actor: Actor, now: datetime
) -> str | None:
    """Ask the convening team to ring and read a code out.

    Returns:
        The number that will be rung, or None when the directory holds none.

    Raises:
        Refused: the invitation or the meeting has ended.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_open(invitation, meeting)
    number = directory_number(invitation, deputy)
    who = f"{invitation.role_name}, {invitation.agency_name}"
    if deputy is not None:
        who = f"{deputy.name}, for {who}"
    ring = f"Ring {number}" if number else "The directory holds no number: add it, then ring"
    wanted = pass_id(invitation, deputy)
    # A code lives ten minutes: who asks again after one was read out waits again.
    if not tasks.is_open_about(wanted, tasks.READ_CODE):
        tasks.ask(
            tasks.READ_CODE,
            ref=meeting.ref,
            words=f"{who}, waits for a code for {meeting.ref}. {ring}, and read it out. "
            "Never read it to somebody who rings in.",
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=wanted,
            for_account_id=meeting.convenor_id,
            for_team_id=meeting.team_id,
            now=now,
        )
    _audit("code.asked_for", invitation, meeting, actor, now)
    return number


def read_out(invitation: Invitation, deputy: Deputy | None, *, actor: Actor, now: datetime) -> str:
    """Give a member of staff a code to read out to the number in the directory.

    Raises:
        Refused: the directory holds no number, the invitation ended, or too many were given.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_open(invitation, meeting)
    if directory_number(invitation, deputy) is None:
        raise Refused(
            "code.no_number",
            f"The directory holds no number for {invitation.agency_name}. Add it first: a code "
            "is read out only to a number held there.",
        )
    _require_few(invitation, deputy, now)
    wanted = pass_id(invitation, deputy)
    code = link_codes.issue(KIND, wanted, now=now, sent_by="telephone")
    tasks.finish_about(
        wanted, tasks.READ_CODE, actor=actor, now=now, outcome="A code was read out."
    )
    _audit("code.read_out", invitation, meeting, actor, now)
    return code


def enter(
    invitation: Invitation,
    deputy: Deputy | None,
    *,
    code: str,
    person_name: str,
    person_role: str,
    now: datetime,
) -> str:
    """Use a code and return the pass for this link, to be kept in a cookie for an hour.

    Raises:
        Refused: the code is wrong, old, used or was tried five times; or the invitation ended.
    """
    meeting = session.get_one(Meeting, invitation.meeting_id)
    require_open(invitation, meeting)
    token = link_codes.enter(KIND, pass_id(invitation, deputy), code, person_name, person_role, now)
    _audit("code.entered", invitation, meeting, by_link(person_name, person_role), now)
    return token


def by_link(person_name: str, person_role: str) -> Actor:
    """Return the actor of somebody without an account, by the name they gave with the code."""
    return Actor(account_id=None, name=f"{person_name} ({person_role}), by link")


def require_open(invitation: Invitation, meeting: Meeting) -> None:
    """Refuse codes for what has ended.

    Raises:
        Refused: the invitation was withdrawn, or the meeting stood down.
    """
    if invitation.state is InvitationState.WITHDRAWN or meeting.status is MeetingStatus.STOOD_DOWN:
        raise Refused("code.ended", "This invitation has ended, so there is nothing to show.")


def _require_few(invitation: Invitation, deputy: Deputy | None, now: datetime) -> None:
    """Fresh codes must not give endless tries."""
    given = session.scalar(
        select(func.count())
        .select_from(LinkCode)
        .where(
            LinkCode.kind == KIND,
            LinkCode.link_id == pass_id(invitation, deputy),
            LinkCode.issued_at > now - timedelta(hours=1),
        )
    )
    if (given or 0) >= MOST_AN_HOUR:
        raise Refused(
            "code.many", "Five codes were given out within the hour. Wait, or ring the team."
        )


def _audit(
    verb: str, invitation: Invitation, meeting: Meeting, actor: Actor, now: datetime
) -> None:
    audit.record(actor, verb, "invitation", invitation.id, child_id=meeting.child_id, now=now)
