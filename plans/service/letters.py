"""The letters about actions: who gets which, and from which team they come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core.db import session
from notifications import service as mail_room
from notifications.terms import ConveningTeam, Letter, Letterhead, LetterKind, Recipient, ToldNext
from people.models.agencies import Agency, Team
from people.models.children import Child
from plans.models import Action, HandOver, Plan
from plans.service import links
from plans.terms import LinkHolder


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be written to about an action, and as what."""

    name: str
    email: str
    holder: LinkHolder


@dataclass(frozen=True, slots=True)
class Chase:
    """What a letter of the ladder says beside the due date."""

    days: int | None = None
    next_step_on: date | None = None
    told_next: ToldNext | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What every letter of one verb shares."""

    letterhead: Letterhead
    now: datetime


def owner_of(action: Action) -> Contact | None:
    """Return who is written to as the owner: the owner, or the agency's manager in their place.

    A manager stands in when no owner is named, the owner has no address, or has left.
    """
    if action.owner_email and action.owner_left_on is None:
        return Contact(action.owner_name or "", action.owner_email, LinkHolder.OWNER)
    return manager_of(action) or agency_lead_of(action)


def manager_of(action: Action) -> Contact | None:
    """Return the manager's contact of the action's agency."""
    agency = session.get_one(Agency, action.agency_id)
    if not agency.manager_email:
        return None
    return Contact(agency.manager_name or agency.name, agency.manager_email, LinkHolder.MANAGER)


def agency_lead_of(action: Action) -> Contact | None:
    """Return the safeguarding lead of the action's agency."""
    agency = session.get_one(Agency, action.agency_id)
    if not agency.lead_email:
        return None
    return Contact(agency.lead_name or agency.name, agency.lead_email, LinkHolder.AGENCY_LEAD)


def head_of_service_of(plan: Plan) -> str | None:
    """Return the address of whoever manages the agency that leads the plan."""
    if plan.lead_agency_id is None:
        return None
    return session.get_one(Agency, plan.lead_agency_id).manager_email


def team_of(child_id: UUID) -> ConveningTeam | None:
    """Return the team letters about a child's actions come from, or None when none has a number.

    The child's own team; without one with a telephone, the first team that has one.
    """
    own = session.scalar(
        select(Team).join(Child, Child.team_id == Team.id).where(Child.id == child_id)
    )
    others = session.scalars(
        select(Team).where(Team.telephone.is_not(None)).order_by(Team.is_out_of_hours, Team.name)
    )
    for team in (own, *others):
        if team is not None and team.telephone:
            return ConveningTeam(team.mail_name, team.telephone)
    return None


def write_to_holder(
    kind: LetterKind,
    action: Action,
    to: Contact | None,
    *,
    key: str,
    post: Post,
    chase: Chase | None = None,
    offer: HandOver | None = None,
) -> bool:
    """Queue a letter with a link of its own; False when it cannot be sent to anybody."""
    if to is None or not can_be_written_to(to.email):
        return False
    path = links.make(action, to.holder, name=to.name, email=to.email, now=post.now, offer=offer)
    return _queue(kind, action, to.email, path, key=key, post=post, chase=chase or Chase())


def write_to_former_owner(
    kind: LetterKind, action: Action, to: Contact, *, key: str, post: Post
) -> bool:
    """Queue a letter whose link only says that nothing more is asked of this person."""
    if not can_be_written_to(to.email):
        return False
    path = links.make(action, to.holder, name=to.name, email=to.email, now=post.now, is_ended=True)
    return _queue(kind, action, to.email, path, key=key, post=post, chase=Chase())


def write_to_account(
    kind: LetterKind,
    action: Action,
    email: str | None,
    *,
    key: str,
    post: Post,
    chase: Chase | None = None,
    new_due_on: date | None = None,
) -> bool:
    """Queue a letter whose link is the page behind sign-in; False when it cannot be sent."""
    if email is None or not can_be_written_to(email):
        return False
    return _queue(
        kind, action, email, f"/actions/{action.ref}", key=key, post=post,
        chase=chase or Chase(), new_due_on=new_due_on,
    )  # fmt: skip


def can_be_written_to(email: str) -> bool:
    """Say whether the mail room takes the address."""
    try:
        Recipient(email)
    except ValueError:
        return False
    return True


def _queue(
    kind: LetterKind,
    action: Action,
    email: str,
    path: str,
    *,
    key: str,
    post: Post,
    chase: Chase,
    new_due_on: date | None = None,
) -> bool:
    team = team_of(action.child_id)
    if team is None:
        return False
    letter = Letter(
        kind=kind,
        reference=action.ref,
        recipient=Recipient(email),
        team=team,
        link=path,
        due_on=action.due_on,
        new_due_on=new_due_on,
        days=chase.days,
        next_step_on=chase.next_step_on,
        told_next=chase.told_next,
    )
    if kind is LetterKind.ACTION_GIVEN:
        letter = replace(letter, other_reference=action.meeting_ref)
    mail_room.send_letter(
        letter, letterhead=post.letterhead, subject_id=action.id, key=key, now=post.now
    )
    return True
