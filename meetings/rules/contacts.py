"""Which contact fills a seat: the first choice, or the next in its chain, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from meetings.rules.rulebook import Rulebook, rulebook
from meetings.terms import Contact, Invitee, Slot
from procedures.rules.timescales import wall
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import Pack

_FAR = 14


@dataclass(frozen=True, slots=True)
class _Window:
    """From when people are asked until the meeting starts."""

    sent_at: datetime
    starts_at: datetime
    calendar: WorkingCalendar
    book: Rulebook

    @property
    def on(self) -> date:
        return self.starts_at.astimezone(LONDON).date()


def fill(
    slots: Sequence[Slot],
    directory: Iterable[Contact],
    *,
    sent_at: datetime,
    starts_at: datetime,
    pack: Pack,
    calendar: WorkingCalendar,
) -> tuple[Invitee, ...]:
    """Return who is asked for each seat; every seat is kept, even with nobody to ask.

    The seat's own role comes first, then its fallbacks in their order. Within a role: who works
    with this child, then named people, then mailboxes. A contact counts if it can be reached
    between being asked and the start: its hours on working days, its agency not closed. On a day
    when a school is closed only its out-of-term contact counts, before the fallback leaves the
    school. An out-of-hours contact counts only when hours do not. If nobody can be reached in
    time, the first contact recorded is asked all the same, and somebody must ring.

    One person or mailbox gets one invitation; the seats it also fills stand in ``also``.

    Args:
        sent_at: when the invitation goes out, aware.
        starts_at: when the meeting starts, aware.

    Source: field guide 4.1 (fallback order) and 4.2 (one invite per human; school out of term).
    """
    entries = tuple(directory)
    window = _Window(sent_at, starts_at, calendar, rulebook(pack))
    return _folded([_fill(slot, entries, window) for slot in slots])


def is_reachable(
    contact: Contact,
    *,
    sent_at: datetime,
    starts_at: datetime,
    pack: Pack,
    calendar: WorkingCalendar,
) -> bool:
    """Say whether a contact's hours open between being asked and the start of the meeting.

    Source: field guide 4.2; the *Sent* page lists who to ring.
    """
    return _opens_within(contact, _Window(sent_at, starts_at, calendar, rulebook(pack)))


def _fill(slot: Slot, entries: Sequence[Contact], window: _Window) -> Invitee:
    chain = (slot.role, *slot.fallback)
    ranked = [contact for role in chain for contact in _for_role(role, slot, entries, window)]
    closed = _is_school_closed(slot, entries, window)
    chosen = next((one for one in ranked if _is_there(one, window)), None)
    if chosen is not None:
        return _invitee(slot, chosen, window, closed=closed, ring=_why_ring(chosen))
    if ranked:
        late = "It cannot be reached before the meeting by mail: ring now."
        return _invitee(slot, ranked[0], window, closed=closed, ring=late)
    return _nobody(slot, window, closed=closed)


def _for_role(role: str, slot: Slot, entries: Sequence[Contact], window: _Window) -> list[Contact]:
    """Return a role's contacts, best first; the child's own agency where one is meant."""
    item = window.book.roles.get(role)
    own_kind = item is not None and item.text("agency_kind") == slot.agency_kind
    own_only = slot.is_own_agency and own_kind
    for_one_child = item is not None and item.flag("is_per_child")
    found = [
        contact
        for contact in entries
        if contact.role == role
        # Never another child's school or practice: with none on record, only the fallback is.
        and (not own_only or contact.agency_id == slot.agency_id)
        and (contact.is_for_child or not for_one_child)
    ]
    return sorted(found, key=_preference)


def _preference(contact: Contact) -> tuple[bool, bool, bool, int, str]:
    return (
        not contact.is_for_child,
        contact.is_out_of_hours,
        not contact.is_person,
        contact.position,
        contact.name,
    )


def _is_there(contact: Contact, window: _Window) -> bool:
    is_closed = any(closure.covers(window.on) for closure in contact.agency_closures)
    if is_closed != contact.is_out_of_term:
        return False
    return _opens_within(contact, window)


def _opens_within(contact: Contact, window: _Window) -> bool:
    if contact.is_out_of_hours or _is_always_open(contact):
        return True
    opens = contact.opens or window.book.pack.settings.day_start
    closes = contact.closes or window.book.pack.settings.day_end
    first = window.sent_at.astimezone(LONDON).date()
    for on in _working_days(first, window.on, window.calendar):
        shut = any(closure.covers(on) for closure in contact.agency_closures)
        if shut and not contact.is_out_of_term:
            continue
        if _overlaps(on, opens, closes, window):
            return True
    return False


def _overlaps(on: date, opens: time, closes: time, window: _Window) -> bool:
    """Asked before the hours end, and the meeting starts once they began."""
    return window.sent_at < wall(on, closes) and wall(on, opens) <= window.starts_at


def _working_days(first: date, last: date, calendar: WorkingCalendar) -> list[date]:
    days: list[date] = []
    on = calendar.on_or_after(first)
    while on <= last and len(days) < _FAR:
        days.append(on)
        on = calendar.add(on, 1)
    return days


def _is_always_open(contact: Contact) -> bool:
    return contact.opens is not None and contact.opens == contact.closes


def _is_school_closed(slot: Slot, entries: Sequence[Contact], window: _Window) -> bool:
    """Only the child's own agency can be closed: its absence then does not count against it."""
    if slot.agency_id is None:
        return False
    return any(
        closure.covers(window.on)
        for contact in entries
        if contact.agency_id == slot.agency_id
        for closure in contact.agency_closures
    )


def _why_ring(contact: Contact) -> str | None:
    if not contact.email:
        return "No e-mail address is recorded: ring."
    if contact.is_out_of_hours:
        return "It is out of hours: ring, do not wait for the mail to be read."
    return None


def _invitee(
    slot: Slot, contact: Contact, window: _Window, *, closed: bool, ring: str | None
) -> Invitee:
    book = window.book
    return Invitee(
        slot=slot,
        also=(),
        agency_id=contact.agency_id,
        agency_name=contact.agency_name,
        agency_kind=contact.agency_kind,
        role=contact.role,
        role_name=book.role_name(contact.role),
        name=contact.name,
        email=contact.email,
        telephone=contact.telephone,
        professional_id=contact.professional_id,
        account_id=contact.account_id,
        fallback=_fallback_words(slot, contact, book, closed=closed),
        ring=ring,
        school_closed=closed,
    )


def _fallback_words(slot: Slot, contact: Contact, book: Rulebook, *, closed: bool) -> str | None:
    standing_in = f"{book.role_name(contact.role)} stands in for {slot.role_name.lower()}"
    if closed and contact.is_out_of_term:
        return "The school is closed: its out-of-term contact is asked"
    if closed and contact.agency_id != slot.agency_id:
        return f"The school is closed: {standing_in[:1].lower()}{standing_in[1:]}"
    return standing_in if contact.role != slot.role else None


def _nobody(slot: Slot, window: _Window, *, closed: bool) -> Invitee:
    where = slot.agency_name or window.book.kind_name(slot.agency_kind)
    return Invitee(
        slot=slot,
        also=(),
        agency_id=slot.agency_id,
        agency_name=where,
        agency_kind=slot.agency_kind,
        role=slot.role,
        role_name=slot.role_name,
        name="",
        email=None,
        telephone=None,
        professional_id=None,
        account_id=None,
        fallback=None,
        ring=f"No contact is recorded for {slot.role_name.lower()} ({where}): "
        "find the number, ring, and record who it is.",
        school_closed=closed,
    )


def _folded(invitees: list[Invitee]) -> tuple[Invitee, ...]:
    """One invitation for one person or mailbox; the seat needed most comes first already."""
    kept: dict[str, Invitee] = {}
    for place, invitee in enumerate(invitees):
        key = _who(invitee) or f"nobody {place}"
        first = kept.get(key)
        if first is None:
            kept[key] = invitee
        else:
            kept[key] = replace(
                first,
                also=(*first.also, invitee.slot),
                school_closed=first.school_closed or invitee.school_closed,
            )
    return tuple(kept.values())


def _who(invitee: Invitee) -> str:
    email = (invitee.email or "").strip().casefold()
    return email or (invitee.professional_id or "") or (invitee.account_id or "")
