"""Fills the mails of this folder: ``filled("outlook_reply", TOKEN=..., UID=...)``."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent
DEFAULTS = {
    "TOKEN": "abcdefghijklmnopqrstuvwxy2",
    "DOMAIN": "meetings.confer.example",
    "UID": "4f1c2d3e-5a6b-4c7d-8e9f-a0b1c2d3e4f5@meetings.confer.example",
    "SEQUENCE": "2",
    "PARTSTAT": "ACCEPTED",
    "ATTENDEE": "head@school.example",
    "DTSTAMP": "20260326T100000Z",
    "COMMENT": "In court\\, sending a deputy",
    "MESSAGE_ID": "made-by-hand-1@school.example",
    "ORIGINAL_ID": "0123456789abcdef0123456789abcdef01234567@meetings.confer.example",
    "ACTION": "failed",
    "STATUS": "5.1.1",
}
_ENCODED = re.compile(rb"^@@(base64|qp)\n(.*?)^@@end\n", re.DOTALL | re.MULTILINE)


def filled(name: str, **values: str) -> bytes:
    """Return a mail of this folder with its placeholders filled, as it came over the wire."""
    text = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    octets = Template(text).substitute(DEFAULTS | values).encode()
    return _ENCODED.sub(_encode, octets).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _encode(found: re.Match[bytes]) -> bytes:
    body = found.group(2).replace(b"\n", b"\r\n")
    if found.group(1) == b"base64":
        return base64.encodebytes(body)
    # As Apple's program does: line ends as =0D=0A, and the lines of the mail broken softly.
    octets = b"".join(b"=%02X" % each if each in b"=\r\n" else bytes([each]) for each in body)
    return b"=\n".join(re.findall(rb"(?:=..|[^=]){1,70}", octets)) + b"\n"
