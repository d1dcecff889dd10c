"""Gives a read message the shape of JSON and back: for the database and between processes."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.db import Json
from notifications.terms import (
    Answer,
    AttendeeAnswer,
    CalendarReply,
    DeliveryReport,
    InboundKind,
    Intake,
)

_INSTANTS = ("dtstamp", "proposed_starts_at", "proposed_ends_at")


def to_json(intake: Intake) -> Json:
    """Return what was read as plain values that every database takes.

    Instants become ISO text; NUL and half characters, which PostgreSQL refuses, go.
    """
    values: Json = _clean(asdict(intake))
    reply = values["reply"]
    if reply is not None:
        for name in _INSTANTS:
            reply[name] = reply[name].isoformat() if reply[name] else None
    return values


def from_json(values: Json) -> Intake:
    """Return what was read, from its stored form.

    Raises:
        KeyError, TypeError, ValueError: the values were not written by ``to_json``.
    """
    reply, report = values["reply"], values["report"]
    return Intake(
        kind=InboundKind(values["kind"]),
        token=values["token"],
        from_address=values["from_address"],
        message_id=values["message_id"],
        answers_to=tuple(values["answers_to"]),
        reply=_reply(reply) if reply is not None else None,
        report=DeliveryReport(**report) if report is not None else None,
        text=values["text"],
        why=values["why"],
    )


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever JSON may hold
    """Return a value in which every text is storable."""
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "")
    return value


def _reply(values: dict[str, Any]) -> CalendarReply:
    """Return the calendar part from its stored form."""
    instants = {
        name: datetime.fromisoformat(values[name]) if values[name] else None for name in _INSTANTS
    }
    answers = tuple(
        AttendeeAnswer(**{**each, "answer": Answer(each["answer"])}) for each in values["answers"]
    )
    status = tuple(values["request_status"])
    return CalendarReply(**{**values, **instants, "answers": answers, "request_status": status})
