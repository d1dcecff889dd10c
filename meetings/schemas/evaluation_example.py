"""A worked example of a file of facts: a stabbing on the evening before Christmas Eve."""

from __future__ import annotations

from typing import Any

# Invented. The ids are those of the shipped pack; a partnership's own pack may have others.
FACTS: dict[str, Any] = {
    "at": "2026-12-23T20:45",
    "moments": {"known_at": "2026-12-23T20:40", "happened_at": "2026-12-23T19:50"},
    "facts": {
        "part": "harmed",
        "kind": "knife",
        "weapon_used": True,
        "hospital_attended": True,
        "retaliation_risk": "unknown",
        "age": 15,
        "legal_status": "cin",
    },
    "network": [
        {
            "kind": "school",
            "status": "known",
            "agency": "Northmere Academy",
            "shut": [{"from_on": "2026-12-21", "to_on": "2027-01-03"}],
            "contacts": [
                {"role": "designated_safeguarding_lead", "email": "dsl@northmere.example"}
            ],
        },
        {"kind": "gp", "status": "known", "agency": "Park Road Surgery"},
    ],
    "directory": [
        {
            "role": "education_safeguarding",
            "agency": "Northmere Council",
            "email": "education@northmere-council.example",
            "telephone": "01632 960123",
        }
    ],
}

# What the shipped pack answers: of each list the first or the most telling entry.
ANSWER: dict[str, Any] = {
    "shape": 1,
    "pack": {"name": "default", "number": 1},
    "at": "2026-12-23T20:45:00+00:00",
    "meeting": {
        "type": "strategy",
        "name": "Strategy meeting",
        "deadline": {
            "on": "2026-12-24",
            "at": "2026-12-24T17:00:00+00:00",
            "by": "Thursday 24 December 2026",
            "sum": "1 working day after Wednesday 23 December 2026",
            "counted_from": "2026-12-23",
            "legal_on": "2026-12-24",
            "rule_id": "TR-01",
            "is_elapsed": False,
            "warnings": [],
        },
    },
    "fired": [
        {
            "rule_id": "TR-01",
            "words": "The child is the victim of serious violence",
            "why": "the child was seriously harmed or threatened "
            "(the child was harmed and a weapon was used)",
            "facts": ["is_seriously_harmed", "is_harmed", "weapon_used"],
            "meeting_type": "strategy",
        }
    ],
    "not_fired": [
        {
            "rule_id": "TR-02",
            "words": "The child is suspected of a serious violent offence",
            "why": "the child is not suspected",
            "not_known": [],
        }
    ],
    "not_judged": [
        {
            "rule_id": "TR-S47",
            "why": "it is not known whether the child is suspected to be suffering harm",
            "not_known": ["harm_suspected"],
        }
    ],
    "questions": [
        {
            "fact": "harm_suspected",
            "words": "Is the child suspected to be suffering significant harm?",
        }
    ],
    "tasks": [
        {
            "task_id": "consider_notification",
            "role": "head_of_service",
            "deadline": {
                "on": "2027-01-04",
                "sum": "5 working days after Wednesday 23 December 2026 (not counted: weekends, "
                "and holiday on Fri 25 Dec, Mon 28 Dec, Fri 1 Jan)",
            },
        }
    ],
    "asked": {
        "type": "strategy",
        "name": "Strategy meeting",
        "starts_at": "2026-12-24T17:00:00+00:00",
    },
    "invitees": [
        {
            "rule_id": "IN-02",
            "role": "designated_safeguarding_lead",
            "agency": "Northmere Academy",
            "requirement": "expected",
            "contact": {
                "role": "education_safeguarding",
                "agency": "Northmere Council",
                "email": "education@northmere-council.example",
                "telephone": "01632 960123",
            },
            "fallback": "The school is closed: education safeguarding duty stands in for "
            "designated safeguarding lead",
            "chain": [
                "deputy_designated_safeguarding_lead",
                "school_safeguarding_mailbox",
                "education_safeguarding",
            ],
            "ring": None,
            "school_closed": True,
            "also": [],
        }
    ],
    "not_invited": [
        {"rule_id": "IN-02-T", "why": "the child is on roll at a school", "not_known": []}
    ],
    "booked": [],
    "follow_ons": [
        {
            "rule_id": "FO-ICPC",
            "words": "Initial child protection conference",
            "meeting_type": "initial_conference",
            "deadline": {"on": "2027-01-19"},
            "if_held_on": "2026-12-24",
            "given": "this meeting begins a section 47 enquiry and a conference is needed",
        }
    ],
    "reminders": [],
    "counted": [],
    "warnings": ["It was logged out of hours: ring the emergency duty team now."],
    "prompts": ["Consider siblings, the household and peers."],
}
