"""The words of the mail room: letters, calendar entries, and what comes back.

A letter is put together from a fixed kind, references, times, the convening team's neutral
mail name and telephone, one link, and reasons from a fixed list. There is on purpose no
field for a child, a school, another person or words that a user typed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

REFERENCE = re.compile(r"[A-Z]-[A-HJ-NP-Z2-9]{6}")
REPLY_TOKEN = re.compile(r"[a-z0-9]{20,48}")
UID = re.compile(r"[A-Za-z0-9-]{16,64}@[A-Za-z0-9.-]{1,190}")
LINK_PATH = re.compile(r"/[A-Za-z0-9/_.~-]{1,300}")
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,28}[0-9]")
ACCESS_CODE = re.compile(r"[0-9]{6}")
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
BASE_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,260}(?:/[A-Za-z0-9/_.~-]*)?")
NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
LONGEST_NAME = 80
URGENT_WITHIN = timedelta(hours=24)


class LetterKind(StrEnum):
    """Every mail the service can send; each has one template of the same name."""

    INVITATION = "invitation"
    UPDATE = "update"
    JOINING_CHANGED = "joining_changed"
    CANCELLATION = "cancellation"
    UNINVITED = "uninvited"
    TIME_REFUSED = "time_refused"
    ANSWER_REMINDER = "answer_reminder"
    DAY_BEFORE = "day_before"
    INFORMATION_REQUEST = "information_request"
    ACCESS_CODE = "access_code"
    RECORD_READY = "record_ready"
    ACTION_GIVEN = "action_given"
    ACTION_REMINDER = "action_reminder"
    ACTION_OVERDUE = "action_overdue"
    ESCALATION = "escalation"
    PLAN_ESCALATION = "plan_escalation"
    DATE_ASKED = "date_asked"
    DATE_AGREED = "date_agreed"
    DATE_REFUSED = "date_refused"
    HAND_OVER_OFFERED = "hand_over_offered"
    HAND_OVER_ACCEPTED = "hand_over_accepted"
    HAND_OVER_REFUSED = "hand_over_refused"
    MANAGER_TOLD = "manager_told"
    ADDRESS_BOUNCED = "address_bounced"
    RECORD_LATE = "record_late"
    TASK_WAITING = "task_waiting"
    DIGEST = "digest"


class Reason(StrEnum):
    """The fixed list of reasons a mail may give; the words stand in ``letters``."""

    MORE_CAN_ATTEND = "more_can_attend"
    NEEDED_SOONER = "needed_sooner"
    CHAIR_CANNOT_ATTEND = "chair_cannot_attend"
    INFORMATION_AWAITED = "information_awaited"
    TIME_SUGGESTED = "time_suggested"
    NOT_ENOUGH_AGENCIES = "not_enough_agencies"
    JOINED_WITH_ANOTHER = "joined_with_another"
    REPLACED = "replaced"
    HELD_BY_TELEPHONE = "held_by_telephone"
    NO_LONGER_NEEDED = "no_longer_needed"
    ADDRESS_CORRECTED = "address_corrected"
    NOT_ASKED_ANY_MORE = "not_asked_any_more"
    ASK_US = "ask_us"


class ToldNext(StrEnum):
    """Whom the ladder tells next, named by their part and never by name."""

    MANAGER = "manager"
    LEAD_PRACTITIONER = "lead_practitioner"
    AGENCY_LEAD = "agency_lead"
    CHAIR = "chair"
    HEAD_OF_SERVICE = "head_of_service"
    PARTNERSHIP = "partnership"


class Lane(StrEnum):
    """Which queue a message stands in: urgent ones are always taken first."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"


class DeliveryState(StrEnum):
    """How far one message has come.

    ``handed`` means that the next mail server took it; it does not mean that it was read.
    ``failed`` means that nobody will try again, so a person must ring.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    HANDED = "handed"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"


class EntryState(StrEnum):
    """Whether a calendar entry is certain or a held slot."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"


class Channel(StrEnum):
    """The way an incoming message reached us."""

    IMAP = "imap"
    STDIN = "stdin"
    WEBHOOK = "webhook"


class InboundKind(StrEnum):
    """What an incoming message turned out to be."""

    REPLY = "reply"
    COUNTER = "counter"
    REFRESH = "refresh"
    DELIVERY_REPORT = "delivery_report"
    AUTO_REPLY = "auto_reply"
    FREE_TEXT = "free_text"
    FOREIGN_METHOD = "foreign_method"
    ODD = "odd"


class InboundOutcome(StrEnum):
    """What became of an incoming message."""

    WAITING = "waiting"
    APPLIED = "applied"
    STALE = "stale"
    IGNORED = "ignored"
    REVIEW = "review"
    NOTED = "noted"
    ALERT = "alert"


class Answer(StrEnum):
    """What an addressee's calendar said (the PARTSTAT of RFC 5545 3.2.12)."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    UNKNOWN = "unknown"


def _demand(value: str, pattern: re.Pattern[str], what: str) -> None:
    """Refuse a value that is not wholly of the pattern."""
    if not pattern.fullmatch(value):
        raise ValueError(f"This is not {what}: it cannot stand in a mail")


def _demand_aware(**instants: datetime | None) -> None:
    """Refuse instants without a zone: a mail must not be an hour out."""
    for name, instant in instants.items():
        if instant is not None and instant.utcoffset() is None:
            raise ValueError(f"{name} has no time zone")


@dataclass(frozen=True, slots=True)
class Recipient:
    """The one addressee of one message.

    There is no name: a name in a header is free text, and the address finds the person.

    Raises:
        ValueError: the address does not follow the grammar, holds characters that mail
            servers outside do not all take, or is longer than 254 characters.
    """

    address: str

    def __post_init__(self) -> None:
        _demand(self.address, ADDRESS, "an email address")
        local_part = self.address.rpartition("@")[0]
        if len(self.address) > LONGEST_ADDRESS or len(local_part) > LONGEST_LOCAL_PART:
            raise ValueError("This email address is too long")


@dataclass(frozen=True, slots=True)
class ConveningTeam:
    """How the convening team appears in mail: a neutral name and a telephone.

    Raises:
        ValueError: the name is empty, longer than 80 characters or not one plain line, or
            the telephone is not one.
    """

    mail_name: str
    telephone: str

    def __post_init__(self) -> None:
        if not self.mail_name.strip() or len(self.mail_name) > LONGEST_NAME:
            raise ValueError("A team's mail name has 1 to 80 characters")
        if NOT_PLAIN.search(self.mail_name):
            raise ValueError("A team's mail name is one line of plain text")
        _demand(self.telephone, TELEPHONE, "a telephone number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What all mail of one installation shares; made from the settings, never from a case.

    Attributes:
        domain: the domain that From, Reply-To, ORGANIZER and envelope sender stand on.
        from_name: shown as the sender of each mail and the organiser of each entry.
        partnership: stands in the foot of each mail.
        base_url: what a letter's link path is put behind, without a trailing slash.
        label: the neutral name of every meeting in subjects and calendars.
    """

    domain: str
    from_name: str
    partnership: str
    base_url: str
    label: str = "Multi-agency meeting"

    def __post_init__(self) -> None:
        _demand(self.domain, DOMAIN, "a mail domain")
        _demand(self.base_url, BASE_URL, "a web address")
        for line in (self.from_name, self.partnership, self.label):
            if not line.strip() or len(line) > LONGEST_NAME or NOT_PLAIN.search(line):
                raise ValueError("A letterhead has short lines of plain text")

    @property
    def from_address(self) -> str:
        """The fixed address every mail is from; replies go to their own address."""
        return f"confer@{self.domain}"

    def reply_address(self, token: str) -> str:
        """Return the address that an addressee's answers come to."""
        return f"reply+{token}@{self.domain}"

    def bounce_address(self, token: str) -> str:
        """Return the envelope sender, to which delivery reports come."""
        return f"bounce+{token}@{self.domain}"


_MEETING = frozenset({"starts_at", "ends_at", "link"})
_ACTION = frozenset({"due_on", "link"})
NEEDS: dict[LetterKind, frozenset[str]] = {
    LetterKind.INVITATION: _MEETING,
    LetterKind.UPDATE: _MEETING | {"was_starts_at", "was_ends_at", "reason"},
    LetterKind.JOINING_CHANGED: _MEETING,
    LetterKind.CANCELLATION: frozenset({"starts_at", "reason"}),
    LetterKind.UNINVITED: frozenset({"starts_at", "reason"}),
    LetterKind.TIME_REFUSED: _MEETING,
    LetterKind.ANSWER_REMINDER: _MEETING,
    LetterKind.DAY_BEFORE: _MEETING,
    LetterKind.INFORMATION_REQUEST: frozenset({"answer_by_at", "link"}),
    LetterKind.ACCESS_CODE: frozenset({"code"}),
    LetterKind.RECORD_READY: frozenset({"link"}),
    LetterKind.ACTION_GIVEN: _ACTION,
    LetterKind.ACTION_REMINDER: _ACTION,
    LetterKind.ACTION_OVERDUE: _ACTION | {"days"},
    LetterKind.ESCALATION: _ACTION | {"days"},
    LetterKind.PLAN_ESCALATION: _ACTION | {"days"},
    LetterKind.DATE_ASKED: _ACTION | {"new_due_on"},
    LetterKind.DATE_AGREED: _ACTION,
    LetterKind.DATE_REFUSED: _ACTION,
    LetterKind.HAND_OVER_OFFERED: _ACTION,
    LetterKind.HAND_OVER_ACCEPTED: _ACTION,
    LetterKind.HAND_OVER_REFUSED: _ACTION,
    LetterKind.MANAGER_TOLD: _MEETING,
    LetterKind.ADDRESS_BOUNCED: frozenset({"link"}),
    LetterKind.RECORD_LATE: frozenset({"due_on", "link"}),
    LetterKind.TASK_WAITING: frozenset({"link"}),
    LetterKind.DIGEST: frozenset({"lines"}),
}
ABOUT_A_TIME = frozenset(
    {
        LetterKind.INVITATION,
        LetterKind.UPDATE,
        LetterKind.JOINING_CHANGED,
        LetterKind.CANCELLATION,
        LetterKind.UNINVITED,
        LetterKind.ANSWER_REMINDER,
        LetterKind.DAY_BEFORE,
        LetterKind.MANAGER_TOLD,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One thing a digest names: its reference, when it was due, and the path of its page.

    Raises:
        ValueError: a value could not be what it says.
    """

    reference: str
    due_on: date
    link: str

    def __post_init__(self) -> None:
        _demand(self.reference, REFERENCE, "a reference")
        _demand(self.link, LINK_PATH, "the path of a page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one addressee, said in times, references and fixed words.

    Attributes:
        reference: of the meeting (``M-``) or, for a letter about an action, the action (``A-``).
        other_reference: the meeting an action came from, or the meeting that replaces this one.
        link: the path of the addressee's page, beginning with ``/``; the letterhead adds the
            address of the site. Letters, digits and ``/_.~-`` only, so no words can travel.
        answer_by_at: by when an answer or information is asked for.
        days: working days overdue.
        next_step_on, told_next: what the ladder does next, and when.
        code: the six digits of an access code.
        lines: what a digest names, the oldest first.
        reply_token: the addressee's own token (lower-case letters and digits, 128 bits); a
            letter without one gets its own when it is queued.

    Raises:
        ValueError: a field the kind needs is missing, or a value could not be what it says.
    """

    kind: LetterKind
    reference: str
    recipient: Recipient
    team: ConveningTeam
    link: str | None = None
    other_reference: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    was_starts_at: datetime | None = None
    was_ends_at: datetime | None = None
    answer_by_at: datetime | None = None
    due_on: date | None = None
    new_due_on: date | None = None
    days: int | None = None
    next_step_on: date | None = None
    told_next: ToldNext | None = None
    reason: Reason | None = None
    code: str | None = None
    reply_token: str | None = None
    lines: tuple[DigestLine, ...] | None = None

    def __post_init__(self) -> None:
        if self.lines is not None and not self.lines:
            raise ValueError("A digest with nothing in it is not sent")
        missing = sorted(name for name in NEEDS[self.kind] if getattr(self, name) is None)
        if missing:
            raise ValueError(f"A letter of kind {self.kind} needs {', '.join(missing)}")
        patterns = (
            (self.reference, REFERENCE, "a reference"),
            (self.other_reference, REFERENCE, "a reference"),
            (self.link, LINK_PATH, "the path of a page"),
            (self.code, ACCESS_CODE, "an access code"),
            (self.reply_token, REPLY_TOKEN, "a reply token"),
        )
        for value, pattern, what in patterns:
            if value is not None:
                _demand(value, pattern, what)
        _demand_aware(
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            was_starts_at=self.was_starts_at,
            was_ends_at=self.was_ends_at,
            answer_by_at=self.answer_by_at,
        )
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("A meeting ends after it starts")

    def is_urgent(self, now: datetime) -> bool:
        """Say whether the meeting this letter is about starts within 24 hours of ``now``."""
        if self.kind not in ABOUT_A_TIME or self.starts_at is None:
            return False
        return self.starts_at - now < URGENT_WITHIN


REQUEST_KINDS = frozenset({LetterKind.INVITATION, LetterKind.UPDATE})
CANCEL_KINDS = frozenset({LetterKind.CANCELLATION, LetterKind.UNINVITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRequest:
    """An entry for one addressee's calendar, with the letter that explains it.

    Times, reference, team, link and addressee are the letter's; the wall time shown is the
    London time of ``letter.starts_at``.

    Attributes:
        uid: random and stable for the life of the meeting.
        sequence: the meeting's stored SEQUENCE; never derived.

    Raises:
        ValueError: the letter is of a kind that carries no request, or has no reply token.
    """

    letter: Letter
    uid: str
    sequence: int
    state: EntryState = EntryState.CONFIRMED

    def __post_init__(self) -> None:
        _demand_entry(self.letter, self.uid, self.sequence, REQUEST_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCancel:
    """The removal of an entry from one addressee's calendar, with the letter that says why.

    Raises:
        ValueError: as for a request.
    """

    letter: Letter
    uid: str
    sequence: int

    def __post_init__(self) -> None:
        _demand_entry(self.letter, self.uid, self.sequence, CANCEL_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRefusal:
    """The answer "we keep our time" to a suggested time (DECLINECOUNTER), with its letter."""

    letter: Letter
    uid: str

    def __post_init__(self) -> None:
        _demand_entry(self.letter, self.uid, 0, frozenset({LetterKind.TIME_REFUSED}))


def _demand_entry(letter: Letter, uid: str, sequence: int, kinds: frozenset[LetterKind]) -> None:
    """Refuse a calendar message whose letter or identity does not fit it."""
    if letter.kind not in kinds:
        raise ValueError(f"A letter of kind {letter.kind} does not belong to this entry")
    if letter.reply_token is None:
        raise ValueError("A calendar entry needs the addressee's reply token")
    _demand(uid, UID, "a calendar identity")
    if sequence < 0:
        raise ValueError("A sequence is never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a sender needs: from whom, to whom, and the finished bytes."""

    message_id: str
    sender: str
    recipient: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeAnswer:
    """One ATTENDEE line of an incoming calendar part; ``address`` in lower case."""

    address: str
    answer: Answer
    delegated_to: str | None = None
    comment: str = ""
    guests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReply:
    """The calendar part of an incoming message, as far as it can be trusted.

    Attributes:
        method: upper case, one of REPLY, COUNTER, REFRESH.
        sequence: None when the client left it out: then it counts as current.
        dtstamp: aware, or None when missing or without a zone: then the time of receipt
            orders it.
        answers: every ATTENDEE line that could be read.
        comment: what the person typed, at most 2,000 characters; never goes out again.
        request_status: the codes of REQUEST-STATUS, for example ``2.0`` or ``3.7``.
        proposed_starts_at, proposed_ends_at: the suggested time of a COUNTER, or None when
            it could not be read without doubt. Never the time of the meeting.
    """

    method: str
    uid: str
    sequence: int | None
    dtstamp: datetime | None
    answers: tuple[AttendeeAnswer, ...]
    organiser: str | None = None
    comment: str = ""
    request_status: tuple[str, ...] = ()
    proposed_starts_at: datetime | None = None
    proposed_ends_at: datetime | None = None

    def answer_of(self, address: str) -> AttendeeAnswer | None:
        """Return the answer meant for an invited address.

        One line is that answer, whatever alias it names (the caller compares); of several
        lines only one that names the invited address counts.
        """
        if len(self.answers) == 1:
            return self.answers[0]
        named = [each for each in self.answers if each.address == address.lower()]
        return named[0] if len(named) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What another mail server says about a message of ours.

    Attributes:
        action: ``failed``, ``delayed``, ``delivered``, ``relayed``, ``expanded``, or
            ``unknown`` when the report has no machine-readable part.
        status: the enhanced status code such as ``5.1.1``, or empty.
    """

    action: str
    status: str
    recipient: str | None = None
    original_message_id: str | None = None

    @property
    def is_failure(self) -> bool:
        """A report we cannot read counts as a failure: a person looks, and rings."""
        return self.action in {"failed", "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One incoming message after reading: what it is, whom it concerns, what it says.

    Attributes:
        token: the reply token it came to, or None; lower case.
        from_address: who claims to have sent it, in lower case; proves nothing.
        answers_to: our own message ids it refers to, newest last.
        text: the person's own words, at most 4,000 characters.
        why: why it could not be taken as an answer, as one sentence; empty when it could.
    """

    kind: InboundKind
    token: str | None = None
    from_address: str = ""
    message_id: str = ""
    answers_to: tuple[str, ...] = ()
    reply: CalendarReply | None = None
    report: DeliveryReport | None = None
    text: str = ""
    why: str = ""
