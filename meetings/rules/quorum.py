"""Whether the legal quorum is there, and whether everybody expected is: two different things."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.rules.case import case_of
from meetings.terms import (
    AttendanceState,
    ChildFacts,
    GroupStanding,
    IncidentFacts,
    InvitationState,
    Party,
    Quorum,
    Standing,
)
from procedures.rules.conditions import truth
from procedures.rules.working_days import WorkingCalendar
from procedures.terms import Facts, Pack, PackSettings, Part, Truth

_COMING = {
    InvitationState.ACCEPTED: Standing.LIKELY,
    InvitationState.DEPUTY: Standing.LIKELY,
    InvitationState.ACCEPTED_PART: Standing.LIKELY,
    InvitationState.NOT_SENT: Standing.NOT_KNOWN,
    InvitationState.NO_ANSWER: Standing.NOT_KNOWN,
    InvitationState.TENTATIVE: Standing.NOT_KNOWN,
    InvitationState.UNDELIVERABLE: Standing.NOT_KNOWN,
}
_THERE = (AttendanceState.PRESENT, AttendanceState.PART)
_WORDS = {
    Standing.MET: "Quorum met",
    Standing.LIKELY: "Quorum likely",
    Standing.NOT_KNOWN: "Quorum not known yet",
    Standing.NOT_MET: "No quorum",
}
_COMPLETE = {
    Standing.MET: "all took part",
    Standing.LIKELY: "all are likely to take part",
    Standing.NOT_KNOWN: "not known yet",
    Standing.NOT_MET: "not all take part",
}


def forecast(
    meeting_type: str,
    parties: Sequence[Party],
    *,
    child: ChildFacts,
    incident: IncidentFacts | None,
    pack: Pack,
    calendar: WorkingCalendar,
) -> Quorum:
    """Return what the answers so far promise; a forecast is at best "likely", never "met".

    Source: field guide 0, facts 7 and 8: legal quorum and local completeness are two flags.
    """
    facts = case_of(incident, child, pack=pack, calendar=calendar).facts
    return _quorum(meeting_type, parties, facts, pack, is_forecast=True)


def legal_forecast(meeting_type: str, parties: Sequence[Party], *, pack: Pack) -> Standing:
    """Return whether the legal quorum is likely: what ``forecast`` says first, without its words.

    The legal quorum asks for agencies and nothing else, so neither child nor incident is needed.

    Source: field guide 0, fact 7 (the legal quorum is a flag of its own).
    """
    return _weakest(
        [
            _group(part, parties, pack.settings, is_forecast=True, is_legal=True)
            for part in pack.item("meeting_type", meeting_type).parts("quorum")
        ]
    )


def actual(
    meeting_type: str,
    parties: Sequence[Party],
    *,
    child: ChildFacts,
    incident: IncidentFacts | None,
    pack: Pack,
    calendar: WorkingCalendar,
) -> Quorum:
    """Return who took part, by attendance; nobody marked yet counts as not there.

    Information sent in counts for completeness, and for the legal quorum only where the pack
    says so.

    Source: field guide 4.2 and 11b (an inquorate discussion is never counted as quorate).
    """
    facts = case_of(incident, child, pack=pack, calendar=calendar).facts
    return _quorum(meeting_type, parties, facts, pack, is_forecast=False)


def _quorum(
    meeting_type: str, parties: Sequence[Party], facts: Facts, pack: Pack, *, is_forecast: bool
) -> Quorum:
    item = pack.item("meeting_type", meeting_type)
    settings = pack.settings
    legal = tuple(
        _group(part, parties, settings, is_forecast=is_forecast, is_legal=True)
        for part in item.parts("quorum")
    )
    # Whether a group is expected may itself be unknown: it is then expected.
    asked = [part for part in item.parts("complete") if _may_be_expected(part, facts)]
    local = tuple(
        _group(part, parties, settings, is_forecast=is_forecast, is_legal=False) for part in asked
    )
    complete = (
        *(
            _group(part, parties, settings, is_forecast=is_forecast, is_legal=False)
            for part in item.parts("quorum")
            if _may_be_expected(part, facts)
        ),
        *local,
    )
    legally, completely = _weakest(legal), _weakest(complete)
    return Quorum(
        is_forecast=is_forecast,
        legal=legally,
        complete=completely,
        legal_groups=legal,
        complete_groups=complete,
        words=_say(_WORDS[legally], legal),
        complete_words=_say_locally(completely, complete, local),
    )


def _group(
    part: Part,
    parties: Sequence[Party],
    settings: PackSettings,
    *,
    is_forecast: bool,
    is_legal: bool,
) -> GroupStanding:
    kinds = part.texts("any_of")
    needed = part.number("at_least", default=1)
    mine = [party for party in parties if party.agency_kind in kinds]
    standings = [
        (party, _standing(party, settings, is_forecast=is_forecast, is_legal=is_legal))
        for party in mine
    ]
    sure = _agencies(party for party, one in standings if one in (Standing.MET, Standing.LIKELY))
    open_ = _agencies(party for party, one in standings if one is Standing.NOT_KNOWN)
    open_ = tuple(name for name in open_ if name not in sure)
    if len(sure) >= needed:
        standing = Standing.LIKELY if is_forecast else Standing.MET
    elif len(sure) + len(open_) >= needed:
        standing = Standing.NOT_KNOWN
    else:
        excused = bool(mine) and all(party.is_excused for party in mine) and not is_legal
        standing = _excused(is_forecast=is_forecast) if excused else Standing.NOT_MET
    return GroupStanding(part.text("words"), standing, needed, sure, open_)


def _standing(
    party: Party, settings: PackSettings, *, is_forecast: bool, is_legal: bool
) -> Standing:
    if party.has_written and (not is_legal or settings.written_counts_for_quorum):
        return Standing.LIKELY if is_forecast else Standing.MET
    if not is_forecast or party.attendance is not None:
        part_is_enough = settings.part_counts_for_quorum or not is_legal
        if party.attendance is AttendanceState.PART and not part_is_enough:
            return Standing.NOT_MET
        if party.attendance in _THERE:
            return Standing.LIKELY if is_forecast else Standing.MET
        report = party.attendance is AttendanceState.REPORT_ONLY and (
            not is_legal or settings.written_counts_for_quorum
        )
        return Standing.MET if report else Standing.NOT_MET
    in_part = party.answer is InvitationState.ACCEPTED_PART
    if in_part and is_legal and not settings.part_counts_for_quorum:
        return Standing.NOT_MET
    if party.answer is InvitationState.INFORMATION and not is_legal:
        return Standing.LIKELY
    return _COMING.get(party.answer, Standing.NOT_MET)


def _excused(*, is_forecast: bool) -> Standing:
    return Standing.LIKELY if is_forecast else Standing.MET


def _agencies(parties: object) -> tuple[str, ...]:
    """Each agency once: two people of one agency are one agency."""
    names: dict[str, str] = {}
    for party in parties:  # type: ignore[attr-defined]
        names.setdefault(party.agency_id or party.agency_name or party.agency_kind, _name(party))
    return tuple(names.values())


def _name(party: Party) -> str:
    return party.agency_name or party.agency_kind


def _weakest(groups: Sequence[GroupStanding]) -> Standing:
    order = (Standing.NOT_MET, Standing.NOT_KNOWN, Standing.LIKELY, Standing.MET)
    return min((group.standing for group in groups), key=order.index, default=Standing.NOT_MET)


def _may_be_expected(part: Part, facts: Facts) -> bool:
    return truth(part.condition(), facts) is not Truth.NO


def _say_locally(
    standing: Standing, complete: Sequence[GroupStanding], local: Sequence[GroupStanding]
) -> str:
    """Name who is expected beyond the law: "expected" alone reads as everybody invited."""
    names = ", ".join(dict.fromkeys(group.words for group in local)) or "nobody else"
    return f"Also expected here ({names}): {_say(_COMPLETE[standing], complete)}"


def _say(lead: str, groups: Sequence[GroupStanding]) -> str:
    missing = [
        group.words for group in groups if group.standing in (Standing.NOT_MET, Standing.NOT_KNOWN)
    ]
    return f"{lead}: {', '.join(dict.fromkeys(missing))} missing" if missing else lead
