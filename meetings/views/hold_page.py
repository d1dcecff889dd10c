"""What the "hold it now" page shows: everybody to ring, in the order the quorum needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.doors import now
from core.filters import plain_instant
from meetings.models.incidents import Involvement, Judgement
from meetings.rules.rulebook import rulebook
from meetings.service import proposing, seats
from meetings.terms import Decision, Invitee, Requirement
from meetings.views import decision_choice
from meetings.views.incident_form import telephones
from people.queries import children
from procedures.service import packs


def shown(
    involvement: Involvement,
    judgement: Judgement,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, object]:
    """Return all that the page's template shows."""
    moment = now()
    _, pack = packs.of(judgement.pack_version_id)
    decision = Decision.from_dict(judgement.verdict)
    kind = values.get("type") or proposing.usual_type(judgement, pack)
    found = seats.for_meeting(involvement, kind, pack=pack, starts_at=moment, now=moment)
    child = children.by_id(involvement.child_id)
    assert child is not None  # noqa: S101 - a foreign key holds it
    item = rulebook(pack).meeting_types[kind]
    chairs = decision_choice.chair_options(involvement)
    defaults = {"started": "now", "chair": chairs[0]["value"] if chairs else "", "type": kind}
    return {
        "ref": involvement.ref,
        "identity": children.identity_of(child, moment),
        "meeting": item.words,
        "purpose": item.text("purpose"),
        "by": decision.deadline.by if decision.deadline else "",
        "quorum": [part.text("words") for part in item.parts("quorum")],
        "seats": [_seat(invitee) for invitee in found.invitees],
        "chairs": chairs,
        "telephones": telephones(),
        "now": plain_instant(moment),
        "values": defaults | dict(values),
        "errors": dict(errors or {}),
    }


def _seat(invitee: Invitee) -> dict[str, object]:
    slots = (invitee.slot, *invitee.also)
    return {
        "key": seats.seat_key(invitee.slot),
        "agency": invitee.agency_name,
        "role": ", ".join(dict.fromkeys(slot.role_name for slot in slots)),
        "name": invitee.name,
        "telephone": invitee.telephone or "",
        "fallback": invitee.fallback or "",
        "is_needed": any(slot.requirement is Requirement.QUORUM for slot in slots),
    }
