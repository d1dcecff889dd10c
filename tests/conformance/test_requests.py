"""Cases C-001 to C-030: an invitation as it leaves (RFC 5545, 5546, 6047)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import getaddresses
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.parser import Contentline

from notifications import calendar
from notifications.service import new_reply_token
from notifications.terms import EntryState, Recipient
from tests.conformance.reading import calendar_of, event_of, leaves, mail_of, parsed, part_of
from tests.factories.mail import BEFORE, LETTERHEAD, STARTS_AT, make_letter, make_request

LONDON = ZoneInfo("Europe/London")


def _mail(**given: object) -> bytes:
    request = make_request(**given)
    return mail_of(request.letter, part_of(request))


def test_c001_the_calendar_part_is_the_last_leaf_of_the_first_part_and_again_a_file() -> None:
    message = parsed(_mail())

    alternative, attached = message.get_payload()
    assert message.get_content_type() == "multipart/mixed"
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in alternative.get_payload()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert attached.get_content_type() == "application/ics"
    assert attached.get_filename() == "invite.ics"
    calendar_leaf = alternative.get_payload()[2]
    assert attached.get_payload(decode=True) == calendar_leaf.get_payload(decode=True)
    assert calendar_leaf.get_content_disposition() is None


def test_c002_header_and_body_name_the_same_method() -> None:
    raw = _mail()

    [part] = [each for each in leaves(parsed(raw)) if each.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert calendar_of(raw)["METHOD"] == "REQUEST"


def test_c003_the_part_is_base64_of_valid_utf8() -> None:
    [part] = [
        each for each in leaves(parsed(_mail())) if each.get_content_type() == "text/calendar"
    ]

    assert part["Content-Transfer-Encoding"] == "base64"
    assert part.get_content_charset() == "utf-8"
    assert part.get_payload(decode=True).decode("utf-8")


def test_c004_version_prodid_and_method_stand_once_before_the_first_component() -> None:
    lines = part_of(make_request()).body.split(b"\r\n")

    names = [line.partition(b":")[0] for line in lines]
    first = lines.index(b"BEGIN:VTIMEZONE")
    for name in (b"VERSION", b"PRODID", b"METHOD"):
        assert names.count(name) == 1
        assert names.index(name) < first


@pytest.mark.parametrize("name", ["DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID", "ATTENDEE"])
def test_c005_what_a_request_must_hold_stands_there_once(name: str) -> None:
    event = event_of(part_of(make_request()).body)

    assert event.get(name) is not None
    assert not isinstance(event[name], list)


def test_c006_there_is_an_end_and_no_duration() -> None:
    event = event_of(part_of(make_request()).body)

    assert "DTEND" in event
    assert "DURATION" not in event


def test_c007_a_second_sending_renews_the_stamp_and_keeps_the_sequence() -> None:
    request = make_request()

    first = event_of(part_of(request, now=BEFORE).body)
    second = event_of(part_of(request, now=BEFORE + timedelta(minutes=10)).body)
    assert second["DTSTAMP"].dt - first["DTSTAMP"].dt == timedelta(minutes=10)
    assert re.search(rb"DTSTAMP:\d{8}T\d{6}Z\r\n", part_of(request).body)
    assert first["SEQUENCE"] == second["SEQUENCE"]


def test_c008_a_uid_is_random_and_named_after_the_mail_domain() -> None:
    uids = {make_request().uid for _ in range(50)}

    assert len(uids) == 50
    assert all(uid.endswith(f"@{LETTERHEAD.domain}") for uid in uids)


@pytest.mark.parametrize("sequence", [0, 1, 2, 3])
def test_c009_c010_the_stored_sequence_is_sent(sequence: int) -> None:
    event = event_of(part_of(make_request(sequence)).body)

    assert event["SEQUENCE"] == sequence


def test_c012_the_zone_comes_first_with_one_standard_and_one_daylight_rule() -> None:
    body = part_of(make_request()).body

    assert body.index(b"BEGIN:VTIMEZONE") < body.index(b"BEGIN:VEVENT")
    assert body.count(b"BEGIN:STANDARD") == body.count(b"BEGIN:DAYLIGHT") == 1
    assert re.findall(rb"RRULE:(.*)\r\n", body) == [
        b"FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        b"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ]
    assert b"RDATE" not in body


def test_c012_the_zone_agrees_with_the_database_of_zones_every_six_hours_to_2040() -> None:
    begin, end = datetime(2019, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    # Each onset is wall time before the change (RFC 5545 3.6.5): 2am in summer, 1am in winter.
    changes = sorted(
        [(at - timedelta(hours=1), timedelta()) for at in _sundays(10, 2, begin, end)]
        + [(at, timedelta(hours=1)) for at in _sundays(3, 1, begin, end)]
    )
    at, place, wrong = begin + timedelta(days=365), 0, 0
    while at < end:
        while place + 1 < len(changes) and changes[place + 1][0] <= at:
            place += 1
        wrong += at.astimezone(LONDON).utcoffset() != changes[place][1]
        at += timedelta(hours=6)

    assert wrong == 0


def _sundays(month: int, hour: int, begin: datetime, end: datetime) -> list[datetime]:
    """Return the last Sunday of a month in each year, as the rule of the zone counts them."""
    rule = rrulestr(
        f"FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU", dtstart=begin.replace(year=1981, hour=hour)
    )
    return list(rule.between(begin, end))


def test_c013_every_zone_used_is_defined() -> None:
    read = Calendar.from_ical(part_of(make_request()).body)

    used = {event["DTSTART"].params["TZID"] for event in read.walk("VEVENT")}
    assert used == {zone["TZID"] for zone in read.walk("VTIMEZONE")}


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [(27, "20260327T100000", 10), (30, "20260330T100000", 9)],
)
def test_c014_ten_oclock_is_ten_oclock_on_both_sides_of_the_change(
    day: int, wall: str, utc: int
) -> None:
    starts_at = datetime(2026, 3, day, utc, tzinfo=UTC)

    body = part_of(make_request(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))).body
    assert f"DTSTART;TZID=Europe/London:{wall}\r\n".encode() in body
    assert event_of(body)["DTSTART"].dt.astimezone(UTC) == starts_at


def test_the_second_pass_of_the_hour_that_happens_twice_is_written_in_utc() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    body = part_of(make_request(starts_at=second, ends_at=second + timedelta(hours=1))).body
    assert b"DTSTART:20261025T013000Z\r\n" in body
    assert event_of(body)["DTSTART"].dt == second


def test_c015_long_lines_fold_at_75_octets_and_never_inside_a_character() -> None:
    text = "SUMMARY:" + "Siân Ångström – café " * 15

    folded = calendar.fold(text)
    lines = folded.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode("utf-8") for line in lines)
    assert "".join(line.decode()[1 if place else 0 :] for place, line in enumerate(lines)) == text


def test_c015_every_line_of_a_part_is_short_and_ends_in_crlf() -> None:
    body = part_of(make_request()).body

    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 75


def test_c016_text_is_escaped_and_reads_back_equal() -> None:
    text = "Room 2, Hall; Floor\\1\nSecond line"

    line = f"LOCATION:{calendar.escape(text)}"
    assert line == "LOCATION:Room 2\\, Hall\\; Floor\\\\1\\nSecond line"
    event = event_of(
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
        + calendar.fold(line)
        + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert str(event["LOCATION"]) == text


def test_c017_a_name_with_quotes_commas_and_colons_is_one_quoted_parameter() -> None:
    letterhead = replace(LETTERHEAD, from_name='Jo "JJ" Lee, Duty: Team; X^')

    body = part_of(make_request(), letterhead=letterhead).body.replace(b"\r\n ", b"").decode()
    [line] = [each for each in body.split("\r\n") if each.startswith("ORGANIZER")]
    name = re.search(r'CN="([^"]*)"', line)
    assert name is not None
    assert "^" not in line
    assert Contentline(line).parts()[1]["CN"] == "Jo \u201dJJ\u201d Lee, Duty: Team; X "


def test_c018_a_line_break_in_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="plain text"):
        replace(LETTERHEAD, from_name="x\r\nATTENDEE:mailto:e@x.example")

    assert calendar.quoted("x\r\nATTENDEE:mailto:e@x") == '"xATTENDEE:mailto:e@x"'
    assert b"\r\n" not in calendar.fold("SUMMARY:" + calendar.escape("a\r\nb")).removesuffix(
        b"\r\n"
    )


def test_c019_a_mail_names_one_addressee_and_nobody_else() -> None:
    others = ("safeguarding@nhs.example", "duty@police.example")

    raw = _mail()
    event = calendar_of(raw).walk("VEVENT")[0]
    assert not isinstance(event["ATTENDEE"], list)
    readable = b"".join(part.get_payload(decode=True) for part in leaves(parsed(raw))) + raw
    assert not any(other.encode() in readable for other in others)


def test_c021_the_addressee_is_asked_for_an_answer() -> None:
    attendee = event_of(part_of(make_request()).body)["ATTENDEE"]

    assert attendee == "mailto:head@school.example"
    assert attendee.params["PARTSTAT"] == "NEEDS-ACTION"
    assert attendee.params["RSVP"] == "TRUE"
    assert attendee.params["ROLE"] == "REQ-PARTICIPANT"
    assert attendee.params["CUTYPE"] == "INDIVIDUAL"


def test_c022_the_organiser_is_a_bare_address_that_holds_the_token() -> None:
    request = make_request()

    organiser = event_of(part_of(request).body)["ORGANIZER"]
    assert organiser == f"mailto:reply+{request.letter.reply_token}@{LETTERHEAD.domain}"


def test_c023_tokens_differ_and_hold_at_least_128_bits() -> None:
    tokens = {new_reply_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(len(token) * 5 >= 128 for token in tokens)
    assert all(token == token.lower() for token in tokens)


@pytest.mark.parametrize(
    ("state", "status"),
    [(EntryState.TENTATIVE, "TENTATIVE"), (EntryState.CONFIRMED, "CONFIRMED")],
)
def test_c024_a_held_slot_is_tentative(state: EntryState, status: str) -> None:
    request = replace(make_request(), state=state)

    assert event_of(part_of(request).body)["STATUS"] == status


def test_the_entry_is_confidential_has_no_alarm_and_says_see_the_page() -> None:
    raw = _mail()

    read = calendar_of(raw)
    [event] = read.walk("VEVENT")
    assert event["CLASS"] == "CONFIDENTIAL"
    assert read.walk("VALARM") == []
    assert str(event["SUMMARY"]) == "Multi-agency meeting M-4K7F3Q"
    assert str(event["LOCATION"]) == "Joining details are on the page"


def test_c027_headers_say_automatic_and_carry_the_token_home() -> None:
    request = make_request()

    message = parsed(mail_of(request.letter, part_of(request)))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith(f"@{LETTERHEAD.domain}>")
    assert message["Date"]
    assert message["Reply-To"] == f"reply+{request.letter.reply_token}@{LETTERHEAD.domain}"
    for unwanted in ("List-Id", "List-Unsubscribe", "Precedence", "Cc", "Bcc", "Sender"):
        assert message[unwanted] is None


@pytest.mark.parametrize(
    "name", ["Duty team, Northshire", "Tîm dyletswydd Siân O’Neil – gwasanaeth plant", 'A "b" c']
)
def test_c028_names_with_accents_commas_and_quotes_read_back_equal(name: str) -> None:
    letterhead = replace(LETTERHEAD, from_name=name)

    raw = mail_of(make_letter(), letterhead=letterhead)
    # Not with policy.default: it reads a name of two encoded words with a blank too many.
    line = str(message_from_bytes(raw, policy=compat32)["From"])
    [(display, address)] = getaddresses([line])
    assert str(make_header(decode_header(display))) == name
    assert address == LETTERHEAD.from_address


def test_c028_a_subject_with_accents_reads_back_equal() -> None:
    letterhead = replace(LETTERHEAD, label="Cyfarfod amlasiantaeth – tîm")

    raw = mail_of(make_letter(), letterhead=letterhead)
    [line] = re.findall(rb"^Subject: ((?:.*\r\n )*.*)\r\n", raw, re.MULTILINE)
    subject = str(make_header(decode_header(line.decode())))
    assert subject.startswith("Please answer: cyfarfod amlasiantaeth – tîm M-4K7F3Q")


@pytest.mark.parametrize(
    "address",
    [
        "no-at.example", "two@@x.example", "a b@x.example", "x@y.example\r\nBcc: z@z.example",
        "alice@nhs.example(<bob@evil.example>", "ü@x.example", "<a@x.example>", "a@-x.example",
        "x" * 65 + "@x.example",
    ],
)  # fmt: skip
def test_an_address_outside_the_grammar_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="email address"):
        Recipient(address)


def test_starts_are_aware() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        make_letter(starts_at=STARTS_AT.replace(tzinfo=None))
