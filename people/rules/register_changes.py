"""What a register's new word changes in the directory: people's own words are kept.

Source: local, decision of the product: neither register holds a safeguarding contact, so what a
partnership typed is its own and an import never writes over it. An establishment is never taken
away: one that closes is kept, with its date, so that whoever still points to it is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from people.terms import Establishment

Value = str | date | None


@dataclass(frozen=True, slots=True)
class Held:
    """The part of an agency that a register also speaks of."""

    name: str
    telephone: str | None
    local_authority: str | None
    closed_on: date | None


def at_first(said: Establishment, today: date) -> Held:
    """Return what a new agency is given.

    Args:
        today: London date of the import; the date of closing when the register names none.

    Source: as for the module.
    """
    return Held(said.name, said.telephone, said.authority, _closed_on(said, today))


def changes(
    held: Held, before: Establishment | None, said: Establishment, today: date
) -> dict[str, Value]:
    """Return the fields of an agency to set, with their new values.

    A field follows the register while it holds what the register last said, or nothing;
    anything else was typed by a person and stays. Nothing is emptied. A date of closing that a
    person typed stays; one that only the register knows of is taken over, and taken back with it.

    Args:
        before: what the register said at the last import; None when it had no word yet.

    Source: as for the module.
    """
    name, telephone, authority = (
        (before.name, before.telephone, before.authority) if before else (None, None, None)
    )
    fields = (
        ("name", said.name, name, held.name),
        ("telephone", said.telephone, telephone, held.telephone),
        ("local_authority", said.authority, authority, held.local_authority),
    )
    found: dict[str, Value] = {
        field: new
        for field, new, last, own in fields
        if new and new != own and (not own or own == last)
    }
    closing = _closing(held, before, said, today)
    if closing != held.closed_on:
        found["closed_on"] = closing
    return found


def _closing(
    held: Held, before: Establishment | None, said: Establishment, today: date
) -> date | None:
    if said.is_closed:
        is_registers = before is not None and held.closed_on == before.closed_on
        if held.closed_on is None or (is_registers and said.closed_on):
            return _closed_on(said, today)
        return held.closed_on
    # It opened again, or was closed by mistake; without its date the day was our own guess.
    if before is not None and before.is_closed and before.closed_on in (None, held.closed_on):
        return None
    return held.closed_on


def _closed_on(said: Establishment, today: date) -> date | None:
    return (said.closed_on or today) if said.is_closed else None
