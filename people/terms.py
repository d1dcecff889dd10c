"""The words of people: roles, permissions, who acts, what is acted on and the policy's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

STEP_UP_LASTS = timedelta(minutes=10)


class Role(StrEnum):
    """What an account may be used for; an account may hold several."""

    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    CHAIR = "chair"
    BUSINESS_SUPPORT = "business_support"
    PROFESSIONAL = "professional"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """A permission: what a door asks the policy about."""

    CHILD_SEARCH = "child.search"
    CHILD_VIEW = "child.view"
    CHILD_CREATE = "child.create"
    CHILD_EDIT = "child.edit"
    CHILD_HISTORY = "child.history"
    INCIDENT_RECORD = "incident.record"
    INCIDENT_VIEW = "incident.view"
    INCIDENT_LINK = "incident.link"
    JUDGEMENT_VIEW = "judgement.view"
    JUDGEMENT_NO_MEETING = "judgement.no_meeting"
    JUDGEMENT_CONFIRM_NONE = "judgement.confirm_none"
    MEETING_CREATE = "meeting.create"
    MEETING_VIEW = "meeting.view"
    MEETING_MOVE = "meeting.move"
    MEETING_STAND_DOWN = "meeting.stand_down"
    MEETING_INVITE = "meeting.invite"
    MEETING_DROP_REQUIRED = "meeting.drop_required"
    MEETING_LOG_CALL = "meeting.log_call"
    MEETING_RUN = "meeting.run"
    RECORD_EDIT = "record.edit"
    RECORD_APPROVE = "record.approve"
    RECORD_RELEASE = "record.release"
    RECORD_READ = "record.read"
    INFORMATION_READ = "information.read"
    CODE_READ_OUT = "code.read_out"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    PLAN_COMPARE = "plan.compare"
    ACTION_LIST = "action.list"
    ACTION_UPDATE = "action.update"
    ACTION_DECIDE_DATE = "action.decide_date"
    DIRECTORY_VIEW = "directory.view"
    DIRECTORY_EDIT = "directory.edit"
    ACCOUNT_EDIT = "account.edit"
    TOKEN_CREATE = "token.create"  # noqa: S105 - a permission
    MAIL_REVIEW = "mail.review"
    MAIL_LOG = "mail.log"
    PROCEDURES_EVALUATE = "procedures.evaluate"
    PROCEDURES_VIEW = "procedures.view"
    PROCEDURES_EDIT = "procedures.edit"
    PROCEDURES_PUBLISH = "procedures.publish"
    HOME_VIEW = "home.view"
    SEARCH = "search"
    AUDIT_VERIFY = "audit.verify"
    OPEN = "open"
    LINK = "link"


class Outcome(StrEnum):
    """The five answers of the policy; `hide` looks exactly like "there is no such thing"."""

    ALLOW = "allow"
    REDACT = "redact"
    STEP_UP = "step_up"
    HIDE = "hide"
    DENY = "deny"


class RelationKind(StrEnum):
    """Why an account may open a child's record for a while."""

    ALLOCATED = "allocated"
    TEAM = "team"
    RECORDED_INCIDENT = "recorded_incident"
    CHAIR = "chair"
    CONVENOR = "convenor"
    INVITED = "invited"
    ACTION_OWNER = "action_owner"
    LEAD_PRACTITIONER = "lead_practitioner"
    MANAGER = "manager"
    PRIVACY = "privacy"


class TriState(StrEnum):
    """An answer that keeps "not known" apart from "no"."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Asked(StrEnum):
    """An equality or need fact that is never defaulted to "no"."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"
    AWAITING = "awaiting"


class ConnectionKind(StrEnum):
    """Who or what a child is connected to."""

    SCHOOL = "school"
    GP = "gp"
    YOUTH_JUSTICE = "youth_justice"
    SOCIAL_WORKER = "social_worker"
    PARENT = "parent"
    CARER = "carer"
    SIBLING = "sibling"
    TRUSTED_ADULT = "trusted_adult"
    OTHER_SERVICE = "other_service"


class ConnectionStatus(StrEnum):
    """What is known of a connection; `none` is a checked "there is none"."""

    KNOWN = "known"
    NOT_KNOWN = "not_known"
    NOT_REGISTERED = "not_registered"
    ENQUIRY_MADE = "enquiry_made"
    UNSAFE_TO_INVOLVE = "unsafe_to_involve"
    NONE = "none"


class Register(StrEnum):
    """A national register that establishments are imported from."""

    SCHOOLS = "schools"
    PRACTICES = "practices"


class ImportState(StrEnum):
    """How far an import of a register has come."""

    CHECKED = "checked"
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Establishment:
    """What a register says of one establishment; ``closed_on`` is None where it does not say."""

    code: str
    name: str
    area: str
    authority: str | None
    telephone: str | None
    town: str | None
    postcode: str | None
    is_closed: bool
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in account, an API token's account, or the system itself.

    ``confirmed_at`` is when the password was last asked again in this session.
    """

    account_id: UUID | None
    name: str
    roles: frozenset[Role] = frozenset()
    team_ids: frozenset[UUID] = frozenset()
    managed_team_ids: frozenset[UUID] = frozenset()
    agency_id: UUID | None = None
    is_duty: bool = False
    session_hash: str | None = None
    confirmed_at: datetime | None = None
    is_system: bool = False

    @classmethod
    def system(cls, name: str) -> Self:
        """Return the actor of a job or a command, such as ``Actor.system("chase")``."""
        return cls(account_id=None, name=name, is_system=True)

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds any of these roles."""
        return not self.roles.isdisjoint(roles)

    def confirmed_within_step_up(self, now: datetime) -> bool:
        """Say whether the password was asked again within the last ten minutes."""
        return self.confirmed_at is not None and now - self.confirmed_at <= STEP_UP_LASTS


@dataclass(frozen=True, slots=True)
class Resource:
    """What a door asks about; a loader of the view builds it from the URL.

    Attributes:
        kind: the noun, such as "child", "meeting", "plan", "action", "incident", "account".
        id: row id, None for a list or a thing not yet made.
        child_id: the child it is about; None only where no child is meant.
        meeting_id: the meeting it belongs to; relations for one meeting open only that one.
        owner_account_id: whose own thing it is (an action's owner, an incident's recorder).
        is_list: a list door; the list itself is filtered by ``people.queries.may_see_child``.
    """

    kind: str
    id: UUID | None = None
    child_id: UUID | None = None
    team_id: UUID | None = None
    meeting_id: UUID | None = None
    owner_account_id: UUID | None = None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """One reason why the actor may open a child's record, with its window (end not included)."""

    kind: RelationKind
    valid_from_at: datetime
    valid_to_at: datetime | None = None
    meeting_id: UUID | None = None

    def holds_at(self, instant: datetime) -> bool:
        """Say whether the window is open at this instant."""
        if instant < self.valid_from_at:
            return False
        return self.valid_to_at is None or instant < self.valid_to_at


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """What the policy needs to know of a resource: the resource and the actor's relations to it.

    ``relations`` holds every relation row of actor and child, whatever its window, and the
    relations that follow from standing (allocation, team). ``is_restricted``,
    ``is_on_allow_list`` and ``is_own_record`` are room for restricted records; until these come
    they stay False.
    """

    resource: Resource
    relations: tuple[Relation, ...] = field(default=())
    is_restricted: bool = False
    is_on_allow_list: bool = False
    is_own_record: bool = False


@dataclass(frozen=True, slots=True)
class AccessVerdict:
    """The policy's answer with the rule that gave it and the reason in words."""

    outcome: Outcome
    rule: str
    why: str

    @property
    def is_allowed(self) -> bool:
        """Say whether the door opens, in full or with fields left out."""
        return self.outcome in (Outcome.ALLOW, Outcome.REDACT)
