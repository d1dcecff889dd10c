"""Where the demo keeps the mails it caught: one ``.eml`` file each, the newest first when read."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"(\d{8}T\d{12})-[0-9a-f]{8}")
_STAMP = "%Y%m%dT%H%M%S%f"
_TO, _FROM = b"X-Envelope-To: ", b"Return-Path: "


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """One mail as it was taken; ``name`` finds it again and says nothing."""

    name: str
    at: datetime
    sender: str
    recipient: str
    raw: bytes


class MailFolder:
    """A folder of caught mails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, raw: bytes, *, sender: str, recipient: str, at: datetime) -> str:
        """Write a mail down with its envelope before it, and return its name."""
        name = f"{at.astimezone(UTC):{_STAMP}}-{secrets.token_hex(4)}"
        head = _FROM + f"<{sender}>\r\n".encode() + _TO + f"{recipient}\r\n".encode()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._folder / f".{name}.part"
        unfinished.write_bytes(head + raw)
        os.replace(unfinished, self._folder / f"{name}.eml")
        return name

    def newest_first(self) -> list[CaughtMail]:
        """Return every mail."""
        names = sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)
        return [mail for mail in (self.one(name) for name in names) if mail is not None]

    def drop(self, name: str) -> None:
        """Take a mail away that is kept elsewhere now."""
        if _NAME.fullmatch(name):
            (self._folder / f"{name}.eml").unlink(missing_ok=True)

    def one(self, name: str) -> CaughtMail | None:
        """Return one mail, or None when there is none of this name."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        try:
            kept = (self._folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        sender, recipient, raw = kept.split(b"\r\n", 1)[0], *kept.split(b"\r\n", 2)[1:]
        return CaughtMail(
            name=name,
            at=datetime.strptime(found.group(1), _STAMP).replace(tzinfo=UTC),
            sender=sender.removeprefix(_FROM).strip(b"<>").decode(),
            recipient=recipient.removeprefix(_TO).decode(),
            raw=raw,
        )
