"""Imports of the two registers, on both databases: what is written, what is kept, what stops."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.db import session
from core.errors import Refused
from people.models.agencies import Agency, RoleMailbox
from people.models.registers import Import, RegisterEntry
from people.queries import registers as read
from people.register_report import Report
from people.rules.registers import FileFault
from people.service import registers as service
from people.service.registers import FaultyRows
from people.terms import Actor, Register
from procedures.service import packs
from tests.factories.people import make_agency, make_child, make_connection, make_mailbox

DATA = Path(__file__).parents[2] / "data" / "registers"
SCHOOLS, PRACTICES = DATA / "gias-sample-2025.csv", DATA / "epraccur-west-yorkshire.csv"
ACTOR = Actor.system("test")
Bring = Callable[..., Report]


@pytest.fixture
def bring(database: Flask, now: datetime) -> Bring:
    """Return an import of the whole of some bytes: ``bring(b"...")``."""
    packs.ensure_default(now)

    def run(
        content: bytes,
        register: Register = Register.SCHOOLS,
        *,
        areas: tuple[str, ...] = (),
        leaves_faults_out: bool = False,
    ) -> Report:
        report = service.bring(
            io.BytesIO(content),
            register,
            areas=areas,
            leaves_faults_out=leaves_faults_out,
            actor=ACTOR,
            now=now,
        )
        session.flush()
        session.expire_all()
        return report

    return run


def schools(*changes: dict[str, str], encoding: str = "utf-8", **more: Any) -> bytes:
    """Return the extract with cells changed: one dict for each of its first rows."""
    with SCHOOLS.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    for row, change in zip(rows[1:], changes, strict=False):
        for name, text in change.items():
            row[rows[0].index(name)] = text
    out = io.StringIO()
    csv.writer(out, **more).writerows(rows)
    # The extract holds a stray control character where a curly apostrophe was.
    return out.getvalue().replace("\x92", "\N{RIGHT SINGLE QUOTATION MARK}").encode(encoding)


def agency(code: str) -> Agency:
    found = session.scalar(select(Agency).where(Agency.register_code == code))
    assert found is not None
    return found


def count(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_schools_come_with_name_authority_telephone_and_closing(bring: Bring) -> None:
    report = bring(SCHOOLS.read_bytes())

    school, closed = agency("100003"), agency("100000")
    assert (report.counts["new"], report.counts["rows"]) == (4, 4)
    assert (school.name, school.kind) == ("City of London School", "school")
    assert (school.local_authority, school.telephone) == ("City of London", "02036806300")
    assert (school.closed_on, closed.closed_on) == (None, date(2026, 11, 20))


def test_practices_come_without_what_is_no_practice(bring: Bring) -> None:
    report = bring(PRACTICES.read_bytes(), Register.PRACTICES)

    assert (report.counts["new"], report.counts["not_practices"]) == (92, 85)
    assert agency("B84002").closed_on == date(2021, 1, 31)
    assert {each.kind for each in session.scalars(select(Agency))} == {"gp"}


def test_an_unchanged_file_writes_nothing(bring: Bring) -> None:
    bring(SCHOOLS.read_bytes())
    before = (count(AuditEntry), count(Import), agency("100003").version)

    report = bring(SCHOOLS.read_bytes())

    assert (report.counts["unchanged"], report.differs) == (4, False)
    assert (count(AuditEntry), count(Import), agency("100003").version) == before


def test_a_check_writes_nothing_and_finds_the_same(bring: Bring, now: datetime) -> None:
    bring(SCHOOLS.read_bytes())
    file = io.BytesIO(schools({}, {"EstablishmentName": "Another Name"}))
    before = count(AuditEntry)

    report = service.check(file, Register.SCHOOLS, areas=(), now=now)

    assert [(each.code, each.fields) for each in report.changes] == [("100001", ("name",))]
    assert not session.dirty
    assert (count(AuditEntry), agency("100001").name) == (before, "City of London School for Girls")


def test_only_what_changed_is_written_and_recorded_by_field(bring: Bring) -> None:
    bring(SCHOOLS.read_bytes())

    report = bring(schools({}, {"TelephoneNum": "01632960001"}))

    verbs = session.execute(
        select(AuditEntry.verb, AuditEntry.detail).where(AuditEntry.verb == "agency.edited")
    ).all()
    assert (report.counts["changed"], report.counts["unchanged"]) == (1, 3)
    assert (agency("100001").telephone, agency("100001").version) == ("01632960001", 2)
    assert [tuple(each) for each in verbs] == [("agency.edited", "telephone")]


def test_what_people_typed_is_kept(bring: Bring) -> None:
    bring(SCHOOLS.read_bytes())
    school = agency("100003")
    school.telephone, school.lead_email = "01632 960555", "lead@school.example"
    make_mailbox(agency=school, role="dsl")

    bring(schools({}, {}, {}, {"TelephoneNum": "01632960001", "Town": "Elsewhere"}))

    school = agency("100003")
    assert (school.telephone, school.lead_email) == ("01632 960555", "lead@school.example")
    assert count(RoleMailbox) == 1


def test_a_school_typed_with_its_code_is_joined_not_doubled(bring: Bring) -> None:
    make_agency(name="The City School", kind="school", telephone=None, register_code="100003")

    report = bring(SCHOOLS.read_bytes())

    assert (report.counts["new"], report.counts["changed"]) == (3, 1)
    assert (agency("100003").name, agency("100003").telephone) == ("The City School", "02036806300")
    assert session.get(RegisterEntry, agency("100003").id) is not None


@pytest.mark.parametrize("authority", [None, "City of London Corporation"])
def test_a_namesake_without_a_code_waits_for_a_person(authority: str | None, bring: Bring) -> None:
    typed = make_agency(name="City of London School", kind="school")
    typed.local_authority = authority

    with pytest.raises(FaultyRows) as stopped:
        bring(SCHOOLS.read_bytes())

    (fault,) = stopped.value.report.remarks
    assert (fault.line, fault.code) == (5, "100003")
    assert f"is in the directory as {typed.ref}" in fault.what


def test_a_namesake_of_another_authority_is_another_school(bring: Bring) -> None:
    typed = make_agency(name="City of London School", kind="school")
    typed.local_authority = "Northshire"

    assert bring(SCHOOLS.read_bytes()).counts["new"] == 4


def test_what_closes_is_kept_and_flagged_with_its_children(bring: Bring) -> None:
    bring(SCHOOLS.read_bytes())
    child = make_child()
    make_connection(child=child, agency=agency("100003"))
    closed = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}

    report = bring(schools({}, {}, {}, closed))

    (closing,) = report.closings
    assert (closing.code, closing.closed_on) == ("100003", "2026-08-31")
    assert closing.children == (child.ref,)
    assert agency("100003").closed_on == date(2026, 8, 31)
    assert [each.register_code for each in read.closed_yet_connected(date(2026, 11, 20))] == [
        "100003"
    ]


def test_areas_limit_what_is_new_but_not_what_is_known(bring: Bring) -> None:
    elsewhere = schools({"LA (code)": "384"}, {"LA (code)": "384"})
    bring(elsewhere, areas=("384",))
    assert count(Agency) == 2

    report = bring(schools({"TelephoneNum": "01632960001"}), areas=("384",))

    assert (report.counts["changed"], report.counts["elsewhere"], count(Agency)) == (2, 2, 2)
    assert "No row is of the area 384" in report.remarks[0].what


def test_the_next_import_takes_the_areas_of_the_last(bring: Bring) -> None:
    with pytest.raises(Refused, match="Say which areas"):
        service.areas_or_last(Register.SCHOOLS, (), everywhere=False)
    bring(SCHOOLS.read_bytes(), areas=("201",))

    assert service.areas_or_last(Register.SCHOOLS, (), everywhere=False) == ("201",)
    assert service.areas_or_last(Register.SCHOOLS, (), everywhere=True) == ()
    assert service.areas_or_last(Register.SCHOOLS, ("9", "9"), everywhere=False) == ("9",)


@pytest.mark.parametrize(
    "content",
    [
        schools(encoding="utf-8-sig"),
        schools(encoding="utf-8"),
        schools(encoding="cp1252"),
        b"sep=,\r\n" + schools(),
        b'"sep=;"\r\n' + schools(delimiter=";"),
        schools(quoting=csv.QUOTE_ALL),
        schools(lineterminator="\n"),
        schools({"Street": "The Green,\r\nTown"}),
        schools().replace(b"\r\n", b"\r\n\r\n"),
    ],
    ids=["bom", "utf8", "cp1252", "sep", "semicolon", "quoted", "unix", "two lines", "blank lines"],
)
def test_every_way_of_writing_the_file_is_read(content: bytes, bring: Bring) -> None:
    report = bring(content)

    assert report.counts["new"] == 4
    assert agency("100002").name == "St Paul's Cathedral School"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", None, "The file is empty"),
        (b"PK\x03\x04...", None, "a spreadsheet or an archive"),
        (b"\xff\xfeU\x00R\x00", None, "UTF-16"),
        (schools().replace(b"100002", b"10\x00002"), 4, "Line 4 holds a NUL byte"),
        (schools({}, {}, {"Street": '"Oak'})[:-1500], 4, "half a file"),
        (schools()[:-100], 5, "half a file"),
        (schools().replace(b"URN,", b"Urn,"), 1, '"URN" is missing; "Urn" may be it'),
        (schools().split(b"\r\n")[0] + b"\r\n", None, "holds no establishment"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    content: bytes, line: int | None, said: str, bring: Bring
) -> None:
    with pytest.raises(FileFault) as fault:
        bring(content)

    assert said in fault.value.why
    assert fault.value.line == line


def test_one_bad_row_stops_the_import_unless_it_is_left_out(bring: Bring) -> None:
    content = schools({}, {"EstablishmentStatus (name)": "Maybe"}, {}, {"URN": "100000"})

    with session.begin_nested() as nothing:
        with pytest.raises(FaultyRows) as stopped:
            bring(content)
        nothing.rollback()
    report = bring(content, leaves_faults_out=True)

    faults = [(each.line, each.code) for each in stopped.value.report.remarks]
    assert faults == [(3, "100001"), (5, "100000")]
    assert "100000 stands in line 2 already" in stopped.value.report.remarks[1].what
    assert (report.counts["new"], count(Agency)) == (2, 2)


def test_a_row_of_too_many_columns_is_named(bring: Bring) -> None:
    lines = schools().split(b"\r\n")
    lines[2] = lines[2].replace(b"City of London School for Girls", b"City, School")

    with pytest.raises(FaultyRows) as stopped:
        bring(b"\r\n".join(lines))

    (fault,) = stopped.value.report.remarks
    assert fault.line == 3
    assert "has 140 columns and must have 139" in fault.what


def test_a_broken_quotation_mark_names_its_line(bring: Bring) -> None:
    content = schools().replace(b"City of London School for Girls", b'"City" of London')

    with pytest.raises(FaultyRows) as stopped:
        bring(content)

    assert stopped.value.report.remarks[0].line == 3


def test_a_look_alike_letter_is_a_warning(bring: Bring) -> None:
    report = bring(schools({}, {"EstablishmentName": "O\N{CYRILLIC SMALL LETTER A}k School"}))

    (warning,) = report.remarks
    assert (warning.line, warning.is_fault, report.counts["new"]) == (3, False, 4)
    assert "cyrillic small letter a" in warning.what


def test_a_known_practice_that_is_none_any_more_is_a_warning(bring: Bring) -> None:
    make_agency(name="Newton Lodge", kind="gp", register_code="A99876")

    report = bring(PRACTICES.read_bytes(), Register.PRACTICES)

    assert [(each.line, each.code) for each in report.remarks] == [(1, "A99876")]
    assert "prescribing setting 0" in report.remarks[0].what


def test_what_is_missing_from_a_file_is_left_alone_and_said(bring: Bring) -> None:
    bring(SCHOOLS.read_bytes())
    lines = schools().split(b"\r\n")

    report = bring(b"\r\n".join([*lines[:4], b""]))

    assert report.counts["missing"] == 1
    assert "such as 100003. Nothing was done to them" in report.remarks[0].what
    assert agency("100003").closed_on is None


def test_a_checked_file_is_kept_until_it_is_imported(
    bring: Bring, database: Flask, now: datetime
) -> None:
    content = SCHOOLS.read_bytes()
    report = service.check(io.BytesIO(content), Register.SCHOOLS, areas=(), now=now)
    first = service.keep_checked(content, Register.SCHOOLS, report, actor=ACTOR, now=now)
    row = service.keep_checked(content, Register.SCHOOLS, report, actor=ACTOR, now=now)
    assert (first.content, row.content, count(Agency)) == (None, content, 0)

    service.apply_checked(row, io.BytesIO(content), leaves_faults_out=False, actor=ACTOR, now=now)

    assert (row.content, row.state, count(Agency)) == (None, "applied", 4)
    assert Report.from_json(row.report).counts["new"] == 4


def test_a_large_file_is_written_in_batches_with_different_references(bring: Bring) -> None:
    with SCHOOLS.open(newline="", encoding="utf-8-sig") as file:
        header, row = list(csv.reader(file))[:2]
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(header)
    for number in range(2_500):
        write([str(200_000 + number), *row[1:4], f"School {number}", *row[5:]])

    report = bring(out.getvalue().encode())

    assert report.counts["new"] == count(Agency) == count(RegisterEntry) == 2_500
    assert session.scalar(select(func.count(Agency.ref.distinct()))) == 2_500
