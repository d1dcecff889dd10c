"""What each moment is that limits count from, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# The names are the catalogue's events; a test holds the two together.
MOMENTS: Mapping[str, str] = MappingProxyType(
    {
        "known_at": "when the partnership knew of it: day 0 of most limits; without it, `at`",
        "recorded_at": "when it was logged: always `at`, never told",
        "happened_at": "when it happened: never day 0",
        "scored_up_at": "when a later score made it serious",
        "serious_incident_notified_at": "when the national Panel was notified",
        "held_on": "when a meeting was held: told under `held`",
        "stage_opened_at": "when a stage of an escalation was opened",
        "turned_17": "when the child turns 17",
        "turned_17_and_a_half": "when the child turns 17 and a half",
        "returned_at": "when the child returned from being missing; with its hour",
        "bail_ends_at": "when a bail condition runs out",
        "excluded_at": "the first day of the exclusion",
        "governors_told_at": "when the governors received notice of the exclusion",
        "plan_changed_at": "when a child protection plan was made or ended",
        "looked_after_at": "when the child became looked after or was remanded",
        "area_notified_at": "when the other area was notified of the move",
    }
)
