"""Who would be asked and which times are free, for programs as the page has it for people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from meetings.models.incidents import Involvement, Judgement
from meetings.service import seats
from meetings.terms import Invitee
from meetings.views import decision_choice
from procedures.service import packs

_SOON = timedelta(hours=1)


def of(involvement: Involvement, judgement: Judgement, moment: datetime) -> dict[str, Any]:
    """Return the seats with who fills them, and the free starts before the deadline."""
    _, pack = packs.of(judgement.pack_version_id)
    kind = judgement.meeting_type or decision_choice.usual_type(pack)
    found = seats.for_meeting(involvement, kind, pack=pack, starts_at=moment + _SOON, now=moment)
    starts = decision_choice.free_starts(involvement, judgement, pack, found.invitees, moment)
    if starts:
        found = seats.for_meeting(involvement, kind, pack=pack, starts_at=starts[0], now=moment)
    return {"invitees": [_seat(each) for each in found.invitees], "starts": starts}


def _seat(invitee: Invitee) -> dict[str, Any]:
    slots = (invitee.slot, *invitee.also)
    return {
        "seat": seats.seat_key(invitee.slot),
        "role": ", ".join(dict.fromkeys(slot.role_name for slot in slots)),
        "agency": invitee.agency_name,
        "name": invitee.name,
        "email": invitee.email,
        "telephone": invitee.telephone,
        "requirement": invitee.slot.requirement.value,
        "is_statutory": any(slot.is_statutory for slot in slots),
        "rules": list(dict.fromkeys(slot.rule_id for slot in slots)),
        "why": [slot.why for slot in slots],
        "fallback": invitee.fallback,
        "ring": invitee.ring,
    }
