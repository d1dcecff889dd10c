"""The shapes in which a meeting's record is written: one for the page's form and the API's body."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from core.fields import EmailAddress, LondonDateTime, PlainDate
from meetings.record_terms import (
    ActionWords,
    Came,
    DecisionKind,
    DecisionWords,
    DissentWords,
    FinishWords,
    ReviewOutcome,
    ReviewWords,
    SectionWords,
    SomebodyElse,
)
from meetings.terms import AttendanceState
from plans.terms import ActionKind

_LONG = validate.Length(max=20_000, error="Use at most 20,000 characters.")
_LINE = validate.Length(max=160, error="Use at most 160 characters.")


def _chosen(*, why: str, optional: bool = False) -> dict[str, Any]:
    """Say the same words whether a choice is missing, empty or not one of those offered."""
    messages = {"required": why, "null": why, "unknown": why, "invalid": why}
    return {"required": not optional, "error_messages": messages}


def _needed(why: str, longest: validate.Length = _LONG) -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(min=1, error=why), longest],
        error_messages={"required": why, "null": why},
    )


class _Form(Schema):
    """A form may post more than the schema reads, such as the press of a button."""

    class Meta:
        unknown = EXCLUDE


class SectionWordsSchema(_Form):
    """The words under one heading, or why there are none."""

    text = fields.String(load_default="", validate=_LONG)
    reason = fields.String(load_default=None, allow_none=True, validate=_LONG)
    date = PlainDate(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SectionWords:
        """Build the words; the door adds which place they are for."""
        return SectionWords(key="", text=data["text"], reason=data["reason"], dated_on=data["date"])


class CameSchema(_Form):
    """How one invitee took part."""

    state = fields.Enum(
        AttendanceState, by_value=True, **_chosen(why="Choose whether they were here.")
    )
    name = fields.String(load_default=None, allow_none=True, validate=_LINE)
    note = fields.String(load_default=None, allow_none=True, validate=_LONG)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Came:
        """Build the mark."""
        return Came(**data)


class SomebodyElseSchema(_Form):
    """Somebody who came without an invitation."""

    name = _needed("Enter the name of the person who came.", _LINE)
    role = _needed("Enter their role.", _LINE)
    agency = fields.String(load_default=None, allow_none=True, validate=_LINE)
    agency_name = fields.String(load_default="", validate=_LINE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SomebodyElse:
        """Build the person."""
        if data["agency"] is None and not data["agency_name"]:
            raise ValidationError("Choose or type the agency they came from.", "agency")
        return SomebodyElse(
            name=data["name"],
            role_name=data["role"],
            agency_ref=data["agency"],
            agency_name=data["agency_name"],
        )


class DecisionWordsSchema(_Form):
    """One decision; its reason may still be missing, and the finish page then asks for it."""

    kind = fields.Enum(
        DecisionKind, by_value=True, **_chosen(why="Choose what the decision is about.")
    )
    text = _needed("Write what was decided.")
    reason = fields.String(load_default="", validate=_LONG)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DecisionWords:
        """Build the decision."""
        return DecisionWords(**data)


class DissentWordsSchema(_Form):
    """Who did not agree."""

    agency = _needed("Say who did not agree.", _LINE)
    what = _needed("Say what they did not agree with.")
    why = fields.String(load_default="", validate=_LONG)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DissentWords:
        """Build the dissent."""
        return DissentWords(agency_name=data["agency"], what=data["what"], why=data["why"])


class ActionWordsSchema(_Form):
    """An action as far as it is known; the finish page asks for what is missing.

    ``owner`` is the key of an invitee; their agency, name and address then count. Otherwise
    ``agency`` is the reference of an agency of the directory.
    """

    what = _needed("Write what is to be done.")
    kind = fields.Enum(ActionKind, by_value=True, **_chosen(why="Choose what the action does."))
    owner = fields.String(load_default=None, allow_none=True)
    agency = fields.String(load_default=None, allow_none=True, validate=_LINE)
    name = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=120, error="Use at most 120 characters."),
    )
    email = EmailAddress(load_default=None, allow_none=True)
    due = PlainDate(load_default=None, allow_none=True)
    how = fields.String(load_default=None, allow_none=True, validate=_LONG)
    decision = fields.Integer(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ActionWords:
        """Build the action."""
        return ActionWords(
            what=data["what"],
            kind=data["kind"],
            owner=data["owner"],
            agency_ref=data["agency"],
            owner_name=data["name"],
            owner_email=data["email"],
            due_on=data["due"],
            how_known=data["how"],
            decision=data["decision"],
        )


class ReviewWordsSchema(_Form):
    """What was heard about a previous action."""

    outcome = fields.Enum(
        ReviewOutcome, by_value=True, **_chosen(why="Choose done, not done or changed.")
    )
    note = fields.String(load_default=None, allow_none=True, validate=_LONG)
    date = PlainDate(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ReviewWords:
        """Build what was heard."""
        return ReviewWords(outcome=data["outcome"], note=data["note"], new_due_on=data["date"])


class FinishWordsSchema(_Form):
    """What the finish page asks for; which of it is needed follows from what is missing."""

    reason = fields.String(load_default=None, allow_none=True, validate=_LONG)
    inquorate_reason = fields.String(load_default=None, allow_none=True, validate=_LONG)
    ended_at = LondonDateTime(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FinishWords:
        """Build what was typed."""
        return FinishWords(**data)


class CorrectionWordsSchema(_Form):
    """Something to stand beside a released record."""

    text = _needed("Write what should stand in the record.")
    reason = _needed("Say why.")


def given(part: dict[str, Any]) -> dict[str, Any]:
    """Drop what was left empty, so that a form's empty box reads as "not given"."""
    return {name: value for name, value in part.items() if value not in ("", None)}
