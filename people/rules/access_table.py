"""The policy's tables: what each standing may do with a child's things, and each role without.

Cells: A allow, R allow with fields left out, S allow once the password was asked again,
O allow one's own only, F "you may not", D "there is no such thing".
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeVar

from people.terms import Action, RelationKind, Role


class Cell(StrEnum):
    """One cell of a table, by its letter."""

    ALLOW = "A"
    REDACT = "R"
    STEP_UP = "S"
    OWN = "O"
    DENY = "F"
    HIDE = "D"


class Standing(StrEnum):
    """How an actor stands towards a child or towards the thing asked about."""

    ALLOCATED = "allocated"
    LEAD = "lead"
    TEAM = "team"
    MANAGER = "manager"
    CHAIR = "chair"
    CHAIR_ELSEWHERE = "chair_elsewhere"
    SUPPORT = "support"
    CONVENOR = "convenor"
    RECORDER = "recorder"
    WORKING_TEAM = "working_team"
    INVITED = "invited"
    OWNER = "owner"
    PRIVACY = "privacy"


WHY: Final = {
    Standing.ALLOCATED: "You are the child's allocated worker.",
    Standing.LEAD: "You are the lead practitioner of the child's plan.",
    Standing.TEAM: "The child is allocated to your team.",
    Standing.MANAGER: "You manage the team.",
    Standing.CHAIR: "You chair a meeting about the child.",
    Standing.CHAIR_ELSEWHERE: "You chair another meeting about the child.",
    Standing.SUPPORT: "You support the child's team.",
    Standing.CONVENOR: "You convened a meeting about the child.",
    Standing.RECORDER: "You recorded an incident about the child.",
    Standing.WORKING_TEAM: "Your team recorded or convened this.",
    Standing.INVITED: "You are invited to a meeting about the child.",
    Standing.OWNER: "You own an action for the child.",
    Standing.PRIVACY: "You are the privacy officer.",
}

_STANDING_COLUMNS = (
    (Standing.ALLOCATED, "AL"),
    (Standing.LEAD, "LE"),
    (Standing.TEAM, "TE"),
    (Standing.MANAGER, "MA"),
    (Standing.CHAIR, "CH"),
    (Standing.CHAIR_ELSEWHERE, "CE"),
    (Standing.SUPPORT, "BS"),
    (Standing.CONVENOR, "CO"),
    (Standing.RECORDER, "RE"),
    (Standing.WORKING_TEAM, "WT"),
    (Standing.INVITED, "IN"),
    (Standing.OWNER, "AO"),
    (Standing.PRIVACY, "PO"),
)
_STANDING_TABLE = """
                        AL LE TE MA CH CE BS CO RE WT IN AO PO
child.view              A  A  A  A  A  A  R  A  A  D  R  R  S
child.edit              A  F  F  A  F  F  F  F  A  D  D  D  F
child.history           A  A  A  A  A  A  R  R  A  D  D  D  S
incident.record         A  A  A  A  A  A  A  A  A  A  A  F  F
incident.view           A  F  A  A  A  F  A  A  A  A  O  D  S
incident.link           D  D  D  A  A  D  D  D  A  A  D  D  D
judgement.view          A  F  A  A  A  F  A  A  A  A  D  D  S
judgement.no_meeting    A  F  F  A  F  F  F  A  A  F  D  D  F
judgement.confirm_none  F  F  F  S  F  F  F  F  F  F  D  D  F
meeting.create          A  F  A  A  F  F  A  F  A  A  D  D  F
meeting.view            A  A  A  A  A  A  A  A  A  A  A  D  S
meeting.move            A  F  F  A  A  F  F  A  F  F  D  D  F
meeting.stand_down      A  F  F  A  A  F  F  A  F  F  D  D  F
meeting.invite          A  F  F  A  A  F  A  A  F  F  D  D  F
meeting.drop_required   F  F  F  S  S  F  F  F  F  F  D  D  F
meeting.log_call        A  F  A  A  A  F  A  A  A  A  D  D  F
meeting.run             F  F  F  F  A  F  A  A  F  F  D  D  F
record.edit             F  F  F  F  A  F  A  A  F  F  D  D  F
record.approve          F  F  F  F  A  F  F  F  F  F  D  D  F
record.release          A  F  F  A  A  F  F  F  F  F  D  D  F
record.read             A  A  A  A  A  A  A  A  A  A  R  D  S
information.read        A  A  A  A  A  F  F  F  A  F  A  D  S
code.read_out           A  F  A  A  F  F  A  A  A  A  D  D  F
plan.view               A  A  A  A  A  A  R  R  A  D  R  D  S
plan.edit               A  A  F  A  A  F  F  F  F  D  D  D  F
plan.compare            A  A  A  A  A  F  D  D  A  D  D  D  S
action.list             A  A  A  A  A  A  R  R  A  D  O  O  S
action.update           A  A  F  A  A  F  F  F  F  D  O  O  F
action.decide_date      A  A  F  A  A  F  F  F  F  D  D  D  F
"""

_ROLE_COLUMNS = (
    (Role.SOCIAL_WORKER, "SW"),
    (Role.TEAM_MANAGER, "TM"),
    (Role.CHAIR, "CH"),
    (Role.BUSINESS_SUPPORT, "BS"),
    (Role.PROFESSIONAL, "PR"),
    (Role.PRIVACY_OFFICER, "PO"),
    (Role.ADMINISTRATOR, "AD"),
)
_ROLE_TABLE = """
                    SW TM CH BS PR PO AD
home.view           A  A  A  A  A  A  A
search              A  A  R  R  F  S  F
child.search        A  A  R  R  F  S  F
child.create        A  A  F  A  F  F  F
incident.record     A  A  A  A  F  F  F
directory.view      A  A  A  A  F  A  A
directory.edit      F  A  F  A  F  F  A
account.edit        F  F  F  F  F  F  S
token.create        F  F  F  F  F  F  S
mail.review         F  F  F  A  F  S  F
mail.log            F  R  F  R  F  S  A
audit.verify        F  F  F  F  F  S  S
procedures.evaluate A  A  A  A  F  F  A
procedures.view     F  A  F  F  F  A  A
procedures.edit     F  F  F  F  F  F  A
procedures.publish  F  F  F  F  F  F  S
"""
# Lists without a child: what they show is filtered by the same policy, row by row.
_LIST_TABLE = """
                 SW TM CH BS PR PO AD
child.view       A  A  A  A  A  S  F
incident.view    A  A  A  A  A  S  F
judgement.view   A  A  A  A  F  S  F
meeting.view     A  A  A  A  A  S  F
action.list      A  A  A  A  A  S  F
"""

_IN_HOUSE = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHAIR)
_STAFF = (*_IN_HOUSE, Role.BUSINESS_SUPPORT)
_CASE = (*_STAFF, Role.PROFESSIONAL)

# The standing that a relation gives to the holder of a role; no entry gives none.
# An administrator has none whatever the relation.
GIVEN_BY: Final[dict[RelationKind, dict[Role, Standing]]] = {
    RelationKind.ALLOCATED: dict.fromkeys(_IN_HOUSE, Standing.ALLOCATED),
    RelationKind.TEAM: {
        **dict.fromkeys(_IN_HOUSE, Standing.TEAM),
        Role.BUSINESS_SUPPORT: Standing.SUPPORT,
    },
    RelationKind.RECORDED_INCIDENT: {
        **dict.fromkeys(_IN_HOUSE, Standing.RECORDER),
        Role.BUSINESS_SUPPORT: Standing.SUPPORT,
        Role.PROFESSIONAL: Standing.INVITED,
    },
    RelationKind.CHAIR: dict.fromkeys(_IN_HOUSE, Standing.CHAIR),
    RelationKind.CONVENOR: dict.fromkeys(_STAFF, Standing.CONVENOR),
    RelationKind.INVITED: dict.fromkeys(_CASE, Standing.INVITED),
    RelationKind.ACTION_OWNER: dict.fromkeys(_CASE, Standing.OWNER),
    RelationKind.LEAD_PRACTITIONER: dict.fromkeys(_CASE, Standing.LEAD),
    RelationKind.MANAGER: {Role.TEAM_MANAGER: Standing.MANAGER},
    RelationKind.PRIVACY: {Role.PRIVACY_OFFICER: Standing.PRIVACY},
}


Column = TypeVar("Column")


def _cells(table: str, columns: tuple[tuple[Column, str], ...]) -> dict[Action, dict[Column, Cell]]:
    lines = table.strip("\n").splitlines()
    if lines[0].split() != [short for _, short in columns]:
        raise ValueError("the head of an access table does not name its columns in order")
    read = {}
    for line in lines[1:]:
        action, *letters = line.split()
        read[Action(action)] = {
            column: Cell(letter) for (column, _), letter in zip(columns, letters, strict=True)
        }
    return read


BY_STANDING: Final = _cells(_STANDING_TABLE, _STANDING_COLUMNS)
BY_ROLE: Final = _cells(_ROLE_TABLE, _ROLE_COLUMNS)
LISTS: Final = _cells(_LIST_TABLE, _ROLE_COLUMNS)
