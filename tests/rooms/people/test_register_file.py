"""The reader of register files gives what the csv module gives, whatever stands in the file."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.register_file import Broken, Rows, survey
from people.rules.registers import FileFault

CELLS = st.sampled_from(["", "a", "é, b", 'a "b" c', '"', "a\r\nb", ",", " a ", ";", '""', 'a"'])
LINES = st.lists(st.text('ab,"', max_size=12), min_size=1, max_size=6)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes, width: int) -> list[list[str]]:
    file = io.BytesIO(content)
    rows = Rows(file, survey(file))
    rows.first()
    return [cells for _, cells in rows.rest(width, width) if not isinstance(cells, Broken)]


@SLOW
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8))
def test_what_the_csv_module_writes_is_read_back(written: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["x", "y", "z"], *written])

    found = read(out.getvalue().encode(), 3)

    assert found == written


@SLOW
@given(LINES)
def test_whatever_stands_in_a_file_is_cut_as_the_csv_module_cuts_it(lines: list[str]) -> None:
    text = "x,y,z\r\n" + "\r\n".join(lines) + "\r\n"
    try:
        wanted = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        return

    try:
        found = read(text.encode(), 3)
    except FileFault:
        raise AssertionError(text) from None

    assert found == [row for row in wanted[1:] if len(row) == 3]


def test_a_row_is_named_by_the_line_it_starts_in() -> None:
    file = io.BytesIO(b'sep=;\r\nx;y\r\n"a\r\nb";c\r\n\r\nd;"e;f"\r\n')
    rows = Rows(file, survey(file))

    first, rest = rows.first(), list(rows.rest(2, 2))

    assert first == ["x", "y"]
    assert rest == [(3, ["a\r\nb", "c"]), (6, ["d", "e;f"])]
