"""The shapes in which the API answers about people; what it takes is in ``schemas``."""

from __future__ import annotations

from marshmallow import Schema, fields

from people.schemas import (
    AgencySchema,
    ChildSchema,
    ClosureSchema,
    ConnectionSchema,
    MailboxSchema,
    ProfessionalSchema,
    TeamSchema,
)


class FoundSchema(Schema):
    """A child found: enough to tell it from another."""

    ref = fields.String()
    name = fields.String()
    age = fields.String(metadata={"description": 'years, "about 15" when estimated'})
    school = fields.String(allow_none=True)
    may_open = fields.Boolean()


class FoundListSchema(Schema):
    """The children that fit, best first."""

    items = fields.List(fields.Nested(FoundSchema))
    has_more = fields.Boolean()


class ChildAnswerSchema(Schema):
    """A child; ``details`` is left out for people who may not read the record."""

    ref = fields.String()
    name = fields.String()
    age = fields.String()
    school = fields.String(allow_none=True)
    team = fields.String(allow_none=True, metadata={"description": "name of the team"})
    worker = fields.String(allow_none=True, metadata={"description": "name of the worker"})
    version = fields.Integer()
    details = fields.Nested(ChildSchema, allow_none=True)


class ChildListSchema(Schema):
    """One page of children."""

    items = fields.List(fields.Nested(FoundSchema))
    page = fields.Integer()
    has_more = fields.Boolean()


class ConnectionAnswerSchema(ConnectionSchema):
    """One connection with what its editor must send back."""

    id = fields.UUID()
    version = fields.Integer()
    agency_name = fields.String()
    to_on = fields.Date(allow_none=True)


class NetworkSchema(Schema):
    """A child's network today; a kind without a row is not known, never "none"."""

    items = fields.List(fields.Nested(ConnectionAnswerSchema))


class AgencyAnswerSchema(AgencySchema):
    """An agency with its reference."""

    ref = fields.String()
    version = fields.Integer()


class AgencyListSchema(Schema):
    """One page of agencies."""

    items = fields.List(fields.Nested(AgencyAnswerSchema))
    page = fields.Integer()
    has_more = fields.Boolean()


class ClosureAnswerSchema(ClosureSchema):
    """Closed days."""

    id = fields.UUID()


class MailboxAnswerSchema(MailboxSchema):
    """A role mailbox."""

    id = fields.UUID()
    version = fields.Integer()


class ProfessionalAnswerSchema(ProfessionalSchema):
    """A named person."""

    id = fields.UUID()
    version = fields.Integer()


class AgencyPageSchema(Schema):
    """An agency with whom to reach there."""

    agency = fields.Nested(AgencyAnswerSchema)
    mailboxes = fields.List(fields.Nested(MailboxAnswerSchema))
    professionals = fields.List(fields.Nested(ProfessionalAnswerSchema))
    closures = fields.List(fields.Nested(ClosureAnswerSchema))


class TeamAnswerSchema(TeamSchema):
    """A team with its reference."""

    ref = fields.String()
    id = fields.UUID(metadata={"description": "for allocations"})
    version = fields.Integer()
    agency_name = fields.String()


class TeamListSchema(Schema):
    """The teams."""

    items = fields.List(fields.Nested(TeamAnswerSchema))
