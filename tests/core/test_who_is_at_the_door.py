"""Who is at the door is read without waiting for writers; that somebody was here is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from webtest import TestApp

from core.db import db, reading, session, unit_of_work
from people.models.accounts import Account, SignInSession
from tests.factories.people import make_account


def _somebody(app: Flask) -> Account:
    with app.app_context(), unit_of_work():
        return make_account()


def _seen_at(app: Flask) -> Any:
    with app.app_context(), reading():
        return session.scalar(select(SignInSession.seen_at))


def test_a_page_opens_while_somebody_else_writes(
    app: Flask, browse: Callable[..., TestApp]
) -> None:
    browser = browse(_somebody(app))
    with app.app_context():
        engine = db.engine

    with engine.connect().execution_options(confer_writing=True) as writer, writer.begin():
        page = browser.get("/")

    assert page.status_int == 200


def test_use_is_noted_once_a_minute(
    app: Flask, browse: Callable[..., TestApp], the_clock: Any
) -> None:
    browser = browse(_somebody(app))
    signed_in_at = the_clock.at

    the_clock.at = signed_in_at + timedelta(seconds=59)
    browser.get("/")
    within_the_minute = _seen_at(app)
    the_clock.at = signed_in_at + timedelta(seconds=61)
    browser.get("/")

    assert within_the_minute == signed_in_at
    assert _seen_at(app) == the_clock.at
