"""The words of meetings: states people see, the facts rules look at, and the verdicts they give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from people.terms import TriState
from procedures.terms import Deadline, Plain


class FamilyMode(StrEnum):
    """Whether the family sits in the meeting."""

    NONE = "none"
    PART = "part"
    FULL = "full"


class Requirement(StrEnum):
    """How much an invitee is needed, strongest first."""

    QUORUM = "quorum"
    EXPECTED = "expected"
    OPTIONAL = "optional"
    REPORT_ONLY = "report_only"
    INFORM = "inform"


class JudgementStatus(StrEnum):
    """What became of a judgement."""

    OPEN = "open"
    ARRANGED = "arranged"
    HELD = "held"
    NONE_PROPOSED = "none_proposed"
    NONE_CONFIRMED = "none_confirmed"
    SUPERSEDED = "superseded"


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    ARRANGED = "arranged"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    STOOD_DOWN = "stood_down"


class MeetingHow(StrEnum):
    """How people meet."""

    ONLINE = "online"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class InvitationState(StrEnum):
    """What is known of one invitation's answer."""

    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"
    ACCEPTED = "accepted"
    ACCEPTED_PART = "accepted_part"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DEPUTY = "deputy"
    INFORMATION = "information"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"


class AnswerChannel(StrEnum):
    """How an answer came."""

    LINK = "link"
    MAIL = "mail"
    TELEPHONE = "telephone"
    PAGE = "page"


class CallOutcome(StrEnum):
    """What came of ringing somebody."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WILL_ATTEND = "will_attend"
    CANNOT_ATTEND = "cannot_attend"


class ProposalStatus(StrEnum):
    """What became of another time somebody proposed; overtaken when the meeting moved anyway."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


class DeputyStatus(StrEnum):
    """How far somebody named to come instead is; only a confirmed deputy gets mail."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class NoteKind(StrEnum):
    """What came by mail beside an answer."""

    COMMENT = "comment"
    FREE_TEXT = "free_text"
    OUT_OF_OFFICE = "out_of_office"
    OTHER_ADDRESS = "other_address"
    UNREADABLE = "unreadable"
    REQUEST_STATUS = "request_status"
    RESENT = "resent"
    NEW_LINK = "new_link"


class AttendanceState(StrEnum):
    """Who came."""

    PRESENT = "present"
    PART = "part"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    REPORT_ONLY = "report_only"


class RecordStatus(StrEnum):
    """Where a meeting's record stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    RELEASED = "released"


class KnownAnswer(StrEnum):
    """An answer in the information form; "nothing known" is an answer, silence is not."""

    YES = "yes"
    NO = "no"
    NOTHING_KNOWN = "nothing_known"


@dataclass(frozen=True, slots=True)
class Score(Plain):
    """A seriousness score; it means nothing without its scale and that scale's version."""

    scale: str
    scale_version: str
    value: int
    scored_by: str
    scored_on: date


@dataclass(frozen=True, slots=True)
class IncidentFacts(Plain):
    """One child's part in an incident, as the trigger rules see it.

    Attributes:
        part: the pack's id of the child's part; None while nobody knows.
        kind: the pack's id of the kind of incident.
        happened_at: when it happened; never day 0 of a limit.
        known_at: when the partnership knew: day 0 of the limits.
        recorded_at: when it was logged in the service.
        other_parts: the parts that other children have in the same incident, without who.
        scored_up_at: when a score made serious what was not judged serious before.
        met_since: a meeting about this incident was held since it happened.
        days_since_last_serious: calendar days to the child's last serious incident before this
            one; None when there was none.
        serious_incident_notified_at: when the national Panel was notified, if it was.

    What follows it is recorded by no page yet, and known only to a caller who gives it
    (``meetings.rules.not_recorded`` says what each means).
    """

    part: str | None
    kind: str
    happened_at: datetime
    known_at: datetime
    recorded_at: datetime
    safe_now: TriState = TriState.NOT_KNOWN
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
    scores: tuple[Score, ...] = ()
    other_parts: tuple[str, ...] = ()
    scored_up_at: datetime | None = None
    met_since: TriState = TriState.NO
    days_since_last_serious: int | None = None
    serious_incident_notified_at: datetime | None = None
    cpis_alert: TriState = TriState.NOT_KNOWN
    missing_over_24_hours: TriState = TriState.NOT_KNOWN
    is_arrested: TriState = TriState.NOT_KNOWN
    bail_refused: TriState = TriState.NOT_KNOWN
    bail_changed: TriState = TriState.NOT_KNOWN
    is_charged: TriState = TriState.NOT_KNOWN
    nrm_referral: TriState = TriState.NOT_KNOWN
    strategy_in_20_working_days: TriState = TriState.NOT_KNOWN
    left_school_roll: TriState = TriState.NOT_KNOWN
    plan_has_begun: TriState = TriState.NOT_KNOWN
    plan_has_ended: TriState = TriState.NOT_KNOWN
    became_looked_after: TriState = TriState.NOT_KNOWN
    moved_area: TriState = TriState.NOT_KNOWN
    flag_closure_proposed: TriState = TriState.NOT_KNOWN
    others_at_risk: TriState = TriState.NOT_KNOWN
    is_inpatient: TriState = TriState.NOT_KNOWN
    adult_co_defendant: TriState = TriState.NOT_KNOWN
    allegation_against_professional: TriState = TriState.NOT_KNOWN
    harm_outside_home: TriState = TriState.NOT_KNOWN
    place_concern: TriState = TriState.NOT_KNOWN
    returned_at: datetime | None = None
    bail_ends_at: datetime | None = None
    excluded_at: datetime | None = None
    governors_told_at: datetime | None = None
    plan_changed_at: datetime | None = None
    looked_after_at: datetime | None = None
    area_notified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closure(Plain):
    """Dates on which an agency is closed, both included."""

    from_on: date
    to_on: date

    def covers(self, on: date) -> bool:
        """Say whether the agency is closed on a date."""
        return self.from_on <= on <= self.to_on


@dataclass(frozen=True, slots=True)
class Connected(Plain):
    """An agency the child is connected to: its school, practice, youth justice service.

    ``kind`` and ``status`` are people's words (ConnectionKind, ConnectionStatus).
    """

    kind: str
    status: str
    agency_id: str | None = None
    agency_name: str = ""
    agency_kind: str = ""
    is_male_carer: bool = False


@dataclass(frozen=True, slots=True)
class ChildFacts(Plain):
    """A child as the rules see it; ``age`` in whole years on the day it was known, None unknown.

    Attributes:
        legal_status: the pack's id, None when nobody recorded it.
        connections: the child's network today; a kind with no row is not known, never "none".
        age_months: in whole months, where the date of birth is known.
        ever_had_social_worker: now or before.
        hospital_within_30_days: attended or admitted.
        born_on: None where the date of birth is a guess.
        school_closures: when the child's school is shut; school days are not counted then.

    What follows ``school_closures`` is recorded by no page yet, and known only to a caller who
    gives it (``meetings.rules.not_recorded`` says what each means).
    """

    age: int | None
    age_months: int | None = None
    legal_status: str | None = None
    connections: tuple[Connected, ...] = ()
    ever_had_social_worker: TriState = TriState.NOT_KNOWN
    ehc_plan: TriState = TriState.NOT_KNOWN
    sen: TriState = TriState.NOT_KNOWN
    hospital_within_30_days: TriState = TriState.NOT_KNOWN
    exploitation_flag: TriState = TriState.NOT_KNOWN
    missing_flag: TriState = TriState.NOT_KNOWN
    disability: TriState = TriState.NOT_KNOWN
    interpreter_needed: TriState = TriState.NOT_KNOWN
    born_on: date | None = None
    school_closures: tuple[Closure, ...] = ()
    mental_health_need: TriState = TriState.NOT_KNOWN
    paediatrics_open: TriState = TriState.NOT_KNOWN
    on_licence: TriState = TriState.NOT_KNOWN
    gang_concern: TriState = TriState.NOT_KNOWN
    council_or_temporary_housing: TriState = TriState.NOT_KNOWN
    eviction_risk: TriState = TriState.NOT_KNOWN
    substance_concern: TriState = TriState.NOT_KNOWN
    substance_support_agreed: TriState = TriState.NOT_KNOWN
    substance_evidence: TriState = TriState.NOT_KNOWN
    adult_services_involved: TriState = TriState.NOT_KNOWN
    out_of_area: TriState = TriState.NOT_KNOWN
    immigration_concern: TriState = TriState.NOT_KNOWN
    communication_need: TriState = TriState.NOT_KNOWN
    transition_arranged: TriState = TriState.NOT_KNOWN
    missing_episodes_90_days: int | None = None
    attendance_percent: int | None = None


@dataclass(frozen=True, slots=True)
class MeetingFacts(Plain):
    """What a held (or pencilled) meeting decided, as far as later dates hang on it.

    Attributes:
        began_enquiry: this meeting itself decided that a section 47 enquiry begins.
        is_quorate: by attendance; None before the meeting.
        plan_made: a conference made, or continued, a child protection plan.
    """

    began_enquiry: TriState = TriState.NOT_KNOWN
    is_quorate: bool | None = None
    plan_made: TriState = TriState.NOT_KNOWN


# Verdicts: what the rules answer. Each is stored with the pack version that gave it.


@dataclass(frozen=True, slots=True)
class Question(Plain):
    """A fact nobody knows, how to ask it, and the rules that wait for it."""

    fact: str
    words: str
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FiredRule(Plain):
    """A trigger that fired, with its own meeting and deadline (None for tasks only)."""

    rule_id: str
    words: str
    why: str
    facts: tuple[str, ...]
    source: str
    confidence: str
    meeting_type: str | None
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class UnfiredRule(Plain):
    """A rule that did not fire and why.

    Attributes:
        is_open: nobody knows yet, and an answer could make it fire.
        is_judged: False where it rests on a fact that no page records yet.
    """

    rule_id: str
    words: str
    why: str
    is_open: bool
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class Alternative(Plain):
    """What would follow if an unknown fact were answered: shown beside the decision."""

    rule_id: str
    meeting_type: str
    meeting_name: str
    deadline: Deadline
    only_if: str
    is_sooner: bool


@dataclass(frozen=True, slots=True)
class TaskDue(Plain):
    """Something a person must consider or do; ``role`` is a pack role, ``due`` None for at once."""

    task_id: str
    words: str
    role: str
    role_name: str
    due: Deadline | None
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision(Plain):
    """The answer to "must a meeting be held, which one, by when and why".

    Attributes:
        meeting_type: the pack's id; None when no rule that is sure asks for a meeting.
        deadline: the latest start of the meeting: the earliest of all rules that fired.
        decide_by: by when a person decides; at once, through the emergency duty team, out of
            hours.
        is_same_day: the meeting is due the same calendar day.
        fold_until: a suitable meeting up to this date may serve instead, None for the ordinary
            folding-in rule (before the deadline).
        keep_apart: children stand on both sides of this incident; they never share a meeting.
        out_of_hours: it was logged out of hours; the emergency duty team is rung now.
    """

    pack_name: str
    pack_number: int
    meeting_type: str | None
    meeting_name: str
    deadline: Deadline | None
    decide_by: Deadline
    why: str
    fired: tuple[FiredRule, ...] = ()
    not_fired: tuple[UnfiredRule, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    tasks: tuple[TaskDue, ...] = ()
    warnings: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    is_same_day: bool = False
    fold_until: date | None = None
    keep_apart: bool = False
    out_of_hours: bool = False


@dataclass(frozen=True, slots=True)
class Contact(Plain):
    """One entry of the directory: a named professional, a role mailbox or a team.

    Attributes:
        role: the pack's role id that this entry answers for.
        name: a person's name, or the mailbox's label.
        opens, closes: London times on working days; both None means the pack's office hours,
            equal means always.
        is_for_child: this person works with this child (the allocated worker, the case manager).
        position: order among entries of one role in one agency.
        agency_closures: when the agency is shut (a school's holidays).
    """

    agency_id: str
    agency_name: str
    agency_kind: str
    role: str
    name: str
    email: str | None = None
    telephone: str | None = None
    opens: time | None = None
    closes: time | None = None
    is_person: bool = False
    is_for_child: bool = False
    is_out_of_hours: bool = False
    is_out_of_term: bool = False
    position: int = 0
    professional_id: str | None = None
    account_id: str | None = None
    agency_closures: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot(Plain):
    """A seat that a rule asks for: which role, of which agency or kind of agency, and why.

    Attributes:
        is_own_agency: the child's own agency is meant (its school, its practice) and no other
            agency of that kind may be asked in its place.
        agency_id: which one that is; None where it is meant but not on record.
    """

    rule_id: str
    role: str
    role_name: str
    agency_kind: str
    requirement: Requirement
    is_statutory: bool
    why: str
    source: str
    fallback: tuple[str, ...] = ()
    is_own_agency: bool = False
    agency_id: str | None = None
    agency_name: str = ""


@dataclass(frozen=True, slots=True)
class Required(Plain):
    """Everybody the rules ask for, what else must be done, and what is not known.

    Attributes:
        not_asked: the rules of this type of meeting that ask for nobody here, each with why.
    """

    slots: tuple[Slot, ...]
    tasks: tuple[TaskDue, ...] = ()
    prompts: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    not_asked: tuple[UnfiredRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitee(Plain):
    """A seat with the contact who is asked to fill it.

    Attributes:
        slot: the seat; where one person fills several, the one needed most.
        also: the other seats the same person or mailbox fills; each keeps its attendance row.
        role: the role of the contact found, which a fallback may have changed.
        fallback: how the contact was found when the first choice was not there; None otherwise.
        ring: why somebody must ring rather than trust the mail; None when mail will do.
        school_closed: the child's school is closed on the day; its absence is not counted.
    """

    slot: Slot
    also: tuple[Slot, ...]
    agency_id: str | None
    agency_name: str
    agency_kind: str
    role: str
    role_name: str
    name: str
    email: str | None
    telephone: str | None
    professional_id: str | None
    account_id: str | None
    fallback: str | None
    ring: str | None
    school_closed: bool = False


@dataclass(frozen=True, slots=True)
class Party(Plain):
    """An agency's standing for quorum: its kind and what is known of its coming.

    Attributes:
        answer: before the meeting.
        attendance: once the meeting runs; it then counts instead of the answer.
        has_written: it sent information for the meeting.
        is_excused: it could not come (its school is closed); it is not waited for.
    """

    agency_kind: str
    agency_id: str | None
    agency_name: str
    answer: InvitationState = InvitationState.NO_ANSWER
    attendance: AttendanceState | None = None
    has_written: bool = False
    is_excused: bool = False


class Standing(StrEnum):
    """How far a group of agencies is there."""

    MET = "met"
    LIKELY = "likely"
    NOT_KNOWN = "not_known"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True)
class GroupStanding(Plain):
    """One group of the quorum: what it asks for and who fills it."""

    words: str
    standing: Standing
    needed: int
    counted: tuple[str, ...]
    waiting_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quorum(Plain):
    """Legal quorum and local completeness, kept as two things.

    ``legal`` is MET or NOT_MET by attendance; LIKELY, NOT_KNOWN or NOT_MET as a forecast.
    """

    is_forecast: bool
    legal: Standing
    complete: Standing
    legal_groups: tuple[GroupStanding, ...]
    complete_groups: tuple[GroupStanding, ...]
    words: str
    complete_words: str

    @property
    def is_quorate(self) -> bool:
        """Say whether the legal quorum took part; a forecast never does."""
        return self.legal is Standing.MET


@dataclass(frozen=True, slots=True)
class FollowOn(Plain):
    """A date that follows from a meeting.

    Attributes:
        item_id: the pack's rule.
        meeting_type: the next meeting's type, None for a document or task.
        if_held_on: the assumed date of the meeting it hangs on; None when that was held.
        given: what must be decided for it to apply, in words; empty when it surely does.
    """

    item_id: str
    words: str
    meeting_type: str | None
    deadline: Deadline
    if_held_on: date | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class BookedMeeting(Plain):
    """A meeting already in the diary, as the overlap rule sees it."""

    ref: str
    child_id: str
    meeting_type: str
    starts_at: datetime
    status: MeetingStatus
    agency_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap(Plain):
    """A booked meeting near the deadline, whether it may be used, and why or why not."""

    ref: str
    meeting_type: str
    meeting_name: str
    starts_at: datetime
    may_use: bool
    why: str
    add_invitees_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading(Plain):
    """One heading of the record: ``key`` is unique in the meeting, ``per`` is about whom.

    Attributes:
        heading: the pack's agenda id.
        agency_id: for headings that every agency answers.
        person: for headings about a named parent or carer, or "" otherwise.
    """

    key: str
    heading: str
    words: str
    prompt: str
    is_required: bool
    agency_id: str | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Gap(Plain):
    """Something missing before the meeting is finished; ``is_firm`` asks for a reason to go on."""

    id: str
    words: str
    is_firm: bool
