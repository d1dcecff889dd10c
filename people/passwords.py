"""Passwords: argon2id, the same time for an unknown account, and what is too easy to guess."""

from __future__ import annotations

import functools
import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 12
MOST_LENGTH = 200
NO_PASSWORD = "!"  # noqa: S105 - the mark of an account that cannot sign in yet
_A_NAME = 3
_APART = re.compile(r"[^a-z0-9]+")
_HASHER = PasswordHasher()
_TOO_COMMON = ("password", "letmein", "qwerty", "welcome", "123456", "safeguarding", "confer")


def hash_password(password: str) -> str:
    """Return the argon2id hash that is stored."""
    return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Say whether the password is right, taking as long when there is no such account."""
    usable = password_hash not in (None, NO_PASSWORD)
    try:
        _HASHER.verify(password_hash if usable and password_hash else _of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return usable


def is_old(password_hash: str) -> bool:
    """Say whether the hash was made with weaker settings than today's."""
    return password_hash != NO_PASSWORD and _HASHER.check_needs_rehash(password_hash)


def fault(password: str, *names: str) -> str | None:
    """Return what is wrong with a new password as a sentence, or None.

    Args:
        names: the person's name and address, which must not be most of the password.
    """
    if len(password) < LEAST_LENGTH:
        return f"The password must have at least {LEAST_LENGTH} characters. Use three random words."
    if len(password) > MOST_LENGTH:
        return f"The password must have at most {MOST_LENGTH} characters."
    plain = password.casefold()
    parts = [part for name in names for part in _APART.split(name.casefold())]
    easy = [*_TOO_COMMON, *(part for part in parts if len(part) >= _A_NAME)]
    for word in easy:
        plain = plain.replace(word, "")
    if len(set(plain)) < LEAST_LENGTH // 2:
        return "The password is too easy to guess. Use three random words."
    return None


@functools.cache
def _of_nobody() -> str:
    return _HASHER.hash("nobody has this password")
