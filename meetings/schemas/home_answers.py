"""What programs read of Home, a child's history and search."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields


class HomeQuerySchema(Schema):
    """How much to list."""

    class Meta:
        """Anything else in the address is not ours."""

        unknown = EXCLUDE

    is_all = fields.Boolean(
        data_key="all",
        load_default=False,
        metadata={"description": "list every deadline and every meeting left open"},
    )


class HomeUnfinishedSchema(Schema):
    """A meeting past its time that was never begun, or begun and never finished."""

    ref = fields.String()
    type_name = fields.String()
    child_ref = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    status = fields.String()
    words = fields.String(metadata={"description": "what to do about it"})


class HomeDeadlineSchema(Schema):
    """A judgement that nothing answers yet."""

    incident_ref = fields.String()
    child_ref = fields.String()
    meeting = fields.String()
    status = fields.String()
    deadline_at = fields.AwareDateTime(format="iso", allow_none=True)


class HomeTaskSchema(Schema):
    """Something that waits for this account."""

    ref = fields.String()
    words = fields.String()
    due_at = fields.AwareDateTime(format="iso", allow_none=True)
    key = fields.String(
        allow_none=True, metadata={"description": "to tick it off, where no other act finishes it"}
    )


class TaskDoneSchema(Schema):
    """A task is done."""

    note = fields.String(load_default="", metadata={"description": "what came of it"})


class HomeMeetingSchema(Schema):
    """A meeting of this account."""

    ref = fields.String()
    type_name = fields.String()
    child_ref = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    status = fields.String()
    quorum = fields.String()


class HomeActionSchema(Schema):
    """An open action of this account."""

    ref = fields.String()
    what = fields.String()
    due_on = fields.Date()


class HomeNotReachedSchema(Schema):
    """An invitee whose mail did not arrive, with the number to ring."""

    ref = fields.String(metadata={"description": "the meeting"})
    agency = fields.String()
    role = fields.String()
    telephone = fields.String(allow_none=True)


class HomeSchema(Schema):
    """What needs this account now: meetings left open and deadlines first."""

    unfinished = fields.List(fields.Nested(HomeUnfinishedSchema))
    unfinished_count = fields.Integer(
        metadata={"description": "all meetings left open, listed or not"}
    )
    deadlines_count = fields.Integer(metadata={"description": "all deadlines, listed or not"})
    deadlines = fields.List(fields.Nested(HomeDeadlineSchema))
    waiting = fields.List(fields.Nested(HomeTaskSchema))
    meetings = fields.List(fields.Nested(HomeMeetingSchema))
    meetings_count = fields.Integer(metadata={"description": "all of them, listed or not"})
    actions = fields.List(fields.Nested(HomeActionSchema))
    to_decide = fields.List(
        fields.Nested(HomeTaskSchema), metadata={"description": "new dates that are asked for"}
    )
    not_reached = fields.List(fields.Nested(HomeNotReachedSchema))
    not_reached_count = fields.Integer(metadata={"description": "all of them, listed or not"})
    exceptions = fields.List(
        fields.String(), metadata={"description": "what is out of line in a manager's teams"}
    )
    mail = fields.String(
        allow_none=True, metadata={"description": "answers by mail that need business support"}
    )


class HistoryEntrySchema(Schema):
    """One line of a child's history."""

    at = fields.AwareDateTime(format="iso")
    kind = fields.String()
    title = fields.String()
    text = fields.String(allow_none=True)


class TimelineSchema(Schema):
    """A child's history, the latest first; nothing of any other child."""

    items = fields.List(fields.Nested(HistoryEntrySchema))


class ChildMeetingSchema(Schema):
    """A meeting about a child."""

    ref = fields.String()
    type = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    status = fields.String()
    is_quorate = fields.Boolean(allow_none=True)
    record_status = fields.String(allow_none=True)


class ChildMeetingsSchema(Schema):
    """Every meeting about a child, the latest first."""

    items = fields.List(fields.Nested(ChildMeetingSchema))


class SearchWordsSchema(Schema):
    """What to look for; it stands in the body so that no log keeps it."""

    q = fields.String(required=True)


class SearchFoundSchema(Schema):
    """One thing found."""

    ref = fields.String()
    text = fields.String()


class SearchResultsSchema(Schema):
    """What was found, within what this account may see."""

    children = fields.List(fields.Nested(SearchFoundSchema))
    meetings = fields.List(fields.Nested(SearchFoundSchema))
    actions = fields.List(fields.Nested(SearchFoundSchema))
