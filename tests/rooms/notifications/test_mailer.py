"""What the SMTP sender insists on before it says a word: encryption and a known server."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.mailer import Handing, SmtpSender
from notifications.terms import Envelope
from tests.mailserver import MailServer

ENVELOPE = Envelope(
    message_id="<a@meetings.confer.example>",
    sender="bounce+x@meetings.confer.example",
    recipient="head@school.example",
    body=b"Subject: Hello\r\n\r\n.leading dot\r\n",
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, valid for this test alone."""
    folder = tmp_path_factory.mktemp("authority")
    made = subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=False, capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not installed, so no certificate can be made")
    return folder


@pytest.fixture
def encrypted(authority: Path) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    with MailServer(tls=context) as made:
        yield made


def _trusting(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority / "cert.pem"))


def test_a_server_that_offers_encryption_is_spoken_to_encrypted(
    encrypted: MailServer, authority: Path
) -> None:
    url = f"smtp://localhost:{encrypted.port}"
    with SmtpSender(url, helo="x.example", context=_trusting(authority)) as sender:
        attempt = sender.send(ENVELOPE)

    assert attempt.handing is Handing.HANDED
    assert encrypted.taken[0].raw.endswith(b".leading dot\r\n")


def test_a_certificate_nobody_vouches_for_is_refused(encrypted: MailServer) -> None:
    with SmtpSender(f"smtp://localhost:{encrypted.port}", helo="x.example") as sender:
        attempt = sender.send(ENVELOPE)

    assert attempt.handing is Handing.UNREACHABLE
    assert encrypted.taken == []


def test_a_certificate_for_another_name_is_refused(encrypted: MailServer, authority: Path) -> None:
    url = f"smtp://127.0.0.1:{encrypted.port}"
    with SmtpSender(url, helo="x.example", context=_trusting(authority)) as sender:
        attempt = sender.send(ENVELOPE)

    assert attempt.handing is Handing.UNREACHABLE


def test_a_server_elsewhere_without_encryption_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with MailServer() as server:
        sender = SmtpSender(server.url, helo="x.example")
        # Stands for a server that is not this machine: only the place is pretended.
        monkeypatch.setattr(SmtpSender, "_is_this_machine", lambda _: False)
        attempt = sender.send(ENVELOPE)

    assert attempt.handing is Handing.UNREACHABLE
    assert server.taken == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert SmtpSender(f"smtp://{host}:25", helo="x.example")._is_this_machine()


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.evil.example"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not SmtpSender(f"smtp://{host}:25", helo="x.example")._is_this_machine()


@pytest.mark.parametrize("url", ["http://x.example", "smtp://", "mail.example:25"])
def test_an_address_that_is_no_smtp_server_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP address"):
        SmtpSender(url, helo="x.example")


def test_a_connection_that_went_idle_is_opened_again() -> None:
    with MailServer() as server, SmtpSender(server.url, helo="x.example") as sender:
        sender.send(ENVELOPE)
        server.hang_up()

        assert sender.send(ENVELOPE).handing is Handing.HANDED
    assert server.connections == 2


def test_a_server_that_drips_is_left_when_a_try_took_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("notifications.mailer.LONGEST_TRY_SECONDS", 0.2)
    with MailServer() as server, SmtpSender(server.url, helo="x.example") as sender:
        server.faults.delay_seconds = 3

        assert sender.send(ENVELOPE).handing is Handing.DEFERRED
