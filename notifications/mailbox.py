"""Reads the mailbox that answers come to, over IMAP; nothing in it is ever deleted.

A message is marked as seen and moved to a folder of its own only after the caller has kept
it. On a server that cannot move, a cursor remembers how far it was read.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

HANDLED = "Confer handled"
LARGEST_FETCH = 1_000_001
TIMEOUT_SECONDS = 30.0


class MailboxFault(Exception):
    """The mailbox could not be read; the next run tries again."""


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """One message in the mailbox; of one over 1 MB only the first byte too many is fetched."""

    uid: int
    raw: bytes


class Mailbox:
    """A mailbox by its address ``imap[s]://user:password@host[:port][/folder]``.

    ``imap://`` asks for STARTTLS and refuses to go on without it, unless the server is this
    machine.
    """

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            raise ValueError("An IMAP address begins with imap:// or imaps:// and names a user")
        self._host = parts.hostname
        self._is_tls = parts.scheme == "imaps"
        self._port = parts.port or (993 if self._is_tls else 143)
        self._user = unquote(parts.username)
        self._password = unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._context = context or ssl.create_default_context()

    @property
    def name(self) -> str:
        """The mailbox without its password, as the cursor knows it."""
        return f"{self._user}@{self._host}:{self._port}/{self._folder}"

    @contextmanager
    def opened(self) -> Iterator["OpenMailbox"]:
        """Open the mailbox for the length of a block.

        Raises:
            MailboxFault: it cannot be reached, or answers with an error.
        """
        connection: imaplib.IMAP4 | None = None
        try:
            connection = self._connect()
            yield OpenMailbox(connection, self._folder)
        except (OSError, imaplib.IMAP4.error) as fault:
            raise MailboxFault(f"The mailbox cannot be read ({type(fault).__name__})") from fault
        finally:
            if connection is not None:
                with suppress(OSError, imaplib.IMAP4.error):
                    connection.logout()

    def fault(self) -> str | None:
        """Sign in and out again; return what went wrong, or None."""
        try:
            with self.opened():
                return None
        except MailboxFault as fault:
            return str(fault)

    def _connect(self) -> imaplib.IMAP4:
        """Return a connection that is encrypted where it must be, and signed in."""
        if self._is_tls:
            connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self._host, self._port, ssl_context=self._context, timeout=TIMEOUT_SECONDS
            )
        else:
            connection = imaplib.IMAP4(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            is_bare = not self._is_tls
            if is_bare and ("STARTTLS" in connection.capabilities or not self._is_this_machine()):
                connection.starttls(self._context)
            connection.login(self._user, self._password)
        except BaseException:
            connection.shutdown()
            raise
        return connection

    def _is_this_machine(self) -> bool:
        """Say whether the server is on this machine, where nobody listens in between."""
        if self._host == "localhost":
            return True
        try:
            return ip_address(self._host).is_loopback
        except ValueError:
            return False


class OpenMailbox:
    """A mailbox that is open."""

    def __init__(self, connection: imaplib.IMAP4, folder: str) -> None:
        self._connection = connection
        _good(connection.select(_quoted(folder)))
        _, data = connection.response("UIDVALIDITY")
        self.uid_validity = data[0].decode() if data and data[0] else "0"
        _, answer = connection.capability()
        self._can_move = b"MOVE" in answer[0].upper().split() if answer and answer[0] else False
        if self._can_move:
            connection.create(_quoted(HANDLED))  # "already exists" is as good

    def new_messages(self, position: tuple[str, int] | None) -> Iterator[MailboxMessage]:
        """Yield messages not yet set aside, oldest first.

        Args:
            position: UIDVALIDITY and highest UID taken in before. Only a server that cannot
                move needs it: elsewhere whatever still lies here is new.
        """
        last = 0
        if position is not None and not self._can_move and position[0] == self.uid_validity:
            last = position[1]
        answer = _good(self._connection.uid("SEARCH", "UID", f"{last + 1}:*"))
        uids = sorted(int(each) for each in (answer[0] or b"").split())
        for uid in uids:
            # "5:*" names the last message even when its UID is smaller than 5.
            if uid > last:
                raw = self._fetch(uid)
                if raw is not None:
                    yield MailboxMessage(uid, raw)

    def set_aside(self, uid: int) -> None:
        """Mark a message as seen and move it to the folder of handled ones."""
        _good(self._connection.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))
        if self._can_move:
            _good(self._connection.uid("MOVE", str(uid), _quoted(HANDLED)))

    def _fetch(self, uid: int) -> bytes | None:
        """Return the bytes of a message without marking it; None when it is gone."""
        wanted = f"(BODY.PEEK[]<0.{LARGEST_FETCH}>)"
        for part in _good(self._connection.uid("FETCH", str(uid), wanted)):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None


def _good(answer: tuple[str, list[bytes | None]]) -> list[bytes]:
    """Return the data of an answer that says OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data  # type: ignore[return-value]  # an OK answer holds bytes or pairs of them


def _quoted(folder: str) -> str:
    """Return a folder's name as IMAP wants it."""
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
