"""Who counts as a colleague."""

import pytest

from plans.rules.colleagues import is_colleague

KNOWN = frozenset({"office@practice.example", "dr.hale@gmail.com"})


@pytest.mark.parametrize(
    ("email", "answer"),
    [
        ("office@practice.example", True),
        ("Nurse@Practice.example", True),
        ("dr.hale@gmail.com", True),
        ("somebody@gmail.com", False),
        ("office@elsewhere.example", False),
    ],
)
def test_a_colleague_is_known_or_on_a_domain_of_the_organisations_own(
    email: str, answer: bool
) -> None:
    assert is_colleague(email, KNOWN) is answer


def test_nobody_is_a_colleague_where_no_address_is_known() -> None:
    assert not is_colleague("office@practice.example", frozenset())
