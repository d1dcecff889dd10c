"""Open a register's file: its encoding, a hash, its rows with their line numbers, as a stream.

A line whose quotation marks, if any, stand around whole cells is cut at its separators, which gives
what the csv module would give in half its time; every other line goes through the csv module.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from people.rules.registers import FileFault

ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
AGAIN = "Download the file again and bring it as it is."
_CHUNK = 1 << 20
_ARCHIVE, _UTF_16 = b"PK\x03\x04", (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = frozenset(",;\t|")


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at all bytes of a file tells; ``encoding`` is a key of ``ENCODINGS``."""

    encoding: str
    sha256: str
    size: int
    ends_with_line: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read: why, in words; ``is_short`` when columns are missing."""

    code: str
    fault: str
    is_short: bool = False


def survey(file: BinaryIO) -> Survey:
    """Look at all bytes once and go back to the start.

    Raises:
        FileFault: the file is empty, a spreadsheet, an archive or UTF-16, or holds a NUL byte.
    """
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, size, lines, last = True, 0, 0, b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        if not size:
            _refuse_other_kinds(chunk)
        if (at := chunk.find(b"\0")) >= 0:
            line = lines + chunk.count(b"\n", 0, at) + 1
            raise FileFault(f"Line {line} holds a NUL byte, which no text has. {AGAIN}", line)
        lines += chunk.count(b"\n")
        digest.update(chunk)
        size, last = size + len(chunk), chunk[-1:]
        is_utf8 = is_utf8 and _goes_on(decoder, chunk)
    if not size:
        raise FileFault(f"The file is empty. {AGAIN}")
    is_utf8 = is_utf8 and _goes_on(decoder, b"", is_last=True)
    file.seek(0)
    encoding = "utf-8-sig" if is_utf8 else "cp1252"
    return Survey(encoding, digest.hexdigest(), size, last in (b"\n", b"\r"))


def _goes_on(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_last: bool = False) -> bool:
    try:
        decoder.decode(chunk, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(_ARCHIVE):
        raise FileFault(
            "This is a spreadsheet or an archive, not a CSV file. Unpack it, or save the sheet "
            'as "CSV UTF-8".'
        )
    if start.startswith(_UTF_16):
        raise FileFault('The file is written in UTF-16. Save it as "CSV UTF-8".')


class Rows:
    """The rows of a file with the line each starts in; blank and ``sep=`` lines are passed over."""

    def __init__(self, file: BinaryIO, known: Survey) -> None:
        file.seek(0)
        text = io.TextIOWrapper(file, known.encoding, errors="surrogateescape", newline="")
        self._text = text
        self._lines = _Lines(text)
        first = next(self._lines, "")
        self._separator = _separator_named(first) or ","
        if _separator_named(first) is None:
            self._lines.waiting = first
        self._reader = csv.reader(self._lines, delimiter=self._separator, strict=True)

    def first(self) -> list[str]:
        """Return the cells of the first row.

        Raises:
            FileFault: there is none, or it cannot be read.
        """
        for line in self._lines:
            start, self._lines.waiting = self._lines.number, line
            try:
                cells = next(self._reader)
            except csv.Error as fault:
                raise FileFault(f"{_broken(fault, start, start).fault} {AGAIN}", start) from fault
            if cells:
                return cells
        raise FileFault(f"The file is empty. {AGAIN}")

    def again(self) -> None:
        """Read the first row, which lies in one line, once more: the file has no header."""
        self._text.seek(0)
        self._lines.number = 0
        first = next(self._lines, "")
        if _separator_named(first) is None:
            self._lines.waiting = first

    def rest(self, width: int, most: int) -> Iterator[tuple[int, list[str] | Broken]]:
        """Yield the rows after it, in order.

        Args:
            width: how many columns a row must have; one with others comes as ``Broken``.
            most: how many columns are looked at; what is behind them may come in one piece.

        Raises:
            FileFault: a quotation mark is opened and never closed: half a file.
        """
        lines, separator, commas = self._lines, self._separator, width - 1
        cells: list[str]
        for line in lines:
            start = lines.number
            if '"' not in line:
                if line.count(separator) == commas:
                    yield start, line.rstrip("\r\n").split(separator, most)
                    continue
                cells = line.rstrip("\r\n").split(separator)
            elif plain := _plainly_quoted(line, separator):
                cells = plain
            else:
                lines.waiting = line
                try:
                    cells = next(self._reader)
                except csv.Error as fault:
                    yield start, _broken(fault, start, lines.number)
                    continue
            if len(cells) == width:
                yield start, cells
            elif cells not in ([""], []):
                yield start, _misshapen(cells, width)

    def close(self) -> None:
        """Leave the file open to its owner."""
        self._text.detach()


def _plainly_quoted(line: str, separator: str) -> list[str] | None:
    """Cut a line whose quotation marks stand only around whole cells; None when one does not."""
    pieces = line.rstrip("\r\n").split('"')
    if len(pieces) % 2 == 0 or '""' in line:
        return None
    cells = pieces[0].split(separator)
    for at in range(1, len(pieces), 2):
        after = pieces[at + 1]
        is_last = at + 2 == len(pieces)
        if cells[-1] or (after[0] != separator if after else not is_last):
            return None
        cells[-1] = pieces[at]
        if after:
            cells += after[1:].split(separator)
    return cells


def _misshapen(cells: list[str], width: int) -> Broken:
    return Broken(
        cells[0],
        f"The row has {len(cells)} columns and must have {width}: a comma or a line break is "
        "missing, or is one too many.",
        is_short=len(cells) < width,
    )


class _Lines:
    """The lines of a file, counted; one that was looked at can be handed to the csv module."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.waiting: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.waiting is not None:
            line, self.waiting = self.waiting, None
            return line
        self.number += 1
        return next(self.text)


def _separator_named(line: str) -> str | None:
    """Return the separator of a ``sep=;`` line, which spreadsheets write first, or None."""
    plain = line.strip("\r\n").strip('"')
    if plain[:4].lower() == "sep=" and plain[4:] in _SEPARATORS:
        return plain[4:]
    return None


def _broken(fault: csv.Error, start: int, end: int) -> Broken:
    text = str(fault)
    if "unexpected end" in text or "limit" in text:
        raise FileFault(
            f"The quotation mark opened in line {start} is never closed: this is half a file, or "
            f"line {start} is broken. {AGAIN}",
            start,
        )
    where = f"Lines {start} to {end}" if end > start else "The line"
    return Broken("", f"{where} cannot be read: a quotation mark stands where none may.")
