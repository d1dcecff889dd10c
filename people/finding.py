"""What somebody typed to find a child: a reference, a number, a date of birth, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.ids import is_reference
from people.names import words

_REFERENCE = re.compile(r"^c[-\s]?(\w{6})$", re.IGNORECASE)
_NHS_DIGITS = 10
_UPN = re.compile(r"^[a-z]\d{11}[a-z\d]$", re.IGNORECASE)
_NUMBERS = re.compile(r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_IN_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, sorted out; empty when it says nothing to look for."""

    ref: str | None = None
    nhs_number: str | None = None
    upn: str | None = None
    born_on: date | None = None
    names: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to look for."""
        return not (self.ref or self.nhs_number or self.upn or self.born_on or self.names)


def sought(text: str) -> Sought:
    """Sort out what was typed into the search box; a date may stand before or after the names."""
    text = " ".join(text[:_LONGEST].split())
    reference = _REFERENCE.match(text)
    if reference and is_reference(f"C-{reference[1].upper()}", "C"):
        return Sought(ref=f"C-{reference[1].upper()}")
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) == _NHS_DIGITS:
        return Sought(nhs_number=digits)
    if _UPN.match(digits):
        return Sought(upn=digits.upper())
    born_on, rest = _take_date(text)
    return Sought(born_on=born_on, names=tuple(words(rest)))


def _take_date(text: str) -> tuple[date | None, str]:
    for pattern, order in ((_ISO, (1, 2, 3)), (_NUMBERS, (3, 2, 1)), (_IN_WORDS, (3, 2, 1))):
        for found in pattern.finditer(text):
            year, month, day = (found[place] for place in order)
            born_on = _date(year, month, day)
            if born_on is not None:
                return born_on, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _date(year: str, month: str, day: str) -> date | None:
    short = month[:3].lower()
    try:
        number = _MONTHS.index(short) + 1 if short in _MONTHS else int(month)
        return date(int(year), number, int(day))
    except ValueError:
        return None
