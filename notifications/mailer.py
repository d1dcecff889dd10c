"""Hands finished mails on: by SMTP over one connection, or as files when no server is set.

Senders know bytes and addresses only. What a server says is sorted into four answers, so
that the job above decides without knowing SMTP.
"""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Protocol
from urllib.parse import unquote, urlsplit

from notifications.terms import Envelope

TIMEOUT_SECONDS = 30.0
LONGEST_TRY_SECONDS = 90.0
FIRST_PERMANENT = 500
_CODES = re.compile(r"\d\.\d{1,3}\.\d{1,3}")


class Handing(StrEnum):
    """What became of one try."""

    HANDED = "handed"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one try; ``error`` holds codes and the kind of fault, never content.

    ``REFUSED`` is about this mail or this addressee and is final; ``UNREACHABLE`` is about the
    server or our own settings, so every other mail would fare the same.
    """

    handing: Handing
    error: str = ""


class Sender(Protocol):
    """Whoever hands a mail on."""

    def send(self, envelope: Envelope) -> Attempt:
        """Hand one mail on; it never raises for what a server does."""

    def close(self) -> None:
        """Let go of a connection."""


def sender_for(smtp_url: str | None, folder: Path, helo: str) -> "Sender":
    """Return the sender for the settings: SMTP, or files in a folder when no URL is set."""
    return SmtpSender(smtp_url, helo=helo) if smtp_url else FolderSender(folder)


class FolderSender:
    """Writes each mail as an ``.eml`` file; the same mail twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, envelope: Envelope) -> Attempt:
        """Write the file; the name comes from the message id, which says nothing."""
        name = re.sub(r"[^a-z0-9]", "", envelope.message_id.partition("@")[0].lower())
        head = f"Return-Path: <{envelope.sender}>\r\nX-Envelope-To: {envelope.recipient}\r\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = self._folder / f".{name}.part"
            unfinished.write_bytes(head.encode("ascii") + envelope.body)
            os.replace(unfinished, self._folder / f"{name}.eml")
        except OSError as fault:
            return Attempt(Handing.UNREACHABLE, f"folder: {type(fault).__name__}")
        return Attempt(Handing.HANDED)

    def close(self) -> None:
        """Nothing is held open."""


class SmtpSender:
    """Hands mails to one SMTP server over one connection, kept open between mails.

    ``smtps://`` speaks TLS at once; ``smtp://`` asks for STARTTLS and refuses to go on
    without it, unless the server is this machine. Certificates are always verified.

    Args:
        url: ``smtp[s]://[user:password@]host[:port]``.
        helo: the name to greet with.
        context: for tests with an authority of their own.
    """

    def __init__(
        self,
        url: str,
        *,
        helo: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("An SMTP address begins with smtp:// or smtps:// and names a host")
        self._host = parts.hostname
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._helo = helo
        self._timeout = timeout_seconds
        self._context = context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "SmtpSender":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, envelope: Envelope) -> Attempt:
        """Hand one mail on.

        A connection that the server closed while it was idle is opened again once.
        """
        was_open = self._connection is not None
        attempt = self._try(envelope)
        if attempt.handing is Handing.UNREACHABLE and was_open:
            return self._try(envelope)
        return attempt

    def fault(self) -> str | None:
        """Greet the server, encrypt and sign in; return what went wrong, or None."""
        try:
            self._open()
        except (OSError, smtplib.SMTPException) as fault:
            return type(fault).__name__
        finally:
            self.close()
        return None

    def close(self) -> None:
        """End the connection politely if it still stands."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _try(self, envelope: Envelope) -> Attempt:
        """Make one try over the open connection, or a new one."""
        try:
            connection = self._open()
            with self._ended_after(connection, LONGEST_TRY_SECONDS):
                code, said = connection.mail(envelope.sender)
        except smtplib.SMTPResponseException as fault:
            self._drop()
            return Attempt(Handing.UNREACHABLE, _said(fault.smtp_code, fault.smtp_error))
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            return Attempt(Handing.UNREACHABLE, type(fault).__name__)
        if code != _OK:
            # The sender is ours: that is our fault or the server's, not this mail's.
            self._drop()
            return Attempt(Handing.UNREACHABLE, f"MAIL {_said(code, said)}")
        with self._ended_after(connection, LONGEST_TRY_SECONDS):
            return self._transfer(connection, envelope)

    def _transfer(self, connection: smtplib.SMTP, envelope: Envelope) -> Attempt:
        """Go through RCPT and DATA, and sort what the server says.

        A line that breaks here counts against this mail only, so that one mail which a
        server chokes on does not hold up the others.
        """
        try:
            code, said = connection.rcpt(envelope.recipient)
            if code not in _TAKEN:
                return self._refused(connection, "RCPT", code, said)
            code, said = connection.data(envelope.body)
            if code != _OK:
                return self._refused(connection, "DATA", code, said)
        except smtplib.SMTPDataError as fault:
            return self._refused(connection, "DATA", fault.smtp_code, fault.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            return Attempt(Handing.DEFERRED, type(fault).__name__)
        return Attempt(Handing.HANDED)

    @contextmanager
    def _ended_after(self, connection: smtplib.SMTP, seconds: float) -> Iterator[None]:
        """End the connection when a server drips on for longer than a try may take."""
        timer = Timer(seconds, _hang_up, (connection,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _refused(
        self, connection: smtplib.SMTP, where: str, code: int, said: bytes | str
    ) -> Attempt:
        """Sort a refusal, and make the connection ready for the next mail."""
        error = f"{where} {_said(code, said)}"
        if code == _CLOSING:
            self._drop()
            return Attempt(Handing.UNREACHABLE, error)
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return Attempt(Handing.REFUSED if code >= FIRST_PERMANENT else Handing.DEFERRED, error)

    def _open(self) -> smtplib.SMTP:
        """Return a connection that greeted, is encrypted where it must be, and signed in."""
        if self._connection is not None:
            return self._connection
        connection: smtplib.SMTP
        if self._is_tls:
            connection = smtplib.SMTP_SSL(
                self._host,
                self._port,
                local_hostname=self._helo,
                timeout=self._timeout,
                context=self._context,
            )
        else:
            connection = smtplib.SMTP(
                self._host, self._port, local_hostname=self._helo, timeout=self._timeout
            )
        self._connection = connection
        connection.ehlo_or_helo_if_needed()
        if not self._is_tls and (connection.has_extn("starttls") or not self._is_this_machine()):
            connection.starttls(context=self._context)
            connection.ehlo()
        if self._user:
            connection.login(self._user, self._password)
        return connection

    def _is_this_machine(self) -> bool:
        """Say whether the server is on this machine, where nobody listens in between."""
        if self._host == "localhost":
            return True
        try:
            return ip_address(self._host).is_loopback
        except ValueError:
            return False

    def _drop(self) -> None:
        """Forget a connection that cannot be used any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()


_OK = 250
_TAKEN = frozenset({250, 251})
_CLOSING = 421


def _hang_up(connection: smtplib.SMTP) -> None:
    """Break a connection from another thread; whoever waits on it gets an error."""
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # or it is gone


def _said(code: int, text: bytes | str) -> str:
    """Return the codes of a server's answer; its words may hold an address, so they stay out."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    found = _CODES.search(words)
    return f"{code} {found.group()}" if found else str(code)
