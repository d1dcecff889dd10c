"""Writes calendar parts (RFC 5545, iTIP of RFC 5546) for one addressee, byte by byte.

A writer of our own, because the shape of the time zone and of every line decides whether
Outlook shows buttons. Each part names the organiser and this one addressee, a neutral
label and the reference, and says "see the page" where a place would stand. There is no
alarm: its text would light up a locked screen.
"""

import re
from datetime import UTC, datetime

from core.clock import LONDON
from notifications.terms import (
    NOT_PLAIN,
    CalendarCancel,
    CalendarRefusal,
    CalendarRequest,
    EntryState,
    Letter,
    Letterhead,
    LetterKind,
)

PRODID = "-//Confer//Confer//EN"
LONGEST_LINE = 75
CONTINUES = 0b10
PLACE = "Joining details are on the page"

# One STANDARD and one DAYLIGHT with a yearly rule each: importers may keep only one of
# several, or refuse the whole part.
VTIMEZONE = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Europe/London\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19961027T020000\r\n"
    b"TZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0000\r\n"
    b"TZNAME:GMT\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"END:STANDARD\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:19810329T010000\r\n"
    b"TZOFFSETFROM:+0000\r\n"
    b"TZOFFSETTO:+0100\r\n"
    b"TZNAME:BST\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"END:DAYLIGHT\r\n"
    b"END:VTIMEZONE\r\n"
)

_LINE_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_QUOTES = str.maketrans({'"': "\u201d", "^": " "})


def request(entry: CalendarRequest, letterhead: Letterhead, *, now: datetime) -> bytes:
    """Return a REQUEST: a new entry, or the same one changed.

    Source: RFC 5546 3.2.2; MS-OXCICAL 2.1.3.1.1.
    """
    letter = entry.letter
    starts_at, ends_at = _times(letter)
    status = "TENTATIVE" if entry.state is EntryState.TENTATIVE else "CONFIRMED"
    url = letterhead.base_url + (letter.link or "")
    return _part(
        "REQUEST",
        [
            f"UID:{entry.uid}",
            f"SEQUENCE:{entry.sequence}",
            f"DTSTAMP:{_utc(now)}",
            *_when(starts_at, ends_at),
            _organizer(letter, letterhead),
            _attendee(letter, asks=True),
            f"SUMMARY:{_summary(letter, letterhead)}",
            f"DESCRIPTION:{escape(_description(letter, url))}",
            f"LOCATION:{escape(PLACE)}",
            f"URL:{url}",
            f"STATUS:{status}",
            "CLASS:CONFIDENTIAL",
            "TRANSP:OPAQUE",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
            "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        ],
    )


def cancel(entry: CalendarCancel, letterhead: Letterhead, *, now: datetime) -> bytes:
    """Return a CANCEL that takes the entry out of this addressee's calendar.

    Somebody who is no longer invited gets no STATUS: the meeting itself goes on.

    Source: RFC 5546 3.2.5.
    """
    letter = entry.letter
    starts_at, ends_at = _times(letter)
    lines = [
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(now)}",
        *_when(starts_at, ends_at),
        _organizer(letter, letterhead),
        _attendee(letter, asks=False),
        f"SUMMARY:{_summary(letter, letterhead)}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    if letter.kind is LetterKind.CANCELLATION:
        lines.insert(6, "STATUS:CANCELLED")
    return _part("CANCEL", lines)


def decline_counter(entry: CalendarRefusal, letterhead: Letterhead, *, now: datetime) -> bytes:
    """Return a DECLINECOUNTER: the suggested time was not taken.

    Only what the stricter reading of RFC 5546 3.2.8 allows: no time, no summary, no sequence.
    """
    return _part(
        "DECLINECOUNTER",
        [f"UID:{entry.uid}", f"DTSTAMP:{_utc(now)}", _organizer(entry.letter, letterhead)],
        with_zone=False,
    )


def fold(line: str) -> bytes:
    """Return a content line folded to at most 75 octets, never inside a character.

    Source: RFC 5545 3.1.
    """
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return octets + b"\r\n"
    pieces = []
    start, room = 0, LONGEST_LINE
    while len(octets) - start > room:
        end = start + room
        while _is_inside_character(octets[end]):
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, LONGEST_LINE - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _is_inside_character(octet: int) -> bool:
    """Say whether a byte of UTF-8 continues a character that began before it."""
    return octet >> 6 == CONTINUES


def escape(text: str) -> str:
    """Return text for a TEXT value; control characters are left out.

    Source: RFC 5545 3.3.11.
    """
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return NOT_PLAIN.sub("", _LINE_BREAKS.sub("\\\\n", text))


def quoted(name: str) -> str:
    """Return a parameter value in quotes.

    A double quote becomes a typographic one: two of four parsers show its escaped form.

    Source: RFC 5545 3.2; RFC 6868.
    """
    return '"' + NOT_PLAIN.sub("", name.translate(_QUOTES)) + '"'


def _part(method: str, event: list[str], *, with_zone: bool = True) -> bytes:
    """Put a VEVENT into a VCALENDAR with its method."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", f"METHOD:{method}"]
    if with_zone:
        head.insert(3, "CALSCALE:GREGORIAN")
    zone = VTIMEZONE if with_zone else b""
    return b"".join(
        (
            *map(fold, head),
            zone,
            b"BEGIN:VEVENT\r\n",
            *map(fold, event),
            b"END:VEVENT\r\nEND:VCALENDAR\r\n",
        )
    )


def _times(letter: Letter) -> tuple[datetime, datetime | None]:
    """Return when the meeting starts and, if the letter says, ends."""
    if letter.starts_at is None:
        raise ValueError("A calendar entry needs a start")
    return letter.starts_at, letter.ends_at


def _when(starts_at: datetime, ends_at: datetime | None) -> list[str]:
    """Return DTSTART and DTEND as London wall time.

    In the hour that happens twice a wall time means its first pass, so an instant in the
    second pass is written in UTC.
    """
    instants = [("DTSTART", starts_at)] + ([("DTEND", ends_at)] if ends_at else [])
    walls = [(name, instant.astimezone(LONDON)) for name, instant in instants]
    if any(wall.fold for _, wall in walls):
        return [f"{name}:{_utc(wall)}" for name, wall in walls]
    return [f"{name};TZID=Europe/London:{wall:%Y%m%dT%H%M%S}" for name, wall in walls]


def _utc(instant: datetime) -> str:
    """Return an instant in the basic UTC form."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _organizer(letter: Letter, letterhead: Letterhead) -> str:
    """Return ORGANIZER: the addressee's own reply address under the service's name."""
    address = letterhead.reply_address(letter.reply_token or "")
    return f"ORGANIZER;CN={quoted(letterhead.from_name)}:mailto:{address}"


def _attendee(letter: Letter, *, asks: bool) -> str:
    """Return the one ATTENDEE, asked for an answer or, in a CANCEL, only named."""
    address = letter.recipient.address
    answer = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if asks else ""
    cn = quoted(address)
    return f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{answer};CN={cn}:mailto:{address}"


def _summary(letter: Letter, letterhead: Letterhead) -> str:
    """Return the fixed label and the reference, nothing else."""
    return escape(f"{letterhead.label} {letter.reference}")


def _description(letter: Letter, url: str) -> str:
    """Return reference, page and telephone."""
    return (
        f"{letter.reference}\nAnswer and find joining details here: {url}\n"
        f"Questions: {letter.team.mail_name}, {letter.team.telephone}"
    )
