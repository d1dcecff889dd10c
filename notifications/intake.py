"""Reads one incoming mail: whose token it came to, what kind it is, what it says.

It runs in a process of its own under limits, because parsing a mail can be made to take
minutes. Whatever a message does, the answer is an ``Intake``: what cannot be read becomes
``ODD`` and goes to a person.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from notifications import answers
from notifications.terms import NOT_PLAIN, DeliveryReport, InboundKind, Intake

LONGEST_HEADERS = 64_000
LONGEST_FIELD = 8_000
LONGEST_TEXT = 4_000
MOST_PARTS = 200
_TOKEN = re.compile(r"(?:reply|bounce)\+([a-z0-9]{20,48})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_TO_FIELDS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_STATUS = re.compile(r"^\s*(\d\.\d{1,3}\.\d{1,3})", re.MULTILINE)
_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class Odd(Exception):
    """A message that a person must look at; the text says why, as a sentence."""


def triage(raw: bytes) -> str:
    """Return why a message must not be parsed at all, or an empty text.

    Only the head is looked at, in a time that grows with its size alone.
    """
    head = raw[: LONGEST_HEADERS + 4]
    end = re.search(rb"\r?\n\r?\n", head)
    if end is None and len(raw) > LONGEST_HEADERS:
        return "The message has more headers than any mail has"
    fields = BytesHeaderParser(policy=compat32).parsebytes(head[: end.end()] if end else head)
    if len(fields.get_all("From", [])) > 1:
        return "The message says twice whom it is from"
    if any(len(str(value)) > LONGEST_FIELD for value in fields.values()):
        return "The message has a header that is far too long"
    return ""


def read(raw: bytes) -> Intake:
    """Return what a message is. It never raises: what cannot be read is ``ODD``."""
    why = triage(raw)
    if why:
        return Intake(kind=InboundKind.ODD, why=why)
    try:
        message = message_from_bytes(raw, policy=compat32)
        parts = _parts(message)
    except Odd as reason:
        return Intake(kind=InboundKind.ODD, why=str(reason))
    except Exception as fault:  # noqa: BLE001 - one bad mail must not stop the others
        return Intake(
            kind=InboundKind.ODD, why=f"The message could not be read ({type(fault).__name__})"
        )
    known = _Known(message, parts)
    try:
        return _classify(message, parts, known)
    except Odd as reason:
        return known.intake(InboundKind.ODD, why=str(reason))
    except Exception as fault:  # noqa: BLE001 - as above: quarantine, do not stop
        why = f"The calendar part could not be read ({type(fault).__name__})"
        return known.intake(InboundKind.ODD, why=why)


class _Known:
    """What is known of a message before its kind is."""

    def __init__(self, message: Message, parts: list[Message]) -> None:
        self.token = _token(message)
        addresses = getaddresses([str(value) for value in message.get_all("From", [])])
        self.from_address = addresses[0][1].lower()[:254] if len(addresses) == 1 else ""
        self.message_id = _first_id(message, "Message-ID")
        referred = [*_ids(message, "References"), *_ids(message, "In-Reply-To")]
        self.answers_to = tuple(dict.fromkeys(referred))[-20:]
        self.text = _own_words(parts)

    def intake(self, kind: InboundKind, **more: object) -> Intake:
        """Return the intake of this message with what its kind adds."""
        values = {
            "token": self.token,
            "from_address": self.from_address,
            "message_id": self.message_id,
            "answers_to": self.answers_to,
            "text": self.text,
            **more,
        }
        return Intake(kind=kind, **values)  # type: ignore[arg-type]  # names are Intake's own


def _classify(message: Message, parts: list[Message], known: _Known) -> Intake:
    """Return the intake: report first, then automatic answer, then calendar, then words."""
    report = _report(message, parts)
    if report is not None:
        ids = (report.original_message_id,) if report.original_message_id else ()
        known.answers_to = (*known.answers_to, *ids)
        return known.intake(InboundKind.DELIVERY_REPORT, report=report)
    if _is_automatic(message):
        return known.intake(InboundKind.AUTO_REPLY, why="An automatic answer, for example absence")
    return _with_calendar(parts, known)


def _with_calendar(parts: list[Message], known: _Known) -> Intake:
    """Return the intake of a mail a person or their calendar sent."""
    calendars = _calendar_parts(parts)
    if not calendars:
        return known.intake(InboundKind.FREE_TEXT, why="There is no calendar part in it")
    try:
        replies = {answers.read(octets, charset) for octets, charset in calendars}
    except answers.NotAnAnswer as reason:
        return known.intake(InboundKind.FOREIGN_METHOD, why=f"{reason}, so it changes nothing")
    except answers.Unreadable as reason:
        raise Odd(str(reason)) from reason
    if len(replies) != 1:
        raise Odd("The message holds calendar parts that contradict each other")
    reply = replies.pop()
    if known.token is None and reply.organiser:
        found = _TOKEN.search(reply.organiser)
        known.token = found.group(1).lower() if found else None
    return known.intake(InboundKind(reply.method.lower()), reply=reply)


def _parts(message: Message) -> list[Message]:
    """Return every leaf of a message, and stop at a number no honest mail has.

    A returned original inside a report is not walked into: it is ours, not an answer.
    """
    leaves: list[Message] = []
    waiting: list[Message] = [message]
    seen = 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise Odd("The message has too many parts")
        payload = part.get_payload()
        if part.get_content_type().startswith("message/") or not isinstance(payload, list):
            leaves.append(part)
        else:
            waiting[:0] = [each for each in payload if isinstance(each, Message)]
    return leaves


def _token(message: Message) -> str | None:
    """Return the token of the address it was delivered to; two different ones are none."""
    for field in _TO_FIELDS:
        values = " ".join(str(value) for value in message.get_all(field, []))
        tokens = {token.lower() for token in _TOKEN.findall(values)}
        if len(tokens) == 1:
            return str(tokens.pop())
        if tokens:
            return None
    return None


def _calendar_parts(parts: list[Message]) -> list[tuple[bytes, str | None]]:
    """Return the calendar parts wherever they hang: by type first, else by file name."""
    typed = [each for each in parts if each.get_content_type() == "text/calendar"]
    named = [
        each
        for each in parts
        if each.get_content_type() in {"application/ics", "application/octet-stream"}
        and str(each.get_filename() or "").lower().endswith(".ics")
    ]
    return [(_octets(each), each.get_content_charset()) for each in typed or named]


def _octets(part: Message) -> bytes:
    """Return the bytes of a part behind its transfer encoding."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _report(message: Message, parts: list[Message]) -> DeliveryReport | None:
    """Return the delivery report a message is, or None.

    A bounce in a server's own words is one too when it comes back to an envelope address
    of ours from nobody: nothing else is sent there.
    """
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            return _machine_report(part, parts)
    return_path = str(message.get("Return-Path", "")).strip()
    sender = str(message.get("From", "")).lower()
    from_nobody = return_path == "<>" or "mailer-daemon@" in sender or "postmaster@" in sender
    to_envelope = any(
        "bounce+" in str(value).lower()
        for field in _TO_FIELDS
        for value in message.get_all(field, [])
    )
    if from_nobody and to_envelope:
        found = _STATUS.search(_own_words(parts))
        return DeliveryReport(action="unknown", status=found.group(1) if found else "")
    return None


def _machine_report(part: Message, parts: list[Message]) -> DeliveryReport:
    """Return what message/delivery-status says of the first recipient.

    Source: RFC 3464.
    """
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else [payload]
    fields = {
        name.lower(): str(value)
        for block in blocks
        if isinstance(block, Message)
        for name, value in block.items()
    }
    recipient = fields.get("final-recipient", fields.get("original-recipient", ""))
    action = fields.get("action", "unknown").strip().lower()
    return DeliveryReport(
        action=action if action.isalpha() else "unknown",
        status=fields.get("status", "").strip()[:12],
        recipient=recipient.rpartition(";")[2].strip().lower()[:254] or None,
        original_message_id=_original_id(parts),
    )


def _original_id(parts: list[Message]) -> str | None:
    """Return the Message-ID of the mail that a report gives back, whole or its head."""
    for part in parts:
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list):
            originals = [each for each in payload if isinstance(each, Message)]
            return _first_id(originals[0], "Message-ID") or None if originals else None
        if kind == "text/rfc822-headers":
            head = BytesHeaderParser(policy=compat32).parsebytes(_octets(part))
            return _first_id(head, "Message-ID") or None
    return None


def _is_automatic(message: Message) -> bool:
    """Say whether no person sent this: an absence note, a ticket system, a list.

    Source: RFC 3834 5; the X- fields are habits of Exchange and others.
    """
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if message.get("X-Autoreply") or message.get("X-Autorespond"):
        return True
    return str(message.get("Precedence", "")).strip().lower() in {"auto_reply", "bulk", "junk"}


def _own_words(parts: list[Message]) -> str:
    """Return the person's words: the first plain text, else the HTML without its tags."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_filename() is None:
                text = _decoded_text(part)[: LONGEST_TEXT * 4]
                text = _TAG.sub(" ", text) if kind == "text/html" else text
                return _plain(text)
    return ""


def _decoded_text(part: Message) -> str:
    """Return the text of a part in its charset; an unknown one reads as Latin."""
    try:
        return _octets(part).decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return _octets(part).decode("latin-1")


def _plain(text: str) -> str:
    """Return text without control characters and without more than one empty line."""
    lines = [NOT_PLAIN.sub("", line).rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_TEXT]


def _ids(message: Message, field: str) -> Iterator[str]:
    """Yield the message ids of a header."""
    for value in message.get_all(field, []):
        yield from _MESSAGE_ID.findall(str(value))


def _first_id(message: Message, field: str) -> str:
    """Return the first message id of a header, or an empty text."""
    return next(_ids(message, field), "")


def subject_of(raw: bytes) -> str:
    """Return the subject of a stored message for the review queue, decoded as far as it can be."""
    fields = BytesHeaderParser(policy=compat32).parsebytes(raw[:LONGEST_HEADERS])
    value = str(fields.get("Subject", ""))[:500]
    try:
        return _plain(str(make_header(decode_header(value))))
    except (LookupError, UnicodeError, ValueError):
        return _plain(value)
