"""What programs read about incidents and decisions."""

from __future__ import annotations

from marshmallow import Schema, fields

from meetings.schemas.incidents import AnswersSchema, PartSchema, ScoreSchema


class ReportSchema(Schema):
    """An incident with one or several children; each part names its own child."""

    parts = fields.List(fields.Nested(PartSchema), required=True)


class InvolvementSchema(Schema):
    """One child's part in an incident."""

    ref = fields.String()
    child_ref = fields.String()
    part = fields.String()
    kind = fields.String()
    happened_at = fields.AwareDateTime(format="iso")
    known_at = fields.AwareDateTime(format="iso")
    recorded_at = fields.AwareDateTime(format="iso")
    narrative = fields.String()
    safe_now = fields.String()
    answers = fields.Nested(AnswersSchema)
    scores = fields.List(fields.Nested(ScoreSchema))
    other_parts = fields.List(
        fields.String(),
        metadata={"description": "references only, and only for those who may see the link"},
    )


class InvolvementListSchema(Schema):
    """The parts of one incident that this caller recorded."""

    items = fields.List(fields.Nested(InvolvementSchema))


class JudgementSchema(Schema):
    """The rules' answer about one child's part, and what was decided."""

    ref = fields.String(metadata={"description": "the child's part that was judged"})
    status = fields.String()
    meeting_type = fields.String(allow_none=True)
    deadline_on = fields.Date(allow_none=True)
    deadline_at = fields.AwareDateTime(format="iso", allow_none=True)
    meeting_ref = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    verdict = fields.Dict()
    change = fields.Dict(allow_none=True)
    made_at = fields.AwareDateTime(format="iso")


class SeatSchema(Schema):
    """Who would be asked for one seat."""

    seat = fields.String()
    role = fields.String()
    agency = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    telephone = fields.String(allow_none=True)
    requirement = fields.String()
    is_statutory = fields.Boolean()
    rules = fields.List(fields.String())
    why = fields.List(fields.String())
    fallback = fields.String(allow_none=True)
    ring = fields.String(allow_none=True)
    is_asked_to_both = fields.Boolean(
        metadata={"description": "asked about another child of this incident, too: warn them"}
    )


class BookedSchema(Schema):
    """A meeting booked already for this child, and whether it may serve."""

    ref = fields.String()
    words = fields.String()
    may_use = fields.Boolean()
    why = fields.String()


class NumberSchema(Schema):
    """A number to ring first."""

    text = fields.String()
    number = fields.String()


class ChairSchema(Schema):
    """Somebody who can chair."""

    id = fields.UUID()
    name = fields.String()


class ProposalSchema(Schema):
    """Who would be asked, who can chair, and when a meeting could be."""

    chairs = fields.List(fields.Nested(ChairSchema))
    invitees = fields.List(fields.Nested(SeatSchema))
    starts = fields.List(fields.AwareDateTime(format="iso"))
    booked = fields.List(fields.Nested(BookedSchema))
    hold_now = fields.String(
        allow_none=True,
        metadata={"description": "why it is better held now by telephone, if it is"},
    )
    telephones = fields.List(fields.Nested(NumberSchema))
    tasks = fields.List(
        fields.String(), metadata={"description": "what else the rules ask for, and of whom"}
    )


class ReasonSchema(Schema):
    """A reason in words."""

    reason = fields.String(required=True)


class UsedMeetingSchema(Schema):
    """A meeting that is booked already."""

    meeting_ref = fields.String(required=True)


class ConvenedSchema(Schema):
    """The meeting that came of it."""

    ref = fields.String()
    type = fields.String()
    status = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    deadline_at = fields.AwareDateTime(format="iso", allow_none=True)
    late_reason = fields.String(allow_none=True)
    is_immediate = fields.Boolean()
