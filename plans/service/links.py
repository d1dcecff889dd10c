"""Links to an action for people without an account: made for one mail, ended with the action."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from core.db import session
from core.ids import hash_token, new_token
from plans.models import Action, ActionLink, HandOver
from plans.terms import LinkHolder


def make(
    action: Action,
    holder: LinkHolder,
    *,
    name: str,
    email: str,
    now: datetime,
    offer: HandOver | None = None,
    is_ended: bool = False,
) -> str:
    """Make a link and return its path; only the hash of its token is kept.

    Args:
        is_ended: the link answers nothing and says so, for somebody who is no longer asked.
    """
    token = new_token()
    session.add(
        ActionLink(
            action_id=action.id,
            token_hash=hash_token(token),
            holder=holder,
            holder_name=name[:120],
            holder_email=email,
            hand_over_id=offer.id if offer else None,
            made_at=now,
            ended_at=now if is_ended else None,
        )
    )
    session.flush()
    return f"/a/{token}"


def end_all(action_id: UUID, *, now: datetime) -> None:
    """End every link of an action: it is closed."""
    _end(action_id, tuple(LinkHolder), now)


def end_for(action_id: UUID, *holders: LinkHolder, now: datetime) -> None:
    """End the links of these holders: the owner changed, or an offer was answered."""
    _end(action_id, holders, now)


def _end(action_id: UUID, holders: tuple[LinkHolder, ...], now: datetime) -> None:
    session.execute(
        update(ActionLink)
        .where(
            ActionLink.action_id == action_id,
            ActionLink.holder.in_(holders),
            ActionLink.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
