"""Incidents and decisions through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import clock
from people.models.accounts import Account
from tests.stories.programs.client import Client, words_of
from tests.stories.said import Decision, Seat, Told


class IncidentProgram(Client):
    """Record, decide, convene, hold now, no meeting."""

    def search(self, who: Account, text: str) -> list[str]:
        """Return what search finds, as words."""
        found = self.post(who, "/search", {"q": text})
        return [words_of(row) for rows in found.values() for row in rows]

    def record(self, who: Account, told: Told) -> str:
        """Record an incident and return the part's reference."""
        made = self.create(who, "/incidents", {"parts": [self._part(told)]})
        return str(made["items"][0]["ref"])

    def record_another(self, who: Account, first: str, told: Told) -> str:
        """Add another child to an incident."""
        return str(self.create(who, f"/incidents/{first}/parts", self._part(told))["ref"])

    def decision(self, who: Account, incident: str) -> Decision:
        """Read the decision."""
        found = self.get(who, f"/incidents/{incident}/judgement")
        part = self.get(who, f"/incidents/{incident}")
        proposal = self.get(who, f"/incidents/{incident}/proposal")
        network = self.get(who, f"/children/{part['child_ref']}/people")
        verdict = found["verdict"]
        due = verdict.get("deadline")
        title = (
            f"A {verdict['meeting_name'].lower()} is needed by {due['by']}"
            if due
            else "No rule that is sure asks for a meeting"
        )
        told = "a score was added" if (found["change"] or {}).get("because") == "score" else ""
        return Decision(
            title=title,
            words=f"{words_of(found)} {words_of(proposal)} {_network(network)} {told}",
            rules=tuple(rule["rule_id"] for rule in verdict["fired"]),
            seats=tuple(_seat(row) for row in proposal["invitees"]),
            overlaps=tuple(words_of(row) for row in proposal["booked"]),
            tasks=tuple(proposal["tasks"]),
            status=found["status"],
        )

    def answer(self, who: Account, incident: str, **answers: str) -> None:
        """Answer what was not known; it is judged at once."""
        known = self.get(who, f"/incidents/{incident}")["answers"]
        path = f"/incidents/{incident}"
        self.edit(who, f"{path}/answers", known | answers, seen_at=path)

    def add_score(self, who: Account, incident: str, score: tuple[str, str, int, str]) -> None:
        """Add a score with its scale and version."""
        self.create(who, f"/incidents/{incident}/scores", self._score(score))

    def convene(
        self,
        who: Account,
        incident: str,
        *,
        at: datetime | None = None,
        late_reason: str = "",
        overlap_reason: str = "",
        leave_out: dict[str, str] | None = None,
    ) -> str:
        """Send the invitations and return the meeting's reference."""
        proposal = self.get(who, f"/incidents/{incident}/proposal")
        start = at or datetime.fromisoformat(proposal["starts"][0])
        here = clock.london(start)
        body = {
            "on": here.date().isoformat(),
            "at": f"{here:%H:%M}",
            "fold": here.fold,
            "minutes": 60,
            "chair_id": str(self.place.world.chair.id),
            "joining": "https://meet.northshire.example/room",
            "late_reason": late_reason,
            "overlap_reason": overlap_reason,
            "drops": [
                {"seat": _key_of(proposal, role), "reason": reason}
                for role, reason in (leave_out or {}).items()
            ],
        }
        return str(self.create(who, f"/incidents/{incident}/meetings", body)["ref"])

    def use_booked(self, who: Account, incident: str, meeting: str) -> str:
        """Let a meeting that is booked already answer this."""
        used = self.post(who, f"/incidents/{incident}/used-meeting", {"meeting_ref": meeting})
        return str(used["ref"])

    def hold_now(
        self, who: Account, incident: str, took_part: dict[str, str], *, why: str = ""
    ) -> str:
        """Hold it now by telephone with these agencies, and return the meeting's reference."""
        proposal = self.get(who, f"/incidents/{incident}/proposal")
        body = {
            "chair_id": str(self.place.world.chair.id),
            "why": why,
            "took_part": [
                {"seat": _key_of(proposal, role), "name": person}
                for role, person in took_part.items()
            ],
        }
        return str(self.create(who, f"/incidents/{incident}/discussions", body)["ref"])

    def propose_none(self, who: Account, incident: str, reason: str) -> None:
        """Propose that no meeting is held."""
        self.post(who, f"/incidents/{incident}/no-meeting", {"reason": reason})

    def confirm_none(self, who: Account, incident: str) -> None:
        """Confirm, as the manager, that no meeting is held."""
        self.post(who, f"/incidents/{incident}/no-meeting/confirmation")

    def linked(self, who: Account, incident: str) -> list[str]:
        """Return the references of the other children's parts, for the few who may see them."""
        return list(self.get(who, f"/incidents/{incident}")["other_parts"])

    def _part(self, told: Told) -> dict[str, Any]:
        body: dict[str, Any] = {
            "child_ref": told.child,
            "part": told.part,
            "kind": told.kind,
            "narrative": told.narrative,
            "safe_now": told.safe_now,
            "happened_at": (told.happened_at or self.place.clock.at).isoformat(),
            "answers": told.more,
        }
        return body | ({"score": self._score(told.score)} if told.score else {})

    def _score(self, score: tuple[str, str, int, str]) -> dict[str, Any]:
        scale, version, number, by = score
        return {
            "scale": scale,
            "scale_version": version,
            "value": number,
            "scored_by": by,
            "scored_on": clock.today(self.place.clock.at).isoformat(),
        }


def _network(network: dict[str, Any]) -> str:
    """Say the statuses as people do."""
    return words_of(network).replace("not_registered", "Not registered")


def _seat(row: dict[str, Any]) -> Seat:
    return Seat(
        roles=row["role"],
        agency=row["agency"],
        name=row["name"],
        email=row["email"] or "",
        telephone=row["telephone"] or "",
        fallback=row["fallback"] or "",
        rules=", ".join(row["rules"]),
        is_fixed=row["is_statutory"] or row["requirement"] == "quorum",
        is_twice=row["is_asked_to_both"],
        ring=row["ring"] or "",
    )


def _key_of(proposal: dict[str, Any], role: str) -> str:
    for row in proposal["invitees"]:
        if role in row["role"]:
            return str(row["seat"])
    raise LookupError(f"nobody is asked as {role}")
