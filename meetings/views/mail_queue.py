"""The review queue of incoming mail, and the log of what went out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import Rerender, act, actor, may, note_read, now, page
from core.errors import NotFound, Refused
from core.filters import plain_instant, short_instant
from core.ids import url_key
from meetings.models.meetings import Meeting
from meetings.queries import meetings as read
from meetings.service import mail_review, whose
from meetings.views.held_link import letterhead
from notifications import queries as mail
from notifications.models import InboundMessage, OutboxMessage
from notifications.queries import Unapplied
from notifications.terms import Answer, DeliveryState, InboundKind
from people.terms import Action, Resource

blueprint = Blueprint("mail_queue", __name__)
_MESSAGE = "meetings/mail_queue/message.html"
_PAGE = 50
_NO_SUCH_MEETING = (
    "No meeting that you may open has this reference. Check it, or ask the team that convened it."
)
_WHAT = {
    InboundKind.REPLY: "An answer",
    InboundKind.COUNTER: "Another time suggested",
    InboundKind.REFRESH: "The invitation asked for again",
    InboundKind.DELIVERY_REPORT: "A report that a mail did not arrive",
    InboundKind.AUTO_REPLY: "An automatic answer",
    InboundKind.FREE_TEXT: "A mail without an answer",
    InboundKind.FOREIGN_METHOD: "A calendar mail that is no answer",
    InboundKind.ODD: "A mail that could not be read",
}
_SAID = {
    Answer.ACCEPTED: "will attend",
    Answer.DECLINED: "cannot attend",
    Answer.TENTATIVE: "may attend",
    Answer.DELEGATED: "sends somebody else",
    Answer.NEEDS_ACTION: "has not decided",
    Answer.UNKNOWN: "an answer we do not know",
}
_STATES = {
    DeliveryState.QUEUED: ("Waits", "neutral"),
    DeliveryState.CLAIMED: ("Being sent", "neutral"),
    DeliveryState.HANDED: ("Handed", "good"),
    DeliveryState.FAILED: ("Not delivered", "alert"),
    DeliveryState.BOUNCED: ("Came back", "alert"),
    DeliveryState.SUPPRESSED: ("Taken back", "neutral"),
}


def message_resource(key: str) -> Resource | None:
    """Return what the policy needs to know of a waiting mail; who handled it is audited."""
    row = _waiting(key)
    return Resource(kind="inbound_message", id=row.id) if row else None


@blueprint.get("/admin/mail")
@page(Action.MAIL_REVIEW)
def queue() -> ResponseReturnValue:
    """List the mails that wait for a person, the oldest first."""
    counts = mail.inbox_counts()
    oldest = counts.oldest_waiting_at
    return render_template(
        "meetings/mail_queue/queue.html",
        waiting=[_line(row) for row in mail.review_queue()],
        unread=counts.waiting,
        oldest=plain_instant(oldest) if oldest else None,
    )


@blueprint.get("/admin/mail/log")
@page(Action.MAIL_LOG)
def log() -> ResponseReturnValue:
    """List what went out, newest first; never its content."""
    before = _instant(request.args.get("before", ""))
    rows = mail.delivery_log(limit=_PAGE, before=before)
    older = rows[-1].created_at.isoformat() if len(rows) == _PAGE else None
    return render_template(
        "meetings/mail_queue/log.html",
        rows=[_sent(row) for row in rows],
        next_href=f"/admin/mail/log?before={older.replace('+', '%2B')}" if older else None,
    )


@blueprint.get("/admin/mail/<key>")
@page(Action.MAIL_REVIEW, of=message_resource)
def show(key: str) -> ResponseReturnValue:
    """Show one mail: what was understood and what not."""
    return render_template(_MESSAGE, **_shown(waiting_row(key), {}))


@blueprint.post("/admin/mail/<key>/match")
@act(Action.MAIL_REVIEW, of=message_resource)
def match(key: str) -> ResponseReturnValue:
    """Find the invitees of a meeting, or apply the mail to the one that was named."""
    row = waiting_row(key)
    values = request.form.to_dict()
    if request.form.get("press") == "find":
        found = meeting_to_match(values.get("reference", ""))
        errors = {} if found else {"reference": [_NO_SUCH_MEETING]}
        return render_template(_MESSAGE, **_shown(row, values, errors))
    meeting = meeting_to_match(values.get("reference", ""))
    invitation = read.invitation(meeting, values.get("invitee", "")) if meeting else None
    message = mail.message_read(row.id)
    if invitation is None or message is None:
        errors = {"invitee": ["Choose which invitee sent it."]}
        raise Rerender(_MESSAGE, **_shown(row, values, errors))
    try:
        mail_review.match(message, invitation, letterhead=letterhead(), actor=actor(), now=now())
    except Refused as fault:
        raise Rerender(_MESSAGE, **_shown(row, values, {"form": [fault.why]})) from fault
    return redirect("/admin/mail", code=303)


@blueprint.post("/admin/mail/<key>/forward")
@act(Action.MAIL_REVIEW, of=message_resource)
def forward(key: str) -> ResponseReturnValue:
    """Take a forward off the queue: nobody is invited by it."""
    mail_review.set_aside(waiting_row(key).id, "", is_forward=True, actor=actor(), now=now())
    return redirect("/admin/mail", code=303)


@blueprint.post("/admin/mail/<key>/discard")
@act(Action.MAIL_REVIEW, of=message_resource)
def discard(key: str) -> ResponseReturnValue:
    """Take a mail off the queue with a reason; it is kept."""
    row = waiting_row(key)
    why = request.form.get("why", "")
    try:
        mail_review.set_aside(row.id, why, is_forward=False, actor=actor(), now=now())
    except Refused as fault:
        shown = _shown(row, request.form.to_dict(), {"why": [fault.why]})
        raise Rerender(_MESSAGE, **shown) from fault
    return redirect("/admin/mail", code=303)


def _key(inbound_id: UUID) -> str:
    return url_key(inbound_id)


def _waiting(key: str) -> InboundMessage | None:
    rows = mail.review_queue(limit=1000)
    return next((row for row in rows if _key(row.id) == key), None)


def meeting_to_match(ref: str) -> Meeting | None:
    """Return the meeting of a reference, if this person may open it; sorting mail opens none."""
    ref = ref.strip().upper()
    thing = read.resource(ref) if ref else None
    if thing is None or not may(Action.MEETING_VIEW, thing):
        return None
    return read.by_ref(ref)


def waiting_row(key: str) -> InboundMessage:
    """Return the mail that waits under a key.

    Raises:
        NotFound: none does, or it was settled meanwhile.
    """
    row = _waiting(key)
    if row is None:
        raise NotFound("inbound message")
    return row


def waiting(row: InboundMessage) -> dict[str, Any]:
    """Return a waiting mail as values: what it is, what it says and why it waits."""
    message = mail.message_read(row.id)
    found = whose.by_token(row.token)
    return {
        "key": _key(row.id),
        "what": row.kind.value if row.kind else "unread",
        "sender": message.intake.from_address if message else "",
        "why": row.why,
        "received_at": row.received_at,
        "said": _said(message),
        "words": _words(message),
        "reference": found.meeting.ref if found else None,
    }


def _line(row: InboundMessage) -> dict[str, Any]:
    message = mail.message_read(row.id)
    found = whose.by_token(row.token)
    return {
        "href": f"/admin/mail/{_key(row.id)}",
        "what": _WHAT.get(row.kind, "A mail") if row.kind else "A mail",
        "sender": (message.intake.from_address if message else "") or "nobody named",
        "why": row.why,
        "when": plain_instant(row.received_at),
        "seat": _seat(found),
    }


def _seat(found: whose.Whose | None) -> str | None:
    if found is None:
        return None
    seat = f"{found.invitation.role_name}, {found.invitation.agency_name}"
    return f"{seat}, {found.meeting.ref}"


def _shown(
    row: InboundMessage, values: dict[str, str], errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    message = mail.message_read(row.id)
    found = whose.by_token(row.token)
    values = dict(values)
    if found is not None and "reference" not in values:
        values["reference"] = found.meeting.ref
        values["invitee"] = read.invitation_key(found.invitation.id)
    return {
        "message": _line(row) | {"said": _said(message), "words": _words(message)},
        "candidates": _candidates(values),
        "values": values,
        "errors": errors or {},
    }


def _said(message: Unapplied | None) -> str:
    reply = message.intake.reply if message else None
    if reply is None:
        return "Nothing that could be read as an answer"
    said = [f"{each.address}: {_SAID[each.answer]}" for each in reply.answers]
    if reply.proposed_starts_at:
        said.append(f"suggests {plain_instant(reply.proposed_starts_at)}")
    return ", ".join(said) or "It does not say who answers"


def _words(message: Unapplied | None) -> str:
    if message is None:
        return ""
    reply = message.intake.reply
    return message.intake.text or (reply.comment if reply else "")


def _candidates(values: dict[str, str]) -> list[dict[str, str]]:
    """Name agencies and roles only: whoever sorts mail need not know the child."""
    meeting = meeting_to_match(values.get("reference", ""))
    thing = read.resource(meeting.ref) if meeting else None
    if meeting is None or thing is None:
        return []
    note_read(Action.MEETING_VIEW, thing)
    return [
        {
            "value": read.invitation_key(row.id),
            "text": f"{row.agency_name}, {row.role_name}",
            "hint": row.email or "no address",
        }
        for row in read.invitees_of(meeting.id)
    ]


def _sent(row: OutboxMessage) -> dict[str, str]:
    state, kind = _STATES[row.state]
    return {
        "when": short_instant(row.created_at),
        "what": row.kind.replace("_", " ").capitalize(),
        "reference": row.reference,
        "to": row.to_address,
        "state": state,
        "kind": kind,
        "error": row.last_error if row.state in mail.UNDELIVERED else "",
    }


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
