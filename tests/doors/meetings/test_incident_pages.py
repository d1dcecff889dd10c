"""Recording an incident in a browser: found, kept, judged, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import func, select
from webtest import TestApp

from core.db import session, unit_of_work
from meetings.models.incidents import Involvement
from people.models.children import Child
from tests.factories.meetings import World, judgement_of, london, make_known_child, make_world
from tests.factories.people import make_account

Browse = Callable[..., TestApp]


def _world(app: Flask) -> tuple[World, Child]:
    with app.app_context(), unit_of_work():
        world = make_world()
        child = make_known_child(world)
    return world, child


def _count(app: Flask) -> int:
    with app.app_context():
        return session.scalar(select(func.count()).select_from(Involvement)) or 0


def _only(app: Flask) -> Involvement:
    with app.app_context():
        return session.scalars(select(Involvement)).one()


def _filled(form: object, child: Child | None = None) -> object:
    if child is not None:
        form["child-search"] = child.ref  # type: ignore[index]
        page = form.submit("press", value="find")  # type: ignore[attr-defined]
        form = _form(page, form.action)  # type: ignore[attr-defined]
        form["child"] = child.ref  # type: ignore[index]
    form["part"] = "harmed"  # type: ignore[index]
    form["kind"] = "knife"  # type: ignore[index]
    form["safe_now"] = "yes"  # type: ignore[index]
    form["narrative"] = "Stabbed in the arm at the bus station. Told by the ward."  # type: ignore[index]
    return form


def _form(page: object, action: str = "/incidents/new") -> object:
    return next(form for form in page.forms.values() if form.action == action)  # type: ignore[attr-defined]


def test_a_child_is_found_without_javascript_and_what_was_typed_is_kept(
    app: Flask, browse: Browse
) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get("/incidents/new"))
    form["child-search"] = "ellis jor"
    form["narrative"] = "Stabbed in the arm."

    page = form.submit("press", value="find")

    assert page.status_int == 200
    assert child.ref in page
    assert "Stabbed in the arm." in _form(page)["narrative"].value


def test_an_incident_goes_straight_to_the_decision(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get(f"/incidents/new?child={child.ref}"))

    answer = _filled(form).submit("press", value="continue")
    decision = answer.follow()

    assert decision.request.path == f"/incidents/{_only(app).ref}/decision"
    assert "A strategy meeting is needed by Monday 23 November 2026" in decision


def test_a_child_who_is_not_safe_comes_before_anything_else(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get(f"/incidents/new?child={child.ref}"))
    form["safe_now"] = "not_known"

    page = form.submit("press", value="continue")

    assert "999" in page
    assert "01632 960999" in page
    assert _count(app) == 0
    again = _form(page).submit("press", value="continue", expect_errors=True)
    assert again.status_int == 422
    assert "Select the child's part in what happened." in again.html.get_text()


def test_after_ringing_the_incident_is_recorded_as_it_was_typed(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _filled(_form(browser.get(f"/incidents/new?child={child.ref}")))
    form["safe_now"] = "no"

    page = form.submit("press", value="continue")
    _form(page).submit("press", value="continue").follow()

    assert _only(app).safe_now == "no"
    assert _only(app).narrative.startswith("Stabbed in the arm")


def test_every_missing_answer_is_named_beside_its_box_and_nothing_is_lost(
    app: Flask, browse: Browse
) -> None:
    world, _ = _world(app)
    form = _form(browse(world.duty).get("/incidents/new"))
    form["narrative"] = "Something happened."

    page = form.submit("press", value="continue", expect_errors=True)

    said = page.html.get_text()
    assert page.status_int == 422
    for words in (
        "Select the child this is about.",
        "Select the child's part in what happened.",
        "Select what kind of incident it was.",
        "Select whether the child is safe now.",
    ):
        assert words in said
    assert _form(page)["narrative"].value == "Something happened."
    assert _count(app) == 0


def test_a_time_in_the_future_is_refused_beside_the_time(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    form = _filled(_form(browse(world.duty).get(f"/incidents/new?child={child.ref}")))
    form["when"] = "earlier"
    form["earlier-clock"] = "11pm"

    page = form.submit("press", value="continue", expect_errors=True)

    assert page.html.find(id="earlier-clock-error") is not None
    assert "must be now or in the past" in page.html.get_text()


def test_a_date_that_does_not_exist_is_refused(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    form = _filled(_form(browse(world.duty).get(f"/incidents/new?child={child.ref}")))
    form["when"] = "other"
    form["happened-day"], form["happened-month"], form["happened-year"] = "31", "9", "2026"
    form["happened-clock"] = "10am"

    page = form.submit("press", value="continue", expect_errors=True)

    assert page.html.find(id="happened-error") is not None
    assert _form(page)["happened-day"].value == "31"


def test_the_missing_hour_is_refused_and_the_double_one_asked(
    app: Flask, browse: Browse, the_clock: object
) -> None:
    world, child = _world(app)
    the_clock.at = london(date(2027, 11, 1), 9)  # type: ignore[attr-defined]
    browser = browse(world.duty)

    def send(day: str, month: str, **more: str) -> object:
        form = _filled(_form(browser.get(f"/incidents/new?child={child.ref}")))
        form["when"] = "other"
        form["happened-day"], form["happened-month"], form["happened-year"] = day, month, "2027"
        form["happened-clock"] = "1:30am"
        return form.submit("press", value="continue", expect_errors=True)

    missing = send("28", "3")
    twice = send("31", "10")

    assert "This time does not exist" in missing.html.get_text()
    assert "This time happens twice" in twice.html.get_text()
    again = _form(twice)
    again["fold"] = "after"
    again.submit("press", value="continue")
    assert _only(app).happened_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_a_bare_number_is_refused_as_a_score(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    form = _filled(_form(browse(world.duty).get(f"/incidents/new?child={child.ref}")))
    form["score-value"] = "5"

    page = form.submit("press", value="continue", expect_errors=True)

    assert "a number alone says nothing" in page.html.get_text()
    assert _form(page)["score-value"].value == "5"


def test_a_draft_is_kept_and_comes_back(app: Flask, browse: Browse) -> None:
    world, _ = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get("/incidents/new"))
    form["narrative"] = "Half a sentence"

    form.submit("press", value="save")

    page = browser.get("/incidents/new")
    assert _form(page)["narrative"].value == "Half a sentence"
    assert "Draft saved 4:40pm" in page


def test_a_draft_is_kept_while_somebody_types(app: Flask, browse: Browse) -> None:
    world, _ = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get("/incidents/new"))

    answer = browser.post(
        "/incidents/draft",
        {"csrf_token": form["csrf_token"].value, "narrative": "Typing", "when": "now"},
    )

    assert answer.json == {"saved_at": "4:40pm"}
    assert _form(browser.get("/incidents/new"))["narrative"].value == "Typing"


def test_a_draft_of_just_now_comes_back_as_the_time_it_was(
    app: Flask, browse: Browse, the_clock: object
) -> None:
    world, _ = _world(app)
    browser = browse(world.duty)
    form = _form(browser.get("/incidents/new"))
    form["narrative"] = "Half a sentence"
    form.submit("press", value="save")
    the_clock.at = london(date(2026, 11, 20), 17)  # type: ignore[attr-defined]

    form = _form(browser.get("/incidents/new"))

    assert form["when"].value == "other"
    assert form["happened-clock"].value == "16:40"


def test_a_child_not_listed_is_added_on_the_way_with_an_estimated_birthday(
    app: Flask, browse: Browse
) -> None:
    world, _ = _world(app)
    form = _filled(_form(browse(world.duty).get("/incidents/new")))
    form["new-given_name"], form["new-family_name"] = "Rio", "Castell"
    form["new-born_on-day"], form["new-born_on-month"] = "1", "7"
    form["new-born_on-year"] = "2011"
    form["new-is_birth_estimated"] = True

    form.submit("press", value="continue").follow()

    with app.app_context():
        child = session.scalars(select(Child).where(Child.family_name == "Castell")).one()
        assert child.is_birth_estimated
        assert judgement_of(_only(app)).child_id == child.id


def test_a_likely_duplicate_is_shown_before_a_second_record_is_made(
    app: Flask, browse: Browse
) -> None:
    world, child = _world(app)
    form = _filled(_form(browse(world.duty).get("/incidents/new")))
    form["new-given_name"], form["new-family_name"] = "Jordon", "Ellis"
    form["new-born_on-day"], form["new-born_on-month"] = "27", "3"
    form["new-born_on-year"] = "2011"

    page = form.submit("press", value="continue", expect_errors=True)

    assert page.status_int == 422
    assert child.ref in page
    again = _form(page)
    again["same"] = child.ref
    again.submit("press", value="continue").follow()
    assert _only(app).child_id == child.id
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Child)) == 1


def test_a_second_child_has_a_form_of_its_own(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    with app.app_context(), unit_of_work():
        other = make_known_child(world, given_name="Marcus", family_name="Oduya")
    browser = browse(world.duty)
    form = _filled(_form(browser.get(f"/incidents/new?child={child.ref}")))

    page = form.submit("press", value="another").follow()

    first = _only(app)
    where = f"/incidents/{first.ref}/another"
    assert "bus station" not in page
    assert "Jordan" not in page
    second = _filled(_form(page, where), other)
    second["part"] = "suspected"
    second["narrative"] = "Seen running away."
    second.submit("press", value="continue").follow()
    assert _count(app) == 2


def test_the_same_child_twice_is_refused(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _filled(_form(browser.get(f"/incidents/new?child={child.ref}")))
    page = form.submit("press", value="another").follow()
    where = f"/incidents/{_only(app).ref}/another"

    again = _filled(_form(page, where), child).submit("press", value="continue", expect_errors=True)

    assert "already recorded" in again.html.get_text()
    assert _count(app) == 1


def test_somebody_who_is_invited_only_cannot_record(app: Flask, browse: Browse) -> None:
    from people.terms import Role  # noqa: PLC0415

    _world(app)
    with app.app_context(), unit_of_work():
        teacher = make_account(roles=(Role.PROFESSIONAL,))

    answer = browse(teacher).get("/incidents/new", expect_errors=True)

    assert answer.status_int == 403


def test_a_score_added_later_judges_again(app: Flask, browse: Browse) -> None:
    world, child = _world(app)
    browser = browse(world.duty)
    form = _filled(_form(browser.get(f"/incidents/new?child={child.ref}")))
    form["part"] = "suspected"
    form.submit("press", value="continue")
    ref = _only(app).ref
    page = browser.get(f"/incidents/{ref}")
    form = _form(page, f"/incidents/{ref}/score")
    form["score-scale"] = form["score-scale"].options[0][0]
    form["score-value"], form["score-scored_by"] = "6", "Youth justice"
    form["scored-day"], form["scored-month"], form["scored-year"] = "20", "11", "2026"

    decision = form.submit().follow()

    assert "because a score was added" in decision
    assert "Before: professional discussion" in decision


def test_somebody_without_the_child_adds_no_score_and_reads_nothing_by_trying(
    app: Flask, browse: Browse
) -> None:
    world, child = _world(app)
    form = _filled(_form(browse(world.duty).get(f"/incidents/new?child={child.ref}")))
    form.submit("press", value="continue")  # type: ignore[attr-defined]
    ref = _only(app).ref
    with app.app_context(), unit_of_work():
        somebody = make_account(name="Dana Holt")
    stranger = browse(somebody)
    typed = {"csrf_token": _form(stranger.get("/incidents/new"))["csrf_token"].value}  # type: ignore[index]

    answers = [
        stranger.post(f"/incidents/{ref}/{what}", typed, expect_errors=True)
        for what in ("score", "answers", "judge-again")
    ]

    assert [answer.status_int for answer in answers] == [404, 404, 404]
    assert all("Stabbed" not in answer for answer in answers)
