"""Forty invented children with what is known, not known and not asked of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core import clock
from demo.partnership import BUILDER, Partnership
from people.details import ChildDetails, ConnectionDetails
from people.models.children import Child
from people.service import children, network
from people.terms import Asked, ConnectionKind, ConnectionStatus, TriState

_FILE = Path(__file__).with_name("children.toml")
_DAYS_IN_A_MONTH = 30.44
_KNOWN_FOR = timedelta(days=300)
_AWAITING_FOR = timedelta(days=70)
_MALE = frozenset({"father", "stepfather", "uncle"})
_PARENTS = frozenset({"mother", "father"})
# Every number that begins so is for tests and never given to anybody.
_TEST_RANGE = "999"


@dataclass(frozen=True, slots=True)
class _Known:
    """From when a child's record and its connections are."""

    at: datetime
    on: date


def build(partnership: Partnership, *, now: datetime) -> dict[str, Child]:
    """Record the children and the network of each, some months ago; return them by key."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["child"]
    known = _Known(now - _KNOWN_FOR, clock.today(now - _KNOWN_FOR))
    made = {
        row["key"]: _child(row, number, partnership, now=now, known=known)
        for number, row in enumerate(rows, start=1)
    }
    for row in rows:
        for details in _connections(row, partnership, made, known.on):
            network.connect(made[row["key"]].id, details, actor=BUILDER, now=known.at)
    return made


def fictional_nhs_number(serial: int) -> str:
    """Return the NHS number of the test range with this serial, with its check digit.

    Serials whose check digit would be 10 do not exist; the next one that does is not theirs.

    Raises:
        ValueError: no number has this serial.

    Source: NHS Data Dictionary, NHS number: modulus 11.
    """
    nine = f"{_TEST_RANGE}{serial:06d}"
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    if check == 10:  # noqa: PLR2004 - the check digit no number has
        raise ValueError(f"no NHS number has the serial {serial}")
    return f"{nine}{check % 11}"


def _child(
    row: dict[str, Any], number: int, partnership: Partnership, *, now: datetime, known: _Known
) -> Child:
    worker = row.get("worker")
    return children.record(
        ChildDetails(
            given_name=row["given_name"],
            family_name=row["family_name"],
            born_on=clock.today(now) - timedelta(days=int(row["months"] * _DAYS_IN_A_MONTH)),
            is_birth_estimated=row.get("is_birth_estimated", False),
            preferred_name=row.get("preferred_name"),
            pronouns=row.get("pronouns"),
            nhs_number=_a_number(number) if row.get("has_nhs_number", True) else None,
            sex=row["sex"],
            ethnicity=row["ethnicity"],
            first_language=row["first_language"],
            interpreter=Asked(row["interpreter"]),
            legal_status=row["legal_status"],
            **_needs(row, now),
        ),
        actor=BUILDER,
        now=known.at,
        team_id=partnership.teams[row["team"]].id,
        allocated_to_id=partnership.accounts[worker].id if worker else None,
    )


def _a_number(number: int) -> str:
    """Return a number for the nth child; serials stand ten apart, so the next ones are free."""
    for serial in range(number * 1010, number * 1010 + 10):
        try:
            return fictional_nhs_number(serial)
        except ValueError:
            continue
    raise ValueError("ten serials in a row without a check digit")


def _needs(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    since = clock.today(now - _AWAITING_FOR)
    found: dict[str, Any] = {}
    for name in ("disability", "sen", "ehc_plan"):
        found[name] = Asked(row[name])
        found[f"{name}_awaiting_since_on"] = since if found[name] is Asked.AWAITING else None
    return found


def _connections(
    row: dict[str, Any], partnership: Partnership, made: dict[str, Child], on: date
) -> list[ConnectionDetails]:
    found = [_person(each, on) for each in row["people"]]
    found += [
        ConnectionDetails(
            ConnectionKind.SIBLING,
            ConnectionStatus.KNOWN,
            person_name=made[key].name,
            relationship="brother or sister",
            from_on=on,
        )
        for key in row.get("siblings", ())
    ]
    for kind, name in ((ConnectionKind.SCHOOL, "school"), (ConnectionKind.GP, "gp")):
        if name in row:
            found.append(_place(kind, row[name], partnership, on))
    found += _services(row, partnership, on)
    if "trusted_adult" in row:
        found.append(
            ConnectionDetails(
                ConnectionKind.TRUSTED_ADULT,
                ConnectionStatus.KNOWN,
                person_name=row["trusted_adult"],
                from_on=on,
            )
        )
    return found


def _person(each: dict[str, str], on: date) -> ConnectionDetails:
    relationship = each["relationship"]
    status = ConnectionStatus(each.get("status", "known"))
    return ConnectionDetails(
        ConnectionKind.PARENT if relationship in _PARENTS else ConnectionKind.CARER,
        status,
        person_name=each.get("name"),
        relationship=relationship,
        is_male_carer=relationship in _MALE or "male" in each,
        has_parental_responsibility=TriState.YES
        if relationship == "mother"
        else TriState.NOT_KNOWN,
        why=each.get("why"),
        from_on=on,
    )


def _place(
    kind: ConnectionKind, word: str, partnership: Partnership, on: date
) -> ConnectionDetails:
    """Return a school or practice by its key, or what is said instead of one."""
    agency = partnership.agencies.get(word)
    if agency is not None:
        return ConnectionDetails(kind, ConnectionStatus.KNOWN, agency_id=agency.id, from_on=on)
    why = {"none": "Educated at home.", "enquiry_made": "The care board was asked."}.get(word)
    return ConnectionDetails(kind, ConnectionStatus(word), why=why, from_on=on)


def _services(row: dict[str, Any], partnership: Partnership, on: date) -> list[ConnectionDetails]:
    found = []
    justice = row.get("youth_justice")
    if justice is not None:
        known = justice == "known"
        found.append(
            ConnectionDetails(
                ConnectionKind.YOUTH_JUSTICE,
                ConnectionStatus(justice),
                agency_id=partnership.agencies["youth_justice"].id if known else None,
                professional_id=partnership.professionals["youth_justice"].id if known else None,
                from_on=on,
            )
        )
    if "worker" in row:
        found.append(
            ConnectionDetails(
                ConnectionKind.SOCIAL_WORKER,
                ConnectionStatus.KNOWN,
                professional_id=partnership.professionals[row["worker"]].id,
                from_on=on,
            )
        )
    return found
