"""What programs read about a meeting's record, and the few shapes only they send."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from meetings.schemas.records import CameSchema


class RecordGapSchema(Schema):
    """Something missing; ``is_firm`` needs a reason to finish without it."""

    id = fields.String()
    words = fields.String()
    is_firm = fields.Boolean()


class RecordFollowOnSchema(Schema):
    """A date that follows from the meeting, with the sum behind it."""

    words = fields.String()
    by = fields.String()
    on = fields.Date()
    working = fields.String()
    meeting_type = fields.String(allow_none=True)
    if_held_on = fields.Date(allow_none=True)
    given = fields.String()


class RecordQuorumSchema(Schema):
    """Legal quorum and local completeness, kept as two things."""

    is_quorate = fields.Boolean()
    words = fields.String()
    complete_words = fields.String()


class RecordSectionSchema(Schema):
    """What stands under one heading; ``version`` goes back in If-Match."""

    place = fields.String(metadata={"description": "stands in the section's URL"})
    heading = fields.String()
    words = fields.String()
    is_required = fields.Boolean()
    text = fields.String()
    reason = fields.String(allow_none=True)
    date = fields.Date(allow_none=True)
    version = fields.Integer()


class RecordAttendanceSchema(Schema):
    """How one person took part; ``invitee`` is empty for somebody not invited."""

    invitee = fields.String(allow_none=True)
    agency = fields.String()
    role = fields.String()
    name = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    state = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class RecordDecisionSchema(Schema):
    """One decision; ``number`` stands in its URL."""

    number = fields.Integer()
    kind = fields.String()
    text = fields.String()
    reason = fields.String()
    version = fields.Integer()


class RecordActionSchema(Schema):
    """One action as the meeting wrote it; its own life goes on under ``/actions``."""

    number = fields.Integer()
    what = fields.String()
    kind = fields.String()
    agency = fields.String(allow_none=True, metadata={"description": "the agency's reference"})
    agency_name = fields.String()
    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    due = fields.Date(allow_none=True)
    how = fields.String(allow_none=True)
    version = fields.Integer()


class RecordDissentSchema(Schema):
    """Who did not agree, with what, and why."""

    number = fields.Integer()
    agency = fields.String()
    what = fields.String()
    why = fields.String()
    version = fields.Integer()


class RecordReviewSchema(Schema):
    """What was heard about an earlier action."""

    ref = fields.String()
    what = fields.String()
    owner = fields.String()
    due_on = fields.Date()
    outcome = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    date = fields.Date(allow_none=True)
    version = fields.Integer()


class RecordCorrectionSchema(Schema):
    """A correction beside the record."""

    text = fields.String()
    reason = fields.String()
    by = fields.String()
    at = fields.AwareDateTime(format="iso")


class WholeRecordSchema(Schema):
    """Everything that stands in a record."""

    meeting_ref = fields.String()
    meeting_status = fields.String()
    status = fields.String()
    due_on = fields.Date(allow_none=True)
    version = fields.Integer()
    is_quorate = fields.Boolean(allow_none=True)
    finish_reason = fields.String(allow_none=True)
    inquorate_reason = fields.String(allow_none=True)
    approved_at = fields.AwareDateTime(format="iso", allow_none=True)
    released_at = fields.AwareDateTime(format="iso", allow_none=True)
    sections = fields.List(fields.Nested(RecordSectionSchema))
    attendance = fields.List(fields.Nested(RecordAttendanceSchema))
    attendance_version = fields.Integer(
        metadata={"description": "what If-Match holds when attendance is marked"}
    )
    previous = fields.List(fields.Nested(RecordReviewSchema))
    decisions = fields.List(fields.Nested(RecordDecisionSchema))
    actions = fields.List(fields.Nested(RecordActionSchema))
    dissents = fields.List(fields.Nested(RecordDissentSchema))
    corrections = fields.List(fields.Nested(RecordCorrectionSchema))


class FinishCheckSchema(Schema):
    """What is missing before the meeting is finished, and what will follow."""

    quorum = fields.Nested(RecordQuorumSchema)
    gaps = fields.List(fields.Nested(RecordGapSchema))
    follow_ons = fields.List(fields.Nested(RecordFollowOnSchema))


class MeetingFinishedSchema(Schema):
    """What finishing set going."""

    is_quorate = fields.Boolean()
    action_refs = fields.List(fields.String())
    record_due_on = fields.Date()
    follow_up_on = fields.Date(allow_none=True)
    follow_ons = fields.List(fields.Nested(RecordFollowOnSchema))


class AttendanceMarkSchema(Schema):
    """How one invitee took part; the invitee is named by the key the record gave."""

    invitee = fields.String(required=True)
    came = fields.Nested(CameSchema, required=True)


class AttendanceMarksSchema(Schema):
    """Several marks at once."""

    marks = fields.List(
        fields.Nested(AttendanceMarkSchema), required=True, validate=validate.Length(min=1, max=100)
    )


class RecordCountSchema(Schema):
    """How many things a press touched."""

    count = fields.Integer()
