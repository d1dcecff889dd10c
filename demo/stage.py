"""Where the demo's stories play: its instants around now, its people, and the verbs they share.

Days are working days counted from the present one (or the last before a weekend), so that a
story reads the same on a Sunday, on Christmas Eve and in the night the clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.db import session
from core.settings import Settings
from demo.catcher import REFUSED_PREFIX
from demo.partnership import Partnership
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.service import undelivered
from meetings.service.undelivered import Undelivered
from notifications import queries as mail_queries
from notifications import service as mail
from notifications.terms import Letterhead
from people.models.children import Child
from people.queries import accounts
from people.terms import Actor
from procedures.rules.working_days import WorkingCalendar
from procedures.service import packs
from procedures.terms import Pack

_HALF_HOUR = timedelta(minutes=30)
_OPENS, _LAST_START = time(9), time(16)
_POST = Actor.system("mail that did not arrive")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a story needs.

    Attributes:
        today: the London date of now when that is a working day, else the last one before.
    """

    now: datetime
    partnership: Partnership
    children: dict[str, Child]
    letterhead: Letterhead
    pack: Pack
    calendar: WorkingCalendar
    today: date
    _actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def children_by_id(self) -> dict[UUID, Child]:
        """The children by their rows."""
        return {child.id: child for child in self.children.values()}

    def actor(self, key: str) -> Actor:
        """Return the actor of a demo account."""
        if key not in self._actors:
            found = accounts.actor_for(self.account_id(key))
            if found is None:
                raise LookupError(f"the demo account {key} has ended")
            self._actors[key] = found
        return self._actors[key]

    def account_id(self, key: str) -> UUID:
        """Return the row of a demo account."""
        return self.partnership.accounts[key].id

    def on(self, days: int) -> date:
        """Return the working day so many after (or, negative, before) today."""
        return self.calendar.add(self.today, days)

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return a London time by day on such a working day."""
        return clock.wall(self.on(days), time(hour, minute))

    def ago(self, **length: float) -> datetime:
        """Return an instant before now."""
        return self.now - timedelta(**length)

    def soon(self, minutes: int) -> datetime:
        """Return the first half hour in office hours at least so many minutes after now."""
        return self.next_office_time(
            _next_half_hour(self.now + timedelta(minutes=minutes)) - _HALF_HOUR
        )

    def next_office_time(self, after: datetime) -> datetime:
        """Return the first instant in office hours that lies whole half hours later."""
        start = after + _HALF_HOUR
        while not self.is_office_time(start):
            start += _HALF_HOUR
        return start

    def recently(self, minutes: int) -> datetime:
        """Return the last half hour in office hours at least so many minutes before now."""
        start = _next_half_hour(self.now - timedelta(minutes=minutes)) - _HALF_HOUR
        while not self.is_office_time(start):
            start -= _HALF_HOUR
        return start

    def post_leaves(self, at: datetime) -> None:
        """Let everything that waits count as sent at an instant, or as refused."""
        if not mail.mark_all_handed(now=at, refused_prefix=REFUSED_PREFIX):
            return
        for failed in mail_queries.failures_since(at):
            undelivered.note(
                Undelivered(failed.id, failed.subject_id, failed.reference, failed.to_address),
                letterhead=self.letterhead,
                actor=_POST,
                now=at,
            )
        # The convenor was written to about it.
        mail.mark_all_handed(now=at, refused_prefix=REFUSED_PREFIX)

    def invited(self, meeting: Meeting) -> dict[str, Invitation]:
        """Return a meeting's invitations by role."""
        rows = session.scalars(
            select(Invitation)
            .where(Invitation.meeting_id == meeting.id)
            .order_by(Invitation.position)
        )
        return {row.role: row for row in rows}

    def is_office_time(self, instant: datetime) -> bool:
        """Say whether a meeting may start at an instant without a reason."""
        here = clock.london(instant)
        return self.calendar.is_working_day(here.date()) and _OPENS <= here.time() <= _LAST_START


def set_up(
    settings: Settings, partnership: Partnership, children: dict[str, Child], *, now: datetime
) -> Stage:
    """Return the stage of a partnership whose pack is recorded."""
    _, pack = packs.in_force(clock.today(now))
    calendar = packs.calendar_of(pack)
    return Stage(
        now=now,
        partnership=partnership,
        children=children,
        letterhead=mail.letterhead(settings),
        pack=pack,
        calendar=calendar,
        today=calendar.on_or_before(clock.today(now)),
    )


def _next_half_hour(instant: datetime) -> datetime:
    """Return the first full or half hour at or after an instant; London's clock agrees."""
    past = timedelta(
        minutes=instant.minute % 30, seconds=instant.second, microseconds=instant.microsecond
    )
    return instant if not past else instant - past + _HALF_HOUR
