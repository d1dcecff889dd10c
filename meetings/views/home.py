"""Home: what is at risk first, then what waits for me, my meetings, my actions, and exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from core.doors import actor, now, page
from core.filters import plain_date, short_instant
from meetings.models.tasks import Task
from meetings.queries import home as read
from meetings.queries.meetings import invitation_key
from meetings.queries.tasks import key_of
from meetings.queries.unfinished import left_open
from meetings.service import forecasts, releasing, tasks, ticking
from meetings.terms import JudgementStatus, MeetingStatus, Standing
from meetings.views import left_open as open_lines
from meetings.views.due import due_date, due_instant
from people.terms import Action, Actor, Role
from plans.queries import actions as plan_actions
from plans.queries.reviews import ReviewWaiting, reviews_waiting

blueprint = Blueprint("home", __name__)
LONG_OVERDUE = timedelta(days=14)
REVIEWS_AHEAD = timedelta(days=14)
ACTIONS_SHOWN = 10
Line = dict[str, Any]
_SAID_AT_RISK = (tasks.DECIDE, tasks.CONFIRM_NONE)
_ON_THE_RECORD = (releasing.APPROVE, releasing.RELEASE, releasing.LATE)
_LIKELY = {
    Standing.MET: ("Quorum likely", "good"),
    Standing.LIKELY: ("Quorum likely", "good"),
    Standing.NOT_KNOWN: ("Quorum not known yet", "warn"),
    Standing.NOT_MET: ("No quorum yet", "alert"),
}


@blueprint.get("/")
@page(Action.HOME_VIEW)
def home() -> ResponseReturnValue:
    """Show what needs this person today; the number of statements does not grow.

    ``?all=1`` lists everything that is cut otherwise, however many.
    """
    me, at = actor(), now()
    limit = None if request.args.get("all") == "1" else read.SHOWN
    soon, soon_count = read.meetings_soon(me, at, limit=limit)
    mine, mine_count = read.my_meetings(me, at, limit=limit)
    not_reached, not_reached_count = read.not_reached(me, at, limit=limit)
    quorums = forecasts.of_meetings(
        list({line.meeting.id: line.meeting for line in (*soon, *mine)}.values())
    )
    unfinished, unfinished_count = left_open(me, at, limit=limit)
    deadlines, deadlines_count = read.deadlines_at_risk(me, at, limit=limit)
    waiting = _waiting(me, at, shown={line.involvement_ref for line in deadlines})
    actions, actions_count = _my_actions(me, at)
    return render_template(
        "meetings/home/home.html",
        today=plain_date(at),
        risks=[
            *(open_lines.line(row) for row in unfinished),
            *_risks(at, deadlines, soon, not_reached, quorums),
        ],
        risks_more=open_lines.not_shown(
            meetings=unfinished_count - len(unfinished),
            deadlines=deadlines_count - len(deadlines),
            soon=soon_count - len(soon),
            not_reached=not_reached_count - len(not_reached),
        ),
        waiting=waiting[: read.SHOWN],
        waiting_count=f"{read.SHOWN} or more" if len(waiting) > read.SHOWN else len(waiting),
        has_more_waiting=len(waiting) > read.SHOWN,
        next_words=_next_words(mine),
        meetings=[_meeting(line, quorums) for line in mine],
        meetings_more=mine_count - len(mine),
        actions=actions,
        actions_count=actions_count,
        actions_more=actions_count > len(actions),
        exceptions=exceptions(me, at, limit=limit) if me.managed_team_ids else None,
        mail=mail_waiting(me),
    )


def _risks(
    at: datetime,
    deadlines: Sequence[read.DeadlineAtRisk],
    soon: Sequence[read.HomeMeeting],
    not_reached: Sequence[read.NotReached],
    quorums: dict[UUID, Standing],
) -> list[Line]:
    found = [_deadline(line, at) for line in deadlines]
    found += [
        {
            "tag": _LIKELY[quorums[line.meeting.id]][0],
            "kind": _LIKELY[quorums[line.meeting.id]][1],
            "title": f"{line.meeting.type_name} {line.meeting.ref}",
            "child": f"{line.child_name}, {line.child_ref}",
            "child_href": f"/children/{line.child_ref}",
            "text": f"Starts {short_instant(line.meeting.starts_at)}.",
            "href": f"/meetings/{line.meeting.ref}",
            "button": "See who to ring",
            "hidden_text": f"for {line.meeting.ref}",
        }
        for line in soon
        if quorums[line.meeting.id] in (Standing.NOT_MET, Standing.NOT_KNOWN)
    ]
    found += [
        {
            "tag": "Not delivered",
            "kind": "alert",
            "title": f"{line.agency_name}, {line.role_name} has not got the invitation to "
            f"{line.meeting_ref}",
            "text": f"It starts {short_instant(line.starts_at)}.",
            "telephone": line.telephone,
            "telephone_href": (line.telephone or "").replace(" ", ""),
            "href": f"/meetings/{line.meeting_ref}",
            "button": "Log the call",
            "hidden_text": f"to {line.agency_name} for {line.meeting_ref}",
        }
        for line in not_reached
    ]
    return found


def _deadline(line: read.DeadlineAtRisk, at: datetime) -> Line:
    waits = line.status is JudgementStatus.NONE_PROPOSED
    return {
        "tag": "Deadline",
        "kind": "alert",
        "title": f"{line.meeting_name} needed",
        "child": f"{line.child_name}, {line.child_ref}",
        "child_href": f"/children/{line.child_ref}",
        "due": due_instant(line.deadline_at, at),
        "text": "No meeting is proposed: a manager has not confirmed it yet."
        if waits
        else "Not arranged yet.",
        "href": f"/incidents/{line.involvement_ref}/decision",
        "button": "Confirm or arrange" if waits else "Arrange now",
        "hidden_text": f"for {line.child_name}",
    }


def _waiting(me: Actor, at: datetime, *, shown: set[str]) -> list[Line]:
    """Return what waits, what is due first on top; a deadline shown at risk is not said twice."""
    lines = [
        *(date_request(row) for row in plan_actions.waiting_for_decision(me, at)),
        *(
            _review(row, at)
            for row in reviews_waiting(me, clock.today(at) + REVIEWS_AHEAD, limit=read.SHOWN)
        ),
        *(
            _task(line, at)
            for line in read.my_tasks(me)
            if line.task.kind not in _SAID_AT_RISK or line.task.ref not in shown
        ),
    ]
    return sorted(lines, key=lambda line: line["by"])


def _task(line: read.HomeTask, at: datetime) -> Line:
    task = line.task
    return {
        "words": task.words,
        "child": line.child,
        "href": task_href(task),
        "tick_href": f"/tasks/{key_of(task.id)}" if ticking.is_offered(task, at) else None,
        "due": due_instant(task.due_at, at),
        # Without a time it is due at once.
        "by": clock.today(task.due_at) if task.due_at else clock.today(task.made_at),
    }


def task_href(task: Task) -> str:
    """Return the page a task leads to, by the reference of what it is about."""
    if task.ref.startswith("I-"):
        return f"/incidents/{task.ref}/decision"
    if task.ref.startswith("A-"):
        return f"/actions/{task.ref}"
    if task.ref.startswith("C-"):
        return f"/children/{task.ref}"
    if task.kind == tasks.READ_CODE and task.subject_id is not None:
        return f"/meetings/{task.ref}/codes/{invitation_key(task.subject_id)}"
    page_of = "/record" if task.kind in _ON_THE_RECORD else ""
    return f"/meetings/{task.ref}{page_of}"


def date_request(row: plan_actions.ListedAction) -> Line:
    """Return a new date that waits for a decision, in words."""
    asked = f" until {plain_date(row.asked_for)}" if row.asked_for else ""
    return {
        "words": f"Decide about a new date for {row.action.ref}: {row.agency_name} asks for "
        f"more time{asked}",
        "href": f"/actions/{row.action.ref}",
        "due": None,
        "by": row.action.due_on,
    }


def _review(row: ReviewWaiting, at: datetime) -> Line:
    return {
        "words": "Arrange the review of the plan",
        "child": f"{row.child_name}, {row.child_ref}",
        "href": f"/children/{row.child_ref}",
        "due": due_date(row.review_on, clock.today(at)),
        "by": row.review_on,
    }


def _my_actions(me: Actor, at: datetime) -> tuple[list[Line], int]:
    if me.account_id is None:
        return [], 0
    today = clock.today(at)
    found, count = plan_actions.next_actions(me.account_id, limit=ACTIONS_SHOWN)
    lines: list[Line] = [
        {"what": row.what, "href": f"/actions/{row.ref}", "due": due_date(row.due_on, today)}
        for row in found
    ]
    return lines, count


def _meeting(line: read.HomeMeeting, quorums: dict[UUID, Standing]) -> Line:
    is_running = line.meeting.status is MeetingStatus.IN_PROGRESS
    words, kind = ("Running now", "info") if is_running else _LIKELY[quorums[line.meeting.id]]
    return {
        "when": short_instant(line.meeting.starts_at),
        "ref": line.meeting.ref,
        "title": line.meeting.type_name,
        "child": f"{line.child_name}, {line.child_ref}",
        "href": f"/meetings/{line.meeting.ref}",
        "quorum": words,
        "quorum_kind": kind,
    }


def _next_words(mine: Sequence[read.HomeMeeting]) -> str:
    if not mine:
        return "What needs you appears here, the most pressing first."
    return f"Your next meeting is on {plain_date(mine[0].meeting.starts_at)}."


def exceptions(me: Actor, at: datetime, *, limit: int | None = read.SHOWN) -> list[Line]:
    """Return what is out of line in a manager's teams, in words.

    Args:
        limit: how many meetings and how many records are named; of the others the number.
    """
    long_ago = clock.today(at) - LONG_OVERDUE
    overdue = plan_actions.overdue_by_agency(me, today=long_ago, now=at)
    found: list[Line] = []
    if overdue:
        count = sum(row.overdue for row in overdue)
        most = overdue[0]
        found.append(
            {
                "words": f"{_count(count, 'action is', 'actions are')} more than "
                f"{LONG_OVERDUE.days} days overdue; {most.overdue} of {most.agency_name}.",
                "href": "/actions?show=overdue",
            }
        )
    inquorate, inquorate_count = read.held_without_quorum(me, at, limit=limit)
    found += [
        {
            "words": f"{line.type_name} {line.meeting_ref} went ahead without its quorum.",
            "href": f"/meetings/{line.meeting_ref}/record",
        }
        for line in inquorate
    ]
    found += _more(
        inquorate_count - len(inquorate),
        "more meeting went ahead without its quorum.",
        "more meetings went ahead without their quorum.",
    )
    late, late_count = read.late_records(me, at, limit=limit)
    found += [
        {
            "words": f"The record of {line.meeting_ref} is late: it was due "
            f"{plain_date(line.due_on)}.",
            "href": f"/meetings/{line.meeting_ref}/record",
        }
        for line in late
        if line.due_on is not None
    ]
    found += _more(late_count - len(late), "more record is late.", "more records are late.")
    proposed = read.none_proposed(me)
    if proposed:
        found.append(
            {
                "words": f"{_count(proposed, 'decision', 'decisions')} not to meet "
                f"{'waits' if proposed == 1 else 'wait'} for your confirmation.",
                "href": None,
            }
        )
    return found


def _more(number: int, one: str, many: str) -> list[Line]:
    if number <= 0:
        return []
    return [{"words": _count(number, one, many), "href": "/?all=1#exceptions"}]


def mail_waiting(me: Actor) -> str | None:
    """Return how many answers by mail wait for business support; None for others or none."""
    if not me.has(Role.BUSINESS_SUPPORT):
        return None
    waiting = read.mail_waiting()
    if not waiting.count:
        return None
    since = f", the oldest since {short_instant(waiting.oldest_at)}" if waiting.oldest_at else ""
    return f"{_count(waiting.count, 'answer', 'answers')} by mail need a person{since}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
