"""Search for children, meetings and actions, within what one may see, by POST only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from core.doors import act, actor, may, now, page
from core.filters import plain_instant
from meetings.queries import found
from meetings.views.due import due_date
from people.queries.search import find_children
from people.terms import Action

blueprint = Blueprint("search", __name__)
_PAGE = "meetings/search/search.html"
LONGEST = 200
MOST = 10


@blueprint.get("/search")
@page(Action.SEARCH)
def ask() -> ResponseReturnValue:
    """Show the box: a results page that is opened again asks anew."""
    return render_template(_PAGE, **_nothing(""))


@blueprint.post("/search")
@act(Action.SEARCH)
def search() -> ResponseReturnValue:
    """Find by name, reference, number or date of birth.

    It changes nothing; it is a POST so that what is typed stands in no address, history or log.
    """
    text = request.form.get("q", "").strip()[:LONGEST]
    if not text:
        return render_template(_PAGE, **_nothing("Type a name, a reference or a date of birth."))
    me, at = actor(), now()
    children = find_children(me, text, at, limit=MOST)
    ids = [child.child_id for child in children if child.may_open]
    meetings = found.find_meetings(me, text, ids, at)
    actions = found.find_actions(me, text, ids, at)
    today = clock.today(at)
    count = len(children[:MOST]) + len(meetings) + len(actions)
    return render_template(
        _PAGE,
        values={"q": text},
        errors={},
        is_asked=True,
        children=children[:MOST],
        has_more=len(children) > MOST,
        meetings=[
            {
                "href": f"/meetings/{row.meeting.ref}",
                "title": f"{row.meeting.type_name} {row.meeting.ref}",
                "text": f"{plain_instant(row.meeting.starts_at)}, {row.child_name}",
            }
            for row in meetings
        ],
        actions=[
            {
                "href": f"/actions/{row.action.ref}",
                "title": f"{row.action.ref}, {row.action.what}",
                "text": row.child_name,
                "due": due_date(row.action.due_on, today),
            }
            for row in actions
        ],
        message=_how_many(count),
        may_add=may(Action.CHILD_CREATE),
    )


def _nothing(message: str) -> dict[str, Any]:
    return {
        "values": {},
        "errors": {},
        "is_asked": False,
        "children": [],
        "has_more": False,
        "meetings": [],
        "actions": [],
        "message": message,
        "may_add": False,
    }


def _how_many(count: int) -> str:
    if count == 0:
        return "Nothing found. Check the spelling, or search by date of birth."
    return "1 result" if count == 1 else f"{count} results"
