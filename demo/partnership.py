"""The fictional partnership: agencies, role mailboxes, schools, practices, teams and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from core import clock
from people.details import (
    AccountDetails,
    AgencyDetails,
    ClosureDetails,
    MailboxDetails,
    ProfessionalDetails,
    TeamDetails,
)
from people.models.accounts import Account
from people.models.agencies import Agency, Professional, Team
from people.service import accounts, agencies, teams
from people.terms import Actor, Role

PASSWORD = "a-quiet-harbour-26"  # noqa: S105 - shown on the demo's sign-in page
BUILDER = Actor.system("demo builder")
_NINE, _FIVE = time(9), time(17)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account named on the demo's sign-in page."""

    key: str
    name: str
    what: str
    roles: frozenset[Role]
    agency: str
    team: str | None = None
    is_manager: bool = False
    is_duty: bool = False

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name.lower().replace(' ', '.')}@northshire.example"


ACCOUNTS = (
    DemoAccount("duty", "Sam Okoro", "Duty social worker", frozenset({Role.SOCIAL_WORKER}),
                "social_care", "duty", is_duty=True),
    DemoAccount("manager", "Priya Shah", "Team manager", frozenset({Role.TEAM_MANAGER}),
                "social_care", "duty", is_manager=True, is_duty=True),
    DemoAccount("chair", "Helen Marsh", "Chair", frozenset({Role.CHAIR}), "social_care"),
    DemoAccount("worker", "Maya Brooks", "Allocated social worker",
                frozenset({Role.SOCIAL_WORKER}), "social_care", "east"),
    DemoAccount("east_manager", "Owen Pryce", "Team manager, east",
                frozenset({Role.TEAM_MANAGER}), "social_care", "east", is_manager=True),
    DemoAccount("support", "Tom Birch", "Business support", frozenset({Role.BUSINESS_SUPPORT}),
                "social_care", "duty"),
    DemoAccount("youth_justice", "Jo Lane", "Youth justice officer",
                frozenset({Role.PROFESSIONAL}), "youth_justice"),
    DemoAccount("privacy", "Asha Green", "Privacy officer", frozenset({Role.PRIVACY_OFFICER}),
                "social_care"),
    DemoAccount("administrator", "Lee Hart", "Administrator", frozenset({Role.ADMINISTRATOR}),
                "social_care"),
    DemoAccount("second_administrator", "Nadia Cole", "Second administrator, who publishes rules",
                frozenset({Role.ADMINISTRATOR}), "social_care"),
)  # fmt: skip

# key, name, kind, mail domain, telephone's last digits; the domain decides who gets a code by mail
_AGENCIES = (
    ("social_care", "Northshire Children’s Social Care", "social_care", "northshire.example", "10"),
    ("police", "Northshire Police", "police", "northshire.police.example", "20"),
    ("health", "Northshire Community Health Trust", "health", "northshire-health.example", "30"),
    ("hospital", "Northshire General Hospital", "hospital", "northshire-general.example", "40"),
    ("icb", "Northshire Integrated Care Board", "icb", "northshire-icb.example", "45"),
    ("camhs", "Northshire Child and Adolescent Mental Health", "mental_health",
     "northshire-health.example", "48"),
    ("education", "Northshire Council Education", "education", "northshire.example", "50"),
    ("youth_justice", "Northshire Youth Justice Service", "youth_justice",
     "northshire.example", "60"),
    ("housing", "Northshire Housing Options", "housing", "northshire.example", "65"),
    ("voluntary", "Harbour Young People’s Project", "voluntary", "harbour-project.example", "70"),
    ("northmere", "Northmere Academy", "school", "northmere.example", "80"),
    ("greenfield", "Greenfield School", "school", "greenfield.example", "81"),
    ("brannoc", "St Brannoc’s High School", "school", "brannoc.example", "82"),
    ("harbour_college", "Harbour College", "school", "harbour-college.example", "83"),
    ("park_road", "Park Road Surgery", "gp", "park-road.example", "90"),
    ("quayside", "Quayside Practice", "gp", "quayside.example", "91"),
    ("millbrook", "Millbrook Medical Centre", "gp", "millbrook.example", "92"),
    ("old_quay", "Old Quay School", "school", "old-quay.example", "84"),
)  # fmt: skip
_CLOSED = "old_quay"

_SECURE = ("northshire.example", "northshire.police.example", "northshire-health.example",
           "northshire-general.example", "northshire-icb.example", "park-road.example",
           "quayside.example")  # fmt: skip

# agency, role, label, local part; hours are 9 to 5 unless marked
_MAILBOXES = (
    ("social_care", "duty_team", "Duty team", "duty"),
    ("social_care", "head_of_service", "Head of service", "head.of.service"),
    ("social_care", "conference_service", "Conference service", "conferences"),
    ("social_care", "exploitation_team", "Exploitation team", "exploitation"),
    ("police", "police_safeguarding", "Child protection desk", "child.protection"),
    ("police", "police_investigating", "Violent crime team", "violent.crime"),
    ("police", "police_exploitation", "Exploitation desk", "exploitation"),
    ("police", "safer_schools_officer", "Safer-schools officers", "safer.schools"),
    ("police", "police_referral_unit", "Referral unit", "referrals"),
    ("health", "safeguarding_nurse", "Safeguarding nurse on duty", "safeguarding.nurse"),
    ("health", "named_nurse", "Named nurse", "named.nurse"),
    ("health", "school_nurse", "School nursing, 0 to 19", "school.nursing"),
    ("health", "school_nurse_duty", "0 to 19 duty line", "duty.0to19"),
    ("hospital", "hospital_safeguarding_lead", "Hospital safeguarding lead", "safeguarding.lead"),
    ("hospital", "violence_navigator", "Violence navigator", "navigator"),
    ("hospital", "hospital_safeguarding_team", "Hospital safeguarding team", "safeguarding"),
    ("icb", "designated_nurse", "Designated nurse", "designated.nurse"),
    ("icb", "named_gp", "Named GP", "named.gp"),
    ("icb", "icb_safeguarding_team", "Safeguarding team", "safeguarding"),
    ("education", "education_safeguarding", "Education safeguarding duty", "edu.safeguarding"),
    ("education", "virtual_school_head", "Virtual school head", "virtual.school"),
    ("education", "education_welfare_duty", "Education welfare duty", "welfare.duty"),
    ("education", "special_needs_team", "SEN team", "sen.team"),
    ("youth_justice", "youth_justice_duty", "Duty manager", "yjs.duty"),
    ("voluntary", "exploitation_specialist", "Exploitation worker", "exploitation"),
    *((school, role, label, local)
      for school in ("northmere", "greenfield", "brannoc", "harbour_college")
      for role, label, local in (
          ("designated_safeguarding_lead", "Designated safeguarding lead", "dsl"),
          ("school_safeguarding_mailbox", "Safeguarding mailbox", "safeguarding"))),
    *((practice, "practice_safeguarding_mailbox", "Safeguarding mailbox", "safeguarding")
      for practice in ("park_road", "quayside", "millbrook")),
)  # fmt: skip

# key, agency, name, role, local part, account; a mailbox that is gone shows what a refusal does
_PROFESSIONALS = (
    ("duty", "social_care", "Sam Okoro", "allocated_social_worker", "sam.okoro", "duty"),
    ("worker", "social_care", "Maya Brooks", "allocated_social_worker", "maya.brooks", "worker"),
    ("manager", "social_care", "Priya Shah", "team_manager", "priya.shah", "manager"),
    ("east_manager", "social_care", "Owen Pryce", "team_manager", "owen.pryce", "east_manager"),
    ("chair", "social_care", "Helen Marsh", "conference_chair", "helen.marsh", "chair"),
    ("youth_justice", "youth_justice", "Jo Lane", "youth_justice_case_manager", "jo.lane",
     "youth_justice"),
    ("named_nurse", "health", "Imelda Cross", "named_nurse", "imelda.cross", None),
    ("northmere_lead", "northmere", "Ruth Salter", "designated_safeguarding_lead", "ruth.salter",
     None),
    ("brannoc_lead", "brannoc", "Daniel Okonjo", "designated_safeguarding_lead", "daniel.okonjo",
     None),
    ("park_road_lead", "park_road", "Dr Anil Mehta", "gp_safeguarding_lead", "anil.mehta", None),
    ("quayside_lead", "quayside", "Dr Catrin Vaughan", "gp_safeguarding_lead", "catrin.vaughan",
     None),
    ("millbrook_lead", "millbrook", "Dr Peter Lowe", "gp_safeguarding_lead", "gone.peter.lowe",
     None),
)  # fmt: skip

_NIGHT_AND_DAY = {"police_referral_unit", "violence_navigator"}


@dataclass(frozen=True, slots=True)
class Partnership:
    """What was built, by the keys of the tables above."""

    agencies: dict[str, Agency]
    teams: dict[str, Team]
    accounts: dict[str, Account]
    professionals: dict[str, Professional]


def build(now: datetime) -> Partnership:
    """Record the agencies, their mailboxes and closed weeks, the teams, people and accounts.

    Args:
        now: when all this was recorded: well before the demo begins.
    """
    made = {key: _agency(key, *row, now=now) for key, *row in _AGENCIES}
    domains = {key: domain for key, _, _, domain, _ in _AGENCIES}
    ends = {key: tail for key, _, _, _, tail in _AGENCIES}
    for domain in _SECURE:
        agencies.mark_secure(domain, actor=BUILDER, now=now)
    for number, (key, role, label, local) in enumerate(_MAILBOXES):
        always = role in _NIGHT_AND_DAY
        agencies.record_mailbox(
            made[key],
            MailboxDetails(
                role=role,
                label=label,
                email=f"{local}@{domains[key]}",
                telephone=f"01632 960{int(ends[key]):03d}" if number % 7 else None,
                opens=None if always else _NINE,
                closes=None if always else _FIVE,
            ),
            actor=BUILDER,
            now=now,
        )
    for key in ("northmere", "greenfield", "brannoc", "harbour_college"):
        for closure in _school_holidays(now):
            agencies.close_weeks(made[key], closure, actor=BUILDER, now=now)
    staffed = _teams(made["social_care"], now)
    signing_in = _accounts(made, staffed, now)
    named = {
        key: agencies.record_professional(
            made[agency],
            ProfessionalDetails(
                name=name,
                role=role,
                email=f"{local}@{domains[agency]}",
                telephone=f"01632 960{200 + number}",
                account_id=signing_in[account].id if account else None,
            ),
            actor=BUILDER,
            now=now,
        )
        for number, (key, agency, name, role, local, account) in enumerate(_PROFESSIONALS)
    }
    return Partnership(made, staffed, signing_in, named)


def _agency(key: str, name: str, kind: str, domain: str, tail: str, *, now: datetime) -> Agency:
    return agencies.record_agency(
        AgencyDetails(
            name=name,
            kind=kind,
            telephone=f"01632 960{int(tail):03d}",
            mail_name=name if kind in ("social_care", "police", "health") else None,
            manager_name=f"Manager of {name}",
            manager_email=f"manager@{domain}" if kind != "social_care" else f"managers@{domain}",
            lead_name=f"Safeguarding lead of {name}",
            lead_email=f"safeguarding.lead.{key.replace('_', '-')}@{domain}",
            local_authority="Northshire",
            closed_on=clock.today(now) if key == _CLOSED else None,
        ),
        actor=BUILDER,
        now=now,
    )


def _school_holidays(now: datetime) -> tuple[ClosureDetails, ...]:
    """Two weeks at Christmas and around Easter, and the summer, for three years."""
    closures = []
    for year in (now.year, now.year + 1, now.year + 2):
        closures += [
            ClosureDetails(date(year, 12, 21), date(year + 1, 1, 3), "Christmas holiday"),
            ClosureDetails(date(year, 3, 29), date(year, 4, 11), "Easter holiday"),
            ClosureDetails(date(year, 7, 24), date(year, 8, 31), "Summer holiday"),
        ]
    return tuple(closures)


def _teams(social_care: Agency, now: datetime) -> dict[str, Team]:
    return {
        key: teams.record_team(social_care, details, actor=BUILDER, now=now)
        for key, details in (
            ("duty", TeamDetails("Duty and Assessment Team", "Northshire Duty Team",
                                 "duty@northshire.example", "01632 960100", _NINE, _FIVE,
                                 joining="https://meet.northshire.example/duty")),
            ("east", TeamDetails("Safeguarding Team East", "Northshire East Team",
                                 "east@northshire.example", "01632 960110", _NINE, _FIVE,
                                 joining="https://meet.northshire.example/east")),
            ("night", TeamDetails("Emergency Duty Team", "Northshire Emergency Duty Team",
                                  "emergency.duty@northshire.example", "01632 960999",
                                  is_out_of_hours=True, role="emergency_duty_team")),
        )
    }  # fmt: skip


def _accounts(
    made: dict[str, Agency], staffed: dict[str, Team], now: datetime
) -> dict[str, Account]:
    found: dict[str, Account] = {}
    password_hash: str | None = None
    for number, demo in enumerate(ACCOUNTS):
        account = accounts.create(
            AccountDetails(
                email=demo.email,
                name=demo.name,
                roles=demo.roles,
                agency_id=made[demo.agency].id,
                telephone=f"01632 960{120 + number}",
                is_duty=demo.is_duty,
            ),
            actor=BUILDER,
            now=now,
            password=PASSWORD if password_hash is None else None,
        )
        if password_hash is None:
            password_hash = account.password_hash
        else:
            # One slow hash serves all: the password is on the sign-in page anyway.
            account.password_hash = password_hash
        if demo.team:
            teams.add_member(
                staffed[demo.team].id,
                account.id,
                actor=BUILDER,
                now=now,
                is_manager=demo.is_manager,
            )
        found[demo.key] = account
    return found
