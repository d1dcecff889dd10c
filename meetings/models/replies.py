"""Tables of what comes back: answers, information, other times, deputies, notes, answer links."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Connection, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from core import append_only
from core.db import Base
from meetings.terms import (
    AnswerChannel,
    DeputyStatus,
    InvitationState,
    KnownAnswer,
    NoteKind,
    ProposalStatus,
)


class Answer(Base):
    """One answer as it came; rows are never changed, the invitation shows the one that counts."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_invitation_id_at", "invitation_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), comment="whose answer"
    )
    state: Mapped[InvitationState] = mapped_column(comment="what was answered")
    channel: Mapped[AnswerChannel] = mapped_column(comment="how it came")
    at: Mapped[datetime] = mapped_column(comment="when it was taken in")
    sequence: Mapped[int] = mapped_column(comment="SEQUENCE it was for")
    dtstamp: Mapped[datetime] = mapped_column(
        comment="when it was given, as far as known; orders answers for one SEQUENCE"
    )
    part: Mapped[str | None] = mapped_column(String(40), comment="which part, if only a part")
    person_name: Mapped[str | None] = mapped_column(String(160), comment="who answered, if known")
    person_role: Mapped[str | None] = mapped_column(String(160), comment="their role, if known")
    by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the account that wrote it down after a call"
    )
    inbound_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="the message it came in; no foreign key, the mail room owns it"
    )
    meeting_starts_at: Mapped[datetime] = mapped_column(comment="the time that was answered for")


class AnswerLink(Base):
    """A link to the answer page given out in one letter; its token is kept as a hash only.

    Each letter carries a new token, since the old one cannot be read back; all of an
    invitation's links work until it ends or the address is corrected.
    """

    __tablename__ = "answer_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), index=True, comment="whose link"
    )
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("deputies.id"), comment="the deputy it was sent to, if not the invitee"
    )
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the token in the link"
    )
    given_at: Mapped[datetime] = mapped_column(comment="when it was given out")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it was made to stop working")


class Deputy(Base):
    """Somebody named to come instead; mail goes to them only once confirmed."""

    __tablename__ = "deputies"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), index=True, comment="instead of whom"
    )
    name: Mapped[str] = mapped_column(String(160), comment="who comes")
    role: Mapped[str] = mapped_column(String(160), default="", comment="their role, in words")
    email: Mapped[str | None] = mapped_column(String(254), comment="their work address")
    status: Mapped[DeputyStatus] = mapped_column(comment="pending, confirmed or refused")
    reply_token: Mapped[str | None] = mapped_column(
        String(48), unique=True, comment="token of the address their answers by mail come to"
    )
    sequence: Mapped[int] = mapped_column(default=0, comment="SEQUENCE last sent to them")
    named_at: Mapped[datetime] = mapped_column(comment="when they were named")
    named_by: Mapped[AnswerChannel] = mapped_column(comment="how they were named")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who confirmed or refused; empty when the rule did"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="when that was")


class Contribution(Base):
    """One version of what an agency sent for the meeting; a correction is a further version."""

    __tablename__ = "contributions"
    __table_args__ = (
        Index("uq_contributions_invitation_id_version", "invitation_id", "version", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), comment="whose information"
    )
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id"), index=True, comment="for which meeting"
    )
    since_on: Mapped[date | None] = mapped_column(
        comment="London date of the last meeting, from which it was asked; empty for the first"
    )
    injury: Mapped[KnownAnswer] = mapped_column(comment="any injury since then")
    injury_text: Mapped[str] = mapped_column(Text, default="", comment="what is known of it")
    weapon: Mapped[KnownAnswer] = mapped_column(comment="any assault or weapon since then")
    weapon_text: Mapped[str] = mapped_column(Text, default="", comment="what is known of it")
    emergency: Mapped[KnownAnswer] = mapped_column(comment="any emergency attendance since then")
    emergency_text: Mapped[str] = mapped_column(Text, default="", comment="what is known of it")
    health: Mapped[str | None] = mapped_column(
        Text, comment="health needs and waiting lists; empty means nothing known"
    )
    last_seen: Mapped[str | None] = mapped_column(
        Text, comment="last seen, and when was not brought; empty means nothing known"
    )
    worries: Mapped[str | None] = mapped_column(Text, comment="worries; empty means nothing known")
    strengths: Mapped[str | None] = mapped_column(
        Text, comment="strengths; empty means nothing known"
    )
    parents: Mapped[str | None] = mapped_column(
        Text, comment="what about parents and carers affects safety; empty means nothing known"
    )
    share_with_family: Mapped[str] = mapped_column(String(10), comment="yes, part or no")
    share_why: Mapped[str] = mapped_column(Text, default="", comment="which part, or why not")
    person_name: Mapped[str] = mapped_column(String(160), comment="who sent it")
    person_role: Mapped[str] = mapped_column(String(160), comment="their role")
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="the account that sent it, if one did"
    )
    sent_at: Mapped[datetime] = mapped_column(comment="when it was sent")
    version: Mapped[int] = mapped_column(comment="1 for the first, one more for each correction")


class Proposal(Base):
    """Another time that an invitee suggested; the meeting moves only when a person accepts it."""

    __tablename__ = "proposals"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), index=True, comment="who suggested it"
    )
    starts_at: Mapped[datetime] = mapped_column(comment="suggested start")
    ends_at: Mapped[datetime] = mapped_column(comment="suggested end")
    instead_of_at: Mapped[datetime] = mapped_column(comment="the start it was suggested instead of")
    note: Mapped[str] = mapped_column(Text, default="", comment="words that came with it by mail")
    channel: Mapped[AnswerChannel] = mapped_column(comment="how it came")
    is_by_calendar: Mapped[bool] = mapped_column(
        default=False, comment="a calendar client waits for an answer to it"
    )
    inbound_id: Mapped[uuid.UUID | None] = mapped_column(
        index=True, comment="the message it came in; no foreign key, the mail room owns it"
    )
    at: Mapped[datetime] = mapped_column(comment="when it was suggested")
    status: Mapped[ProposalStatus] = mapped_column(
        default=ProposalStatus.OPEN, comment="what became of it"
    )
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), comment="who decided"
    )
    decided_at: Mapped[datetime | None] = mapped_column(comment="when it was decided")


class ReplyNote(Base):
    """Words or facts that came with a mail and change no answer; rows are never changed."""

    __tablename__ = "reply_notes"
    __table_args__ = (Index("ix_reply_notes_invitation_id_at", "invitation_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id"), comment="about whose invitation"
    )
    kind: Mapped[NoteKind] = mapped_column(comment="what sort of note")
    words: Mapped[str] = mapped_column(Text, comment="what was written, as it came")
    at: Mapped[datetime] = mapped_column(comment="when it was taken in")
    inbound_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="the message it came in; no foreign key, the mail room owns it"
    )


@event.listens_for(Answer, "before_update")
@event.listens_for(Answer, "before_delete")
@event.listens_for(Contribution, "before_update")
@event.listens_for(Contribution, "before_delete")
@event.listens_for(ReplyNote, "before_update")
@event.listens_for(ReplyNote, "before_delete")
def _refuse_to_change(
    _mapper: Mapper[Base], _connection: Connection, row: Answer | Contribution | ReplyNote
) -> None:
    raise RuntimeError(f"{row.__tablename__} are never changed: they say what came and when")


append_only.protect(Base.metadata.tables["answers"])
