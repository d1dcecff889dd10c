"""What the rules answer to a file of facts: the published shape, the same for both doors."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from meetings.evaluation_terms import Asked, Evaluation
from meetings.terms import Invitee, Slot

# Raised only when a name goes or changes its meaning; names may be added at any time.
SHAPE = 1


class VerdictDeadlineSchema(Schema):
    """By when, with the sum behind it."""

    on = fields.Date(metadata={"description": "the last London date"})
    at = fields.AwareDateTime(
        format="iso", metadata={"description": "the last instant: for a meeting its latest start"}
    )
    by = fields.String(metadata={"description": "as people say it"})
    sum = fields.String(attribute="working", metadata={"description": "how it was counted"})
    counted_from = fields.Date(metadata={"description": "day 0"})
    legal_on = fields.Date(
        metadata={"description": "the rule's own date, where `on` is the working day before"}
    )
    rule_id = fields.String()
    is_elapsed = fields.Boolean(metadata={"description": "hours are counted, so `at` matters"})
    warnings = fields.List(fields.String())


def _deadline(**more: Any) -> fields.Nested:  # noqa: ANN401 - handed on as they are
    return fields.Nested(VerdictDeadlineSchema, **more)


class VerdictPackNameSchema(Schema):
    """Which procedure pack judged."""

    name = fields.String()
    number = fields.Integer()


class VerdictNeededSchema(Schema):
    """The meeting that the rules ask for."""

    type = fields.String()
    name = fields.String()
    deadline = _deadline()


class VerdictFiredSchema(Schema):
    """A trigger that fired, with the meeting it asks for and its own deadline."""

    rule_id = fields.String()
    words = fields.String()
    why = fields.String()
    facts = fields.List(fields.String())
    source = fields.String()
    confidence = fields.String(metadata={"description": "V verified, S audit, K recalled, D ours"})
    meeting_type = fields.String(allow_none=True)
    deadline = _deadline(allow_none=True)


class VerdictUnmetSchema(Schema):
    """A rule that did not fire: why, and the facts that nobody knows."""

    rule_id = fields.String()
    words = fields.String()
    why = fields.String()
    not_known = fields.List(fields.String(), attribute="unknown")


class VerdictAlternativeSchema(Schema):
    """What an unknown fact could still bring."""

    rule_id = fields.String()
    meeting_type = fields.String()
    meeting_name = fields.String()
    deadline = _deadline()
    only_if = fields.String()
    is_sooner = fields.Boolean()


class VerdictQuestionSchema(Schema):
    """A fact that nobody knows, and the rules that wait for it."""

    fact = fields.String()
    words = fields.String()
    rule_ids = fields.List(fields.String())


class VerdictTaskSchema(Schema):
    """Something a person must consider or do; without a deadline, at once."""

    task_id = fields.String()
    words = fields.String()
    role = fields.String()
    role_name = fields.String()
    deadline = _deadline(attribute="due", allow_none=True)
    rule_ids = fields.List(fields.String())


class VerdictSeatSchema(Schema):
    """A seat that a rule asks for."""

    rule_id = fields.String()
    role = fields.String()
    role_name = fields.String()
    agency = fields.String()
    requirement = fields.String()
    is_statutory = fields.Boolean()
    why = fields.String()
    source = fields.String()


class VerdictContactSchema(Schema):
    """Who is asked."""

    role = fields.String()
    role_name = fields.String()
    agency = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    telephone = fields.String(allow_none=True)


class VerdictInviteeSchema(VerdictSeatSchema):
    """A seat with the contact who is asked to fill it, and the other seats the same one fills."""

    contact = fields.Nested(VerdictContactSchema, allow_none=True)
    fallback = fields.String(
        allow_none=True, metadata={"description": "who stands in and why; null for the first"}
    )
    chain = fields.List(fields.String(), metadata={"description": "roles that may stand in"})
    ring = fields.String(allow_none=True, metadata={"description": "why somebody must ring"})
    school_closed = fields.Boolean()
    also = fields.List(fields.Nested(VerdictSeatSchema))

    @pre_dump
    def _lay_out(self, invitee: Invitee, **_: object) -> dict[str, Any]:
        return {
            **_seat(invitee.slot),
            "contact": _contact(invitee),
            "fallback": invitee.fallback,
            "chain": invitee.slot.fallback,
            "ring": invitee.ring,
            "school_closed": invitee.school_closed,
            "also": [_seat(slot) for slot in invitee.also],
        }


class VerdictAskedSchema(Schema):
    """Whose seats are listed, and for which start the contacts were chosen."""

    type = fields.String()
    name = fields.String()
    starts_at = fields.AwareDateTime(format="iso")


class VerdictBookedSchema(Schema):
    """A meeting in the diary, and whether it may serve."""

    ref = fields.String()
    meeting_type = fields.String()
    meeting_name = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    may_use = fields.Boolean()
    why = fields.String()


class VerdictFollowingSchema(Schema):
    """A date that follows from a meeting."""

    rule_id = fields.String(attribute="item_id")
    words = fields.String()
    meeting_type = fields.String(
        allow_none=True, metadata={"description": "null for a document or a task"}
    )
    deadline = _deadline()
    if_held_on = fields.Date(
        allow_none=True, metadata={"description": "the assumed day of the meeting it hangs on"}
    )
    given = fields.String(metadata={"description": "what must be decided for it to apply"})


class VerdictReminderSchema(Schema):
    """A day on which an action's ladder tells somebody."""

    action = fields.String()
    step = fields.String()
    words = fields.String()
    on = fields.Date()
    tells = fields.List(fields.String())


class VerdictCountedSchema(Schema):
    """A fact that was counted from dates told: over which days, both included."""

    fact = fields.String()
    value = fields.Integer()
    from_on = fields.Date()
    to_on = fields.Date()


class EvaluationSchema(Schema):
    """The rules' whole answer; nothing of it is kept."""

    shape = fields.Integer(metadata={"description": "of this answer; names may be added to it"})
    pack = fields.Nested(VerdictPackNameSchema)
    at = fields.AwareDateTime(format="iso")
    meeting = fields.Nested(VerdictNeededSchema, allow_none=True)
    why = fields.String()
    decide_by = _deadline()
    fired = fields.List(fields.Nested(VerdictFiredSchema))
    not_fired = fields.List(fields.Nested(VerdictUnmetSchema))
    not_judged = fields.List(fields.Nested(VerdictUnmetSchema))
    alternatives = fields.List(fields.Nested(VerdictAlternativeSchema))
    questions = fields.List(fields.Nested(VerdictQuestionSchema))
    tasks = fields.List(fields.Nested(VerdictTaskSchema))
    asked = fields.Nested(VerdictAskedSchema, allow_none=True)
    invitees = fields.List(fields.Nested(VerdictInviteeSchema))
    not_invited = fields.List(fields.Nested(VerdictUnmetSchema))
    booked = fields.List(fields.Nested(VerdictBookedSchema))
    follow_ons = fields.List(fields.Nested(VerdictFollowingSchema))
    reminders = fields.List(fields.Nested(VerdictReminderSchema))
    counted = fields.List(fields.Nested(VerdictCountedSchema))
    warnings = fields.List(fields.String())
    prompts = fields.List(fields.String())

    @pre_dump
    def _lay_out(self, answer: Evaluation, **_: object) -> dict[str, Any]:
        needed = {
            "type": answer.meeting_type,
            "name": answer.meeting_name,
            "deadline": answer.deadline,
        }
        return {
            "shape": SHAPE,
            "pack": {"name": answer.pack_name, "number": answer.pack_number},
            "meeting": needed if answer.meeting_type else None,
            "asked": _asked(answer.asked) if answer.asked else None,
            "follow_ons": answer.dates,
            **{name: getattr(answer, name) for name in _AS_THEY_ARE},
        }


_AS_THEY_ARE = (
    "at", "why", "decide_by", "fired", "not_fired", "not_judged", "alternatives", "questions",
    "tasks", "invitees", "not_invited", "booked", "reminders", "counted", "warnings", "prompts",
)  # fmt: skip


def _asked(asked: Asked) -> dict[str, Any]:
    return {"type": asked.meeting_type, "name": asked.meeting_name, "starts_at": asked.starts_at}


def _seat(slot: Slot) -> dict[str, Any]:
    return {
        "rule_id": slot.rule_id,
        "role": slot.role,
        "role_name": slot.role_name,
        "agency": slot.agency_name,
        "requirement": slot.requirement.value,
        "is_statutory": slot.is_statutory,
        "why": slot.why,
        "source": slot.source,
    }


def _contact(invitee: Invitee) -> dict[str, Any] | None:
    """Nobody is recorded for the seat and its chain when the rules name no person or mailbox."""
    if not invitee.name:
        return None
    return {
        "role": invitee.role,
        "role_name": invitee.role_name,
        "agency": invitee.agency_name,
        "name": invitee.name,
        "email": invitee.email,
        "telephone": invitee.telephone,
    }
