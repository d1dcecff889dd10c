"""What every answer has in common: headers, request id, error pages, limits, one log line."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from core.db import session
from core.doors import Unauthorised
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.ids import new_token
from core.logs import log
from core.settings import Settings

BODY_LIMIT = 2 * 1024 * 1024
FORM_PARTS_LIMIT = 2000
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


def install(app: Flask, settings: Settings) -> None:
    """Give an app its limits, headers and error pages."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=FORM_PARTS_LIMIT,
        SESSION_COOKIE_NAME="__Host-confer-form" if settings.is_secure else "confer-form",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[settings.host],
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    app.before_request(_begin)
    app.after_request(_headers)
    app.after_request(_log_line)
    app.teardown_request(lambda _: session.remove())
    for kind, answer in _ANSWERS:
        app.register_error_handler(kind, answer)


def is_api() -> bool:
    """Say whether a program is asking."""
    return request.path.startswith("/api/")


def problem(status: int, title: str, **more: object) -> Response:
    """Return a problem document (RFC 9457)."""
    body: dict[str, object] = {"type": "about:blank", "status": status, "title": title, **more}
    answer = jsonify({key: value for key, value in body.items() if value is not None})
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def error_page(status: int, title: str, why: str = "", **more: Any) -> ResponseReturnValue:  # noqa: ANN401
    """Return the error as a page for a person or a problem for a program."""
    session.rollback()
    if is_api():
        return problem(status, title, detail=why or None, **more)
    known = {400, 403, 404, 409, 413, 429, 500, 503}
    name = status if status in known else (500 if status >= 500 else 400)  # noqa: PLR2004
    page = render_template(
        f"errors/{name}.html", why=why, title=title, request_id=g.get("confer_request_id", "")
    )
    return page, status


def _begin() -> None:
    g.confer_request_id = new_token()[:12]
    g.confer_started = time.perf_counter()
    _ = request.host  # raises for a host that is not ours, before anything is built from it


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Not no-referrer: a browser then sends "Origin: null" with our own forms.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not request.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.add("Cookie")
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return answer


def _log_line(answer: Response) -> Response:
    rule = request.url_rule
    log("web").info(
        "request",
        extra={
            "request_id": g.get("confer_request_id"),
            "method": request.method,
            # The rule, not the path: a link's token is part of the path.
            "route": rule.rule if rule else "none",
            "status": answer.status_code,
            "milliseconds": round((time.perf_counter() - g.get("confer_started", 0)) * 1000, 1),
        },
    )
    return answer


def _not_found(_: NotFound) -> ResponseReturnValue:
    return error_page(404, "Page not found")


def _not_allowed(fault: NotAllowed) -> ResponseReturnValue:
    return error_page(403, "You do not have access", fault.why)


def _unauthorised(_: Unauthorised) -> ResponseReturnValue:
    answer = problem(401, "Send a token that works in the Authorization header")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _refused(fault: Refused) -> ResponseReturnValue:
    return error_page(409, "This cannot be done", fault.why, rule=fault.rule if is_api() else None)


def _conflict(fault: Conflict) -> ResponseReturnValue:
    if is_api():
        # A program that says what it saw is told that this no longer stands.
        status = 412 if "If-Match" in request.headers else 409
        return problem(status, "Somebody changed this since you read it", detail=fault.why,
                       theirs=fault.theirs, yours=fault.yours)  # fmt: skip
    return error_page(409, "Somebody changed this since you opened it", fault.why)


def _stale(_: StaleDataError) -> ResponseReturnValue:
    return error_page(
        412 if is_api() and "If-Match" in request.headers else 409,
        "Somebody changed this since you opened it",
        "Go back, load the page again and look at what changed. Your text is still in the form.",
    )


def _csrf(_: CSRFError) -> ResponseReturnValue:
    return error_page(
        403,
        "This form is too old",
        "Go back, load the page again and send the form once more. Your text is still there.",
    )


def _http(fault: HTTPException) -> ResponseReturnValue:
    status = fault.code or 500
    if is_api():
        answer = problem(status, fault.name, detail=fault.description, **_details(fault))
        for name, value in fault.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer
    if fault.response is not None:
        return fault.response
    return error_page(status, fault.name, _WORDS.get(status, fault.description or ""))


def _details(fault: HTTPException) -> dict[str, object]:
    messages = getattr(fault, "data", {}) or {}
    found = messages.get("messages")
    return {"errors": found} if found else {}


def _crash(fault: Exception) -> ResponseReturnValue:
    log("web").error(
        "crash",
        exc_info=fault,
        extra={"request_id": g.get("confer_request_id")},
    )
    return error_page(500, "There is a problem with the service")


_WORDS = {
    413: "What you sent is too large. Text can be up to 2 MB. Go back: what you typed is still "
    "in the form.",
    429: "Too many tries. Wait a few minutes and try again.",
}
_ANSWERS: tuple[tuple[Any, Any], ...] = (
    (NotFound, _not_found),
    (NotAllowed, _not_allowed),
    (Unauthorised, _unauthorised),
    (Refused, _refused),
    (Conflict, _conflict),
    (StaleDataError, _stale),
    (CSRFError, _csrf),
    (HTTPException, _http),
    (Exception, _crash),
)
