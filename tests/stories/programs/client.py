"""A program that speaks to the API: bearer token, idempotency keys, entity tags, problems."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from webtest import TestApp

from core.filters import plain_date, plain_instant
from people.models.accounts import Account
from tests.stories.place import BASE_URL, Place
from tests.stories.said import TurnedDown

Json = Any
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}T")
_FIRST_ERROR = 400


class Client:
    """One installation's API, asked as one person or another."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._http = TestApp(
            place.app,
            extra_environ={
                "HTTP_HOST": BASE_URL.partition("//")[2],
                "REMOTE_ADDR": "192.0.2.12",
            },
        )
        self._tags: dict[str, str] = {}

    def get(self, who: Account, path: str) -> Json:
        """Read; the entity tag is kept for the edit that may follow."""
        return self._ask("GET", who, path)

    def create(self, who: Account, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Create, twice with one key: a line that broke makes no second thing."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        first = self._ask("POST", who, path, body or {}, key)
        again = self._ask("POST", who, path, body or {}, key)
        assert again == first, "the same key made something else"
        return first

    def post(self, who: Account, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Do something that is no creation."""
        return self._ask("POST", who, path, body or {})

    def edit(
        self,
        who: Account,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        method: str = "PUT",
        seen: int | str | None = None,
        seen_at: str = "",
    ) -> Json:
        """Change what was read.

        Args:
            seen: the version seen; None for the tag that came with ``seen_at``.
        """
        tag = f'"{seen}"' if seen is not None else self._tags[seen_at or path]
        return self._ask(method, who, path, body or {}, {"If-Match": tag})

    def _ask(
        self,
        method: str,
        who: Account,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        token = self.place.token_of(who, *NAMED_SCOPES)
        answer = self._http._gen_request(  # one way in for every method
            method,
            f"/api/v1{path}",
            params=json.dumps(body) if body is not None else b"",
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            expect_errors=True,
            content_type="application/json" if body is not None else None,
        )
        if answer.status_int >= _FIRST_ERROR:
            assert answer.content_type == "application/problem+json"
            raise Problem(answer.status_int, answer.json)
        if "ETag" in answer.headers:
            self._tags[path] = answer.headers["ETag"]
        return answer.json


# What the browser asks the password for again, a token must name itself.
NAMED_SCOPES = ("judgement.confirm_none", "meeting.drop_required")


class Problem(TurnedDown):
    """A problem document."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        messages = [str(body.get("detail") or body.get("title") or "")]
        messages += list(_leaves(body.get("errors")))
        super().__init__(status, messages, json.dumps(body))
        self.body = body


def words_of(body: Json) -> str:
    """Return all words of an answer in order; dates as people write them, too."""
    return " ".join(_words(body))


def _words(body: Json) -> Iterator[str]:
    if isinstance(body, dict):
        for value in body.values():
            yield from _words(value)
    elif isinstance(body, list):
        for value in body:
            yield from _words(value)
    elif isinstance(body, str):
        yield body
        if _DATE.match(body):
            yield plain_date(date.fromisoformat(body))
        elif _INSTANT.match(body):
            yield plain_instant(datetime.fromisoformat(body))
    elif body is not None and not isinstance(body, bool):
        yield str(body)


def _leaves(body: Json) -> Iterator[str]:
    if isinstance(body, dict):
        for value in body.values():
            yield from _leaves(value)
    elif isinstance(body, list):
        for value in body:
            yield from _leaves(value)
    elif body is not None:
        yield str(body)
