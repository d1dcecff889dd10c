"""Identifiers: row ids nobody sees, references people read out, tokens nobody guesses."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a reference is read out over a bad line.
_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
_REFERENCE = re.compile(rf"^[A-Z]-[{_ALPHABET}]{{6}}$")


def new_id() -> uuid.UUID:
    """Return a random row id; it stands in no URL and no mail."""
    return uuid.uuid4()


def new_reference(prefix: str) -> str:
    """Return a reference such as ``M-7F3K9Q``: a letter and six without look-alikes."""
    return f"{prefix}-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


def is_reference(text: str, prefix: str) -> bool:
    """Say whether the text has the form of a reference with this prefix."""
    return bool(_REFERENCE.match(text)) and text.startswith(f"{prefix}-")


def new_token() -> str:
    """Return 256 random bits for a link, a session or an API token."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token, the only form in which it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Return a six-digit one-time code."""
    return f"{secrets.randbelow(1_000_000):06d}"
