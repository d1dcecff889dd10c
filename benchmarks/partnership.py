"""A partnership of any size for the home page: children, their plans, actions and meetings.

Everything follows from a child's number, so the first team's pages read the same whether
there are five thousand children or fifty thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from benchmarks.rows import Row, reference, row_id, write, write_accounts
from core.clock import london
from core.scheduler import Heartbeat
from meetings.models.incidents import Incident, Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.models.replies import Contribution
from meetings.models.tasks import Task
from meetings.terms import (
    InvitationState,
    JudgementStatus,
    KnownAnswer,
    MeetingStatus,
    RecordStatus,
    Requirement,
)
from notifications.models import InboundMessage
from notifications.terms import Channel, InboundOutcome
from people.models.agencies import Agency, Team, TeamMember
from people.models.children import Child
from people.models.relations import RelationRow
from people.terms import RelationKind, Role, TriState
from plans.models import Action, DateRequest, Plan
from plans.terms import ActionKind, ActionStatus, DelayReason, PlanStatus, RequestStatus
from procedures.models import PackVersion
from procedures.terms import Pack

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # a Friday
CASELOAD = 17
WORKERS_OF_A_TEAM = 8
OPEN_ACTIONS, ALL_ACTIONS = 10, 25
INVITED = 8
_KINDS = ("social_care", "police", "health", "school", "gp", "youth_justice", "education",
          "voluntary")  # fmt: skip
_STATES = (
    InvitationState.ACCEPTED, InvitationState.ACCEPTED, InvitationState.NO_ANSWER,
    InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.NO_ANSWER,
    InvitationState.ACCEPTED_PART, InvitationState.INFORMATION,
)  # fmt: skip
# As long as the explanation of a real judgement.
_VERDICT = json.dumps(
    {
        "meeting_name": "Strategy discussion",
        "reasons": [
            {"rule": f"rule-{n}", "words": "A reason in a sentence of usual length. " * 4}
            for n in range(15)
        ],
    }
)


@dataclass(frozen=True, slots=True)
class Partnership:
    """How many children there are, the pack they are judged by, and whose number is whose."""

    children: int
    pack_id: str
    meeting_type: str

    @property
    def workers(self) -> int:
        """How many social workers carry these children."""
        return -(-self.children // CASELOAD)

    @property
    def teams(self) -> int:
        """How many teams they are in; each has a manager, a chair and a support worker."""
        return -(-self.workers // WORKERS_OF_A_TEAM)


def worker_of(child: int) -> int:
    """Return the number of a child's worker."""
    return child // CASELOAD


def team_of(child: int) -> int:
    """Return the number of a child's team."""
    return worker_of(child) // WORKERS_OF_A_TEAM


def due_on(child: int, number: int) -> date:
    """Return when an action of a child is due: from a month ago to two months ahead."""
    return london(AT).date() + timedelta(days=(child * 31 + number * 17) % 90 - 30)


def action_ref(child: int, number: int) -> str:
    """Return the reference of an action of a child."""
    return reference("A", child * ALL_ACTIONS + number)


def has_open_deadline(child: int) -> bool:
    """Say whether a judgement of the child waits for its meeting."""
    return child % 10 == 3


def deadline_of(child: int) -> datetime:
    """Return when that meeting must have started: within three days, or some hours ago."""
    return AT + timedelta(hours=child * 37 % 72 - 6, seconds=child % 997)


def next_meeting_at(child: int) -> datetime:
    """Return when the child's next meeting starts: in the coming four weeks."""
    return AT + timedelta(days=child * 13 % 28, hours=1 + child % 6, seconds=child % 997)


def load(connection: Connection, wanted: Partnership) -> int:
    """Write the whole partnership; return how many rows there are."""
    numbers = range(wanted.children)
    _write_people(connection, wanted)
    count = write(connection, Child, (_child(n) for n in numbers))
    count += write(connection, RelationRow, _each(_relations, wanted))
    count += write(connection, Plan, (_plan(n) for n in numbers))
    count += write(connection, Action, _each(_actions, wanted))
    count += write(connection, DateRequest, (_date_request(n) for n in numbers if n % 10 == 4))
    count += write(connection, Incident, _each(_incidents, wanted))
    count += write(connection, Involvement, _each(_involvements, wanted))
    count += write(
        connection, Judgement, (_judgement(wanted, n, k) for n in numbers for k in (0, 1))
    )
    count += write(connection, Meeting, (_meeting(wanted, n, k) for n in numbers for k in (0, 1)))
    count += write(connection, Record, (_record(n) for n in numbers))
    count += write(connection, Invitation, _each(_invitations, wanted))
    count += write(connection, Contribution, (_contribution(n) for n in numbers if n % 2))
    count += write(connection, Task, _each(_tasks, wanted))
    count += write(connection, InboundMessage, (_inbound(n) for n in range(0, wanted.children, 10)))
    write(connection, Heartbeat, [{"worker": "benchmark", "at": AT + timedelta(hours=1)}])
    return count


def write_pack(connection: Connection, text: str, sha256: str, pack: Pack) -> str:
    """Write the shipped rules as the version everything was judged by."""
    pack_id = row_id("pack", 0)
    row = {
        "id": pack_id,
        "name": pack.name,
        "number": pack.number,
        "text": text,
        "sha256": sha256,
        "effective_from_on": pack.effective_from,
        "recorded_at": AT,
    }
    write(connection, PackVersion, [row])
    return pack_id


def _each(make: Callable[[int], Iterator[Row]], wanted: Partnership) -> Iterator[Row]:
    for number in range(wanted.children):
        yield from make(number)


def _write_people(connection: Connection, wanted: Partnership) -> None:
    agencies = [
        {"id": row_id("agency", n), "ref": reference("G", n), "name": f"Agency {n}",
         "kind": _KINDS[n % len(_KINDS)], "telephone": "01632 960100"}
        for n in range(24)
    ]  # fmt: skip
    write(connection, Agency, agencies)
    teams = [
        {"id": row_id("team", n), "agency_id": row_id("agency", 0), "ref": reference("T", n),
         "name": f"Team {n}", "mail_name": "Northshire children's services"}
        for n in range(wanted.teams)
    ]  # fmt: skip
    write(connection, Team, teams)
    names = {
        row_id("worker", n): (f"Worker {n}", Role.SOCIAL_WORKER) for n in range(wanted.workers)
    }
    for n in range(wanted.teams):
        names[row_id("manager", n)] = (f"Manager {n}", Role.TEAM_MANAGER)
        names[row_id("chair", n)] = (f"Chair {n}", Role.CHAIR)
        names[row_id("support", n)] = (f"Support {n}", Role.BUSINESS_SUPPORT)
    write_accounts(connection, names, now=AT)
    write(connection, TeamMember, _members(wanted))


def _members(wanted: Partnership) -> Iterator[Row]:
    for n in range(wanted.workers):
        yield {"team_id": row_id("team", n // WORKERS_OF_A_TEAM), "account_id": row_id("worker", n),
               "is_manager": False}  # fmt: skip
    for n in range(wanted.teams):
        for who in ("manager", "support"):
            yield {"team_id": row_id("team", n), "account_id": row_id(who, n),
                   "is_manager": who == "manager"}  # fmt: skip


def _child(n: int) -> Row:
    return {
        "id": row_id("child", n),
        "ref": reference("C", n),
        "given_name": f"Given{n % 400}",
        "family_name": f"Family{n % 900}",
        "born_on": date(2009 + n % 8, 1 + n % 12, 1 + n % 28),
        "team_id": row_id("team", team_of(n)),
        "allocated_to_id": row_id("worker", worker_of(n)),
        "search_key": f"family{n % 900} given{n % 400}",
        "created_at": AT - timedelta(days=300),
    }


def _relations(n: int) -> Iterator[Row]:
    worker, chair = row_id("worker", worker_of(n)), row_id("chair", team_of(n))
    earlier = row_id("worker", max(worker_of(n) - 1, 0))
    for account_id, kind, meeting, ended in (
        (worker, RelationKind.ALLOCATED, None, False),
        (worker, RelationKind.RECORDED_INCIDENT, None, False),
        (worker, RelationKind.INVITED, 0, True),
        (worker, RelationKind.INVITED, 1, False),
        (worker, RelationKind.ACTION_OWNER, None, False),
        (earlier, RelationKind.RECORDED_INCIDENT, None, True),
        (chair, RelationKind.CHAIR, 0, False),
        (chair, RelationKind.CHAIR, 1, False),
    ):
        yield {
            "account_id": account_id,
            "child_id": row_id("child", n),
            "kind": kind,
            "valid_from_at": AT - timedelta(days=200),
            "valid_to_at": AT - timedelta(days=20) if ended else None,
            "why": "Given by the benchmark.",
            "meeting_id": None if meeting is None else row_id("meeting", n * 2 + meeting),
        }


def _plan(n: int) -> Row:
    return {
        "id": row_id("plan", n),
        "child_id": row_id("child", n),
        "status": PlanStatus.OPEN,
        "lead_account_id": row_id("worker", worker_of(n)),
        "lead_name": f"Worker {worker_of(n)}",
        "lead_agency_id": row_id("agency", 0),
        "chair_account_id": row_id("chair", team_of(n)),
        "chair_name": f"Chair {team_of(n)}",
        "opened_at": AT - timedelta(days=120),
        "review_on": london(AT).date() + timedelta(days=n * 7 % 180 - 2),
        "version": 1,
    }


def _actions(n: int) -> Iterator[Row]:
    for k in range(ALL_ACTIONS):
        is_open, due = k < OPEN_ACTIONS, due_on(n, k)
        yield {
            "id": row_id("action", n * ALL_ACTIONS + k),
            "ref": action_ref(n, k),
            "plan_id": row_id("plan", n),
            "child_id": row_id("child", n),
            "what": f"Action {k}: ring the family, agree what is done, and write it on the plan.",
            "kind": ActionKind.SAFETY if k % 5 == 0 else ActionKind.SUPPORT,
            "agency_id": row_id("agency", k % 24),
            "owner_name": f"Worker {worker_of(n)}",
            "owner_email": f"worker{worker_of(n)}@northshire.example",
            "owner_account_id": row_id("worker", worker_of(n)),
            "due_on": due,
            "original_due_on": due,
            "dated_on": due - timedelta(days=30),
            "status": ActionStatus.OPEN if is_open else ActionStatus.DONE,
            "evidence": None if is_open else "Done, and seen by the worker.",
            "done_at": None if is_open else AT - timedelta(days=10 + k),
            "meeting_id": row_id("meeting", n * 2),
            "created_at": AT - timedelta(days=60),
        }


def _date_request(n: int) -> Row:
    return {
        "action_id": row_id("action", n * ALL_ACTIONS),
        "new_due_on": due_on(n, 0) + timedelta(days=14),
        "reason": next(iter(DelayReason)),
        "asked_by_name": "Somebody",
        "asked_at": AT - timedelta(days=1),
        "status": RequestStatus.WAITING,
    }


def _incidents(n: int) -> Iterator[Row]:
    for k in (0, 1):
        yield {"id": row_id("incident", n * 2 + k), "opaque_ref": reference("X", n * 2 + k),
               "recorded_by_id": row_id("worker", worker_of(n)),
               "team_id": row_id("team", team_of(n)),
               "recorded_at": AT - timedelta(days=100 - 99 * k)}  # fmt: skip


def _involvements(n: int) -> Iterator[Row]:
    for k in (0, 1):
        at = AT - timedelta(days=100 - 99 * k)
        yield {"id": row_id("involvement", n * 2 + k), "ref": reference("I", n * 2 + k),
               "incident_id": row_id("incident", n * 2 + k), "child_id": row_id("child", n),
               "part": "harmed", "kind": "knife", "happened_at": at, "known_at": at,
               "narrative": "What happened, in some sentences. " * 6,
               "safe_now": TriState.YES}  # fmt: skip


def _judgement(wanted: Partnership, n: int, k: int) -> Row:
    status = (JudgementStatus.HELD, JudgementStatus.ARRANGED)[k]
    if k and has_open_deadline(n):
        status = JudgementStatus.NONE_PROPOSED if n % 500 == 3 else JudgementStatus.OPEN
    deadline = deadline_of(n) if k else AT - timedelta(days=92)
    is_answered = status in (JudgementStatus.HELD, JudgementStatus.ARRANGED)
    return {
        "id": row_id("judgement", n * 2 + k),
        "involvement_id": row_id("involvement", n * 2 + k),
        "child_id": row_id("child", n),
        "pack_version_id": wanted.pack_id,
        "verdict": _VERDICT,
        "meeting_type": wanted.meeting_type,
        "deadline_on": london(deadline).date(),
        "deadline_at": deadline,
        "status": status,
        "meeting_id": row_id("meeting", n * 2 + k) if is_answered else None,
        "made_at": AT - timedelta(days=1, seconds=n % 3600),
    }


def _meeting(wanted: Partnership, n: int, k: int) -> Row:
    starts = next_meeting_at(n) if k else AT - timedelta(days=1 + n % 90, hours=1)
    here = london(starts)
    is_of_judgement = not k or not has_open_deadline(n)
    return {
        "id": row_id("meeting", n * 2 + k),
        "ref": reference("M", n * 2 + k),
        "uid": f"{row_id('uid', n * 2 + k)}@meetings.confer.example",
        "child_id": row_id("child", n),
        "type": wanted.meeting_type,
        "type_name": "Strategy discussion",
        "pack_version_id": wanted.pack_id,
        "judgement_id": row_id("judgement", n * 2 + k) if is_of_judgement else None,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "wall_date": here.date(),
        "wall_time": here.time().replace(tzinfo=None),
        "minutes": 60,
        "status": MeetingStatus.ARRANGED if k else MeetingStatus.HELD,
        "chair_id": row_id("chair", team_of(n)),
        "convenor_id": row_id("worker", worker_of(n)),
        "team_id": row_id("team", team_of(n)),
        "started_at": None if k else starts,
        "ended_at": None if k else starts + timedelta(hours=1),
        "created_at": AT - timedelta(days=100),
    }


def _record(n: int) -> Row:
    held = AT - timedelta(days=1 + n % 90)
    is_late = n % 40 == 7
    return {
        "meeting_id": row_id("meeting", n * 2),
        "status": RecordStatus.DRAFT if is_late or n % 90 < 3 else RecordStatus.RELEASED,
        "due_on": london(held + timedelta(days=5)).date(),
        "due_at": held + timedelta(days=5, seconds=n % 997),
        "is_quorate": n % 100 != 11,
        "inquorate_reason": "Nobody from health could be reached." if n % 100 == 11 else None,
    }


def _invitations(n: int) -> Iterator[Row]:
    for k in (0, 1):
        for p in range(INVITED):
            state = _STATES[(n + p) % len(_STATES)]
            if k and p and (n * INVITED + p) % 97 == 0:
                state = InvitationState.UNDELIVERABLE
            yield {
                "id": row_id("invitation", (n * 2 + k) * INVITED + p),
                "meeting_id": row_id("meeting", n * 2 + k),
                "agency_id": row_id("agency", p),
                "agency_name": f"Agency {p}",
                "agency_kind": _KINDS[p],
                "role": f"role_{p}",
                "role_name": f"Role {p}",
                "why": "The rules ask for this agency.",
                "requirement": Requirement.QUORUM if p < 3 else Requirement.EXPECTED,
                "email": f"role{p}@agency.example",
                "telephone": "01632 960100",
                "state": state,
                "account_id": row_id("worker", worker_of(n)) if p == 0 else None,
                "position": p,
                "created_at": AT - timedelta(days=100),
            }


def _contribution(n: int) -> Row:
    return {
        "invitation_id": row_id("invitation", (n * 2 + 1) * INVITED + 2),
        "meeting_id": row_id("meeting", n * 2 + 1),
        "injury": KnownAnswer.NO,
        "weapon": KnownAnswer.NO,
        "emergency": KnownAnswer.NOTHING_KNOWN,
        "worries": "Some sentences of worry. " * 10,
        "share_with_family": "yes",
        "person_name": "Somebody",
        "person_role": "Nurse",
        "sent_at": AT - timedelta(days=1),
        "version": 1,
    }


def _tasks(n: int) -> Iterator[Row]:
    for k in range(3):
        is_open = k == 0 and n % 3 == 0
        is_teams = k == 0 and n % 30 == 0
        yield {
            "kind": "ring",
            "ref": reference("M", n * 2 + 1),
            "child_id": row_id("child", n),
            "meeting_id": row_id("meeting", n * 2 + 1),
            "for_account_id": None if is_teams else row_id("worker", worker_of(n)),
            "for_team_id": row_id("team", team_of(n)) if is_teams else None,
            "words": f"Ring agency {n % 24}.",
            "due_at": AT + timedelta(hours=n * 5 % 48, seconds=n % 997),
            "made_at": AT - timedelta(days=2),
            "done_at": None if is_open else AT - timedelta(days=1),
        }


def _inbound(n: int) -> Row:
    is_waiting = n < 40
    return {
        "received_at": AT - timedelta(minutes=n + 5),
        "channel": next(iter(Channel)),
        "raw": b"Subject: answer\r\n\r\nYes.",
        "size": 24,
        "sha256": row_id("mail", n) * 2,
        "outcome": InboundOutcome.REVIEW if is_waiting else InboundOutcome.APPLIED,
    }
