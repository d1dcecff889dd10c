"""What happens again and again in the demo's stories: report, convene, answer, hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core import clock
from core.db import session
from core.errors import Refused
from demo import said
from demo.stage import Stage
from meetings.choices import Answers, Choice, PartGiven, ScoreGiven
from meetings.given import AnswerGiven
from meetings.models.incidents import Involvement, Judgement
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.models.records import Record
from meetings.record_terms import ActionWords, Came, DecisionWords, FinishWords, SectionWords
from meetings.service import (
    attendance,
    codes,
    concluding,
    convening,
    deciding,
    incidents,
    judging,
    records,
    releasing,
    replies,
    standing,
)
from meetings.terms import AnswerChannel, AttendanceState, InvitationState, MeetingHow
from people.models.agencies import Agency
from people.terms import Actor, TriState
from plans.terms import ActionKind

YES, NO, NOT_KNOWN = TriState.YES, TriState.NO, TriState.NOT_KNOWN
_SILENT = (
    InvitationState.NO_ANSWER,
    InvitationState.NOT_SENT,
    InvitationState.UNDELIVERABLE,
    InvitationState.TENTATIVE,
)
_TAKEN = ("meeting.clash", "meeting.kept_apart")
_A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A decision of a meeting, and the actions that carry it out."""

    decision: DecisionWords
    actions: tuple[ActionWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """What is said and agreed at a meeting.

    Attributes:
        texts: words under headings, in place of the usual ones.
        left_out: headings nobody writes under.
        reason: why it is finished although something is missing.
    """

    agreed: tuple[Agreed, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    reason: str | None = None
    inquorate_reason: str | None = None


def part(
    stage: Stage,
    child: str,
    role: str,
    kind: str,
    narrative: str,
    *,
    happened_at: datetime,
    safe_now: TriState = YES,
    score: ScoreGiven | None = None,
    **answers: TriState,
) -> PartGiven:
    """Return one child's part in an incident."""
    return PartGiven(
        child_ref=stage.children[child].ref,
        part=role,
        kind=kind,
        happened_at=happened_at,
        narrative=narrative,
        safe_now=safe_now,
        answers=Answers(**answers),
        score=score,
    )


def report(
    stage: Stage, *parts: PartGiven, at: datetime, by: str = "duty"
) -> tuple[Involvement, ...]:
    """Record an incident at an instant."""
    made = incidents.report(parts, actor=stage.actor(by), letterhead=stage.letterhead, now=at)
    stage.post_leaves(at)
    return made


def judgement_of(involvement: Involvement) -> Judgement:
    """Return the judgement that counts."""
    found = judging.standing(involvement.id)
    if found is None:
        raise LookupError("every involvement is judged as it is recorded")
    return found


def convene(
    stage: Stage,
    involvement: Involvement,
    starts_at: datetime,
    *,
    at: datetime,
    by: str = "duty",
    chair: str = "chair",
    minutes: int = 60,
    how: MeetingHow = MeetingHow.ONLINE,
    joining: str = "",
) -> Meeting:
    """Arrange the meeting a judgement asks for; a late one says why.

    Where somebody is taken at that time, it is the next half hour in office hours.
    """
    judgement = judgement_of(involvement)
    while True:
        try:
            meeting = convening.convene(
                judgement,
                Choice(
                    on=clock.today(starts_at),
                    at=clock.london(starts_at).time().replace(tzinfo=None),
                    minutes=minutes,
                    chair_id=stage.account_id(chair),
                    how=how,
                    joining=joining,
                    late_reason=_late_reason(judgement, starts_at),
                ),
                actor=stage.actor(by),
                letterhead=stage.letterhead,
                now=at,
            )
        except Refused as clash:
            if clash.rule not in _TAKEN:
                raise
            starts_at = stage.next_office_time(starts_at)
        else:
            stage.post_leaves(at)
            return meeting


def _late_reason(judgement: Judgement, starts_at: datetime) -> str:
    deadline = judgement.deadline_at
    is_late = deadline is not None and starts_at > deadline
    return (
        "The hospital asked for this time: the child is safe there until then." if is_late else ""
    )


def answer(
    stage: Stage,
    invitation: Invitation,
    state: InvitationState,
    *,
    at: datetime,
    **given: object,
) -> None:
    """Answer an invitation by its link."""
    who = invitation.name or invitation.role_name
    replies.answer(
        invitation,
        AnswerGiven(state=state, channel=AnswerChannel.LINK, person_name=who, **given),  # type: ignore[arg-type]
        letterhead=stage.letterhead,
        actor=codes.by_link(who, invitation.role_name),
        now=at,
    )


def everybody_accepts(
    stage: Stage, meeting: Meeting, *, at: datetime, but: Sequence[str] = ()
) -> None:
    """Let everybody who was reached accept, one after the other, but for some roles."""
    for place, (role, invitation) in enumerate(stage.invited(meeting).items()):
        if role not in but and invitation.state is InvitationState.NO_ANSWER:
            answer(stage, invitation, InvitationState.ACCEPTED, at=at + place * _A_MOMENT)


def hold(stage: Stage, meeting: Meeting, script: Script, *, scribe: str = "support") -> Record:
    """Hold a meeting at its time and finish it."""
    record, ends_at = run(stage, meeting, script, scribe=scribe)
    concluding.finish(
        record,
        meeting,
        FinishWords(reason=script.reason, inquorate_reason=script.inquorate_reason),
        letterhead=stage.letterhead,
        actor=chair_of(stage, meeting),
        now=ends_at,
    )
    stage.post_leaves(ends_at)
    return record


def run(
    stage: Stage, meeting: Meeting, script: Script, *, scribe: str = "support"
) -> tuple[Record, datetime]:
    """Start a meeting and write what is said; return its record and when it would end."""
    chair, writer = chair_of(stage, meeting), stage.actor(scribe)
    at = meeting.started_at or meeting.starts_at
    record = records.start(meeting, actor=chair, now=at)
    attendance.everyone_who_accepted(record, meeting, actor=writer, now=at)
    invited = standing.invited_to(meeting.id)
    for invitation in invited:
        if invitation.state in _SILENT and invitation.account_id != meeting.chair_id:
            came = Came(AttendanceState.ABSENT)
            attendance.mark(record, meeting, invitation, came, actor=writer, now=at)
    name = stage.children_by_id[meeting.child_id].given_name
    for heading in standing.headings_of(meeting, invited, now=at):
        text = script.texts.get(heading.heading, said.under(heading, name))
        if heading.heading in script.left_out or not text:
            continue
        at += timedelta(seconds=90)
        records.save_section(
            record, heading, SectionWords(heading.key, text), seen_version=0, actor=writer, now=at
        )
    for place, agreed in enumerate(script.agreed, start=1):
        _agree(record, meeting, agreed, place, actor=writer, now=at)
    return record, max(at, meeting.ends_at)


def released(
    stage: Stage, meeting: Meeting, record: Record, *, approved_at: datetime, released_at: datetime,
    by: str = "manager",
) -> None:  # fmt: skip
    """Let the chair approve a record and a second person release it."""
    approved(stage, meeting, record, at=approved_at)
    releasing.release(
        record, meeting, letterhead=stage.letterhead, actor=stage.actor(by), now=released_at
    )
    stage.post_leaves(released_at)


def approved(stage: Stage, meeting: Meeting, record: Record, *, at: datetime) -> None:
    """Let the chair approve a record."""
    session.flush()
    releasing.approve(
        record,
        meeting,
        seen_version=record.version,
        actor=chair_of(stage, meeting),
        now=at,
    )


def chair_of(stage: Stage, meeting: Meeting) -> Actor:
    """Return the chair as an actor."""
    for key, account in stage.partnership.accounts.items():
        if account.id == meeting.chair_id:
            return stage.actor(key)
    raise LookupError("every demo meeting has a chair of the demo")


def action(
    stage: Stage,
    what: str,
    owner: str,
    due: int,
    *,
    kind: ActionKind = ActionKind.SUPPORT,
    how_known: str = "The owner says so with a line of evidence.",
) -> ActionWords:
    """Return an action due some working days from today, owned by a professional of the demo.

    Args:
        owner: a key of the demo's professionals; or an agency's key, alone when nobody is
            named, or with a name behind a stroke.
    """
    person = stage.partnership.professionals.get(owner)
    key, _, name = owner.partition("/")
    agencies = stage.partnership.agencies
    agency = (
        next(each for each in agencies.values() if each.id == person.agency_id)
        if person
        else agencies[key]
    )
    return ActionWords(
        what=what,
        kind=kind,
        agency_ref=agency.ref,
        owner_name=person.name if person else name or None,
        owner_email=person.email if person else _address(agency, name),
        due_on=stage.on(due),
        how_known=how_known,
    )


def _address(agency: Agency, name: str) -> str | None:
    if agency.manager_email is None or not name:
        return None
    return f"{name.lower().replace(' ', '.')}@{agency.manager_email.partition('@')[2]}"


def _agree(
    record: Record, meeting: Meeting, agreed: Agreed, place: int, *, actor: Actor, now: datetime
) -> None:
    deciding.add(record, meeting, agreed.decision, actor=actor, now=now)
    for words in agreed.actions:
        deciding.add(record, meeting, replace(words, decision=place), actor=actor, now=now)
