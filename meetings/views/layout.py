"""What every page carries: the partnership's name, the navigation, who is signed in, notices."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from core import doors, scheduler
from core.settings import Settings
from people.terms import Action
from procedures import draft_queries
from procedures.draft_terms import DraftStatus
from procedures.service import drafting

_NAVIGATION = (
    ("Home", "/", Action.HOME_VIEW),
    ("Children", "/children", Action.CHILD_SEARCH),
    ("Meetings", "/meetings", Action.MEETING_VIEW),
    ("Actions", "/actions", Action.HOME_VIEW),
    ("Mail", "/admin/mail", Action.MAIL_REVIEW),
    ("Directory", "/admin/agencies", Action.DIRECTORY_EDIT),
    ("Rules", "/admin/rules", Action.PROCEDURES_VIEW),
    ("Accounts", "/admin/accounts", Action.ACCOUNT_EDIT),
)
IDLE_MINUTES, WARN_MINUTES = 30, 25


def install(app: Flask) -> None:
    """Hand these values to every template of an app."""
    app.context_processor(_values)


def _values() -> dict[str, object]:
    settings: Settings = current_app.extensions["settings"]
    signed_in = g.get("confer_actor")
    values: dict[str, object] = {
        "partnership_name": settings.partnership_name,
        "help_telephone": settings.partnership_telephone,
        "emergency_telephone": settings.emergency_team_telephone,
        "banners": [],
        "navigation": [],
        "may_report": False,
    }
    if signed_in is None:
        values["banners"] = current_app.extensions.get("confer_notices", [])
        return values
    return values | {
        "signed_in_name": signed_in.name,
        "navigation": [
            {"text": text, "href": href, "active": _is_here(href)}
            for text, href, action in _NAVIGATION
            if doors.may(action)
        ],
        "may_report": doors.may(Action.INCIDENT_RECORD),
        "banners": _banners(settings),
        "session_warning": {
            "minutes": IDLE_MINUTES,
            "warn_at_minutes": WARN_MINUTES,
            "stay_url": "/account/stay",
        },
    }


def _is_asked_for_consent() -> bool:
    """One statement, and only for those who may publish rules."""
    if not doors.may(Action.PROCEDURES_PUBLISH):
        return False
    try:
        draft = draft_queries.open_draft()
    except SQLAlchemyError:
        return False
    is_waiting = draft is not None and draft.status is DraftStatus.WAITING
    return draft is not None and is_waiting and drafting.may_publish(draft, doors.actor())


def _is_here(href: str) -> bool:
    return request.path == href if href == "/" else request.path.startswith(href)


def _banners(settings: Settings) -> list[dict[str, str]]:
    banners: list[dict[str, str]] = list(current_app.extensions.get("confer_notices", []))
    if _is_asked_for_consent():
        words = "Changed rules wait for your consent: open Rules to read what differs."
        banners.append({"kind": "note", "text": words})
    if settings.smtp_url is None and not banners:
        banners.append(
            {
                "kind": "warning",
                "text": "No mail server is set: messages are kept as files and nobody gets them. "
                "Ring the people you invite.",
            }
        )
    try:
        is_alive = scheduler.is_alive(doors.now())
    except SQLAlchemyError:
        return banners
    if not is_alive:
        banners.append(
            {
                "kind": "warning",
                "text": "The part of the service that sends and fetches mail is not running. "
                "What you send waits. Ring the people you invite.",
            }
        )
    return banners
