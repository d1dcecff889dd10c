"""Try a changed pack on past incidents, without writing anything and without naming anybody.

Whoever tries rules may not read cases: what comes out is a reference, kind, part, age in years
and statuses. That a child's incident was looked at in this way stands in its audit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import audit, clock
from core.db import Json, session
from meetings.models.incidents import Incident, Involvement
from meetings.rules import trial
from meetings.rules.rulebook import rulebook
from meetings.rules.trial import Expected, Tally, Tried
from meetings.service import judging
from meetings.service.facts import facts_for
from meetings.terms import ChildFacts, IncidentFacts
from people.terms import Actor
from procedures.rules.working_days import WorkingCalendar
from procedures.service import packs
from procedures.terms import Pack

A_YEAR = timedelta(days=365)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Bench:
    """Two packs to be compared, each with the rules of one day, and their calendars."""

    before: Pack
    after: Pack
    before_days: WorkingCalendar
    after_days: WorkingCalendar


def bench(before: Pack, after: Pack, *, today: date, starts_on: date | None) -> Bench:
    """Return the rules of today and the changed ones, made ready to be tried on any day."""
    mine = trial.timeless(before, today)
    yours = trial.timeless(after, max(starts_on or today, today))
    return Bench(mine, yours, packs.calendar_of(before), packs.calendar_of(after))


def on_incident(
    ref: str, bench: Bench, *, suppose: Set[str] = frozenset(), actor: Actor, now: datetime
) -> Tried | None:
    """Return what both packs say of one past incident, or None when there is no such reference.

    Args:
        suppose: facts taken for answered with yes, whatever is recorded.
    """
    involvement = session.scalar(select(Involvement).where(Involvement.ref == ref.upper()))
    if involvement is None:
        return None
    audit.record(actor, "rules.tried", "involvement", involvement.id,
                 child_id=involvement.child_id, now=now)  # fmt: skip
    return _tried(involvement, bench, suppose)


def begin_year(*, actor: Actor, now: datetime) -> None:
    """Write down that somebody tries the rules on the last twelve months."""
    audit.record(actor, "rules.tried", "incidents", None, now=now, detail="last twelve months")


def on_last_year(bench: Bench, *, now: datetime) -> Tally:
    """Return what would differ over the incidents known in the last twelve months.

    They are read one after another and not kept; about eleven statements for each. It only
    reads: a year's incidents take a while, and nobody's writing may wait for them.
    """
    return trial.tally(_each(bench, now - A_YEAR, now))


def example(tried: Tried, facts: tuple[IncidentFacts, ChildFacts]) -> Json:
    """Return a trial as an example to keep: facts without names, and what must come out."""
    incident, child = facts
    return {
        "ref": tried.ref,
        "about": f"{tried.kind}, {tried.part.lower()}",
        "incident": incident.to_dict(),
        "child": child.to_dict(),
        "expected": trial.expected(tried).to_dict(),
    }


def facts_of(
    ref: str, pack: Pack, suppose: Set[str] = frozenset()
) -> tuple[IncidentFacts, ChildFacts] | None:
    """Return a past incident's facts as a trial sees them: nobody can be known from them."""
    involvement = session.scalar(select(Involvement).where(Involvement.ref == ref.upper()))
    return None if involvement is None else _facts(involvement, pack, suppose)


def failing(pack: Pack, examples: Sequence[Mapping[str, object]], *, on: date) -> list[str]:
    """Return a sentence for every example that a pack does not answer as expected."""
    ready, calendar = trial.timeless(pack, on), packs.calendar_of(pack)
    found = []
    for one in examples:
        incident = IncidentFacts.from_dict(one["incident"])  # type: ignore[arg-type]  # as kept
        child = ChildFacts.from_dict(one["child"])  # type: ignore[arg-type]  # as kept
        wanted = _expected(one["expected"])  # type: ignore[arg-type]  # as kept
        answer = trial.verdict(incident, child, pack=ready, calendar=calendar)
        wrong = trial.broken(wanted, answer)
        if wrong:
            found.append(f"{one['ref']} ({_named(wrong, pack)}).")
    return found


def _expected(kept: Mapping[str, object]) -> Expected:
    invited = kept.get("invited", ())
    not_invited = kept.get("not_invited", ())
    assert isinstance(invited, Sequence)  # noqa: S101 - as kept
    assert isinstance(not_invited, Sequence)  # noqa: S101 - as kept
    meeting = kept.get("meeting_type")
    return Expected(
        meeting_type=str(meeting) if meeting is not None else None,
        invited=tuple((str(role), str(how)) for role, how in invited),
        not_invited=tuple(str(role) for role in not_invited),
    )


def _named(wrong: Sequence[str], pack: Pack) -> str:
    words = [
        "another meeting" if one == trial.MEETING else pack.words_of("role", one).lower()
        for one in wrong
    ]
    return "not as expected: " + ", ".join(words)


def _each(bench: Bench, since: datetime, until: datetime) -> Iterator[Tried]:
    rows = session.scalars(
        select(Involvement)
        .where(Involvement.known_at >= since, Involvement.known_at <= until)
        .order_by(Involvement.known_at, Involvement.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for involvement in rows:
        yield _tried(involvement, bench, frozenset())


def _tried(involvement: Involvement, bench: Bench, suppose: Set[str]) -> Tried:
    incident, child = _facts(involvement, bench.after, suppose)
    before = trial.verdict(incident, child, pack=bench.before, calendar=bench.before_days)
    after = trial.verdict(incident, child, pack=bench.after, calendar=bench.after_days)
    book = rulebook(bench.after)
    return Tried(
        ref=involvement.ref,
        kind=_words(book.kinds, involvement.kind),
        part=_words(book.parts, involvement.part),
        age=child.age,
        legal_status=_words(book.legal_statuses, child.legal_status or ""),
        before=before,
        after=after,
        changed=trial.compare(before, after),
    )


def _words(items: Mapping[str, object], item_id: str) -> str:
    return str(getattr(items.get(item_id), "words", "") or "Not known")


def _facts(
    involvement: Involvement, pack: Pack, suppose: Set[str]
) -> tuple[IncidentFacts, ChildFacts]:
    """As it stood when it was recorded: the age and the network of that day."""
    recorded_at = session.get_one(Incident, involvement.incident_id).recorded_at
    incident, child = facts_for(involvement, recorded_at)
    incident = trial.as_first_known(incident)
    scored_up = judging.scored_up_at(involvement, incident, child, pack)
    incident, child = trial.supposing(incident, trial.nameless(child), suppose)
    return replace(incident, scored_up_at=scored_up), child


def since(now: datetime) -> date:
    """Return the first London date of the last twelve months."""
    return clock.today(now - A_YEAR)
