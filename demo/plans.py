"""What stands on the plans: sentences, voices, orders, other plans; and what owners did since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from core.db import session
from demo.stage import Stage
from meetings.service import codes
from people.terms import Actor
from plans.models import Action, Plan
from plans.queries.plans import open_plan_of
from plans.rules.escalation import read_ladder
from plans.service import actions, chasing, dates, hand_overs, parts, plans
from plans.service.chasing import Standard
from plans.service.versions import Row
from plans.terms import (
    ActionKind,
    DelayReason,
    EntryWords,
    HandOverReason,
    OrderKind,
    OrderWords,
    OwnerTo,
    PartWords,
    ProposedAction,
    Section,
    StrandKind,
    StrandWords,
    VoiceWords,
    Whose,
)

_SWEEP = Actor.system("the ladder of overdue actions")
_DAYS_OF_CHASING = 24


def tell(stage: Stage) -> None:
    """Write the plans, let owners act, and chase what is due day by day."""
    _jordans_plan(stage)
    _isaacs_plan(stage)
    _yusufs_plan(stage)
    _aminas_plan(stage)
    _lenas_plan(stage)
    _owners_act(stage)
    _chase(stage)


def _jordans_plan(stage: Stage) -> None:
    """A full plan: everything a first screen can show, in several versions."""
    plan = _plan(stage, "jordan")
    worker = stage.actor("worker")
    rows: tuple[PartWords, ...] = (
        EntryWords(Section.MATTERS, "Drawing, my brother, and getting the bus in peace."),
        EntryWords(Section.WORRY, "He carries a knife because he is afraid on the way home."),
        EntryWords(Section.STRENGTH, "A mother who rings at once, and a boxing coach he trusts."),
        EntryWords(Section.GOAL, "By summer he goes home alone and does not look behind him."),
        EntryWords(
            Section.CONTINGENCY,
            "Missing after nine in the evening: police and the emergency duty team at once.",
        ),
        VoiceWords(
            Whose.CHILD, "Jordan", "I want to get the bus without looking over my shoulder.",
            stage.on(-32), "Maya Brooks",
        ),
        VoiceWords(
            Whose.MOTHER, "Dana Castell", "I cannot be at home before seven.", stage.on(-32),
            "Maya Brooks",
        ),
        OrderWords(
            OrderKind.POLICE_BAIL, "Not to enter the bus station between 4pm and 7pm.",
            stage.on(-34), stage.on(4), "Northshire Police",
            "His school bus leaves from there at 4:10pm: he takes the 15 instead.",
        ),
        OrderWords(
            OrderKind.REFERRAL_ORDER, "Meets the panel each month; repairs with the park wardens.",
            stage.on(-20), stage.on(100), "Northshire Youth Justice Service",
        ),
        OrderWords(OrderKind.CURFEW, "At home from 8pm to 6am.", stage.on(-34), stage.on(-6)),
        StrandWords(StrandKind.YOUTH_JUSTICE, stage.on(6), "Jo Lane leads it."),
        StrandWords(StrandKind.EHC, None, "Assessment asked for; no date yet."),
    )  # fmt: skip
    made = _add(stage, plan, rows, days=-31)
    parts.change(
        plan,
        made[1],
        EntryWords(Section.WORRY, "He carried a knife because he is afraid on the way home."),
        seen_version=1,
        why="The knife was handed in; he says there is no other.",
        actor=worker,
        now=stage.at(-12, 10),
    )
    parts.end(
        plan,
        made[11],
        seen_version=1,
        why="The council refused the assessment; the school asks again in spring.",
        actor=worker,
        now=stage.at(-8, 10),
    )
    plans.set_review(
        plan, stage.on(9), seen_version=plan.version, today=stage.on(-8), actor=worker,
        now=stage.at(-8, 10, 5),
    )  # fmt: skip


def _isaacs_plan(stage: Stage) -> None:
    """Hardly a plan yet: no voice was heard and nobody watches an order."""
    rows = (
        EntryWords(Section.WORRY, "He was hurt by the same four people twice in a month."),
        VoiceWords(
            Whose.FATHER, "Carl Dean", missing_reason="Works nights; two calls went unanswered."
        ),
        OrderWords(OrderKind.RELEASED_UNDER_INVESTIGATION, "No conditions.", stage.on(-20), None),
        StrandWords(StrandKind.CHILD_PROTECTION, stage.on(15)),
    )
    _add(stage, _plan(stage, "isaac"), rows, days=-22)


def _yusufs_plan(stage: Stage) -> None:
    rows = (
        EntryWords(Section.MATTERS, "Boats."),
        EntryWords(Section.STRENGTH, "Both parents come to everything."),
        EntryWords(Section.CONTINGENCY, "If he stops coming to the yard, Jo rings the same day."),
        VoiceWords(Whose.CHILD, "Yusuf", "I’d go every day if they let me.", stage.on(-15), "Jo"),
    )
    _add(stage, _plan(stage, "yusuf"), rows, days=-15)


def _aminas_plan(stage: Stage) -> None:
    """A plan opened without a meeting, for a child looked after."""
    child, worker = stage.children["amina"], stage.actor("worker")
    plan = plans.open_plan(child.id, actor=worker, now=stage.at(-50, 10))
    rows = (
        EntryWords(Section.MATTERS, "My sisters, and staying at this school."),
        EntryWords(Section.GOAL, "She sees her sisters every second Saturday."),
        VoiceWords(Whose.CARER, "Jean Alder", "She has begun to laugh.", stage.on(-49), "Maya"),
        StrandWords(StrandKind.LOOKED_AFTER, stage.on(11)),
        StrandWords(StrandKind.PERSONAL_EDUCATION, stage.on(3)),
    )
    _add(stage, plan, rows, days=-49)
    social_care = stage.partnership.agencies["social_care"]
    actions.give(
        plan,
        ProposedAction(
            what="Book the minibus for the sisters’ Saturday",
            kind=ActionKind.SUPPORT,
            agency_id=social_care.id,
            due_on=stage.on(0),
            owner_name="Sam Okoro",
            owner_email="sam.okoro@northshire.example",
            owner_account_id=stage.account_id("duty"),
            how_known="All three sisters were there.",
        ),
        letterhead=stage.letterhead,
        actor=worker,
        now=stage.at(-9, 10),
    )
    stage.post_leaves(stage.at(-9, 10, 1))


def _lenas_plan(stage: Stage) -> None:
    """A plan that is closed."""
    child, worker = stage.children["lena"], stage.actor("worker")
    plan = plans.open_plan(child.id, actor=worker, now=stage.at(-120, 10))
    _add(stage, plan, (EntryWords(Section.WORRY, "Older friends with money."),), days=-119)
    plans.close(
        plan, why="Four months without an incident; she works and lives with her aunt.",
        actor=worker, now=stage.at(-20, 10),
    )  # fmt: skip


def _owners_act(stage: Stage) -> None:
    """What owners said from their links: done, another date, somebody else."""
    jordan, isaac, yusuf = (_actions(stage, each) for each in ("jordan", "isaac", "yusuf"))
    marcus = _actions(stage, "marcus")
    _done(stage, marcus["bedside"], "Two officers came at seven and stayed.", -1)
    _done(stage, jordan["mentoring"], "Went to the first two sessions and wants to go on.", -22)
    _done(stage, isaac["home from college"], "Driven home every day until the meeting.", -24)
    _done(stage, yusuf["whom to ring"], "The head of year has the number.", -13)
    dates.ask_new_date(
        isaac["navigator"],
        stage.on(4),
        reason=DelayReason.WAITING_LIST,
        letterhead=stage.letterhead,
        actor=_by_link("Judith Amos"),
        now=stage.at(-1, 13),
    )
    hand_overs.offer(
        yusuf["boat-building"],
        OwnerTo(
            "Nadia Frost", "nadia.frost@northshire.example",
            stage.partnership.agencies["youth_justice"].id,
        ),
        why=HandOverReason.AWAY,
        letterhead=stage.letterhead,
        actor=stage.actor("youth_justice"),
        now=stage.at(-2, 13),
    )  # fmt: skip
    tyler = _actions(stage, "tyler")
    request = dates.ask_new_date(
        tyler["telephones"],
        stage.on(12),
        reason=DelayReason.BLOCKED,
        letterhead=stage.letterhead,
        actor=_by_link("Dawn Ellery"),
        now=stage.at(-4, 9),
    )
    dates.decide_date(
        tyler["telephones"],
        request,
        agrees=True,
        note="The laboratory needs them until then.",
        letterhead=stage.letterhead,
        actor=stage.actor("worker"),
        now=stage.at(-3, 9),
    )
    stage.post_leaves(stage.at(-1, 13, 1))


def _chase(stage: Stage) -> None:
    """Take every step of the ladder on the morning it was due."""
    standard = Standard(
        read_ladder(
            stage.pack.items("ladder_step", on=stage.today),
            safety_divisor=stage.pack.settings.safety_action_divisor,
        ),
        stage.calendar,
    )
    for days in range(-_DAYS_OF_CHASING, 1):
        at = stage.at(days, 7, 30)
        if at > stage.now:
            break
        for action_id in chasing.due_today(standard, stage.on(days)):
            action = session.get_one(Action, action_id)
            if action.created_at < at:
                chasing.take_steps(
                    action, standard, letterhead=stage.letterhead, actor=_SWEEP, now=at
                )
        stage.post_leaves(at)


def _plan(stage: Stage, child: str) -> Plan:
    found = open_plan_of(stage.children[child].id)
    if found is None:
        raise LookupError(f"the meeting about {child} opened no plan")
    return found


def _add(stage: Stage, plan: Plan, rows: Sequence[PartWords], *, days: int) -> list[Row]:
    actor = stage.actor("worker")
    return [
        parts.add(plan, words, actor=actor, now=stage.at(days, 14) + place * timedelta(minutes=2))
        for place, words in enumerate(rows)
    ]


def _actions(stage: Stage, child: str) -> dict[str, Action]:
    """Return a child's actions, found by a piece of their words."""
    rows = session.scalars(select(Action).where(Action.child_id == stage.children[child].id))
    return _ByPiece({row.what: row for row in rows})


class _ByPiece(dict[str, Action]):
    """Finds the one action whose words hold the piece asked for."""

    def __missing__(self, piece: str) -> Action:
        (found,) = (row for what, row in self.items() if piece in what)
        return found


def _done(stage: Stage, action: Action, evidence: str, days: int) -> None:
    actions.done(
        action, evidence=evidence, actor=_by_link(action.owner_name or ""), now=stage.at(days, 15)
    )


def _by_link(name: str) -> Actor:
    return codes.by_link(name, "owner")
