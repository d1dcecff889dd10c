"""Assembles the bytes of one mail: headers, words, and the calendar part where Outlook looks.

The shape is mixed(alternative(plain, html, calendar), attachment), because Outlook searches
only the first part of a mixed mail for an invitation. Everything but the date follows from
the arguments, so the same row always gives the same mail.
"""

import base64
import hashlib
import uuid
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from notifications.letters import Words
from notifications.terms import NOT_PLAIN, Letterhead

LONGEST_PLAIN_LINE = 900
_SPECIALS = frozenset('()<>@,:;".[]\\')


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """A finished calendar part and the method it must be announced with."""

    method: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    """Who one mail goes to and by which identities it is known.

    Attributes:
        thread: message ids of earlier mails on the same matter, oldest first.
    """

    to_address: str
    token: str
    message_id: str
    thread: tuple[str, ...] = ()


def message_id(row_id: uuid.UUID, domain: str) -> str:
    """Return the Message-ID of an outbox row: always the same, and not the row's id."""
    digest = hashlib.sha256(b"confer message " + row_id.bytes).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def assemble(
    words: Words,
    addressing: Addressing,
    *,
    letterhead: Letterhead,
    calendar: CalendarPart | None,
    now: datetime,
) -> bytes:
    """Return the whole mail with CRLF line ends.

    Source: RFC 5322, RFC 2045, RFC 6047 2; MS-OXCMAIL 2.1.3.3.8.
    """
    mark = addressing.message_id[1:33]
    leaves = [_text("plain", words.text), _text("html", words.html)]
    if calendar is None:
        body = _multipart("alternative", f"=_{mark}_a", leaves)
    else:
        leaves.append(_calendar_leaf(calendar))
        alternative = _multipart("alternative", f"=_{mark}_a", leaves)
        body = _multipart("mixed", f"=_{mark}_m", [alternative, _file(calendar)])
    return _headers(words.subject, addressing, letterhead, calendar, now) + body


def _headers(
    subject: str,
    addressing: Addressing,
    letterhead: Letterhead,
    calendar: CalendarPart | None,
    now: datetime,
) -> bytes:
    """Return the headers of the mail, each on one line of its own."""
    lines = [
        ("From", f"{_display(letterhead.from_name)} <{letterhead.from_address}>"),
        ("To", addressing.to_address),
        ("Reply-To", letterhead.reply_address(addressing.token)),
        ("Subject", _encoded(subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", addressing.message_id),
    ]
    if addressing.thread:
        lines.append(("References", "\r\n ".join(addressing.thread)))
    lines += [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("MIME-Version", "1.0"),
    ]
    if calendar is not None:
        lines.append(("Content-Class", "urn:content-classes:calendarmessage"))
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in lines)


def _encoded(text: str) -> str:
    """Return header text on one line, as encoded words when it is not ASCII.

    Source: RFC 2047.
    """
    text = " ".join(NOT_PLAIN.sub(" ", text).split())
    if text.isascii():
        return text
    return Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def _display(name: str) -> str:
    """Return a display name, quoted where the grammar asks for it."""
    name = _encoded(name)
    if name.startswith("=?") or not _SPECIALS & set(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    """Return parts under a boundary; the boundary follows from a hash nobody can write into."""
    edge = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    body = b"".join(edge + part + b"\r\n" for part in parts)
    return head + body + f"--{boundary}--\r\n".encode()


def _text(kind: str, text: str) -> bytes:
    """Return a text part: as it is when that is safe, else quoted-printable."""
    octets = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    if text.isascii() and all(len(line) < LONGEST_PLAIN_LINE for line in octets.split(b"\r\n")):
        encoding, body = b"7bit", octets
    else:
        encoding, body = b"quoted-printable", b2a_qp(octets, istext=True)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: ".encode()
    return head + encoding + b"\r\n\r\n" + body


def _calendar_leaf(calendar: CalendarPart) -> bytes:
    """Return the part that gives buttons; base64, so that no gateway folds its lines anew."""
    head = (
        f"Content-Type: text/calendar; charset=UTF-8; method={calendar.method}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _base64(calendar.body)


def _file(calendar: CalendarPart) -> bytes:
    """Return the same bytes as a file, for clients that look at attachments only."""
    head = (
        'Content-Type: application/ics; name="invite.ics"\r\n'
        'Content-Disposition: attachment; filename="invite.ics"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _base64(calendar.body)


def _base64(octets: bytes) -> bytes:
    """Return base64 in lines of 76 with CRLF ends."""
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
