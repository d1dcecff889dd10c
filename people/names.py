"""How names are compared: plain small letters, pieces of three, and closeness of two names."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import JaroWinkler

CLOSE = 0.84
_PLAIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_PIECE = 3


def words(text: str) -> list[str]:
    """Return the words of a name in plain small letters: "O'Neill-Śmith" gives oneill, smith."""
    text = text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    text = "".join(_PLAIN.get(letter, letter) for letter in text)
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    # A name in a script without plain letters is compared letter by letter as it stands.
    found = [word for word in _NOT_A_LETTER.split(text) if word]
    return found or [word for word in text.split() if word]


def search_key(*names: str | None) -> str:
    """Return all words of the names, sorted and each once, so that their order does not matter."""
    return " ".join(sorted({word for name in names if name for word in words(name)}))


def pieces(word: str, *, is_whole: bool = True) -> set[str]:
    """Return every three letters in a row, with a mark where the word begins and ends.

    Args:
        is_whole: False while somebody still types, when the end is not known.
    """
    marked = f"^{word}$" if is_whole else f"^{word}"
    if len(marked) <= _PIECE:
        return {marked}
    return {marked[at : at + _PIECE] for at in range(len(marked) - _PIECE + 1)}


def pieces_of_key(key: str) -> set[str]:
    """Return the pieces under which a child with this search key is found."""
    found: set[str] = set()
    for word in key.split():
        found |= pieces(word) | pieces(word, is_whole=False)
        found.add(f"^{word[:1]}")
    return found


def closeness(typed: str, key: str) -> float:
    """Return from 0 to 1 how well every typed word matches some word of the search key.

    A typed beginning of a word counts as that word; the worst matched word decides with the
    average, so that one right name does not hide a wrong one.
    """
    theirs = key.split()
    mine = words(typed)
    if not theirs or not mine:
        return 0.0
    best = [max(_word_closeness(word, other) for other in theirs) for word in mine]
    return (sum(best) / len(best) + min(best)) / 2


def _word_closeness(typed: str, word: str) -> float:
    if word == typed:
        return 1.0
    if word.startswith(typed):
        return 0.97
    return float(JaroWinkler.similarity(typed, word))
