"""Finding a child by what somebody types, and the children a new record may repeat."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from core.db import session
from people.details import ChildDetails
from people.models.children import Child
from people.queries.search import find_children, likely_duplicates
from people.terms import Actor, RelationKind, Role
from tests.factories.people import (
    FRIDAY,
    actor_of,
    make_account,
    make_agency,
    make_child,
    make_connection,
    make_relation,
    make_team,
)
from tests.rooms.people.counting import statements

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def duty(database: Flask) -> Actor:
    return actor_of(make_account(is_duty=True, team=make_team()))


@pytest.fixture
def jordan(database: Flask) -> Child:
    for given, family in (("Amara", "Okafor"), ("Ellis", "Grant"), ("Jordan", "Mbeki")):
        make_child(given_name=given, family_name=family, born_on=date(2010, 1, 2))
    return make_child(nhs_number="9991234560", upn="A123456789012")


@pytest.mark.parametrize(
    "typed",
    [
        "Jordan Ellis",
        "ellis jordan",
        "jor ell",
        "jordon elis",
        "999 123 4560",
        "a123456789012",
        "27/3/2011",
        "27 March 2011",
        "2011-03-27",
        "ellis 27/3/2011",
    ],
)
def test_a_child_is_found_by_name_in_any_order_number_and_date_of_birth(
    typed: str, duty: Actor, jordan: Child, now: datetime
) -> None:
    found = find_children(duty, typed, now)

    assert [each.ref for each in found] == [jordan.ref]


def test_a_child_is_found_by_reference_however_it_is_typed(
    duty: Actor, jordan: Child, now: datetime
) -> None:
    found = find_children(duty, jordan.ref.lower().replace("-", ""), now)

    assert [each.child_id for each in found] == [jordan.id]


@pytest.mark.parametrize("typed", ["", "   ", "!?", "999 123 4561", "C-AAAAAA", "31/12/1950"])
def test_what_fits_nobody_finds_nobody(
    typed: str, duty: Actor, jordan: Child, now: datetime
) -> None:
    assert find_children(duty, typed, now) == []


def test_a_child_is_found_by_the_name_it_uses(duty: Actor, now: datetime) -> None:
    child = make_child(given_name="Aleksandra", preferred_name="Ola", family_name="Nowak")

    assert [each.name for each in find_children(duty, "ola", now)] == ["Ola Nowak"]
    assert [each.ref for each in find_children(duty, "aleksandra", now)] == [child.ref]


def test_the_best_match_comes_first(duty: Actor, now: datetime) -> None:
    make_child(given_name="Jordana", family_name="Ellison")
    exact = make_child()

    assert find_children(duty, "jordan ellis", now)[0].ref == exact.ref


def test_a_duty_account_finds_an_unrelated_child_but_may_not_open_it(
    duty: Actor, now: datetime
) -> None:
    child = make_child(worker=make_account(name="Ana Silva"), team=make_team())
    school = make_agency(name="Greenfield Academy", kind="school")
    make_connection(child=child, agency=school)

    (found,) = find_children(duty, "jordan", now)

    assert (found.text, found.hint) == ("Jordan Ellis, 15", f"Greenfield Academy, {child.ref}")
    assert not found.may_open
    assert found.worker is None


def test_other_accounts_find_only_children_they_may_see(now: datetime) -> None:
    team = make_team()
    own, _ = make_child(team=team), make_child(team=make_team())
    colleague = actor_of(make_account(team=team))

    found = find_children(colleague, "jordan", now)

    assert [(each.ref, each.may_open) for each in found] == [(own.ref, True)]


def test_a_professional_who_is_marked_as_duty_finds_only_related_children(now: datetime) -> None:
    account = make_account(roles=[Role.PROFESSIONAL], is_duty=True)
    related, _ = make_child(), make_child()
    make_relation(account=account, child=related, kind=RelationKind.INVITED)

    found = find_children(actor_of(account), "jordan", now)

    assert [each.ref for each in found] == [related.ref]


def test_children_outside_ones_own_do_not_crowd_out_ones_own(now: datetime) -> None:
    team = make_team()
    for _ in range(12):
        make_child()
    own = make_child(team=team)

    found = find_children(actor_of(make_account(team=team)), "jordan ellis", now, limit=3)

    assert [each.ref for each in found] == [own.ref]


def test_one_more_than_the_limit_says_that_there_are_more(duty: Actor, now: datetime) -> None:
    for _ in range(5):
        make_child()

    assert len(find_children(duty, "jordan", now, limit=3)) == 4


def test_an_estimated_age_is_said_to_be_about(duty: Actor, now: datetime) -> None:
    make_child(is_birth_estimated=True, born_on=date(2011, 1, 1))

    assert find_children(duty, "jordan", now)[0].age == "about 15"


def test_search_costs_two_statements_whatever_it_finds(duty: Actor, now: datetime) -> None:
    for number in range(9):
        child = make_child()
        make_connection(
            child=child, agency=make_agency(name=f"Northshire School {number}", kind="school")
        )

    with statements() as sent:
        found = find_children(duty, "jordan ellis", now)

    assert (len(found), len(sent)) == (9, 2)


def wanted(
    given: str = "Jordan", family: str = "Ellis", born: date = date(2011, 3, 27), **more: object
) -> ChildDetails:
    return ChildDetails(given, family, born, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (wanted("Sam", "Okoro", nhs_number="9991234560"), "The same NHS number."),
        (wanted("Sam", "Okoro", upn="A123456789012"), "The same unique pupil number."),
        (wanted(), "The same name and the same date of birth."),
        (wanted("Ellis", "Jordan"), "The same name and the same date of birth."),
        (wanted("Jordon", "Elis"), "A similar name and the same date of birth."),
        (
            wanted(born=date(2011, 12, 1), is_birth_estimated=True),
            "The same name and about the same age.",
        ),
        (wanted(born=date(2012, 9, 9)), "The same name, another date of birth."),
    ],
)
def test_a_likely_duplicate_is_shown_with_its_reason(
    details: ChildDetails, why: str, duty: Actor, jordan: Child, now: datetime
) -> None:
    found = likely_duplicates(duty, details, now)

    assert [(each.found.ref, each.why) for each in found] == [(jordan.ref, why)]


def test_an_estimated_record_is_matched_by_a_near_date_of_birth(duty: Actor, now: datetime) -> None:
    make_child(born_on=date(2011, 1, 1), is_birth_estimated=True)

    found = likely_duplicates(duty, wanted("Jordan", "Elliss"), now)

    assert [each.why for each in found] == ["A similar name and about the same age."]


def test_day_and_month_turned_are_seen_through(duty: Actor, now: datetime) -> None:
    make_child(born_on=date(2011, 3, 2))

    found = likely_duplicates(duty, wanted("Jordan", "Elliss", date(2011, 2, 3)), now)

    assert "day and month turned" in found[0].why


@pytest.mark.parametrize(
    "details",
    [wanted("Priya", "Shah"), wanted("Jordan", "Mbeki"), wanted("Tom", "Ellis", date(2014, 1, 1))],
)
def test_another_child_is_no_likely_duplicate(
    details: ChildDetails, duty: Actor, now: datetime
) -> None:
    make_child()

    assert likely_duplicates(duty, details, now) == []


def test_the_same_number_comes_before_the_same_name(duty: Actor, now: datetime) -> None:
    make_child()
    numbered = make_child(given_name="Sam", family_name="Okoro", nhs_number="9991234560")

    found = likely_duplicates(duty, wanted(nhs_number="9991234560"), now)

    assert [each.is_certain for each in found] == [True, False]
    assert found[0].found.ref == numbered.ref


def test_a_duplicate_is_shown_to_a_worker_who_could_not_find_the_child(now: datetime) -> None:
    child = make_child(team=make_team())
    stranger = actor_of(make_account(team=make_team()))

    (found,) = likely_duplicates(stranger, wanted(), now)

    assert (found.found.ref, found.found.may_open, found.found.worker) == (child.ref, False, None)


def test_an_estimated_child_is_compared_with_the_right_name_among_thousands_near(
    duty: Actor, now: datetime
) -> None:
    made = make_child(family_name="Zwart")
    session.add_all(a_row(number) for number in range(600))
    session.flush()

    found = likely_duplicates(
        duty, wanted("Jordon", "Zwart", date(2011, 9, 1), is_birth_estimated=True), now
    )

    assert [each.found.ref for each in found] == [made.ref]


def a_row(number: int) -> Child:
    """Return a child without the pieces of its name, which is quick to make by the hundred."""
    return Child(
        ref=f"C-{number:06d}",
        given_name="Amara",
        family_name=f"Abel{number}",
        born_on=date(2011, 5, 1),
        search_key=f"abel{number} amara",
        created_at=FRIDAY,
    )
