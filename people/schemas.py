"""The shapes in which forms and programs send something about people; both doors use these."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from core.fields import EmailAddress, NhsNumber, PlainDate
from people import details
from people.form_fields import ClockTime, PupilNumber
from people.terms import Asked, ConnectionKind, ConnectionStatus, Role, TriState


def _text(
    most: int, *, missing: str | None = None, description: str | None = None
) -> fields.String:
    """Make a text: required with its own sentence, or left out as None."""
    about = {"description": description} if description else {}
    longest = validate.Length(max=most, error=f"Use {most} characters or fewer.")
    if missing is None:
        return fields.String(load_default=None, allow_none=True, validate=longest, metadata=about)
    return fields.String(
        required=True,
        validate=[validate.Length(min=1, error=missing), longest],
        error_messages={"required": missing, "null": missing},
        metadata=about,
    )


def _asked() -> fields.Enum[Asked]:
    return fields.Enum(Asked, by_value=True, load_default=Asked.NOT_ASKED)


def _maybe_date() -> PlainDate:
    return PlainDate(load_default=None, allow_none=True)


def _maybe_email() -> EmailAddress:
    return EmailAddress(load_default=None, allow_none=True, validate=validate.Length(max=254))


class ChildSchema(Schema):
    """A child as somebody writes it down."""

    given_name = _text(80, missing="Enter the child's given names.")
    family_name = _text(80, missing="Enter the child's family name.")
    preferred_name = _text(80)
    pronouns = _text(40)
    born_on = PlainDate(
        required=True,
        error_messages={
            "required": "Enter the date of birth, or your best estimate.",
            "null": "Enter the date of birth, or your best estimate.",
        },
    )
    is_birth_estimated = fields.Boolean(load_default=False)
    nhs_number = NhsNumber(load_default=None, allow_none=True)
    upn = PupilNumber(load_default=None, allow_none=True)
    sex = _text(20)
    ethnicity = _text(80)
    disability = _asked()
    disability_awaiting_since_on = _maybe_date()
    sen = _asked()
    sen_awaiting_since_on = _maybe_date()
    ehc_plan = _asked()
    ehc_plan_awaiting_since_on = _maybe_date()
    first_language = _text(60)
    interpreter = _asked()
    legal_status = fields.String(load_default="none", validate=validate.Length(max=40))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.ChildDetails:  # noqa: ANN401
        for need in ("disability", "sen", "ehc_plan"):
            if data[need] is not Asked.AWAITING:
                data[f"{need}_awaiting_since_on"] = None
        return details.ChildDetails(**data)


class AllocationSchema(Schema):
    """To which team, and to whom of it, a child is allocated."""

    team_id = fields.UUID(
        required=True,
        error_messages={"required": "Choose the team.", "invalid_uuid": "Choose the team."},
    )
    worker_id = fields.UUID(load_default=None, allow_none=True)


class ConnectionSchema(Schema):
    """One connection of a child's network."""

    kind = fields.Enum(
        ConnectionKind,
        by_value=True,
        required=True,
        error_messages={"required": "Select who or what this is.", "unknown": "Select who it is."},
    )
    status = fields.Enum(ConnectionStatus, by_value=True, load_default=ConnectionStatus.KNOWN)
    agency_id = fields.UUID(load_default=None, allow_none=True)
    professional_id = fields.UUID(load_default=None, allow_none=True)
    person_name = _text(120)
    relationship = _text(80)
    is_male_carer = fields.Boolean(load_default=False)
    has_parental_responsibility = fields.Enum(
        TriState, by_value=True, load_default=TriState.NOT_KNOWN
    )
    telephone = _text(40)
    why = _text(400)
    from_on = _maybe_date()

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.ConnectionDetails:  # noqa: ANN401
        return details.ConnectionDetails(**data)


class EndSchema(Schema):
    """The last day of a connection; left out for today."""

    on = _maybe_date()


class AgencySchema(Schema):
    """An agency of the directory."""

    name = _text(200, missing="Enter the agency's name.")
    kind = _text(40, missing="Choose the kind of agency.", description="agency kind of the pack")
    telephone = _text(40)
    mail_name = _text(120)
    manager_name = _text(120)
    manager_email = _maybe_email()
    lead_name = _text(120)
    lead_email = _maybe_email()
    register_code = _text(20, description="URN of a school or ODS code of a practice")
    local_authority = _text(80)
    closed_on = _maybe_date()

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.AgencyDetails:  # noqa: ANN401
        return details.AgencyDetails(**data)


class ClosureSchema(Schema):
    """Days on which an agency is closed, both included."""

    from_on = PlainDate(required=True, error_messages={"required": "Enter the first closed day."})
    to_on = PlainDate(required=True, error_messages={"required": "Enter the last closed day."})
    why = _text(120, missing="Enter why it is closed, such as Easter holiday.")

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.ClosureDetails:  # noqa: ANN401
        return details.ClosureDetails(**data)


class TeamSchema(Schema):
    """A team and its hours, as London times."""

    name = _text(120, missing="Enter the team's name.")
    mail_name = _text(120, missing="Enter the neutral name that stands in mail.")
    mailbox = _maybe_email()
    telephone = _text(40)
    opens = ClockTime(load_default=None, allow_none=True)
    closes = ClockTime(load_default=None, allow_none=True)
    is_out_of_hours = fields.Boolean(load_default=False)
    role = _text(60, description="role of the pack that the team answers for")
    joining = _text(400)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.TeamDetails:  # noqa: ANN401
        return details.TeamDetails(**data)


class MailboxSchema(Schema):
    """Whom to reach at an agency for a role."""

    role = _text(60, missing="Choose the role.", description="role of the pack")
    label = _text(120, missing="Enter what people call it, such as Safeguarding inbox.")
    email = _maybe_email()
    telephone = _text(40)
    opens = ClockTime(load_default=None, allow_none=True)
    closes = ClockTime(load_default=None, allow_none=True)
    is_out_of_term = fields.Boolean(load_default=False)
    is_out_of_hours = fields.Boolean(load_default=False)
    position = fields.Integer(load_default=1, validate=validate.Range(min=1, max=99))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.MailboxDetails:  # noqa: ANN401
        return details.MailboxDetails(**data)


class ProfessionalSchema(Schema):
    """A named person at an agency."""

    name = _text(120, missing="Enter the person's name.")
    role = _text(60, missing="Choose the role.", description="role of the pack")
    email = _maybe_email()
    telephone = _text(40)
    account_id = fields.UUID(load_default=None, allow_none=True)
    left_on = _maybe_date()

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.ProfessionalDetails:  # noqa: ANN401
        return details.ProfessionalDetails(**data)


class AccountSchema(Schema):
    """Somebody who may sign in."""

    email = EmailAddress(
        required=True,
        validate=validate.Length(max=254),
        error_messages={"required": "Enter the email address."},
    )
    name = _text(120, missing="Enter the person's name.")
    roles = fields.List(
        fields.Enum(Role, by_value=True),
        required=True,
        validate=validate.Length(min=1, error="Choose at least one role."),
        error_messages={"required": "Choose at least one role."},
    )
    agency_id = fields.UUID(load_default=None, allow_none=True)
    telephone = _text(40)
    is_duty = fields.Boolean(load_default=False)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> details.AccountDetails:  # noqa: ANN401
        return details.AccountDetails(**{**data, "roles": frozenset(data["roles"])})


class NewPasswordSchema(Schema):
    """A changed password, typed twice."""

    current = fields.String(
        required=True, error_messages={"required": "Enter your present password."}
    )
    new = fields.String(required=True, error_messages={"required": "Enter the new password."})
    again = fields.String(
        required=True, error_messages={"required": "Enter the new password once more."}
    )

    @validates_schema
    def _same(self, data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        if data["new"] != data["again"]:
            raise ValidationError({"again": ["The two new passwords are not the same."]})
