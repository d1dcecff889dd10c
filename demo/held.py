"""Stories that are over: meetings held, records in every state, actions given to their owners."""

from __future__ import annotations

from demo.stage import Stage
from demo.verbs import (
    NO,
    NOT_KNOWN,
    YES,
    Agreed,
    Script,
    action,
    approved,
    convene,
    everybody_accepts,
    hold,
    judgement_of,
    part,
    released,
    report,
)
from meetings.choices import HeldNow, ScoreGiven, TookPart
from meetings.record_terms import DecisionKind, DecisionWords
from meetings.service import holding_now, seats
from plans.terms import ActionKind

_SENT_BEFORE = "Each agency sent its words before the meeting; they stand with the meeting."
_SUPPORT = DecisionWords(
    DecisionKind.SUPPORT,
    "Evenings are covered: school club on three days, the youth worker on two.",
    "All incidents of the last months fell between four and seven.",
)
_SAFETY = DecisionWords(
    DecisionKind.SAFETY,
    "Nobody goes home alone until the next meeting.",
    "Those who did it know the way home and have said they will come back.",
)
_NO_ENQUIRY = DecisionWords(
    DecisionKind.ENQUIRY_NOT_NEEDED,
    "The threshold for a section 47 enquiry is not met.",
    "The harm lies outside the home, and both parents act to keep the child safe.",
)
_ENQUIRY = DecisionWords(
    DecisionKind.ENQUIRY_BEGINS,
    "A section 47 enquiry begins, single agency, by children’s social care.",
    "There is reasonable cause to suspect significant harm by a group outside the home.",
)


def tell(stage: Stage) -> None:
    """Tell every story that is over."""
    _jordan(stage)
    _isaac(stage)
    _yusuf(stage)
    _two_children(stage)
    _oscar(stage)
    _tyler(stage)
    _samuel(stage)
    _marcus(stage)


def _jordan(stage: Stage) -> None:
    """A strategy meeting seven weeks ago: released, with an action at the top of the ladder."""
    known_at = stage.at(-35, 10, 20)
    (involvement,) = report(
        stage,
        part(
            stage, "jordan", "suspected", "knife",
            "A kitchen knife was found in the school bag after a friend told a teacher.",
            happened_at=stage.at(-35, 8, 45), weapon_used=NO, serious_injury=NO,
            harm_suspected=YES, exploitation_suspected=YES, at_school=YES,
        ),
        at=known_at,
    )  # fmt: skip
    meeting = convene(stage, involvement, stage.at(-34, 10), at=stage.at(-35, 11))
    everybody_accepts(stage, meeting, at=stage.at(-35, 12), but=("named_nurse",))
    record = hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(_NO_ENQUIRY),
                Agreed(
                    _SUPPORT,
                    (
                        action(stage, "Ask for patrols at the bus station from 4pm to 6pm",
                               "police", -15, kind=ActionKind.DISRUPT),
                        action(stage, "Offer a place in the mentoring group", "northmere_lead",
                               -20, how_known="First session attended."),
                        action(stage, "Hear the father’s view at his home", "worker", -10),
                        action(stage, "See Jordan about sleep and weight", "park_road_lead", 5),
                        action(stage, "Finish the knife-crime course", "youth_justice", 12,
                               kind=ActionKind.MONITOR),
                    ),
                ),
            ),
            reason="The named nurse sent nothing; the safeguarding nurse spoke for health.",
        ),
    )  # fmt: skip
    released(
        stage, meeting, record, approved_at=stage.at(-33, 9), released_at=stage.at(-33, 15),
        by="worker",
    )  # fmt: skip


def _isaac(stage: Stage) -> None:
    """A strategy meeting that began an enquiry; an action drifts, its new date was asked for."""
    (involvement,) = report(
        stage,
        part(
            stage, "isaac", "both", "assault",
            "Kicked and beaten in the park by four young people; hit one with a bottle.",
            happened_at=stage.at(-26, 16, 30), weapon_used=YES, serious_injury=NO,
            hospital_attended=YES, harm_suspected=YES,
        ),
        at=stage.at(-26, 16, 50),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(-25, 14), at=stage.at(-25, 9, 10), chair="east_manager"
    )
    everybody_accepts(stage, meeting, at=stage.at(-25, 9, 30))
    record = hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(_ENQUIRY),
                Agreed(
                    _SAFETY,
                    (
                        action(stage, "Drive Isaac home from college until the next meeting",
                               "harbour_college/Fran Doyle", -24, kind=ActionKind.SAFETY),
                        action(stage, "Ask the hospital’s navigator to see Isaac at home",
                               "hospital/Judith Amos", -5),
                        action(stage, "Apply for a move across the town", "housing/Karim Aziz",
                               -3, how_known="The application’s number is on the plan."),
                    ),
                ),
            ),
        ),
    )  # fmt: skip
    released(
        stage, meeting, record, approved_at=stage.at(-24, 10), released_at=stage.at(-24, 16),
        by="worker",
    )  # fmt: skip


def _yusuf(stage: Stage) -> None:
    """A professional discussion, scored low by youth justice."""
    (involvement,) = report(
        stage,
        part(
            stage, "yusuf", "suspected", "knife",
            "Stopped near the harbour with a folding knife in his coat.",
            happened_at=stage.at(-22, 15, 10), weapon_used=NO, serious_injury=NO,
            harm_suspected=NO, exploitation_suspected=NOT_KNOWN,
            score=ScoreGiven(scale="yjb_seriousness", scale_version="2024", value=3,
                             scored_by="Jo Lane", scored_on=stage.on(-22)),
        ),
        at=stage.at(-22, 16),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(-20, 11), at=stage.at(-21, 9, 40), minutes=45,
        by="worker", chair="east_manager",
    )  # fmt: skip
    everybody_accepts(stage, meeting, at=stage.at(-21, 11))
    record = hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(
                    _SUPPORT,
                    (
                        action(stage, "Place on the harbour boat-building course", "youth_justice",
                               -1, how_known="Yusuf attends for two weeks."),
                        action(stage, "Speak with both parents together", "worker", 1),
                        action(stage, "Tell the college whom to ring", "worker", -12),
                    ),
                ),
            ),
        ),
    )  # fmt: skip
    released(
        stage, meeting, record, approved_at=stage.at(-18, 9), released_at=stage.at(-17, 9),
        by="worker",
    )  # fmt: skip


def _two_children(stage: Stage) -> None:
    """One incident, two children, two of everything: neither record knows of the other."""
    happened_at = stage.at(-6, 15, 50)
    kofi, tomasz = report(
        stage,
        part(
            stage, "kofi", "harmed", "robbery",
            "His telephone was taken at the bus station and his hand was cut with a blade.",
            happened_at=happened_at, weapon_used=YES, serious_injury=NO, hospital_attended=YES,
            retaliation_risk=NOT_KNOWN, harm_suspected=YES,
        ),
        part(
            stage, "tomasz", "suspected", "robbery",
            "Named by a witness as the one who held the blade; says he was told to.",
            happened_at=happened_at, weapon_used=YES, exploitation_suspected=YES,
        ),
        at=stage.at(-6, 16, 20),
    )  # fmt: skip
    first = convene(stage, kofi, stage.at(-5, 10), at=stage.at(-6, 16, 40))
    second = convene(stage, tomasz, stage.at(-5, 15), at=stage.at(-6, 16, 50), chair="manager")
    everybody_accepts(stage, first, at=stage.at(-5, 9))
    everybody_accepts(stage, second, at=stage.at(-5, 9, 20))
    record = hold(
        stage,
        first,
        Script(
            agreed=(
                Agreed(_ENQUIRY),
                Agreed(
                    _SAFETY,
                    (
                        action(stage, "Meet Kofi at the school gate at the end of each day",
                               "northmere_lead", 2, kind=ActionKind.SAFETY),
                        action(stage, "Block the stolen telephone and hand over a new one",
                               "police/Dawn Ellery", 0),
                    ),
                ),
            ),
        ),
    )  # fmt: skip
    released(
        stage, first, record, approved_at=stage.at(-5, 12), released_at=stage.at(-4, 11),
        by="worker",
    )  # fmt: skip
    hold(
        stage,
        second,
        Script(
            agreed=(
                Agreed(
                    _SUPPORT,
                    (action(stage, "Refer to the exploitation worker", "voluntary/Bex Turner", 3),),
                ),
            ),
            left_out=frozenset({"information"}),
            reason=_SENT_BEFORE,
        ),
    )


def _oscar(stage: Stage) -> None:
    """A record approved that nobody has released."""
    (involvement,) = report(
        stage,
        part(
            stage, "oscar", "harmed", "assault",
            "Beaten on the way home; a rib is broken. He does not want to say by whom.",
            happened_at=stage.at(-4, 15, 30), serious_injury=YES, hospital_attended=YES,
        ),
        at=stage.at(-4, 16, 10),
    )  # fmt: skip
    meeting = convene(stage, involvement, stage.at(-3, 11), at=stage.at(-4, 16, 30))
    everybody_accepts(stage, meeting, at=stage.at(-3, 9), but=("virtual_school_head",))
    record = hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(
                    _SUPPORT,
                    (
                        action(
                            stage, "Change the route home with Oscar and his mother", "worker", 4
                        ),
                    ),
                ),
            ),
            left_out=frozenset({"information"}),
            reason=_SENT_BEFORE,
        ),
    )
    approved(stage, meeting, record, at=stage.at(-2, 9))


def _tyler(stage: Stage) -> None:
    """A record past its time and still a draft, with nothing heard from the father."""
    (involvement,) = report(
        stage,
        part(
            stage, "tyler", "suspected", "drugs_supply",
            "Found with eleven wraps and two telephones at the retail park.",
            happened_at=stage.at(-9, 14), class_a_supply=YES, exploitation_suspected=YES,
        ),
        at=stage.at(-9, 15),
    )  # fmt: skip
    meeting = convene(stage, involvement, stage.at(-8, 13), at=stage.at(-9, 15, 20))
    everybody_accepts(stage, meeting, at=stage.at(-8, 9))
    hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(_ENQUIRY),
                Agreed(
                    _SAFETY,
                    (
                        action(stage, "Refer to the national referral mechanism", "worker", -6),
                        action(stage, "Visit the father in prison", "worker", 8),
                        action(stage, "Keep the telephones as evidence", "police/Dawn Ellery", 6,
                               kind=ActionKind.DISRUPT),
                    ),
                ),
            ),
            left_out=frozenset({"information", "male_carer_voice"}),
            reason="The father could not be reached in prison; agencies sent their words before.",
        ),
    )  # fmt: skip


def _samuel(stage: Stage) -> None:
    """A draft that still has time."""
    (involvement,) = report(
        stage,
        part(
            stage, "samuel", "suspected", "other_weapon",
            "Brought a metal bar to school and gave it to the teacher when asked.",
            happened_at=stage.at(-5, 9), weapon_used=NO, serious_injury=NO, at_school=YES,
        ),
        at=stage.at(-5, 9, 45),
    )  # fmt: skip
    meeting = convene(
        stage, involvement, stage.at(-2, 9, 30), at=stage.at(-4, 10), minutes=45, by="worker",
        chair="east_manager",
    )  # fmt: skip
    everybody_accepts(stage, meeting, at=stage.at(-3, 10))
    hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(
                    _SUPPORT,
                    (action(stage, "Walk the way to school with Samuel twice", "worker", 2),),
                ),
            ),
            left_out=frozenset({"information"}),
            reason=_SENT_BEFORE,
        ),
    )


def _marcus(stage: Stage) -> None:
    """A discussion by telephone without its quorum: a follow-up is due."""
    (involvement,) = report(
        stage,
        part(
            stage, "marcus", "harmed", "knife",
            "Stabbed in the thigh outside a shop; out of danger, in hospital.",
            happened_at=stage.at(-2, 15, 15), weapon_used=YES, serious_injury=YES,
            hospital_attended=YES, retaliation_risk=YES, safe_now=NOT_KNOWN,
        ),
        at=stage.at(-2, 16, 5),
    )  # fmt: skip
    at = stage.at(-2, 16, 25)
    found = seats.for_meeting(
        involvement, "strategy", pack=stage.pack, starts_at=at, now=at
    ).invitees
    reached = [each for each in found if each.agency_kind in ("social_care", "hospital")]
    meeting = holding_now.hold_now(
        judgement_of(involvement),
        HeldNow(
            chair_id=stage.account_id("manager"),
            started_at=at,
            took_part=tuple(
                TookPart(seat=seats.seat_key(each.slot), name=each.name) for each in reached
            ),
            why="Friends of his gathered outside the hospital; it could not wait for the police.",
        ),
        actor=stage.actor("duty"),
        letterhead=stage.letterhead,
        now=at,
    )
    stage.post_leaves(at)
    hold(
        stage,
        meeting,
        Script(
            agreed=(
                Agreed(
                    _SAFETY,
                    (
                        action(stage, "Stay at the bedside until the police are there", "duty", -2,
                               kind=ActionKind.SAFETY),
                        action(stage, "Tell the hospital’s navigator", "hospital/Judith Amos", 1),
                    ),
                ),
            ),
            left_out=frozenset({"child_voice", "parent_voice", "identity", "history"}),
            reason="The rest is for the follow-up: this was twenty minutes by telephone.",
            inquorate_reason="Police did not answer; the ward could not wait.",
        ),
        scribe="duty",
    )  # fmt: skip
