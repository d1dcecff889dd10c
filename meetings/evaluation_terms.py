"""What a program tells the rules about a child, and what they answer: nothing is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from meetings.terms import (
    Alternative,
    BookedMeeting,
    Connected,
    Contact,
    FiredRule,
    FollowOn,
    Invitee,
    MeetingFacts,
    Overlap,
    Question,
    Score,
    TaskDue,
)
from procedures.terms import Deadline, Facts


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting that was held, and what it decided as far as later dates hang on it."""

    meeting_type: str
    held_on: date
    decided: MeetingFacts
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenAction:
    """An action of the plan, as far as its ladder needs it.

    Attributes:
        owner_left_on: when its owner left their agency, if they did.
    """

    ref: str
    due_on: date
    is_safety: bool = False
    owner_left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A fact that was counted from dates told: over which days, both included."""

    fact: str
    value: int
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known. A fact that is not named is not known, which is never "no".

    Attributes:
        at: the moment at which the rules are asked: people are asked from then on.
        facts: by the catalogue's names.
        moments: what limits are counted from, by the catalogue's names of events.
        is_incident: False when the program says that there is no incident behind it.
        returned_on: the days on which the child returned from being missing; None when not told.
        other_parts: the parts of other children in the same incident; None when not known.
        school_shut: the dates on which the child's school is closed.
        meeting_type: the meeting whose invitees are wanted; None for the one the rules ask for.
        starts_at: when that meeting starts; None for its latest start.
    """

    at: datetime
    facts: Facts = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    is_incident: bool = True
    returned_on: tuple[date, ...] | None = None
    other_parts: tuple[str, ...] | None = None
    network: tuple[Connected, ...] = ()
    directory: tuple[Contact, ...] = ()
    booked: tuple[BookedMeeting, ...] = ()
    held: tuple[HeldMeeting, ...] = ()
    actions: tuple[GivenAction, ...] = ()
    school_shut: frozenset[date] = frozenset()
    meeting_type: str | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that did not fire, or could not be judged: why, and which facts nobody knows."""

    rule_id: str
    words: str
    why: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose seats the answer lists: a meeting type and the start the contacts were chosen for."""

    meeting_type: str
    meeting_name: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day on which an action's ladder tells somebody."""

    action: str
    step: str
    words: str
    on: date
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The rules' whole answer to a situation.

    Attributes:
        meeting_type: None when no rule that is sure asks for a meeting.
        not_fired: triggers that do not apply, by what is known.
        not_judged: triggers that wait for facts nobody knows.
        not_invited: invitation rules of the meeting asked that do not apply, or wait for facts.
        dates: what follows from the meetings held, and from the one that is needed.
    """

    pack_name: str
    pack_number: int
    at: datetime
    meeting_type: str | None
    meeting_name: str
    deadline: Deadline | None
    decide_by: Deadline
    why: str
    fired: tuple[FiredRule, ...]
    not_fired: tuple[Unmet, ...]
    not_judged: tuple[Unmet, ...]
    alternatives: tuple[Alternative, ...]
    questions: tuple[Question, ...]
    tasks: tuple[TaskDue, ...]
    asked: Asked | None
    invitees: tuple[Invitee, ...]
    not_invited: tuple[Unmet, ...]
    booked: tuple[Overlap, ...]
    dates: tuple[FollowOn, ...]
    reminders: tuple[Reminder, ...]
    counted: tuple[Counted, ...]
    warnings: tuple[str, ...]
    prompts: tuple[str, ...]
