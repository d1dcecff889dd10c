"""An email address in a form: one mail can be sent to, or a sentence that says why not."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from core.fields import EmailAddress
from notifications.terms import Recipient


@pytest.mark.parametrize(
    "typed",
    ["office@school.example", " O'Neil+mash@nhs.example ", "a_b@sub-1.xn--bcher-kva.example"],
)
def test_what_the_field_takes_the_mail_room_sends_to(typed: str) -> None:
    address = EmailAddress().deserialize(typed)

    assert Recipient(address).address == address


@pytest.mark.parametrize("typed", ["josé@school.example", "office@schöne.example"])
def test_an_address_with_other_letters_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(ValidationError, match="letters a to z only"):
        EmailAddress().deserialize(typed)


def test_what_is_no_address_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match="in the right form"):
        EmailAddress().deserialize("office at school")
