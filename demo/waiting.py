"""Stories that wait for somebody: incidents undecided, and proposals that no meeting is held."""

from __future__ import annotations

from demo.stage import Stage
from demo.verbs import NO, NOT_KNOWN, YES, judgement_of, part, report
from meetings.choices import ScoreGiven
from meetings.service import incidents, none_needed


def tell(stage: Stage) -> None:
    """Tell every story that waits for a decision."""
    _declan(stage)
    _grace(stage)
    _safiya(stage)
    _poppy(stage)
    _bethany(stage)
    _andrei(stage)


def _declan(stage: Stage) -> None:
    """Nobody has decided yet; the deadline is the next working day."""
    report(
        stage,
        part(
            stage, "declan", "harmed", "robbery",
            "His bicycle was taken by three young people; one of them showed a knife.",
            happened_at=stage.ago(hours=5), weapon_used=YES, serious_injury=NO,
        ),
        at=stage.ago(hours=3),
    )  # fmt: skip


def _grace(stage: Stage) -> None:
    """The deadline is over and nobody has decided."""
    report(
        stage,
        part(
            stage, "grace", "harmed", "assault",
            "Struck in the face on the school bus; two teeth are broken.",
            happened_at=stage.at(-3, 8, 20), serious_injury=YES, at_school=NO,
        ),
        at=stage.at(-3, 10),
    )  # fmt: skip


def _safiya(stage: Stage) -> None:
    """The worker proposes no meeting; the manager has not confirmed it."""
    (involvement,) = report(
        stage,
        part(
            stage, "safiya", "suspected", "other_weapon",
            "A pair of scissors from the art room was in her pocket at the gate.",
            happened_at=stage.at(-2, 15, 20), weapon_used=NO, serious_injury=NO, at_school=YES,
            harm_suspected=NO, exploitation_suspected=NO,
        ),
        at=stage.at(-2, 16),
    )  # fmt: skip
    at = stage.at(-1, 11)
    none_needed.no_meeting(
        judgement_of(involvement),
        "The art teacher had sent her to return the scissors; school and parents agree on it.",
        actor=stage.actor("duty"),
        letterhead=stage.letterhead,
        now=at,
    )
    stage.post_leaves(at)


def _poppy(stage: Stage) -> None:
    """The manager confirmed that no meeting is held."""
    (involvement,) = report(
        stage,
        part(
            stage, "poppy", "suspected", "other_weapon",
            "A penknife from a camping trip was in her bag.",
            happened_at=stage.at(-12, 9), weapon_used=NO, serious_injury=NO, at_school=YES,
        ),
        at=stage.at(-12, 10),
    )  # fmt: skip
    judgement = judgement_of(involvement)
    none_needed.no_meeting(
        judgement,
        "She handed it in herself on the first morning back, and the parents knew of it.",
        actor=stage.actor("duty"),
        letterhead=stage.letterhead,
        now=stage.at(-12, 11),
    )
    none_needed.confirm_none(
        judgement,
        actor=stage.actor("manager"),
        now=stage.at(-11, 9, 30),
    )
    stage.post_leaves(stage.at(-11, 9, 31))


def _bethany(stage: Stage) -> None:
    """Judged again: a score came that made it serious."""
    (involvement,) = report(
        stage,
        part(
            stage, "bethany", "suspected", "assault",
            "A fight outside a shop; she is said to have kicked a girl who lay on the ground.",
            happened_at=stage.at(-4, 16), weapon_used=NO, serious_injury=NO,
        ),
        at=stage.at(-3, 9),
    )  # fmt: skip
    at = stage.at(-1, 15)
    incidents.record_score(
        involvement,
        ScoreGiven(
            scale="yjb_seriousness",
            scale_version="2024",
            value=6,
            scored_by="Jo Lane",
            scored_on=stage.on(-1),
        ),
        actor=stage.actor("duty"),
        letterhead=stage.letterhead,
        now=at,
    )
    stage.post_leaves(at)


def _andrei(stage: Stage) -> None:
    """The child is not safe, and little is known of him."""
    report(
        stage,
        part(
            stage, "andrei", "at_risk", "threat",
            "Messages say where he lives and that “tonight is the night”. He does not go out.",
            happened_at=stage.ago(hours=2), threat_to_life=YES, safe_now=NO,
            exploitation_suspected=NOT_KNOWN, harm_suspected=YES,
        ),
        at=stage.ago(hours=1),
    )  # fmt: skip
