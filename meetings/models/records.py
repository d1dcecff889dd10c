"""Tables of records: who came, what was said, decided and agreed, and who wrote which words."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core import append_only
from core.db import Base, Json
from meetings.terms import AttendanceState, RecordStatus
from plans.terms import ActionKind


class Attendance(Base):
    """One row per invitee, and one for everybody else who came."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "invitation_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting"
    )
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitations.id"), index=True, comment="the invitee; empty for somebody else"
    )
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), comment="the agency, if the directory has it"
    )
    agency_name: Mapped[str] = mapped_column(String(200), comment="the agency as it was called")
    agency_kind: Mapped[str] = mapped_column(String(40), comment="agency kind id of the pack")
    role: Mapped[str] = mapped_column(String(60), comment="role id of the pack, or words")
    role_name: Mapped[str] = mapped_column(String(160), comment="the role in words")
    name: Mapped[str | None] = mapped_column(String(160), comment="who came, by name")
    state: Mapped[AttendanceState] = mapped_column(comment="present, part, apologies ...")
    note: Mapped[str | None] = mapped_column(Text, comment="which part, or what was sent instead")
    marked_at: Mapped[datetime] = mapped_column(comment="when it was last marked")
    marked_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who marked it"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")


class Record(Base):
    """The record of one meeting: draft, approved by the chair, released by a second person."""

    __tablename__ = "records"
    __table_args__ = (Index("ix_records_status_due_at", "status", "due_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), unique=True, comment="the meeting"
    )
    status: Mapped[RecordStatus] = mapped_column(
        default=RecordStatus.DRAFT, comment="draft, approved or released"
    )
    due_on: Mapped[date | None] = mapped_column(comment="London date by which it goes out")
    due_at: Mapped[datetime | None] = mapped_column(
        comment="instant by which it goes out; empty before the meeting is finished"
    )
    is_quorate: Mapped[bool | None] = mapped_column(
        index=True, comment="the legal quorum took part; empty before the meeting is finished"
    )
    quorum: Mapped[Json | None] = mapped_column(comment="the quorum as it stood at the finish")
    inquorate_reason: Mapped[str | None] = mapped_column(
        Text, comment="why it went ahead without the legal quorum"
    )
    finish_reason: Mapped[str | None] = mapped_column(
        Text, comment="why it was finished with something missing"
    )
    finished_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who finished the meeting"
    )
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the chair who approved it"
    )
    approved_at: Mapped[datetime | None] = mapped_column(comment="when it was approved")
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the second person who released it"
    )
    released_at: Mapped[datetime | None] = mapped_column(comment="when it was released")
    version: Mapped[int] = mapped_column(
        Integer, default=1, comment="rises with each change of the record's words"
    )


class RecordSection(Base):
    """The words under one heading, about one agency or person where the heading asks for it."""

    __tablename__ = "record_sections"
    __table_args__ = (UniqueConstraint("record_id", "key"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), comment="the record")
    key: Mapped[str] = mapped_column(
        String(120), comment="which place of the record; unique within it"
    )
    heading: Mapped[str] = mapped_column(String(60), comment="agenda id of the pack")
    label: Mapped[str] = mapped_column(String(200), comment="the heading as people saw it")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), comment="whose information, if one agency's"
    )
    person: Mapped[str] = mapped_column(
        String(160), default="", comment="whose voice, if one person's"
    )
    text: Mapped[str] = mapped_column(Text, default="", comment="what was said")
    reason: Mapped[str | None] = mapped_column(Text, comment="why nothing is written here")
    dated_on: Mapped[date | None] = mapped_column(
        comment="the London date it names, such as that of the next meeting"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")
    saved_at: Mapped[datetime] = mapped_column(comment="when it was last saved")
    saved_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who saved it last"
    )


class RecordEdit(Base):
    """Who wrote words of the record and when; rows are never changed.

    Release asks these rows who may not press it.
    """

    __tablename__ = "record_edits"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    record_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("records.id"), index=True, comment="the record"
    )
    section: Mapped[str] = mapped_column(String(120), comment="which place of the record")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"), comment="who wrote")
    at: Mapped[datetime] = mapped_column(comment="when")


class RecordCorrection(Base):
    """Something said about a released record afterwards; it stands beside the record for good."""

    __tablename__ = "record_corrections"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    record_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("records.id"), index=True, comment="the record"
    )
    text: Mapped[str] = mapped_column(Text, comment="what should stand there")
    reason: Mapped[str] = mapped_column(Text, comment="why")
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitations.id"), comment="the invitee whose link it came from"
    )
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who, if an account"
    )
    by_name: Mapped[str] = mapped_column(String(260), comment="who, in words")
    at: Mapped[datetime] = mapped_column(comment="when")


class Decision(Base):
    """One decision of the meeting with its reason."""

    __tablename__ = "decisions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting"
    )
    kind: Mapped[str] = mapped_column(String(60), comment="decision id of the pack")
    kind_name: Mapped[str] = mapped_column(String(200), comment="the kind in words")
    text: Mapped[str] = mapped_column(Text, comment="what was decided")
    reason: Mapped[str] = mapped_column(Text, comment="why")
    position: Mapped[int] = mapped_column(Integer, comment="order on the page")
    made_at: Mapped[datetime] = mapped_column(comment="when it was written down")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who wrote it down"
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken out of the draft"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")


class Dissent(Base):
    """Who did not agree, with what, and why."""

    __tablename__ = "dissents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting"
    )
    agency_name: Mapped[str] = mapped_column(String(200), comment="who did not agree")
    what: Mapped[str] = mapped_column(Text, comment="with what")
    why: Mapped[str] = mapped_column(Text, comment="why")
    position: Mapped[int] = mapped_column(Integer, comment="order on the page")
    made_at: Mapped[datetime] = mapped_column(comment="when it was written down")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who wrote it down"
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken out of the draft"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")


class ProposedAction(Base):
    """An action as the meeting agreed it; on finish it becomes live on the child's plan."""

    __tablename__ = "proposed_actions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="the meeting"
    )
    decision_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("decisions.id"), comment="the decision it carries out"
    )
    what: Mapped[str] = mapped_column(Text, comment="what is to be done")
    kind: Mapped[ActionKind] = mapped_column(comment="support, monitor, disrupt or safety")
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agencies.id"), comment="whose action it is"
    )
    owner_name: Mapped[str | None] = mapped_column(String(120), comment="the named owner")
    owner_email: Mapped[str | None] = mapped_column(String(254), comment="the owner's address")
    owner_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the owner's account, if there is one"
    )
    due_on: Mapped[date | None] = mapped_column(comment="London date it is to be done by")
    how_known: Mapped[str | None] = mapped_column(Text, comment="how everybody knows it is done")
    position: Mapped[int] = mapped_column(Integer, comment="order on the page")
    made_at: Mapped[datetime] = mapped_column(comment="when it was written down")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who wrote it down"
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken out of the draft"
    )
    action_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="the live action it became; a plain id"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")


class ReviewedAction(Base):
    """What the meeting heard about an action of an earlier meeting."""

    __tablename__ = "reviewed_actions"
    __table_args__ = (UniqueConstraint("meeting_id", "action_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id"), comment="the meeting")
    action_id: Mapped[uuid.UUID] = mapped_column(comment="the live action; a plain id")
    action_ref: Mapped[str] = mapped_column(String(10), comment="its reference")
    what: Mapped[str] = mapped_column(Text, comment="its words as the meeting saw them")
    owner: Mapped[str] = mapped_column(String(260), default="", comment="its owner at the time")
    due_on: Mapped[date] = mapped_column(comment="its due date at the time")
    outcome: Mapped[str] = mapped_column(String(20), comment="done, not_done or changed")
    note: Mapped[str | None] = mapped_column(Text, comment="evidence, or what is changed")
    new_due_on: Mapped[date | None] = mapped_column(comment="the date the meeting agreed instead")
    applied_at: Mapped[datetime | None] = mapped_column(comment="when the action was told of it")
    marked_at: Mapped[datetime] = mapped_column(comment="when it was last marked")
    marked_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who marked it"
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")


class RecordChase(Base):
    """One step taken because a record is late, so that it is taken once."""

    __tablename__ = "record_chases"
    __table_args__ = (UniqueConstraint("record_id", "step"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("records.id"), comment="the record")
    step: Mapped[str] = mapped_column(String(40), comment="which step of the climb")
    at: Mapped[datetime] = mapped_column(comment="when it was taken")
    told: Mapped[str] = mapped_column(String(200), comment="who was told, in words of the climb")


@event.listens_for(RecordEdit, "before_update")
@event.listens_for(RecordEdit, "before_delete")
@event.listens_for(RecordCorrection, "before_update")
@event.listens_for(RecordCorrection, "before_delete")
def _refuse_to_change(
    _mapper: Mapper[Base], _connection: Connection, row: RecordEdit | RecordCorrection
) -> None:
    raise RuntimeError(f"{row.__tablename__} are never changed: they say who wrote what")


append_only.protect(Base.metadata.tables["record_edits"])
