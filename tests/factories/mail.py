"""Letters and calendar entries for tests: invented, complete, with sane defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from notifications.service import new_reply_token, new_uid
from notifications.terms import (
    NEEDS,
    CalendarCancel,
    CalendarRequest,
    ConveningTeam,
    DigestLine,
    Letter,
    Letterhead,
    LetterKind,
    Reason,
    Recipient,
    ToldNext,
)

# Monday 30 March 2026, 10:00 in London: the day after the clocks went forward.
STARTS_AT = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
BEFORE = STARTS_AT - timedelta(days=5)
LETTERHEAD = Letterhead(
    domain="meetings.confer.example",
    from_name="Safeguarding meetings",
    partnership="Northshire Safeguarding Children Partnership",
    base_url="https://confer.example",
)
TEAM = ConveningTeam(mail_name="Northshire children's social care", telephone="01632 960001")
ADDRESS = "head@school.example"


def make_letter(kind: LetterKind = LetterKind.INVITATION, **given: Any) -> Letter:
    """Return a letter with everything its kind needs, and what is given instead."""
    every: dict[str, Any] = {
        "link": "/r/Zq3-x_Y7abcdefghijklmnop",
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT + timedelta(hours=1),
        "was_starts_at": STARTS_AT - timedelta(hours=3),
        "was_ends_at": STARTS_AT - timedelta(hours=2),
        "answer_by_at": STARTS_AT - timedelta(days=2),
        "due_on": date(2026, 4, 20),
        "new_due_on": date(2026, 4, 27),
        "days": 2,
        "reason": Reason.MORE_CAN_ATTEND,
        "code": "482913",
        "lines": (
            DigestLine(reference="A-7F3K9Q", due_on=date(2026, 4, 20), link="/a/Zq3-x_Y7abc"),
            DigestLine(reference="A-6XW4TC", due_on=date(2026, 4, 21), link="/a/Yq3-x_Y7abc"),
        ),
    }
    needed = {name: every[name] for name in NEEDS[kind]}
    is_action = "due_on" in NEEDS[kind] and kind is not LetterKind.RECORD_LATE
    values: dict[str, Any] = {
        "reference": "A-7F3K9Q" if is_action else "M-4K7F3Q",
        "recipient": Recipient(ADDRESS),
        "team": TEAM,
        "reply_token": new_reply_token(),
        **needed,
        **given,
    }
    return Letter(kind=kind, **values)


def make_full_letter(kind: LetterKind, **given: Any) -> Letter:
    """Return a letter in which every optional field is filled, too."""
    return make_letter(
        kind,
        **{
            "answer_by_at": STARTS_AT - timedelta(days=2),
            "other_reference": "M-6XW4TC",
            "next_step_on": date(2026, 4, 22),
            "told_next": ToldNext.AGENCY_LEAD,
            "reason": Reason.JOINED_WITH_ANOTHER,
            **given,
        },
    )


def make_request(sequence: int = 0, uid: str | None = None, **given: Any) -> CalendarRequest:
    """Return a request; an update as soon as the sequence is above 0."""
    kind = given.pop("kind", LetterKind.UPDATE if sequence else LetterKind.INVITATION)
    return CalendarRequest(
        letter=make_letter(kind, **given), uid=uid or new_uid(LETTERHEAD.domain), sequence=sequence
    )


def make_cancel(request: CalendarRequest, **given: Any) -> CalendarCancel:
    """Return the cancellation of a request, one sequence later."""
    kind = given.pop("kind", LetterKind.CANCELLATION)
    values = {
        "recipient": request.letter.recipient,
        "reply_token": request.letter.reply_token,
        "ends_at": request.letter.ends_at,
        "reason": Reason.NO_LONGER_NEEDED,
        **given,
    }
    return CalendarCancel(
        letter=make_letter(kind, **values), uid=request.uid, sequence=request.sequence + 1
    )
