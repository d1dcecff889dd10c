"""The code of an action's link: where it may go by mail, and who else has it read out.

A code goes by mail only to a domain the partnership has marked; otherwise staff ring the
number the directory holds. Nobody who rings in is ever told a code.
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
from notifications import service as mail_room
from notifications.terms import Letter, Letterhead, LetterKind, Recipient
from people.models.agencies import Agency, Professional, RoleMailbox
from people.queries import directory
from people.terms import Actor
from plans.models import Action, ActionLink, HandOver, Plan
from plans.service import letters
from plans.service.letters import Post
from plans.terms import ActionStatus

KIND = "action"
MOST_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Way:
    """How a link's holder gets a code.

    Attributes:
        is_by_mail: the address may have it by mail.
        telephone: the number held in the directory, which staff ring.
    """

    is_by_mail: bool
    telephone: str | None


def way_of(link: ActionLink, action: Action) -> Way:
    """Return how the holder of a link gets a code. At most four statements."""
    return Way(directory.is_secure_address(link.holder_email), directory_number(link, action))


def directory_number(link: ActionLink, action: Action) -> str | None:
    """Return the number the directory holds for the holder: their own, the role's, the agency's."""
    agency_id = action.agency_id
    if link.hand_over_id is not None:
        agency_id = session.get_one(HandOver, link.hand_over_id).to_agency_id
    address = link.holder_email.lower()
    own = session.scalar(
        select(Professional.telephone).where(
            Professional.agency_id == agency_id,
            func.lower(Professional.email) == address,
            Professional.left_on.is_(None),
            Professional.telephone.is_not(None),
        )
    )
    role = session.scalar(
        select(RoleMailbox.telephone).where(
            RoleMailbox.agency_id == agency_id,
            func.lower(RoleMailbox.email) == address,
            RoleMailbox.telephone.is_not(None),
        )
    )
    return own or role or session.get_one(Agency, agency_id).telephone


def is_call_heard(action: Action) -> bool:
    """Say whether anybody hears that a holder waits to be rung. At most four statements."""
    return _caller(action) is not None and letters.team_of(action.child_id) is not None


def send(
    link: ActionLink, action: Action, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Send a code to the address the link went to, on the urgent lane.

    Raises:
        Refused: codes may not go to this address, the link ended, or too many were sent.
    """
    _require_live(link, action)
    team = letters.team_of(action.child_id)
    if team is None or not way_of(link, action).is_by_mail:
        raise Refused(
            "code.not_by_mail", "A code cannot go to your address by mail. Ask to be rung."
        )
    _require_few(link, now)
    code = link_codes.issue(KIND, link.id, now=now, sent_by="mail")
    mail_room.send_letter(
        Letter(
            kind=LetterKind.ACCESS_CODE,
            reference=action.ref,
            recipient=Recipient(link.holder_email),
            team=team,
            code=code,
        ),
        letterhead=letterhead,
        subject_id=action.id,
        key=f"code:{uuid.uuid4()}",
        now=now,
    )
    _audit("code.sent", action, actor, now)


def ask_for_call(
    link: ActionLink, action: Action, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> bool:
    """Ask the lead practitioner, else the chair, to ring and read a code out.

    Returns:
        Whether one of them was written to; if not, the holder has to ring the team.

    Raises:
        Refused: the link ended.
    """
    _require_live(link, action)
    link.code_asked_at = now
    session.flush()
    is_told = letters.write_to_account(
        LetterKind.TASK_WAITING,
        action,
        _caller(action),
        key=f"read-code:{link.id}:{now:%Y%m%d%H}",
        post=Post(letterhead, now),
    )
    _audit("code.asked_for", action, actor, now)
    return is_told


def read_out(link: ActionLink, action: Action, *, actor: Actor, now: datetime) -> str:
    """Give a member of staff a code to read out to the number in the directory.

    Raises:
        Refused: the directory holds no number, the link ended, or too many were given.
    """
    _require_live(link, action)
    if directory_number(link, action) is None:
        raise Refused(
            "code.no_number",
            "The directory holds no number for this agency. Add it first: a code is read out "
            "only to a number held there.",
        )
    _require_few(link, now)
    link.code_asked_at = None
    code = link_codes.issue(KIND, link.id, now=now, sent_by="telephone")
    _audit("code.read_out", action, actor, now)
    return code


def enter(
    link: ActionLink,
    action: Action,
    *,
    code: str,
    person_name: str,
    person_role: str,
    now: datetime,
) -> str:
    """Use a code and return the pass for this link, to be kept in a cookie for an hour.

    Raises:
        Refused: the code is wrong, old, used or was tried five times; or the link ended.
    """
    _require_live(link, action)
    token = link_codes.enter(KIND, link.id, code, person_name, person_role, now)
    actor = Actor(account_id=None, name=f"{person_name} ({person_role}), by link")
    _audit("code.entered", action, actor, now)
    return token


def _caller(action: Action) -> str | None:
    """Return the address of who is asked to ring: the plan's lead practitioner, else its chair."""
    plan = session.get_one(Plan, action.plan_id)
    asked = (plan.lead_email, plan.chair_email)
    return next((each for each in asked if each and letters.can_be_written_to(each)), None)


def _require_live(link: ActionLink, action: Action) -> None:
    if link.ended_at is not None or action.status is not ActionStatus.OPEN:
        raise Refused("code.ended", "This link has ended, so there is nothing to show.")


def _require_few(link: ActionLink, now: datetime) -> None:
    """Fresh codes must not give endless tries."""
    given = session.scalar(
        select(func.count())
        .select_from(LinkCode)
        .where(
            LinkCode.kind == KIND,
            LinkCode.link_id == link.id,
            LinkCode.issued_at > now - timedelta(hours=1),
        )
    )
    if (given or 0) >= MOST_AN_HOUR:
        raise Refused(
            "code.many", "Five codes were given out within the hour. Wait, or ring the team."
        )


def _audit(verb: str, action: Action, actor: Actor, now: datetime) -> None:
    audit.record(actor, verb, "action", action.id, child_id=action.child_id, now=now)
