"""Turns a letter into words: a subject, plain text, and the same words as simple HTML.

One text template per kind, ``templates/email/<kind>.txt``: the subject on the first line,
then paragraphs. The HTML is made from the rendered paragraphs, so both say the same.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.clock import london, today
from core.filters import plain_date, plain_instant, plain_time
from notifications.terms import Letter, Letterhead, LetterKind, Reason, ToldNext

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "email"
_URL = re.compile(r"(https?://[^\s]*[A-Za-z0-9/_~-])")

REASONS: dict[Reason, str] = {
    Reason.MORE_CAN_ATTEND: "more agencies can attend",
    Reason.NEEDED_SOONER: "the meeting is needed sooner",
    Reason.CHAIR_CANNOT_ATTEND: "the chair cannot attend",
    Reason.INFORMATION_AWAITED: "information that the meeting needs is still awaited",
    Reason.TIME_SUGGESTED: "another time was suggested and agreed",
    Reason.NOT_ENOUGH_AGENCIES: "not enough agencies could attend",
    Reason.JOINED_WITH_ANOTHER: "it has been joined with another meeting",
    Reason.REPLACED: "another meeting replaces it",
    Reason.HELD_BY_TELEPHONE: "it was held by telephone instead",
    Reason.NO_LONGER_NEEDED: "it is no longer needed, and no other meeting replaces it",
    Reason.ADDRESS_CORRECTED: "the invitation was sent to this address by mistake",
    Reason.NOT_ASKED_ANY_MORE: "your organisation is no longer asked to attend",
    Reason.ASK_US: "please ring us and we will explain",
}
TOLD_NEXT: dict[ToldNext, str] = {
    ToldNext.MANAGER: "your manager's contact",
    ToldNext.LEAD_PRACTITIONER: "the lead practitioner",
    ToldNext.AGENCY_LEAD: "your organisation's safeguarding lead",
    ToldNext.CHAIR: "the chair",
    ToldNext.HEAD_OF_SERVICE: "the head of service",
    ToldNext.PARTNERSHIP: "the safeguarding partnership",
}
MEETING_LINKS = frozenset(
    {
        LetterKind.INVITATION,
        LetterKind.UPDATE,
        LetterKind.JOINING_CHANGED,
        LetterKind.TIME_REFUSED,
        LetterKind.ANSWER_REMINDER,
        LetterKind.DAY_BEFORE,
        LetterKind.INFORMATION_REQUEST,
        LetterKind.RECORD_READY,
    }
)
ACTION_LINKS = frozenset(
    {
        LetterKind.ACTION_GIVEN,
        LetterKind.ACTION_REMINDER,
        LetterKind.ACTION_OVERDUE,
        LetterKind.DATE_AGREED,
        LetterKind.DATE_REFUSED,
        LetterKind.HAND_OVER_OFFERED,
        LetterKind.HAND_OVER_ACCEPTED,
        LetterKind.HAND_OVER_REFUSED,
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered letter."""

    subject: str
    text: str
    html: str


def render(letter: Letter, letterhead: Letterhead, *, now: datetime) -> Words:
    """Return the words of a letter, with "Urgent" first under 24 hours' notice."""
    template = _ENVIRONMENT.get_template(f"{letter.kind}.txt")
    values = _values(letter, letterhead, now)
    subject, _, body = template.render(values).partition("\n")
    if letter.is_urgent(now):
        subject = "Urgent: " + subject[:1].lower() + subject[1:]
    foot = _ENVIRONMENT.get_template("foot.txt").render(values)
    paragraphs = [" ".join(each.split()) for each in f"{body}\n\n{foot}".split("\n\n")]
    paragraphs = [each for each in paragraphs if each]
    html = _ENVIRONMENT.get_template("layout.html").render(
        subject=subject, paragraphs=[_pieces(each) for each in paragraphs]
    )
    return Words(subject=subject, text="\n\n".join(paragraphs) + "\n", html=html)


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """Return "Monday 10 March 2025, 9:30am to 10:30am", London time."""
    span = f"{plain_date(starts_at)}, {plain_time(starts_at)} to {plain_time(ends_at)}"
    same_day = today(starts_at) == today(ends_at)
    return span if same_day else f"{span} on {plain_date(ends_at)}"


def by_when(instant: datetime) -> str:
    """Return "6pm on Friday 7 March 2025"; a deadline at midnight reads 11:59pm.

    The end of a day must not read as its beginning, so midnight belongs to the day before.
    """
    wall = london(instant)
    if (wall.hour, wall.minute) == (0, 0):
        return f"11:59pm on {plain_date(date.fromordinal(wall.toordinal() - 1))}"
    return f"{plain_time(instant)} on {plain_date(instant)}"


def near_day(instant: datetime, now: datetime) -> str:
    """Return "Today", "Tomorrow" or the date, seen from London at ``now``."""
    days = (today(instant) - today(now)).days
    return {0: "Today", 1: "Tomorrow"}.get(days, plain_date(instant))


def _values(letter: Letter, letterhead: Letterhead, now: datetime) -> dict[str, object]:
    """Return all that a template may show; each value is finished."""
    label = letterhead.label
    return {
        "letter": letter,
        "reference": letter.reference,
        "label": label,
        "inline_label": label[:1].lower() + label[1:],
        "link": letterhead.base_url + letter.link if letter.link else "",
        "lines": [
            (line.reference, line.due_on, letterhead.base_url + line.link)
            for line in letter.lines or ()
        ],
        "team": letter.team.mail_name,
        "telephone": letter.team.telephone,
        "partnership": letterhead.partnership,
        "reason": REASONS[letter.reason] if letter.reason else "",
        "told_next": TOLD_NEXT[letter.told_next] if letter.told_next else "",
        "near_day": near_day(letter.starts_at, now) if letter.starts_at else "",
        "is_meeting_link": letter.kind in MEETING_LINKS,
        "is_action_link": letter.kind in ACTION_LINKS,
        "code": f"{letter.code[:3]} {letter.code[3:]}" if letter.code else "",
    }


def _pieces(paragraph: str) -> list[tuple[str, bool]]:
    """Split a paragraph into pieces, each with whether it is a web address."""
    return [(each, bool(_URL.fullmatch(each))) for each in _URL.split(paragraph) if each]


def _environment() -> Environment:
    """Return the templates' environment; a value that is missing fails instead of vanishing."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(date=plain_date, time=plain_time, at=plain_instant, by_when=by_when)
    environment.globals["time_span"] = time_span
    return environment


_ENVIRONMENT = _environment()
