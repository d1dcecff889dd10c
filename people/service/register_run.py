"""One pass over a register's file: compare each row with what is known, write a thousand at a time.

What cannot be read is noted with its line. A row that says what it said at the last import is known
by its digest and passed over, so that only new and changed rows cost more than their reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import BinaryIO, Self
from uuid import UUID

from core import audit, bulk, clock
from core.db import session
from core.errors import Refused
from core.ids import new_id, new_references
from people import register_file
from people.models.agencies import Agency
from people.models.registers import RegisterEntry
from people.queries import registers as read
from people.register_file import AGAIN, Broken, Rows, Survey
from people.register_report import Change, Closing, Report
from people.rules import register_changes
from people.rules import registers as rules
from people.rules.register_changes import Held
from people.rules.registers import FileFault, Picked, RowFault
from people.terms import Actor, ConnectionKind, Establishment, Register
from people.vocabulary import vocabulary

BATCH = 1000
CONNECTED = {Register.SCHOOLS: ConnectionKind.SCHOOL, Register.PRACTICES: ConnectionKind.GP}
# A new way of reading rows reads all of them anew: part of every digest.
_READING = b"1"
_AGENCY = (
    "id", "ref", "name", "kind", "telephone", "register_code", "local_authority", "closed_on",
    "version",
)  # fmt: skip
_ENTRY = (
    "agency_id", "register", "code", "name", "area", "authority", "telephone", "town", "postcode",
    "is_closed", "closed_on", "digest",
)  # fmt: skip
Progress = Callable[[int], None]


@dataclass(slots=True)
class Run:
    """One pass over one file; ``actor`` is None when nothing is to be written."""

    register: Register
    kind: str
    survey: Survey
    today: date
    now: datetime
    actor: Actor | None
    report: Report
    known: dict[str, str]
    typed: set[str]
    without_code: dict[str, tuple[str, str | None]]
    areas: frozenset[str]
    areas_at: tuple[int, ...] = ()
    taken: set[str] | None = None
    areas_met: set[str] = field(default_factory=set)
    new: list[tuple[Establishment, str]] = field(default_factory=list)
    again: list[tuple[Establishment, str]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        file: BinaryIO,
        register: Register,
        *,
        areas: tuple[str, ...],
        actor: Actor | None,
        now: datetime,
    ) -> Self:
        """Look at the file as a whole and at what is known already. Four statements.

        Raises:
            FileFault: the file cannot be used at all.
            Refused: the rules in force name no kind of agency for such establishments.
        """
        survey, today = register_file.survey(file), clock.today(now)
        kind = _kind(register, today)
        encoding = register_file.ENCODINGS[survey.encoding]
        return cls(
            register=register,
            kind=kind,
            survey=survey,
            today=today,
            now=now,
            actor=actor,
            report=Report(encoding, survey.sha256, areas, is_applied=actor is not None),
            known=read.digests(register),
            typed=read.typed_codes(kind, register),
            without_code=read.without_code(kind),
            areas=frozenset(areas),
        )

    def report_of(self, file: BinaryIO, progress: Progress | None) -> Report:
        """Read the file to its end, write it when there is an actor, and say what was found.

        Raises:
            FileFault: the file cannot be used at all.
        """
        seen: dict[str, int] = {}
        for line, picked, digest in self._differing(file, seen, progress):
            try:
                said = rules.establishment(self.register, picked)
            except RowFault as fault:
                self.report.fault(line, picked[0], str(fault))
                continue
            if said is None:
                self.report.counts["proposed"] += 1
            else:
                self._sort(line, said, digest)
        self._write_new()
        self._write_again()
        self._look_around(seen)
        return self.report

    def _differing(
        self, file: BinaryIO, seen: dict[str, int], progress: Progress | None
    ) -> Iterator[tuple[int, Picked, str]]:
        """Yield what is new or says something else than last time."""
        known, unchanged, is_choosy = self.known, 0, self._is_choosy()
        for line, picked in self._picked(file, progress):
            if is_choosy and self._is_passed_over(line, picked):
                continue
            code = picked[0]
            first = seen.setdefault(code, line)
            if first != line:
                self.report.fault(line, code, f"{code} stands in line {first} already.")
                continue
            digest = _digest(picked)
            if known.get(code) == digest:
                unchanged += 1
            else:
                yield line, picked, digest
        self.report.counts["unchanged"] = unchanged

    def _picked(self, file: BinaryIO, progress: Progress | None) -> Iterator[tuple[int, Picked]]:
        """Yield what is read of each row that has its columns."""
        rows = Rows(file, self.survey)
        layout = rules.layout(self.register, rows.first())
        if not layout.has_header:
            rows.again()
        self.areas_at, pick = layout.areas_at, layout.pick
        count, line, last = 0, 1, None
        for line, cells in rows.rest(layout.width, layout.most):
            count += 1
            if progress is not None and count % BATCH == 0:
                progress(file.tell())
            if isinstance(cells, Broken):
                last = cells
                self.report.fault(line, cells.code, cells.fault)
            else:
                last = None
                yield line, pick(cells)
        rows.close()
        if last is not None and last.is_short:
            raise FileFault(
                f"The file ends in the middle of line {line}: half a file. {AGAIN}", line
            )
        if not count:
            raise FileFault(f"The file holds no establishment. {AGAIN}")
        self.report.counts["rows"] = count

    def _is_choosy(self) -> bool:
        return self.register is Register.PRACTICES or bool(self.areas)

    def _is_passed_over(self, line: int, picked: Picked) -> bool:
        """Say whether a row is none of ours; what the directory knows is always ours."""
        code = picked[0]
        is_known = code in self.known or code in self.typed
        if self.register is Register.PRACTICES and not rules.is_practice(picked):
            self.report.counts["not_practices"] += 1
            if is_known:
                self.report.warn(
                    line,
                    code,
                    f"{picked[1]} is in the directory as a practice, and the register says it is "
                    f"none (prescribing setting {picked[9]}). Look whether it is still right.",
                )
            return True
        if not self.areas:
            return False
        here = {picked[at] for at in self.areas_at} & self.areas
        self.areas_met |= here
        if here or is_known:
            return False
        self.report.counts["elsewhere"] += 1
        return True

    def _sort(self, line: int, said: Establishment, digest: str) -> None:
        strange = rules.strange_letters(said.name)
        if strange:
            self.report.warn(
                line,
                said.code,
                f"{said.name} holds letters that only look like the usual ones: {strange}. It "
                "will not be found by typing it. Correct the name in the directory.",
            )
        if said.code in self.known or said.code in self.typed:
            self.again.append((said, digest))
            if len(self.again) == BATCH:
                self._write_again()
            return
        if self.without_code and self._is_namesake(line, said):
            return
        self.report.counts["new"] += 1
        self.new.append((said, digest))
        if len(self.new) == BATCH:
            self._write_new()

    def _is_namesake(self, line: int, said: Establishment) -> bool:
        """Note a row that may be an agency somebody typed: its contacts must not be lost to it."""
        ref, authority = self.without_code.get(said.name.casefold(), ("", None))
        here = (said.authority or "").casefold()
        there = (authority or "").casefold()
        if not ref or (here not in there and there not in here):
            return False
        self.report.fault(
            line,
            said.code,
            f"{said.name} is in the directory as {ref}, without a register code. If it is the "
            f"same one, give it the code {said.code}; if not, tell the names apart.",
        )
        return True

    def _write_new(self) -> None:
        batch, self.new = self.new, []
        if self.actor is None:
            return
        agencies, entries = [], []
        for (said, digest), ref in zip(batch, self._free_references(len(batch)), strict=True):
            row_id, held = new_id().hex, register_changes.at_first(said, self.today)
            closed_on = _iso(held.closed_on)
            agencies.append(
                (row_id, ref, held.name, self.kind, held.telephone, said.code,
                 held.local_authority, closed_on, 1)
            )  # fmt: skip
            entries.append(
                (row_id, self.register.value, said.code, said.name, said.area, said.authority,
                 said.telephone, said.town, said.postcode, int(said.is_closed),
                 _iso(said.closed_on), digest)
            )  # fmt: skip
        bulk.add(Agency, _AGENCY, agencies)
        bulk.add(RegisterEntry, _ENTRY, entries)

    def _free_references(self, count: int) -> list[str]:
        """Return references no agency has; among fifty thousand some would be met twice."""
        if self.taken is None:
            self.taken = read.references()
        found: set[str] = set()
        while len(found) < count:
            found |= new_references("G", count - len(found)) - self.taken
        self.taken |= found
        return list(found)

    def _write_again(self) -> None:
        batch, self.again = self.again, []
        if not batch:
            return
        found = read.entries(self.register, self.kind, [said.code for said, _ in batch])
        for said, digest in batch:
            agency, entry = found[said.code]
            held = Held(agency.name, agency.telephone, agency.local_authority, agency.closed_on)
            before = entry.said() if entry is not None else None
            fields = register_changes.changes(held, before, said, self.today)
            self.report.change(Change(agency.ref, agency.name, said.code, tuple(sorted(fields))))
            closed_on = fields.get("closed_on")
            if isinstance(closed_on, date) and held.closed_on is None:
                self.report.close(
                    Closing(
                        agency.id.hex, agency.ref, agency.name, said.code, closed_on.isoformat()
                    )
                )
            if self.actor is not None:
                self._change(self.actor, agency, entry, fields, said=said, digest=digest)
        if self.actor is not None:
            session.flush()

    def _change(
        self,
        actor: Actor,
        agency: Agency,
        entry: RegisterEntry | None,
        fields: dict[str, register_changes.Value],
        *,
        said: Establishment,
        digest: str,
    ) -> None:
        if entry is None:
            entry = RegisterEntry(agency_id=agency.id, register=self.register)
            session.add(entry)
        for name in _ENTRY[2:-1]:
            setattr(entry, name, getattr(said, name))
        entry.digest = digest
        for name, value in fields.items():
            setattr(agency, name, value)
        if fields:
            names = ", ".join(sorted(fields))
            audit.record(actor, "agency.edited", "agency", agency.id, now=self.now, detail=names)

    def _look_around(self, seen: dict[str, int]) -> None:
        report = self.report
        for area in sorted(self.areas - self.areas_met):
            report.warn(None, area, f"No row is of the area {area}. Check the code.")
        gone = self.known.keys() - seen.keys()
        missing = sorted(read.open_codes(self.register, gone)) if gone else []
        report.counts["missing"] = len(missing)
        if missing:
            report.warn(
                None,
                missing[0],
                f"{len(missing)} open establishments of the directory are not in this file, such "
                f"as {missing[0]}. Nothing was done to them. Is it the whole register?",
            )
        if not self.survey.ends_with_line:
            report.warn(
                None, "", "The last line does not end with a line break. Is the file whole?"
            )
        closing = [UUID(each.agency_id) for each in report.closings]
        children = read.children_of(closing, self.today) if closing else {}
        report.closings = [
            replace(each, children=tuple(children.get(UUID(each.agency_id), ())))
            for each in report.closings
        ]


def _kind(register: Register, today: date) -> str:
    kinds = vocabulary(today).kinds_for(CONNECTED[register]) or frozenset()
    if len(kinds) != 1:
        raise Refused(
            "import.kind",
            "The rules in force do not say which one kind of agency these establishments are. The "
            "invitation rule for the child's own school or practice names it.",
        )
    return next(iter(kinds))


def _digest(picked: Picked) -> str:
    text = "\x1f".join(picked)
    whole = text.encode() if text.isascii() else text.encode("utf-8", "surrogateescape")
    return blake2b(_READING + whole, digest_size=16).hexdigest()


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None
