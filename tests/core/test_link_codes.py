"""Six digits: ten minutes, five tries, once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask

from core import link_codes
from core.errors import Refused


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_gives_a_pass_in_the_persons_name(database: Flask, now: datetime) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")

    token = link_codes.enter("invitation", link, code, "Rowan Vale", "practice lead", now)

    who = link_codes.holder("invitation", link, token, now)
    assert who is not None
    assert who.name == "Rowan Vale (practice lead), by link"


def test_a_pass_opens_no_other_link(database: Flask, now: datetime) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")
    token = link_codes.enter("invitation", link, code, "Rowan Vale", "practice lead", now)

    assert link_codes.holder("invitation", uuid.uuid4(), token, now) is None
    assert link_codes.holder("action", link, token, now) is None


def test_a_code_works_once(database: Flask, now: datetime) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")
    link_codes.enter("invitation", link, code, "Rowan Vale", "practice lead", now)

    with pytest.raises(Refused, match="run out"):
        link_codes.enter("invitation", link, code, "Rowan Vale", "practice lead", now)


def test_a_code_lives_ten_minutes(database: Flask, now: datetime) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")

    with pytest.raises(Refused, match="run out"):
        link_codes.enter("invitation", link, code, "R", "r", now + timedelta(minutes=10))


def test_five_wrong_tries_end_a_code_and_each_says_how_many_are_left(
    database: Flask, now: datetime
) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")
    said = []
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            link_codes.enter("invitation", link, _wrong(code), "R", "r", now)
        said.append(refusal.value.why)

    assert said[0] == "The code is not right. You have 4 tries left."
    assert said[3] == "The code is not right. You have 1 try left."
    with pytest.raises(Refused, match="five times"):
        link_codes.enter("invitation", link, code, "R", "r", now)


def test_a_pass_ends_after_an_hour(database: Flask, now: datetime) -> None:
    link = uuid.uuid4()
    code = link_codes.issue("invitation", link, now=now, sent_by="mail")
    token = link_codes.enter("invitation", link, code, "R", "r", now)

    assert link_codes.holder("invitation", link, token, now + timedelta(minutes=60)) is None
