"""How names are compared and what somebody typed is sorted out."""

from __future__ import annotations

from datetime import date

import pytest

from people.finding import Sought, sought
from people.names import closeness, pieces, pieces_of_key, search_key, words


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Jordan Ellis", ["jordan", "ellis"]),
        ("O'Neill-Śmith", ["oneill", "smith"]),
        ("O\u2019Neill", ["oneill"]),
        ("Zoë  Łukasz", ["zoe", "lukasz"]),
        ("Ærøskøbing", ["aeroskobing"]),
        ("李 明", ["李", "明"]),
        ("  ", []),
    ],
)
def test_a_name_is_compared_in_plain_small_letters(name: str, plain: list[str]) -> None:
    assert words(name) == plain


def test_the_search_key_does_not_depend_on_the_order_of_names() -> None:
    assert search_key("Jordan", "Ellis", None) == search_key("Ellis", "Jordan", "Jordan")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("jordan ellis", "Jordan Ellis"),
        ("ellis jordan", "Jordan Ellis"),
        ("jor", "Jordan Ellis"),
        ("jorden elis", "Jordan Ellis"),
        ("jaiden", "Jayden Brook"),
        ("mohamed", "Muhammad Iqbal"),
        ("katy", "Katie Moss"),
        ("shawn", "Shaun Webb"),
        ("oneil", "Aoife O'Neill"),
    ],
)
def test_a_misspelt_or_half_typed_name_is_close(typed: str, names: str) -> None:
    assert closeness(typed, search_key(names)) >= 0.78


@pytest.mark.parametrize(
    ("typed", "names"),
    [("jordan ellis", "Jordan Mbeki"), ("priya", "Jordan Ellis"), ("sam", "Aoife O'Neill")],
)
def test_another_name_is_not_close(typed: str, names: str) -> None:
    assert closeness(typed, search_key(names)) < 0.78


def test_nothing_is_close_to_nothing() -> None:
    assert closeness("", "jordan") == closeness("jordan", "") == 0


@pytest.mark.parametrize("typed", ["j", "jo", "jor", "jordan"])
def test_a_name_shares_a_piece_with_its_own_beginning(typed: str) -> None:
    shared = pieces(typed, is_whole=False) & pieces_of_key(search_key("Jordan"))

    assert shared


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("C-7F3K9Q", Sought(ref="C-7F3K9Q")),
        ("c7f3k9q", Sought(ref="C-7F3K9Q")),
        ("c 7f3k9q", Sought(ref="C-7F3K9Q")),
        ("999 123 4560", Sought(nhs_number="9991234560")),
        ("999-123-4560", Sought(nhs_number="9991234560")),
        ("a123456789012", Sought(upn="A123456789012")),
        ("27/3/2011", Sought(born_on=date(2011, 3, 27))),
        ("27 3 2011", Sought(born_on=date(2011, 3, 27))),
        ("2011-03-27", Sought(born_on=date(2011, 3, 27))),
        ("27th March 2011", Sought(born_on=date(2011, 3, 27))),
        ("Ellis 27/3/2011 Jordan", Sought(born_on=date(2011, 3, 27), names=("ellis", "jordan"))),
        ("31/2/2011", Sought(names=("31", "2", "2011"))),
        ("carole", Sought(names=("carole",))),
        ("   ", Sought()),
    ],
)
def test_what_was_typed_is_sorted_out(typed: str, meaning: Sought) -> None:
    assert sought(typed) == meaning


def test_a_very_long_text_is_cut() -> None:
    assert len(sought("jordan " * 1000).names) < 40
