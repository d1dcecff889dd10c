"""Who counts as a colleague when an action is handed over from a link."""

from __future__ import annotations

from collections.abc import Set

# Addresses anybody can have: sharing one says nothing about an organisation.
_OPEN_TO_ALL = frozenset(
    {
        "aol.com", "btinternet.com", "gmail.com", "googlemail.com", "hotmail.co.uk", "hotmail.com",
        "icloud.com", "live.co.uk", "live.com", "me.com", "mail.com", "msn.com", "outlook.com",
        "proton.me", "protonmail.com", "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk",
        "yahoo.com",
    }
)  # fmt: skip


def is_colleague(email: str, known: Set[str]) -> bool:
    """Say whether an address is of an organisation, by the addresses known to be.

    It is one of them, or stands on the same mail domain as one of them, unless that domain
    is open to all.

    Source: local standard: an action about a child never goes to an address that nobody
    in the directory vouches for.
    """
    email = email.lower()
    if email in known:
        return True
    domain = email.rpartition("@")[2]
    domains = {address.lower().rpartition("@")[2] for address in known}
    return domain in domains - _OPEN_TO_ALL
