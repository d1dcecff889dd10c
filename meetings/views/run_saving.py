"""Saves the parts of the run page's form, each by its own verb, and gathers what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from marshmallow import Schema, ValidationError

from core import clock
from core.errors import Conflict, NotFound, Refused
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.queries.meetings import invitation as invitation_of
from meetings.record_terms import ActionWords, DecisionWords, DissentWords
from meetings.schemas.records import (
    ActionWordsSchema,
    CameSchema,
    DecisionWordsSchema,
    DissentWordsSchema,
    ReviewWordsSchema,
    SectionWordsSchema,
    SomebodyElseSchema,
)
from meetings.service import attendance, deciding, records, reviewing, standing
from meetings.terms import Heading
from meetings.views.run_form import NEW, Faults, Part
from people.terms import Actor

# Where a refusal of the service stands on the page.
_BESIDE = {
    "action.due": "due",
    "action.owner": "owner",
    "action.agency": "agency",
    "review.change": "note",
    "review.evidence": "note",
    "review.date": "date",
    "attendance.agency": "agency",
}
_FIRST_FIELD = {"who": "state", "previous": "outcome", "action": "what", "else": "name"}
_CHOOSE = "Choose which text to keep."
_ROWS = {"decision": DecisionWords, "action": ActionWords, "dissent": DissentWords}
_SCHEMAS: dict[str, type[Schema]] = {
    "decision": DecisionWordsSchema,
    "action": ActionWordsSchema,
    "dissent": DissentWordsSchema,
}


@dataclass(frozen=True, slots=True)
class Saving:
    """One saving of a form: by whom, when, into which record."""

    record: Record
    meeting: Meeting
    headings: dict[str, Heading]
    actor: Actor
    now: datetime
    faults: Faults

    def save(self, part: Part) -> None:
        """Save one part; what goes wrong is gathered and nothing is raised."""
        verb: Callable[[Part], None] | None = {
            "section": self._section,
            "who": self._who,
            "else": self._somebody_else,
            "previous": self._previous,
            "decision": self._row,
            "action": self._row,
            "dissent": self._row,
        }.get(part.kind)
        if verb is None or part.keep == "theirs":
            return
        if part.has_clashed and not part.keep:
            self._ask_again(part)
            return
        try:
            verb(part)
        except ValidationError as fault:
            self.faults.add(part, fault.messages_dict)
        except Refused as fault:
            place = _BESIDE.get(fault.rule, _FIRST_FIELD.get(part.kind, "text"))
            self.faults.errors[f"{part.name}.{place}"] = [fault.why]
        except Conflict as fault:
            self.faults.clashes[part.name] = fault.theirs
            self.faults.errors[f"{part.name}.{self._asked(part)}"] = [fault.why]

    def remove(self, what: str) -> None:
        """Take out the row that a button named, such as ``decision.2``."""
        kind, _, place = what.partition(".")
        if kind in _ROWS and place.isdigit():
            deciding.remove(
                self.record,
                self.meeting,
                int(place),
                _ROWS[kind],
                actor=self.actor,
                now=self.now,
            )

    def _section(self, part: Part) -> None:
        heading = self.headings.get(part.key)
        if heading is None:
            raise NotFound("heading")
        words = SectionWordsSchema().load(part.values(today=self._today))
        if part.keep == "both":
            words = replace(words, text=_both(part))
        records.save_section(
            self.record,
            heading,
            replace(words, key=heading.key),
            seen_version=part.version,
            actor=self.actor,
            now=self.now,
        )

    def _who(self, part: Part) -> None:
        invitation = invitation_of(self.meeting, part.key)
        if invitation is None:
            raise NotFound("invitation")
        came = CameSchema().load(part.values(today=self._today))
        attendance.mark(self.record, self.meeting, invitation, came, actor=self.actor, now=self.now)

    def _somebody_else(self, part: Part) -> None:
        who = SomebodyElseSchema().load(part.values(today=self._today))
        attendance.somebody_else(self.record, self.meeting, who, actor=self.actor, now=self.now)

    def _previous(self, part: Part) -> None:
        listed = next(
            (
                each
                for each in standing.previous_actions(self.meeting)
                if each.action.ref == part.key
            ),
            None,
        )
        if listed is None:
            raise NotFound("action")
        words = ReviewWordsSchema().load(part.values(today=self._today))
        reviewing.review(
            self.record,
            self.meeting,
            listed,
            words,
            seen_version=part.version,
            actor=self.actor,
            now=self.now,
        )

    def _row(self, part: Part) -> None:
        words = _SCHEMAS[part.kind]().load(part.values(today=self._today))
        if part.key == NEW:
            deciding.add(self.record, self.meeting, words, actor=self.actor, now=self.now)
            return
        if not part.key.isdigit():
            raise NotFound(part.kind)
        deciding.change(
            self.record,
            self.meeting,
            int(part.key),
            words,
            seen_version=part.version,
            actor=self.actor,
            now=self.now,
        )

    def _ask_again(self, part: Part) -> None:
        theirs = {
            name.removeprefix("theirs-"): text
            for name, text in part.fields.items()
            if name.startswith("theirs-")
        }
        self.faults.clashes[part.name] = theirs
        self.faults.errors[f"{part.name}.{self._asked(part)}"] = [_CHOOSE]

    @staticmethod
    def _asked(part: Part) -> str:
        return "text-keep" if part.kind == "section" else "keep"

    @property
    def _today(self) -> date:
        return clock.today(self.now)


def _both(part: Part) -> str:
    theirs, mine = part.fields.get("theirs-text", ""), part.fields.get("text", "")
    return f"{theirs}\n\n{mine}".strip()
