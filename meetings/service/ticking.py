"""Tasks that somebody ticks off, because no other act in Confer finishes them."""

from __future__ import annotations

from datetime import datetime

from core.db import session
from core.errors import Refused
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.service import deputies, releasing, replies, scheduling, tasks
from meetings.terms import MeetingStatus
from people.terms import Actor

LONGEST_NOTE = 500
# Each of these is done on a page of its own, and only that takes it off the list.
_BY_THEIR_OWN_ACT = frozenset(
    {
        tasks.DECIDE,
        tasks.AGREE,
        tasks.CONFIRM_NONE,
        tasks.AGENDA,
        tasks.READ_CODE,
        scheduling.PROPOSAL,
        deputies.CONFIRM_DEPUTY,
        replies.DECLINED,
        releasing.APPROVE,
        releasing.RELEASE,
        releasing.LATE,
    }
)
_NOT_OVER = (MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS)


def may_be_ticked_off(task: Task) -> bool:
    """Say whether a press finishes this task. At most two statements, and only of calls to make.

    A call about an invitation is logged beside it until the meeting is over: who was reached, and
    what they said, is what the meeting needs to know.
    """
    if task.done_at is not None or task.kind in _BY_THEIR_OWN_ACT:
        return False
    if task.kind == tasks.FOLLOW_UP:
        # About a judgement, the meeting that answers it finishes it.
        return task.subject_id == task.meeting_id
    if task.kind != tasks.RING or task.subject_id is None:
        return True
    invitation = session.get(Invitation, task.subject_id)
    if invitation is None:
        return True
    return session.get_one(Meeting, invitation.meeting_id).status not in _NOT_OVER


def is_offered(task: Task, now: datetime) -> bool:
    """Say whether a list shows the press for this task, without a statement.

    A call that is due at a meeting still to come is logged on the meeting's page.
    """
    if task.kind in _BY_THEIR_OWN_ACT:
        return False
    if task.kind == tasks.FOLLOW_UP:
        return task.subject_id == task.meeting_id
    is_to_come = task.due_at is not None and task.due_at > now
    return task.kind != tasks.RING or not is_to_come


def tick_off(task: Task, note: str, *, actor: Actor, now: datetime) -> None:
    """Take a task off the list, with what came of it.

    Args:
        note: may be empty, but for a meeting that was to follow: then it says why none does.

    Raises:
        Refused: another act finishes this task, or the note is missing or too long.
    """
    note = note.strip()
    if not may_be_ticked_off(task):
        raise Refused(
            "task.own_act",
            "This is not ticked off by itself. Open it and do what it asks for there.",
        )
    if task.kind == tasks.FOLLOW_UP and not note:
        raise Refused("task.note", "Say why it is done, such as the reference of the meeting.")
    if len(note) > LONGEST_NOTE:
        raise Refused("task.note", f"The note can be up to {LONGEST_NOTE} characters.")
    tasks.finish(task, actor=actor, now=now, outcome=note or "Ticked off")
