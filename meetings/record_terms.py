"""The words of a meeting's record: what is typed into it, and what follows from finishing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from meetings.terms import AttendanceState, FollowOn
from people.terms import TriState
from plans.terms import ActionKind


class DecisionKind(StrEnum):
    """What a decision settles; the first four are the facts that later dates hang on."""

    ENQUIRY_BEGINS = "enquiry_begins"
    ENQUIRY_NOT_NEEDED = "enquiry_not_needed"
    PLAN_MADE = "plan_made"
    PLAN_NOT_MADE = "plan_not_made"
    SAFETY = "safety"
    SUPPORT = "support"
    NO_FURTHER = "no_further"
    OTHER = "other"


DECISION_WORDS = {
    DecisionKind.ENQUIRY_BEGINS: "A section 47 enquiry begins",
    DecisionKind.ENQUIRY_NOT_NEEDED: "No section 47 enquiry is needed",
    DecisionKind.PLAN_MADE: "A child protection plan is made or goes on",
    DecisionKind.PLAN_NOT_MADE: "No child protection plan is made, or it ends",
    DecisionKind.SAFETY: "What keeps the child safe until the next meeting",
    DecisionKind.SUPPORT: "Support for the child and family",
    DecisionKind.NO_FURTHER: "Nothing further is needed",
    DecisionKind.OTHER: "Something else",
}


class ReviewOutcome(StrEnum):
    """What the meeting heard about an action of an earlier meeting."""

    DONE = "done"
    NOT_DONE = "not_done"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class SectionWords:
    """What stands under one heading.

    Attributes:
        key: which place of the record, as the agenda names it.
        reason: why nothing is written, such as why a parent was not asked.
        dated_on: the London date the heading asks for, such as that of the next meeting.
    """

    key: str
    text: str = ""
    reason: str | None = None
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """One decision with its reason."""

    kind: DecisionKind
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DissentWords:
    """Who did not agree, with what, and why."""

    agency_name: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ActionWords:
    """An action as far as it is known yet; owner and date may still be missing.

    Attributes:
        owner: key of the invitee who owns it; their agency, name and address then count.
        decision: position of the decision it carries out.
    """

    what: str
    kind: ActionKind
    owner: str | None = None
    agency_ref: str | None = None
    owner_name: str | None = None
    owner_email: str | None = None
    due_on: date | None = None
    how_known: str | None = None
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """What was heard about a previous action; the note is evidence, or what is changed."""

    outcome: ReviewOutcome
    note: str | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """How one invitee took part, and the person who came."""

    state: AttendanceState
    name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SomebodyElse:
    """Somebody who came without an invitation."""

    name: str
    role_name: str
    agency_ref: str | None = None
    agency_name: str = ""
    state: AttendanceState = AttendanceState.PRESENT


@dataclass(frozen=True, slots=True)
class FinishWords:
    """What is typed on the finish page.

    Attributes:
        reason: why the meeting is finished although something is missing.
        inquorate_reason: why it went ahead without the legal quorum.
    """

    reason: str | None = None
    inquorate_reason: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the decisions of a meeting settle, as far as later dates hang on it."""

    began_enquiry: TriState
    plan_made: TriState


@dataclass(frozen=True, slots=True)
class Finished:
    """What finishing a meeting did.

    Attributes:
        follow_up_on: London date of the meeting that must follow an inquorate one.
    """

    is_quorate: bool
    action_refs: tuple[str, ...]
    follow_ons: tuple[FollowOn, ...]
    record_due_on: date
    follow_up_on: date | None = None


def settled(kinds: frozenset[str]) -> Decided:
    """Return the facts that decisions of these kinds settle; silence settles nothing."""
    return Decided(
        began_enquiry=_tri(kinds, DecisionKind.ENQUIRY_BEGINS, DecisionKind.ENQUIRY_NOT_NEEDED),
        plan_made=_tri(kinds, DecisionKind.PLAN_MADE, DecisionKind.PLAN_NOT_MADE),
    )


def _tri(kinds: frozenset[str], yes: DecisionKind, no: DecisionKind) -> TriState:
    if yes in kinds:
        return TriState.YES
    return TriState.NO if no in kinds else TriState.NOT_KNOWN
