"""Reads the calendar part of an incoming mail, trusting as little of it as will do.

Only identity, order and answer are taken. The time of a meeting never is: a suggested time
is kept only when it can be read without doubt.
"""

import re
from datetime import UTC, datetime

from icalendar import Calendar, Component
from icalendar.prop import vCalAddress

from notifications.terms import NOT_PLAIN, Answer, AttendeeAnswer, CalendarReply

READ_METHODS = frozenset({"REPLY", "COUNTER", "REFRESH"})
LONGEST_COMMENT = 2000
LONGEST_UID = 255
_TZID_AND_UTC = re.compile(rb"^DT(?:START|END);[^:\r\n]*TZID[^:\r\n]*:[0-9T]+Z", re.MULTILINE)
_STATUS_CODE = re.compile(r"\d+(?:\.\d+){1,2}")


class NotAnAnswer(Exception):
    """The calendar part is sound but is no answer; ``method`` says what it is."""

    def __init__(self, method: str) -> None:
        super().__init__(f"A calendar message with the method {method} is not an answer")
        self.method = method


class Unreadable(Exception):
    """The calendar part cannot be read without doubt; the message says why."""


def read(octets: bytes, charset: str | None) -> CalendarReply:
    """Return what a calendar part answers.

    Raises:
        NotAnAnswer: it is a request, a cancellation or anything else that changes nothing.
        Unreadable: identity or answer is missing, broken or said twice.
    """
    calendars = Calendar.from_ical(_decoded(octets, charset), multiple=True)
    found = [(each, event) for each in calendars for event in each.walk("VEVENT")]
    methods = {str(each.get("METHOD", "")).strip().upper() for each in calendars}
    if len(methods) != 1:
        raise Unreadable("The calendar part has more than one method")
    method = methods.pop()
    if method not in READ_METHODS:
        raise NotAnAnswer(_plain(method, 20) or "(none)")
    events = [event for _, event in found]
    if len(events) != 1 or isinstance(events[0].get("UID"), list):
        raise Unreadable("The calendar part does not hold exactly one entry")
    doubtful = bool(_TZID_AND_UTC.search(octets))
    return _reply(method, events[0], is_time_doubtful=doubtful)


def _reply(method: str, event: Component, *, is_time_doubtful: bool) -> CalendarReply:
    """Return the answer an entry holds."""
    broken = {str(name).upper() for name, _ in event.errors}
    if broken & {"UID", "ATTENDEE", "SEQUENCE"}:
        raise Unreadable("The calendar part names the meeting or the person in a broken way")
    uid = _plain(str(event.get("UID", "")), LONGEST_UID)
    lines = _all(event, "ATTENDEE")
    answers = tuple(_answer(line) for line in lines if isinstance(line, vCalAddress))
    if not uid or not answers or len(answers) < len(lines) or not all(a.address for a in answers):
        raise Unreadable("The calendar part does not say which meeting or who answers")
    proposed = method == "COUNTER" and not is_time_doubtful
    return CalendarReply(
        method=method,
        uid=uid,
        sequence=_sequence(event),
        dtstamp=_instant(event, "DTSTAMP"),
        answers=answers,
        organiser=_address(event["ORGANIZER"]) if event.get("ORGANIZER") else None,
        comment=_comment(event, answers),
        request_status=_codes(event),
        proposed_starts_at=_instant(event, "DTSTART") if proposed else None,
        proposed_ends_at=_end(event) if proposed else None,
    )


def _decoded(octets: bytes, charset: str | None) -> str:
    """Return the text of the part; a wrong charset must not turn a name into question marks."""
    octets = octets.removeprefix(b"\xef\xbb\xbf")
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return octets.decode(name).replace("\x00", "")
        except (LookupError, UnicodeDecodeError):
            continue
    return octets.decode("latin-1").replace("\x00", "")


def _all(event: Component, name: str) -> list[object]:
    """Return every value of a property, however many there are."""
    value = event.get(name)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _answer(line: vCalAddress) -> AttendeeAnswer:
    """Return one ATTENDEE line."""
    parameters = line.params
    name = str(parameters.get("PARTSTAT", "NEEDS-ACTION")).strip().lower().replace("-", "_")
    delegated = parameters.get("DELEGATED-TO")
    if isinstance(delegated, list):
        delegated = delegated[0] if delegated else None
    guests = str(parameters.get("X-NUM-GUESTS", "0"))
    return AttendeeAnswer(
        address=_address(line),
        answer=Answer(name) if name in set(Answer) else Answer.UNKNOWN,
        delegated_to=_address(delegated) if delegated else None,
        comment=_plain(str(parameters.get("X-RESPONSE-COMMENT", "")), LONGEST_COMMENT),
        guests=int(guests) if guests.isdecimal() and guests.isascii() else 0,
    )


def _address(value: object) -> str:
    """Return the address of a ``mailto:`` value in lower case."""
    text = _plain(str(value), LONGEST_UID).lower()
    return text.removeprefix("mailto:").strip("<>")


def _sequence(event: Component) -> int | None:
    """Return SEQUENCE, or None when the client left it out."""
    value = event.get("SEQUENCE")
    if value is None:
        return None
    if isinstance(value, list):
        raise Unreadable("The calendar part has two sequence numbers")
    if not 0 <= int(value) < 2**31:
        raise Unreadable("The calendar part has an impossible sequence number")
    return int(value)


def _instant(event: Component, name: str) -> datetime | None:
    """Return an instant in UTC, or None when it is missing, a bare date, or has no zone."""
    value = getattr(event.get(name), "dt", None)
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    return value.astimezone(UTC)


def _end(event: Component) -> datetime | None:
    """Return DTEND, or DTSTART and DURATION together."""
    end = _instant(event, "DTEND")
    start = _instant(event, "DTSTART")
    duration = getattr(event.get("DURATION"), "dt", None)
    return start + duration if end is None and start and duration else end


def _comment(event: Component, answers: tuple[AttendeeAnswer, ...]) -> str:
    """Return what the person typed, wherever their client put it."""
    typed = [str(each) for each in _all(event, "COMMENT")]
    typed += [each.comment for each in answers if each.comment]
    return _plain("\n".join(dict.fromkeys(each.strip() for each in typed)), LONGEST_COMMENT)


def _codes(event: Component) -> tuple[str, ...]:
    """Return the codes of every REQUEST-STATUS."""
    values = [str(each) for each in _all(event, "REQUEST-STATUS")]
    found = [_STATUS_CODE.match(each) for each in values]
    return tuple(match.group() for match in found if match)


def _plain(text: str, longest: int) -> str:
    """Return text without control characters (line ends stay), cut to a length."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(NOT_PLAIN.sub("", line) for line in lines)[:longest].strip()
