"""A fictional partnership around one child, incidents and meetings, made by the real services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from core import clock
from meetings.choices import Answers, Choice, HeldNow, PartGiven, ScoreGiven, TookPart
from meetings.models.incidents import Involvement, Judgement
from meetings.models.meetings import Meeting
from meetings.service import convening, holding_now, incidents, judging, seats
from notifications.terms import Letterhead
from people.models.accounts import Account
from people.models.agencies import Agency, Team
from people.models.children import Child
from people.terms import Actor, ConnectionKind, Role, TriState
from procedures.service import packs
from tests.factories.mail import LETTERHEAD
from tests.factories.people import (
    FRIDAY,
    actor_of,
    make_account,
    make_agency,
    make_child,
    make_connection,
    make_mailbox,
    make_professional,
    make_team,
)

# Agency kinds, with the roles of the shipped pack whose mailboxes they keep.
_DIRECTORY = {
    "police": ("police_safeguarding", "police_investigating", "safer_schools_officer"),
    "health": ("safeguarding_nurse", "school_nurse"),
    "hospital": ("hospital_safeguarding_lead", "violence_navigator"),
    "icb": ("named_gp", "icb_safeguarding_team"),
    "education": ("education_safeguarding", "virtual_school_head", "special_needs_officer"),
    "youth_justice": ("youth_justice_duty",),
    "voluntary": ("exploitation_specialist",),
}


@dataclass(slots=True)
class World:
    """A partnership with one team, its people, the usual mailboxes, a school and a practice."""

    social_care: Agency
    team: Team
    duty: Account
    manager: Account
    chair: Account
    worker: Account
    school: Agency
    practice: Agency
    agencies: dict[str, Agency] = field(default_factory=dict)
    now: datetime = FRIDAY

    @property
    def actor(self) -> Actor:
        """The duty social worker, who records and convenes."""
        return actor_of(self.duty)

    @property
    def managing(self) -> Actor:
        """The team manager, whose password was just asked again."""
        return actor_of(self.manager, confirmed_at=self.now)


def make_world(*, now: datetime = FRIDAY, without: tuple[str, ...] = ()) -> World:
    """Make the partnership; kinds of agency in ``without`` have no mailbox at all."""
    packs.ensure_default(now)
    care = make_agency(name="Northshire children's social care", now=now)
    team = make_team(agency=care, name="Duty and assessment", role="duty_team", now=now)
    duty = make_account(name="Sam Okoro", team=team, agency=care, is_duty=True, now=now)
    manager = make_account(
        name="Priya Shah", roles=(Role.TEAM_MANAGER,), team=team, agency=care, is_manager=True,
        now=now,
    )  # fmt: skip
    chair = make_account(name="Ruth Bell", roles=(Role.CHAIR,), agency=care, now=now)
    worker = make_account(name="Leila Haddad", team=team, agency=care, now=now)
    make_professional(
        agency=care, role="allocated_social_worker", name=worker.name, account=worker,
        email=worker.email, now=now,
    )  # fmt: skip
    make_professional(
        agency=care, role="team_manager", name=manager.name, account=manager,
        email=manager.email, now=now,
    )  # fmt: skip
    world = World(care, team, duty, manager, chair, worker, care, care, now=now)
    for kind, roles in _DIRECTORY.items():
        agency = make_agency(name=f"Northshire {kind.replace('_', ' ')}", kind=kind, now=now)
        world.agencies[kind] = agency
        for role in roles:
            if kind not in without:
                make_mailbox(agency=agency, role=role, now=now)
    world.school = make_agency(name="Northmere Academy", kind="school", now=now)
    make_mailbox(agency=world.school, role="designated_safeguarding_lead", now=now)
    world.practice = make_agency(name="Park Road Surgery", kind="gp", now=now)
    make_mailbox(agency=world.practice, role="gp_safeguarding_lead", now=now)
    return world


def make_known_child(world: World, **given: Any) -> Child:
    """Make a child of the team, with a school, a practice and an allocated worker."""
    given = {"team": world.team, "worker": world.worker, "now": world.now} | given
    child = make_child(**given)
    make_connection(child=child, agency=world.school, now=world.now)
    make_connection(child=child, kind=ConnectionKind.GP, agency=world.practice, now=world.now)
    return child


def part_of(child: Child, **given: Any) -> PartGiven:
    """Return a child's part: stabbed half an hour ago, and safe now, unless given otherwise."""
    values: dict[str, Any] = {
        "child_ref": child.ref,
        "part": "harmed",
        "kind": "knife",
        "happened_at": given.pop("now", FRIDAY) - timedelta(minutes=30),
        "narrative": f"What happened to {child.given_name}.",
        "safe_now": TriState.YES,
    }
    return PartGiven(**(values | given))


def make_involvement(
    world: World, child: Child, *, now: datetime | None = None, **given: Any
) -> Involvement:
    """Record an incident with one child and judge it."""
    at = now or world.now
    part = part_of(child, now=at, **given)
    return incidents.report([part], actor=world.actor, letterhead=LETTERHEAD, now=at)[0]


def judgement_of(involvement: Involvement) -> Judgement:
    """Return the judgement that counts."""
    found = judging.standing(involvement.id)
    assert found is not None
    return found


def choice_for(world: World, starts_at: datetime, **given: Any) -> Choice:
    """Return a choice of this start, chaired by the chair, for an hour by video."""
    here = clock.london(starts_at)
    values: dict[str, Any] = {
        "on": here.date(),
        "at": here.time().replace(tzinfo=None),
        "minutes": 60,
        "chair_id": world.chair.id,
        "joining": "https://meet.northshire.example/room",
    }
    return Choice(**(values | given))


def london(on: date, hour: int, minute: int = 0) -> datetime:
    """Return the instant of a London date and time."""
    return clock.wall(on, time(hour, minute))


def make_meeting(
    world: World | None = None,
    child: Child | None = None,
    *,
    now: datetime = FRIDAY,
    starts_at: datetime | None = None,
    letterhead: Letterhead = LETTERHEAD,
    involvement: Involvement | None = None,
    **given: Any,
) -> Meeting:
    """Convene a meeting after an incident: Monday at 9:30 after the Friday, unless given."""
    world = world or make_world(now=now)
    if involvement is None:
        child = child or make_known_child(world)
        involvement = make_involvement(world, child, now=now)
    judgement = judgement_of(involvement)
    if starts_at is None:
        assert judgement.deadline_on is not None
        starts_at = london(judgement.deadline_on, 9, 30)
    return convening.convene(
        judgement,
        choice_for(world, starts_at, **given),
        actor=world.actor,
        letterhead=letterhead,
        now=now,
    )


def make_held_now(
    world: World,
    involvement: Involvement,
    *,
    kinds: tuple[str, ...] = ("social_care", "police", "health"),
    now: datetime | None = None,
    started_at: datetime | None = None,
    why: str = "",
) -> Meeting:
    """Hold a discussion by telephone in which these kinds of agency take part."""
    at = now or world.now
    judgement = judgement_of(involvement)
    assert judgement.meeting_type is not None
    pack = packs.of(judgement.pack_version_id)[1]
    found = seats.for_meeting(involvement, judgement.meeting_type, pack=pack, starts_at=at, now=at)
    took_part = tuple(
        TookPart(seat=seats.seat_key(invitee.slot), name="Alex Moor")
        for invitee in found.invitees
        if invitee.agency_kind in kinds
    )
    held = HeldNow(chair_id=world.chair.id, started_at=started_at, took_part=took_part, why=why)
    return holding_now.hold_now(judgement, held, actor=world.actor, letterhead=LETTERHEAD, now=at)


def a_score(value: int = 6, **given: Any) -> ScoreGiven:
    """Return a Youth Justice Board score."""
    values: dict[str, Any] = {
        "scale": "yjb_seriousness",
        "scale_version": "2024",
        "value": value,
        "scored_by": "Youth justice",
        "scored_on": FRIDAY.date(),
    }
    return ScoreGiven(**(values | given))


def answers(**given: TriState) -> Answers:
    """Return answers; what is not given is not known."""
    return Answers(**given)
