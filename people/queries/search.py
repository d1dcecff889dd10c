"""Find a child by what somebody types, and the children a new record is likely to repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from core import clock
from core.db import session
from people.details import ChildDetails
from people.finding import Sought, sought
from people.models.accounts import Account
from people.models.children import Child, NamePiece
from people.names import closeness, pieces, search_key
from people.queries.access import may_see_child
from people.queries.children import age_words, schools_of
from people.rules.access import may_find_every_child
from people.terms import Action, Actor

MOST = 10
_CANDIDATES = 500
_CLOSE_ENOUGH_TO_FIND = 0.78
_CLOSE_ENOUGH_TO_REPEAT = 0.84
_SAME_BIRTHDAY_HELPS = 0.12
_ESTIMATE_REACHES = timedelta(days=550)


@dataclass(frozen=True, slots=True)
class FoundChild:
    """A child found: enough to tell it from another, and whether the record may be opened."""

    child_id: UUID
    ref: str
    name: str
    age: str
    school: str | None
    worker: str | None
    may_open: bool

    @property
    def text(self) -> str:
        """The line on a radio button."""
        return f"{self.name}, {self.age}"

    @property
    def hint(self) -> str:
        """What tells two children of one name apart."""
        parts = (self.school or "School not known", self.worker, self.ref)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A child that a new record may repeat, and why it looks so."""

    found: FoundChild
    why: str
    is_certain: bool


Row = tuple[Child, str | None, bool]


def find_children(actor: Actor, text: str, now: datetime, *, limit: int = MOST) -> list[FoundChild]:
    """Return the children that fit what was typed, best first, and one more than the limit.

    Names may stand in any order and be misspelt or half typed; a reference, an NHS number or a
    unique pupil number finds exactly. Only children the actor may see are searched; a duty
    account finds every child. Two statements, none when nothing was typed.
    """
    wanted = sought(text)
    if wanted.is_empty:
        return []
    scope = true() if may_find_every_child(actor) else may_see_child(actor, now)
    rows = _rows(actor, now, scope, _condition(wanted), pieces_of=wanted.names)
    if wanted.names:
        rows = _closest(rows, " ".join(wanted.names), least=_CLOSE_ENOUGH_TO_FIND)
    return _found(rows[: limit + 1], now)


def likely_duplicates(
    actor: Actor, details: ChildDetails, now: datetime, *, limit: int = 5
) -> list[LikelyDuplicate]:
    """Return the children a new record may repeat, the likeliest first.

    The same number counts most, then a close name with the same date of birth (or near an
    estimated one). Every child is compared, since a second record of one child is a danger in
    itself; of a child outside the actor's own only name, age, school and reference are shown.
    Two statements.
    """
    key = search_key(details.given_name, details.family_name, details.preferred_name)
    block = or_(*_numbers(details), *_births(details, key), Child.search_key == key)
    scored = []
    for row in _rows(actor, now, true(), block):
        why, score = _likeness(row[0], details, key)
        if why:
            scored.append((score, why, row))
    scored.sort(key=lambda each: (-each[0], each[2][0].ref))
    found = _found([row for _, _, row in scored[:limit]], now)
    return [
        LikelyDuplicate(child, why, is_certain=score > 1)
        for child, (score, why, _) in zip(found, scored[:limit], strict=True)
    ]


def _condition(wanted: Sought) -> ColumnElement[bool]:
    if wanted.ref:
        return Child.ref == wanted.ref
    if wanted.nhs_number:
        return Child.nhs_number == wanted.nhs_number
    if wanted.upn:
        return Child.upn == wanted.upn
    return true() if wanted.born_on is None else Child.born_on == wanted.born_on


def _rows(
    actor: Actor,
    now: datetime,
    scope: ColumnElement[bool],
    condition: ColumnElement[bool],
    *,
    pieces_of: Sequence[str] = (),
) -> list[Row]:
    may_open = may_see_child(actor, now, action=Action.PLAN_VIEW)
    statement = (
        select(Child, Account.name, may_open)
        .outerjoin(Account, Account.id == Child.allocated_to_id)
        .where(scope, condition)
        .limit(_CANDIDATES)
    )
    if not pieces_of:
        rows = session.execute(statement.order_by(Child.search_key, Child.ref))
    else:
        hits = _sharing(pieces_of, at_least=4).subquery()
        rows = session.execute(
            statement.join(hits, hits.c.child_id == Child.id).order_by(
                hits.c.shared.desc(), Child.search_key, Child.ref
            )
        )
    return [(child, worker, bool(is_open)) for child, worker, is_open in rows]


def _sharing(typed: Sequence[str], *, at_least: int) -> Select[UUID, int]:
    """Choose the children that share one in so many of the typed words' pieces."""
    wanted = {piece for word in typed for piece in pieces(word, is_whole=False)}
    shared = func.count(NamePiece.piece)
    return (
        select(NamePiece.child_id, shared.label("shared"))
        .where(NamePiece.piece.in_(wanted))
        .group_by(NamePiece.child_id)
        .having(shared >= max(1, len(wanted) // at_least))
    )


def _closest(rows: Sequence[Row], typed: str, *, least: float) -> list[Row]:
    scored = [(closeness(typed, row[0].search_key), row) for row in rows]
    near = [each for each in scored if each[0] >= least]
    near.sort(key=lambda each: (-each[0], each[1][0].search_key, each[1][0].ref))
    return [row for _, row in near]


def _found(rows: Sequence[Row], now: datetime) -> list[FoundChild]:
    today = clock.today(now)
    schools = schools_of({child.id for child, _, _ in rows}, today)
    return [
        FoundChild(
            child_id=child.id,
            ref=child.ref,
            name=child.name,
            age=age_words(child, today),
            school=schools.get(child.id),
            worker=worker if may_open else None,
            may_open=may_open,
        )
        for child, worker, may_open in rows
    ]


def _numbers(details: ChildDetails) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if details.nhs_number:
        found.append(Child.nhs_number == details.nhs_number)
    if details.upn:
        found.append(Child.upn == details.upn)
    return found


def _births(details: ChildDetails, key: str) -> list[ColumnElement[bool]]:
    """Near an estimate lie thousands of children, so there the names are compared first."""
    named = _sharing(key.split(), at_least=3).with_only_columns(NamePiece.child_id)
    near = and_(
        Child.born_on.between(
            details.born_on - _ESTIMATE_REACHES, details.born_on + _ESTIMATE_REACHES
        ),
        Child.id.in_(named),
    )
    found: list[ColumnElement[bool]] = [Child.born_on == details.born_on]
    found.append(near if details.is_birth_estimated else and_(near, Child.is_birth_estimated))
    turned = _day_and_month_turned(details.born_on)
    if turned is not None:
        found.append(Child.born_on == turned)
    return found


def _day_and_month_turned(on: date) -> date | None:
    try:
        return on.replace(month=on.day, day=on.month)
    except ValueError:
        return None


def _likeness(child: Child, details: ChildDetails, key: str) -> tuple[str, float]:
    """Return why the child looks the same and how much, above 1 for an exact number."""
    if details.nhs_number and child.nhs_number == details.nhs_number:
        return "The same NHS number.", 3.0
    if details.upn and child.upn == details.upn:
        return "The same unique pupil number.", 2.0
    near = max(closeness(key, child.search_key), closeness(child.search_key, key))
    is_same_day = child.born_on == details.born_on
    if near + (_SAME_BIRTHDAY_HELPS if is_same_day else 0) < _CLOSE_ENOUGH_TO_REPEAT:
        return "", 0.0
    name = "The same name" if child.search_key == key else "A similar name"
    if is_same_day:
        return f"{name} and the same date of birth.", (near + 1) / 2
    if child.is_birth_estimated or details.is_birth_estimated:
        return f"{name} and about the same age.", near * 0.9
    if child.born_on == _day_and_month_turned(details.born_on):
        return f"{name}, and the date of birth with day and month turned.", near * 0.95
    return f"{name}, another date of birth.", near * 0.7
