"""A real SMTP server for tests, on loopback, which misbehaves as it is told.

with MailServer() as server:
    server.refuse("gp@practice.example", 550)
    SmtpSender(server.url, helo="confer.example").send(envelope)
    assert server.taken == []
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from types import TracebackType

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail the server took."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> Message:
        """The mail, parsed."""
        return message_from_bytes(self.raw, policy=compat32)


@dataclass
class Faults:
    """What the server does wrong; counts go down with each use."""

    connect_code: int | None = None
    recipients: dict[str, list[int]] = field(default_factory=dict)
    data: list[int] = field(default_factory=list)
    drops_before_answer: int = 0
    delay_seconds: float = 0.0


class MailServer:
    """An SMTP server in a thread of its own; use it as a context manager.

    Attributes:
        taken: what it took, in order; a mail whose answer was dropped counts as taken.
        connections: how many were made.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[Taken] = []
        self.connections = 0
        self.faults = Faults()
        self.port = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._transports: set[asyncio.BaseTransport] = set()

    @property
    def url(self) -> str:
        """The address for ``CONFER_SMTP_URL``."""
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, recipient: str, code: int, *, times: int = 1_000_000) -> None:
        """Answer RCPT of an address with a code, so many times."""
        self.faults.recipients[recipient] = [code, times]

    def refuse_data(self, code: int, *, times: int = 1) -> None:
        """Answer DATA with a code, so many times."""
        self.faults.data = [code] * times

    def drop_before_answer(self, *, times: int = 1) -> None:
        """Take a mail and close the line before saying so, so many times."""
        self.faults.drops_before_answer = times

    def refuse_connections(self, code: int) -> None:
        """Greet with a code instead of 220."""
        self.faults.connect_code = code

    def to(self, recipient: str) -> list[Taken]:
        """Return what was taken for an address."""
        return [each for each in self.taken if recipient in each.recipients]

    def hang_up(self) -> None:
        """Close every open connection."""
        for transport in list(self._transports):
            self._loop.call_soon_threadsafe(transport.close)

    def __enter__(self) -> MailServer:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, host="127.0.0.1", port=0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for transport in list(self._transports):
                transport.close()
            self._loop.run_until_complete(asyncio.sleep(0.01))
            pending = asyncio.all_tasks(self._loop)
            for task in pending:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
            self._loop.close()

    def _protocol(self) -> asyncio.BaseProtocol:
        if self.faults.connect_code is not None:
            return _Greeter(self, self.faults.connect_code)
        return _Line(
            _Handler(self),
            server=self,
            hostname="mail.test.example",
            tls_context=self._tls,
            loop=self._loop,
            enable_SMTPUTF8=False,
        )


class _Greeter(asyncio.Protocol):
    """Says one line and hangs up."""

    def __init__(self, server: MailServer, code: int) -> None:
        self._server = server
        self._code = code

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.connections += 1
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"{self._code} try again later\r\n".encode())
        transport.close()


class _Line(SMTP):
    """One connection that the server can count and close."""

    def __init__(self, handler: _Handler, *, server: MailServer, **more: object) -> None:
        super().__init__(handler, **more)  # type: ignore[arg-type]
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.connections += 1
        self._server._transports.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server._transports.discard(self.transport)
        super().connection_lost(error)


class _Handler:
    """Answers as the faults say."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(  # noqa: N802 - aiosmtpd asks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._server.faults.recipients.get(address)
        if fault and fault[1] > 0:
            fault[1] -= 1
            kind = "5.1.1" if fault[0] >= 500 else "4.7.1"
            return f"{fault[0]} {kind} not now or never"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd asks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        faults = self._server.faults
        if faults.delay_seconds:
            await asyncio.sleep(faults.delay_seconds)
        if faults.data:
            return f"{faults.data.pop(0)} not taken"
        raw = envelope.original_content or b""
        self._server.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        if faults.drops_before_answer:
            faults.drops_before_answer -= 1
            server.transport.abort()
        return "250 2.0.0 taken"
