"""What follows from a finished meeting: the judgement it answers, next dates, who still sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from core import audit, clock
from core.db import session
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.record_terms import Decided
from meetings.rules import deadlines
from meetings.service import answering, judging, tasks
from meetings.terms import Decision, FollowOn, JudgementStatus, MeetingFacts, Quorum
from people.models.relations import RelationRow
from people.service import relations
from people.terms import Actor, RelationKind
from procedures.service import packs
from procedures.terms import Deadline, Pack

INVITED_SEE = timedelta(days=28)


def follow_ons_of(
    meeting: Meeting, quorum: Quorum, decided: Decided, pack: Pack
) -> tuple[FollowOn, ...]:
    """Return the dates that follow from the meeting, with the sum behind each."""
    started_at = meeting.started_at or meeting.starts_at
    return deadlines.follow_ons(
        meeting.type,
        clock.today(started_at),
        facts=MeetingFacts(
            began_enquiry=decided.began_enquiry,
            is_quorate=quorum.is_quorate,
            plan_made=decided.plan_made,
        ),
        pack=pack,
        calendar=packs.calendar_of(pack),
    )


def close_judgement(
    meeting: Meeting,
    quorum: Quorum,
    follow_ons: tuple[FollowOn, ...],
    *,
    actor: Actor,
    now: datetime,
) -> FollowOn | None:
    """Close each judgement the meeting answers; without quorum a new one takes its place.

    The meeting may answer another judgement than the one it was convened for: one that replaced
    it, or one of another incident that was folded in.

    Returns:
        The meeting that must follow, when the legal quorum did not take part.
    """
    again = None if quorum.is_quorate else _same_again(meeting, follow_ons)
    answered = answering.answered_by(meeting)
    _finish_tasks(meeting, actor=actor, now=now)
    for judgement in answered:
        was = Decision.from_dict(judgement.verdict)
        # Where no rule sets a new date, the one that was not met stands.
        deadline = again.deadline if again else was.deadline
        if quorum.is_quorate or deadline is None:
            judgement.status = JudgementStatus.HELD
        else:
            _judge_again(judgement, meeting, deadline, actor=actor, now=now)
    if again is not None and not answered:
        _ask_follow_up(meeting, again.words, again.deadline, now=now)
    session.flush()
    return again


def _finish_tasks(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Close what waited for this meeting, also about a judgement that was replaced meanwhile."""
    about = session.scalars(
        select(Judgement.id).where(
            or_(Judgement.meeting_id == meeting.id, Judgement.id == meeting.judgement_id),
            Judgement.status.in_((JudgementStatus.ARRANGED, JudgementStatus.SUPERSEDED)),
        )
    ).all()
    for judgement_id in about:
        tasks.finish_about(
            judgement_id,
            tasks.DECIDE,
            tasks.AGREE,
            tasks.FOLLOW_UP,
            actor=actor,
            now=now,
            outcome="held",
        )


def _same_again(meeting: Meeting, follow_ons: tuple[FollowOn, ...]) -> FollowOn | None:
    return next(
        (
            one
            for one in follow_ons
            if one.meeting_type == meeting.type and one.if_held_on is None and not one.given
        ),
        None,
    )


def _judge_again(
    before: Judgement, meeting: Meeting, deadline: Deadline, *, actor: Actor, now: datetime
) -> None:
    """Put an open judgement in place of the one that an inquorate meeting answered only in part."""
    was = Decision.from_dict(before.verdict)
    why = f"Meeting {meeting.ref} was held without its legal quorum. {was.why}"
    verdict = replace(was, deadline=deadline, why=why, is_same_day=False, fold_until=None)
    is_folded_in = answering.is_folded_in(before, meeting)
    before.status = JudgementStatus.SUPERSEDED
    session.flush()
    judgement = Judgement(
        involvement_id=before.involvement_id,
        child_id=before.child_id,
        pack_version_id=before.pack_version_id,
        verdict=verdict.to_dict(),
        change={
            "because": "inquorate",
            "was": _in_short(was),
            "now": _in_short(verdict),
            "status_was": JudgementStatus.HELD.value,
            "meeting_ref": meeting.ref,
        },
        replaces_id=before.id,
        meeting_type=before.meeting_type if is_folded_in else meeting.type,
        deadline_on=deadline.on,
        deadline_at=deadline.at,
        status=JudgementStatus.OPEN,
        made_at=now,
    )
    session.add(judgement)
    session.flush()
    audit.record(
        actor,
        "judgement.made",
        "judgement",
        judgement.id,
        child_id=judgement.child_id,
        now=now,
        detail="inquorate",
    )
    involvement = session.get_one(Involvement, before.involvement_id)
    _ask_follow_up(
        meeting,
        f"{verdict.meeting_name} with its full quorum",
        deadline,
        now=now,
        about=judgement,
        involvement=involvement,
    )


def _in_short(verdict: Decision) -> dict[str, object]:
    return {
        "meeting": verdict.meeting_name,
        "by": verdict.deadline.by if verdict.deadline else "",
        "rules": [rule.rule_id for rule in verdict.fired],
    }


def _ask_follow_up(
    meeting: Meeting,
    words: str,
    deadline: Deadline,
    *,
    now: datetime,
    about: Judgement | None = None,
    involvement: Involvement | None = None,
) -> None:
    subject_id = about.id if about else meeting.id
    team_id = (judging.team_of(involvement) if involvement else None) or meeting.team_id
    tasks.ask(
        tasks.DECIDE,
        key=f"again:{meeting.id}:{subject_id}",
        ref=involvement.ref if involvement else meeting.ref,
        words=f"{words} by {deadline.by}: {meeting.ref} went ahead without it",
        now=now,
        child_id=meeting.child_id,
        subject_id=subject_id,
        for_team_id=team_id,
        for_account_id=None if team_id else meeting.convenor_id,
        due_at=deadline.at,
    )


def ask_for_next(
    meeting: Meeting,
    follow_ons: tuple[FollowOn, ...],
    *,
    except_type: str | None,
    now: datetime,
) -> None:
    """Put each meeting that surely follows on the convening team's list, with its date."""
    for one in follow_ons:
        is_sure = one.meeting_type and one.if_held_on is None and not one.given
        if not is_sure or one.meeting_type == except_type:
            continue
        tasks.ask(
            tasks.FOLLOW_UP,
            key=f"{one.item_id}:{meeting.id}",
            ref=meeting.ref,
            words=f"{one.words} by {one.deadline.by}",
            now=now,
            child_id=meeting.child_id,
            meeting_id=meeting.id,
            subject_id=meeting.id,
            for_team_id=meeting.team_id,
            for_account_id=None if meeting.team_id else meeting.convenor_id,
            due_at=one.deadline.at,
        )


def end_relations(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Let what the invitation opened close four weeks after the meeting."""
    until = (meeting.ended_at or now) + INVITED_SEE
    rows = session.scalars(
        select(RelationRow).where(
            RelationRow.meeting_id == meeting.id,
            RelationRow.kind == RelationKind.INVITED,
            RelationRow.valid_to_at.is_(None) | (RelationRow.valid_to_at > now),
        )
    ).all()
    for row in rows:
        relations.grant(
            row.account_id,
            row.child_id,
            RelationKind.INVITED,
            why=row.why,
            actor=actor,
            now=now,
            until=until,
            meeting_id=meeting.id,
        )
