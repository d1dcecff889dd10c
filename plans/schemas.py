"""The shapes in which forms and programs send something about plans; both doors use these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from core.fields import EmailAddress, PlainDate
from plans.terms import (
    ActionKind,
    DelayReason,
    HandOverReason,
    OrderKind,
    OrderWords,
    Section,
    StrandKind,
    StrandWords,
    VoiceWords,
    Whose,
)

_LONG = validate.Length(max=4000, error="Use 4,000 characters or fewer.")
_LINE = validate.Length(max=120, error="Use 120 characters or fewer.")


def _needed(why: str, longest: validate.Length = _LONG) -> fields.String:
    return fields.String(
        required=True, validate=longest, error_messages={"required": why, "null": why}
    )


def _maybe(longest: validate.Length = _LONG) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=longest)


def _choice(kind: type[Any], why: str) -> fields.Enum[Any]:
    messages: dict[str, Any] = {"required": why, "null": why, "unknown": why, "invalid": why}
    return fields.Enum(kind, by_value=True, required=True, error_messages=messages)


def _date(why: str) -> PlainDate:
    return PlainDate(required=True, error_messages={"required": why, "null": why})


def _maybe_date() -> PlainDate:
    return PlainDate(load_default=None, allow_none=True)


class _Form(Schema):
    """Spaces around a text are nobody's words, and an empty box is a text not given."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def trim(self, data: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Take the spaces off, and leave out what is empty."""
        trimmed = {
            name: value.strip() if isinstance(value, str) else value for name, value in data.items()
        }
        return {name: value for name, value in trimmed.items() if value not in ("", None)}


class EntrySchema(_Form):
    """One sentence of a section; the door says which section."""

    text = _needed("Write it in one or two sentences.")
    why = fields.String(load_default="", validate=_LINE)


class SectionEntrySchema(EntrySchema):
    """One sentence with the section it belongs to, for a door that does not name it."""

    section = _choice(Section, "Choose which part of the plan it belongs to.")


class VoiceSchema(_Form):
    """What somebody said, or why nobody was heard."""

    whose = _choice(Whose, "Choose whose voice this is.")
    person_name = _maybe(_LINE)
    words = _maybe()
    said_on = _maybe_date()
    told_to = _maybe(_LINE)
    missing_reason = _maybe()
    why = fields.String(load_default="", validate=_LINE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Build the voice beside the reason for the change."""
        why = data.pop("why")
        if not data["words"] and not data["missing_reason"]:
            raise ValidationError("Write what was said, or why nobody could be heard.", "words")
        return {"words": VoiceWords(**data), "why": why}


class OrderSchema(_Form):
    """Bail or an order."""

    kind = _choice(OrderKind, "Choose what kind of order it is.")
    conditions = _needed("Write the conditions.")
    starts_on = _maybe_date()
    expires_on = _maybe_date()
    watched_by = _maybe(validate.Length(max=200, error="Use 200 characters or fewer."))
    conflict_note = _maybe()
    why = fields.String(load_default="", validate=_LINE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Build the order beside the reason for the change."""
        why = data.pop("why")
        starts_on, expires_on = data["starts_on"], data["expires_on"]
        if starts_on and expires_on and expires_on < starts_on:
            raise ValidationError("The last day must be on or after the first day.", "expires_on")
        return {"words": OrderWords(**data), "why": why}


class StrandSchema(_Form):
    """Another plan the child has."""

    kind = _choice(StrandKind, "Choose what kind of plan it is.")
    review_on = _maybe_date()
    note = _maybe()
    why = fields.String(load_default="", validate=_LINE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Build the strand beside the reason for the change."""
        why = data.pop("why")
        return {"words": StrandWords(**data), "why": why}


class EndPartSchema(_Form):
    """Why something leaves the plan."""

    why = _needed("Give a reason for taking this off the plan.", _LINE)


class LeadSchema(_Form):
    """Who leads the plan; an account by its address, or a person without one."""

    name = _needed("Enter who leads the plan.", _LINE)
    email = EmailAddress(load_default=None, allow_none=True)
    telephone = _maybe(validate.Length(max=40, error="Use 40 characters or fewer."))
    agency = fields.String(load_default=None, allow_none=True)


class ReviewDateSchema(_Form):
    """When the plan is reviewed next."""

    review_on = _date("Enter the date of the next review.")


class DoneSchema(_Form):
    """What was done."""

    evidence = _needed(
        "Write what was done, in one line.",
        validate.Length(max=400, error="Use 400 characters or fewer."),
    )


class NewDateSchema(_Form):
    """A new date asked for."""

    new_due_on = _date("Enter the date you can do it by.")
    reason = _choice(DelayReason, "Choose why it needs more time.")


class DecideSchema(_Form):
    """The decision on a new date."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf(("agree", "refuse"), error="Choose whether the date is agreed."),
        error_messages={"required": "Choose whether the date is agreed."},
    )
    note = fields.String(load_default="", validate=_LONG)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Say yes or no."""
        if data["decision"] == "refuse" and not data["note"]:
            raise ValidationError("Give a reason why the date stays.", "note")
        return {"agrees": data["decision"] == "agree", "note": data["note"]}


class HandOverSchema(_Form):
    """Who is asked to take an action over."""

    name = _needed("Enter your colleague's name.", _LINE)
    email = EmailAddress(
        required=True, error_messages={"required": "Enter your colleague's work address."}
    )
    why = _choice(HandOverReason, "Choose why you hand it over.")


class AnswerOfferSchema(_Form):
    """Whether somebody takes an action over."""

    answer = fields.String(
        required=True,
        validate=validate.OneOf(("accept", "refuse"), error="Choose whether you take it over."),
        error_messages={"required": "Choose whether you take it over."},
    )


class NotNeededSchema(_Form):
    """Why an action is no longer needed."""

    why = _needed("Give a reason why this is no longer needed.")


class GiveSchema(_Form):
    """An action given outside a meeting; the agency by its reference."""

    what = _needed("Write what is to be done.")
    kind = _choice(ActionKind, "Choose what kind of action it is.")
    agency = _needed("Choose which agency will do it.", _LINE)
    due_on = _date("Enter when it will be done by.")
    owner_name = _needed("Enter who will do it.", _LINE)
    owner_email = EmailAddress(load_default=None, allow_none=True)
    deputy_name = _maybe(_LINE)
    deputy_email = EmailAddress(load_default=None, allow_none=True)
    how_known = _maybe()


class CodeSchema(_Form):
    """A code and who enters it."""

    code = _needed("Enter the code of 6 digits.", _LINE)
    person_name = _needed("Enter your name.", _LINE)
    person_role = _needed("Enter your role.", _LINE)
