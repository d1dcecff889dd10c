"""What the incident form shows and takes: choices of the pack, a child found or added, a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from marshmallow import ValidationError

from core import clock
from core.doors import actor, may, now
from core.fields import parts
from core.filters import plain_instant, plain_time
from core.settings import Settings
from meetings.choices import PartGiven
from meetings.models.incidents import Involvement
from meetings.rules.catalogue import CATALOGUE
from meetings.rules.rulebook import Rulebook, rulebook
from meetings.schemas.incidents import (
    ANSWER_NAMES,
    NewChildSchema,
    PartSchema,
    form_errors,
    from_form,
)
from people.queries import directory
from people.queries.search import LikelyDuplicate, find_children, likely_duplicates
from people.service import children
from people.terms import Action
from procedures.service import packs

Errors = dict[str, list[str]]
_MOST = 8
_NONE_OF_THEM = "none"
_NEW_CHILD = ("given_name", "family_name", "born_on")
# The box beside which a refusal of the service is shown.
BESIDE = {
    "incident.child_twice": "child",
    "incident.no_child": "child",
    "incident.future": "when",
    "incident.part": "part",
    "incident.kind": "kind",
    "incident.narrative": "narrative",
    "incident.score": "score-scale",
    "child.born_later": "new-born_on",
    "child.too_old": "new-born_on",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of reading the form: a part that can be recorded, or what is wrong.

    Attributes:
        duplicates: children that the one to be added may repeat; a person must say which.
    """

    part: PartGiven | None
    errors: Errors
    duplicates: tuple[LikelyDuplicate, ...] = ()


def take(form: Mapping[str, str]) -> Taken:
    """Read the form; a child is only added once everything else is right."""
    moment = now()
    data = from_form(form, moment)
    is_adding = not data.get("child_ref") and wants_to_add(form)
    if is_adding:
        data["child_ref"] = "new"
    errors: Errors = {}
    part: PartGiven | None = None
    try:
        part = PartSchema(now=moment, book=book(moment)).load(data)
    except ValidationError as fault:
        errors = form_errors(fault.messages_dict, form)
    if not is_adding:
        return Taken(part, errors)
    return _with_added_child(form, part, errors, moment)


def wants_to_add(form: Mapping[str, str]) -> bool:
    """Say whether somebody began to add a child who is not listed."""
    return any(text.strip() for name, text in form.items() if name.startswith("new-"))


def shown(
    values: Mapping[str, str],
    *,
    first: Involvement | None = None,
    errors: Errors | None = None,
    duplicates: Sequence[LikelyDuplicate] = (),
    is_looking: bool = False,
    saved_at: datetime | None = None,
) -> dict[str, object]:
    """Return all that the form's template shows."""
    errors = errors or {}
    found, message = _found(values, is_looking=is_looking)
    where = f"/incidents/{first.ref}/another" if first else "/incidents/new"
    return {
        "action": where,
        "draft_url": f"{where}/draft" if first else "/incidents/draft",
        "is_another": first is not None,
        "values": dict(values),
        "errors": errors,
        "found": found,
        "found_message": message,
        "duplicates": _same_options(duplicates),
        "may_add_child": may(Action.CHILD_CREATE),
        "is_adding": wants_to_add(values),
        "is_telling_more": _tells_more(values, errors),
        "choices": _choices(values, errors),
        "saved_at": plain_time(saved_at) if saved_at else None,
    }


def same_time(first: Involvement) -> dict[str, str]:
    """Return the boxes that another child's form starts with: the same time and kind."""
    return _boxes_of(first.happened_at) | {"kind": first.kind}


def as_it_was(values: Mapping[str, str], saved_at: datetime) -> dict[str, str]:
    """Return a draft's boxes with "just now" and "earlier today" said as the time they meant."""
    when = values.get("when")
    if when == "now":
        return dict(values) | _boxes_of(saved_at)
    if when == "earlier":
        day = _boxes_of(saved_at) | {"happened-clock": values.get("earlier-clock", "")}
        return dict(values) | day
    return dict(values)


def _boxes_of(instant: datetime) -> dict[str, str]:
    at = clock.london(instant)
    boxes = {
        "when": "other",
        "happened-day": str(at.day),
        "happened-month": str(at.month),
        "happened-year": str(at.year),
        "happened-clock": f"{at:%H:%M}",
    }
    is_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    return boxes | ({"fold": "after" if at.fold else "before"} if is_twice else {})


def telephones() -> list[dict[str, str]]:
    """Return whom to ring when a child is not safe, first the number everybody knows."""
    settings: Settings = current_app.extensions["settings"]
    numbers = [{"text": "Police and ambulance:", "number": "999"}]
    if settings.emergency_team_telephone:
        number = settings.emergency_team_telephone
        numbers.append({"text": "Emergency duty team:", "number": number})
    others = (
        {"text": f"{team.name}:", "number": team.telephone}
        for team in directory.emergency_teams()
        if team.telephone and team.telephone != settings.emergency_team_telephone
    )
    return [*numbers, *others]


def book(moment: datetime) -> Rulebook:
    """Return the rulebook in force."""
    return rulebook(packs.in_force(clock.today(moment))[1])


def scale_options(rules: Rulebook) -> list[dict[str, str]]:
    """Return the scales a score can stand on; "not scored yet" comes first."""
    options = [{"value": "", "text": "Not scored yet"}]
    for item in rules.scales.values():
        version = item.text("version")
        span = f"{item.number('lowest')} to {item.number('highest')}"
        words = f"{item.words}, version {version} ({span})"
        options.append({"value": f"{item.id}|{version}", "text": words})
    return options


def questions() -> list[dict[str, str]]:
    """Return what the rules ask about a child's part, in words."""
    return [{"name": name, "words": CATALOGUE[name].question} for name in ANSWER_NAMES]


def _with_added_child(
    form: Mapping[str, str], part: PartGiven | None, errors: Errors, moment: datetime
) -> Taken:
    if not may(Action.CHILD_CREATE):
        return Taken(None, errors | {"child": ["Select the child this is about."]})
    typed = parts({name[4:]: text for name, text in form.items() if name.startswith("new-")})
    try:
        details = NewChildSchema().load({key: text for key, text in typed.items() if text})
    except ValidationError as fault:
        wrong = {f"new-{name}": list(words) for name, words in fault.messages_dict.items()}
        return Taken(None, wrong | errors)
    same = form.get("same", "")
    if same and same != _NONE_OF_THEM:
        return Taken(replace(part, child_ref=same) if part else None, errors)
    duplicates = tuple(likely_duplicates(actor(), details, moment))
    if duplicates and not same:
        words = ["Say whether this is one of these children, or a child not listed."]
        return Taken(None, {"same": words} | errors, duplicates)
    if errors or part is None:
        return Taken(None, errors, duplicates)
    child = children.record(details, actor=actor(), now=moment)
    return Taken(replace(part, child_ref=child.ref), {})


def _found(
    values: Mapping[str, str], *, is_looking: bool
) -> tuple[list[dict[str, str]], str | None]:
    text = values.get("child-search", "")
    chosen = values.get("child", "")
    # What was typed is looked for again when no child was chosen: an error must not cost the list.
    if not is_looking and not text:
        return _chosen(chosen), None
    hits = find_children(actor(), text, now(), limit=_MOST)
    options = [{"value": hit.ref, "text": hit.text, "hint": hit.hint} for hit in hits[:_MOST]]
    if not hits:
        return _chosen(chosen), "No child matches. Check the spelling, or search by date of birth."
    if len(hits) > _MOST:
        return options, f"The first {_MOST} children are shown. Type more to find fewer."
    return options, f"{len(hits)} {'child' if len(hits) == 1 else 'children'} found"


def _chosen(ref: str) -> list[dict[str, str]]:
    """A child chosen on another page; only somebody who may see it gets more than the reference."""
    if not ref:
        return []
    hit = next(iter(find_children(actor(), ref, now(), limit=1)), None)
    if hit is None:
        return [{"value": ref, "text": ref}]
    return [{"value": hit.ref, "text": hit.text, "hint": hit.hint}]


def _same_options(duplicates: Sequence[LikelyDuplicate]) -> list[dict[str, str]]:
    options = [
        {
            "value": each.found.ref,
            "text": f"Yes: {each.found.text}",
            "hint": f"{each.found.hint}. {each.why}",
        }
        for each in duplicates
    ]
    if options:
        options.append({"value": _NONE_OF_THEM, "text": "No, this is a child not listed"})
    return options


def _tells_more(values: Mapping[str, str], errors: Errors) -> bool:
    names = {*ANSWER_NAMES, "score-value", "score-scored_by", "score-scale", "known-day"}
    told = any(values.get(name) not in (None, "", "not_known") for name in names - {"has_died"})
    return told or not names.isdisjoint(errors) or "known" in errors or "scored" in errors


def _choices(values: Mapping[str, str], errors: Errors) -> dict[str, Any]:
    moment = now()
    rules = book(moment)
    twice = any("twice" in words for messages in errors.values() for words in messages)
    return {
        "now": f"Just now, {plain_instant(moment)}",
        "parts": [{"value": item.id, "text": item.words} for item in rules.parts.values()],
        "kinds": [{"value": item.id, "text": item.words} for item in rules.kinds.values()],
        "scales": scale_options(rules),
        "questions": questions(),
        "asks_fold": twice or bool(values.get("fold")),
    }
