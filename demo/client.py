"""A calendar program's answer, written by hand: not by the builder whose mails it answers."""

from __future__ import annotations

import smtplib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

from demo.calendar_words import CalendarWords
from demo.catcher import HOST

_LONGEST_OCTETS = 73


class Press(StrEnum):
    """The buttons a calendar program shows."""

    ACCEPT = "accept"
    TENTATIVE = "tentative"
    DECLINE = "decline"
    PROPOSE = "propose"


_STATES = {
    Press.ACCEPT: ("ACCEPTED", "Accepted"),
    Press.TENTATIVE: ("TENTATIVE", "Tentative"),
    Press.DECLINE: ("DECLINED", "Declined"),
    Press.PROPOSE: ("TENTATIVE", "New time proposed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the person pressed and typed; ``starts_at`` is the time they suggest."""

    press: Press
    note: str = ""
    starts_at: datetime | None = None


def answer(entry: CalendarWords, told: Told, *, reply_to: str, now: datetime) -> bytes:
    """Return the mail a calendar program sends for a press.

    Source: RFC 5546 3.2.3 (REPLY), 3.2.7 (COUNTER); RFC 6047 2.
    """
    state, word = _STATES[told.press]
    method = "COUNTER" if told.press is Press.PROPOSE else "REPLY"
    mail = EmailMessage()
    mail["From"] = entry.attendee_address
    mail["To"] = reply_to
    mail["Subject"] = f"{word}: {entry.what}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@post-room.example>"
    mail.set_content(told.note or f"{word}.")
    mail.add_alternative(
        _entry(entry, told, method=method, state=state, now=now),
        subtype="calendar",
        params={"method": method},
    )
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def send(mail: bytes, *, sender: str, recipient: str, port: int) -> None:
    """Hand a mail to the post room's own server.

    Raises:
        OSError, smtplib.SMTPException: the server did not take it.
    """
    with smtplib.SMTP(HOST, port, local_hostname="client.example", timeout=10) as line:
        line.sendmail(sender, [recipient], mail)


def _entry(entry: CalendarWords, told: Told, *, method: str, state: str, now: datetime) -> str:
    starts_at, ends_at = entry.starts_at, entry.ends_at
    if told.starts_at and starts_at and ends_at:
        starts_at, ends_at = told.starts_at, told.starts_at + (ends_at - starts_at)
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Post room//Calendar program//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        *([f"DTSTART:{starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"] if starts_at else []),
        *([f"DTEND:{ends_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"] if ends_at else []),
        f"ORGANIZER:mailto:{entry.organiser_address}",
        f"ATTENDEE;PARTSTAT={state}:mailto:{entry.attendee_address}",
        f"SUMMARY:{_escaped(entry.what)}",
        *([f"COMMENT:{_escaped(told.note)}"] if told.note else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line where its octets reach what a calendar may hold on one line."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > _LONGEST_OCTETS:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
