"""The post room: every mail as its recipient sees it, and their answer by calendar program."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPException
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from core.doors import Rerender, now, open_act, open_page
from core.errors import NotFound, Refused
from core.fields import LondonDateTime, parts
from demo import client, reading
from demo.catcher import Catcher
from demo.client import Press, Told
from demo.mail_folder import MailFolder

blueprint = Blueprint("post_room", __name__, url_prefix="/post-room")
_SANDBOX = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LONGEST_NOTE = 500
_ANSWERED = {
    Press.ACCEPT: "You accepted.",
    Press.TENTATIVE: "You answered “tentative”.",
    Press.DECLINE: "You declined.",
    Press.PROPOSE: "You suggested another time.",
}


@dataclass(frozen=True, slots=True)
class PostRoom:
    """What the pages stand on."""

    sent: MailFolder
    catcher: Catcher


@blueprint.get("")
@open_page()
def post_room() -> str:
    """List every mail by its recipient."""
    recipients = reading.by_recipient(_room().sent.newest_first())
    return render_template("demo/post_room.html", recipients=recipients)


@blueprint.get("/<name>")
@open_page()
def mail(name: str) -> str:
    """Show one mail."""
    answered = request.args.get("answered", "")
    return render_template(
        "demo/mail.html",
        mail=_read(name),
        values={},
        errors={},
        answered=_ANSWERED[Press(answered)] if answered in set(Press) else None,
    )


@blueprint.get("/<name>/html")
@open_page()
def html(name: str) -> Response:
    """Show the HTML part alone, where it can run nothing and fetch nothing."""
    found = _read(name).html
    if found is None:
        raise NotFound("html")
    return Response(found, mimetype="text/html", headers={"Content-Security-Policy": _SANDBOX})


@blueprint.get("/<name>/source")
@open_page()
def source(name: str) -> Response:
    """Show the mail as it travelled."""
    return Response(_read(name).source, mimetype="text/plain")


@blueprint.post("/<name>/answer")
@open_act()
def answer(name: str) -> ResponseReturnValue:
    """Answer as this recipient's calendar program would."""
    found = _read(name)
    try:
        told = _AnswerSchema().load(parts(request.form))
    except ValidationError as fault:
        raise Rerender(
            "demo/mail.html", mail=found, values=request.form, errors=fault.messages, answered=None
        ) from fault
    if found.calendar is None or not found.calendar.answers:
        raise Refused("post_room.no_buttons", "This mail asks for no answer from a calendar.")
    reply_to = parseaddr(found.reply_to)[1]
    written = client.answer(found.calendar, told, reply_to=reply_to, now=now())
    try:
        client.send(written, sender=found.recipient, recipient=reply_to, port=_room().catcher.port)
    except (OSError, SMTPException) as fault:
        raise Refused(
            "post_room.not_sent", "The answer could not be sent. Stop the demo and start it again."
        ) from fault
    return redirect(f"/post-room/{name}?answered={told.press}")


class _AnswerSchema(Schema):
    """What was pressed in the calendar program."""

    class Meta:
        unknown = "exclude"

    press = fields.Enum(
        Press,
        by_value=True,
        required=True,
        error_messages={"required": "Press one of the buttons.", "unknown": "Press a button."},
    )
    note = fields.String(
        load_default="",
        validate=validate.Length(
            max=_LONGEST_NOTE, error=f"Write at most {_LONGEST_NOTE} characters."
        ),
    )

    starts_at = LondonDateTime(load_default=None, allow_none=True)

    @validates_schema
    def _suggests_something(self, values: dict[str, object], **_: object) -> None:
        if values.get("press") is Press.PROPOSE and values.get("starts_at") is None:
            raise ValidationError("Enter the date and time you suggest.", "starts_at")

    @post_load
    def told(self, values: dict[str, Any], **_: object) -> Told:
        """Return what was pressed; only a suggestion carries a time."""
        if values["press"] is not Press.PROPOSE:
            values["starts_at"] = None
        return Told(**values)


def _room() -> PostRoom:
    room: PostRoom = current_app.extensions["confer_post_room"]
    return room


def _read(name: str) -> reading.ReadMail:
    found = _room().sent.one(name)
    if found is None:
        raise NotFound("mail")
    return reading.read(found)
