"""What goes wrong while somebody types: a clear message beside it, nothing lost, no stack trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import reading, session
from meetings.models.incidents import Involvement
from tests.stories.browser import Browser, main_of, on_page
from tests.stories.links import Holder
from tests.stories.pages import Pages
from tests.stories.place import Place, at
from tests.stories.said import Agreed, Told, TurnedDown
from tests.stories.telling import Convened, Door, convened

WORDS = "He was stabbed at the bus station; the ward rang."


def _recorded(place: Place) -> int:
    with place.app.app_context(), reading():
        return session.scalar(select(func.count()).select_from(Involvement)) or 0


def _refused(door: Door, place: Place, told: Told) -> TurnedDown:
    """Tell something wrong and return the answer; nothing of it may have been recorded."""
    with pytest.raises(TurnedDown) as refused:
        door.record(place.world.duty, told)
    turned = refused.value
    assert turned.status in (409, 422)
    assert "Traceback" not in turned.shown
    assert _recorded(place) == 0
    if door.name == "pages":
        assert WORDS in turned.shown
    return turned


def test_an_incident_in_the_future_is_refused(door: Door, place: Place) -> None:
    later = place.clock.at + timedelta(hours=3)

    turned = _refused(
        door, place, Told(place.child("Kofi", "Mensah"), narrative=WORDS, happened_at=later)
    )

    assert turned.says("now or in the past")


def test_an_incident_two_minutes_ahead_of_our_clock_is_taken(door: Door, place: Place) -> None:
    soon = place.clock.at + timedelta(minutes=1)

    door.record(place.world.duty, Told(place.child("Kofi", "Mensah"), happened_at=soon))

    assert _recorded(place) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("31", "2", "2026", "10:00"), "real date"),
        (("28", "3", "2027", "1:30am"), "clocks go forward"),
        (("25", "10", "2026", "1:30am"), "happens twice"),
        (("1", "11", "2026", "half past"), "real time"),
    ],
)
def test_a_date_or_an_hour_that_does_not_exist_is_named_beside_the_box(
    place: Place, typed: tuple[str, str, str, str], says: str
) -> None:
    place.clock.at = at("2027-04-01", "10:00")
    browser = Pages(place).browser(place.world.duty)
    child = place.child("Kofi", "Mensah")
    form = _filled_form(browser, child)
    form["when"] = "other"
    for box, text in zip(("day", "month", "year", "clock"), typed, strict=True):
        form[f"happened-{box}"] = text

    with pytest.raises(TurnedDown) as refused:
        browser.send(form, "press", "continue")

    assert refused.value.status == 422
    assert refused.value.says(says)
    again = browser.form("Continue")[0]
    assert again["narrative"].value.strip() == WORDS
    assert again["happened-clock"].value == typed[3]


def test_an_hour_that_happens_twice_is_asked_about_and_then_taken(place: Place) -> None:
    place.clock.at = at("2026-10-26", "10:00")
    browser = Pages(place).browser(place.world.duty)
    form = _filled_form(browser, place.child("Kofi", "Mensah"))
    form["when"] = "other"
    form["happened-day"], form["happened-month"] = "25", "10"
    form["happened-year"], form["happened-clock"] = "2026", "1:30am"
    with pytest.raises(TurnedDown):
        browser.send(form, "press", "continue")

    browser.press("Continue", {"fold": "after"})

    with place.app.app_context(), reading():
        happened = session.scalars(select(Involvement.happened_at)).one()
    assert happened.isoformat() == "2026-10-25T01:30:00+00:00"


def test_a_bare_number_is_no_score(door: Door, place: Place) -> None:
    child = place.child("Kofi", "Mensah")

    if door.name == "pages":
        turned = _bare_number(place, child)
    else:
        bare = ("yjb_seriousness", "", 6, "Duty")
        turned = _refused(door, place, Told(child, narrative=WORDS, score=bare))

    assert turned.says("scale") or turned.says("version") or turned.says("number")


def _bare_number(place: Place, child: str) -> TurnedDown:
    browser = Pages(place).browser(place.world.duty)
    form = _filled_form(browser, child)
    form["score-value"] = "6"
    with pytest.raises(TurnedDown) as refused:
        browser.send(form, "press", "continue")
    assert browser.form("Continue")[0]["score-value"].value == "6"
    return refused.value


def test_a_score_outside_its_scale_is_refused(door: Door, place: Place) -> None:
    score = ("yjb_seriousness", "Scaled Approach", 12, "Youth justice")

    turned = _refused(
        door, place, Told(place.child("Kofi", "Mensah"), narrative=WORDS, score=score)
    )

    assert turned.says("1 to 8") or turned.says("8")


def test_a_child_twice_in_one_incident_is_refused(door: Door, place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    first = door.record(place.world.duty, Told(child, narrative=WORDS))

    with pytest.raises(TurnedDown) as refused:
        door.record_another(place.world.duty, first, Told(child, "suspected", narrative=WORDS))

    assert refused.value.says("already")
    assert _recorded(place) == 1


def test_a_likely_duplicate_is_shown_before_a_second_record_is_made(place: Place) -> None:
    known = place.child("Kofi", "Mensah")
    browser = Pages(place).browser(place.world.duty)
    form = _filled_form(browser, None)
    form["new-given_name"], form["new-family_name"] = "Koffi", "Mensah"
    form["new-born_on-day"], form["new-born_on-month"] = "27", "3"
    form["new-born_on-year"] = "2011"

    with pytest.raises(TurnedDown) as refused:
        browser.send(form, "press", "continue")
    browser.press("Continue", {"same": known})

    assert refused.value.says("one of these children")
    with place.app.app_context(), reading():
        count = session.scalar(select(func.count()).select_from(Involvement))
    assert count == 1


def test_a_school_that_closed_is_not_asked_and_its_stand_in_is(door: Door, place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    place.close_for_good(place.world.school)

    decision = door.decision(place.world.duty, door.record(place.world.duty, Told(child)))

    assert not any(seat.agency == "Northmere Academy" for seat in decision.seats)
    assert decision.asks("Designated safeguarding lead") or decision.asks("Education safeguarding")


def test_no_contact_at_all_for_a_required_agency_still_makes_the_meeting_and_says_whom_to_ring(
    door: Door, place: Place
) -> None:
    place.forget_mailboxes("police")
    incident = door.record(place.world.duty, Told(place.child("Kofi", "Mensah")))

    meeting = door.convene(place.world.duty, incident)

    coming = door.coming(place.world.duty, meeting)
    assert coming.status == "arranged"
    assert any("olice" in agency for agency in coming.to_ring)
    ring = door.to_ring_after_sending(place.world.duty, meeting)
    assert any("olice" in agency for agency in ring)


def test_a_meeting_after_its_deadline_needs_a_reason_and_is_shown_as_late(
    door: Door, place: Place
) -> None:
    duty = place.world.duty
    incident = door.record(duty, Told(place.child("Kofi", "Mensah")))

    with pytest.raises(TurnedDown) as refused:
        door.convene(duty, incident, at=at("2026-11-25", "10:00"))
    meeting = door.convene(
        duty, incident, at=at("2026-11-25", "10:00"), late_reason="He was in surgery."
    )

    assert refused.value.says("give a reason")
    assert "He was in surgery." in door.coming(duty, meeting).words


def test_a_meeting_in_the_past_is_refused(door: Door, place: Place) -> None:
    incident = door.record(place.world.duty, Told(place.child("Kofi", "Mensah")))

    with pytest.raises(TurnedDown) as refused:
        door.convene(place.world.duty, incident, at=at("2026-11-20", "09:00"))

    assert refused.value.says("future")


def test_an_address_that_is_none_is_named_beside_its_box(door: Door, place: Place) -> None:
    story = convened(door, place, Told(place.child("Kofi", "Mensah")), at("2026-11-23", "09:30"))
    place.clock.at = at("2026-11-23", "09:30")
    door.start(place.world.chair, story.meeting)
    mentor = Agreed("Arrange a mentor", "2026-12-04", "Northmere Academy", name="Ms Ali",
                    email="ms.ali at school")  # fmt: skip

    with pytest.raises(TurnedDown) as refused:
        door.agree(place.world.chair, story.meeting, mentor)

    assert refused.value.status == 422
    assert refused.value.says("address")
    if door.name == "pages":
        assert "ms.ali at school" in refused.value.shown
        assert "Arrange a mentor" in refused.value.shown


@pytest.fixture
def story(place: Place) -> Convened:
    return convened(
        Pages(place), place, Told(place.child("Kofi", "Mensah")), at("2026-11-23", "09:30")
    )


def test_a_wrong_code_five_times_ends_the_code(place: Place, story: Convened) -> None:
    pages = Pages(place)
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    code = pages.read_out_code(place.world.duty, story.meeting, "Park Road")
    wrong = "000000" if code != "000000" else "111111"

    said = []
    for _ in range(5):
        with pytest.raises(TurnedDown) as refused:
            practice.enter_code(wrong)
        said += refused.value.messages
    with pytest.raises(TurnedDown) as ended:
        practice.enter_code(code)

    assert ended.value.status == 422
    assert "Mensah" not in ended.value.shown
    assert practice.browser.form("Continue")[0]["person_name"].value == "Dr Ola Finn"


def test_a_code_works_once(place: Place, story: Convened) -> None:
    code = Pages(place).read_out_code(place.world.duty, story.meeting, "Park Road")
    Holder(place.app, story.mail_to("gp_safeguarding_lead")).enter_code(code)

    with pytest.raises(TurnedDown):
        Holder(place.app, story.mail_to("gp_safeguarding_lead")).enter_code(code)


def test_a_code_ends_after_ten_minutes(place: Place, story: Convened) -> None:
    code = Pages(place).read_out_code(place.world.duty, story.meeting, "Park Road")
    place.clock.at += timedelta(minutes=11)

    with pytest.raises(TurnedDown):
        Holder(place.app, story.mail_to("gp_safeguarding_lead")).enter_code(code)


def test_an_expired_link_reads_like_one_that_never_was(place: Place, story: Convened) -> None:
    link = story.mail_to("gp_safeguarding_lead").link
    place.clock.at = at("2026-12-23", "09:00")

    shown = []
    for path in (link, "/r/" + "x" * 43):
        with pytest.raises(TurnedDown) as gone:
            Holder(place.app, path).read()
        assert gone.value.status == 404
        shown += gone.value.messages

    assert "This link does not work" in shown[0]
    assert shown[0] == shown[1]


def test_a_broken_link_says_whom_to_ring_and_offers_a_new_one(place: Place) -> None:
    stranger = Holder(place.app, "/r/notalink")
    with pytest.raises(TurnedDown):
        stranger.read()

    stranger.browser.press("Ask for a new link")

    assert "We have passed it on" in main_of(stranger.browser.page)


def test_an_answer_after_the_meeting_began_says_whom_to_ring(place: Place, story: Convened) -> None:
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    practice.browser.open(practice.link)
    place.clock.at = at("2026-11-23", "09:31")

    with pytest.raises(TurnedDown) as late:
        practice.browser.press("Yes, I will attend")

    assert late.value.status == 409
    assert "01632 960400" in late.value.shown


def test_a_lost_connection_half_way_through_a_form_loses_nothing(place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    browser = Pages(place).browser(place.world.duty)
    form = _filled_form(browser, child)
    _autosave(browser, form)

    fresh = Pages(place).second_browser(place.world.duty)
    fresh.open("/incidents/new")
    restored = fresh.form("Continue")[0]

    assert restored["narrative"].value.strip() == WORDS
    assert restored["child"].value == child
    assert "It is as you left it" in main_of(fresh.page)


def test_a_session_that_ended_half_way_loses_nothing_either(place: Place) -> None:
    child = place.child("Kofi", "Mensah")
    pages = Pages(place)
    browser = pages.browser(place.world.duty)
    form = _filled_form(browser, child)
    _autosave(browser, form)
    place.clock.at += timedelta(hours=13)

    browser.send(form, "press", "continue")
    assert "Sign in" in main_of(browser.page)
    back = pages.browser(place.world.duty)
    back.open("/incidents/new")

    assert back.form("Continue")[0]["narrative"].value.strip() == WORDS


def test_information_half_typed_is_there_when_its_holder_comes_back(
    place: Place, story: Convened
) -> None:
    practice = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    practice.enter_code(Pages(place).read_out_code(place.world.duty, story.meeting, "Park Road"))
    practice.browser.open(f"{practice.link}/information")
    form = practice.browser.form("Send information")[0]
    form["worries"] = "He was not brought twice."
    _autosave(practice.browser, form)

    practice.browser.open(f"{practice.link}/information")

    assert practice.browser.form("Send information")[0]["worries"].value.strip() == (
        "He was not brought twice."
    )
    assert "has not been sent" in main_of(practice.browser.page)


@pytest.mark.parametrize("where", ["/incidents/new", "/api/v1/incidents", "a link", "/sign-in"])
def test_50_megabytes_are_turned_away_with_a_clear_message(
    place: Place, story: Convened, where: str
) -> None:
    is_api = where.startswith("/api/")
    holder = Holder(place.app, story.mail_to("gp_safeguarding_lead"))
    browser = holder.browser if where == "a link" else Pages(place).browser(place.world.duty)
    path = holder.link if where == "a link" else where

    answer = browser.app.post(
        path,
        b"narrative=" + b"x" * 50_000_000,
        headers={"Authorization": f"Bearer {place.token_of(place.world.duty)}"} if is_api else {},
        content_type="application/json" if is_api else "application/x-www-form-urlencoded",
        expect_errors=True,
    )

    assert answer.status_int == 413
    assert "Traceback" not in answer.text
    assert "too large" in answer.text.lower()


def test_a_form_that_is_too_old_says_so_and_keeps_nothing_back(place: Place) -> None:
    browser = Pages(place).browser(place.world.duty)
    form = _filled_form(browser, place.child("Kofi", "Mensah"))
    form["csrf_token"] = "from-another-day"

    with pytest.raises(TurnedDown) as old:
        browser.send(form, "press", "continue")

    assert old.value.status == 403
    assert old.value.says("Your text is still there")


def test_an_unknown_reference_reads_like_one_nobody_may_open(door: Door, place: Place) -> None:
    with pytest.raises(TurnedDown) as unknown:
        door.coming(place.world.duty, "M-ZZZZZZ")

    assert unknown.value.status == 404


def _filled_form(browser: Browser, child: str | None) -> Any:
    browser.open("/incidents/new")
    if child is not None:
        browser.press("Find", {"child-search": child})
    form = browser.form("Continue")[0]
    if child is not None:
        form["child"] = child
    for box, text in {
        "part": "harmed", "kind": "knife", "safe_now": "yes", "narrative": WORDS, "when": "now",
    }.items():  # fmt: skip
        form[box] = text
    return form


def _autosave(browser: Browser, form: Any) -> None:
    """Post the form to where the page's script does while somebody types."""
    (place,) = {
        str(each["data-autosave-url"]) for each in on_page(browser.page, "form[data-autosave-url]")
    }
    answer = browser.app.post(place, form.submit_fields())
    assert answer.json["saved_at"]
