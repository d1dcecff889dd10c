"""The one policy: may this actor do this to this thing now.

Roles and relations give an actor *standings* towards a child; a table says what each standing
may do, and the kindest of them counts. What no standing allows is refused: as "there is no
such thing" to people without any standing, as "you may not" to people who know the child.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from people.rules.access_table import BY_ROLE, BY_STANDING, GIVEN_BY, LISTS, WHY, Cell, Standing
from people.terms import (
    AccessVerdict,
    Action,
    Actor,
    Outcome,
    Relation,
    RelationKind,
    Resource,
    ResourceFacts,
    Role,
)

_THIS_MEETING, _OTHER_MEETING = UUID(int=1), UUID(int=2)
_KINDNESS = (Outcome.HIDE, Outcome.DENY, Outcome.STEP_UP, Outcome.REDACT, Outcome.ALLOW)
_FOR_A_STRANGER = frozenset({Action.INCIDENT_RECORD})
_TEAM_ROLES = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHAIR, Role.BUSINESS_SUPPORT)
_HIDDEN = AccessVerdict(Outcome.HIDE, "relation.none", "There is nothing here you may open.")
_WORDS = {
    Outcome.DENY: "Your role does not allow this. Ask the child's team manager.",
    Outcome.HIDE: "There is nothing here you may open.",
    Outcome.STEP_UP: "Enter your password again to do this.",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list may show: everything, or the things of these relations and teams.

    Attributes:
        kinds: relations to the child that open the thing itself.
        kinds_elsewhere: relations that open it although they came with another meeting.
        team_ids: teams whose children's things are open.
        thing_team_ids: teams that opened the thing by recording or convening it.
    """

    is_everything: bool
    kinds: frozenset[RelationKind]
    kinds_elsewhere: frozenset[RelationKind]
    team_ids: frozenset[UUID]
    thing_team_ids: frozenset[UUID]


def decide(
    actor: Actor, action: Action, facts: ResourceFacts | None, now: datetime
) -> AccessVerdict:
    """Decide whether the actor may do this now; what is not allowed anywhere is refused.

    Order: open doors, the service itself, deny-lists, restricted records, then relation and
    role, the field projection (``redact``) and the password asked again (``step_up``).

    Args:
        facts: the thing and the actor's relations to its child; None for a door that is
            about no child in particular.

    Source: local standard, decision 17 (opening follows a relation with a window) and the
    authorisation matrix of the security guide, section 3.
    """
    if action in (Action.OPEN, Action.LINK):
        return AccessVerdict(Outcome.ALLOW, "door.open", "This door is open to everybody.")
    if actor.is_system:
        return AccessVerdict(Outcome.ALLOW, "system", "The service does this itself.")
    if actor.account_id is None:
        return AccessVerdict(Outcome.DENY, "sign-in", "Sign in to do this.")
    if facts is None or facts.resource.is_list or action not in BY_STANDING:
        return _by_role(actor, action, now)
    if facts.is_own_record:
        return AccessVerdict(Outcome.HIDE, "deny.own_record", _WORDS[Outcome.HIDE])
    if facts.is_restricted and not facts.is_on_allow_list:
        return AccessVerdict(Outcome.HIDE, "restricted.not_named", _WORDS[Outcome.HIDE])
    if action is Action.INCIDENT_RECORD and facts.resource.kind == "incident":
        # Anybody of staff may record a new incident; adding to one is for who may read it.
        seen = _by_standing(actor, Action.INCIDENT_VIEW, facts, now)
        if seen.outcome in (Outcome.HIDE, Outcome.DENY):
            return seen
    return _by_standing(actor, action, facts, now)


def scope(actor: Actor, action: Action, now: datetime, *, kind: str = "child") -> Scope:
    """Return what a list of things shows, by asking ``decide`` about each sort of relation.

    Source: local standard, metamorphic rule of the security guide, section 3: a list holds
    what viewing one by one would allow.
    """
    thing = Resource(kind=kind, meeting_id=_THIS_MEETING)

    def opens(thing: Resource, *relations: Relation) -> bool:
        return decide(actor, action, ResourceFacts(thing, relations), now).is_allowed

    teams = actor.team_ids | actor.managed_team_ids
    return Scope(
        is_everything=opens(thing),
        kinds=frozenset(each for each in RelationKind if opens(thing, Relation(each, now))),
        kinds_elsewhere=frozenset(
            each
            for each in RelationKind
            if opens(thing, Relation(each, now, meeting_id=_OTHER_MEETING))
        ),
        team_ids=frozenset(
            each for each in teams if opens(thing, *standing_relations(actor, each, now))
        ),
        thing_team_ids=frozenset(each for each in teams if opens(replace(thing, team_id=each))),
    )


def standing_relations(actor: Actor, team_id: UUID | None, now: datetime) -> tuple[Relation, ...]:
    """Return the relations that follow from the team a child is allocated to; no row holds them.

    Source: local standard, decision 17 (a child is allocated to a worker and a team).
    """
    if team_id is None:
        return ()
    found = []
    if team_id in actor.team_ids:
        found.append(Relation(RelationKind.TEAM, now))
    if team_id in actor.managed_team_ids:
        found.append(Relation(RelationKind.MANAGER, now))
    return tuple(found)


def may_find_every_child(actor: Actor) -> bool:
    """Say whether search shows this actor every child by name, age, school and reference.

    Source: local standard, decision 17 (duty accounts find, opening follows a relation).
    """
    return actor.is_system or (actor.is_duty and actor.has(*_TEAM_ROLES))


def _by_role(actor: Actor, action: Action, now: datetime) -> AccessVerdict:
    table = LISTS if action in LISTS else BY_ROLE
    row = table.get(action)
    if row is None:
        return AccessVerdict(Outcome.DENY, f"{action}:default", _WORDS[Outcome.DENY])
    answers = [
        _answer(row[role], actor, None, now, rule=f"{action}:{role}", why="Your role allows this.")
        for role in sorted(actor.roles)
    ]
    return _kindest(answers) or AccessVerdict(
        Outcome.DENY, f"{action}:no_role", _WORDS[Outcome.DENY]
    )


def _by_standing(
    actor: Actor, action: Action, facts: ResourceFacts, now: datetime
) -> AccessVerdict:
    row = BY_STANDING[action]
    answers = [
        _answer(
            row[standing],
            actor,
            facts.resource,
            now,
            rule=f"{action}:{standing}",
            why=WHY[standing],
        )
        for standing in sorted(_standings(actor, facts, now))
    ]
    if action in _FOR_A_STRANGER:
        by_role = _by_role(actor, action, now)
        if by_role.is_allowed:
            answers.append(by_role)
    return _kindest(answers) or _HIDDEN


def _standings(actor: Actor, facts: ResourceFacts, now: datetime) -> set[Standing]:
    found = _of_the_things_team(actor, facts.resource)
    for relation in facts.relations:
        if not relation.holds_at(now):
            continue
        given = GIVEN_BY[relation.kind]
        for role in actor.roles & given.keys():
            standing = _in_meeting(given[role], relation, facts.resource)
            if standing is not None:
                found.add(standing)
    if Role.PRIVACY_OFFICER in actor.roles:
        found.add(Standing.PRIVACY)
    return found


def _in_meeting(standing: Standing, relation: Relation, thing: Resource) -> Standing | None:
    """Keep a meeting's relation to that meeting; its chair may still read the others."""
    elsewhere = None not in (relation.meeting_id, thing.meeting_id) and (
        relation.meeting_id != thing.meeting_id
    )
    if not elsewhere:
        return standing
    return Standing.CHAIR_ELSEWHERE if standing is Standing.CHAIR else None


def _of_the_things_team(actor: Actor, thing: Resource) -> set[Standing]:
    """The team that recorded an incident or convened a meeting works on that thing."""
    if thing.kind == "child":
        return set()
    found = set()
    if thing.team_id in actor.managed_team_ids and Role.TEAM_MANAGER in actor.roles:
        found.add(Standing.MANAGER)
    if thing.team_id in actor.team_ids and actor.has(*_TEAM_ROLES):
        found.add(Standing.WORKING_TEAM)
    return found


def _answer(
    cell: Cell, actor: Actor, thing: Resource | None, now: datetime, *, rule: str, why: str
) -> AccessVerdict:
    outcome = _outcome(cell, actor, thing, now)
    return AccessVerdict(outcome, rule, _WORDS.get(outcome, why))


def _outcome(cell: Cell, actor: Actor, thing: Resource | None, now: datetime) -> Outcome:
    if cell is Cell.STEP_UP:
        return Outcome.ALLOW if actor.confirmed_within_step_up(now) else Outcome.STEP_UP
    if cell is Cell.OWN:
        is_own = thing is not None and thing.owner_account_id == actor.account_id
        return Outcome.ALLOW if is_own else Outcome.HIDE
    return {
        Cell.ALLOW: Outcome.ALLOW,
        Cell.REDACT: Outcome.REDACT,
        Cell.DENY: Outcome.DENY,
        Cell.HIDE: Outcome.HIDE,
    }[cell]


def _kindest(answers: list[AccessVerdict]) -> AccessVerdict | None:
    return max(answers, key=lambda answer: _KINDNESS.index(answer.outcome), default=None)
