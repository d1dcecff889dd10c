"""The pack that comes with the product: its text, its digest, and every pack read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from procedures.pack_file import read_pack
from procedures.terms import Pack

_PACKS = Path(__file__).with_name("packs")
_DEFAULT = _PACKS / "default.toml"
_KEPT = 32


def default_text() -> str:
    """Return the text of the shipped pack."""
    return _DEFAULT.read_text(encoding="utf-8")


def shipped_texts() -> Mapping[str, str]:
    """Return the text of every pack that ships, by the file's name: the default, illustrations."""
    files = sorted(_PACKS.glob("*.toml"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


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
