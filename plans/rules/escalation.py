"""The ladder: which step of the chase is due today, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from plans.rules.overdue import working_days_overdue
from plans.terms import ActionClock, Climb, Ladder, LadderStep, Listener
from procedures.rules.working_days import WorkingCalendar
from procedures.terms import Item

ONE_DAY = timedelta(days=1)


def read_ladder(items: Sequence[Item], *, safety_divisor: int) -> Ladder:
    """Return the ladder from the pack's section, in the order of the days.

    Raises:
        ValueError: a step tells somebody this product does not know.

    Source: the ladder section of the procedure pack in force.
    """
    steps = [
        LadderStep(
            id=item.id,
            working_days=item.number("offset_working_days"),
            tell=tuple(Listener(name) for name in item.texts("tells")),
            words=item.words,
            marks=item.text("marks"),
        )
        for item in items
    ]
    return Ladder(tuple(sorted(steps, key=lambda each: each.working_days)), safety_divisor)


def offset(ladder: Ladder, step: LadderStep, *, is_safety: bool) -> int:
    """Return the step's distance from the due date in working days.

    For a safety action the steps after the due date stand at half the days, rounded
    down, at least 1; the reminders before it stay where they are.

    Source: local default ladder of the shipped procedure pack; the halving for safety
    actions is local too.
    """
    if not is_safety or step.is_reminder:
        return step.working_days
    return max(1, step.working_days // ladder.safety_divisor)


def step_date(
    ladder: Ladder, step: LadderStep, clock: ActionClock, *, calendar: WorkingCalendar
) -> date:
    """Return the London date on which the step is due.

    The due date is day 0 even when it is not a working day, in both directions.

    Source: local default ladder; day 0 as in the usual reading of working-day limits.
    """
    return calendar.add(clock.due_on, offset(ladder, step, is_safety=clock.is_safety))


def climb(ladder: Ladder, clock: ActionClock, today: date, *, calendar: WorkingCalendar) -> Climb:
    """Return the steps to take today for an open action, and everybody they tell.

    A step missed on its own day is due until it is taken, so a day without the sweep
    loses nothing. Steps due together go as one message to each person. A reminder
    whose day was over when the due date was given is passed: the owner was told that day.

    Source: local default ladder of the shipped procedure pack.
    Why: actions drifted past their dates with nobody but the owner knowing.
    """
    due: list[LadderStep] = []
    passed: list[LadderStep] = []
    for step in ladder.steps:
        if step.id in clock.taken:
            continue
        on = step_date(ladder, step, clock, calendar=calendar)
        if on > today:
            continue
        (passed if step.is_reminder and on <= clock.dated_on else due).append(step)
    return Climb(
        due=tuple(due),
        passed=tuple(passed),
        tell=_everybody(due),
        overdue_working_days=working_days_overdue(clock.due_on, today, calendar=calendar),
    )


def next_step(
    ladder: Ladder, clock: ActionClock, today: date, *, calendar: WorkingCalendar
) -> tuple[date, tuple[Listener, ...]] | None:
    """Return the next date after today on which somebody is told, and who; None at the top.

    Source: local default ladder of the shipped procedure pack.
    """
    coming = [
        (step_date(ladder, step, clock, calendar=calendar), step)
        for step in ladder.steps
        if step.id not in clock.taken
    ]
    later = [pair for pair in coming if pair[0] > today]
    if not later:
        return None
    on = min(day for day, _ in later)
    return on, _everybody([step for day, step in later if day == on])


def latest_due_date_reached(
    ladder: Ladder,
    step: LadderStep,
    today: date,
    *,
    is_safety: bool,
    calendar: WorkingCalendar,
) -> date:
    """Return the latest due date for which the step has come by today.

    Every due date up to it has reached the step and no later one has, so a query can
    find what is due without reading the rest.

    Source: local default ladder; the inverse of ``step_date``.
    """

    def has_come(due_on: date) -> bool:
        clock = ActionClock(due_on=due_on, dated_on=due_on, is_safety=is_safety)
        return step_date(ladder, step, clock, calendar=calendar) <= today

    # Days around weekends and holidays share a step date: walk to the last that fits.
    candidate = calendar.add(today, -offset(ladder, step, is_safety=is_safety))
    while has_come(candidate + ONE_DAY):
        candidate += ONE_DAY
    while not has_come(candidate):
        candidate -= ONE_DAY
    return candidate


def owner_gets_own_mail(climbed: Climb) -> bool:
    """Say whether the owner gets a mail of their own; after the due date it is the digest.

    At most two mails of their own (the reminders); from the first step after the due
    date the owner reads it in the digest and the manager gets the mail.

    Source: local reading: reminders to an owner are few, so that they are read.
    """
    return Listener.OWNER in climbed.tell and all(step.is_reminder for step in climbed.due)


def _everybody(steps: Sequence[LadderStep]) -> tuple[Listener, ...]:
    return tuple(dict.fromkeys(listener for step in steps for listener in step.tell))
