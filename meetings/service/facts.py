"""Gather what is known of a child's part in an incident, as the rules see it."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import exists, or_, select

from core import clock
from core.db import session
from core.filters import years_old
from meetings import terms
from meetings.models.incidents import Incident, Involvement, Judgement, Score
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.terms import (
    ChildFacts,
    Connected,
    IncidentFacts,
    JudgementStatus,
    MeetingStatus,
)
from people.models.children import Child
from people.queries.network import network_of
from people.terms import Asked, ConnectionKind, ConnectionStatus, TriState

_HOSPITAL_COUNTS = timedelta(days=30)
_NEED = {
    Asked.YES: TriState.YES,
    Asked.NO: TriState.NO,
    Asked.NOT_ASKED: TriState.NOT_KNOWN,
    Asked.AWAITING: TriState.NOT_KNOWN,
}
_ASKED = (
    "weapon_used",
    "serious_injury",
    "class_a_supply",
    "retaliation_risk",
    "hospital_attended",
    "at_school",
    "threat_to_life",
    "ambulance_attended",
    "has_died",
    "safe_now",
)


def facts_for(involvement: Involvement, now: datetime) -> tuple[IncidentFacts, ChildFacts]:
    """Return what is known of a child's part and of the child, as the rules see it.

    Seven statements.
    """
    incident = session.get_one(Incident, involvement.incident_id)
    scores = session.scalars(
        select(Score)
        .where(Score.involvement_id == involvement.id)
        .order_by(Score.recorded_at, Score.id)
    ).all()
    facts = IncidentFacts(
        part=involvement.part,
        kind=involvement.kind,
        happened_at=involvement.happened_at,
        known_at=involvement.known_at,
        recorded_at=incident.recorded_at,
        exploitation_suspected=_unless_cleared(involvement, involvement.exploitation_suspected),
        harm_suspected=_unless_cleared(involvement, involvement.harm_suspected),
        scores=tuple(_score(row) for row in scores),
        other_parts=_other_parts(involvement),
        met_since=_met_since(involvement),
        days_since_last_serious=_days_since_last_serious(involvement),
        serious_incident_notified_at=involvement.notified_at,
        **{name: getattr(involvement, name) for name in _ASKED},
    )
    return facts, child_facts(session.get_one(Child, involvement.child_id), now)


def child_facts(child: Child, now: datetime) -> ChildFacts:
    """Return a child and its network today, as the rules see it.

    Three statements.
    """
    network = network_of(child.id, clock.today(now))
    connections = tuple(
        Connected(
            kind=entry.kind,
            status=entry.status,
            agency_id=str(entry.agency_id) if entry.agency_id else None,
            agency_name=entry.agency_name,
            agency_kind=entry.agency_kind,
            is_male_carer=entry.is_male_carer,
        )
        for entry in network
    )
    worked_with = child.allocated_to_id is not None or any(
        entry.kind is ConnectionKind.SOCIAL_WORKER and entry.status is ConnectionStatus.KNOWN
        for entry in network
    )
    # A child still waiting to be assessed is met as one who has the need.
    sen = TriState.YES if child.sen is Asked.AWAITING else _NEED[child.sen]
    return ChildFacts(
        age=years_old(child.born_on, clock.today(now)),
        age_months=None if child.is_birth_estimated else _months_old(child.born_on, now),
        legal_status=child.legal_status,
        connections=connections,
        ever_had_social_worker=TriState.YES if worked_with else TriState.NOT_KNOWN,
        ehc_plan=_NEED[child.ehc_plan],
        sen=sen,
        disability=_NEED[child.disability],
        interpreter_needed=_NEED[child.interpreter],
        born_on=None if child.is_birth_estimated else child.born_on,
        hospital_within_30_days=_seen_in_hospital(child.id, now),
        exploitation_flag=_flagged(child.id),
    )


def _months_old(born_on: date, now: datetime) -> int:
    today = clock.today(now)
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    return months - (today.day < born_on.day)


def _score(row: Score) -> terms.Score:
    return terms.Score(
        scale=row.scale,
        scale_version=row.scale_version,
        value=row.value,
        scored_by=row.scored_by,
        scored_on=row.scored_on,
    )


def _unless_cleared(involvement: Involvement, answer: TriState) -> TriState:
    """A worker's "no" is not known to the rules until a manager has recorded it."""
    if answer is TriState.NO and involvement.cleared_at is None:
        return TriState.NOT_KNOWN
    return answer


def _other_parts(involvement: Involvement) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Involvement.part)
            .where(
                Involvement.incident_id == involvement.incident_id,
                Involvement.id != involvement.id,
            )
            .order_by(Involvement.ref)
        )
    )


def _met_since(involvement: Involvement) -> TriState:
    """The meeting was convened for this incident, or for another one that this was folded into.

    One without its legal quorum does not count: what the rules asked for is still to be held.
    """
    mine = Judgement.involvement_id == involvement.id
    held = session.scalar(
        select(Meeting.id)
        .where(
            or_(
                Meeting.judgement_id.in_(select(Judgement.id).where(mine)),
                Meeting.id.in_(select(Judgement.meeting_id).where(mine)),
            ),
            Meeting.status == MeetingStatus.HELD,
            ~exists().where(Record.meeting_id == Meeting.id, Record.is_quorate.is_(False)),
        )
        .limit(1)
    )
    return TriState.YES if held else TriState.NO


def _days_since_last_serious(involvement: Involvement) -> int | None:
    """An earlier incident counts as serious when a rule asked for a meeting about it."""
    before = session.scalar(
        select(Involvement.happened_at)
        .join(Judgement, Judgement.involvement_id == Involvement.id)
        .where(
            Involvement.child_id == involvement.child_id,
            Involvement.id != involvement.id,
            Involvement.happened_at < involvement.happened_at,
            Judgement.meeting_type.is_not(None),
            Judgement.status != JudgementStatus.SUPERSEDED,
        )
        .order_by(Involvement.happened_at.desc())
        .limit(1)
    )
    if before is None:
        return None
    return (clock.today(involvement.happened_at) - clock.today(before)).days


def _seen_in_hospital(child_id: uuid.UUID, now: datetime) -> TriState:
    seen = session.scalar(
        select(Involvement.id)
        .where(
            Involvement.child_id == child_id,
            Involvement.hospital_attended == TriState.YES,
            Involvement.happened_at > now - _HOSPITAL_COUNTS,
        )
        .limit(1)
    )
    return TriState.YES if seen else TriState.NOT_KNOWN


def _flagged(child_id: uuid.UUID) -> TriState:
    flagged = session.scalar(
        select(Involvement.id)
        .where(
            Involvement.child_id == child_id,
            Involvement.exploitation_suspected == TriState.YES,
        )
        .limit(1)
    )
    return TriState.YES if flagged else TriState.NOT_KNOWN
