"""The reply mailbox on a real IMAP server: kept first, moved after, deleted never."""

from __future__ import annotations

import getpass
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import reading, session
from notifications import jobs, queries
from notifications.mailbox import HANDLED, Mailbox, MailboxFault, OpenMailbox
from notifications.models import InboundMessage
from notifications.terms import InboundKind
from tests.data.mail.filled import filled
from tests.factories.mail import BEFORE

PASSWORD = "a-word-for-tests"


@pytest.fixture(scope="module")
def imap() -> Iterator[int]:
    """A Dovecot of our own on a free port; skips where it is not installed."""
    dovecot = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if dovecot is None:
        pytest.skip("dovecot is not installed (apt: dovecot-imapd)")
    # Not pytest's folder: Dovecot drops its rights and could not reach below it.
    folder = Path(tempfile.mkdtemp(prefix="confer-dovecot-"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "dovecot.conf").write_text(_configuration(folder, port))
    (folder / "passwd").write_text(f"reply:{{PLAIN}}{PASSWORD}\n")
    (folder / "mail").mkdir(mode=0o777)
    (folder / "mail").chmod(0o777)
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [dovecot, "-F", "-c", folder / "dovecot.conf"],
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        _wait_for(port, process, folder)
        yield port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, port: int) -> str:
    user = getpass.getuser()
    mail_user = "nobody" if user == "root" else user
    inner = user if user != "root" else "dovecot"
    login = user if user != "root" else "dovenull"
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {inner}
default_login_user = {login}
mail_location = maildir:{folder}/mail/%u
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {folder}/passwd
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={"nogroup" if user == "root" else os.getgid()} home={folder}/mail/%u
}}
"""


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = "".join(
        path.read_text() for path in (folder / "stderr", folder / "log") if path.exists()
    )
    pytest.fail(f"dovecot did not start: {said}")


@pytest.fixture
def box(imap: int) -> Mailbox:
    with _as_a_person(imap) as person:
        for folder in ("INBOX", f'"{HANDLED}"'):
            status, held = person.select(folder)
            if status == "OK" and held[0] != b"0":
                person.store("1:*", "+FLAGS", r"(\Deleted)")
                person.expunge()
    return Mailbox(f"imap://reply:{PASSWORD}@127.0.0.1:{imap}")


def _as_a_person(port: int) -> imaplib.IMAP4:
    connection = imaplib.IMAP4("127.0.0.1", port, timeout=5)
    connection.login("reply", PASSWORD)
    return connection


def _deliver(port: int, *raws: bytes) -> None:
    with _as_a_person(port) as person:
        for raw in raws:
            person.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)


def _count(port: int, folder: str) -> int:
    with _as_a_person(port) as person:
        status, data = person.select(f'"{folder}"', readonly=True)
        return int(data[0] or 0) if status == "OK" else 0


def _kept() -> list[InboundMessage]:
    with reading():
        rows = list(session.scalars(select(InboundMessage)))
        session.expunge_all()
        return rows


def test_answers_are_kept_read_and_moved(database: Flask, imap: int, box: Mailbox) -> None:
    _deliver(imap, filled("outlook_reply"), filled("gmail_reply"))

    assert jobs.fetch_inbox(BEFORE, box) == 2
    assert jobs.read_inbox(BEFORE) == 2
    with reading():
        kinds = [each.intake.kind for each in queries.unapplied()]
    assert kinds == [InboundKind.REPLY, InboundKind.REPLY]
    assert _count(imap, "INBOX") == 0
    assert _count(imap, HANDLED) == 2


def test_the_next_run_finds_nothing_new(database: Flask, imap: int, box: Mailbox) -> None:
    _deliver(imap, filled("outlook_reply"))
    jobs.fetch_inbox(BEFORE, box)

    assert jobs.fetch_inbox(BEFORE, box) == 0
    assert len(_kept()) == 1
    with reading():
        assert queries.mailbox_read_at() == BEFORE


def test_what_a_person_has_already_opened_is_still_taken_in(
    database: Flask, imap: int, box: Mailbox
) -> None:
    _deliver(imap, filled("outlook_reply"))
    with _as_a_person(imap) as person:
        person.select("INBOX")
        person.store("1", "+FLAGS", r"(\Seen)")

    assert jobs.fetch_inbox(BEFORE, box) == 1


def test_a_stop_after_keeping_loses_nothing_and_doubles_nothing(
    database: Flask, imap: int, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver(imap, filled("outlook_reply"), filled("gmail_reply"))

    def die(self: OpenMailbox, uid: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(OpenMailbox, "set_aside", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.fetch_inbox(BEFORE, box)
    assert len(_kept()) == 1
    assert _count(imap, "INBOX") == 2
    jobs.fetch_inbox(BEFORE, box)
    assert len(_kept()) == 2
    assert _count(imap, HANDLED) == 2


def test_a_poisoned_mail_in_the_middle_stops_no_other(
    database: Flask, imap: int, box: Mailbox
) -> None:
    poison = b"From: a@x.example\r\nFrom: b@x.example\r\n\r\n" + b"\x01" * 100
    _deliver(imap, filled("outlook_reply"), poison, filled("gmail_reply"))

    jobs.fetch_inbox(BEFORE, box)
    jobs.read_inbox(BEFORE)
    with reading():
        assert len(queries.unapplied()) == 2
        assert len(queries.review_queue()) == 1


def test_of_a_mail_that_is_too_large_only_the_beginning_is_fetched(
    database: Flask, imap: int, box: Mailbox
) -> None:
    _deliver(imap, b"From: a@x.example\r\n\r\n" + b"x" * 70 + b"\r\n" * 600_000)

    jobs.fetch_inbox(BEFORE, box)
    with reading():
        [row] = queries.review_queue()
    assert "1 MB" in row.why
    assert _count(imap, HANDLED) == 1


def test_a_server_that_cannot_move_is_read_on_from_where_it_was_left(
    database: Flask, imap: int, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = OpenMailbox.__init__

    def without_move(self: OpenMailbox, connection: imaplib.IMAP4, folder: str) -> None:
        begin(self, connection, folder)
        self._can_move = False

    monkeypatch.setattr(OpenMailbox, "__init__", without_move)
    _deliver(imap, filled("outlook_reply"))
    assert jobs.fetch_inbox(BEFORE, box) == 1
    assert jobs.fetch_inbox(BEFORE, box) == 0
    _deliver(imap, filled("gmail_reply"))
    assert jobs.fetch_inbox(BEFORE, box) == 1
    assert _count(imap, "INBOX") == 2


def test_a_wrong_password_is_a_fault_that_names_no_password(imap: int) -> None:
    box = Mailbox(f"imap://reply:wrong-word@127.0.0.1:{imap}")

    with pytest.raises(MailboxFault) as raised, box.opened():
        pass
    assert "wrong-word" not in str(raised.value)
    assert "wrong-word" not in box.name


@pytest.mark.parametrize("url", ["http://x.example", "imaps://", "imaps://mail.example"])
def test_an_address_that_is_no_mailbox_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="IMAP address"):
        Mailbox(url)
