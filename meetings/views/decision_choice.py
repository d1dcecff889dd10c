"""What can be chosen on the decision page: who is asked, when, by whom chaired, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.doors import actor, now
from core.filters import plain_date, plain_time
from meetings.models.incidents import Involvement, Judgement
from meetings.queries import diary
from meetings.rules import overlap, triggers
from meetings.rules.rulebook import rulebook
from meetings.service import guarding, judging, proposing, seats, timing
from meetings.terms import (
    Decision,
    Invitee,
    MeetingHow,
    Overlap,
    Question,
    Required,
    Requirement,
    Slot,
)
from meetings.views.incident_form import telephones
from people.models.accounts import Account
from people.queries import directory
from people.queries.contacts import directory as contacts_on
from procedures.service import packs
from procedures.terms import Pack

_HOW = {
    MeetingHow.ONLINE: "By video",
    MeetingHow.TELEPHONE: "By telephone",
    MeetingHow.IN_PERSON: "In person",
}
_MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template shows of the choice, and what the invitation rules do not know."""

    context: dict[str, object]
    questions: tuple[Question, ...]


def shown(
    involvement: Involvement,
    judgement: Judgement,
    decision: Decision,
    pack: Pack,
    values: Mapping[str, str],
    *,
    extras: Sequence[str],
) -> Shown:
    """Return what can be chosen, with the usual choice made already."""
    moment = now()
    kind = values.get("type") or proposing.usual_type(judgement, pack)
    chairs = proposing.chairs_for(involvement)
    chair = _chosen_chair(chairs, values.get("chair", ""))
    minutes = _minutes(values, kind, pack)
    found, times = proposing.proposal(
        involvement,
        judgement,
        kind=kind,
        chair_id=chair.id if chair else None,
        minutes=minutes,
        now=moment,
    )
    addresses = [invitee.email for invitee in found.invitees]
    both = seats.invited_elsewhere(involvement, addresses)
    context: dict[str, object] = {
        "values": _defaults(involvement, chair, minutes, kind, times) | dict(values),
        "invitees": [_row(invitee, both, values) for invitee in found.invitees],
        # What several are to be rung for is said once, above them.
        "ring_now": [
            {"words": words, "count": count}
            for words, count in Counter(each.ring for each in found.invitees if each.ring).items()
        ],
        "count": len(found.invitees) + len(extras) + _chair_counts(chair, found.invitees),
        "slots": [_slot(start, minutes) for start in times],
        "chairs": [{"value": str(each.id), "text": each.name} for each in chairs],
        "hows": [{"value": how.value, "text": words} for how, words in _HOW.items()],
        "types": _types(judgement, pack),
        "overlaps": booked_meetings(
            involvement, decision, found.required.slots, pack=pack, now=moment
        ),
        "tasks": asked_besides(decision, found.required),
        "prompts": list(dict.fromkeys((*decision.prompts, *found.required.prompts))),
        "found": _looked_up(values.get("look", ""), extras, moment),
        "hold": hold_reason(decision, pack, moment),
        "telephones": telephones(),
    }
    return Shown(context | _who_presses(involvement, judgement, pack), found.required.questions)


def booked_meetings(
    involvement: Involvement,
    decision: Decision,
    wanted: Sequence[Slot],
    *,
    pack: Pack,
    now: datetime,
) -> list[dict[str, object]]:
    """Return the meetings booked already for this child, each with whether it may serve."""
    fit = overlap.candidates(
        decision,
        wanted,
        diary.booked(involvement.child_id, now),
        child_id=str(involvement.child_id),
        pack=pack,
    )
    return [_overlap(each) for each in fit]


def asked_besides(decision: Decision, required: Required) -> list[str]:
    """Return what the rules ask for beside the meeting, and of whom."""
    due = (*decision.tasks, *required.tasks)
    return list(dict.fromkeys(f"{each.role_name}: {each.words}" for each in due))


def hold_reason(decision: Decision, pack: Pack, moment: datetime) -> dict[str, object] | None:
    """Return why "hold now by telephone" stands on the page, and whether it comes first.

    From the pack's late hour, at weekends and on holidays nobody answers mail any more: the
    emergency duty team's number is shown first whatever the deadline.
    """
    calendar = packs.calendar_of(pack)
    due = triggers.hold_now(decision, now=moment, pack=pack, calendar=calendar)
    if due is not None:
        return {"words": due, "is_first": True}
    here = clock.london(moment)
    is_late = here.time() >= pack.settings.hold_now_from or here.time() < pack.settings.day_start
    if is_late or not calendar.is_working_day(here.date()):
        words = "Offices are closing or closed. If it cannot wait, hold it now by telephone."
        return {"words": words, "is_first": True}
    return None


def chair_options(involvement: Involvement) -> list[dict[str, str]]:
    """Return who can chair, the manager of the child's team first."""
    return [
        {"value": str(each.id), "text": each.name} for each in proposing.chairs_for(involvement)
    ]


def _who_presses(involvement: Involvement, judgement: Judgement, pack: Pack) -> dict[str, object]:
    is_manager = guarding.manages(involvement, actor())
    asked = judgement.choice or {}
    return {
        "asks_manager": pack.settings.manager_press_first and not is_manager,
        "agrees": bool(asked) and is_manager,
        "asked_by": asked.get("asked_by", ""),
        "reason": judgement.reason or "",
    }


def _chosen_chair(chairs: Sequence[Account], chosen: str) -> Account | None:
    return next((each for each in chairs if str(each.id) == chosen), chairs[0] if chairs else None)


def _chair_counts(chair: Account | None, invitees: Sequence[Invitee]) -> int:
    """The chair gets an invitation too, unless a rule asks for the same person already."""
    if chair is None:
        return 0
    there = {(each.email or "").lower() for each in invitees} | {
        each.account_id for each in invitees
    }
    return 0 if chair.email.lower() in there or str(chair.id) in there else 1


def _minutes(values: Mapping[str, str], kind: str, pack: Pack) -> int:
    typed = values.get("minutes", "")
    if typed.isdigit() and timing.SHORTEST_MINUTES <= int(typed) <= timing.LONGEST_MINUTES:
        return int(typed)
    return proposing.usual_minutes(kind, pack)


def _defaults(
    involvement: Involvement,
    chair: Account | None,
    minutes: int,
    kind: str,
    times: Sequence[datetime],
) -> dict[str, str]:
    team_id = judging.team_of(involvement)
    team = directory.team(team_id) if team_id else None
    return {
        "when": times[0].isoformat() if times else "other",
        "chair": str(chair.id) if chair else "",
        "minutes": str(minutes),
        "how": MeetingHow.ONLINE.value,
        "joining": (team.joining or "") if team else "",
        "type": kind,
    }


def _row(invitee: Invitee, both: Collection[str], values: Mapping[str, str]) -> dict[str, object]:
    slots_of = (invitee.slot, *invitee.also)
    is_fixed = any(s.is_statutory or s.requirement is Requirement.QUORUM for s in slots_of)
    key = seats.seat_key(invitee.slot)
    rules = ", ".join(dict.fromkeys(slot.rule_id for slot in slots_of))
    return {
        "key": key,
        "agency": invitee.agency_name,
        "role": ", ".join(dict.fromkeys(slot.role_name for slot in slots_of)),
        "contact": [each for each in (invitee.name, invitee.email, invitee.telephone) if each],
        "summary": f"Why: {rules}" if is_fixed else f"Why: {rules}, or do not invite",
        "why": [slot.why for slot in slots_of],
        "source": invitee.slot.source,
        "fallback": invitee.fallback or "",
        "ring": invitee.ring or "",
        "is_fixed": is_fixed,
        "is_twice": (invitee.email or "").lower() in both,
        "is_dropped": f"drop-{key}" in values,
        "needed": "Needed for quorum" if is_fixed else invitee.slot.requirement.value.capitalize(),
    }


def _slot(start: datetime, minutes: int) -> dict[str, str]:
    ends_at = start + timedelta(minutes=minutes)
    text = f"{plain_date(start)}, {plain_time(start)} to {plain_time(ends_at)}"
    return {"value": start.isoformat(), "text": text}


def _types(judgement: Judgement, pack: Pack) -> list[dict[str, str]]:
    least = judging.rank_of(judgement.meeting_type, pack)
    items = [
        item
        for item in rulebook(pack).meeting_types.values()
        if item.number("rank") >= least
        and (item.text("family_mode") == "none" or judgement.meeting_type is None)
    ]
    items.sort(key=lambda item: item.number("rank"))
    return [{"value": item.id, "text": item.words} for item in items]


def _overlap(each: Overlap) -> dict[str, object]:
    when = f"{plain_date(each.starts_at)} at {plain_time(each.starts_at)}"
    return {
        "ref": each.ref,
        "words": f"{each.meeting_name}, {when}",
        "may_use": each.may_use,
        "why": each.why,
    }


def _looked_up(text: str, chosen: Sequence[str], moment: datetime) -> list[dict[str, str]]:
    """Entries of the directory that fit every word typed, and those chosen already."""
    words = text.lower().split()
    if not words and not chosen:
        return []
    found = []
    for entry in contacts_on(clock.today(moment)):
        key = seats.entry_key(entry)
        said = f"{entry.agency_name} {entry.name} {entry.role.replace('_', ' ')}".lower()
        if key in chosen or (words and all(word in said for word in words)):
            contact = entry.email or entry.telephone or "no contact recorded"
            found.append(
                {
                    "value": key,
                    "text": f"{entry.name}, {entry.agency_name}",
                    "hint": contact,
                    "order": "0" if key in chosen else "1",
                }
            )
    return sorted(found, key=lambda row: (row["order"], row["text"]))[:_MOST_FOUND]
