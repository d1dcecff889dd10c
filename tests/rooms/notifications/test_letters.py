"""The words of every mail: what they say, and above all what they cannot say."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import letters
from notifications.terms import (
    ABOUT_A_TIME,
    NEEDS,
    CalendarCancel,
    CalendarRefusal,
    CalendarRequest,
    ConveningTeam,
    DigestLine,
    EntryState,
    Letter,
    Letterhead,
    LetterKind,
    Reason,
    Recipient,
    ToldNext,
)
from tests.conformance.reading import leaves, mail_of, parsed, part_of
from tests.factories.mail import (
    BEFORE,
    LETTERHEAD,
    STARTS_AT,
    TEAM,
    make_cancel,
    make_full_letter,
    make_letter,
    make_request,
)

CANARIES = (
    "Jayden Testchild", "JT", "2011-05-14", "14 May 2011", "943 476 5919", "9434765919",
    "Hillside Academy", "12 Canary Lane", "WF1 3ZZ", "stabbing", "strategy meeting",
)  # fmt: skip
FREE_TEXT = [*CANARIES, "a\r\nBcc: x@y.example", "x\x00y", "\u202e", "{{ 7 * 7 }}", "<b>x</b>"]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.paragraph = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.paragraph = self.paragraph or tag == "p"

    def handle_endtag(self, tag: str) -> None:
        self.paragraph = self.paragraph and tag != "p"
        if tag == "p":
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self.paragraph:
            self.words.append(data)


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_of_letter_renders_with_and_without_what_is_optional(kind: LetterKind) -> None:
    for letter in (make_letter(kind), make_full_letter(kind)):
        words = letters.render(letter, LETTERHEAD, now=BEFORE)

        assert words.subject
        assert "\n" not in words.subject
        assert len(words.subject) <= 120
        assert "None" not in words.text
        assert "{" not in words.text
        assert "  " not in words.text
        assert TEAM.telephone in words.text
        assert "We leave personal details out of email on purpose." in words.text


@pytest.mark.parametrize("kind", LetterKind)
def test_plain_text_and_html_say_the_same_words(kind: LetterKind) -> None:
    words = letters.render(make_full_letter(kind), LETTERHEAD, now=BEFORE)

    reader = _Words()
    reader.feed(words.html)
    assert "".join(reader.words).split() == words.text.split()


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - {LetterKind.DIGEST}))
def test_a_mail_holds_one_link_no_picture_and_no_style(kind: LetterKind) -> None:
    words = letters.render(make_full_letter(kind), LETTERHEAD, now=BEFORE)

    links = set(re.findall(r"https?://\S+", words.text))
    assert len(links) <= 1
    assert set(re.findall(r'href="([^"]*)"', words.html)) == links
    assert not re.search(r"<(img|style|script|link|iframe)|style=", words.html)


def test_an_invitation_says_when_why_by_when_and_whom_to_ring() -> None:
    letter = make_full_letter(LetterKind.INVITATION)

    words = letters.render(letter, LETTERHEAD, now=BEFORE)
    assert words.subject == (
        "Please answer: multi-agency meeting M-4K7F3Q, Monday 30 March 2026 at 10am"
    )
    assert "When: Monday 30 March 2026, 10am to 11am, London time." in words.text
    assert "Answer by 9am on Saturday 28 March 2026" in words.text
    assert "press Accept or Decline in your calendar" in words.text
    assert "Questions: Northshire children's social care, 01632 960001." in words.text


def test_an_update_says_what_it_was_and_asks_again() -> None:
    words = letters.render(make_letter(LetterKind.UPDATE), LETTERHEAD, now=BEFORE)

    assert "It was Monday 30 March 2026, 7am to 8am." in words.text
    assert "Reason: more agencies can attend." in words.text
    assert "Please answer again" in words.text


def test_a_code_stands_in_threes_and_says_how_long_it_works() -> None:
    words = letters.render(make_letter(LetterKind.ACCESS_CODE), LETTERHEAD, now=BEFORE)

    assert words.subject == "Your code is 482 913"
    assert "10 minutes" in words.text


@pytest.mark.parametrize(("days", "said"), [(1, "1 working day:"), (2, "2 working days:")])
def test_one_day_is_one_day(days: int, said: str) -> None:
    letter = make_letter(LetterKind.ACTION_OVERDUE, days=days)

    assert said in letters.render(letter, LETTERHEAD, now=BEFORE).subject


@pytest.mark.parametrize(
    ("before", "is_urgent"),
    [
        (timedelta(hours=24), False),
        (timedelta(hours=24) - timedelta(seconds=1), True),
        (timedelta(minutes=5), True),
    ],
)
def test_urgent_stands_first_under_24_hours(before: timedelta, is_urgent: bool) -> None:
    words = letters.render(make_letter(), LETTERHEAD, now=STARTS_AT - before)

    assert words.subject.startswith("Urgent: please answer") is is_urgent


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - ABOUT_A_TIME))
def test_letters_that_are_not_about_a_time_are_never_urgent(kind: LetterKind) -> None:
    words = letters.render(make_full_letter(kind), LETTERHEAD, now=STARTS_AT)

    assert not words.subject.startswith("Urgent")


@pytest.mark.parametrize(
    ("before", "said"),
    [(timedelta(hours=1), "today at 10am"), (timedelta(hours=20), "tomorrow at 10am")],
)
def test_the_day_before_says_tomorrow(before: timedelta, said: str) -> None:
    words = letters.render(make_letter(LetterKind.DAY_BEFORE), LETTERHEAD, now=STARTS_AT - before)

    assert words.subject.startswith(f"Urgent: {said}")


def test_a_deadline_at_midnight_belongs_to_the_day_that_ends() -> None:
    midnight = datetime.fromisoformat("2026-03-10T00:00:00+00:00")

    assert letters.by_when(midnight) == "11:59pm on Monday 9 March 2026"


def test_a_meeting_over_midnight_names_both_days() -> None:
    late = datetime.fromisoformat("2026-03-10T23:30:00+00:00")

    said = letters.time_span(late, late + timedelta(hours=1))
    assert said == "Tuesday 10 March 2026, 11:30pm to 12:30am on Wednesday 11 March 2026"


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_lacking_what_it_needs_cannot_be_made(kind: LetterKind) -> None:
    for name in NEEDS[kind]:
        with pytest.raises(ValueError, match=name):
            make_letter(kind, **{name: None})


def test_no_field_of_an_envelope_takes_words() -> None:
    taking_words = {
        (type_.__name__, field.name)
        for type_ in (Letter, Recipient, CalendarRequest, CalendarCancel, CalendarRefusal)
        for field in fields(type_)
        if field.type in ("str", str, "str | None", str | None)
    }

    # Each of these is held to a pattern, which the next test attacks.
    assert taking_words == {
        ("Letter", "reference"), ("Letter", "other_reference"), ("Letter", "link"),
        ("Letter", "code"), ("Letter", "reply_token"), ("Recipient", "address"),
        ("CalendarRequest", "uid"), ("CalendarCancel", "uid"), ("CalendarRefusal", "uid"),
    }  # fmt: skip


@pytest.mark.parametrize("words", FREE_TEXT)
@pytest.mark.parametrize("name", ["reference", "other_reference", "link", "code", "reply_token"])
def test_a_users_words_fit_into_no_field(name: str, words: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a mail"):
        make_letter(**{name: words})


@pytest.mark.parametrize("words", FREE_TEXT)
def test_a_users_words_are_no_address_and_no_identity(words: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a mail"):
        Recipient(words)
    with pytest.raises(ValueError, match="cannot stand in a mail"):
        make_request(uid=words)


_INSTANTS = st.integers(0, 500_000).map(lambda minutes: BEFORE + timedelta(minutes=minutes))
_DATES = st.integers(0, 700).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
_REFERENCES = st.text("34679ACDEFGHJKMNPQRTWXY", min_size=6, max_size=6)


@st.composite
def _cases(draw: st.DrawFn, kind: LetterKind) -> Letter:
    """A letter of a kind with everything varied that a case could vary."""
    starts_at, was_at = draw(_INSTANTS), draw(_INSTANTS)
    return make_full_letter(
        kind,
        reference="M-" + draw(_REFERENCES),
        other_reference="M-" + draw(_REFERENCES),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 300))),
        was_starts_at=was_at,
        was_ends_at=was_at + timedelta(minutes=draw(st.integers(1, 300))),
        answer_by_at=draw(_INSTANTS),
        due_on=draw(_DATES),
        new_due_on=draw(_DATES),
        next_step_on=draw(_DATES),
        days=draw(st.integers(2, 90)),
        code=draw(st.text("0123456789", min_size=6, max_size=6)),
        reply_token=draw(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)),
        lines=tuple(
            DigestLine(reference="A-" + draw(_REFERENCES), due_on=draw(_DATES), link="/a/x")
            for _ in range(2)
        ),
        link="/r/" + draw(st.text("abcXYZ019_-", min_size=10, max_size=43)),
    )


_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ [A-Z][a-z]+ \d{4}"
_TIME = r"(?:\b\d+(?::\d\d)?[ap]m\b|midday|midnight)"
_MASKS = [
    (r"(?:reply|bounce)\+[a-z0-9]+@", "TOKEN@"),
    (r"https?://\S+", "LINK"),
    (rf"{_DAY}, {_TIME} to {_TIME}(?: on {_DAY})?", "TIME"),
    (_DAY, "TIME"),
    (_TIME, "TIME"),
    (r"[Tt](?:oday|omorrow)", "TIME"),
    (r"\d+ working days", "TIME"),
    (r"[MA]-[A-Z0-9]{6}", "REFERENCE"),
    (r"\d{3} \d{3}(?!\d)", "CODE"),
    (r"^Urgent: (\w)", lambda found: found.group(1).upper()),
    (r"\d{8}T\d{6}Z?", "TIME"),
    (r";TZID=Europe/London", ""),
    (r"UID:.*", "UID"),
]


def _masked(letter: Letter, now: datetime) -> str:
    """Return the whole mail with times, references and links masked."""
    if letter.kind in (LetterKind.INVITATION, LetterKind.UPDATE):
        part = part_of(make_request(kind=letter.kind, **_given(letter)), now=now)
    elif letter.kind in (LetterKind.CANCELLATION, LetterKind.UNINVITED):
        request = make_request(**_given(letter))
        part = part_of(make_cancel(request, kind=letter.kind, **_given(letter)), now=now)
    else:
        part = None
    message = parsed(mail_of(letter, part, now=now))
    headers = [f"{name}: {value}" for name, value in message.items() if name != "Date"]
    headers = [re.sub("Subject: Urgent: (.)", lambda f: f"Subject: {f[1].upper()}", each)
               for each in headers]  # fmt: skip
    bodies = [each.get_payload(decode=True).decode() for each in leaves(message)]
    text = "\n".join(headers + bodies).replace("\r\n ", "")
    text = text.replace("<title>Urgent: ", "<title>")
    for pattern, mask in _MASKS:
        text = re.sub(pattern, mask, text, flags=re.MULTILINE)
    return text.lower()


def _given(letter: Letter) -> dict[str, Any]:
    names = ("reference", "starts_at", "ends_at", "was_starts_at", "was_ends_at", "link",
             "reply_token", "reason", "recipient")  # fmt: skip
    return {name: getattr(letter, name) for name in names if getattr(letter, name) is not None}


@pytest.mark.parametrize("kind", LetterKind)
def test_mails_are_identical_once_time_reference_and_links_are_masked(kind: LetterKind) -> None:
    first = _masked(make_full_letter(kind, days=2), BEFORE)

    @settings(max_examples=25, deadline=None)
    @given(_cases(kind))
    def is_the_same(letter: Letter) -> None:
        text = _masked(letter, BEFORE)
        assert text == first
        assert not any(canary.lower() in text for canary in CANARIES if len(canary) > 2)

    is_the_same()


@settings(max_examples=300, deadline=None)
@given(name=st.text(max_size=90), partnership=st.text(max_size=90), label=st.text(max_size=90))
def test_no_text_in_a_letterhead_adds_a_header_or_an_addressee(
    name: str, partnership: str, label: str
) -> None:
    try:
        letterhead = replace(LETTERHEAD, from_name=name, partnership=partnership, label=label)
        team = ConveningTeam(mail_name=name, telephone="01632 960001")
    except ValueError:
        return
    request = make_request(team=team)

    raw = mail_of(request.letter, part_of(request, letterhead=letterhead), letterhead=letterhead)
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = re.findall(rb"^([A-Za-z-]+):", head, re.MULTILINE)
    assert len(names) == len(set(names))
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) < 998
    part = part_of(request, letterhead=letterhead).body
    assert len(re.findall(rb"^ATTENDEE", part, re.MULTILINE)) == 1
    assert len(re.findall(rb"^ORGANIZER", part, re.MULTILINE)) == 1
    assert part.count(b"BEGIN:") == 5
    assert len(leaves(parsed(raw))) == 4


def test_every_reason_and_step_has_words() -> None:
    assert set(letters.REASONS) == set(Reason)
    assert set(letters.TOLD_NEXT) == set(ToldNext)


def test_every_template_belongs_to_a_kind() -> None:
    found = {path.stem for path in letters.TEMPLATES.glob("*.txt")}

    assert found == {kind.value for kind in LetterKind} | {"foot"}


def test_a_letterhead_stands_on_a_domain_and_a_web_address() -> None:
    with pytest.raises(ValueError, match="mail domain"):
        replace(LETTERHEAD, domain="x.example\r\nBcc: a@b.example")
    with pytest.raises(ValueError, match="web address"):
        Letterhead(domain="x.example", from_name="A", partnership="B", base_url="javascript:x")


def test_a_held_slot_changes_nothing_in_the_words() -> None:
    request = replace(make_request(), state=EntryState.TENTATIVE)

    assert letters.render(request.letter, LETTERHEAD, now=BEFORE).subject
