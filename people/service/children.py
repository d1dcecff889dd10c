"""Record a child, correct what is known of it, and allocate it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from core import audit, clock
from core.db import session
from core.errors import Conflict, Refused
from core.ids import new_reference
from people.details import ChildDetails
from people.models.accounts import Account
from people.models.agencies import Team
from people.models.children import Child, NamePiece
from people.names import pieces_of_key, search_key
from people.service import relations
from people.terms import Actor, RelationKind

_OLDEST_YEARS = 26
_RECORDER_SEES = timedelta(days=28)


def record(
    details: ChildDetails,
    *,
    actor: Actor,
    now: datetime,
    team_id: UUID | None = None,
    allocated_to_id: UUID | None = None,
) -> Child:
    """Record a child the partnership did not know; the recorder can open the record.

    Args:
        team_id: the team to allocate to; None leaves it with a team of the recorder.

    Raises:
        Refused: the date of birth cannot be a child's, or a number belongs to another child.
    """
    _check(details, now, except_id=None)
    key = search_key(details.given_name, details.family_name, details.preferred_name)
    child = Child(ref=_free_reference(), **asdict(details), search_key=key, created_at=now)
    child.team_id = team_id or min(actor.team_ids, default=None, key=str)
    session.add(child)
    session.flush()
    _write_pieces(child)
    audit.record(actor, "child.recorded", "child", child.id, child_id=child.id, now=now)
    if allocated_to_id is not None:
        _hand_to(child, allocated_to_id, actor=actor, now=now)
    elif actor.account_id is not None and child.team_id not in actor.team_ids:
        relations.grant(
            actor.account_id,
            child.id,
            RelationKind.TEAM,
            why="Recorded the child.",
            actor=actor,
            now=now,
            until=now + _RECORDER_SEES,
        )
    session.flush()
    return child


def edit(
    child: Child, details: ChildDetails, *, version: int, actor: Actor, now: datetime
) -> Child:
    """Correct what is known of a child.

    Args:
        version: the version that was on the screen.

    Raises:
        Conflict: somebody changed the record since; both texts are in the error.
        Refused: as for ``record``.
    """
    changed = {
        name: value for name, value in asdict(details).items() if getattr(child, name) != value
    }
    if version != child.version:
        raise Conflict(
            "Somebody changed this record since you opened it. Compare and choose what to keep.",
            theirs={name: _text(getattr(child, name)) for name in changed},
            yours={name: _text(value) for name, value in changed.items()},
        )
    _check(details, now, except_id=child.id)
    for name, value in changed.items():
        setattr(child, name, value)
    key = search_key(child.given_name, child.family_name, child.preferred_name)
    is_renamed = key != child.search_key
    child.search_key = key
    session.flush()
    if is_renamed:
        _write_pieces(child)
    audit.record(
        actor,
        "child.edited",
        "child",
        child.id,
        child_id=child.id,
        now=now,
        detail=", ".join(sorted(changed)),
    )
    return child


def allocate(
    child: Child, *, team_id: UUID, worker_id: UUID | None, actor: Actor, now: datetime
) -> Child:
    """Allocate a child to a team and, when one is named, to a worker of it.

    The worker before loses access at once.

    Raises:
        Refused: there is no such team, or the worker cannot sign in.
    """
    if session.get(Team, team_id) is None:
        raise Refused("child.no_team", "Choose the team.")
    worker = session.get(Account, worker_id) if worker_id else None
    if worker_id is not None and (worker is None or worker.is_disabled):
        raise Refused("child.no_worker", "Choose a worker who can sign in.")
    if child.allocated_to_id is not None and child.allocated_to_id != worker_id:
        relations.close(
            child.allocated_to_id, child.id, RelationKind.ALLOCATED, actor=actor, now=now
        )
    child.team_id = team_id
    if worker_id is None:
        child.allocated_to_id = None
    elif child.allocated_to_id != worker_id:
        _hand_to(child, worker_id, actor=actor, now=now)
    session.flush()
    audit.record(
        actor,
        "child.allocated",
        "child",
        child.id,
        child_id=child.id,
        now=now,
        detail="team_id, allocated_to_id",
    )
    return child


def _hand_to(child: Child, worker_id: UUID, *, actor: Actor, now: datetime) -> None:
    child.allocated_to_id = worker_id
    relations.grant(
        worker_id,
        child.id,
        RelationKind.ALLOCATED,
        why="The child is allocated to this worker.",
        actor=actor,
        now=now,
    )


def _check(details: ChildDetails, now: datetime, *, except_id: UUID | None) -> None:
    today = clock.today(now)
    if details.born_on > today:
        raise Refused("child.born_later", "The date of birth must be today or in the past.")
    if today.year - details.born_on.year > _OLDEST_YEARS:
        raise Refused(
            "child.too_old", "The date of birth makes this person an adult. Check the year."
        )
    for column, number, words in (
        (Child.nhs_number, details.nhs_number, "NHS number"),
        (Child.upn, details.upn, "unique pupil number"),
    ):
        if number is None:
            continue
        holder = session.scalar(select(Child.ref).where(column == number, Child.id != except_id))
        if holder is not None:
            raise Refused(
                f"child.same_{column.key}",
                f"This {words} is already on the record of {holder}. Use that record.",
            )


def _write_pieces(child: Child) -> None:
    session.execute(delete(NamePiece).where(NamePiece.child_id == child.id))
    rows = [{"child_id": child.id, "piece": each} for each in pieces_of_key(child.search_key)]
    if rows:
        session.execute(insert(NamePiece), rows)


def _free_reference() -> str:
    while True:
        ref = new_reference("C")
        if session.scalar(select(Child.id).where(Child.ref == ref)) is None:
            return ref


def _text(value: object) -> str:
    return "" if value is None else str(value)
