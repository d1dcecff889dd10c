"""A meeting before it is held, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.filters import plain_instant
from people.models.accounts import Account
from tests.stories.programs.client import Client, words_of
from tests.stories.said import Coming

_OUTCOMES = {"Will attend": "will_attend", "Nobody answered": "no_answer", "Reached": "reached"}


class MeetingProgram(Client):
    """Who comes, calls, move, stand down."""

    def coming(self, who: Account, meeting: str) -> Coming:
        """Read who comes."""
        found = self.get(who, f"/meetings/{meeting}")
        rows = found["invitees"]
        return Coming(
            status=found["status"].replace("_", " "),
            when=plain_instant(datetime.fromisoformat(found["starts_at"])),
            quorum=(found["quorum"] or {}).get("legal_words", ""),
            answers={f"{row['agency']}: {row['role']}": row["answer"] for row in rows},
            to_ring=tuple(row["agency"] for row in rows if row["is_to_ring"]),
            words=words_of(found),
        )

    def to_ring_after_sending(self, who: Account, meeting: str) -> list[str]:
        """Return the agencies to ring now."""
        return list(self.coming(who, meeting).to_ring)

    def log_call(self, who: Account, meeting: str, agency: str, outcome: str) -> None:
        """Log a call."""
        row = self._invitee(who, meeting, agency)
        path = f"/meetings/{meeting}/invitees/{row['key']}/calls"
        self.create(who, path, {"outcome": _OUTCOMES[outcome], "note": ""})

    def move(
        self,
        who: Account,
        meeting: str,
        starts_at: datetime,
        *,
        reason: str = "more_can_attend",
        late_reason: str = "",
    ) -> None:
        """Move the meeting."""
        path = f"/meetings/{meeting}"
        self.get(who, path)
        body = {
            "starts_at": starts_at.isoformat(),
            "minutes": 60,
            "reason": reason,
            "late_reason": late_reason,
        }
        self.edit(who, f"{path}/move", body, method="POST", seen_at=path)

    def stand_down(self, who: Account, meeting: str, reason: str = "no_longer_needed") -> None:
        """Stand the meeting down."""
        path = f"/meetings/{meeting}"
        self.get(who, path)
        self.edit(who, f"{path}/stand-down", {"reason": reason}, method="POST", seen_at=path)

    def information(self, who: Account, meeting: str) -> str:
        """Read what the agencies sent."""
        found = words_of(self.get(who, f"/meetings/{meeting}/information"))
        return found.replace("nothing_known", "Nothing known")

    def accept_time(self, who: Account, meeting: str) -> None:
        """Move the meeting to the time somebody suggested."""
        (suggested,) = self.get(who, f"/meetings/{meeting}")["suggested_times"]
        path = f"/meetings/{meeting}/suggested-times/{suggested['number']}/accept"
        self.post(who, path, {})

    def read_out_code(self, who: Account, meeting: str, agency: str) -> str:
        """Ring the number of the directory, and return the code that is read out."""
        row = self._invitee(who, meeting, agency)
        return str(self.post(who, f"/meetings/{meeting}/invitees/{row['key']}/code")["code"])

    def _invitee(self, who: Account, meeting: str, agency: str) -> dict[str, Any]:
        for row in self.get(who, f"/meetings/{meeting}")["invitees"]:
            if agency in row["agency"]:
                return dict(row)
        raise LookupError(f"{agency} is not invited")
