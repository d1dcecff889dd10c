"""A browser's session for an account, made by the service that sign-in itself uses."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from core.db import session, unit_of_work
from core.signing_in import cookie_name
from people.models.accounts import Account
from people.service import sessions


def cookie_for(app: Flask, account: Account, now: datetime) -> tuple[str, str]:
    """Return the name and value of the cookie that signs this account in."""
    with app.app_context():
        session.rollback()
        with unit_of_work():
            token = sessions.open_for(account, browser="test", now=now)
    return cookie_name(app.extensions["settings"]), token
