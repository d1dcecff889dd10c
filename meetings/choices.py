"""What a person typed or chose, as values: forms and programs build them, services take them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time

from meetings.terms import MeetingHow
from people.terms import TriState


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGiven:
    """A score as somebody gave it; a number alone cannot be written down."""

    scale: str
    scale_version: str
    value: int
    scored_by: str
    scored_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the rules ask about one child's part; "not known" is kept apart from "no"."""

    weapon_used: TriState = TriState.NOT_KNOWN
    serious_injury: TriState = TriState.NOT_KNOWN
    class_a_supply: TriState = TriState.NOT_KNOWN
    retaliation_risk: TriState = TriState.NOT_KNOWN
    exploitation_suspected: TriState = TriState.NOT_KNOWN
    harm_suspected: TriState = TriState.NOT_KNOWN
    hospital_attended: TriState = TriState.NOT_KNOWN
    at_school: TriState = TriState.NOT_KNOWN
    threat_to_life: TriState = TriState.NOT_KNOWN
    ambulance_attended: TriState = TriState.NOT_KNOWN
    has_died: TriState = TriState.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGiven:
    """One child's part in an incident, in words written for this child alone.

    Attributes:
        known_at: when the partnership knew; None means as it is written down.
    """

    child_ref: str
    part: str
    kind: str
    happened_at: datetime
    known_at: datetime | None = None
    narrative: str
    safe_now: TriState
    answers: Answers = field(default_factory=Answers)
    score: ScoreGiven | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A seat the rules ask for that a person leaves out, and why."""

    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Somebody of the directory who is asked although no rule asks for them, and why."""

    entry: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person decided about one meeting to be convened.

    Attributes:
        type: a meeting type of the pack; empty for the one that the rules ask for.
        minutes: its length.
        fold: which of the two, on the night an hour happens twice: 0 the first, 1 the second.
        late_reason: why it starts after its deadline or on no working day; needed if it does.
        overlap_reason: why it stands beside a meeting that looks like the same one, or at a
            time at which somebody is taken.
    """

    on: date
    at: time
    minutes: int
    chair_id: uuid.UUID
    type: str = ""
    how: MeetingHow = MeetingHow.ONLINE
    joining: str = ""
    fold: int | None = None
    late_reason: str = ""
    overlap_reason: str = ""
    drops: tuple[Drop, ...] = ()
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart:
    """A seat that was filled in a discussion held at once, and who spoke."""

    seat: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNow:
    """A discussion by telephone that starts now or took place within the last day.

    Attributes:
        started_at: None means it starts now.
        why: why it went ahead without the legal quorum; needed if it did.
    """

    chair_id: uuid.UUID
    started_at: datetime | None
    took_part: tuple[TookPart, ...]
    type: str = ""
    why: str = ""
