"""Tables of the directory: agencies, their closed weeks, teams, role mailboxes and people."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import ForeignKey, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Agency(Base):
    """One agency of the partnership: a school, a practice, a police unit, a council service."""

    __tablename__ = "agencies"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="what stands in its URL")
    name: Mapped[str] = mapped_column(String(200), index=True, comment="name as people say it")
    kind: Mapped[str] = mapped_column(String(40), index=True, comment="agency kind of the pack")
    telephone: Mapped[str | None] = mapped_column(String(40), comment="main telephone")
    mail_name: Mapped[str | None] = mapped_column(String(120), comment="neutral name in mail")
    manager_name: Mapped[str | None] = mapped_column(String(120), comment="who chases for it")
    manager_email: Mapped[str | None] = mapped_column(String(254), comment="the manager's address")
    lead_name: Mapped[str | None] = mapped_column(String(120), comment="agency safeguarding lead")
    lead_email: Mapped[str | None] = mapped_column(String(254), comment="the lead's address")
    register_code: Mapped[str | None] = mapped_column(
        String(20), index=True, comment="URN of a school, ODS code of a practice"
    )
    local_authority: Mapped[str | None] = mapped_column(String(80), comment="area it belongs to")
    closed_on: Mapped[date | None] = mapped_column(comment="London date on which it closed")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class Closure(Base):
    """Weeks in which an agency is closed, such as a school's holidays."""

    __tablename__ = "closures"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency that is closed"
    )
    from_on: Mapped[date] = mapped_column(comment="first closed day, London date")
    to_on: Mapped[date] = mapped_column(comment="last closed day, London date, included")
    why: Mapped[str] = mapped_column(String(120), comment="such as Easter holiday")


class Team(Base):
    """A team of an agency, with members, hours, telephone and a neutral name for mail."""

    __tablename__ = "teams"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency it belongs to"
    )
    ref: Mapped[str] = mapped_column(String(12), unique=True, comment="what stands in its URL")
    name: Mapped[str] = mapped_column(String(120), comment="name as people say it")
    mail_name: Mapped[str] = mapped_column(String(120), comment="neutral name that stands in mail")
    mailbox: Mapped[str | None] = mapped_column(String(254), comment="shared address of the team")
    telephone: Mapped[str | None] = mapped_column(String(40), comment="the team's telephone")
    opens: Mapped[time | None] = mapped_column(Time(), comment="London time the team opens")
    closes: Mapped[time | None] = mapped_column(Time(), comment="London time the team closes")
    is_out_of_hours: Mapped[bool] = mapped_column(
        default=False, comment="the emergency duty team, which answers when others are closed"
    )
    role: Mapped[str | None] = mapped_column(
        String(60), comment="role id of the pack that the team answers for, such as duty"
    )
    joining: Mapped[str | None] = mapped_column(
        String(400), comment="joining details the team uses unless others are typed"
    )
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class RoleMailbox(Base):
    """Whom to reach at an agency for a role, whoever holds the post this week."""

    __tablename__ = "role_mailboxes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency it belongs to"
    )
    role: Mapped[str] = mapped_column(String(60), index=True, comment="role id of the pack")
    label: Mapped[str] = mapped_column(String(120), comment="the role in words")
    email: Mapped[str | None] = mapped_column(String(254), comment="shared address")
    telephone: Mapped[str | None] = mapped_column(String(40), comment="telephone of the role")
    opens: Mapped[time | None] = mapped_column(Time(), comment="London time it is first read")
    closes: Mapped[time | None] = mapped_column(Time(), comment="London time it is last read")
    is_out_of_term: Mapped[bool] = mapped_column(
        default=False, comment="the contact for a school's closed weeks"
    )
    is_out_of_hours: Mapped[bool] = mapped_column(
        default=False, comment="the contact for nights and weekends"
    )
    position: Mapped[int] = mapped_column(default=1, comment="order of trying, 1 first")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class SecureDomain(Base):
    """A mail domain to which the partnership lets one-time codes go."""

    __tablename__ = "secure_domains"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    domain: Mapped[str] = mapped_column(String(253), unique=True, comment="lower-case domain")
    marked_by: Mapped[str] = mapped_column(String(120), comment="who said it is secure")
    marked_at: Mapped[datetime] = mapped_column(comment="when")


class Professional(Base):
    """A named person at an agency."""

    __tablename__ = "professionals"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    agency_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agencies.id"), index=True, comment="the agency they work for"
    )
    name: Mapped[str] = mapped_column(String(120), comment="their name")
    role: Mapped[str] = mapped_column(String(60), index=True, comment="role id of the pack")
    email: Mapped[str | None] = mapped_column(String(254), comment="their own work address")
    telephone: Mapped[str | None] = mapped_column(String(40), comment="their work telephone")
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="their sign-in, if they have one"
    )
    left_on: Mapped[date | None] = mapped_column(comment="London date they left the post")
    version: Mapped[int] = mapped_column(default=1, comment="raised by each change")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class TeamMember(Base):
    """An account's membership of a team."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("team_id", "account_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, comment="row id")
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id"), comment="the team")
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, comment="the member"
    )
    is_manager: Mapped[bool] = mapped_column(default=False, comment="manages the team")
