"""The frame of the JSON API: OpenAPI, bearer tokens, paging, entity tags, repeated creates.

A room's ``api.py`` makes a ``flask_smorest.Blueprint`` under ``/api/v1`` and puts
``endpoint`` outermost, so that the answer is written inside the transaction::

    @blueprint.route("/children/<ref>")
    @endpoint(Action.CHILD_VIEW, of=child_by_ref)
    @blueprint.response(200, ChildSchema)
    def show(ref): ...
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import PreconditionRequired

from core import doors, idempotency
from core.errors import Conflict
from core.web import problem

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
PAGE_SIZE = 50
PRECONDITION_REQUIRED, PRECONDITION_FAILED = 428, 412


class PageQuery(Schema):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=10_000))


def install(app: Flask, blueprints: Sequence[Blueprint]) -> Api:
    """Publish the API and its OpenAPI description at ``/api/v1/openapi.json``."""
    app.config.update(
        API_TITLE="Confer",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
        },
    )
    api = _ProblemApi(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    for name, view in list(app.view_functions.items()):
        if name.startswith("api-docs."):
            app.view_functions[name] = doors.open_page()(cast(Any, view))
    return api


class _ProblemApi(Api):  # type: ignore[misc]  # the library is not typed
    """The library's API with our own error answers, which keep headers such as Allow."""

    def _register_error_handlers(self) -> None:
        """Leave the app's handlers in place."""


def page_of(rows: Sequence[Any], page: int, size: int = PAGE_SIZE) -> dict[str, Any]:
    """Return one page of rows with where the next is; ``rows`` may hold one more than a page."""
    return {"items": list(rows[:size]), "page": page, "has_more": len(rows) > size}


def entity_tag(version: int) -> str:
    """Return the entity tag of a row's version."""
    return f'"{version}"'


def with_tag(body: ResponseReturnValue, version: int) -> Response:
    """Return an answer carrying the entity tag its editor must send back."""
    answer = make_response(body)
    answer.headers["ETag"] = entity_tag(version)
    return answer


def required_version() -> int:
    """Return the version the caller last saw, from ``If-Match``.

    Raises:
        PreconditionRequired: the header is missing or not one of our tags (428).
    """
    text = request.headers.get("If-Match", "").strip().strip('"')
    if not text.isdigit():
        raise PreconditionRequired("Send If-Match with the ETag of what you last read.")
    return int(text)


def require_version(version: int) -> None:
    """Let an edit through only when its ``If-Match`` names the version that stands.

    Raises:
        PreconditionRequired: the header is missing or not one of our tags (428).
        Conflict: somebody changed it since (412).
    """
    if required_version() != version:
        raise Conflict("Somebody changed this since you read it. Read it again, then change it.")


def once(view: View) -> View:
    """Answer a repeated ``Idempotency-Key`` with what was answered first.

    Stands inside ``endpoint``: the kept answer and the thing it made are one transaction.
    """

    @functools.wraps(view)
    def wrapped(*args: object, **kwargs: object) -> ResponseReturnValue:
        key = request.headers.get("Idempotency-Key")
        if not key:
            return view(*args, **kwargs)
        if len(key) > 100:  # noqa: PLR2004 - the column's length
            return problem(422, "The Idempotency-Key must be at most 100 characters")
        account = g.confer_actor.account_id
        digest = idempotency.fingerprint(request.path, request.get_data())
        kept = idempotency.find(account, key, digest, now=doors.now())
        if kept is not None:
            answer = make_response(kept.body, kept.status)
            answer.content_type = "application/json"
            answer.headers["Idempotent-Replayed"] = "true"
            if kept.location:
                answer.headers["Location"] = kept.location
            return answer
        answer = make_response(view(*args, **kwargs))
        if answer.status_code < 400:  # noqa: PLR2004 - the first error
            idempotency.keep(
                account,
                key,
                digest,
                status=answer.status_code,
                body=answer.get_data(as_text=True),
                location=answer.headers.get("Location"),
                now=doors.now(),
            )
        return answer

    return wrapped  # type: ignore[return-value]
