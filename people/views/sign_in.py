"""Pages to sign in, to sign out and to enter the password again before something weighty."""

from __future__ import annotations

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core import doors
from core.doors import act, actor, now, open_act, open_page, page
from core.settings import Settings
from core.signing_in import drop_cookie, set_cookie
from people.service import sessions
from people.terms import Action

blueprint = Blueprint("sign_in", __name__)
_WRONG, _TOO_MANY = 422, 429


@blueprint.get("/sign-in")
@open_page()
def show() -> ResponseReturnValue:
    """Show the form; somebody who is signed in goes home."""
    if g.get("confer_actor") is not None:
        return redirect("/")
    return render_template("people/sign_in.html", values={}, errors={}, next=_next())


@blueprint.post("/sign-in")
@open_act()
def sign_in() -> ResponseReturnValue:
    """Open a session; a wrong try is counted although the answer is an error."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    errors = {}
    if not email.strip():
        errors["email"] = ["Enter your email address."]
    if not password:
        errors["password"] = ["Enter your password."]
    if errors:
        return _again(errors, _WRONG)
    answer = sessions.sign_in(
        email,
        password,
        network_address=request.remote_addr or "",
        browser=request.user_agent.string,
        now=now(),
    )
    doors.keep()
    if answer.token is None:
        return _again({"form": [answer.why]}, _TOO_MANY if answer.is_throttled else _WRONG)
    return set_cookie(make_response(redirect(_next())), _settings(), answer.token)


@blueprint.post("/sign-out")
@act(Action.HOME_VIEW)
def sign_out() -> ResponseReturnValue:
    """End this session for good and clean the browser."""
    sessions.sign_out(actor=actor(), now=now())
    return drop_cookie(make_response(redirect("/sign-in")), _settings())


@blueprint.get("/confirm-password")
@page(Action.HOME_VIEW)
def ask_again() -> ResponseReturnValue:
    """Ask for the password once more."""
    return render_template("people/confirm_password.html", errors={}, next=_next())


@blueprint.post("/confirm-password")
@act(Action.HOME_VIEW)
def confirm() -> ResponseReturnValue:
    """Check the password and give the session a new token."""
    answer = sessions.confirm_password(
        request.form.get("password", ""),
        network_address=request.remote_addr or "",
        actor=actor(),
        now=now(),
    )
    doors.keep()
    if answer.token is None:
        shown = render_template(
            "people/confirm_password.html", errors={"password": [answer.why]}, next=_next()
        )
        return shown, _TOO_MANY if answer.is_throttled else _WRONG
    return set_cookie(make_response(redirect(_next())), _settings(), answer.token)


def _again(errors: dict[str, list[str]], status: int) -> ResponseReturnValue:
    values = {"email": request.form.get("email", "")}
    return render_template(
        "people/sign_in.html", values=values, errors=errors, next=_next()
    ), status


def _next() -> str:
    """Where to go afterwards: a path of ours, never another site."""
    where = request.values.get("next", "")
    is_ours = where.startswith("/") and not where.startswith(("//", "/\\"))
    has_odd = any(not letter.isprintable() or letter == "\\" for letter in where)
    return where if is_ours and not has_odd else "/"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
