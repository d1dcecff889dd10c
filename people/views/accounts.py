"""Pages of accounts: everybody's for the administrator, one's own for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core import clock
from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, Refused
from core.filters import short_instant
from people import wording
from people.details import AccountDetails
from people.form_fields import boxes, errors_of, load_form, typed
from people.models.accounts import Account
from people.queries import accounts as read
from people.queries import directory
from people.schemas import AccountSchema, NewPasswordSchema
from people.service import accounts as service
from people.service import sessions
from people.terms import Action, Resource
from people.views.agencies import row_id

# The first mark that stands in a browser's own long name decides: each names the older ones too.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("AppleWebKit", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)

blueprint = Blueprint("accounts", __name__)
_FORM = "people/account_form.html"
_BESIDE = {
    "account.same_email": "email",
    "account.own_roles": "roles",
    "account.no_role": "roles",
    "password.weak": "password",
}


def resource(ref: str) -> Resource | None:
    """Return what an account's doors ask the policy about; it is about no child."""
    account = read.by_ref(ref)
    return Resource(kind="account", id=account.id) if account else None


@blueprint.get("/admin/accounts")
@page(Action.ACCOUNT_EDIT)
def index() -> ResponseReturnValue:
    """List the accounts."""
    rows = [
        [
            {"text": row.account.name, "href": f"/admin/accounts/{row.account.ref}"},
            ", ".join(wording.ROLES[role] for role in row.roles),
            row.agency_name or "None",
            short_instant(row.last_seen_at) if row.last_seen_at else "Never",
            "Ended" if row.account.is_disabled else "Open",
        ]
        for row in read.all_accounts()
    ]
    return render_template("people/accounts.html", rows=rows)


@blueprint.get("/admin/accounts/new")
@page(Action.ACCOUNT_EDIT)
def new() -> ResponseReturnValue:
    """Ask about a new account."""
    return render_template(_FORM, **_form({}))


@blueprint.post("/admin/accounts/new")
@act(Action.ACCOUNT_EDIT)
def create() -> ResponseReturnValue:
    """Make an account with a first password."""
    details = _load(None)
    password = request.form.get("password", "")
    try:
        account = service.create(details, actor=actor(), now=now(), password=password)
    except Refused as refused:
        raise _refused(refused, None) from refused
    return redirect(f"/admin/accounts/{account.ref}")


@blueprint.get("/admin/accounts/<ref>")
@page(Action.ACCOUNT_EDIT, of=resource)
def show(ref: str) -> ResponseReturnValue:
    """Show an account's form."""
    account = _account(ref)
    values = boxes(account, AccountSchema())
    values["roles"] = [str(role) for role in read.roles_of(account.id)]
    return render_template(_FORM, **_form(values, account=account))


@blueprint.post("/admin/accounts/<ref>")
@act(Action.ACCOUNT_EDIT, of=resource)
def save(ref: str) -> ResponseReturnValue:
    """Change an account; a password is set only when one is typed."""
    account = _account(ref)
    details = _load(account)
    version = request.form.get("version", 0, type=int)
    password = request.form.get("password", "")
    try:
        service.edit(account, details, version=version, actor=actor(), now=now())
        if password:
            service.set_password(account, password, actor=actor(), now=now())
    except (Refused, Conflict) as refused:
        raise _refused(refused, account) from refused
    return redirect("/admin/accounts")


@blueprint.post("/admin/accounts/<ref>/end")
@act(Action.ACCOUNT_EDIT, of=resource)
def end(ref: str) -> ResponseReturnValue:
    """End an account at once, or open it again."""
    account = _account(ref)
    try:
        if request.form.get("press") == "open":
            service.enable(account, actor=actor(), now=now())
        else:
            service.disable(account, actor=actor(), now=now())
    except Refused as refused:
        raise _refused(refused, account) from refused
    return redirect(f"/admin/accounts/{ref}")


@blueprint.get("/account")
@page(Action.HOME_VIEW)
def own() -> ResponseReturnValue:
    """Show one's own sessions and the form for another password."""
    return render_template("people/own_account.html", **_own({}))


@blueprint.post("/account/password")
@act(Action.HOME_VIEW)
def change_password() -> ResponseReturnValue:
    """Change one's own password; other sessions end."""
    account = read.by_id(actor().account_id)
    assert account is not None  # noqa: S101 - somebody is signed in to it
    try:
        given = load_form(NewPasswordSchema(), request.form)
        service.change_password(
            account, current=given["current"], new=given["new"], actor=actor(), now=now()
        )
    except ValidationError as fault:
        raise Rerender("people/own_account.html", **_own(errors_of(fault))) from fault
    except Refused as refused:
        beside = "current" if refused.rule == "password.wrong" else "new"
        again = _own({beside: [refused.why]})
        raise Rerender("people/own_account.html", **again) from refused
    return render_template("people/own_account.html", **_own({}, done="Your password is changed."))


@blueprint.post("/account/sessions/end")
@act(Action.HOME_VIEW)
def end_session() -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.end_one(row_id("session"), actor=actor(), now=now())
    return redirect("/account")


@blueprint.post("/account/stay")
@act(Action.HOME_VIEW)
def stay() -> ResponseReturnValue:
    """Stay signed in: coming through the door was enough."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def _account(ref: str) -> Account:
    account = read.by_ref(ref)
    assert account is not None  # noqa: S101 - the door's loader found it
    return account


def _load(account: Account | None) -> AccountDetails:
    form = request.form.copy()
    if account is not None:
        form["email"] = account.email
    try:
        details: AccountDetails = load_form(AccountSchema(), form)
    except ValidationError as fault:
        again = _form(_typed(), errors_of(fault), account=account)
        raise Rerender(_FORM, **again) from fault
    return details


def _typed() -> dict[str, Any]:
    shown = typed(request.form, "roles")
    shown.pop("password", None)
    return shown


def _refused(refused: Refused | Conflict, account: Account | None) -> Rerender:
    rule = refused.rule if isinstance(refused, Refused) else ""
    errors = {_BESIDE.get(rule, "form"): [refused.why]}
    return Rerender(_FORM, **_form(_typed(), errors, account=account))


def _form(
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    account: Account | None = None,
) -> dict[str, Any]:
    agencies = directory.open_agencies(clock.today(now()))
    return {
        "account": account,
        "action": f"/admin/accounts/{account.ref}" if account else "/admin/accounts/new",
        "version": account.version if account else None,
        "roles": wording.options(wording.ROLES),
        "agencies": [{"value": str(each.id), "text": each.name} for each in agencies],
        "values": values,
        "errors": errors or {},
    }


def _own(errors: dict[str, list[str]], *, done: str | None = None) -> dict[str, Any]:
    here = actor().session_hash
    return {
        "rows": [
            {
                "id": str(row.id),
                "browser": _browser_words(row.browser or ""),
                "since": row.created_at,
                "seen": row.seen_at,
                "is_here": row.token_hash == here,
            }
            for row in read.sessions_of(actor().account_id, now())
        ],
        "errors": errors,
        "values": {},
        "done": done,
    }


def _browser_words(agent: str) -> str:
    """Say which program and machine a session is from: "Chrome on Windows"."""
    program = next((words for mark, words in _PROGRAMS if mark in agent), "Another program")
    machine = next((f" on {words}" for mark, words in _MACHINES if mark in agent), "")
    return program + machine
