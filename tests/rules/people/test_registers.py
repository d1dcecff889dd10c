"""What the rows of the two registers say, what is wrong with them, and what they change."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from people.rules import register_changes
from people.rules.register_changes import Held
from people.rules.registers import (
    SCHOOL_COLUMNS,
    FileFault,
    RowFault,
    establishment,
    is_practice,
    layout,
    strange_letters,
)
from people.terms import Establishment, Register

DATA = Path(__file__).parents[2] / "data" / "registers"
TODAY = date(2026, 11, 20)
SCHOOL = ("100001", "Oak School", "201", "City of London", "Open", "", "01632960001", "Town", "N1")
PRACTICE = (
    "B84001", "STATION ROAD SURGERY", "QWO", "02T", "A", "", "01632 960002", "TOWN", "HX6 3AB", "4"
)  # fmt: skip
SAID = Establishment(
    code="100001",
    name="Oak School",
    area="201",
    authority="City of London",
    telephone="01632960001",
    town="Town",
    postcode="N1",
    is_closed=False,
    closed_on=None,
)
HELD = Held("Oak School", "01632960001", "City of London", None)


def header() -> list[str]:
    with (DATA / "gias-sample-2025.csv").open(newline="", encoding="utf-8-sig") as file:
        return next(csv.reader(file))


def practices() -> list[list[str]]:
    with (DATA / "epraccur-west-yorkshire.csv").open(newline="", encoding="cp1252") as file:
        return list(csv.reader(file))


def school(**changed: str) -> Establishment | None:
    places = dict(zip(("code", "name", "area", "authority", "status", "closed", "telephone", "town",
                       "postcode"), SCHOOL, strict=True))  # fmt: skip
    return establishment(Register.SCHOOLS, tuple({**places, **changed}.values()))


def test_the_columns_of_schools_are_found_by_name_wherever_they_stand() -> None:
    names = header()

    found = layout(Register.SCHOOLS, list(reversed(names)))

    assert found.pick(list(reversed(names))) == SCHOOL_COLUMNS
    assert found.width == len(names)


@pytest.mark.parametrize("name", SCHOOL_COLUMNS)
def test_a_missing_column_is_named(name: str) -> None:
    names = [each for each in header() if each != name]

    with pytest.raises(FileFault, match=f'The column "{name.replace("(", "[(]")[:6]}') as fault:
        layout(Register.SCHOOLS, names)

    assert name in fault.value.why
    assert fault.value.line == 1


def test_a_renamed_column_is_named_with_its_likely_new_name() -> None:
    names = ["Establishment Name" if each == "EstablishmentName" else each for each in header()]

    with pytest.raises(FileFault) as fault:
        layout(Register.SCHOOLS, names)

    assert '"EstablishmentName" is missing; "Establishment Name" may be it' in fault.value.why


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(FileFault, match="URN is there twice"):
        layout(Register.SCHOOLS, [*header(), "URN"])


def test_another_file_is_not_taken_for_the_schools() -> None:
    with pytest.raises(FileFault, match="names none of the columns"):
        layout(Register.SCHOOLS, practices()[0])


def test_the_practices_file_is_known_by_its_shape() -> None:
    found = layout(Register.PRACTICES, practices()[0])

    assert (found.width, found.has_header) == (27, False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Organisation Code", *["Name"] * 26], "looks like a header"),
        (["B84001", "Name"], "has 2 columns"),
        (header(), "not epraccur.csv"),
        ([*practices()[0][1:], practices()[0][0]], "not epraccur.csv"),
    ],
)
def test_a_file_of_another_shape_is_not_taken_for_the_practices(row: list[str], said: str) -> None:
    with pytest.raises(FileFault, match=said):
        layout(Register.PRACTICES, row)


def test_only_prescribing_setting_four_is_a_practice() -> None:
    pick = layout(Register.PRACTICES, practices()[0]).pick

    found = [row for row in practices() if is_practice(pick(row))]

    assert len(found) == 92
    assert {row[25] for row in found} == {"4"}


def test_an_open_school_is_read() -> None:
    assert school() == SAID


def test_a_practice_is_read_with_its_commissioner_as_area() -> None:
    found = establishment(Register.PRACTICES, PRACTICE)

    assert found is not None
    assert (found.code, found.area, found.is_closed) == ("B84001", "02T", False)


@pytest.mark.parametrize(
    ("status", "closed", "expected"),
    [
        ("Open", "", (False, None)),
        ("Open, but proposed to close", "31-08-2027", (False, None)),
        ("Closed", "31-08-2025", (True, date(2025, 8, 31))),
        ("Closed", "", (True, None)),
    ],
)
def test_a_school_is_closed_when_its_status_says_so(
    status: str, closed: str, expected: tuple[bool, date | None]
) -> None:
    found = school(status=status, closed=closed)

    assert found is not None
    assert (found.is_closed, found.closed_on) == expected


def test_a_closed_practice_has_its_date() -> None:
    found = establishment(Register.PRACTICES, (*PRACTICE[:4], "C", "20210131", *PRACTICE[6:]))

    assert found is not None
    assert found.closed_on == date(2021, 1, 31)


def test_what_is_only_proposed_does_not_exist_yet() -> None:
    assert school(status="Proposed to open") is None
    assert establishment(Register.PRACTICES, (*PRACTICE[:4], "P", *PRACTICE[5:])) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "10000X"}, "is no URN"),
        ({"code": ""}, "is no URN"),
        ({"code": "1234567"}, "is no URN"),
        ({"name": "  "}, "The name is empty"),
        ({"name": "x" * 201}, "The name is longer than 200"),
        ({"telephone": "0" * 41}, "The telephone is longer than 40"),
        ({"status": "Opened"}, "is not known"),
        ({"status": "Closed", "closed": "2025-08-31"}, "no date of closing"),
        ({"status": "Closed", "closed": "31-02-2025"}, "no date of closing"),
        ({"name": "Oak \udc81 School"}, "cannot be read"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(changed: dict[str, str], said: str) -> None:
    with pytest.raises(RowFault, match=said):
        school(**changed)


@pytest.mark.parametrize(("place", "text"), [(0, "b84001"), (4, "X"), (1, " ")])
def test_a_practice_that_cannot_be_used_says_why(place: int, text: str) -> None:
    with pytest.raises(RowFault):
        establishment(
            Register.PRACTICES,
            tuple(text if at == place else cell for at, cell in enumerate(PRACTICE)),
        )


def test_a_stray_control_character_becomes_the_apostrophe_it_was() -> None:
    found = school(name="St Paul\x92s School")

    assert found is not None
    assert found.name == "St Paul\N{RIGHT SINGLE QUOTATION MARK}s School"


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("O\N{CYRILLIC SMALL LETTER A}k School", "cyrillic small letter a"),
        ("\N{GREEK CAPITAL LETTER ALPHA}sh School", "greek capital letter alpha"),
        ("Oak\N{ZERO WIDTH SPACE} School", "zero width space"),
    ],
)
def test_a_letter_that_only_looks_right_is_named(name: str, letter: str) -> None:
    assert letter in (strange_letters(name) or "")


@pytest.mark.parametrize(
    "name", ["Oak School", "École Élan", "St Paul\N{RIGHT SINGLE QUOTATION MARK}s"]
)
def test_accents_and_apostrophes_are_no_strange_letters(name: str) -> None:
    assert strange_letters(name) is None


def test_an_unchanged_row_changes_nothing() -> None:
    assert register_changes.changes(HELD, SAID, SAID, TODAY) == {}


def test_what_nobody_typed_follows_the_register() -> None:
    said = replace(SAID, name="Oak Academy", telephone="01632960009")

    found = register_changes.changes(HELD, SAID, said, TODAY)

    assert found == {"name": "Oak Academy", "telephone": "01632960009"}


def test_what_a_person_typed_stays() -> None:
    held = replace(HELD, name="The Oak", telephone="01632 960555")
    said = replace(SAID, name="Oak Academy", telephone="01632960009")

    assert register_changes.changes(held, SAID, said, TODAY) == {}


def test_a_register_never_empties_a_telephone() -> None:
    said = replace(SAID, telephone=None)

    assert register_changes.changes(HELD, SAID, said, TODAY) == {}


def test_an_agency_typed_with_its_code_is_only_filled_up() -> None:
    held = Held("The Oak", None, None, None)

    found = register_changes.changes(held, None, SAID, TODAY)

    assert found == {"telephone": "01632960001", "local_authority": "City of London"}


@pytest.mark.parametrize(
    ("closed_on", "expected"), [(date(2026, 8, 31), date(2026, 8, 31)), (None, TODAY)]
)
def test_a_closing_is_taken_over_with_its_date_or_today(
    closed_on: date | None, expected: date
) -> None:
    said = replace(SAID, is_closed=True, closed_on=closed_on)

    assert register_changes.changes(HELD, SAID, said, TODAY) == {"closed_on": expected}
    assert register_changes.at_first(said, TODAY).closed_on == expected


def test_a_closing_without_a_date_keeps_the_day_it_was_first_seen() -> None:
    before = replace(SAID, is_closed=True)
    held = replace(HELD, closed_on=date(2026, 1, 5))

    found = register_changes.changes(held, before, replace(before, town="Other"), TODAY)

    assert found == {}


def test_a_closing_a_person_typed_stays() -> None:
    held = replace(HELD, closed_on=date(2026, 1, 5))
    said = replace(SAID, is_closed=True, closed_on=date(2026, 8, 31))

    assert register_changes.changes(held, SAID, said, TODAY) == {}
    assert register_changes.changes(held, SAID, SAID, TODAY) == {}


def test_a_corrected_date_of_closing_is_followed() -> None:
    before = replace(SAID, is_closed=True, closed_on=date(2026, 1, 5))
    held = replace(HELD, closed_on=date(2026, 1, 5))
    said = replace(before, closed_on=date(2026, 8, 31))

    assert register_changes.changes(held, before, said, TODAY) == {"closed_on": date(2026, 8, 31)}


@pytest.mark.parametrize("known", [date(2026, 1, 5), None])
def test_a_school_the_register_opens_again_is_open(known: date | None) -> None:
    before = replace(SAID, is_closed=True, closed_on=known)
    held = replace(HELD, closed_on=date(2026, 1, 5))

    assert register_changes.changes(held, before, SAID, TODAY) == {"closed_on": None}
