"""The words of people: roles, permissions, who acts, what is acted on and the policy's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    TOKEN_CREATE = "token.create"
    MAIL_REVIEW = "mail.review"
    MAIL_LOG = "mail.log"
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


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in account, an API token's account, or the system itself.

    ``confirmed_at`` is when the password was last asked again in this session; ``scopes`` is
    None for a session and the token's permissions for an API call.
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
    scopes: frozenset[Action] | None = None
    system: bool = False

    @classmethod
    def system(cls, name: str) -> Self:
        """Return the actor of a job or a command, such as ``Actor.system("chase")``."""
        raise NotImplementedError
