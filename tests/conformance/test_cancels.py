"""Cases C-031 to C-042 as far as one message shows them: cancel, remove, refuse a time."""

from __future__ import annotations

import pytest

from notifications.terms import CalendarRefusal, CalendarRequest, LetterKind, Reason
from tests.conformance.reading import calendar_of, event_of, leaves, mail_of, parsed, part_of
from tests.factories.mail import LETTERHEAD, make_cancel, make_letter, make_request


def test_c031_a_cancel_keeps_the_identity_and_raises_the_sequence() -> None:
    request = make_request(2)
    cancel = make_cancel(request)

    event = event_of(part_of(cancel).body)
    assert event["UID"] == request.uid
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CANCELLED"
    assert "DTSTART" in event
    assert "ORGANIZER" in event
    assert "REQUEST-STATUS" not in event


def test_c032_a_cancel_is_never_a_request() -> None:
    cancel = make_cancel(make_request())

    raw = mail_of(cancel.letter, part_of(cancel))
    [part] = [each for each in leaves(parsed(raw)) if each.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "CANCEL"
    assert calendar_of(raw)["METHOD"] == "CANCEL"


def test_c033_a_cancel_comes_from_whom_the_request_came() -> None:
    request = make_request()
    cancel = make_cancel(request)

    asked = parsed(mail_of(request.letter, part_of(request)))
    withdrawn = parsed(mail_of(cancel.letter, part_of(cancel)))
    assert asked["From"] == withdrawn["From"]
    assert asked["Reply-To"] == withdrawn["Reply-To"]
    organiser = event_of(part_of(request).body)["ORGANIZER"]
    assert event_of(part_of(cancel).body)["ORGANIZER"] == organiser
    assert event_of(part_of(cancel).body)["ORGANIZER"].params == organiser.params


def test_c034_a_removed_addressee_is_named_alone_and_the_meeting_is_not_called_off() -> None:
    cancel = make_cancel(
        make_request(), kind=LetterKind.UNINVITED, reason=Reason.NOT_ASKED_ANY_MORE
    )

    event = event_of(part_of(cancel).body)
    assert event["ATTENDEE"] == "mailto:head@school.example"
    assert "STATUS" not in event


def test_c036_an_entry_after_a_cancel_has_a_higher_sequence() -> None:
    request = make_request()
    cancel = make_cancel(request)
    again = make_request(cancel.sequence + 1, uid=request.uid)

    assert event_of(part_of(again).body)["SEQUENCE"] > event_of(part_of(cancel).body)["SEQUENCE"]


def test_c064_a_refused_time_names_the_meeting_and_nothing_else() -> None:
    refusal = CalendarRefusal(letter=make_letter(LetterKind.TIME_REFUSED), uid=make_request().uid)

    event = event_of(part_of(refusal).body)
    assert set(event) == {"UID", "DTSTAMP", "ORGANIZER"}
    assert calendar_of(mail_of(refusal.letter, part_of(refusal)))["METHOD"] == "DECLINECOUNTER"


def test_a_letter_that_is_no_invitation_cannot_become_an_entry() -> None:
    with pytest.raises(ValueError, match="does not belong"):
        CalendarRequest(
            letter=make_letter(LetterKind.DAY_BEFORE), uid=make_request().uid, sequence=0
        )


def test_an_entry_needs_a_reply_token() -> None:
    with pytest.raises(ValueError, match="reply token"):
        CalendarRequest(letter=make_letter(reply_token=None), uid=make_request().uid, sequence=0)


def test_an_entry_stands_on_the_mail_domain() -> None:
    assert make_request().uid.rpartition("@")[2] == LETTERHEAD.domain
