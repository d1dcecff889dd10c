"""Move a meeting, stand it down, change how to join: the only place where SEQUENCE rises.

Everybody who may have the meeting in a calendar is told, those who declined too; whoever
cannot be reached by mail, or not in time, is put on the list of people to ring.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit, clock
from core.db import session
from core.errors import Conflict, Refused
from core.filters import plain_date, plain_instant
from meetings.given import (
    LINK_LIFE,
    LONGEST_MINUTES,
    MOVE_REASONS,
    SHORTEST_MINUTES,
    STAND_DOWN_REASONS,
    NewTime,
)
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.replies import Deputy, Proposal
from meetings.service import answering, deputies, post, reopening, replies, tasks, telling, timing
from meetings.service.undelivered import BOUNCED
from meetings.terms import (
    InvitationState,
    MeetingHow,
    MeetingStatus,
    ProposalStatus,
)
from notifications.terms import Letterhead, LetterKind, Reason
from people.models.relations import RelationRow
from people.queries import directory
from people.service import relations
from people.terms import Actor

_WITH_ANOTHER = (Reason.JOINED_WITH_ANOTHER, Reason.REPLACED)
# Tasks that make no sense once nobody comes.
GONE = (
    tasks.RING,
    tasks.AGENDA,
    replies.DECLINED,
    replies.MAIL_NOTE,
    BOUNCED,
    deputies.CONFIRM_DEPUTY,
)
PROPOSAL = "proposal"


def move(
    meeting: Meeting,
    to: NewTime,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> int:
    """Move a meeting; every answer was for the old time, so everybody is asked again.

    Returns:
        How many were told by mail; none when the time is the same.

    Raises:
        Conflict: somebody changed the meeting since it was looked at.
        Refused: it has begun or ended, the time is past, late without a reason, or taken and
            nobody said that this is meant.
    """
    _hold(meeting, seen_version)
    ends_at = to.starts_at + timedelta(minutes=to.minutes)
    if (to.starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
        return 0
    _require_movable(meeting, to, now=now)
    _require_apart(meeting, to)
    if to.must_be_free:
        _require_free(meeting, to)
    was = (meeting.starts_at, meeting.ends_at)
    _set_time(meeting, to, ends_at)
    invited = _invited(meeting)
    meeting.sequence = _next_sequence(meeting, invited)
    told = 0
    for invitation in invited:
        replies.forget(invitation, actor=actor, now=now)
        _excuse(invitation, meeting)
        told += telling.send_update(
            meeting, invitation, was, to.reason, letterhead=letterhead, now=now
        )
    _overtake_proposals(invited, actor=actor, now=now)
    _shift_relations(meeting, ends_at - was[1], actor=actor, now=now)
    telling.tell_family(meeting, f"the meeting is now {plain_instant(meeting.starts_at)}", now=now)
    _audit("meeting.moved", meeting, actor, now, detail=to.reason)
    session.flush()
    return told


def stand_down(
    meeting: Meeting,
    reason: Reason,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    instead: Meeting | None = None,
    seen_version: int | None = None,
) -> int:
    """Stand a meeting down and tell everybody, those who declined too.

    What the rules asked for still stands: unless another meeting answers it, the decision is
    open again and its deadline runs.

    Args:
        instead: the meeting that replaces it, for the reasons that name one.

    Returns:
        How many were told by mail.

    Raises:
        Conflict: somebody changed the meeting since it was looked at.
        Refused: it has begun or ended, or the reason needs another meeting.
    """
    _hold(meeting, seen_version)
    if meeting.status is not MeetingStatus.ARRANGED:
        raise Refused("meeting.begun", "Only a meeting that has not begun can be stood down.")
    if reason not in STAND_DOWN_REASONS:
        raise Refused("meeting.reason", "Choose why the meeting is stood down.")
    _require_instead(meeting, reason, instead)
    invited = _invited(meeting)
    meeting.sequence = _next_sequence(meeting, invited)
    meeting.status = MeetingStatus.STOOD_DOWN
    meeting.stood_down_reason = reason.value
    told = 0
    for invitation in invited:
        told += telling.send_cancel(
            meeting, invitation, reason, instead, letterhead=letterhead, now=now
        )
    _close_tasks(meeting, actor=actor, now=now)
    telling.ring_about_the_end(meeting, invited, now=now)
    _overtake_proposals(invited, actor=actor, now=now)
    telling.tell_family(meeting, "the meeting will not take place", now=now)
    reopening.reopen(meeting, instead, letterhead=letterhead, actor=actor, now=now)
    relations.close_of_meeting(meeting.id, actor=actor, now=now, at=now + LINK_LIFE)
    _audit("meeting.stood_down", meeting, actor, now, detail=reason)
    session.flush()
    return told


def change_joining(
    meeting: Meeting,
    how: MeetingHow,
    joining: str,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> int:
    """Change how people join: answers and SEQUENCE stay, a letter says "see the page".

    Returns:
        How many letters were queued; none when nothing changed.

    Raises:
        Conflict: somebody changed the meeting since it was looked at.
        Refused: it has ended.
    """
    _hold(meeting, seen_version)
    if meeting.status not in (MeetingStatus.ARRANGED, MeetingStatus.IN_PROGRESS):
        raise Refused("meeting.over", "This meeting is over, so how to join cannot be changed.")
    if (how, joining.strip()) == (meeting.how, meeting.joining or ""):
        return 0
    meeting.how, meeting.joining = how, joining.strip() or None
    session.flush()
    told = 0
    for invitation in _invited(meeting):
        for addressee in post.addressees(invitation):
            told += post.send_letter(
                meeting,
                addressee,
                kind=LetterKind.JOINING_CHANGED,
                key=f"joining:{addressee.subject_id}:{meeting.version}",
                letterhead=letterhead,
                now=now,
            )
        if telling.cannot_be_told(invitation, meeting, now=now):
            words = f"joining details of {meeting.ref} have changed: see its page"
            telling.ask_to_ring(
                meeting, invitation, words, key=f"joining:{meeting.version}", now=now
            )
    _audit("meeting.joining_changed", meeting, actor, now)
    return told


def _hold(meeting: Meeting, seen_version: int | None) -> None:
    """Take the meeting's row, and refuse to overwrite what somebody else has just done."""
    session.flush()
    session.refresh(meeting, with_for_update=True)
    if seen_version is not None and seen_version != meeting.version:
        raise Conflict(
            f"Somebody else changed {meeting.ref} since you opened it. "
            "Look at it again, then decide.",
            theirs={"starts_at": plain_instant(meeting.starts_at), "status": meeting.status.value},
        )


def _require_movable(meeting: Meeting, to: NewTime, *, now: datetime) -> None:
    if meeting.status is not MeetingStatus.ARRANGED:
        raise Refused("meeting.begun", "Only a meeting that has not begun can be moved.")
    if to.starts_at <= now:
        raise Refused("meeting.past", "The new time must be in the future.")
    if not SHORTEST_MINUTES <= to.minutes <= LONGEST_MINUTES:
        raise Refused("meeting.minutes", "A meeting takes between 10 minutes and 8 hours.")
    if to.reason not in MOVE_REASONS:
        raise Refused("meeting.reason", "Choose why the meeting is moved.")
    deadline = answering.deadline_of(meeting)
    if deadline and to.starts_at > deadline[1] and not to.late_reason.strip():
        raise Refused(
            "meeting.late",
            f"This time is after the deadline, {plain_date(deadline[0])}. "
            "Choose an earlier time or give a reason.",
        )


def _require_apart(meeting: Meeting, to: NewTime) -> None:
    """Children on two sides of an incident never meet in a waiting room or on one line."""
    for involvement in answering.involvements_of(meeting):
        near = timing.clashes(to.starts_at, to.minutes, timing.apart(involvement))
        if near:
            raise Refused("meeting.kept_apart", f"{near[0]} Choose another time.")


def _require_free(meeting: Meeting, to: NewTime) -> None:
    addresses = [row.email for row in _invited(meeting) if row.email and not row.account_id]
    taken = timing.taken_at(meeting, to.starts_at, to.minutes, addresses)
    if taken:
        raise Refused(
            "meeting.clash", f"{taken[0]} Choose another time, or say that this one is meant."
        )


def _require_instead(meeting: Meeting, reason: Reason, instead: Meeting | None) -> None:
    if reason in _WITH_ANOTHER and instead is None:
        raise Refused("meeting.instead", "Choose the meeting that is held instead.")
    if instead is None:
        return
    if instead.id == meeting.id or instead.child_id != meeting.child_id:
        raise Refused("meeting.instead", "Choose another meeting about the same child.")
    if instead.status is MeetingStatus.STOOD_DOWN:
        raise Refused("meeting.instead", "The meeting you chose will not take place either.")


def _set_time(meeting: Meeting, to: NewTime, ends_at: datetime) -> None:
    wall = clock.london(to.starts_at)
    meeting.starts_at, meeting.ends_at = to.starts_at, ends_at
    meeting.wall_date, meeting.wall_time = wall.date(), wall.time().replace(tzinfo=None)
    meeting.minutes = to.minutes
    deadline = answering.deadline_of(meeting)
    if deadline is not None:
        # What every page compares the new time with.
        meeting.deadline_on, meeting.deadline_at = deadline
    is_late = deadline is not None and to.starts_at > deadline[1]
    meeting.late_reason = to.late_reason.strip() if is_late else None


def _invited(meeting: Meeting) -> list[Invitation]:
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.meeting_id == meeting.id,
                Invitation.state != InvitationState.WITHDRAWN,
            )
            .order_by(Invitation.position, Invitation.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _next_sequence(meeting: Meeting, invited: list[Invitation]) -> int:
    """One more than any calendar has seen: a removed invitee may be ahead of the others."""
    deputies = session.scalar(
        select(func.max(Deputy.sequence))
        .join(Invitation, Invitation.id == Deputy.invitation_id)
        .where(Invitation.meeting_id == meeting.id)
    )
    ahead = max((invitation.sequence for invitation in invited), default=0)
    return max(meeting.sequence, ahead, deputies or 0) + 1


def _excuse(invitation: Invitation, meeting: Meeting) -> None:
    """Whether a school is closed depends on the day."""
    if invitation.agency_id is None:
        return
    closures = directory.closures_of(invitation.agency_id)
    invitation.is_excused = any(
        closure.from_on <= meeting.wall_date <= closure.to_on for closure in closures
    )


def _overtake_proposals(invited: list[Invitation], *, actor: Actor, now: datetime) -> None:
    rows = session.scalars(
        select(Proposal).where(
            Proposal.invitation_id.in_([invitation.id for invitation in invited]),
            Proposal.status == ProposalStatus.OPEN,
        )
    )
    for row in rows:
        row.status, row.decided_at = ProposalStatus.OVERTAKEN, now
        row.decided_by_id = actor.account_id
        tasks.finish_about(
            row.id, PROPOSAL, actor=actor, now=now, outcome="The meeting was changed."
        )


def _shift_relations(meeting: Meeting, by: timedelta, *, actor: Actor, now: datetime) -> None:
    """Who may open the record because of this meeting may do so as long after it as before."""
    rows = session.scalars(
        select(RelationRow).where(
            RelationRow.meeting_id == meeting.id, RelationRow.valid_to_at > now
        )
    ).all()
    for row in rows:
        if row.valid_to_at is not None:
            relations.grant(
                row.account_id,
                row.child_id,
                row.kind,
                why=row.why,
                actor=actor,
                now=now,
                until=row.valid_to_at + by,
                meeting_id=meeting.id,
            )


def _close_tasks(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    tasks.finish_of_meeting(
        meeting.id, *GONE, actor=actor, now=now, outcome="The meeting was stood down."
    )


def _audit(
    verb: str, meeting: Meeting, actor: Actor, now: datetime, detail: str | None = None
) -> None:
    audit.record(
        actor, verb, "meeting", meeting.id, child_id=meeting.child_id, now=now, detail=detail
    )
