"""An answer, another time and the information form, as a page or a program sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from marshmallow.decorators import validates_schema

from core.fields import EmailAddress, LondonDateTime, parts
from meetings.given import (
    PART_WORDS,
    AnswerGiven,
    DeputyGiven,
    Information,
    Known,
    PartOfMeeting,
    ShareWithFamily,
    TimeGiven,
)
from meetings.terms import AnswerChannel, InvitationState, KnownAnswer

_LONGEST = 10_000
NOTHING = "nothing_known"
QUESTIONS = ("injury", "weapon", "emergency")
BOXES = ("health", "last_seen", "worries", "strengths", "parents")
_STATES = {
    "accept": InvitationState.ACCEPTED,
    "part": InvitationState.ACCEPTED_PART,
    "deputy": InvitationState.DEPUTY,
    "decline": InvitationState.DECLINED,
}
_ANSWER_BOXES = (
    "answer",
    "part",
    "deputy_name",
    "deputy_role",
    "deputy_email",
    "sequence",
    "person_name",
    "person_role",
)
_CHOOSE = "Select whether you will take part."


class AnswerSchema(Schema):
    """One answer: yes, part of it, somebody else, or no.

    Args:
        channel: how it comes in; the form does not say.
    """

    class Meta:
        """A page may send boxes that only it knows."""

        unknown = EXCLUDE

    answer = fields.String(
        required=True,
        validate=validate.OneOf(list(_STATES), error=_CHOOSE),
        error_messages={"required": _CHOOSE},
    )
    part = fields.Enum(
        PartOfMeeting,
        by_value=True,
        load_default=None,
        allow_none=True,
        error_messages={"unknown": "Select which part you can come to."},
    )
    deputy_name = fields.String(load_default="", validate=validate.Length(max=160))
    deputy_role = fields.String(load_default="", validate=validate.Length(max=160))
    deputy_email = fields.String(load_default="", validate=validate.Length(max=254))
    sequence = fields.Integer(load_default=None, allow_none=True)
    person_name = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=160)
    )
    person_role = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=160)
    )

    def __init__(self, *, channel: AnswerChannel, **more: Any) -> None:  # noqa: ANN401
        super().__init__(**more)
        self.channel = channel

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        faults: dict[str, list[str]] = {}
        if data["answer"] == "part" and data.get("part") is None:
            faults["part"] = ["Select which part you can come to."]
        if data["answer"] == "deputy":
            faults |= self._deputy(data)
        if faults:
            raise ValidationError(faults)

    def _deputy(self, data: dict[str, Any]) -> dict[str, list[str]]:
        faults: dict[str, list[str]] = {}
        if not data["deputy_name"].strip():
            faults["deputy_name"] = ["Enter the name of who will come instead."]
        by_link = self.channel is AnswerChannel.LINK
        if by_link and not data["deputy_role"].strip():
            faults["deputy_role"] = ["Enter their role."]
        if by_link or data["deputy_email"].strip():
            try:
                EmailAddress().deserialize(data["deputy_email"])
            except ValidationError as fault:
                faults["deputy_email"] = list(fault.messages)
        return faults

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> AnswerGiven:  # noqa: ANN401
        state = _STATES[data["answer"]]
        deputy = None
        if state is InvitationState.DEPUTY:
            deputy = DeputyGiven(
                name=data["deputy_name"].strip(),
                role=data["deputy_role"].strip(),
                email=data["deputy_email"].strip() or None,
            )
        takes_part = state is InvitationState.ACCEPTED_PART
        return AnswerGiven(
            state=state,
            channel=self.channel,
            part=PART_WORDS[data["part"]] if takes_part else None,
            deputy=deputy,
            person_name=(data["person_name"] or "").strip() or None,
            person_role=(data["person_role"] or "").strip() or None,
            sequence=data["sequence"],
        )


class TimeSchema(Schema):
    """Another time: a start and a length."""

    class Meta:
        """A page may send boxes that only it knows."""

        unknown = EXCLUDE

    starts_at = LondonDateTime(required=True)
    minutes = fields.Integer(
        required=True,
        validate=validate.Range(
            min=10, max=480, error="Enter a length between 10 and 480 minutes."
        ),
        error_messages={
            "required": "Enter how long, in minutes.",
            "invalid": "Enter how long, in minutes, such as 60.",
        },
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> TimeGiven:  # noqa: ANN401
        start = data["starts_at"]
        return TimeGiven(starts_at=start, ends_at=start + timedelta(minutes=data["minutes"]))


class KnownSchema(Schema):
    """One direct question: yes, no or nothing known, and what is known of it."""

    answer = fields.Enum(KnownAnswer, by_value=True, required=True)
    text = fields.String(load_default="", validate=validate.Length(max=_LONGEST))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Known:  # noqa: ANN401
        return Known(answer=data["answer"], text=data["text"].strip())


def _question(words: str) -> fields.Nested:
    return fields.Nested(KnownSchema, required=True, error_messages={"required": words})


def _box(words: str) -> fields.String:
    """A box that may say "nothing known" (null), but must not be left out."""
    return fields.String(
        required=True,
        allow_none=True,
        validate=validate.Length(max=_LONGEST, error="Write 10,000 characters or fewer."),
        error_messages={"required": words},
    )


class InformationSchema(Schema):
    """The information form; silence is no answer, "nothing known" is one."""

    injury = _question("Select whether there was any injury, or that nothing is known.")
    weapon = _question("Select whether there was any assault or weapon, or that nothing is known.")
    emergency = _question(
        "Select whether there was any emergency attendance, or that nothing is known."
    )
    health = _box("Write about health and waiting lists, or tick nothing known.")
    last_seen = _box("Write when the child was last seen, or tick nothing known.")
    worries = _box("Write what worries you, or tick nothing known.")
    strengths = _box("Write what is going well, or tick nothing known.")
    parents = _box("Write about parents and carers, or tick nothing known.")
    share_with_family = fields.Enum(
        ShareWithFamily,
        by_value=True,
        required=True,
        error_messages={
            "required": "Select whether this may be shared with the family.",
            "unknown": "Select whether this may be shared with the family.",
        },
    )
    share_why = fields.String(load_default="", validate=validate.Length(max=_LONGEST))

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        faults: dict[str, list[str]] = {}
        for name in QUESTIONS:
            known = data[name]
            if known.answer is KnownAnswer.YES and not known.text:
                faults[f"{name}_text"] = ["Write what you know of it."]
        limits = data["share_with_family"] is not ShareWithFamily.YES
        if limits and not data["share_why"].strip():
            faults["share_why"] = ["Say which part may be shared, or why none may."]
        if faults:
            raise ValidationError(faults)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Information:  # noqa: ANN401
        return Information(**data)


def information_from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the form's boxes as the schema takes them: a tick for "nothing known" is null."""
    data: dict[str, Any] = {}
    for name in QUESTIONS:
        if form.get(name):
            data[name] = {"answer": form[name], "text": form.get(f"{name}_text", "")}
    for name in BOXES:
        if form.get(name, "").strip():
            data[name] = form[name].strip()
        elif form.get(f"{name}_nothing"):
            data[name] = None
    if form.get("share_with_family"):
        data["share_with_family"] = form["share_with_family"]
    data["share_why"] = form.get("share_why", "").strip()
    return data


def time_from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the boxes of another time as the schema takes them."""
    given = parts(form)
    return {
        name: given[name] for name in ("starts_at", "minutes") if given.get(name) not in (None, "")
    }


def answer_from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the boxes of the answer form as the schema takes them; empty ones are left out."""
    return {name: form[name] for name in _ANSWER_BOXES if form.get(name)}


def flat(messages: dict[str, Any]) -> dict[str, list[str]]:
    """Return the schema's messages by box, those inside a question beside that question."""
    found: dict[str, list[str]] = {}
    for name, message in messages.items():
        found[name] = list(message) if isinstance(message, list) else _first(message)
    return found


def _first(message: Any) -> list[str]:  # noqa: ANN401 - marshmallow nests its messages
    if isinstance(message, dict):
        return [text for inner in message.values() for text in _first(inner)]
    return [str(text) for text in message] if isinstance(message, list) else [str(message)]
