"""Shared facts for the rules of meetings: the shipped pack, London instants, children, contacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from meetings.terms import ChildFacts, Closure, Connected, Contact, IncidentFacts
from procedures.bank_holidays import calendar_for
from procedures.rules.working_days import LONDON
from procedures.shipped import default_pack
from procedures.terms import Pack

PACK = default_pack()
CALENDAR = calendar_for(PACK)


def at(day: str, clock: str = "13:00") -> datetime:
    """Return a London instant: ``at("2026-12-23", "20:40")``."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=LONDON)


def incident(part: str | None, kind: str, known: datetime, **facts: Any) -> IncidentFacts:
    """Return an incident that was known and logged as it happened, unless told otherwise."""
    moments = {name: facts.pop(name, known) for name in ("happened_at", "recorded_at")}
    return IncidentFacts(part=part, kind=kind, known_at=known, **moments, **facts)


NORTHMERE = Connected("school", "known", "northmere", "Northmere Academy", "school")
PARK_ROAD = Connected("gp", "known", "park-road", "Park Road Surgery", "gp")


def child(age: int | None, *connections: Connected, **facts: Any) -> ChildFacts:
    """Return a child with the connections named."""
    return ChildFacts(age, connections=connections, **facts)


def contact(agency: str, kind: str, role: str, **facts: Any) -> Contact:
    """Return a directory entry whose address names its agency and role."""
    given: dict[str, Any] = {
        "name": role.replace("_", " ").capitalize(),
        "email": f"{role}@{agency}.example",
        "telephone": "01632 960100",
        **facts,
    }
    return Contact(
        agency_id=agency,
        agency_name=agency.replace("-", " ").title(),
        agency_kind=kind,
        role=role,
        **given,
    )


CHRISTMAS = (Closure(date(2026, 12, 21), date(2027, 1, 3)),)


def directory(*, school_closures: tuple[Closure, ...] = ()) -> list[Contact]:
    """Return a small partnership's directory; the second school and practice are strangers."""
    always = {"opens": time(0), "closes": time(0)}
    return [
        contact(
            "care", "social_care", "allocated_social_worker", is_person=True, is_for_child=True
        ),
        contact("care", "social_care", "team_manager", is_person=True),
        contact("care", "social_care", "duty_team"),
        contact("care", "social_care", "emergency_duty_team", is_out_of_hours=True),
        contact("police", "police", "police_safeguarding", **always),
        contact("police", "police", "police_investigating", is_person=True, **always),
        contact("police", "police", "police_referral_unit", **always),
        contact("police", "police", "safer_schools_officer", is_person=True),
        contact("nurses", "health", "safeguarding_nurse"),
        contact("nurses", "health", "school_nurse"),
        contact("infirmary", "hospital", "hospital_safeguarding_lead", **always),
        contact("infirmary", "hospital", "violence_navigator", **always),
        contact("park-road", "gp", "practice_safeguarding_mailbox"),
        contact("other-practice", "gp", "gp_safeguarding_lead", is_person=True),
        contact("icb", "icb", "named_gp", is_person=True),
        contact("icb", "icb", "icb_safeguarding_team"),
        contact(
            "northmere",
            "school",
            "designated_safeguarding_lead",
            is_person=True,
            agency_closures=school_closures,
        ),
        contact("other-school", "school", "designated_safeguarding_lead", is_person=True),
        contact("learning", "education", "education_safeguarding"),
        contact("youth", "youth_justice", "youth_justice_duty"),
    ]


def without(entries: list[Contact], *roles: str) -> list[Contact]:
    """Return the directory without the contacts of these roles."""
    return [entry for entry in entries if entry.role not in roles]


def with_settings(**changes: Any) -> Pack:
    """Return the shipped pack with other settings."""
    return replace(PACK, settings=replace(PACK.settings, **changes))
