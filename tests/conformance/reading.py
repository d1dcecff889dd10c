"""Takes a mail of ours apart with parsers that are not ours."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from icalendar import Calendar, Component

from notifications import calendar, letters, mime
from notifications.terms import CalendarCancel, CalendarRefusal, CalendarRequest, Letter, Letterhead
from tests.factories.mail import BEFORE, LETTERHEAD

MESSAGE_ID = "<0123456789abcdef0123456789abcdef01234567@meetings.confer.example>"


def mail_of(
    letter: Letter,
    part: mime.CalendarPart | None = None,
    *,
    letterhead: Letterhead = LETTERHEAD,
    now: datetime = BEFORE,
) -> bytes:
    """Return the whole mail of a letter."""
    return mime.assemble(
        letters.render(letter, letterhead, now=now),
        mime.Addressing(
            to_address=letter.recipient.address,
            token=letter.reply_token or "",
            message_id=MESSAGE_ID,
        ),
        letterhead=letterhead,
        calendar=part,
        now=now,
    )


def part_of(
    entry: CalendarRequest | CalendarCancel | CalendarRefusal,
    *,
    letterhead: Letterhead = LETTERHEAD,
    now: datetime = BEFORE,
) -> mime.CalendarPart:
    """Return the calendar part of an entry."""
    if isinstance(entry, CalendarRequest):
        method, body = "REQUEST", calendar.request(entry, letterhead, now=now)
    elif isinstance(entry, CalendarCancel):
        method, body = "CANCEL", calendar.cancel(entry, letterhead, now=now)
    else:
        method, body = "DECLINECOUNTER", calendar.decline_counter(entry, letterhead, now=now)
    return mime.CalendarPart(method=method, body=body)


def parsed(raw: bytes) -> EmailMessage:
    """Return a mail as Python's own parser reads it."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def leaves(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts that hold something."""
    return [part for part in message.walk() if not part.is_multipart()]


def calendar_of(raw: bytes) -> Component:
    """Return the calendar part of a mail as icalendar reads it, and insist that it is sound."""
    [part] = [each for each in leaves(parsed(raw)) if each.get_content_type() == "text/calendar"]
    read = Calendar.from_ical(part.get_payload(decode=True))
    for component in read.walk():
        assert component.errors == []
    return read


def event_of(octets: bytes) -> Component:
    """Return the one entry of a calendar part."""
    read = Calendar.from_ical(octets)
    [event] = read.walk("VEVENT")
    assert event.errors == []
    return event
