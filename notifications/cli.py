"""The typed door of the mail room: take in one message from a file or from a pipe."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

import click

from core.clock import now as present
from core.db import reading, unit_of_work
from notifications import jobs, queries, service
from notifications.terms import Channel, InboundOutcome

READ_AT_MOST = 64_000_000


def mail_commands(apply_replies: Callable[[datetime], int]) -> click.Group:
    """Return ``confer mail``.

    Args:
        apply_replies: applies what waits; the room above hands it in, since this one knows
            neither meetings nor invitations.
    """

    @click.group("mail", help="Incoming mail.")
    def mail() -> None:
        """Group the commands."""

    @mail.command("receive")
    @click.argument("file", type=click.File("rb"), default="-")
    def receive(file: BinaryIO) -> None:
        """Take in one message from FILE, or from standard input.

        The message is kept first and then applied. Prints one line of JSON; "outcome" is
        applied, stale, ignored, review, noted or alert. The same message twice changes
        nothing and prints what became of it the first time.
        """
        click.echo(json.dumps(take_in(file.read(READ_AT_MOST), apply_replies, present())))

    return mail


def take_in(
    raw: bytes, apply_replies: Callable[[datetime], int], now: datetime
) -> dict[str, str | None]:
    """Keep, read and apply one message, and return what became of it."""
    with unit_of_work():
        inbound_id = service.store_inbound(raw, channel=Channel.STDIN, now=now).id
    jobs.read_inbox(now)
    while apply_replies(now) and _waits(inbound_id):
        pass
    if _waits(inbound_id):
        with unit_of_work():
            service.settle(
                inbound_id,
                InboundOutcome.REVIEW,
                why="Nothing here knew what to do with it",
                now=now,
            )
    with reading():
        row = queries.inbound(inbound_id)
        if row is None:
            raise LookupError("A kept message cannot vanish")
        return {
            "outcome": row.outcome.value,
            "why": row.why,
            "kind": row.kind.value if row.kind else None,
        }


def _waits(inbound_id: uuid.UUID) -> bool:
    """Say whether a message still waits to be applied."""
    with reading():
        row = queries.inbound(inbound_id)
        return row is not None and row.outcome is InboundOutcome.WAITING
