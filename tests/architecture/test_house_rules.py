"""Rules a newcomer would otherwise have to be told."""

from __future__ import annotations

import ast
import enum
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core.db import Base

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "notifications", "procedures", "people", "plans", "meetings", "demo")
ROUTES = Path(__file__).with_name("routes.txt")


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")


def test_every_route_declares_a_permission(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not hasattr(app.view_functions[rule.endpoint], "permission")
    ]

    assert undeclared == []


def test_the_routes_are_the_stored_list(app: Flask) -> None:
    found = sorted(
        f"{'|'.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule} "
        f"[{getattr(app.view_functions[rule.endpoint], 'permission', 'static')}]"
        for rule in app.url_map.iter_rules()
    )

    assert found == ROUTES.read_text().splitlines(), (
        "A route changed: look at it, then write the list anew with "
        "python -m tests.architecture.write_routes"
    )


def test_no_get_route_is_a_writing_door(app: Flask) -> None:
    both = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and "POST" in rule.methods
    ]

    assert both == []


def test_only_the_unit_of_work_commits() -> None:
    commits = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if re.search(r"\.commit\(\)", path.read_text())
    ]

    assert commits == ["core/db.py"]


def test_every_column_says_what_it_holds(app: Flask) -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not column.comment
    ]

    assert silent == []


def test_no_module_has_a_drawers_name() -> None:
    drawers = {"utils", "helpers", "common", "misc", "base", "manager"}

    assert [str(path) for path in _modules() if path.stem in drawers] == []


def test_every_public_rule_names_its_source() -> None:
    silent = []
    for room in ("procedures", "people", "plans", "meetings", "notifications"):
        for path in (ROOT / room / "rules").rglob("*.py"):
            tree = ast.parse(path.read_text())
            whole = ast.get_docstring(tree) or ""
            silent += [
                f"{path.relative_to(ROOT)}:{node.name}"
                for node in tree.body
                if isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and "Source:" not in (ast.get_docstring(node) or "") + whole
            ]

    assert silent == []


def test_rules_are_loaded_without_flask_or_a_database() -> None:
    code = (
        "import sys, pkgutil, importlib\n"
        "for room in ('procedures','people','plans','meetings','notifications'):\n"
        "    package = importlib.import_module(f'{room}.rules')\n"
        "    for found in pkgutil.iter_modules(package.__path__):\n"
        "        importlib.import_module(f'{room}.rules.{found.name}')\n"
        "heavy = {'flask', 'sqlalchemy', 'marshmallow', 'icalendar', 'apscheduler'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stderr


def _own_words() -> set[str]:
    """Return the words of our own vocabularies: "school" is a connection as well as an agency."""
    words: set[str] = set()
    for room in ("people", "meetings", "plans", "procedures", "notifications"):
        terms = importlib.import_module(f"{room}.terms")
        for found in vars(terms).values():
            if isinstance(found, type) and issubclass(found, enum.StrEnum):
                words |= {member.value for member in found}
    return words


@pytest.mark.parametrize("kind", ["meeting_type", "trigger", "invitation", "agency_kind", "role"])
def test_no_id_of_a_pack_stands_in_python(kind: str) -> None:
    pack = tomllib.loads((ROOT / "procedures/packs/default.toml").read_text())
    ids = {item["id"] for item in pack.get(kind, []) if isinstance(item, dict)}
    ids -= _own_words()
    # A word such as "police" is also plain English; an id is quoted whole in code.
    found = []
    for path in _modules():
        if "demo" in path.parts:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
        ]

    assert found == []
