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
