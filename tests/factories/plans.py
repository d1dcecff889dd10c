"""A child with a team, a lead, a chair and an agency that owns actions; all names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from notifications.terms import Letterhead
from people.models.accounts import Account
from people.models.agencies import Agency, Professional, Team
from people.models.children import Child
from people.terms import RelationKind, Role
from plans.models import Action, Plan
from plans.service import actions
from plans.service import plans as plan_service
from plans.service.chasing import Standard
from plans.terms import ActionKind, AgreedAt, ProposedAction
from tests.factories import people
from tests.factories.people import actor_of
from tests.rules.plans.ladders import CALENDAR, LADDER

# Monday 1 March 2027 at 9:00 in London.
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
STANDARD = Standard(LADDER, CALENDAR)
LETTERHEAD = Letterhead(
    domain="meetings.confer.example",
    from_name="Safeguarding meetings",
    partnership="Northshire Safeguarding Children Partnership",
    base_url="http://confer.example",
)


@dataclass(frozen=True, slots=True)
class World:
    """Everybody around one child."""

    child: Child
    team: Team
    social_care: Agency
    health: Agency
    lead: Account
    chair: Account
    stranger: Account


def make_world(*, at: datetime = START) -> World:
    """Add a child with a lead, a chair, a team and a health agency that owns actions."""
    social_care = people.make_agency(
        name="Northshire children's social care",
        manager_name="Robin Vale",
        manager_email="robin.vale@care.example",
        lead_name="Ira Stone",
        lead_email="ira.stone@care.example",
        now=at,
    )
    health = people.make_agency(
        name="Northshire CAMHS",
        kind="health",
        manager_name="Mo Field",
        manager_email="manager@camhs.example",
        lead_name="Lou Marsh",
        lead_email="lead@camhs.example",
        now=at,
    )
    team = people.make_team(agency=social_care, mail_name="Northshire team 4", now=at)
    lead, chair, stranger = (
        people.make_account(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@care.example",
            roles=(role,),
            agency=social_care,
            now=at,
        )
        for name, role in (
            ("Sam Okoro", Role.SOCIAL_WORKER),
            ("Jo Brandt", Role.CHAIR),
            ("Alex Reed", Role.SOCIAL_WORKER),
        )
    )
    child = people.make_child(
        given_name="Kit", family_name="Marlowe", team=team, worker=lead, now=at
    )
    people.make_relation(account=chair, child=child, kind=RelationKind.CHAIR, now=at)
    return World(child, team, social_care, health, lead, chair, stranger)


def make_plan(world: World, *, at: datetime = START) -> Plan:
    """Open the child's plan."""
    return plan_service.open_plan(world.child.id, actor=actor_of(world.lead), now=at)


def agreed_at(world: World, *, meeting_id: UUID | None = None) -> AgreedAt:
    """Return a meeting chaired by the world's chair."""
    return AgreedAt(
        meeting_id=meeting_id or uuid4(),
        meeting_ref="M-7F3K9Q",
        chair_account_id=world.chair.id,
        chair_name=world.chair.name,
        chair_email=world.chair.email,
    )


def proposal(world: World, **changes: object) -> ProposedAction:
    """Return an action of the health agency, due Thursday 25 March 2027."""
    whole: dict[str, object] = {
        "what": "Offer a first appointment",
        "kind": ActionKind.SUPPORT,
        "agency_id": world.health.id,
        "due_on": date(2027, 3, 25),
        "owner_name": "Noor Amadi",
        "owner_email": "noor.amadi@camhs.example",
        "source_id": uuid4(),
    }
    return ProposedAction(**{**whole, **changes})  # type: ignore[arg-type]


def make_action(world: World, *, at: datetime = START, **changes: object) -> Action:
    """Adopt one action from a meeting; the plan is opened with it."""
    adopted = actions.adopt(
        world.child.id,
        [proposal(world, **changes)],
        agreed_at=agreed_at(world),
        letterhead=LETTERHEAD,
        actor=actor_of(world.chair),
        now=at,
    )
    return adopted.actions[0]


def make_professional(
    agency: Agency, name: str, email: str, *, left_on: date | None = None
) -> Professional:
    """Add a person to the directory."""
    return people.make_professional(
        agency=agency, role="practitioner", name=name, email=email, left_on=left_on, now=START
    )
