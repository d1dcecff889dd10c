"""The shapes in which the API answers about plans; what it takes is in ``schemas``."""

from __future__ import annotations

from marshmallow import Schema, fields


class PlanRowSchema(Schema):
    """One row of a plan; its place is its part and position, its version goes into If-Match."""

    part = fields.String(metadata={"description": "a section, voice, order or strand"})
    position = fields.Integer()
    version = fields.Integer()
    changed_at = fields.AwareDateTime()
    changed_by = fields.String()
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.String(), data_key="fields", attribute="fields"
    )


class ActionAnswerSchema(Schema):
    """An action; the first due date is never lost."""

    ref = fields.String()
    child_ref = fields.String()
    what = fields.String()
    kind = fields.String()
    agency = fields.String()
    owner = fields.String(allow_none=True)
    due_on = fields.Date()
    original_due_on = fields.Date()
    status = fields.String()
    evidence = fields.String(allow_none=True)
    how_known = fields.String(allow_none=True)
    meeting_ref = fields.String(allow_none=True)
    asked_for = fields.Date(allow_none=True, metadata={"description": "new date that waits"})
    version = fields.Integer()


class ActionEventSchema(Schema):
    """One line of an action's history."""

    kind = fields.String()
    at = fields.AwareDateTime()
    by = fields.String()
    note = fields.String(allow_none=True)
    old_due_on = fields.Date(allow_none=True)
    new_due_on = fields.Date(allow_none=True)


class WholeActionSchema(ActionAnswerSchema):
    """An action with its history."""

    events = fields.List(fields.Nested(ActionEventSchema))


class ActionListSchema(Schema):
    """A list of actions."""

    items = fields.List(fields.Nested(ActionAnswerSchema))


class PlanAnswerSchema(Schema):
    """A child's plan; parts the caller may not see are left out."""

    child_ref = fields.String()
    status = fields.String()
    version = fields.Integer()
    lead = fields.String(allow_none=True)
    lead_telephone = fields.String(allow_none=True)
    chair = fields.String(allow_none=True)
    review_on = fields.Date(allow_none=True)
    missing = fields.List(fields.String())
    rows = fields.List(fields.Nested(PlanRowSchema))
    actions = fields.List(fields.Nested(ActionAnswerSchema))


class PlanVersionSchema(Schema):
    """One version of a plan, without its content."""

    number = fields.Integer()
    why = fields.String()
    agreed_at = fields.AwareDateTime()
    by = fields.String()


class VersionListSchema(Schema):
    """The versions of a plan, the newest first."""

    items = fields.List(fields.Nested(PlanVersionSchema))


class VersionItemSchema(Schema):
    """One row of a version as it was agreed."""

    section = fields.String()
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.String(), data_key="fields", attribute="fields"
    )


class WholeVersionSchema(PlanVersionSchema):
    """One version with its content."""

    items = fields.List(fields.Nested(VersionItemSchema))


class ChangedFieldSchema(Schema):
    """One field that differs."""

    name = fields.String()
    before = fields.String()
    after = fields.String()


class ChangedItemSchema(Schema):
    """One row that differs."""

    section = fields.String()
    changes = fields.List(fields.Nested(ChangedFieldSchema))


class ComparisonSchema(Schema):
    """What was added, removed and changed between two versions."""

    added = fields.List(fields.Nested(VersionItemSchema))
    removed = fields.List(fields.Nested(VersionItemSchema))
    changed = fields.List(fields.Nested(ChangedItemSchema))


class CompareQuery(Schema):
    """Which two versions; without them, the last against the one before."""

    from_ = fields.Integer(data_key="from", load_default=None, allow_none=True)
    to = fields.Integer(load_default=None, allow_none=True)


class AgencyOverdueSchema(Schema):
    """How many actions of one agency are overdue."""

    agency_ref = fields.String()
    agency_name = fields.String()
    overdue = fields.Integer()
    oldest_due_on = fields.Date()


class OverdueListSchema(Schema):
    """Overdue actions by agency, most first."""

    items = fields.List(fields.Nested(AgencyOverdueSchema))
