"""What an import of a register found: counts, remarks by line, what changes and what closes."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self

MOST_REMARKS, MOST_CHANGES, MOST_CLOSINGS = 500, 200, 500


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a line; a fault is a row that is not imported, the rest is a warning."""

    line: int | None
    code: str
    what: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What an import sets on an agency that was there; no fields when people's words all stay."""

    ref: str
    name: str
    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """An agency of the directory that has closed, and the children who are still connected."""

    agency_id: str
    ref: str
    name: str
    code: str
    closed_on: str
    children: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """The result of reading one file, and of writing it when ``is_applied``.

    ``counts`` holds: rows, new, changed, unchanged, closed, faults, warnings, elsewhere (other
    areas), proposed (not open yet), not_practices, missing (in the directory, not in the file).
    The lists are cut at a length that a person reads; the counts are of all.
    """

    encoding: str
    sha256: str
    areas: tuple[str, ...]
    is_applied: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Say whether there is anything to write."""
        return self.counts["new"] + self.counts["changed"] > 0

    def fault(self, line: int, code: str, what: str) -> None:
        """Note a row that cannot be used."""
        self._remark(Remark(line, code[:20], what, is_fault=True), "faults")

    def warn(self, line: int | None, code: str, what: str) -> None:
        """Note something a person should look at; the row is imported."""
        self._remark(Remark(line, code[:20], what, is_fault=False), "warnings")

    def _remark(self, remark: Remark, kind: str) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_REMARKS:
            self.remarks.append(remark)

    def change(self, change: Change) -> None:
        """Note an agency that the register speaks of anew."""
        self.counts["changed"] += 1
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(change)

    def close(self, closing: Closing) -> None:
        """Note an agency that closes by this import."""
        self.counts["closed"] += 1
        if len(self.closings) < MOST_CLOSINGS:
            self.closings.append(closing)

    def to_json(self) -> dict[str, Any]:
        """Return it as the database and programs keep it."""
        return {
            "encoding": self.encoding,
            "sha256": self.sha256,
            "areas": list(self.areas),
            "is_applied": self.is_applied,
            "counts": dict(self.counts),
            "remarks": [asdict(each) for each in self.remarks],
            "changes": [asdict(each) for each in self.changes],
            "closings": [asdict(each) for each in self.closings],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return what ``to_json`` made."""
        return cls(
            encoding=values["encoding"],
            sha256=values["sha256"],
            areas=tuple(values["areas"]),
            is_applied=values["is_applied"],
            counts=Counter(values["counts"]),
            remarks=[Remark(**each) for each in values["remarks"]],
            changes=[
                Change(**{**each, "fields": tuple(each["fields"])}) for each in values["changes"]
            ],
            closings=[
                Closing(**{**each, "children": tuple(each["children"])})
                for each in values["closings"]
            ],
        )
