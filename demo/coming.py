"""Stories that go on: meetings today, tomorrow and later, with answers of every kind."""

from __future__ import annotations

from datetime import timedelta

from demo.stage import Stage
from demo.verbs import (
    NO,
    NOT_KNOWN,
    YES,
    Script,
    answer,
    convene,
    everybody_accepts,
    part,
    report,
    run,
)
from meetings.given import (
    PART_WORDS,
    DeputyGiven,
    Information,
    Known,
    NewTime,
    PartOfMeeting,
    ShareWithFamily,
)
from meetings.models.invitations import Invitation
from meetings.models.meetings import Meeting
from meetings.service import calls, codes, contributions, proposals, scheduling
from meetings.terms import AnswerChannel, CallOutcome, InvitationState, KnownAnswer, MeetingHow
from notifications.terms import Reason

_POLICE = ("police_safeguarding", "police_referral_unit")
_SCHOOL = (
    "designated_safeguarding_lead",
    "school_safeguarding_mailbox",
    "education_safeguarding",
)
_PRACTICE = ("gp_safeguarding_lead", "practice_safeguarding_mailbox", "named_gp")
_NOTHING = Known(answer=KnownAnswer.NOTHING_KNOWN)
_INFORMATION = Information(
    injury=Known(answer=KnownAnswer.YES, text="A healing cut on the left forearm, seen last week."),
    weapon=_NOTHING,
    emergency=Known(answer=KnownAnswer.NO, text=""),
    health="Asthma, well controlled. Did not come to the last two appointments.",
    last_seen="Eight days ago, by the practice nurse, with the mother.",
    worries="Said he does not sleep. Would not say where the cut came from.",
    strengths="Came on his own and asked for help.",
    parents="The mother rang twice for advice. Nothing is known of the father.",
    share_with_family=ShareWithFamily.PART,
    share_why="Not what was said about the cut: he asked us not to say it at home.",
)


def tell(stage: Stage) -> None:
    """Tell every story that goes on."""
    _jordan_again(stage)
    _ethan(stage)
    _caleb(stage)
    _reuben(stage)
    _haroon(stage)
    _nia(stage)
    _zara(stage)


def jordans_meeting(stage: Stage) -> Meeting:
    """Record a second serious incident and arrange its meeting, the next to come."""
    (involvement,) = report(
        stage,
        part(
            stage, "jordan", "harmed", "assault",
            "Pushed into the road by two young people on a motor scooter; his arm is broken.",
            happened_at=stage.ago(hours=5), serious_injury=YES, hospital_attended=YES,
            weapon_used=NO, retaliation_risk=NOT_KNOWN,
        ),
        at=stage.ago(hours=4),
    )  # fmt: skip
    return convene(
        stage, involvement, stage.soon(60), at=stage.ago(hours=3, minutes=50), by="worker",
        joining="https://meet.northshire.example/east",
    )  # fmt: skip


def _jordan_again(stage: Stage) -> None:
    meeting = jordans_meeting(stage)
    invited = stage.invited(meeting)
    at = stage.ago(hours=3)
    answer(stage, _one(invited, *_POLICE), InvitationState.ACCEPTED, at=at)
    answer(
        stage,
        _one(invited, *_SCHOOL),
        InvitationState.ACCEPTED_PART,
        at=at,
        part=PART_WORDS[PartOfMeeting.FIRST_15],
    )
    practice = _one(invited, *_PRACTICE)
    answer(stage, practice, InvitationState.DECLINED, at=at)
    _inform(stage, practice)
    answer(
        stage,
        _one(invited, "safeguarding_nurse", "named_nurse"),
        InvitationState.DEPUTY,
        at=at,
        deputy=DeputyGiven(
            name="Imelda Cross", role="Named nurse", email="imelda.cross@northshire-health.example"
        ),
    )
    answer(
        stage,
        _one(invited, "hospital_safeguarding_lead", "hospital_safeguarding_team"),
        InvitationState.DEPUTY,
        at=at,
        deputy=DeputyGiven(name="A colleague", role="Sister", email="ward7@elsewhere.example"),
    )
    answer(
        stage,
        _one(invited, "youth_justice_case_manager", "youth_justice_duty"),
        InvitationState.ACCEPTED,
        at=at,
    )
    _call(
        stage,
        _one(invited, "police_investigating", "police_referral_unit"),
        CallOutcome.NO_ANSWER,
        minutes=100,
    )
    _call(
        stage,
        _one(invited, "police_investigating", "police_referral_unit"),
        CallOutcome.MESSAGE_LEFT,
        minutes=40,
    )
    _call(
        stage,
        _one(invited, "school_nurse", "school_nurse_duty"),
        CallOutcome.WILL_ATTEND,
        minutes=35,
    )
    stage.post_leaves(stage.ago(minutes=30))


def _ethan(stage: Stage) -> None:
    """A discussion that was moved once; one person suggests another time again."""
    (involvement,) = report(
        stage,
        part(
            stage, "ethan", "suspected", "knife",
            "A lock knife was in his rucksack at a search before a match. Nobody was threatened.",
            happened_at=stage.at(-2, 14), weapon_used=NO, serious_injury=NO, at_school=NO,
        ),
        at=stage.at(-2, 15),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(1, 10), at=stage.at(-2, 15, 30), minutes=45, chair="manager"
    )
    everybody_accepts(stage, meeting, at=stage.at(-2, 16))
    scheduling.move(
        meeting,
        NewTime(starts_at=stage.at(2, 14), minutes=45, reason=Reason.CHAIR_CANNOT_ATTEND),
        letterhead=stage.letterhead,
        actor=stage.actor("duty"),
        now=stage.at(-1, 9, 30),
    )
    stage.post_leaves(stage.at(-1, 9, 31))
    invited = stage.invited(meeting)
    answer(stage, _one(invited, *_POLICE), InvitationState.ACCEPTED, at=stage.at(-1, 10))
    college = _one(invited, *_SCHOOL)
    proposals.suggest(
        college,
        starts_at=stage.at(2, 16),
        ends_at=stage.at(2, 16, 45),
        channel=AnswerChannel.LINK,
        letterhead=stage.letterhead,
        actor=codes.by_link("Fran Doyle", "Designated safeguarding lead"),
        now=stage.at(-1, 12),
        note="Lessons until half past three.",
    )
    stage.post_leaves(stage.at(-1, 12, 1))


def _caleb(stage: Stage) -> None:
    """A strategy meeting whose invitation to the practice did not arrive."""
    (involvement,) = report(
        stage,
        part(
            stage, "caleb", "both", "knife",
            "A fight with knives behind the leisure centre; both were cut. He ran home.",
            happened_at=stage.ago(hours=7), weapon_used=YES, hospital_attended=NO,
            exploitation_suspected=YES, retaliation_risk=NO, safe_now=NOT_KNOWN,
        ),
        at=stage.ago(hours=6),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.soon(150),
        at=stage.ago(hours=5, minutes=30), by="worker", chair="east_manager",
        how=MeetingHow.TELEPHONE, joining="01632 960110, room 4",
    )  # fmt: skip
    invited = stage.invited(meeting)
    answer(stage, _one(invited, *_POLICE), InvitationState.DECLINED, at=stage.ago(hours=4))
    stage.post_leaves(stage.ago(hours=4))


def _reuben(stage: Stage) -> None:
    """A discussion nobody has answered yet."""
    (involvement,) = report(
        stage,
        part(
            stage, "reuben", "suspected", "other_weapon",
            "A hammer was under his coat on the bus; he gave it up when asked.",
            happened_at=stage.at(-1, 9), weapon_used=NO, serious_injury=NO,
        ),
        at=stage.at(-1, 9, 40),
    )  # fmt: skip
    convene(stage, involvement, stage.at(3, 11), at=stage.at(-1, 13), minutes=45, chair="manager")


def _haroon(stage: Stage) -> None:
    """A discussion to which everybody comes."""
    (involvement,) = report(
        stage,
        part(
            stage, "haroon", "suspected", "knife",
            "Showed a small blade to friends at break and handed it in himself.",
            happened_at=stage.at(-3, 11), weapon_used=NO, serious_injury=NO, at_school=YES,
        ),
        at=stage.at(-3, 11, 30),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(1, 15), at=stage.at(-3, 14), minutes=45,
        how=MeetingHow.IN_PERSON, joining="Room 2, Harbour House",
    )  # fmt: skip
    everybody_accepts(stage, meeting, at=stage.at(-2, 10))


def _nia(stage: Stage) -> None:
    """A meeting that runs at this moment: half of it is written."""
    known_at = stage.recently(90) - timedelta(days=1)
    (involvement,) = report(
        stage,
        part(
            stage, "nia", "at_risk", "threat",
            "A video names her and says that she will be hurt after school. It is taken seriously.",
            happened_at=known_at - timedelta(hours=2), threat_to_life=YES, harm_suspected=YES,
            safe_now=NOT_KNOWN,
        ),
        at=known_at,
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.recently(10), at=known_at + timedelta(minutes=30),
        chair="manager",
    )  # fmt: skip
    everybody_accepts(stage, meeting, at=known_at + timedelta(hours=2), but=("school_nurse",))
    run(
        stage,
        meeting,
        Script(
            agreed=(),
            left_out=frozenset(
                {"child_voice", "male_carer_voice", "analysis", "safety", "contexts", "strengths"}
            ),
        ),
    )


def _zara(stage: Stage) -> None:
    """A discussion stood down: its decision is open again."""
    (involvement,) = report(
        stage,
        part(
            stage, "zara", "suspected", "other_weapon",
            "A broken bottle was in her hand after an argument; she put it down at once.",
            happened_at=stage.at(-3, 15), weapon_used=NO, serious_injury=NO,
        ),
        at=stage.at(-3, 16),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(1, 9), at=stage.at(-2, 9), minutes=45, chair="manager"
    )
    everybody_accepts(stage, meeting, at=stage.at(-2, 11), but=("police_investigating",))
    scheduling.stand_down(
        meeting,
        Reason.NOT_ENOUGH_AGENCIES,
        letterhead=stage.letterhead,
        actor=stage.actor("duty"),
        now=stage.at(-1, 14),
    )
    stage.post_leaves(stage.at(-1, 14, 1))


def _one(invited: dict[str, Invitation], *roles: str) -> Invitation:
    """Return the invitation of a role, or of what stands in for it while a school is closed."""
    for role in roles:
        if role in invited:
            return invited[role]
    raise LookupError(f"nobody was invited as {' or '.join(roles)}")


def _inform(stage: Stage, invitation: Invitation) -> None:
    name, role = invitation.name or "The practice", invitation.role_name
    contributions.send(
        invitation,
        _INFORMATION,
        person_name=name,
        person_role=role,
        actor=codes.by_link(name, role),
        now=stage.ago(hours=2),
    )


def _call(stage: Stage, invitation: Invitation, outcome: CallOutcome, *, minutes: float) -> None:
    calls.log_call(
        invitation,
        outcome,
        actor=stage.actor("support"),
        letterhead=stage.letterhead,
        now=stage.ago(minutes=minutes),
    )
