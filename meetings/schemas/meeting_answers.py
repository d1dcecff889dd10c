"""Meetings, invitees and incoming mail as the API sends them out."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate


class InviteeSchema(Schema):
    """One invitee; ``key`` names it within its meeting."""

    key = fields.String()
    agency = fields.String()
    role = fields.String()
    name = fields.String(allow_none=True)
    needed = fields.String()
    is_statutory = fields.Boolean()
    state = fields.String()
    answer = fields.String(metadata={"description": "the answer in words"})
    channel = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    is_for_earlier_time = fields.Boolean()
    delivery = fields.String()
    telephone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    has_sent_information = fields.Boolean()
    is_to_ring = fields.Boolean()


class QuorumSchema(Schema):
    """Legal quorum and local completeness, kept as two things."""

    legal = fields.String()
    legal_words = fields.String()
    complete = fields.String()
    complete_words = fields.String()


class SuggestedSchema(Schema):
    """Another time that waits for a decision."""

    number = fields.Integer()
    by = fields.String()
    starts_at = fields.AwareDateTime()
    when = fields.String()


class MeetingSummarySchema(Schema):
    """A meeting as a line of the list."""

    ref = fields.String()
    type_name = fields.String()
    child_ref = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    status = fields.String()
    deadline_on = fields.Date(allow_none=True)


class MeetingListSchema(Schema):
    """One page of meetings."""

    items = fields.List(fields.Nested(MeetingSummarySchema))
    page = fields.Integer()
    has_more = fields.Boolean()


class NotInvitedSchema(Schema):
    """A seat the rules ask for that was left out or taken back, and why."""

    agency = fields.String()
    role = fields.String()
    reason = fields.String()


class MeetingTaskSchema(Schema):
    """Something still to be done for a meeting."""

    words = fields.String()
    due_at = fields.AwareDateTime(allow_none=True)


class MeetingSchema(MeetingSummarySchema):
    """One meeting with who is coming; the ETag is its version."""

    how = fields.String()
    joining = fields.String(allow_none=True)
    sequence = fields.Integer()
    chair = fields.String(allow_none=True)
    convenor = fields.String(allow_none=True)
    late_reason = fields.String(allow_none=True)
    stood_down_reason = fields.String(allow_none=True)
    quorum = fields.Nested(QuorumSchema, allow_none=True)
    invitees = fields.List(fields.Nested(InviteeSchema))
    suggested_times = fields.List(fields.Nested(SuggestedSchema))
    not_invited = fields.List(fields.Nested(NotInvitedSchema))
    tasks = fields.List(
        fields.Nested(MeetingTaskSchema), metadata={"description": "for those who may ring"}
    )


class GivenAnswerSchema(Schema):
    """One answer as it came."""

    state = fields.String()
    channel = fields.String()
    at = fields.AwareDateTime()
    part = fields.String(allow_none=True)
    person_name = fields.String(allow_none=True)
    person_role = fields.String(allow_none=True)
    meeting_starts_at = fields.AwareDateTime()


class InviteeDetailSchema(InviteeSchema):
    """One invitee with every answer, the last first."""

    why = fields.String()
    answers = fields.List(fields.Nested(GivenAnswerSchema))


class CandidateSchema(Schema):
    """Somebody of the directory who can be invited."""

    key = fields.String()
    agency = fields.String()
    role = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    telephone = fields.String(allow_none=True)
    is_asked_to_both = fields.Boolean(
        metadata={"description": "invited about another child of the same incident: warn them"}
    )


class CandidateListSchema(Schema):
    """Everybody of the directory who can be invited."""

    items = fields.List(fields.Nested(CandidateSchema))


class AddInviteeSchema(Schema):
    """Whom of the directory to invite, and why."""

    who = fields.String(required=True, metadata={"description": "key of a candidate"})
    why = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class WithdrawalSchema(Schema):
    """Why somebody is taken off a meeting, or a mail off the queue."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class CorrectAddressSchema(Schema):
    """The right address of an invitee."""

    email = fields.String(required=True, validate=validate.Length(min=3, max=254))


class LoggedCallSchema(Schema):
    """What a telephone call brought."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(
            ["reached", "no_answer", "message_left", "will_attend", "cannot_attend"]
        ),
    )
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class DeputyDecisionSchema(Schema):
    """Whether somebody named to come instead is invited."""

    decision = fields.String(required=True, validate=validate.OneOf(["confirm", "refuse"]))


class AcceptTimeSchema(Schema):
    """Why a suggested time may come after the deadline; needed only then."""

    late_reason = fields.String(load_default="", validate=validate.Length(max=2000))


class KnownAnswerSchema(Schema):
    """One direct question as an agency answered it."""

    answer = fields.String()
    text = fields.String()


class ContributionSchema(Schema):
    """What an agency sent, its latest version."""

    agency = fields.String()
    role = fields.String()
    since_on = fields.Date(allow_none=True)
    injury = fields.Nested(KnownAnswerSchema)
    weapon = fields.Nested(KnownAnswerSchema)
    emergency = fields.Nested(KnownAnswerSchema)
    health = fields.String(allow_none=True)
    last_seen = fields.String(allow_none=True)
    worries = fields.String(allow_none=True)
    strengths = fields.String(allow_none=True)
    parents = fields.String(allow_none=True)
    share_with_family = fields.String()
    share_why = fields.String()
    person_name = fields.String()
    person_role = fields.String()
    sent_at = fields.AwareDateTime()
    version = fields.Integer()


class ContributionListSchema(Schema):
    """What the agencies sent for a meeting."""

    items = fields.List(fields.Nested(ContributionSchema))


class CodeSchema(Schema):
    """A code to read out to the number of the directory, shown once."""

    code = fields.String()
    telephone = fields.String()


class ListQuerySchema(Schema):
    """Which meetings to list."""

    class Meta:
        """The page stands beside it."""

        unknown = EXCLUDE

    show = fields.String(
        load_default="coming",
        validate=validate.OneOf(["coming", "mine", "week", "silent", "past", "stood_down"]),
    )
    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=1000))


class WaitingMailSchema(Schema):
    """A mail that waits for a person."""

    key = fields.String()
    what = fields.String()
    sender = fields.String()
    why = fields.String()
    received_at = fields.AwareDateTime()
    said = fields.String()
    words = fields.String()
    reference = fields.String(allow_none=True)


class WaitingMailListSchema(Schema):
    """The review queue, oldest first."""

    items = fields.List(fields.Nested(WaitingMailSchema))


class MailMatchSchema(Schema):
    """Which invitee of which meeting sent a mail."""

    reference = fields.String(required=True, validate=validate.Length(max=12))
    invitee = fields.String(required=True, validate=validate.Length(max=12))


class SettledSchema(Schema):
    """What became of a mail."""

    outcome = fields.String()
