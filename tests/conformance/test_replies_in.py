"""Cases C-043 to C-065 as far as reading goes: what each client's mail turns out to be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifications import intake
from notifications.terms import Answer, InboundKind
from tests.data.mail.filled import DEFAULTS, filled

CLIENTS = ["outlook_reply", "gmail_reply", "apple_reply", "thunderbird_reply"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("partstat", "answer"),
    [
        ("ACCEPTED", Answer.ACCEPTED),
        ("TENTATIVE", Answer.TENTATIVE),
        ("DECLINED", Answer.DECLINED),
    ],
)
def test_c043_c044_each_clients_answer_is_read(client: str, partstat: str, answer: Answer) -> None:
    read = intake.read(filled(client, PARTSTAT=partstat))

    assert read.kind is InboundKind.REPLY
    assert read.token == DEFAULTS["TOKEN"]
    assert read.reply is not None
    assert read.reply.uid == DEFAULTS["UID"]
    assert read.reply.sequence == 2
    assert read.reply.dtstamp == datetime(2026, 3, 26, 10, 0, tzinfo=UTC)
    [found] = read.reply.answers
    assert found.address == "head@school.example"
    assert found.answer is answer


def test_c046_outlook_leaves_the_organiser_out() -> None:
    read = intake.read(filled("outlook_reply"))

    assert read.reply is not None
    assert read.reply.organiser is None


def test_c048_capital_letters_in_an_address_do_not_matter() -> None:
    read = intake.read(filled("minimal_reply", ATTENDEE="Head@School.Example"))

    assert read.reply is not None
    assert read.reply.answers[0].address == "head@school.example"


def test_c049_a_lower_case_method_and_missing_lines_are_tolerated() -> None:
    read = intake.read(filled("minimal_reply"))

    assert read.kind is InboundKind.REPLY
    assert read.reply is not None
    assert read.reply.method == "REPLY"
    assert read.reply.sequence is None
    assert read.reply.dtstamp is None
    assert read.reply.answers[0].answer is Answer.ACCEPTED


def test_c050_an_alias_is_reported_as_it_answered() -> None:
    read = intake.read(filled("outlook_reply", ATTENDEE="h.smith@school.example"))

    assert read.reply is not None
    found = read.reply.answer_of("head@school.example")
    assert found is not None
    assert found.address == "h.smith@school.example"


def test_c051_a_reply_without_a_token_has_none() -> None:
    raw = filled("minimal_reply").replace(b"reply+" + DEFAULTS["TOKEN"].encode(), b"confer")

    assert intake.read(raw).token is None


def test_c052_a_reply_that_names_nobody_goes_to_a_person() -> None:
    raw = filled("minimal_reply").replace(b"ATTENDEE;PARTSTAT", b"X-NOBODY;PARTSTAT")

    read = intake.read(raw)
    assert read.kind is InboundKind.ODD
    assert read.token == DEFAULTS["TOKEN"]
    assert "who answers" in read.why


@pytest.mark.parametrize("status", ["2.0;Success", "3.7;Invalid calendar user"])
def test_c057_a_request_status_is_kept(status: str) -> None:
    raw = filled("minimal_reply").replace(b"2.0;Success", status.encode())

    read = intake.read(raw)
    assert read.reply is not None
    assert read.reply.request_status == (status.partition(";")[0],)


def test_c058_a_comment_is_kept_without_its_escapes() -> None:
    read = intake.read(filled("outlook_reply"))

    assert read.reply is not None
    assert read.reply.comment == "In court, sending a deputy"


def test_c058_googles_comment_and_guests_are_parameters() -> None:
    read = intake.read(filled("gmail_reply"))

    assert read.reply is not None
    assert read.reply.comment == "Sending a deputy: court"
    assert read.reply.answers[0].guests == 1


def test_c061_a_mail_without_a_calendar_part_is_words() -> None:
    read = intake.read(filled("free_text"))

    assert read.kind is InboundKind.FREE_TEXT
    assert read.text.startswith("I am the wrong person for this – please ask")
    assert read.answers_to == (f"<{DEFAULTS['ORIGINAL_ID']}>",)


def test_c062_a_delivery_report_is_not_a_reply() -> None:
    read = intake.read(filled("delivery_report"))

    assert read.kind is InboundKind.DELIVERY_REPORT
    assert read.token == DEFAULTS["TOKEN"]
    assert read.reply is None
    assert read.report is not None
    assert (read.report.action, read.report.status) == ("failed", "5.1.1")
    assert read.report.recipient == "head@school.example"
    assert read.report.original_message_id == f"<{DEFAULTS['ORIGINAL_ID']}>"


def test_c062_a_delay_is_no_failure() -> None:
    read = intake.read(filled("delivery_report", ACTION="delayed", STATUS="4.4.1"))

    assert read.report is not None
    assert not read.report.is_failure


def test_c062_a_bounce_in_a_servers_own_words_counts_as_one() -> None:
    read = intake.read(filled("plain_bounce"))

    assert read.kind is InboundKind.DELIVERY_REPORT
    assert read.report is not None
    assert read.report.is_failure


def test_c063_an_absence_note_is_no_answer() -> None:
    read = intake.read(filled("out_of_office"))

    assert read.kind is InboundKind.AUTO_REPLY
    assert "away until" in read.text


def test_c064_a_counter_holds_the_suggested_time_and_never_the_meetings() -> None:
    read = intake.read(filled("outlook_counter"))

    assert read.kind is InboundKind.COUNTER
    assert read.reply is not None
    assert read.reply.proposed_starts_at == datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
    assert read.reply.proposed_ends_at == datetime(2026, 3, 30, 14, 0, tzinfo=UTC)
    assert read.reply.answers[0].answer is Answer.TENTATIVE


def test_a_reply_never_carries_a_time() -> None:
    for client in CLIENTS:
        read = intake.read(filled(client))
        assert read.reply is not None
        assert read.reply.proposed_starts_at is None


def test_c065_a_refresh_asks_for_the_entry_again() -> None:
    read = intake.read(filled("refresh"))

    assert read.kind is InboundKind.REFRESH
    assert read.reply is not None
    assert read.reply.sequence is None


def test_a_deputy_is_named_by_the_line_of_whom_was_invited() -> None:
    read = intake.read(filled("delegated_reply"))

    assert read.reply is not None
    found = read.reply.answer_of("head@school.example")
    assert found is not None
    assert found.answer is Answer.DELEGATED
    assert found.delegated_to == "deputy@school.example"


def test_of_several_answers_none_is_taken_for_somebody_not_among_them() -> None:
    read = intake.read(filled("delegated_reply"))

    assert read.reply is not None
    assert read.reply.answer_of("somebody@else.example") is None


@pytest.mark.parametrize("method", ["CANCEL", "REQUEST", "ADD", "PUBLISH", "DECLINECOUNTER"])
def test_other_methods_change_nothing(method: str) -> None:
    raw = filled("foreign_cancel").replace(b"CANCEL\r\n", method.encode() + b"\r\n")

    read = intake.read(raw)
    assert read.kind is InboundKind.FOREIGN_METHOD
    assert method in read.why
