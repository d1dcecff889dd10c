"""Read the rows of the two national registers: which columns, what a row says, what is wrong.

Schools come from Get Information About Schools (``edubasealldata*.csv``), taken by column name,
since columns come and go between years. Practices come from the NHS file ``epraccur.csv``, which
has no header, so that its places are fixed and its shape is checked instead.

Source: Department for Education, Get Information About Schools, download of all fields; NHS
England, Organisation Data Service, specification of epraccur; both looked at in 2025 extracts.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final, cast

from people.terms import Establishment, Register

Picked = tuple[str, ...]

SCHOOL_COLUMNS: Final = (
    "URN",
    "EstablishmentName",
    "LA (code)",
    "LA (name)",
    "EstablishmentStatus (name)",
    "CloseDate",
    "TelephoneNum",
    "Town",
    "Postcode",
)
# Code, name, ICB, commissioner, status, closed, telephone, town (address line 4), postcode and
# prescribing setting: columns 1, 2, 4, 15, 13, 12, 18, 8, 10 and 26 of the specification.
PRACTICE_PLACES: Final = (0, 1, 3, 14, 12, 11, 17, 7, 9, 25)
PRACTICE_WIDTH: Final = 27
GP_PRACTICE: Final = "4"
_SCHOOL_IS_CLOSED: Final = {
    "Open": False,
    "Open, but proposed to close": False,
    "Closed": True,
}
_PROPOSED: Final = "Proposed to open"
_PRACTICE_IS_CLOSED: Final = {"A": False, "D": False, "C": True}
_PRACTICE_PROPOSED: Final = "P"
_DAY_FIRST = re.compile(r"^(\d{2})-(\d{2})-(\d{4})$")
_YEAR_FIRST = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_ODS_CODE = re.compile(r"^[A-Z0-9]{3,8}$")
_LONGEST: Final = (("name", 200), ("local authority", 80), ("telephone", 40), ("town", 80))
# A Windows letter that went through the wrong conversion leaves an invisible control character.
_STRAY: Final = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


class FileFault(ValueError):
    """The file cannot be used at all; nothing of it is read further.

    Attributes:
        line: the line at fault, 1 for the first; None when it is the file as a whole.
        why: what is wrong and what to do, in sentences.
    """

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


class RowFault(ValueError):
    """One row cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of one file stand.

    Attributes:
        pick: takes what is read out of a row, in the order of the constants above.
        width: how many columns every row has.
        most: how many of them, from the left, hold all that is read.
        areas_at: the places in what was picked that may hold the code of an area asked for.
        has_header: the first row names the columns and is not read as an establishment.
    """

    register: Register
    pick: Callable[[Sequence[str]], Picked]
    width: int
    most: int
    areas_at: tuple[int, ...]
    has_header: bool


def layout(register: Register, first_row: Sequence[str]) -> Layout:
    """Find the columns by the file's first row.

    Raises:
        FileFault: a column is missing, renamed or there twice; or it is not this register.
    """
    if register is Register.SCHOOLS:
        return _school_layout([cell.strip() for cell in first_row])
    return _practice_layout(first_row)


def establishment(register: Register, picked: Picked) -> Establishment | None:
    """Return what a row says, or None for what is proposed and does not exist yet.

    Raises:
        RowFault: the row cannot be used.
    """
    return _school(picked) if register is Register.SCHOOLS else _practice(picked)


def is_practice(picked: Picked) -> bool:
    """Say whether a row of the practices' file is a GP practice.

    The file also lists walk-in centres, hospices, prisons and wards that prescribe.
    """
    return picked[9] == GP_PRACTICE


def strange_letters(text: str) -> str | None:
    """Say which letters of a name only look like the letters one would type, or None.

    A name with such a letter is never found by typing it. Accents are no matter.
    """
    if text.isascii():
        return None
    strange = [
        f"{letter!r} ({unicodedata.name(letter, 'no letter').lower()})"
        for letter in dict.fromkeys(text)
        if _is_strange(letter)
    ]
    return ", ".join(strange) or None


def _is_strange(letter: str) -> bool:
    if letter.isascii():
        return False
    category = unicodedata.category(letter)
    if category == "Cf":  # invisible: joiners, marks of direction
        return True
    return category.startswith("L") and not unicodedata.name(letter, "").startswith("LATIN ")


def _school_layout(header: list[str]) -> Layout:
    missing = [name for name in SCHOOL_COLUMNS if name not in header]
    if len(missing) == len(SCHOOL_COLUMNS):
        raise FileFault(
            "The first line names none of the columns of the schools register. Download "
            '"edubasealldata" from Get Information About Schools and bring the CSV file as it is.',
            1,
        )
    if missing:
        raise FileFault(" ".join(_missing(name, header) for name in missing), 1)
    twice = [name for name in SCHOOL_COLUMNS if header.count(name) > 1]
    if twice:
        raise FileFault(f"The column {twice[0]} is there twice. Remove one of them.", 1)
    places = [header.index(name) for name in SCHOOL_COLUMNS]
    pick = itemgetter(*places)
    return Layout(
        Register.SCHOOLS,
        cast(Callable[[Sequence[str]], Picked], pick),
        width=len(header),
        most=max(places) + 1,
        areas_at=(2,),
        has_header=True,
    )


def _missing(name: str, header: list[str]) -> str:
    plain = {_plain(cell): cell for cell in header if cell not in SCHOOL_COLUMNS}
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.7)
    if close:
        return (
            f'The column "{name}" is missing; "{plain[close[0]]}" may be it under another name. '
            f'If it is, call it "{name}" again.'
        )
    return f'The column "{name}" is missing. Download all fields of the register.'


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _practice_layout(row: Sequence[str]) -> Layout:
    if len(row) == PRACTICE_WIDTH and not any(cell.isdigit() for cell in row):
        raise FileFault(
            "The first line looks like a header, and epraccur.csv has none. Remove it, or "
            "download the file again, so that no column can have been moved.",
            1,
        )
    is_right = (
        len(row) == PRACTICE_WIDTH
        and _ODS_CODE.match(row[0])
        and row[12] in {*_PRACTICE_IS_CLOSED, _PRACTICE_PROPOSED}
        and (row[10] == "" or _YEAR_FIRST.match(row[10]))
        and (row[11] == "" or _YEAR_FIRST.match(row[11]))
        and row[25].isdigit()
    )
    if not is_right:
        raise FileFault(
            f"This is not epraccur.csv of the NHS Organisation Data Service: it has "
            f"{PRACTICE_WIDTH} columns without a header, code first, status (A, C, D or P) in "
            f"column 13, prescribing setting in column 26. Line 1 has {len(row)} columns.",
            1,
        )
    pick = itemgetter(*PRACTICE_PLACES)
    return Layout(
        Register.PRACTICES,
        cast(Callable[[Sequence[str]], Picked], pick),
        width=PRACTICE_WIDTH,
        most=max(PRACTICE_PLACES) + 1,
        areas_at=(2, 3),
        has_header=False,
    )


def _school(picked: Picked) -> Establishment | None:
    code, name, area, authority, status, closed, telephone, town, postcode = picked
    if not (code.isascii() and code.isdigit() and len(code) in (5, 6)):
        raise RowFault(f'"{code[:20]}" is no URN: it must be five or six digits.')
    is_closed = _SCHOOL_IS_CLOSED.get(status)
    if is_closed is None:
        if status == _PROPOSED:
            return None
        raise RowFault(
            f'The status "{status[:40]}" is not known: it must be Open, Closed, '
            '"Open, but proposed to close" or "Proposed to open".'
        )
    closed_on = _date(closed, _DAY_FIRST, (3, 2, 1)) if is_closed and closed else None
    texts = (name, authority, telephone, town, postcode)
    return _made(code, texts, area=area, is_closed=is_closed, closed_on=closed_on)


def _practice(picked: Picked) -> Establishment | None:
    code, name, _, area, status, closed, telephone, town, postcode, _ = picked
    if not _ODS_CODE.match(code):
        raise RowFault(f'"{code[:20]}" is no ODS code: three to eight letters and digits.')
    is_closed = _PRACTICE_IS_CLOSED.get(status)
    if is_closed is None:
        if status == _PRACTICE_PROPOSED:
            return None
        raise RowFault(f'The status "{status[:20]}" is not known: it must be A, C, D or P.')
    closed_on = _date(closed, _YEAR_FIRST, (1, 2, 3)) if is_closed and closed else None
    texts = (name, "", telephone, town, postcode)
    return _made(code, texts, area=area, is_closed=is_closed, closed_on=closed_on)


def _made(
    code: str, texts: Picked, *, area: str, is_closed: bool, closed_on: date | None
) -> Establishment:
    if not "".join(texts).isascii():
        texts = tuple(_repaired(text) for text in texts)
    name, authority, telephone, town, postcode = texts
    name, authority, telephone = name.strip(), authority.strip(), telephone.strip()
    town, postcode = town.strip(), postcode.strip()
    if not name:
        raise RowFault("The name is empty.")
    if len(name) > 80 or len(authority) > 80 or len(telephone) > 40 or len(town) > 80:  # noqa: PLR2004 - looked at in full below
        _refuse_too_long((name, authority, telephone, town))
    return Establishment(
        code,
        name,
        area[:20],
        authority or None,
        telephone or None,
        town or None,
        postcode[:10] or None,
        is_closed,
        closed_on,
    )


def _refuse_too_long(texts: Picked) -> None:
    for (what, most), text in zip(_LONGEST, texts, strict=True):
        if len(text) > most:
            raise RowFault(f"The {what} is longer than {most} characters: are columns moved?")


def _repaired(text: str) -> str:
    text = text.translate(_STRAY)
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in text):
        raise RowFault(
            f"A character cannot be read in {text.encode('ascii', 'replace').decode()!r}. "
            "Download the file again and do not open and save it in between."
        )
    return text


def _date(text: str, form: re.Pattern[str], order: tuple[int, int, int]) -> date:
    found = form.match(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = (int(found[place]) for place in order)
        return date(year, month, day)
    except ValueError:
        raise RowFault(f'"{text[:20]}" is no date of closing.') from None
