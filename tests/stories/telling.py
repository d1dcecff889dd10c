"""Longer passages that many stories share, told in the verbs of a door."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from tests.stories.links import Holder
from tests.stories.pages import Pages
from tests.stories.place import Mail, Place
from tests.stories.programs import Api
from tests.stories.said import Agreed, Told

Door = Pages | Api
A_DECISION = ("enquiry_begins", "A section 47 enquiry begins.", "The wound and the account.")


@dataclass(frozen=True, slots=True)
class Convened:
    """A child's meeting that was invited to."""

    child: str
    incident: str
    meeting: str
    mails: tuple[Mail, ...]

    def mail_to(self, role: str) -> Mail:
        """Return the invitation that went to a role's mailbox."""
        for mail in self.mails:
            if mail.to.startswith(role):
                return mail
        raise LookupError(f"no mail went to {role}: {[mail.to for mail in self.mails]}")


def convened(door: Door, place: Place, told: Told, starts_at: datetime | None = None) -> Convened:
    """Record an incident, send the invitations and let them arrive."""
    duty = place.world.duty
    incident = door.record(duty, told)
    meeting = door.convene(duty, incident, at=starts_at)
    return Convened(told.child, incident, meeting, tuple(invitations(place)))


def invitations(place: Place) -> list[Mail]:
    """Deliver what waits and return the calendar entries among it."""
    return [mail for mail in place.deliver() if mail.calendar is not None]


def everybody_accepts(place: Place, mails: Collection[Mail], *, but: Collection[str] = ()) -> None:
    """Let everybody who got an invitation accept by its link, but for some roles."""
    for mail in mails:
        if not mail.to.startswith(tuple(but)):
            Holder(place.app, mail).answer("accept")


def hold(
    door: Door,
    place: Place,
    meeting: str,
    *,
    decision: tuple[str, str, str] = A_DECISION,
    actions: Collection[Agreed] = (),
    here: dict[str, str] | None = None,
    **reasons: str,
) -> None:
    """Start a meeting, write it down as the duty worker, and finish it as the chair."""
    chair, duty = place.world.chair, place.world.duty
    door.start(chair, meeting)
    door.all_here(chair, meeting)
    if here:
        door.mark(chair, meeting, here)
    door.write_all(duty, meeting, "Said and written down.")
    door.decide(duty, meeting, *decision)
    for agreed in actions:
        door.agree(duty, meeting, agreed)
    door.finish(chair, meeting, **({"reason": "The family waits."} | reasons))


def in_days(place: Place, days: int) -> str:
    """Return the ISO date some days from the story's now."""
    return (clock.today(place.clock.at) + timedelta(days=days)).isoformat()
