"""The rules' whole answer to a situation that a program tells: verdicts, seats and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from meetings.evaluation_terms import Asked, Evaluation, Reminder, Situation, Unmet
from meetings.rules import known_facts, overlap
from meetings.rules.case import Case, reason_for
from meetings.rules.contacts import fill
from meetings.rules.deadlines import follow_ons
from meetings.rules.facts import of_meeting
from meetings.rules.invitees import required_in, rules_for
from meetings.rules.triggers import decide_case
from meetings.terms import (
    Decision,
    FollowOn,
    Invitee,
    MeetingFacts,
    Overlap,
    Question,
    Required,
    Slot,
    TaskDue,
)
from people.terms import TriState
from plans.rules.escalation import read_ladder, step_date
from plans.terms import ActionClock, Listener
from procedures.rules.timescales import spoken
from procedures.rules.working_days import LONDON, WorkingCalendar
from procedures.terms import AnyOf, FactValue, Item, Pack, Truth

_NOBODY = Required(())
_OWNER_LEFT = "owner_left"
_STANDS_IN = "The owner left: the deputy becomes the owner, and the due date stays"
_NO_DAY_ZERO = (
    "It was not said when the partnership knew: the days are counted from the moment of asking. "
    "If it knew earlier, every deadline is earlier."
)
_SHUT = "{words}: due by {by}, when the school is shut. Its last day before is {last}."
_NOT_IN_FORCE = "This pack takes effect on {day}: none of its rules holds at the moment asked."


def evaluate(situation: Situation, *, pack: Pack, calendar: WorkingCalendar) -> Evaluation:
    """Return what the rules of a pack say to a situation; nothing is written down.

    Raises:
        OutsideCalendar: the bank holidays of that year are not known.
        KeyError: the situation names a meeting type that the pack has not.

    Source: field guide 3, 4 and 11b.
    """
    case = known_facts.lay_out(situation, pack=pack, calendar=calendar)
    decision = decide_case(case)
    asked = _asked(situation, decision, pack)
    needed = required_in(asked.meeting_type, case, situation.network) if asked else _NOBODY
    dates = _dates(situation, asked, case)
    return Evaluation(
        pack_name=pack.name,
        pack_number=pack.number,
        at=situation.at,
        meeting_type=decision.meeting_type,
        meeting_name=decision.meeting_name,
        deadline=decision.deadline,
        decide_by=decision.decide_by,
        why=decision.why,
        fired=decision.fired,
        not_fired=_unmet(decision, case, is_known=True),
        not_judged=_unmet(decision, case, is_known=False),
        alternatives=decision.alternatives,
        questions=_questions((*decision.questions, *needed.questions)),
        tasks=_tasks((*decision.tasks, *needed.tasks)),
        asked=asked,
        invitees=_invitees(asked, needed.slots, situation, pack, calendar),
        not_invited=_not_invited(asked, needed, case),
        booked=_booked(situation, decision, needed.slots, pack),
        dates=dates,
        reminders=_reminders(situation, pack, calendar),
        counted=known_facts.counted(situation),
        warnings=(
            *_own_warnings(situation, pack),
            *decision.warnings,
            *_papers_while_shut(dates, situation, calendar),
        ),
        prompts=tuple(dict.fromkeys((*decision.prompts, *needed.prompts))),
    )


def _asked(situation: Situation, decision: Decision, pack: Pack) -> Asked | None:
    """The meeting the program asks about, else the one the rules need; at its latest start."""
    kind = situation.meeting_type or decision.meeting_type
    if kind is None:
        return None
    name = pack.item("meeting_type", kind).words
    latest = decision.deadline.at if decision.deadline else situation.at
    starts_at = situation.starts_at or max(latest, situation.at)
    return Asked(meeting_type=kind, meeting_name=name, starts_at=starts_at)


def _unmet(decision: Decision, case: Case, *, is_known: bool) -> tuple[Unmet, ...]:
    """The triggers that did not fire: by what is known, or because something is not."""
    rules = {item.id: item for item in case.book.triggers}
    found = []
    for rule in decision.not_fired:
        unknown = reason_for(rules[rule.rule_id].condition(), case).unknown
        if bool(unknown) is not is_known:
            found.append(Unmet(rule.rule_id, rule.words, rule.why, unknown))
    return tuple(found)


def _not_invited(asked: Asked | None, needed: Required, case: Case) -> tuple[Unmet, ...]:
    """The rules of this type of meeting that ask for nobody: by themselves, or by their seats."""
    if asked is None:
        return ()
    rules = {item.id: item for item in rules_for(asked.meeting_type, case)}
    return tuple(
        Unmet(rule.rule_id, rule.words, rule.why, _open_facts(rules[rule.rule_id], case))
        for rule in needed.not_asked
    )


def _open_facts(item: Item, case: Case) -> tuple[str, ...]:
    reason = reason_for(item.condition(), case)
    if reason.truth is Truth.YES:
        reason = reason_for(AnyOf(tuple(part.condition() for part in item.parts("slot"))), case)
    return reason.unknown


def _invitees(
    asked: Asked | None,
    slots: tuple[Slot, ...],
    situation: Situation,
    pack: Pack,
    calendar: WorkingCalendar,
) -> tuple[Invitee, ...]:
    if asked is None:
        return ()
    return fill(
        slots,
        situation.directory,
        sent_at=min(situation.at, asked.starts_at),
        starts_at=asked.starts_at,
        pack=pack,
        calendar=calendar,
    )


def _questions(asked: Iterable[Question]) -> tuple[Question, ...]:
    """Each fact once, with every rule that waits for it."""
    found: dict[str, Question] = {}
    for one in asked:
        before = found.get(one.fact)
        rules = (*before.rule_ids, *one.rule_ids) if before else one.rule_ids
        found[one.fact] = Question(one.fact, one.words, tuple(dict.fromkeys(rules)))
    return tuple(found.values())


def _tasks(wanted: Iterable[TaskDue]) -> tuple[TaskDue, ...]:
    found: dict[str, TaskDue] = {}
    for task in wanted:
        found.setdefault(task.task_id, task)
    return tuple(found.values())


def _booked(
    situation: Situation, decision: Decision, slots: tuple[Slot, ...], pack: Pack
) -> tuple[Overlap, ...]:
    children = {one.child_id for one in situation.booked}
    return tuple(
        found
        for child_id in sorted(children)
        for found in overlap.candidates(
            decision, slots, situation.booked, child_id=child_id, pack=pack
        )
    )


def _dates(situation: Situation, asked: Asked | None, case: Case) -> tuple[FollowOn, ...]:
    """What follows from the meetings held, then from the one that is still to be held."""
    pack, calendar = case.book.pack, case.calendar
    found: list[FollowOn] = []
    for held in situation.held:
        found += follow_ons(
            held.meeting_type,
            held.held_on,
            facts=held.decided,
            pack=pack,
            calendar=calendar,
            also=held.facts,
        )
    over = {one.meeting_type for one in situation.held}
    if asked is not None and (situation.meeting_type or asked.meeting_type not in over):
        found += follow_ons(
            asked.meeting_type,
            asked.starts_at.astimezone(LONDON).date(),
            facts=_planned(case),
            pack=pack,
            calendar=calendar,
            is_held=False,
        )
    return tuple(dict.fromkeys(found))


def _planned(case: Case) -> MeetingFacts:
    """What the program says the meeting to come will decide."""
    decided = {name: case.facts.get(name) for name in of_meeting(MeetingFacts())}
    quorate = decided.get("is_quorate")
    return MeetingFacts(
        began_enquiry=_tri(decided.get("began_enquiry")),
        is_quorate=quorate if isinstance(quorate, bool) else None,
        plan_made=_tri(decided.get("plan_made")),
    )


def _tri(value: FactValue) -> TriState:
    if not isinstance(value, bool):
        return TriState.NOT_KNOWN
    return TriState.YES if value else TriState.NO


def _reminders(situation: Situation, pack: Pack, calendar: WorkingCalendar) -> tuple[Reminder, ...]:
    ladder = read_ladder(
        pack.items("ladder_step"), safety_divisor=pack.settings.safety_action_divisor
    )
    found: list[Reminder] = []
    for action in situation.actions:
        clock = ActionClock(action.due_on, dated_on=action.due_on, is_safety=action.is_safety)
        found += (
            Reminder(
                action=action.ref,
                step=step.id,
                words=step.words,
                on=step_date(ladder, step, clock, calendar=calendar),
                tells=tuple(listener.value for listener in step.tell),
            )
            for step in ladder.steps
        )
        if action.owner_left_on is not None:
            found.append(_owner_left(action.ref, action.owner_left_on))
    return tuple(sorted(found, key=lambda one: (one.action, one.on)))


def _owner_left(ref: str, on: date) -> Reminder:
    """The same day: the deputy stands in, and no date moves."""
    told = (Listener.MANAGER.value, Listener.LEAD_PRACTITIONER.value)
    return Reminder(action=ref, step=_OWNER_LEFT, words=_STANDS_IN, on=on, tells=told)


def _papers_while_shut(
    dates: Iterable[FollowOn], situation: Situation, calendar: WorkingCalendar
) -> Iterator[str]:
    """Papers due before a meeting reach nobody at a closed school."""
    for one in dates:
        due = one.deadline
        if due.on < due.counted_from and due.on in situation.school_shut:
            last = calendar.without(situation.school_shut).on_or_before(due.on)
            yield _SHUT.format(words=one.words, by=due.by, last=spoken(last))


def _own_warnings(situation: Situation, pack: Pack) -> tuple[str, ...]:
    words = []
    if pack.effective_from > situation.at.astimezone(LONDON).date():
        words.append(_NOT_IN_FORCE.format(day=spoken(pack.effective_from)))
    if "known_at" not in situation.moments:
        words.append(_NO_DAY_ZERO)
    return tuple(words)
