"""What invitees gave and what people decided about it, as values: forms build them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from meetings.terms import AnswerChannel, InvitationState, KnownAnswer
from notifications.terms import Reason

# How long an answer link works after its meeting.
LINK_LIFE = timedelta(days=28)
LONGEST_MINUTES, SHORTEST_MINUTES = 8 * 60, 10
MOVE_REASONS = (
    Reason.MORE_CAN_ATTEND,
    Reason.NEEDED_SOONER,
    Reason.CHAIR_CANNOT_ATTEND,
    Reason.INFORMATION_AWAITED,
    Reason.TIME_SUGGESTED,
    Reason.ASK_US,
)
STAND_DOWN_REASONS = (
    Reason.NO_LONGER_NEEDED,
    Reason.HELD_BY_TELEPHONE,
    Reason.JOINED_WITH_ANOTHER,
    Reason.REPLACED,
    Reason.NOT_ENOUGH_AGENCIES,
    Reason.ASK_US,
)


class PartOfMeeting(StrEnum):
    """Which part of a meeting somebody can come to."""

    FIRST_15 = "first_15"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"


PART_WORDS = {
    PartOfMeeting.FIRST_15: "the first 15 minutes",
    PartOfMeeting.FIRST_HALF: "the first half",
    PartOfMeeting.SECOND_HALF: "the second half",
}


class ShareWithFamily(StrEnum):
    """Whether what an agency sends may be said to the family at the meeting."""

    YES = "yes"
    PART = "part"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyGiven:
    """Somebody named to come instead."""

    name: str
    role: str = ""
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """One answer to an invitation.

    Attributes:
        part: which part, in words, for "part of it".
        sequence: the SEQUENCE the person saw; None where they saw the current one.
        dtstamp: when it was given, if that is not when it was taken in.
        inbound_id: the message it came in.
    """

    state: InvitationState
    channel: AnswerChannel
    part: str | None = None
    deputy: DeputyGiven | None = None
    person_name: str | None = None
    person_role: str | None = None
    sequence: int | None = None
    dtstamp: datetime | None = None
    inbound_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One direct question of the information form: the answer, and what is known of it."""

    answer: KnownAnswer
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """What an agency sends for a meeting; None in a box means "nothing known"."""

    injury: Known
    weapon: Known
    emergency: Known
    health: str | None
    last_seen: str | None
    worries: str | None
    strengths: str | None
    parents: str | None
    share_with_family: ShareWithFamily
    share_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGiven:
    """Another time that somebody suggests, in instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTime:
    """When a meeting is to be instead.

    Attributes:
        late_reason: why it starts after its deadline; needed if it does.
        must_be_free: refuse a time at which the child, the chair or an invitee is taken; off
            once somebody was told so and means it.
    """

    starts_at: datetime
    minutes: int
    reason: Reason
    late_reason: str = ""
    must_be_free: bool = False
