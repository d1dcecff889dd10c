"""What a plan lacks: a lead, an owner, a date, a voice, a contingency, a fact never asked."""

from __future__ import annotations

from plans.terms import Gap, GapKind, PlanFacts, Section, VoiceFacts, Whose

# Asked for on every plan; a carer or somebody else is heard where there is one.
_ASKED_FOR = (Whose.CHILD, Whose.MOTHER, Whose.FATHER)
_VOICE_WORDS = {
    Whose.CHILD: "the child's own words",
    Whose.MOTHER: "mother's views",
    Whose.FATHER: "views of the father or male carers",
}


def gaps(facts: PlanFacts) -> tuple[Gap, ...]:
    """Return everything the plan lacks, the most pressing first, as words after "Missing:".

    Source: local standard from joint targeted area inspections of serious youth violence:
    plans without fathers' views, without named owners and dates, and with disability
    recorded for 4 of 36 children where 16 had one.
    """
    return (
        *_lead_gaps(facts),
        *missing_voices(facts.voices),
        *_action_gaps(facts),
        *_section_gaps(facts),
        *(
            Gap(GapKind.ORDER_WATCH, f"who watches: {name}", name)
            for name in facts.unwatched_orders
        ),
        *(Gap(GapKind.CHILD_FACT, f"not asked yet: {name}", name) for name in facts.unasked),
    )


def missing_voices(voices: tuple[VoiceFacts, ...]) -> tuple[Gap, ...]:
    """Return the voices neither heard nor explained, each parent separately.

    Source: local standard: the child, the mother, and the father or male carers are each
    asked, or the plan says why not.
    Why: reviews found plans made without fathers or other male carers.
    """
    settled = {voice.whose for voice in voices if voice.is_heard or voice.missing_reason}
    return tuple(
        Gap(GapKind.VOICE, _VOICE_WORDS[whose], whose.value)
        for whose in _ASKED_FOR
        if whose not in settled
    )


def _lead_gaps(facts: PlanFacts) -> tuple[Gap, ...]:
    found = []
    if not facts.has_lead:
        found.append(Gap(GapKind.LEAD, "a lead practitioner"))
    if facts.review_on is None:
        found.append(Gap(GapKind.REVIEW_DATE, "a date for the next review"))
    return tuple(found)


def _action_gaps(facts: PlanFacts) -> tuple[Gap, ...]:
    ownerless = [action.ref for action in facts.actions if not action.has_owner]
    dateless = [action.ref for action in facts.actions if not action.has_date]
    return (
        *(Gap(GapKind.OWNER, f"a named owner of {ref}", ref) for ref in ownerless),
        *(Gap(GapKind.DUE_DATE, f"a date for {ref}", ref) for ref in dateless),
    )


def _section_gaps(facts: PlanFacts) -> tuple[Gap, ...]:
    found = []
    if Section.MATTERS not in facts.sections:
        found.append(Gap(GapKind.MATTERS, "what matters to the child"))
    if Section.CONTINGENCY not in facts.sections:
        found.append(Gap(GapKind.CONTINGENCY, "contingency: who does what if things change"))
    return tuple(found)
