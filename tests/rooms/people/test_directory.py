"""The directory: agencies, closed weeks, teams, and whom to reach for a role."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.errors import Conflict, Refused
from people.details import AgencyDetails, ClosureDetails, MailboxDetails
from people.queries import contacts, directory
from people.service import agencies, teams
from people.terms import Actor, ConnectionKind, Role
from tests.factories.people import (
    make_account,
    make_agency,
    make_child,
    make_connection,
    make_mailbox,
    make_professional,
    make_team,
)
from tests.rooms.people.counting import statements

pytestmark = pytest.mark.usefixtures("database")
TESTS = Actor.system("tests")
TODAY = date(2026, 11, 20)


def test_a_named_person_of_the_child_comes_first_then_people_then_mailboxes() -> None:
    service = make_agency(name="Northshire Youth Justice", kind="youth_justice")
    make_mailbox(agency=service, role="case_manager", label="Duty desk", position=2)
    make_mailbox(agency=service, role="case_manager", label="Shared inbox", position=1)
    make_professional(agency=service, role="case_manager", name="Ana Silva")
    theirs = make_professional(agency=service, role="case_manager", name="Zed Okoro")
    child = make_child()
    make_connection(child=child, kind=ConnectionKind.YOUTH_JUSTICE, professional=theirs)

    found = contacts.directory(TODAY, child_id=child.id, roles=["case_manager"])

    assert [(each.name, each.is_for_child) for each in found] == [
        ("Zed Okoro", True),
        ("Ana Silva", False),
        ("Shared inbox", False),
        ("Duty desk", False),
    ]


def test_the_allocated_worker_and_the_teams_manager_are_marked_as_the_childs() -> None:
    care = make_agency(name="Northshire Children's Services")
    team = make_team(agency=care)
    worker = make_account(team=team)
    manager = make_account(roles=[Role.TEAM_MANAGER], team=team, is_manager=True)
    other = make_account()
    for name, account in (("Worker", worker), ("Manager", manager), ("Other", other)):
        make_professional(agency=care, role="any", name=name, account=account)
    child = make_child(team=team, worker=worker)

    found = contacts.directory(TODAY, child_id=child.id)

    assert {each.name for each in found if each.is_for_child} == {"Worker", "Manager"}


def test_closed_agencies_and_people_who_left_are_not_asked() -> None:
    school = make_agency(name="Greenfield Academy", kind="school")
    gone = make_agency(name="Oldbridge School", kind="school", closed_on=TODAY)
    make_professional(agency=school, role="lead", name="Left Last Week", left_on=TODAY)
    make_professional(agency=school, role="lead", name="Still Here")
    make_mailbox(agency=gone, role="lead")

    assert [each.name for each in contacts.directory(TODAY)] == ["Still Here"]


def test_a_team_with_a_role_is_a_contact_with_its_hours() -> None:
    make_team(name="Emergency duty team", role="out_of_hours", is_out_of_hours=True)
    make_team(name="Assessment team")

    (found,) = contacts.directory(TODAY)

    assert (found.name, found.role, found.is_out_of_hours) == (
        "Emergency duty team",
        "out_of_hours",
        True,
    )
    assert directory.emergency_teams()[0].name == "Emergency duty team"


def test_a_contact_carries_the_closed_weeks_that_are_not_over(now: datetime) -> None:
    school = make_agency(kind="school")
    make_mailbox(agency=school, role="lead")
    for first, last, why in (
        (date(2026, 10, 26), date(2026, 10, 30), "Half term"),
        (date(2026, 12, 21), date(2027, 1, 3), "Christmas holiday"),
    ):
        agencies.close_weeks(school, ClosureDetails(first, last, why), actor=TESTS, now=now)

    (found,) = contacts.directory(TODAY)

    assert [each.why for each in found.agency_closures] == ["Christmas holiday"]


def test_the_directory_costs_the_same_however_large_it_is() -> None:
    child = make_child(team=make_team())
    for number in range(6):
        school = make_agency(name=f"School {number}", kind="school")
        make_mailbox(agency=school, role="lead")
        make_professional(agency=school, role="lead")

    with statements() as sent:
        found = contacts.directory(TODAY, child_id=child.id)

    assert (len(found), len(sent)) == (12, 7)


def test_closed_weeks_end_early_or_vanish(now: datetime) -> None:
    school = make_agency(kind="school")
    first = agencies.close_weeks(
        school,
        ClosureDetails(date(2026, 12, 21), date(2027, 1, 3), "Holiday"),
        actor=TESTS,
        now=now,
    )

    shortened = agencies.reopen(first, from_on=date(2026, 12, 28), actor=TESTS, now=now)
    gone = agencies.reopen(first, from_on=date(2026, 12, 21), actor=TESTS, now=now)

    assert shortened is not None
    assert shortened.to_on == date(2026, 12, 27)
    assert gone is None
    assert directory.closures_of(school.id) == []


def test_closed_weeks_do_not_end_before_they_begin(now: datetime) -> None:
    with pytest.raises(Refused):
        agencies.close_weeks(
            make_agency(kind="school"),
            ClosureDetails(date(2027, 1, 3), date(2026, 12, 21), "Holiday"),
            actor=TESTS,
            now=now,
        )


@pytest.mark.parametrize("same", [{"name": "Park Road Surgery"}, {"register_code": "B86001"}])
def test_an_agency_is_in_the_directory_once(same: dict[str, str]) -> None:
    make_agency(name="Park Road Surgery", kind="gp", register_code="B86001")

    with pytest.raises(Refused):
        make_agency(**{"kind": "gp", **same})  # type: ignore[arg-type]


def test_an_agency_changed_meanwhile_is_not_written_over(now: datetime) -> None:
    agency = make_agency()

    with pytest.raises(Conflict):
        agencies.edit_agency(
            agency, AgencyDetails("New name", "police"), version=9, actor=TESTS, now=now
        )


def test_a_mailbox_needs_an_address_or_a_telephone(now: datetime) -> None:
    with pytest.raises(Refused):
        agencies.record_mailbox(make_agency(), MailboxDetails("lead", "Lead"), actor=TESTS, now=now)


@pytest.mark.parametrize(
    ("words", "names"),
    [("green", ["Greenfield Academy"]), ("100%", []), ("142001", ["Greenfield Academy"])],
)
def test_agencies_are_found_by_part_of_the_name_or_by_code(words: str, names: list[str]) -> None:
    make_agency(name="Greenfield Academy", kind="school", register_code="142001")
    make_agency(name="Hillside School", kind="school")

    assert [each.name for each in directory.agencies(words=words)] == names


@pytest.mark.parametrize(
    ("address", "is_secure"),
    [
        ("dr.lee@nhs.example", True),
        ("dr.lee@park-road.NHS.example", True),
        ("dr.lee@notnhs.example", False),
        ("dr.lee@example", False),
        ("nobody", False),
        ("", False),
    ],
)
def test_a_code_goes_only_to_marked_domains(address: str, is_secure: bool, now: datetime) -> None:
    agencies.mark_secure("@NHS.example.", actor=TESTS, now=now)

    assert directory.is_secure_address(address) is is_secure


def test_a_domain_is_marked_once_and_can_be_unmarked(now: datetime) -> None:
    first = agencies.mark_secure("police.example", actor=TESTS, now=now)
    agencies.mark_secure("POLICE.example", actor=TESTS, now=now)

    agencies.unmark_secure(first, actor=TESTS, now=now)

    assert directory.secure_domains() == []


@pytest.mark.parametrize("text", ["police", "a b.example", "me@police.example", ""])
def test_what_is_no_domain_is_not_marked(text: str, now: datetime) -> None:
    with pytest.raises(Refused):
        agencies.mark_secure(text, actor=TESTS, now=now)


def test_a_member_becomes_manager_and_leaves(now: datetime) -> None:
    team = make_team()
    account = make_account(team=team)

    teams.add_member(team.id, account.id, actor=TESTS, now=now, is_manager=True)
    as_manager = directory.managers_of(team.id)
    teams.remove_member(team.id, account.id, actor=TESTS, now=now)
    teams.remove_member(team.id, account.id, actor=TESTS, now=now)

    assert as_manager == [account]
    assert directory.members_of(team.id) == []
