"""Register imports in the browser and by command: checked, looked at, then written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from webtest import Upload

from app import main
from core.db import session, unit_of_work
from meetings.queries import by_agency
from people.directory_cli import directory_group
from people.models.agencies import Agency
from people.models.registers import Import
from people.views.imports import MOST_BYTES
from tests.doors.people.conftest import World
from tests.doors.people.forms import form_to
from tests.factories.people import make_connection

DATA = Path(__file__).parents[2] / "data" / "registers"
SCHOOLS = DATA / "gias-sample-2025.csv"
CLOSED = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}


def last_school(**changed: str) -> bytes:
    """Return the extract with cells of its last row changed."""
    with SCHOOLS.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    for name, text in changed.items():
        rows[-1][rows[0].index(name)] = text
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def bring(browser: Any, content: bytes, *, status: int = 302, **typed: str) -> Any:
    form = form_to(browser.get("/admin/imports"), "/admin/imports")
    form["register"] = typed.get("register", "schools")
    form["areas"] = typed.get("areas", "201")
    form["file"] = Upload("edubasealldata.csv", content)
    return form.submit(status=status)


def schools(app: Flask) -> int:
    with app.app_context():
        count = select(func.count()).where(Agency.register_code.is_not(None))
        return session.scalar(count) or 0


def test_a_file_is_checked_before_a_press_imports_it(browse: Any, world: World, app: Flask) -> None:
    browser = browse(world.admin)

    checked = bring(browser, SCHOOLS.read_bytes()).follow()
    before = schools(app)
    done = next(each for each in checked.forms.values() if each.action.endswith("/apply"))
    page = done.submit().follow()

    assert "What this import would do" in checked.text
    assert "Import these" in checked.text
    assert (before, schools(app)) == (0, 4)
    assert "Written to the directory" in page.text
    assert "Import these" not in page.text


def test_a_file_that_says_nothing_new_offers_no_press(browse: Any, world: World) -> None:
    browser = browse(world.admin)
    first = bring(browser, SCHOOLS.read_bytes()).follow()
    next(each for each in first.forms.values() if each.action.endswith("/apply")).submit()

    page = bring(browser, SCHOOLS.read_bytes(), areas="").follow()

    assert "There is nothing to import" in page.text
    assert "Import these" not in page.text


def test_a_faulty_row_is_shown_and_the_rest_imported_only_when_asked(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.admin)
    page = bring(browser, last_school(URN="12")).follow()
    rest = next(each for each in page.forms.values() if each.action.endswith("/apply"))

    plain = {"csrf_token": rest["csrf_token"].value}
    refused = browser.post(rest.action, plain, status=422)
    before = schools(app)
    rest.submit().follow()

    assert "is no URN" in page.text
    assert "Import the rest" in page.text
    assert "Rows that cannot be used: 1. Nothing was imported." in refused.text
    assert (before, schools(app)) == (0, 3)


def test_a_closed_school_is_shown_with_the_children_it_touches(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.admin)
    first = bring(browser, SCHOOLS.read_bytes()).follow()
    next(each for each in first.forms.values() if each.action.endswith("/apply")).submit()
    with app.app_context(), unit_of_work():
        school = session.scalar(select(Agency).where(Agency.register_code == "100003"))
        make_connection(child=session.merge(world.child), agency=school)

    checked = bring(browser, last_school(**CLOSED)).follow()
    next(each for each in checked.forms.values() if each.action.endswith("/apply")).submit()
    page = browser.get("/admin/imports")

    assert world.child.ref in checked.text
    assert world.child.ref in page.text
    assert "Ellis" not in checked.text + page.text


@pytest.mark.parametrize(
    ("content", "typed", "said"),
    [
        (b"URN,Name\r\n1,2\r\n", {}, "is missing"),
        (b"hello\r\n", {}, "names none of the columns"),
        (SCHOOLS.read_bytes(), {"areas": ""}, "Say which areas to import"),
        (SCHOOLS.read_bytes(), {"register": "practices"}, "not epraccur.csv"),
        (b"", {}, "empty"),
        (b"a" * (MOST_BYTES + 1), {}, "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_beside_it(
    content: bytes, typed: dict[str, str], said: str, browse: Any, world: World, app: Flask
) -> None:
    page = bring(browse(world.admin), content, status=422, **typed)

    assert said in page.text
    assert schools(app) == 0


def test_a_form_without_a_file_asks_for_one(browse: Any, world: World) -> None:
    browser = browse(world.admin)

    page = form_to(browser.get("/admin/imports"), "/admin/imports").submit(status=422)

    assert "Choose the register&#39;s CSV file." in page.text


def test_a_body_beyond_the_limit_is_refused(browse: Any, world: World) -> None:
    bring(browse(world.admin), b"a" * (MOST_BYTES + 100_000), status=413)


def test_an_import_is_for_those_who_keep_the_directory(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.worker)

    browser.get("/admin/imports", status=403)
    browser.get("/admin/imports/R-7F3K9Q", status=403)


def test_a_file_imported_already_is_not_imported_twice(
    browse: Any, world: World, app: Flask
) -> None:
    browser = browse(world.admin)
    page = bring(browser, SCHOOLS.read_bytes()).follow()
    form = next(each for each in page.forms.values() if each.action.endswith("/apply"))
    form.submit()

    answer = form.submit(status=422)

    assert "imported already" in answer.text
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Import)) == 1


@pytest.fixture
def run(app: Flask, world: World) -> Any:
    """Return a runner of the command: ``run("schools", "FILE", "--all")``."""
    group = directory_group(by_agency.coming)

    def invoke(*words: str) -> Result:
        with app.app_context():
            session.rollback()
            place = SimpleNamespace(app=lambda: app)
            return CliRunner().invoke(group, ("import", *words), obj=place)

    return invoke


def test_the_command_is_a_dry_run_until_told_to_apply(run: Any, app: Flask) -> None:
    dry = run("schools", str(SCHOOLS), "--all")
    assert schools(app) == 0
    wet = run("schools", str(SCHOOLS), "--all", "--apply")
    again = run("schools", str(SCHOOLS), "--apply", "--json")

    assert (dry.exit_code, wet.exit_code, again.exit_code) == (0, 0, 0)
    assert "This was a dry run. Add --apply to write it." in dry.output
    assert "4  New" in dry.output
    assert "Imported." in wet.output
    assert json.loads(again.output)["counts"]["unchanged"] == 4
    assert schools(app) == 4


def test_the_command_names_a_bad_row_and_writes_nothing(
    run: Any, app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "schools.csv"
    file.write_bytes(last_school(URN="12"))

    stopped = run("schools", str(file), "--all", "--apply")
    before = schools(app)
    rest = run("schools", str(file), "--all", "--apply", "--skip-bad-rows")

    assert (stopped.exit_code, before) == (1, 0)
    assert 'Line 5: "12" is no URN' in stopped.output
    assert (rest.exit_code, schools(app)) == (0, 3)


def test_the_command_says_what_is_wrong_with_a_file(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "half.csv"
    file.write_bytes(SCHOOLS.read_bytes()[:-100])

    plain = run("schools", str(file), "--all", "--apply")
    as_json = run("schools", str(file), "--all", "--json")
    unsaid = run("practices", str(DATA / "epraccur-west-yorkshire.csv"))

    assert (plain.exit_code, as_json.exit_code, unsaid.exit_code) == (1, 1, 1)
    assert "half a file" in plain.output
    assert "half a file" in json.loads(as_json.output)["error"]
    assert "Say which areas to import" in unsaid.output


def test_the_command_is_part_of_the_program() -> None:
    result = CliRunner().invoke(main, ["directory", "import", "practices", "--help"])

    assert result.exit_code == 0
    assert "--commissioner" in result.output
