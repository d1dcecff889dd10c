"""A real SMTP server on loopback: keeps what goes out, and what comes in, as files.

The worker delivers to it as to any mail server. A mail to an address of the service itself
is an answer and waits in the folder of its own that a job of the demo empties; a mail to
anybody else is kept to be looked at; an address that begins with ``gone.`` is refused, so
that the demo can show what happens then.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.mail_folder import MailFolder

HOST = "127.0.0.1"
REFUSED_PREFIX = "gone."
_WAIT_SECONDS = 10
_LARGEST = 33_554_432


class Catcher:
    """The server, in a thread of its own; use it as a context manager.

    Args:
        domain: the service's own mail domain; what is sent there is an answer.
        sent: where mails to everybody else are kept.
        incoming: where answers wait.
        now: the clock.
    """

    def __init__(
        self, domain: str, *, sent: MailFolder, incoming: MailFolder, now: Callable[[], datetime]
    ) -> None:
        self._domain = domain.lower()
        self._sent = sent
        self._incoming = incoming
        self._now = now
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="catcher", daemon=True)
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        """The address to give the worker."""
        return f"smtp://{HOST}:{self.port}"

    def __enter__(self) -> Catcher:
        self._thread.start()
        if not self._ready.wait(_WAIT_SECONDS):
            raise RuntimeError("The post room's mail server did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_SECONDS)

    def take(self, envelope: Envelope) -> None:
        """Keep one mail in the folder of each of its recipients."""
        for recipient in envelope.rcpt_tos:
            ours = recipient.lower().rpartition("@")[2] == self._domain
            (self._incoming if ours else self._sent).keep(
                envelope.original_content or b"",
                sender=envelope.mail_from or "",
                recipient=recipient,
                at=self._now(),
            )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._line, host=HOST, port=0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            lines = asyncio.all_tasks(self._loop)
            for line in lines:
                line.cancel()
            self._loop.run_until_complete(asyncio.gather(*lines, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def _line(self) -> asyncio.BaseProtocol:
        return SMTP(
            _Handler(self),
            hostname="post-room.example",
            loop=self._loop,
            enable_SMTPUTF8=False,
            data_size_limit=_LARGEST,
        )


class _Handler:
    """Says yes or no to one address and takes one mail; the names are aiosmtpd's."""

    def __init__(self, catcher: Catcher) -> None:
        self._catcher = catcher

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Refuse an address that no longer exists."""
        if address.lower().startswith(REFUSED_PREFIX):
            return "550 5.1.1 there is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, off the loop: it waits for a disk."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._catcher.take, envelope)
        return "250 2.0.0 taken"
