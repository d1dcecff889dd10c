"""The bar on top of a child's pages in this room: who it is, and the other pages of the child."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g

from people.models.children import Child
from people.queries import children

_PAGES = (
    ("Plan", ""),
    ("Timeline", "/timeline"),
    ("Meetings", "/meetings"),
    ("People", "/people"),
    ("Actions", "/actions"),
    ("Details", "/details"),
)


def child_bar(child: Child, here: str, *, now: datetime) -> dict[str, Any]:
    """Return name, facts and links, with the present page marked. Two statements."""
    answer = g.get("confer_answer")
    is_redacted = answer is not None and answer.outcome == "redact"
    identity = children.identity_of(child, now, is_redacted=is_redacted)
    return {
        "name": identity.name,
        "ref": identity.ref,
        "facts": identity.facts,
        "links": [
            {"text": text, "href": f"/children/{child.ref}{tail}", "active": text == here}
            for text, tail in _PAGES
        ],
    }
