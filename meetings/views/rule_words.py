"""Rules as sentences, for people who have never seen the file they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meetings.rules.case import vocabulary_of
from meetings.rules.trial import Seat, Tally, Tried
from meetings.terms import Requirement
from procedures.printing import sentence
from procedures.rules.timescales import said
from procedures.terms import (
    AllOf,
    AnyOf,
    Condition,
    Confidence,
    Force,
    Item,
    Not,
    Pack,
    Part,
    Test,
    Timescale,
    Unit,
    Vocabulary,
)

SECTION_NAMES: Mapping[str, str] = {
    "trigger": "When a meeting is needed",
    "invitation": "Who is invited",
    "follow_on": "Dates that follow a meeting",
    "ladder_step": "When an action is late",
    "meeting_type": "Meetings",
    "definition": "What words mean",
    "task": "Tasks that rules give",
    "role": "Roles",
    "agency_kind": "Kinds of agency",
    "scale": "Scales of seriousness",
    "legal_status": "Legal statuses",
    "incident_kind": "Kinds of incident",
    "offence_group": "Offence groups",
    "part": "A child's part in an incident",
    "reason": "Reasons in mail",
}
FORCE: Mapping[Force, str] = {
    Force.STATUTE: "law",
    Force.GUIDANCE: "statutory guidance",
    Force.LOCAL: "local agreement",
    Force.PRACTICE: "good practice",
    Force.DEFAULT: "default of this service",
}
CONFIDENCE: Mapping[Confidence, str] = {
    Confidence.VERIFIED: "read in the source",
    Confidence.AUDIT: "from a published audit",
    Confidence.RECALLED: "settled practice, to be confirmed",
    Confidence.PRODUCT: "a default of this service, to be confirmed",
}
REQUIREMENT: Mapping[Requirement, str] = {
    Requirement.QUORUM: "required: the meeting needs them",
    Requirement.EXPECTED: "expected to come",
    Requirement.OPTIONAL: "invited, and free to stay away",
    Requirement.REPORT_ONLY: "sends a report",
    Requirement.INFORM: "told of it, not invited",
}
UNIT: Mapping[Unit, str] = {
    Unit.SAME_DAY: "the same day",
    Unit.HOURS: "hours",
    Unit.WORKING_DAYS: "working days",
    Unit.CALENDAR_DAYS: "calendar days",
    Unit.WEEKS: "weeks",
    Unit.MONTHS: "calendar months",
    Unit.SCHOOL_DAYS: "school days",
}
_EVENTS: Mapping[str, str] = {
    "known_at": "it became known",
    "recorded_at": "it was recorded",
    "happened_at": "it happened",
    "scored_up_at": "a later score made it serious",
    "serious_incident_notified_at": "the national Panel was notified",
    "held_on": "the meeting was held",
}
_HEAD = frozenset({"when", "slot", "outcome", "meetings", "quorum", "complete", "agenda"})


def sentences(item: Item, pack: Pack) -> list[str]:
    """Return what a rule says, one sentence after another."""
    vocabulary = vocabulary_of(pack)
    if item.section == "invitation":
        return list(_invitation(item, pack, vocabulary))
    if item.section == "trigger":
        return list(_trigger(item, pack, vocabulary))
    return list(_any_other(item, pack, vocabulary))


def condition(given: Condition, vocabulary: Vocabulary) -> str:
    """Return a condition as a sentence, with values by their names."""
    return sentence(_named(given, vocabulary), vocabulary.facts)


def source(item: Item) -> str:
    """Return where a rule comes from and how sure that is."""
    return (
        f"{item.source.text}, {item.source.on:%B %Y} "
        f"({FORCE[item.source.force]}; {CONFIDENCE[item.source.confidence]})"
    )


def dates(item: Item) -> str:
    """Return from when, and until when, a rule holds."""
    ends = f" until {item.effective_to:%-d %B %Y}" if item.effective_to else ""
    return f"From {item.effective_from:%-d %B %Y}{ends}"


def event(name: str) -> str:
    """Return a moment that times are counted from, in words."""
    return _EVENTS.get(name, name.removesuffix("_at").removesuffix("_on").replace("_", " "))


def requirement(name: str) -> str:
    """Return how firmly somebody is asked, in words."""
    return REQUIREMENT[Requirement(name)]


def tried(one: Tried) -> dict[str, object]:
    """Return one trial as sentences; nothing in them tells who the child is."""
    age = "age not known" if one.age is None else f"{one.age} years old"
    return {
        "ref": one.ref,
        "about": f"{one.kind}, {one.part.lower()}, {age}, {one.legal_status.lower()}",
        "lines": list(_differences(one)),
        "differs": one.changed.is_anything,
    }


def tally(total: Tally) -> list[str]:
    """Return what many trials came to, as sentences."""
    many = f"{_count(total.tried, 'incident')} tried; {total.differ} would be answered otherwise."
    meetings = (
        f"{_count(total.need_meeting_now, 'incident')} would now need a meeting; "
        f"{total.no_meeting_now} would no longer need one."
    )
    lines = [many, meetings]
    if total.other_meeting or total.sooner or total.later:
        lines.append(
            f"{total.other_meeting} would get another kind of meeting, {total.sooner} an earlier "
            f"date and {total.later} a later one."
        )
    lines.append(
        f"Over the {_count(total.with_meeting, 'incident')} with a meeting: "
        f"{total.added_on_average:.1f} more and {total.dropped_on_average:.1f} fewer "
        f"professionals invited on average, and {_count(total.firmer, 'seat')} asked more or less "
        "firmly."
    )
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _differences(one: Tried) -> Iterator[str]:
    changed, after, before = one.changed, one.after, one.before
    if not changed.is_anything:
        meeting = f"{after.meeting_name} by {after.by}" if after.meeting_type else "no meeting"
        yield f"Nothing would differ: {meeting}, {_count(len(after.seats), 'invitee')}."
        return
    if changed.needs_meeting_now:
        rules = ", ".join(after.rule_ids)
        yield f"A meeting would now be needed: {after.meeting_name} by {after.by} ({rules})."
    if changed.no_meeting_now:
        yield f"No meeting would be needed any more (before: {before.meeting_name})."
    if changed.other_meeting:
        yield f"{after.meeting_name} instead of {before.meeting_name}."
    if changed.is_sooner or changed.is_later:
        yield f"By {after.by} instead of {before.by}."
    for seat in changed.added:
        yield f"{seat.role_name} would now be invited ({_asked(seat)}), because {_why(seat)}."
    for seat in changed.dropped:
        yield f"{seat.role_name} would not be invited any more ({seat.rule_id})."
    was = {seat.key: seat for seat in before.seats}
    for seat in changed.firmer:
        yield (
            f"{seat.role_name}: now {_asked(seat)}, before {_asked(was[seat.key])}, "
            f"because {_why(seat)}."
        )


def _asked(seat: Seat) -> str:
    return requirement(seat.requirement)


def _why(seat: Seat) -> str:
    return f"{seat.rule_id}, {seat.why[:1].lower()}{seat.why[1:]}"


def _invitation(item: Item, pack: Pack, vocabulary: Vocabulary) -> Iterator[str]:
    meetings = [pack.words_of("meeting_type", one).lower() for one in item.texts("meetings")]
    yield f"{_when(item, vocabulary)}, at these meetings: {', '.join(meetings)}."
    for slot in item.parts("slot"):
        yield _seat(slot, pack, vocabulary)
    yield from _lists(item, pack)


def _seat(slot: Part, pack: Pack, vocabulary: Vocabulary) -> str:
    role = pack.words_of("role", slot.text("role"))
    law = ", by law" if slot.flag("is_statutory") else ""
    only = f", when {condition(slot.condition(), vocabulary)}" if "when" in slot.fields else ""
    chain = [pack.words_of("role", one) for one in slot.texts("fallback")]
    then = f" If nobody fills it: {', then '.join(chain)}." if chain else ""
    return f"{role} ({requirement(slot.text('requirement'))}{law}){only}.{then}"


def _trigger(item: Item, pack: Pack, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"{_when(item, vocabulary)}:"
    for outcome in item.parts("outcome"):
        meeting = pack.words_of("meeting_type", outcome.text("meeting"))
        within = outcome.timescale("within")
        limit = timescale(within) if within else ""
        only = (
            f", when {condition(outcome.condition(), vocabulary)}"
            if "when" in outcome.fields
            else ""
        )
        yield f"{meeting}, {limit}{only}."
    yield from _lists(item, pack)


def timescale(given: Timescale) -> str:
    """Return a limit in words: "1 working day after it became known"."""
    side = "before" if given.is_before else "after"
    if given.unit is Unit.SAME_DAY:
        return f"the same day as {event(given.event)}"
    lead = "at least " if given.is_before else "within "
    return f"{lead}{said(given)} {side} {event(given.event)}"


def _when(item: Item, vocabulary: Vocabulary) -> str:
    words = condition(item.condition(), vocabulary)
    return "Always" if words == "always" else f"When {words}"


def _lists(item: Item, pack: Pack) -> Iterator[str]:
    tasks = [pack.words_of("task", one) for one in item.texts("tasks")]
    if tasks:
        yield f"Tasks: {'; '.join(tasks)}."
    yield from item.texts("prompts")
    yield from item.texts("warnings")


def _any_other(item: Item, pack: Pack, vocabulary: Vocabulary) -> Iterator[str]:
    if "when" in item.fields:
        yield f"{_when(item, vocabulary)}."
    for name, value in item.fields.items():
        label = name.replace("_", " ").capitalize()
        if name in _HEAD:
            continue
        if isinstance(value, Timescale):
            yield f"{label}: {timescale(value)}."
        elif isinstance(value, bool):
            yield f"{label}: {'yes' if value else 'no'}."
        elif isinstance(value, str | int):
            yield f"{label}: {_value(value, pack)}."
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            yield f"{label}: {', '.join(_value(str(one), pack) for one in value)}."
    for group in item.parts("quorum"):
        yield f"Quorum: {group.text('words')}."


def _value(value: str | int, pack: Pack) -> str:
    """A field that names entries of a section shows their words."""
    if isinstance(value, int):
        return str(value)
    for section in ("meeting_type", "role", "agency_kind", "offence_group"):
        if any(one.id == value for one in pack.items(section)):
            return pack.words_of(section, value)
    return value.rstrip(".")


def _named(given: Condition, vocabulary: Vocabulary) -> Condition:
    if isinstance(given, Test):
        names = vocabulary.names.get(given.fact, {})
        value = given.value
        if isinstance(value, frozenset):
            value = frozenset(names.get(one, one.replace("_", " ")) for one in value)
        elif isinstance(value, str):
            value = names.get(value, value.replace("_", " "))
        return Test(given.fact, given.operator, value)
    if isinstance(given, Not):
        return Not(_named(given.part, vocabulary))
    parts = tuple(_named(part, vocabulary) for part in given.parts)
    return AllOf(parts) if isinstance(given, AllOf) else AnyOf(parts)
