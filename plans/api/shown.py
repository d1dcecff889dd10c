"""How the API shows an action."""

from __future__ import annotations

from typing import Any

from plans.queries.actions import ListedAction


def answered(row: ListedAction) -> dict[str, Any]:
    """Return an action as ``ActionAnswerSchema`` writes it."""
    action = row.action
    return {
        "ref": action.ref,
        "child_ref": row.child_ref,
        "what": action.what,
        "kind": action.kind.value,
        "agency": row.agency_name,
        "owner": action.owner_name,
        "due_on": action.due_on,
        "original_due_on": action.original_due_on,
        "status": action.status.value,
        "evidence": action.evidence,
        "how_known": action.how_known,
        "meeting_ref": action.meeting_ref,
        "asked_for": row.asked_for,
        "version": action.version,
    }
