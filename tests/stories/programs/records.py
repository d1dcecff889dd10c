"""A meeting as it is held, and its record, through the API."""

from __future__ import annotations

from typing import Any

from people.models.accounts import Account
from tests.stories.programs.client import Client, Problem, words_of
from tests.stories.said import Agreed, Clash

_CONFLICT = 412


class RecordProgram(Client):
    """Start, attendance, sections, decisions, actions, finish, approve, release."""

    def start(self, who: Account, meeting: str) -> None:
        """Start the meeting."""
        self.post(who, f"/meetings/{meeting}/start")

    def all_here(self, who: Account, meeting: str) -> None:
        """Mark everybody who accepted as here."""
        self.post(who, f"/meetings/{meeting}/record/attendance/accepted")

    def mark(self, who: Account, meeting: str, states: dict[str, str]) -> None:
        """Mark who is here: agency or role in words to the state."""
        record = self._record(who, meeting)
        marks = [
            {"invitee": row["invitee"], "came": {"state": state}}
            for row in record["attendance"]
            for agency, state in states.items()
            if agency in f"{row['agency']}, {row['role']}"
        ]
        path = f"/meetings/{meeting}/record/attendance"
        self.edit(who, path, {"marks": marks}, seen=record["attendance_version"])

    def section(self, who: Account, meeting: str, heading: str) -> str:
        """Read what stands under a heading."""
        return self.open_section(who, meeting, heading).text

    def previous_actions(self, who: Account, meeting: str) -> str:
        """Read the actions of earlier meetings."""
        return words_of(self._record(who, meeting)["previous"])

    def information_there(self, who: Account, meeting: str) -> str:
        """Read what agencies sent."""
        return words_of(self.get(who, f"/meetings/{meeting}/information"))

    def headings(self, who: Account, meeting: str) -> list[str]:
        """Return the headings of the record in order."""
        return [row["words"] for row in self._record(who, meeting)["sections"]]

    def open_section(self, who: Account, meeting: str, heading: str) -> ReadSection:
        """Read one heading; what is sent later carries the version read now."""
        for row in self._record(who, meeting)["sections"]:
            if heading in row["words"]:
                return ReadSection(self, who, meeting, row)
        raise LookupError(f"no heading reads {heading!r}")

    def write(self, who: Account, meeting: str, heading: str, text: str) -> None:
        """Write under a heading."""
        self.open_section(who, meeting, heading).save(text)

    def write_all(self, who: Account, meeting: str, text: str) -> None:
        """Write the same under every heading that is empty."""
        for row in self._record(who, meeting)["sections"]:
            if not row["text"]:
                ReadSection(self, who, meeting, row).save(text)

    def decide(self, who: Account, meeting: str, kind: str, text: str, reason: str) -> None:
        """Write a decision down."""
        body = {"kind": kind, "text": text, "reason": reason}
        self.create(who, f"/meetings/{meeting}/record/decisions", body)

    def agree(self, who: Account, meeting: str, agreed: Agreed) -> None:
        """Write an agreed action down."""
        agencies = {
            row["name"]: row["ref"]
            for page in (1, 2)
            for row in self.get(who, f"/agencies?page={page}")["items"]
        }
        body = {
            "what": agreed.what,
            "kind": agreed.kind,
            "agency": agencies[agreed.agency],
            "name": agreed.name or None,
            "email": agreed.email or None,
            "due": agreed.due_on,
            "how": agreed.how,
        }
        self.create(who, f"/meetings/{meeting}/record/actions", body)

    def dissent(self, who: Account, meeting: str, agency: str, what: str) -> None:
        """Write a disagreement down."""
        self.create(who, f"/meetings/{meeting}/record/dissents", {"agency": agency, "what": what})

    def finish_page(self, who: Account, meeting: str) -> str:
        """Check what is missing before the end."""
        return words_of(self.get(who, f"/meetings/{meeting}/finish"))

    def finish(self, who: Account, meeting: str, **reasons: str) -> None:
        """Finish the meeting, with reasons for what is missing."""
        self.create(who, f"/meetings/{meeting}/finish", reasons)

    def record_words(self, who: Account, meeting: str) -> str:
        """Read the record and what follows from it."""
        record = words_of(self._record(who, meeting))
        return f"{record} {words_of(self.get(who, f'/meetings/{meeting}/finish'))}"

    def record_status(self, who: Account, meeting: str) -> str:
        """Return draft, approved or released."""
        return str(self._record(who, meeting)["status"])

    def approve(self, who: Account, meeting: str) -> None:
        """Approve the record."""
        path = f"/meetings/{meeting}/record"
        self.get(who, path)
        self.edit(who, f"{path}/approval", seen_at=path)

    def release(self, who: Account, meeting: str) -> None:
        """Release the record."""
        self.create(who, f"/meetings/{meeting}/record/release")

    def _record(self, who: Account, meeting: str) -> dict[str, Any]:
        return dict(self.get(who, f"/meetings/{meeting}/record"))


class ReadSection:
    """One heading as it was read: sent back later with the version it had."""

    def __init__(
        self, program: RecordProgram, who: Account, meeting: str, row: dict[str, Any]
    ) -> None:
        self._program, self._who = program, who
        self._path = f"/meetings/{meeting}/record/sections/{row['place']}"
        self._meeting, self._row = meeting, row
        self._yours = self._theirs = ""

    @property
    def text(self) -> str:
        """What stood there."""
        return str(self._row["text"])

    def save(self, text: str) -> None:
        """Send the text.

        Raises:
            Clash: somebody else wrote there since.
        """
        body = {"text": text}
        try:
            self._program.edit(self._who, self._path, body, seen=self._row["version"])
        except Problem as problem:
            if problem.status != _CONFLICT:
                raise
            self._theirs, self._yours = problem.body["theirs"]["text"], text
            self._row = self._row | {"version": int(problem.body["theirs"]["version"])}
            raise Clash(theirs=self._theirs, yours=self._yours) from problem

    def keep(self, which: str) -> None:
        """Choose after a clash: mine, theirs or both."""
        chosen = {"mine": self._yours, "both": f"{self._theirs}\n\n{self._yours}"}
        if which in chosen:
            self.save(chosen[which])
