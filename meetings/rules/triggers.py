"""From one child's part in an incident to the meeting that must be held, by when, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from meetings.rules.alternatives import alternatives, questions, unfired
from meetings.rules.case import Case, case_of, due, reason_for, said, tasks_of
from meetings.rules.rulebook import triggers_on
from meetings.terms import (
    Alternative,
    ChildFacts,
    Decision,
    FiredRule,
    IncidentFacts,
    UnfiredRule,
)
from procedures.rules.timescales import spoken, spoken_time, wall
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import Deadline, Item, Pack, Part, Truth, Unit

_NO_MEETING = "No rule asks for a meeting."
_NOT_KNOWN_YET = (
    "It is not known yet whether a meeting must be held: answer the questions. "
    "If one must, it is needed by {by}."
)
_NO_FIRST_DAY = "{meeting} needed: by when is not known, the day it counts from is not recorded."
_OUT_OF_HOURS = "It was logged out of hours: ring the emergency duty team now."


def decide(
    incident: IncidentFacts, child: ChildFacts, *, pack: Pack, calendar: WorkingCalendar
) -> Decision:
    """Return one decision for one child's part in an incident.

    Every rule that fires is named, earliest deadline first. The meeting is the one of highest
    rank that they ask for and its deadline the earliest of them all. A rule that waits for an
    unknown fact stands as an alternative with its own deadline, and its question is asked at
    once: unknown is never taken for no.

    Raises:
        OutsideCalendar: the bank holidays of that year are not known.

    Source: field guide 3.2 and 11b; decisions 14 and 15.
    """
    return decide_case(case_of(incident, child, pack=pack, calendar=calendar))


def decide_case(case: Case) -> Decision:
    """Return the decision of a case that is laid out already; it needs a ``recorded_at``.

    Raises:
        OutsideCalendar: the bank holidays of that year are not known.

    Source: field guide 3.2 and 11b; decisions 14 and 15.
    """
    pack, recorded_at = case.book.pack, _recorded_at(case)
    items = [rule.item for rule in triggers_on(case.book, _day(recorded_at))]
    outcomes = {item.id: outcome for item, outcome in outcomes_in(case)}
    firing = [item for item in items if item.id in outcomes]
    fired = fired_in(case)
    meeting = _strongest(fired, case)
    first = fired[0].deadline if fired else None
    out_of_hours = _is_out_of_hours(recorded_at, case)
    others = alternatives(
        items, outcomes, case, first=first, rank=meeting.number("rank") if meeting else -1
    )
    return Decision(
        pack_name=pack.name,
        pack_number=pack.number,
        meeting_type=meeting.id if meeting else None,
        meeting_name=meeting.words if meeting else "",
        deadline=first,
        decide_by=_decide_by(recorded_at, case, out_of_hours=out_of_hours),
        why=_why(fired, meeting, first, others),
        fired=fired,
        not_fired=_not_fired(items, outcomes, case),
        alternatives=others,
        tasks=tasks_of(firing, case),
        warnings=_warnings(firing, outcomes, case, out_of_hours=out_of_hours),
        prompts=said(firing, "prompts"),
        questions=questions(items, case),
        is_same_day=first is not None and any(map(_is_same_day, outcomes.values())),
        fold_until=_fold_until(firing, outcomes, case),
        keep_apart=any(item.flag("keep_apart") for item in firing),
        out_of_hours=out_of_hours,
    )


def outcomes_in(case: Case) -> list[tuple[Item, Part | None]]:
    """Return the rules that fire with the outcome of each; None for a rule without a meeting.

    Source: field guide 3.2.
    """
    facts, yes = case.facts, Truth.YES
    found: list[tuple[Item, Part | None]] = []
    for rule in triggers_on(case.book, _day(_recorded_at(case))):
        if rule.check(facts) is not yes:
            continue
        for choice in rule.choices:
            if choice.check(facts) is yes:
                found.append((rule.item, choice.part))
                break
        else:
            if not rule.choices:
                found.append((rule.item, None))
    return found


def fired_in(case: Case) -> tuple[FiredRule, ...]:
    """Return the rules that fire, each with its reason in words and its deadline, earliest first.

    Raises:
        OutsideCalendar: the bank holidays of that year are not known.

    Source: field guide 3.2 and 11b.
    """
    fired = [_fired(item, outcome, case) for item, outcome in outcomes_in(case)]
    return tuple(sorted(fired, key=_by_deadline))


def hold_now(
    decision: Decision, *, now: datetime, pack: Pack, calendar: WorkingCalendar
) -> str | None:
    """Return why the page puts "hold now by telephone" first, or None.

    So from the pack's late hour, at weekends and on holidays, when the meeting is due the same
    day; and at any time once its deadline has passed.

    Source: decision 15.
    """
    if decision.deadline is None:
        return None
    if now >= decision.deadline.at:
        return "The deadline has passed: hold it now by telephone."
    here = now.astimezone(LONDON)
    if not decision.is_same_day:
        return None
    if not calendar.is_working_day(here.date()):
        return "It is due today, which is no working day: hold it now by telephone."
    if here.time() >= pack.settings.hold_now_from:
        late = spoken_time(pack.settings.hold_now_from)
        return f"It is due today and it is past {late}: hold it now by telephone."
    return None


def is_late(decision: Decision, starts_at: datetime) -> bool:
    """Say whether a meeting that starts then comes after the deadline.

    Source: decision 15 (the meeting starts by the end of the working day).
    """
    return decision.deadline is not None and starts_at > decision.deadline.at


def _fired(item: Item, outcome: Part | None, case: Case) -> FiredRule:
    reason = reason_for(item.condition(), case)
    within = outcome.timescale("within") if outcome else None
    return FiredRule(
        rule_id=item.id,
        words=item.words,
        why=reason.words,
        facts=reason.facts,
        source=item.source.text,
        confidence=item.source.confidence.value,
        meeting_type=outcome.text("meeting") if outcome else None,
        deadline=due(within, item.id, case, is_meeting=True),
    )


def _by_deadline(rule: FiredRule) -> tuple[bool, float]:
    return (rule.deadline is None, rule.deadline.at.timestamp() if rule.deadline else 0)


def _strongest(fired: Sequence[FiredRule], case: Case) -> Item | None:
    wanted = [case.book.meeting_types[rule.meeting_type] for rule in fired if rule.meeting_type]
    return max(wanted, key=lambda item: item.number("rank"), default=None)


def _why(
    fired: Sequence[FiredRule],
    meeting: Item | None,
    first: Deadline | None,
    others: tuple[Alternative, ...],
) -> str:
    if meeting is not None and first is None:
        return _NO_FIRST_DAY.format(meeting=meeting.words)
    if meeting is None or first is None:
        return _NOT_KNOWN_YET.format(by=others[0].deadline.by) if others else _NO_MEETING
    reasons = [f"{rule.rule_id}, {rule.why}" for rule in fired if rule.meeting_type]
    working = first.working[:1].upper() + first.working[1:]
    return f"{meeting.words} needed by {first.by}: {'; '.join(reasons)}. {working}."


def _not_fired(
    items: Sequence[Item], outcomes: Mapping[str, Part | None], case: Case
) -> tuple[UnfiredRule, ...]:
    return tuple(
        unfired(item, reason_for(item.condition(), case), case)
        for item in items
        if item.id not in outcomes
    )


def _warnings(
    firing: list[Item],
    outcomes: Mapping[str, Part | None],
    case: Case,
    *,
    out_of_hours: bool,
) -> tuple[str, ...]:
    words = [_OUT_OF_HOURS] if out_of_hours else []
    words += said(firing, "warnings")
    for outcome in outcomes.values():
        words += outcome.texts("warnings") if outcome else ()
    known_at, happened_at = case.moments.get("known_at"), case.moments.get("happened_at")
    if known_at and happened_at and _day(happened_at) != _day(known_at):
        words.append(
            f"It happened on {spoken(_day(happened_at))} and was known on "
            f"{spoken(_day(known_at))}: the days are counted from when it was known."
        )
    return tuple(dict.fromkeys(words))


def _is_same_day(outcome: Part | None) -> bool:
    within = outcome.timescale("within") if outcome else None
    return within is not None and within.unit is Unit.SAME_DAY


def _fold_until(firing: list[Item], outcomes: Mapping[str, Part | None], case: Case) -> date | None:
    """A later meeting may serve only if every rule that asks for one allows it."""
    asking = [item for item in firing if outcomes[item.id] is not None]
    limits = [due(item.timescale("fold_within"), item.id, case, is_meeting=True) for item in asking]
    dates = [limit.on for limit in limits if limit is not None]
    return min(dates) if dates and len(dates) == len(asking) else None


def _recorded_at(case: Case) -> datetime:
    logged = case.moments.get("recorded_at")
    assert logged is not None  # noqa: S101 - every case of an incident has it
    return logged


def _is_out_of_hours(recorded_at: datetime, case: Case) -> bool:
    settings = case.book.pack.settings
    logged = recorded_at.astimezone(LONDON)
    in_hours = settings.day_start <= logged.time() < settings.day_end
    return not (in_hours and case.calendar.is_working_day(logged.date()))


def _decide_by(recorded_at: datetime, case: Case, *, out_of_hours: bool) -> Deadline:
    """The working day it is logged; out of hours at once, through the emergency duty team."""
    logged = recorded_at.astimezone(LONDON)
    on = logged.date()
    if out_of_hours:
        at, by = recorded_at.astimezone(UTC), "now"
        working = (
            f"at once, through the emergency duty team: logged on {spoken(on)} "
            f"at {spoken_time(logged.time())}, out of hours"
        )
    else:
        at, by = wall(on, case.book.pack.settings.day_end), spoken(on)
        working = f"the working day it was logged, {spoken(on)}"
    return Deadline(
        on=on, at=at, legal_on=on, counted_from=on, rule_id="decision", by=by, working=working
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()
