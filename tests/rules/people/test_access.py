"""The policy, cell by cell against the authorisation matrix, then its properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.access import decide, may_find_every_child, scope, standing_relations
from people.rules.access_table import BY_ROLE, BY_STANDING, LISTS
from people.terms import (
    Action,
    Actor,
    Outcome,
    Relation,
    RelationKind,
    Resource,
    ResourceFacts,
    Role,
)

NOW = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)
ME, SOMEBODY, CHILD, TEAM, OTHER_TEAM, MEETING, OTHER_MEETING = (UUID(int=n) for n in range(1, 8))
LETTERS = {
    Outcome.ALLOW: "A",
    Outcome.REDACT: "R",
    Outcome.STEP_UP: "S",
    Outcome.DENY: "F",
    Outcome.HIDE: "D",
}


def an_actor(*roles: Role, **given: object) -> Actor:
    return Actor(account_id=ME, name="Sam Okoro", roles=frozenset(roles), **given)


def a_relation(kind: RelationKind, **given: object) -> Relation:
    return Relation(kind, NOW - timedelta(days=1), **given)


# Who the columns are: an actor and the relations to the child (besides its team's).
PEOPLE: dict[str, tuple[Actor, tuple[Relation, ...]]] = {
    "XP": (an_actor(Role.PROFESSIONAL), (a_relation(RelationKind.INVITED, meeting_id=MEETING),)),
    "XO": (
        an_actor(Role.PROFESSIONAL),
        (
            a_relation(
                RelationKind.INVITED, meeting_id=MEETING, valid_to_at=NOW - timedelta(minutes=1)
            ),
        ),
    ),
    "AO": (an_actor(Role.PROFESSIONAL), (a_relation(RelationKind.ACTION_OWNER),)),
    "SW": (an_actor(Role.SOCIAL_WORKER), (a_relation(RelationKind.ALLOCATED),)),
    "TW": (an_actor(Role.SOCIAL_WORKER, team_ids=frozenset({TEAM})), ()),
    "TM": (
        an_actor(Role.TEAM_MANAGER, team_ids=frozenset({TEAM}), managed_team_ids=frozenset({TEAM})),
        (),
    ),
    "CH": (an_actor(Role.CHAIR), (a_relation(RelationKind.CHAIR, meeting_id=MEETING),)),
    "BS": (an_actor(Role.BUSINESS_SUPPORT, team_ids=frozenset({TEAM})), ()),
    "PO": (an_actor(Role.PRIVACY_OFFICER), ()),
    "AD": (an_actor(Role.ADMINISTRATOR), ()),
    "OT": (an_actor(Role.SOCIAL_WORKER, team_ids=frozenset({OTHER_TEAM})), ()),
    "RE": (an_actor(Role.SOCIAL_WORKER), (a_relation(RelationKind.RECORDED_INCIDENT),)),
    "CO": (an_actor(Role.SOCIAL_WORKER), (a_relation(RelationKind.CONVENOR, meeting_id=MEETING),)),
    "LE": (an_actor(Role.PROFESSIONAL), (a_relation(RelationKind.LEAD_PRACTITIONER),)),
}
# XP to OT are the columns of the security guide's matrix; RE, CO and LE are this product's own.
# "O" of the matrix is tested apart: here the thing is somebody else's.
MATRIX = """
                        XP XO AO SW TW TM CH BS PO AD OT RE CO LE
child.view              R  D  R  A  A  A  A  R  S  D  D  A  A  A
child.edit              D  D  D  A  F  A  F  F  F  D  D  A  F  F
child.history           D  D  D  A  A  A  A  R  S  D  D  A  R  A
incident.record         D  D  D  A  A  A  A  A  F  D  D  A  A  F
incident.view           D  D  D  A  A  A  A  A  S  D  D  A  A  F
incident.link           D  D  D  D  D  A  A  D  D  D  D  A  D  D
judgement.view          D  D  D  A  A  A  A  A  S  D  D  A  A  F
judgement.no_meeting    D  D  D  A  F  A  F  F  F  D  D  A  A  F
judgement.confirm_none  D  D  D  F  F  S  F  F  F  D  D  F  F  F
meeting.create          D  D  D  A  A  A  F  A  F  D  D  A  F  F
meeting.view            A  D  D  A  A  A  A  A  S  D  D  A  A  A
meeting.move            D  D  D  A  F  A  A  F  F  D  D  F  A  F
meeting.stand_down      D  D  D  A  F  A  A  F  F  D  D  F  A  F
meeting.invite          D  D  D  A  F  A  A  A  F  D  D  F  A  F
meeting.drop_required   D  D  D  F  F  S  S  F  F  D  D  F  F  F
meeting.log_call        D  D  D  A  A  A  A  A  F  D  D  A  A  F
meeting.run             D  D  D  F  F  F  A  A  F  D  D  F  A  F
record.edit             D  D  D  F  F  F  A  A  F  D  D  F  A  F
record.approve          D  D  D  F  F  F  A  F  F  D  D  F  F  F
record.release          D  D  D  A  F  A  A  F  F  D  D  F  F  F
record.read             R  D  D  A  A  A  A  A  S  D  D  A  A  A
information.read        A  D  D  A  A  A  A  F  S  D  D  A  F  A
code.read_out           D  D  D  A  A  A  F  A  F  D  D  A  A  F
plan.view               R  D  D  A  A  A  A  R  S  D  D  A  R  A
plan.edit               D  D  D  A  F  A  A  F  F  D  D  F  F  A
plan.compare            D  D  D  A  A  A  A  D  S  D  D  A  D  A
action.list             D  D  D  A  A  A  A  R  S  D  D  A  R  A
action.update           D  D  D  A  F  A  A  F  F  D  D  F  F  A
action.decide_date      D  D  D  A  F  A  A  F  F  D  D  F  F  A
"""


def cells() -> list[tuple[str, str, str]]:
    head, *lines = MATRIX.strip("\n").splitlines()
    columns = head.split()
    return [
        (action, column, letter)
        for line in lines
        for action, *letters in [line.split()]
        for column, letter in zip(columns, letters, strict=True)
    ]


def facts_for(actor: Actor, relations: tuple[Relation, ...], thing: Resource) -> ResourceFacts:
    return ResourceFacts(thing, (*relations, *standing_relations(actor, TEAM, NOW)))


def a_thing(action: str) -> Resource:
    kind = action.split(".", maxsplit=1)[0]
    of_meeting = kind in ("meeting", "record", "information", "code")
    return Resource(
        kind=kind,
        id=UUID(int=99),
        child_id=CHILD,
        meeting_id=MEETING if of_meeting else None,
        owner_account_id=SOMEBODY,
    )


@pytest.mark.parametrize(("action", "who", "letter"), cells())
def test_every_cell_of_the_matrix_holds(action: str, who: str, letter: str) -> None:
    actor, relations = PEOPLE[who]

    verdict = decide(actor, Action(action), facts_for(actor, relations, a_thing(action)), NOW)

    assert LETTERS[verdict.outcome] == letter
    assert verdict.rule
    assert verdict.why.endswith(".")


ROLES = """
                 SW TM CH BS PR PO AD
home.view        A  A  A  A  A  A  A
search           A  A  R  R  F  S  F
child.search     A  A  R  R  F  S  F
child.create     A  A  F  A  F  F  F
incident.record  A  A  A  A  F  F  F
directory.view   A  A  A  A  F  A  A
directory.edit   F  A  F  A  F  F  A
account.edit     F  F  F  F  F  F  S
token.create     F  F  F  F  F  F  S
mail.review      F  F  F  A  F  S  F
mail.log         F  R  F  R  F  S  A
audit.verify     F  F  F  F  F  S  S
procedures.evaluate A A A A F F A
procedures.view  F  A  F  F  F  A  A
procedures.edit  F  F  F  F  F  F  A
procedures.publish F F F F F F S
child.view       A  A  A  A  A  S  F
meeting.view     A  A  A  A  A  S  F
action.list      A  A  A  A  A  S  F
incident.view    A  A  A  A  A  S  F
judgement.view   A  A  A  A  F  S  F
child.edit       F  F  F  F  F  F  F
meeting.create   F  F  F  F  F  F  F
plan.edit        F  F  F  F  F  F  F
"""
COLUMNS = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.CHAIR,
    Role.BUSINESS_SUPPORT,
    Role.PROFESSIONAL,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
)


@pytest.mark.parametrize("line", ROLES.strip("\n").splitlines()[1:])
def test_a_door_about_no_child_follows_the_role_alone(line: str) -> None:
    action, *letters = line.split()

    answers = [decide(an_actor(role), Action(action), None, NOW) for role in COLUMNS]

    assert [LETTERS[answer.outcome] for answer in answers] == letters


def test_every_permission_is_in_a_table_or_open_to_everybody() -> None:
    named = set(BY_STANDING) | set(BY_ROLE) | set(LISTS)

    assert set(Action) - named == {Action.OPEN, Action.LINK}


@pytest.mark.parametrize("action", [Action.OPEN, Action.LINK])
def test_open_doors_let_everybody_in(action: Action) -> None:
    nobody = Actor(account_id=None, name="nobody")

    assert decide(nobody, action, None, NOW).outcome is Outcome.ALLOW


def test_nobody_known_is_told_to_sign_in() -> None:
    nobody = Actor(account_id=None, name="nobody")

    verdict = decide(nobody, Action.HOME_VIEW, None, NOW)

    assert (verdict.outcome, verdict.rule) == (Outcome.DENY, "sign-in")


def test_an_account_without_a_role_may_do_nothing() -> None:
    verdict = decide(an_actor(), Action.HOME_VIEW, None, NOW)

    assert verdict.outcome is Outcome.DENY


def test_the_service_itself_may_act() -> None:
    verdict = decide(Actor.system("chase"), Action.PLAN_EDIT, None, NOW)

    assert verdict.outcome is Outcome.ALLOW


@pytest.mark.parametrize(("owner", "letter"), [(ME, "A"), (SOMEBODY, "D"), (None, "D")])
@pytest.mark.parametrize("who", ["AO", "XP"])
def test_an_owner_updates_only_an_action_of_their_own(
    who: str, owner: UUID | None, letter: str
) -> None:
    actor, relations = PEOPLE[who]
    action = Resource(kind="action", child_id=CHILD, owner_account_id=owner)

    verdict = decide(actor, Action.ACTION_UPDATE, facts_for(actor, relations, action), NOW)

    assert LETTERS[verdict.outcome] == letter


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_adds_to_an_incident_that_they_may_not_read(who: str) -> None:
    actor, relations = PEOPLE[who]
    facts = facts_for(actor, relations, a_thing("incident.record"))

    may_read = decide(actor, Action.INCIDENT_VIEW, facts, NOW)
    may_add = decide(actor, Action.INCIDENT_RECORD, facts, NOW)

    assert may_read.is_allowed or not may_add.is_allowed


def test_a_professional_sees_the_incident_they_recorded_and_no_other() -> None:
    actor = an_actor(Role.PROFESSIONAL)
    relations = (a_relation(RelationKind.RECORDED_INCIDENT),)
    own = Resource(kind="incident", child_id=CHILD, owner_account_id=ME)
    other = Resource(kind="incident", child_id=CHILD, owner_account_id=SOMEBODY)

    answers = [
        decide(actor, Action.INCIDENT_VIEW, ResourceFacts(thing, relations), NOW).outcome
        for thing in (own, other)
    ]

    assert answers == [Outcome.ALLOW, Outcome.HIDE]


@pytest.mark.parametrize(
    ("starts", "ends", "is_open"),
    [
        (timedelta(0), None, True),
        (timedelta(seconds=1), None, False),
        (timedelta(days=-2), timedelta(seconds=1), True),
        (timedelta(days=-2), timedelta(0), False),
        (timedelta(days=-2), timedelta(days=-1), False),
    ],
)
def test_a_relation_opens_the_record_inside_its_window_only(
    starts: timedelta, ends: timedelta | None, is_open: bool
) -> None:
    window = Relation(RelationKind.ALLOCATED, NOW + starts, None if ends is None else NOW + ends)
    facts = ResourceFacts(Resource(kind="child", child_id=CHILD), (window,))

    verdict = decide(an_actor(Role.SOCIAL_WORKER), Action.CHILD_VIEW, facts, NOW)

    assert verdict.is_allowed is is_open


def test_an_invitation_opens_no_other_meeting_of_the_child() -> None:
    actor, relations = PEOPLE["XP"]
    other = Resource(kind="meeting", child_id=CHILD, meeting_id=OTHER_MEETING)

    verdict = decide(actor, Action.MEETING_VIEW, ResourceFacts(other, relations), NOW)

    assert verdict.outcome is Outcome.HIDE


@pytest.mark.parametrize(
    ("action", "letter"),
    [("meeting.view", "A"), ("record.read", "A"), ("meeting.move", "F"), ("record.approve", "F")],
)
def test_a_chair_reads_the_childs_other_meetings_but_does_not_run_them(
    action: str, letter: str
) -> None:
    actor, relations = PEOPLE["CH"]
    other = Resource(kind="meeting", child_id=CHILD, meeting_id=OTHER_MEETING)

    verdict = decide(actor, Action(action), ResourceFacts(other, relations), NOW)

    assert LETTERS[verdict.outcome] == letter


@pytest.mark.parametrize(
    ("kind", "action", "letter"),
    [
        ("incident", "incident.view", "A"),
        ("incident", "incident.link", "A"),
        ("judgement", "judgement.view", "A"),
        ("meeting", "meeting.log_call", "A"),
        ("meeting", "meeting.move", "F"),
        ("child", "child.view", "D"),
        ("plan", "plan.view", "D"),
    ],
)
def test_the_team_that_recorded_it_works_on_it_without_opening_the_child(
    kind: str, action: str, letter: str
) -> None:
    actor = an_actor(Role.SOCIAL_WORKER, team_ids=frozenset({OTHER_TEAM}))
    thing = Resource(kind=kind, child_id=CHILD, team_id=OTHER_TEAM)

    verdict = decide(actor, Action(action), ResourceFacts(thing), NOW)

    assert LETTERS[verdict.outcome] == letter


def test_the_manager_of_the_recording_team_confirms_that_no_meeting_is_held() -> None:
    actor = an_actor(
        Role.TEAM_MANAGER,
        team_ids=frozenset({OTHER_TEAM}),
        managed_team_ids=frozenset({OTHER_TEAM}),
        confirmed_at=NOW,
    )
    thing = Resource(kind="judgement", child_id=CHILD, team_id=OTHER_TEAM)

    verdict = decide(actor, Action.JUDGEMENT_CONFIRM_NONE, ResourceFacts(thing), NOW)

    assert verdict.outcome is Outcome.ALLOW


@pytest.mark.parametrize(
    ("ago", "outcome"),
    [
        (None, Outcome.STEP_UP),
        (timedelta(minutes=10), Outcome.ALLOW),
        (timedelta(minutes=10, seconds=1), Outcome.STEP_UP),
    ],
)
def test_the_password_asked_again_counts_for_ten_minutes(
    ago: timedelta | None, outcome: Outcome
) -> None:
    actor = an_actor(Role.ADMINISTRATOR, confirmed_at=None if ago is None else NOW - ago)

    assert decide(actor, Action.ACCOUNT_EDIT, None, NOW).outcome is outcome


@pytest.mark.parametrize("kind", list(RelationKind))
def test_an_administrator_reads_no_record_whatever_the_relation(kind: RelationKind) -> None:
    facts = ResourceFacts(Resource(kind="child", child_id=CHILD), (a_relation(kind),))

    verdict = decide(an_actor(Role.ADMINISTRATOR), Action.CHILD_VIEW, facts, NOW)

    assert verdict.outcome is Outcome.HIDE


def test_ones_own_record_and_a_restricted_record_are_hidden_even_from_the_worker() -> None:
    actor, relations = PEOPLE["SW"]
    thing = Resource(kind="child", child_id=CHILD)

    own = ResourceFacts(thing, relations, is_own_record=True)
    restricted = ResourceFacts(thing, relations, is_restricted=True)
    named = ResourceFacts(thing, relations, is_restricted=True, is_on_allow_list=True)
    answers = [decide(actor, Action.CHILD_VIEW, each, NOW) for each in (own, restricted, named)]

    assert [LETTERS[each.outcome] for each in answers] == ["D", "D", "A"]


@pytest.mark.parametrize("action", list(BY_STANDING))
def test_an_unrelated_child_answers_like_one_that_does_not_exist(action: Action) -> None:
    actor, _ = PEOPLE["OT"]
    unrelated = decide(actor, action, ResourceFacts(Resource("child", child_id=CHILD)), NOW)
    absent = decide(actor, action, ResourceFacts(Resource("child")), NOW)

    assert unrelated == absent


RELATIONS = st.lists(
    st.builds(
        Relation,
        kind=st.sampled_from(RelationKind),
        valid_from_at=st.just(NOW - timedelta(days=1)),
        valid_to_at=st.sampled_from([None, NOW + timedelta(days=1), NOW - timedelta(hours=1)]),
        meeting_id=st.sampled_from([None, MEETING, OTHER_MEETING]),
    ),
    max_size=4,
).map(tuple)
ROLE_SETS = st.frozensets(st.sampled_from(Role))


@given(
    roles=ROLE_SETS,
    added=st.sampled_from(Role),
    relations=RELATIONS,
    action=st.sampled_from(list(BY_STANDING)),
)
def test_a_role_more_never_takes_an_allowance_away(
    roles: frozenset[Role], added: Role, relations: tuple[Relation, ...], action: Action
) -> None:
    facts = ResourceFacts(a_thing(action), relations)
    before = decide(an_actor(*roles), action, facts, NOW)

    after = decide(an_actor(*roles, added), action, facts, NOW)

    assert after.is_allowed or not before.is_allowed


@given(
    roles=ROLE_SETS.filter(lambda roles: Role.PRIVACY_OFFICER not in roles),
    relations=RELATIONS,
    action=st.sampled_from([each for each in BY_STANDING if each != Action.INCIDENT_RECORD]),
)
def test_closing_every_window_closes_every_door(
    roles: frozenset[Role], relations: tuple[Relation, ...], action: Action
) -> None:
    closed = tuple(Relation(each.kind, each.valid_from_at, NOW) for each in relations)

    verdict = decide(an_actor(*roles), action, ResourceFacts(a_thing(action), closed), NOW)

    assert verdict.outcome is Outcome.HIDE


@given(roles=ROLE_SETS, relations=RELATIONS, teams=st.frozensets(st.sampled_from([TEAM])))
def test_a_lists_scope_opens_exactly_what_viewing_one_by_one_opens(
    roles: frozenset[Role], relations: tuple[Relation, ...], teams: frozenset[UUID]
) -> None:
    actor = an_actor(*roles, team_ids=teams)
    facts = facts_for(actor, relations, Resource(kind="child", child_id=CHILD))

    one_by_one = decide(actor, Action.CHILD_VIEW, facts, NOW).is_allowed
    found = scope(actor, Action.CHILD_VIEW, NOW)

    by_list = (
        found.is_everything
        or TEAM in found.team_ids
        or any(each.kind in found.kinds and each.holds_at(NOW) for each in relations)
    )
    assert by_list is one_by_one


@pytest.mark.parametrize(
    ("role", "is_duty", "finds"),
    [
        (Role.SOCIAL_WORKER, True, True),
        (Role.SOCIAL_WORKER, False, False),
        (Role.TEAM_MANAGER, True, True),
        (Role.PROFESSIONAL, True, False),
        (Role.ADMINISTRATOR, True, False),
    ],
)
def test_only_a_duty_account_of_the_staff_finds_every_child(
    role: Role, is_duty: bool, finds: bool
) -> None:
    assert may_find_every_child(an_actor(role, is_duty=is_duty)) is finds


def test_the_kindest_of_two_standings_counts() -> None:
    relations = (a_relation(RelationKind.INVITED), a_relation(RelationKind.ALLOCATED))
    facts = ResourceFacts(Resource(kind="child", child_id=CHILD), relations)

    answers = {
        decide(
            an_actor(Role.SOCIAL_WORKER),
            Action.CHILD_VIEW,
            ResourceFacts(facts.resource, pair),
            NOW,
        ).outcome
        for pair in ((*relations,), (*reversed(relations),))
    }

    assert answers == {Outcome.ALLOW}
