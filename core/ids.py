"""Identifiers: row ids nobody sees, references people read out, tokens nobody guesses."""

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
import uuid

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a reference is read out over a bad line.
_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
# Each letter stands for as many bytes as every other, so that none is likelier.
_TOO_HIGH = bytes(range(256 - 256 % len(_ALPHABET), 256))
_LETTER_OF_BYTE = (_ALPHABET * 12).encode()[:256]
_REFERENCE = re.compile(rf"^[A-Z]-[{_ALPHABET}]{{6}}$")


def new_id() -> uuid.UUID:
    """Return a random row id; it stands in no URL and no mail."""
    return uuid.uuid4()


def new_reference(prefix: str) -> str:
    """Return a reference such as ``M-7F3K9Q``: a letter and six without look-alikes."""
    return f"{prefix}-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def new_references(prefix: str, count: int) -> set[str]:
    """Return this many different references, made much faster than one by one."""
    found: set[str] = set()
    while len(found) < count:
        letters = secrets.token_bytes(8 * count).translate(_LETTER_OF_BYTE, _TOO_HIGH).decode()
        found.update(f"{prefix}-{letters[at : at + 6]}" for at in range(0, len(letters) - 5, 6))
    return set(itertools.islice(found, count))


def is_reference(text: str, prefix: str) -> bool:
    """Say whether the text has the form of a reference with this prefix."""
    return bool(_REFERENCE.match(text)) and text.startswith(f"{prefix}-")


def url_key(row_id: uuid.UUID) -> str:
    """Return what stands for a row without a reference in a URL; the row id stands in none."""
    return hashlib.sha256(row_id.bytes).hexdigest()[:12]


def new_token() -> str:
    """Return 256 random bits for a link, a session or an API token."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token, the only form in which it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Return a six-digit one-time code."""
    return f"{secrets.randbelow(1_000_000):06d}"
