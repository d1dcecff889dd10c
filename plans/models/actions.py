"""Actions, what happened to them, their links, and the steps of the ladder they climbed."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core import append_only
from core.db import Base
from plans.terms import (
    ActionClock,
    ActionKind,
    ActionStatus,
    DelayReason,
    EventKind,
    LinkHolder,
    RequestStatus,
)


class Action(Base):
    """Something an agency does for a child by a date, with one named owner."""

    __tablename__ = "actions"
    __table_args__ = (
        Index(
            "ix_actions_open_due",
            "due_on",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_actions_owner_account_id_status_due_on", "owner_account_id", "status", "due_on"),
        Index("ix_actions_child_id_status_due_on", "child_id", "status", "due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(10), unique=True, comment="reference, A- and six")
    plan_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("plans.id"), index=True, comment="which plan"
    )
    child_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("children.id"), comment="for which child"
    )
    what: Mapped[str] = mapped_column(Text, comment="what is to be done")
    kind: Mapped[ActionKind] = mapped_column(comment="support, monitor, disrupt or safety")
    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="whose action it is"
    )
    owner_name: Mapped[str | None] = mapped_column(String(120), comment="the named owner")
    owner_email: Mapped[str | None] = mapped_column(
        String(254), index=True, comment="where the owner is written to"
    )
    owner_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the owner's account, if any"
    )
    deputy_name: Mapped[str | None] = mapped_column(String(120), comment="who steps in")
    deputy_email: Mapped[str | None] = mapped_column(String(254), comment="the deputy's address")
    due_on: Mapped[date] = mapped_column(comment="London date by which it is to be done")
    original_due_on: Mapped[date] = mapped_column(comment="the first due date; never changed")
    dated_on: Mapped[date] = mapped_column(comment="London date the present due date was given")
    how_known: Mapped[str | None] = mapped_column(Text, comment="how everybody knows it is done")
    status: Mapped[ActionStatus] = mapped_column(
        default=ActionStatus.OPEN, comment="open, done or no longer needed"
    )
    evidence: Mapped[str | None] = mapped_column(Text, comment="what was done")
    done_at: Mapped[datetime | None] = mapped_column(comment="when it was closed")
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="meeting that agreed it; a plain id"
    )
    meeting_ref: Mapped[str | None] = mapped_column(String(10), comment="that meeting's reference")
    decision_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="decision it carries out; a plain id"
    )
    source_id: Mapped[uuid.UUID | None] = mapped_column(
        unique=True, comment="row it was adopted from, so that it is adopted once"
    )
    date_version: Mapped[int] = mapped_column(
        Integer, default=1, comment="rises with each agreed due date"
    )
    mark: Mapped[str | None] = mapped_column(
        String(40), comment="a state the ladder gave it, such as drift; ends with a new date"
    )
    owner_left_on: Mapped[date | None] = mapped_column(
        comment="London date on which the owner was found gone and nobody stepped in"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when it was given")
    version: Mapped[int] = mapped_column(Integer, default=1, comment="rises with each change")

    def clock(self, taken: frozenset[str]) -> ActionClock:
        """Return what the ladder needs to know."""
        return ActionClock(
            due_on=self.due_on,
            dated_on=self.dated_on,
            is_safety=self.kind is ActionKind.SAFETY,
            taken=taken,
        )


class ActionEvent(Base):
    """One line of an action's history; it is never changed."""

    __tablename__ = "action_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("actions.id"), index=True, comment="which action"
    )
    kind: Mapped[EventKind] = mapped_column(comment="what happened")
    at: Mapped[datetime] = mapped_column(comment="when")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who, if an account"
    )
    by_name: Mapped[str] = mapped_column(String(260), comment="who, in words")
    note: Mapped[str | None] = mapped_column(Text, comment="evidence, reason or who is told")
    old_due_on: Mapped[date | None] = mapped_column(comment="due date before")
    new_due_on: Mapped[date | None] = mapped_column(comment="due date asked for or agreed")


class DateRequest(Base):
    """A request for a new date; the chair or the lead practitioner decides."""

    __tablename__ = "date_requests"
    __table_args__ = (
        Index(
            "uq_date_requests_one_waiting",
            "action_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("actions.id"), index=True, comment="which action"
    )
    new_due_on: Mapped[date] = mapped_column(comment="London date asked for")
    reason: Mapped[DelayReason] = mapped_column(comment="why, from the fixed list")
    asked_by_name: Mapped[str] = mapped_column(String(260), comment="who asked")
    asked_at: Mapped[datetime] = mapped_column(comment="when")
    status: Mapped[RequestStatus] = mapped_column(
        default=RequestStatus.WAITING, comment="waiting, agreed or refused"
    )
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who decided"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="when")
    decision_note: Mapped[str | None] = mapped_column(Text, comment="the reason given")


class HandOver(Base):
    """An offer to hand an action over; until it is accepted the action stays its owner's."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        Index(
            "uq_hand_overs_one_offered",
            "action_id",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND refused_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND refused_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("actions.id"), index=True, comment="which action"
    )
    to_name: Mapped[str] = mapped_column(String(120), comment="who is asked to take it")
    to_email: Mapped[str] = mapped_column(String(254), comment="where they are written to")
    to_agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), comment="their agency"
    )
    to_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="their account, if any"
    )
    why: Mapped[str] = mapped_column(String(400), comment="why it is handed over")
    offered_by_name: Mapped[str] = mapped_column(String(260), comment="who offered it")
    offered_at: Mapped[datetime] = mapped_column(comment="when")
    accepted_at: Mapped[datetime | None] = mapped_column(comment="when it was accepted")
    refused_at: Mapped[datetime | None] = mapped_column(comment="when it was refused")


class ActionLink(Base):
    """A link to one action without an account; each mail carries one of its own.

    Only the hash is kept, so a later mail cannot repeat an earlier link, and a new link
    must not make the one in an older mail stop working.
    """

    __tablename__ = "action_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("actions.id"), index=True, comment="which action"
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="hash of the token")
    holder: Mapped[LinkHolder] = mapped_column(comment="for whom it was made")
    holder_name: Mapped[str] = mapped_column(String(120), comment="to whom it was sent")
    holder_email: Mapped[str] = mapped_column(String(254), comment="where it was sent")
    hand_over_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("hand_overs.id"), comment="the offer it answers"
    )
    made_at: Mapped[datetime] = mapped_column(comment="when it was made")
    code_asked_at: Mapped[datetime | None] = mapped_column(
        comment="when its holder asked to be rung with a code; empty once one was given"
    )
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it stopped working")


class LadderStepTaken(Base):
    """A step of the ladder that was taken, or passed, for one due date of an action."""

    __tablename__ = "ladder_steps"
    __table_args__ = (UniqueConstraint("action_id", "date_version", "step"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("actions.id"), comment="which action")
    date_version: Mapped[int] = mapped_column(Integer, comment="for which due date")
    step: Mapped[str] = mapped_column(String(20), comment="the pack's id of the step")
    sent_at: Mapped[datetime] = mapped_column(comment="when it was taken")
    told: Mapped[str] = mapped_column(
        String(200), comment="who was told, as words of the ladder; empty for a passed reminder"
    )
    digest_to: Mapped[str | None] = mapped_column(
        String(254), index=True, comment="whose next digest names it; empty once it went out"
    )


@event.listens_for(ActionEvent, "before_update")
@event.listens_for(ActionEvent, "before_delete")
def _refuse_to_change_history(
    _mapper: Mapper[ActionEvent], _connection: Connection, line: ActionEvent
) -> None:
    raise RuntimeError(f"the history of an action is never changed ({line.kind})")


append_only.protect(Base.metadata.tables["action_events"])
