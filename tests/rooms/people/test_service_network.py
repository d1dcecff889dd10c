"""A child's network: unknown is not no, an answer replaces the last, history stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.errors import Conflict, Refused
from people.details import ConnectionDetails
from people.models.children import Child
from people.queries.network import network_of, past_of
from people.service import network
from people.terms import Actor, ConnectionKind, ConnectionStatus
from tests.factories.people import make_agency, make_child, make_connection

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 11, 20)
TESTS = Actor.system("tests")
NOT_KNOWN, NOT_REGISTERED, NONE, KNOWN = (
    ConnectionStatus.NOT_KNOWN,
    ConnectionStatus.NOT_REGISTERED,
    ConnectionStatus.NONE,
    ConnectionStatus.KNOWN,
)


def answers(child: Child, kind: ConnectionKind) -> list[tuple[ConnectionStatus, str]]:
    return [
        (each.status, each.agency_name or each.person_name or "")
        for each in network_of(child.id, TODAY)
        if each.kind is kind
    ]


def test_nothing_written_down_is_no_row_and_never_a_no() -> None:
    child = make_child()

    assert network_of(child.id, TODAY) == ()


def test_a_gp_is_known_not_known_or_not_registered_one_at_a_time() -> None:
    child = make_child()
    practice = make_agency(name="Park Road Surgery", kind="gp")

    make_connection(child=child, kind=ConnectionKind.GP, status=NOT_KNOWN)
    make_connection(child=child, kind=ConnectionKind.GP, agency=practice)
    make_connection(child=child, kind=ConnectionKind.GP, status=NOT_REGISTERED)

    assert answers(child, ConnectionKind.GP) == [(NOT_REGISTERED, "")]
    assert len(past_of(child.id, TODAY)) == 2


def test_a_child_may_be_on_the_roll_of_two_schools() -> None:
    child = make_child()
    make_connection(child=child, status=NOT_KNOWN)

    for name in ("Greenfield Academy", "Northshire Pupil Referral Unit"):
        make_connection(child=child, agency=make_agency(name=name, kind="school"))

    assert answers(child, ConnectionKind.SCHOOL) == [
        (KNOWN, "Greenfield Academy"),
        (KNOWN, "Northshire Pupil Referral Unit"),
    ]


def test_no_school_ends_every_school() -> None:
    child = make_child()
    make_connection(child=child, agency=make_agency(kind="school"))

    make_connection(child=child, status=NONE, why="Taught at home")

    assert answers(child, ConnectionKind.SCHOOL) == [(NONE, "")]


def test_naming_the_father_answers_that_he_was_not_known() -> None:
    child = make_child()
    father = {"kind": ConnectionKind.PARENT, "relationship": "father", "is_male_carer": True}
    make_connection(child=child, status=NOT_KNOWN, **father)  # type: ignore[arg-type]
    make_connection(child=child, kind=ConnectionKind.PARENT, person_name="Ruth Ellis")

    make_connection(child=child, person_name="Dean Ellis", **father)  # type: ignore[arg-type]

    assert answers(child, ConnectionKind.PARENT) == [(KNOWN, "Dean Ellis"), (KNOWN, "Ruth Ellis")]


def test_two_siblings_stand_beside_each_other() -> None:
    child = make_child()

    for name in ("Mia Ellis", "Leo Ellis"):
        make_connection(child=child, kind=ConnectionKind.SIBLING, person_name=name)

    assert answers(child, ConnectionKind.SIBLING) == [(KNOWN, "Leo Ellis"), (KNOWN, "Mia Ellis")]


@pytest.mark.parametrize(
    ("details", "rule"),
    [
        (ConnectionDetails(ConnectionKind.SCHOOL, KNOWN), "connection.nobody_named"),
        (ConnectionDetails(ConnectionKind.PARENT, KNOWN), "connection.nobody_named"),
        (
            ConnectionDetails(
                ConnectionKind.PARENT, ConnectionStatus.UNSAFE_TO_INVOLVE, person_name="Dean Ellis"
            ),
            "connection.unsafe_why",
        ),
    ],
)
def test_half_an_answer_is_refused(details: ConnectionDetails, rule: str, now: datetime) -> None:
    child = make_child()

    with pytest.raises(Refused) as refused:
        network.connect(child.id, details, actor=TESTS, now=now)

    assert refused.value.rule == rule


def test_a_school_that_closed_cannot_be_a_childs_school() -> None:
    child = make_child()
    closed = make_agency(name="Oldbridge School", kind="school", closed_on=date(2024, 8, 31))

    with pytest.raises(Refused, match="Oldbridge School closed on 31 August 2024"):
        make_connection(child=child, agency=closed)


def test_a_change_ends_the_old_row_and_keeps_it(now: datetime) -> None:
    child = make_child()
    old_school = make_agency(name="Greenfield Academy", kind="school")
    new_school = make_agency(name="Hillside School", kind="school")
    row = make_connection(child=child, agency=old_school, from_on=date(2025, 9, 1))

    network.change(
        row,
        ConnectionDetails(ConnectionKind.SCHOOL, KNOWN, agency_id=new_school.id),
        version=row.version,
        actor=TESTS,
        now=now,
    )

    (past,) = past_of(child.id, TODAY)
    assert answers(child, ConnectionKind.SCHOOL) == [(KNOWN, "Hillside School")]
    assert (past.agency_name, past.from_on, past.to_on) == (
        "Greenfield Academy",
        date(2025, 9, 1),
        TODAY,
    )


def test_the_network_of_an_earlier_day_is_as_it_was(now: datetime) -> None:
    child = make_child()
    row = make_connection(child=child, agency=make_agency(kind="school"), from_on=date(2025, 9, 1))

    network.end(row, version=row.version, actor=TESTS, now=now, on=date(2026, 7, 20))

    assert len(network_of(child.id, date(2026, 7, 19))) == 1
    assert network_of(child.id, date(2026, 7, 20)) == ()


def test_two_people_cannot_change_the_same_row(now: datetime) -> None:
    child = make_child()
    row = make_connection(child=child, kind=ConnectionKind.SIBLING, person_name="Mia Ellis")
    seen = row.version
    network.end(row, version=seen, actor=TESTS, now=now)

    with pytest.raises(Conflict):
        network.end(row, version=seen, actor=TESTS, now=now)


def test_a_connection_does_not_end_before_it_began(now: datetime) -> None:
    child = make_child()
    row = make_connection(child=child, kind=ConnectionKind.SIBLING, person_name="Mia Ellis")

    with pytest.raises(Refused):
        network.end(row, version=row.version, actor=TESTS, now=now, on=TODAY - timedelta(days=1))
