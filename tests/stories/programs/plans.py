"""The plan and its actions through the API."""

from __future__ import annotations

from typing import Any

from people.models.accounts import Account
from tests.stories.programs.client import Client, Problem, words_of
from tests.stories.said import Clash, Plan

_CONFLICT = 412


class PlanProgram(Client):
    """Read the plan, change it, compare versions; actions and their dates."""

    def plan(self, who: Account, child: str) -> Plan:
        """Read the plan."""
        found = self.get(who, f"/children/{child}/plan")
        open_ones = [row["ref"] for row in found["actions"] if row["status"] == "open"]
        return Plan(found["version"], tuple(open_ones), words_of(found))

    def open_plan(self, who: Account, child: str) -> None:
        """Open the plan."""
        self.create(who, f"/children/{child}/plan")

    def add_to_plan(self, who: Account, child: str, part: str, text: str) -> None:
        """Add a sentence to a section."""
        body = {"section": part, "text": text}
        self.create(who, f"/children/{child}/plan/entries", body)

    def open_part(self, who: Account, child: str, text: str) -> ReadPart:
        """Read the sentence that reads so."""
        for row in self.get(who, f"/children/{child}/plan")["rows"]:
            if row["fields"].get("text") == text:
                return ReadPart(self, who, child, row)
        raise LookupError(f"nothing on the plan reads {text!r}")

    def compare(self, who: Account, child: str, earlier: int, later: int) -> str:
        """Read what two versions differ in."""
        path = f"/children/{child}/plan/compare?from={earlier}&to={later}"
        return words_of(self.get(who, path))

    def action(self, who: Account, action: str) -> str:
        """Read an action."""
        found = self.get(who, f"/actions/{action}")
        return f"Owner {found['owner']} {words_of(found)}"

    def done(self, who: Account, action: str, evidence: str) -> None:
        """Mark an action as done."""
        self.create(who, f"/actions/{action}/done", {"evidence": evidence})

    def decide_date(self, who: Account, action: str, *, agree: bool, note: str = "") -> None:
        """Agree or refuse the new date that was asked for."""
        body = {"decision": "agree" if agree else "refuse", "note": note}
        self.create(who, f"/actions/{action}/date", body)


class ReadPart:
    """A sentence of the plan as it was read."""

    def __init__(self, program: PlanProgram, who: Account, child: str, row: dict[str, Any]) -> None:
        self._program, self._who, self._row = program, who, row
        self._path = f"/children/{child}/plan/entries/{row['part']}/{row['position']}"
        self._yours = self._theirs = ""

    def save(self, text: str, why: str) -> None:
        """Send the sentence.

        Raises:
            Clash: somebody else changed it since.
        """
        body = {"text": text, "why": why}
        try:
            self._program.edit(self._who, self._path, body, seen=self._row["version"])
        except Problem as problem:
            if problem.status != _CONFLICT:
                raise
            self._theirs, self._yours = problem.body["theirs"]["text"], text
            self._row = self._row | {"version": self._row["version"] + 1}
            raise Clash(theirs=self._theirs, yours=text) from problem

    def keep(self, which: str) -> None:
        """Choose after a clash: mine, theirs or both."""
        chosen = {"mine": self._yours, "both": f"{self._theirs}\n\n{self._yours}"}
        if which in chosen:
            self.save(chosen[which], "Both were right.")
