"""The fictional partnership of a story: people, directory, clock, a real mail server, a worker."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as mail_policy
from typing import Protocol, cast

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app import jobs
from core import clock
from core.db import session, unit_of_work
from meetings.jobs.replies import apply_replies
from notifications.cli import take_in
from notifications.jobs import deliver_outbox
from notifications.mailer import SmtpSender
from notifications.service import letterhead
from people.details import AgencyDetails, ClosureDetails
from people.models.accounts import Account
from people.models.agencies import Agency, RoleMailbox
from people.passwords import hash_password
from people.service import agencies, tokens
from people.terms import Actor, ConnectionKind, ConnectionStatus, Role
from tests.data.mail.filled import filled
from tests.factories import meetings as rooms
from tests.factories.people import (
    PASSWORD,
    make_account,
    make_child,
    make_connection,
)
from tests.mailserver import MailServer

BASE_URL = "http://confer.example"
_SYSTEM = Actor.system("the story")
_LINK = re.compile(rf"{re.escape(BASE_URL)}(/[ra]/[\w-]+)")
_CODE = re.compile(r"\b(\d{3}) ?(\d{3})\b")


class Clock(Protocol):
    """The app's clock, which a story sets."""

    at: datetime


def at(day: str, hour: str) -> datetime:
    """Return the instant of a London date and time: ``at("2026-12-23", "20:40")``."""
    return clock.wall(date.fromisoformat(day), time.fromisoformat(hour))


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that the server took."""

    raw: bytes
    to: str

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.raw, policy=mail_policy)

    @property
    def subject(self) -> str:
        """The subject line."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def reply_to(self) -> str:
        """Where an answer goes."""
        return str(self.message["Reply-To"])

    @property
    def link(self) -> str:
        """The one link of ours."""
        (found,) = dict.fromkeys(_LINK.findall(self.text))
        return str(found)

    @property
    def code(self) -> str:
        """The code it carries."""
        found = _CODE.search(self.text)
        assert found is not None
        return found[1] + found[2]

    @property
    def calendar(self) -> Calendar | None:
        """The calendar part, parsed by a library that is not ours."""
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                octets = cast(bytes, part.get_payload(decode=True))
                return Calendar.from_ical(octets.decode())
        return None

    @property
    def everything(self) -> str:
        """All that anybody can read of it: headers, and each part decoded."""
        said = [f"{name}: {text}" for name, text in self.message.items()]
        for part in self.message.walk():
            octets = part.get_payload(decode=True)
            if isinstance(octets, bytes):
                said.append(octets.decode("utf-8", "replace"))
        return "\n".join(said)


@dataclass(slots=True)
class Place:
    """Everything a story stands on. Whatever it makes is committed at once."""

    app: Flask
    clock: Clock
    server: MailServer
    world: rooms.World
    support: Account
    privacy: Account
    administrator: Account
    unrelated: Account
    tokens: dict[str, str] = field(default_factory=dict)
    _answers: int = 0

    @property
    def staff(self) -> dict[str, Account]:
        """Everybody with an account, by what they are."""
        world = self.world
        return {
            "duty": world.duty,
            "manager": world.manager,
            "chair": world.chair,
            "worker": world.worker,
            "support": self.support,
            "privacy": self.privacy,
            "administrator": self.administrator,
            "unrelated": self.unrelated,
        }

    def child(
        self,
        given_name: str,
        family_name: str,
        *,
        born_on: date = date(2011, 3, 27),
        has_practice: bool = True,
        legal_status: str = "none",
    ) -> str:
        """Record a child at the school, and return its reference."""
        with self.writing():
            child = make_child(
                given_name=given_name, family_name=family_name, born_on=born_on,
                legal_status=legal_status, team=self.world.team, worker=self.world.worker,
                now=self.clock.at,
            )  # fmt: skip
            make_connection(child=child, agency=self.world.school, now=self.clock.at)
            status = ConnectionStatus.KNOWN if has_practice else ConnectionStatus.NOT_REGISTERED
            make_connection(
                child=child, kind=ConnectionKind.GP, status=status,
                agency=self.world.practice if has_practice else None, now=self.clock.at,
            )  # fmt: skip
            return child.ref

    def close_the_school(self, from_on: date, to_on: date, why: str = "Holidays") -> None:
        """Write the school's closed weeks into the directory."""
        with self.writing():
            agencies.close_weeks(
                session.get_one(Agency, self.world.school.id),
                ClosureDetails(from_on=from_on, to_on=to_on, why=why),
                actor=_SYSTEM, now=self.clock.at,
            )  # fmt: skip

    def close_for_good(self, agency: Agency) -> None:
        """Let an agency have closed yesterday."""
        with self.writing():
            row = session.get_one(Agency, agency.id)
            row.closed_on = clock.today(self.clock.at) - timedelta(days=1)

    def forget_mailboxes(self, kind: str) -> None:
        """Take away every address and number of an agency."""
        with self.writing():
            agency = session.get_one(Agency, self.world.agencies[kind].id)
            agency.telephone = None
            statement = select(RoleMailbox).where(RoleMailbox.agency_id == agency.id)
            for mailbox in session.scalars(statement):
                mailbox.email = mailbox.telephone = None

    def mark_secure(self, domain: str) -> None:
        """Let codes go by mail to a domain."""
        with self.writing():
            agencies.mark_secure(domain, actor=_SYSTEM, now=self.clock.at)

    def agency(self, name: str, kind: str, **given: str | None) -> Agency:
        """Add an agency with a manager and a lead of its own."""
        with self.writing():
            return agencies.record_agency(
                AgencyDetails(name=name, kind=kind, local_authority="Northshire", **given),  # type: ignore[arg-type]
                actor=_SYSTEM, now=self.clock.at,
            )  # fmt: skip

    def token_of(self, who: Account, *more_scopes: str) -> str:
        """Return a bearer token of an account; what asks for the password names its scope."""
        key = f"{who.id}{self.clock.at.date()}{more_scopes}"
        if key not in self.tokens:
            with self.writing():
                self.tokens[key] = tokens.create(
                    session.get_one(Account, who.id), label="story",
                    scopes=("read", "write", *more_scopes), days=90,
                    actor=_SYSTEM, now=self.clock.at,
                )[1]  # fmt: skip
        return self.tokens[key]

    def deliver(self) -> list[Mail]:
        """Let the worker hand the outbox to the mail server; return what newly arrived."""
        before = len(self.server.taken)
        with self.app.app_context():
            session.remove()
            deliver_outbox(self.clock.at, SmtpSender(self.server.url, helo="confer.example"))
            session.remove()
        return [Mail(taken.raw, to) for taken in self.server.taken[before:]
                for to in taken.recipients]  # fmt: skip

    def mails(self, to: str | None = None) -> list[Mail]:
        """Return every mail the server took, or every one to an address."""
        return [Mail(taken.raw, each) for taken in self.server.taken for each in taken.recipients
                if to in (None, each)]  # fmt: skip

    def tick(self) -> None:
        """Let the worker do everything that is due by its clock, but the sending."""
        with self.app.app_context():
            for job in jobs(self.app):
                if job.name != "mail.deliver":
                    session.remove()
                    job.run(self.clock.at)
            session.remove()

    def receive(self, raw: bytes) -> str:
        """Take in a mail as ``confer mail receive`` does, and return its outcome."""
        settings = self.app.extensions["settings"]
        apply = functools.partial(apply_replies, letterhead=letterhead(settings))
        with self.app.app_context():
            session.remove()
            found = take_in(raw, apply, self.clock.at)
            session.remove()
        outcome = found["outcome"]
        assert outcome is not None
        return outcome

    def reply_to(self, mail: Mail, partstat: str, *, client: str = "outlook", **given: str) -> str:
        """Answer an invitation as a calendar program would, and return the outcome."""
        return self.receive(self.a_reply(mail, partstat, client=client, **given))

    def a_reply(self, mail: Mail, partstat: str, *, client: str = "outlook", **given: str) -> bytes:
        """Return a calendar program's answer to an invitation."""
        calendar = mail.calendar
        assert calendar is not None
        (event,) = calendar.walk("VEVENT")
        token = re.search(r"\+([^@]+)@", mail.reply_to)
        assert token is not None
        self._answers += 1
        values = {
            "TOKEN": token[1],
            "UID": str(event["UID"]),
            "SEQUENCE": str(event.get("SEQUENCE", 0)),
            "PARTSTAT": partstat,
            "ATTENDEE": mail.to,
            "DTSTAMP": f"{self.clock.at:%Y%m%dT%H%M%SZ}",
            "COMMENT": "",
            "MESSAGE_ID": f"answer-{self._answers}@their.example",
        }
        return filled(f"{client}_reply", **(values | given))

    def writing(self) -> _Writing:
        """Open one committed transaction in the app's context."""
        return _Writing(self.app)


class _Writing:
    """An app's context around one committed transaction."""

    def __init__(self, app: Flask) -> None:
        self._context = app.app_context()
        self._unit = unit_of_work()

    def __enter__(self) -> None:
        self._context.push()
        session.remove()
        self._unit.__enter__()

    def __exit__(self, *fault: object) -> None:
        try:
            self._unit.__exit__(*fault)  # type: ignore[arg-type]
        finally:
            session.remove()
            self._context.pop()


def open_place(app: Flask, the_clock: Clock, server: MailServer) -> Place:
    """Make the partnership in an empty database."""
    now = the_clock.at
    with _Writing(app):
        world = rooms.make_world(now=now)
        made = {
            role: make_account(
                name=name, roles=(role,), agency=world.social_care, now=now,
                team=world.team if role is Role.BUSINESS_SUPPORT else None,
            )
            for role, name in (
                (Role.BUSINESS_SUPPORT, "Noor Amin"),
                (Role.PRIVACY_OFFICER, "Vera Lund"),
                (Role.ADMINISTRATOR, "Ash Grant"),
            )
        }  # fmt: skip
        unrelated = make_account(name="Uma Frost", agency=world.social_care, now=now)
        everybody = (world.duty, world.manager, world.chair, world.worker, unrelated)
        for account in (*everybody, *made.values()):
            account.password_hash = _hash()
    return Place(
        app=app,
        clock=the_clock,
        server=server,
        world=world,
        support=made[Role.BUSINESS_SUPPORT],
        privacy=made[Role.PRIVACY_OFFICER],
        administrator=made[Role.ADMINISTRATOR],
        unrelated=unrelated,
    )


@functools.cache
def _hash() -> str:
    """The password's hash, slow on purpose, so made once."""
    return hash_password(PASSWORD)
