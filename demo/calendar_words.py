"""Says in plain words what a calendar part would do to its reader's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Component

_METHODS = {
    "REQUEST": "Invitation: your calendar adds this entry, or changes the one it has",
    "CANCEL": "Cancellation: your calendar takes this entry away",
    "DECLINECOUNTER": "The time you suggested was not taken; your calendar keeps the time it has",
    "PUBLISH": "An entry for your information; no answer is asked for",
}
_STATES = {"CONFIRMED": "Confirmed", "TENTATIVE": "Held for now", "CANCELLED": "Called off"}
_ANSWERS = {
    "NEEDS-ACTION": "has not answered",
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "may come",
}


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """A calendar part decoded; ``answers`` is True when a client would show its buttons."""

    method: str
    meaning: str
    uid: str
    sequence: int
    what: str
    starts_at: datetime | None
    ends_at: datetime | None
    where: str
    state: str
    organiser: str
    organiser_address: str
    attendee: str
    attendee_address: str
    note: str
    answers: bool


def decode(octets: bytes) -> CalendarWords | None:
    """Return the words of the first entry, or None when there is none."""
    calendar = Calendar.from_ical(octets.decode("utf-8"))
    events = calendar.walk("VEVENT")
    if not events:
        return None
    event, method = events[0], str(calendar.get("METHOD", "")).upper()
    attendee = event.get("ATTENDEE")
    attendee = attendee[0] if isinstance(attendee, list) else attendee
    part = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")) if attendee is not None else ""
    organiser_address = _address(event.get("ORGANIZER"))
    name = str(event["ORGANIZER"].params.get("CN", "")) if organiser_address else ""
    return CalendarWords(
        method=method,
        meaning=_METHODS.get(method, method),
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
        what=str(event.get("SUMMARY", "")),
        starts_at=_instant(event, "DTSTART"),
        ends_at=_instant(event, "DTEND"),
        where=str(event.get("LOCATION", "")),
        state=_STATES.get(str(event.get("STATUS", "")), ""),
        organiser=f"{name} <{organiser_address}>" if name else organiser_address,
        organiser_address=organiser_address,
        attendee=f"{_address(attendee)}, {_ANSWERS.get(part, part)}" if attendee else "",
        attendee_address=_address(attendee),
        note=str(event.get("DESCRIPTION", "")),
        answers=method == "REQUEST",
    )


def _address(value: object) -> str:
    return "" if value is None else str(value).lower().removeprefix("mailto:")


def _instant(event: Component, name: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, datetime) else None
