"""Tables of invitations: who is asked to a meeting and why, and the calls made about it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, JsonList
from meetings.terms import AnswerChannel, CallOutcome, InvitationState, Requirement


class Invitation(Base):
    """One invitee of one meeting: agency, role, the rule that asks for it, and the answer."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_meeting_id_state", "meeting_id", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id"), comment="the meeting")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency, if the directory has it"
    )
    agency_name: Mapped[str] = mapped_column(String(200), comment="the agency as it was called")
    agency_kind: Mapped[str] = mapped_column(String(40), comment="agency kind id of the pack")
    role: Mapped[str] = mapped_column(String(60), comment="role id of the pack")
    role_name: Mapped[str] = mapped_column(String(160), comment="the role in words")
    also_roles: Mapped[JsonList] = mapped_column(
        default=list, comment="further role ids the same contact answers for"
    )
    rule_id: Mapped[str | None] = mapped_column(
        String(40), comment="the rule that asks for it; empty when added by hand"
    )
    why: Mapped[str] = mapped_column(Text, comment="why invited, in words")
    requirement: Mapped[Requirement] = mapped_column(comment="how much the invitee is needed")
    is_statutory: Mapped[bool] = mapped_column(default=False, comment="cannot be dropped")
    is_excused: Mapped[bool] = mapped_column(
        default=False, comment="the school is closed that day; its absence is not counted"
    )
    ring: Mapped[str | None] = mapped_column(
        Text, comment="why somebody must ring rather than trust the mail"
    )
    name: Mapped[str | None] = mapped_column(String(160), comment="the person, if one is named")
    email: Mapped[str | None] = mapped_column(
        String(254), comment="where it goes; empty means a person must ring"
    )
    telephone: Mapped[str | None] = mapped_column(String(40), comment="the number to ring")
    fallback: Mapped[str | None] = mapped_column(
        Text, comment="which contact stands in for whom, in words"
    )
    link_token_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the token of the answer link"
    )
    reply_token: Mapped[str | None] = mapped_column(
        String(48), unique=True, comment="token of the address that answers by mail come to"
    )
    sequence: Mapped[int] = mapped_column(
        default=0, comment="SEQUENCE last sent to this invitee; only rises"
    )
    state: Mapped[InvitationState] = mapped_column(
        default=InvitationState.NOT_SENT, comment="what is known of the answer"
    )
    part_note: Mapped[str | None] = mapped_column(Text, comment="which part they can attend")
    deputy_name: Mapped[str | None] = mapped_column(String(160), comment="who comes instead")
    deputy_email: Mapped[str | None] = mapped_column(String(254), comment="the deputy's address")
    answered_at: Mapped[datetime | None] = mapped_column(comment="when the answer came")
    answer_sequence: Mapped[int | None] = mapped_column(comment="SEQUENCE the answer was for")
    answer_dtstamp: Mapped[datetime | None] = mapped_column(
        comment="DTSTAMP of the answer; orders answers by mail"
    )
    answer_channel: Mapped[AnswerChannel | None] = mapped_column(comment="how the answer came")
    is_stale: Mapped[bool] = mapped_column(
        default=False, comment="the answer was for an earlier time"
    )
    withdrawn_at: Mapped[datetime | None] = mapped_column(comment="when it was withdrawn")
    withdrawn_reason: Mapped[str | None] = mapped_column(Text, comment="why it was withdrawn")
    professional_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("professionals.id"), comment="the professional, if named in the directory"
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="the invitee's account, if there is one"
    )
    position: Mapped[int] = mapped_column(default=0, comment="order on the page")
    created_at: Mapped[datetime] = mapped_column(comment="when it was made")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class Dropped(Base):
    """A role the rules asked for and a person decided not to invite, with the reason."""

    __tablename__ = "dropped_roles"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting"
    )
    role: Mapped[str] = mapped_column(String(60), comment="role id of the pack")
    role_name: Mapped[str] = mapped_column(String(160), comment="the role in words")
    agency_name: Mapped[str] = mapped_column(String(200), comment="the agency in words")
    rule_id: Mapped[str] = mapped_column(String(40), comment="the rule that asked for it")
    reason: Mapped[str] = mapped_column(Text, comment="why it is not invited")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who decided it"
    )
    at: Mapped[datetime] = mapped_column(comment="when")


class Call(Base):
    """One telephone call about an invitation, logged in one press."""

    __tablename__ = "calls"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), index=True, comment="about which invitation"
    )
    at: Mapped[datetime] = mapped_column(comment="when it was logged")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"), comment="who rang")
    outcome: Mapped[CallOutcome] = mapped_column(comment="what came of it")
    note: Mapped[str | None] = mapped_column(Text, comment="what was said, if it matters")
