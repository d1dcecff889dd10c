"""The doors: how a request comes in, who it is from, whether it may, and when it is committed.

Every view stands behind exactly one door, which declares its permission. A door
opens the transaction before anything is read, asks the policy, writes the audit
line of a read or a refusal in that transaction, and commits only an answer that
is not an error.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden

from core import audit, clock
from core.db import reading, session, unit_of_work
from core.errors import NotAllowed, NotFound, SignInNeeded, StepUpNeeded

csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_FIRST_ERROR = 400


class Answer(Protocol):
    """What the policy answers: one of allow, redact, step_up, hide, deny; the rule; why."""

    @property
    def outcome(self) -> str:
        """allow, redact, step_up, hide or deny."""

    @property
    def rule(self) -> str:
        """The rule that decided."""

    @property
    def why(self) -> str:
        """The reason, in words for the person."""


class Thing(Protocol):
    """What a permission is asked about."""

    @property
    def kind(self) -> str:
        """child, meeting, plan ..."""

    @property
    def id(self) -> uuid.UUID | None:
        """Its row id."""

    @property
    def child_id(self) -> uuid.UUID | None:
        """Whose record it is part of."""


Policy = Callable[[Any, str, Any, datetime], Answer]
Loader = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody with a link, or nobody known."""

    name: str = "somebody with a link"
    account_id: uuid.UUID | None = None


class Rerender(Exception):
    """Show the form again with what was typed; nothing of this request is kept."""

    def __init__(self, template: str, *, status: int = 422, **context: object) -> None:
        super().__init__(template)
        self.template = template
        self.status = status
        self.context = context


def use_policy(app: Flask, policy: Policy) -> None:
    """Give an app its one policy function."""
    app.extensions["confer_policy"] = policy


def now() -> datetime:
    """Return the instant of this request: read once, the same all the way down."""
    if "confer_now" not in g:
        reader = current_app.extensions.get("confer_clock", clock.now)
        g.confer_now = reader()
    return cast(datetime, g.confer_now)


def actor() -> Any:  # noqa: ANN401 - the rooms know the type; core holds no domain noun
    """Return who is asking, as the people room describes them.

    Raises:
        RuntimeError: the door let nobody in, so nobody can be asked for.
    """
    if g.get("confer_actor") is None:
        raise RuntimeError("this door lets people in without an account")
    return g.confer_actor


def page(action: str, *, of: Loader | None = None) -> Callable[[View], View]:
    """Let a person read: GET and HEAD only, nothing changed but the audit line."""
    return _door(action, of, writes=False)


def act(action: str, *, of: Loader | None = None) -> Callable[[View], View]:
    """Let a person write: the anti-forgery token first, then one transaction."""
    return _door(action, of, writes=True)


def open_page() -> Callable[[View], View]:
    """Let anybody read: sign-in, health, help."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**kwargs: object) -> ResponseReturnValue:
            with reading():
                return make_response(view(**kwargs))

        return _declare(wrapped, "open", view)

    return decorate


def open_act() -> Callable[[View], View]:
    """Let anybody post a form of ours: sign-in."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**kwargs: object) -> ResponseReturnValue:
            csrf.protect()
            return _run_writing(view, kwargs)

        return _declare(wrapped, "open", view)

    return decorate


def link_page() -> Callable[[View], View]:
    """Let the holder of a link read. A scanner that follows the link changes nothing."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**kwargs: object) -> ResponseReturnValue:
            with reading():
                return make_response(view(**kwargs))

        return _declare(wrapped, "link", view)

    return decorate


def link_read() -> Callable[[View], View]:
    """Let the holder of a link and a code read; the reading is recorded, so it may write."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**kwargs: object) -> ResponseReturnValue:
            return _run_writing(view, kwargs)

        return _declare(wrapped, "link", view)

    return decorate


def link_act() -> Callable[[View], View]:
    """Let the holder of a link post, from our own page only."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(**kwargs: object) -> ResponseReturnValue:
            _require_own_page()
            return _run_writing(view, kwargs)

        return _declare(wrapped, "link", view)

    return decorate


def endpoint(
    action: str, *, of: Loader | None = None, writes: bool = False
) -> Callable[[View], View]:
    """Let a program in with a bearer token; the same policy, the same transaction."""
    return _door(action, of, writes=writes, by_token=True)


def _declare(wrapped: Callable[..., ResponseReturnValue], permission: str, _like: View) -> View:
    wrapped.permission = permission  # type: ignore[attr-defined]
    return cast(View, wrapped)


def _door(
    action: str, of: Loader | None, *, writes: bool, by_token: bool = False
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(*args: object, **kwargs: object) -> ResponseReturnValue:
            if g.get("confer_actor") is None:
                return _sign_in_first(by_token=by_token)
            _require_scope(action, writes=writes)
            if writes and not by_token:
                csrf.protect()
            # The path's own words, before a decorator of the API adds the body.
            path = dict(request.view_args or {})
            if writes or of is not None:
                return _checked_in_unit(view, action, of, path, args, kwargs, reads=not writes)
            with reading():
                answer = _ask(action, None)
                if _opens(action, answer):
                    return make_response(view(*args, **kwargs))
            return _refuse(action, answer, None, record=True)

        return _declare(wrapped, str(action), view)

    return decorate


class NotTheirs(NotFound):
    """A loader's answer about what is there and not this person's: refused, recorded, unseen.

    Attributes:
        thing: what was asked for.
        rule: why it is not theirs, for the audit.
    """

    def __init__(self, thing: Thing, rule: str) -> None:
        super().__init__(thing.kind)
        self.thing = thing
        self.rule = rule


def _checked_in_unit(
    view: Callable[..., ResponseReturnValue],
    action: str,
    of: Loader | None,
    path: dict[str, Any],
    args: tuple[object, ...],
    kwargs: dict[str, Any],
    *,
    reads: bool,
) -> ResponseReturnValue:
    refused: tuple[Answer, Thing | None] | None = None
    outcome: Response | None = None
    try:
        with unit_of_work():
            thing = of(**path) if of is not None else None
            if of is not None and thing is None:
                raise NotFound(str(action))
            answer = _ask(action, thing)
            if not _opens(action, answer):
                _record_refusal(action, answer, thing)
                refused = (answer, thing)
            else:
                g.confer_answer = answer
                if reads and thing is not None and thing.child_id is not None:
                    _record(action, thing, decision="read", detail=answer.rule)
                outcome = _answered(view, args, kwargs)
                if outcome.status_code >= _FIRST_ERROR:
                    raise _Undo
    except _Undo:
        _record_reads_of_an_error()
    except NotTheirs as fault:
        with unit_of_work():
            _record(action, fault.thing, decision="refused", detail=fault.rule)
        raise
    if refused is not None:
        return _refuse(action, refused[0], refused[1], record=False)
    return cast(Response, outcome)


class _Undo(Exception):
    """The answer is an error page: keep nothing of this transaction."""


def _answered(
    view: Callable[..., ResponseReturnValue], args: tuple[object, ...], kwargs: dict[str, Any]
) -> Response:
    try:
        return make_response(view(*args, **kwargs))
    except Rerender as again:
        # Rendered before the rollback, while what was loaded can still be read.
        return make_response(render_template(again.template, **again.context), again.status)


def _run_writing(
    view: Callable[..., ResponseReturnValue], kwargs: dict[str, Any]
) -> ResponseReturnValue:
    outcome: Response | None = None
    try:
        with unit_of_work():
            outcome = _answered(view, (), kwargs)
            if outcome.status_code >= _FIRST_ERROR and not g.get("confer_keep", False):
                raise _Undo
    except _Undo:
        pass
    return cast(Response, outcome)


def keep() -> None:
    """Keep this transaction although the answer is an error: a wrong code counts as a try."""
    g.confer_keep = True


def note_read(action: str, thing: Thing) -> None:
    """Record that the answer shows a record which the door itself was not asked for.

    It is recorded although the answer is an error and nothing else of it is kept: the page that
    says what is wrong shows the record all the same.
    """
    answer = _ask(action, thing)
    _record(action, thing, decision="read", detail=answer.rule)
    g.setdefault("confer_reads", []).append((action, thing, answer.rule))


def _record_reads_of_an_error() -> None:
    reads = g.pop("confer_reads", [])
    if not reads:
        return
    with unit_of_work():
        for action, thing, rule in reads:
            _record(action, thing, decision="read", detail=rule)


def _ask(action: str, thing: Thing | None) -> Answer:
    policy: Policy = current_app.extensions["confer_policy"]
    return policy(g.confer_actor, action, thing, now())


def _opens(action: str, answer: Answer) -> bool:
    """Say whether the door opens.

    A program has no password to be asked for again: a token that names this very permission
    stands for it, since whoever made that token was asked. A wide scope does not.
    """
    if answer.outcome in ("allow", "redact"):
        return True
    named: frozenset[str] = g.get("confer_scopes") or frozenset()
    return answer.outcome == "step_up" and str(action) in named


def may(action: str, thing: Thing | None = None) -> bool:
    """Say whether the person asking may do this, for a page that shows or hides a button.

    What asks for the password again is shown: pressing it is how one is asked.
    """
    return _ask(action, thing).outcome in ("allow", "redact", "step_up")


def _record(action: str, thing: Thing | None, *, decision: str, detail: str | None) -> None:
    audit.record(
        g.confer_actor,
        str(action),
        thing.kind if thing else "service",
        thing.id if thing else None,
        child_id=thing.child_id if thing else None,
        now=now(),
        decision=decision,
        detail=detail,
        request_id=g.get("confer_request_id"),
    )


def _record_refusal(action: str, answer: Answer, thing: Thing | None) -> None:
    _record(action, thing, decision="refused", detail=answer.rule)


def _refuse(
    action: str, answer: Answer, thing: Thing | None, *, record: bool
) -> ResponseReturnValue:
    if record:
        with unit_of_work():
            _record_refusal(action, answer, thing)
    if answer.outcome == "hide":
        raise NotFound(str(action))
    if answer.outcome == "step_up":
        raise StepUpNeeded
    raise NotAllowed(answer.why)


def _sign_in_first(*, by_token: bool) -> ResponseReturnValue:
    if by_token:
        raise Unauthorised
    # What a script saves by itself stands in the page still; it is told by the redirect.
    if request.method == "POST" and "application/json" not in request.headers.get("Accept", ""):
        raise SignInNeeded
    where = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect("/sign-in" if where == "/" else f"/sign-in?next={where}")


class Unauthorised(Exception):
    """A program came without a token that works."""


def _require_scope(action: str, *, writes: bool) -> None:
    scopes: frozenset[str] | None = g.get("confer_scopes")
    if scopes is None or str(action) in scopes or ("write" if writes else "read") in scopes:
        return
    raise NotAllowed(f"This token does not carry the scope for {action}.")


def _require_own_page() -> None:
    ours = urlsplit(current_app.extensions["settings"].base_url)
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        raise Forbidden("This form was sent from another page.")
    if origin is not None and origin != f"{ours.scheme}://{ours.netloc}":
        raise Forbidden("This form was sent from another page.")
    if site is None and origin is None:
        raise Forbidden("This browser does not say which page the form was sent from.")


def forget() -> None:
    """Drop what the session holds between two units of one request."""
    session.rollback()
