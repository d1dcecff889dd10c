"""The words of plans: plan, entry, voice, order, strand, action, ladder and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class PlanStatus(StrEnum):
    """Whether the plan is the child's present one."""

    OPEN = "open"
    CLOSED = "closed"


class Section(StrEnum):
    """The parts of a plan that are written as single sentences, each its own row."""

    MATTERS = "matters"
    WORRY = "worry"
    STRENGTH = "strength"
    GOAL = "goal"
    CONTINGENCY = "contingency"


class Whose(StrEnum):
    """Whose voice is heard; father stands for every father and male carer of the child."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    CARER = "carer"
    OTHER = "other"


class OrderKind(StrEnum):
    """A legal item with conditions and an end: each is watched by a named agency."""

    POLICE_BAIL = "police_bail"
    RELEASED_UNDER_INVESTIGATION = "released_under_investigation"
    COURT_BAIL = "court_bail"
    CURFEW = "curfew"
    ELECTRONIC_TAG = "electronic_tag"
    NON_CONTACT = "non_contact"
    REFERRAL_ORDER = "referral_order"
    YOUTH_REHABILITATION_ORDER = "youth_rehabilitation_order"
    CUSTODY_LICENCE = "custody_licence"
    INJUNCTION = "injunction"
    CRIMINAL_BEHAVIOUR_ORDER = "criminal_behaviour_order"
    KNIFE_CRIME_PREVENTION_ORDER = "knife_crime_prevention_order"
    OTHER = "other"


class StrandKind(StrEnum):
    """Another plan the child has: linked to the one plan, with a review date of its own."""

    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"
    LOOKED_AFTER = "looked_after"
    HEALTH = "health"
    PERSONAL_EDUCATION = "personal_education"
    EHC = "ehc"
    PATHWAY = "pathway"
    YOUTH_JUSTICE = "youth_justice"
    OTHER = "other"


class ActionKind(StrEnum):
    """What an action does; a safety action climbs the ladder in half the days."""

    SUPPORT = "support"
    MONITOR = "monitor"
    DISRUPT = "disrupt"
    SAFETY = "safety"


class ActionStatus(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    NO_LONGER_NEEDED = "no_longer_needed"


class EventKind(StrEnum):
    """What happened to an action; the rows are never changed."""

    GIVEN = "given"
    DONE = "done"
    DATE_ASKED = "date_asked"
    DATE_AGREED = "date_agreed"
    DATE_REFUSED = "date_refused"
    HAND_OVER_OFFERED = "hand_over_offered"
    HAND_OVER_ACCEPTED = "hand_over_accepted"
    HAND_OVER_REFUSED = "hand_over_refused"
    NO_LONGER_NEEDED = "no_longer_needed"
    OWNER_LEFT = "owner_left"
    DEPUTY_TOOK_OVER = "deputy_took_over"
    CHASED = "chased"


class RequestStatus(StrEnum):
    """Where a request for a new date stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"


class DelayReason(StrEnum):
    """Why an action is late, from a fixed list, so that a link page asks for no free text."""

    BLOCKED = "blocked"
    REFUSED_BY_FAMILY = "refused_by_family"
    WAITING_LIST = "waiting_list"
    NO_CAPACITY = "no_capacity"
    SUPERSEDED = "superseded"


class HandOverReason(StrEnum):
    """Why an action is handed over, from a fixed list."""

    WRONG_PERSON = "wrong_person"
    AWAY = "away"
    CHANGED_POST = "changed_post"
    NO_CAPACITY = "no_capacity"


class LinkHolder(StrEnum):
    """For whom a link to an action was made."""

    OWNER = "owner"
    OFFERED = "offered"
    MANAGER = "manager"
    AGENCY_LEAD = "agency_lead"


class Listener(StrEnum):
    """Who is told at a step of the ladder.

    Owner, manager and agency lead are those of the action's agency; lead practitioner, chair
    and head of service those of the plan. The partnership reads a list of exceptions, not a mail.
    The values are the words of the pack.
    """

    OWNER = "owner"
    MANAGER = "owner_manager"
    LEAD_PRACTITIONER = "lead_practitioner"
    AGENCY_LEAD = "agency_lead"
    CHAIR = "chair"
    HEAD_OF_SERVICE = "head_of_service"
    PARTNERSHIP = "partnership"


# By class first: members of two vocabularies may be the same text, and then the same key.
WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        Section: {
            Section.MATTERS: "What matters to the child",
            Section.WORRY: "Worries",
            Section.STRENGTH: "Strengths",
            Section.GOAL: "Goals",
            Section.CONTINGENCY: "If things change",
        },
        Whose: {
            Whose.CHILD: "the child",
            Whose.MOTHER: "mother",
            Whose.FATHER: "father or male carers",
            Whose.CARER: "carer",
            Whose.OTHER: "somebody else",
        },
        OrderKind: {
            OrderKind.POLICE_BAIL: "Police bail",
            OrderKind.RELEASED_UNDER_INVESTIGATION: "Released under investigation",
            OrderKind.COURT_BAIL: "Court bail",
            OrderKind.CURFEW: "Curfew",
            OrderKind.ELECTRONIC_TAG: "Electronic tag",
            OrderKind.NON_CONTACT: "Non-contact order",
            OrderKind.REFERRAL_ORDER: "Referral order",
            OrderKind.YOUTH_REHABILITATION_ORDER: "Youth rehabilitation order",
            OrderKind.CUSTODY_LICENCE: "Licence after custody",
            OrderKind.INJUNCTION: "Injunction",
            OrderKind.CRIMINAL_BEHAVIOUR_ORDER: "Criminal behaviour order",
            OrderKind.KNIFE_CRIME_PREVENTION_ORDER: "Knife crime prevention order",
            OrderKind.OTHER: "Other order",
        },
        StrandKind: {
            StrandKind.EARLY_HELP: "Early help plan",
            StrandKind.CHILD_IN_NEED: "Child in need plan",
            StrandKind.CHILD_PROTECTION: "Child protection plan",
            StrandKind.LOOKED_AFTER: "Care plan",
            StrandKind.HEALTH: "Health plan",
            StrandKind.PERSONAL_EDUCATION: "Personal education plan",
            StrandKind.EHC: "Education, health and care (EHC) plan",
            StrandKind.PATHWAY: "Pathway plan",
            StrandKind.YOUTH_JUSTICE: "Youth justice plan",
            StrandKind.OTHER: "Other plan",
        },
        ActionKind: {
            ActionKind.SUPPORT: "Support",
            ActionKind.MONITOR: "Monitor",
            ActionKind.DISRUPT: "Disrupt",
            ActionKind.SAFETY: "Safety",
        },
        ActionStatus: {
            ActionStatus.OPEN: "Open",
            ActionStatus.DONE: "Done",
            ActionStatus.NO_LONGER_NEEDED: "No longer needed",
        },
        EventKind: {
            EventKind.GIVEN: "Given",
            EventKind.DONE: "Marked as done",
            EventKind.DATE_ASKED: "New date asked for",
            EventKind.DATE_AGREED: "New date agreed",
            EventKind.DATE_REFUSED: "New date refused",
            EventKind.HAND_OVER_OFFERED: "Hand-over offered",
            EventKind.HAND_OVER_ACCEPTED: "Hand-over accepted",
            EventKind.HAND_OVER_REFUSED: "Hand-over refused",
            EventKind.NO_LONGER_NEEDED: "No longer needed",
            EventKind.OWNER_LEFT: "Owner has left",
            EventKind.DEPUTY_TOOK_OVER: "Deputy became owner",
            EventKind.CHASED: "Reminder sent",
        },
        HandOverReason: {
            HandOverReason.WRONG_PERSON: "It belongs to somebody else",
            HandOverReason.AWAY: "I am away when it is due",
            HandOverReason.CHANGED_POST: "I am changing post",
            HandOverReason.NO_CAPACITY: "I do not have the time",
        },
        DelayReason: {
            DelayReason.BLOCKED: "Something else has to happen first",
            DelayReason.REFUSED_BY_FAMILY: "The child or a parent does not want it",
            DelayReason.WAITING_LIST: "There is a waiting list",
            DelayReason.NO_CAPACITY: "We do not have the capacity",
            DelayReason.SUPERSEDED: "Something else was agreed instead",
        },
    }
)


def words_for(term: StrEnum) -> str:
    """Return how people say a term of this room."""
    return WORDS[type(term)][term]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the ladder as the pack in force writes it.

    Attributes:
        id: the pack's name of the step, kept on the row that says it was taken.
        words: the step as the pack says it.
        working_days: distance from the due date; before it is negative.
        tell: who is told.
        marks: a state it gives the action, such as drift; empty for none.
    """

    id: str
    working_days: int
    tell: tuple[Listener, ...]
    words: str = ""
    marks: str = ""

    @property
    def is_reminder(self) -> bool:
        """Say whether the step stands before the due date or on it."""
        return self.working_days <= 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of the pack in force, in the order of the days.

    Attributes:
        safety_divisor: by what the days after the due date are divided for a safety action.
    """

    steps: tuple[LadderStep, ...]
    safety_divisor: int = 2


@dataclass(frozen=True, slots=True)
class ActionClock:
    """What the ladder needs to know of an action.

    Attributes:
        due_on: London date by which it is to be done.
        dated_on: London date on which this due date was given or agreed.
        taken: ids of the steps already taken for this due date.
    """

    due_on: date
    dated_on: date
    is_safety: bool
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Climb:
    """The answer of the ladder for one action today.

    Attributes:
        due: steps to take now, in order.
        passed: reminders whose day was over before the due date was given; nobody is told.
        tell: everybody who is told by the due steps, each once, in the order of the ladder.
        overdue_working_days: 0 on the due date and before.
    """

    due: tuple[LadderStep, ...]
    passed: tuple[LadderStep, ...]
    tell: tuple[Listener, ...]
    overdue_working_days: int


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """Whether a voice was heard, or why not."""

    whose: Whose
    is_heard: bool
    missing_reason: str | None = None


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An open action as the readiness check sees it."""

    ref: str
    has_owner: bool
    has_date: bool


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the readiness check needs to know of a plan.

    Attributes:
        unasked: facts of the child never asked about, in words ("disability", "EHC plan").
    """

    has_lead: bool
    review_on: date | None
    sections: frozenset[Section]
    voices: tuple[VoiceFacts, ...] = ()
    actions: tuple[OpenAction, ...] = ()
    unwatched_orders: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


class GapKind(StrEnum):
    """What a plan lacks."""

    LEAD = "lead"
    REVIEW_DATE = "review_date"
    OWNER = "owner"
    DUE_DATE = "due_date"
    VOICE = "voice"
    CONTINGENCY = "contingency"
    MATTERS = "matters"
    ORDER_WATCH = "order_watch"
    CHILD_FACT = "child_fact"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a plan lacks, in words a page can show, and what it is about."""

    kind: GapKind
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a version: a stable key, its section, and its fields in the order shown."""

    key: str
    section: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs between two versions."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One row that stands in both versions with different words."""

    item: Item
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ItemChange, ...]

    @property
    def is_same(self) -> bool:
        """Say whether the two versions read the same."""
        return not (self.added or self.removed or self.changed)


class DayKind(StrEnum):
    """What falls on a day of the plan."""

    ACTION = "action"
    ORDER = "order"
    STRAND_REVIEW = "strand_review"
    PLAN_REVIEW = "plan_review"


@dataclass(frozen=True, slots=True)
class DayItem:
    """One dated thing of the plan: what, when and who sees to it."""

    on: date
    kind: DayKind
    words: str
    who: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class EntryWords:
    """One sentence of a section."""

    section: Section
    text: str


@dataclass(frozen=True, slots=True)
class VoiceWords:
    """What somebody said, or why they were not heard."""

    whose: Whose
    person_name: str | None = None
    words: str | None = None
    said_on: date | None = None
    told_to: str | None = None
    missing_reason: str | None = None


@dataclass(frozen=True, slots=True)
class OrderWords:
    """Bail or an order with its conditions."""

    kind: OrderKind
    conditions: str
    starts_on: date | None = None
    expires_on: date | None = None
    watched_by: str | None = None
    conflict_note: str | None = None


@dataclass(frozen=True, slots=True)
class StrandWords:
    """Another plan of the child's."""

    kind: StrandKind
    review_on: date | None = None
    note: str | None = None


PartWords = EntryWords | VoiceWords | OrderWords | StrandWords

FIELD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "section": "Part",
        "text": "Text",
        "whose": "Whose voice",
        "person_name": "Name",
        "words": "Own words",
        "said_on": "Said on",
        "told_to": "Told to",
        "missing_reason": "Why not heard",
        "kind": "Kind",
        "conditions": "Conditions",
        "starts_on": "From",
        "expires_on": "To",
        "watched_by": "Watched by",
        "conflict_note": "Collides with",
        "review_on": "Next review",
        "note": "Note",
        "what": "What",
        "owner": "Owner",
        "agency": "Agency",
        "due_on": "Due",
        "status": "State",
        "lead": "Lead practitioner",
    }
)


@dataclass(frozen=True, slots=True)
class AgreedAt:
    """Where a change was agreed: a meeting and who chaired it.

    Attributes:
        meeting_id: a plain id; plans know nothing else of meetings.
        meeting_ref: the reference people read.
    """

    meeting_id: UUID
    meeting_ref: str
    chair_account_id: UUID | None = None
    chair_name: str | None = None
    chair_email: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProposedAction:
    """An action as a meeting agreed it, or a person typed it.

    Attributes:
        owner_name: None when only the agency is known; its manager is told instead.
        decision_id: the decision it carries out, a plain id.
        source_id: the row it came from, so that finishing twice gives it once.
    """

    what: str
    kind: ActionKind
    agency_id: UUID
    due_on: date
    owner_name: str | None = None
    owner_email: str | None = None
    owner_account_id: UUID | None = None
    deputy_name: str | None = None
    deputy_email: str | None = None
    how_known: str | None = None
    decision_id: UUID | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads a plan."""

    name: str
    agency_id: UUID | None = None
    account_id: UUID | None = None
    telephone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class OwnerTo:
    """The person an action is offered to."""

    name: str
    email: str
    agency_id: UUID
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chased:
    """What one run of the sweep did."""

    actions: int = 0
    steps: int = 0
    letters: int = 0
    orphans: int = 0
    without_address: tuple[str, ...] = field(default=())
