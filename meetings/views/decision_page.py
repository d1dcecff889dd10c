"""What the decision page says: the deadline with its sum, the rules, what changed, the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core import clock
from core.db import Json
from core.doors import actor, may, now
from core.filters import plain_instant
from meetings.models.incidents import Involvement, Judgement
from meetings.queries import incidents as read
from meetings.rules.catalogue import CATALOGUE
from meetings.schemas.incidents import ANSWER_NAMES
from meetings.service import guarding, judging
from meetings.terms import Alternative, Decision, FiredRule, JudgementStatus, Question
from meetings.views import decision_choice
from people.models.children import Child
from people.queries import accounts, children
from people.queries.network import NetworkEntry, network_of
from people.terms import Action, ConnectionKind, ConnectionStatus, Resource
from procedures.service import packs
from procedures.terms import Pack

_UNDECIDED = (JudgementStatus.OPEN, JudgementStatus.NONE_PROPOSED)
_STATUS = {
    ConnectionStatus.NOT_KNOWN: "Not known",
    ConnectionStatus.NOT_REGISTERED: "Not registered",
    ConnectionStatus.ENQUIRY_MADE: "Not known: enquiry made",
    ConnectionStatus.UNSAFE_TO_INVOLVE: "Unsafe to involve",
    ConnectionStatus.NONE: "Checked: there is none",
}
_KINDS = (
    (ConnectionKind.SCHOOL, "School"),
    (ConnectionKind.GP, "GP"),
    (ConnectionKind.YOUTH_JUSTICE, "Youth justice"),
    (ConnectionKind.SOCIAL_WORKER, "Social worker"),
    (ConnectionKind.PARENT, "Parents"),
    (ConnectionKind.CARER, "Carers"),
    (ConnectionKind.SIBLING, "Siblings"),
)
_AFTER_PARENTS = 5
_BECAUSE = {
    "another_child": "another child was recorded in this incident",
    "score": "a score was added",
    "answer": "more became known",
    "cleared": "the manager recorded that neither harm nor exploitation is suspected",
    "facts": "what is recorded about the child changed",
    "inquorate": "the discussion took place without its legal quorum",
}
_CONFIDENCE = {
    "V": "read in the source",
    "S": "from a published audit",
    "K": "recalled, to be confirmed by the practice lead",
    "D": "a default of this service",
}


def shown(
    involvement: Involvement,
    judgement: Judgement,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    extras: Sequence[str] = (),
) -> dict[str, object]:
    """Return all that the page's template shows."""
    moment = now()
    _, pack = packs.of(judgement.pack_version_id)
    decision = Decision.from_dict(judgement.verdict)
    child = children.by_id(involvement.child_id)
    assert child is not None  # noqa: S101 - a foreign key holds it
    said: dict[str, object] = {
        "ref": involvement.ref,
        "child_ref": child.ref,
        "identity": children.identity_of(child, moment),
        "decision": _said(decision, pack),
        "change": _change(involvement, judgement),
        "errors": dict(errors or {}),
        "outcome": _outcome(judgement),
        "network": _network(child, moment),
        "may": _permissions(involvement, judgement),
        "is_undecided": judgement.status in _UNDECIDED,
        "is_none_proposed": judgement.status is JudgementStatus.NONE_PROPOSED,
        "is_stale": _is_stale(involvement, judgement, pack, moment),
        "asks_overlap": bool(values.get("overlap_reason") or (errors or {}).get("overlap_reason")),
        "asks_fold": bool(values.get("fold")) or _says_twice(errors or {}),
        "values": dict(values),
    }
    if judgement.status not in _UNDECIDED:
        return said | {"questions": _questions(decision, decision.questions)}
    choice = decision_choice.shown(involvement, judgement, decision, pack, values, extras=extras)
    asked = (*decision.questions, *choice.questions)
    return said | choice.context | {"questions": _questions(decision, asked)}


def _says_twice(errors: Mapping[str, Sequence[str]]) -> bool:
    return any("twice" in words for messages in errors.values() for words in messages)


def _said(decision: Decision, pack: Pack) -> dict[str, object]:
    name, due = decision.meeting_name, decision.deadline
    if due is None:
        title = "No rule that is sure asks for a meeting"
    else:
        title = f"A {name[:1].lower()}{name[1:]} is needed by {due.by}"
    return {
        "title": title,
        "why": decision.why,
        "working": due.working if due else "",
        "legal_on": due.legal_on if due and due.legal_on != due.on else None,
        "rules": [_rule(rule) for rule in decision.fired],
        "not_fired": [
            {"id": rule.rule_id, "words": rule.words, "why": rule.why, "is_open": rule.is_open}
            for rule in decision.not_fired
        ],
        "alternatives": [_alternative(other) for other in decision.alternatives],
        "warnings": decision.warnings,
        "decide_by": decision.decide_by.working,
        "pack": f"{pack.words} ({pack.name}, version {pack.number})",
    }


def _rule(rule: FiredRule) -> dict[str, object]:
    return {
        "id": rule.rule_id,
        "words": rule.words,
        "why": rule.why,
        "source": f"{rule.source} ({_CONFIDENCE.get(rule.confidence, rule.confidence)})",
        "by": rule.deadline.by if rule.deadline else "",
        "working": rule.deadline.working if rule.deadline else "",
    }


def _alternative(other: Alternative) -> str:
    sooner = ", which is sooner" if other.is_sooner else ""
    return (
        f"If {other.only_if}: {other.meeting_name.lower()} by {other.deadline.by}{sooner} "
        f"({other.rule_id}; {other.deadline.working})."
    )


def said_because(involvement: Involvement, change: Mapping[str, str]) -> str:
    """Return why it was judged again; that there is another child is for those who see the link."""
    because = change["because"]
    if because != "another_child" or may(Action.INCIDENT_LINK, read.resource(involvement.ref)):
        return because
    return "more_known"


def _change(involvement: Involvement, judgement: Judgement) -> dict[str, str] | None:
    """What differs from the judgement before, and what became of a meeting arranged for it."""
    change = judgement.change
    if change is None:
        return None
    was, is_now = (_short(change[key]) for key in ("was", "now"))
    because = said_because(involvement, change)
    why = _BECAUSE.get(because, "something became known")
    words = f"This was judged again on {plain_instant(judgement.made_at)}, because {why}."
    told = "The decision is the same." if was == is_now else f"Before: {was}. Now: {is_now}."
    meeting = ""
    if change.get("meeting_ref") and judgement.status in _UNDECIDED:
        meeting = (
            f"{change['meeting_ref']} does not answer this any more. It still stands: nobody was "
            "told anything. Use it, move it or stand it down yourself."
        )
    return {"words": words, "told": told, "meeting": meeting}


def _short(side: Mapping[str, str]) -> str:
    if not side["meeting"]:
        return "no meeting asked for"
    return f"{side['meeting'].lower()} by {side['by']}"


def _outcome(judgement: Judgement) -> dict[str, str] | None:
    meeting = read.meeting_of(judgement)
    names = accounts.names_of(
        {each for each in (judgement.decided_by_id, judgement.confirmed_by_id) if each}
    )
    by = names.get(judgement.decided_by_id, "Confer") if judgement.decided_by_id else "Confer"
    if meeting is not None:
        return {
            "words": f"{meeting.type_name}, {plain_instant(meeting.starts_at)}",
            "href": f"/meetings/{meeting.ref}",
            "ref": meeting.ref,
            "by": by,
        }
    if judgement.status is JudgementStatus.NONE_CONFIRMED:
        confirmed = names.get(judgement.confirmed_by_id, "") if judgement.confirmed_by_id else ""
        return {
            "words": f"No meeting: {judgement.reason}",
            "href": "",
            "ref": "",
            "by": f"{by}, confirmed by {confirmed}",
        }
    return None


def _network(child: Child, moment: datetime) -> dict[str, object]:
    """Who the child is connected to; a kind that nobody recorded reads "not known"."""
    entries = network_of(child.id, clock.today(moment))
    worker_id = child.allocated_to_id
    worker = accounts.names_of({worker_id}).get(worker_id) if worker_id else None
    rows: list[dict[str, object]] = []
    for kind, words in _KINDS:
        mine = [entry for entry in entries if entry.kind is kind and not entry.is_male_carer]
        if kind is ConnectionKind.SOCIAL_WORKER and worker and not mine:
            rows.append({"key": words, "value": f"{worker}, allocated", "is_missing": False})
        else:
            rows.append(_network_row(words, mine))
    men = [entry for entry in entries if entry.is_male_carer]
    rows.insert(_AFTER_PARENTS, _network_row("Father or male carers", men))
    missing = [str(row["key"]) for row in rows if row["is_missing"]]
    return {"rows": rows, "missing": ", ".join(missing).lower().replace("gp", "GP")}


def _network_row(words: str, entries: Sequence[NetworkEntry]) -> dict[str, object]:
    said = [_named(entry) for entry in entries] or ["Not known: nobody recorded it"]
    known = any(entry.status is ConnectionStatus.KNOWN for entry in entries)
    none = any(entry.status is ConnectionStatus.NONE for entry in entries)
    return {"key": words, "value": "; ".join(said), "is_missing": not (known or none)}


def _named(entry: NetworkEntry) -> str:
    who = entry.agency_name or entry.person_name or entry.professional_name
    status = _STATUS.get(entry.status, "")
    named = " ".join(part for part in (who, f"({entry.relationship})" if entry.relationship else "")
                     if part)  # fmt: skip
    return f"{named}: {status}" if named and status else named or status


def _questions(decision: Decision, asked: Sequence[Question]) -> dict[str, list[dict[str, str]]]:
    """Split what is not known by where it is answered, and by what it could hasten."""
    hastens = {other.rule_id for other in decision.alternatives if other.is_sooner}
    found: dict[str, dict[str, dict[str, str]]] = {"sooner": {}, "later": {}, "there": {}}
    for question in asked:
        rules = ", ".join(question.rule_ids)
        row = {"name": question.fact, "words": question.words, "rules": rules}
        if question.fact in ANSWER_NAMES:
            place = "sooner" if _could_hasten(question, decision, hastens) else "later"
            if not any(question.fact in found[side] for side in ("sooner", "later")):
                found[place][question.fact] = row
        elif question.fact in CATALOGUE and "people" in CATALOGUE[question.fact].recorded:
            found["there"].setdefault(question.fact, row)
    return {place: list(rows.values()) for place, rows in found.items()}


def _could_hasten(question: Question, decision: Decision, hastens: set[str]) -> bool:
    """Say whether an answer could bring the meeting forward: its words stand in the "if"."""
    if hastens.isdisjoint(question.rule_ids):
        return False
    said = CATALOGUE[question.fact].yes
    return any(said in other.only_if for other in decision.alternatives if other.is_sooner)


def _permissions(involvement: Involvement, judgement: Judgement) -> dict[str, bool]:
    thing: Resource | None = read.resource(involvement.ref)
    is_manager = guarding.manages(involvement, actor())
    return {
        "send": may(Action.MEETING_CREATE, thing),
        "answer": may(Action.INCIDENT_RECORD, thing),
        "none": may(Action.JUDGEMENT_NO_MEETING, thing),
        "confirm": is_manager and judgement.status is JudgementStatus.NONE_PROPOSED,
        "neither": is_manager and involvement.cleared_at is None,
        "link": may(Action.INCIDENT_LINK, thing),
    }


def _is_stale(involvement: Involvement, judgement: Judgement, pack: Pack, moment: datetime) -> bool:
    """Say whether what is recorded now would be judged otherwise."""
    if judgement.status not in _UNDECIDED or (judgement.change or {}).get("because") == "inquorate":
        return False
    now = judging.decide(involvement, pack, moment).to_dict()
    return _answer_of(now) != _answer_of(judgement.verdict)


def _answer_of(verdict: Json) -> Json:
    """Return what the rules answer: why a rule did not fire holds words that age with the child."""
    return verdict | {"not_fired": [rule["rule_id"] for rule in verdict["not_fired"]]}
