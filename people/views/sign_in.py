"""Pages to sign in, to sign out and to enter the password again before something weighty."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from core import doors, waiting_forms
from core.db import session, unit_of_work
from core.doors import act, actor, csrf, now, open_act, open_page, page
from core.errors import SignInNeeded, StepUpNeeded
from core.settings import Settings
from core.signing_in import drop_cookie, set_cookie
from core.web import is_api, problem
from people.service import sessions
from people.terms import Action

blueprint = Blueprint("sign_in", __name__)
_SIGN_IN_FIRST, _FORBIDDEN, _WRONG, _TOO_MANY = 401, 403, 422, 429
_KEPT = "kept:"
_WHOSE = "whose"
# Nothing to go on with, or nothing but passwords.
_NEVER_KEPT = ("/sign-out", "/account/password", "/account/stay")


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
    _note_whose(answer.account_id)
    waiting = request.form.get("waiting", "")
    form = waiting_forms.find(answer.account_id, waiting, now()) if answer.account_id else None
    where = _next() if form is None else f"/go-on/{waiting}"
    return set_cookie(make_response(redirect(where)), _settings(), answer.token)


@blueprint.get("/go-on/<token>")
@page(Action.HOME_VIEW)
def go_on(token: str) -> ResponseReturnValue:
    """Show one's own form that waited for signing in, to be sent by one press."""
    form = waiting_forms.find(actor().account_id, token, now())
    if form is None:
        return redirect("/")
    return render_template(
        "people/go_on.html",
        heading="You are signed in again",
        action=form.path,
        kept=form.fields,
        shown=[
            (name.replace("_", " ").replace("-", " ").capitalize(), text)
            for name, text in form.fields
            if " " in text.strip()
        ],
    )


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
            "people/confirm_password.html",
            errors={"password": [answer.why]},
            next=_next(),
            again=_own_path("again"),
            kept=_kept(),
        )
        return shown, _TOO_MANY if answer.is_throttled else _WRONG
    if _own_path("again") != "/":
        on = render_template(
            "people/go_on.html",
            heading="Your password is right",
            action=_own_path("again"),
            kept=_kept(),
        )
        return set_cookie(make_response(on), _settings(), answer.token)
    return set_cookie(make_response(redirect(_next())), _settings(), answer.token)


@blueprint.app_errorhandler(StepUpNeeded)
def ask_first(_: StepUpNeeded) -> ResponseReturnValue:
    """Ask for the password before something weighty; a form that was sent is kept meanwhile."""
    session.rollback()
    if is_api():
        return problem(_FORBIDDEN, "This needs a password, asked again in the browser")
    if request.method == "GET":
        return redirect(f"/confirm-password?next={request.path}")
    shown = render_template(
        "people/confirm_password.html", errors={}, next="/", again=request.path, kept=_typed()
    )
    return shown, _FORBIDDEN


@blueprint.app_errorhandler(SignInNeeded)
def sign_in_first(_: SignInNeeded) -> ResponseReturnValue:
    """Ask to sign in again; what was typed waits for the person whose session had ended.

    The cookie of our forms says, signed, who signed in here last: the session's own cookie is
    gone once somebody signed out in another tab.
    """
    session.rollback()
    path, typed = request.full_path.rstrip("?"), _typed()
    if request.path == "/confirm-password":
        path, typed = _own_path("again"), _kept()
    try:
        csrf.protect()
        account_id = UUID(browser[_WHOSE])
    except (CSRFError, KeyError):
        return redirect("/sign-in")
    if path in (*_NEVER_KEPT, "/"):
        return redirect("/sign-in")
    with unit_of_work():
        token = waiting_forms.keep(account_id, path, typed, now())
    shown = render_template(
        "people/sign_in.html",
        values={},
        errors={},
        next="/",
        waiting=token,
        is_too_long=token is None,
    )
    return shown, _SIGN_IN_FIRST


def _typed() -> list[tuple[str, str]]:
    """What a form held, without its secrets: they are never written into a page."""
    return [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name != "code" and not any(secret in name for secret in ("password", "token"))
    ]


def _note_whose(account_id: UUID | None) -> None:
    """Remember in this browser who signed in here last.

    A form that somebody else left open in another tab is not sent in this person's name: its
    anti-forgery token goes with the old cookie.
    """
    if browser.get(_WHOSE, str(account_id)) != str(account_id):
        browser.clear()
    browser[_WHOSE] = str(account_id)


def _kept() -> list[tuple[str, str]]:
    """What a form held that waits for the password."""
    return [
        (name.removeprefix(_KEPT), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(_KEPT)
    ]


def _again(errors: dict[str, list[str]], status: int) -> ResponseReturnValue:
    values = {"email": request.form.get("email", "")}
    return render_template(
        "people/sign_in.html",
        values=values,
        errors=errors,
        next=_next(),
        waiting=request.form.get("waiting"),
    ), status


def _next() -> str:
    return _own_path("next")


def _own_path(name: str) -> str:
    """A path the form carries: one of ours, never another site's."""
    where = request.values.get(name, "")
    is_ours = where.startswith("/") and not where.startswith(("//", "/\\"))
    has_odd = any(not letter.isprintable() or letter == "\\" for letter in where)
    return where if is_ours and not has_odd else "/"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
