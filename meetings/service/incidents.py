"""Write down incidents: each child's part for itself, and judge it in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core import audit, clock
from core.db import session
from core.errors import NotAllowed, Refused
from core.ids import new_reference
from meetings import terms
from meetings.choices import Answers, PartGiven, ScoreGiven
from meetings.models.incidents import Incident, Involvement, Judgement, Score
from meetings.rules.facts import score_problem
from meetings.rules.rulebook import rulebook
from meetings.service import judging
from notifications.terms import Letterhead
from people.models.children import Child
from people.service import relations
from people.terms import Actor, RelationKind, Role, TriState
from procedures.service import packs

# Twelve weeks is how long a second serious incident of the same child counts as one of a row.
RECORDER_SEES = timedelta(weeks=12)
# A page stays open while somebody types; a minute of a browser's clock is no future.
_TOLERANCE = timedelta(minutes=2)


def report(
    parts: Sequence[PartGiven], *, actor: Actor, letterhead: Letterhead, now: datetime
) -> tuple[Involvement, ...]:
    """Record an incident with one or several children and judge each child's part.

    Nothing of one child's part stands in another's. The manager of each child's team gets a
    task in the same transaction, so that no incident can go unjudged or unseen.

    Raises:
        Refused: a time lies in the future, a child is named twice, or a word or score is not
            one of the procedure pack.
    """
    if not parts:
        raise Refused("incident.no_child", "Select the child this is about.")
    children = [_child(part.child_ref) for part in parts]
    if len({child.id for child in children}) != len(children):
        raise Refused("incident.child_twice", "This child is named twice. Keep one of the two.")
    incident = Incident(
        opaque_ref=_free("X", Incident.opaque_ref),
        recorded_by_id=actor.account_id,
        team_id=_team_of(children[0], actor),
        recorded_at=now,
    )
    session.add(incident)
    session.flush()
    made = tuple(
        _involve(incident, child, part, actor=actor, now=now)
        for child, part in zip(children, parts, strict=True)
    )
    for involvement in made:
        judging.judge(involvement, actor=actor, letterhead=letterhead, now=now, because="recorded")
    return made


def add_child(
    incident: Incident, part: PartGiven, *, actor: Actor, letterhead: Letterhead, now: datetime
) -> Involvement:
    """Add another child's part, and judge the others' again: the two sides are kept apart.

    Raises:
        Refused: the child is part of the incident already, or as for ``report``.
    """
    child = _child(part.child_ref)
    there = session.scalars(select(Involvement).where(Involvement.incident_id == incident.id)).all()
    if any(other.child_id == child.id for other in there):
        raise Refused(
            "incident.child_twice",
            "This child's part in the incident is already recorded. Open it and add to it there.",
        )
    involvement = _involve(incident, child, part, actor=actor, now=now)
    for each in (involvement, *there):
        judging.judge(each, actor=actor, letterhead=letterhead, now=now, because="another_child")
    return involvement


def record_score(
    involvement: Involvement,
    given: ScoreGiven,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Judgement:
    """Write down a score, which replaces none before it, and judge again.

    Raises:
        Refused: the scale or its version is not named, or the value is not on the scale.
    """
    _add_score(involvement, given, actor=actor, now=now)
    return judging.judge(involvement, actor=actor, letterhead=letterhead, now=now, because="score")


def answer(
    involvement: Involvement,
    answers: Answers,
    *,
    actor: Actor,
    letterhead: Letterhead,
    now: datetime,
) -> Judgement:
    """Write down what has become known of one child's part, and judge again."""
    changed = [
        each.name
        for each in fields(answers)
        if getattr(involvement, each.name) != getattr(answers, each.name)
    ]
    for name in changed:
        setattr(involvement, name, getattr(answers, name))
    session.flush()
    if changed:
        audit.record(
            actor,
            "incident.answered",
            "involvement",
            involvement.id,
            child_id=involvement.child_id,
            now=now,
            detail=", ".join(changed),
        )
    return judging.judge(involvement, actor=actor, letterhead=letterhead, now=now, because="answer")


def clear(
    involvement: Involvement, *, why: str, actor: Actor, letterhead: Letterhead, now: datetime
) -> Judgement:
    """Record, as a manager, that neither harm nor exploitation of the child is suspected.

    Until this is recorded the rules judge as if both might be so.

    Raises:
        NotAllowed: the actor manages no team.
        Refused: no reason is given.
    """
    if Role.TEAM_MANAGER not in actor.roles:
        raise NotAllowed("Only a team manager can record this. Ask the child's team manager.")
    if not why.strip():
        raise Refused("incident.clear_reason", "Give the reason why neither is suspected.")
    involvement.cleared_by_id, involvement.cleared_at = actor.account_id, now
    involvement.cleared_why = why.strip()
    involvement.harm_suspected = involvement.exploitation_suspected = TriState.NO
    session.flush()
    audit.record(
        actor,
        "incident.cleared",
        "involvement",
        involvement.id,
        child_id=involvement.child_id,
        now=now,
    )
    return judging.judge(
        involvement, actor=actor, letterhead=letterhead, now=now, because="cleared"
    )


def _involve(
    incident: Incident, child: Child, part: PartGiven, *, actor: Actor, now: datetime
) -> Involvement:
    known_at = part.known_at or now
    _check(part, known_at, now=now)
    involvement = Involvement(
        ref=_free("I", Involvement.ref),
        incident_id=incident.id,
        child_id=child.id,
        part=part.part,
        kind=part.kind,
        happened_at=part.happened_at,
        known_at=known_at,
        narrative=part.narrative.strip(),
        safe_now=part.safe_now,
        **asdict(part.answers),
    )
    session.add(involvement)
    session.flush()
    audit.record(
        actor,
        "incident.recorded",
        "involvement",
        involvement.id,
        child_id=involvement.child_id,
        now=now,
    )
    if actor.account_id is not None:
        relations.grant(
            actor.account_id,
            involvement.child_id,
            RelationKind.RECORDED_INCIDENT,
            why="Recorded an incident about the child.",
            actor=actor,
            now=now,
            until=now + RECORDER_SEES,
        )
    if part.score is not None:
        _add_score(involvement, part.score, actor=actor, now=now)
    return involvement


def _check(part: PartGiven, known_at: datetime, *, now: datetime) -> None:
    book = rulebook(packs.in_force(clock.today(now))[1])
    if part.happened_at > now + _TOLERANCE:
        raise Refused("incident.future", "The incident time must be now or in the past.")
    if known_at > now + _TOLERANCE:
        raise Refused("incident.known_future", "The time you heard of it must be now or earlier.")
    if known_at < part.happened_at - _TOLERANCE:
        raise Refused(
            "incident.known_before", "The time you heard of it must be after it happened."
        )
    if part.part not in book.parts:
        raise Refused("incident.part", "Select the child's part in what happened.")
    if part.kind not in book.kinds:
        raise Refused("incident.kind", "Select what kind of incident it was.")
    if not part.narrative.strip():
        raise Refused("incident.narrative", "Write what happened, in a sentence or two.")


def _add_score(involvement: Involvement, given: ScoreGiven, *, actor: Actor, now: datetime) -> None:
    said = terms.Score(**asdict(given))
    problem = score_problem(said, rulebook(packs.in_force(clock.today(now))[1]))
    if problem is not None:
        raise Refused("incident.score", problem)
    if given.scored_on > clock.today(now):
        raise Refused("incident.score_future", "The date of the score must be today or earlier.")
    session.add(
        Score(
            involvement_id=involvement.id,
            recorded_at=now,
            recorded_by_id=actor.account_id,
            **asdict(given),
        )
    )
    session.flush()
    audit.record(
        actor,
        "incident.scored",
        "involvement",
        involvement.id,
        child_id=involvement.child_id,
        now=now,
        detail="scale, scale_version, value",
    )


def _child(ref: str) -> Child:
    child = session.scalar(select(Child).where(Child.ref == ref.strip().upper()))
    if child is None:
        raise Refused("incident.no_child", "Select the child this is about.")
    return child


def _team_of(child: Child, actor: Actor) -> uuid.UUID | None:
    """The recording team: the child's own if the recorder is in it, else the recorder's.

    A recorder without a team gives the incident none: it opens every child's part of it.
    """
    if child.team_id in actor.team_ids:
        return child.team_id
    return min(actor.team_ids, key=str, default=None)


def _free(prefix: str, column: InstrumentedAttribute[str]) -> str:
    while True:
        ref = new_reference(prefix)
        if session.scalar(select(column).where(column == ref)) is None:
            return ref
