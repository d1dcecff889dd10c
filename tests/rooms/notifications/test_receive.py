"""``confer mail receive``: one message in, one line of JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from core.db import reading, unit_of_work
from notifications import queries, service
from notifications.cli import mail_commands
from notifications.terms import InboundOutcome
from tests.data.mail.filled import filled


def _apply_all(now: datetime) -> int:
    """Stand in for the room above: every reply applies, every word is noted."""
    with reading():
        waiting = queries.unapplied()
    for each in waiting:
        with unit_of_work():
            outcome = InboundOutcome.APPLIED if each.intake.reply else InboundOutcome.NOTED
            service.settle(each.id, outcome, why="By a test", now=now)
    return len(waiting)


def _receive(raw: bytes, apply: Callable[[datetime], int] = _apply_all) -> dict[str, str]:
    done = CliRunner().invoke(mail_commands(apply), ["receive"], input=raw)
    assert done.exit_code == 0, done.output
    assert done.output.count("\n") == 1
    return json.loads(done.output)


def test_an_answer_from_standard_input_is_applied(database: Flask) -> None:
    assert _receive(filled("outlook_reply")) == {
        "outcome": "applied", "why": "By a test", "kind": "reply",
    }  # fmt: skip


def test_an_answer_from_a_file_is_applied(database: Flask, tmp_path: Path) -> None:
    path = tmp_path / "answer.eml"
    path.write_bytes(filled("gmail_reply"))

    done = CliRunner().invoke(mail_commands(_apply_all), ["receive", str(path)])
    assert json.loads(done.output)["outcome"] == "applied"


def test_the_same_message_twice_prints_the_same(database: Flask) -> None:
    first = _receive(filled("outlook_reply"))

    assert _receive(filled("outlook_reply")) == first
    with reading():
        assert queries.inbox_counts().waiting == 0


def test_what_is_no_mail_goes_to_review(database: Flask) -> None:
    assert _receive(b"\x00\xff" * 50)["outcome"] in {"noted", "review"}
    assert _receive(b"x" * 1_100_000)["outcome"] == "review"


def test_what_nobody_knows_what_to_do_with_goes_to_review(database: Flask) -> None:
    assert _receive(filled("outlook_reply"), lambda _: 0)["outcome"] == "review"


def test_a_stranger_understands_the_help() -> None:
    done = CliRunner().invoke(mail_commands(_apply_all), ["receive", "--help"])

    assert "standard input" in done.output
    assert "applied, stale, ignored, review, noted or alert" in " ".join(done.output.split())
