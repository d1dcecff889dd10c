"""The pack that comes with the product: its text, its digest, and every pack read once."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from procedures.pack_file import read_pack
from procedures.terms import Pack

_DEFAULT = Path(__file__).with_name("packs") / "default.toml"
_KEPT = 32


def default_text() -> str:
    """Return the text of the shipped pack."""
    return _DEFAULT.read_text(encoding="utf-8")


def default_pack() -> Pack:
    """Return the shipped pack."""
    return pack_of(default_text())


def digest(text: str) -> str:
    """Return the SHA-256 of a pack's text."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=_KEPT)
def pack_of(text: str) -> Pack:
    """Return the pack a text describes; the same text gives the same pack.

    Raises:
        PackUnreadable: the text is no pack.
    """
    return read_pack(text)
