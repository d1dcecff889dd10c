"""How late an action is, in whole London days and in working days."""

from __future__ import annotations

from datetime import date

from procedures.rules.working_days import WorkingCalendar


def days_overdue(due_on: date, today: date) -> int:
    """Return whole London days past the due date; 0 on the due date and before.

    Source: local standard: an action is done in time until the end of its due date.
    """
    return max(0, (today - due_on).days)


def working_days_overdue(due_on: date, today: date, *, calendar: WorkingCalendar) -> int:
    """Return working days past the due date; the due date is day 0, working or not.

    Source: the usual reading of "within N working days" in Department for Education
    guidance (day 0 is the day itself); local standard for actions.
    """
    if today <= due_on:
        return 0
    return calendar.between(due_on, today)
