"""Reads a caught mail for the page that shows it as its recipient sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from markupsafe import Markup, escape

from demo.calendar_words import CalendarWords, decode
from demo.mail_folder import CaughtMail

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,)]")


@dataclass(frozen=True, slots=True)
class Line:
    """One mail in the list."""

    name: str
    at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Everything one address got, the newest first."""

    address: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class ReadMail:
    """One mail, opened."""

    name: str
    at: datetime
    sender: str
    recipient: str
    reply_to: str
    subject: str
    text: Markup
    html: str | None
    calendar: CalendarWords | None
    calendar_text: str
    source: str


def by_recipient(mails: list[CaughtMail]) -> list[Recipient]:
    """Group mails that stand newest first; who got the newest mail stands first."""
    found: dict[str, list[Line]] = {}
    for mail in mails:
        subject = str(_parsed(mail.raw.split(b"\r\n\r\n", 1)[0])["Subject"] or "")
        found.setdefault(mail.recipient.lower(), []).append(Line(mail.name, mail.at, subject))
    return [Recipient(address, lines) for address, lines in found.items()]


def read(mail: CaughtMail) -> ReadMail:
    """Open a mail."""
    message = _parsed(mail.raw)
    calendar = _part(message, "text/calendar")
    octets = calendar.get_payload(decode=True) if calendar else b""
    octets = octets if isinstance(octets, bytes) else b""
    html = _part(message, "text/html")
    return ReadMail(
        name=mail.name,
        at=mail.at,
        sender=str(message["From"] or ""),
        recipient=mail.recipient,
        reply_to=str(message["Reply-To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_with_links(_words(_part(message, "text/plain"))),
        html=_words(html) if html is not None else None,
        calendar=decode(octets) if octets else None,
        calendar_text=octets.decode("utf-8", "replace"),
        source=mail.raw.decode("utf-8", "replace"),
    )


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes an EmailMessage")
    return message


def _part(message: EmailMessage, kind: str) -> EmailMessage | None:
    for part in message.walk():
        if part.get_content_type() == kind and isinstance(part, EmailMessage):
            return part
    return None


def _words(part: EmailMessage | None) -> str:
    return "" if part is None else str(part.get_content())


def _with_links(text: str) -> Markup:
    """Escape a text and make its web addresses pressable."""
    made, end = Markup(), 0
    for found in _LINK.finditer(text):
        made += escape(text[end : found.start()])
        made += Markup('<a class="govuk-link" href="{0}">{0}</a>').format(found.group())
        end = found.end()
    return made + escape(text[end:])
