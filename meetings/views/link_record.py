"""The released record, read from an invitee's link after the code, and corrected from there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import audit
from core.doors import Rerender, link_act, link_read, now
from core.errors import Refused
from core.link_codes import PassHolder
from meetings.queries import records as record_read
from meetings.queries.replies import HeldLink
from meetings.schemas.records import CorrectionWordsSchema, given
from meetings.service import releasing
from meetings.views.held_link import by_code, frame, gone, layout, let_in
from meetings.views.record_page import released_page

blueprint = Blueprint("link_record", __name__)
_PAGE = "meetings/answers/record.html"


@blueprint.get("/r/<token>/record")
@link_read()
def show(token: str) -> ResponseReturnValue:
    """Show the record once it is released; who read it is written down by name."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return instead or gone()
    audit.record(
        by_code(holder),
        "record.read",
        "invitation",
        found.invitation.id,
        child_id=found.meeting.child_id,
        now=now(),
        decision="read",
    )
    return render_template(_PAGE, **_shown(found, token, {}))


@blueprint.post("/r/<token>/record/corrections")
@link_act()
def correct(token: str) -> ResponseReturnValue:
    """Put a correction beside the record, under the name given with the code."""
    found, holder, instead = let_in(token)
    if instead is not None or found is None or holder is None:
        return instead or gone()
    typed = request.form.to_dict()
    try:
        _correct(found, holder, CorrectionWordsSchema().load(given(typed)))
    except ValidationError as fault:
        shown = _shown(found, token, typed, fault.messages_dict)
        raise Rerender(_PAGE, **shown) from fault
    except Refused as fault:
        raise Rerender(_PAGE, **_shown(found, token, typed, {"form": [fault.why]})) from fault
    return redirect(f"/r/{token}/record#corrections", code=303)


def _correct(found: HeldLink, holder: PassHolder, words: dict[str, Any]) -> None:
    record = record_read.released_for(found.invitation)
    if record is None:
        raise Refused("record.not_released", "The record is not released yet.")
    releasing.correct(
        record,
        found.meeting,
        text=words["text"],
        reason=words["reason"],
        by_name=f"{holder.person_name} ({holder.person_role})",
        actor=by_code(holder),
        now=now(),
        invitation_id=found.invitation.id,
    )


def _shown(
    found: HeldLink,
    token: str,
    values: dict[str, Any],
    errors: Any = None,  # noqa: ANN401
) -> dict[str, Any]:
    return {
        "frame": frame(found, token),
        "view": released_page(found.invitation, found.meeting, now=now()),
        "values": values,
        "errors": errors or {},
        **layout(found),
    }
