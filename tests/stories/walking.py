"""Every address of the app with one child's references in it, and what changed by opening them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.routing import Rule

from core.db import Base, db
from tests.stories.both_children import OneOfBoth

# What opening a page may write: who looked, and that the session is in use.
_MAY_CHANGE = frozenset(
    {"audit_entries", "audit_seals", "sign_in_sessions", "sign_in_attempts", "api_tokens"}
)
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_OF_NO_CHILD = ("/admin/", "/static/", "/post-room", "/api/v1/agencies", "/api/v1/teams",
                "/api/v1/mail", "/api/v1/accounts", "/go-on/")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One address with its method and permission."""

    method: str
    path: str
    rule: str
    permission: str

    @property
    def is_api(self) -> bool:
        """Say whether it is for programs."""
        return self.path.startswith("/api/")


def addresses(app: Flask, one: OneOfBoth) -> list[Address]:
    """Return every address that this child's references lead to.

    Raises:
        LookupError: a route has an argument nobody here knows; teach ``_values`` what it is.
    """
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.rule.startswith(_OF_NO_CHILD):
            continue
        permission = str(getattr(app.view_functions[rule.endpoint], "permission", "static"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found += [Address(method, path, rule.rule, permission) for path in _filled(rule, one)]
    return found


def _filled(rule: Rule, one: OneOfBoth) -> Iterator[str]:
    several = _several(rule.rule)
    for values in several:
        known = _values(rule.rule, one) | values

        def fill(found: re.Match[str], known: dict[str, str] = known) -> str:
            if found[1] not in known:
                raise LookupError(f"what is <{found[1]}> of {rule.rule}?")
            return known[found[1]]

        yield _ARGUMENT.sub(fill, rule.rule)


def _values(rule: str, one: OneOfBoth) -> dict[str, str]:
    """Return what the arguments of a route stand for, by where it lies."""
    path = rule.removeprefix("/api/v1")
    ref = {
        "/children": one.child,
        "/incidents": one.incident,
        "/meetings": one.meeting,
        "/actions": one.action,
    }
    top = "/" + path.split("/")[1]
    values = {"ref": ref[top]} if top in ref else {}
    token = {"/r": one.link, "/a": one.action_link}.get(top, "")
    return values | {
        "token": token.rpartition("/")[2],
        "key": one.task_key if top == "/tasks" else one.invitee_key,
        "meeting_ref": one.meeting,
        "action_ref": one.action,
        "number": "1",
        "position": "1",
        "place": "nowhere",
        "rows": "decisions",
        "section": "worry",
        "kind": "parent",
    }


def _several(rule: str) -> list[dict[str, str]]:
    """Return the values of an argument that stands for a part of the plan."""
    if "<name>" in rule:
        parts = ("matters", "worry", "strength", "goal", "contingency", "voice", "order", "strand")
        return [{"name": name} for name in parts]
    return [{}]


def fingerprints(app: Flask) -> dict[str, str]:
    """Return a digest of every table but those that say who looked."""
    found = {}
    metadata: MetaData = Base.metadata
    with app.app_context(), db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in _MAY_CHANGE:
                continue
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
