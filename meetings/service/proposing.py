"""The usual choice: what kind of meeting, chaired by whom, how long, and when it could be."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from core import clock
from meetings.choices import Choice
from meetings.models.incidents import Involvement, Judgement
from meetings.rules import slots
from meetings.rules.rulebook import rulebook
from meetings.service import judging, seats, timing
from meetings.service.seats import Seats
from meetings.terms import Invitee
from people.models.accounts import Account
from people.queries import accounts, directory
from people.terms import Role
from procedures.service import packs
from procedures.terms import Pack

_LOOK_AHEAD = timedelta(days=14)
_SOON = timedelta(hours=1)
_USUAL_MINUTES = 60


def usual_type(judgement: Judgement, pack: Pack) -> str:
    """Return the type the rules ask for; where none does, the weakest one without the family."""
    if judgement.meeting_type:
        return judgement.meeting_type
    types = rulebook(pack).meeting_types.values()
    return min(types, key=lambda item: (item.text("family_mode") != "none", item.number("rank"))).id


def usual_minutes(kind: str, pack: Pack) -> int:
    """Return how long the pack gives a type of meeting."""
    item = rulebook(pack).meeting_types.get(kind)
    return item.number("minutes", default=_USUAL_MINUTES) if item else _USUAL_MINUTES


def chairs_for(involvement: Involvement) -> list[Account]:
    """Return who can chair, the managers of the child's team first."""
    team_id = judging.team_of(involvement)
    mine = directory.managers_of(team_id) if team_id else []
    others = accounts.with_role(Role.CHAIR, Role.TEAM_MANAGER)
    return [*mine, *(each for each in others if each.id not in {one.id for one in mine})]


def free_starts(
    involvement: Involvement,
    judgement: Judgement,
    *,
    pack: Pack,
    chair_id: uuid.UUID | None,
    invitees: Sequence[Invitee],
    minutes: int,
    now: datetime,
) -> tuple[datetime, ...]:
    """Return starts by the deadline, within hours, free for child, chair and role mailboxes.

    People with an account are not looked at: their other meetings are told when it is sent.
    """
    until = judgement.deadline_at or now + _LOOK_AHEAD
    taken = timing.busy(
        involvement,
        chair_id=chair_id,
        addresses=[each.email for each in invitees if each.email and not each.account_id],
        since=now,
        until=max(until, now),
    )
    return slots.free_times(
        now=now,
        deadline_at=judgement.deadline_at,
        minutes=minutes,
        busy=taken,
        settings=pack.settings,
        calendar=packs.calendar_of(pack),
    )


def proposal(
    involvement: Involvement,
    judgement: Judgement,
    *,
    kind: str,
    chair_id: uuid.UUID | None,
    minutes: int,
    now: datetime,
) -> tuple[Seats, tuple[datetime, ...]]:
    """Return who would be asked, filled for the first free start, and the free starts."""
    _, pack = packs.of(judgement.pack_version_id)
    found = seats.for_meeting(involvement, kind, pack=pack, starts_at=now + _SOON, now=now)
    starts = free_starts(
        involvement,
        judgement,
        pack=pack,
        chair_id=chair_id,
        invitees=found.invitees,
        minutes=minutes,
        now=now,
    )
    if starts:
        found = seats.for_meeting(involvement, kind, pack=pack, starts_at=starts[0], now=now)
    return found, starts


def usual_choice(involvement: Involvement, judgement: Judgement, *, now: datetime) -> Choice | None:
    """Return the choice that one press takes; None when no chair or no free time is left."""
    _, pack = packs.of(judgement.pack_version_id)
    kind = usual_type(judgement, pack)
    minutes = usual_minutes(kind, pack)
    chairs = chairs_for(involvement)
    if not chairs:
        return None
    _, starts = proposal(
        involvement, judgement, kind=kind, chair_id=chairs[0].id, minutes=minutes, now=now
    )
    if not starts:
        return None
    here = clock.london(starts[0])
    team_id = judging.team_of(involvement)
    team = directory.team(team_id) if team_id else None
    return Choice(
        on=here.date(),
        at=here.time().replace(tzinfo=None),
        minutes=minutes,
        chair_id=chairs[0].id,
        type=kind,
        joining=(team.joining or "") if team else "",
    )
