"""Which of two answers by one invitee counts, whatever order they arrive in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where an answer stands against what was sent and what was answered."""

    CURRENT = "current"
    OTHER_TIME = "other_time"
    OLDER = "older"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an answer was given and for which SEQUENCE."""

    sequence: int
    at: datetime


def given_at(dtstamp: datetime | None, *, received_at: datetime) -> datetime:
    """Return when an answer was given, as far as can be known.

    A client that leaves DTSTAMP out is taken at the time of receipt, and one whose clock is
    ahead no later than that: otherwise it would lock out every later answer.

    Source: RFC 5546 2.1.5 (ordering by SEQUENCE, then DTSTAMP); the limit is local.
    """
    return received_at if dtstamp is None else min(dtstamp, received_at)


def place(answer: Stamp, *, sent: int, last: Stamp | None) -> Place:
    """Say whether an answer counts.

    Args:
        sent: the SEQUENCE last sent to this invitee.
        last: the answer that counts now, if there is one. Of two answers with the same
            stamp the one that arrived later counts: some clients do not renew it.

    Source: RFC 5546 2.1.5; cases C-053 to C-055 of the calendar guide.
    """
    if answer.sequence < sent:
        return Place.OTHER_TIME
    if answer.sequence > sent:
        return Place.AHEAD
    if last is not None and last.sequence == answer.sequence and answer.at < last.at:
        return Place.OLDER
    return Place.CURRENT
