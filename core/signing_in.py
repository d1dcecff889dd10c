"""Who is at the door: a browser's session cookie or a program's bearer token, under Flask-Login.

The people room knows accounts; it hands over two functions that turn a token
into somebody. They read in a transaction of their own, closed before the door
opens the one in which the request is answered; what they note, once a minute or
a day, is written in a further one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, UserMixin, current_user

from core import doors
from core.db import reading, unit_of_work
from core.settings import Settings
from core.web import is_api

ByToken = Callable[[str, datetime], Any]


class SignedIn(UserMixin):  # type: ignore[misc]  # the library is not typed
    """Flask-Login's view of somebody the people room knows."""

    def __init__(self, actor: Any) -> None:  # noqa: ANN401 - the rooms know the type
        self.actor = actor
        self.id = str(actor.account_id)


def install(app: Flask, *, by_session: ByToken, by_bearer: ByToken) -> None:
    """Let people in by the two functions of the people room.

    Args:
        by_session: session token and now to an actor, or None.
        by_bearer: API token and now to an actor and its scopes, or None.
    """
    # No context processor: on pages of a link it would look for somebody inside their transaction.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None

    def load(asked: Request) -> SignedIn | None:
        found: Any = None
        if is_api():
            scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
            if scheme.lower() == "bearer" and token:
                found = _whose(by_bearer, token.strip())
            if found is not None:
                found, g.confer_scopes = found
        else:
            token = asked.cookies.get(cookie_name(app.extensions["settings"]), "")
            if token:
                found = _whose(by_session, token)
        return SignedIn(found) if found is not None else None

    manager.request_loader(load)

    def remember() -> None:
        g.confer_actor = None
        view = app.view_functions.get(request.endpoint or "")
        # Pages of a link and static files ask nobody who they are.
        if view is not None and getattr(view, "permission", None) not in (None, "link"):
            g.confer_actor = getattr(current_user, "actor", None)

    app.before_request(remember)


def _whose(ask: ByToken, token: str) -> Any:  # noqa: ANN401 - the rooms know the type
    """Ask for reading, and once more for writing when there is something to note.

    Most requests note nothing: they must not queue for the one lock that writers hold.
    """
    now = doors.now()
    with reading() as held, held.no_autoflush:
        found = ask(token, now)
        is_to_note = bool(held.dirty)
    if not is_to_note:
        return found
    with unit_of_work():
        return ask(token, now)


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name; the prefix binds it to this host and to https."""
    return "__Host-confer" if settings.is_secure else "confer"


def set_cookie(answer: Response, settings: Settings, token: str) -> Response:
    """Give the browser its session."""
    answer.set_cookie(
        cookie_name(settings),
        token,
        httponly=True,
        secure=settings.is_secure,
        samesite="Lax",
        path="/",
    )
    return answer


def drop_cookie(answer: Response, settings: Settings) -> Response:
    """Take the session from the browser, with whatever it kept of us."""
    answer.delete_cookie(
        cookie_name(settings), path="/", secure=settings.is_secure, httponly=True, samesite="Lax"
    )
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
