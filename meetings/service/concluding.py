"""Finishing a meeting: what was agreed goes live at once, and every date that follows is set.

Nothing of this waits for the record's release.
"""

from __future__ import annotations

from datetime import date, datetime
from textwrap import shorten

from sqlalchemy import select

from core import audit, clock
from core.db import session
from core.errors import Conflict, Refused
from meetings.models.meetings import Meeting
from meetings.models.records import Decision, ProposedAction, Record, ReviewedAction
from meetings.record_terms import Finished, FinishWords, ReviewOutcome, settled
from meetings.rules import deadlines
from meetings.service import deciding, following, records, releasing, scheduling, standing, tasks
from meetings.terms import MeetingStatus
from notifications.terms import Letterhead
from people.models.accounts import Account
from people.models.agencies import Agency
from people.terms import Actor
from plans.models import Action
from plans.service import actions as plan_actions
from plans.service import dates as plan_dates
from plans.terms import ActionKind, ActionStatus, AgreedAt
from plans.terms import ProposedAction as Agreed
from procedures.service import packs
from procedures.terms import Pack


def finish(
    record: Record,
    meeting: Meeting,
    words: FinishWords,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> Finished:
    """End the meeting: actions live, owners told, deadline closed, the next dates set.

    Raises:
        Refused: something is missing that must be there, or a reason for going on is.
        Conflict: somebody finished it in the same moment.
    """
    records.hold(record)
    session.refresh(meeting, with_for_update=True)
    if meeting.status is not MeetingStatus.IN_PROGRESS:
        raise Conflict("This meeting was finished already. Its record is on the record page.")
    state = standing.standing_of(record, meeting, now=now)
    require_complete(state, words, today=clock.today(now))
    _, pack = packs.of(meeting.pack_version_id)
    held_on = clock.today(meeting.started_at or now)
    meeting.status = MeetingStatus.HELD
    meeting.ended_at = words.ended_at or now
    record.is_quorate = state.quorum.is_quorate
    record.quorum = state.quorum.to_dict()
    record.finish_reason, record.inquorate_reason = words.reason, words.inquorate_reason
    record.finished_by_id = actor.account_id
    if words.reason or words.inquorate_reason:
        records.wrote(record, "finish", actor=actor, now=now)
    due = deadlines.record_due(meeting.type, held_on, pack=pack, calendar=packs.calendar_of(pack))
    record.due_on, record.due_at = due.on, due.at
    refs, untold = _adopt(record, meeting, pack, letterhead=letterhead, actor=actor, now=now)
    _tell_previous(meeting, letterhead=letterhead, actor=actor, now=now)
    follow_ons = following.follow_ons_of(meeting, state.quorum, settled(state.decided_kinds), pack)
    again = following.close_judgement(meeting, state.quorum, follow_ons, actor=actor, now=now)
    following.ask_for_next(
        meeting, follow_ons, except_type=again.meeting_type if again else None, now=now
    )
    following.end_relations(meeting, actor=actor, now=now)
    releasing.ask_for_approval(record, meeting, now=now)
    # Nobody need be rung any more about a meeting that was held.
    tasks.finish_of_meeting(
        meeting.id, *scheduling.GONE, actor=actor, now=now, outcome="The meeting was held."
    )
    # After that: these calls are about what the meeting agreed.
    for action in untold:
        _ask_to_ring(action, meeting, now=now)
    audit.record(
        actor, "meeting.finished", "meeting", meeting.id, child_id=meeting.child_id, now=now
    )
    session.flush()
    return Finished(
        is_quorate=state.quorum.is_quorate,
        action_refs=refs,
        follow_ons=follow_ons,
        record_due_on=due.on,
        follow_up_on=again.deadline.on if again else None,
    )


def require_complete(state: standing.Standing, words: FinishWords, *, today: date) -> None:
    """Refuse to finish while something is missing that no reason can replace.

    Raises:
        Refused: it names what is missing and what to do.
    """
    without = [row for row in state.actions if row.agency_id is None or row.due_on is None]
    if without:
        raise Refused(
            "finish.actions",
            f"Say which agency does “{shorten(without[0].what, 60)}” and by when, or take it out: "
            "an action goes live only with both.",
        )
    if not state.quorum.is_quorate:
        _require_safe_without_quorum(state, words, today)
    # The quorum has a reason of its own.
    if any(gap.is_firm and gap.id != "quorum" for gap in state.gaps) and not words.reason:
        raise Refused(
            "finish.reason", "Say why you finish although something is missing, or add it."
        )


def _require_safe_without_quorum(state: standing.Standing, words: FinishWords, today: date) -> None:
    if not words.inquorate_reason:
        raise Refused(
            "finish.inquorate",
            f"{state.quorum.words}. Say why the meeting went ahead without it.",
        )
    is_safe = any(
        row.kind is ActionKind.SAFETY and row.due_on is not None and row.due_on <= today
        for row in state.actions
    )
    if not is_safe:
        raise Refused(
            "finish.safety_today",
            "Without its quorum the meeting needs a safety action due today: "
            "write who keeps the child safe tonight, and how.",
        )


def _adopt(
    record: Record,
    meeting: Meeting,
    pack: Pack,
    *,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> tuple[tuple[str, ...], tuple[Action, ...]]:
    """Return the references of what went live, and the actions nobody was written to about."""
    proposed = deciding.standing(meeting.id, ProposedAction)
    decisions = deciding.standing(meeting.id, Decision)
    opens_plan = pack.item("meeting_type", meeting.type).flag("opens_plan") and bool(decisions)
    adoption = plan_actions.adopt(
        meeting.child_id,
        [_agreed(row) for row in proposed],
        agreed_at=_agreed_at(record, meeting),
        letterhead=letterhead,
        actor=actor,
        now=now,
        opens_plan=opens_plan,
    )
    by_source = {action.source_id: action for action in adoption.actions}
    for row in proposed:
        row.action_id = by_source[row.id].id
    return tuple(by_source[row.id].ref for row in proposed), adoption.untold


def _ask_to_ring(action: Action, meeting: Meeting, *, now: datetime) -> None:
    """Mail reaches neither the owner nor their agency, so somebody tells them by telephone."""
    agency = session.get_one(Agency, action.agency_id)
    tasks.ask(
        tasks.RING,
        ref=action.ref,
        words=f"Ring {agency.name} ({agency.telephone or 'no number recorded'}) about action "
        f"{action.ref}: no address takes our mail, so nobody there has been told.",
        key=f"{tasks.RING}:{action.id}:given",
        child_id=action.child_id,
        meeting_id=meeting.id,
        subject_id=action.id,
        for_account_id=meeting.convenor_id,
        for_team_id=meeting.team_id,
        now=now,
    )


def _agreed(row: ProposedAction) -> Agreed:
    if row.agency_id is None or row.due_on is None:
        raise Refused("finish.actions", "An action goes live only with an agency and a date.")
    return Agreed(
        what=row.what,
        kind=row.kind,
        agency_id=row.agency_id,
        due_on=row.due_on,
        owner_name=row.owner_name,
        owner_email=row.owner_email,
        owner_account_id=row.owner_account_id,
        how_known=row.how_known,
        decision_id=row.decision_id,
        source_id=row.id,
    )


def _agreed_at(record: Record, meeting: Meeting) -> AgreedAt:
    chair = session.get(Account, meeting.chair_id) if meeting.chair_id else None
    return AgreedAt(
        meeting_id=meeting.id,
        meeting_ref=meeting.ref,
        chair_account_id=chair.id if chair else None,
        chair_name=chair.name if chair else None,
        chair_email=chair.email if chair else None,
        review_on=standing.next_meeting_on(record.id),
    )


def _tell_previous(
    meeting: Meeting, *, letterhead: Letterhead, actor: Actor, now: datetime
) -> None:
    """Let each previous action hear what the meeting heard; one closed meanwhile stays closed."""
    reviewed = session.scalars(
        select(ReviewedAction).where(
            ReviewedAction.meeting_id == meeting.id, ReviewedAction.applied_at.is_(None)
        )
    ).all()
    for row in reviewed:
        action = session.get(Action, row.action_id)
        if action is None or action.status is not ActionStatus.OPEN:
            continue
        if row.outcome == ReviewOutcome.DONE:
            plan_actions.done(action, evidence=row.note or "", actor=actor, now=now)
        elif row.outcome == ReviewOutcome.CHANGED and row.new_due_on is not None:
            plan_dates.agree_at_meeting(
                action,
                row.new_due_on,
                note=row.note or f"Agreed at meeting {meeting.ref}",
                letterhead=letterhead,
                actor=actor,
                now=now,
            )
        row.applied_at = now
