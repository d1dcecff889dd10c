"""What stands in the outbox about actions."""

from __future__ import annotations

import re
from email import message_from_bytes

from sqlalchemy import select

from core.db import session
from notifications.models import OutboxMessage


def sent() -> list[tuple[str, str]]:
    """Return kind and address of every mail, in the order queued."""
    rows = session.execute(
        select(OutboxMessage.kind, OutboxMessage.to_address).order_by(
            OutboxMessage.created_at, OutboxMessage.kind, OutboxMessage.to_address
        )
    )
    return [(kind, address) for kind, address in rows]


def last_to(address: str, *, kind: str = "%") -> OutboxMessage:
    """Return the mail queued last to an address, of one kind if given."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.to_address == address, OutboxMessage.kind.like(kind))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        .limit(1)
    ).one()


def text_of(message: OutboxMessage) -> str:
    """Return the plain words of a mail."""
    for part in message_from_bytes(message.body).walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError("the mail has no plain part")


def link_in(message: OutboxMessage) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"http://confer\.example(/\S+)", text_of(message))
    assert found is not None
    return found.group(1)
