"""A child with a team, a lead, a chair and an agency that owns actions; all names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from core.db import session
from core.ids import new_reference
from notifications.terms import Letterhead
from people.models.accounts import Account, AccountRole
from people.models.agencies import Agency, Professional, Team
from people.models.children import Child
from people.models.relations import RelationRow
from people.terms import Actor, RelationKind, Role
from plans.models import Action, Plan
from plans.service import actions
from plans.service import plans as plan_service
from plans.service.chasing import Standard
from plans.terms import ActionKind, AgreedAt, ProposedAction
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

    def actor(self, account: Account) -> Actor:
        """Return the account as somebody who acts."""
        return actor_of(account)


def actor_of(account: Account) -> Actor:
    """Return an account as somebody who acts."""
    return Actor(
        account_id=account.id,
        name=account.name,
        roles=frozenset({Role.SOCIAL_WORKER, Role.CHAIR}),
        agency_id=account.agency_id,
    )


def make_account(name: str, agency: Agency, *roles: Role, at: datetime = START) -> Account:
    """Add an account whose address follows from its name."""
    account = Account(
        email=f"{name.lower().replace(' ', '.')}@care.example",
        name=name,
        password_hash="unusable",
        agency_id=agency.id,
        telephone="01632 960111",
        is_duty=False,
        is_disabled=False,
        created_at=at,
    )
    session.add(account)
    session.flush()
    session.add_all(AccountRole(account_id=account.id, role=role) for role in roles)
    session.flush()
    return account


def make_child(
    team: Team, *, family_name: str = "Marlowe", at: datetime = START, worker: Account | None = None
) -> Child:
    """Add a child of a team."""
    child = Child(
        ref=new_reference("C"),
        given_name="Kit",
        family_name=family_name,
        born_on=date(2012, 5, 4),
        team_id=team.id,
        allocated_to_id=worker.id if worker else None,
        search_key=f"kit {family_name.lower()}",
        created_at=at,
    )
    session.add(child)
    session.flush()
    return child


def make_world(*, at: datetime = START) -> World:
    """Add a child with a lead, a chair, a team and a health agency that owns actions."""
    social_care = Agency(
        name="Northshire children's social care",
        kind="social_care",
        telephone="01632 960100",
        manager_name="Robin Vale",
        manager_email="robin.vale@care.example",
        lead_name="Ira Stone",
        lead_email="ira.stone@care.example",
    )
    health = Agency(
        name="Northshire CAMHS",
        kind="health",
        telephone="01632 960200",
        manager_name="Mo Field",
        manager_email="manager@camhs.example",
        lead_name="Lou Marsh",
        lead_email="lead@camhs.example",
    )
    session.add_all([social_care, health])
    session.flush()
    team = Team(
        agency_id=social_care.id,
        name="Assessment team north",
        mail_name="Northshire team 4",
        telephone="01632 960110",
        is_out_of_hours=False,
    )
    session.add(team)
    session.flush()
    lead = make_account("Sam Okoro", social_care, Role.SOCIAL_WORKER, at=at)
    chair = make_account("Jo Brandt", social_care, Role.CHAIR, at=at)
    stranger = make_account("Alex Reed", social_care, Role.SOCIAL_WORKER, at=at)
    child = make_child(team, at=at, worker=lead)
    for account, kind in ((lead, RelationKind.ALLOCATED), (chair, RelationKind.CHAIR)):
        session.add(
            RelationRow(
                account_id=account.id, child_id=child.id, kind=kind, valid_from_at=at, why="test"
            )
        )
    session.flush()
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
    professional = Professional(
        agency_id=agency.id, name=name, role="practitioner", email=email, left_on=left_on
    )
    session.add(professional)
    session.flush()
    return professional
