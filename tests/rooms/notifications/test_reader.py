"""Hostile mail: read in a child under limits, and whatever happens the next one is read."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from notifications import intake, stored
from notifications.reader import Reader
from notifications.terms import InboundKind
from tests.data.mail.filled import filled


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as made:
        yield made


def _calendar(event: str, *, method: str = "REPLY", more: str = "") -> bytes:
    return (
        "From: a@x.example\r\nTo: reply+abcdefghijklmnopqrstuvwxy2@m.example\r\n"
        "Content-Type: text/calendar; charset=utf-8\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:u\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.example\r\n{event}\r\n"
        f"END:VEVENT\r\nEND:VCALENDAR\r\n{more}"
    ).encode()


def test_the_child_reads_what_the_reader_would(reader: Reader) -> None:
    raw = filled("outlook_reply")

    assert reader.read(raw) == intake.read(raw)


@pytest.mark.parametrize(
    "name", ["outlook_reply", "outlook_counter", "delivery_report", "free_text", "out_of_office"]
)
def test_what_was_read_survives_being_stored(name: str) -> None:
    read = intake.read(filled(name))

    assert stored.from_json(stored.to_json(read)) == read


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"not a mail at all",
        b"From: a@x.example\r\nFrom: b@x.example\r\n\r\nbody",
        b"From: a@x.example\r\nContent-Type: text/plain;" + b" a*0=b;" * 10_000 + b"\r\n\r\n",
        b"X: " + b"y" * 900_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 500 + b"\r\n\r\n",
        b'From: x@y.example\r\nTo: "' + b'"' * 7_000 + b"\r\n\r\n",
        b"From: " + b"(" * 7_000 + b"\r\n\r\n",
        b"From: a@x.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
        b"From: a@x.example\r\nContent-Type: text/calendar; charset=nonsense\r\n\r\n\xff\xfe",
        b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\n" * 100_000,
        b"From: a@x.example\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(1_500)
        ),
        b"From: a@x.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 1_500,
        _calendar("DTSTART;TZID=Europe:20260330T100000", method="COUNTER"),
        _calendar('DTSTART;TZID="A","B":20260101', method="COUNTER"),
        _calendar("SEQUENCE:99999999999999999999"),
        _calendar("SEQUENCE:1\r\nSEQUENCE:2"),
        _calendar("SEQUENCE:one"),
        _calendar("UID:another"),
        _calendar("ATTENDEE\r\n;PARTSTAT=ACCEPTED:mailto:b@x.example"),
        _calendar("RRULE:FREQ=SECONDLY\r\nDTSTART:19700101T000000Z"),
        _calendar("END:VEVENT\r\nBEGIN:VEVENT\r\nUID:v"),
        b"From: a@x.example\r\nContent-Type: text/calendar\r\n\r\n"
        + b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        + b"BEGIN:VEVENT\r\n" * 20_000,
    ],
    ids=range(24),
)
def test_a_hostile_mail_is_read_or_set_aside_and_never_taken_as_anything_else(
    reader: Reader, raw: bytes
) -> None:
    begun = time.monotonic()

    read = reader.read(raw)
    assert time.monotonic() - begun < 8
    assert read.kind in InboundKind
    assert len(read.text) <= 4000
    assert reader.read(filled("outlook_reply")).kind is InboundKind.REPLY


@pytest.mark.parametrize(
    "event",
    [
        "SEQUENCE:1\r\nSEQUENCE:2",
        "SEQUENCE:99999999999999999999",
        "UID:another",
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:v\r\nATTENDEE;PARTSTAT=DECLINED:mailto:a@x.example",
    ],
)
def test_what_is_said_twice_or_broken_goes_to_a_person(event: str) -> None:
    assert intake.read(_calendar(event)).kind is InboundKind.ODD


def test_two_senders_are_refused_before_parsing() -> None:
    raw = b"From: a@x.example\r\n" + filled("outlook_reply")

    read = intake.read(raw)
    assert read.kind is InboundKind.ODD
    assert "twice" in read.why


def test_two_different_tokens_in_one_header_are_no_token() -> None:
    raw = filled("minimal_reply").replace(
        b"To: ", b"To: reply+zzzzzzzzzzzzzzzzzzzzzzzzz2@meetings.confer.example, "
    )

    assert intake.read(raw).token is None


def test_a_token_that_a_server_wrote_in_capitals_is_the_same() -> None:
    raw = filled("minimal_reply").replace(
        b"reply+abcdefghijklmnopqrstuvwxy2", b"REPLY+ABCDEFGHIJKLMNOPQRSTUVWXY2"
    )

    assert intake.read(raw).token == "abcdefghijklmnopqrstuvwxy2"


def test_a_suggested_time_with_a_zone_and_utc_at_once_is_not_believed() -> None:
    raw = _calendar("DTSTART;TZID=Europe/London:20260330T100000Z", method="COUNTER")

    read = intake.read(raw)
    assert read.kind is InboundKind.COUNTER
    assert read.reply is not None
    assert read.reply.proposed_starts_at is None


def test_a_suggested_time_without_a_zone_is_not_believed() -> None:
    raw = _calendar("DTSTART;TZID=Nowhere/Land:20260330T100000", method="COUNTER")

    read = intake.read(raw)
    assert read.reply is not None
    assert read.reply.proposed_starts_at is None


def test_a_latin_body_keeps_its_letters() -> None:
    raw = filled("minimal_reply").replace(b"text/calendar", b"text/calendar; charset=iso-8859-1")
    raw = raw.replace(b"STATUS:CONFIRMED", "COMMENT:Siân".encode("latin-1"))

    read = intake.read(raw)
    assert read.reply is not None
    assert read.reply.comment == "Siân"


def test_two_calendars_in_one_part_that_agree_on_the_method_are_told_apart() -> None:
    raw = filled("minimal_reply")
    body = raw[raw.index(b"BEGIN:VCALENDAR") :]

    assert intake.read(raw + body).kind is InboundKind.ODD


def test_a_mail_that_hangs_the_child_is_set_aside_in_time() -> None:
    with Reader(deadline_seconds=0.0) as impatient:
        read = impatient.read(filled("outlook_reply"))

    assert read.kind is InboundKind.ODD
    assert "limits" in read.why


def test_what_postgresql_refuses_is_left_out_of_what_is_stored() -> None:
    raw = b"From: a\x00b@x.example\r\nMessage-ID: <a\x00b@x>\r\nSubject: \xff\r\n\r\nw\x00rds \xff"

    values = stored.to_json(intake.read(raw))
    assert "\x00" not in repr(values)
    assert repr(values).encode("utf-8")
    assert values["message_id"] == ""
