"""What stands in the way of convening a meeting: who may press, who may chair, what clashes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.db import session
from core.errors import Refused
from meetings.choices import Choice
from meetings.models.incidents import Involvement, Judgement
from meetings.rules.rulebook import rulebook
from meetings.service import judging, timing
from meetings.terms import Invitee
from people.models.accounts import AccountRole
from people.queries import accounts
from people.terms import Actor, Role
from procedures.terms import Pack


def manages(involvement: Involvement, actor: Actor) -> bool:
    """Say whether the actor manages the team that answers for the child."""
    is_manager = Role.TEAM_MANAGER in actor.roles
    return is_manager and judging.team_of(involvement) in actor.managed_team_ids


def require_press_of_a_manager(involvement: Involvement, pack: Pack, actor: Actor) -> None:
    """Refuse a worker's own press where the pack lets the manager decide first.

    Raises:
        Refused: the actor does not manage the child's team.
    """
    if pack.settings.manager_press_first and not manages(involvement, actor):
        raise Refused(
            "meeting.manager_first",
            "Here the team manager decides first. Press “Ask the manager to decide”.",
        )


def require_chair(chair_id: uuid.UUID) -> None:
    """Refuse somebody who cannot chair.

    Raises:
        Refused: there is no such account, or it holds no role that chairs.
    """
    held = session.scalar(
        select(func.count())
        .select_from(AccountRole)
        .where(
            AccountRole.account_id == chair_id,
            AccountRole.role.in_((Role.CHAIR, Role.TEAM_MANAGER)),
        )
    )
    account = accounts.by_id(chair_id)
    if account is None or account.is_disabled or not held:
        raise Refused("meeting.chair", "Choose who will chair.")


def require_alone(
    involvement: Involvement,
    choice: Choice,
    kind: str,
    starts_at: datetime,
    kept: Sequence[Invitee],
    *,
    pack: Pack,
    actor: Actor,
    now: datetime,
) -> None:
    """Refuse a clash, a second meeting where one would do, and two children kept too near.

    Raises:
        Refused: one of these, and no reason (or not a manager's) was given.
    """
    near = timing.clashes(starts_at, choice.minutes, timing.apart(involvement))
    has_reason = bool(choice.overlap_reason.strip())
    if near and not (has_reason and manages(involvement, actor)):
        raise Refused(
            "meeting.kept_apart",
            f"{near[0]} Choose another time, or ask the team manager to give a reason.",
        )
    if has_reason:
        return
    same = timing.same_purpose(involvement, kind, starts_at, pack=pack, now=now)
    if same:
        raise Refused(
            "meeting.duplicate",
            f"{same[0]} is booked for this child and could be used. "
            "Use it, or give a reason for holding both.",
        )
    ends_at = starts_at + timedelta(minutes=choice.minutes)
    taken = timing.busy(
        involvement,
        chair_id=choice.chair_id,
        addresses=[invitee.email for invitee in kept if invitee.email and not invitee.account_id],
        since=starts_at,
        until=ends_at,
    )
    clash = timing.clashes(starts_at, choice.minutes, taken)
    if clash:
        raise Refused(
            "meeting.clash",
            f"{clash[0]} Choose another time, or give a reason for this one.",
        )


def meeting_type(judgement: Judgement, wanted: str, pack: Pack) -> str:
    """Return the type of the meeting: what the rules ask for, or something stronger.

    Raises:
        Refused: no type is named where no rule asks for one, or it is weaker than required.
    """
    kind = wanted or judgement.meeting_type
    if not kind or kind not in rulebook(pack).meeting_types:
        raise Refused("meeting.type", "Choose what kind of meeting to hold.")
    if judging.rank_of(kind, pack) < judging.rank_of(judgement.meeting_type, pack):
        raise Refused(
            "meeting.weaker",
            "The rules ask for more than this kind of meeting. Choose the one they ask for, or "
            "ask the team manager to record that neither harm nor exploitation is suspected.",
        )
    return kind
